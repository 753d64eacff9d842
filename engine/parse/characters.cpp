#include <nabla/engine/parse/characters.hpp>

#include <array>
#include <cstdint>
#include <cstdio>

namespace nabla {

namespace {

struct Foreign {
  char32_t character;
  std::string_view name;     // the Unicode name
  std::string_view instead;  // what to write; empty where there is nothing to say
};

constexpr Foreign foreign[] = {
    {0x00A0, "NO-BREAK SPACE", "write a blank"},
    {0x00AC, "NOT SIGN", "write `not`"},
    {0x00B1, "PLUS-MINUS SIGN", "write two statements"},
    {0x00B2, "SUPERSCRIPT TWO", "write `^2`"},
    {0x00B3, "SUPERSCRIPT THREE", "write `^3`"},
    {0x00B4, "ACUTE ACCENT", "a transpose is `'`"},
    {0x00B7, "MIDDLE DOT", "write `*`, or dot(x, y)"},
    {0x00B9, "SUPERSCRIPT ONE", "write `^1`"},
    {0x00BD, "VULGAR FRACTION ONE HALF", "write `1/2`"},
    {0x00D7, "MULTIPLICATION SIGN", "write `*`"},
    {0x00F7, "DIVISION SIGN", "write `/`"},
    {0x1D40, "MODIFIER LETTER CAPITAL T", "a transpose is `'`"},
    {0x200B, "ZERO WIDTH SPACE", "delete it"},
    {0x2010, "HYPHEN", "write `-`"},
    {0x2011, "NON-BREAKING HYPHEN", "write `-`"},
    {0x2012, "FIGURE DASH", "write `-`"},
    {0x2013, "EN DASH", "write `-`"},
    {0x2014, "EM DASH", "write `-`"},
    {0x2016, "DOUBLE VERTICAL LINE", "write norm(x)"},
    {0x2018, "LEFT SINGLE QUOTATION MARK", "a transpose is `'`"},
    {0x2019, "RIGHT SINGLE QUOTATION MARK", "a transpose is `'`"},
    {0x2026, "HORIZONTAL ELLIPSIS", "write `..`"},
    {0x2032, "PRIME", "a transpose is `'`"},
    {0x2044, "FRACTION SLASH", "write `/`"},
    {0x207B, "SUPERSCRIPT MINUS", "write `^-`"},
    {0x210D, "DOUBLE-STRUCK CAPITAL H", ""},
    {0x2115, "DOUBLE-STRUCK CAPITAL N", ""},
    {0x211D, "DOUBLE-STRUCK CAPITAL R", "write `R`"},
    {0x2124, "DOUBLE-STRUCK CAPITAL Z", ""},
    {0x2192, "RIGHTWARDS ARROW", "write `->`"},
    {0x21D2, "RIGHTWARDS DOUBLE ARROW", "write `implies`"},
    {0x2200, "FOR ALL", "write a line `for all m >= 1` or `given x in SET`"},
    {0x2202, "PARTIAL DIFFERENTIAL", "write grad(f, x) or diff(f, x, h)"},
    {0x2205, "EMPTY SET", ""},
    {0x2207, "NABLA", "write grad(f, x)"},
    {0x2208, "ELEMENT OF", "write `in`"},
    {0x220F, "N-ARY PRODUCT", "write prod(i in 1..n: ...)"},
    {0x2211, "N-ARY SUMMATION", "write sum(i in 1..n: ...)"},
    {0x2212, "MINUS SIGN", "write `-`"},
    {0x2215, "DIVISION SLASH", "write `/`"},
    {0x2217, "ASTERISK OPERATOR", "write `*`"},
    {0x2218, "RING OPERATOR", "composition is application: f(g(x))"},
    {0x2219, "BULLET OPERATOR", "write `*`"},
    {0x221A, "SQUARE ROOT", "write sqrt(x)"},
    {0x221E, "INFINITY", "write `oo`"},
    {0x2225, "PARALLEL TO", "write norm(x)"},
    {0x2227, "LOGICAL AND", "write two lines"},
    {0x222B, "INTEGRAL", "write integral(t in 0..1: ...)"},
    {0x2245, "APPROXIMATELY EQUAL TO", "write a bound, such as abs(a - b) <= 1/1000"},
    {0x2248, "ALMOST EQUAL TO", "write a bound, such as abs(a - b) <= 1/1000"},
    {0x2260, "NOT EQUAL TO", "write `!=`"},
    {0x2261, "IDENTICAL TO", "write `==`"},
    {0x2264, "LESS-THAN OR EQUAL TO", "write `<=`"},
    {0x2265, "GREATER-THAN OR EQUAL TO", "write `>=`"},
    {0x2299, "CIRCLED DOT OPERATOR", "write `.*`"},
    {0x22A4, "DOWN TACK", "a transpose is `'`"},
    {0x22C5, "DOT OPERATOR", "write `*`, or dot(x, y)"},
    {0x22EF, "MIDLINE HORIZONTAL ELLIPSIS", "write `..`"},
    {0x2A7D, "LESS-THAN OR SLANTED EQUAL TO", "write `<=`"},
    {0x2A7E, "GREATER-THAN OR SLANTED EQUAL TO", "write `>=`"},
    {0xFEFF, "ZERO WIDTH NO-BREAK SPACE", "delete it"},
};

// U+0391.. and U+03B1..; U+03C2 is the final form of sigma.
constexpr std::array<std::string_view, 25> greek = {
    "alpha", "beta",    "gamma", "delta", "epsilon", "zeta",  "eta", "theta",   "iota", "kappa", "lambda", "mu",   "nu",
    "xi",    "omicron", "pi",    "rho",   "sigma",   "sigma", "tau", "upsilon", "phi",  "chi",   "psi",    "omega"};

struct Spelling {
  std::string_view text;
  std::string_view instead;
};

// Longest first among those with a common beginning.
constexpr Spelling spellings[] = {
    {"**", "a power is written `^`"},
    {"=>", "write `implies`, or `>=`"},
    {"=<", "write `<=`"},
    {"<>", "write `!=`"},
    {":=", "write `=`"},
    {"&&", "write two statements, or where(...) for cases"},
    {"&", "write two statements, or where(...) for cases"},
    {"||", "there is no `or`; for norms write norm(x)"},
    {"|", "write abs(x) or norm(x)"},
    {"~=", "write `!=`; for an approximate equality write a bound, such as abs(a - b) <= 1/1000"},
    {"~", "write `not`"},
    {"!", "write `not`; a factorial is gamma(n + 1)"},
    {".", "a number has a digit on both sides of its point (0.5, 5.0)"},
    {"\\", "LaTeX is not read; write names and functions in letters"},
    {"$", "LaTeX is not read; write names and functions in letters"},
    {"%", "a comment begins with `#`"},
    {"\"", "there are no quoted texts"},
};

std::string code(char32_t character) {
  char text[16];
  std::snprintf(text, sizeof text, "U+%04X", static_cast<unsigned>(character));
  return text;
}

std::string greek_message(char32_t character) {
  const bool small = character >= 0x03B1;
  std::string name(greek[character - (small ? 0x03B1u : 0x0391u)]);
  std::string upper;
  for (const char c : name == "lambda" ? std::string("lamda") : name) upper += static_cast<char>(c - 'a' + 'A');
  const std::string unicode = character == 0x03C2 ? "FINAL SIGMA" : upper;
  if (!small) name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return code(character) + " GREEK " + (small ? "SMALL" : "CAPITAL") + " LETTER " + unicode +
         " is not in the language; write `" + name + "`";
}

}  // namespace

std::string foreign_character_message(char32_t character) {
  const bool is_greek = (character >= 0x0391 && character <= 0x03A9 && character != 0x03A2) ||
                        (character >= 0x03B1 && character <= 0x03C9);
  if (is_greek) return greek_message(character);
  for (const Foreign& row : foreign) {
    if (row.character != character) continue;
    const std::string advice = row.instead.empty() ? "" : "; " + std::string(row.instead);
    return code(character) + " " + std::string(row.name) + " is not in the language" + advice;
  }
  return code(character) + " is not in the language; names are ASCII letters, digits and underscores";
}

std::string unreadable_ascii_message(std::string_view rest) {
  const auto c = static_cast<unsigned char>(rest.front());
  const bool begins_tokens = std::string_view("*=<:").find(rest.front()) != std::string_view::npos;
  const std::string number = begins_tokens ? "" : code(c) + ' ';
  for (const Spelling& row : spellings) {
    if (rest.starts_with(row.text)) {
      return number + '`' + std::string(row.text) + "` is not in the language; " + std::string(row.instead);
    }
  }
  const bool visible = c > 0x20 && c < 0x7F;
  return code(c) + (visible ? std::string(" `") + rest.front() + "`" : std::string()) + " is not in the language";
}

}  // namespace nabla
