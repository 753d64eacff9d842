#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/check/inequality/region.hpp>
#include <nabla/proofs/check/wellposed/definedness_signs.hpp>

namespace nabla::wellposed {

namespace {

using inequality::Json;

constexpr std::size_t most_asked = 24;  // signs

const char* word_of(SignGoal goal) {
  switch (goal) {
    case SignGoal::positive:
      return "positive";
    case SignGoal::nonnegative:
      return "nonnegative";
    case SignGoal::negative:
      return "negative";
    case SignGoal::nonpositive:
      return "nonpositive";
    case SignGoal::nonzero:
      return "nonzero";
  }
  return "";
}

/// Answers of the prover of inequalities, each asked for once.
class Signs {
 public:
  Signs(const Problem& problem, const std::vector<const Statement*>& premises, const Budget& budget)
      : problem_(problem), premises_(premises.size()), budget_(budget) {
    for (const Statement* p : premises) problem_.hypotheses.push_back(*p);
  }

  /// Whether every entry of e has the sign wherever e has a value.
  bool has(const Expr& e, SignGoal goal) {
    const std::pair key{e.ref().bits(), goal};
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    bool shown = false;
    if (asked_ < most_asked) {
      ++asked_;
      shown = ask(e, goal);
    }
    return known_[key] = shown;
  }

  /// Whether a condition as records write them certainly is 1 (or 0) at every entry.
  bool is(bool one, const Expr& condition) {
    if (const Constant* c = condition.constant()) return c->is(one ? 1 : 0);
    if (!condition.ref().is_node()) return false;
    const Graph& graph = problem_.workspace->graph();
    const NodeId id = condition.ref().id();
    const Opcode code = graph.code(id);
    std::vector<Expr> x;
    for (const Ref r : graph.operands(id)) x.emplace_back(problem_.workspace, r);
    const WorkspaceScope scope(problem_.workspace);
    if (code == opcode<Less>)
      return one ? has(x[1] - x[0], SignGoal::positive) : has(x[0] - x[1], SignGoal::nonnegative);
    if (code == opcode<LessEqual>)
      return one ? has(x[1] - x[0], SignGoal::nonnegative) : has(x[0] - x[1], SignGoal::positive);
    if (code == opcode<Equal>) return !one && has(x[0] - x[1], SignGoal::nonzero);
    if (code == opcode<Sub> && x[0].is(1)) return is(!one, x[1]);
    const bool all = code == opcode<Mul> || code == opcode<Min>;
    if (!all && code != opcode<Max>) return false;
    return all == one ? is(one, x[0]) && is(one, x[1]) : is(one, x[0]) || is(one, x[1]);
  }

  const std::vector<std::string>& proofs() const { return proofs_; }

 private:
  bool ask(const Expr& e, SignGoal goal) {
    const Finding f = prove_sign(problem_, e, goal, budget_);
    if (f.verdict != Verdict::proved) return false;
    const Json proofs = Json::parse(f.certificates.at(0).data).at("goals");
    const inequality::Question question = inequality::question_of(problem_, e, goal);
    for (std::size_t k = 0; k < question.goals.size(); ++k)
      proofs_.push_back(Json{
          {"of", inequality::encoded(question.region, question.goals[k].value)},
          {"sign", word_of(goal)},
          {"premises", premises_},
          {"proof",
           proofs.at(k)}}.dump());
    return true;
  }

  Problem problem_;
  std::size_t premises_;
  const Budget& budget_;
  std::size_t asked_ = 0;
  std::map<std::pair<std::uint32_t, SignGoal>, bool> known_;
  std::vector<std::string> proofs_;
};

/// What the rules of regularity may ask, answered before.
struct Answered final : Situation {
  bool kink_free(NodeId) const override { return no_kink; }
  bool positive(Ref) const override { return base_positive; }
  bool nonzero(Ref) const override { return false; }
  bool no_kink = false, base_positive = false;
};

class Asker {
 public:
  Asker(const Problem& problem, const std::vector<const Statement*>& premises, const Goal& goal, const Budget& budget)
      : workspace_(problem.workspace),
        goal_(goal),
        signs_(problem, premises, budget),
        dependence_(problem.workspace->graph(), goal.targets, goal.by) {}

  void run(Outcome& outcome) {
    // Operands stand before what reads them; what was shown of an operator holds in every context.
    std::vector<Open> left;
    for (const Open& o : outcome.open) {
      const auto [it, is_new] = shown_.emplace(o.node, false);
      if (is_new && left.empty()) it->second = shows(o);
      if (!it->second) left.push_back(o);
    }
    outcome.open = std::move(left);
    outcome.signs = signs_.proofs();
  }

 private:
  bool shows(const Open& open) {
    const Graph& graph = workspace_->graph();
    const WorkspaceScope scope(workspace_);
    const Opcode code = graph.code(open.node);
    if (code >= builtin_count || graph.info(open.node).family == Family::leaf) return false;
    const std::vector<std::int64_t> attributes(graph.attributes(open.node).begin(), graph.attributes(open.node).end());
    std::vector<Expr> x;
    for (const Ref r : graph.operands(open.node)) x.emplace_back(workspace_, r);
    const OperatorInfo& info = graph.info(open.node);
    if (open.undefined) {
      const Expr inside = domain_condition(code, attributes, x);
      const bool has_poles = info.facts.domain.hole == Hole::odd_multiples_of_half_pi;
      if (inside.empty() && !has_poles) return false;  // the record does not say why
      if (!inside.empty() && !signs_.is(true, inside)) return false;
      if (has_poles && !signs_.has(cos(x[0]), SignGoal::nonzero)) return false;
    }
    if (goal_.want == Want::defined) return true;
    Answered at;
    const auto regular = [&] {
      return is_regular(workspace_->graph(), open.node, goal_.want, dependence_, at, goal_.conventions);
    };
    if (regular()) return true;
    if (code == opcode<Pow>) {
      at.base_positive = signs_.has(x[0], SignGoal::positive);
      if (regular()) return true;
    }
    const Expr kink = kink_condition(code, attributes, x);
    at.no_kink = kink.empty() ? info.facts.kinks.empty() : signs_.is(false, kink);
    return at.no_kink && regular();
  }

  std::shared_ptr<Workspace> workspace_;
  const Goal& goal_;
  Signs signs_;
  Dependence dependence_;
  std::map<NodeId, bool> shown_;
};

}  // namespace

void ask_for_signs(const Problem& problem, const std::vector<const Statement*>& premises, const Goal& goal,
                   Outcome& outcome, const Budget& budget) {
  if (outcome.proved() || problem.functions != FunctionTreatment::none) return;
  try {
    Asker(problem, premises, goal, budget).run(outcome);
  } catch (const NotHandled&) {  // what cannot be written in scalars stays open
  }
}

}  // namespace nabla::wellposed
