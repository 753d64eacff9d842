#include <doctest/doctest.h>

#include <Eigen/Dense>
#include <engine/numbers/random_points.hpp>
#include <nabla/engine/kernels/eigen.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/record/eigen.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/ops/registry.hpp>

namespace nabla {
namespace {

template <class T, int N>
using Square = Eigen::Matrix<T, N, N>;

/// An ordinary function on any scalar: solves A x = (1, 2, 3) with partial pivoting, and measures x.
struct SolvedNorm {
  template <class T>
  T operator()(const Square<T, 3>& a) const {
    const Eigen::Matrix<T, 3, 1> b(T(1), T(2), T(3));
    const Eigen::Matrix<T, 3, 1> x = a.partialPivLu().solve(b);
    return x.dot(a * x) + x.norm();
  }
};

const Square<double, 3> matrix = (Square<double, 3>() << 4, 1, 0.5, 1, 5, 2, -0.25, 1, 3).finished();

std::vector<Entries<double>> entries_of(const Square<double, 3>& a) {
  std::vector<Entries<double>> at;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) at.push_back({a(i, j)});
  return at;
}

TEST_CASE("an Eigen computation with a decomposition is recorded and replayed in double") {
  const Function f(record_eigen(SolvedNorm{}, matrix));
  CHECK(f.run<double>(entries_of(matrix)).output(0)[0] == doctest::Approx(SolvedNorm{}(matrix)));
  Square<double, 3> other = matrix;
  other(0, 1) += 0.5;
  CHECK(f.run<double>(entries_of(other)).output(0)[0] == doctest::Approx(SolvedNorm{}(other)));

  // its gradient, against differences
  const auto g = f.gradient<double>(entries_of(matrix));
  Square<double, 3> up = matrix, down = matrix;
  up(1, 2) += 1e-5;
  down(1, 2) -= 1e-5;
  CHECK(g[5][0] == doctest::Approx((SolvedNorm{}(up)-SolvedNorm{}(down)) / 2e-5).epsilon(1e-6));
}

TEST_CASE("the recording replays at 100 digits, where the solution satisfies its equations") {
  const auto solve = []<class T>(const Square<T, 3>& a) -> Eigen::Matrix<T, 3, 1> {
    const Eigen::Matrix<T, 3, 1> b(T(1), T(2), T(3));
    return a.partialPivLu().solve(b);
  };
  const Function f(record_eigen(solve, matrix));
  const Precision digits(100);
  std::vector<Entries<Real>> at;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) at.push_back({Real(matrix(i, j)) + Real(1) / 7});
  const Run<Real> run = f.run<Real>(at);
  for (std::size_t i = 0; i < 3; ++i) {
    Real residual = -Real(static_cast<int>(i) + 1);
    for (std::size_t j = 0; j < 3; ++j) residual += at[3 * i + j][0] * run.output(j)[0];
    CHECK(nabla::abs(residual) < Real("1e-97"));
  }
}

TEST_CASE("in rationals the recorded solution is exact") {
  const auto product = []<class T>(const Square<T, 3>& a) -> Square<T, 3> {
    return a * a.partialPivLu().solve(Square<T, 3>::Identity());
  };
  const Function f(record_eigen(product, matrix));
  std::vector<Entries<Rational>> at;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) at.push_back({Rational(matrix(i, j)) + Rational(i + 1) / 11});
  const Run<Rational> run = f.run<Rational>(at);
  for (std::size_t k = 0; k < 9; ++k) CHECK(run.output(k)[0] == (k % 4 == 0 ? 1 : 0));
}

TEST_CASE("a replay that would pivot otherwise is refused") {
  const Function f(record_eigen(SolvedNorm{}, matrix));
  Square<double, 3> other = matrix;
  other(1, 0) = 100;
  CHECK_THROWS_AS(f.run<double>(entries_of(other)), GuardError);
}

TEST_CASE("dynamic matrices large enough for Eigen's blocked product are recorded") {
  const Eigen::MatrixXd a = Eigen::MatrixXd::Random(24, 24);
  const Recording recording = record_eigen(
      [](const Eigen::Matrix<Recorded, Eigen::Dynamic, Eigen::Dynamic>& x) {
        return Recorded((x * x.transpose() * x).trace());
      },
      a);
  std::vector<Entries<double>> at;
  for (Eigen::Index i = 0; i < 24; ++i)
    for (Eigen::Index j = 0; j < 24; ++j) at.push_back({a(i, j)});
  CHECK(Function(recording).run<double>(at).output(0)[0] == doctest::Approx((a * a.transpose() * a).trace()));
}

