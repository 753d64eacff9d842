#include <algorithm>
#include <cmath>
#include <limits>
#include <nabla/engine/calculus/dependence.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nabla/proofs/check/point.hpp>
#include <nabla/proofs/check/quadrature/prover.hpp>
#include <nabla/proofs/claim/mentions.hpp>

namespace nabla::quadrature {

namespace {

constexpr int most_steps_inside = 8;
constexpr std::size_t most_samples = 40;
constexpr double contact = 1e-9;
constexpr Effort of_box{.bits = 96, .order = 6, .most_cells = 16, .error = 1e-7};

/// A constant expression, enclosed.
Interval end_of(const Expr& e, double otherwise) {
  if (e.empty()) return Interval::point(otherwise);
  const auto value = constant_ball(e);
  return value && value->is_finite() ? Interval::of_ball(*value) : Interval::whole();
}

}  // namespace

Box box_of(const Problem& region) {
  constexpr double far = std::numeric_limits<double>::infinity();
  Box box;
  for (const Given& g : region.givens) {
    const RealSet& set = g.set.entries;
    if (!g.set.shape.is_scalar() || g.set.kind != Set::Kind::entries) {
      box.push_back(Interval::whole());
    } else if (set.is_finite()) {
      Interval all = end_of(set.elements[0], 0);
      for (const Expr& e : set.elements) all = Number<Interval>::hull(all, end_of(e, 0));
      box.push_back(all);
    } else {
      const double lo = set.lo.empty() ? -far : end_of(set.lo, 0).lo, hi = set.hi.empty() ? far : end_of(set.hi, 0).hi;
      box.push_back(Interval(lo, hi));
    }
  }
  return box;
}

Prover::Prover(const Problem& problem, const Budget& budget)
    : problem_(problem),
      budget_(budget),
      calculus_(problem.workspace, problem.integrals),
      quadrature_(problem, problem.integrals, budget) {
  for (std::size_t k = 0; k < problem.givens.size(); ++k)
    for (const ParametricIntegral& i : problem.integrals)
      if (same(problem.givens[k].variable, i.value) || same(problem.givens[k].variable, i.inside)) bound_.insert(k);
}

std::vector<std::size_t> Prover::variables(const Expr& g) const {
  std::vector<std::size_t> result;
  const std::vector<std::size_t> read = calculus_.read_by(g);
  for (std::size_t k = 0; k < problem_.givens.size(); ++k) {
    if (bound_.contains(k)) continue;
    const Expr& x = problem_.givens[k].variable;
    bool depends = depends_on(g, x);
    for (const std::size_t i : read) depends = depends || depends_on(calculus_.integrals()[i].density, x);
    if (depends) result.push_back(k);
  }
  return result;
}

std::vector<Ball> Prover::values(std::span<const Expr> expressions, const Box& box, const Effort& effort) {
  const auto& all = calculus_.integrals();
  for (std::size_t k = 0; k < all.size(); ++k) quadrature_.add(all[k]);
  const Precision precision = Precision::of_bits(effort.bits);
  Quadrature::At at;
  for (std::size_t k = 0; k < problem_.givens.size(); ++k) {
    const auto n = static_cast<std::size_t>(problem_.givens[k].variable.shape().size());
    const bool known = n == 1 && box[k].is_finite() && !box[k].is_empty();
    at.emplace_back(n, known ? Ball::of_ends(box[k].lo, box[k].hi) : Ball::indeterminate());
  }
  return quadrature_.values(expressions, at, effort);
}

bool Prover::is_regular(const Expr& g, std::size_t given, const Box& box) {
  const Expr& x = problem_.givens[given].variable;
  std::vector<Expr> inputs;
  std::vector<Entries<Interval>> at;
  for (std::size_t k = 0; k < problem_.givens.size(); ++k) {
    const auto n = static_cast<std::size_t>(problem_.givens[k].variable.shape().size());
    inputs.push_back(problem_.givens[k].variable);
    at.emplace_back(n, box[k]);
  }
  const auto& integrals = calculus_.integrals();
  for (const ParametricIntegral& i : integrals) {
    if (std::ranges::any_of(inputs, [&](const Expr& e) { return same(e, i.value); })) continue;
    inputs.push_back(i.value);
    at.push_back({Interval::whole()});
  }
  const auto regular_there = [&](const Expr& e, bool bounded) {
    if (!e.ref().is_node()) return true;
    Rerun<Interval> rerun(Function(std::span(&e, 1), inputs));
    const Run<Interval>& run = rerun.at(at);
    std::vector<Dependents> moving{Dependents(e, x)};
    for (const ParametricIntegral& i : integrals)
      if (depends_on(e, i.value)) moving.emplace_back(e, i.value);
    const auto moves = [&](NodeId id) {
      return std::ranges::any_of(moving, [&](const Dependents& d) { return d(Ref::node(id)); });
    };
    for (const NodeId id : run.plan().nodes()) {
      const bool must = moves(id);
      for (const Interval& value : run.value(Ref::node(id)))
        if (value.is_empty() || (must && !value.total) || (!must && bounded && !value.is_finite())) return false;
      if (must && !takes_one_branch(run, id)) return false;
    }
    return std::ranges::none_of(run.kinks(), [&](const Kink& k) { return moves(k.node); });
  };
  if (!regular_there(g, false)) return false;
  for (const std::size_t k : calculus_.read_by(g))
    if (!regular_there(integrals[k].density, true)) return false;
  return true;
}

bool Prover::is_total(std::size_t integral, const Box& box) const {
  const ParametricIntegral& of = calculus_.integrals()[integral];
  if (!of.density.ref().is_node()) return true;
  std::vector<Expr> inputs;
  std::vector<Entries<Interval>> at;
  for (std::size_t k = 0; k < problem_.givens.size(); ++k) {
    const Expr& x = problem_.givens[k].variable;
    inputs.push_back(x);
    at.emplace_back(static_cast<std::size_t>(x.shape().size()), same(x, of.inside) ? Interval(0.0, 1.0) : box[k]);
  }
  Rerun<Interval> rerun(Function(std::span(&of.density, 1), inputs));
  const Run<Interval>& run = rerun.at(at);
  return std::ranges::all_of(run.plan().nodes(), [&](NodeId id) {
    return std::ranges::all_of(run.value(Ref::node(id)), [](const Interval& x) { return x.total && !x.is_empty(); });
  });
}

bool Prover::exist(const Problem& region, const Expr& g) {
  constexpr std::size_t most_boxes = 32;
  const Box all = box_of(region);
  for (const std::size_t k : calculus_.read_by(g)) {
    const ParametricIntegral& of = calculus_.integrals()[k];
    if (is_total(k, all)) continue;
    const std::vector<std::size_t> moving = variables(of.value);
    if (std::ranges::any_of(moving, [&](std::size_t v) { return !all[v].is_finite(); })) return false;
    std::vector<Box> open{all};
    for (std::size_t done = 0; !open.empty(); ++done) {
      if (done >= most_boxes) return false;
      const Box box = std::move(open.back());
      open.pop_back();
      if (values({&of.value, 1}, box, quick)[0].is_finite()) continue;
      if (moving.empty()) return false;
      const std::size_t widest = *std::ranges::max_element(moving, {}, [&](std::size_t v) { return box[v].width(); });
      for (const bool lower : {true, false}) {
        open.push_back(box);
        Interval& x = open.back()[widest];
        x = lower ? Interval(x.lo, x.mid()) : Interval(x.mid(), x.hi);
      }
    }
  }
  return true;
}

std::optional<double> Prover::sampled_least(const Problem& region, const Expr& g) {
  const Box box = box_of(region);
  std::vector<Box> points{box};
  for (const std::size_t k : variables(g)) {
    if (!problem_.givens[k].variable.shape().is_scalar()) return std::nullopt;
    std::vector<double> at;
    const Interval x = box[k];
    if (x.is_finite()) {
      for (const double t : {0.0, 1.0, 0.5, 0.0625, 0.9})
        at.push_back(std::clamp(x.lo + t * (x.hi - x.lo), x.lo, x.hi));
    } else if (std::isfinite(x.lo)) {
      for (const double t : {0.0, 0.25, 1.0, 5.0}) at.push_back(x.lo + t);
    } else if (std::isfinite(x.hi)) {
      for (const double t : {0.0, 0.25, 1.0, 5.0}) at.push_back(x.hi - t);
    } else {
      at = {0, -1, 1, 0.25, 5, -5};
    }
    std::vector<Box> more;
    for (const Box& p : points)
      for (const double t : at) {
        if (more.size() >= most_samples) break;
        more.push_back(p);
        more.back()[k] = Interval::point(t);
      }
    points = std::move(more);
  }
  std::optional<double> least;
  for (const Box& p : points) {
    budget_.check();
    const Ball value = values({&g, 1}, p, quick)[0];
    if (value.is_finite()) least = std::min(least.value_or(value.upper_double()), value.upper_double());
  }
  return least;
}

Proof Prover::prove(const Problem& region, const Expr& g, bool strict, int depth) {
  budget_.check();
  if (!calculus_.reads(g)) return without_integrals(region, g, strict);
  if (depth > most_steps_inside || steps_ <= 0) return std::nullopt;
  if (variables(g).empty()) {
    if (auto p = constant(g, strict)) return p;
    return under_the_sign(region, g, strict);
  }
  const auto least = sampled_least(region, g);
  if (least && *least < 0 && region.hypotheses.empty()) return std::nullopt;
  if (auto p = under_the_sign(region, g, strict)) return p;
  if (least && *least > contact)
    if (auto p = by_boxes(region, g, strict)) return p;
  return by_monotonicity(region, g, strict, depth);
}

Proof Prover::without_integrals(const Problem& region, const Expr& g, bool strict) {
  std::int64_t steps = std::min<std::int64_t>(steps_, 400'000);
  const std::int64_t before = steps;
  const Finding f = prove_sign(region, g, strict ? SignGoal::positive : SignGoal::nonnegative, budget_, steps);
  steps_ -= before - steps;
  if (f.verdict != Verdict::proved) return std::nullopt;
  return Json{{"rule", "plain"}, {"proof", Json::parse(f.certificates.at(0).data)}};
}

Proof Prover::constant(const Expr& g, bool strict) {
  const Box nowhere(problem_.givens.size(), Interval::whole());
  for (const Effort& effort : {quick, plain, careful, digits_of_fifty}) {
    const Ball value = values({&g, 1}, nowhere, effort)[0];
    if (value.certainly_positive() || (!strict && value.certainly_nonnegative())) return Json{{"rule", "value"}};
    if (value.certainly_negative()) return std::nullopt;
  }
  return std::nullopt;
}

Proof Prover::under_the_sign(const Problem& region, const Expr& g, bool strict) {
  const WorkspaceScope scope(problem_.workspace);
  Expr rest = g, under(0), inside;
  for (const ParametricIntegral& i : calculus_.integrals()) {
    if (!depends_on(g, i.value)) continue;
    if (calculus_.reads(i.density)) return std::nullopt;
    const Expr weight = gradient(g, i.value);
    if (calculus_.reads(weight)) return std::nullopt;
    if (inside.empty()) inside = i.inside;
    under = under + weight * substitute(i.density, {{i.inside, inside}});
    rest = substitute(rest, {{i.value, Expr(0)}});
  }
  const Expr weights[] = {Expr(1), Expr(2) * inside, Expr(2) - Expr(2) * inside, Expr(3) * inside * inside};
  for (std::size_t w = 0; w < std::size(weights); ++w) {
    std::int64_t steps = std::min<std::int64_t>(steps_, w == 0 ? 200'000 : 30'000);
    const std::int64_t before = steps;
    const Expr h = under + rest * weights[w];
    const Finding f = prove_sign(region, h, strict ? SignGoal::positive : SignGoal::nonnegative, budget_, steps);
    steps_ -= before - steps;
    if (f.verdict == Verdict::proved)
      return Json{{"rule", "under"}, {"weight", w}, {"proof", Json::parse(f.certificates.at(0).data)}};
    if (rest.is(0)) break;
  }
  return std::nullopt;
}

Proof Prover::by_monotonicity(const Problem& region, const Expr& g, bool strict, int depth) {
  const WorkspaceScope scope(problem_.workspace);
  const Box box = box_of(region);
  for (const std::size_t k : variables(g)) {
    const Given& given = region.givens[k];
    if (!given.set.shape.is_scalar() || given.set.entries.is_finite()) continue;
    if (!is_regular(g, k, box)) continue;
    // On the way to an end the hypotheses about this variable need not hold.
    Problem along = region;
    std::erase_if(along.hypotheses, [&](const Statement& h) { return mentions(h, {given.variable}); });
    const Expr slope = calculus_.derivative(g, given.variable);
    for (const bool up : {true, false}) {
      const Expr& end = up ? given.set.entries.lo : given.set.entries.hi;
      const bool closed = up ? given.set.entries.lo_closed : given.set.entries.hi_closed;
      if (end.empty()) continue;
      const Expr rise = up ? slope : -slope;
      const Expr start = calculus_.at(g, given.variable, end);
      // Where the end is not in the set, g grows beyond its value there.
      const bool strict_rise = strict && !closed;
      if (variables(start).empty() && calculus_.reads(start)) {
        const Box nowhere(problem_.givens.size(), Interval::whole());
        if (values({&start, 1}, nowhere, quick)[0].certainly_negative()) continue;
      }
      const auto least = sampled_least(along, rise);
      if (least && *least < 0 && along.hypotheses.empty()) continue;
      const auto first = prove(along, start, strict && !strict_rise, depth + 1);
      if (!first) continue;
      const auto second = prove(along, rise, strict_rise, depth + 1);
      if (!second) continue;
      return Json{{"rule", "monotone"}, {"variable", k}, {"up", up}, {"start", *first}, {"slope", *second}};
    }
  }
  return std::nullopt;
}

Proof Prover::by_boxes(const Problem& region, const Expr& g, bool strict) {
  const WorkspaceScope scope(problem_.workspace);
  const std::vector<std::size_t> moving = variables(g);
  const Box all = box_of(region);
  if (moving.size() > 3) return std::nullopt;
  std::vector<Expr> slopes;
  bool regular = true;
  for (const std::size_t k : moving) {
    if (!all[k].is_finite() || !region.givens[k].set.shape.is_scalar()) return std::nullopt;
    regular = regular && is_regular(g, k, all);
  }
  if (regular)
    for (const std::size_t k : moving) slopes.push_back(calculus_.derivative(g, region.givens[k].variable));
  const auto good = [&](const Ball& x) {
    return x.is_finite() && (x.certainly_positive() || (!strict && x.certainly_nonnegative()));
  };
  constexpr std::size_t most_boxes = 160;
  std::vector<Box> open{all};
  for (std::size_t done = 0; !open.empty(); ++done) {
    if (done >= most_boxes) return std::nullopt;
    budget_.check();
    const Box box = std::move(open.back());
    open.pop_back();
    Box centre = box;
    for (const std::size_t k : moving) centre[k] = Interval::point(box[k].mid());
    const Ball middle = values({&g, 1}, centre, quick)[0];
    if (middle.certainly_negative()) return std::nullopt;
    if (good(values({&g, 1}, box, of_box)[0])) continue;
    if (!slopes.empty() && good(middle)) {
      const std::vector<Ball> d = values(slopes, box, of_box);
      const Precision precision = Precision::of_bits(quick.bits);
      Ball lowest = middle;
      for (std::size_t j = 0; j < moving.size(); ++j) {
        const Interval& x = box[moving[j]];
        lowest += d[j] * (Ball::of_ends(x.lo, x.hi) - Ball::of_double_exact(x.mid()));
      }
      if (good(lowest)) continue;
    }
    const std::size_t widest = *std::ranges::max_element(moving, {}, [&](std::size_t k) { return box[k].width(); });
    const double cut = box[widest].mid();
    if (!(box[widest].lo < cut && cut < box[widest].hi)) return std::nullopt;
    open.push_back(box);
    open.back()[widest] = Interval(cut, box[widest].hi);
    open.push_back(box);
    open.back()[widest] = Interval(box[widest].lo, cut);
  }
  return Json{{"rule", "boxes"}};
}

}  // namespace nabla::quadrature
