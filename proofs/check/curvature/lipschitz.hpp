#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides smooth(E, x, L), cocoercive(E, x, L) and lipschitz(F, x, L), also as the conclusion of an implication. Norms
/// are Euclidean, for matrices Frobenius; derivatives in ambient coordinates; symmetric matrices are not handled.
///
/// smooth      L/2 |x|^2 - E and L/2 |x|^2 + E are convex (Nesterov, Lectures on Convex Optimization, 2018, 2.1.5: on a
///             convex set with interior this is a gradient that is Lipschitz with constant L). One of them is clear
///             where E is convex or concave and L >= 0; else show_convex of both. Where E may have a kink at a closed
///             end of a box, it is shown for a box that is larger by 1. Or by bound: see LipschitzBounds.
/// cocoercive  convex and smooth with L > 0 on all of R^n (Baillon and Haddad, 1977; Nesterov 2018, 2.1.7); on
/// intervals
///             of one scalar x, or where E is a sum of functions of single entries on a box, it follows entry by entry
/// lipschitz   F is a function of the same entry of x, and L t - h(t) and L t + h(t) rise; or L^2 I - J J' (or L^2 I -
/// J' J)
///             is positive semidefinite, where F is continuous; or by bound
///
/// proved: one certificate of kind "lipschitz" with the fields
///   "by"          "convexity", "entries", "jacobian" or "bound"
///   convexity     "larger": whether the box was enlarged; "up", "down": proofs of show_convex of E with the modulus -L
///   and
///                 of -E with it; null where L >= 0 ("sign") and "convex" (a proof) or "concave" says so
///   entries       "cones": [L x - F, L x + F] as show_cone_runs says
///   jacobian      "sign" of L, "open", "rows": whether J J' was taken, "blocks"
///   bound         see lipschitz_bounds.hpp
///   cocoercive also "convexity", a proof of show_convex of E, and "sign" of L
/// The message says between which numbers the best constant was seen to lie.
std::optional<Finding> decide_lipschitz(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                        const Budget& budget);

}  // namespace nabla
