#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/evidence.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/judge.hpp>
#include <nabla/proofs/check/refute/counterexample.hpp>
#include <nabla/proofs/check/refute/predicate_pairs.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

constexpr int most_points_tried = 120;
constexpr std::size_t most_premises_tried = 12;

bool is_quantified(const Statement& premise, const Expr& x) {
  return std::ranges::any_of(premise.over, [&](const Expr& v) { return same(v, x); });
}

/// The premise where the numbers that it does not quantify over have the values of the point, and its problem; nothing
/// where the set of what it quantifies over depends on these.
class FixedPremise {
 public:
  FixedPremise(const Problem& problem, const Statement& premise) : problem_(problem), premise_(premise) {
    for (std::size_t k = 0; k < problem.givens.size(); ++k) {
      const Given& g = problem.givens[k];
      if (is_quantified(premise, g.variable)) continue;
      fits_ = fits_ && g.set.kind == Set::Kind::entries && g.set.shape.is_scalar();
      numbers_.push_back(k);
    }
    fits_ = fits_ && !numbers_.empty();
    for (const Given& g : problem.givens)
      if (is_quantified(premise, g.variable))
        fits_ = fits_ && g.set.kind == Set::Kind::entries && !reads(g.set.entries.lo) && !reads(g.set.entries.hi) &&
                std::ranges::none_of(g.set.entries.elements, [&](const Expr& e) { return reads(e); });
    for (const Statement& h : problem.hypotheses) {
      if (h.kind != Statement::Kind::relation) fits_ = false;
      const bool moves = std::ranges::any_of(h.sides, [&](const Expr& e) {
        return std::ranges::any_of(premise.over, [&](const Expr& v) { return depends_on(e, v); });
      });
      const bool is_of_numbers = std::ranges::any_of(h.sides, [&](const Expr& e) { return reads(e); });
      if (moves && is_of_numbers) fits_ = false;
      if (!is_of_numbers) kept_.push_back(h);
    }
  }

  bool fits() const { return fits_; }
  std::vector<Rational> numbers_at(const Point& point) const {
    std::vector<Rational> r;
    for (const std::size_t k : numbers_) r.push_back(point.entries[k][0]);
    return r;
  }
  std::pair<Problem, Statement> at(const Point& point) const {
    std::vector<std::pair<Expr, Expr>> values;
    for (const std::size_t k : numbers_)
      values.emplace_back(problem_.givens[k].variable, Expr(to_constant(point.entries[k][0])));
    const auto put = [&](const Expr& e) { return e.empty() || !e.ref().is_node() ? e : substitute(e, values); };
    std::pair<Problem, Statement> r{problem_, premise_};
    r.first.hypotheses = kept_;
    r.second.subject = put(premise_.subject);
    for (Expr& e : r.second.parameters) e = put(e);
    return r;
  }

 private:
  bool reads(const Expr& e) const {
    return !e.empty() &&
           std::ranges::any_of(numbers_, [&](std::size_t k) { return depends_on(e, problem_.givens[k].variable); });
  }

  const Problem& problem_;
  const Statement& premise_;
  std::vector<std::size_t> numbers_;
  std::vector<Statement> kept_;
  bool fits_ = true;
};

}  // namespace

std::optional<Finding> find_counterexample(const Problem& problem, const Statement& s, const CheckOptions& options,
                                           const Budget& budget) {
  if (s.kind != Statement::Kind::implication || s.children.size() != 2 ||
      problem.functions != FunctionTreatment::none || !problem.derivatives.empty())
    return std::nullopt;
  const Statement &premise = s.children[0], &conclusion = s.children[1];
  if (premise.kind != Statement::Kind::predicate || !is_about_pairs(premise) ||
      conclusion.kind != Statement::Kind::relation)
    return std::nullopt;
  const WorkspaceScope scope(problem.workspace);
  const FixedPremise fixed(problem, premise);
  if (!fixed.fits()) return std::nullopt;
  StatedPoints points(problem, options.seed);
  const Judge judge(problem, conclusion);
  std::vector<std::vector<Rational>> tried;
  for (int n = 0; n < most_points_tried && tried.size() < most_premises_tried; ++n) {
    budget.check();
    const auto point = points.next();
    if (!point) break;
    std::vector<Rational> numbers = fixed.numbers_at(*point);
    if (std::ranges::find(tried, numbers) != tried.end() || judge.at(*point).holds != Truth::no) continue;
    tried.push_back(std::move(numbers));
    const auto [there, holds] = fixed.at(*point);
    for (const Decider decider : deciders()) {
      budget.check();
      std::optional<Finding> f;
      try {
        f = decider(there, holds, options, budget);
      } catch (const NotHandled&) {
      }
      if (!f || f->verdict != Verdict::proved || f->certificates.empty()) continue;
      nlohmann::ordered_json premises = nlohmann::ordered_json::array();
      for (const Certificate& c : f->certificates) premises.push_back({{"kind", c.kind}, {"evidence", evidence_of(c)}});
      Finding r;
      r.verdict = Verdict::refuted;
      r.method = "the premise is proved (" + f->method + ") where the conclusion fails";
      r.message = "the premise holds there, and the conclusion does not";
      r.witness = to_witness(problem, *point);
      r.certificates.push_back(
          {"counterexample", nlohmann::ordered_json{{"witness", r.witness}, {"premise", std::move(premises)}}.dump()});
      return r;
    }
  }
  return std::nullopt;
}

}  // namespace nabla
