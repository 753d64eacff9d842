#include <nabla/proofs/recheck/identity/algebra.hpp>

namespace nabla::rederive {

namespace {
constexpr std::int64_t most_factors = 32, least_number = -8;
}

/// The whole part of the number that stands in q as a term of its own.
std::optional<std::int64_t> Algebra::whole_number_in(const Quotient& q) {
  for (const auto& [c, term] : terms_of(q)) {
    if (!term.den.empty() || !term.num.leading_monomial().empty()) continue;
    const Rational n = Number<Rational>::floor(c * term.num.leading_coefficient());
    if (abs(n) > Rational(std::int64_t{1} << 40)) return std::nullopt;
    return static_cast<std::int64_t>(numerator(n));
  }
  return 0;
}

// gamma(u + 1) = u gamma(u) for u > 0, DLMF 5.5.1.
std::optional<Quotient> Algebra::gamma(Opcode code, const Quotient& q) {
  const auto n = whole_number_in(q);
  if (!n) return std::nullopt;
  const auto shifted = [&](std::int64_t k) { return add(q, constant(Rational(k - *n))); };
  for (std::int64_t k = least_number; k <= *n && k <= most_factors; ++k) {
    const Quotient base = shifted(k);
    if (signs(base) != positive) continue;
    if (*n - k > most_factors) return std::nullopt;
    const auto c = base.den.empty() ? base.num.as_constant() : std::nullopt;
    const bool is_one = c && *c == 1;
    const bool is_product = code == opcode<Gamma>;
    Quotient all = is_one ? constant(is_product ? 1 : 0) : function_atom(code, {}, {base});
    for (std::int64_t j = k; j < *n; ++j) {
      if (is_product) {
        all = multiply(all, shifted(j));
      } else {
        const auto l = log(shifted(j));
        if (!l) return std::nullopt;
        all = add(all, *l);
      }
    }
    return all;
  }
  return std::nullopt;
}

// u is floor(u) and its fractional part, which k does not change.
std::optional<Quotient> Algebra::floor(const Quotient& q) {
  const auto n = whole_number_in(q);
  if (!n) return std::nullopt;
  if (q.num.is_zero() || (q.den.empty() && q.num.as_constant())) return constant(Rational(*n));
  Atom a;
  a.kind = AtomKind::fractional_part;
  a.operands = {add(q, constant(Rational(-*n)))};
  a.bounds = {Rational(0), Rational(1), false, true};
  return add(q, power_of_atom(find_or_make(std::move(a)), unit), -1);
}

}  // namespace nabla::rederive
