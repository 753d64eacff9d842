#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/failure.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>
#include <nabla/proofs/check/rerun.hpp>

namespace nabla {

/// Climbs, in double precision, towards points at which a statement fails: steps along the engine's gradients of the
/// violation, projected onto the stated sets and along the equations of the hypotheses, then steps along single
/// entries. A guide: what it returns is to be judged exactly.
class Climb {
 public:
  using Vector = SearchSpace::Vector;

  /// How a point looks: first how far from satisfying the conditions, then by how much the statement fails.
  struct Height {
    double outside = 0;  ///< 0 where all conditions hold in double precision
    double excess = 0;
    bool better_than(const Height& other) const {
      return outside != other.outside ? outside < other.outside : excess > other.excess;
    }
  };

  /// \throws std::invalid_argument when doubles cannot run an operator
  Climb(const SearchSpace& space, const Failure& failure);

  Height at(const Vector& z) const;
  /// The best point that `steps` evaluations lead to.
  Vector climb(Vector z, int steps, const Budget& budget) const;

 private:
  struct Seen {
    Height height;
    std::size_t output = 0, entry = 0;  // which entry of the excess is the largest
  };
  Seen look(const Vector& z) const;
  Vector uphill(const Vector& z, const Seen& seen) const;
  void onto_equations(Vector& z) const;
  Vector swept(Run<double>& run) const;

  const SearchSpace& space_;
  mutable std::optional<Rerun<double>> run_;    // of the excess, what is to be nonnegative, and what is to be 0
  std::vector<Ref> inputs_;                     // in the plan; empty where nothing depends on it
  mutable std::vector<Entries<double>> seeds_;  // 0 between sweeps
  std::size_t excess_count_ = 0, nonnegative_count_ = 0, zero_count_ = 0;
};

}  // namespace nabla
