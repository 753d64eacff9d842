#include <algorithm>
#include <nabla/proofs/check/inequality/prover.hpp>

namespace nabla::inequality {

namespace {

constexpr std::size_t most_boxes = 6000;

Expr partial(const Expr& g, const Expr& x) { return gradient(g, x); }

/// The region with a given's ends open: its interior in that direction.
Problem interior(Problem region, std::size_t k) {
  RealSet& set = region.givens[k].set.entries;
  set.lo_closed = set.hi_closed = false;
  return region;
}

/// The region with a given fixed at a value that its set need not hold.
Problem fixed_at(const Problem& region, std::size_t k, const Expr& value) {
  Problem face = substituted(region, region.givens[k].variable.ref().id(), value);
  RealSet single;
  single.elements = {value};
  face.givens[k].set.entries = single;
  return face;
}

}  // namespace

Proof Prover::split_region(const Problem& region, const Expr& g, bool strict, int depth, std::size_t k, const Expr& at,
                           Without open) {
  auto below = prove(with_end(region, k, false, at, open != Without::below), g, strict, depth + 1);
  if (!below) return std::nullopt;
  auto above = prove(with_end(region, k, true, at, open != Without::above), g, strict, depth + 1);
  if (!above) return std::nullopt;
  Json made{{"rule", "split"}, {"variable", k}, {"at", encoded(region, at)}, {"below", *below}, {"above", *above}};
  if (open != Without::neither) made["open"] = open == Without::below ? "below" : "above";
  return made;
}

/// g grows away from an end at which it has the sign. Needs g continuous up to that end and differentiable inside.
Proof Prover::by_monotonicity(const Problem& whole, const Expr& g, bool strict, int depth, std::size_t k,
                              bool increasing) {
  // What is shown of the derivative and of the end must hold for every value of the variable.
  Problem region = whole;
  const NodeId moving = whole.givens[k].variable.ref().id();
  std::erase_if(region.hypotheses, [&](const Statement& h) {
    return variables_of(h.sides[0]).contains(moving) || variables_of(h.sides[1]).contains(moving);
  });
  const Given& given = region.givens[k];
  const RealSet& set = given.set.entries;
  const Expr end = increasing ? set.lo : set.hi;
  const bool closed = increasing ? set.lo_closed : set.hi_closed;
  if (set.is_finite() || end.empty() || !variables_of(end).empty()) return std::nullopt;
  const Expr slope = partial(g, given.variable);
  const Problem inside = interior(region, k);
  try {
    const Expr targets[] = {g, slope};
    Ranges ranges(region, targets);
    spend(2 * ranges.size());
    ranges.run(wellposed::box_of(inside));
    if (!ranges.complete() || !ranges.is_regular(g, wellposed::Want::differentiable) || !ranges.is_defined(slope))
      return std::nullopt;
    ranges.run(wellposed::box_of(with_end(region, k, increasing, end, true)));
    if (!ranges.complete() || !ranges.is_regular(g, wellposed::Want::continuous)) return std::nullopt;
  } catch (const NotHandled&) {
    return std::nullopt;
  }
  const NodeId v = given.variable.ref().id();
  const Expr at_end = substituted(g, {{v, end}});
  const Problem face = fixed_at(region, k, end);
  const WorkspaceScope scope(region.workspace);
  const Expr growth = increasing ? slope : -slope;
  // Strictly above 0 either from the start, or by growing strictly away from an end that is not attained.
  for (const bool from_start : {true, false}) {
    if (!from_start && (!strict || closed)) break;
    auto at = prove(face, at_end, strict && from_start, depth + 1);
    if (!at) continue;
    auto inner = prove(inside, growth, strict && !from_start, depth + 1);
    if (!inner) continue;
    return Json{{"rule", "monotone"}, {"variable", k}, {"increasing", increasing},
                {"slope", *inner},    {"face", *at},   {"strict_slope", strict && !from_start}};
  }
  return std::nullopt;
}

/// One variable: contacts at exact points are split off, near them g grows away from 0; the rest is for boxes.
Proof Prover::by_contact(const Problem& region, const Expr& g, bool strict, int depth, std::size_t k) {
  spend(1500);  // a few hundred points, and normal forms at what may be contacts
  const Expr x = region.givens[k].variable;
  const NodeId v = x.ref().id();
  const RealSet& set = region.givens[k].set.entries;
  const Expr slope = partial(g, x);
  const Expr outputs[] = {g, slope};
  Sampler sampler(region, outputs);
  struct Seen {
    double x, y, d;
  };
  std::vector<Seen> seen;
  for (const auto& p : sampler.points()) {
    const auto& y = sampler.at(p);
    // A slope past the range of doubles says nothing.
    const double d = std::isfinite(y[1]) ? y[1] : std::numeric_limits<double>::quiet_NaN();
    if (std::isfinite(y[0])) seen.push_back({p[k], y[0], d});
  }
  if (seen.size() < 3) return by_boxes(region, g, strict, most_boxes);
  std::ranges::sort(seen, {}, &Seen::x);
  const auto slope_at = [&](double at) {
    std::vector<double> p(region.givens.size(), 0.0);
    p[k] = at;
    return sampler.at(p)[1];
  };
  // Inside: where the slope turns from falling to rising and g is near 0.
  for (std::size_t i = 0; i + 1 < seen.size(); ++i) {
    double a = seen[i].x, b = seen[i + 1].x;
    if (!(seen[i].d <= 0 && seen[i + 1].d >= 0)) continue;
    if (std::min(seen[i].y, seen[i + 1].y) > 0.1 + 0.5 * std::fabs(b - a) * (1 + std::fabs(seen[i].d))) continue;
    for (int n = 0; n < 200 && b > a; ++n) {
      const double m = a + (b - a) / 2;
      if (m <= a || m >= b) break;
      (slope_at(m) < 0 ? a : b) = m;
    }
    for (const double near : {a, b, seen[i].x, seen[i + 1].x})
      for (const Expr& at : simple_constants_near(region.workspace, near)) {
        const double c = sampler.constant(at);
        if (!(c > sampler.lo(k) && c < sampler.hi(k))) continue;
        if (strict || !is_zero(region, substituted(g, {{v, at}}))) continue;
        return split_region(region, g, strict, depth, k, at);
      }
  }
  // All of one growth.
  const bool rises = std::ranges::all_of(seen, [](const Seen& s) { return !(s.d < 0); });
  const bool falls = std::ranges::all_of(seen, [](const Seen& s) { return !(s.d > 0); });
  if (rises)
    if (auto p = set.lo.empty() ? by_tail(region, g, strict, depth, k, false)
                                : by_monotonicity(region, g, strict, depth, k, true))
      return p;
  if (falls)
    if (auto p = set.hi.empty() ? by_tail(region, g, strict, depth, k, true)
                                : by_monotonicity(region, g, strict, depth, k, false))
      return p;
  // A contact at an end: the part next to it by growth, the rest by itself.
  for (const bool lower : {true, false}) {
    const Expr& end = lower ? set.lo : set.hi;
    if (end.empty() || !is_zero(region, substituted(g, {{v, end}}))) continue;
    const double from = sampler.constant(end);
    double to = lower ? seen.back().x : seen.front().x;
    for (const Seen& s : seen)
      if (lower ? s.d < 0 : s.d > 0) to = lower ? std::min(to, s.x) : std::max(to, s.x);
    for (const int part : {1, 3, 6}) {
      const double at = from + std::ldexp(to - from, -part);
      const float cut = static_cast<float>(at);
      if (!(lower ? cut > from : cut < from)) break;
      const Expr c(to_constant(Number<Rational>::of(Constant::dyadic(cut))));
      const Problem near = with_end(region, k, !lower, c, true);
      auto p = by_monotonicity(near, g, strict, depth + 1, k, lower);
      if (!p) continue;
      auto q = prove(with_end(region, k, lower, c, true), g, strict, depth + 1);
      if (!q) return std::nullopt;
      return Json{{"rule", "split"},
                  {"variable", k},
                  {"at", encoded(region, c)},
                  {"below", lower ? *p : *q},
                  {"above", lower ? *q : *p}};
    }
    return std::nullopt;
  }
  // What is left of a whole number beyond the last turn of g, and the rest.
  const auto cut_off = [&](bool upper, bool rising, const auto& prove_tail) -> Proof {
    double turn = 0;
    for (const Seen& at : seen)
      if (rising ? at.d < 0 : at.d > 0) turn = upper ? std::max(turn, at.x) : std::min(turn, at.x);
    if (std::fabs(turn) > 1e6) return std::nullopt;
    const Expr c = Expr(static_cast<std::int64_t>(upper ? std::ceil(turn) + 1 : std::floor(turn) - 1));
    const double cut = sampler.constant(c);
    if (!(cut > sampler.lo(k) && cut < sampler.hi(k))) return std::nullopt;
    const Proof far = prove_tail(with_end(region, k, upper, c, true));
    if (!far) return std::nullopt;
    const Proof near = prove(with_end(region, k, !upper, c, true), g, strict, depth + 1);
    if (!near) return std::nullopt;
    return Json{{"rule", "split"},
                {"variable", k},
                {"at", encoded(region, c)},
                {"below", upper ? *near : *far},
                {"above", upper ? *far : *near}};
  };
  const auto falling = [&](bool upper) {
    return cut_off(upper, !upper, [&](const Problem& tail) { return by_tail(tail, g, strict, depth + 1, k, upper); });
  };
  // A contact at infinity.
  for (const bool upper : {true, false}) {
    if (!(upper ? set.hi : set.lo).empty()) continue;
    const auto limit = limit_at(region, g, k, upper);
    if (limit && is_zero(region, *limit))
      if (auto p = falling(upper)) return p;
  }
  if (auto p = by_boxes(region, g, strict, most_boxes)) return p;
  for (const bool upper : {true, false}) {
    if (!(upper ? set.hi : set.lo).empty()) continue;
    const auto growing = [&](const Problem& tail) {
      Proof far = by_monotonicity(tail, g, strict, depth + 1, k, upper);
      if (!far) far = by_error_function(tail, g, strict, depth + 1);
      if (!far) far = by_reciprocal(tail, g, strict, depth + 1, k);
      return far;
    };
    if (auto p = cut_off(upper, upper, growing)) return p;
    if (auto p = falling(upper)) return p;
  }
  // Next to an end that is left out, where a function may be unbounded, g falls away from it.
  for (const bool lower : {true, false}) {
    const Expr& end = lower ? set.lo : set.hi;
    if (end.empty() || (lower ? set.lo_closed : set.hi_closed)) continue;
    const double from = sampler.constant(end);
    double to = lower ? seen.back().x : seen.front().x;
    for (const Seen& s : seen)
      if (lower ? s.d > 0 : s.d < 0) to = lower ? std::min(to, s.x) : std::max(to, s.x);
    const float cut = static_cast<float>(from + (to - from) / 2);
    if (!(lower ? cut > from : cut < from)) continue;
    const Expr c(to_constant(Number<Rational>::of(Constant::dyadic(cut))));
    const auto near = by_monotonicity(with_end(region, k, !lower, c, true), g, strict, depth + 1, k, !lower);
    if (!near) continue;
    const auto rest = prove(with_end(region, k, lower, c, true), g, strict, depth + 1);
    if (!rest) return std::nullopt;
    return Json{{"rule", "split"},
                {"variable", k},
                {"at", encoded(region, c)},
                {"below", lower ? *near : *rest},
                {"above", lower ? *rest : *near}};
  }
  return std::nullopt;
}

Proof Prover::by_calculus(const Problem& region, const Expr& g, bool strict, int depth) {
  spend(500);
  const std::set<NodeId> among = variables_of(g);
  if (among.empty()) return constant(region, g, strict);
  std::vector<std::size_t> variables;
  std::vector<Expr> outputs{g};
  for (const NodeId v : among) {
    const auto k = given_of(region, v);
    if (!k || region.givens[*k].set.entries.is_finite()) return std::nullopt;
    variables.push_back(*k);
    outputs.push_back(partial(g, region.givens[*k].variable));
  }
  Sampler sampler(region, outputs);
  std::vector<bool> rises(variables.size(), true), falls(variables.size(), true);
  for (const auto& p : sampler.points()) {
    const auto& y = sampler.at(p);
    if (y[0] < seen_negative && region.hypotheses.empty() && is_negative_at(region, g, p)) return std::nullopt;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (!std::isfinite(y[i + 1])) continue;  // past the range of doubles
      if (y[i + 1] < 0) rises[i] = false;
      if (y[i + 1] > 0) falls[i] = false;
    }
  }
  if (auto p = by_period(region, g, strict, depth)) return *p;
  if (!region.hypotheses.empty() && seen_to_fail(region, g)) return std::nullopt;
  if (variables.size() == 1) return by_contact(region, g, strict, depth, variables[0]);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (rises[i])
      if (auto p = by_monotonicity(region, g, strict, depth, variables[i], true)) return p;
    if (falls[i])
      if (auto p = by_monotonicity(region, g, strict, depth, variables[i], false)) return p;
  }
  if (auto p = by_order(region, g, strict, depth)) return p;
  for (const std::size_t k : variables)
    if (auto p = by_least_value(region, g, strict, depth, k)) return p;
  return by_boxes(region, g, strict, most_boxes);
}

}  // namespace nabla::inequality
