#include <algorithm>
#include <nabla/proofs/check/inequality/polynomial.hpp>

namespace nabla::inequality {

namespace {

using Coefficients = std::vector<Rational>;

Rational value(const Coefficients& c, const Rational& x) {
  Rational y = 0;
  for (std::size_t k = c.size(); k-- > 0;) y = y * x + c[k];
  return y;
}

/// p(x + a).
Coefficients shifted(Coefficients c, const Rational& a) {
  for (std::size_t i = 0; i + 1 < c.size(); ++i)
    for (std::size_t k = c.size() - 1; k-- > i;) c[k] += a * c[k + 1];
  return c;
}

int variations(const Coefficients& c) {
  int count = 0, last = 0;
  for (const Rational& x : c) {
    if (x.is_zero()) continue;
    if (last != 0 && x.sign() != last) ++count;
    last = x.sign();
  }
  return count;
}

/// Variations of (1 + t)^n p((a + b t) / (1 + t)): an upper bound of the roots between a and b, exact when 0 or 1.
int variations_between(const Coefficients& c, const Rational& a, const Rational& b) {
  Coefficients q = shifted(c, a);
  Rational scale = 1;
  for (Rational& x : q) {
    x *= scale;
    scale *= b - a;
  }
  std::ranges::reverse(q);
  return variations(shifted(std::move(q), 1));
}

/// No root in the open interval, certainly.
bool is_free(const Coefficients& c, const Rational& a, const Rational& b, int depth) {
  constexpr int deepest = 40;
  const int v = variations_between(c, a, b);
  if (v == 0) return true;
  if (v == 1 || depth > deepest) return false;
  const Rational middle = (a + b) / 2;
  return !value(c, middle).is_zero() && is_free(c, a, middle, depth + 1) && is_free(c, middle, b, depth + 1);
}

/// p(-x).
Coefficients mirrored(Coefficients c) {
  for (std::size_t k = 1; k < c.size(); k += 2) c[k] = -c[k];
  return c;
}

/// No root above a.
bool is_free_above(const Coefficients& c, const Rational& a) {
  const Coefficients q = shifted(c, a);
  if (variations(q) == 0) return true;
  // All roots lie below Cauchy's bound.
  Rational largest = 0;
  for (const Rational& x : c) largest = std::max(largest, Rational(abs(x / c.back())));
  const Rational end = std::max(Rational(a + 1), Rational(largest + 2));
  return !value(c, end).is_zero() && is_free(c, a, end, 0);
}

}  // namespace

bool has_sign(const std::vector<Rational>& given, const normal_form::Range& range, bool strict) {
  Coefficients c = given;
  while (c.size() > 1 && c.back().is_zero()) c.pop_back();
  const auto good = [&](const Rational& y) { return strict ? y.sign() > 0 : y.sign() >= 0; };
  if (c.size() == 1) return good(c[0]);
  if (range.lo && range.lo_closed && !good(value(c, *range.lo))) return false;
  if (range.hi && range.hi_closed && !good(value(c, *range.hi))) return false;
  if (range.lo && range.hi) {
    if (*range.lo >= *range.hi) return *range.lo == *range.hi && good(value(c, *range.lo));
    return value(c, (*range.lo + *range.hi) / 2).sign() > 0 && is_free(c, *range.lo, *range.hi, 0);
  }
  if (range.lo) return c.back().sign() > 0 && is_free_above(c, *range.lo);
  if (range.hi) return has_sign(mirrored(c), {-*range.hi, std::nullopt, range.hi_closed, false}, strict);
  const Rational middle = c[0];
  return middle.sign() > 0 && c.back().sign() > 0 && is_free_above(c, 0) && is_free_above(mirrored(c), 0);
}

}  // namespace nabla::inequality
