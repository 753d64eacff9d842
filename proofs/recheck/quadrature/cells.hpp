#pragma once

#include <memory>
#include <nabla/engine/calculus/integral_calculus.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/claim/problem.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>

/// The re-checker's enclosures of integrals: the range in halves of halves, on each the midpoint's expansion or, where
/// an operator is not smooth, what intervals say.
namespace nabla::rederive {

/// Entries of each given of a problem.
using Values = std::vector<std::vector<Enclosure>>;

/// How far to go.
struct Fineness {
  mpfr_prec_t bits = 128;
  std::size_t terms = 8;  ///< of expansions; even
  std::size_t most = 64;  ///< parts of the range
  double error = 1e-9;    ///< that is good enough
};

class Cells {
 public:
  Cells(const Problem& problem, const IntegralCalculus& calculus) : problem_(problem), calculus_(calculus) {}
  /// The value of an expression of givens and integrals.
  Enclosure value(const Expr& e, const Values& at, const Fineness& fineness);
  /// Whether the density of an integral has a value at every point between the ends and at these, all over the place.
  bool total(std::size_t integral, const Values& at) const;
  /// Whether e may be differentiated by a given under the integral signs, over the place.
  bool differentiable(const Expr& e, std::size_t given, const Values& at) const;

 private:
  struct Part;
  struct Found {
    Enclosure value;
    bool smooth = true;
  };
  Found integral(const ParametricIntegral& of, const Values& at, const Fineness& fineness, int depth);
  Part part(const ParametricIntegral& of, const Values& at, const Enclosure& where, const Fineness& fineness,
            int depth);
  /// Integrals whose values an expression reads.
  std::vector<std::size_t> reads(const Expr& e) const;
  /// Variables that an expression may have, and their values: the givens, then values of integrals that are not given.
  std::vector<Expr> inputs(const Expr& e) const;

  const Problem& problem_;
  const IntegralCalculus& calculus_;
};

}  // namespace nabla::rederive
