#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <nabla/engine/compile/native.hpp>
#include <nabla/engine/compile/source.hpp>
#include <nabla/nabla.hpp>

namespace {

using namespace nabla;

std::filesystem::path cache() { return std::filesystem::current_path() / "native"; }

template <class F>
void compare(const F& f, const std::vector<double>& x) {
  const Function function(record(f, std::span<const double>(x)));
  Native native(function, {.flags = {"-O1"}, .cache = cache()});
  CAPTURE(native.reason());
  REQUIRE(native.is_native());
  std::vector<Entries<double>> at;
  for (const double v : x) at.push_back({v});
  const double value = function(std::span<const Entries<double>>(at))[0][0];
  const auto gradient = function.gradient<double>(at);
  std::vector<double> g(x.size());
  CHECK(native.value(x) == doctest::Approx(value).epsilon(1e-14));
  CHECK(native.gradient(x, g) == doctest::Approx(value).epsilon(1e-14));
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(g[i] == doctest::Approx(gradient[i][0]).epsilon(1e-12));
}

}  // namespace

TEST_CASE("a program written as C++ and built has the value and the gradient of its recording") {
  std::vector<double> x(200);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(0.37 * static_cast<double>(i)) * 0.9;
  compare(
      [](const auto& v) {  // loops, tables of constants, rows and columns, a recurrence, a comparison
        auto total = v[199] * 0 + 2;
        for (std::size_t i = 0; i + 1 < 100; ++i) total += 100 * square(v[i + 1] - v[i] * v[i]) + softplus(v[i]);
        for (std::size_t i = 0; i < 10; ++i) {
          auto row = v[100 + i] * 1;
          for (std::size_t j = 0; j < 10; ++j)
            row += v[10 * i + j] * std::cos(static_cast<double>(j)) + v[10 * j + i] * 3;
          total += row > 0 ? tanh(row) : exp(row) * 2;
        }
        auto z = v[150] * 1;
        for (int i = 0; i < 5; ++i) z = sin(z) + v[150] / (2 + z * z);
        return total * z;
      },
      x);
  compare([](const auto& v) { return v[0] * 3 + v[1]; }, {1, 2});
  compare([](const auto& v) { return v[1]; }, {1, 2});
}

TEST_CASE("products of a matrix and a vector are loops of the source, each sum in the order of the program") {
  std::vector<double> x(400);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(0.37 * static_cast<double>(i)) * 0.9;
  const auto network = [](const auto& v) {
    auto total = v[399] * 1;
    std::vector<std::decay_t<decltype(total)>> h;
    for (std::size_t i = 0; i < 11; ++i) {
      auto row = v[300 + i] * 1;
      for (std::size_t j = 0; j < 13; ++j) row += v[13 * i + j] * v[200 + j];
      h.push_back(row > 0 ? row : row * 0 + 0.5);
    }
    for (std::size_t i = 0; i < 9; ++i) {
      auto row = v[320 + i] * 1, column = v[340 + i] * 1;
      for (std::size_t j = 0; j < 11; ++j) {
        row += v[13 * j + i] * h[j];
        column += v[(i * i + 5 * j * j) % 170] * (0.5 + static_cast<double>((i + 3) * j));
      }
      total += row * column;
    }
    return total;
  };
  compare(network, x);
  const Function function(record(network, std::span<const double>(x)));
  const std::string text = to_cpp_source(function, "network");
  CHECK(text.find("[0 + (i + r) * 13u + j] * ") != std::string::npos);
  Native native(function, {.flags = {"-O1"}, .cache = cache()});
  std::vector<double> value(1);
  Compiled{function}(x, value);
  CHECK(native.value(x) == value[0]);
}

TEST_CASE("functions of different sizes have memory of their own in one process") {
  const auto program = [](const auto& v) {
    auto total = v[0] * 0;
    for (std::size_t i = 0; i + 1 < v.size(); ++i) total += v[i] * v[i + 1] * v[i];
    return total;
  };
  for (const std::size_t n : std::initializer_list<std::size_t>{3, 3000}) {
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = std::cos(static_cast<double>(i));
    compare(program, x);
  }
}

TEST_CASE("loops of exp, log, sin and cos in strips, and again by the standard library where an angle is huge") {
  const auto program = [](const auto& v) {
    auto total = v[0] * 0;
    for (std::size_t i = 0; i + 1 < v.size(); ++i) total += log(1 + exp(sin(v[i]) * v[i + 1])) * cos(v[i]);
    auto last = v[1] * 1;
    for (std::size_t i = 0; i + 1 < v.size(); ++i) last = last + sin(v[i] * total) * v[i + 1];
    return total < 0 ? last * total : last + total * total;
  };
  std::vector<double> x(600);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(i));
  compare(program, x);
  x[300] = 1e9;
  compare(program, x);
}

TEST_CASE("a loop of the program is a loop of the source") {
  const std::vector<double> x(1000, 0.5);
  const auto source_of = [&](auto each) {
    return to_cpp_source(Function(record(
                             [&](const auto& v) {
                               auto f = v[0] * 0;
                               for (const auto& entry : v) f += each(entry);
                               return f;
                             },
                             std::span<const double>(x))),
                         "sum");
  };
  const std::string cubes = source_of([](const auto& v) { return v * v * v; });
  CHECK(cubes.size() < 3000);
  CHECK(cubes.find("for (std::size_t first = 0; first < 1000; first += 256)") != std::string::npos);
  CHECK(cubes.find("inline double sum_gradient(const double* __restrict x, double* __restrict g)") !=
        std::string::npos);

  const std::string transcendental = source_of([](const auto& v) { return exp(v) * v; });
  CHECK(transcendental.find("for (std::size_t first = 0; first < 1000; first += 256)") != std::string::npos);
  CHECK(transcendental.find("#include <nabla") == std::string::npos);
  CHECK(transcendental.find("inline double sum_gradient(const double* __restrict x, double* __restrict g)") !=
        std::string::npos);
}

TEST_CASE("without a compiler the function runs all the same, and says why it is slower") {
  const std::vector<double> x{2, 3};
  Native native(Function(record([](const auto& v) { return v[0] * v[1]; }, std::span<const double>(x))),
                {.compiler = "no-such-compiler", .cache = cache()});
  CHECK(!native.is_native());
  CHECK(native.reason() == "there is no compiler 'no-such-compiler'");
  std::vector<double> g(2);
  CHECK(native.gradient(x, g) == 6);
  CHECK(g == std::vector<double>{3, 2});
  CHECK(native.value(x) == 6);
}

TEST_CASE("built code notices a comparison that comes out otherwise, and calls of the wrong size") {
  const std::vector<double> x{1, 2}, other{3, 2}, one{1};
  Native native(
      Function(record([](const auto& v) { return v[0] < v[1] ? v[0] * v[1] : v[0]; }, std::span<const double>(x))),
      {.flags = {"-O0"}, .cache = cache()});
  REQUIRE(native.is_native());
  std::vector<double> g(2);
  CHECK(native.gradient(x, g) == 2);
  CHECK_THROWS_AS(native.gradient(other, g), std::runtime_error);
  CHECK(native.value(x) == 2);
  CHECK_THROWS_AS(native.value(one), std::invalid_argument);
  CHECK_THROWS_AS(native.gradient(x, std::span<double>(g).first(1)), std::invalid_argument);
}
