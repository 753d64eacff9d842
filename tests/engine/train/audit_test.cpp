#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/train/dense_network.hpp>
#include <nabla/engine/train/step_audit.hpp>
#include <nabla/engine/train/unit_audit.hpp>
#include <nabla/nabla.hpp>

// Audits of steps: against Hessians and gradients computed in another way, and on networks made to fail.

namespace {

using namespace nabla;

Samples waves(std::size_t n, std::size_t features, std::size_t outputs) {
  Samples s{features, outputs, {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < features; ++k) s.x.push_back(std::sin(static_cast<double>(5 * i + 3 * k + 1)));
    for (std::size_t c = 0; c < outputs; ++c) s.y.push_back(i % outputs == c ? 1 : 0);
    s.lines.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return s;
}

Network dense_network(const char* activation) {
  return DenseNetwork{.hidden = {5}, .outputs = 3, .activation = activation}.network();
}

/// s'Hs / s's of a step's objective at the middle of the step and by all entries of the Hessian there.
double curvature_by_hessian(const Function& f, std::vector<Entries<double>> at, std::size_t parameters,
                            const std::vector<double>& s) {
  const std::vector<double> h = f.hessian<double>(at);
  const auto n = static_cast<std::size_t>(std::sqrt(static_cast<double>(h.size())));
  double product = 0, squares = 0;
  for (std::size_t i = 0; i < parameters; ++i) {
    squares += s[i] * s[i];
    for (std::size_t j = 0; j < parameters; ++j) product += s[i] * h[i * n + j] * s[j];
  }
  return product / squares;
}

}  // namespace

TEST_CASE("an audited step is the step, bit for bit") {
  const TrainingOptions options{.optimiser = Adam{}, .schedule = {.rate = 0.02}, .batch = 7, .clip = 0.5};
  const Network network =
      DenseNetwork{.hidden = {4, 4}, .outputs = 3, .dropout = 0.25, .normalisation = DenseNetwork::Normalisation::batch}
          .network();
  Training<> audited(network, waves(20, 3, 3), options), plain(network, waves(20, 3, 3), options);
  for (int k = 0; k < 8; ++k) {
    const double objective = plain.step();
    const StepAudit audit = audit_step(audited);
    CHECK(audit.objective_before == objective);
    CHECK(audit.step == k);
    CHECK(audit.rows == (k % 3 == 2 ? 6 : 7));
    CHECK(audit.gradient.least > 8);
    CHECK(audit.digits_at_50 > 40);
    CHECK(std::ranges::equal(plain.parameters(), audited.parameters(), [](double a, double b) {
      return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
    }));
  }
}

TEST_CASE("a quadratic objective has one curvature, and the descent lemma is an equality with it") {
  const Network linear = DenseNetwork{.hidden = {}, .outputs = 1}.network();
  Training<> training(linear, waves(12, 1, 1),
                      {.optimiser = GradientDescent{}, .schedule = {.rate = 0.125}, .loss = Loss::squared});
  const StepAudit audit = audit_step(training);
  const SegmentCurvature& c = audit.curvature;
  // |Hs| / |s| is the same everywhere, and at least s'Hs / s's.
  CHECK(c.needed_least <= c.needed_most);
  CHECK(c.needed_most - c.needed_least < 1e-14);
  CHECK(c.at_start == doctest::Approx(c.needed_most).epsilon(1e-12));
  CHECK(c.smooth_least <= c.smooth_most);
  CHECK(c.smooth_most == doctest::Approx(c.smooth_least).epsilon(1e-10));
  CHECK(c.descent() == SegmentCurvature::Descent::obeyed_by_least);
  // H = [mean x^2, mean x; mean x, 1]; the step is along the gradient, s = -g / 8.
  CHECK(audit.slope == doctest::Approx(-8 * audit.step_norm * audit.step_norm).epsilon(1e-12));
  CHECK(audit.objective_after ==
        doctest::Approx(audit.objective_before + audit.slope + c.at_start / 2 * std::pow(audit.step_norm, 2)));
}

TEST_CASE("the bracket of a smooth network holds the curvature at every point of the step") {
  for (const char* activation : {"tanh", "softplus", "silu"}) {
    CAPTURE(std::string(activation));
    Training<> training(dense_network(activation), waves(10, 2, 3),
                        {.optimiser = GradientDescent{}, .schedule = {.rate = 0.5}});
    for (int k = 0; k < 3; ++k) {
      training.evaluate();
      const auto evaluated = training.evaluated();
      std::vector<Entries<double>> at;
      for (const auto& x : evaluated.inputs) at.emplace_back(x.begin(), x.end());
      const Function f = evaluated.function;
      const std::vector<double> before(training.parameters().begin(), training.parameters().end());
      const StepAudit audit = audit_step(training);
      std::vector<double> s(before.size());
      for (std::size_t i = 0; i < s.size(); ++i) s[i] = training.parameters()[i] - before[i];
      const SegmentCurvature& c = audit.curvature;
      REQUIRE_MESSAGE(std::isfinite(c.smooth_most), c.why_no_most);
      CHECK(c.smooth_least <= c.smooth_most);
      CHECK(c.needed_most <= c.smooth_most);
      CHECK((c.descent() == SegmentCurvature::Descent::obeyed_by_least ||
             c.descent() == SegmentCurvature::Descent::obeyed_by_most));
      CHECK(c.at_start == doctest::Approx(curvature_by_hessian(f, at, s.size(), s)).epsilon(1e-9));
      for (const double t : {0.0, 0.3, 0.5, 1.0}) {
        std::size_t next = 0;
        std::vector<Entries<double>> there = at;
        for (std::size_t p = 0; p + 2 < there.size(); ++p)
          for (double& x : there[p]) x += t * s[next++];
        CHECK(curvature_by_hessian(f, there, s.size(), s) <= c.smooth_most);
      }
    }
  }
}

TEST_CASE("a step over the kink of a unit has no constant, and says whose") {
  Training<> training(dense_network("relu"), waves(10, 2, 3),
                      {.optimiser = GradientDescent{}, .schedule = {.rate = 2}});
  const StepAudit audit = audit_step(training);
  const SegmentCurvature& c = audit.curvature;
  CHECK(std::isinf(c.smooth_most));
  CHECK(c.why_no_most == "the gradient has a jump where a unit switches");
  REQUIRE(!c.switched.empty());
  CHECK(c.switched.front().starts_with("hidden1["));
  // elu with factor 1 has a continuous derivative: crossing 0 is no jump, though intervals may not see it.
  Training<> elu(dense_network("elu:1"), waves(10, 2, 3), {.optimiser = GradientDescent{}, .schedule = {.rate = 2}});
  CHECK(audit_step(elu).curvature.switched.empty());
  // A small enough step meets none.
  Training<> slow(dense_network("relu"), waves(10, 2, 3), {.optimiser = GradientDescent{}, .schedule = {.rate = 1e-4}});
  CHECK(std::isfinite(audit_step(slow).curvature.smooth_most));
}

TEST_CASE("digits lost by cancellation are found, in their parameter") {
  const Network spoiled = [](Layers& make, const Expr& x) {
    const Expr h = tanh(make.dense("first", x, 4));
    const Expr z = make.dense("second", h, 3);
    return (z + 100'000'000) - 100'000'000;
  };
  Training<> training(spoiled, waves(10, 2, 3), {.optimiser = GradientDescent{}, .schedule = {.rate = 0.1}});
  training.evaluate();
  const std::vector<double> g(training.evaluated().gradient.begin(), training.evaluated().gradient.end());
  std::vector<Entries<Real>> at;
  for (const auto& x : training.evaluated().inputs) at.emplace_back(x.begin(), x.end());
  const Precision scope(60);
  std::vector<Real> exact;
  const std::vector<Entries<Real>> values = training.evaluated().function(std::span<const Entries<Real>>(at));
  for (std::size_t k = 1; k <= 4; ++k) exact.insert(exact.end(), values[k].begin(), values[k].end());
  const StepAudit audit = audit_step(training);
  CHECK(audit.gradient.least < 9);
  CHECK(audit.gradient.median < 11);
  CHECK(audit.digits_at_50 > 35);
  CHECK(audit.digits_at_50 < 46);
  double least = 20;
  for (std::size_t i = 0; i < g.size(); ++i)
    least = std::min(least, -std::log10(static_cast<double>(abs(Real(g[i]) - exact[i]) / abs(exact[i]))));
  CHECK(audit.gradient.least == doctest::Approx(std::max(least, 0.0)).epsilon(0.02));
  REQUIRE(audit.parameters.size() == 4);
  CHECK(audit.parameters[0].parameter == "first.weight");
  double of_parts = RightDigits::all;
  for (const RightDigits& d : audit.parameters) of_parts = std::min(of_parts, d.least);
  CHECK(of_parts == audit.gradient.least);
}

TEST_CASE("dead and saturated units are named") {
  const Samples s = waves(300, 2, 3);
  for (const auto& [activation, bias, is_dead] :
       {std::tuple("relu", -100.0, true), std::tuple("tanh", 7.0, false), std::tuple("sigmoid", -9.0, false)}) {
    CAPTURE(std::string(activation));
    Training<> training(dense_network(activation), s, {});
    std::vector<double> p(training.parameters().begin(), training.parameters().end());
    CHECK(audit_units(training.network(), p, {}, s).at(0).dead.empty());
    p[10 + 3] = bias;  // of hidden1, which has 5 x 2 weights
    const UnitAudit audit = audit_units(training.network(), p, {}, s).at(0);
    CHECK(audit.layer == "hidden1");
    CHECK(audit.units == 5);
    CHECK(audit.dead == (is_dead ? std::vector<std::size_t>{3} : std::vector<std::size_t>{}));
    CHECK(audit.saturated == (is_dead ? std::vector<std::size_t>{} : std::vector<std::size_t>{3}));
    CHECK(audit.flat_share >= 0.2);
    CHECK(audit.flat_share < 1);
  }
  CHECK(audit_units(DenseNetwork{.hidden = {}, .outputs = 3}.network(), std::vector<double>(9), {}, s).empty());
}
