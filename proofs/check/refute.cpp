#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nlohmann/json.hpp>

/// Refutation: a point of the stated set at which the statement certainly fails.
namespace nabla {

namespace {

constexpr long confirming_bits = 4096;
constexpr int points_per_sample = 4;  // the refuter looks at more points than support reports

bool refutes(const Judge& judge, const StatedPoints& stated, const Point& point, long bits) {
  return judge.at(point, bits).holds == Truth::no && stated.satisfies(point);
}

/// Shorter values for the entries, one at a time, as long as the point still refutes.
Point minimised(const Judge& judge, const StatedPoints& stated, Point point, const Budget& budget) {
  static const std::vector<Rational> shorter = [] {
    std::vector<Rational> values;
    for (const char* text : {"0", "1", "-1", "2", "-2", "1/2", "-1/2", "3", "-3", "1/4", "-1/4", "1/10", "-1/10"})
      values.push_back(*parse_rational(text));
    return values;
  }();
  for (auto& entries : point.entries)
    for (Rational& x : entries) {
      const Rational before = x;
      std::vector<Rational> candidates = shorter;
      candidates.push_back(Number<Rational>::floor(x));
      candidates.push_back(Number<Rational>::floor(x * 10) / 10);
      for (const Rational& candidate : candidates) {
        if (candidate.str().size() >= before.str().size()) continue;
        budget.check();
        x = candidate;
        if (refutes(judge, stated, point, 256)) break;
        x = before;
      }
    }
  return point;
}

}  // namespace

std::optional<Finding> refute(const Problem& problem, const Statement& statement, const CheckOptions& options,
                              const Budget& budget) {
  const Judge judge(problem, statement);
  StatedPoints stated(problem, options.seed);
  for (int i = 0; i < points_per_sample * options.points; ++i) {
    budget.check();
    const std::optional<Point> point = stated.next();
    if (!point) break;
    if (judge.at(*point, 256).holds != Truth::no) continue;
    const Point witness = minimised(judge, stated, *point, budget);
    const Judgement seen = judge.at(witness, confirming_bits);
    if (seen.holds != Truth::no) continue;
    Finding finding;
    finding.verdict = Verdict::refuted;
    finding.method = seen.exact ? "witness, exact rationals" : "witness, ball enclosure";
    finding.witness = to_witness(problem, witness);
    if (!seen.left.empty()) finding.left = {seen.left};
    if (!seen.right.empty()) finding.right = {seen.right};
    finding.violation = seen.violation;
    nlohmann::ordered_json data;
    data["witness"] = finding.witness;
    finding.certificates.push_back({"witness", data.dump()});
    return finding;
  }
  return std::nullopt;
}

}  // namespace nabla
