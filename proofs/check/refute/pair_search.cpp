#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/refute/hunt.hpp>
#include <nabla/proofs/check/refute/pair_search.hpp>

namespace nabla {

namespace {

constexpr std::size_t most_directions = 40;
constexpr double directions_searched_fully = 3;  // more of them share the same number of boxes
constexpr std::size_t most_tangents = 64;        // points and directions from which pairs are made

/// Pairs around points along directions, for a predicate that was written out.
class Pairs {
 public:
  Pairs(const Problem& original, const WrittenOut& written, WitnessSearch& search, const CheckOptions& options,
        const Budget& budget)
      : written_(written), search_(search), options_(options), budget_(budget), tangent_(original) {
    const WorkspaceScope scope(original.workspace);
    original_count_ = original.givens.size();
    for (const Expr& v : written.directions) {
      RealSet reach{.lo = Expr(written.nonnegative_directions ? 0 : -1),
                    .hi = Expr(1),
                    .lo_closed = true,
                    .hi_closed = true,
                    .elements = {}};
      Set set{.kind = Set::Kind::entries, .entries = std::move(reach), .shape = v.shape()};
      tangent_.givens.push_back({"", v, std::move(set), {}});
    }
    failure_ = hypotheses_of(tangent_);
    if (!written.rate.empty()) failure_.excess = {written.rate};
  }

  bool run(std::span<const Point> around_kinks) {
    for (const Point& p : around_kinks)
      if (around(p)) return true;
    if (written_.rate.empty()) return false;
    const SearchSpace space(tangent_);
    const Hunt hunt(space, failure_, effort_of(options_), budget_);
    const auto found = [&](const SearchSpace::Vector& z) { return along(space, z); };
    std::vector<Point> starts;
    StatedPoints stated(tangent_, options_.seed);
    for (int k = 0; k < 2 * options_.points; ++k) {
      budget_.check();
      auto p = stated.next();
      if (!p) break;
      // Every other point has a direction along an entry, which special points alone would not have.
      if (k % 2 == 0) set_direction(*p, static_cast<std::size_t>(k / 2));
      starts.push_back(std::move(*p));
    }
    if (hunt.best_of(starts, found)) return true;
    if (hunt.climb(starts, found)) return true;
    const auto all = fixed_directions(space);
    const double share =
        std::min(1.0, directions_searched_fully / static_cast<double>(std::max<std::size_t>(1, all.size())));
    for (const auto& fixed : all)
      if (hunt.boxes(fixed, found, share)) return true;
    return false;
  }

 private:
  void set_direction(Point& p, std::size_t which) const {
    std::size_t total = 0;
    for (std::size_t k = original_count_; k < p.entries.size(); ++k) total += p.entries[k].size();
    if (total == 0) return;
    std::size_t one = which % total;
    for (std::size_t k = original_count_; k < p.entries.size(); ++k)
      for (Rational& x : p.entries[k]) x = one-- == 0 ? 1 : 0;
  }

  /// Directions along entries, and their sums and differences, as values for the axes that stay fixed.
  std::vector<std::vector<double>> fixed_directions(const SearchSpace& space) const {
    std::vector<std::size_t> slots;
    for (std::size_t k = 0; k < space.size(); ++k)
      if (space.axes()[k].given >= original_count_) slots.push_back(k);
    std::vector<std::vector<double>> result;
    const auto add = [&](std::initializer_list<std::pair<std::size_t, double>> ones) {
      if (result.size() >= most_directions) return;
      std::vector<double> fixed(space.size(), std::nan(""));
      for (const std::size_t s : slots) fixed[s] = 0;
      for (const auto& [slot, value] : ones) fixed[slot] = value;
      result.push_back(std::move(fixed));
    };
    for (const std::size_t s : slots) add({{s, 1.0}});
    for (std::size_t a = 0; a < slots.size(); ++a)
      for (std::size_t b = a + 1; b < slots.size(); ++b) {
        add({{slots[a], 1.0}, {slots[b], 1.0}});
        if (!written_.nonnegative_directions) add({{slots[a], 1.0}, {slots[b], -1.0}});
      }
    return result;
  }

