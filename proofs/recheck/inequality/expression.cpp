#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/recheck/identity/entries.hpp>
#include <nabla/proofs/recheck/inequality/expression.hpp>

namespace nabla::rederive {

Expr decoded(const Problem& region, const Json& rows) {
  const WorkspaceScope scope(region.workspace);
  std::vector<Expr> made;
  for (const Json& row : rows) {
    const auto name = row.at(0).get<std::string>();
    if (name == "x") {
      made.push_back(region.givens.at(row.at(1).get<std::size_t>()).variable);
    } else if (name == "pi") {
      made.emplace_back(Constant::pi());
    } else if (name == "c") {
      const auto value = parse_rational(row.at(1).get<std::string>());
      if (!value) throw Unfounded("a constant of the certificate is not a number");
      made.emplace_back(to_constant(*value));
    } else {
      const int code = find_operator(name);
      if (code < 0 || static_cast<std::size_t>(code) >= builtin_count ||
          operator_info(static_cast<Opcode>(code)).family != Family::elementwise)
        throw Unfounded("the certificate uses '" + name + "', which is no operator on scalars");
      std::vector<Expr> x;
      for (const Json& k : row.at(1)) x.push_back(made.at(k.get<std::size_t>()));
      if (static_cast<int>(x.size()) != operator_info(static_cast<Opcode>(code)).arity)
        throw Unfounded("'" + name + "' has another number of operands");
      const auto attributes = row.at(2).get<std::vector<std::int64_t>>();
      made.push_back(detail::append(static_cast<Opcode>(code), {}, x, attributes));
    }
  }
  if (made.empty()) throw Unfounded("an expression of the certificate is empty");
  return made.back();
}

Expr replaced(const Expr& e, const std::map<NodeId, Expr>& by) {
  if (!e.ref().is_node()) return e;
  const std::shared_ptr<Workspace>& workspace = e.workspace();
  const WorkspaceScope scope(workspace);
  const Ref target[] = {e.ref()};
  const std::vector<bool> needed = reachable(workspace->graph(), target);
  std::vector<Expr> made(needed.size());
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    const auto found = by.find(id);
    const Graph& graph = workspace->graph();
    if (found != by.end()) {
      made[id] = found->second;
      continue;
    }
    if (graph.info(id).family == Family::leaf) {
      made[id] = Expr(workspace, Ref::node(id));
      continue;
    }
    std::vector<Expr> x;
    for (const Ref r : graph.operands(id)) x.push_back(r.is_node() ? made[r.id()] : Expr(workspace, r));
    const Opcode code = graph.code(id);
    const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
    const bool twice = x.size() == 2 && same(x[0], x[1]) && x[0].ref().is_node();
    made[id] = twice && code == opcode<Mul>   ? powi(x[0], 2)
               : twice && code == opcode<Sub> ? Expr(0) * x[0]
                                              : detail::append(code, {}, x, attributes);
  }
  return made[e.ref().id()];
}

std::vector<NodeId> variables_in(const Expr& e) {
  std::vector<NodeId> found;
  const Ref target[] = {e.ref()};
  const std::vector<bool> needed = reachable(e.graph(), target);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && e.graph().is(id, opcode<Variable>)) found.push_back(id);
  return found;
}

bool mentions(const Expr& e, NodeId variable) {
  for (const NodeId v : variables_in(e))
    if (v == variable) return true;
  return false;
}

Comparison negation_of(Comparison how) {
  switch (how) {
    case Comparison::equal:
      return Comparison::not_equal;
    case Comparison::not_equal:
      return Comparison::equal;
    case Comparison::less:
      return Comparison::greater_equal;
    case Comparison::less_equal:
      return Comparison::greater;
    case Comparison::greater:
      return Comparison::less_equal;
    case Comparison::greater_equal:
      return Comparison::less;
  }
  return how;
}

struct ScalarProblem::Parts {
  explicit Parts(const Problem& problem) : entries(problem) {}
  Entries entries;
};

ScalarProblem::~ScalarProblem() = default;

