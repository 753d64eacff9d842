#include <algorithm>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/curvature/ranges.hpp>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>

namespace nabla::curvature {

namespace {

using wellposed::Assumption;
using wellposed::row;

const double infinity = std::numeric_limits<double>::infinity();

Bounds hull(const Bounds& a, const Bounds& b) {
  if (a.is_empty()) return b;
  if (b.is_empty()) return a;
  Bounds r = Number<Bounds>::hull(a, b);
  r.tag = 0;
  return r;
}

/// Sums of one or more numbers of this range.
Bounds sums_of(const Bounds& x) {
  if (x.nonnegative()) return Bounds(Interval(x.box.lo, infinity), x.lo_open, false, x.positive());
  if (x.nonpositive()) return Bounds(Interval(-infinity, x.box.hi), false, x.hi_open, x.negative());
  return Bounds::whole();
}

Bounds related(Comparison how, const Bounds& other) {
  switch (how) {
    case Comparison::less:
      return Bounds(Interval(-infinity, other.box.hi), false, true);
    case Comparison::less_equal:
      return Bounds(Interval(-infinity, other.box.hi), false, other.hi_open);
    case Comparison::greater:
      return Bounds(Interval(other.box.lo, infinity), true, false);
    case Comparison::greater_equal:
      return Bounds(Interval(other.box.lo, infinity), other.lo_open, false);
    case Comparison::equal:
      return other;
    case Comparison::not_equal:
      break;
  }
  return Bounds::whole();
}

Bounds summary_of(const Set& set) {
  // With one entry a member of the simplex is 1; with more it is less.
  if (set.kind == Set::Kind::simplex) return Bounds(Interval(0.0, 1.0), true, false);
  if (set.kind == Set::Kind::onehot) return Bounds(Interval(0.0, 1.0));
  if (set.kind == Set::Kind::entries) return wellposed::bounds_of(set.entries);
  return Bounds::whole();
}

Bounds stated_range(const Facts& facts) {
  const Reals& r = facts.range;
  return Bounds(Interval(r.lo, r.hi), std::isfinite(r.lo) && !r.lo_closed, std::isfinite(r.hi) && !r.hi_closed,
                r.hole == Hole::zero);
}

}  // namespace

Linear linear_kind(const Graph& graph, NodeId id) {
  const auto operands = graph.operands(id);
  if (operands.size() != 1 || graph.code(id) >= builtin_count) return Linear::other;
  const auto& rule = row<Bounds>(graph.code(id));
  if (rule.value == nullptr) return Linear::other;
  const Shape& from = graph.shape(operands[0]);
  std::vector<Bounds> x(static_cast<std::size_t>(from.size()), Bounds(Interval(0.0, infinity)));
  for (std::size_t i = 0; i < x.size(); ++i) x[i].tag = i + 1;
  std::vector<Bounds> y(static_cast<std::size_t>(graph.shape(id).size()));
  const View<const Bounds> view{x.data(), &from};
  rule.value(graph.attributes(id), {&view, 1}, View<Bounds>{y.data(), &graph.shape(id)});
  bool copies = true;
  for (const Bounds& b : y) {
    if (!b.nonnegative()) return Linear::other;
    copies = copies && b.tag > 0 && b.tag <= x.size();
  }
  return copies ? Linear::copies : Linear::nonnegative;
}

Ranges::Ranges(const Problem& problem, std::span<const Ref> targets, Mode mode, std::span<const NodeId> definite)
    : graph_(&problem.workspace->graph()), mode_(mode) {
  const wellposed::Goal goal = wellposed::goal_over(problem);
  definite_ = goal.definite;
  definite_.insert(definite_.end(), definite.begin(), definite.end());
  bounds_.assign(graph_->size(), Bounds::whole());
  if (mode == Mode::these_dimensions) {
    wellposed::Survey survey(*graph_, targets, goal.assumptions, goal.definite);
    survey.run(goal.box);
    for (const NodeId id : survey.nodes()) {
      const auto entries = survey.bounds(Ref::node(id));
      Bounds all = entries.empty() ? Bounds::whole() : entries[0];
      for (const Bounds& b : entries) all = hull(all, b);
      all.tag = 0;
      bounds_[id] = all;
      all_defined_ = all_defined_ && survey.defined(id);
    }
    return;
  }
  std::vector<Ref> read(targets.begin(), targets.end());
  for (const Assumption& a : goal.assumptions) {
    read.push_back(a.left);
    read.push_back(a.right);
  }
  std::map<NodeId, Bounds> sets;
  for (const Given& g : problem.givens)
    if (g.variable.ref().is_node()) sets[g.variable.ref().id()] = summary_of(g.set);
  const std::vector<bool> needed = reachable(*graph_, read);
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    if (graph_->code(id) >= builtin_count)
      throw NotHandled("the operator " + graph_->info(id).name + " is not built in");
    if (const auto set = sets.find(id); set != sets.end()) bounds_[id] = set->second;
    summarise(id, goal.assumptions);
    all_defined_ = all_defined_ && is_defined(id);
  }
}

Bounds Ranges::of(Ref ref) const {
  if (ref.is_constant()) return Number<Bounds>::of(graph_->constant_at(ref.index()));
  return ref.id() < bounds_.size() ? bounds_[ref.id()] : Bounds::whole();
}

