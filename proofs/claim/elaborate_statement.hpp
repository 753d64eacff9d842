#pragma once

#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// The words that stand only as statements, with an expression and the variables it is a function of.
std::vector<std::string_view> predicate_names();

/// A statement of a claim: relations and chains of them, predicates, not, implies.
/// \param givens what the variables range over, for predicates that need a convex set
/// \throws TypeError, IllPosed, NotHandled, Unsupported, UnknownName
Statement elaborate_statement(Elaborator& elaborator, SyntaxId id, const std::vector<Given>& givens);

}  // namespace nabla
