#include <nabla/proofs/recheck/inequality/replay.hpp>

// Sturm's theorem: the number of distinct roots in (a, b] is the difference of the variations of sign of p, p', and the
// negated remainders of Euclid's algorithm.

namespace nabla::rederive {

namespace {

using Coefficients = std::vector<Rational>;

void trim(Coefficients& c) {
  while (!c.empty() && c.back().is_zero()) c.pop_back();
}

Coefficients negated_remainder(Coefficients a, const Coefficients& b) {
  while (a.size() >= b.size()) {
    const Rational q = a.back() / b.back();
    for (std::size_t i = 0; i < b.size(); ++i) a[a.size() - b.size() + i] -= q * b[i];
    a.pop_back();
    trim(a);
  }
  for (Rational& x : a) x = -x;
  return a;
}

/// a / b where b divides a.
Coefficients quotient(Coefficients a, const Coefficients& b) {
  Coefficients q(a.size() - b.size() + 1);
  for (std::size_t k = q.size(); k-- > 0;) {
    q[k] = a[k + b.size() - 1] / b.back();
    for (std::size_t i = 0; i < b.size(); ++i) a[k + i] -= q[k] * b[i];
  }
  return q;
}

Rational value(const Coefficients& c, const Rational& x) {
  Rational y = 0;
  for (std::size_t k = c.size(); k-- > 0;) y = y * x + c[k];
  return y;
}

int sign_far_away(const Coefficients& c, bool up) {
  const int s = c.back().sign();
  return up || c.size() % 2 == 1 ? s : -s;
}

class Sturm {
 public:
  explicit Sturm(const Coefficients& p) {
    Coefficients d;
    for (std::size_t k = 1; k < p.size(); ++k) d.push_back(p[k] * Rational(static_cast<std::int64_t>(k)));
    chain_ = {p, d};
    if (d.empty()) chain_.pop_back();
    while (chain_.size() > 1) {
      Coefficients r = negated_remainder(chain_[chain_.size() - 2], chain_.back());
      if (r.empty()) break;
      // Positive factors change nothing and keep the numbers small.
      const Rational size = abs(r.back());
      for (Rational& x : r) x /= size;
      chain_.push_back(std::move(r));
    }
  }
  /// The greatest common divisor with the derivative, up to a constant.
  const Coefficients& divisor() const { return chain_.back(); }
  int variations(const std::optional<Rational>& x, bool up) const {
    int count = 0, last = 0;
    for (const Coefficients& c : chain_) {
      const int s = x ? value(c, *x).sign() : sign_far_away(c, up);
      if (s == 0) continue;
      if (last != 0 && s != last) ++count;
      last = s;
    }
    return count;
  }

 private:
  std::vector<Coefficients> chain_;
};

}  // namespace

bool has_sign_between(std::vector<Rational> c, const std::optional<Rational>& lo, const std::optional<Rational>& hi,
                      bool lo_closed, bool hi_closed, bool strict) {
  trim(c);
  if (c.empty()) return !strict;
  if (c.size() == 1) return c[0].sign() > 0;
  const auto good = [&](const Rational& x) { return strict ? value(c, x).sign() > 0 : value(c, x).sign() >= 0; };
  if (lo && hi && *lo > *hi) return false;
  if (lo && lo_closed && !good(*lo)) return false;
  if (hi && hi_closed && !good(*hi)) return false;
  if (lo && hi && *lo == *hi) return lo_closed && hi_closed;
  // No root inside, and positive at one point inside.
  const Sturm sturm(quotient(c, Sturm(c).divisor()));                    // the same roots, each once
  int roots = sturm.variations(lo, false) - sturm.variations(hi, true);  // in (lo, hi]
  if (hi && value(c, *hi).is_zero()) --roots;
  if (roots != 0) return false;
  const Rational inside = lo && hi ? Rational((*lo + *hi) / 2)
                          : lo     ? Rational(*lo + 1)
                          : hi     ? Rational(*hi - 1)
                                   : Rational(0);
  return value(c, inside).sign() > 0;
}

}  // namespace nabla::rederive