void Ranges::summarise(NodeId id, const std::vector<Assumption>& assumptions) {
  const Graph& g = *graph_;
  Bounds y = bounds_[id];
  if (const Constant* c = g.as_constant(Ref::node(id))) {
    y = Number<Bounds>::of(*c);
  } else if (g.info(id).family == Family::elementwise) {
    std::vector<Bounds> x;
    for (const Ref r : g.operands(id)) x.push_back(of(r));
    const Shape scalar;
    std::vector<View<const Bounds>> views;
    for (const Bounds& b : x) views.push_back({&b, &scalar});
    const auto& rule = row<Bounds>(g.code(id));
    if (rule.value != nullptr) rule.value(g.attributes(id), views, View<Bounds>{&y, &scalar});
    y.box.total = true;
  } else if (g.info(id).family == Family::structured) {
    y = structured(id);
    y.box.total = true;
  }
  for (const Assumption& a : assumptions) {
    if (a.how == Comparison::not_equal) {
      const auto is_zero = [&](Ref r) { return g.as_constant(r) != nullptr && g.as_constant(r)->is(0); };
      const bool about = (a.left == Ref::node(id) && is_zero(a.right)) || (a.right == Ref::node(id) && is_zero(a.left));
      if (about && g.shape(id).is_scalar()) y = Bounds(y.box, y.lo_open, y.hi_open, true);
      continue;
    }
    // Of scalars or constants: entries of tensors are paired, which a summary does not know of.
    if (a.left == Ref::node(id) && (a.right.is_constant() || a.right.id() < id))
      y = intersection(y, related(a.how, of(a.right)));
    if (a.right == Ref::node(id) && (a.left.is_constant() || a.left.id() < id))
      y = intersection(y, related(mirrored(a.how), of(a.left)));
  }
  if (y.is_empty()) y = Bounds::whole();
  if (y.tag == 0 || g.info(id).family != Family::elementwise) y.tag = std::uint64_t{id} + 1;
  bounds_[id] = y;
}

Bounds Ranges::structured(NodeId id) {
  const Graph& g = *graph_;
  const auto operands = g.operands(id);
  std::vector<Bounds> x;
  bool has_entries = true;
  for (const Ref r : operands) {
    x.push_back(of(r));
    x.back().tag = 0;
    has_entries = has_entries && g.shape(r).size() > 0;
  }
  if (x.empty() || !has_entries) return Bounds::whole();
  const Facts& facts = g.info(id).facts;
  switch (g.code(id)) {
    case opcode<Concat>:
    case opcode<Stack>: {
      Bounds all = x[0];
      for (const Bounds& b : x) all = hull(all, b);
      return all;
    }
    case opcode<Mean>:
    case opcode<Amax>:
    case opcode<Amin>:
      return x[0];
    case opcode<Dot>:
    case opcode<MatMul>:
    case opcode<Outer>: {
      if (g.is(id, opcode<Dot>) && operands[0] == operands[1]) return sums_of(Number<Bounds>::powi(x[0], 2));
      const Bounds product = x[0] * x[1];
      return g.is(id, opcode<Outer>) ? product : sums_of(product);
    }
    case opcode<Prod>:
      return x[0].positive()      ? Bounds(Interval(0.0, infinity), true)
             : x[0].nonnegative() ? Bounds(Interval(0.0, infinity))
                                  : Bounds::whole();
    case opcode<Det>: {
      const bool has_inverse =
          operands[0].is_node() && std::ranges::find(definite_, operands[0].id()) != definite_.end();
      return Bounds(Interval(-infinity, infinity), false, false, has_inverse);
    }
    case opcode<Norm>:
      return Bounds(Interval(0.0, infinity), false, false, x[0].positive() || x[0].negative());
    case opcode<LogSumExp>:
      return Bounds(Interval(x[0].box.lo, infinity), x[0].lo_open, false);
    default:
      break;
  }
  if (facts.curvature == Curvature::affine && operands.size() == 1) {
    switch (linear_kind(g, id)) {
      case Linear::copies:
        return x[0];
      case Linear::nonnegative: {
        const Bounds sum = sums_of(x[0]);
        // Others than these may have results that nothing is added to (outside a diagonal).
        return g.is(id, opcode<Sum>) || g.is(id, opcode<Trace>) ? sum : hull(hull(x[0], sum), Bounds(0));
      }
      case Linear::other:
        return Bounds::whole();
    }
  }
  return operands.size() == 1 ? stated_range(facts) : Bounds::whole();
}

bool Ranges::is_defined(NodeId id) const {
  const Graph& g = *graph_;
  const OperatorInfo& info = g.info(id);
  if (info.family == Family::leaf) return true;
  const auto& rule = row<Bounds>(g.code(id));
  if (rule.value == nullptr) return false;
  // Every operand filled with its summary: a domain speaks of entries.
  const bool elementwise = info.family == Family::elementwise;
  const Shape scalar;
  std::vector<std::vector<Bounds>> entries;
  std::vector<View<const Bounds>> views;
  for (const Ref r : g.operands(id)) {
    Bounds b = of(r);
    if (!elementwise) b.tag = 0;
    const Shape& shape = elementwise ? scalar : g.shape(r);
    entries.emplace_back(static_cast<std::size_t>(shape.size()), b);
    views.push_back({entries.back().data(), &shape});
  }
  const Shape& shape = elementwise ? scalar : g.shape(id);
  std::vector<Bounds> y(static_cast<std::size_t>(shape.size()));
  rule.value(g.attributes(id), views, View<Bounds>{y.data(), &shape});
  bool inside = std::ranges::all_of(y, [](const Bounds& b) { return b.box.total; });
  if (inside && rule.defined != nullptr) inside = rule.defined(g.attributes(id), views, shape) == Truth::yes;
  if (inside) return true;
  if (!g.is(id, opcode<Inv>) && !g.is(id, opcode<Solve>) && !g.is(id, opcode<Cholesky>)) return false;
  const Ref matrix = g.operands(id)[0];
  return matrix.is_node() && std::ranges::find(definite_, matrix.id()) != definite_.end();
}

}  // namespace nabla::curvature
