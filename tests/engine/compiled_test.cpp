#include <doctest/doctest.h>

#include <cmath>
#include <engine/operator_examples.hpp>
#include <nabla/engine/compile/compiled.hpp>
#include <nabla/engine/compile/vector_math.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/nabla.hpp>
#include <random>

// Vector instructions against the node by node run of the same graph, which other tests compare with 120 digits.

namespace {

using namespace nabla;

bool is_near(double a, double b, double tolerance) {
  return a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= tolerance * (1 + std::abs(b));
}

std::vector<Entries<double>> as_entries(std::span<const double> x) {
  std::vector<Entries<double>> at;
  for (const double v : x) at.push_back({v});
  return at;
}

/// Value and gradient of the compiled function against those of the run.
void compare(const Recording& recording, std::span<const double> x, double tolerance) {
  const Function f(recording);
  Compiled compiled(f);
  std::vector<double> g(x.size()), y(f.output_count());
  const std::vector<Entries<double>> at = as_entries(x);
  const auto values = f(std::span<const Entries<double>>(at));
  const auto gradient = f.gradient<double>(at);
  for (int again = 0; again < 2; ++again) {  // nothing is left over from the run before
    compiled(x, y);
    for (std::size_t k = 0; k < y.size(); ++k) CHECK(is_near(y[k], values[k][0], tolerance));
    CHECK(is_near(compiled.gradient(x, g), values[0][0], tolerance));
    for (std::size_t i = 0; i < x.size(); ++i) {
      CAPTURE(i);
      CAPTURE(g[i]);
      CAPTURE(gradient[i][0]);
      CHECK(is_near(g[i], gradient[i][0], tolerance));
    }
  }
}

/// Units in the last place of `exact` between it and `found`.
double ulps(double found, const Real& exact) {
  const auto rounded = static_cast<double>(exact);
  if (found == rounded || (std::isnan(found) && std::isnan(rounded))) return 0;
  const double ulp = std::max(std::nextafter(std::abs(rounded), HUGE_VAL) - std::abs(rounded), 0x1p-1074);
  return std::abs(static_cast<double>((Real(found) - exact) / Real(ulp)));
}

}  // namespace

TEST_CASE("every scalar operator in vector instructions has the value and the gradient of the run") {
  constexpr std::size_t n = 600;  // more than two strips
  for_each_operator([]<class Op>() {
    if constexpr (ElementwiseOperator<Op>) {
      constexpr auto arity = static_cast<std::size_t>(Op::arity);
      const auto& examples = examples::of_operator(opcode<Op>);
      std::vector<double> x;
      for (std::size_t i = 0; i < n; ++i)
        for (const examples::Operand& operand : examples[i % examples.size()].operands) x.push_back(operand.entries[0]);
      CAPTURE(Op::name);
      const Recording recording = record(
          [&](const std::vector<Recorded>& v) {
            Recorded total = 0;
            for (std::size_t i = 0; i < n; ++i) {
              const Recorded weight = 1 + static_cast<double>(i % 3);
              if constexpr (Op::indexed) {
                const std::int64_t a = examples[i % examples.size()].attributes[0];
                total += weight * Number<Recorded>::apply_indexed<Op>({}, a, v[i]);
              } else {
                total += weight* [&]<std::size_t... K>(std::index_sequence<K...>) {
                  return Number<Recorded>::record<Op>(std::source_location::current(), v[arity * i + K]...);
                }
                (std::make_index_sequence<arity>{});
              }
            }
            return total;
          },
          std::span<const double>(x));
      compare(recording, x, 2e-12);
    }
  });
}

TEST_CASE("a loop becomes one instruction for each of its operations") {
  const std::vector<double> x(1000, 0.5);
  const Recording recording = record(
      [](const auto& v) {
        auto f = v[0] * 0;
        for (std::size_t i = 0; i + 1 < v.size(); ++i) f += 100 * square(v[i + 1] - v[i] * v[i]) + square(1 - v[i]);
        return f;
      },
      std::span<const double>(x));
  const Compiled compiled{Function(recording)};
  CHECK(recording.graph().size() > 8000);
  CHECK(compiled.plan().instructions().size() <= 10);
  CHECK(compiled.plan().loops().size() <= 3);
}

