#include <algorithm>
#include <bit>
#include <nabla/engine/compile/array_plan.hpp>
#include <nabla/engine/compile/compiled_digits.hpp>
#include <nabla/engine/compile/digit_product.hpp>
#include <nabla/engine/kernels/arena_real.hpp>
#include <nabla/engine/kernels/kernel.hpp>
#include <nabla/engine/numbers/literal.hpp>
#include <nabla/engine/run/run.hpp>

namespace nabla {

namespace {

constexpr std::size_t strip = 32;  // entries

/// An operation of MPFR's own on one or two numbers, or on one and a small integer.
using Direct = void (*)(mpfr_ptr y, const mpfr_srcptr* x, long n);

template <auto F>
constexpr Direct binary = [](mpfr_ptr y, const mpfr_srcptr* x, long) { F(y, x[0], x[1], MPFR_RNDN); };
template <auto F>
constexpr Direct unary = [](mpfr_ptr y, const mpfr_srcptr* x, long) { F(y, x[0], MPFR_RNDN); };
template <auto F>
constexpr Direct with_right = [](mpfr_ptr y, const mpfr_srcptr* x, long n) { F(y, x[0], n, MPFR_RNDN); };
template <auto F>
constexpr Direct with_left = [](mpfr_ptr y, const mpfr_srcptr* x, long n) { F(y, n, x[1], MPFR_RNDN); };
template <auto F>
constexpr Direct with_left_turned = [](mpfr_ptr y, const mpfr_srcptr* x, long n) { F(y, x[1], n, MPFR_RNDN); };

/// What arithmetic has for two numbers, for an integer on the right and for one on the left.
struct Arithmetic {
  Direct numbers, right, left;
};
std::optional<Arithmetic> arithmetic(Opcode code) {
  if (code == opcode<Add>) return Arithmetic{binary<mpfr_add>, with_right<mpfr_add_si>, with_left_turned<mpfr_add_si>};
  if (code == opcode<Sub>) return Arithmetic{binary<mpfr_sub>, with_right<mpfr_sub_si>, with_left<mpfr_si_sub>};
  if (code == opcode<Mul>) return Arithmetic{binary<mpfr_mul>, with_right<mpfr_mul_si>, with_left_turned<mpfr_mul_si>};
  if (code == opcode<Div>) return Arithmetic{binary<mpfr_div>, with_right<mpfr_div_si>, with_left<mpfr_si_div>};
  return {};
}

constexpr Direct with_power_of_two = [](mpfr_ptr y, const mpfr_srcptr* x, long n) {
  mpfr_mul_2si(y, x[0], n, MPFR_RNDN);
};
constexpr Direct with_power_of_two_turned = [](mpfr_ptr y, const mpfr_srcptr* x, long n) {
  mpfr_mul_2si(y, x[1], n, MPFR_RNDN);
};

std::optional<long> small_integer(const Constant& c) {
  constexpr std::int64_t most = std::int64_t{1} << 30;
  if (c.kind() != Constant::Kind::ratio || c.den() != 1 || c.num() < -most || c.num() > most) return {};
  return static_cast<long>(c.num());
}

}  // namespace

struct CompiledDigits::State {
  struct Source {
    const __mpfr_struct* base = nullptr;
    std::size_t step = 0;  ///< from one entry to the next; 0: stretched
    bool is_strip = false;
    const Access* access = nullptr;  ///< where no step says it
  };
  struct Instruction {
    Direct direct = nullptr;
    long integer = 0;
    void (*value)(ArenaReal&, const ArenaReal* const*, Attributes) = nullptr;  ///< both null: copies
    Attributes attributes;
    std::vector<Source> sources;
    mpfr_srcptr scalars[VectorInstruction::most_operands] = {};  ///< the operands of a loop of one entry
    mpfr_ptr result = nullptr;
    bool is_strip = false;
  };
  struct Step {
    std::size_t count = 0;
    std::vector<Instruction> loop;
    const Kernel<ArenaReal>* kernel = nullptr;  ///< of a structured operator
    std::unique_ptr<DigitProduct> product;
    Attributes attributes;
    std::vector<const __mpfr_struct*> operands;
    std::vector<std::vector<ArenaReal>> handles;
    std::vector<View<const ArenaReal>> views;
    std::vector<ArenaReal> made;
    const Shape* shape = nullptr;
    mpfr_ptr result = nullptr;
  };

