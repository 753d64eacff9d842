#pragma once

#include <string>
#include <string_view>

/// Any bytes as text of an HTML or MathML document.
namespace nabla {

/// The text with & < > " ' as character references, fit for content and for a quoted attribute. Ill-formed UTF-8,
/// control characters (all but tab and line feed) and characters that change the direction of what follows become
/// U+FFFD, so that a text can neither leave its element nor make its surroundings read differently.
std::string html_escaped(std::string_view text);

}  // namespace nabla
