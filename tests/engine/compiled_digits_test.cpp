#include <doctest/doctest.h>

#include <engine/operator_examples.hpp>
#include <nabla/engine/compile/compiled_digits.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/nabla.hpp>

namespace {

using namespace nabla;

std::vector<Entries<Real>> given(CompiledDigits& compiled, const std::vector<std::vector<double>>& at) {
  std::vector<Entries<Real>> made;
  for (std::size_t i = 0; i < at.size(); ++i) {
    made.emplace_back();
    for (std::size_t e = 0; e < at[i].size(); ++e) {
      mpfr_set_d(compiled.input(i, e), at[i][e], MPFR_RNDN);
      made.back().push_back(Real(at[i][e]));
    }
  }
  return made;
}

bool same(const Real& a, mpfr_srcptr b) {
  const mpfr_srcptr own = a.backend().data();
  return (mpfr_nan_p(own) != 0 && mpfr_nan_p(b) != 0) || mpfr_equal_p(own, b) != 0;
}

/// Within 2^-bits of the larger of 1 and the value.
bool close(const Real& a, mpfr_srcptr b, long bits) {
  if (same(a, b)) return true;
  Real other = a;
  mpfr_set(other.backend().data(), b, MPFR_RNDN);
  return abs(other - a) <= ldexp(Real(1), static_cast<int>(-bits)) * (1 + abs(a));
}

}  // namespace

TEST_CASE("every operator at N digits: the values of its run, bit for bit, twice") {
  for (const int digits : {50, 200}) {
    const Precision precision(digits);
    examples::for_each([&](const examples::Example& example) {
      CAPTURE(example.describe());
      const examples::Applied applied(example);
      const Function f = applied.function();
      CompiledDigits compiled(values_of(f), digits);
      std::vector<std::vector<double>> at;
      for (const examples::Operand& o : example.operands) at.push_back(o.entries);
      const std::vector<Entries<Real>> entries = given(compiled, at);
      const std::vector<Entries<Real>> expected = f(std::span<const Entries<Real>>(entries));
      const bool is_product = example.code == opcode<MatMul>;
      for (int again = 0; again < 2; ++again) {
        compiled.run();
        for (std::size_t e = 0; e < expected[0].size(); ++e) {
          CAPTURE(e);
          CAPTURE(compiled.text(0, e));
          if (is_product) {
            CHECK(close(expected[0][e], compiled.output(0, e), compiled.bits() - 8));
          } else {
            CHECK(same(expected[0][e], compiled.output(0, e)));
          }
        }
      }
    });
  }
}

TEST_CASE("gradients at N digits: loops of scalars, and a network of matrices") {
  const Precision precision(80);
  const std::vector<double> x{0.3, -0.7, 1.25, 0.5, -0.2, 0.9, 0.4};
  const auto program = [](const auto& v) {
    auto total = v[0] * 0 + 3;
    for (std::size_t i = 0; i + 1 < v.size(); ++i)
      total += 100 * square(v[i + 1] - v[i] * v[i]) + square(1 - v[i]) + log(1 + exp(sin(v[i]) * v[i + 1])) / 7;
    return total;
  };
  const Function scalars(record(program, std::span<const double>(x)));
  const Expr w = variable("w", Shape{3, 4}), b = variable("b", Shape{3}), in = variable("in", Shape{2, 4});
  const Function matrices(mean(square(tanh(matmul(in, transpose(w)) + b))), {w, b, in});
  std::vector<std::vector<double>> points, arrays{{}, {0.5, -0.25, 1}, {}};
  for (const double each : x) points.push_back({each});
  for (int k = 0; k < 12; ++k) arrays[0].push_back(0.125 * ((k * 5) % 7 - 3));
  for (int k = 0; k < 8; ++k) arrays[2].push_back(0.25 * ((k * 3) % 5 - 2));
  const auto check = [](const Function& f, const std::vector<std::vector<double>>& at) {
    CompiledDigits compiled(value_and_gradient_of(f), 80);
    const std::vector<Entries<Real>> entries = given(compiled, at);
    const std::vector<Entries<Real>> gradient = f.gradient<Real>(entries);
    for (int again = 0; again < 2; ++again) {
      compiled.run();
      for (std::size_t i = 0; i < gradient.size(); ++i)
        for (std::size_t e = 0; e < gradient[i].size(); ++e)
          CHECK(close(gradient[i][e], compiled.output(i + 1, e), compiled.bits() - 16));
    }
  };
  check(scalars, points);
  check(matrices, arrays);
}

