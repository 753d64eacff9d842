#pragma once

#include <string>
#include <string_view>

namespace nabla {

/// What to write instead of a character that the language does not have, as message text: "U+00D7 MULTIPLICATION
/// SIGN is not in the language; write `*`". Characters without a known name are given by number alone.
std::string foreign_character_message(char32_t character);

/// The same for what begins with an ASCII character that begins no token ("&&", "\alpha", a lone "!" or "."), or
/// with a spelling of another language that is made of tokens ("**").
/// \pre !rest.empty()
std::string unreadable_ascii_message(std::string_view rest);

}  // namespace nabla
