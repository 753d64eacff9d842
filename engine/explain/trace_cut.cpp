#include <algorithm>
#include <nabla/engine/explain/trace_parts.hpp>
#include <tuple>

namespace nabla {

namespace {

constexpr std::size_t wanted_scopes = 24;
constexpr std::size_t most_natural_scopes = 40;

class ScopeCutter {
 public:
  ScopeCutter(const TraceNodes& read, const TraceLabels& labels) : read_(read), labels_(labels) {
    for (std::size_t k = 0; k < read.nodes.size(); ++k)
      if (is_operation(read.nodes[k])) operations_.push_back(k);
    count_passing();
  }

  std::vector<TraceScope> cut() const {
    const std::size_t n = operations_.size();
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < n; ++i)
      if (i + 1 == n || read_.is_named[operations_[i]] || function(i) != function(i + 1)) ends.push_back(i + 1);
    if (ends.size() > most_natural_scopes) ends = {n};
    std::vector<TraceScope> scopes;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      cut_run(begin, end, scopes);
      begin = end;
    }
    return scopes;
  }

 private:
  /// How many values are made at or before each operation and read after it.
  void count_passing() {
    std::vector<std::size_t> position(read_.nodes.size(), 0), last(operations_.size(), 0);
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      position[operations_[i]] = i;
      for (const std::size_t j : read_.nodes[operations_[i]].in)
        if (is_operation(read_.nodes[j])) last[position[j]] = i;
    }
    std::vector<std::ptrdiff_t> change(operations_.size() + 1, 0);
    for (std::size_t i = 0; i < last.size(); ++i)
      if (last[i] > i) {
        ++change[i];
        --change[last[i]];
      }
    std::ptrdiff_t now = 0;
    for (std::size_t i = 0; i < operations_.size(); ++i) passing_.push_back(now += change[i]);
  }

  std::string_view function(std::size_t i) const {
    const auto it = labels_.functions.find(read_.refs[operations_[i]].id());
    return it == labels_.functions.end() ? std::string_view() : it->second;
  }

  /// The operations [begin, end), in pieces of about the same size.
  void cut_run(std::size_t begin, std::size_t end, std::vector<TraceScope>& scopes) const {
    const std::size_t size = end - begin, n = operations_.size();
    const std::size_t pieces = std::max<std::size_t>(1, (wanted_scopes * size + n / 2) / n);
    std::size_t from = begin;
    for (std::size_t p = 1; p <= pieces && from < end; ++p) {
      std::size_t to = end;
      if (p < pieces) to = best_end(from, begin + p * size / pieces, std::max<std::size_t>(1, size / pieces / 2), end);
      scopes.emplace_back(operations_.begin() + static_cast<std::ptrdiff_t>(from),
                          operations_.begin() + static_cast<std::ptrdiff_t>(to));
      from = to;
    }
  }

  /// Near `ideal`: where the fewest values pass on; then where a loop begins anew, or another line.
  std::size_t best_end(std::size_t from, std::size_t ideal, std::size_t reach, std::size_t end) const {
    const std::size_t first = std::max(from + 1, ideal > reach ? ideal - reach : 1),
                      last = std::min(end, ideal + reach);
    std::size_t best = std::min(std::max(first, ideal), end);
    auto least = score(best, ideal);
    for (std::size_t i = first; i <= last; ++i)
      if (const auto now = score(i, ideal); now < least) {
        least = now;
        best = i;
      }
    return best;
  }

  std::tuple<std::ptrdiff_t, int, std::size_t> score(std::size_t end, std::size_t ideal) const {
    int line = 0;
    if (end < operations_.size()) {
      const std::uint32_t before = read_.nodes[operations_[end - 1]].origin.line,
                          after = read_.nodes[operations_[end]].origin.line;
      line = after < before ? 0 : after > before ? 1 : 2;
    }
    return {passing_[end - 1], line, end > ideal ? end - ideal : ideal - end};
  }

  const TraceNodes& read_;
  const TraceLabels& labels_;
  std::vector<std::size_t> operations_;
  std::vector<std::ptrdiff_t> passing_;
};

}  // namespace

std::vector<TraceScope> cut_into_scopes(const TraceNodes& read, const TraceLabels& labels) {
  return ScopeCutter(read, labels).cut();
}

}  // namespace nabla
