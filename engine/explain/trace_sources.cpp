#include <algorithm>
#include <fstream>
#include <nabla/engine/explain/trace_parts.hpp>

namespace nabla {

namespace {

constexpr std::uint32_t most_lines = 400, lines_around = 2;

}  // namespace

std::vector<TraceSource> trace_sources(const std::vector<TraceNode>& nodes) {
  struct Extent {
    std::string file;
    std::uint32_t first, last;
  };
  std::vector<Extent> files;
  for (const TraceNode& n : nodes) {
    const Origin& o = n.origin;
    if (o.file.empty() || o.line == 0) continue;
    const auto known = std::ranges::find(files, o.file, &Extent::file);
    if (known == files.end()) {
      files.push_back({o.file, o.line, o.line});
    } else {
      known->first = std::min(known->first, o.line);
      known->last = std::max(known->last, o.line);
    }
  }
  std::vector<TraceSource> sources;
  for (Extent& e : files) {
    e.first -= std::min(lines_around, e.first - 1);
    e.last += lines_around;
    std::ifstream in(e.file);
    TraceSource source{.file = e.file, .first_line = e.first};
    std::string line;
    for (std::uint32_t k = 1; k <= e.last && k - 1 < e.first + most_lines && std::getline(in, line); ++k) {
      if (line.ends_with('\r')) line.pop_back();
      if (k >= e.first) source.lines.push_back(line);
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace nabla
