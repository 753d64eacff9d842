#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <engine/operator_examples.hpp>
#include <nabla/engine/gradient/sparse_dependence.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/ops/registry.hpp>
#include <random>
#include <set>

namespace nabla {
namespace {

std::vector<double> points(std::size_t n, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0.25, 1.75);
  std::vector<double> x(n);
  for (double& e : x) e = uniform(random);
  return x;
}

/// As one vector input.
std::vector<Entries<double>> vector_input(std::size_t n) { return {points(n)}; }

Expr entry(const Expr& x, std::int64_t i) { return reshape(slice(x, {{i, i + 1}}), Shape{}); }

Expr rosenbrock(const Expr& x) {
  const std::int64_t n = x.shape()[0];
  const Expr head = slice(x, {{0, n - 1}});
  const Expr tail = slice(x, {{1, n}});
  return sum(100 * square(tail - square(head)) + square(1 - head));
}

void check_equal(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(std::isnan(a[i]) && std::isnan(b[i]))) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-10));
}

SparsityPattern pattern_of(std::size_t columns, const std::vector<std::vector<std::uint32_t>>& rows) {
  SparsityPattern p;
  p.columns = columns;
  for (const auto& row : rows) p.push_row(row);
  return p;
}

SparsityPattern random_pattern(std::size_t rows, std::size_t columns, double density, unsigned seed) {
  std::mt19937 random(seed);
  std::bernoulli_distribution present(density);
  SparsityPattern p;
  p.columns = columns;
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<std::uint32_t> row;
    for (std::uint32_t j = 0; j < columns; ++j)
      if (present(random)) row.push_back(j);
    p.push_row(row);
  }
  return p;
}

TEST_CASE("columns of one color have no row in common") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const SparsityPattern p = random_pattern(30, 25, 0.02 * seed, seed);
    const Coloring c = color_columns(p);
    for (std::size_t i = 0; i < p.rows; ++i) {
      std::set<std::uint32_t> met;
      for (const std::uint32_t j : p.row(i)) CHECK(met.insert(c.color[j]).second);
    }
    for (const std::uint32_t color : c.color) CHECK(color < c.count);
  }
}

TEST_CASE("a star coloring differs between neighbours and along every path of four") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const SparsityPattern half = random_pattern(20, 20, 0.01 * seed, seed);
    SparsityPattern p;
    p.columns = 20;
    for (std::uint32_t i = 0; i < 20; ++i) {
      std::vector<std::uint32_t> row;
      for (std::uint32_t j = 0; j < 20; ++j)
        if (half.contains(i, j) || half.contains(j, i)) row.push_back(j);
      p.push_row(row);
    }
    const std::vector<std::uint32_t> color = star_coloring(p).color;
    for (std::uint32_t a = 0; a < 20; ++a)
      for (const std::uint32_t b : p.row(a)) {
        if (b == a) continue;
        CHECK(color[a] != color[b]);
        for (const std::uint32_t c : p.row(b)) {
          if (c == a || c == b) continue;
          for (const std::uint32_t d : p.row(c))
            if (d != a && d != b && d != c) CHECK_FALSE((color[a] == color[c] && color[b] == color[d]));
        }
      }
  }
}

TEST_CASE("patterns: transpose twice is the pattern, and the arrow needs two colors") {
  const SparsityPattern p = random_pattern(7, 11, 0.3, 5);
  CHECK(transpose(transpose(p)) == p);
  std::vector<std::vector<std::uint32_t>> rows(50);
  for (std::uint32_t i = 0; i < 50; ++i) {
    rows[0].push_back(i);
    if (i > 0) rows[i] = {0, i};
  }
  CHECK(star_coloring(pattern_of(50, rows)).count == 2);
  CHECK(star_coloring(pattern_of(0, {})).count == 0);
  CHECK(color_columns(pattern_of(3, {})).count == 1);
}

TEST_CASE("sets of inputs: unions of many are what was put in, each once") {
  DependenceSets sets;
  DependenceSets::Id all = DependenceSets::empty;
  for (std::uint32_t i = 1000; i-- > 0;) all = sets.unite(all, sets.unite(sets.single(i), sets.single(i / 2)));
  const std::vector<std::uint32_t> elements = sets.elements(all);
  REQUIRE(elements.size() == 1000);
  for (std::uint32_t i = 0; i < 1000; ++i) CHECK(elements[i] == i);
  CHECK(sets.elements(DependenceSets::empty).empty());
}

