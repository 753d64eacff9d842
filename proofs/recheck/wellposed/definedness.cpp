#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/curvature/cone.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/definite.hpp>
#include <nabla/proofs/recheck/identity/walk.hpp>
#include <nabla/proofs/recheck/wellposed/definedness.hpp>
#include <nabla/proofs/recheck/wellposed/definedness_intervals.hpp>
#include <nabla/proofs/recheck/wellposed/definedness_signs.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using namespace rederive;

constexpr std::int64_t most_definedness_steps = 8'000'000;
constexpr std::size_t most_definedness_cases = 600;
constexpr std::size_t deepest_definedness_case = 16;

/// What has to be shown of an expression where some relations hold.
struct Task {
  enum class What : std::uint8_t { defined, continuous, differentiable };
  Expr of;
  What what = What::defined;
  std::vector<Expr> by;  ///< continuous, differentiable: in these; empty: in every variable
  std::vector<const Statement*> premises;
  std::vector<Expr> guards;  ///< nonzero where the expression is read
};

/// Predicates that are true or false of whatever they are asked about.
bool is_total(const std::string& predicate) {
  return predicate == "defined" || predicate == "continuous" || predicate == "differentiable";
}

Task::What wanted(const std::string& predicate) {
  return predicate == "defined"      ? Task::What::defined
         : predicate == "continuous" ? Task::What::continuous
                                     : Task::What::differentiable;
}

void collect(const Statement& s, const std::vector<const Statement*>& premises, std::vector<Task>& tasks) {
  const auto add = [&](const Expr& e) { tasks.push_back({.of = e, .by = {}, .premises = premises, .guards = {}}); };
  switch (s.kind) {
    case Statement::Kind::relation:
      for (const Expr& side : s.sides) add(side);
      return;
    case Statement::Kind::predicate: {
      for (const Expr& p : s.parameters) add(p);
      if (is_total(s.predicate))
        tasks.push_back(
            {.of = s.subject, .what = wanted(s.predicate), .by = s.over, .premises = premises, .guards = {}});
      else if (!s.subject.empty())
        add(s.subject);
      return;
    }
    case Statement::Kind::negation:
      for (const Statement& child : s.children) {
        const bool may_fail = child.kind == Statement::Kind::predicate && is_total(child.predicate);
        if (!may_fail) collect(child, premises, tasks);
      }
      return;
    case Statement::Kind::implication: {
      collect(s.children.at(0), premises, tasks);
      std::vector<const Statement*> more = premises;
      more.push_back(&s.children.at(0));
      collect(s.children.at(1), more, tasks);
      return;
    }
  }
}

/// 0 or 1, and locally constant wherever its sides, if they are continuous, are apart.
bool is_condition(Opcode code) { return code == opcode<Less> || code == opcode<LessEqual> || code == opcode<Equal>; }

/// The facts that a relation states of entries; what is no relation says nothing.
void add_facts(Entries& entries, const Statement& s, std::vector<Fact>& facts) {
  if (s.kind != Statement::Kind::relation) return;
  for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
    const std::vector<Expr> a = entries.of(s.sides[k]), b = entries.of(s.sides[k + 1]);
    const std::size_t n = a.size() == 1 ? b.size() : a.size();
    if ((b.size() != n && b.size() != 1) || (s.comparisons[k] == Comparison::not_equal && n != 1)) continue;
    const WorkspaceScope scope(entries.workspace());
    constexpr Signs signs[] = {rederive::zero,        rederive::nonzero,  rederive::negative,
                               rederive::nonpositive, rederive::positive, rederive::nonnegative};
    for (std::size_t i = 0; i < n; ++i)
      facts.push_back(
          {a[a.size() == 1 ? 0 : i] - b[b.size() == 1 ? 0 : i], signs[static_cast<std::size_t>(s.comparisons[k])]});
  }
}