  State(const Computation& from, int asked)
      : computation(from),
        digits(asked),
        plan(computation),
        bits(bits_of(asked)),
        arena(bits),
        values(plan.size(), bits) {
    const ArenaScope scope(arena);
    using Where = ArrayPlan::Block::Where;
    for (std::size_t i = 0; i < computation.inputs.size(); ++i)
      inputs.emplace_back(static_cast<std::size_t>(computation.input_shapes[i].size()), bits);
    for (std::size_t k = 0; k < computation.outputs.size(); ++k)
      outputs.emplace_back(static_cast<std::size_t>(computation.output_shape(k).size()), bits);
    std::size_t most = 0;
    for (const ArrayPlan::Step& s : plan.steps()) most = std::max(most, s.strips * std::min(strip, s.count));
    strips.emplace(most, bits);
    std::vector<std::optional<long>> integers(plan.blocks().size());
    for (const ArrayPlan::ConstantBlock& c : plan.constants()) {
      const ArrayPlan::Block& block = plan.blocks()[c.block];
      for (std::size_t e = 0; e < block.size; ++e) round_constant(values.data() + block.at + e, c.value, MPFR_RNDN);
      integers[c.block] = small_integer(c.value);
    }
    for (const ArrayPlan::Step& planned : plan.steps()) {
      Step& step = steps.emplace_back();
      step.count = planned.count;
      const std::size_t stride = std::min(strip, planned.count);
      const auto place = [&](std::size_t b) -> mpfr_ptr {
        const ArrayPlan::Block& block = plan.blocks()[b];
        switch (block.where) {
          case Where::input:
            return inputs[block.at].data();
          case Where::output:
            return outputs[block.at].data();
          case Where::strip:
            return strips->data() + block.at * stride;
          default:
            return values.data() + block.at;
        }
      };
      for (const ArrayPlan::Instruction& i : planned.loop) {
        Instruction& made = step.loop.emplace_back();
        made.attributes = i.attributes;
        made.result = place(i.result);
        made.is_strip = plan.blocks()[i.result].where == Where::strip;
        for (const ArrayPlan::Operand& o : i.operands) {
          Source& source = made.sources.emplace_back();
          source.base = place(o.block);
          source.is_strip = plan.blocks()[o.block].where == Where::strip;
          if (o.access.kind == Access::Kind::contiguous || o.access.kind == Access::Kind::broadcast) {
            source.base += o.access.base;
            source.step = o.access.kind == Access::Kind::contiguous ? 1 : 0;
          } else {
            source.access = &o.access;
          }
          if (planned.count == 1) made.scalars[made.sources.size() - 1] = source.base;
        }
        if (!i.copies) choose(made, i, integers);
      }
      if (planned.loop.empty()) set_up(step, planned, place);
    }
    for (const std::size_t b : plan.guard_sides()) {
      const ArrayPlan::Block& block = plan.blocks()[b];
      guards.push_back(block.where == Where::input    ? inputs[block.at].data()
                       : block.where == Where::output ? outputs[block.at].data()
                                                      : values.data() + block.at);
    }
    arena.release_all();
  }

  static mpfr_prec_t bits_of(int digits) {
    const Precision scope(digits);
    return mpfr_get_prec(Real(0).backend().data());
  }

  /// New ArenaReal come from the arena while this lives.
  class ArenaScope {
   public:
    explicit ArenaScope(DigitArena& arena) : before_(DigitArena::current()) { DigitArena::current() = &arena; }
    ~ArenaScope() { DigitArena::current() = before_; }
    ArenaScope(const ArenaScope&) = delete;
    ArenaScope& operator=(const ArenaScope&) = delete;

   private:
    DigitArena* before_;
  };

  static void choose(Instruction& made, const ArrayPlan::Instruction& i,
                     const std::vector<std::optional<long>>& integers) {
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

  template <class Place>
  void set_up(Step& step, const ArrayPlan::Step& planned, const Place& place) {
    const Graph& graph = plan.graph();
    step.attributes = graph.attributes(planned.node);
    step.shape = &planned.shape;
    step.result = place(planned.result);
    const std::span<const Ref> operands = graph.operands(planned.node);
    for (std::size_t k = 0; k < operands.size(); ++k) step.operands.push_back(place(planned.operands[k]));
    if (graph.is(planned.node, opcode<MatMul>)) {
      step.product = std::make_unique<DigitProduct>(planned.shapes[0], planned.shapes[1], planned.transposed[0],
                                                    planned.transposed[1], bits);
      return;
    }
    step.kernel = &kernel<ArenaReal>(graph.code(planned.node));
    if (step.kernel->value == nullptr)
      throw UnsupportedError(graph.info(planned.node).name + " has no value in real numbers");
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const Shape& shape = graph.shape(operands[k]);
      std::vector<ArenaReal>& handles = step.handles.emplace_back();
      for (std::size_t e = 0; e < static_cast<std::size_t>(shape.size()); ++e)
        handles.emplace_back(ArenaReal(mpfr_srcptr(step.operands[k] + e)));
    }
    for (std::size_t k = 0; k < operands.size(); ++k)
      step.views.push_back({step.handles[k].data(), &graph.shape(operands[k])});
    for (std::size_t e = 0; e < static_cast<std::size_t>(step.shape->size()); ++e)
      step.made.emplace_back(ArenaReal(mpfr_srcptr(step.result + e)));
  }

