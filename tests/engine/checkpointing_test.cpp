#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <nabla/engine/record/checkpointing.hpp>
#include <nabla/nabla.hpp>

namespace {

using namespace nabla;

/// The least number of steps that are run again, by dynamic programming over every place of the next stored state.
class Optimum {
 public:
  std::uint64_t operator()(std::uint64_t steps, std::uint64_t stored) {
    if (steps <= 1) return 0;
    if (stored == 1) return steps * (steps - 1) / 2;
    const auto [at, is_new] = known_.try_emplace({steps, stored}, UINT64_MAX);
    if (!is_new) return at->second;
    std::uint64_t best = UINT64_MAX;
    for (std::uint64_t k = 1; k < steps; ++k)
      best = std::min(best, k + (*this)(steps - k, stored - 1) + (*this)(k, stored));
    return known_[{steps, stored}] = best;
  }

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> known_;
};

/// A driven oscillator with friction, in place.
struct Oscillator {
  template <class T>
  void operator()(std::size_t t, std::vector<T>& s, const std::vector<T>& p) const {
    using std::sin;
    const T force = p[2] * std::cos(0.1 * static_cast<double>(t)) - p[0] * sin(s[0]) - p[1] * s[1];
    s[1] = s[1] + 0.05 * force;
    s[0] = s[0] + 0.05 * s[1];
  }
};
struct Energy {
  template <class T>
  T operator()(const std::vector<T>& s, const std::vector<T>& p) const {
    using std::cos;
    return 0.5 * s[1] * s[1] + p[0] * (1 - cos(s[0]));
  }
};
const std::vector<double> start{0.7, -0.2}, parameters{1.3, 0.05, 0.4};

/// In V; a dual number is on its way along the first entry of the state.
template <class V>
std::vector<V> first_state() {
  std::vector<V> made(start.begin(), start.end());
  if constexpr (std::is_same_v<V, Dual<double>>) made[0].tangent = 1;
  return made;
}

/// By one tape over the whole chain.
template <class V>
V plain_sweep(std::size_t steps, std::vector<V>& by_state, std::vector<V>& by_parameters) {
  Tape<V> tape;
  const std::vector<V> at = first_state<V>(), with(parameters.begin(), parameters.end());
  const std::vector<Active<V>> first = tape.inputs(std::span<const V>(at)), p = tape.inputs(std::span<const V>(with));
  std::vector<Active<V>> s = first;
  for (std::size_t t = 0; t < steps; ++t) Oscillator()(t, s, p);
  const Active<V> y = Energy()(s, p);
  tape.reverse(y);
  by_state.clear();
  by_parameters.clear();
  for (const auto& x : first) by_state.push_back(tape.adjoint(x));
  for (const auto& x : p) by_parameters.push_back(tape.adjoint(x));
  return y.value();
}

}  // namespace

TEST_CASE("the binomial schedule runs the fewest steps again, as dynamic programming finds them") {
  Optimum optimum;
  for (std::uint64_t stored = 1; stored <= 8; ++stored)
    for (std::uint64_t steps = 1; steps <= 120; ++steps) {
      CAPTURE(stored);
      CAPTURE(steps);
      REQUIRE(fewest_steps_again(steps, stored) == optimum(steps, stored));
      if (stored == 1 || steps == 1) continue;
      const std::uint64_t k = next_stored_after(steps, stored);
      REQUIRE((k >= 1 && k < steps));
      REQUIRE(k + optimum(steps - k, stored - 1) + optimum(k, stored) == optimum(steps, stored));
    }
  CHECK(fewest_steps_again(8008, 10) == 6 * 8008 - 4368);  // beta(11, 5) = binomial(16, 5)
  CHECK(fewest_steps_again(1000, 1000) == 999);
  CHECK(fewest_steps_again(std::uint64_t{1} << 31, UINT64_MAX) == (std::uint64_t{1} << 31) - 1);
  CHECK_THROWS_AS(fewest_steps_again(10, 0), std::invalid_argument);
  CHECK_THROWS_AS(fewest_steps_again((std::uint64_t{1} << 31) + 1, 3), std::length_error);
}

