#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/quadrature/decide.hpp>
#include <nabla/proofs/check/quadrature/prover.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>
#include <nabla/proofs/claim/mentions.hpp>

namespace nabla {

namespace {

using namespace quadrature;

constexpr std::size_t most_points = 24;
constexpr std::size_t most_careful = 6;
constexpr int most_rounds = 40;  // of the search for a low point

/// The problem of its own variables, without the integrals and what they bind.
Problem without_integrals(const Problem& problem) {
  Problem bare = problem;
  bare.integrals.clear();
  bare.computed_integrals.clear();
  bare.must_be_defined.clear();
  bare.derivatives.clear();
  std::erase_if(bare.hypotheses, [&](const Statement& h) { return mentions(h, values_of_integrals(problem)); });
  std::erase_if(bare.givens, [&](const Given& g) { return g.place.line == 0; });
  return bare;
}

/// Ends that hypotheses state of given numbers, in place of those of their sets.
void narrow_ends(Problem& region) {
  for (const Statement& h : region.hypotheses) {
    if (h.kind != Statement::Kind::relation || h.comparisons.size() != 1) continue;
    const Comparison how = h.comparisons[0];
    if (how == Comparison::equal || how == Comparison::not_equal) continue;
    const bool first_is_larger = how == Comparison::greater || how == Comparison::greater_equal;
    for (const std::size_t k : {0U, 1U})
      for (Given& g : region.givens) {
        RealSet& set = g.set.entries;
        const bool is_interval = g.set.kind == Set::Kind::entries && !set.is_finite() && g.set.shape.is_scalar();
        if (!is_interval || !same(g.variable, h.sides[k])) continue;
        const auto bound = constant_ball(h.sides[1 - k]);
        if (!bound) continue;
        const bool lower = (k == 0) == first_is_larger;
        Expr& end = lower ? set.lo : set.hi;
        const auto before = end.empty() ? std::nullopt : constant_ball(end);
        if (before && !(lower ? *bound - *before : *before - *bound).certainly_positive()) continue;
        end = h.sides[1 - k];
        (lower ? set.lo_closed : set.hi_closed) = how == Comparison::greater_equal || how == Comparison::less_equal;
      }
  }
}

/// One relation of two scalars.
class Decision {
 public:
  Decision(const Problem& problem, const Statement& relation, Comparison how, const CheckOptions& options,
           const Budget& budget)
      : problem_(problem),
        bare_(without_integrals(problem)),
        sides_(relation.sides),
        how_(how),
        options_(options),
        budget_(budget),
        quadrature_(problem, problem.integrals, budget) {
    for (const Given& g : bare_.givens)
      for (std::size_t k = 0; k < problem.givens.size(); ++k)
        if (same(problem.givens[k].variable, g.variable)) place_.push_back(k);
  }

  Finding run() {
    const bool all_hypotheses = bare_.hypotheses.size() == problem_.hypotheses.size();
    if (all_hypotheses)
      if (auto f = refuted()) return *f;
    if (how_ != Comparison::equal)
      if (auto f = proved()) return *f;
    if (how_ == Comparison::equal && all_hypotheses) return supported();
    return undecided("an integral without a primitive function: its enclosures decide nothing");
  }

 private:
  Quadrature::At at(const Point& point) const {
    Quadrature::At at;
    for (const Given& g : problem_.givens)
      at.emplace_back(static_cast<std::size_t>(g.variable.shape().size()), Ball::indeterminate());
    for (std::size_t g = 0; g < point.entries.size(); ++g)
      for (std::size_t k = 0; k < point.entries[g].size(); ++k)
        at[place_[g]][k] = Number<Ball>::of(to_constant(point.entries[g][k]));
    return at;
  }

  std::vector<Ball> sides_at(const Point& point, const Effort& effort) {
    budget_.check();
    const Precision precision = Precision::of_bits(effort.bits);
    return quadrature_.values(sides_, at(point), effort);
  }

  /// By how much the relation holds, near enough for a search.
  std::optional<double> margin(const Point& point) {
    const std::vector<Ball> s = sides_at(point, quick);
    if (!s[0].is_finite() || !s[1].is_finite()) return std::nullopt;
    const double gap = s[1].approximate() - s[0].approximate();
    return how_ == Comparison::greater || how_ == Comparison::greater_equal ? -gap : gap;
  }

