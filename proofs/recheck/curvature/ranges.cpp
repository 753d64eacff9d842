#include <algorithm>
#include <array>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/curvature/ranges.hpp>

namespace nabla::bending {

namespace {

const double infinity = std::numeric_limits<double>::infinity();

/// A constant expression in intervals.
Interval value_of(const Expr& e) {
  if (const Constant* c = e.constant()) return Number<Interval>::of(*c);
  try {
    const auto plan =
        std::make_shared<Plan>(std::shared_ptr<const Graph>(e.workspace(), &e.graph()), std::vector<Ref>{e.ref()});
    for (const NodeId id : plan->nodes())
      if (plan->graph().is(id, opcode<Variable>)) return Interval::whole();
    Run<Interval> run(plan);
    run.forward();
    const Interval x = run.output(0)[0];
    return x.total && !x.is_empty() ? x : Interval::whole();
  } catch (const UnsupportedError&) {
    return Interval::whole();
  }
}

void narrow(Range& r, Comparison how, const Interval& than) {
  switch (how) {
    case Comparison::less:
    case Comparison::less_equal:
      if (than.hi < r.box.hi) r.box.hi = std::max(than.hi, r.box.lo);
      r.negative = r.negative || than.hi < 0 || (than.hi == 0 && how == Comparison::less);
      break;
    case Comparison::greater:
    case Comparison::greater_equal:
      if (than.lo > r.box.lo) r.box.lo = std::min(than.lo, r.box.hi);
      r.positive = r.positive || than.lo > 0 || (than.lo == 0 && how == Comparison::greater);
      break;
    default:
      break;
  }
}

Comparison turned(Comparison how) {
  switch (how) {
    case Comparison::less:
      return Comparison::greater;
    case Comparison::less_equal:
      return Comparison::greater_equal;
    case Comparison::greater:
      return Comparison::less;
    case Comparison::greater_equal:
      return Comparison::less_equal;
    default:
      return how;
  }
}

}  // namespace

int moves_entries(std::string_view operation) {
  constexpr std::array<std::string_view, 7> copies{"reshape", "transpose", "flip",        "slice",
                                                   "gather",  "diagonal",  "broadcast_to"};
  constexpr std::array<std::string_view, 9> sums{"sum",  "mean", "cumsum", "trace",      "sum_to",
                                                 "diag", "tril", "embed",  "scatter_add"};
  if (std::ranges::find(copies, operation) != copies.end()) return 1;
  return std::ranges::find(sums, operation) != sums.end() ? 2 : 0;
}

Range range_of(const RealSet& set) {
  Range r;
  if (set.is_finite()) {
    r.box = value_of(set.elements[0]);
    for (const Expr& e : set.elements) r.box = Number<Interval>::hull(r.box, value_of(e));
  } else {
    const Interval lo = set.lo.empty() ? Interval::whole() : value_of(set.lo);
    const Interval hi = set.hi.empty() ? Interval::whole() : value_of(set.hi);
    r.box = Interval(set.lo.empty() ? -infinity : lo.lo, set.hi.empty() ? infinity : hi.hi);
    r.positive = !set.lo.empty() && lo.lo == 0 && !set.lo_closed;
    r.negative = !set.hi.empty() && hi.hi == 0 && !set.hi_closed;
  }
  r.positive = r.positive || r.box.lo > 0;
  r.negative = r.negative || r.box.hi < 0;
  return r;
}

RangeTable::RangeTable(const Problem& problem, Ref target) : graph_(&problem.workspace->graph()) {
  ranges_.resize(graph_->size());
  if (!target.is_node()) return;
  from_sets(problem);
  from_run(problem, target);
  const Ref targets[] = {target};
  const std::vector<bool> needed = reachable(*graph_, targets);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id]) signs_of(id);
}

Range RangeTable::of(Ref ref) const {
  if (const Constant* c = graph_->as_constant(ref)) {
    Range r;
    r.box = Number<Interval>::of(*c);
    r.positive = r.box.lo > 0;
    r.negative = r.box.hi < 0;
    return r;
  }
  return ref.is_node() && ref.id() < ranges_.size() ? ranges_[ref.id()] : Range{};
}

void RangeTable::from_sets(const Problem& problem) {
  for (const Given& g : problem.givens) {
    if (!g.variable.ref().is_node()) continue;
    Range& r = ranges_[g.variable.ref().id()];
    if (g.set.kind == Set::Kind::entries) r = range_of(g.set.entries);
    if (g.set.kind == Set::Kind::simplex || g.set.kind == Set::Kind::onehot) r.box = Interval(0.0, 1.0);
    r.positive = r.positive || g.set.kind == Set::Kind::simplex;
  }
  for (const Statement& h : problem.hypotheses) {
    if (h.kind != Statement::Kind::relation) continue;
    for (std::size_t k = 0; k < h.comparisons.size(); ++k) {
      const Expr &a = h.sides[k], &b = h.sides[k + 1];
      if (a.ref().is_node() && b.constant() != nullptr && graph_->is(a.ref().id(), opcode<Variable>))
        narrow(ranges_[a.ref().id()], h.comparisons[k], Number<Interval>::of(*b.constant()));
      if (b.ref().is_node() && a.constant() != nullptr && graph_->is(b.ref().id(), opcode<Variable>))
        narrow(ranges_[b.ref().id()], turned(h.comparisons[k]), Number<Interval>::of(*a.constant()));
    }
  }
}

