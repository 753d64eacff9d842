#include <nabla/engine/parse/source.hpp>
#include <nabla/proofs/report/html_text.hpp>

namespace nabla {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_control(char32_t c) { return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0); }

/// Embeddings, overrides, isolates and marks of direction; no code point of them has a place in a formula.
bool is_direction(char32_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c;
}

/// What XML and HTML have no character for.
bool is_no_character(char32_t c) { return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef); }

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = code_point_at(text, i);
    switch (c.value) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (!c.valid || is_control(c.value) || is_direction(c.value) || is_no_character(c.value))
          out += replacement;
        else
          out += text.substr(i, c.length);
    }
    i += c.length;
  }
  return out;
}

}  // namespace nabla
