#include <cmath>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/squeeze.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla::curvature {

namespace {

constexpr long squeeze_bits = 256;
constexpr int denominator_of_slopes = 60;

struct SqueezeBound {
  int halves, times;
};
constexpr SqueezeBound squeeze_bounds[] = {{2, 1}, {1, 1}, {2, 10}, {1, 10}, {2, 1000}, {1, 1000}};

Rational moved(const Approach& a, const Rational& s) { return a.from_above ? a.at + s : a.at - s; }

/// |t - at|^(halves / 2)
Expr distance_power(const Expr& t, const Approach& a, int halves) {
  const Expr at(to_constant(a.at)), s = a.from_above ? t - at : at - t;
  Expr power = halves % 2 == 0 ? Expr(1) : sqrt(s);
  for (int k = 0; k < halves / 2; ++k) power = power * s;
  return power;
}

/// Whether the bound certainly fails at some of a few points: then there is nothing to show.
bool is_seen_to_fail(const Expr& gap, const Expr& t, const Approach& a, const Rational& width) {
  for (const Rational& part :
       {Rational(9, 10), Rational(1, 3), Rational(1, 50), Rational(1, 10'000), Rational(1, 1'000'000'000)}) {
    const auto value = constant_ball(value_at(gap, t, moved(a, width * part)));
    if (!value || !value->is_finite() || value->certainly_negative()) return true;
  }
  return false;
}

}  // namespace

std::optional<Rational> guess_slope(const Expr& piece, const Expr& t, const Approach& a) {
  const Precision precision = Precision::of_bits(squeeze_bits);
  const Rational s = Number<Rational>::powi(Rational(10), -12);
  const auto rise = constant_ball(value_at(piece, t, moved(a, s)) - a.value);
  if (!rise || !rise->is_finite()) return std::nullopt;
  const double slope = (a.from_above ? 1e12 : -1e12) * rise->approximate();
  if (!(std::fabs(slope) < 1e6)) return std::nullopt;
  const double nearest = std::round(slope * denominator_of_slopes);
  if (std::fabs(slope * denominator_of_slopes - nearest) > 0.01) return std::nullopt;
  return Rational(static_cast<std::int64_t>(nearest), denominator_of_slopes);
}

bool show_squeezed(const Problem& problem, const Expr& piece, const Expr& t, const Approach& a, bool has_slope,
                   const Budget& budget, Json& proof) {
  const WorkspaceScope scope(problem.workspace);
  Rational width(1, 8);
  if (a.other) {
    const Rational room = abs(*a.other - a.at) / 2;
    if (room < width) width = room;
  }
  if (width <= 0) return false;
  Piece near{a.at, moved(a, width), piece};
  if (!a.from_above) std::swap(near.lo, near.hi);
  const Problem p = on_piece(problem, t, near);
  const Expr line = a.value + Expr(to_constant(a.slope)) * (t - Expr(to_constant(a.at))), gap = piece - line;
  for (const SqueezeBound& attempt : squeeze_bounds) {
    budget.check();
    const int halves = attempt.halves + (has_slope ? 2 : 0);
    const Expr bound = Expr(attempt.times) * distance_power(t, a, halves);
    const Expr above = bound - gap, below = bound + gap;
    {
      const Precision precision = Precision::of_bits(squeeze_bits);
      if (is_seen_to_fail(above, t, a, width) || is_seen_to_fail(below, t, a, width)) continue;
    }
    Json j{{"halves", halves}, {"times", std::to_string(attempt.times)}, {"width", width.str()}};
    if (!show_sign(p, above, SignGoal::nonnegative, budget, j["above"]) ||
        !show_sign(p, below, SignGoal::nonnegative, budget, j["below"]))
      continue;
    proof = std::move(j);
    return true;
  }
  return false;
}

}  // namespace nabla::curvature
