#pragma once

#include <algorithm>
#include <functional>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/failure.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>

namespace nabla {

/// Climbs and box searches for one failure. Candidates in doubles go to `found`, which answers whether to stop; so do
/// the functions. What doubles or intervals cannot compute is not searched.
class Hunt {
 public:
  using Found = std::function<bool(const SearchSpace::Vector&)>;

  /// \param effort  1 for the usual number of steps
  Hunt(const SearchSpace& space, const Failure& failure, double effort, const Budget& budget)
      : space_(space), failure_(failure), effort_(effort), budget_(budget) {}

  /// Climbs from the most promising of the points, and from some that are less so.
  bool climb(std::span<const Point> from, const Found& found) const;
  /// The points at which the failure is largest, as they are.
  bool best_of(std::span<const Point> points, const Found& found) const;
  /// Searches boxes; axes with a number in `fixed` stay there. `share` of the usual number of boxes.
  bool boxes(std::span<const double> fixed, const Found& found, double share = 1) const;

 private:
  const SearchSpace& space_;
  const Failure& failure_;
  double effort_;
  const Budget& budget_;
};

/// The effort of a search that is to look at so many points per statement.
inline double effort_of(const CheckOptions& options) { return std::clamp(options.points / 64.0, 0.1, 8.0); }

}  // namespace nabla
