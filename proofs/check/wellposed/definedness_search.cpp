#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <nabla/engine/record/build.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/check/nearest_double.hpp>
#include <nabla/proofs/check/refute/landmarks.hpp>
#include <nabla/proofs/check/wellposed/definedness_search.hpp>
#include <utility>

namespace nabla::wellposed {

namespace {

constexpr int most_drawn = 120;               // special and random points
constexpr int first_random = 30;              // from here on they are random
constexpr std::size_t most_search_bases = 7;  // points from which lines start:
constexpr std::size_t special_bases = 3;      // special ones, all of whose entries are equal, and random ones
constexpr std::size_t most_suspects = 8;
constexpr std::size_t most_lines = 8;   // entries that are moved, per base
constexpr std::size_t most_values = 4;  // entries of one operand that are followed
constexpr std::size_t most_found = 400;
constexpr int most_shortenings = 100;
constexpr std::size_t most_landmarks = 100;
constexpr std::int64_t most_nodes = 20'000;
constexpr double most_work = 4e6;    // entries computed in double, in all
constexpr double work_of_node = 6;   // entries that a node costs by itself
constexpr double closeness = 1e-10;  // how closely roots are followed: well below what makes a fraction

constexpr double grid[] = {-1000, -100, -30,  -10, -7,  -5, -4,  -3, -2.5, -2, -1.5, -1, -0.75, -0.5, -0.25, 0,
                           0.25,  0.5,  0.75, 1,   1.5, 2,  2.5, 3,  4,    5,  7,    10, 30,    100,  1000};

Rational of_double(double x) { return Number<Rational>::of(Constant::dyadic(x)); }

/// The fraction with the smallest denominator near x; nothing when it has none that is short.
std::optional<Rational> short_fraction(double x) {
  if (!std::isfinite(x) || std::fabs(x) > 1e9) return std::nullopt;
  const double tolerance = 1e-7 * (1 + std::fabs(x));
  std::int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
  double rest = x;
  for (int k = 0; k < 20; ++k) {
    const double whole = std::floor(rest);
    const auto a = static_cast<std::int64_t>(whole);
    const std::int64_t p = a * p1 + p0, q = a * q1 + q0;
    if (q > 2000) return std::nullopt;
    p0 = p1, q0 = q1, p1 = p, q1 = q;
    if (std::fabs(static_cast<double>(p) / static_cast<double>(q) - x) < tolerance) return Rational(p, q);
    rest = 1 / (rest - whole);
    if (!std::isfinite(rest) || std::fabs(rest) > 1e12) return std::nullopt;
  }
  return std::nullopt;
}

double zero_between(const std::function<double(double)>& f, double a, double b, double fa) {
  while (std::fabs(b - a) > closeness * (1 + std::fabs(a))) {
    const double m = a + (b - a) / 2;
    const double fm = f(m);
    if (fm == 0) return m;
    if ((fm < 0) == (fa < 0)) {
      a = m;
      fa = fm;
    } else {
      b = m;
    }
  }
  return a + (b - a) / 2;
}

/// Of |f|, by golden section.
double minimum_between(const std::function<double(double)>& f, double a, double b) {
  constexpr double golden = 0.6180339887498949;
  const auto size_at = [&](double t) { return std::fabs(f(t)); };
  double l = b - golden * (b - a), r = a + golden * (b - a);
  double fl = size_at(l), fr = size_at(r);
  while (std::fabs(b - a) > closeness * (1 + std::fabs(a))) {
    if (fl <= fr) {
      b = r, r = l, fr = fl;
      l = b - golden * (b - a);
      fl = size_at(l);
    } else {
      a = l, l = r, fl = fr;
      r = a + golden * (b - a);
      fr = size_at(r);
    }
  }
  return a + (b - a) / 2;
}

/// Where f or |f| has a zero or a minimum near the points, with its values there.
std::vector<double> roots_near(std::span<const double> ts, std::span<const double> fs,
                               const std::function<double(double)>& f) {
  std::vector<double> roots;
  for (std::size_t k = 0; k < ts.size(); ++k) {
    if (fs[k] == 0) roots.push_back(ts[k]);
    if (k + 1 < ts.size() && std::isfinite(fs[k]) && std::isfinite(fs[k + 1]) && (fs[k] < 0) != (fs[k + 1] < 0))
      roots.push_back(zero_between(f, ts[k], ts[k + 1], fs[k]));
    if (k == 0 || k + 1 >= ts.size() || fs[k] == 0) continue;
    const double here = std::fabs(fs[k]), before = std::fabs(fs[k - 1]), after = std::fabs(fs[k + 1]);
    const bool flat = here == before && here == after;
    if (here <= before && here <= after && !flat) roots.push_back(minimum_between(f, ts[k - 1], ts[k + 1]));
  }
  return roots;
}

}  // namespace

SuspiciousPoints::SuspiciousPoints(const Problem& problem, std::vector<NodeId> suspects, std::uint64_t seed,
                                   const Budget& budget)
    : problem_(problem), suspects_(std::move(suspects)), budget_(budget) {
  if (suspects_.size() > most_suspects) suspects_.resize(most_suspects);
  try {
    stated_.emplace(problem, seed);
  } catch (const NotHandled&) {
    // A hypothesis that has no truth at a point: no point is known to satisfy it.
  }
}

std::optional<Point> SuspiciousPoints::next() {
  budget_.check();
  if (!stated_) return std::nullopt;
  if (drawn_ < most_drawn) {
    ++drawn_;
    if (auto point = stated_->next()) {
      const bool special = bases_.size() < special_bases;
      if (bases_.size() < most_search_bases && (special || drawn_ > first_random) &&
          std::ranges::find(bases_, *point) == bases_.end())
        bases_.push_back(*point);
      return point;
    }
    drawn_ = most_drawn;
  }
  if (!searched_) {
    searched_ = true;
    single_out();
    search();
  }
  while (given_ < found_.size()) {
    const Point& point = found_[given_++];
    if (stated_->satisfies(point)) return point;
  }
  return std::nullopt;
}

/// An expression to be followed along lines: where it is 0, or where it takes other values.
struct SuspiciousPoints::Followed {
  Ref of;
  std::vector<double> levels;
  std::optional<Run<double>> run;
  std::vector<bool> reads;  // which given variables
  double work = 0;          // of computing it once
};

void SuspiciousPoints::single_out() {
  for (const Point& base : bases_) {
    try {
      std::ranges::move(landmarks_of(problem_, nullptr, base, budget_).points, std::back_inserter(found_));
    } catch (const NotHandled&) {  // an operator that is not built in
    }
    if (found_.size() >= most_landmarks) return;
  }
}

void SuspiciousPoints::search() {
  Workspace& workspace = *problem_.workspace;
  Graph& graph = workspace.graph();
  std::vector<Followed> all;
  const auto add = [&](Ref r, bool units) {
    if (!r.is_node()) return;
    const auto it = std::ranges::find(all, r, &Followed::of);
    Followed& e = it != all.end() ? *it : all.emplace_back(Followed{.of = r, .levels = {0}, .run = {}, .reads = {}});
    if (units && e.levels.size() == 1) e.levels = {0, 1, -1};
  };
  for (const NodeId id : suspects_) {
    const auto span = graph.operands(id);
    const std::vector<Ref> x(span.begin(), span.end());
    for (const Ref r : x) add(r, x.size() == 1);
    if (x.size() == 2) {
      try {
        add(build(workspace, opcode<Sub>, x, {}), false);
      } catch (const ShapeError&) {
      }
    }
  }
  const std::shared_ptr<const Graph> shared(problem_.workspace, &graph);
  std::erase_if(all, [&](Followed& e) {
    const auto plan = std::make_shared<const Plan>(shared, std::span<const Ref>(&e.of, 1));
    if (static_cast<std::int64_t>(plan->nodes().size()) > most_nodes) return true;
    for (const Given& g : problem_.givens) {
      const Ref v = g.variable.ref();
      e.reads.push_back(v.is_node() && std::ranges::find(plan->nodes(), v.id()) != plan->nodes().end());
    }
    for (const NodeId id : plan->nodes()) {
      e.work += work_of_node + static_cast<double>(graph.shape(id).size());
      if (graph.is(id, opcode<Variable>) &&
          std::ranges::none_of(problem_.givens, [&](const Given& g) { return g.variable.ref() == Ref::node(id); }))
        return true;
    }
    e.run.emplace(plan);
    return false;
  });
  const std::vector<Point> bases = bases_;
  for (const Point& base : bases)
    for (Followed& e : all) search_from(base, e);
}

/// The numbers at which an entry of a given is looked at.
const std::vector<double>& SuspiciousPoints::line_through(std::size_t given) {
  const auto [known, is_new] = lines_.try_emplace(given);
  std::vector<double>& ts = known->second;
  if (!is_new) return ts;
  const RealSet& set = problem_.givens[given].set.entries;
  for (const double t : grid)
    if (contains(set, of_double(t)) == Truth::yes) ts.push_back(t);
  if (!set.lo.empty() && !set.hi.empty()) {
    const auto lo = constant_ball(set.lo), hi = constant_ball(set.hi);
    if (lo && hi)
      for (int k = 1; k < 16; ++k) ts.push_back(lo->approximate() + (hi->approximate() - lo->approximate()) * k / 16.0);
    std::ranges::sort(ts);
  }
  return ts;
}

void SuspiciousPoints::search_from(const Point& base, Followed& e) {
  Run<double>& run = *e.run;
  const auto count = std::min<std::size_t>(most_values, run.value(e.of).size());
  std::size_t lines = 0;
  for (std::size_t g = 0; g < e.reads.size(); ++g) {
    if (!e.reads[g] || problem_.givens[g].set.kind != Set::Kind::entries) continue;
    if (problem_.givens[g].set.entries.is_finite()) continue;
    const std::vector<double>& ts = line_through(g);
    for (std::size_t i = 0; i < base.entries[g].size() && lines < most_lines; ++i, ++lines) {
      budget_.check();
      if (worked_ > most_work) return;
      std::vector<double> moved;
      for (std::size_t h = 0; h < e.reads.size(); ++h) {
        if (!e.reads[h]) continue;
        std::vector<double> entries;
        for (const Rational& x : base.entries[h]) entries.push_back(nearest_double(x));
        run.set(problem_.givens[h].variable.ref().id(), entries);
        if (h == g) moved = std::move(entries);
      }
      const auto values_at = [&](double t) {
        worked_ += e.work;
        moved[i] = t;
        run.set(problem_.givens[g].variable.ref().id(), moved);
        run.forward();
        return run.value(e.of);
      };
      std::vector<std::vector<double>> values(count);
      for (const double t : ts) {
        const auto at = values_at(t);
        for (std::size_t k = 0; k < count; ++k) values[k].push_back(at[k]);
      }
      for (std::size_t k = 0; k < count; ++k)
        for (const double level : e.levels) {
          std::vector<double> fs = values[k];
          for (double& x : fs) x -= level;
          const std::vector<double> roots = roots_near(ts, fs, [&](double t) { return values_at(t)[k] - level; });
          for (const double root : roots) {
            const auto fraction = short_fraction(root);
            if (!fraction || found_.size() >= most_found) continue;
            Point point = base;
            point.entries[g][i] = *fraction;
            if (std::ranges::find(found_, point) == found_.end()) found_.push_back(std::move(point));
          }
        }
    }
  }
}

Point SuspiciousPoints::shortened(Point point, const std::function<bool(const Point&)>& still) const {
  int tries = 0;
  for (auto& entries : point.entries)
    for (Rational& entry : entries)
      for (const int simple : {0, 1}) {
        if (entry == Rational(simple)) break;
        if (++tries > most_shortenings) return point;
        budget_.check();
        const Rational before = std::exchange(entry, Rational(simple));
        if (stated_->satisfies(point) && still(point)) break;
        entry = before;
      }
  return point;
}

}  // namespace nabla::wellposed
