#include <doctest/doctest.h>

#include <allocations/counting.hpp>
#include <cmath>
#include <cstdlib>
#include <nabla/engine/compile/compiled.hpp>
#include <nabla/engine/compile/compiled_arrays.hpp>
#include <nabla/engine/compile/compiled_digits.hpp>
#include <nabla/nabla.hpp>

// What is run again allocates nothing.

namespace {

using namespace nabla;

/// Allocations of one call, after one that may have made memory ready.
template <class Work>
std::size_t allocations_of(Work work) {
  work();
  const std::size_t before = allocations();
  work();
  return allocations() - before;
}

std::size_t gmp_count = 0;
void* gmp_allocated(std::size_t size) {
  ++gmp_count;
  return std::malloc(size);
}
void* gmp_moved(void* at, std::size_t, std::size_t size) {
  ++gmp_count;
  return std::realloc(at, size);
}
void gmp_freed(void* at, std::size_t) { std::free(at); }

/// How often GMP and MPFR ask for memory in one call. (Their own functions are malloc and its like, too.)
template <class Work>
std::size_t gmp_allocations_of(Work work) {
  void* (*allocate)(std::size_t);
  void* (*move)(void*, std::size_t, std::size_t);
  void (*release)(void*, std::size_t);
  mp_get_memory_functions(&allocate, &move, &release);
  mpfr_mp_memory_cleanup();
  mp_set_memory_functions(gmp_allocated, gmp_moved, gmp_freed);
  gmp_count = 0;
  work();
  mpfr_mp_memory_cleanup();
  mp_set_memory_functions(allocate, move, release);
  return gmp_count;
}

std::vector<double> point(std::size_t n) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = std::sin(0.37 * static_cast<double>(i) + 0.2);
  return x;
}

/// Loops, a recurrence, a comparison.
template <class T>
T program(const std::vector<T>& v) {
  using std::exp, std::log, std::sin;
  T total = 0;
  for (std::size_t i = 0; i + 1 < v.size(); ++i) total += log(1 + exp(sin(v[i]) * v[i + 1])) * v[i];
  T z = v[0];
  for (int i = 0; i < 20; ++i) z = sin(z) + z * v[1];
  if (z > 0) return total * z;
  return total - z;
}

}  // namespace

TEST_CASE("the count counts") {
  CHECK(allocations_of([] { std::vector<double> made(3); }) == 1);
}

TEST_CASE("a tape that recorded a program once records it again without allocating") {
  const std::vector<double> x = point(700);
  std::vector<double> g(x.size());
  const auto f = [](const auto& v) { return program(v); };
  CHECK(allocations_of([&] { value_and_gradient<double>(f, std::span<const double>(x), std::span<double>(g)); }) == 0);
}

TEST_CASE("a compiled function of scalars runs without allocating") {
  const std::vector<double> x = point(700);
  std::vector<double> g(x.size()), y(1);
  Compiled compiled{Function(record([](const auto& v) { return program(v); }, std::span<const double>(x)))};
  CHECK(allocations_of([&] { compiled.gradient(x, g); }) == 0);
  CHECK(allocations_of([&] { compiled(x, y); }) == 0);
}

TEST_CASE("a network compiled from matrix operators runs without allocating") {
  const Expr w1 = variable("w1", Shape{24, 40}), b1 = variable("b1", Shape{24}), x = variable("x", Shape{16, 40});
  const Expr w2 = variable("w2", Shape{5, 24}), b2 = variable("b2", Shape{5}), t = variable("t", Shape{16, 5});
  const Expr h = tanh(matmul(x, transpose(w1)) + b1);
  const Expr loss = softmax_cross_entropy(matmul(h, transpose(w2)) + b2, t) / 16 + mean(square(h));
  const auto measure = []<class V>(const Function& f, V) {
    CompiledArrays<V> compiled(value_and_gradient_of(f));
    std::vector<std::vector<V>> in, out;
    for (std::size_t i = 0; i < compiled.input_count(); ++i) {
      in.emplace_back();
      for (const double v : point(static_cast<std::size_t>(compiled.input_shape(i).size())))
        in.back().push_back(static_cast<V>(v));
    }
    for (std::size_t k = 0; k < compiled.output_count(); ++k)
      out.emplace_back(static_cast<std::size_t>(compiled.output_shape(k).size()));
    const std::vector<std::span<const V>> inputs(in.begin(), in.end());
    const std::vector<std::span<V>> outputs(out.begin(), out.end());
    CHECK(allocations_of([&] { compiled(inputs, outputs); }) == 0);
  };
  const Function batch(loss, {w1, b1, w2, b2, x, t});
  measure(batch, 1.0);
  measure(batch, 1.0F);
  const Expr v = variable("v", Shape{40}), s = variable("s", Shape{5});
  const Expr one = softmax_cross_entropy(matmul(w2, relu(matmul(w1, v) + b1)) + b2, s);
  measure(Function(one, {w1, b1, w2, b2, v, s}), 1.0);
}

TEST_CASE("a function compiled for N digits runs without allocating") {
  const std::vector<double> x = point(40);
  const auto measure = [&](const auto& f, int digits) {
    const Function function(record(f, std::span<const double>(x)));
    CompiledDigits compiled(value_and_gradient_of(function), digits);
    for (std::size_t i = 0; i < x.size(); ++i) mpfr_set_d(compiled.input(i, 0), x[i], MPFR_RNDN);
    return allocations_of([&] { compiled.run(); });
  };
  const auto arithmetic = [](const auto& v) {
    auto total = v[0] * 0;
    for (std::size_t i = 0; i + 1 < v.size(); ++i) total += 100 * square(v[i + 1] - v[i] * v[i]) / (2 + v[i]);
    return total;
  };
  for (const int digits : {50, 200, 1000}) {
    CAPTURE(digits);
    CHECK(measure(arithmetic, digits) == 0);
    CHECK(measure([](const auto& v) { return program(v); }, digits) == 0);
  }
}

TEST_CASE("arithmetic at N digits takes no memory from GMP either") {
  const std::vector<double> x = point(40);
  const Function function(record(
      [](const auto& v) {
        auto total = v[0] * 0;
        for (std::size_t i = 0; i + 1 < v.size(); ++i) total += 100 * square(v[i + 1] - v[i] * v[i]) - v[i] * total;
        return total;
      },
      std::span<const double>(x)));
  CompiledDigits compiled(value_and_gradient_of(function), 100);
  for (std::size_t i = 0; i < x.size(); ++i) mpfr_set_d(compiled.input(i, 0), x[i], MPFR_RNDN);
  compiled.run();
  const std::size_t taken = gmp_allocations_of([&] { compiled.run(); });
  CHECK(taken == 0);
  CHECK(gmp_allocations_of([] {
          mpfr_t number;
          mpfr_init2(number, 500);
          mpfr_clear(number);
        }) == 1);
}
