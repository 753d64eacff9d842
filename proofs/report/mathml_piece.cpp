#include <algorithm>
#include <array>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/mathml.hpp>
#include <nabla/proofs/report/mathml_piece.hpp>
#include <utility>

namespace nabla::mathml {

std::string element(std::string_view name, std::string_view content) {
  std::string out = "<";
  out.append(name).append(">").append(content).append("</").append(name).append(">");
  return out;
}

std::string op(std::string_view symbol) { return element("mo", html_escaped(symbol)); }
std::string identifier(std::string_view name) { return element("mi", html_escaped(name)); }
std::string words(std::string_view text) { return element("mtext", html_escaped(text)); }
std::string row(std::string_view content) { return element("mrow", content); }
std::string as_argument(const Piece& piece) { return piece.single ? piece.text : row(piece.text); }

std::string fenced(std::string_view open, std::string_view content, std::string_view close) {
  return row("<mo form=\"prefix\" fence=\"true\" stretchy=\"true\">" + html_escaped(open) + "</mo>" +
             std::string(content) + "<mo form=\"postfix\" fence=\"true\" stretchy=\"true\">" + html_escaped(close) +
             "</mo>");
}

std::string at_least(const Piece& piece, Level least) {
  return piece.level < least ? fenced("(", piece.text, ")") : piece.text;
}

std::optional<std::string_view> greek(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 37> letters{
      {{"alpha", "α"},  {"beta", "β"},     {"gamma", "γ"}, {"delta", "δ"},    {"epsilon", "ϵ"}, {"varepsilon", "ε"},
       {"zeta", "ζ"},   {"eta", "η"},      {"theta", "θ"}, {"vartheta", "ϑ"}, {"iota", "ι"},    {"kappa", "κ"},
       {"lambda", "λ"}, {"mu", "μ"},       {"nu", "ν"},    {"xi", "ξ"},       {"rho", "ρ"},     {"varrho", "ϱ"},
       {"sigma", "σ"},  {"varsigma", "ς"}, {"tau", "τ"},   {"upsilon", "υ"},  {"phi", "ϕ"},     {"varphi", "φ"},
       {"chi", "χ"},    {"psi", "ψ"},      {"omega", "ω"}, {"Gamma", "Γ"},    {"Delta", "Δ"},   {"Theta", "Θ"},
       {"Lambda", "Λ"}, {"Xi", "Ξ"},       {"Sigma", "Σ"}, {"Upsilon", "Υ"},  {"Phi", "Φ"},     {"Psi", "Ψ"},
       {"Omega", "Ω"}}};
  for (const auto& [spelt, letter] : letters)
    if (spelt == name) return letter;
  return std::nullopt;
}

namespace {

std::string base_name(std::string_view name) {
  if (const auto letter = greek(name)) return identifier(*letter);
  return identifier(name);
}

}  // namespace

}  // namespace nabla::mathml

namespace nabla {

std::string name_mathml(std::string_view name) {
  using namespace mathml;
  std::size_t split = name.find('_');
  std::string_view index;
  if (split != std::string_view::npos && split > 0 && split + 1 < name.size()) {
    index = name.substr(split + 1);
  } else {
    split = name.find_last_not_of("0123456789") + 1;
    if (split == 0 || split == name.size()) return base_name(name);
    index = name.substr(split);
  }
  const bool is_number = index.find_first_not_of("0123456789") == std::string_view::npos;
  return element(
      "msub", base_name(name.substr(0, split)) + (is_number ? element("mn", html_escaped(index)) : base_name(index)));
}

}  // namespace nabla
