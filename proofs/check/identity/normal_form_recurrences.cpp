// Functions of u + k with a whole number k by those of u: the gamma function and its logarithm where u > 0
// (DLMF 5.5.1), the fractional part.
#include <nabla/proofs/check/identity/normal_form.hpp>

namespace nabla::normal_form {

namespace {

constexpr std::int64_t most_steps = 32, most_below = 8;

/// The number among the terms of f, of its polynomial part.
Rational number_in(const Fraction& f) {
  const Fraction whole = f.is_polynomial() ? f : divide_out(f).quotient;
  for (const Term& term : terms(whole.ring(), whole.num()))
    if (term.powers.empty())
      return Rational(term.coefficient) / Rational(Fraction::of(Polynomial(whole.ring(), whole.den())).constant_text());
  return 0;
}

std::optional<std::int64_t> floor_of(const Rational& c) {
  const Rational n = Number<Rational>::floor(c);
  if (abs(n) > Rational(std::int64_t{1} << 40)) return std::nullopt;
  return static_cast<std::int64_t>(numerator(n));
}

}  // namespace

/// Of all u with f - u whole and u > 0 seen, the one whose number is least (and at least -8) stands for them.
std::optional<Fraction> Normaliser::gamma(Opcode code, const Fraction& f) {
  const auto whole = floor_of(number_in(f));
  if (!whole) return std::nullopt;
  const Fraction rest = f - Fraction(ring_, *whole);
  for (std::int64_t k = -most_below; k <= std::min(*whole, most_steps); ++k) {
    const Fraction base = rest + Fraction(ring_, k);
    if (!within(signs(base), Signs::positive)) continue;
    const bool is_product = code == opcode<Gamma>;
    Fraction value(ring_, is_product ? 1 : 0);
    if (*whole - k > most_steps) return std::nullopt;
    for (std::int64_t j = k; j < *whole; ++j) {
      const Fraction step = rest + Fraction(ring_, j);
      if (is_product) {
        value = value * step;
        continue;
      }
      const auto l = log(step);
      if (!l) return std::nullopt;
      value = value + *l;
    }
    const bool is_one = base.is_constant() && Rational(base.constant_text()) == 1;
    if (is_one) return value;
    const Fraction last = opaque_atom(code, {}, {base});
    return is_product ? value * last : value + last;
  }
  return std::nullopt;
}

std::optional<Fraction> Normaliser::floor(const Fraction& f) {
  const auto whole = floor_of(number_in(f));
  if (!whole) return std::nullopt;
  const Fraction rest = f - Fraction(ring_, *whole);
  if (f.is_constant()) return Fraction(ring_, *whole);
  const std::string key = "fraction " + text(rest);
  auto k = find_atom(key);
  if (!k)
    k = make_atom(key, {.kind = Atom::Kind::fractional_part,
                        .name = {},
                        .description = "(" + describe(rest) + " mod 1)",
                        .range = {Rational(0), Rational(1), true, false},
                        .reduced = {},
                        .operand = rest,
                        .depends = dependencies(rest)});
  return f - atom(*k);
}

}  // namespace nabla::normal_form
