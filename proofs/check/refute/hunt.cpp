#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/refute/box_search.hpp>
#include <nabla/proofs/check/refute/climb.hpp>
#include <nabla/proofs/check/refute/hunt.hpp>

namespace nabla {

namespace {

constexpr std::size_t climbs = 6;
constexpr int hunt_climb_steps = 120;
constexpr int boxes_one_axis = 4000;
constexpr int boxes_more_axes = 1500;
constexpr int boxes_of_equation = 300;
constexpr int most_tries = 40;   // points of a box search that are looked at
constexpr std::size_t best = 8;  // points that are looked at as they are

/// Points of doubles, the most promising first.
class Starts {
 public:
  Starts(const SearchSpace& space, const Climb& climb, std::span<const Point> points) {
    for (const Point& p : points) {
      SearchSpace::Vector z = space.of(p);
      const Climb::Height h = climb.at(z);
      ranked_.push_back({h, std::move(z)});
    }
    std::ranges::stable_sort(ranked_, [](const auto& a, const auto& b) { return a.first.better_than(b.first); });
  }
  /// Of the best, and then of the rest at equal distances, so that they do not all stand on one hill.
  std::vector<SearchSpace::Vector> chosen(std::size_t count) const {
    std::vector<SearchSpace::Vector> result;
    const std::size_t best = std::min(ranked_.size(), (count + 1) / 2);
    for (std::size_t k = 0; k < best; ++k) result.push_back(ranked_[k].second);
    const std::size_t rest = ranked_.size() - best;
    for (std::size_t k = 0; k < count - best && rest > 0; ++k)
      result.push_back(ranked_[best + k * rest / (count - best)].second);
    return result;
  }

 private:
  std::vector<std::pair<Climb::Height, SearchSpace::Vector>> ranked_;
};

}  // namespace

bool Hunt::climb(std::span<const Point> from, const Found& found) const {
  if (from.empty() || space_.size() == 0) return false;
  try {
    const Climb climb(space_, failure_);
    const Starts starts(space_, climb, from);
    const int steps = static_cast<int>(hunt_climb_steps * std::min(effort_, 2.0));
    for (SearchSpace::Vector& z : starts.chosen(climbs))
      if (found(climb.climb(std::move(z), steps, budget_))) return true;
  } catch (const std::invalid_argument&) {  // doubles cannot compute an operator
  }
  return false;
}

bool Hunt::best_of(std::span<const Point> points, const Found& found) const {
  try {
    const Climb climb(space_, failure_);
    std::vector<std::pair<Climb::Height, SearchSpace::Vector>> ranked;
    for (const Point& p : points) {
      SearchSpace::Vector z = space_.of(p);
      const Climb::Height h = climb.at(z);
      if (h.outside == 0 && h.excess > 0) ranked.emplace_back(h, std::move(z));
    }
    std::ranges::stable_sort(ranked, [](const auto& a, const auto& b) { return a.first.better_than(b.first); });
    for (std::size_t k = 0; k < std::min<std::size_t>(ranked.size(), best); ++k)
      if (found(ranked[k].second)) return true;
  } catch (const std::invalid_argument&) {
  }
  return false;
}

bool Hunt::boxes(std::span<const double> fixed, const Found& found, double share) const {
  if (!space_.is_box() || space_.size() == 0 || failure_.excess.empty()) return false;
  std::size_t moving = 0;
  for (std::size_t k = 0; k < space_.size(); ++k) moving += k >= fixed.size() || std::isnan(fixed[k]) ? 1 : 0;
  if (moving > BoxSearch::most_axes) return false;
  try {
    const BoxSearch search(space_, failure_);
    const int limit = failure_.excess.size() > 1 ? boxes_of_equation : moving <= 1 ? boxes_one_axis : boxes_more_axes;
    int tries = 0;
    bool done = false;
    const auto look = [&](const SearchSpace::Vector& z) {
      done = found(z);
      return done || ++tries >= most_tries;
    };
    const auto outcome = search.run(fixed, static_cast<int>(limit * effort_ * share), budget_, look);
    if (done) return true;
    tries = 0;
    for (const SearchSpace::Vector& z : outcome.suspects)
      if (look(z)) break;
    return done;
  } catch (const std::invalid_argument&) {
  }
  return false;
}

}  // namespace nabla
