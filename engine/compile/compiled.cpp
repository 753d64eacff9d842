#include <algorithm>
#include <nabla/engine/compile/compiled.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/plan/custom_plan.hpp>
#include <utility>

namespace nabla {

namespace {

const std::shared_ptr<const Plan>& scalars_only(const Function& function) {
  const Plan& plan = *function.plan();
  for (const CustomPlan* custom : plan.customs())
    throw UnsupportedError(custom->info().name + ": an operator of one's own is run by its plan, it is not compiled");
  if (!VectorPlan::accepts(plan)) {
    for (const NodeId id : plan.nodes())
      if (plan.graph().shape_id(id) != 0 || plan.graph().info(id).family == Family::structured)
        throw UnsupportedError(plan.graph().origin(id).to_string() + (plan.graph().origin(id).line > 0 ? ": " : "") +
                               plan.graph().info(id).name + " of shape " + plan.graph().shape(id).to_string() +
                               ": a function is compiled when it is made of scalars and elementwise operators");
  }
  return function.plan();
}

}  // namespace

Compiled::Compiled(const Function& function)
    : scalar_plan_(scalars_only(function)),
      guards_(function.guards().begin(), function.guards().end()),
      plan_(*scalar_plan_) {
  const Graph& graph = scalar_plan_->graph();
  for (const Ref r : function.inputs()) {
    inputs_.push_back(r.empty() ? none : plan_.place(r));
    inputs_in_order_ = inputs_in_order_ && inputs_.back() == inputs_.size() - 1;
  }
  for (std::size_t k = 0; k < function.output_count(); ++k) outputs_.push_back(plan_.place(scalar_plan_->outputs()[k]));
  values_.assign(plan_.size(), 0);
  adjoints_.assign(plan_.size(), 0);
  for (std::uint32_t c = 0; c < graph.constant_count(); ++c)
    values_[plan_.constants() + c] = Number<double>::of(graph.constant_at(c));
  for (const NodeId id : scalar_plan_->nodes())
    if (graph.is(id, opcode<Literal>))
      values_[plan_.place(Ref::node(id))] = Number<double>::of(*graph.as_constant(Ref::node(id)));

  const std::span<const VectorInstruction> instructions = plan_.instructions();
  for (const VectorInstruction& i : instructions) {
    kernels_.push_back(&vector_kernel<double>(i.code));
    products_.emplace_back();
    if (i.terms > 0 && i.operands.size() == 3) products_.back().emplace(i);
  }
  sources_.resize(instructions.size());
  strips_of_.assign(instructions.size(), none);
  std::vector<std::pair<std::size_t, std::size_t>> by_result;
  std::size_t widest = 0, most_adjoints = 0;
  for (const VectorLoop& loop : plan_.loops()) {
    if (!is_one_pass(loop)) continue;
    for (std::size_t k = 0; k < loop.instructions.size(); ++k) {
      strips_of_[loop.instructions[k]] = k;
      by_result.emplace_back(instructions[loop.instructions[k]].result, k);
    }
    widest = std::max(widest, loop.instructions.size());
  }
  strip_values_.assign(widest * strip, 0);
  other_terms_.assign(strip, 0);
  scratch_.assign(4 * strip, 0);
  for (std::size_t k = 0; k < instructions.size(); ++k) {
    const VectorInstruction& i = instructions[k];
    for (std::size_t slot = 0; slot < std::min<std::size_t>(i.operands.size(), 3); ++slot) {
      const Access& a = i.operands[slot];
      Source& source = sources_[k][slot];
      if (i.terms > 0) continue;
      if (a.is_constant && a.kind != Access::Kind::contiguous && a.kind != Access::Kind::broadcast) {
        source.fixed = fixed_.size();
        a.stretches(0, i.count, [&](std::size_t place, std::size_t length) {
          for (std::size_t p = place; p < place + length; ++p) fixed_.push_back(values_[p]);
        });
      } else if (a.kind == Access::Kind::broadcast) {
        source.broadcast = broadcasts_.size();
        broadcasts_.resize(broadcasts_.size() + strip, a.is_constant ? values_[a.base] : 0);
      } else if (a.kind == Access::Kind::contiguous && strips_of_[k] != none) {
        const auto at = std::ranges::find(by_result, a.base, &std::pair<std::size_t, std::size_t>::first);
        if (at != by_result.end()) source.strip = at->second;
      }
    }
  }
  adjoint_strips_.assign(instructions.size(), none);
  named_adjoints_.resize(instructions.size());
  for (const VectorLoop& loop : plan_.loops())
    if (is_one_pass(loop)) most_adjoints = std::max(most_adjoints, place_adjoints(loop));
  strip_adjoints_.assign(most_adjoints * strip, 0);
  // What one-pass loops keep in strips has no adjoint to clear.
  std::size_t begin = 0;
  for (std::size_t k = 0; k < instructions.size(); ++k) {
    if (strips_of_[k] == none) continue;
    if (instructions[k].result > begin) cleared_.emplace_back(begin, instructions[k].result);
    begin = instructions[k].result + instructions[k].count;
  }
  if (begin < plan_.size()) cleared_.emplace_back(begin, plan_.size());
}

std::size_t Compiled::place_adjoints(const VectorLoop& loop) {
  std::vector<std::size_t> readers(loop.instructions.size(), 0);
  for (const std::size_t k : loop.instructions)
    for (const Source& source : sources_[k])
      if (source.strip != none) ++readers[source.strip];
  std::vector<bool> is_written(loop.instructions.size(), false);
  std::vector<Named> named(loop.instructions.size());  // what was sent to a strip, if that is values
  const auto stays = [&](std::size_t k, std::size_t slot) {
    const Access& a = plan_.instructions()[k].operands[slot];
    return a.kind == Access::Kind::contiguous || a.kind == Access::Kind::broadcast || sources_[k][slot].fixed != none;
  };
  // Strips of adjoints serve again when the last instruction whose adjoint they hold is done; the ones stay.
  std::vector<std::size_t> users{SIZE_MAX}, free;
  const auto made = [&] {
    if (free.empty()) {
      free.push_back(users.size());
      users.push_back(0);
    }
    const std::size_t chosen = free.back();
    free.pop_back();
    users[chosen] = 1;
    return chosen;
  };
  adjoint_strips_[loop.terms_of] = ones;
  for (std::size_t k = loop.instructions.size(); k-- > 0;) {
    const std::size_t reader = loop.instructions[k];
    const Opcode code = plan_.instructions()[reader].code;
    const std::size_t own = adjoint_strips_[reader];
    if (own == none) named_adjoints_[reader] = named[k];
    for (std::size_t slot = 0; slot < sources_[reader].size(); ++slot) {
      Source& source = sources_[reader][slot];
      if (source.strip == none) continue;
      std::size_t& to = adjoint_strips_[loop.instructions[source.strip]];
      // What only an addition reads has the adjoint of the addition.
      source.is_shared = code == opcode<Add> && readers[source.strip] == 1;
      if (source.is_shared) {
        to = own;
        named[source.strip] = named_adjoints_[reader];
        if (own != none && own != ones) ++users[own];
      } else if (own == ones && code == opcode<Mul> && !is_written[source.strip] && stays(reader, 1 - slot)) {
        source.is_named = true;
        named[source.strip] = {reader, 1 - slot};
      } else {
        source.before = std::exchange(named[source.strip], {});
        source.is_first = !is_written[source.strip] || source.before.instruction != none;
        if (to == none) to = made();
      }
      is_written[source.strip] = true;
    }
    if (own != none && own != ones && --users[own] == 0) free.push_back(own);
  }
  return users.size();
}

bool Compiled::is_one_pass(const VectorLoop& loop) const {
  return loop.summed_by != VectorLoop::none && !outputs_.empty() &&
         plan_.instructions()[loop.summed_by].result == outputs_[0];
}

void Compiled::set(std::span<const double> inputs) {
  if (inputs.size() != inputs_.size())
    throw std::invalid_argument("this function has " + std::to_string(inputs_.size()) + " inputs, not " +
                                std::to_string(inputs.size()));
  if (inputs_in_order_) {
    std::ranges::copy(inputs, values_.begin());
    return;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs_[i] != none) values_[inputs_[i]] = inputs[i];
}

void Compiled::check_guards() const {
  for (const Guard& g : guards_) {
    const Truth now = outcome<double>(g.relation, values_[plan_.place(g.left)], values_[plan_.place(g.right)]);
    if (now != truth(g.outcome)) throw GuardError(g, now);
  }
}

void Compiled::fill_broadcasts(const VectorLoop& loop) {
  for (const std::size_t k : loop.instructions)
    for (std::size_t slot = 0; slot < sources_[k].size(); ++slot) {
      const std::size_t buffer = sources_[k][slot].broadcast;
      if (buffer == none || plan_.instructions()[k].operands[slot].is_constant) continue;
      std::fill_n(broadcasts_.begin() + static_cast<std::ptrdiff_t>(buffer), std::min(strip, loop.count),
                  values_[plan_.instructions()[k].operands[slot].base]);
    }
}

const double* Compiled::operand(std::size_t k, std::size_t slot, std::size_t at, std::size_t n) {
  const Access& a = plan_.instructions()[k].operands[slot];
  const Source& source = sources_[k][slot];
  if (in_strips_ && source.strip != none) return strip_values_.data() + source.strip * strip;
  if (source.broadcast != none) return broadcasts_.data() + source.broadcast;
  if (source.fixed != none) return fixed_.data() + source.fixed + at;
  if (a.kind == Access::Kind::contiguous) return values_.data() + a.base + at;
  double* const to = scratch_.data() + slot * strip;
  double* next = to;
  a.stretches(at, at + n,
              [&](std::size_t place, std::size_t length) { next = std::copy_n(values_.data() + place, length, next); });
  return to;
}

void Compiled::value_strip(std::size_t k, std::size_t at, std::size_t n, double* y) {
  const VectorInstruction& i = plan_.instructions()[k];
  const double* x[3] = {nullptr, nullptr, nullptr};
  for (std::size_t slot = 0; slot < i.operands.size(); ++slot) x[slot] = operand(k, slot, at, n);
  kernels_[k]->value(y, x, i.attributes, n);
}

void Compiled::adjoint_strip(std::size_t k, std::size_t at, std::size_t n, const double* y, const double* t) {
  const VectorInstruction& i = plan_.instructions()[k];
  const double* x[3] = {nullptr, nullptr, nullptr};
  for (std::size_t slot = 0; slot < i.operands.size(); ++slot) x[slot] = operand(k, slot, at, n);
  for (std::size_t slot = 0; slot < i.operands.size(); ++slot) {
    const Access& a = i.operands[slot];
    if (a.is_constant) continue;
    const auto back = kernels_[k]->adjoint[slot];
    if (const Source& source = sources_[k][slot]; source.strip != none) {
      if (source.is_shared || source.is_named) continue;
      double* const to = strip_adjoints_.data() + adjoint_strips_[loop_->instructions[source.strip]] * strip;
      const Named& before = source.before;
      back(to, t, y, x, i.attributes, n,
           before.instruction != none ? operand(before.instruction, before.slot, at, n)
           : source.is_first          ? nullptr
                                      : to);
      continue;
    }
    if (a.kind == Access::Kind::contiguous) {
      double* const to = adjoints_.data() + a.base + at;
      back(to, t, y, x, i.attributes, n, to);
      continue;
    }
    double* const sent = scratch_.data() + 3 * strip;
    back(sent, t, y, x, i.attributes, n, nullptr);
    const double* next = sent;
    a.stretches(at, at + n, [&](std::size_t place, std::size_t length) {
      double* const to = adjoints_.data() + place;
      for (std::size_t j = 0; j < length; ++j) to[j] += next[j];
      next += length;
    });
  }
}

void Compiled::add_up(std::size_t instruction) {
  if (products_[instruction]) return products_[instruction]->forward(values_.data());
  const VectorInstruction& sum = plan_.instructions()[instruction];
  // Several sums at once hide the latency of the additions, whose order within a sum is kept.
  constexpr std::size_t together = 8;
  const Access& terms = sum.operands[1];
  double* const results = values_.data() + sum.result;
  double* next = results;
  sum.operands[0].stretches(0, sum.count, [&](std::size_t place, std::size_t length) {
    next = std::copy_n(values_.data() + place, length, next);
  });
  std::size_t m = 0;
  if (terms.kind == Access::Kind::contiguous)
    for (; m + together <= sum.count; m += together) {
      const double* const from = values_.data() + terms.base + m * sum.terms;
      double total[together];
      std::copy_n(results + m, together, total);
      for (std::size_t j = 0; j < sum.terms; ++j)
        for (std::size_t b = 0; b < together; ++b) total[b] += from[b * sum.terms + j];
      std::copy_n(total, together, results + m);
    }
  for (; m < sum.count; ++m) {
    double total = results[m];
    terms.stretches(m * sum.terms, (m + 1) * sum.terms, [&](std::size_t place, std::size_t length) {
      const double* const from = values_.data() + place;
      for (std::size_t j = 0; j < length; ++j) total += from[j];
    });
    results[m] = total;
  }
}

void Compiled::add_up_back(std::size_t instruction) {
  if (products_[instruction]) return products_[instruction]->backward(values_.data(), adjoints_.data());
  const VectorInstruction& sum = plan_.instructions()[instruction];
  for (std::size_t m = 0; m < sum.count; ++m) {
    const double t = adjoints_[sum.result + m];
    if (t == 0) continue;
    const auto send = [&](std::size_t place, std::size_t length) {
      double* const to = adjoints_.data() + place;
      for (std::size_t j = 0; j < length; ++j) to[j] += t;
    };
    if (!sum.operands[0].is_constant) sum.operands[0].stretches(m, m + 1, send);
    if (!sum.operands[1].is_constant) sum.operands[1].stretches(m * sum.terms, (m + 1) * sum.terms, send);
  }
}

void Compiled::forward(const VectorLoop& loop) {
  fill_broadcasts(loop);
  for (std::size_t at = 0; at < loop.count; at += strip)
    for (const std::size_t k : loop.instructions) {
      const VectorInstruction& i = plan_.instructions()[k];
      if (i.terms > 0) {
        add_up(k);
      } else {
        value_strip(k, at, std::min(strip, loop.count - at), values_.data() + i.result + at);
      }
    }
}

void Compiled::sweep(const VectorLoop& loop) {
  fill_broadcasts(loop);
  for (std::size_t at = 0; at < loop.count; at += strip)
    for (std::size_t k = loop.instructions.size(); k-- > 0;) {
      const std::size_t instruction = loop.instructions[k];
      const VectorInstruction& i = plan_.instructions()[instruction];
      if (i.terms > 0) {
        add_up_back(instruction);
      } else {
        adjoint_strip(instruction, at, std::min(strip, loop.count - at), values_.data() + i.result + at,
                      adjoints_.data() + i.result + at);
      }
    }
}

void Compiled::forward_and_sweep(const VectorLoop& loop) {
  fill_broadcasts(loop);
  in_strips_ = true;
  loop_ = &loop;
  const VectorInstruction& sum = plan_.instructions()[loop.summed_by];
  const std::size_t terms = strips_of_[loop.terms_of];
  // The terms of a strip are added up between the operations of the next: the additions wait for each other and for
  // nothing else, so their latency costs nothing there. The instruction of the terms has two strips for that.
  double total = values_[sum.operands[0].base];
  const double* pending = nullptr;
  const double* pending_end = nullptr;
  const std::size_t share = strip / loop.instructions.size() / 2 + 1;
  const auto add_some = [&](std::size_t most) {
    const double* const until = pending + std::min(most, static_cast<std::size_t>(pending_end - pending));
    while (pending != until) total += *pending++;
  };
  std::fill_n(strip_adjoints_.data() + ones * strip, std::min(strip, loop.count), 1.0);
  for (std::size_t at = 0, turn = 0; at < loop.count; at += strip, turn ^= 1) {
    const std::size_t n = std::min(strip, loop.count - at);
    double* const made = turn == 0 ? strip_values_.data() + terms * strip : other_terms_.data();
    const auto y = [&](std::size_t k) { return k == terms ? made : strip_values_.data() + k * strip; };
    for (std::size_t k = 0; k < loop.instructions.size(); ++k) {
      value_strip(loop.instructions[k], at, n, y(k));
      add_some(share);
    }
    for (std::size_t k = loop.instructions.size(); k-- > 0;) {
      const std::size_t instruction = loop.instructions[k];
      const Named& named = named_adjoints_[instruction];
      adjoint_strip(instruction, at, n, y(k),
                    named.instruction != none ? operand(named.instruction, named.slot, at, n)
                                              : strip_adjoints_.data() + adjoint_strips_[instruction] * strip);
      add_some(share);
    }
    add_some(strip);
    pending = made;
    pending_end = made + n;
  }
  add_some(strip);
  in_strips_ = false;
  values_[sum.result] = total;
  if (!sum.operands[0].is_constant) adjoints_[sum.operands[0].base] += 1;
}

void Compiled::operator()(std::span<const double> inputs, std::span<double> outputs) {
  if (outputs.size() != outputs_.size())
    throw std::invalid_argument("this function has " + std::to_string(outputs_.size()) + " outputs, not " +
                                std::to_string(outputs.size()));
  set(inputs);
  for (const VectorLoop& loop : plan_.loops()) forward(loop);
  check_guards();
  for (std::size_t k = 0; k < outputs.size(); ++k) outputs[k] = values_[outputs_[k]];
}

double Compiled::gradient(std::span<const double> inputs, std::span<double> gradient) {
  if (gradient.size() != inputs_.size())
    throw std::invalid_argument("this function has " + std::to_string(inputs_.size()) +
                                " inputs, but there is room for " + std::to_string(gradient.size()) + " derivatives");
  set(inputs);
  for (const auto& [begin, end] : cleared_)
    std::fill(adjoints_.begin() + static_cast<std::ptrdiff_t>(begin),
              adjoints_.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
  const auto loops = plan_.loops();
  bool is_done = false;  // the sum that is the output
  for (const VectorLoop& loop : loops) {
    if (is_one_pass(loop)) {
      forward_and_sweep(loop);
      is_done = true;
    } else if (!(is_done && plan_.instructions()[loop.instructions[0]].result == outputs_[0])) {
      forward(loop);
    }
  }
  check_guards();
  if (!is_done) adjoints_[outputs_[0]] = 1;
  for (std::size_t l = loops.size(); l-- > 0;) {
    if (is_one_pass(loops[l])) continue;
    if (is_done && plan_.instructions()[loops[l].instructions[0]].result == outputs_[0]) continue;
    sweep(loops[l]);
  }
  if (inputs_in_order_) {
    std::copy_n(adjoints_.begin(), gradient.size(), gradient.begin());
  } else {
    for (std::size_t i = 0; i < inputs_.size(); ++i) gradient[i] = inputs_[i] == none ? 0 : adjoints_[inputs_[i]];
  }
  return values_[outputs_[0]];
}

}  // namespace nabla