  /// \param settled  set where the relation certainly holds there
  std::optional<Finding> fails_at(const Point& point, const Effort& effort, bool* settled = nullptr) {
    const std::vector<Ball> s = sides_at(point, effort);
    if (!s[0].is_finite() || !s[1].is_finite()) return std::nullopt;
    const Truth holds = compared(how_, s[0], s[1]);
    if (settled != nullptr) *settled = holds == Truth::yes;
    if (holds != Truth::no) return std::nullopt;
    Finding f;
    f.verdict = Verdict::refuted;
    f.method = "integrals enclosed at a point";
    if (bare_.givens.empty()) f.method = "integrals enclosed";
    f.witness = to_witness(bare_, point);
    const Precision precision = Precision::of_bits(effort.bits);
    f.left = {s[0].to_string(20)};
    f.right = {s[1].to_string(20)};
    const Ball gap = Number<Ball>::abs(s[0] - s[1]);
    f.violation = "[" + gap.lower(6) + ", " + gap.upper(6) + "]";
    f.certificates.push_back({"quadrature", nlohmann::ordered_json{{"witness", f.witness}}.dump()});
    return f;
  }

  std::optional<Finding> refuted() {
    std::vector<std::pair<double, Point>> seen;
    StatedPoints source(bare_, options_.seed);
    std::size_t looked = 0;
    const std::size_t most = std::min(most_points, static_cast<std::size_t>(options_.points));
    for (; looked < most; ++looked) {
      const auto point = source.next();
      if (!point) break;
      bool settled = false;
      if (auto f = fails_at(*point, quick, &settled)) return shortened(*point, *f);
      for (const Effort& effort : {plain, careful}) {
        if (settled || looked >= most_careful) break;
        if (auto f = fails_at(*point, effort, &settled)) return f;
      }
      if (bare_.givens.empty()) break;
      if (const auto m = margin(*point)) seen.emplace_back(*m, *point);
    }
    if (how_ == Comparison::equal || how_ == Comparison::not_equal || seen.empty() || bare_.givens.empty())
      return std::nullopt;
    std::ranges::sort(seen, {}, [](const auto& s) { return s.first; });
    const Point low = lowest(seen.front().second, seen.front().first);
    bool settled = false;
    for (const Effort& effort : {quick, plain, careful}) {
      if (auto f = fails_at(low, effort, &settled)) return f;
      if (settled) break;
    }
    return std::nullopt;
  }

  bool is_stated(const Point& point) const {
    for (std::size_t g = 0; g < bare_.givens.size(); ++g)
      if (contains(bare_.givens[g].set, point.entries[g]) != Truth::yes) return false;
    return bare_.hypotheses.empty() || StatedPoints(bare_, options_.seed).satisfies(point);
  }

  /// A point near by at which the relation holds by less.
  Point lowest(Point at, double margin_there) {
    double step = 0.25;
    for (int round = 0; round < most_rounds && step > 1e-6; ++round) {
      bool better = false;
      for (std::size_t g = 0; g < at.entries.size(); ++g) {
        if (bare_.givens[g].set.kind != Set::Kind::entries) continue;
        for (std::size_t k = 0; k < at.entries[g].size(); ++k)
          for (const double way : {-step, step}) {
            Point next = at;
            const Rational size = 1 + Number<Rational>::abs(at.entries[g][k]);
            next.entries[g][k] += exactly(way) * size;
            const Rational slack = exactly(step / 8) * size;
            next.entries[g][k] = simplest_between(next.entries[g][k] - slack, next.entries[g][k] + slack);
            if (!is_stated(next)) continue;
            const auto m = margin(next);
            if (!m || !(*m < margin_there)) continue;
            at = next;
            margin_there = *m;
            better = true;
          }
      }
      if (!better) step /= 2;
    }
    return at;
  }

  /// The same with fewer digits where that fails as well.
  Finding shortened(const Point& point, Finding found) {
    for (const double tolerance : {0.3, 0.1, 0.01, 0.001}) {
      Point shorter = point;
      for (auto& entries : shorter.entries)
        for (Rational& x : entries)
          x = simplest_between(x - exactly(tolerance) * (1 + Number<Rational>::abs(x)),
                               x + exactly(tolerance) * (1 + Number<Rational>::abs(x)));
      if (shorter == point || !is_stated(shorter)) continue;
      if (auto f = fails_at(shorter, quick)) return *f;
    }
    return found;
  }

  std::optional<Finding> proved() {
    Problem region = problem_;
    region.hypotheses = bare_.hypotheses;
    narrow_ends(region);
    Prover prover(region, budget_);
    const WorkspaceScope scope(problem_.workspace);
    const Expr up = sides_[0] - sides_[1], down = sides_[1] - sides_[0];
    const bool strict = how_ == Comparison::less || how_ == Comparison::greater || how_ == Comparison::not_equal;
    const bool falls = how_ == Comparison::less || how_ == Comparison::less_equal;
    Proof proof = prover.prove(region, falls ? down : up, strict);
    std::string side = falls ? "down" : "up";
    if (!proof && how_ == Comparison::not_equal) {
      proof = prover.prove(region, down, true);
      side = "down";
    }
    if (!proof) return std::nullopt;
    if (!prover.exist(region, up))
      return undecided("whether an integral exists whose integrand is not seen to be bounded");
    Finding f;
    f.verdict = Verdict::proved;
    f.method = method_of(*proof);
    for (const Statement& h : bare_.hypotheses)
      if (!h.text.empty()) f.hypotheses.push_back(h.text);
    f.certificates.push_back({"quadrature", nlohmann::ordered_json{{"side", side}, {"proof", *proof}}.dump()});
    return f;
  }

