#pragma once

#include <map>
#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nabla/proofs/check/scalarise.hpp>
#include <nlohmann/json.hpp>
#include <set>

/// What inequalities are proved over: a problem whose givens are scalars in intervals (or finite sets) and whose
/// hypotheses are relations of two scalars. The re-checker makes the same from the text of the claim: the givens are
/// the entries of the claim's givens in order, without those that a symmetric matrix repeats.
namespace nabla::inequality {

using Json = nlohmann::json;

/// A scalar whose sign is to be shown.
struct Goal {
  Expr value;
  SignGoal sign = SignGoal::nonnegative;
};

/// A problem and a statement written in scalars. The text of a hypothesis of the region is that of the stated one that
/// says it; of a premise, or of what a set of matrices says, it is empty.
struct Question {
  Problem region;
  std::vector<Goal> goals;  ///< all are to be shown; with `any`, one
  bool any = false;
};

/// \throws NotHandled
Question question_of(const Problem& problem, const Expr& g, SignGoal goal);
/// Nothing when the statement is not an inequality. \throws NotHandled
std::optional<Question> question_of(const Problem& problem, const Statement& statement);

/// e with variables replaced; in the same workspace.
Expr substituted(const Expr& e, const std::map<NodeId, Expr>& by);
/// The region with a variable replaced in its hypotheses.
Problem substituted(Problem region, NodeId variable, const Expr& by);

/// Variables that expressions depend on.
std::set<NodeId> variables_of(const Expr& e);
/// The index of a given; nothing for another variable.
std::optional<std::size_t> given_of(const Problem& region, NodeId variable);

/// An expression as rows, each an operand of later ones, the last being the value: ["x", k] the given k, ["c", "p/q"],
/// ["pi"], [operator, [rows], [attributes]].
Json encoded(const Problem& region, const Expr& e);

}  // namespace nabla::inequality
