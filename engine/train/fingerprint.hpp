#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nabla {

/// A number for a text, to notice that it is another one: FNV-1a, 64 bits (Fowler, Noll, Vo). No protection against
/// somebody who wants two texts to have one number.
constexpr std::uint64_t fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

/// The same as 16 hexadecimal digits.
inline std::string fingerprint_text(std::string_view text) {
  std::string digits;
  for (std::uint64_t hash = fingerprint(text), k = 0; k < 16; ++k, hash <<= 4) digits += "0123456789abcdef"[hash >> 60];
  return digits;
}

}  // namespace nabla
