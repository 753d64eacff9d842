// Vectors and matrices written out, their entries, rows and columns.
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/ops/joining.hpp>

namespace nabla {

Expr Elaborator::joined(const std::vector<Expr>& entries, Shape shape, SyntaxId id) {
  check_size(shape, id);
  if (entries.empty()) return zeros(shape);
  bool constant = true;
  for (const Expr& e : entries) constant = constant && e.ref().is_constant();
  const Expr flat = stack(entries);
  const Expr result = reshape(flat, shape);
  if (constant) constant_tensors_.try_emplace(result.ref().id(), entries);
  return result;
}

Expr Elaborator::vector(SyntaxId id) {
  std::vector<Expr> entries;
  for (const SyntaxId child : syntax_.children(id)) {
    const Expr e = number(child);
    if (!e.shape().is_scalar())
      throw TypeError(syntax_.place(child),
                      "the entries of a vector are scalars; concat(a, b) joins vectors, stack(a, b) "
                      "makes rows of them",
                      {e.shape()});
    entries.push_back(e);
  }
  locate(id);
  return joined(entries, Shape{static_cast<std::int64_t>(entries.size())}, id);
}

Expr Elaborator::matrix(SyntaxId id) {
  std::vector<Expr> entries;
  const auto rows = syntax_.children(id);
  const std::size_t columns = syntax_.children(rows[0]).size();
  for (const SyntaxId row : rows) {
    if (syntax_.children(row).size() != columns) {
      throw TypeError(syntax_.anchor(row), "the rows of a matrix have equally many entries; the first has " +
                                               std::to_string(columns) + ", this one " +
                                               std::to_string(syntax_.children(row).size()));
    }
    for (const SyntaxId child : syntax_.children(row)) entries.push_back(scalar(child, "an entry of a matrix"));
  }
  locate(id);
  return joined(entries, Shape{static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(columns)}, id);
}

Expr Elaborator::transposed(SyntaxId id) {
  const Expr e = number(syntax_.child(id, 0));
  const std::size_t rank = e.shape().rank();
  if (rank == 1)
    throw TypeError(syntax_.anchor(id),
                    "a vector has no transpose: it is neither row nor column; reshape(x, 1, n) makes a row of it",
                    {e.shape()});
  if (rank != 2) throw TypeError(syntax_.anchor(id), "`'` transposes a matrix", {e.shape()});
  locate(id);
  return transpose(e);
}

Elaborator::Subscripts Elaborator::subscripts(SyntaxId id, Shape base, std::size_t first_axis) {
  const std::size_t count = syntax_.children(id).size() - 1;
  const std::size_t rank = base.rank() - first_axis;
  if (count != rank) {
    const std::string needs = rank == 0 ? "a scalar has no index"
                                        : "this needs " + std::to_string(rank) +
                                              (rank == 1 ? " index" : " indices, with `:` for all of an axis");
    throw TypeError(syntax_.anchor(id), needs + ", and here " + (count == 1 ? "is " : "are ") + std::to_string(count),
                    {base});
  }
  Subscripts result;
  for (std::size_t k = 0; k < count; ++k) {
    const SyntaxId child = syntax_.child(id, k + 1);
    if (syntax_.kind(child) == SyntaxKind::all) {
      result.emplace_back();
      continue;
    }
    const std::int64_t extent = base[first_axis + k];
    const auto out_of_range = [&](const std::string& index) {
      return TypeError(syntax_.place(child),
                       "the index " + index + " is out of range: " +
                           (extent == 0 ? "there is nothing to index" : "it runs from 1 to " + std::to_string(extent)),
                       {base});
    };
    const std::optional<Constant> exact = exact_value(scalar(child, "an index"));
    const bool is_short = exact && exact->is_integer();
    if (exact && !is_short && is_integer(*exact)) throw out_of_range(text(child));
    const std::int64_t index = is_short ? exact->num() : integer(child, "an index");  // which says what is wrong
    if ((index < 1 || index > extent) && !probing_) throw out_of_range(std::to_string(index));
    result.emplace_back(index - 1);
  }
  return result;
}

Expr Elaborator::select(const Expr& base, std::size_t first_axis, const Subscripts& subscripts) {
  const Shape shape = base.shape();
  std::vector<Range> ranges(first_axis);
  std::vector<std::int64_t> extents(shape.extents().begin(),
                                    shape.extents().begin() + static_cast<std::ptrdiff_t>(first_axis));
  bool in_range = true;
  for (std::size_t k = 0; k < subscripts.size(); ++k) {
    const std::int64_t extent = shape[first_axis + k];
    if (const auto index = subscripts[k]) {
      in_range = in_range && *index >= 0 && *index < extent;
      ranges.push_back({*index, *index + 1});
    } else {
      ranges.emplace_back();
      extents.push_back(extent);
    }
  }
  if (!in_range) return zeros(Shape(extents));  // while probing
  return reshape(slice(base, ranges), Shape(extents));
}

Expr Elaborator::indexed(SyntaxId id) {
  const Expr base = number(syntax_.child(id, 0));
  const Subscripts wanted = subscripts(id, base.shape(), 0);
  if (base.ref().is_node()) {
    const auto known = constant_tensors_.find(base.ref().id());
    if (known != constant_tensors_.end()) {
      std::int64_t flat = 0;
      bool one_entry = true;
      for (std::size_t k = 0; k < wanted.size(); ++k) {
        one_entry = one_entry && wanted[k] && *wanted[k] >= 0 && *wanted[k] < base.shape()[k];
        if (one_entry) flat = flat * base.shape()[k] + *wanted[k];
      }
      if (one_entry) return known->second[static_cast<std::size_t>(flat)];
    }
  }
  locate(id);
  return select(base, 0, wanted);
}

}  // namespace nabla
