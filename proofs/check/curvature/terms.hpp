#pragma once

#include <nabla/proofs/check/curvature/rules.hpp>

namespace nabla::curvature {

/// One term of a sum: factor * node, where the factor does not depend on the variables.
struct Term {
  Expr factor;
  Expr node;
};

/// The terms of an expression that move with the variables, left to right: sums, differences, negation, products with
/// and quotients by what does not move are taken apart, as are means and sums of all entries of such a thing.
std::vector<Term> terms_of(const Expr& e, const Composition& rules);

/// What the terms make up.
struct Separated {
  /// For each variable the expression of its shape whose entries, functions of the same entry of the variable alone,
  /// add up to the terms that are such sums. Empty where there is none.
  std::vector<Expr> separable;
  std::vector<Term> rest;
};
/// \param over  the variables
Separated separated(const std::vector<Term>& terms, const std::vector<Expr>& over, const Composition& rules);

/// The same with even powers of norms as powers of sums of squares, which have no kink.
Expr without_norms(const Expr& e);

/// factor * |x|^2 / 2 as entries to be added to a separable part.
Expr half_square(const Expr& factor, const Expr& x);

}  // namespace nabla::curvature
