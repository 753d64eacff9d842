#pragma once

#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/engine/run/function.hpp>

/// Derivatives of a Function beyond one reverse sweep.
namespace nabla {

/// Whether Run<Dual<V>> is instantiated (engine/kernels/dual.cpp). In other kinds directions go through the symbolic
/// derivative, which needs no further kind of number.
template <class V>
inline constexpr bool runs_dual = std::is_same_v<V, double>;

namespace detail {

/// The unit vectors of all columns of one color added up, as one direction per input.
template <class V>
std::vector<Entries<V>> direction_of_color(std::span<const std::uint32_t> color, std::uint32_t chosen,
                                           std::span<const std::size_t> sizes) {
  std::vector<Entries<V>> direction;
  std::size_t next = 0;
  for (const std::size_t size : sizes) {
    direction.emplace_back();
    for (std::size_t i = 0; i < size; ++i) direction.back().push_back(V(color[next++] == chosen ? 1 : 0));
  }
  return direction;
}

template <class V>
Entries<V> joined(const std::vector<Entries<V>>& parts) {
  Entries<V> all;
  for (const Entries<V>& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

template <class V>
std::vector<Entries<V>> both(std::span<const Entries<V>> at, std::span<const Entries<V>> direction) {
  std::vector<Entries<V>> entries(at.begin(), at.end());
  entries.insert(entries.end(), direction.begin(), direction.end());
  return entries;
}

}  // namespace detail

template <class V>
std::vector<Entries<Dual<V>>> Function::dual_entries(std::span<const Entries<V>> at,
                                                     std::span<const Entries<V>> direction) const {
  check_inputs(at.size());
  std::vector<Entries<Dual<V>>> entries;
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (i >= direction.size() || direction[i].size() != at[i].size())
      throw ShapeError("input " + std::to_string(i + 1), "its direction has its shape", {input_shapes_[i]});
    entries.emplace_back();
    for (std::size_t k = 0; k < at[i].size(); ++k) entries.back().emplace_back(at[i][k], direction[i][k]);
  }
  return entries;
}

template <class V>
std::vector<Entries<V>> Function::jvp(std::span<const Entries<V>> at, std::span<const Entries<V>> direction) const {
  check_variables("jvp");
  if constexpr (runs_dual<V>) {
    const Run<Dual<V>> r = run<Dual<V>>(dual_entries<V>(at, direction));
    std::vector<Entries<V>> result;
    for (std::size_t k = 0; k < output_count(); ++k) {
      result.emplace_back();
      for (const Dual<V>& y : r.output(k)) result.back().push_back(y.tangent);
    }
    return result;
  } else {
    return jvp_function().operator()<V>(detail::both<V>(at, direction));
  }
}

template <class V>
std::vector<Entries<V>> Function::hessian_vector_product(std::span<const Entries<V>> at,
                                                         std::span<const Entries<V>> direction) const {
  check_variables("hessian_vector_product");
  check_scalar("hessian_vector_product");
  if constexpr (runs_dual<V>) {
    Run<Dual<V>> r = run<Dual<V>>(dual_entries<V>(at, direction));
    r.reverse();
    std::vector<Entries<V>> result;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      result.emplace_back();
      if (inputs_[i].empty()) {
        result.back().assign(at[i].size(), V(0));
      } else {
        for (const Dual<V>& a : r.adjoint(inputs_[i].id())) result.back().push_back(a.tangent);
      }
    }
    return result;
  } else {
    // The Hessian is symmetric: the product is one sweep back over the gradient's graph.
    return gradient_function().template vjp<V>(at, direction);
  }
}

template <class V>
Entries<V> Function::hessian(std::span<const Entries<V>> at) const {
  check_variables("hessian");
  check_scalar("hessian");
  const std::vector<std::size_t> sizes = input_sizes();
  std::vector<std::uint32_t> column;
  for (const std::size_t size : sizes)
    for (std::size_t k = 0; k < size; ++k) column.push_back(static_cast<std::uint32_t>(column.size()));
  Entries<V> rows;
  if constexpr (runs_dual<V>) {
    for (const std::uint32_t j : column) {
      const Entries<V> row =
          detail::joined(hessian_vector_product<V>(at, detail::direction_of_color<V>(column, j, sizes)));
      rows.insert(rows.end(), row.begin(), row.end());
    }
  } else {
    const Function g = gradient_function();
    for (const std::uint32_t j : column) {
      const Entries<V> row = detail::joined(g.template vjp<V>(at, detail::direction_of_color<V>(column, j, sizes)));
      rows.insert(rows.end(), row.begin(), row.end());
    }
  }
  return rows;
}

template <class V>
std::vector<Entries<V>> Function::taylor(std::span<const Entries<V>> at, std::span<const Entries<V>> direction,
                                         std::size_t order, std::size_t output) const {
  check_variables("taylor");
  const std::vector<Entries<Dual<V>>> lines = dual_entries<V>(at, direction);
  std::vector<Entries<Taylor<V>>> entries;
  for (const Entries<Dual<V>>& line : lines) {
    entries.emplace_back();
    for (const Dual<V>& start : line) {
      std::vector<V> coefficients(order + 1, V(0));
      coefficients[0] = start.value;
      if (order > 0) coefficients[1] = start.tangent;
      entries.back().emplace_back(std::move(coefficients));
    }
  }
  const Run<Taylor<V>> r = run<Taylor<V>>(entries);
  std::vector<Entries<V>> result(order + 1);
  for (std::size_t k = 0; k <= order; ++k)
    for (const Taylor<V>& y : r.output(output)) result[k].push_back(y[k]);
  return result;
}

template <class V>
SparseMatrix<V> Function::sparse_jacobian(std::span<const Entries<V>> at,
                                          const JacobianCompression& compression) const {
  check_variables("sparse_jacobian");
  SparseMatrix<V> result{compression.pattern, {}, 0};
  const SparsityPattern& pattern = compression.pattern;
  result.values.assign(pattern.nonzeros(), V(0));
  const std::vector<std::size_t> sizes = input_sizes();
  if (compression.by_columns()) {
    const std::vector<std::uint32_t>& color = compression.columns.color;
    std::shared_ptr<const Function> symbolic;
    if constexpr (!runs_dual<V>) symbolic = std::make_shared<Function>(jvp_function());
    for (std::uint32_t c = 0; c < compression.columns.count; ++c, ++result.sweeps) {
      const std::vector<Entries<V>> direction = detail::direction_of_color<V>(color, c, sizes);
      const Entries<V> product = detail::joined(
          symbolic ? symbolic->template operator()<V>(detail::both<V>(at, direction)) : jvp<V>(at, direction));
      for (std::size_t i = 0; i < pattern.rows; ++i)
        for (std::size_t k = pattern.row_starts[i]; k < pattern.row_starts[i + 1]; ++k)
          if (color[pattern.column_indices[k]] == c) result.values[k] = product[i];
    }
    return result;
  }
  Run<V> r = run<V>(at);
  std::vector<std::size_t> output_sizes;
  for (const Shape& shape : output_shapes_) output_sizes.push_back(static_cast<std::size_t>(shape.size()));
  for (std::uint32_t c = 0; c < compression.rows.count; ++c, ++result.sweeps) {
    const std::vector<Entries<V>> seeds = detail::direction_of_color<V>(compression.rows.color, c, output_sizes);
    const std::vector<std::span<const V>> views(seeds.begin(), seeds.end());
    r.reverse(views);
    Entries<V> product;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (inputs_[i].empty()) {
        product.insert(product.end(), sizes[i], V(0));
      } else {
        const std::span<const V> a = r.adjoint(inputs_[i].id());
        product.insert(product.end(), a.begin(), a.end());
      }
    }
    for (std::size_t i = 0; i < pattern.rows; ++i)
      for (std::size_t k = pattern.row_starts[i]; k < pattern.row_starts[i + 1]; ++k)
        if (compression.rows.color[i] == c) result.values[k] = product[pattern.column_indices[k]];
  }
  return result;
}

template <class V>
SparseMatrix<V> Function::sparse_hessian(std::span<const Entries<V>> at, const HessianCompression& compression) const {
  check_variables("sparse_hessian");
  check_scalar("sparse_hessian");
  SparseMatrix<V> result{compression.pattern, {}, 0};
  result.values.assign(compression.pattern.nonzeros(), V(0));
  const std::vector<HessianEntry> entries = hessian_entries(compression);
  const std::vector<std::size_t> sizes = input_sizes();
  std::shared_ptr<const Function> symbolic;
  if constexpr (!runs_dual<V>) symbolic = std::make_shared<Function>(gradient_function());
  for (std::uint32_t c = 0; c < compression.colors.count; ++c, ++result.sweeps) {
    const std::vector<Entries<V>> direction = detail::direction_of_color<V>(compression.colors.color, c, sizes);
    const Entries<V> product =
        detail::joined(symbolic ? symbolic->template vjp<V>(at, direction) : hessian_vector_product<V>(at, direction));
    for (std::size_t k = 0; k < entries.size(); ++k)
      if (entries[k].color == c) result.values[k] = product[entries[k].row];
  }
  return result;
}

}  // namespace nabla
