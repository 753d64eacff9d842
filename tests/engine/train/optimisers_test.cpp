#include <doctest/doctest.h>

#include <cmath>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/train/optimisers.hpp>

// Each optimiser in double and at 50 digits against the published update at 50 digits, written in another way.

namespace {

using namespace nabla;

constexpr std::int64_t steps = 40;
constexpr std::size_t size = 3;

template <class V>
using Point = std::vector<V>;

/// The gradient of something that is no quadratic.
template <class V>
Point<V> slope(const Point<V>& x) {
  Point<V> g;
  for (std::size_t i = 0; i < x.size(); ++i)
    g.push_back(V(static_cast<int>(i) + 1) * x[i] + nabla::sin(V(x[i] + x[(i + 1) % x.size()])) - ratio<V>(1, 3));
  return g;
}

template <class V>
Point<V> start() {
  return {V(0.75), V(-1.5), V(2.25)};
}

const Schedule schedule{.kind = Schedule::Kind::inverse, .rate = 0.0625, .decay = 0.03125};

template <class V>
V rate_at(std::int64_t k) {
  return V(schedule.rate) / (V(1) + V(schedule.decay) * ratio<V>(k, 1));
}

/// Where `steps` steps lead, as the library has it.
template <class V, class Record>
Point<V> path(const Record& record) {
  Point<V> x = start<V>();
  OptimiserMemory<V> memory(Record::vectors, std::vector<V>(size, V(0)));
  for (std::int64_t k = 0; k < steps; ++k) {
    const V multiplier = schedule.multiplier<V>(k);
    const Point<V> g = slope(x);
    record.step(std::span<V>(x), std::span<const V>(g), StepSize<V>{V(schedule.rate) * multiplier, multiplier}, k,
                memory);
  }
  return x;
}

template <class Record>
void compare(const Record& record, const Point<Real>& expected) {
  CAPTURE(Record::name);
  const Point<Real> fine = path<Real>(record);
  const Point<double> coarse = path<double>(record);
  for (std::size_t i = 0; i < size; ++i) {
    CHECK(abs(fine[i] - expected[i]) < Real("1e-46"));
    CHECK(abs(Real(coarse[i]) - expected[i]) < Real("1e-13"));
    CHECK(abs(expected[i] - start<Real>()[i]) > Real("1e-2"));  // it moved
  }
}

/// m^ / (sqrt(v^) + epsilon) at step t = number of gradients, from sums over all gradients (Kingma and Ba, section 3).
Real adam_direction(const std::vector<Point<Real>>& gradients, std::size_t i, const Adam& a) {
  const Real b1(a.beta1), b2(a.beta2);
  Real first = 0, second = 0, weights1 = 0, weights2 = 0;
  for (std::size_t j = 0; j < gradients.size(); ++j) {
    const auto age = static_cast<std::int64_t>(gradients.size() - 1 - j);
    const Real& g = gradients[j][i];
    first += Number<Real>::powi(b1, age) * g;
    second += Number<Real>::powi(b2, age) * g * g;
    weights1 += Number<Real>::powi(b1, age);  // 1 - b^t = (1 - b) sum b^j: the correction makes means of the sums
    weights2 += Number<Real>::powi(b2, age);
  }
  return first / weights1 / (sqrt(Real(second / weights2)) + Real(a.epsilon));
}

}  // namespace

TEST_CASE("gradient descent: a point is the first minus all steps") {
  const Precision digits(50);
  Point<Real> x = start<Real>(), moved(size, Real(0));
  for (std::int64_t k = 0; k < steps; ++k) {
    const Point<Real> g = slope(x);
    for (std::size_t i = 0; i < size; ++i) {
      moved[i] += rate_at<Real>(k) * g[i];
      x[i] = start<Real>()[i] - moved[i];
    }
  }
  compare(GradientDescent{}, x);
  compare(Sgd{.momentum = 0}, x);
}