void RangeTable::from_run(const Problem& problem, Ref target) {
  try {
    const auto plan =
        std::make_shared<Plan>(std::shared_ptr<const Graph>(problem.workspace, graph_), std::vector<Ref>{target});
    Run<Interval> run(plan);
    const Ref targets[] = {target};
    const std::vector<bool> needed = reachable(*graph_, targets);
    for (NodeId id = 0; id < needed.size(); ++id) {
      if (!needed[id] || !graph_->is(id, opcode<Variable>)) continue;
      const Ref own = Ref::node(id);
      run.set(plan->find(id).id(),
              std::vector<Interval>(static_cast<std::size_t>(graph_->shape(own).size()), of(own).box));
    }
    run.forward();
    for (NodeId id = 0; id < needed.size(); ++id) {
      if (!needed[id] || graph_->info(id).family == Family::leaf) continue;
      const Ref at = plan->find(id);
      if (!at.is_node()) continue;
      const auto entries = run.value(at);
      if (entries.empty()) continue;
      Interval all = entries[0];
      for (const Interval& x : entries) all = Number<Interval>::hull(all, x);
      if (!all.is_empty()) ranges_[id].box = Interval(all.lo, all.hi);
    }
  } catch (const UnsupportedError&) {
  }
}

/// Strict signs, which closed intervals cannot say.
void RangeTable::signs_of(NodeId id) {
  const Graph& g = *graph_;
  Range& r = ranges_[id];
  r.positive = r.positive || r.box.lo > 0;
  r.negative = r.negative || r.box.hi < 0;
  const OperatorInfo& info = g.info(id);
  const auto x = g.operands(id);
  if (info.family == Family::leaf || x.empty()) return;
  const auto set_nonnegative = [&] { r.box.lo = std::max(r.box.lo, 0.0); };
  const Range a = of(x[0]), b = x.size() > 1 ? of(x[1]) : Range{};
  const bool filled = g.shape(x[0]).size() > 0;
  const std::string& name = info.name;
  if (x.size() == 1 && info.facts.range.lo >= 0) {
    set_nonnegative();
    r.positive = r.positive || !info.facts.range.lo_closed;
  }
  if (moves_entries(name) == 1) {
    r.positive = r.positive || a.positive;
    r.negative = r.negative || a.negative;
  } else if (name == "sum" || name == "mean" || name == "amax" || name == "amin" || name == "trace") {
    r.positive = r.positive || (a.positive && filled);
    r.negative = r.negative || (a.negative && filled);
  } else if (name == "neg") {
    r.positive = r.positive || a.negative;
    r.negative = r.negative || a.positive;
  } else if (name == "add") {
    r.positive = r.positive || (a.positive && b.nonnegative()) || (a.nonnegative() && b.positive);
    r.negative = r.negative || (a.negative && b.nonpositive()) || (a.nonpositive() && b.negative);
  } else if (name == "sub") {
    r.positive = r.positive || (a.positive && b.nonpositive()) || (a.nonnegative() && b.negative);
    r.negative = r.negative || (a.negative && b.nonnegative()) || (a.nonpositive() && b.positive);
  } else if (name == "mul" || name == "div") {
    r.positive = r.positive || (a.positive && b.positive) || (a.negative && b.negative);
    r.negative = r.negative || (a.positive && b.negative) || (a.negative && b.positive);
    if (name == "mul" && x[0] == x[1]) set_nonnegative();
  } else if (name == "dot" || name == "matmul") {
    if (name == "dot" && x[0] == x[1]) set_nonnegative();
    r.positive = r.positive || (filled && ((a.positive && b.positive) || (a.negative && b.negative)));
    r.negative = r.negative || (filled && ((a.positive && b.negative) || (a.negative && b.positive)));
  } else if (name == "powi" || name == "pow") {
    const bool even = name == "powi" && g.attributes(id)[0] % 2 == 0;
    if (even) set_nonnegative();
    r.positive = r.positive || a.positive || (even && a.negative);
  } else if (name == "sqrt" || name == "square" || name == "abs" || name == "norm" || name == "prod") {
    r.positive = r.positive || (filled && (a.positive || (a.negative && name != "sqrt" && name != "prod")));
  } else if (name == "max") {
    r.positive = r.positive || a.positive || b.positive;
  } else if (name == "min") {
    r.positive = r.positive || (a.positive && b.positive);
  }
  if (r.positive) set_nonnegative();
}

}  // namespace nabla::bending
