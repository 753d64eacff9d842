#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/inequality/region.hpp>
#include <nabla/proofs/check/wellposed/sign_assumptions.hpp>

namespace nabla::inequality {

namespace {

/// Writes problems and statements in scalars.
class Writer {
 public:
  explicit Writer(const Problem& problem) : problem_(problem), scalars_(problem) {
    region_.workspace = scalars_.workspace();
    region_.dimensions = problem.dimensions;
    for (std::size_t g = 0; g < problem.givens.size(); ++g) add_given(g);
    for (const Statement& h : problem.hypotheses) {
      source_ = h.text;
      suppose(h);
    }
    source_.clear();
  }

  Problem& region() { return region_; }
  std::vector<Expr> entries(const Expr& e) { return scalars_.entries(e); }
  const std::shared_ptr<Workspace>& workspace() const { return scalars_.workspace(); }

  /// Takes in what a statement that holds says; what is not understood says nothing.
  void suppose(const Statement& s) {
    if (s.kind == Statement::Kind::relation) {
      for (std::size_t k = 0; k < s.comparisons.size(); ++k) suppose_link(s, k, true);
    } else if (s.kind == Statement::Kind::negation) {
      const Statement& child = s.children[0];
      if (child.kind == Statement::Kind::relation && child.comparisons.size() == 1) suppose_link(child, 0, false);
      if (child.kind == Statement::Kind::negation) suppose(child.children[0]);
    } else if (s.kind == Statement::Kind::predicate && s.predicate == "in" && s.set.kind == Set::Kind::entries &&
               !s.set.entries.is_finite()) {
      const RealSet& set = s.set.entries;
      for (const Expr& e : try_entries(s.subject)) {
        if (!set.lo.empty())
          relate(e, set.lo_closed ? Comparison::greater_equal : Comparison::greater, entries(set.lo)[0]);
        if (!set.hi.empty()) relate(e, set.hi_closed ? Comparison::less_equal : Comparison::less, entries(set.hi)[0]);
      }
    }
  }

 private:
  std::vector<Expr> try_entries(const Expr& e) {
    try {
      return scalars_.entries(e);
    } catch (const NotHandled&) {
      return {};
    }
  }

  void relate(const Expr& a, Comparison how, const Expr& b) {
    Statement s;
    s.sides = {a, b};
    s.comparisons = {how};
    s.text = source_;
    region_.hypotheses.push_back(std::move(s));
  }

  void suppose_link(const Statement& s, std::size_t k, bool holds) {
    const std::vector<Expr> a = try_entries(s.sides[k]), b = try_entries(s.sides[k + 1]);
    const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
    if ((a.size() != n && a.size() != 1) || (b.size() != n && b.size() != 1)) return;
    const Comparison how = holds ? s.comparisons[k] : opposite(s.comparisons[k]);
    // Of tensors, that a relation fails or that they differ says something about some entry only.
    if (n != 1 && (!holds || how == Comparison::not_equal)) return;
    for (std::size_t i = 0; i < n; ++i) relate(a[a.size() == 1 ? 0 : i], how, b[b.size() == 1 ? 0 : i]);
  }