/// The work on one task.
class Check {
 public:
  Check(const Problem& problem, const Task& task) : problem_(problem), task_(task), entries_(problem) {
    for (const Given& g : problem.givens) {
      if (g.set.kind != Set::Kind::simplex && g.set.kind != Set::Kind::onehot) continue;
      const std::vector<Expr> x = entries_.of(g.variable);
      const WorkspaceScope scope(entries_.workspace());
      Expr total(0);
      for (const Expr& e : x) total = total + e;
      stated_.push_back({total - 1, rederive::zero});
    }
    for (const Statement& h : problem.hypotheses) add_facts(entries_, h, stated_);
    for (const Statement* p : task.premises) add_facts(entries_, *p, stated_);
    for (const Expr& guard : task.guards)
      for (const Expr& e : entries_.of(guard)) stated_.push_back({e, rederive::nonzero});
  }

  /// Takes in the signs that a certificate proves, of expressions that are defined everywhere.
  void learn(const ProvenSigns& proven) {
    for (std::size_t k = 0; k < proven.size(); ++k) {
      const auto fact = proven.confirmed(k, problem_, task_.premises, entries_);
      // A value that does not exist has a sign for no reason: nothing may be concluded from it.
      if (fact && in_every_case(fact->expression, false).empty()) stated_.push_back(*fact);
    }
  }

  /// Empty when it was shown; else what was not.
  std::string run() {
    const std::vector<Expr> targets = entries_.of(task_.of);
    for (const Expr& e : targets)
      if (std::string why = in_every_case(e, false); !why.empty()) return why;
    if (task_.what == Task::What::defined) return "";
    return regular(targets);
  }

 private:
  /// That an expression is defined (and, if asked, zero) whatever signs its parts have.
  std::string in_every_case(const Expr& e, bool vanishes) {
    Algebra algebra(most_definedness_steps);
    Walk walk(problem_, entries_, algebra);
    // What was learnt of a case comes first: what is stated may hang on it (abs(z) > 0).
    std::vector<std::vector<Fact>> cases{{}};
    std::size_t count = 0;
    while (!cases.empty()) {
      const std::vector<Fact> learnt = std::move(cases.back());
      cases.pop_back();
      if (++count > most_definedness_cases || learnt.size() > deepest_definedness_case)
        return "too many cases of signs";
      std::vector<Fact> facts = learnt;
      facts.insert(facts.end(), stated_.begin(), stated_.end());
      try {
        bool shown = false;
        constexpr int most_attempts = 12;
        for (int attempt = 0; attempt < most_attempts && !shown; ++attempt) {
          try {
            walk.begin(facts);
            const auto seen = walk.outcome(e);
            shown = vanishes ? seen.quotient && algebra.is_zero(*seen.quotient) : seen.everywhere;
            if (!shown && attempt > 2) break;
          } catch (const Again&) {
          }
        }
        if (!shown) return vanishes ? "an operator may be at its kink" : "a value may not exist";
      } catch (const Fork& fork) {
        for (const Signs s : {fork.first, fork.second}) {
          cases.push_back(learnt);
          cases.back().push_back({fork.expression, s});
        }
      } catch (const Impossible&) {
        // Where premises cannot hold, nothing is read.
        if (learnt.empty() && task_.premises.empty()) return "the hypotheses contradict each other";
      }
    }
    return "";
  }

