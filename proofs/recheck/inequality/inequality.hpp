#pragma once

#include <nabla/proofs/recheck/identity/identity.hpp>

/// Proofs of inequalities, replayed.
///
/// The claim is written in scalars: the region is the entries of the givens in order (without those that a symmetric
/// matrix repeats) with their intervals or finite sets, and the hypotheses as relations of scalars. A proof of g >= 0
/// (strict: g > 0) over a region, wherever g is defined, is an object with "rule":
///   constant    g is a constant, and an enclosure of it has the sign
///   zero        g is identically 0 (recheck_identity); not strict
///   boxes       enclosures over parts of the region, found by bisection, have the sign, with first derivatives where
///               they exist; parts at which a hypothesis fails are left out
///   elements    "variable" takes the values of its finite set: "proofs" in their order
///   restrict    "hypothesis" bounds "variable" by a constant, which becomes its end: "proof"
///   replace     "hypothesis", written as slack >= 0 (> 0, = 0), is solved for "variable" = "by", in which the variable
///               stands for the slack (0 in an equation): "proof" of g with it replaced; its old ends become hypotheses
///   contrary    g equals "factor" * ("variable" - "at"): "proof" that "hypothesis" fails where that has the other sign
///   impossible  the hypotheses contradict each other
///   cases       "parts" by the "sign" of the expression "of", which together leave out none: each has "proof", to
///   which
///               the sign is a further hypothesis
///   clear       the sides' difference of "hypothesis" times "by", which is seen to be > 0, equals "to": "proof" with
///   the
///               hypothesis about "to" in its place
///   split       "variable" below and above "at": "below", "above"; the side named "open", if any, leaves "at" out
///   monotone    g is continuous on the region with the lower (not "increasing": upper) end of "variable" and
///               differentiable in its interior, where the derivative (times -1) has the sign by "slope" (strictly if
///               "strict_slope", and then that end is open): "face" proves g at that end
///   sum         g equals the sum of "terms" c * product of "value"^"power"; each term has the sign. A factor without
///               "sign" has an even power; "up" and "down" are shown by "proof" of value or -value, or seen at once
///   exponential "scale" > 0 times g equals the sum of "power" * log("of") over "logs", plus "rest"; "of" are seen to
///   be
///               positive; "proof" of the product of of^power with power > 0, minus exp(-rest) times that of the others
///   squares     g equals "left" - "right", and left >= 0 is seen; "proof" of left^2 - right^2
///   logarithms  g equals "left" - "right", both seen to be > 0: "proof" of log(left) - log(right)
///   tangents    each of "terms" has a "coefficient" c seen to be >= 0 and a "ratio" a seen to be > 0: "proof" of g
///   minus
///               the c * (log(a) - 1 + 1/a), which are not negative
///   error_function  g equals "coefficient" * erf("of") + "rest", the coefficient seen to be <= 0 ("up") or >= 0, "of"
///   to be
///               > 0 ("right") or < 0: "proof" of g with erf replaced by 1 or -1, or by that less exp(-of^2) /
///               (of * sqrt(pi)), whichever bounds it on the side that counts
///   reciprocal  "variable", which runs from a positive number to infinity (from a negative one to minus infinity), is
///               1 / s: "proof" with it replaced
///   either      the operator "of" in g is replaced by what it may be (abs: its operand, minus it; max and min: either
///               operand; a comparison: 1, 0; a choice whose condition is a number: what that takes; others: their
///               definition). "only" the one whose relation is seen to hold throughout: "proof"; or all of them:
///               "parts" with "proof", "assuming" its relation or not
///   periodic    x + 2 "half" turns every angle of sin and cos that "variable" x enters by one of "turns" (2 pi n), and
///               x enters nothing else; it has no ends: "proof" for x between -half and half
///   least       g is continuous in "variable" and differentiable inside its interval, in which "at", without it, lies:
///               "face" proves g there, "above" that the derivative is >= 0 where variable > at, "below" <= 0 where <
///   tail        "variable" runs to infinity ("upper"; else minus infinity), where g has a limit >= 0; g is continuous,
///               differentiable inside, and "slope" proves that it falls that way (strictly if "strict_slope")
///   polynomial  g equals the polynomial with "coefficients" in "atom", and has no root in the atom's range
/// Expressions are rows, see expression.hpp.
namespace nabla {

/// \param data  {"goals": [PROOF, ...]}: of the inequalities that the statement says, in order. For `!=` they are
///              {"rule": "nonzero", "sign": "up" | "down" | "square", "proof"}; of tensors, null for entries passed
///              over
Replay recheck_inequality(const Problem& problem, const Statement& statement, std::string_view data);

/// The same for a scalar or the entries of a tensor, each of which is to be g >= 0 ("nonnegative"), "positive",
/// "nonpositive", "negative" or "nonzero".
Replay recheck_sign(const Problem& problem, const Expr& g, std::string_view goal, std::string_view data);

}  // namespace nabla
