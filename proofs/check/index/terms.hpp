#pragma once

#include <nabla/proofs/check/index/algebra.hpp>
#include <nlohmann/json_fwd.hpp>

/// Inequalities for every dimension: P >= 0, because P is a sum of terms each of which is nonnegative by a lemma.
///
/// A term is the sum over indices of a factor >= 0 times one of
///   sign         1
///   product      u >= 0
///   square       (a - b)^2
///   up, down     max(u, 0), max(-u, 0)
///   exp          exp(u) - 1 - u
///   fall         1 - exp(-u), for u >= 0
///   log          r - 1 - log(r), r > 0 a product of powers
///   mean         (a + b) / 2 - sqrt(a b), for a, b >= 0
///   rest         sum_k u[k] - u[at], for u >= 0 and at among the k
///   power        u^m - m c^(m - 1) u + (m - 1) c^m, for u, c >= 0
///   logsumexp    logsumexp(x) - logsumexp(y) - dot(softmax(y), x - y), by convexity
/// (Gibbs, Jensen, means, variances, bounds of log-sum-exp are such sums.) Terms are made from the parts of P; how
/// often each is taken is found by the simplex method over the rationals, exactly. Everything in a term is defined on
/// the whole stated set.
namespace nabla::index_form {

struct NonnegativeTerm {
  std::string lemma = "sign";
  std::vector<Binder> over{};
  Poly factor{};                       ///< >= 0
  std::vector<Poly> of{};              ///< u; a, b; u, c; the bases of r; x, y
  std::vector<std::int64_t> powers{};  ///< of the bases of r; m
  std::vector<Binder> inside{};        ///< logsumexp: the index of x and y; rest: of u
  Affine at{};                         ///< rest
  Poly value{};                        ///< all of it
  bool is_strict = false;
  Rational times = 1;
};

/// The proof of P >= 0 (or P > 0): the goal that is such a sum, and its terms.
///   difference   P
///   exponential  exp(scale P) - 1 with scale > 0, or 1 - exp(scale P) with scale < 0
///   squares      a^2 - b^2 where P = a - b and a >= 0
///   logarithm    log(a) - log(b) where P = a - b and a, b > 0
///   multiplied   a P where a > 0
///   cases        what P is where a > 0, and where not
///   entries      P, or P = sum over an index of Q, where Q >= 0 for all numbers in place of its entries and dimensions
struct SumOfTerms {
  std::string goal = "difference";
  Rational scale = 1;
  Poly a{}, b{};
  std::vector<NonnegativeTerm> terms{};
  Poly of{};                        ///< of a case: P there; entries: Q
  std::vector<Binder> over{};       ///< entries: the index, if any
  std::vector<Poly> numbers{};      ///< entries: what "v1", "v2", ... stand for
  std::string proof{};              ///< entries: of the sign of Q, for proofs/recheck/inequality/inequality.hpp
  std::vector<SumOfTerms> cases{};  ///< two; of other goals one that shows the goal in place of terms, or none
};

/// Nothing when no such sum is found.
std::optional<SumOfTerms> nonnegative_by_terms(Algebra& algebra, const Poly& p, bool is_strict, const Budget& budget);

/// For the certificate: forms as trees, names of dimensions and arrays as in the claim, other indices by numbers.
/// \param axes  of the sides that are compared: "@0", "@1", ...
/// \throws NotHandled for what a certificate does not hold
nlohmann::ordered_json to_json(const Algebra& algebra, const SumOfTerms& sum, const std::vector<Symbol>& axes);

}  // namespace nabla::index_form
