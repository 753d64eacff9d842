#pragma once

#include <nabla/proofs/recheck/identity/algebra.hpp>
#include <nabla/proofs/recheck/identity/entries.hpp>
#include <unordered_map>

namespace nabla::rederive {

/// The value hangs on a sign: the parts together cover every sign.
struct Fork {
  Expr expression;
  Signs first, second;
};

/// A sign that a scalar expression has.
struct Fact {
  Expr expression;
  Signs signs = any;
};

/// Scalar expressions as quotients, under the facts of one case.
class Walk {
 public:
  struct Outcome {
    std::optional<Quotient> quotient;  ///< nothing: undefined everywhere
    bool everywhere = false;           ///< certainly defined at every point
    /// That its value can have, as far as the signs of its parts tell: multiplied out, a sum of squares shows less.
    Signs signs = any;
  };

  Walk(const Problem& problem, Entries& entries, Algebra& algebra)
      : problem_(problem), entries_(entries), algebra_(algebra) {}
  /// Begins a case. \throws Impossible, Fork, Again, Exhausted, NotHandled
  void begin(const std::vector<Fact>& facts);
  Outcome outcome(const Expr& e);

 private:
  std::optional<Outcome> operand(Ref ref, std::vector<NodeId>& open);
  std::optional<Outcome> step(NodeId node, std::vector<NodeId>& open);
  Outcome entry(NodeId node);
  Outcome apply(NodeId node, const std::vector<Quotient>& x, const std::vector<Signs>& parts, bool everywhere);
  Signs signs_of_parts(NodeId node, const std::vector<Signs>& x) const;
  std::optional<Rational> end(const Expr& e);

  const Problem& problem_;
  Entries& entries_;
  Algebra& algebra_;
  std::unordered_map<NodeId, std::uint32_t> atoms_;
  std::unordered_map<NodeId, Outcome> done_;
};

}  // namespace nabla::rederive
