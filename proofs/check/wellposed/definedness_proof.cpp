#include <algorithm>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>

namespace nabla::wellposed {

namespace {

constexpr std::size_t most_contexts = 6;         // of one node; more are replaced by what they have in common
constexpr std::int64_t most_boxes = 1500;        // in all
constexpr std::int64_t most_visits = 3'000'000;  // of entries, over all boxes

std::pair<std::uint32_t, bool> key(const std::pair<Ref, bool>& c) { return {c.first.bits(), c.second}; }

bool is_part(const Context& a, const Context& b) { return std::ranges::includes(b, a, std::ranges::less(), key, key); }

/// Adds a condition; nothing when it contradicts one that is there.
std::optional<Context> with(Context context, Ref condition, bool nonzero) {
  for (const auto& [ref, value] : context)
    if (ref == condition) {
      if (value != nonzero) return std::nullopt;
      return context;
    }
  context.emplace_back(condition, nonzero);
  std::ranges::sort(context, {}, key);
  return context;
}

void add(std::vector<Context>& to, const Context& context) {
  for (const Context& c : to)
    if (is_part(c, context)) return;  // read under weaker conditions anyway
  std::erase_if(to, [&](const Context& c) { return is_part(context, c); });
  to.push_back(context);
  if (to.size() <= most_contexts) return;
  Context common = to[0];
  for (const Context& c : to) {
    Context both;
    std::ranges::set_intersection(common, c, std::back_inserter(both), std::ranges::less(), key, key);
    common = both;
  }
  to.assign(1, common);
}

/// Splits a box in two or more along its entry that is widest for its size. Empty when every entry is a point.
std::vector<Box> split(const Goal& goal, const Box& box) {
  NodeId variable = 0;
  std::size_t entry = 0;
  double widest = 0;
  for (const auto& [id, entries] : box)
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Interval& x = entries[i].box;
      if (x.is_point() || x.is_empty()) continue;
      const double width = !x.is_finite() ? (std::isfinite(x.lo) || std::isfinite(x.hi) ? 1e6 / (1 + x.mig()) : 1e12)
                                          : (x.hi - x.lo) / (1 + x.mig());
      if (width > widest) {
        widest = width;
        variable = id;
        entry = i;
      }
    }
  std::vector<Box> parts;
  if (widest == 0) return parts;
  const Bounds whole = box.at(variable)[entry];
  if (const auto elements = goal.elements.find(variable); elements != goal.elements.end()) {
    for (const Bounds& e : elements->second) {
      Box part = box;
      part[variable][entry] = e;
      parts.push_back(std::move(part));
    }
    return parts;
  }
  const Interval& x = whole.box;
  double middle = x.mid();
  if (!x.is_finite() || (x.lo < 0 && x.hi > 0 && !whole.nonzero)) {
    if (x.lo < 0 && x.hi > 0)
      middle = 0;
    else if (x.lo >= 0)
      middle = x.lo < 1 ? 1 : 4 * x.lo;
    else
      middle = x.hi > -1 ? -1 : 4 * x.hi;
  }
  if (!(x.lo < middle && middle < x.hi)) return parts;
  Box below = box, above = box;
  below[variable][entry] = Bounds(Interval(x.lo, middle), whole.lo_open, false, whole.nonzero);
  above[variable][entry] = Bounds(Interval(middle, x.hi), false, whole.hi_open, whole.nonzero);
  parts.push_back(std::move(below));
  parts.push_back(std::move(above));
  return parts;
}

class Prover {
 public:
  Prover(Workspace& workspace, const Goal& goal, const Budget& budget)
      : workspace_(workspace), goal_(goal), budget_(budget), assumptions_(goal.assumptions) {
    add_differences(workspace_, assumptions_);
  }

  Outcome run() {
    Outcome outcome;
    const bool masked = goal_.want == Want::defined;
    const auto contexts = contexts_of(graph(), goal_.targets, masked);
    dependence_.emplace(graph(), goal_.targets, goal_.by);
    // The assumptions of every context, before the graph is looked at: they may add nodes to it.
    for (const auto& of_node : contexts)
      for (const Context& c : of_node)
        if (!implied_.contains(keys(c))) implied_[keys(c)] = implied_by(c);
    Survey survey(graph(), goal_.targets, implied_[{}].empty() ? assumptions_ : implied_[{}], goal_.definite);
    survey.run(goal_.box);
    if (survey.impossible()) {
      outcome.impossible = true;
      return outcome;
    }
    std::map<std::vector<std::pair<std::uint32_t, bool>>, std::vector<Open>> by_context;
    for (NodeId id = 0; id < contexts.size(); ++id) {
      if (contexts[id].empty()) continue;
      ++outcome.nodes;
      const auto failure = failure_of(survey, id);
      if (!failure) continue;
      for (const Context& c : contexts[id]) by_context[keys(c)].push_back({id, c, *failure});
    }
    for (auto& [k, open] : by_context) settle(k, open, outcome);
    std::ranges::sort(outcome.open, {}, &Open::node);
    return outcome;
  }

 private:
  using Keys = std::vector<std::pair<std::uint32_t, bool>>;
  const Graph& graph() const { return workspace_.graph(); }
  static Keys keys(const Context& c) {
    Keys k;
    for (const auto& condition : c) k.push_back(key(condition));
    return k;
  }

  std::vector<Assumption> implied_by(const Context& c) {
    std::vector<Assumption> found;
    for (const auto& [condition, nonzero] : c) assume(workspace_, condition, nonzero, found);
    add_differences(workspace_, found);
    found.insert(found.begin(), assumptions_.begin(), assumptions_.end());
    return found;
  }

