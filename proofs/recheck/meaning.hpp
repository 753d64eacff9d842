#pragma once

#include <nabla/engine/record/expr.hpp>

namespace nabla::rederive {

/// What an operator means in terms of a few (exp, log, sqrt, sin, cos, erf, choices), transcribed here once more: the
/// prover has its own list, and a slip in one of the two shows. Every re-derivation by name reads this one. Else the
/// definition in the operator's record; empty where it has none. Sources: DLMF 4.2, 4.14, 4.28, 4.37, 7.2.
Expr meaning(Opcode code, Attributes attributes, std::span<const Expr> x);

}  // namespace nabla::rederive
