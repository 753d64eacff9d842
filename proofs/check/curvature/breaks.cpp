#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/breaks.hpp>
#include <nabla/proofs/check/curvature/regular.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla::curvature {

namespace {

constexpr long break_bits = 256;

/// One side of a break.
struct BesideBreak {
  const Problem& problem;
  const Expr& t;
  Piece piece;
  Rational at;
  bool is_right = true;
  Expr own;  ///< the value at the break

  Rational moved(const Rational& s) const { return is_right ? at + s : at - s; }

  /// The least and the greatest of e - own (over t - at) at a few points within the width.
  std::optional<std::pair<double, double>> seen(bool quotient, const Rational& width) const {
    const Precision precision = Precision::of_bits(break_bits);
    std::optional<std::pair<double, double>> range;
    for (const Rational& part : {Rational(1, 2), Rational(1, 9), Rational(1, 1000), Rational(1, 1'000'000)}) {
      const auto rise = constant_ball(value_at(piece.h, t, moved(width * part)) - own);
      if (!rise || !rise->is_finite()) return std::nullopt;
      double x = rise->approximate();
      if (quotient) x /= (is_right ? 1 : -1) * Number<Ball>::of(to_constant(width * part)).approximate();
      if (std::isnan(x)) return std::nullopt;
      x = std::clamp(x, -1e300, 1e300);
      range = range ? std::pair(std::min(range->first, x), std::max(range->second, x)) : std::pair(x, x);
    }
    return range;
  }

  bool show(bool quotient, bool above, const Rational& bound, const Rational& width, const Budget& budget,
            Json& proof) const {
    Piece near{at, moved(width), piece.h};
    if (!is_right) std::swap(near.lo, near.hi);
    near.has_lo = near.has_hi = false;
    if (!is_regular_piece(problem, t, near, false)) return false;
    const Expr step = t - Expr(to_constant(at)),
               line = quotient ? Expr(to_constant(bound)) * step : Expr(to_constant(bound));
    const Expr gap = piece.h - own - line;
    // On the left the step is negative.
    const bool is_positive = above == (is_right || !quotient);
    proof["width"] = width.str();
    proof["above"] = above;
    proof["bound"] = bound.str();
    return show_sign(on_piece(problem, t, near), is_positive ? gap : -gap, SignGoal::nonnegative, budget,
                     proof["sign"]);
  }
};

Rational dyadic(double x) { return Number<Rational>::of(Constant::dyadic(x)); }

/// A short number between.
Rational between(double lo, double hi) {
  const double unit = std::exp2(std::floor(std::log2(hi - lo)) - 1);
  return dyadic(std::round((lo + hi) / 2 / unit) * unit);
}

}  // namespace

std::optional<Rational> find_break(const Problem& problem, const Expr& e, const std::vector<Expr>& over,
                                   bool differentiable, const Budget& budget, Json& proof) {
  if (over.size() != 1 || !over[0].shape().is_scalar() || !e.shape().is_scalar() || !e.ref().is_node() ||
      !problem.hypotheses.empty())
    return std::nullopt;
  const Expr& t = over[0];
  const WorkspaceScope scope(problem.workspace);
  const auto around = around_interval(problem, e, t);
  const auto pieces = around ? taken_apart(*around, e, t, budget) : std::nullopt;
  const auto given = std::ranges::find_if(problem.givens, [&](const Given& g) { return same(g.variable, t); });
  if (!pieces) return std::nullopt;
  for (std::size_t k = 0; k + 1 < pieces->size(); ++k) {
    const Rational at = *(*pieces)[k].hi;
    if (contains(given->set.entries, at) != Truth::yes) continue;
    const Expr own = chosen_value(e, t, at);
    const auto value = constant_ball(own);
    if (!value || !value->is_finite()) continue;
    const BesideBreak left{*around, t, (*pieces)[k], at, false, own},
        right{*around, t, (*pieces)[k + 1], at, true, own};
    for (const int digits : {1, 3, 8, 12, 15}) {
      const Rational width = Number<Rational>::powi(Rational(10), -digits);
      const auto fits = [&](const BesideBreak& side) {
        const auto& other = side.is_right ? side.piece.hi : side.piece.lo;
        return !other || abs(*other - at) > width;
      };
      if (!fits(left) || !fits(right)) continue;
      Json j{{"at", at.str()}};
      for (const BesideBreak* side : {&right, &left}) {
        const auto seen = side->seen(false, width);
        if (!seen || seen->first * seen->second <= 0) continue;
        const bool above = seen->first > 0;
        const double least = above ? seen->first : -seen->second;
        if (least < std::exp2(-120)) continue;
        const Rational bound = between(least / 4, least / 2) * (above ? 1 : -1);
        if (!side->show(false, above, bound, width, budget, j[side->is_right ? "right" : "left"])) continue;
        j.erase(side->is_right ? "left" : "right");
        proof = std::move(j);
        return at;
      }
      if (!differentiable) continue;
      const auto l = left.seen(true, width), r = right.seen(true, width);
      if (!l || !r || (l->second >= r->first && r->second >= l->first)) continue;
      const bool above = r->first > l->second;
      const double lo = above ? l->second : r->second, hi = above ? r->first : l->first;
      const double third = (hi - lo) / 3;
      const Rational low = between(lo, lo + third), high = between(hi - third, hi);
      if (low < high && right.show(true, above, above ? high : low, width, budget, j["right"]) &&
          left.show(true, !above, above ? low : high, width, budget, j["left"])) {
        proof = std::move(j);
        return at;
      }
    }
  }
  return std::nullopt;
}

bool has_values_at_breaks(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  const auto around = around_interval(problem, e, over.at(0));
  const auto pieces = around ? taken_apart(*around, e, over.at(0), budget) : std::nullopt;
  if (!pieces) return true;
  const auto has_value = [&](const Piece& piece, const std::optional<Rational>& at) {
    const auto value = at ? constant_ball(value_at(piece.h, over.at(0), *at)) : std::nullopt;
    return value && value->is_finite();
  };
  for (std::size_t k = 0; k + 1 < pieces->size(); ++k)
    if (!has_value((*pieces)[k], (*pieces)[k].hi) || !has_value((*pieces)[k + 1], (*pieces)[k + 1].lo)) return false;
  return true;
}

}  // namespace nabla::curvature
