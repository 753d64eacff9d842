#pragma once

#include <functional>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// What a predicate about function variables needs to become a relation, and the variables that it makes.
struct Unfolding {
  const std::vector<Statement>& hypotheses;
  const std::vector<FunctionVariable>& functions;
  std::vector<Given> second;
  bool keeps_misfits = false;  ///< sides that do not conform are marked in the statement
};

/// A statement of a claim: relations and chains of them, predicates, not, implies.
/// \param givens what the variables range over, for predicates that need a convex set
/// \param unfolding where the statement is one to be shown: what predicates about function variables are written out
/// with \param is_certain  whether an argument lies in the set of its parameter whatever the variables are
/// \throws TypeError, IllPosed, NotHandled, Unsupported, UnknownName
Statement elaborate_statement(Elaborator& elaborator, SyntaxId id, const std::vector<Given>& givens,
                              const std::function<bool(const Membership&)>& is_certain, Unfolding* unfolding = nullptr);

}  // namespace nabla
