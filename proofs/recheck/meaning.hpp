#pragma once

#include <nabla/engine/record/expr.hpp>

namespace nabla::rederive {

/// What an operator means in terms of a few (exp, log, sqrt, sin, cos, erf, choices), transcribed here a second time: a
/// slip in an operator's record and the same slip here are unlikely. Every re-derivation reads this one. An operator
/// that is not transcribed means what its record says (algebraic_form); empty where that says nothing. Sources:
/// DLMF 4.2, 4.14, 4.28, 4.37, 7.2.
Expr meaning(Opcode code, Attributes attributes, std::span<const Expr> x);

}  // namespace nabla::rederive
