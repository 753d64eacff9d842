#pragma once

#include <nabla/engine/calculus/integral_calculus.hpp>
#include <nabla/proofs/check/quadrature/quadrature.hpp>
#include <nlohmann/json.hpp>
#include <set>

/// The search for a proof that g >= 0, or g > 0, where g reads integrals. A proof is a tree of steps in the language of
/// proofs/recheck/quadrature/quadrature.hpp.
namespace nabla::quadrature {

using Json = nlohmann::ordered_json;
using Proof = std::optional<Json>;

/// Of every given, in the order of a problem's; not read where the given is a tensor.
using Box = std::vector<Interval>;
/// The closed hull of the sets of the givens.
Box box_of(const Problem& region);

class Prover {
 public:
  /// \param problem  its hypotheses read no integrals
  Prover(const Problem& problem, const Budget& budget);

  /// g >= 0 (strict: g > 0) at every point of the region at which the integrals exist. The region differs from the
  /// problem by the sets of its givens.
  Proof prove(const Problem& region, const Expr& g, bool strict, int depth = 0);

  /// Whether the integrals that are read exist all over the region, where their densities have values inside: these
  /// have values at the ends as well, or are bounded next to them.
  bool exist(const Problem& region, const Expr& g);

 private:
  Proof without_integrals(const Problem& region, const Expr& g, bool strict);
  Proof constant(const Expr& g, bool strict);
  Proof under_the_sign(const Problem& region, const Expr& g, bool strict);
  Proof by_boxes(const Problem& region, const Expr& g, bool strict);
  Proof by_monotonicity(const Problem& region, const Expr& g, bool strict, int depth);
  bool is_total(std::size_t integral, const Box& box) const;

  /// Values at a box; the integrals that the calculus has made meanwhile included.
  std::vector<Ball> values(std::span<const Expr> expressions, const Box& box, const Effort& effort);
  /// The real variables that an expression depends on, integrals seen through, as indices of givens.
  std::vector<std::size_t> variables(const Expr& g) const;
  /// Whether g is continuously differentiable by a given over a box, so that the derivative may be taken under the
  /// integral sign.
  bool is_regular(const Expr& g, std::size_t given, const Box& box);
  /// The least value at some points, an upper bound of it; nothing where none was enclosed.
  std::optional<double> sampled_least(const Problem& region, const Expr& g);

  const Problem& problem_;
  const Budget& budget_;
  IntegralCalculus calculus_;
  Quadrature quadrature_;
  std::set<std::size_t> bound_;  // givens that integrals bind or stand for
  std::int64_t steps_ = 2'000'000;
};

}  // namespace nabla::quadrature