ScalarProblem::ScalarProblem(const Problem& problem) : parts_(std::make_unique<Parts>(problem)) {
  region_.workspace = parts_->entries.workspace();
  std::size_t count = 0;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    const Set& set = problem.givens[g].set;
    const std::vector<Expr> x = entries(problem.givens[g].variable);
    const WorkspaceScope scope(region_.workspace);
    for (std::size_t k = 0; k < x.size(); ++k) {
      // A mirrored entry was met as the entry that it repeats.
      if (parts_->entries.entry(x[k].ref().id()).index != static_cast<std::int64_t>(k)) continue;
      Given made{"entry" + std::to_string(++count), x[k], {}, {}};
      RealSet& to = made.set.entries;
      if (set.kind == Set::Kind::entries) {
        to.lo_closed = set.entries.lo_closed;
        to.hi_closed = set.entries.hi_closed;
        if (!set.entries.lo.empty()) to.lo = entries(set.entries.lo).at(0);
        if (!set.entries.hi.empty()) to.hi = entries(set.entries.hi).at(0);
        for (const Expr& e : set.entries.elements) to.elements.push_back(entries(e).at(0));
      } else if (set.kind == Set::Kind::simplex) {
        to.lo = Expr(0);
        to.hi = Expr(1);
        to.hi_closed = x.size() == 1;
      } else if (set.kind == Set::Kind::onehot) {
        to.elements = {Expr(0), Expr(1)};
      } else if (set.kind == Set::Kind::spd) {
        if (static_cast<std::int64_t>(k) % (set.shape[1] + 1) == 0) to.lo = Expr(0);
      }
      region_.givens.push_back(std::move(made));
    }
    if ((set.kind == Set::Kind::simplex || set.kind == Set::Kind::onehot) && !x.empty()) {
      Expr total(0);
      for (const Expr& e : x) total = total + e;
      relate(total, Comparison::equal, Expr(1));
    }
    if (set.kind == Set::Kind::spd) {
      const auto n = static_cast<std::size_t>(set.shape[1]);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j)
          relate(powi(x[i * n + j], 2), Comparison::less, x[i * n + i] * x[j * n + j]);
    }
  }
  for (const Statement& h : problem.hypotheses) suppose(h);
}

std::vector<Expr> ScalarProblem::entries(const Expr& e) { return parts_->entries.of(e); }

void ScalarProblem::relate(const Expr& a, Comparison how, const Expr& b) {
  Statement s;
  s.sides = {a, b};
  s.comparisons = {how};
  region_.hypotheses.push_back(std::move(s));
}

void ScalarProblem::suppose_link(const Statement& s, std::size_t k, bool holds) {
  std::vector<Expr> a, b;
  try {
    a = entries(s.sides[k]);
    b = entries(s.sides[k + 1]);
  } catch (const NotHandled&) {
    return;
  }
  const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
  if ((a.size() != n && a.size() != 1) || (b.size() != n && b.size() != 1)) return;
  const Comparison how = holds ? s.comparisons[k] : negation_of(s.comparisons[k]);
  if (n != 1 && (!holds || how == Comparison::not_equal)) return;
  for (std::size_t i = 0; i < n; ++i) relate(a[a.size() == 1 ? 0 : i], how, b[b.size() == 1 ? 0 : i]);
}

void ScalarProblem::suppose(const Statement& s) {
  switch (s.kind) {
    case Statement::Kind::relation:
      for (std::size_t k = 0; k < s.comparisons.size(); ++k) suppose_link(s, k, true);
      return;
    case Statement::Kind::negation: {
      const Statement& inner = s.children[0];
      if (inner.kind == Statement::Kind::negation) suppose(inner.children[0]);
      if (inner.kind == Statement::Kind::relation && inner.comparisons.size() == 1) suppose_link(inner, 0, false);
      return;
    }
    case Statement::Kind::predicate: {
      const RealSet& set = s.set.entries;
      if (s.predicate != "in" || s.set.kind != Set::Kind::entries || set.is_finite()) return;
      std::vector<Expr> x;
      try {
        x = entries(s.subject);
      } catch (const NotHandled&) {
        return;
      }
      for (const Expr& e : x) {
        if (!set.lo.empty())
          relate(e, set.lo_closed ? Comparison::greater_equal : Comparison::greater, entries(set.lo).at(0));
        if (!set.hi.empty())
          relate(e, set.hi_closed ? Comparison::less_equal : Comparison::less, entries(set.hi).at(0));
      }
      return;
    }
    case Statement::Kind::implication:
      return;
  }
}

}  // namespace nabla::rederive
