#pragma once

#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla {

/// The stated sets as boxes of doubles, for searches: points are flat vectors of all entries of all givens.
class SearchSpace {
 public:
  using Vector = std::vector<double>;

  /// One entry of a given.
  struct Axis {
    std::size_t given = 0;
    std::size_t entry = 0;
    double lo = 0, hi = 0;       ///< the hull of its set, ends excluded where they are open; may be infinite
    std::vector<double> values;  ///< of a finite set
    bool movable = true;         ///< false: searches leave it as it is (onehot)
  };

  explicit SearchSpace(const Problem& problem);

  const Problem& problem() const { return *problem_; }
  std::span<const Axis> axes() const { return axes_; }
  std::size_t size() const { return axes_.size(); }
  /// Some set is no product of intervals: its points are projected.
  bool is_box() const { return is_box_; }

  std::vector<Entries<double>> entries_of(const Vector& z) const;
  Vector of(const Point& point) const;
  Vector of(std::span<const Entries<double>> entries) const;

  /// Keeps one entry at a value.
  void freeze(std::size_t axis, double value) {
    axes_[axis].lo = axes_[axis].hi = value;
    axes_[axis].movable = false;
  }

  /// Moves the point into the sets; false when it cannot.
  bool project(Vector& z) const;

  /// The point in exact numbers: in each entry the fraction with the smallest denominator within `tolerance`, relative
  /// to 1 + its size (0: the double itself), inside the sets. Nothing when an entry is not finite or no such point was
  /// made. Irrational elements of finite sets have none.
  std::optional<Point> rounded(const Vector& z, double tolerance) const;

 private:
  const Problem* problem_;
  std::vector<Axis> axes_;
  std::vector<std::size_t> offsets_;
  bool is_box_ = true;
};

/// The fraction with the smallest denominator in [lo, hi] (and of these the smallest numerator). \pre lo <= hi
Rational simplest_between(const Rational& lo, const Rational& hi);

/// The double itself. \pre finite
Rational exactly(double x);

}  // namespace nabla
