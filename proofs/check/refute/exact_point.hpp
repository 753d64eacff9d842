#pragma once

#include <nabla/proofs/check/judge.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>

/// Points whose entries are constants such as sqrt(2) or pi/4, and statements decided there: by balls where they tell
/// the sides apart, else exactly by Calcium.
namespace nabla {

/// A constant of the claim language.
struct NamedConstant {
  std::string text;  ///< "3/2", "sqrt(2)"
  Expr value;        ///< of the problem's workspace
};

struct ExactPoint {
  std::vector<std::vector<NamedConstant>> entries;  ///< of each given
};

Witness to_witness(const Problem& problem, const ExactPoint& point);
ExactPoint to_exact(const Problem& problem, const Point& point);

/// What a text means; nothing when it is no constant. Appends to the workspace.
std::optional<NamedConstant> named_constant(const std::shared_ptr<Workspace>& workspace, const std::string& text);

/// Constants near x, the simplest first: fractions, square and cube roots, multiples of pi, logarithms, exponentials
/// and quadratic irrationals of short numbers. Guesses from a double: to be judged exactly.
std::vector<std::string> constants_near(double x, double tolerance);

/// Statements of a problem at exact points.
class ExactJudge {
 public:
  explicit ExactJudge(const Problem& problem) : problem_(problem) {}

  /// The truth of a relation, a membership, or what negations and implications make of them; `unknown` for other
  /// predicates. Judgement::exact says that Calcium decided.
  Judgement at(const Statement& statement, const ExactPoint& point) const;
  /// Whether the point lies in the sets, and every hypothesis holds there.
  bool satisfies(const ExactPoint& point) const;
  /// Whether every derivative that is read is what the chain rule gives.
  bool derivatives_exist(const ExactPoint& point) const;

 private:
  struct Compared {
    Truth less = Truth::unknown, equal = Truth::unknown;
    bool exact = false;
  };
  struct Sides;
  Judgement relation(const Statement& s, const ExactPoint& point) const;
  Truth inside(const Set& set, std::span<const Expr> entries, const ExactPoint& point) const;

  const Problem& problem_;
};

}  // namespace nabla