TEST_CASE("the Hessian of Rosenbrock's function in 1000 inputs takes a few sweeps and equals the dense one") {
  const Expr x = variable("x", Shape{1000});
  const Function f(rosenbrock(x), {x});
  const SparseMatrix<double> h = f.sparse_hessian<double>(vector_input(1000));
  CHECK(h.pattern.nonzeros() == 3 * 1000 - 2);
  CHECK(h.sweeps <= 5);

  const Expr y = variable("y", Shape{40});
  const Function small(rosenbrock(y), {y});
  check_equal(small.sparse_hessian<double>(vector_input(40)).dense(), small.hessian<double>(vector_input(40)));
}

TEST_CASE("a recording of scalars has a sparse Hessian too") {
  const std::vector<double> at = points(60);
  const Recording recording = record(
      [](const std::vector<Recorded>& x) {
        Recorded total = 0;
        for (std::size_t i = 0; i + 1 < x.size(); ++i) total += x[i] * sin(x[i + 1]) + exp(x[i]);
        return total;
      },
      at);
  const Function f(recording);
  std::vector<Entries<double>> entries;
  for (const double v : at) entries.push_back({v});
  const SparseMatrix<double> h = f.sparse_hessian<double>(entries);
  CHECK(h.sweeps <= 3);
  check_equal(h.dense(), f.hessian<double>(entries));
}

TEST_CASE("an arrow: the Hessian in two products, the Jacobian as the dense one") {
  const std::int64_t n = 30;
  const Expr x = variable("x", Shape{n});
  const Expr hub = entry(x, 0);
  const Function f(sum(exp(x) * hub), {x});
  const SparseMatrix<double> h = f.sparse_hessian<double>(vector_input(30));
  CHECK(h.sweeps == 2);
  CHECK(h.pattern.nonzeros() == 3 * 30 - 2);
  check_equal(h.dense(), f.hessian<double>(vector_input(30)));

  const std::vector<Expr> outputs{exp(x) * hub, sum(square(x))};
  const Expr input[] = {x};
  const Function g(outputs, input);
  const SparseMatrix<double> j = g.sparse_jacobian<double>(vector_input(30));
  std::vector<double> dense = g.jacobian<double>(vector_input(30), 0);
  const std::vector<double> last = g.jacobian<double>(vector_input(30), 1);
  dense.insert(dense.end(), last.begin(), last.end());
  check_equal(j.dense(), dense);
}

TEST_CASE("a banded Jacobian takes as many sweeps as the band is wide, by columns and by rows") {
  const std::int64_t n = 200;
  const Expr x = variable("x", Shape{n});
  const Expr left = slice(x, {{0, n - 2}});
  const Expr middle = slice(x, {{1, n - 1}});
  const Expr right = slice(x, {{2, n}});
  const Expr y = left * sin(middle) + right / middle;
  const Function f(y, {x});
  JacobianCompression compression = f.jacobian_compression();
  CHECK(compression.columns.count == 3);
  const SparseMatrix<double> by_columns = f.sparse_jacobian<double>(vector_input(200), compression);
  CHECK(by_columns.sweeps == 3);
  check_equal(by_columns.dense(), f.jacobian<double>(vector_input(200)));

  compression.columns.count = UINT32_MAX;  // so that rows are fewer
  const SparseMatrix<double> by_rows = f.sparse_jacobian<double>(vector_input(200), compression);
  CHECK(by_rows.sweeps == compression.rows.count);
  check_equal(by_rows.dense(), by_columns.dense());
}

TEST_CASE("one row is one sweep, whatever the number of inputs") {
  const Expr x = variable("x", Shape{500});
  const Function f(sum(square(x)), {x});
  const SparseMatrix<double> j = f.sparse_jacobian<double>(vector_input(500));
  CHECK(j.sweeps == 1);
  check_equal(j.dense(), f.jacobian<double>(vector_input(500)));
}

TEST_CASE("exact sparse derivatives in rationals") {
  const Expr x = variable("x", Shape{6});
  const Function f(rosenbrock(x), {x});
  std::vector<Entries<Rational>> at{{}};
  for (int i = 0; i < 6; ++i) at[0].push_back(Rational(i + 1) / 3);
  CHECK(f.sparse_hessian<Rational>(at).dense() == f.hessian<Rational>(at));
  const Expr head = slice(x, {{0, 5}});
  const Expr tail = slice(x, {{1, 6}});
  const Function g(head / tail, {x});
  CHECK(g.sparse_jacobian<Rational>(at).dense() == g.jacobian<Rational>(at));
}

