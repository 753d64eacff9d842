#pragma once

#include <string>
#include <string_view>

namespace nabla {

/// Whether a file's content begins as gzip does (RFC 1952).
bool is_gzip(std::string_view content);

/// What a gzip file holds, all its members one after the other. \param name  of the file, for messages
/// \throws DataError where it is cut off or damaged (zlib checks length and checksum), is followed by something else,
///         or holds more than `most` bytes
std::string unpacked_gzip(std::string_view content, const std::string& name, std::size_t most = std::size_t{4} << 30);

}  // namespace nabla
