#include <nabla/engine/numbers/literal.hpp>
#include <nabla/engine/numbers/rational.hpp>

namespace nabla {

std::optional<Constant> parse_constant(std::string_view text) {
  if (text == "pi") return Constant::pi();
  const auto value = parse_rational(text);
  if (!value) return std::nullopt;
  return to_constant(*value);
}

Constant exact_constant(std::string_view text) {
  if (auto c = parse_constant(text)) return *c;
  throw std::invalid_argument("lit(\"" + std::string(text) +
                              "\"): not an exact constant; write an integer, a decimal, a fraction p/q, or pi");
}

}  // namespace nabla
