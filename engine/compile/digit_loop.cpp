#include <algorithm>
#include <bit>
#include <nabla/engine/compile/digit_loop.hpp>
#include <nabla/engine/kernels/arena_real.hpp>
#include <nabla/engine/kernels/kernel.hpp>
#include <numeric>
#include <unordered_map>

namespace nabla {

namespace {

/// Work that is worth a thread of its own.
constexpr double least_share = 5000;  // nanoseconds

template <auto F>
constexpr DirectDigits binary = [](mpfr_ptr y, const mpfr_srcptr* x, long) { F(y, x[0], x[1], MPFR_RNDN); };
template <auto F>
constexpr DirectDigits unary = [](mpfr_ptr y, const mpfr_srcptr* x, long) { F(y, x[0], MPFR_RNDN); };
template <auto F>
constexpr DirectDigits with_right = [](mpfr_ptr y, const mpfr_srcptr* x, long n) { F(y, x[0], n, MPFR_RNDN); };
template <auto F>
constexpr DirectDigits with_left = [](mpfr_ptr y, const mpfr_srcptr* x, long n) { F(y, n, x[1], MPFR_RNDN); };
template <auto F>
constexpr DirectDigits with_left_turned = [](mpfr_ptr y, const mpfr_srcptr* x, long n) { F(y, x[1], n, MPFR_RNDN); };

/// What arithmetic has for two numbers, for an integer on the right and for one on the left.
struct Arithmetic {
  DirectDigits numbers, right, left;
};
std::optional<Arithmetic> arithmetic(Opcode code) {
  if (code == opcode<Add>) return Arithmetic{binary<mpfr_add>, with_right<mpfr_add_si>, with_left_turned<mpfr_add_si>};
  if (code == opcode<Sub>) return Arithmetic{binary<mpfr_sub>, with_right<mpfr_sub_si>, with_left<mpfr_si_sub>};
  if (code == opcode<Mul>) return Arithmetic{binary<mpfr_mul>, with_right<mpfr_mul_si>, with_left_turned<mpfr_mul_si>};
  if (code == opcode<Div>) return Arithmetic{binary<mpfr_div>, with_right<mpfr_div_si>, with_left<mpfr_si_div>};
  return {};
}

constexpr DirectDigits with_power_of_two = [](mpfr_ptr y, const mpfr_srcptr* x, long n) {
  mpfr_mul_2si(y, x[0], n, MPFR_RNDN);
};
constexpr DirectDigits with_power_of_two_turned = [](mpfr_ptr y, const mpfr_srcptr* x, long n) {
  mpfr_mul_2si(y, x[1], n, MPFR_RNDN);
};

}  // namespace

DigitLoop::DigitLoop(const ArrayPlan& plan, const ArrayPlan::Step& step, const Place& place, const Integers& integers,
                     mpfr_prec_t bits, std::size_t threads)
    : count_(step.count), strips_(step.strips), bits_(bits) {
  using Where = ArrayPlan::Block::Where;
  const bool is_shared = threads > 1;
  // Single numbers that other threads still read must not be written over: each has a place of its own then.
  std::unordered_map<std::size_t, std::size_t> own;  // by block
  const auto strip_of = [&](std::size_t b) {
    if (count_ != 1 || !is_shared) return plan.blocks()[b].at;
    return own.try_emplace(b, own.size()).first->second;
  };
  const auto located = [&](std::size_t b) {
    Source s;
    s.is_strip = plan.blocks()[b].where == Where::strip;
    if (s.is_strip) {
      s.at = strip_of(b);
    } else {
      s.base = place(b);
    }
    s.step = 1;
    return s;
  };
  for (const ArrayPlan::Instruction& i : step.loop) {
    Instruction& made = loop_.emplace_back();
    made.attributes = i.attributes;
    made.result = located(i.result);
    for (const ArrayPlan::Operand& o : i.operands) {
      Source source = located(o.block);
      if (o.access.kind == Access::Kind::contiguous || o.access.kind == Access::Kind::broadcast) {
        if (!source.is_strip) source.base += o.access.base;
        source.step = o.access.kind == Access::Kind::contiguous ? 1 : 0;
      } else {
        source.access = &o.access;
      }
      made.sources.push_back(source);
    }
    if (!i.copies) choose(made, i, integers);
  }
  if (count_ == 1 && is_shared) strips_ = own.size();
  pair(step);
  if (count_ == 1) {
    scalars_ = std::make_unique<DigitBlock>(strips_, bits_);
    const auto resolve = [&](Source& s) {
      if (s.is_strip) s.base = scalars_->data() + s.at;
    };
    for (Instruction& i : loop_) {
      resolve(i.result);
      resolve(i.second);
      for (std::size_t k = 0; k < i.sources.size(); ++k) {
        resolve(i.sources[k]);
        i.scalars[k] = i.sources[k].base;
      }
    }
    if (is_shared) arrange_levels();
  }
  if (levels_.empty()) levels_.push_back({{loop_.size()}});
  const double each =
      std::accumulate(loop_.begin(), loop_.end(), 1.0, [&](double sum, const Instruction& i) { return sum + cost(i); });
  strips_each_ = static_cast<std::size_t>(std::max(1.0, std::ceil(least_share / (each * strip))));
}

DigitLoop::~DigitLoop() = default;
DigitLoop::DigitLoop(DigitLoop&&) noexcept = default;
DigitLoop& DigitLoop::operator=(DigitLoop&&) noexcept = default;

void DigitLoop::choose(Instruction& made, const ArrayPlan::Instruction& i, const Integers& integers) const {
  if (const auto own = arithmetic(i.code)) {
    const std::optional<long> left = integers[i.operands[0].block], right = integers[i.operands[1].block];
    made.direct = right ? own->right : left ? own->left : own->numbers;
    made.integer = right.value_or(left.value_or(0));
    if (i.code == opcode<Mul> && made.integer > 0 && std::has_single_bit(static_cast<unsigned long>(made.integer))) {
      made.direct = right ? with_power_of_two : with_power_of_two_turned;
      made.integer = std::countr_zero(static_cast<unsigned long>(made.integer));
    }
    if (i.code == opcode<Add> && i.operands[0].block == i.operands[1].block &&
        i.operands[0].access == i.operands[1].access) {
      made.direct = with_power_of_two;
      made.integer = 1;
    }
  } else if (i.code == opcode<Neg>) {
    made.direct = unary<mpfr_neg>;
  } else if ((i.code == opcode<PowI> && i.attributes[0] == 2) || i.code == opcode<Square>) {
    made.direct = unary<mpfr_sqr>;
  } else {
    made.value = kernel<ArenaReal>(i.code).scalar_value;
  }
  if (made.direct == nullptr && made.value == nullptr)
    throw UnsupportedError(operator_info(i.code).name + " has no value in real numbers");
}

void DigitLoop::pair(const ArrayPlan::Step& step) {
  const auto is_one = [](const ArrayPlan::Instruction& i) {
    return !i.copies && (i.code == opcode<Sin> || i.code == opcode<Cos>);
  };
  std::unordered_multimap<std::size_t, std::size_t> alone;  // by the operand's block: the instruction
  for (std::size_t k = 0; k < step.loop.size(); ++k) {
    const ArrayPlan::Instruction& now = step.loop[k];
    if (!is_one(now)) continue;
    const auto [begin, end] = alone.equal_range(now.operands[0].block);
    const auto before = std::find_if(begin, end, [&](const auto& entry) {
      const ArrayPlan::Instruction& other = step.loop[entry.second];
      return other.code != now.code && other.operands[0].access == now.operands[0].access;
    });
    if (before == end) {
      alone.emplace(now.operands[0].block, k);
      continue;
    }
    Instruction &first = loop_[before->second], &second = loop_[k];
    alone.erase(before);
    first.value = second.value = nullptr;
    first.is_sine_and_cosine = true;
    first.is_cosine_first = now.code == opcode<Sin>;
    first.second = {.base = nullptr, .at = strips_++, .step = 1, .is_strip = true, .access = nullptr};
    second.sources = {first.second};
  }
}

double DigitLoop::cost(const Instruction& i) const {
  const double limbs = static_cast<double>(bits_) / 64, product = 15 + 0.3 * limbs * limbs;
  return i.value != nullptr || i.is_sine_and_cosine ? 40 * product : product;
}

void DigitLoop::arrange_levels() {
  std::unordered_map<const __mpfr_struct*, std::size_t> level_of;  // of who writes a number
  std::vector<std::size_t> level(loop_.size(), 0), order(loop_.size());
  for (std::size_t k = 0; k < loop_.size(); ++k) {
    const Instruction& i = loop_[k];
    for (const Source& s : i.sources)
      if (const auto made = level_of.find(s.base); made != level_of.end())
        level[k] = std::max(level[k], made->second + 1);
    level_of[i.result.base] = level[k];
    if (i.is_sine_and_cosine) level_of[i.second.base] = level[k];
  }
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return level[k]; });
  std::vector<Instruction> sorted;
  for (const std::size_t k : order) sorted.push_back(std::move(loop_[k]));
  loop_ = std::move(sorted);
  // Levels that are not worth sharing join the one before that is not shared either.
  bool is_joined = false;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    Level made;
    double sum = 0;
    for (; end < order.size() && level[order[end]] == level[order[begin]]; ++end) {
      sum += cost(loop_[end]);
      if (sum < least_share) continue;
      made.ends.push_back(end + 1);
      sum = 0;
    }
    if (made.ends.empty() || made.ends.back() != end) made.ends.push_back(end);
    const bool is_alone = made.ends.size() == 1;
    if (is_alone && is_joined) {
      levels_.back().ends.back() = end;
    } else {
      levels_.push_back(std::move(made));
    }
    is_joined = is_alone;
    begin = end;
  }
}

