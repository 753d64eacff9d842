#pragma once

#include <string>
#include <string_view>

/// The prose between claims: Markdown as HTML. What is understood: headings, paragraphs, lists, quotes, code, tables,
/// rules; emphasis, code spans, links, line breaks. Safe for text of any origin: raw HTML is shown as the text that
/// it is, links go to http, https, mailto or a relative address, images become links to them (a report loads nothing).
/// Formulas between dollar signs are passed on as they were written.
namespace nabla {

/// \param heading_shift  added to the level of each heading (at most h6 comes out)
std::string prose_html(std::string_view markdown, int heading_shift);

/// The inline elements of one paragraph.
std::string inline_html(std::string_view text);

/// The text of the first and of the last heading, as Markdown without the #; empty when there is none.
std::string first_heading(std::string_view markdown);
std::string last_heading(std::string_view markdown);
/// The last paragraph, on one line, as Markdown; empty when the text ends with something else.
std::string last_paragraph(std::string_view markdown);

}  // namespace nabla
