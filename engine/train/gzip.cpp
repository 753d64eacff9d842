#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <nabla/engine/train/gzip.hpp>
#include <nabla/engine/train/table.hpp>

namespace nabla {

namespace {

/// zlib's state for reading gzip, freed at the end.
class Inflation {
 public:
  Inflation() {
    constexpr int window_of_gzip = 15 + 16;
    if (inflateInit2(&stream, window_of_gzip) != Z_OK) throw std::bad_alloc();
  }
  ~Inflation() { inflateEnd(&stream); }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;
  z_stream stream{};
};

}  // namespace

bool is_gzip(std::string_view content) { return content.starts_with("\x1f\x8b"); }

std::string unpacked_gzip(std::string_view content, const std::string& name, std::size_t most) {
  std::string text;
  std::array<unsigned char, std::size_t{1} << 16> piece{};
  while (!content.empty()) {
    if (!is_gzip(content)) throw DataError(name + ": this gzip file is followed by something else");
    Inflation inflation;
    z_stream& stream = inflation.stream;
    // A file may be longer than zlib's counter.
    const auto feed = [&] {
      stream.avail_in = static_cast<uInt>(std::min<std::size_t>(content.size(), std::numeric_limits<uInt>::max() / 2));
      stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(content.data()));
    };
    for (int state = Z_OK; state != Z_STREAM_END;) {
      feed();
      const uInt given = stream.avail_in;
      stream.next_out = piece.data();
      stream.avail_out = static_cast<uInt>(piece.size());
      state = inflate(&stream, Z_NO_FLUSH);
      content.remove_prefix(given - stream.avail_in);
      const std::size_t made = piece.size() - stream.avail_out;
      if (state == Z_BUF_ERROR || (state == Z_OK && content.empty() && made == 0))
        throw DataError(name + ": this gzip file is cut off");
      if (state != Z_OK && state != Z_STREAM_END)
        throw DataError(name + ": this gzip file is damaged (" + (stream.msg != nullptr ? stream.msg : "zlib") + ")");
      if (made > most - text.size())
        throw DataError(name + ": this gzip file holds more than " + std::to_string(most) + " bytes");
      text.append(reinterpret_cast<const char*>(piece.data()), made);
    }
  }
  return text;
}

}  // namespace nabla
