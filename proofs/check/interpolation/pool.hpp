#pragma once

#include <map>
#include <nabla/proofs/check/interpolation/columns.hpp>
#include <nabla/proofs/check/interpolation/grading.hpp>
#include <nabla/proofs/check/interpolation/least_squares.hpp>

namespace nabla::interpolation {

/// A polynomial, and its coefficients in doubles by the numbers of its monomials.
struct Product {
  Polynomial p;
  LeastSquares::Sparse numbers;
};

/// What combinations are made of: products of facts, times inequalities, and times products of two vectors. Each is
/// multiplied out once.
class Pool {
 public:
  struct Multiplier {
    std::vector<std::size_t> facts;
    Polynomial p;
    Grading::Weight weight;
  };

  /// Everything must outlive it.
  Pool(const Form& form, const std::vector<const Polynomial*>& targets, const std::vector<Inequality>& inequalities,
       const std::vector<Polynomial>& roots);

  /// Products of facts up to a degree, the empty one first; those of a lower degree are the first of a higher one.
  std::vector<Multiplier> multipliers(int degree, bool strict) const;
  /// Makes the multipliers that the numbers below speak of. Those that are known keep their numbers.
  void use(std::vector<Multiplier> multipliers);
  const std::vector<Multiplier>& used() const { return multipliers_; }

  /// Vectors that may be part of what is squared: a root, or a root times a fact.
  const std::vector<Polynomial>& parts() const { return parts_; }

  /// The number of the weight of a polynomial and more; nothing when its terms have different weights.
  std::optional<std::size_t> weight(const Polynomial& p, const Grading::Weight& more);
  /// Multipliers, each with an inequality, or with as many as there are for the multiplier alone (if it is not 1).
  using Pair = std::pair<std::size_t, std::size_t>;
  const std::vector<Pair>& with_inequality(std::size_t weight) const;
  /// Multipliers, each with a part whose square has the weight with it.
  const std::vector<Pair>& with_square(std::size_t weight) const;

  /// Multiplied out; nothing where the form does not allow it.
  const Product* of_inequality(std::size_t m, std::size_t k);
  const Product* of_fact(std::size_t m);
  const Product* of_pair(std::size_t m, std::size_t a, std::size_t b);

  LeastSquares::Sparse numbers(const Polynomial& p);
  std::size_t monomials() const { return rows_.size(); }

 private:
  using Made = std::map<Pair, std::optional<Product>>;
  void add_part(const Polynomial& p, const Grading::Weight& weight);
  std::size_t number(const Grading::Weight& w);
  const Product* made(Made& in, Pair key, const Polynomial& a, const Polynomial& b);

  const Form& form_;
  const std::vector<Inequality>& inequalities_;
  Grading grading_;
  std::vector<Multiplier> multipliers_;
  std::vector<Polynomial> parts_;
  std::vector<Grading::Weight> part_weights_;
  std::vector<std::optional<Grading::Weight>> inequality_weights_;
  std::map<Grading::Weight, std::size_t> weights_;
  std::map<std::size_t, std::vector<Pair>> with_inequality_, with_square_;  // by weight
  std::map<Monomial, std::uint32_t, MonomialLess> rows_;
  Made inequality_products_, fact_products_, inner_products_, pair_products_;
};

}  // namespace nabla::interpolation
