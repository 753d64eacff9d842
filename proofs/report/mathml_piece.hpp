#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Parts of a formula in MathML, and how they are put together.
namespace nabla::mathml {

/// How tightly a piece holds together, loosest first: what stands beside a tighter operator needs parentheses.
enum class Level : std::uint8_t { implication, negation, relation, at, sum, sign, product, power, atom };

/// Some MathML. `single`: exactly one element, so that it can be an argument of mfrac and the like.
struct Piece {
  std::string text;
  Level level = Level::atom;
  bool single = true;
  bool begins_with_digit = false;
};

std::string element(std::string_view name, std::string_view content);
std::string op(std::string_view symbol);  ///< <mo>
std::string identifier(std::string_view name);
std::string words(std::string_view text);  ///< <mtext>, escaped
std::string row(std::string_view content);
/// The piece as one element.
std::string as_argument(const Piece& piece);
/// The piece in parentheses when it is looser than `least`.
std::string at_least(const Piece& piece, Level least);
std::string fenced(std::string_view open, std::string_view content, std::string_view close);

/// The letter that a name such as "alpha" stands for; nothing for other names.
std::optional<std::string_view> greek(std::string_view name);

/// A LaTeX template of an operator's notation (`\frac{{{0}}}{{{1}}}`, see ops/facts.hpp) filled with its operands.
/// Nothing when the template asks for more or fewer operands or uses what is not known here.
std::optional<Piece> fill_template(std::string_view latex, std::span<const Piece> operands);

}  // namespace nabla::mathml