void DigitLoop::run(Workers& workers, std::deque<DigitSlot>& slots) const {
  if (count_ == 1) {
    std::size_t begin = 0;
    for (const Level& level : levels_) {
      workers.for_each(level.ends.size(), [&](std::size_t piece, std::size_t slot) {
        run_scalars(slots[slot], piece == 0 ? begin : level.ends[piece - 1], level.ends[piece]);
      });
      begin = level.ends.back();
    }
    return;
  }
  const std::size_t each = strip * strips_each_;
  workers.for_each((count_ + each - 1) / each, [&](std::size_t piece, std::size_t slot) {
    run_strips(slots[slot], piece * each, std::min(count_, (piece + 1) * each));
  });
}

void DigitLoop::run_scalars(DigitSlot& slot, std::size_t begin, std::size_t end) const {
  const ArenaScope scope(slot.arena);
  for (std::size_t k = begin; k < end; ++k) {
    const Instruction& i = loop_[k];
    compute(i, const_cast<mpfr_ptr>(i.result.base), const_cast<mpfr_ptr>(i.second.base), i.scalars, slot.arena);
  }
}

void DigitLoop::run_strips(DigitSlot& slot, std::size_t begin, std::size_t end) const {
  const ArenaScope scope(slot.arena);
  mpfr_srcptr gathered[VectorInstruction::most_operands][strip];
  const auto entry = [&](const Source& s, std::size_t at, std::size_t e) -> mpfr_srcptr {
    return s.is_strip ? slot.strips.data() + s.at * strip + s.step * e : s.base + s.step * (at + e);
  };
  for (std::size_t at = begin; at < end; at += strip) {
    const std::size_t n = std::min(strip, end - at);
    for (const Instruction& i : loop_) {
      for (std::size_t k = 0; k < i.sources.size(); ++k)
        if (const Access* const a = i.sources[k].access) {
          mpfr_srcptr* next = gathered[k];
          a->stretches(at, at + n, [&](std::size_t place, std::size_t length) {
            for (std::size_t p = place; p < place + length; ++p) *next++ = i.sources[k].base + p;
          });
        }
      for (std::size_t e = 0; e < n; ++e) {
        mpfr_srcptr x[VectorInstruction::most_operands] = {};
        for (std::size_t k = 0; k < i.sources.size(); ++k)
          x[k] = i.sources[k].access != nullptr ? gathered[k][e] : entry(i.sources[k], at, e);
        compute(i, const_cast<mpfr_ptr>(entry(i.result, at, e)),
                i.is_sine_and_cosine ? const_cast<mpfr_ptr>(entry(i.second, at, e)) : nullptr, x, slot.arena);
      }
    }
  }
}

