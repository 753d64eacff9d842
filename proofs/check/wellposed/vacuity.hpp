#pragma once

#include <nabla/proofs/check/decider.hpp>

/// Whether a claim speaks of anything: its hypotheses may contradict each other, the class of a function variable or a
/// set may be empty.
namespace nabla {

struct Posed;

/// Ill-posed (`vacuous`) where exact values or ranges prove that no point satisfies the hypotheses, or that a function
/// variable's class is empty; the place is that of the first hypothesis that cannot hold beside those before it.
std::optional<Finding> find_contradiction(const Problem& problem);

/// What was found out about the hypotheses of a claim with its dimensions filled in.
struct Inhabitation {
  bool found = false;              ///< there is a point at which they all hold (and functions of their classes)
  std::optional<Finding> vacuous;  ///< there certainly is none
};

/// Looks for a point, and where none is found for a proof that a hypothesis fails wherever the others hold.
Inhabitation look_for_inhabitant(const Posed& posed, const CheckOptions& options, const Budget& budget);

}  // namespace nabla
