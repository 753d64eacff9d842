#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <nabla/engine/kernels/array.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/rational.hpp>

// Every structured operator of the registry: its pullback against differences of its value, the derivative of its
// pullback against differences of the pullback (so the operators that rules are made of have right rules too), and the
// tangents of dual numbers against the pullback.

namespace {

using namespace nabla;
using Real_ = long double;
using Entries = std::vector<Real_>;

struct Operand {
  Shape shape;
  Entries entries;
};
struct Example {
  std::vector<std::int64_t> attributes;
  std::vector<Operand> operands;
};

/// Entries that are pairwise different and not small, a new set for each seed.
Operand any(const Shape& shape, int seed = 0) {
  Entries e;
  for (std::int64_t i = 0; i < shape.size(); ++i) {
    const auto k = static_cast<Real_>((i * 7 + seed * 5) % 29);
    e.push_back((k - 14) / 8 + static_cast<Real_>(seed % 3 + 1) / 32 + static_cast<Real_>(i) / 256);
  }
  return {shape, e};
}
Operand positive_entries(const Shape& shape, int seed = 0) {
  Operand x = any(shape, seed);
  for (Real_& e : x.entries) e = std::fabs(e) + 0.25L;
  return x;
}
/// A square matrix with a dominating diagonal, not symmetric.
Operand regular(std::int64_t n, int seed = 0) {
  Operand x = any({n, n}, seed);
  for (std::int64_t i = 0; i < n; ++i) x.entries[static_cast<std::size_t>(i * (n + 1))] += i % 2 == 0 ? 4.0L : -5.0L;
  return x;
}
/// A matrix whose symmetric part is positive definite.
Operand definite(std::int64_t n) {
  Operand x = any({n, n});
  for (std::int64_t i = 0; i < n; ++i) x.entries[static_cast<std::size_t>(i * (n + 1))] = 6 + static_cast<Real_>(i);
  return x;
}

std::vector<Example> examples_of(std::string_view name) {
  const Shape cube{2, 3, 4};
  const std::vector<Example> reductions{{{}, {any({})}},         {{}, {any({5})}},          {{}, {any({3, 2})}},
                                        {{0, 1}, {any({2, 3})}}, {{1, 0, 2}, {any(cube)}},  {{0, 1}, {any(cube, 1)}},
                                        {{1}, {any({4}, 2)}},    {{0, -1}, {any(cube, 2)}}, {{}, {any({1})}}};
  const std::vector<Example> losses{{{}, {positive_entries({4}), any({4}, 1)}},
                                    {{}, {positive_entries({2, 3}), any({2, 3}, 1)}}};
  const Operand rank_one{{3, 3}, {1, 2, 3, 2, 4, 6, -1, -2, -3}};
  const Operand rank_two{{3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9}};
  const std::map<std::string_view, std::vector<Example>> table{
      {"broadcast_to", {{{2, 3}, {any({3})}}, {{2, 3}, {any({2, 1})}}, {{4}, {any({})}}}},
      {"sum_to", {{{3}, {any({2, 3})}}, {{2, 1}, {any({2, 3})}}, {{}, {any({4})}}}},
      {"reshape", {{{3, 2}, {any({2, 3})}}, {{-1, 2}, {any({4})}}, {{}, {any({1, 1})}}}},
      {"transpose", {{{}, {any({2, 3})}}, {{2, 0, 1}, {any(cube)}}, {{}, {any(cube)}}, {{0}, {any({3})}}}},
      {"flip", {{{}, {any({2, 3})}}, {{1}, {any({2, 3})}}, {{0, -1}, {any(cube)}}}},
      {"concat", {{{}, {any({2}), any({3}, 1)}}, {{1}, {any({2, 1}), any({2, 2}, 1), any({2, 3}, 2)}}}},
      {"stack",
       {{{}, {any({}), any({}, 1), any({}, 2)}},
        {{1}, {any({2, 3}), any({2, 3}, 1)}},
        {{-1}, {any({2}), any({2}, 1)}}}},
      {"slice", {{{1, 4, 1}, {any({5})}}, {{0, 4, 2, 1, 2, 1}, {any({4, 3})}}, {{}, {any({})}}}},
      {"embed", {{{5, 1, 1}, {any({3})}}, {{5, 0, 2, 3, 1, 1}, {any({3, 2})}}}},
      {"gather", {{{0, 2, 0, 2}, {any({3})}}, {{1, 1, 1}, {any({2, 3})}}}},
      {"scatter_add", {{{0, 4, 2, 0, 2}, {any({3})}}, {{1, 3, 1, 1}, {any({2, 2})}}}},
      {"sum", reductions},
      {"mean", reductions},
      {"prod",
       [&] {
         std::vector<Example> all = reductions;
         all.push_back({{}, {{{5}, {2, 0, 3, -1, 4}}}});
         all.push_back({{}, {{{6}, {2, 0, 3, 0, 4, 5}}}});
         all.push_back({{0, 1}, {{{2, 3}, {0, 0, 0, 2, 0, 3}}}});
         return all;
       }()},
      {"amax", reductions},
      {"amin", reductions},
      {"norm", reductions},
      {"logsumexp", reductions},
      {"softmax", {{{}, {any({1})}}, {{}, {any({4})}}, {{}, {any({2, 3})}}, {{}, {any(cube)}}}},
      {"log_softmax", {{{}, {any({1})}}, {{}, {any({4})}}, {{}, {any({2, 3})}}, {{}, {any(cube)}}}},
      {"cumsum", {{{}, {any({4})}}, {{0}, {any({3, 2})}}, {{1}, {any(cube)}}}},
      {"matmul",
       {{{}, {any({2, 3}), any({3, 4}, 1)}},
        {{}, {any({2, 3}), any({3}, 1)}},
        {{}, {any({3}), any({3, 2}, 1)}},
        {{}, {any({3}), any({3}, 1)}},
        {{}, {any({2, 2, 3}), any({3, 2}, 1)}},
        {{}, {any({2, 1, 2, 3}), any({3, 3, 2}, 1)}},
        {{}, {any({3}), any({2, 3, 2}, 1)}},
        {{}, {any({2, 2, 3}), any({3}, 1)}}}},
      {"dot", {{{}, {any({3}), any({3}, 1)}}}},
      {"outer", {{{}, {any({3}), any({2}, 1)}}}},
      {"diag", {{{}, {any({3})}}}},
      {"diagonal", {{{}, {any({3, 3})}}}},
      {"trace", {{{}, {any({3, 3})}}}},
      {"tril", {{{}, {any({3, 3})}}, {{}, {any({2, 4})}}, {{}, {any({4, 2})}}}},
      {"det",
       {{{}, {regular(1)}},
        {{}, {regular(3)}},
        {{}, {regular(5)}},
        {{}, {rank_one}},
        {{}, {rank_two}},
        {{}, {{{4, 4}, Entries(16, 0)}}}}},
      {"cofactor",
       {{{}, {regular(1)}},
        {{}, {regular(3)}},
        {{}, {rank_one}},
        {{}, {rank_two}},
        {{}, {regular(4), any({4, 4}, 1)}},
        {{}, {rank_one, any({3, 3}, 1)}},
        {{}, {regular(4), any({4, 4}, 1), any({4, 4}, 2)}},
        {{}, {{{4, 4}, Entries(16, 0)}, any({4, 4}, 1), any({4, 4}, 2)}},
        {{}, {regular(2), any({2, 2}, 1), any({2, 2}, 2)}}}},
      {"inv", {{{}, {regular(1)}}, {{}, {regular(3)}}, {{}, {{{2, 2}, {0, 1, 2, 3}}}}}},
      {"solve", {{{}, {regular(3), any({3}, 1)}}, {{}, {regular(3), any({3, 2}, 1)}}}},
      {"cholesky", {{{}, {definite(1)}}, {{}, {definite(3)}}}},
      {"cross_entropy",
       [&] {
         std::vector<Example> all = losses;
         all.push_back({{}, {positive_entries({3}), {{3}, {0, 1, 0}}, {{}, {2}}}});
         return all;
       }()},
      {"squared_error", losses},
      {"softmax_cross_entropy", losses},
      {"conv1d",
       {{{}, {any({2, 5}), any({3, 2, 2}, 1)}},
        {{2, 1}, {any({1, 6}), any({2, 1, 3}, 1)}},
        {{1, 2}, {any({2, 2, 3}), any({1, 2, 2}, 1)}}}},
      {"conv1d_transpose",
       {{{1, 0, 5}, {any({3, 4}), any({3, 2, 2}, 1)}}, {{2, 1, 6}, {any({2, 3}), any({2, 1, 3}, 1)}}}},
      {"conv1d_kernel", {{{1, 0, 2}, {any({2, 5}), any({3, 4}, 1)}}, {{2, 1, 3}, {any({2, 1, 6}), any({2, 2, 3}, 1)}}}},
      {"conv2d",
       {{{}, {any({2, 3, 4}), any({2, 2, 2, 2}, 1)}}, {{2, 1, 1, 0}, {any({2, 1, 4, 3}), any({1, 1, 3, 2}, 1)}}}},
      {"conv2d_transpose", {{{2, 1, 1, 0, 4, 3}, {any({1, 2, 2}), any({1, 1, 3, 2}, 1)}}}},
      {"conv2d_kernel", {{{2, 1, 1, 0, 3, 2}, {any({1, 4, 3}), any({1, 2, 2}, 1)}}}},
  };
  const auto it = table.find(name);
  return it == table.end() ? std::vector<Example>{} : it->second;
}

template <class V, class Make>
std::vector<Array<V>> arrays(const Example& example, Make make) {
  std::vector<Array<V>> result;
  for (std::size_t k = 0; k < example.operands.size(); ++k) {
    std::vector<V> entries;
    for (std::size_t i = 0; i < example.operands[k].entries.size(); ++i)
      entries.push_back(make(k, i, example.operands[k].entries[i]));
    result.emplace_back(example.operands[k].shape, std::move(entries));
  }
  return result;
}
std::vector<Array<Real_>> plain(const Example& example) {
  return arrays<Real_>(example, [](std::size_t, std::size_t, Real_ x) { return x; });
}

/// A direction in which all entries of all operands move, or a weight for each entry of a result.
Real_ direction(std::size_t k, std::size_t i) { return std::cos(static_cast<Real_>(3 * k + i + 1)); }

std::vector<Array<Real_>> moved(const Example& example, Real_ h) {
  return arrays<Real_>(example, [h](std::size_t k, std::size_t i, Real_ x) { return x + h * direction(k, i); });
}
std::vector<Array<Dual<Real_>>> moving(const Example& example) {
  return arrays<Dual<Real_>>(example,
                             [](std::size_t k, std::size_t i, Real_ x) { return Dual<Real_>(x, direction(k, i)); });
}

template <class Op, class V>
Array<V> value(const Example& example, const std::vector<Array<V>>& x) {
  return Number<Array<V>>::template apply_structured<Op>({}, example.attributes, std::span<const Array<V>>(x));
}

template <class V>
Array<V> weights(const Array<V>& y) {
  std::vector<V> w;
  for (std::size_t i = 0; i < y.values().size(); ++i) w.push_back(V(direction(7, i)));
  return {y.shape(), w};
}

template <class Op, class V>
std::vector<Array<V>> pulled_back(const Example& example, const std::vector<Array<V>>& x) {
  const Array<V> y = value<Op>(example, x);
  auto result = Op::template pullback<Array<V>>(example.attributes, weights(y), y, std::span<const Array<V>>(x));
  REQUIRE(result.size() == x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (result[k].empty()) result[k] = Array<V>(x[k].shape(), std::vector<V>(x[k].values().size(), V(0)));
    REQUIRE(result[k].shape() == x[k].shape());
  }
  return result;
}

template <class Visit>
void for_each_example(Visit visit) {
  for_each_operator([&]<class Op>() {
    if constexpr (StructuredOperator<Op>) {
      CAPTURE(Op::name);
      const std::vector<Example> examples = examples_of(Op::name);
      CHECK_MESSAGE(!examples.empty(), "no example of this operator");
      for (std::size_t e = 0; e < examples.size(); ++e) {
        CAPTURE(e);
        visit.template operator()<Op>(examples[e]);
      }
    }
  });
}

constexpr Real_ step = 1e-5L;
constexpr Real_ tolerance = 1e-8L;

/// The derivative of entries along the direction, from differences of fourth order.
template <class Function>
Entries differences(Function f) {
  const auto a = f(-2 * step), b = f(-step), c = f(step), d = f(2 * step);
  Entries result;
  for (std::size_t i = 0; i < a.size(); ++i) result.push_back((a[i] - 8 * b[i] + 8 * c[i] - d[i]) / (12 * step));
  return result;
}

void check_close(Real_ found, Real_ expected) {
  CAPTURE(found);
  CAPTURE(expected);
  CHECK(std::fabs(found - expected) <= tolerance * (1 + std::fabs(expected)));
}

template <class V>
std::vector<V> joined(const std::vector<Array<V>>& parts) {
  std::vector<V> all;
  for (const Array<V>& part : parts) all.insert(all.end(), part.values().begin(), part.values().end());
  return all;
}

}  // namespace

