#include <fmt/format.h>

#include <algorithm>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/refute/exact_every_point.hpp>
#include <nabla/proofs/check/refute/exact_point.hpp>
#include <nabla/proofs/claim/mentions.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

constexpr std::size_t most_points_of_set = 64;

/// A value of a number between 0 and 1 that nothing reads: the variable of an integral that was computed is there for
/// what had to be defined.
std::optional<std::vector<std::vector<NamedConstant>>> any_value(const Problem& problem, const Statement& statement,
                                                                 const Given& given) {
  const Set& set = given.set;
  const auto reads = [&](const Statement& s) { return mentions(s, {given.variable}); };
  const RealSet& e = set.entries;
  if (set.kind != Set::Kind::entries || !set.shape.is_scalar() || e.is_finite() || e.lo.empty() || e.hi.empty() ||
      !e.lo.is(0) || !e.hi.is(1) || reads(statement) || std::ranges::any_of(problem.hypotheses, reads))
    return std::nullopt;
  return std::vector<std::vector<NamedConstant>>{{{"1/2", ratio<Expr>(1, 2)}}};
}

/// Every value of a given; nothing when that is no short list.
std::optional<std::vector<std::vector<NamedConstant>>> values_of(const Given& given) {
  const Set& set = given.set;
  if (set.kind != Set::Kind::entries || (!set.entries.is_finite() && set.shape.size() > 0)) return std::nullopt;
  std::vector<std::vector<NamedConstant>> values{{}};
  for (std::int64_t i = 0; i < set.shape.size(); ++i) {
    std::vector<std::vector<NamedConstant>> longer;
    for (const auto& begun : values)
      for (const Expr& e : set.entries.elements) {
        longer.push_back(begun);
        longer.back().push_back({to_string(e), e});
      }
    values = std::move(longer);
    if (values.size() > most_points_of_set) return std::nullopt;
  }
  return values;
}

}  // namespace

std::optional<Finding> decide_every_point(const Problem& problem, const Statement& statement, const CheckOptions&,
                                          const Budget& budget) {
  if (problem.functions != FunctionTreatment::none || !problem.derivatives.empty()) return std::nullopt;
  std::vector<ExactPoint> points{{}};
  bool all_constants = true;
  for (const Given& g : problem.givens) {
    auto values = any_value(problem, statement, g);
    if (!values) {
      values = values_of(g);
      all_constants = false;
    }
    if (!values) return std::nullopt;
    std::vector<ExactPoint> longer;
    for (const ExactPoint& begun : points)
      for (const auto& value : *values) {
        longer.push_back(begun);
        longer.back().entries.push_back(value);
      }
    points = std::move(longer);
    if (points.size() > most_points_of_set) return std::nullopt;
  }
  const ExactJudge judge(problem);
  std::size_t stated = 0;
  for (const ExactPoint& point : points) {
    budget.check();
    Truth assumed = Truth::yes;
    for (const Statement& h : problem.hypotheses) assumed = assumed && judge.at(h, point).holds;
    if (assumed == Truth::unknown) return std::nullopt;
    if (assumed == Truth::no) continue;
    ++stated;
    const Judgement seen = judge.at(statement, point);
    if (seen.holds == Truth::unknown) return std::nullopt;
    if (seen.holds == Truth::yes) continue;
    // Sides that are said to be equal and differ by less than balls can see (1 + exp(-10^6) and 1) are left to others.
    const bool is_equation = statement.kind == Statement::Kind::relation && statement.comparisons.size() == 1 &&
                             statement.comparisons[0] == Comparison::equal;
    if (is_equation && seen.exact) return std::nullopt;
    Finding f;
    f.verdict = Verdict::refuted;
    f.method = "witness, exact values";
    f.witness = to_witness(problem, point);
    if (!seen.left.empty()) f.left = {seen.left};
    if (!seen.right.empty()) f.right = {seen.right};
    f.violation = seen.violation;
    f.certificates.push_back({"witness", nlohmann::ordered_json{{"witness", f.witness}}.dump()});
    return f;
  }
  if (stated == 0) return std::nullopt;
  Finding f;
  f.verdict = Verdict::proved;
  f.method = all_constants ? "constants, exactly" : "every point of the finite set, exactly";
  for (const Statement& h : problem.hypotheses) f.hypotheses.push_back(h.text);
  f.certificates.push_back({"exhaustive", fmt::format("{{\"points\": {}}}", stated)});
  return f;
}

}  // namespace nabla
