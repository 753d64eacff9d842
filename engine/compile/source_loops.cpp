#include <fmt/format.h>

#include <nabla/engine/compile/source_loops.hpp>

namespace nabla {

namespace {

constexpr std::string_view maths = R"(struct {0}_lanes {{
  std::uint64_t is_huge = 0;
  double exp(double x) const {{ return nabla::vector_math::exp(x); }}
  double log(double x) const {{ return nabla::vector_math::log(x); }}
  double sin(double x) {{ return nabla::vector_math::sine(angle(x)); }}
  double cos(double x) {{ return nabla::vector_math::cosine(angle(x)); }}
  double angle(double x) {{
    is_huge |= std::uint64_t(!(std::abs(x) <= nabla::vector_math::largest_angle));
    return x;
  }}
}};
struct {0}_standard {{
  static constexpr std::uint64_t is_huge = 0;
  double exp(double x) const {{ return std::exp(x); }}
  double log(double x) const {{ return std::log(x); }}
  double sin(double x) const {{ return std::sin(x); }}
  double cos(double x) const {{ return std::cos(x); }}
}};
)";

}  // namespace

std::string repeated(std::size_t count, const std::string& body) {
  std::string indented;
  for (std::size_t begin = 0; begin < body.size();) {
    const std::size_t end = body.find('\n', begin);
    indented += "  " + body.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  if (count == 1) return "  {\n" + indented + "  }\n";
  return fmt::format("  for (std::size_t i = 0; i < {}; ++i) {{\n{}  }}\n", count, indented);
}

std::string in_strips(std::size_t count, const std::string& call, const std::vector<std::string>& sends) {
  std::string out = fmt::format(
      "  for (std::size_t first = 0; first < {0}; first += 256) {{\n"
      "    const std::size_t last = std::min<std::size_t>(first + 256, {0});\n    double d[{1}][256];\n"
      "    for (std::size_t i = first; i < last; ++i) {{\n      const auto y = {2};\n",
      count, sends.size(), call);
  for (std::size_t k = 0; k < sends.size(); ++k)
    out += fmt::format("      d[{}][i - first] = {};\n", k, sends.size() == 1 ? "y" : fmt::format("y[{}]", k));
  out += "    }\n";
  for (std::size_t k = 0; k < sends.size(); ++k)
    out += fmt::format("    for (std::size_t i = first; i < last; ++i) {} d[{}][i - first];\n", sends[k], k);
  return out + "  }\n";
}

std::string math_of(std::string_view name) { return fmt::format(fmt::runtime(maths), name); }

}  // namespace nabla
