#pragma once

#include <string>
#include <string_view>

/// Any bytes as text of a Markdown document.
namespace nabla {

/// Words without mark-up: what Markdown or HTML would read as such is escaped; line ends become blanks.
std::string markdown_escaped(std::string_view text);
/// A code span on one line, delimited so that backquotes inside it do not end it.
std::string markdown_code(std::string_view text);
/// A fenced block whose fence is longer than any in the text. \param info  "text", ...
std::string markdown_block(std::string_view text, std::string_view info);
/// Prose of a document as it is, with two exceptions, so that it cannot swallow what follows it: raw HTML becomes
/// text, and a code block that is left open is closed.
std::string markdown_prose(std::string_view text);

}  // namespace nabla