  void add_given(std::size_t g) {
    const Given& given = problem_.givens[g];
    const Set& set = given.set;
    const std::vector<Expr> x = scalars_.entries(given.variable);
    const WorkspaceScope scope(scalars_.workspace());
    Expr sum(0);
    for (std::size_t k = 0; k < x.size(); ++k) {
      const NodeId node = x[k].ref().id();
      sum = sum + x[k];
      if (given_of(region_, node)) continue;  // the mirror image of an entry
      Given made{scalars_.leaf(node).name, x[k], {}, given.place};
      RealSet& range = made.set.entries;
      switch (set.kind) {
        case Set::Kind::entries:
          range.lo_closed = set.entries.lo_closed;
          range.hi_closed = set.entries.hi_closed;
          if (!set.entries.lo.empty()) range.lo = scalars_.entries(set.entries.lo)[0];
          if (!set.entries.hi.empty()) range.hi = scalars_.entries(set.entries.hi)[0];
          for (const Expr& e : set.entries.elements) range.elements.push_back(scalars_.entries(e)[0]);
          break;
        case Set::Kind::simplex:
          range.lo = Expr(0);
          range.hi = Expr(1);
          range.hi_closed = x.size() == 1;
          break;
        case Set::Kind::onehot:
          range.elements = {Expr(0), Expr(1)};
          break;
        case Set::Kind::sym:
          break;
        case Set::Kind::spd:
          if (static_cast<std::int64_t>(k) / set.shape[1] == static_cast<std::int64_t>(k) % set.shape[1])
            range.lo = Expr(0);
          break;
      }
      region_.givens.push_back(std::move(made));
    }
    if ((set.kind == Set::Kind::simplex || set.kind == Set::Kind::onehot) && !x.empty()) {
      source_ = "sum(" + given.name + ") == 1";
      relate(sum, Comparison::equal, Expr(1));
      source_.clear();
    }
    if (set.kind != Set::Kind::spd) return;
    const auto n = static_cast<std::size_t>(set.shape[1]);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j)
        relate(powi(x[i * n + j], 2), Comparison::less, x[i * n + i] * x[j * n + j]);
  }

  const Problem& problem_;
  ScalarForm scalars_;
  Problem region_;
  std::string source_;  // the text of what is being taken in
};

void add_goal(std::vector<Goal>& goals, const Expr& left, Comparison how, const Expr& right) {
  switch (how) {
    case Comparison::less_equal:
      return goals.push_back({right - left, SignGoal::nonnegative});
    case Comparison::less:
      return goals.push_back({right - left, SignGoal::positive});
    case Comparison::greater_equal:
      return goals.push_back({left - right, SignGoal::nonnegative});
    case Comparison::greater:
      return goals.push_back({left - right, SignGoal::positive});
    default:
      return goals.push_back({left - right, SignGoal::nonzero});
  }
}

/// Adds the goals of a statement; false when it is not an inequality.
bool add_goals(Writer& writer, const Statement& s, Question& question) {
  const auto link = [&](const Statement& of, std::size_t k, Comparison how) {
    const std::vector<Expr> a = writer.entries(of.sides[k]), b = writer.entries(of.sides[k + 1]);
    const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
    const WorkspaceScope scope(writer.workspace());
    for (std::size_t i = 0; i < n; ++i)
      add_goal(question.goals, a[a.size() == 1 ? 0 : i], how, b[b.size() == 1 ? 0 : i]);
    question.any = how == Comparison::not_equal && n != 1;
  };
  switch (s.kind) {
    case Statement::Kind::relation:
      for (const Comparison c : s.comparisons)
        if (c == Comparison::equal || (c == Comparison::not_equal && s.comparisons.size() > 1)) return false;
      for (std::size_t k = 0; k < s.comparisons.size(); ++k) link(s, k, s.comparisons[k]);
      return true;
    case Statement::Kind::negation: {
      const Statement& child = s.children[0];
      if (child.kind == Statement::Kind::negation) return add_goals(writer, child.children[0], question);
      if (child.kind != Statement::Kind::relation || child.comparisons.size() != 1) return false;
      const Comparison how = opposite(child.comparisons[0]);
      const bool scalars = child.sides[0].shape().is_scalar() && child.sides[1].shape().is_scalar();
      if (how == Comparison::equal || (!scalars && how != Comparison::not_equal)) return false;
      link(child, 0, how);
      return true;
    }
    case Statement::Kind::implication:
      writer.suppose(s.children[0]);
      return add_goals(writer, s.children[1], question);
    case Statement::Kind::predicate: {
      if (s.predicate != "in" || s.set.kind != Set::Kind::entries || s.set.entries.is_finite()) return false;
      const RealSet& set = s.set.entries;
      const std::vector<Expr> x = writer.entries(s.subject);
      const WorkspaceScope scope(writer.workspace());
      for (const Expr& e : x) {
        if (!set.lo.empty())
          add_goal(question.goals, e, set.lo_closed ? Comparison::greater_equal : Comparison::greater,
                   writer.entries(set.lo)[0]);
        if (!set.hi.empty())
          add_goal(question.goals, e, set.hi_closed ? Comparison::less_equal : Comparison::less,
                   writer.entries(set.hi)[0]);
      }
      return true;
    }
  }
  return false;
}

}  // namespace