  void run_loop(Step& step) {
    if (step.count == 1) {
      for (const Instruction& i : step.loop) compute(i, i.result, i.scalars);
      return;
    }
    mpfr_srcptr gathered[VectorInstruction::most_operands][strip];
    for (std::size_t at = 0; at < step.count; at += strip) {
      const std::size_t n = std::min(strip, step.count - at);
      for (const Instruction& i : step.loop) {
        for (std::size_t k = 0; k < i.sources.size(); ++k)
          if (const Access* const a = i.sources[k].access) {
            mpfr_srcptr* next = gathered[k];
            a->stretches(at, at + n, [&](std::size_t place, std::size_t length) {
              for (std::size_t p = place; p < place + length; ++p) *next++ = i.sources[k].base + p;
            });
          }
        const mpfr_ptr result = i.is_strip ? i.result : i.result + at;
        for (std::size_t e = 0; e < n; ++e) {
          mpfr_srcptr x[VectorInstruction::most_operands] = {};
          for (std::size_t k = 0; k < i.sources.size(); ++k) {
            const Source& s = i.sources[k];
            x[k] = s.access != nullptr ? gathered[k][e] : s.base + s.step * (s.is_strip ? e : at + e);
          }
          compute(i, result + e, x);
        }
      }
    }
  }

  void compute(const Instruction& i, mpfr_ptr result, const mpfr_srcptr* x) {
    if (i.direct != nullptr) {
      i.direct(result, x, i.integer);
    } else if (i.value != nullptr) {
      by_rule(i, result, x);
    } else {
      mpfr_set(result, x[0], MPFR_RNDN);
    }
  }

  void by_rule(const Instruction& i, mpfr_ptr result, const mpfr_srcptr* x) {
    const ArenaReal operands[VectorInstruction::most_operands] = {ArenaReal(x[0]), ArenaReal(x[1]), ArenaReal(x[2])};
    const ArenaReal* const pointers[VectorInstruction::most_operands] = {&operands[0], &operands[1], &operands[2]};
    ArenaReal y{mpfr_srcptr(result)};
    i.value(y, pointers, i.attributes);
    const bool is_operand = std::find(x, x + i.sources.size(), mpfr_srcptr(y.number)) != x + i.sources.size();
    if (is_operand) {
      mpfr_set(result, y.number, MPFR_RNDN);
    } else {
      mpfr_swap(result, y.number);  // a number of the arena, which takes the other memory in return
    }
    arena.release_all();
  }

  void run_structured(Step& step) {
    if (step.product != nullptr) {
      step.product->run(step.result, step.operands[0], step.operands[1]);
      return;
    }
    std::vector<ArenaReal>& made = step.made;
    step.kernel->value({.attributes = step.attributes,
                        .operands = step.views,
                        .result = {made.data(), step.shape},
                        .operand_adjoints = {}});
    for (std::size_t e = 0; e < made.size(); ++e) {
      mpfr_set(step.result + e, made[e].number, MPFR_RNDN);
      made[e] = ArenaReal(mpfr_srcptr(step.result + e));
    }
    arena.release_all();
  }

  void run() {
    const ArenaScope scope(arena);
    for (Step& step : steps) {
      if (step.shape == nullptr) {
        run_loop(step);
      } else {
        run_structured(step);
      }
    }
    for (std::size_t g = 0; g < computation.guards.size(); ++g) {
      const Guard& guard = computation.guards[g];
      const Truth now = outcome<ArenaReal>(guard.relation, ArenaReal(guards[2 * g]), ArenaReal(guards[2 * g + 1]));
      if (now != truth(guard.outcome)) throw GuardError(guard, now);
    }
  }

  Computation computation;
  int digits;
  ArrayPlan plan;
  mpfr_prec_t bits;
  DigitArena arena;
  DigitBlock values;
  std::vector<DigitBlock> inputs, outputs;
  std::optional<DigitBlock> strips;
  std::vector<Step> steps;
  std::vector<mpfr_srcptr> guards;
};

CompiledDigits::CompiledDigits(const Computation& computation, int digits)
    : state_(std::make_unique<State>(computation, digits)) {}
CompiledDigits::~CompiledDigits() = default;
CompiledDigits::CompiledDigits(CompiledDigits&&) noexcept = default;
CompiledDigits& CompiledDigits::operator=(CompiledDigits&&) noexcept = default;

std::size_t CompiledDigits::input_count() const { return state_->inputs.size(); }
std::size_t CompiledDigits::output_count() const { return state_->outputs.size(); }
mpfr_prec_t CompiledDigits::bits() const { return state_->bits; }
mpfr_ptr CompiledDigits::input(std::size_t i, std::size_t entry) { return state_->inputs.at(i).data() + entry; }
mpfr_srcptr CompiledDigits::output(std::size_t k, std::size_t entry) const {
  return state_->outputs.at(k).data() + entry;
}
void CompiledDigits::set(std::size_t i, std::size_t entry, std::string_view text) {
  round_constant(input(i, entry), exact_constant(text), MPFR_RNDN);
}
std::string CompiledDigits::text(std::size_t k, std::size_t entry) const {
  return mpfr_text(output(k, entry), state_->digits, MPFR_RNDN);
}
void CompiledDigits::run() { state_->run(); }

}  // namespace nabla
