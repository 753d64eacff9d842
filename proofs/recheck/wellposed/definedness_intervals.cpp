#include <algorithm>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>
#include <nabla/proofs/recheck/wellposed/definedness_intervals.hpp>

namespace nabla {

namespace {

constexpr std::size_t most_elements = 1000;

Interval interval_of(const Expr& constant, const Interval& otherwise) {
  const Constant* c = constant.empty() ? nullptr : constant.constant();
  return c == nullptr ? otherwise : Number<Interval>::of(*c);
}

/// What an entry of a set may be.
std::vector<Interval> possible(const Set& set) {
  if (set.kind == Set::Kind::simplex || set.kind == Set::Kind::onehot) return {Interval(0.0, 1.0)};
  if (set.kind != Set::Kind::entries) return {Interval::whole()};
  if (set.entries.is_finite()) {
    std::vector<Interval> elements;
    for (const Expr& e : set.entries.elements) elements.push_back(interval_of(e, Interval::whole()));
    return elements;
  }
  const double lo = interval_of(set.entries.lo, Interval(-unbounded, -unbounded)).lo;
  const double hi = interval_of(set.entries.hi, Interval(unbounded, unbounded)).hi;
  return {lo <= hi ? Interval(lo, hi) : Interval::whole()};
}

}  // namespace

bool total_in_intervals(const Problem& problem, const Expr& e) {
  if (!e.ref().is_node()) return true;
  struct Input {
    NodeId variable;
    std::size_t entries;
    std::vector<Interval> of_entry;
  };
  try {
    const Ref target = e.ref();
    const auto plan = std::make_shared<const Plan>(
        std::shared_ptr<const Graph>(problem.workspace, &problem.workspace->graph()), std::span(&target, 1));
    Run<Interval> run(plan);
    std::vector<Input> inputs;
    std::size_t count = 1;
    for (const NodeId id : plan->nodes()) {
      if (!plan->graph().is(id, opcode<Variable>)) continue;
      Input input{id, static_cast<std::size_t>(plan->graph().shape(id).size()), {Interval::whole()}};
      for (const Given& g : problem.givens)
        if (plan->find(g.variable.ref().id()) == Ref::node(id)) input.of_entry = possible(g.set);
      std::size_t own = 1;
      for (std::size_t k = 0; k < input.entries && own <= most_elements; ++k) own *= input.of_entry.size();
      if (own * count > most_elements) {  // not one by one
        input.of_entry = {Interval::whole()};
        own = 1;
      }
      count *= own;
      inputs.push_back(std::move(input));
    }
    for (std::size_t k = 0; k < count; ++k) {
      std::size_t rest = k;
      for (const Input& input : inputs) {
        std::vector<Interval> entries;
        for (std::size_t i = 0; i < input.entries; ++i) {
          entries.push_back(input.of_entry[rest % input.of_entry.size()]);
          rest /= input.of_entry.size();
        }
        run.set(input.variable, entries);
      }
      run.forward();
      if (!std::ranges::all_of(run.output(0), [](const Interval& x) { return x.total && !x.is_empty(); })) return false;
    }
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  } catch (const UndefinedError&) {
    return false;
  }
}

}  // namespace nabla