namespace {

/// Matrices by vectors: rows, columns, read backwards, a shared vector with constants in it, a row that nobody reads,
/// squares, terms through a table, fewer than eight rows.
struct Products {
  template <class T>
  T operator()(const std::vector<T>& v) const {
    const auto at = [&](std::size_t i, std::size_t j) { return v[12 * i + j]; };
    std::vector<T> h;
    for (std::size_t i = 0; i < 13; ++i) {
      T row = v[300 + i];
      for (std::size_t j = 0; j < 12; ++j) row += at(i, j) * v[200 + j];
      h.push_back(i % 4 == 2 ? T(0.5) : tanh(row));
    }
    T total = 0;
    for (std::size_t i = 0; i < 11; ++i) {
      T column = 0.25, back = v[320 + i], square = 1, scattered = v[330];
      for (std::size_t j = 0; j < 13; ++j) {
        column += at(j, i) * h[j];
        back += v[400 + 20 * i - j] * h[12 - j];
        square += v[250 + i + j] * v[250 + i + j];
        scattered += v[(i * i + 7 * j * j) % 190] * v[(5 * i + j * j * j) % 180];
      }
      total += column * back + sin(square) * scattered;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      T few = v[i];
      for (std::size_t j = 0; j < 30; ++j) few += v[31 * i + j] * (0.5 + static_cast<double>(i * j));
      total += few * few;
    }
    return total;
  }
};

}  // namespace

TEST_CASE("sums of products are found, and added in the order of the program") {
  std::vector<double> x;
  for (int i = 0; i < 700; ++i) x.push_back(std::sin(0.37 * i) * 0.9);
  const Recording recording = record(Products(), std::span<const double>(x));
  compare(recording, x, 1e-13);
  const Compiled compiled{Function(recording)};
  std::size_t found = 0;
  for (const VectorInstruction& i : compiled.plan().instructions())
    found += i.terms > 0 && i.operands.size() == 3 ? 1 : 0;
  CHECK(found == 6);

  // Their bits are those of the run, where no transcendental function is in between.
  const Recording plain = record(
      [](const auto& v) {
        std::vector<Recorded> rows;
        for (std::size_t i = 0; i < 9; ++i) {
          Recorded row = v[i];
          for (std::size_t j = 0; j < 19; ++j) row += v[20 * i + j] * v[300 + j];
          rows.push_back(row);
        }
        return rows;
      },
      std::span<const double>(x));
  std::vector<double> y(9);
  const std::vector<Entries<double>> at = as_entries(x);
  Compiled(Function(plain))(x, y);
  const auto values = Function(plain)(std::span<const Entries<double>>(at));
  for (std::size_t i = 0; i < 9; ++i) CHECK(y[i] == values[i][0]);
}

TEST_CASE("a sum of products whose adjoint is 0 contributes nothing, whatever the factors are") {
  std::vector<double> x(40, 2.0);
  const Recording recording = record(
      [](const auto& v) {
        Recorded total = 0;
        for (std::size_t i = 0; i < 4; ++i) {
          Recorded row = v[30];
          for (std::size_t j = 0; j < 6; ++j) row += v[6 * i + j] * exp(v[24 + j]);
          total += i == 2 ? 0 * row + v[0] : row;
        }
        return total;
      },
      std::span<const double>(x));
  Compiled compiled{Function(recording)};
  for (std::size_t j = 0; j < 6; ++j) x[12 + j] = 0;
  x[24] = 800;  // exp overflows
  std::vector<double> g(x.size());
  compiled.gradient(x, g);
  for (std::size_t j = 0; j < 6; ++j) CHECK(g[12 + j] == 0);
}

