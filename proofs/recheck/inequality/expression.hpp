#pragma once

#include <map>
#include <nabla/proofs/claim/problem.hpp>
#include <nlohmann/json.hpp>

/// Expressions of certificates of inequalities.
namespace nabla::rederive {

using Json = nlohmann::ordered_json;

/// The certificate cannot be followed; the text says where.
class Unfounded : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Rows, each an operand of later ones, the last being the value: ["x", k] the given k of the region, ["c", "p/q"],
/// ["pi"], [operator, [rows], [attributes]]. \throws Unfounded
Expr decoded(const Problem& region, const Json& rows);

/// e with variables replaced, x * x written as x^2, x - x as 0 and x / x left alone.
Expr replaced(const Expr& e, const std::map<NodeId, Expr>& by);

/// Whether a given of the region occurs in e.
bool mentions(const Expr& e, NodeId variable);
std::vector<NodeId> variables_in(const Expr& e);

/// The problem in scalars. \throws NotHandled
class ScalarProblem {
 public:
  explicit ScalarProblem(const Problem& problem);
  ~ScalarProblem();
  const Problem& region() const { return region_; }
  Problem& region() { return region_; }
  std::vector<Expr> entries(const Expr& e);
  /// Adds what a statement that holds says.
  void suppose(const Statement& s);

 private:
  void suppose_link(const Statement& s, std::size_t k, bool holds);
  void relate(const Expr& a, Comparison how, const Expr& b);
  struct Parts;
  std::unique_ptr<Parts> parts_;
  Problem region_;
};

Comparison negation_of(Comparison how);

}  // namespace nabla::rederive
