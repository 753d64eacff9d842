#include <nabla/engine/parse/source.hpp>

#include <algorithm>
#include <utility>

namespace nabla {

namespace {

constexpr std::size_t excerpt_width = 100;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_continuation(std::string_view text, std::size_t offset) {
  return offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0u) == 0x80u;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E); }

std::string heading(const Source& source, Place place, const std::string& message) {
  std::string out = printable(source.name());
  if (!out.empty()) out += ':';
  return out + std::to_string(place.line) + ':' + std::to_string(place.column) + ": error: " + message;
}

std::string listed(const std::vector<std::string>& expected) {
  if (expected.empty()) return {};
  std::string out = "expected ";
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (i != 0) out += i + 1 == expected.size() ? " or " : ", ";
    out += expected[i];
  }
  return out;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  const auto first = static_cast<unsigned char>(text[offset]);
  const CodePoint ill_formed{first, 1, false};
  if (first < 0x80) return {first, 1, true};
  const std::uint32_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return ill_formed;
  char32_t value = first & (0xFFu >> (length + 1));
  for (std::uint32_t i = 1; i < length; ++i) {
    if (!is_continuation(text, offset + i)) return ill_formed;
    value = (value << 6) | (static_cast<unsigned char>(text[offset + i]) & 0x3Fu);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return ill_formed;
  return {value, length, true};
}

Source::Source(std::string name, std::string text) {
  auto content = std::make_shared<Content>();
  content->name = std::move(name);
  content->line_begins.push_back(0);
  const bool too_long = text.size() > size_limit;
  if (!too_long) {
    content->text = std::move(text);
    const std::string& all = content->text;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool crlf = all[i] == '\r' && i + 1 < all.size() && all[i + 1] == '\n';
      if (all[i] != '\n' && all[i] != '\r') continue;
      if (crlf) ++i;
      content->line_begins.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }
  content_ = std::move(content);
  if (too_long) {
    throw SyntaxError(*this, {}, "the text is longer than " + std::to_string(size_limit >> 20) + " MiB; split it");
  }
}

std::uint32_t Source::line_begin(std::uint32_t number) const {
  if (number == 0) return 0;
  if (number > line_count()) return static_cast<std::uint32_t>(text().size());
  return content_->line_begins[number - 1];
}

std::string_view Source::line(std::uint32_t number) const {
  if (number == 0 || number > line_count()) return {};
  const std::uint32_t begin = line_begin(number);
  std::string_view all = text().substr(begin, line_begin(number + 1) - begin);
  if (number < line_count()) {
    if (all.ends_with('\n')) all.remove_suffix(1);
    if (all.ends_with('\r')) all.remove_suffix(1);
  }
  return all;
}

Place Source::place(std::size_t offset) const {
  offset = std::min(offset, text().size());
  const auto& begins = content_->line_begins;
  const auto after = std::upper_bound(begins.begin(), begins.end(), offset);
  Place place{static_cast<std::uint32_t>(after - begins.begin()), 1};
  for (std::size_t i = *(after - 1); i < offset; i += code_point_at(text(), i).length) ++place.column;
  return place;
}

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    if (count == most) return out + "...";
    const CodePoint c = code_point_at(text, i);
    if (c.valid && c.value == '\t') {
      out += ' ';
    } else if (!c.valid || is_control(c.value)) {
      out += replacement;
    } else {
      out += text.substr(i, c.length);
    }
    i += c.length;
  }
  return out;
}

std::string in_backquotes(std::string_view text) { return '`' + printable(text, 40) + '`'; }

std::string excerpt(const Source& source, Place place) {
  const std::string_view line = source.line(place.line);
  const std::size_t caret = place.column - 1;  // code points before the caret
  const std::size_t first = caret < excerpt_width ? 0 : caret - excerpt_width / 2;
  std::size_t offset = 0;
  for (std::size_t i = 0; i < first && offset < line.size(); ++i) offset += code_point_at(line, offset).length;
  const std::string lead = first == 0 ? "  " : "  ...";
  return lead + printable(line.substr(offset), excerpt_width) + '\n' + std::string(lead.size() + caret - first, ' ') +
         "^\n";
}

SyntaxError::SyntaxError(const Source& source, Place place, std::string message, std::vector<std::string> expected)
    : SyntaxError(std::make_shared<const Details>(Details{source, place, std::move(message), std::move(expected)})) {}

SyntaxError::SyntaxError(std::shared_ptr<const Details> details)
    : std::runtime_error(heading(details->source, details->place, details->message) +
                         (details->expected.empty() ? "" : "; " + listed(details->expected))),
      details_(std::move(details)) {}

std::string SyntaxError::expectation() const { return listed(expected()); }

std::string SyntaxError::render() const {
  std::string out = heading(source(), place(), message()) + '\n' + excerpt(source(), place());
  if (!expected().empty()) out += listed(expected()) + '\n';
  return out;
}

}  // namespace nabla