  static std::string method_of(const nlohmann::ordered_json& proof) {
    const std::string rule = proof.at("rule");
    if (rule == "under") return "an inequality between integrands";
    if (rule == "boxes") return "integrals enclosed on boxes";
    if (rule == "monotone") return "monotonicity from an end, derivatives under the integral sign";
    return rule == "value" ? "integrals enclosed" : "an inequality without integrals";
  }

  Finding supported() {
    // Twice the digits of the oracle's step for derivatives are not at stake: both sides are enclosed.
    const std::pair<int, Effort> precisions[] = {
        {25, {.bits = 128, .order = 14, .most_cells = 240, .error = 1e-27}},
        {50, {.bits = 224, .order = 24, .most_cells = 320, .error = 1e-53}},
        {100, {.bits = 400, .order = 36, .most_cells = 480, .error = 1e-104}},
    };
    StatedPoints source(bare_, options_.seed);
    Finding f;
    std::map<int, double> worst;
    bool informative = false;
    const int points = bare_.givens.empty() ? 1 : options_.points;
    for (; f.points < points; ++f.points) {
      const auto point = source.next();
      if (!point) break;
      for (const auto& [digits, effort] : precisions) {
        if (digits == 100 && !bare_.givens.empty() && f.points >= static_cast<int>(most_careful)) continue;
        const std::vector<Ball> s = sides_at(*point, effort);
        const Ball gap = Number<Ball>::abs(s[0] - s[1]);
        if (!gap.is_finite()) return undecided("an integral without a primitive function that is not enclosed");
        const double residual = gap.upper_double();
        informative = informative || !s[0].contains_zero();
        if (residual > std::pow(10.0, -0.8 * digits) * (1 + std::abs(s[0].approximate())))
          return undecided(
              fmt::format("an integral without a primitive function: the sides agree, but not to {} digits ({:.3g})",
                          digits, residual));
        worst[digits] = std::max(worst[digits], residual);
      }
    }
    if (f.points == 0) return undecided("no point was found at which the hypotheses hold");
    if (!informative) return undecided("at every sampled point both sides are zero, which says nothing");
    if (!bare_.givens.empty() && f.points < options_.points)
      return undecided(fmt::format("only {} points of the stated set were found", f.points));
    for (const auto& [digits, residual] : worst) f.residuals[digits] = fmt::format("{:.3g}", residual);
    f.verdict = Verdict::supported;
    f.method = "integrals enclosed at growing precision; not a proof";
    return f;
  }

  const Problem& problem_;
  Problem bare_;
  std::vector<Expr> sides_;
  Comparison how_;
  const CheckOptions& options_;
  const Budget& budget_;
  Quadrature quadrature_;
  std::vector<std::size_t> place_;  // of the bare problem's givens among all
};

}  // namespace

Finding decide_integrals(const Problem& problem, const Statement& statement, const CheckOptions& options,
                         const Budget& budget) {
  if (statement.kind == Statement::Kind::implication && statement.children[0].kind == Statement::Kind::relation &&
      !mentions(statement.children[0], values_of_integrals(problem))) {
    Problem supposing = problem;
    supposing.hypotheses.push_back(statement.children[0]);
    return decide_integrals(supposing, statement.children[1], options, budget);
  }
  const Statement* relation = &statement;
  bool negated = false;
  while (relation->kind == Statement::Kind::negation) {
    relation = &relation->children[0];
    negated = !negated;
  }
  if (relation->kind != Statement::Kind::relation || relation->comparisons.size() != 1)
    return undecided("an integral without a primitive function, in something else than a relation");
  if (!relation->sides[0].shape().is_scalar() || !relation->sides[1].shape().is_scalar())
    return undecided("integrals without a primitive function, in a tensor");
  const Comparison how = negated ? opposite(relation->comparisons[0]) : relation->comparisons[0];
  try {
    return Decision(problem, *relation, how, options, budget).run();
  } catch (const NotHandled& reason) {
    return undecided(reason.what());
  } catch (const std::invalid_argument& reason) {  // a kind of number cannot compute an operator
    return undecided(reason.what());
  }
}

}  // namespace nabla
