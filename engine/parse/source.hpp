#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// A position in a text: both counts start at 1. The column counts Unicode code points; each byte of ill-formed
/// UTF-8 counts as one.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// One code point of a UTF-8 text. Where the bytes are ill-formed (also overlong forms, surrogates, values past
/// U+10FFFF), `valid` is false, `value` is the byte and `length` is 1.
struct CodePoint {
  char32_t value = 0;
  std::uint32_t length = 0;
  bool valid = false;
};

/// The code point that begins at a byte offset. \pre offset < text.size()
CodePoint code_point_at(std::string_view text, std::size_t offset);

/// A text with a name (a file, "argument 1", ...) and an index of its lines. Lines end with LF, CRLF or CR.
/// Copies share the text; a default-made Source is empty.
class Source {
 public:
  /// Longest text that is read, in bytes.
  static constexpr std::size_t size_limit = std::size_t{64} << 20;

  Source() : Source("", "") {}
  /// \throws SyntaxError at line 1 when the text is longer than `size_limit`.
  Source(std::string name, std::string text);

  const std::string& name() const { return content_->name; }
  std::string_view text() const { return content_->text; }

  /// At least 1; a text that ends with a line ending has an empty last line.
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(content_->line_begins.size()); }
  /// The text of a line without its ending; empty for a line that does not exist.
  std::string_view line(std::uint32_t number) const;
  /// The byte offset where a line begins; the size of the text for a line past the last.
  std::uint32_t line_begin(std::uint32_t number) const;
  /// The place of a byte offset (clamped to the text). Linear in the length of that line.
  Place place(std::size_t offset) const;

 private:
  struct Content {
    std::string name;
    std::string text;
    std::vector<std::uint32_t> line_begins;
  };
  std::shared_ptr<const Content> content_;
};

/// Text made fit for one line of a terminal: control characters and ill-formed bytes become U+FFFD, a tab a blank;
/// past `most` code points it is cut and ends with "...".
std::string printable(std::string_view text, std::size_t most = static_cast<std::size_t>(-1));

/// printable(text, 40) between backquotes, for messages.
std::string in_backquotes(std::string_view text);

/// The line of a place and under it a caret, each indented by two blanks and ended by a newline. Lines longer than
/// 100 code points are clipped around the caret, with "..." where something is left out.
std::string excerpt(const Source& source, Place place);

/// The user's mistake in a text: where, what, and what could have stood there instead.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(const Source& source, Place place, std::string message, std::vector<std::string> expected = {});

  Place place() const { return details_->place; }
  const Source& source() const { return details_->source; }
  /// What is wrong, without place and without the list of what was expected.
  const std::string& message() const { return details_->message; }
  /// What could stand at the place, each for one reader: "a number", "`)`".
  const std::vector<std::string>& expected() const { return details_->expected; }
  /// "expected a, b or c"; empty when nothing is listed.
  std::string expectation() const;
  /// Several lines: "name:line:column: error: message", the excerpt with a caret, and the expectation if any.
  /// what() is the first of them together with the expectation.
  std::string render() const;

 private:
  struct Details {
    Source source;
    Place place;
    std::string message;
    std::vector<std::string> expected;
  };
  explicit SyntaxError(std::shared_ptr<const Details> details);

  std::shared_ptr<const Details> details_;  // shared, so that copying an exception cannot throw
};

}  // namespace nabla
