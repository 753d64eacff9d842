#include <algorithm>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>
#include <nabla/proofs/check/point.hpp>
#include <nabla/proofs/check/wellposed/regularity_rules.hpp>

namespace nabla::inequality {

namespace {

constexpr int deepest_nesting = 14;
constexpr std::size_t boxes_with_choices = 1000;
const char* const derived = "a bound of a variable that was replaced";

bool is_constant(const Expr& e) { return variables_of(e).empty(); }

/// Whether a bound is certainly at least as tight as the present end.
bool improves(const Expr& bound, const Expr& end, bool lower) {
  if (end.empty()) return true;
  const Precision scope(40);
  const auto a = constant_ball(bound), b = constant_ball(end);
  if (!a || !b) return false;
  return lower ? (*a - *b).certainly_positive() : (*b - *a).certainly_positive();
}

}  // namespace

void Prover::spend(std::size_t steps) {
  budget_.check();
  steps_ -= static_cast<std::int64_t>(steps);
  if (steps_ < 0) throw OutOfSteps();
}

Problem with_end(Problem region, std::size_t given, bool lower, const Expr& end, bool closed) {
  RealSet& set = region.givens[given].set.entries;
  (lower ? set.lo : set.hi) = end;
  (lower ? set.lo_closed : set.hi_closed) = closed;
  return region;
}

Proof Prover::prove(const Problem& region, const Expr& g, bool strict, int depth) {
  spend(100);
  if (depth > deepest_nesting) return std::nullopt;
  if (is_constant(g)) return constant(region, g, strict);
  if (auto p = by_elements(region, g, strict, depth)) return p;
  if (auto p = by_boxes(region, g, strict, 1)) return p;
  if (auto p = by_hypotheses(region, g, strict, depth)) return p;
  if (auto p = by_cleared_hypothesis(region, g, strict, depth)) return p;
  if (has_choice(g)) {
    if (auto p = by_choice(region, g, strict, depth)) return p;
    if (depth > 0) return by_boxes(region, g, strict, boxes_with_choices);
  }
  const bool several = variables_of(g).size() > 1;
  if (several)
    if (auto p = by_written_product(region, g, strict, depth)) return p;
  if (auto p = by_normal_form(region, g, strict, depth)) return p;
  if (auto p = by_calculus(region, g, strict, depth)) return p;
  if (!several)
    if (auto p = by_written_product(region, g, strict, depth)) return p;
  return by_contradiction(region, g, strict, depth);
}

Proof Prover::constant(const Problem& region, const Expr& g, bool strict) {
  for (const int digits : {18, 34}) {
    const Precision scope(digits);
    const auto ball = constant_ball(g);
    if (!ball || !ball->is_finite()) return std::nullopt;
    if (ball->certainly_positive()) return Json{{"rule", "constant"}};
    if (ball->certainly_negative()) return std::nullopt;
  }
  if (!strict && is_zero(region, g)) return Json{{"rule", "zero"}};
  return std::nullopt;
}

/// A variable of a finite set takes each of its values.
Proof Prover::by_elements(const Problem& region, const Expr& g, bool strict, int depth) {
  for (const NodeId v : variables_of(g)) {
    const auto k = given_of(region, v);
    if (!k || !region.givens[*k].set.entries.is_finite()) continue;
    Json proofs = Json::array();
    for (const Expr& value : region.givens[*k].set.entries.elements) {
      auto p = prove(substituted(region, v, value), substituted(g, {{v, value}}), strict, depth + 1);
      if (!p) return std::nullopt;
      proofs.push_back(std::move(*p));
    }
    return Json{{"rule", "elements"}, {"variable", *k}, {"proofs", proofs}};
  }
  return std::nullopt;
}

/// Hypotheses that bound a variable move its end; equations that are affine in a variable replace it.
Proof Prover::by_hypotheses(const Problem& region, const Expr& g, bool strict, int depth) {
  const std::shared_ptr<Workspace>& workspace = region.workspace;
  for (std::size_t i = 0; i < region.hypotheses.size(); ++i) {
    const Statement& h = region.hypotheses[i];
    for (const bool swapped : {false, true}) {
      const Expr &v = h.sides[swapped ? 1 : 0], &bound = h.sides[swapped ? 0 : 1];
      const Comparison how = swapped ? mirrored(h.comparisons[0]) : h.comparisons[0];
      if (how == Comparison::equal || how == Comparison::not_equal || !v.ref().is_node()) continue;
      const auto k = given_of(region, v.ref().id());
      if (!k || !is_constant(bound) || region.givens[*k].set.entries.is_finite()) continue;
      const bool lower = how == Comparison::greater || how == Comparison::greater_equal;
      const RealSet& set = region.givens[*k].set.entries;
      if (!improves(bound, lower ? set.lo : set.hi, lower)) continue;
      Problem next =
          with_end(region, *k, lower, bound, how == Comparison::greater_equal || how == Comparison::less_equal);
      next.hypotheses.erase(next.hypotheses.begin() + static_cast<std::ptrdiff_t>(i));
      auto p = prove(next, g, strict, depth + 1);
      if (!p) return std::nullopt;
      return Json{{"rule", "restrict"}, {"hypothesis", i}, {"variable", *k}, {"proof", *p}};
    }
  }
  // An affine relation of several variables: one of them is replaced by the slack of the relation.
  for (const bool equations : {true, false})
    for (std::size_t i = 0; i < region.hypotheses.size(); ++i) {
      const Statement& h = region.hypotheses[i];
      const Comparison how = h.comparisons[0];
      if (how == Comparison::not_equal || (how == Comparison::equal) != equations || h.text == derived) continue;
      const bool up = how == Comparison::greater || how == Comparison::greater_equal;
      const WorkspaceScope scope(workspace);
      const Expr slack = up ? h.sides[0] - h.sides[1] : h.sides[1] - h.sides[0];
      const std::set<NodeId> among = variables_of(slack);
      if (among.size() < 2 && !equations) continue;
      // slack = c v + rest, and v = (s - rest) / c. Free variables first: their replacement leaves no new hypothesis;
      // then those whose one end the slack moves them away from.
      struct Choice {
        NodeId v;
        Rational c;
        int rank;
      };
      std::vector<Choice> choices;
      for (auto it = among.rbegin(); it != among.rend(); ++it) {
        const auto k = given_of(region, *it);
        if (!k || region.givens[*k].set.entries.is_finite()) continue;
        const Expr slope = substituted(slack, {{*it, Expr(1)}}) - substituted(slack, {{*it, Expr(0)}});
        const auto c = rational_constant(region, slope);
        if (!c || c->is_zero()) continue;
        const RealSet& set = region.givens[*k].set.entries;
        const int ends = (set.lo.empty() ? 0 : 2) + (set.hi.empty() ? 0 : 2);
        const bool away = ends == 2 && (c->sign() > 0) == set.hi.empty();
        choices.push_back({*it, *c, ends - (away ? 1 : 0)});
      }
      std::ranges::stable_sort(choices, {}, &Choice::rank);
      for (const auto& [v, c, rank] : choices) {
        const auto k = given_of(region, v);
        const Expr x(workspace, Ref::node(v));
        const Expr rest = substituted(slack, {{v, Expr(0)}});
        const Expr ratio(to_constant(c));
        if (!is_zero(region, slack - (ratio * x + rest))) continue;
        const Expr s = equations ? Expr(0) : x;  // from here on the symbol of v stands for the slack
        const Expr by = (s - rest) / ratio;
        Problem next = region;
        next.hypotheses.erase(next.hypotheses.begin() + static_cast<std::ptrdiff_t>(i));
        next = substituted(next, v, by);
        RealSet& set = next.givens[*k].set.entries;
        const RealSet before = set;
        const auto keep = [&](const Expr& end, bool lower, bool closed) {
          if (end.empty()) return;
          Statement bound;
          bound.sides = {by, end};
          bound.comparisons = {lower ? (closed ? Comparison::greater_equal : Comparison::greater)
                                     : (closed ? Comparison::less_equal : Comparison::less)};
          bound.text = derived;
          next.hypotheses.push_back(std::move(bound));
        };
        keep(before.lo, true, before.lo_closed);
        keep(before.hi, false, before.hi_closed);
        set = RealSet();
        set.lo = Expr(0);
        set.lo_closed = how != Comparison::less && how != Comparison::greater;
        auto p = prove(next, substituted(g, {{v, by}}), strict, depth + 1);
        if (!p) break;  // another choice of the variable says no more
        return Json{
            {"rule", "replace"}, {"hypothesis", i}, {"variable", *k}, {"by", encoded(region, by)}, {"proof", *p}};
      }
    }
  return std::nullopt;
}

Ranges::Ranges(const Problem& region, std::span<const Expr> targets) {
  for (const Expr& e : targets)
    refs_.push_back(e.ref().is_node() ? e.ref() : region.workspace->graph().constant(*e.constant()));
  survey_ = std::make_unique<wellposed::Survey>(region.workspace->graph(), refs_, std::vector<wellposed::Assumption>(),
                                                std::span<const NodeId>());
}

bool Ranges::is_defined(const Expr& e) const {
  const Ref target[] = {e.ref()};
  const std::vector<bool> needed = reachable(survey_->graph(), target);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && !survey_->defined(id)) return false;
  return true;
}

bool Ranges::is_regular(const Expr& e, wellposed::Want want) const {
  const Ref target[] = {e.ref()};
  const std::vector<bool> needed = reachable(survey_->graph(), target);
  const wellposed::Dependence dependence(survey_->graph(), target, {});
  const wellposed::SurveySituation here(*survey_);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] &&
        (!survey_->defined(id) || !wellposed::is_regular(survey_->graph(), id, want, dependence, here, {})))
      return false;
  return true;
}

}  // namespace nabla::inequality
