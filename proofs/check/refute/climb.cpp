#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/refute/climb.hpp>

namespace nabla {

namespace {

constexpr double met = 1e-9;     // an equation that doubles take for satisfied
constexpr int restorations = 4;  // Newton steps onto the equations
constexpr double out_of_reach = 1e300;
constexpr std::size_t most_axes = 40;  // moved one by one

}  // namespace

Climb::Climb(const SearchSpace& space, const Failure& failure)
    : space_(space),
      excess_count_(failure.excess.size()),
      nonnegative_count_(failure.nonnegative.size()),
      zero_count_(failure.zero.size()) {
  std::vector<Expr> outputs = failure.excess;
  outputs.insert(outputs.end(), failure.nonnegative.begin(), failure.nonnegative.end());
  outputs.insert(outputs.end(), failure.zero.begin(), failure.zero.end());
  if (outputs.empty()) outputs.push_back(space.problem().givens.at(0).variable);  // any point will do
  std::vector<Expr> inputs;
  for (const Given& g : space.problem().givens) inputs.push_back(g.variable);
  const Function all(outputs, inputs);
  for (std::size_t k = 0; k < all.output_count(); ++k)
    seeds_.emplace_back(static_cast<std::size_t>(all.output_shape(k).size()), 0.0);
  inputs_.assign(all.inputs().begin(), all.inputs().end());
  run_.emplace(all);
}

/// The gradient of what the seeds weigh, by the axes, at the point of the last run; the seeds are 0 again.
Climb::Vector Climb::swept(Run<double>& run) const {
  const std::vector<std::span<const double>> views(seeds_.begin(), seeds_.end());
  run.reverse(views);
  for (Entries<double>& seed : seeds_) std::ranges::fill(seed, 0.0);
  Vector g;
  for (std::size_t k = 0; k < inputs_.size(); ++k) {
    if (inputs_[k].empty()) {
      g.insert(g.end(), static_cast<std::size_t>(space_.problem().givens[k].variable.shape().size()), 0.0);
    } else {
      const auto adjoint = run.adjoint(inputs_[k].id());
      g.insert(g.end(), adjoint.begin(), adjoint.end());
    }
  }
  return g;
}

Climb::Seen Climb::look(const Vector& z) const {
  Seen seen;
  const Run<double>& run = run_->at(space_.entries_of(z));
  if (excess_count_ > 0) seen.height.excess = -out_of_reach;
  for (std::size_t k = 0; k < excess_count_; ++k) {
    const auto entries = run.output(k);
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (entries[i] > seen.height.excess) {
        seen.height.excess = entries[i];
        seen.output = k;
        seen.entry = i;
      }
  }
  for (std::size_t k = 0; k < nonnegative_count_; ++k)
    for (const double x : run.output(excess_count_ + k)) {
      if (!(x >= 0)) seen.height.outside += std::isnan(x) ? out_of_reach : std::min(-x, out_of_reach);
    }
  for (std::size_t k = 0; k < zero_count_; ++k)
    for (const double x : run.output(excess_count_ + nonnegative_count_ + k)) {
      if (!(std::fabs(x) <= met))
        seen.height.outside += std::isnan(x) ? out_of_reach : std::min(std::fabs(x), out_of_reach);
    }
  if (excess_count_ == 0) seen.height.excess = -seen.height.outside;
  return seen;
}

Climb::Height Climb::at(const Vector& z) const { return look(z).height; }

Climb::Vector Climb::uphill(const Vector& z, const Seen& seen) const {
  Run<double>& run = run_->at(space_.entries_of(z));
  if (excess_count_ > 0 && seen.height.outside == 0) {
    seeds_[seen.output][seen.entry] = 1;
  } else {
    for (std::size_t k = 0; k < nonnegative_count_; ++k) {
      const auto x = run.output(excess_count_ + k);
      for (std::size_t i = 0; i < x.size(); ++i)
        if (!(x[i] >= 0)) seeds_[excess_count_ + k][i] = 1;
    }
    for (std::size_t k = 0; k < zero_count_; ++k) {
      const std::size_t slot = excess_count_ + nonnegative_count_ + k;
      const auto x = run.output(slot);
      for (std::size_t i = 0; i < x.size(); ++i)
        if (!(std::fabs(x[i]) <= met)) seeds_[slot][i] = x[i] > 0 ? -1 : 1;
    }
  }
  return swept(run);
}

/// Newton's method for the equations, one after the other, each along its gradient.
void Climb::onto_equations(Vector& z) const {
  for (int round = 0; round < restorations; ++round) {
    bool moved = false;
    for (std::size_t k = 0; k < zero_count_; ++k) {
      const std::size_t slot = excess_count_ + nonnegative_count_ + k;
      for (std::size_t i = 0; i < std::min<std::size_t>(seeds_[slot].size(), 8); ++i) {
        Run<double>& run = run_->at(space_.entries_of(z));
        const double value = run.output(slot)[i];
        if (std::fabs(value) <= 1e-15 || !std::isfinite(value)) continue;
        seeds_[slot][i] = 1;
        const Vector g = swept(run);
        double squared = 0;
        for (std::size_t a = 0; a < z.size(); ++a)
          if (space_.axes()[a].movable) squared += g[a] * g[a];
        if (!(squared > 0) || !std::isfinite(squared)) continue;
        for (std::size_t a = 0; a < z.size(); ++a)
          if (space_.axes()[a].movable) z[a] -= value * g[a] / squared;
        moved = true;
      }
    }
    if (!moved) return;
    if (!space_.project(z)) return;
  }
}

Climb::Vector Climb::climb(Vector z, int steps, const Budget& budget) const {
  if (!space_.project(z)) return z;
  Seen here = look(z);
  double length = 0.25;
  const auto try_point = [&](Vector candidate) {
    --steps;
    if (!space_.project(candidate)) return false;
    if (zero_count_ > 0) onto_equations(candidate);
    const Seen there = look(candidate);
    if (!there.height.better_than(here.height)) return false;
    z = std::move(candidate);
    here = there;
    return true;
  };
  if (zero_count_ > 0) {
    Vector start = z;
    onto_equations(start);
    try_point(std::move(start));
  }
  int failures = 0;
  while (steps > 0 && failures < 3) {
    budget.check();
    bool improved = false;
    // Along the gradient, scaled by the size of the entries so that large and small ones move alike.
    const Vector g = uphill(z, here);
    double norm = 0;
    for (std::size_t a = 0; a < z.size(); ++a)
      if (space_.axes()[a].movable && std::isfinite(g[a]))
        norm = std::max(norm, std::fabs(g[a]) * (1 + std::fabs(z[a])));
    if (norm > 0 && std::isfinite(norm)) {
      double step = length;
      for (int k = 0; k < 12 && steps > 0; ++k, step /= 4) {
        Vector candidate = z;
        for (std::size_t a = 0; a < z.size(); ++a) {
          if (!space_.axes()[a].movable || !std::isfinite(g[a])) continue;
          const double scale = 1 + std::fabs(z[a]);
          candidate[a] += step * scale * (g[a] * scale / norm);
        }
        if (try_point(std::move(candidate))) {
          length = std::min(step * 4, 1e6);
          improved = true;
          break;
        }
      }
    }
    if (!improved) {
      for (std::size_t a = 0; a < std::min(most_axes, z.size()) && steps > 0; ++a) {
        const SearchSpace::Axis& axis = space_.axes()[a];
        if (!axis.movable) continue;
        if (!axis.values.empty()) {
          for (const double v : axis.values) {
            Vector candidate = z;
            candidate[a] = v;
            if (v != z[a] && try_point(std::move(candidate))) improved = true;
          }
          continue;
        }
        for (const double factor : {length, -length, length / 64, -length / 64}) {
          Vector candidate = z;
          candidate[a] += factor * (1 + std::fabs(z[a]));
          if (try_point(std::move(candidate))) {
            improved = true;
            break;
          }
        }
      }
      length = improved ? length * 2 : length / 8;
    }
    failures = improved ? 0 : failures + 1;
    if (length < 1e-14) break;
  }
  return z;
}

}  // namespace nabla