TEST_CASE("programs of every shape: recurrences, reused values, constants, several outputs, dead branches") {
  std::vector<double> x;
  for (int i = 0; i < 700; ++i) x.push_back(std::sin(0.37 * i) * 0.9);
  const std::span<const double> at(x);
  SUBCASE("a recurrence stays in order") {
    compare(record(
                [](const auto& v) {
                  auto z = v[0];
                  for (std::size_t i = 1; i < 60; ++i) z = sin(z) * 0.5 + v[i] * z;
                  return z;
                },
                at),
            at, 1e-13);
  }
  SUBCASE("every value is used by everything after it") {
    compare(record(
                [](const auto& v) {
                  std::vector<Recorded> z(v.begin(), v.begin() + 30);
                  for (int round = 0; round < 4; ++round) {
                    Recorded mean = 0;
                    for (const auto& each : z) mean += each;
                    for (auto& each : z) each = each - mean / 30 + exp(-each * each);
                  }
                  Recorded total = 0;
                  for (std::size_t i = 0; i < z.size(); ++i) total += z[i] * z[z.size() - 1 - i];
                  return total;
                },
                at),
            at, 1e-12);
  }
  SUBCASE("rows and columns of a matrix") {
    compare(record(
                [](const auto& v) {
                  Recorded total = 1;
                  for (std::size_t i = 0; i < 20; ++i) {
                    Recorded row = v[600 + i], column = 0.25;
                    for (std::size_t j = 0; j < 20; ++j) {
                      row += v[20 * i + j] * v[400 + j];
                      column += v[20 * j + i] * (1.5 + static_cast<double>(j));
                    }
                    total += log(1 + exp(row)) * column;
                  }
                  return total;
                },
                at),
            at, 1e-12);
  }
  SUBCASE("several outputs, one of them an input and one a constant") {
    compare(record(
                [](const auto& v) {
                  Recorded total = 0;
                  for (const auto& each : v) total += each * each;
                  return std::vector<Recorded>{total, v[3], Recorded(7), total * v[1]};
                },
                at),
            at, 1e-13);
  }
  SUBCASE("a branch that is not taken contributes nothing, however singular") {
    compare(record(
                [](const auto& v) {
                  Recorded total = 0;
                  for (std::size_t i = 0; i < 600; ++i) {
                    const Recorded zero = v[i] - v[i];
                    total += where(lt(zero, 1), v[i] * v[i], log(zero) + sqrt(zero));
                  }
                  return total;
                },
                at),
            at, 1e-13);
  }
}

TEST_CASE("random programs have the gradient of the run") {
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const auto pick = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  for (int program = 0; program < 60; ++program) {
    std::vector<double> x(20);
    for (double& each : x) each = std::uniform_real_distribution<double>(-1, 1)(random);
    const Recording recording = record(
        [&](const std::vector<Recorded>& inputs) {
          std::vector<Recorded> v = inputs;
          for (int loop = 0; loop < 6; ++loop) {
            const std::size_t length = 1 + pick(program % 5 == 0 ? 700 : 40), steps = 1 + pick(4);
            std::vector<std::size_t> operation(steps), from(steps), stride(steps);
            for (std::size_t s = 0; s < steps; ++s) {
              operation[s] = pick(8);
              from[s] = pick(v.size());
              stride[s] = pick(3);
            }
            const std::size_t before = v.size();
            Recorded sum = 0;
            for (std::size_t i = 0; i < length; ++i) {
              Recorded z = v[pick(2) == 0 && program % 2 == 0 ? pick(before) : i % before];
              for (std::size_t s = 0; s < steps; ++s) {
                const Recorded& other = v[(from[s] + i * stride[s]) % before];
                switch (operation[s]) {
                  case 0:
                    z = z + other;
                    break;
                  case 1:
                    z = z - other;
                    break;
                  case 2:
                    z = z * other;
                    break;
                  case 3:
                    z = sin(z) + 0.5 * other;
                    break;
                  case 4:
                    z = exp(-z * z) * other;
                    break;
                  case 5:
                    z = other / (2 + z * z);
                    break;
                  case 6:
                    z = log(2 + cos(z)) - other;
                    break;
                  default:
                    z = relu(z) + z * 0.25;
                    break;
                }
              }
              v.push_back(tanh(z));
              sum += z;
            }
            v.push_back(tanh(sum));
          }
          Recorded total = v.back();
          for (std::size_t i = 0; i < 30; ++i) total += v[v.size() - 1 - i % v.size()] * v[i % v.size()];
          return total;
        },
        std::span<const double>(x));
    compare(recording, x, 1e-9);
  }
}