Question question_of(const Problem& problem, const Expr& g, SignGoal goal) {
  Writer writer(problem);
  Question question;
  for (const Expr& e : writer.entries(g)) question.goals.push_back({e, goal});
  question.region = std::move(writer.region());
  return question;
}

std::optional<Question> question_of(const Problem& problem, const Statement& statement) {
  Writer writer(problem);
  Question question;
  if (!add_goals(writer, statement, question)) return std::nullopt;
  question.region = std::move(writer.region());
  return question;
}

Expr substituted(const Expr& e, const std::map<NodeId, Expr>& by) {
  if (!e.ref().is_node()) return e;
  const std::shared_ptr<Workspace>& workspace = e.workspace();
  const WorkspaceScope scope(workspace);
  const Ref target[] = {e.ref()};
  const std::vector<bool> needed = reachable(workspace->graph(), target);
  std::vector<Expr> made(needed.size());
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    const Graph& graph = workspace->graph();
    if (const auto it = by.find(id); it != by.end()) {
      made[id] = it->second;
      continue;
    }
    bool changed = false;
    std::vector<Expr> x;
    for (const Ref r : graph.operands(id)) {
      x.push_back(r.is_node() ? made[r.id()] : Expr(workspace, r));
      changed = changed || x.back().ref() != r;
    }
    const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
    made[id] = changed ? detail::append(graph.code(id), {}, x, attributes) : Expr(workspace, Ref::node(id));
  }
  return made[e.ref().id()];
}

Problem substituted(Problem region, NodeId variable, const Expr& by) {
  for (Statement& h : region.hypotheses)
    for (Expr& side : h.sides) side = substituted(side, {{variable, by}});
  return region;
}

std::set<NodeId> variables_of(const Expr& e) {
  std::set<NodeId> found;
  const Ref target[] = {e.ref()};
  const std::vector<bool> needed = reachable(e.graph(), target);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && e.graph().is(id, opcode<Variable>)) found.insert(id);
  return found;
}

std::optional<std::size_t> given_of(const Problem& region, NodeId variable) {
  for (std::size_t g = 0; g < region.givens.size(); ++g)
    if (region.givens[g].variable.ref() == Ref::node(variable)) return g;
  return std::nullopt;
}

Json encoded(const Problem& region, const Expr& e) {
  Json rows = Json::array();
  std::map<std::uint32_t, std::size_t> row_of;
  const Graph& graph = e.graph();
  const auto constant = [&](const Constant& c) {
    rows.push_back(c.kind() == Constant::Kind::pi ? Json::array({"pi"})
                                                  : Json::array({"c", Number<Rational>::of(c).str()}));
    return rows.size() - 1;
  };
  const auto row = [&](Ref r) {
    if (const auto it = row_of.find(r.bits()); it != row_of.end()) return it->second;
    return row_of[r.bits()] = constant(*graph.as_constant(r));
  };
  const Ref target[] = {e.ref()};
  const std::vector<bool> needed = reachable(graph, target);
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    Json made;
    if (graph.is(id, opcode<Variable>)) {
      const auto given = given_of(region, id);
      if (!given) throw NotHandled("an expression with a variable that is none of the givens");
      made = Json::array({"x", *given});
    } else if (graph.as_constant(Ref::node(id)) != nullptr) {
      row(Ref::node(id));
      continue;
    } else {
      Json operands = Json::array();
      for (const Ref r : graph.operands(id)) operands.push_back(row(r));
      const Attributes a = graph.attributes(id);
      made = Json::array({graph.info(id).name, operands, std::vector<std::int64_t>(a.begin(), a.end())});
    }
    row_of[Ref::node(id).bits()] = rows.size();
    rows.push_back(std::move(made));
  }
  if (!e.ref().is_node()) row(e.ref());
  return rows;
}

}  // namespace nabla::inequality
