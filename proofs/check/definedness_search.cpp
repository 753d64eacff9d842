#include <algorithm>
#include <cmath>
#include <nabla/engine/record/build.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/check/definedness_search.hpp>

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
constexpr std::int64_t most_nodes = 20'000;

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

/// A function of one number, followed on a line.
class Line {
 public:
  Line(Run<double>& run, const Problem& problem, const Point& base, std::size_t given, std::size_t entry, Ref of,
       std::size_t value)
      : run_(run), of_(of), value_(value), moved_(problem.givens[given].variable.ref()), entry_(entry) {
    for (const Rational& x : base.entries[given]) entries_.push_back(x.convert_to<double>());
  }
  double operator()(double t) {
    entries_[entry_] = t;
    run_.set(moved_.id(), entries_);
    run_.forward();
    return run_.value(of_)[value_];
  }

 private:
  Run<double>& run_;
  Ref of_;
  std::size_t value_;
  Ref moved_;
  std::size_t entry_;
  std::vector<double> entries_;
};

double zero_between(Line& f, double a, double b, double fa) {
  for (int k = 0; k < 80; ++k) {
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

double minimum_between(Line& f, double a, double b) {
  for (int k = 0; k < 60; ++k) {
    const double l = a + (b - a) / 3;
    const double r = b - (b - a) / 3;
    if (std::fabs(f(l)) <= std::fabs(f(r)))
      b = r;
    else
      a = l;
  }
  return a + (b - a) / 2;
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
    if (auto point = stated_->next(); point && stated_->satisfies(*point)) {
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
    search();
  }
  while (given_ < found_.size()) {
    const Point& point = found_[given_++];
    if (stated_->satisfies(point)) return point;
  }
  return std::nullopt;
}

void SuspiciousPoints::search() {
  Workspace& workspace = *problem_.workspace;
  Graph& graph = workspace.graph();
  std::vector<Ref> expressions;
  const auto add = [&](Ref r) {
    if (r.is_node() && std::ranges::find(expressions, r) == expressions.end()) expressions.push_back(r);
  };
  for (const NodeId id : suspects_) {
    const auto span = graph.operands(id);
    const std::vector<Ref> x(span.begin(), span.end());
    for (const Ref r : x) {
      add(r);
      for (const int end : {1, -1}) {
        const Ref difference[] = {r, graph.constant(Constant::integer(end))};
        if (x.size() == 1) add(build(workspace, opcode<Sub>, difference, {}));
      }
    }
    if (x.size() == 2) {
      try {
        add(build(workspace, opcode<Sub>, x, {}));
      } catch (const ShapeError&) {
      }
    }
  }
  const std::vector<Point> bases = bases_;
  for (const Point& base : bases) search_from(base, expressions);
}

void SuspiciousPoints::search_from(const Point& base, std::span<const Ref> expressions) {
  const std::shared_ptr<const Graph> graph(problem_.workspace, &problem_.workspace->graph());
  for (const Ref e : expressions) {
    const auto plan = std::make_shared<const Plan>(graph, std::span<const Ref>(&e, 1));
    if (static_cast<std::int64_t>(plan->nodes().size()) > most_nodes) continue;
    std::vector<bool> reads(problem_.givens.size(), false);
    for (std::size_t g = 0; g < reads.size(); ++g) {
      const Ref v = problem_.givens[g].variable.ref();
      reads[g] = v.is_node() && std::ranges::find(plan->nodes(), v.id()) != plan->nodes().end();
    }
    const bool all_given = std::ranges::all_of(plan->nodes(), [&](NodeId id) {
      return !graph->is(id, opcode<Variable>) ||
             std::ranges::any_of(problem_.givens, [&](const Given& g) { return g.variable.ref() == Ref::node(id); });
    });
    if (!all_given) continue;
    Run<double> run(plan);
    std::size_t lines = 0;
    for (std::size_t g = 0; g < reads.size(); ++g) {
      if (!reads[g] || problem_.givens[g].set.kind != Set::Kind::entries) continue;
      const RealSet& set = problem_.givens[g].set.entries;
      if (set.is_finite()) continue;
      for (std::size_t i = 0; i < base.entries[g].size() && lines < most_lines; ++i, ++lines) {
        budget_.check();
        for (std::size_t h = 0; h < reads.size(); ++h) {
          if (!reads[h]) continue;
          std::vector<double> entries;
          for (const Rational& x : base.entries[h]) entries.push_back(x.convert_to<double>());
          run.set(problem_.givens[h].variable.ref().id(), entries);
        }
        std::vector<double> ts;
        for (const double t : grid)
          if (contains(set, of_double(t)) == Truth::yes) ts.push_back(t);
        if (!set.lo.empty() && !set.hi.empty()) {
          const auto lo = constant_ball(set.lo), hi = constant_ball(set.hi);
          if (lo && hi)
            for (int k = 1; k < 16; ++k)
              ts.push_back(lo->approximate() + (hi->approximate() - lo->approximate()) * k / 16.0);
          std::ranges::sort(ts);
        }
        const auto count = std::min<std::size_t>(most_values, static_cast<std::size_t>(graph->shape(e).size()));
        for (std::size_t value = 0; value < count; ++value) {
          Line f(run, problem_, base, g, i, e, value);
          std::vector<double> fs;
          for (const double t : ts) fs.push_back(f(t));
          std::vector<double> roots;
          for (std::size_t k = 0; k < ts.size(); ++k) {
            if (fs[k] == 0) roots.push_back(ts[k]);
            if (k + 1 < ts.size() && std::isfinite(fs[k]) && std::isfinite(fs[k + 1]) && (fs[k] < 0) != (fs[k + 1] < 0))
              roots.push_back(zero_between(f, ts[k], ts[k + 1], fs[k]));
            if (k > 0 && k + 1 < ts.size() && std::fabs(fs[k]) <= std::fabs(fs[k - 1]) &&
                std::fabs(fs[k]) <= std::fabs(fs[k + 1]) && fs[k] != 0)
              roots.push_back(minimum_between(f, ts[k - 1], ts[k + 1]));
          }
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
}

}  // namespace nabla::wellposed
