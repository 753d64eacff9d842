#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/kernels/array.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/rational.hpp>

// Values of structured operators on small cases checked by hand, their conventions, and their refusals.

namespace {

using namespace nabla;
using D = Array<double>;
using Q = Array<Rational>;
using B = Array<Ball>;

template <class V>
Array<V> tensor(const Shape& shape, std::initializer_list<V> entries) {
  return {shape, std::vector<V>(entries)};
}
template <class V>
Array<V> vector(std::initializer_list<V> entries) {
  return tensor<V>({static_cast<std::int64_t>(entries.size())}, entries);
}
D nothing(const Shape& shape) { return {shape, {}}; }

template <class V>
void check(const Array<V>& x, const Shape& shape, std::initializer_list<V> entries) {
  CHECK(x.shape() == shape);
  CHECK(x.values() == std::vector<V>(entries));
}

template <class Op, class V>
std::vector<Array<V>> pullback(const std::vector<Array<V>>& x, const Array<V>& adjoint,
                               const std::vector<std::int64_t>& attributes = {}) {
  const Array<V> y = Number<Array<V>>::template apply_structured<Op>({}, attributes, std::span<const Array<V>>(x));
  return Op::template pullback<Array<V>>(attributes, adjoint, y, std::span<const Array<V>>(x));
}

template <class Function>
std::string refusal(Function f) {
  try {
    f();
  } catch (const ShapeError& error) {
    return error.what();
  }
  return "";
}

const Q a23 = tensor<Rational>({2, 3}, {1, 2, 3, 4, 5, 6});
const Q b22 = tensor<Rational>({2, 2}, {2, 1, 7, 4});

}  // namespace

