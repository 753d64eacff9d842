#pragma once

#include <map>
#include <nabla/engine/compile/factor.hpp>
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

/// An array of written code, and the array of its adjoints.
struct SourceArray {
  std::string_view values, adjoints;
  friend bool operator==(const SourceArray&, const SourceArray&) = default;
};

/// A factor of a sum of products in written code.
struct SourceFactor {
  SourceArray array;  ///< of values that are not constant
  Factor factor;      ///< by places in the array
  std::string table;  ///< of constants, or of places; empty for a matrix
};

/// Where the values of a vector plan stand in the arrays of written code, and how entries of them are spelt: `v[...]`
/// for values and `a[...]` for adjoints, by an index or through a table of indices. Inputs may be apart, where the
/// caller has them: `x[...]` and `g[...]`.
class SourcePlaces {
 public:
  /// \param inputs  the first places, so many of them, are apart
  SourcePlaces(const Function& function, const VectorPlan& plan, std::string_view name, std::size_t inputs);

  /// Whether something reads inputs and other values through one table, so that inputs cannot be apart.
  bool mixes_inputs() const { return mixes_inputs_; }
  /// Entry `index` (C++ text) of an access of so many entries.
  SourceOperand operand(const Access& a, std::size_t extent, std::string_view index);
  /// \pre an access of rows * terms entries
  SourceFactor factor(const Access& a, std::size_t rows, std::size_t terms);
  /// Where a value that is not a constant stands.
  SourceArray array(std::size_t place) const { return place < inputs_ ? SourceArray{"x", "g"} : SourceArray{"v", "a"}; }
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
  /// Places that may be read in a row, in their array; constants among them get a place.
  struct Row {
    SourceArray array;
    std::vector<std::uint32_t> at;
  };
  Row row(const std::vector<std::size_t>& places);
  std::size_t constant_place(std::size_t place);
  std::string table(std::string_view type, std::string_view prefix, const std::vector<std::string>& entries);

  const Function& function_;
  const Graph& graph_;
  const VectorPlan& plan_;
  std::string name_;
  std::size_t inputs_ = 0;
  bool mixes_inputs_ = false;
  std::vector<std::size_t> first_, stored_;  // by instruction: in the plan, in the array
  std::size_t size_ = 0;
  std::map<std::size_t, std::size_t> constant_places_;
  std::vector<std::string> tables_;
  std::map<std::string, std::string> table_names_;
};

}  // namespace nabla
