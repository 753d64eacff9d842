#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/claim/kink_pattern.hpp>

namespace nabla {

/// Finds expressions without kinks for what a claim differentiates (see SmoothForm): at a few points it sees which
/// operand each kinked operator passes on, puts these operands in its place, and shows by the exact normal form that
/// the two are equal for all values of the variable. Given to elaborate(); remembers what it replaced, for the
/// certificates.
class SmoothForms {
 public:
  explicit SmoothForms(const Budget& budget) : budget_(budget) {}

  /// `of`, or what is equal to it. \param so_far  the problem up to the line that is elaborated
  Expr operator()(const Problem& so_far, const Expr& of, const Expr& by);

  /// By the number of the call, counted from 0 over those whose expression has replaceable kinks.
  const std::map<std::size_t, KinkPattern>& patterns() const { return patterns_; }

 private:
  const Budget& budget_;
  std::map<std::size_t, KinkPattern> patterns_;
  std::size_t calls_ = 0;
};

}  // namespace nabla
