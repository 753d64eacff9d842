#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides relations between scalars about function variables of classes (convex, smooth(L), strongly_convex(mu),
/// linear, and any function under hypotheses about it) by nonnegative combinations of interpolation inequalities at the
/// points that the claim names (Taylor, Hendrickx, Glineur, Math. Program. 161, 2017), the hypotheses, and squares. The
/// argument uses inner products alone. Multipliers are searched in doubles, rounded to rationals and verified exactly.
///
/// proved: the relation holds wherever both sides are defined, for every function of the class; `uniform` where
/// no entry of a vector was looked at. One certificate of kind "interpolation" with the fields
///   goal          "difference" (right - left >= 0), "squares" (right^2 - left^2 >= 0 with left, right >= 0), "both"
///                 (== as two inequalities), "equal" (the same inner-product form), or "density k": right - left is
///                 the integral over s from 0 to 1 of what is shown nonnegative, where what is no integral is taken
///                 times 1, 2 s, 2 (1 - s) or 3 s^2 (k = 0 to 3); "density k plus i" and "density k minus i": the
///                 same of right - left less (more) computed integral i, whose density is then added (taken away)
///   solved        pairs of a symbol and the equation that it was solved from, in order
///   facts, later  names and polynomials of what is nonnegative
///   norms, roots  of what norm:0, ... and the roots are
///   combinations  each: target (a polynomial), scale (names of strict facts), terms (c; by: names of facts; use and
///                 p: name and polynomial of an inequality; or square: of what), with scale * target == sum of terms
/// undecided: everything else.
std::optional<Finding> decide_interpolation(const Problem& problem, const Statement& statement,
                                            const CheckOptions& options, const Budget& budget);

/// Whether the names of dimensions and indices of a claim are read only as extents of shapes (R[n], zeros(n), ones(n)),
/// so that a proof in small dimensions that looks at no entry (Finding::uniform) holds in all of them.
bool is_made_of_vectors(const Claim& claim);

/// Adds to the witness of a refutation by an instance the functions themselves, as texts, under their names.
void show_functions(const Problem& instance, Finding& finding);

}  // namespace nabla