  static const std::vector<Rational>& steps() {
    static const std::vector<Rational> values = [] {
      std::vector<Rational> v;
      for (const char* text : {"1", "1/2", "1/4", "1/10", "1/100", "1/1000", "1/10000", "1/100000", "1/10000000",
                               "1/10000000000", "1/1000000000000000", "10", "100", "1e-30"})
        v.push_back(*parse_rational(text));
      return v;
    }();
    return values;
  }

  bool try_pair(const Point& base, const std::vector<std::vector<Rational>>& direction, const Rational& h) {
    for (const int shift : {0, 1, -1}) {
      Point pair;
      pair.entries.resize(written_.problem.givens.size());
      for (std::size_t g = 0; g < original_count_; ++g) pair.entries[g] = base.entries[g];
      for (std::size_t k = 0; k < direction.size(); ++k) {
        const auto& x = base.entries[original_of(k)];
        auto& first = pair.entries[written_.first[k]];
        auto& second = pair.entries[written_.second[k]];
        first.clear();
        for (std::size_t i = 0; i < x.size(); ++i) {
          const Rational step = h * direction[k][i];
          first.push_back(x[i] + (shift - 1) * step);
          second.push_back(x[i] + (shift + 1) * step);
        }
      }
      if (written_.weight) pair.entries[*written_.weight] = {Rational(1, 2)};
      if (search_.consider(pair)) return true;
    }
    return false;
  }

  std::size_t original_of(std::size_t k) const { return written_.variables[k]; }

  bool along(const SearchSpace& space, const SearchSpace::Vector& z) {
    if (++tangents_ > most_tangents) return true;
    for (const Rational& h : steps()) {
      budget_.check();
      const double reach = h.convert_to<double>();
      auto rounded = space.rounded(z, std::min(0.01, reach / 16));
      if (!rounded) rounded = space.rounded(z, 0);
      if (!rounded) return false;
      std::vector<std::vector<Rational>> direction;
      Rational largest = 0;
      for (std::size_t k = original_count_; k < rounded->entries.size(); ++k) {
        direction.push_back(rounded->entries[k]);
        for (const Rational& x : direction.back()) largest = std::max(largest, Rational(abs(x)));
      }
      if (largest.is_zero()) return false;
      rounded->entries.resize(original_count_);
      if (try_pair(*rounded, direction, h)) return true;
    }
    return false;
  }

  /// Small pairs along every entry.
  bool around(const Point& p) {
    std::vector<std::vector<Rational>> zero;
    for (std::size_t k = 0; k < written_.second.size(); ++k) zero.emplace_back(p.entries[original_of(k)].size(), 0);
    std::size_t tried = 0;
    for (std::size_t k = 0; k < zero.size(); ++k)
      for (std::size_t i = 0; i < zero[k].size() && tried < 8; ++i, ++tried) {
        auto direction = zero;
        direction[k][i] = 1;
        for (const Rational& h : steps()) {
          budget_.check();
          if (try_pair(p, direction, h)) return true;
        }
      }
    return false;
  }

  const WrittenOut& written_;
  WitnessSearch& search_;
  const CheckOptions& options_;
  const Budget& budget_;
  Problem tangent_;  // the original problem, and a direction for each variable of the predicate
  Failure failure_;
  std::size_t original_count_ = 0;
  std::size_t tangents_ = 0;
};

}  // namespace

bool search_pairs(const Problem& original, const WrittenOut& written, WitnessSearch& search,
                  std::span<const Point> special, const CheckOptions& options, const Budget& budget) {
  return Pairs(original, written, search, options, budget).run(special) && search.witness().has_value();
}

}  // namespace nabla
