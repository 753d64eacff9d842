#include <algorithm>
#include <cmath>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/curvature/lipschitz.hpp>
#include <nabla/proofs/check/curvature/lipschitz_bracket.hpp>
#include <nabla/proofs/check/curvature/semidefinite.hpp>
#include <nabla/proofs/check/evidence.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/refute/climb.hpp>
#include <nabla/proofs/check/refute/predicate_pairs.hpp>

namespace nabla {

namespace {

constexpr int bracket_starts = 96, bracket_climbs = 5, bracket_climb_steps = 240;
constexpr double beyond_use = 1e9;  // a constant that grows like this has no bound, it seems
constexpr std::int64_t bracket_steps = 100'000;
constexpr double shares_of_seen[] = {0.999, 0.9};
constexpr double widenings[] = {1e-6, 1e-3, 0.02};

Statement with_constant(Statement s, const Expr& c) {
  s.parameters[0] = c;
  return s;
}

/// The largest |change of F|^2 / |step|^2 met by climbs over points and directions, in doubles; 0 when none.
double largest_quotient(const Problem& problem, const Statement& s, const CheckOptions& options, const Budget& budget) {
  const auto written = write_out_pairs(problem, with_constant(s, Expr(0)));
  if (!written || written->rate.empty()) return 0;
  Problem tangent = problem;
  for (const Expr& v : written->directions) {
    RealSet reach{.lo = Expr(-1), .hi = Expr(1), .lo_closed = true, .hi_closed = true, .elements = {}};
    tangent.givens.push_back({"", v, {.kind = Set::Kind::entries, .entries = reach, .shape = v.shape()}, {}});
  }
  Failure failure = hypotheses_of(tangent);
  failure.excess = {written->rate};
  const SearchSpace space(tangent);
  const Climb climb(space, failure);
  StatedPoints stated(tangent, options.seed);
  std::vector<std::pair<double, SearchSpace::Vector>> starts;
  for (int k = 0; k < bracket_starts; ++k) {
    budget.check();
    const auto p = stated.next();
    if (!p) break;
    SearchSpace::Vector z = space.of(*p);
    const Climb::Height h = climb.at(z);
    if (h.outside == 0 && std::isfinite(h.excess)) starts.emplace_back(h.excess, std::move(z));
  }
  std::ranges::stable_sort(starts, std::greater{}, [](const auto& start) { return start.first; });
  double most = 0;
  for (std::size_t k = 0; k < std::min<std::size_t>(starts.size(), bracket_climbs); ++k) {
    const Climb::Height h = climb.at(climb.climb(starts[k].second, bracket_climb_steps, budget));
    if (h.outside == 0 && std::isfinite(h.excess)) most = std::max(most, h.excess);
  }
  return most;
}

Rational four_digits(double x) {
  const int exponent = static_cast<int>(std::floor(std::log10(x))) - 3;
  const Rational unit = Number<Rational>::powi(Rational(10), exponent);
  return Number<Rational>::floor(exactly(x) / unit) * unit;
}

/// What may be the least constant, where its square was seen to be at least that.
std::vector<Expr> candidates_above(double square) {
  std::vector<Expr> candidates;
  const double root = std::sqrt(square);
  for (const double wider : widenings) {
    const Rational r = simplest_between(exactly(root * (1 - 1e-7)), exactly(root * (1 + wider)));
    candidates.emplace_back(to_constant(r));
    if (wider > widenings[0]) continue;
    const Rational s = simplest_between(exactly(square * (1 - 1e-7)), exactly(square * (1 + wider)));
    if (denominator(s) < 1000 && numerator(s) < 1000) candidates.push_back(sqrt(Expr(to_constant(s))));
  }
  return candidates;
}

}  // namespace

void add_bracket(Finding& finding, const Problem& problem, const Statement& statement, const CheckOptions& options,
                 const Budget& budget) {
  if (statement.kind != Statement::Kind::predicate) return;
  if (statement.predicate != "smooth" && statement.predicate != "lipschitz") return;
  const auto claimed = constant_ball(statement.parameters.at(0));
  if (!claimed || !claimed->is_finite()) return;
  const WorkspaceScope scope(problem.workspace);
  const curvature::SignSteps steps(bracket_steps);
  nlohmann::ordered_json bracket;
  CheckOptions quick = options;
  quick.points = std::min(options.points, 16);
  try {
    const double square = largest_quotient(problem, statement, options, budget);
    const bool seen = square > 1e-12;
    if (seen && square < beyond_use)
      for (const Expr& c : candidates_above(square)) {
        const auto f = decide_lipschitz(problem, with_constant(statement, c), quick, budget);
        if (!f || f->verdict != Verdict::proved) continue;
        bracket["most"] = nabla::to_string(c, {.tree_limit = 400, .limit = 400});
        bracket["proof"] = {{"kind", f->certificates.at(0).kind}, {"data", evidence_of(f->certificates.at(0))}};
        break;
      }
    for (const double share : shares_of_seen) {
      if (!seen) break;
      const Rational least = four_digits(std::sqrt(std::min(square, beyond_use)) * share);
      const auto f = refute(problem, with_constant(statement, Expr(to_constant(least))), quick, budget);
      if (!f || f->verdict != Verdict::refuted) continue;
      bracket["least"] = least.str();
      bracket["pair"] = f->witness;
      break;
    }
  } catch (const NotHandled&) {
  } catch (const std::invalid_argument&) {  // doubles cannot compute an operator
  }
  // What was refuted is such a number as well.
  const auto stated = constant_rational(statement.parameters[0]);
  if (finding.verdict == Verdict::refuted && stated && stated->sign() > 0 &&
      (!bracket.contains("least") || *parse_rational(bracket["least"].get<std::string>()) < *stated)) {
    bracket["least"] = stated->str();
    bracket["pair"] = finding.witness;
  }
  if (!bracket.contains("most") && !bracket.contains("least")) return;
  std::string text = "the least constant ";
  if (bracket.contains("least")) {
    text += "is above " + bracket["least"].get<std::string>() + " (at";
    for (const auto& [name, entries] : bracket["pair"].items()) {
      text += " " + name + " =";
      for (const auto& x : entries) text += " " + x.get<std::string>();
      text += ",";
    }
    text.back() = ')';
  }
  if (bracket.contains("most"))
    text += std::string(bracket.contains("least") ? " and" : "is") + " at most " + bracket["most"].get<std::string>() +
            " (proved)";
  finding.message += (finding.message.empty() ? "" : "; ") + text;
  if (finding.certificates.empty()) return;
  auto data = evidence_of(finding.certificates[0]);
  if (!data.is_object()) return;
  data["bracket"] = std::move(bracket);
  finding.certificates[0].data = data.dump();
}

}  // namespace nabla
