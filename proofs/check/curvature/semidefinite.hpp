#pragma once

#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nlohmann/json.hpp>

namespace nabla::curvature {

using Json = nlohmann::ordered_json;

/// While it lives, what show_sign tries in this thread shares a number of steps: a question about curvature asks for
/// many signs, each of which could take as many steps as an inequality. Within another one, the steps are those of
/// both.
class SignSteps {
 public:
  explicit SignSteps(std::int64_t most);
  ~SignSteps();
  SignSteps(const SignSteps&) = delete;
  SignSteps& operator=(const SignSteps&) = delete;

  bool used_up() const { return left_ <= 0; }
  /// What the next proof may spend.
  static std::int64_t available();
  static void spend(std::int64_t steps);

 private:
  SignSteps* outer_;
  std::int64_t left_;
};
/// Of the proof of one predicate.
constexpr std::int64_t steps_of_a_predicate = 600'000;

/// g has the sign wherever on the stated set it is defined. proof: {"kind", "data"} of the certificate.
bool show_sign(const Problem& problem, const Expr& g, SignGoal goal, const Budget& budget, Json& proof);
/// g is 0 wherever it is defined.
bool show_zero(const Problem& problem, const Expr& g, const Budget& budget, Json& proof);

/// A symmetric matrix of scalar expressions, row-major.
struct Matrix {
  std::size_t n = 0;
  std::vector<Expr> entries;
  const Expr& operator()(std::size_t i, std::size_t j) const { return entries[i * n + j]; }
};

/// What was found out about a matrix.
struct Definiteness {
  bool proved = false;
  Json proof;          ///< a list of blocks, see below
  std::string reason;  ///< not proved: how far it got
};

/// Shows that the matrix is positive semidefinite at every point of the stated set at which it is defined.
///
/// Rows that only zeros connect are looked at apart, in this order. Each block is shown by one of
///   entry        one row: its sign
///   constant     rational numbers: elimination in exact arithmetic
///   minors       up to three rows: every principal minor is nonnegative, in the order of the bits of their rows
///   elimination  positive pivots one after the other; the last one nonnegative; or a row of zeros
///   dominance    each diagonal entry is at least the sum of the sizes of the others of its row
/// A block of the proof is {"rows": [...], "by": ..., "signs": [{"kind", "data"}, ...]}, signs in the order above, a
/// kind "identity" where the value vanishes identically.
Definiteness show_semidefinite(const Problem& problem, const Matrix& h, const Budget& budget);

/// A point at which double arithmetic sees the matrix clearly indefinite, as text: there is no use in a proof.
std::optional<std::string> seems_indefinite(const Problem& problem, const Matrix& h, const Budget& budget);

}  // namespace nabla::curvature
