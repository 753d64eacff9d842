#pragma once

#include <nabla/proofs/check/interpolation/columns.hpp>
#include <span>

namespace nabla::interpolation {

/// One term of a proof: coefficient * product of facts * (an inequality, or a square, or 1); coefficient >= 0 unless
/// the inequality is an equation.
struct Term {
  Rational coefficient;
  std::vector<std::size_t> facts;         ///< indices into Form::facts
  std::optional<std::size_t> inequality;  ///< index
  std::optional<Polynomial> square_of;
};

/// scale * target == sum of the terms, exactly, after the squares of norms are replaced; scale is a product of strict
/// facts. So target >= 0.
struct Combination {
  std::vector<std::size_t> scale;  ///< indices into Form::facts
  std::vector<Term> terms;
};

/// Looks for a combination: nonnegative least squares in doubles over products of facts with inequalities and with
/// squares, which are generated where the residual asks for them; then the chosen columns are solved for in rationals
/// and the identity is verified exactly. What a monomial of one sign rules out is left out before. Nothing when none
/// was found within a number of steps.
std::optional<Combination> combine(const Form& form, const Polynomial& target,
                                   const std::vector<Inequality>& inequalities, const std::vector<Polynomial>& roots,
                                   const Budget& budget);

/// The same for the first of several targets, with its number: factors of few facts are tried on all of them before
/// those of more.
std::optional<std::pair<std::size_t, Combination>> combine_any(std::span<const Polynomial> targets, const Form& form,
                                                               const std::vector<Inequality>& inequalities,
                                                               const std::vector<Polynomial>& roots,
                                                               const Budget& budget);

}  // namespace nabla::interpolation
