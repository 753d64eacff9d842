#pragma once

#include <map>
#include <nabla/engine/compile/vector_plan.hpp>
#include <nabla/engine/record/expr.hpp>
#include <nabla/engine/run/function.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// A value that a loop reads from outside, or a constant that differs from one iteration to the next.
struct SourceOperand {
  Access access;
  std::size_t extent = 0;  ///< entries
  std::string text;        ///< of entry i
  std::string adjoint;     ///< where its adjoint is added to; empty for constants
  Expr variable;
};

/// Where the values of a vector plan stand in the arrays of written code, and how entries of them are spelt: `v[...]`
/// for values and `a[...]` for adjoints, by an index or through a table of indices.
class SourcePlaces {
 public:
  SourcePlaces(const Function& function, const VectorPlan& plan, std::string_view name);

  /// Entry `index` (C++ text) of an access of so many entries.
  SourceOperand operand(const Access& a, std::size_t extent, std::string_view index);
  /// First place of an instruction's results.
  std::size_t of_instruction(std::size_t k) const { return stored_[k]; }
  /// \pre the place is not a constant's, and its value leaves its loop
  std::size_t stored_at(std::size_t place) const;
  bool is_constant(std::size_t place) const {
    return place >= plan_.constants() && (first_.empty() || place < first_[0]);
  }
  /// The constant at a place, and as a double literal.
  Constant constant_at(std::size_t place) const;
  std::string number(std::size_t place) const;

  /// Entries of the arrays.
  std::size_t size() const { return size_; }
  /// Constants that stand in the array of values, and where: they are read in a row with values that are not constant.
  const std::map<std::size_t, std::size_t>& constants() const { return constant_places_; }
  const std::vector<std::string>& tables() const { return tables_; }

 private:
  std::size_t constant_place(std::size_t place);
  std::string table(std::string_view type, std::string_view prefix, const std::vector<std::string>& entries);

  const Function& function_;
  const Graph& graph_;
  const VectorPlan& plan_;
  std::string name_;
  std::vector<std::size_t> first_, stored_;  // by instruction: in the plan, in the array
  std::size_t size_ = 0;
  std::map<std::size_t, std::size_t> constant_places_;
  std::vector<std::string> tables_;
  std::map<std::string, std::string> table_names_;
};

}  // namespace nabla
