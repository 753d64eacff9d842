#pragma once

#include <functional>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/failure.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>

namespace nabla {

/// Finds where a statement may fail on a thin part of the stated set: enclosures over boxes discard what certainly
/// holds, and the rest is split, the box that allows the largest violation first. Enclosures here only guide (kinks
/// have derivatives by convention): what is found is to be judged exactly.
class BoxSearch {
 public:
  using Box = std::vector<Interval>;
  struct Outcome {
    bool exhausted = false;                     ///< every box was discarded: the enclosures saw no violation
    std::vector<SearchSpace::Vector> suspects;  ///< middles of boxes that were left, the most promising first
  };

  static constexpr std::size_t most_axes = 6;

  /// \pre space.is_box()
  /// \throws std::invalid_argument when intervals cannot run an operator
  BoxSearch(const SearchSpace& space, const Failure& failure);

  /// Calls found(point) for points at which the statement fails in double precision; it answers whether to stop.
  /// \param fixed  entries that do not move, by axis; NaN: it moves
  Outcome run(std::span<const double> fixed, int boxes, const Budget& budget,
              const std::function<bool(const SearchSpace::Vector&)>& found) const;

 private:
  struct Bound {
    bool possible = true;
    double upper = 0;  // of the excess
    std::size_t steepest = 0;
  };
  Bound bound(const Box& box) const;

  const SearchSpace& space_;
  std::unique_ptr<Function> all_;
  std::size_t excess_count_ = 0, nonnegative_count_ = 0;
  bool strict_ = true;
};

}  // namespace nabla