TEST_CASE("momentum: Polyak's (9), in points alone") {
  const Precision digits(50);
  const Sgd sgd{.momentum = 0.9};
  Point<Real> before = start<Real>(), x = before;
  for (std::int64_t k = 0; k < steps; ++k) {
    const Point<Real> g = slope(x);
    for (std::size_t i = 0; i < size; ++i) {
      const Real next = x[i] - rate_at<Real>(k) * g[i] + Real(sgd.momentum) * (x[i] - before[i]);
      before[i] = x[i];
      x[i] = next;
    }
  }
  compare(sgd, x);
}

TEST_CASE("Nesterov: the gradient taken ahead of the point") {
  const Precision digits(50);
  const Nesterov nesterov{.momentum = 0.8};
  const Real mu(nesterov.momentum);
  Point<Real> theta = start<Real>(), v(size, Real(0)), ahead = theta;
  for (std::int64_t k = 0; k < steps; ++k) {
    const Point<Real> g = slope(ahead);
    for (std::size_t i = 0; i < size; ++i) {
      v[i] = mu * v[i] - rate_at<Real>(k) * g[i];
      theta[i] += v[i];
    }
    for (std::size_t i = 0; i < size; ++i) ahead[i] = theta[i] + mu * v[i];
  }
  compare(nesterov, ahead);
}

TEST_CASE("Adam and AdamW: moments as weighted means of all gradients") {
  const Precision digits(50);
  for (const double decay : {0.0, 0.0078125}) {
    const Adam adam{.beta1 = 0.875, .beta2 = 0.984375, .epsilon = 1e-8};
    Point<Real> x = start<Real>();
    std::vector<Point<Real>> gradients;
    for (std::int64_t k = 0; k < steps; ++k) {
      gradients.push_back(slope(x));
      const Real eta = rate_at<Real>(k) / Real(schedule.rate);
      for (std::size_t i = 0; i < size; ++i)
        x[i] -= eta * (Real(schedule.rate) * adam_direction(gradients, i, adam) + Real(decay) * x[i]);
    }
    if (decay == 0)
      compare(adam, x);
    else
      compare(AdamW{.beta1 = adam.beta1, .beta2 = adam.beta2, .epsilon = adam.epsilon, .weight_decay = decay}, x);
  }
}

namespace {

/// x'Ax/2 + sum of log cosh x_i - b'x, and its gradient: convex and smooth, no quadratic.
template <class V>
struct Valley {
  Point<V> x, g;
  V operator()() {
    V value(0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const V next = x[(i + 1) % x.size()], before = x[(i + x.size() - 1) % x.size()];
      const V weight(static_cast<int>(i * i) + 1);
      value = value + weight * x[i] * x[i] * ratio<V>(1, 2) + x[i] * next * ratio<V>(1, 4) +
              nabla::log(nabla::cosh(x[i])) - x[i] * ratio<V>(static_cast<int>(i) + 1, 3);
      g[i] =
          weight * x[i] + (next + before) * ratio<V>(1, 4) + nabla::tanh(x[i]) - ratio<V>(static_cast<int>(i) + 1, 3);
    }
    return value;
  }
};

template <class V>
struct Descent {
  std::vector<Point<V>> points, gradients;
  std::vector<V> values;
};
template <class V>
Descent<V> descend(int count) {
  Valley<V> at{{}, {}};
  for (int i = 0; i < 14; ++i) at.x.push_back(V(i % 3 == 0 ? 4 : -3));
  at.g.assign(at.x.size(), V(0));
  Descent<V> made;
  OptimiserMemory<V> memory(Lbfgs::vectors, Point<V>(at.x.size(), V(0)));
  V value = at();
  for (int k = 0; k <= count; ++k) {
    made.points.push_back(at.x);
    made.gradients.push_back(at.g);
    made.values.push_back(value);
    if (k == count) break;
    Lbfgs{}.step(std::span<V>(at.x), std::span<const V>(at.g), value, StepSize<V>{V(1), V(1)}, k, memory, at);
    value = at();
  }
  return made;
}

Real product(const Point<Real>& a, const Point<Real>& b) {
  Real total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}
Point<Real> difference(const Point<Real>& a, const Point<Real>& b) {
  Point<Real> made;
  for (std::size_t i = 0; i < a.size(); ++i) made.push_back(a[i] - b[i]);
  return made;
}

/// H <- (I - rho s y') H (I - rho y s') + rho s s', entry by entry: Nocedal and Wright (7.16).
void update(std::vector<Point<Real>>& h, const Point<Real>& s, const Point<Real>& y) {
  const std::size_t n = s.size();
  const Real rho = 1 / product(s, y);
  const auto factor = [&](std::size_t i, std::size_t j) { return Real((i == j ? 1 : 0) - rho * s[i] * y[j]); };
  std::vector<Point<Real>> half(n, Point<Real>(n, Real(0))), made = half;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < n; ++k) half[i][j] += factor(i, k) * h[k][j];
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      made[i][j] = rho * s[i] * s[j];
      for (std::size_t k = 0; k < n; ++k) made[i][j] += half[i][k] * factor(j, k);
    }
  h = std::move(made);
}

}  // namespace

