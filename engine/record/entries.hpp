#pragma once

#include <nabla/engine/record/expr.hpp>
#include <optional>
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

/// The entries of an operator's result from those of its operands. What a structured operator computes are formulas:
/// its rule, or where that looks at its values (which entry is the largest, which pivot is not zero) what its record
/// says in `definition`. Nothing when there is neither.
std::optional<std::vector<Expr>> entries_of(const Graph& graph, NodeId id, const std::vector<std::vector<Expr>>& x);

}  // namespace nabla