void DigitLoop::compute(const Instruction& i, mpfr_ptr result, mpfr_ptr second, const mpfr_srcptr* x,
                        DigitArena& arena) {
  if (i.direct != nullptr) {
    i.direct(result, x, i.integer);
    return;
  }
  if (i.is_sine_and_cosine) {
    const auto [sine, cosine] = Number<ArenaReal>::sin_cos(ArenaReal(x[0]));
    // Numbers of the arena, which takes the other memory in return.
    mpfr_swap(result, i.is_cosine_first ? cosine.number : sine.number);
    mpfr_swap(second, i.is_cosine_first ? sine.number : cosine.number);
    arena.release_all();
    return;
  }
  if (i.value == nullptr) {
    mpfr_set(result, x[0], MPFR_RNDN);
    return;
  }
  const ArenaReal operands[VectorInstruction::most_operands] = {ArenaReal(x[0]), ArenaReal(x[1]), ArenaReal(x[2])};
  const ArenaReal* const pointers[VectorInstruction::most_operands] = {&operands[0], &operands[1], &operands[2]};
  ArenaReal y{mpfr_srcptr(result)};
  i.value(y, pointers, i.attributes);
  const bool is_operand = std::find(x, x + i.sources.size(), mpfr_srcptr(y.number)) != x + i.sources.size();
  if (is_operand) {
    mpfr_set(result, y.number, MPFR_RNDN);
  } else {
    mpfr_swap(result, y.number);
  }
  arena.release_all();
}

}  // namespace nabla