TEST_CASE("symbolic matrices: products, dot, norm, inverse") {
  const Expr t = variable("t", Shape{2, 2});
  const auto m = eigen_matrix(t);
  const Square<Expr, 2> a = m;
  const Square<Expr, 2> unit = a * a.inverse();
  const Eigen::Matrix<Expr, 2, 1> v(Expr(1), Expr(2));
  const std::vector<Expr> outputs{tensor(unit),           v.dot(a * v),    (2 * v).squaredNorm(),
                                  tensor((a * v).eval()), a.determinant(), tensor((m * m.transpose()).eval())};
  const Function f(outputs, std::span<const Expr>(&t, 1));
  const std::vector<Entries<Rational>> at{{3, 1, 5, 2}};
  const Run<Rational> run = f.run<Rational>(at);
  const auto output = [&](std::size_t k) { return Entries<Rational>(run.output(k).begin(), run.output(k).end()); };
  CHECK(output(0) == Entries<Rational>{1, 0, 0, 1});
  CHECK(output(1) == Entries<Rational>{3 + 2 + 10 + 8});
  CHECK(output(2) == Entries<Rational>{20});
  CHECK(f.output_shape(3) == Shape{2});
  CHECK(output(3) == Entries<Rational>{5, 9});
  CHECK(output(4) == Entries<Rational>{1});
  CHECK(output(5) == Entries<Rational>{10, 17, 17, 29});
  const Expr x = variable("x"), y = variable("y");
  CHECK(Function(Eigen::Matrix<Expr, 2, 1>(x, y).norm(), {x, y}).value<double>({3, 4}) == 5);
}

TEST_CASE("shapes of symbolic matrices are checked") {
  CHECK_THROWS_AS(eigen_matrix(variable("x", Shape{2, 2, 2})), ShapeError);
  CHECK(tensor(Eigen::Matrix<Expr, Eigen::Dynamic, Eigen::Dynamic>(0, 3)).shape() == Shape{0, 3});
}

/// The fused product and the rule's own, with entries of the given shapes.
template <class V>
void check_fused_product(const Shape& left, const Shape& right, random_points::Points& points) {
  CAPTURE(left.to_string());
  CAPTURE(right.to_string());
  const auto filled = [&](const Shape& shape) {
    std::vector<V> entries;
    for (std::int64_t i = 0; i < shape.size(); ++i) entries.push_back(static_cast<V>(points.uniform(-2, 2)));
    return entries;
  };
  const std::vector<V> a = filled(left), b = filled(right);
  const Shape shapes[] = {left, right};
  const Shape shape = MatMul::shape({}, shapes);
  const View<const V> operands[] = {{a.data(), &left}, {b.data(), &right}};
  const auto size = static_cast<std::size_t>(shape.size());
  std::vector<V> fused(size, V(77)), rule(size, V(-77));
  kernel<V>(opcode<MatMul>)
      .value({.attributes = {}, .operands = operands, .result = {fused.data(), &shape}, .operand_adjoints = {}});
  MatMul::evaluate<V>({}, operands, {rule.data(), &shape});
  const std::int64_t terms = left.rank() == 0 ? 0 : left[left.rank() - 1];
  const V bound = static_cast<V>(8 * (terms + 1)) * static_cast<V>(terms) * std::numeric_limits<V>::epsilon();
  for (std::size_t i = 0; i < size; ++i) CHECK(std::abs(fused[i] - rule[i]) <= bound);
}

TEST_CASE("Eigen's product is the rule's, for every combination of ranks, for empty and for large shapes") {
  static_assert(HasFused<MatMul, double> && HasFused<MatMul, float> && !HasFused<MatMul, long double>);
  random_points::Points points(11);
  for (int trial = 0; trial < random_points::trials(60); ++trial) {
    const std::int64_t m = points.below(7), k = points.below(7), n = points.below(7), s = points.below(3);
    for (const auto& [left, right] :
         {std::pair(Shape{m, k}, Shape{k, n}), std::pair(Shape{k}, Shape{k, n}), std::pair(Shape{m, k}, Shape{k}),
          std::pair(Shape{k}, Shape{k}), std::pair(Shape{s, m, k}, Shape{k, n}), std::pair(Shape{m, k}, Shape{s, k, n}),
          std::pair(Shape{s, 1, m, k}, Shape{2, k, n})}) {
      check_fused_product<double>(left, right, points);
      check_fused_product<float>(left, right, points);
    }
  }
  check_fused_product<double>(Shape{37, 65}, Shape{65, 23}, points);
  check_fused_product<float>(Shape{2, 40, 33}, Shape{33, 50}, points);
  check_fused_product<double>(Shape{100, 70}, Shape{70}, points);
}

TEST_CASE("what is infinite or NaN in a factor stays so in Eigen's product") {
  const Expr a = variable("a", Shape{20, 20}), b = variable("b", Shape{20, 20});
  const Function f(matmul(a, b), {a, b});
  std::vector<double> left(400, 0), right(400, 1);
  left[0] = std::numeric_limits<double>::infinity();
  left[20] = std::numeric_limits<double>::quiet_NaN();
  const Run<double> run = f.run<double>(std::vector<Entries<double>>{left, right});
  CHECK(run.output(0)[0] == std::numeric_limits<double>::infinity());
  CHECK(std::isnan(run.output(0)[20]));
  CHECK(run.output(0)[40] == 0);
}

}  // namespace
}  // namespace nabla