TEST_CASE("movement puts entries in another order") {
  check<Rational>(reshape(a23, {3, 2}), {3, 2}, {1, 2, 3, 4, 5, 6});
  check<Rational>(reshape(a23, {-1}), {6}, {1, 2, 3, 4, 5, 6});
  check<Rational>(transpose(a23), {3, 2}, {1, 4, 2, 5, 3, 6});
  check<Rational>(transpose(a23, {1, 0}), {3, 2}, {1, 4, 2, 5, 3, 6});
  check<Rational>(transpose(vector<Rational>({1, 2})), {2}, {1, 2});
  check<Rational>(flip(a23, -1), {2, 3}, {3, 2, 1, 6, 5, 4});
  check<Rational>(flip(a23), {2, 3}, {6, 5, 4, 3, 2, 1});
  check<Rational>(concat<Q>({a23, tensor<Rational>({1, 3}, {7, 8, 9})}), {3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  check<Rational>(concat<Q>({a23, tensor<Rational>({2, 1}, {7, 8})}, -1), {2, 4}, {1, 2, 3, 7, 4, 5, 6, 8});
  check<Rational>(stack<Q>({Q(1), Q(2), Q(3)}), {3}, {1, 2, 3});
  check<Rational>(stack<Q>({vector<Rational>({1, 2}), vector<Rational>({3, 4})}, -1), {2, 2}, {1, 3, 2, 4});
}

TEST_CASE("indexing takes parts out and puts them back") {
  const Q x = vector<Rational>({10, 11, 12, 13, 14});
  check<Rational>(slice(x, {{1, 4}}), {3}, {11, 12, 13});
  check<Rational>(slice(x, {{0, Range::end, 2}}), {3}, {10, 12, 14});
  check<Rational>(slice(x, {{-2}}), {2}, {13, 14});
  check<Rational>(slice(x, {{2, 2}}), {0}, {});
  check<Rational>(slice_axis(a23, 1, {1}), {2, 2}, {2, 3, 5, 6});
  check<Rational>(take(a23, 1), {3}, {4, 5, 6});
  check<Rational>(take(a23, -1, 1), {2}, {3, 6});
  check<Rational>(element(a23, {1, 2}), {}, {6});
  check<Rational>(embed(vector<Rational>({1, 2}), {5}, {1}, {2}), {5}, {0, 1, 0, 2, 0});
  check<Rational>(gather(x, {4, 0, -1}), {3}, {14, 10, 14});
  check<Rational>(scatter_add(vector<Rational>({1, 2, 3}), 4, {2, 0, 2}), {4}, {2, 0, 4, 0});
}

TEST_CASE("reductions combine along axes") {
  check<Rational>(sum(a23), {}, {21});
  check<Rational>(sum(a23, 0), {3}, {5, 7, 9});
  check<Rational>(sum(a23, 1, true), {2, 1}, {6, 15});
  check<Rational>(sum(a23, {0, 1}, true), {1, 1}, {21});
  check<Rational>(mean(a23, 1), {2}, {2, 5});
  check<Rational>(prod(a23), {}, {720});
  check<Rational>(amax(a23, 0), {3}, {4, 5, 6});
  check<Rational>(amin(a23, -1), {2}, {1, 4});
  check<Rational>(cumsum(a23, 1), {2, 3}, {1, 3, 6, 4, 9, 15});
  check<Rational>(cumsum(a23), {2, 3}, {1, 2, 3, 5, 7, 9});
  check<double>(norm(vector<double>({3, 4})), {}, {5});
  check<double>(norm(tensor<double>({2, 2}, {1, 1, 1, 1})), {}, {2});
}

TEST_CASE("nothing sums to 0 and multiplies to 1, what has no value on nothing says so") {
  CHECK(sum(nothing({0})).values()[0] == 0);
  CHECK(prod(nothing({0})).values()[0] == 1);
  CHECK(norm(nothing({0})).values()[0] == 0);
  check<double>(sum(nothing({0, 3}), 0), {3}, {0, 0, 0});
  check<double>(softmax(nothing({3, 0})), {3, 0}, {});
  check<double>(matmul(nothing({2, 0}), nothing({0, 2})), {2, 2}, {0, 0, 0, 0});
  CHECK(det(nothing({0, 0})).values()[0] == 1);
  check<double>(inv(nothing({0, 0})), {0, 0}, {});
  check<double>(cholesky(nothing({0, 0})), {0, 0}, {});
  check<double>(cumsum(nothing({0})), {0}, {});
  check<double>(pullback<Prod>({nothing({0})}, D(1))[0], {0}, {});
  check<double>(pullback<Sum>({nothing({0, 2})}, D(1))[0], {0, 2}, {});
  CHECK(refusal([] { amax(nothing({0})); }) == "amax: the max of nothing has no value (shapes [0])");
  CHECK(refusal([] { amin(nothing({2, 0}), 1); }) == "amin: the min of nothing has no value (shapes [2, 0])");
  CHECK(refusal([] { mean(nothing({0})); }) == "mean: the mean of nothing has no value (shapes [0])");
  CHECK(!refusal([] { logsumexp(nothing({0})); }).empty());
  check<double>(amax(nothing({0, 2}), 1), {0}, {});
}

TEST_CASE("the derivative of a product is right at zeros, exactly") {
  check<Rational>(pullback<Prod>({vector<Rational>({2, 0, 5})}, Q(1))[0], {3}, {0, 10, 0});
  check<Rational>(pullback<Prod>({vector<Rational>({0, 3, 0, 7})}, Q(1))[0], {4}, {0, 0, 0, 0});
  check<Rational>(pullback<Prod>({vector<Rational>({9})}, Q(4))[0], {1}, {4});
}

TEST_CASE("equal extreme entries share the adjoint, and are a kink") {
  const Q x = vector<Rational>({3, 1, 3, 3});
  check<Rational>(pullback<Amax>({x}, Q(6))[0], {4}, {2, 0, 2, 2});
  check<Rational>(pullback<Amin>({x}, Q(6))[0], {4}, {0, 6, 0, 0});
  CHECK(Amax::kink<Q>({}, std::vector<Q>{x}).values()[0] == 1);
  CHECK(Amin::kink<Q>({}, std::vector<Q>{x}).values()[0] == 0);
}

TEST_CASE("the norm has gradient 0 at its kink, and neither overflows nor underflows") {
  check<double>(pullback<Norm>({vector<double>({0, 0})}, D(1))[0], {2}, {0, 0});
  CHECK(Norm::kink<D>({}, std::vector<D>{vector<double>({0, 0})}).values()[0] == 1);
  CHECK(norm(vector<double>({3e200, 4e200})).values()[0] == doctest::Approx(5e200));
  CHECK(norm(vector<double>({3e-200, 4e-200})).values()[0] == doctest::Approx(5e-200));
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(norm(vector<double>({1, -inf})).values()[0] == inf);
  CHECK(std::isnan(norm(vector<double>({1, std::nan("")})).values()[0]));
}

TEST_CASE("softmax and its relatives stand large entries") {
  check<double>(softmax(vector<double>({0, 0})), {2}, {0.5, 0.5});
  check<double>(softmax(vector<double>({1e5, 1e5, -1e5})), {3}, {0.5, 0.5, 0});
  check<double>(log_softmax(vector<double>({1e5, 0})), {2}, {0, -1e5});
  CHECK(logsumexp(vector<double>({1e5, 1e5})).values()[0] == doctest::Approx(1e5 + std::log(2.0)));
  CHECK(logsumexp(vector<double>({0, -50})).values()[0] == doctest::Approx(std::exp(-50.0)).epsilon(1e-12));
  const D rows = softmax(tensor<double>({2, 2}, {1, 1, 0, std::log(3.0)}));
  CHECK(rows.values()[1] == 0.5);
  CHECK(rows.values()[3] == doctest::Approx(0.75));
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(logsumexp(vector<double>({-inf, -inf})).values()[0] == -inf);
}

TEST_CASE("softmax of a box is as narrow as the truth") {
  const auto between = [](int lo, int hi) { return Number<Ball>::hull(Ball(lo), Ball(hi)); };
  const B y = softmax(vector<Ball>({between(0, 1), between(0, 1), between(0, 1)}));
  // The least and the largest value of softmax_1 on the box: 1 / (1 + 2e) and e / (e + 2).
  const Ball least = Ball(1) / (Ball(1) + Ball(2) * Number<Ball>::exp(Ball(1)));
  const Ball largest = Number<Ball>::exp(Ball(1)) / (Number<Ball>::exp(Ball(1)) + Ball(2));
  for (const Ball& entry : y.values()) {
    CHECK(Number<Ball>::less(entry, least - Ball(1) / Ball(50)) == Truth::no);
    CHECK(Number<Ball>::less(largest + Ball(1) / Ball(3), entry) == Truth::no);
    CHECK(Number<Ball>::less(Ball(0), entry) == Truth::yes);
    CHECK(Number<Ball>::less(entry, Ball(1)) == Truth::yes);
  }
}

TEST_CASE("products of vectors and matrices") {
  const Q x = vector<Rational>({1, 0, -1});
  check<Rational>(matmul(a23, x), {2}, {-2, -2});
  check<Rational>(matmul(b22, a23), {2, 3}, {6, 9, 12, 23, 34, 45});
  check<Rational>(matmul(vector<Rational>({1, 1}), a23), {3}, {5, 7, 9});
  check<Rational>(matmul(x, x), {}, {2});
  check<Rational>(dot(x, vector<Rational>({4, 5, 6})), {}, {-2});
  check<Rational>(outer(vector<Rational>({1, 2}), x), {2, 3}, {1, 0, -1, 2, 0, -2});
  check<Rational>(diag(vector<Rational>({1, 2})), {2, 2}, {1, 0, 0, 2});
  check<Rational>(diagonal(b22), {2}, {2, 4});
  check<Rational>(trace(b22), {}, {6});
  check<Rational>(tril(a23), {2, 3}, {1, 0, 0, 4, 5, 0});
  const Q stacked = matmul(tensor<Rational>({2, 1, 2}, {1, 2, 3, 4}), b22);
  check<Rational>(stacked, {2, 1, 2}, {16, 9, 34, 19});
}

TEST_CASE("elimination is exact in rationals") {
  check<Rational>(det(b22), {}, {1});
  check<Rational>(inv(b22), {2, 2}, {4, -1, -7, 2});
  check<Rational>(solve(b22, vector<Rational>({1, 0})), {2}, {4, -7});
  check<Rational>(inv(tensor<Rational>({2, 2}, {0, 2, 3, 0})), {2, 2}, {0, Rational(1, 3), Rational(1, 2), 0});
  const Q hilbert = tensor<Rational>({3, 3}, {1, Rational(1, 2), Rational(1, 3), Rational(1, 2), Rational(1, 3),
                                              Rational(1, 4), Rational(1, 3), Rational(1, 4), Rational(1, 5)});
  check<Rational>(det(hilbert), {}, {Rational(1, 2160)});
  check<Rational>(matmul(hilbert, inv(hilbert)), {3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1});
}

TEST_CASE("a singular matrix has determinant 0 with a gradient, and no inverse") {
  const Q singular = tensor<Rational>({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  check<Rational>(det(singular), {}, {0});
  check<Rational>(cofactor(singular), {3, 3}, {-3, 6, -3, 6, -12, 6, -3, 6, -3});
  check<Rational>(pullback<Det>({singular}, Q(2))[0], {3, 3}, {-6, 12, -6, 12, -24, 12, -6, 12, -6});
  CHECK_THROWS_AS(inv(singular), UndefinedError);
  CHECK_THROWS_AS(solve(singular, vector<Rational>({1, 2, 3})), UndefinedError);
  const D zeros = tensor<double>({2, 2}, {0, 0, 0, 0});
  CHECK(det(zeros).values()[0] == 0);
  CHECK(std::isnan(inv(zeros).values()[0]));
  CHECK(std::isnan(det(tensor<double>({2, 2}, {0, std::nan(""), 0, 1})).values()[0]));
}

TEST_CASE("a matrix of enclosures that may be singular keeps its determinant and loses its inverse") {
  const Ball around_zero = Number<Ball>::hull(Ball(-1), Ball(1));
  for (const std::int64_t n : {2, 3, 4, 5}) {
    CAPTURE(n);
    std::vector<Ball> entries(static_cast<std::size_t>(n * n), Ball(0));
    for (std::int64_t i = 0; i < n; ++i)
      entries[static_cast<std::size_t>(i * (n + 1))] = i == 0 ? around_zero : Ball(2);
    const B x({n, n}, entries);
    const Ball d = det(x).values()[0];
    CHECK(Number<Ball>::less(d, Ball(static_cast<int>(1 << n))) == Truth::yes);
    CHECK(Number<Ball>::equal(d, Ball(0)) == Truth::unknown);
    const Ball corner = inv(x).values()[0];
    CHECK(Number<Ball>::less(corner, Ball(1000)) == Truth::unknown);
  }
}

TEST_CASE("an inverse is enclosed where elimination meets a pivot that may be zero") {
  // Rows that are orthogonal, every entry moved by up to `radius`; inverted exactly where each is moved by 1/8.
  const int signs[16] = {1, 1, 1, 1, 1, -1, 1, -1, 1, 1, -1, -1, 1, -1, -1, 1};
  const auto check_kind = [&]<class V>(const V& spread, const V& wide_spread) {
    std::vector<V> entries, wide;
    std::vector<Rational> inside;
    for (int i = 0; i < 16; ++i) {
      entries.push_back(V(signs[i]) + spread);
      wide.push_back(V(signs[i]) + wide_spread);
      inside.push_back(Rational(signs[i]) + Rational(i % 3 == 0 ? 1 : -1, 8));
    }
    CHECK_FALSE(detail::eliminate(entries, 4).complete);
    const Q exact = inv(Q({4, 4}, inside));
    const Array<V> enclosed = inv(Array<V>({4, 4}, entries));
    const Array<V> right({4}, std::vector<V>{V(1), V(2), V(0), V(-1)});
    const Q exact_solution = solve(Q({4, 4}, inside), vector<Rational>({1, 2, 0, -1}));
    const Array<V> solved = solve(Array<V>({4, 4}, entries), right);
    const auto contains = [](const V& x, const Rational& r) {
      const V exactly = Number<V>::of(to_constant(r));
      const bool bounded = Number<V>::less(Number<V>::abs(x), V(10)) == Truth::yes;
      return bounded && Number<V>::equal(x, exactly) == Truth::unknown;
    };
    for (std::size_t i = 0; i < 16; ++i) CHECK(contains(enclosed.values()[i], exact.values()[i]));
    for (std::size_t i = 0; i < 4; ++i) CHECK(contains(solved.values()[i], exact_solution.values()[i]));
    // All of its rows may be equal, so that some matrix among these has no inverse.
    CHECK(Number<V>::less(inv(Array<V>({4, 4}, wide)).values()[0], V(1000)) == Truth::unknown);
  };
  check_kind(Interval(-0.2, 0.2), Interval(-1.0, 1.0));
  check_kind(Number<Ball>::hull(-ratio<Ball>(1, 5), ratio<Ball>(1, 5)), Number<Ball>::hull(Ball(-1), Ball(1)));
}

TEST_CASE("cholesky factors the symmetric part") {
  check<double>(cholesky(tensor<double>({2, 2}, {4, 2, 2, 5})), {2, 2}, {2, 0, 1, 2});
  check<double>(cholesky(tensor<double>({2, 2}, {4, 4, 0, 5})), {2, 2}, {2, 0, 1, 2});
  CHECK(std::isnan(cholesky(tensor<double>({2, 2}, {1, 2, 2, 1})).values()[3]));
  CHECK(Cholesky::defined<Q>({}, std::vector<Q>{tensor<Rational>({2, 2}, {1, 2, 2, 1})}).values() ==
        std::vector<Rational>{1, 0});
}

TEST_CASE("losses") {
  check<Rational>(squared_error(vector<Rational>({1, 2}), vector<Rational>({3, 5})), {}, {Rational(13, 2)});
  const D y = vector<double>({0.5, 0.25});
  const D t = vector<double>({1, 0});
  CHECK(cross_entropy(y, t).values()[0] == doctest::Approx(std::log(2.0)));
  CHECK(cross_entropy(y, t, D(2)).values()[0] == doctest::Approx(1));
  CHECK(softmax_cross_entropy(vector<double>({0, 0}), t).values()[0] == doctest::Approx(std::log(2.0)));
  check<double>(softmax_cross_entropy(vector<double>({1e5, 0}), vector<double>({0, 1})), {}, {1e5});
  // 0 * log(0) is undefined, and said to be.
  CHECK(std::isnan(cross_entropy(vector<double>({1, 0}), t).values()[0]));
  CHECK(CrossEntropy::defined<D>({}, std::vector<D>{vector<double>({1, 0}), t}).values() == std::vector<double>{1, 0});
  // An adjoint of zero stays zero there.
  check<double>(pullback<CrossEntropy>({vector<double>({1, 0}), t}, D(0))[0], {2}, {0, 0});
}

TEST_CASE("convolution is the cross-correlation of deep learning") {
  const Q x = tensor<Rational>({1, 5}, {1, 2, 3, 4, 5});
  const Q k = tensor<Rational>({1, 1, 3}, {1, 0, -2});
  check<Rational>(conv1d(x, k), {1, 3}, {-5, -6, -7});
  check<Rational>(conv1d(x, k, 2, 1), {1, 3}, {-4, -6, 4});
  const Q channels = tensor<Rational>({2, 2}, {1, 2, 10, 20});
  check<Rational>(conv1d(channels, tensor<Rational>({1, 2, 1}, {1, 1})), {1, 2}, {11, 22});
  const Q image = tensor<Rational>({1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Q corner = tensor<Rational>({1, 1, 2, 2}, {1, 0, 0, 1});
  check<Rational>(conv2d(image, corner), {1, 2, 2}, {6, 8, 12, 14});
  check<Rational>(conv2d(image, corner, {2, 2}, {1, 1}), {1, 2, 2}, {1, 3, 7, 14});
  check<Rational>(conv2d(reshape(image, {1, 1, 3, 3}), corner), {1, 1, 2, 2}, {6, 8, 12, 14});
}

TEST_CASE("operands that do not fit are refused with the operator, the reason and the shapes") {
  const D m23({2, 3}, std::vector<double>(6));
  const D v2({2}, std::vector<double>(2));
  CHECK(refusal([&] { matmul(m23, v2); }) ==
        "matmul: the left operand has 3 columns, the right one 2 rows (shapes [2, 3] and [2])");
  CHECK(refusal([&] { matmul(D(1), m23); }).starts_with("matmul: a scalar is no matrix"));
  CHECK(refusal([&] { dot(v2, m23); }) == "dot: takes two vectors of one length (shapes [2] and [2, 3])");
  CHECK(refusal([&] { det(m23); }) == "det: takes a square matrix (shapes [2, 3])");
  CHECK(refusal([&] { reshape(m23, {4}); }) == "reshape: the numbers of entries differ (shapes [2, 3] and [4])");
  CHECK(!refusal([&] { reshape(m23, {-1, 4}); }).empty());
  CHECK(!refusal([&] { reshape(m23, {-1, -1}); }).empty());
  CHECK(!refusal([&] { reshape(m23, {-1, std::int64_t{1} << 40, std::int64_t{1} << 40}); }).empty());
  CHECK(!refusal([&] { transpose(m23, {0, 0}); }).empty());
  CHECK(!refusal([&] { transpose(m23, {0}); }).empty());
  CHECK(!refusal([&] { sum(m23, {1, -1}); }).empty());
  CHECK(!refusal([&] { sum(m23, 2); }).empty());
  CHECK(refusal([&] {
          concat<D>({m23, v2});
        }) == "concat: the shapes may differ in axis 0 only (shapes [2, 3] and [2])");
  CHECK(!refusal([&] { concat<D>({}); }).empty());
  CHECK(!refusal([&] { concat<D>({D(1), D(2)}); }).empty());
  CHECK(!refusal([&] { stack<D>({v2, m23}); }).empty());
  CHECK(!refusal([&] { stack<D>({v2}, 5); }).empty());
  CHECK(refusal([&] { take(v2, 2); }) == "slice: index 2 is out of range for the 2 entries along axis 0 (shapes [2])");
  CHECK(!refusal([&] { take(v2, -3); }).empty());
  CHECK(!refusal([&] { take(v2, -1, -2); }).empty());
  CHECK(!refusal([&] { take(v2, Range::end); }).empty());
  CHECK(!refusal([&] { slice(v2, {{-3}}); }).empty());
  CHECK(!refusal([&] { cumsum(v2, -2); }).empty());
  CHECK(!refusal([&] { concat<D>({v2}, -2); }).empty());
  CHECK(!refusal([&] { gather(v2, {0}, -2); }).empty());
  CHECK(!refusal([&] { gather(v2, {-3}); }).empty());
  CHECK(!refusal([&] { slice(v2, {{0, 3}}); }).empty());
  CHECK(!refusal([&] { slice(v2, {{0, 2, 0}}); }).empty());
  CHECK(!refusal([&] { slice(v2, {{}, {}}); }).empty());
  CHECK(!refusal([&] { element(v2, {0, 0}); }).empty());
  CHECK(!refusal([&] { embed(v2, {2}, {1}); }).empty());
  CHECK(!refusal([&] { gather(v2, {0, 2}); }).empty());
  CHECK(!refusal([&] { scatter_add(v2, 1, {0, 1}); }).empty());
  CHECK(!refusal([&] { softmax(D(1)); }).empty());
  CHECK(refusal([&] { cross_entropy(v2, m23); }) ==
        "cross_entropy: prediction and target must have one shape (shapes [2] and [2, 3])");
  CHECK(!refusal([&] { cross_entropy(v2, v2, v2); }).empty());
  CHECK(!refusal([&] { solve(m23, v2); }).empty());
  CHECK(!refusal([&] { conv1d(m23, D({1, 3, 1}, std::vector<double>(3))); }).empty());
  CHECK(!refusal([&] { conv1d(m23, D({1, 2, 4}, std::vector<double>(8))); }).empty());
  CHECK(!refusal([&] { conv1d(m23, D({1, 2, 1}, std::vector<double>(2)), 0); }).empty());
  CHECK(!refusal([&] { conv1d(m23, D({1, 2, 1}, std::vector<double>(2)), 1, -1); }).empty());
}

TEST_CASE("what means the same is one node") {
  const Expr x = variable("x", {2, 3});
  CHECK(same(sum(x), sum(x, {0, 1})));
  CHECK(same(sum(x, -1), sum(x, 1)));
  CHECK(same(transpose(x), transpose(x, {1, 0})));
  CHECK(same(transpose(x, {0, 1}), x));
  CHECK(same(reshape(x, {-1}), reshape(x, {6})));
  CHECK(same(reshape(x, {2, 3}), x));
  CHECK(same(slice(x, {{0, 2}}), x));
  CHECK(same(slice_axis(x, 1, {0, 3, 2}), slice_axis(x, 1, {0, Range::end, 2})));
  CHECK(same(take(x, -1), take(x, 1)));
  CHECK(same(gather(x, {-1}, -1), gather(x, {2}, 1)));
  CHECK(same(flip(x), flip(x, {1, 0})));
}

TEST_CASE("rules record: a pullback on symbols has the shape of each operand") {
  const Expr a = variable("a", {3, 3});
  const Expr v = variable("v", {3});
  const std::vector<Expr> scalars{sum(a),
                                  mean(a),
                                  prod(v),
                                  amax(v),
                                  norm(a),
                                  logsumexp(v),
                                  dot(v, v),
                                  trace(a),
                                  det(a),
                                  cross_entropy(v, v),
                                  squared_error(v, v),
                                  softmax_cross_entropy(a, a)};
  for (const Expr& y : scalars) {
    const NodeId id = y.ref().id();
    CAPTURE(operator_info(y.graph().code(id)).name);
    std::vector<Expr> x;
    for (const Ref r : y.graph().operands(id)) x.emplace_back(y.workspace(), r);
    const auto first = pullback_rule(y.graph().code(id))(y.graph().attributes(id), Expr(1), y, x);
    REQUIRE(first.size() == x.size());
    for (std::size_t k = 0; k < x.size(); ++k) CHECK(first[k].shape() == x[k].shape());
  }
}
