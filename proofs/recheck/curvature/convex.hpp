#pragma once

#include <nabla/proofs/recheck/curvature/cone.hpp>

namespace nabla::bending {

/// What is replayed: that e - modulus/2 |x|^2 is convex (or concave) in the variables.
struct Claimed {
  Expr e;
  std::vector<Expr> over;
  unsigned wanted = convex;
  Expr modulus;  ///< empty: 0
};

/// By composition rules and the functions of numbers in `cones`.
bool replay_by_rules(const Problem& problem, const Expr& e, const std::vector<Expr>& over, unsigned wanted,
                     const Json& cones, std::string& why);

/// A proof {"by": "rules" | "separable" | "hessian", ...}.
bool replay_convex(const Problem& problem, const Claimed& claimed, const Json& proof, std::string& why);

/// That hypotheses about the variables describe a convex set.
bool replay_convex_set(const Problem& problem, const std::vector<Expr>& over, std::string& why);

/// Whether a given is one of the variables.
bool is_over(const Given& g, const std::vector<Expr>& over);

/// The problem with open ends for the variables; whether their sets are intervals that nothing else restricts.
Problem with_open_ends(const Problem& problem, const std::vector<Expr>& over);
bool is_plain_box(const Problem& problem, const std::vector<Expr>& over);

/// How an expression behaves on the sets of a problem as a function of the variables.
bool never_jumps(const Problem& problem, const Expr& e, const std::vector<Expr>& over);
bool has_no_kink(const Problem& problem, const Expr& e, const std::vector<Expr>& over);

/// Scalars for the entries of the variables.
struct ScalarView {
  Problem problem;
  std::vector<Expr> values, x;
};
ScalarView written_in_scalars(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool open);

/// Even powers of norms as powers of sums of squares.
Expr norms_written_out(const Expr& e);

/// The moving terms of a sum, left to right, with factors that do not move.
struct Summand {
  Expr factor, node;
};
std::vector<Summand> summands_of(const Expr& e, const Marks& marks);
/// For each variable the entries whose sum some terms are; the others are left in `rest`.
std::vector<Expr> entrywise_parts(const std::vector<Summand>& terms, const std::vector<Expr>& over, const Marks& marks,
                                  std::vector<Summand>& rest);

}  // namespace nabla::bending
