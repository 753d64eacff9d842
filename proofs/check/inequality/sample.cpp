#include <algorithm>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>
#include <nabla/proofs/check/point.hpp>

// What only guides the search: values in doubles, and guesses of exact constants.

namespace nabla::inequality {

double Sampler::constant(const Expr& e) {
  const Precision scope(20);
  const auto ball = constant_ball(e);
  return ball && ball->is_finite() ? ball->approximate() : std::numeric_limits<double>::quiet_NaN();
}

Sampler::Sampler(const Problem& region, std::span<const Expr> outputs) {
  const double infinity = std::numeric_limits<double>::infinity();
  std::set<NodeId> among;
  for (const Expr& e : outputs) among.merge(variables_of(e));
  std::vector<Expr> inputs;
  for (std::size_t k = 0; k < region.givens.size(); ++k) {
    const RealSet& set = region.givens[k].set.entries;
    const auto end = [&](const Expr& e, double open) {
      if (e.empty()) return open;
      const double x = constant(e);
      return std::isfinite(x) ? x : open;
    };
    lo_.push_back(end(set.lo, -infinity));
    hi_.push_back(end(set.hi, infinity));
    if (!among.contains(region.givens[k].variable.ref().id())) continue;
    inputs_.push_back(k);
    inputs.push_back(region.givens[k].variable);
  }
  function_ = std::make_unique<Function>(outputs, inputs);
  values_.resize(outputs.size());
}

const std::vector<double>& Sampler::at(const std::vector<double>& point) {
  std::vector<Entries<double>> x;
  for (const std::size_t k : inputs_) x.push_back({point[k]});
  if (!run_) run_.emplace(*function_);
  const Run<double>& run = run_->at(x);
  for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = run.output(i).empty() ? 0 : run.output(i)[0];
  return values_;
}

std::vector<std::vector<double>> Sampler::points() const {
  const auto line = [&](std::size_t k, int fineness) {
    std::vector<double> xs;
    const double lo = lo_[k], hi = hi_[k];
    if (std::isfinite(lo) && std::isfinite(hi)) {
      for (int i = 1; i < 8 * fineness; ++i) xs.push_back(lo + (hi - lo) * i / (8 * fineness));
      for (int e = 5; e < 5 * fineness; e += 4) {
        xs.push_back(lo + std::ldexp(hi - lo, -e));
        xs.push_back(hi - std::ldexp(hi - lo, -e));
      }
    } else {
      const double from = std::isfinite(lo) ? lo : std::isfinite(hi) ? hi : 0;
      for (const double sign : {1.0, -1.0}) {
        if ((sign > 0 && std::isfinite(hi)) || (sign < 0 && std::isfinite(lo))) continue;
        for (int i = 1; i <= 6 * fineness; ++i) xs.push_back(from + sign * 4 * i / (6 * fineness));
        for (int e = -12; e <= 10; e += fineness > 1 ? 1 : 4) xs.push_back(from + sign * std::ldexp(1.0, e));
        if (fineness > 1)
          for (int i = 1; i <= 40; ++i) xs.push_back(from + sign * 0.7 * i);
      }
      if (!std::isfinite(lo) && !std::isfinite(hi)) xs.push_back(0);
    }
    std::ranges::sort(xs);
    xs.erase(std::unique(xs.begin(), xs.end()), xs.end());
    return xs;
  };
  std::vector<std::vector<double>> all;
  const std::vector<double> origin(lo_.size(), 0.0);
  if (inputs_.size() == 1) {
    for (const double x : line(inputs_[0], 8)) {
      all.push_back(origin);
      all.back()[inputs_[0]] = x;
    }
    return all;
  }
  // Points of a lattice (Halton 1960) on the lines' own scales.
  std::vector<std::vector<double>> lines;
  for (const std::size_t k : inputs_) lines.push_back(line(k, 1));
  constexpr int primes[] = {2, 3, 5, 7, 11, 13, 17, 19};
  for (int n = 1; n <= 400; ++n) {
    all.push_back(origin);
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      double f = 1, r = 0;
      for (int j = n, b = primes[i % 8]; j > 0; j /= b) {
        f /= b;
        r += f * (j % b);
      }
      all.back()[inputs_[i]] = lines[i][static_cast<std::size_t>(r * static_cast<double>(lines[i].size()))];
    }
  }
  return all;
}

namespace {

/// The simplest fraction within `tolerance` of x, by continued fractions; nothing with a denominator above 1000.
std::optional<Rational> simple_fraction(double x, double tolerance) {
  double rest = x;
  std::int64_t p0 = 1, q0 = 0, p1 = static_cast<std::int64_t>(std::floor(x)), q1 = 1;
  if (!(std::fabs(x) < 1e6)) return std::nullopt;
  for (int n = 0; n < 20; ++n) {
    if (std::fabs(x - static_cast<double>(p1) / static_cast<double>(q1)) <= tolerance) return Rational(p1, q1);
    const double part = rest - std::floor(rest);
    if (part < 1e-12) return std::nullopt;
    rest = 1 / part;
    const auto a = static_cast<std::int64_t>(std::floor(rest));
    const std::int64_t p2 = a * p1 + p0, q2 = a * q1 + q0;
    if (q2 > 1000) return std::nullopt;
    p0 = p1;
    q0 = q1;
    p1 = p2;
    q1 = q2;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Expr> simple_constants_near(const std::shared_ptr<Workspace>& workspace, double x) {
  const WorkspaceScope scope(workspace);
  const double tolerance = 1e-7 * (1 + std::fabs(x));
  std::vector<Expr> found;
  const auto rational = [](const Rational& r) { return Expr(to_constant(r)); };
  const auto size_of = [](const Rational& r) { return abs(numerator(r)) + denominator(r); };
  if (const auto r = simple_fraction(x, tolerance)) found.push_back(rational(*r));
  if (const auto r = simple_fraction(x * x, tolerance); r && r->sign() > 0 && size_of(*r) < 200) {
    const Expr root = sqrt(rational(*r));
    found.push_back(x < 0 ? -root : root);
  }
  if (x > 0)
    if (const auto r = simple_fraction(std::log(x), tolerance); r && size_of(*r) < 60)
      found.push_back(exp(rational(*r)));
  if (std::fabs(x) < 20)
    if (const auto r = simple_fraction(std::exp(x), tolerance * 10); r && r->sign() > 0 && size_of(*r) < 200)
      found.push_back(log(rational(*r)));
  constexpr double pi = 3.14159265358979323846;
  if (const auto r = simple_fraction(x / pi, tolerance); r && size_of(*r) < 60)
    found.push_back(rational(*r) * Expr(Constant::pi()));
  return found;
}

}  // namespace nabla::inequality