TEST_CASE("a recorded comparison that comes out otherwise is an error") {
  const std::vector<double> x{1, 2};
  const Recording recording =
      record([](const auto& v) { return v[0] < v[1] ? v[0] * v[1] : v[0] - v[1]; }, std::span<const double>(x));
  Compiled compiled{Function(recording)};
  std::vector<double> g(2);
  CHECK(compiled.gradient(x, g) == 2);
  const std::vector<double> other{3, 2};
  CHECK_THROWS_AS(compiled.gradient(other, g), GuardError);
  CHECK(compiled.gradient(x, g) == 2);
}

TEST_CASE("what cannot be compiled, and calls of the wrong size, are errors that say so") {
  const Expr m = variable("m", Shape{2, 2});
  CHECK_THROWS_AS(Compiled{Function(trace(m), {m})}, UnsupportedError);
  const Expr a = variable("a"), b = variable("b");
  Compiled compiled{Function(a * b, {a, b})};
  std::vector<double> one(1), two(2);
  CHECK_THROWS_AS(compiled.gradient(one, two), std::invalid_argument);
  CHECK_THROWS_AS(compiled.gradient(two, one), std::invalid_argument);
  CHECK_THROWS_AS(compiled(two, two), std::invalid_argument);
}

TEST_CASE("vector functions are within 1 ulp") {
  const Precision precision(60);
  std::random_device device;
  const unsigned seed = device();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const auto uniform = [&](double lo, double hi) { return std::uniform_real_distribution<double>(lo, hi)(random); };
  double worst_exp = 0, worst_log = 0, worst_sin = 0, worst_cos = 0;
  for (int i = 0; i < 4000; ++i) {
    const double e = i % 2 == 0 ? uniform(-745.2, 709.8) : uniform(-1, 1) * std::pow(2, uniform(-40, 0));
    worst_exp = std::max(worst_exp, ulps(vector_math::exp(e), Number<Real>::exp(Real(e))));
    const double l = i % 2 == 0 ? std::pow(2, uniform(-1074, 1024)) : 1 + uniform(-0.6, 0.6);
    worst_log = std::max(worst_log, ulps(vector_math::log(l), Number<Real>::log(Real(l))));
    // Near multiples of pi / 2, where the reduction cancels, as well.
    double s = uniform(-1, 1) * std::pow(2, uniform(-30, 20));
    if (i % 3 == 0) s = std::round(uniform(-600000, 600000)) * 1.5707963267948966;
    if (std::abs(s) > vector_math::largest_angle) continue;
    worst_sin = std::max(worst_sin, ulps(vector_math::sine(s), Number<Real>::sin(Real(s))));
    worst_cos = std::max(worst_cos, ulps(vector_math::cosine(s), Number<Real>::cos(Real(s))));
  }
  CHECK(worst_exp < 1);
  CHECK(worst_log < 1);
  CHECK(worst_sin < 1);
  CHECK(worst_cos < 1);

  const double inf = HUGE_VAL;
  CHECK(vector_math::exp(inf) == inf);
  CHECK(vector_math::exp(-inf) == 0);
  CHECK(std::isnan(vector_math::exp(NAN)));
  CHECK(vector_math::exp(0) == 1);
  CHECK(vector_math::exp(-745.2) == 0);
  CHECK(vector_math::exp(709.8) == inf);
  CHECK(vector_math::log(0) == -inf);
  CHECK(vector_math::log(inf) == inf);
  CHECK(std::isnan(vector_math::log(-1)));
  CHECK(std::isnan(vector_math::log(NAN)));
  CHECK(vector_math::log(1) == 0);
  CHECK(std::signbit(vector_math::sine(-0.0)));
}

TEST_CASE("sin and cos of huge angles are libm's") {
  std::vector<double> x;
  for (int i = 0; i < 300; ++i) x.push_back(i % 7 == 0 ? 1e10 + i : 0.1 * i);
  compare(record(
              [](const auto& v) {
                auto f = v[0] * 0;
                for (const auto& each : v) f += sin(each) * cos(each);
                return f;
              },
              std::span<const double>(x)),
          x, 1e-12);
}
