#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Subscripts and extents as whole-number combinations of dimension and index names (m, i, n + 1, i - j), and what is
/// known of them whatever the values of the names.
namespace nabla::index_form {

/// A dimension name, an index name or the index of a sum. Positive ones have a range in a SymbolTable; negative ones
/// are the names that sums give their indices once they are closed, and nothing is known of them from outside.
using Symbol = int;

struct Affine {
  std::int64_t constant = 0;
  std::vector<std::pair<Symbol, std::int64_t>> terms;  ///< by symbol, no coefficient 0

  static Affine of(std::int64_t n) { return {n, {}}; }
  static Affine symbol(Symbol s) { return {0, {{s, 1}}}; }
  bool is_constant() const { return terms.empty(); }
  std::int64_t coefficient(Symbol s) const;
  friend bool operator==(const Affine&, const Affine&) = default;
  friend auto operator<=>(const Affine&, const Affine&) = default;
};

/// \throws NotHandled past 2^40
Affine operator+(const Affine& a, const Affine& b);
Affine operator-(const Affine& a, const Affine& b);
Affine times(const Affine& a, std::int64_t factor);
/// a with s replaced.
Affine replaced(const Affine& a, Symbol s, const Affine& by);

/// lo <= s, and s <= hi where there is an upper end. Ends are in symbols made before.
class SymbolTable {
 public:
  SymbolTable();
  Symbol make(std::string name, Affine lo, std::optional<Affine> hi);
  const std::string& name(Symbol s) const { return rows_[static_cast<std::size_t>(s)].name; }
  const Affine& lo(Symbol s) const { return rows_[static_cast<std::size_t>(s)].lo; }
  const std::optional<Affine>& hi(Symbol s) const { return rows_[static_cast<std::size_t>(s)].hi; }

  /// Whether a >= 0 for all values of its symbols in their ranges, and where the guards hold. Never a wrong yes.
  bool is_nonnegative(const Affine& a) const;
  bool is_positive(const Affine& a) const { return is_nonnegative(a - Affine::of(1)); }
  /// The greatest lower bound and the least upper bound that the ranges show; nothing where there is none.
  std::optional<std::int64_t> lower_bound(Affine a) const;
  std::optional<std::int64_t> upper_bound(const Affine& a) const;

  std::string text(const Affine& a) const;

  /// Makes an inequality (guard >= 0) known in a scope.
  void push_guard(Affine guard) { guards_.push_back(std::move(guard)); }
  void pop_guard() { guards_.pop_back(); }

 private:
  struct Row {
    std::string name;
    Affine lo;
    std::optional<Affine> hi;
  };
  std::vector<Row> rows_;  // from 1
  std::vector<Affine> guards_;
};

}  // namespace nabla::index_form