  std::string regular(const std::vector<Expr>& targets) {
    std::vector<Ref> refs;
    for (const Expr& e : targets)
      if (e.ref().is_node()) refs.push_back(e.ref());
    std::vector<NodeId> by;
    for (const Expr& x : task_.by)
      for (const Expr& e : entries_.of(x))
        if (e.ref().is_node()) by.push_back(e.ref().id());
    const std::vector<bool> read = reachable(entries_.workspace()->graph(), refs);
    std::vector<bool> moves(read.size(), false);
    std::vector<bool> wanders(read.size(), false);  // moves otherwise than in steps, which happen at kinks
    for (NodeId id = 0; id < read.size(); ++id) {
      if (!read[id]) continue;
      // Conditions below append nodes, so nothing of the graph is held over a round.
      const Graph& graph = entries_.workspace()->graph();
      const OperatorInfo& info = graph.info(id);
      std::vector<Expr> x;
      for (const Ref r : graph.operands(id)) {
        x.emplace_back(entries_.workspace(), r);
        moves[id] = moves[id] || (r.is_node() && moves[r.id()]);
        wanders[id] = wanders[id] || (r.is_node() && wanders[r.id()]);
      }
      const bool agreed =
          std::ranges::any_of(problem_.conventions, [&](const KinkConvention& c) { return c.operation == info.name; });
      if (is_condition(graph.code(id)) && !agreed) wanders[id] = false;
      if (graph.is(id, opcode<Variable>))
        wanders[id] = moves[id] = task_.by.empty() || std::ranges::find(by, id) != by.end();
      if (!moves[id] || info.family == Family::leaf) continue;
      if (task_.what == Task::What::continuous && info.facts.regularity != Regularity::discontinuous &&
          !graph.is(id, opcode<Where>))
        continue;
      if (agreed && task_.what == Task::What::differentiable) continue;
      const WorkspaceScope scope(entries_.workspace());
      const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
      const Expr kink = kink_condition(graph.code(id), attributes, x);
      if (kink.empty() && !info.facts.kinks.empty()) return info.name + " may be at its kink";
      if (graph.is(id, opcode<Where>) && x[0].ref().is_node() && wanders[x[0].ref().id()])
        return "a choice by what is no condition";
      if (kink.empty()) continue;
      std::string why = in_every_case(kink, true);
      if (!why.empty() && is_only_squared(id, read, refs)) {
        const Expr node(entries_.workspace(), Ref::node(id));
        why = in_every_case(kink * node, true);
      }
      if (!why.empty()) return entries_.workspace()->graph().info(id).name + ": " + why;
    }
    return "";
  }

  /// Whether a node is locally Lipschitz, as convex and concave functions on all reals are, and only its powers from
  /// the square on are read: where it is 0 they have derivative 0. So they have of a square root: what is under it is
  /// nowhere negative, so that it has derivative 0 where it is 0.
  bool is_only_squared(NodeId id, const std::vector<bool>& read, const std::vector<Ref>& targets) const {
    const Graph& graph = entries_.workspace()->graph();
    const Facts& facts = graph.info(id).facts;
    const bool is_lipschitz = facts.curvature != Curvature::none && facts.domain.lo == -unbounded &&
                              facts.domain.hi == unbounded && graph.operands(id).size() == 1;
    const bool is_root = graph.is(id, opcode<Sqrt>);
    if ((!is_lipschitz && !is_root) || std::ranges::find(targets, Ref::node(id)) != targets.end()) return false;
    for (NodeId reader = id + 1; reader < read.size(); ++reader) {
      if (!read[reader]) continue;
      const auto x = graph.operands(reader);
      if (std::ranges::find(x, Ref::node(id)) == x.end()) continue;
      const bool is_power = graph.is(reader, opcode<PowI>) && graph.attributes(reader)[0] >= 2;
      const bool is_square = graph.is(reader, opcode<Square>) || (graph.is(reader, opcode<Mul>) && x[0] == x[1]);
      if (!is_power && !is_square) return false;
    }
    return true;
  }

  const Problem& problem_;
  const Task& task_;
  Entries entries_;
  std::vector<Fact> stated_;
};

/// Whether ranges show that a number made of numbers is defined, and continuous where that is asked.
bool is_regular_by_ranges(const Problem& problem, const Task& task) {
  if (!task.of.ref().is_node()) return true;
  const Ref of[] = {task.of.ref()};
  const Graph& graph = problem.workspace->graph();
  const std::vector<bool> read = reachable(graph, of);
  for (NodeId id = 0; id < read.size(); ++id)
    if (read[id] && (!graph.shape(id).is_scalar() || graph.is(id, opcode<Where>))) return false;
  if (!bending::exists_everywhere(problem, task.of)) return false;
  std::vector<Expr> by = task.by;
  if (by.empty())
    for (const Given& g : problem.givens) by.push_back(g.variable);
  return task.what == Task::What::defined || bending::is_continuous(problem, task.of, by);
}

/// Whether all operators in it are smooth.
bool has_no_kinks(const Problem& problem, const Expr& e) {
  const Graph& graph = problem.workspace->graph();
  const Ref of[] = {e.ref()};
  const std::vector<bool> read = reachable(graph, of);
  for (NodeId id = 0; id < read.size(); ++id)
    if (read[id] && (!graph.info(id).facts.kinks.empty() || graph.info(id).facts.regularity != Regularity::smooth))
      return false;
  return true;
}

