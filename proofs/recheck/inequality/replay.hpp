#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/inequality/expression.hpp>
#include <nabla/proofs/recheck/polynomial.hpp>

namespace nabla::rederive {

/// Follows proofs in the language of inequality.hpp. \throws Unfounded, Exhausted, NotHandled, json::exception
class InequalityReplay {
 public:
  /// Whether the proof shows g >= 0 (strict: g > 0) over the region, wherever g is defined.
  bool holds(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth = 0);
  /// The innermost step that failed, for people.
  const std::string& where() const { return where_; }

 private:
  bool step(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool equal(const Problem& region, const Expr& a, const Expr& b);
  bool elements(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool restrict(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool contrary(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool replace(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool clear(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool cases(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool split(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool monotone(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool sum(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool factor(const Problem& region, bool strict, const Json& factor, int& sign, int depth);
  bool exponential(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool squares(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool logarithms(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool tangents(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool error_function(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool reciprocal(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  std::vector<NodeId> copies_of(const Problem& region, const Expr& of, const Expr& g);
  bool either(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool periodic(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool least(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool tail(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth);
  bool polynomial(const Problem& region, const Expr& g, bool strict, const Json& proof);

  std::string where_;
};

/// The region with a variable replaced in its hypotheses.
Problem with_replaced(Problem region, NodeId variable, const Expr& by);

/// Whether c[0] + c[1] x + ... >= 0 (> 0) between two bounds (absent: infinite), by counting roots (Sturm 1829).
bool has_sign_between(std::vector<Rational> c, const std::optional<Rational>& lo, const std::optional<Rational>& hi,
                      bool lo_closed, bool hi_closed, bool strict);

}  // namespace nabla::rederive