TEST_CASE("every structured pullback agrees with differences of the value") {
  for_each_example([]<class Op>(const Example& example) {
    const auto adjoints = pulled_back<Op>(example, plain(example));
    for (std::size_t k = 0; k < example.operands.size(); ++k)
      for (std::size_t i = 0; i < example.operands[k].entries.size(); ++i) {
        CAPTURE(k);
        CAPTURE(i);
        const Entries slope = differences([&](Real_ h) {
          Example at = example;
          at.operands[k].entries[i] += h;
          const Array<Real_> y = value<Op>(at, plain(at));
          Real_ total = 0;
          for (std::size_t j = 0; j < y.values().size(); ++j) total += weights(y).values()[j] * y.values()[j];
          return Entries{total};
        });
        check_close(adjoints[k].values()[i], slope[0]);
      }
  });
}

TEST_CASE("the rules that pullbacks are made of are right: the derivative of every structured pullback") {
  for_each_example([]<class Op>(const Example& example) {
    const std::vector<Dual<Real_>> by_rules = joined(pulled_back<Op>(example, moving(example)));
    const Entries by_differences =
        differences([&](Real_ h) { return joined(pulled_back<Op>(example, moved(example, h))); });
    REQUIRE(by_rules.size() == by_differences.size());
    for (std::size_t i = 0; i < by_rules.size(); ++i) {
      CAPTURE(i);
      check_close(by_rules[i].tangent, by_differences[i]);
    }
  });
}