TEST_CASE("digits, texts, and comparisons that come out otherwise") {
  const Expr a = variable("a");
  CompiledDigits f(values_of(Function(exp(a), {a})), 60);
  f.set(0, 0, "1");
  f.run();
  CHECK(f.text(0, 0) == "2.71828182845904523536028747135266249775724709369995957496697");
  f.set(0, 0, "0.1");
  f.run();
  CHECK(f.text(0, 0).substr(0, 30) == "1.1051709180756476248117078264");
  CHECK_THROWS_AS(f.set(0, 0, "one"), std::invalid_argument);
  CHECK_THROWS_AS(CompiledDigits(values_of(Function(exp(a), {a})), 0), std::invalid_argument);

  const std::vector<double> any{1, 2};
  CompiledDigits steered(values_of(Function(record([](const auto& v) { return v[0] < v[1] ? v[0] : v[1]; },
                                                   std::span<const double>(any)))),
                         30);
  steered.set(0, 0, "3");
  steered.set(1, 0, "2");
  CHECK_THROWS_AS(steered.run(), GuardError);
}

TEST_CASE("digits on several threads: the bits of one thread") {
  const std::size_t n = 60;
  std::vector<double> x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(0.07 * static_cast<double>(i) - 1.9);
  const auto loop = [](const auto& v) {
    auto total = v[0] * 0;
    for (std::size_t i = 0; i + 1 < v.size(); ++i) total += sin(v[i]) * exp(v[i + 1]) + cos(v[i]) / (3 + v[i]);
    return total;
  };
  // No loop to be found in it: single numbers that wait for each other.
  const auto tangled = [](const auto& v) {
    auto total = exp(v[0]) + sin(v[1]) * cos(v[1]);
    for (std::size_t i = 2; i + 2 < v.size(); i += 1 + i % 3)
      total = tanh(total / 7) + (i % 2 == 0 ? log(4 + v[i] * v[i / 2]) : atan(v[i + 1]) * sin(v[i]) - cos(v[i] * v[1]));
    return total;
  };
  const Expr a = variable("a", Shape{20, 30}), b = variable("b", Shape{20, 30});
  std::vector<double> left, right;
  for (int k = 0; k < 600; ++k) {
    left.push_back(0.125 * ((k * 7) % 23 - 11));
    right.push_back(0.0625 * ((k * 5) % 31 - 15));
  }
  const auto check = [](const Function& f, const std::vector<std::vector<double>>& at) {
    CompiledDigits one(value_and_gradient_of(f), 120);
    given(one, at);
    one.run();
    for (const std::size_t threads : {2U, 3U}) {
      CAPTURE(threads);
      CompiledDigits several(value_and_gradient_of(f), 120, threads);
      given(several, at);
      for (int again = 0; again < 3; ++again) {
        several.run();
        for (std::size_t k = 0; k < one.output_count(); ++k)
          for (std::size_t e = 0; e < (k == 0 || at[k - 1].empty() ? 1 : at[k - 1].size()); ++e)
            CHECK(mpfr_equal_p(one.output(k, e), several.output(k, e)) != 0);
      }
    }
  };
  std::vector<std::vector<double>> points;
  for (const double each : x) points.push_back({each});
  check(Function(record(loop, std::span<const double>(x))), points);
  check(Function(record(tangled, std::span<const double>(x))), points);
  check(Function(sum(sin(matmul(a, transpose(b)))) + mean(exp(matmul(transpose(a), b) / 40)), {a, b}), {left, right});
}

TEST_CASE("products at N digits are rounded once, where almost everything cancels as well") {
  // 1 + 2^-200 - 1 and the like: what is left lies far below the digits of the terms.
  const Expr a = variable("a", Shape{1, 3}), b = variable("b", Shape{3, 2});
  CompiledDigits f(values_of(Function(matmul(a, b), {a, b})), 40);
  const char* const left[] = {"1", "1", "-1"};
  for (std::size_t k = 0; k < 3; ++k) f.set(0, k, left[k]);
  const double right[3][2] = {{1, 0.5}, {0x1p-200, 0.25}, {1, 0.75}};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 2; ++j) mpfr_set_d(f.input(1, 2 * i + j), right[i][j], MPFR_RNDN);
  f.run();
  CHECK(mpfr_cmp_d(f.output(0, 0), 0x1p-200) == 0);
  CHECK(mpfr_zero_p(f.output(0, 1)) != 0);
}
