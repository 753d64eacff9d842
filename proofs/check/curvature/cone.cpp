#include <algorithm>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/curvature/cone.hpp>
#include <nabla/proofs/check/curvature/pieces.hpp>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>
#include <set>

namespace nabla::curvature {

namespace {

/// The leaves below a node, in the order of their ids.
Cone leaves_of(const Graph& graph, const Composition& rules, NodeId node, bool stop_at_affine) {
  Cone cone{.node = node, .moving = {}, .still = {}};
  std::set<NodeId> inside{node}, moving, still;
  while (!inside.empty()) {
    const NodeId id = *inside.rbegin();
    inside.erase(id);
    for (const Ref r : graph.operands(id)) {
      if (graph.as_constant(r) != nullptr) continue;
      if (!rules.depends(r)) {
        still.insert(r.id());
      } else if (graph.info(r.id()).family == Family::elementwise && !(stop_at_affine && rules.of(r).affine())) {
        inside.insert(r.id());
      } else {
        moving.insert(r.id());
      }
    }
  }
  for (const NodeId id : moving) cone.moving.push_back(Ref::node(id));
  for (const NodeId id : still) cone.still.push_back(Ref::node(id));
  return cone;
}

/// The given whose entries a node only moves about.
const Given* given_behind(const Problem& problem, Ref ref) {
  const Graph& graph = problem.workspace->graph();
  while (ref.is_node() && !graph.is(ref.id(), opcode<Variable>)) {
    const auto x = graph.operands(ref.id());
    if (x.size() != 1 || graph.info(ref.id()).facts.curvature != Curvature::affine ||
        linear_kind(graph, ref.id()) != Linear::copies)
      return nullptr;
    ref = x[0];
  }
  for (const Given& g : problem.givens)
    if (g.variable.ref() == ref) return &g;
  return nullptr;
}

RealSet set_of(const Problem& problem, Ref leaf, const Bounds& range, const std::shared_ptr<Workspace>& to, bool open,
               Json& said) {
  RealSet set;
  said = Json::object();
  said["lo"] = said["hi"] = nullptr;
  const auto exact = [](double x) { return Number<Rational>::of(Constant::dyadic(x)).str(); };
  Bounds known = Bounds::whole();
  const Given* given = given_behind(problem, leaf);
  if (given != nullptr && given->set.kind == Set::Kind::entries) {
    const RealSet& own = given->set.entries;
    known = wellposed::bounds_of(own);
    if (own.is_finite()) {
      for (const Expr& e : own.elements) set.elements.push_back(transplant(e, to));
      said = {{"elements", true}};
      return set;
    }
    if (!own.lo.empty()) set.lo = transplant(own.lo, to);
    if (!own.hi.empty()) set.hi = transplant(own.hi, to);
    set.lo_closed = own.lo_closed;
    set.hi_closed = own.hi_closed;
    if (!own.lo.empty()) said["lo"] = "given";
    if (!own.hi.empty()) said["hi"] = "given";
  }
  // What hypotheses, or the operators above, say beyond that.
  if (range.box.lo > known.box.lo || (range.box.lo == known.box.lo && range.lo_open && set.lo_closed)) {
    set.lo = Expr(Constant::dyadic(range.box.lo));
    said["lo"] = exact(range.box.lo);
    set.lo_closed = !range.lo_open && !(range.nonzero && range.box.lo == 0);
  }
  if (range.box.hi < known.box.hi || (range.box.hi == known.box.hi && range.hi_open && set.hi_closed)) {
    set.hi = Expr(Constant::dyadic(range.box.hi));
    said["hi"] = exact(range.box.hi);
    set.hi_closed = !range.hi_open && !(range.nonzero && range.box.hi == 0);
  }
  said["lo_closed"] = set.lo_closed;
  said["hi_closed"] = set.hi_closed;
  if (open) set.lo_closed = set.hi_closed = false;
  return set;
}

}  // namespace

std::optional<Cone> cone_at(const Graph& graph, const Composition& rules, NodeId node, std::size_t most) {
  if (graph.info(node).family != Family::elementwise || !rules.depends(Ref::node(node))) return std::nullopt;
  Cone high = leaves_of(graph, rules, node, true);
  Cone deep = leaves_of(graph, rules, node, false);
  Cone& fewer = deep.moving.size() < high.moving.size() ? deep : high;
  if (fewer.moving.empty() || fewer.moving.size() > most) return std::nullopt;
  return fewer;
}

Json names_of(const std::shared_ptr<Workspace>& workspace, const Cone& cone) {
  const auto text = [&](Ref r) { return to_string(Expr(workspace, r), {.tree_limit = 4000, .limit = 8000}); };
  Json j;
  j["node"] = text(Ref::node(cone.node));
  j["moving"] = Json::array();
  j["still"] = Json::array();
  for (const Ref u : cone.moving) j["moving"].push_back(text(u));
  for (const Ref p : cone.still) j["still"].push_back(text(p));
  return j;
}

bool takes_entries(const Problem& problem, const Cone& cone) {
  std::set<const Given*> seen;
  for (const Ref u : cone.moving)
    if (const Given* g = given_behind(problem, u); g != nullptr && !seen.insert(g).second) return true;
  return false;
}

Reduced reduce(const Problem& problem, const Cone& cone, const Ranges& ranges, bool open) {
  const Graph& graph = problem.workspace->graph();
  Reduced r;
  r.problem.workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(r.problem.workspace);
  std::map<NodeId, Expr> made;
  const auto add = [&](Ref leaf, const std::string& name, bool is_open) {
    const Expr x = variable(name);
    Given g;
    g.name = name;
    g.variable = x;
    g.set.kind = Set::Kind::entries;
    Json said;
    g.set.entries = set_of(problem, leaf, ranges.of(leaf), r.problem.workspace, is_open, said);
    r.ranges.push_back(std::move(said));
    r.problem.givens.push_back(std::move(g));
    made[leaf.id()] = x;
    return x;
  };
  for (std::size_t k = 0; k < cone.moving.size(); ++k)
    r.t.push_back(add(cone.moving[k], "t" + std::to_string(k + 1), open));
  for (std::size_t k = 0; k < cone.still.size(); ++k) add(cone.still[k], "p" + std::to_string(k + 1), false);
  // Between the leaves and the node, operands first.
  std::set<NodeId> waiting{cone.node}, between;
  while (!waiting.empty()) {
    const NodeId id = *waiting.rbegin();
    waiting.erase(id);
    if (made.contains(id)) continue;
    between.insert(id);
    for (const Ref x : graph.operands(id))
      if (x.is_node() && graph.as_constant(x) == nullptr) waiting.insert(x.id());
  }
  for (const NodeId id : between) {
    std::vector<Expr> operands;
    for (const Ref x : graph.operands(id)) {
      const Constant* c = graph.as_constant(x);
      operands.push_back(c != nullptr ? Expr(*c) : made.at(x.id()));
    }
    made[id] = detail::append(graph.code(id), {}, operands, graph.attributes(id));
  }
  r.h = made.at(cone.node);
  return r;
}

bool is_smooth(const Reduced& r) {
  if (!r.h.ref().is_node()) return true;
  const Graph& graph = r.h.graph();
  const Ref targets[] = {r.h.ref()};
  wellposed::Survey survey(graph, targets, {});
  survey.run(wellposed::box_of(r.problem));
  return std::ranges::all_of(survey.nodes(), [&](NodeId id) { return survey.kink_free(id); });
}

bool is_continuous(const Graph& graph, const Composition& rules, const Ranges& ranges, const Cone& cone) {
  std::set<NodeId> waiting{cone.node};
  while (!waiting.empty()) {
    const NodeId id = *waiting.rbegin();
    waiting.erase(id);
    if (std::ranges::find(cone.moving, Ref::node(id)) != cone.moving.end() || !rules.depends(Ref::node(id))) continue;
    const auto x = graph.operands(id);
    if (graph.info(id).facts.regularity == Regularity::discontinuous) {
      const bool is_root = graph.is(id, opcode<Pow>) && !rules.depends(x[1]) && ranges.of(x[1]).positive();
      if (!is_root) return false;
    }
    for (const Ref r : x)
      if (r.is_node() && graph.as_constant(r) == nullptr) waiting.insert(r.id());
  }
  return true;
}

Matrix second_derivatives(const Expr& h, const std::vector<Expr>& t) {
  Matrix m;
  m.n = t.size();
  const std::vector<Expr> g = gradient(h, t);
  std::vector<std::vector<Expr>> rows;
  for (const Expr& slope : g) rows.push_back(gradient(slope, t));
  for (std::size_t i = 0; i < m.n; ++i)
    for (std::size_t j = 0; j < m.n; ++j) m.entries.push_back(rows[std::max(i, j)][std::min(i, j)]);
  return m;
}

bool show_cone(const Problem& problem, const Composition& rules, const Ranges& ranges, const Cone& cone, bool convex,
               const Budget& budget, Json& proof) {
  const Graph& graph = problem.workspace->graph();
  std::vector<int> slopes;  // 0: any, 1: must rise, -1: must fall
  for (const Ref u : cone.moving) {
    const Bits b = rules.of(u);
    if (b.affine()) {
      slopes.push_back(0);
    } else if (b.convex || b.concave) {
      slopes.push_back(b.convex == convex ? 1 : -1);
    } else {
      return false;
    }
  }
  const bool open = is_continuous(graph, rules, ranges, cone);
  const Reduced r = reduce(problem, cone, ranges, open);
  const auto direction = [&](std::size_t k) {  // of the convex one of h and -h
    return slopes[k] == 0 ? 0 : rules.of(cone.moving[k]).convex ? 1 : -1;
  };
  const WorkspaceScope scope(r.problem.workspace);
  Json j = names_of(problem.workspace, cone);
  j["curvature"] = convex ? "convex" : "concave";
  j["ranges"] = r.ranges;
  j["open"] = open;
  const Expr h = convex ? r.h : -r.h;
  const bool must_move = std::ranges::any_of(slopes, [](int s) { return s != 0; });
  if (must_move) {
    // Between the values that a leaf takes h must exist too.
    const Reduced closed = reduce(problem, cone, ranges, false);
    const Ref targets[] = {closed.h.ref()};
    if (closed.h.ref().is_node()) {
      wellposed::Survey survey(closed.h.graph(), targets, {});
      survey.run(wellposed::box_of(closed.problem));
      if (!std::ranges::all_of(survey.nodes(), [&](NodeId id) { return survey.defined(id); })) return false;
    }
  }
  if (!is_smooth(r)) {
    if (cone.moving.size() != 1 || !cone.still.empty()) return false;
    const Reduced closed = reduce(problem, cone, ranges, false);
    const WorkspaceScope inside(closed.problem.workspace);
    Json pieces;
    if (!show_convex_pieces(closed.problem, convex ? closed.h : -closed.h, closed.t[0], direction(0), budget, pieces))
      return false;
    j.update(pieces);
    proof = std::move(j);
    return true;
  }
  const std::vector<Expr> gradient_of_h = gradient(h, r.t);
  Json signs = Json::array();
  for (std::size_t k = 0; k < slopes.size(); ++k) {
    Json sign;
    if (slopes[k] != 0 && !show_sign(r.problem, gradient_of_h[k],
                                     direction(k) > 0 ? SignGoal::nonnegative : SignGoal::nonpositive, budget, sign))
      return false;
    signs.push_back(std::move(sign));
  }
  const Definiteness d = show_semidefinite(r.problem, second_derivatives(h, r.t), budget);
  if (!d.proved) return false;
  j["blocks"] = d.proof;
  j["slopes"] = std::move(signs);
  proof = std::move(j);
  return true;
}

}  // namespace nabla::curvature
