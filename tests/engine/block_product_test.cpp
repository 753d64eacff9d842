#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <nabla/engine/compile/compiled_arrays.hpp>
#include <nabla/engine/kernels/block_product.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/nabla.hpp>

// Products of matrices with the machine's vectors: against three loops, and the same bits wherever operands stand.

namespace {

using namespace nabla;

template <class V>
std::vector<V> waves(std::size_t n, double frequency) {
  std::vector<V> made;
  for (std::size_t i = 0; i < n; ++i) made.push_back(static_cast<V>(std::sin(frequency * static_cast<double>(i + 1))));
  return made;
}

template <class V>
void check_product(std::ptrdiff_t rows, std::ptrdiff_t inner, std::ptrdiff_t columns, double tolerance) {
  const auto a = waves<V>(static_cast<std::size_t>(rows * inner), 0.7);
  const auto b = waves<V>(static_cast<std::size_t>(inner * columns), 1.3);
  for (const bool a_transposed : {false, true})
    for (const bool b_transposed : {false, true}) {
      std::vector<V> c(static_cast<std::size_t>(rows * columns), V(7));
      multiply_by_blocks(BlockProduct<V>{.c = c.data(),
                                         .a = a.data(),
                                         .b = b.data(),
                                         .rows = rows,
                                         .inner = inner,
                                         .columns = columns,
                                         .a_stride = a_transposed ? rows : inner,
                                         .b_stride = b_transposed ? inner : columns,
                                         .a_transposed = a_transposed,
                                         .b_transposed = b_transposed});
      double worst = 0;
      for (std::ptrdiff_t i = 0; i < rows; ++i)
        for (std::ptrdiff_t j = 0; j < columns; ++j) {
          double total = 0;
          for (std::ptrdiff_t k = 0; k < inner; ++k)
            total += static_cast<double>(a[static_cast<std::size_t>(a_transposed ? k * rows + i : i * inner + k)]) *
                     static_cast<double>(b[static_cast<std::size_t>(b_transposed ? j * inner + k : k * columns + j)]);
          worst = std::max(worst, std::abs(static_cast<double>(c[static_cast<std::size_t>(i * columns + j)]) - total));
        }
      CHECK(worst < tolerance * static_cast<double>(inner));
    }
}

template <class V>
std::vector<V> product_at(std::size_t shift, std::int64_t rows, std::int64_t inner, std::int64_t columns) {
  const Expr x = variable("x", Shape{rows, inner}), w = variable("w", Shape{columns, inner});
  const Expr y = matmul(x, transpose(w));
  CompiledArrays<V> compiled(values_of(Function(y, {x, w})));
  const auto place = [&](std::vector<V> entries) {
    entries.insert(entries.begin(), shift, V(0));
    return entries;
  };
  const auto a = place(waves<V>(static_cast<std::size_t>(rows * inner), 0.9));
  const auto b = place(waves<V>(static_cast<std::size_t>(columns * inner), 1.7));
  std::vector<V> c(static_cast<std::size_t>(rows * columns) + shift);
  const std::span<const V> inputs[] = {std::span<const V>(a).subspan(shift), std::span<const V>(b).subspan(shift)};
  const std::span<V> outputs[] = {std::span<V>(c).subspan(shift)};
  compiled(inputs, outputs);
  return {c.begin() + static_cast<std::ptrdiff_t>(shift), c.end()};
}

}  // namespace

TEST_CASE("products by blocks are the products") {
  for (const auto& [rows, inner, columns] : {std::tuple(2, 2, 2), std::tuple(3, 17, 5), std::tuple(64, 64, 10),
                                             std::tuple(33, 100, 47), std::tuple(129, 3, 200), std::tuple(8, 300, 8)}) {
    check_product<double>(rows, inner, columns, 1e-15);
    check_product<float>(rows, inner, columns, 1e-6);
  }
}

TEST_CASE("a product has the same bits wherever its operands stand in memory") {
  for (const auto& [rows, inner, columns] :
       {std::tuple(2, 3, 4), std::tuple(5, 9, 7), std::tuple(32, 64, 10), std::tuple(65, 200, 90),
        std::tuple(129, 130, 131), std::tuple(193, 70, 240)}) {
    CAPTURE(rows);
    const auto bits = [](const auto& x) {
      std::vector<std::uint64_t> made;
      for (const auto each : x) made.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(each)));
      return made;
    };
    const auto doubles = bits(product_at<double>(0, rows, inner, columns));
    const auto floats = bits(product_at<float>(0, rows, inner, columns));
    for (const std::size_t shift : {1U, 2U, 3U, 5U, 7U}) {
      CHECK((bits(product_at<double>(shift, rows, inner, columns)) == doubles));
      CHECK((bits(product_at<float>(shift, rows, inner, columns)) == floats));
    }
  }
}

TEST_CASE("a product whose transpose is read is computed as that, and right however it is read") {
  const Expr x = variable("x", Shape{4, 3}), d = variable("d", Shape{4, 5});
  const Expr p = matmul(transpose(x), d);  // [3, 5]
  const Expr q = matmul(x, transpose(x));  // [4, 4], read both ways
  const std::vector<Expr> outputs{transpose(p),
                                  exp(transpose(p)) + 1,
                                  matmul(transpose(p), transpose(x)),
                                  transpose(transpose(transpose(p))),
                                  transpose(q),
                                  q + 1,
                                  transpose(matmul(transpose(transpose(x)), p)),
                                  transpose(reshape(matmul(x, p), Shape{5, 4}))};
  const std::vector<Expr> inputs{x, d};
  const Function function(outputs, inputs);
  const std::vector<Entries<double>> at{waves<double>(12, 0.8), waves<double>(20, 1.9)};
  const std::vector<Entries<double>> expected = function(std::span<const Entries<double>>(at));
  CompiledArrays<double> compiled(values_of(function));
  std::vector<std::vector<double>> found;
  std::vector<std::span<double>> places;
  for (const Entries<double>& e : expected) found.emplace_back(e.size());
  places.assign(found.begin(), found.end());
  const std::vector<std::span<const double>> given(at.begin(), at.end());
  compiled(given, places);
  for (std::size_t k = 0; k < expected.size(); ++k)
    for (std::size_t i = 0; i < expected[k].size(); ++i)
      CHECK(found[k][i] == doctest::Approx(expected[k][i]).epsilon(1e-13));
  std::size_t copies = 0;
  const Function gradient_like(transpose(p), {x, d});
  const CompiledArrays<double> one(values_of(gradient_like));
  for (const ArrayPlan::Step& step : one.plan().steps()) copies += step.loop.size();
  CHECK(copies == 0);
}
