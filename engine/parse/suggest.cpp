#include <nabla/engine/parse/suggest.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace nabla {

namespace {

constexpr std::size_t longest = 48;  // names beyond this are not guessed at

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Optimal string alignment, in quarters of an edit: a change of case alone costs one quarter.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, longest + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = 4 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& above2 = rows[(i + 1) % 3];
    row[0] = 4 * i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = a[i - 1];
      const char y = b[j - 1];
      const std::size_t substitution = x == y ? 0 : lower(x) == lower(y) ? 1 : 4;
      row[j] = std::min({above[j] + 4, row[j - 1] + 4, above[j - 1] + substitution});
      if (i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y) row[j] = std::min(row[j], above2[j - 2] + 4);
    }
  }
  return rows[a.size() % 3][b.size()];
}

}  // namespace

std::optional<std::string> did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.empty() || name.size() > longest) return std::nullopt;
  const std::size_t allowed = name.size() <= 4 ? 4 : name.size() <= 8 ? 8 : 12;
  std::optional<std::string> nearest;
  std::size_t least = allowed + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate == name) return std::nullopt;
    if (candidate.empty() || candidate.size() > longest) continue;
    const bool is_beginning = name.size() >= 3 && candidate.starts_with(name);
    const std::size_t d = is_beginning ? 4 : distance(name, candidate);
    if (d >= least || d >= 4 * std::max(name.size(), candidate.size())) continue;
    least = d;
    nearest = std::string(candidate);
  }
  return nearest;
}

}  // namespace nabla
