#pragma once

#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// Whether the expression has no variable in it.
bool is_constant(const Expr& e);

/// A set as written, its ends and elements exact expressions. They may depend on given variables: see bounds_of.
/// \throws IllPosed for a set that is empty whatever its shape: ends in the wrong order, simplex[0]
Set elaborate_set(Elaborator& elaborator, SyntaxId id);

/// A set without the ends that depend on variables, and these as relations that the members of the set satisfy.
/// \param member the variable that ranges over the set; `text` how it is written
std::vector<Statement> take_variable_ends(Set& set, const Expr& member, const std::string& text, Place place);

/// All tensors of a shape, and whether a set is that.
Set all_of(const Shape& shape);
bool is_everything(const Set& set);

/// Whether every end and element is a constant expression.
bool has_constant_ends(const Set& set);

/// Whether one set certainly lies in another, both with constant ends. \pre equal shapes
bool is_subset(const Set& inner, const Set& outer);

/// Whether an exact rational lies in the reals of a set; nothing when the ends are not rational.
std::optional<bool> contains(const RealSet& set, const Constant& value);

}  // namespace nabla
