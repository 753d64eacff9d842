#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/engine/run/function.hpp>
#include <vector>

namespace nabla {

namespace {

bool is_rational_text(const Constant& c) {
  return c.kind() == Constant::Kind::ratio || c.kind() == Constant::Kind::text;
}

}  // namespace

std::optional<Constant> literal_constant(std::string_view spelling) {
  const std::optional<Rational> value = parse_rational(spelling);
  if (!value) return std::nullopt;
  return to_constant(*value);
}

std::optional<std::strong_ordering> compare(const Constant& a, const Constant& b) {
  if (!is_rational_text(a) || !is_rational_text(b)) return std::nullopt;
  const Rational x = Number<Rational>::of(a);
  const Rational y = Number<Rational>::of(b);
  if (x < y) return std::strong_ordering::less;
  return y < x ? std::strong_ordering::greater : std::strong_ordering::equal;
}

std::optional<Constant> fold_function(std::string_view name, std::span<const Constant> arguments) {
  std::vector<Rational> x;
  for (const Constant& c : arguments) {
    if (!is_rational_text(c)) return std::nullopt;
    x.push_back(Number<Rational>::of(c));
  }
  using N = Number<Rational>;
  if (x.size() == 1) {
    if (name == "abs") return to_constant(N::abs(x[0]));
    if (name == "sign") return to_constant(N::sign(x[0]));
    if (name == "floor") return to_constant(N::floor(x[0]));
  } else if (x.size() == 2) {
    if (name == "min") return to_constant(N::min(x[0], x[1]));
    if (name == "max") return to_constant(N::max(x[0], x[1]));
  }
  return std::nullopt;
}

std::optional<Constant> exact_value(const Expr& e) {
  if (const Constant* c = e.constant()) return *c;
  try {
    const Function f(std::span<const Expr>(&e, 1), {});
    return to_constant(f.run<Rational>(std::span<const Entries<Rational>>{}).output(0)[0]);
  } catch (const std::invalid_argument&) {  // a variable, or an operator without rational values
  } catch (const std::domain_error&) {
  } catch (const std::length_error&) {
  }
  return std::nullopt;
}

bool is_integer(const Constant& c) { return is_rational_text(c) && denominator(Number<Rational>::of(c)) == 1; }

}  // namespace nabla
