#pragma once

#include <functional>
#include <nabla/engine/parse/elaborate_error.hpp>
#include <nabla/proofs/claim/dimensions.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// Looks at every name of a claim, whatever its dimensions.
/// \throws UnknownName for a name that nothing declares, SyntaxError for one that is declared twice
void check_names(const Claim& claim);

/// What is differentiated in place of `of` (see SmoothForm of the engine), given the problem as far as it was read.
using SmoothFormIn = std::function<Expr(const Problem& so_far, const Expr& of, const Expr& by)>;

/// What becomes of a statement to be shown that does not conform: the whole claim is not elaborated, or the links in
/// question are marked (Statement::misfits) and the rest is.
enum class Misfits : std::uint8_t { thrown, kept };

/// A claim with its dimensions filled in.
/// \param smooth  may be empty: then derivatives are what the chain rule makes of every expression as it is written
/// \param functions what to do with function variables; with `none` a claim that uses one is not handled
/// \param shape with `instance`: which explicit functions stand for them; not handled where the class has none of them
/// \throws UnknownName, SyntaxError as above; IllPosed for types, shapes and sets that do not conform, an index out of
/// range, an empty set; NotHandled with the reason
Problem elaborate(const Claim& claim, const Choice& choice, FunctionTreatment functions = FunctionTreatment::none,
                  const SmoothFormIn& smooth = {}, InstanceShape shape = InstanceShape::quadratic,
                  Misfits misfits = Misfits::thrown);

/// Why link k of a statement to be shown was not elaborated; null where it was.
const Misfit* misfit_of(const Statement& show, std::size_t link);

/// Whether the claim has function variables (given f: ... -> ... is ...).
bool has_function_variables(const Claim& claim);

}  // namespace nabla