TEST_CASE("L-BFGS: each step is along the product with the matrix of (7.16), as long as (3.7) wants") {
  const Precision digits(50);
  constexpr int count = 16;  // more than the pairs that are kept
  const Descent<Real> d = descend<Real>(count);
  for (std::size_t k = 0; k < count; ++k) {
    CAPTURE(k);
    const std::size_t oldest = k < Lbfgs::pairs ? 0 : k - Lbfgs::pairs;
    const auto pair = [&](std::size_t j) {
      return std::pair(difference(d.points[j + 1], d.points[j]), difference(d.gradients[j + 1], d.gradients[j]));
    };
    Real scale = 1;
    if (k > 0) {
      const auto [s, y] = pair(k - 1);
      scale = product(s, y) / product(y, y);
    }
    const std::size_t n = d.points[k].size();
    std::vector<Point<Real>> h(n, Point<Real>(n, Real(0)));
    for (std::size_t i = 0; i < n; ++i) h[i][i] = scale;
    for (std::size_t j = oldest; j < k; ++j) {
      const auto [s, y] = pair(j);
      REQUIRE(product(s, y) > 0);
      update(h, s, y);
    }
    Point<Real> along;
    for (std::size_t i = 0; i < n; ++i) along.push_back(-product(h[i], d.gradients[k]));
    const Point<Real> step = difference(d.points[k + 1], d.points[k]);
    const Real alpha = product(step, along) / product(along, along);
    CHECK(alpha > 0);
    for (std::size_t i = 0; i < n; ++i) CHECK(abs(step[i] - alpha * along[i]) < Real("1e-40"));
    const Real slope = product(along, d.gradients[k]), after = product(along, d.gradients[k + 1]);
    CHECK(d.values[k + 1] <= d.values[k] + alpha * slope / 10000);
    CHECK(abs(after) <= abs(slope) * 9 / 10);
  }
  const Descent<double> coarse = descend<double>(count);
  for (std::size_t i = 0; i < d.points[count].size(); ++i)
    CHECK(abs(Real(coarse.points[count][i]) - d.points[count][i]) < Real("1e-7"));
  // At a minimum to the last bit it stays.
  const Descent<double> far = descend<double>(120);
  double squares = 0;
  for (const double g : far.gradients[120]) squares += g * g;
  CHECK(squares < 1e-12);
  CHECK(far.values[120] <= far.values[80]);
}