using PieceProofs = std::vector<nlohmann::ordered_json>;

PieceProofs pieces_in(std::string_view data) {
  PieceProofs proofs;
  const auto all = nlohmann::ordered_json::parse(data, nullptr, false);
  if (!all.is_object() || !all.contains("goals") || !all.at("goals").is_array()) return proofs;
  for (const auto& goal : all.at("goals"))
    if (goal.is_object() && goal.contains("pieces")) proofs.push_back(goal.at("pieces"));
  return proofs;
}

/// Whether a function of one number is smooth between breaks, its pieces meet with their slopes, and its derivative by
/// the chain rule is continuous, or is the derivative at the breaks, which between them it is.
bool is_smooth_in_pieces(const Problem& problem, const Task& task, const PieceProofs& proofs) {
  if (task.by.size() != 1 || !task.of.ref().is_node() || !task.of.shape().is_scalar() ||
      !task.by[0].shape().is_scalar() || !problem.conventions.empty() || problem.functions != FunctionTreatment::none)
    return false;
  const Expr chain = gradient(task.of, task.by[0]);
  // The parameter of a function that reads nothing else may be any number.
  Problem over = problem;
  const auto is_met = [&](const Given& g) { return same(g.variable, task.by[0]) || depends_on(task.of, g.variable); };
  if (std::ranges::none_of(problem.givens, is_met)) {
    over.hypotheses.clear();
    over.givens = {{"parameter", task.by[0], {}, {}}};
  }
  return std::ranges::any_of(proofs, [&](const nlohmann::ordered_json& proof) {
    try {
      return replay_derivative_in_pieces(over, task.of, task.by[0], chain, proof);
    } catch (const nlohmann::json::exception&) {
      return false;
    } catch (const std::out_of_range&) {
      return false;
    }
  });
}

Replay replay(const Problem& problem, const Statement& statement, const ProvenSigns& proven,
              const PieceProofs& pieces) {
  std::vector<Task> tasks;
  collect(statement, {}, tasks);
  for (const Expr& e : problem.must_be_defined) tasks.push_back({.of = e, .by = {}, .premises = {}, .guards = {}});
  const auto first_derivative = static_cast<std::ptrdiff_t>(tasks.size());
  for (const Derivative& d : problem.derivatives)
    // The value of a function variable is a variable of its own, which does not show what it depends on.
    tasks.push_back({.of = d.of,
                     .what = Task::What::differentiable,
                     .by = problem.functions == FunctionTreatment::abstract ? std::vector<Expr>{} : std::vector{d.by},
                     .premises = {},
                     .guards = d.guards});
  for (const Task& task : tasks) {
    if (task.what == Task::What::defined && total_in_intervals(problem, task.of)) continue;
    // Before determinants are written out as polynomials.
    const bool is_smooth = task.what == Task::What::defined || has_no_kinks(problem, task.of);
    if (is_smooth && inverses_exist(problem, task.of)) continue;
    std::string why;
    try {
      why = Check(problem, task).run();
    } catch (const Exhausted& e) {
      why = e.what();
    }
    if (!why.empty() && !proven.empty()) {
      Check check(problem, task);
      check.learn(proven);
      why = check.run();
    }
    const bool is_derivative = task.what == Task::What::differentiable && &task - tasks.data() >= first_derivative;
    if (!why.empty() && task.what != Task::What::differentiable && is_regular_by_ranges(problem, task)) continue;
    if (!why.empty() && is_derivative && is_smooth_in_pieces(problem, task, pieces)) continue;
    if (!why.empty()) return {Replay::Answer::no, why};
  }
  return {Replay::Answer::yes, ""};
}

}  // namespace

Replay recheck_definedness(const Problem& problem, const Statement& statement, std::string_view data) {
  const WorkspaceScope scope(problem.workspace);
  try {
    return replay(problem, statement, ProvenSigns(data), pieces_in(data));
  } catch (const Exhausted& e) {
    return {Replay::Answer::budget, e.what()};
  } catch (const std::length_error& e) {
    return {Replay::Answer::budget, e.what()};
  } catch (const NotHandled& e) {
    return {Replay::Answer::no, e.what()};
  }
}

}  // namespace nabla