  /// Nothing when the node is fine; else whether it may be undefined (or, false, not regular).
  std::optional<bool> failure_of(const Survey& survey, NodeId id) const {
    if (!survey.defined(id)) return true;
    if (is_regular(graph(), id, goal_.want, *dependence_, SurveySituation(survey), goal_.conventions))
      return std::nullopt;
    return false;
  }

  static std::vector<Ref> nodes_of(const std::vector<Open>& open) {
    std::vector<Ref> nodes;
    for (const Open& o : open) nodes.push_back(Ref::node(o.node));
    return nodes;
  }

  /// What remains of `open` on a box.
  std::vector<Open> remaining(Survey& survey, const Box& box, const std::vector<Open>& open) {
    budget_.check();
    survey.run(box);
    std::vector<Open> left;
    if (survey.impossible()) return left;
    for (Open o : open)
      if (const auto failure = failure_of(survey, o.node)) {
        o.undefined = *failure;
        left.push_back(std::move(o));
      }
    return left;
  }

  void settle(const Keys& k, const std::vector<Open>& open, Outcome& outcome) {
    Survey survey(graph(), nodes_of(open), implied_.at(k), goal_.definite);
    const std::vector<Open> left = remaining(survey, goal_.box, open);
    if (left.empty()) return;
    if (!goal_.may_split) {
      outcome.open.insert(outcome.open.end(), left.begin(), left.end());
      return;
    }
    // Node by node, so that one that cannot be shown does not spend the boxes of the others.
    for (const Open& o : left) {
      Survey part(graph(), nodes_of({o}), implied_.at(k), goal_.definite);
      if (!subdivide(part, o, outcome)) outcome.open.push_back(o);
    }
  }

  bool subdivide(Survey& survey, const Open& open, Outcome& outcome) {
    std::int64_t entries = 0;
    for (const NodeId id : survey.nodes()) entries += graph().shape(id).size();
    const std::int64_t most = std::min(most_boxes, most_visits / (entries + 1));
    std::int64_t boxes = 0;
    // Breadth first, so that the number of boxes still to be looked at tells early that it is hopeless.
    std::vector<Box> level{goal_.box};
    while (!level.empty()) {
      std::vector<Box> next;
      for (const Box& box : level) {
        if (++boxes > most) return false;
        if (remaining(survey, box, {open}).empty()) continue;
        std::vector<Box> parts = split(goal_, box);
        if (parts.empty()) return false;
        std::ranges::move(parts, std::back_inserter(next));
      }
      level = std::move(next);
    }
    outcome.boxes += boxes;
    return true;
  }

  Workspace& workspace_;
  const Goal& goal_;
  const Budget& budget_;
  std::vector<Assumption> assumptions_;
  std::optional<Dependence> dependence_;
  std::map<Keys, std::vector<Assumption>> implied_;
};

}  // namespace

std::vector<std::vector<Context>> contexts_of(const Graph& graph, std::span<const Ref> targets, bool masked) {
  const std::vector<bool> visited = reachable(graph, targets);
  std::vector<std::vector<Context>> contexts(visited.size());
  for (const Ref t : targets)
    if (t.is_node()) add(contexts[t.id()], {});
  for (NodeId id = static_cast<NodeId>(visited.size()); id-- > 0;) {
    if (contexts[id].empty()) continue;
    const auto x = graph.operands(id);
    const bool chooses = graph.is(id, opcode<Where>) && graph.shape(x[0]).is_scalar() && x[0].is_node();
    const bool masks = masked && graph.is(id, opcode<Masked>) && graph.shape(x[0]).is_scalar() && x[0].is_node();
    for (std::size_t k = 0; k < x.size(); ++k) {
      if (!x[k].is_node()) continue;
      for (const Context& c : contexts[id]) {
        if (k > 0 && (chooses || masks)) {
          if (const auto narrower = with(c, x[0], k == 1)) add(contexts[x[k].id()], *narrower);
        } else {
          add(contexts[x[k].id()], c);
        }
      }
    }
  }
  return contexts;
}

Outcome prove(Workspace& workspace, const Goal& goal, const Budget& budget) {
  return Prover(workspace, goal, budget).run();
}

Goal goal_over(const Problem& problem) {
  Goal goal;
  goal.box = box_of(problem);
  for (const Given& g : problem.givens) {
    if (g.set.kind == Set::Kind::spd && g.variable.ref().is_node()) {
      goal.definite.push_back(g.variable.ref().id());
      const Expr determinant = det(g.variable);
      const Ref zero = problem.workspace->graph().constant(Constant::integer(0));
      goal.assumptions.push_back({determinant.ref(), Comparison::greater, zero});
    }
    if (g.set.kind != Set::Kind::entries || !g.set.entries.is_finite() || !g.variable.ref().is_node()) continue;
    std::vector<Bounds> elements;
    for (const Expr& e : g.set.entries.elements) {
      RealSet single;
      single.elements = {e};
      elements.push_back(bounds_of(single));
    }
    // One that is not a point would be split into itself again.
    if (std::ranges::all_of(elements, [](const Bounds& b) { return b.is_point(); }))
      goal.elements[g.variable.ref().id()] = std::move(elements);
  }
  for (const Statement& h : problem.hypotheses) assume(*problem.workspace, h, goal.assumptions);
  return goal;
}

}  // namespace nabla::wellposed
