#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// What is to be shown of a number at every point of a set.
enum class SignGoal : std::uint8_t { nonnegative, positive, nonpositive, negative, nonzero };

/// Shows that every entry of g has the sign, at every point of the stated set (sets of the givens and hypotheses) at
/// which g is defined. That g is defined everywhere is not said.
///
/// Ranges; exact normal forms whose factors and terms have known signs (even powers, squares found by completing them,
/// polynomials in one atom without roots by Descartes' rule); monotonicity in a variable with the value at an end
/// (recursively: this is what proves contacts); branch and bound on boxes. Doubles guide the search and decide nothing.
///
/// proved: with one certificate of kind "inequality", whose data are {"goals": [PROOF, ...]}, a proof for each entry,
/// in the language of proofs/recheck/inequality/inequality.hpp. undecided otherwise, with the reason; never refuted.
/// \param g  of the problem's workspace
Finding prove_sign(const Problem& problem, const Expr& g, SignGoal goal, const Budget& budget = {});
/// \param steps  that may be spent, of about a microsecond; afterwards what is left
Finding prove_sign(const Problem& problem, const Expr& g, SignGoal goal, const Budget& budget, std::int64_t& steps);
constexpr std::int64_t steps_of_an_inequality = 1'000'000;

/// The decider of inequalities: relations `<`, `<=`, `>`, `>=` (every entry), `!=` (one entry whose difference has one
/// sign or is nowhere 0), chains of them, `in(E, SET)` for sets of reals, negations of scalar relations, and
/// implications whose conclusion is one of these (the premise becomes a hypothesis). Nothing for other statements.
std::optional<Finding> decide_inequality(const Problem& problem, const Statement& statement,
                                         const CheckOptions& options, const Budget& budget);

}  // namespace nabla
