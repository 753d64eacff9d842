#pragma once

#include <nabla/proofs/claim/problem.hpp>
#include <nlohmann/json.hpp>

namespace nabla::bending {

using Json = nlohmann::ordered_json;

enum class Wanted : std::uint8_t { nonnegative, positive, nonpositive };

/// Replays the evidence {"kind", "data"} that g has the sign (for nonnegative and nonpositive also: that it is 0)
/// wherever it is defined.
bool replay_sign(const Problem& problem, const Expr& g, Wanted wanted, const Json& evidence);
/// That it is 0.
bool replay_zero(const Problem& problem, const Expr& g, const Json& evidence);

/// A symmetric matrix of scalar expressions.
struct Square {
  std::size_t n = 0;
  std::vector<Expr> entries;
  const Expr& at(std::size_t i, std::size_t j) const { return entries[i * n + j]; }
};
/// Second derivatives of h by t.
Square bends(const Expr& h, const std::vector<Expr>& t);

/// Replays that the matrix is positive semidefinite: blocks of rows that cover it, zeros between them, and for each
/// block an entry, minors, an elimination, dominance or exact numbers.
bool replay_semidefinite(const Problem& problem, const Square& h, const Json& blocks, std::string& why);

}  // namespace nabla::bending
