#pragma once

#include <nabla/engine/record/expr.hpp>
#include <nabla/ops/broadcast.hpp>
#include <span>
#include <vector>

namespace nabla {

/// A computation with tensors, entry by entry: scalar expressions in a workspace of their own, in which only
/// elementwise operators and one variable for each entry of an input remain.
struct EntryByEntry {
  std::vector<std::vector<Expr>> inputs, outputs;  ///< of each its entries, row-major
};

/// Structured operators are run on scalar expressions by their own rule. An entry of an input v of rank 2 is called
/// v_1_2 (counted from 1), a scalar input as it was.
/// \throws std::invalid_argument for an operator without a formula entry by entry, and for a variable that is not among
/// the inputs; std::length_error past a million entries
EntryByEntry entry_by_entry(std::span<const Expr> outputs, std::span<const Expr> inputs);

namespace detail {

using EntryRule = void (*)(Attributes, std::span<const View<const Expr>>, View<Expr>);
/// What a structured operator computes, as formulas: its rule, or where that looks at its values (which entry is the
/// largest, which pivot is not zero) what its record says in `definition`. Null when there is neither.
EntryRule entry_rule(Opcode code);

}  // namespace detail
}  // namespace nabla
