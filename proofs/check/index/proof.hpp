#pragma once

#include <memory>
#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Proves links of a claim for every value of its dimension and index names at once, by index notation (see
/// algebra.hpp): equations, inequalities by signs, shapes, membership in boxes, `defined`, `continuous`,
/// `differentiable`, `linear`, `increasing`, `decreasing`. That everything is defined, and every derivative exists, is
/// shown as well.
///
/// The proof rests on the ranges that the `for` lines state, never on sampled dimensions. One certificate of kind
/// "index-identity" with the fields `show` and `link`, and `sums` of terms (see terms.hpp) by the number of the
/// inequality that they show; proofs/recheck derives it again from the text of the claim.
class EveryDimension {
 public:
  EveryDimension(const Claim& claim, const Budget& budget);
  ~EveryDimension();
  EveryDimension(const EveryDimension&) = delete;
  EveryDimension& operator=(const EveryDimension&) = delete;

  /// \param show, link  counted from 0
  /// \return proved; or undecided with the reason. \throws Cut
  Finding prove(std::size_t show, std::size_t link);
  /// "every m >= 1, every i in 1..m".
  const std::string& coverage() const;

 private:
  struct State;
  const Claim& claim_;
  const Budget& budget_;
  std::unique_ptr<State> state_;
  std::unique_ptr<State> as_written_;  ///< with operators as they stand, for inequalities
};

}  // namespace nabla
