#pragma once

#include <nabla/proofs/check/curvature/cone.hpp>
#include <nabla/proofs/check/curvature/set.hpp>

namespace nabla::curvature {

/// A proof that an expression is convex (or that its negative is), or how far it got.
struct Convexity {
  bool proved = false;
  bool uniform = false;  ///< no extent was looked at: the argument is the same in every dimension
  std::string method;
  std::string message;
  Json proof;
};

/// Shows that e - modulus/2 |x|^2 is convex in the variables jointly, on the stated set, which is convex.
/// \param modulus  empty: 0
/// In this order:
///   rules      composition rules from the leaves up; where they say nothing, elementwise operators of up to three
///              nodes are looked at as functions h of as many numbers, by the second derivatives of h
///   separable  with a modulus: sums of functions of single entries by their second derivatives, the rest by rules
///   hessian    the symmetric matrix of second derivatives of the terms without a kink; the others by rules
/// The proof is {"by", "mode": "all" | "these" (dimensions), "cones": [...]} with cones as show_cone says;
/// {"by": "separable", "mode", "parts": [cone or null for each variable], "cones"}; or
/// {"by": "hessian", "mode", "kinked": [indices of terms], "cones", "open", "blocks"}.
Convexity show_convex(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool convex,
                      const Expr& modulus, const StatedSet& set, const Budget& budget);

/// The same by composition rules alone. The proof is the list of cones.
bool show_by_rules(const Problem& problem, Composition& rules, const Ranges& ranges, const Expr& e, bool convex,
                   const Budget& budget, Json& cones, std::string* broken_by = nullptr);

/// What is known of an expression as a function of variables on its set.
struct Regular {
  bool continuous = false;  ///< wherever it is defined
  bool smooth = false;      ///< derivatives of every order, at the ends of intervals perhaps not when `open`
};
Regular regularity_of(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool open);

/// The entries of the variables as a problem in scalars, and an expression in it.
struct Scalars {
  Problem problem;
  std::vector<Expr> values;  ///< of the expressions asked for
  std::vector<Expr> x;       ///< the entries of the variables, those that a symmetric matrix repeats once
};
/// \param open  leave out the ends of the sets of the variables
/// \throws NotHandled
Scalars in_scalars(const Problem& problem, const Expr& value, const std::vector<Expr>& over, bool open);

}  // namespace nabla::curvature