TEST_CASE("a line search finds what (3.7) asks for, whatever the length it begins with") {
  const auto search = [](auto phi, auto slope, double first) {
    const LinePoint<double> start{0, phi(0.0), slope(0.0)};
    const LinePoint<double> found = strong_wolfe_point(start, first, [&](double a) {
      return LinePoint<double>{a, phi(a), slope(a)};
    });
    CAPTURE(first);
    CAPTURE(found.alpha);
    CHECK(found.alpha > 0);
    CHECK(found.value <= start.value + 1e-4 * found.alpha * start.slope);
    CHECK(std::abs(found.slope) <= 0.9 * std::abs(start.slope));
    CHECK(found.value == phi(found.alpha));
  };
  for (const double first : {1e-9, 1e-3, 0.5, 1.0, 7.0, 1e6}) {
    search([](double a) { return (a - 3) * (a - 3); }, [](double a) { return 2 * (a - 3); }, first);
    search([](double a) { return std::exp(a) - 4 * a; }, [](double a) { return std::exp(a) - 4; }, first);  // overflows
    search([](double a) { return -a / (a * a + 2); }, [](double a) { return (a * a - 2) / std::pow(a * a + 2, 2); },
           first);
  }
  // Downhill without end: the last point that falls.
  const LinePoint<double> start{0, 0, -1};
  const LinePoint<double> found = strong_wolfe_point(start, 1.0, [](double a) { return LinePoint<double>{a, -a, -1}; });
  CHECK(found.value < -1e9);
  // A slope that lies: nothing falls.
  CHECK(strong_wolfe_point(start, 1.0, [](double a) { return LinePoint<double>{a, a, 1}; }).alpha == 0);
}

TEST_CASE("schedules against other ways to say the same") {
  const Precision digits(50);
  const auto at = [](Schedule s, std::int64_t k) { return s.multiplier<Real>(k); };
  using K = Schedule::Kind;
  const Schedule inverse{K::inverse, 1, 0.25, 1}, exponential{K::exponential, 1, 0.25, 1}, step{K::step, 1, 0.25, 3},
      cosine{K::cosine, 1, 0, 10};
  Real reciprocal = 1, power = 1;
  for (std::int64_t k = 0; k < 20; ++k) {
    CHECK(abs(at(inverse, k) * reciprocal - 1) < Real("1e-48"));
    reciprocal += Real(0.25);
    CHECK(abs(at(exponential, k) - power) < Real("1e-48"));
    power *= exp(Real(-0.25));
    Real stepped = 1;
    for (std::int64_t j = 3; j <= k; j += 3) stepped *= Real(0.75);
    CHECK(abs(at(step, k) - stepped) < Real("1e-48"));
    const Real half =
        cos(Real(Number<Real>::of(Constant::pi()) * Real(static_cast<int>(std::min<std::int64_t>(k, 10))) / 20));
    CHECK(abs(at(cosine, k) - half * half) < Real("1e-48"));
    CHECK(at({}, k) == 1);
    CHECK(std::abs(cosine.multiplier<double>(k) - static_cast<double>(at(cosine, k))) < 1e-15);
  }
}

TEST_CASE("a gradient longer than the threshold is scaled to it, a shorter one is left") {
  std::vector<double> g{3, 4};
  CHECK(clip_norm(std::span<double>(g), 10.0) == 5);
  CHECK(g == std::vector<double>{3, 4});
  CHECK(clip_norm(std::span<double>(g), 2.5) == 5);
  CHECK(g == std::vector<double>{1.5, 2});
}

TEST_CASE("optimisers and schedules by name and what cannot be is refused") {
  for (const std::string_view name : optimiser_names()) {
    const Optimiser o = optimiser_named(name);
    CHECK(name_of(o) == name);
    CHECK(!source_of(o).empty());
    check(o);
  }
  CHECK_THROWS_WITH(optimiser_named("adm"),
                    "there is no optimizer 'adm'; there are gd, sgd, nesterov, adam, adamw, lbfgs");
  CHECK_THROWS_WITH(schedule_named("linear"),
                    "there is no schedule 'linear'; there are constant, 1/t, exponential, step, cosine");
  CHECK_THROWS_WITH(check(Optimiser(Sgd{.momentum = 1})), "sgd: momentum is at least 0 and less than 1, not 1");
  CHECK_THROWS_WITH(check(Optimiser(Adam{.epsilon = 0})), "adam: epsilon is positive, not 0");
  CHECK_THROWS_AS(check(Optimiser(Sgd{.momentum = NAN})), std::invalid_argument);
  CHECK_THROWS_AS(check(Schedule{.rate = 0}), std::invalid_argument);
  CHECK_THROWS_AS(check(Schedule{.kind = Schedule::Kind::step, .decay = 1}), std::invalid_argument);
}
