#pragma once

#include <nabla/engine/record/workspace.hpp>

namespace nabla {

/// Appends an operation, or finds what it equals without changing where anything is defined: exact arithmetic on
/// constants, x + 0, x - 0, x * 1, x / 1, -(-x), x^1. A zero factor is not enough to drop the other one, which may be
/// undefined; that takes a rule with a side condition (engine/simplify).
/// \throws ShapeError
Ref build(Workspace& workspace, Opcode code, std::span<const Ref> operands, Attributes attributes);

}  // namespace nabla
