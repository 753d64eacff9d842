#include <fmt/format.h>

#include <cmath>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/difference.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/refute/predicate_pairs.hpp>
#include <nabla/proofs/check/refute/unlike_sizes.hpp>

/// Support: agreement at sampled points at growing precision. Not a proof, and the report says so.
namespace nabla {

namespace {

constexpr std::array precisions{25, 50, 100};
constexpr double bits_per_digit = 3.3219280948873626;
/// What differences of step 10^-digits may miss the derivative by: they agree to about 2 * digits digits, less what
/// the third derivative costs.
double allowed_difference(int digits) { return std::pow(10.0, -(digits - 5)); }
/// How much smaller the residual of a contact is at the last precision than at the first, at least.
constexpr double shrunk = 1e-20;
/// Pairs of equal points are not looked at; so many are drawn at most.
constexpr int most_passed = 2000;
/// Oracles cost a run per entry; a subset of the points is compared.
constexpr int oracle_points = 8;

struct Residuals {
  std::map<int, double> worst;
  void note(int digits, double r) {
    auto& w = worst[digits];
    w = std::max(w, r);
  }
};

Finding unsupported(std::string reason) {
  Finding f;
  f.verdict = Verdict::undecided;
  f.message = std::move(reason);
  return f;
}

/// A pair of equal points, or a weight that makes both sides the same.
bool says_nothing(const WrittenOut& written, const Point& pair) {
  bool equal = true;
  for (std::size_t k = 0; k < written.first.size(); ++k)
    equal = equal && pair.entries[written.first[k]] == pair.entries[written.second[k]];
  if (!written.weight) return equal;
  const Rational& w = pair.entries[*written.weight][0];
  const bool between = !written.rate.empty();  // t x + (1 - t) x', and not x + c x'
  return w.is_zero() || (between && (equal || w == 1));
}

}  // namespace

Finding support(const Problem& stated_problem, const Statement& stated_claim, const CheckOptions& options,
                const Budget& budget) {
  const std::optional<WrittenOut> written = write_out_pairs(stated_problem, stated_claim);
  const Problem& problem = written ? written->problem : stated_problem;
  const Statement& statement = written ? written->statement : stated_claim;
  const Judge judge(problem, statement);
  UnlikeSizes unlike_sizes(problem, statement);
  StatedPoints stated(problem, options.seed);
  Residuals residuals;
  int agreed = 0;
  int informative = 0;
  int exact = 0;
  int open = 0;
  int compared = 0;
  int unlike = 0;
  std::string where_open;
  bool exhausted = false;
  int passed = 0;
  // The first points have equal coordinates and the like. Where no search for a witness has gone beyond them, as with
  // function variables, all that may be drawn are looked at.
  const bool searched = problem.functions != FunctionTreatment::abstract;
  const int most = 3 * options.points;
  for (int tries = 0; tries < most && (!searched || agreed < options.points); ++tries) {
    budget.check();
    const std::optional<Point> point = stated.next();
    if (!point) {
      exhausted = stated.exhausted();
      break;
    }
    if (written && says_nothing(*written, *point)) {
      --tries;
      if (++passed > most_passed) break;
      continue;
    }
    Judgement last;
    bool agrees = true;
    double first_residual = 0;
    for (const int digits : precisions) {
      last = judge.at(*point, static_cast<long>(std::ceil(digits * bits_per_digit)));
      if (last.holds == Truth::yes) {
        residuals.note(digits, 0);
        continue;
      }
      agrees = last.contact;
      if (digits == precisions.front()) first_residual = last.residual;
      // Sides that are equal agree in ever more digits.
      if (digits == precisions.back() && last.residual > first_residual * shrunk) agrees = false;
      if (!agrees) break;
      residuals.note(digits, last.residual);
    }
    if (!agrees) {
      ++open;
      if (where_open.empty())
        where_open = last.undefined ? "a side has no value that could be enclosed" : "not decided";
      continue;
    }
    if (last.holds != Truth::yes && unlike_sizes.at(*point)) {
      ++unlike;
      continue;
    }
    ++agreed;
    if (!last.trivial) ++informative;
    if (last.exact) ++exact;
    if (compared >= oracle_points) continue;
    bool any = false;
    for (const Derivative& d : problem.derivatives)
      for (const int digits : precisions) {
        budget.check();
        const DifferenceCheck check = compare_with_differences(problem, d, *point, digits);
        if (!check.compared) break;
        any = true;
        residuals.note(digits, check.residual);
        if (check.residual > allowed_difference(digits))
          return unsupported(fmt::format("differences at {} digits do not confirm {} (residual {:.2g})", digits, d.text,
                                         check.residual));
      }
    compared += any ? 1 : 0;
  }
  const std::string agreement_of_unlike = fmt::format(
      "at {} points the sides agree in {} digits, but numbers are added there that are too unlike in size to be seen",
      unlike, precisions.back());
  if (unlike > 0 && open == 0 && (exhausted || agreed < options.points)) return unsupported(agreement_of_unlike);
  if (agreed == 0 && open == 0 && exhausted) {
    Finding vacuous;
    vacuous.verdict = Verdict::ill_posed;
    vacuous.method = "every point of the finite set, exactly";
    vacuous.message = "vacuous: the hypotheses hold at no point of the stated set";
    return vacuous;
  }
  if (agreed == 0 && open == 0) return unsupported("no point was found at which the hypotheses hold");
  if (open > 0) return unsupported(fmt::format("{} of {} points: {}", open, open + agreed, where_open));
  if (informative == 0 && !(exhausted && exact == agreed))
    return unsupported("at every sampled point both sides are zero, which says nothing");
  if (!exhausted && agreed < options.points)
    return unsupported(fmt::format("only {} points of the stated set were found", agreed));
  if (!problem.derivatives.empty() && compared == 0)
    return unsupported("no sampled point let a derivative be compared with differences");

  Finding finding;
  finding.points = agreed;
  for (const auto& [digits, worst] : residuals.worst) finding.residuals[digits] = fmt::format("{:.3g}", worst);
  if (exhausted && exact == agreed && problem.derivatives.empty()) {
    finding.verdict = Verdict::proved;
    finding.method = "every point of the finite set, exact rationals";
    finding.certificates.push_back({"exhaustive", fmt::format("{{\"points\": {}}}", agreed)});
    return finding;
  }
  finding.verdict = Verdict::supported;
  if (written) finding.message = "at pairs of points: " + written->text;
  finding.method = problem.derivatives.empty()
                       ? "sampled at growing precision; not a proof"
                       : "sampled at growing precision, derivatives against differences; not a proof";
  return finding;
}

}  // namespace nabla