TEST_CASE("what is zero by a rule is not in the pattern") {
  const Expr x = variable("x", Shape{});
  const Expr y = variable("y", Shape{});
  const Expr z = variable("z", Shape{});
  const Expr inputs[] = {x, y, z};
  const auto pattern = [&](const Expr& e) {
    const SparsityPattern p = Function(std::span<const Expr>(&e, 1), inputs).jacobian_compression().pattern;
    return std::vector<std::uint32_t>(p.column_indices);
  };
  CHECK(pattern(lt(x, y) + z) == std::vector<std::uint32_t>{2});
  CHECK(pattern(where(lt(x, 0), y, z)) == std::vector<std::uint32_t>{1, 2});
  CHECK(pattern(floor(x) * y) == std::vector<std::uint32_t>{1});
  CHECK(pattern(powi(x, 0) + max(y, 1)) == std::vector<std::uint32_t>{1});
  CHECK(pattern(0 * sin(x) + y) == std::vector<std::uint32_t>{1});
}

TEST_CASE("the Hessian's pattern knows what is linear") {
  const Expr x = variable("x", Shape{4});
  const Expr y = variable("y", Shape{4});
  const Expr inputs[] = {x, y};
  const Expr value = dot(x, y) + sum(x) + square(entry(y, 3));
  const SparsityPattern p = Function(std::span<const Expr>(&value, 1), inputs).hessian_compression().pattern;
  CHECK(p.nonzeros() == 2 * 4 + 1);
  CHECK(p.contains(0, 4));
  CHECK(p.contains(7, 7));
  CHECK_FALSE(p.contains(0, 0));
}

/// Entries of both derivatives that are nonzero in double must be in the patterns.
void check_covers(const Function& f, const std::vector<Entries<double>>& at, bool second = true) {
  const SparseMatrix<double> j = f.sparse_jacobian<double>(at);
  std::vector<double> dense;
  for (std::size_t i = 0; i < static_cast<std::size_t>(f.output_shape(0).size()); ++i) {
    Entries<double> seed(static_cast<std::size_t>(f.output_shape(0).size()), 0);
    seed[i] = 1;
    for (const Entries<double>& a : f.vjp<double>(at, {&seed, 1})) dense.insert(dense.end(), a.begin(), a.end());
  }
  check_equal(j.dense(), dense);
  if (second && f.output_shape(0).is_scalar()) check_equal(f.sparse_hessian<double>(at).dense(), f.hessian<double>(at));
}

TEST_CASE("operators that look at their values: pivots, largest entries") {
  const Expr a = variable("a", Shape{4, 4});
  const Expr b = variable("b", Shape{4});
  const std::vector<double> m{4, 1, 0.5, 0, 0.25, 5, 0, 1, 0, 1, 6, 0.5, 1, 0, 0.25, 3};
  const std::vector<Entries<double>> at{m, points(4)};
  check_covers(Function(solve(a, b), {a, b}), at);
  check_covers(Function(sum(square(solve(a, b))), {a, b}), at);
  check_covers(Function(det(a), {a}), {at.data(), at.data() + 1});
  check_covers(Function(sum(square(solve(tril(a), b))), {a, b}), at);
  check_covers(Function(softmax(b), {b}), {at.data() + 1, at.data() + 2});
  check_covers(Function(logsumexp(b), {b}), {at.data() + 1, at.data() + 2});
  check_covers(Function(amax(b) * norm(b) + prod(b), {b}), {at.data() + 1, at.data() + 2});
}

TEST_CASE("every operator: sparse derivatives of first and second order are the dense ones") {
  examples::for_each([](const examples::Example& example) {
    CAPTURE(example.describe());
    const examples::Applied applied(example);
    const std::vector<Entries<double>> at = examples::entries<double>(example);
    const bool second = std::ranges::all_of(example.operands, &examples::Operand::moves);
    check_covers(applied.function(), at, second);
    if (!second) return;
    const WorkspaceScope scope(applied.output.workspace());
    const Expr squares = sum(square(applied.output));
    check_covers(Function(std::span<const Expr>(&squares, 1), applied.inputs), at);
  });
}

TEST_CASE("a direction for an intermediate value is refused by name") {
  const Expr x = variable("x", Shape{3});
  const Expr y = exp(x);
  const Function f(sum(square(y)), {y, x});
  const std::vector<Entries<double>> at{points(3), points(3)};
  CHECK_THROWS_WITH_AS(f.sparse_jacobian<double>(at), doctest::Contains("input 1 is an intermediate value"),
                       std::invalid_argument);
}

}  // namespace
}  // namespace nabla