TEST_CASE("a chain swept back from few stored states has the bits of one sweep, and runs the fewest steps again") {
  for (const std::size_t steps : std::initializer_list<std::size_t>{0, 1, 2, 3, 17, 100, 333})
    for (const std::size_t stored : std::initializer_list<std::size_t>{1, 2, 3, 5, 12, 400}) {
      CAPTURE(steps);
      CAPTURE(stored);
      std::vector<double> by_state, by_parameters, s(2), p(3);
      const double value = plain_sweep(steps, by_state, by_parameters);
      const ChainReport<double> report = value_and_gradient_of_chain<double>(
          Oscillator(), Energy(), steps, stored, std::span<const double>(start), std::span<double>(s),
          std::span<const double>(parameters), std::span<double>(p));
      CHECK(report.value == value);
      CHECK(s == by_state);
      CHECK(p == by_parameters);
      CHECK(report.steps_again == (steps == 0 ? 0 : fewest_steps_again(steps, stored)));
      CHECK(report.stored <= stored);
    }
}

TEST_CASE("a chain in another kind of number: second derivatives by Dual") {
  std::vector<Dual<double>> by_state, by_parameters, s(2), p(3);
  const std::vector<Dual<double>> at = first_state<Dual<double>>(), with(parameters.begin(), parameters.end());
  const auto value = plain_sweep(50, by_state, by_parameters);
  const auto report = value_and_gradient_of_chain<Dual<double>>(
      Oscillator(), Energy(), 50, 4, std::span<const Dual<double>>(at), std::span<Dual<double>>(s),
      std::span<const Dual<double>>(with), std::span<Dual<double>>(p));
  CHECK(report.value.tangent == value.tangent);
  CHECK(report.value.tangent == doctest::Approx(s[0].value));
  const auto same = [](const auto& a, const auto& b) {
    return std::ranges::equal(
        a, b, [](const auto& x, const auto& y) { return x.value == y.value && x.tangent == y.tangent; });
  };
  CHECK(same(s, by_state));
  CHECK(same(p, by_parameters));
  CHECK(s[1].tangent != 0);
}

TEST_CASE("memory of a chain is that of one step and of the stored states, however long it is") {
  std::vector<double> s(2), p(3);
  const auto run = [&](std::size_t steps) {
    return value_and_gradient_of_chain<double>(Oscillator(), Energy(), steps, 10, std::span<const double>(start),
                                               std::span<double>(s), std::span<const double>(parameters),
                                               std::span<double>(p));
  };
  const ChainReport<double> few = run(100), many = run(8008);
  CHECK(many.statements > 70 * few.statements);
  CHECK(many.bytes == few.bytes);
  CHECK(many.stored == 10);
  CHECK(many.steps_again == 6 * 8008 - 4368);
  CHECK(many.bytes_per_statement() == static_cast<double>(many.bytes) / static_cast<double>(many.statements));
}

TEST_CASE("chains that cannot be swept are errors") {
  std::vector<double> s(2), one(1), p(3);
  const auto run = [&](const auto& step, std::size_t stored, std::span<double> by_state) {
    value_and_gradient_of_chain<double>(step, Energy(), 5, stored, std::span<const double>(start), by_state,
                                        std::span<const double>(parameters), std::span<double>(p));
  };
  CHECK_THROWS_AS(run(Oscillator(), 0, s), std::invalid_argument);
  CHECK_THROWS_AS(run(Oscillator(), 2, one), std::invalid_argument);
  const auto grows = [](std::size_t, auto& state, const auto&) { state.push_back(state[0]); };
  CHECK_THROWS_AS(run(grows, 2, s), std::invalid_argument);
}