TEST_CASE("every structured operator has the tangent that its pullback says") {
  for_each_example([]<class Op>(const Example& example) {
    const Array<Dual<Real_>> y = value<Op>(example, moving(example));
    const auto adjoints = pulled_back<Op>(example, plain(example));
    Real_ forward = 0, reverse = 0;
    for (std::size_t i = 0; i < y.values().size(); ++i) forward += direction(7, i) * y.values()[i].tangent;
    for (std::size_t k = 0; k < adjoints.size(); ++k)
      for (std::size_t i = 0; i < adjoints[k].values().size(); ++i)
        reverse += direction(k, i) * adjoints[k].values()[i];
    check_close(forward, reverse);
  });
}

namespace {

/// Whether a kind of number that can compute the operator computes what long double does.
template <class Op, class V>
void check_in_kind(const Example& example, const Array<Real_>& expected) {
  if constexpr (requires(Attributes a, std::span<const View<const V>> x, View<V> y) {
                  Op::template evaluate<V>(a, x, y);
                }) {
    CAPTURE(Number<V>::kind);
    const auto of = [](Real_ x) { return Number<V>::of(Constant::dyadic(static_cast<double>(x))); };
    const Array<V> y = value<Op>(example, arrays<V>(example, [&](std::size_t, std::size_t, Real_ x) { return of(x); }));
    REQUIRE(y.values().size() == expected.values().size());
    for (std::size_t i = 0; i < y.values().size(); ++i) {
      CAPTURE(i);
      const Real_ e = expected.values()[i];
      const V error = Number<V>::abs(V(y.values()[i] - of(e)));
      CHECK(Number<V>::less(error, of(1e-9L * (1 + std::fabs(e)))) == Truth::yes);
    }
  }
}

}  // namespace

TEST_CASE("the result has the stated shape, and every kind of number computes the same one") {
  for_each_example([]<class Op>(const Example& example) {
    std::vector<Shape> shapes;
    for (const Operand& x : example.operands) shapes.push_back(x.shape);
    const Array<Real_> y = value<Op>(example, plain(example));
    CHECK(y.shape() == result_shape(opcode<Op>, example.attributes, shapes));
    check_in_kind<Op, double>(example, y);
    check_in_kind<Op, Rational>(example, y);
    check_in_kind<Op, Ball>(example, y);
    check_in_kind<Op, Interval>(example, y);
  });
}
