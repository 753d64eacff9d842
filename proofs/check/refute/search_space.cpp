#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/nearest_double.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>

namespace nabla {

Rational exactly(double x) { return Number<Rational>::of(Constant::dyadic(x)); }

Rational simplest_between(const Rational& lo, const Rational& hi) {
  if (lo.sign() <= 0 && hi.sign() >= 0) return 0;
  if (hi.sign() < 0) return -simplest_between(-hi, -lo);
  // The first integer part in which the continued fractions of the ends differ decides. In integers: p/q is lo, r/s hi,
  // and nothing has to be reduced.
  using Integer = boost::multiprecision::mpz_int;
  Integer p = numerator(lo), q = denominator(lo), r = numerator(hi), s = denominator(hi);
  std::vector<Integer> wholes;
  Integer whole, rest, other;
  for (;;) {
    divide_qr(p, q, whole, rest);  // both are positive
    if (rest.is_zero()) break;
    other = r - whole * s;
    if (other >= s) {
      ++whole;
      break;
    }
    wholes.push_back(whole);
    // The inverses of what is left, in the other order: s / other and q / rest.
    p.swap(s);
    s.swap(rest);
    r.swap(q);
    q.swap(other);
  }
  Integer above = std::move(whole), below = 1;
  while (!wholes.empty()) {
    std::swap(above, below);
    above += wholes.back() * below;
    wholes.pop_back();
  }
  return Rational(above, below);
}

SearchSpace::SearchSpace(const Problem& problem) : problem_(&problem) {
  const Precision scope(30);
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    const Set& set = problem.givens[g].set;
    offsets_.push_back(axes_.size());
    Axis axis{.given = g, .entry = 0, .lo = -unbounded, .hi = unbounded, .values = {}};
    if (set.kind == Set::Kind::entries) {
      const RealSet& reals = set.entries;
      for (const Expr& e : reals.elements)
        if (const auto b = constant_ball(e)) axis.values.push_back(b->approximate());
      if (!reals.lo.empty())
        if (const auto b = constant_ball(reals.lo))
          axis.lo = reals.lo_closed ? b->approximate() : std::nextafter(b->upper_double(), unbounded);
      if (!reals.hi.empty())
        if (const auto b = constant_ball(reals.hi))
          axis.hi = reals.hi_closed ? b->approximate() : std::nextafter(b->lower_double(), -unbounded);
      if (reals.is_finite()) {
        axis.lo = axis.values.empty() ? 0 : *std::ranges::min_element(axis.values);
        axis.hi = axis.values.empty() ? 0 : *std::ranges::max_element(axis.values);
      }
    } else {
      is_box_ = false;
      if (set.kind == Set::Kind::simplex) axis.lo = 0, axis.hi = 1;
      if (set.kind == Set::Kind::onehot) axis.movable = false;
    }
    for (std::int64_t i = 0; i < set.shape.size(); ++i) {
      axis.entry = static_cast<std::size_t>(i);
      axes_.push_back(axis);
    }
  }
}

std::vector<Entries<double>> SearchSpace::entries_of(const Vector& z) const {
  std::vector<Entries<double>> result(problem_->givens.size());
  for (std::size_t k = 0; k < axes_.size(); ++k) result[axes_[k].given].push_back(z[k]);
  return result;
}

SearchSpace::Vector SearchSpace::of(const Point& point) const {
  Vector z;
  for (const auto& entries : point.entries)
    for (const Rational& x : entries) z.push_back(nearest_double(x));
  return z;
}

SearchSpace::Vector SearchSpace::of(std::span<const Entries<double>> entries) const {
  Vector z;
  for (const auto& e : entries) z.insert(z.end(), e.begin(), e.end());
  return z;
}

bool SearchSpace::project(Vector& z) const {
  for (std::size_t k = 0; k < axes_.size(); ++k) {
    const Axis& axis = axes_[k];
    if (!std::isfinite(z[k])) return false;
    z[k] = std::clamp(z[k], axis.lo, axis.hi);
    if (axis.values.empty()) continue;
    z[k] = *std::ranges::min_element(axis.values, {}, [&](double v) { return std::fabs(v - z[k]); });
  }
  if (is_box_) return true;
  for (std::size_t g = 0; g < problem_->givens.size(); ++g) {
    const Set& set = problem_->givens[g].set;
    double* x = z.data() + offsets_[g];
    const auto size = static_cast<std::size_t>(set.shape.size());
    if (set.kind == Set::Kind::simplex) {
      double sum = 0;
      for (std::size_t i = 0; i < size; ++i) sum += x[i] = std::max(x[i], 1e-12);
      for (std::size_t i = 0; i < size; ++i) x[i] /= sum;
    } else if (set.kind == Set::Kind::sym || set.kind == Set::Kind::spd) {
      const auto n = static_cast<std::size_t>(set.shape[0]);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) x[i * n + j] = x[j * n + i] = (x[i * n + j] + x[j * n + i]) / 2;
    }
  }
  return true;
}

std::optional<Point> SearchSpace::rounded(const Vector& z, double tolerance) const {
  Point point;
  point.entries.resize(problem_->givens.size());
  for (std::size_t k = 0; k < axes_.size(); ++k) {
    const Axis& axis = axes_[k];
    if (!std::isfinite(z[k])) return std::nullopt;
    const Set& set = problem_->givens[axis.given].set;
    if (set.kind == Set::Kind::entries && set.entries.is_finite()) {
      std::optional<Rational> nearest;
      for (const Expr& e : set.entries.elements)
        if (const auto x = constant_rational(e))
          if (!nearest || std::fabs(nearest_double(*x) - z[k]) < std::fabs(nearest_double(*nearest) - z[k]))
            nearest = x;
      if (!nearest) return std::nullopt;
      point.entries[axis.given].push_back(*nearest);
      continue;
    }
    const Rational x = exactly(z[k]);
    const Rational reach = tolerance == 0 ? Rational(0) : exactly(tolerance * (1 + std::fabs(z[k])));
    Rational lo = x - reach, hi = x + reach;
    if (std::isfinite(axis.lo) && nearest_double(lo) <= axis.lo) lo = std::max(lo, std::min(exactly(axis.lo), x));
    if (std::isfinite(axis.hi) && nearest_double(hi) >= axis.hi) hi = std::min(hi, std::max(exactly(axis.hi), x));
    point.entries[axis.given].push_back(simplest_between(lo, hi));
  }
  for (std::size_t g = 0; g < problem_->givens.size(); ++g) {
    const Set& set = problem_->givens[g].set;
    auto& x = point.entries[g];
    if (set.kind == Set::Kind::simplex && !x.empty()) {
      // The largest entry takes what the rounding of the others leaves.
      const auto largest = std::ranges::max_element(x);
      Rational rest = 1;
      for (auto it = x.begin(); it != x.end(); ++it)
        if (it != largest) rest -= *it;
      *largest = rest;
    }
    if (contains(set, x) != Truth::yes) return std::nullopt;
  }
  return point;
}

}  // namespace nabla
