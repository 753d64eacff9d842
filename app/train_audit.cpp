#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nabla/app/command.hpp>
#include <nabla/app/train_audit.hpp>
#include <nabla/engine/train/table.hpp>

namespace nabla::app {

namespace {

/// "[3, 2]", the place of an entry.
std::string place_text(const Shape& shape, std::size_t entry) {
  std::string text;
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    const auto extent = static_cast<std::size_t>(shape[axis]);
    text = std::to_string(entry % extent + 1) + (text.empty() ? "" : ", ") + text;
    entry /= extent;
  }
  return "[" + text + "]";
}

std::string digits_text(double digits) { return digits == RightDigits::all ? "all" : fmt::format("{:.1f}", digits); }

std::string digits_line(const std::string& name, const RightDigits& d, bool has_place) {
  std::string text = fmt::format("    {:<24} {:>8} {:>7} {:>12} {:>8}", name, d.shape.size(), digits_text(d.least),
                                 has_place ? place_text(d.shape, d.least_at) : "", digits_text(d.median));
  if (d.open > 0) text += fmt::format("   {} open", d.open);
  return text + "\n";
}

std::string smoothness_text(const SegmentCurvature& c) {
  std::string text = fmt::format("at least {:.4g}, ", c.smooth_least);
  if (std::isfinite(c.smooth_most)) return text + fmt::format("at most {:.4g}", c.smooth_most);
  text += "no upper bound: " + c.why_no_most;
  constexpr std::size_t most_named = 6;
  for (std::size_t k = 0; k < std::min(most_named, c.switched.size()); ++k)
    text += (k == 0 ? ": " : ", ") + c.switched[k];
  if (c.switched.size() > most_named) text += fmt::format(" and {} more", c.switched.size() - most_named);
  return text;
}

std::string descent_text(const SegmentCurvature& c) {
  using D = SegmentCurvature::Descent;
  switch (c.descent()) {
    case D::obeyed_by_least:
      return fmt::format("obeyed; it needs L >= {:.4g}, no more than the least that L can be", c.needed_most);
    case D::obeyed_by_most:
      return fmt::format("obeyed with L = {:.4g}; it needs L >= {:.4g}", c.smooth_most, c.needed_most);
    case D::not_by_least:
      return fmt::format("needs L >= {:.4g}, more than the gradient's differences show", c.needed_least);
    case D::open:
      break;
  }
  return "left open by the enclosures";
}

std::string units_text(std::span<const std::size_t> units) {
  std::string text;
  constexpr std::size_t most_named = 12;
  for (std::size_t k = 0; k < std::min(most_named, units.size()); ++k)
    text += (k == 0 ? " " : ", ") + std::to_string(units[k] + 1);
  if (units.size() > most_named) text += fmt::format(" and {} more", units.size() - most_named);
  return text;
}

}  // namespace

std::string describe_audit(const StepAudit& a) {
  std::string text = fmt::format("audit of step {}, {} samples, objective {:.6g} -> {:.6g}\n", a.step + 1, a.rows,
                                 a.objective_before, a.objective_after);
  text += fmt::format("    {:<24} {:>8} {:>7} {:>12} {:>8}\n", "right digits of gradient", "entries", "least", "at",
                      "median");
  for (const RightDigits& d : a.parameters) text += digits_line(d.parameter, d, true);
  text += digits_line("all", a.gradient, false);
  text += fmt::format("  of its norm {}; computed at 50 digits {:.1f}; both by balls\n", digits_text(a.norm_digits),
                      a.digits_at_50);
  const SegmentCurvature& c = a.curvature;
  text += fmt::format("  step s               |s| = {:.4g}, <g, s> = {:.4g}, curvature s'Hs / s's = {:.4g}\n",
                      a.step_norm, a.slope, c.at_start);
  text += "  smoothness on it     L " + smoothness_text(c) + "\n";
  return text + "  descent lemma (18)   " + descent_text(c) + "\n";
}

std::string describe_units(std::span<const UnitAudit> audits) {
  std::string text;
  for (const UnitAudit& a : audits) {
    text += fmt::format("units of {} ({}): ", a.layer, a.function);
    text += a.dead.empty() ? "none dead" : fmt::format("{} of {} dead:{}", a.dead.size(), a.units, units_text(a.dead));
    if (!a.saturated.empty()) text += fmt::format("; {} saturated:{}", a.saturated.size(), units_text(a.saturated));
    text += fmt::format("; flat on {:.1f} % of units and samples\n", 100 * a.flat_share);
  }
  return text;
}

std::vector<std::int64_t> steps_to_audit(const std::string& list, std::int64_t first, std::int64_t steps) {
  std::vector<std::int64_t> chosen;
  if (list.empty()) {
    if (first < steps) chosen = {first, (first + steps) / 2, steps - 1};
  } else {
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t comma = std::min(list.find(',', at), list.size());
      const std::optional<double> number = number_in(list.substr(at, comma - at));
      if (!number || *number < 1 || *number > 1e15 || std::floor(*number) != *number)
        throw UsageError("--audit-steps takes numbers of steps from 1, as in 1,100,800; not '" + list + "'");
      if (*number > static_cast<double>(steps))
        throw UsageError(fmt::format("--audit-steps {}: there are {} steps", list, steps));
      chosen.push_back(static_cast<std::int64_t>(*number) - 1);
      at = comma + 1;
    }
  }
  std::ranges::sort(chosen);
  const auto repeated = std::ranges::unique(chosen);
  chosen.erase(repeated.begin(), repeated.end());
  return chosen;
}

}  // namespace nabla::app
