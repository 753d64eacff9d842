#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/train/unit_audit.hpp>

namespace nabla {

std::vector<UnitAudit> audit_units(const Network& network, std::span<const double> parameters,
                                   std::span<const double> statistics, const Samples& samples) {
  const std::size_t rows = std::min<std::size_t>(samples.count(), 256);
  const BatchFunction made = activation_function(network, rows, samples.features, Layers::Mode::prediction);
  const std::span<const Layers::Activation> activations = made.layers.activations();
  std::vector<UnitAudit> audits;
  std::vector<std::vector<bool>> is_never_on, is_always_flat;
  std::vector<std::size_t> flat_pairs(activations.size(), 0);
  for (const Layers::Activation& a : activations) {
    const Shape& shape = a.input.shape();
    audits.push_back({a.layer, a.function, static_cast<std::size_t>(shape[shape.rank() - 1]), {}, {}, 0});
    is_never_on.emplace_back(audits.back().units, true);
    is_always_flat.emplace_back(audits.back().units, true);
  }
  if (audits.empty()) return audits;

  std::vector<Entries<double>> at;
  const auto take = [&at](std::span<const double>& from, const Shape& shape) {
    const auto n = static_cast<std::size_t>(shape.size());
    at.emplace_back(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(n));
    from = from.subspan(n);
  };
  for (const Parameter& p : made.layers.parameters()) take(parameters, p.variable.shape());
  for (const Statistic& s : made.layers.statistics()) take(statistics, s.shape);
  at.emplace_back(rows * samples.features);
  for (std::size_t first = 0; first < samples.count(); first += rows) {
    const std::size_t count = std::min(rows, samples.count() - first);  // what is left over stays from before
    std::copy_n(samples.x.begin() + static_cast<std::ptrdiff_t>(first * samples.features), count * samples.features,
                at.back().begin());
    const Run<double> run = made.function.run<double>(at);
    for (std::size_t k = 0; k < audits.size(); ++k) {
      const std::size_t units = audits[k].units;
      const std::span<const double> slopes = run.output(2 * k + 1);
      for (std::size_t i = 0; i < count * units; ++i) {
        const bool is_flat = std::abs(slopes[i]) < UnitAudit::flat;
        if (slopes[i] != 0) is_never_on[k][i % units] = false;
        if (!is_flat) is_always_flat[k][i % units] = false;
        flat_pairs[k] += is_flat ? 1 : 0;
      }
    }
  }
  for (std::size_t k = 0; k < audits.size(); ++k) {
    UnitAudit& audit = audits[k];
    for (std::size_t unit = 0; unit < audit.units; ++unit) {
      if (is_never_on[k][unit]) {
        audit.dead.push_back(unit);
      } else if (is_always_flat[k][unit]) {
        audit.saturated.push_back(unit);
      }
    }
    audit.flat_share = static_cast<double>(flat_pairs[k]) / static_cast<double>(audit.units * samples.count());
  }
  return audits;
}

}  // namespace nabla
