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
  CHECK_THROWS_WITH(optimiser_named("adm"), "there is no optimizer 'adm'; there are gd, sgd, nesterov, adam, adamw");
  CHECK_THROWS_WITH(schedule_named("linear"),
                    "there is no schedule 'linear'; there are constant, 1/t, exponential, step, cosine");
  CHECK_THROWS_WITH(check(Optimiser(Sgd{.momentum = 1})), "sgd: momentum is at least 0 and less than 1, not 1");
  CHECK_THROWS_WITH(check(Optimiser(Adam{.epsilon = 0})), "adam: epsilon is positive, not 0");
  CHECK_THROWS_AS(check(Optimiser(Sgd{.momentum = NAN})), std::invalid_argument);
  CHECK_THROWS_AS(check(Schedule{.rate = 0}), std::invalid_argument);
  CHECK_THROWS_AS(check(Schedule{.kind = Schedule::Kind::step, .decay = 1}), std::invalid_argument);
}
