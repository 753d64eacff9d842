#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/refute/landmarks.hpp>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>
#include <set>

namespace nabla {

namespace {

constexpr long landmark_bits = 256;
constexpr std::size_t most_landmark_nodes = 3000;
constexpr std::int64_t most_landmark_entries = 40'000;  // of all nodes together
constexpr std::size_t most_landmark_axes = 12;
constexpr std::int64_t most_entries_of_node = 16;
constexpr std::size_t most_forms = 60;
constexpr std::size_t most_landmark_points = 160;
constexpr std::size_t most_exact_landmarks = 24;
constexpr std::size_t longest_text = 60;

void read_by(const Statement& s, std::vector<Ref>& refs, std::vector<std::pair<Ref, Ref>>& meeting,
             const Problem& problem) {
  const auto ref = [&](const Expr& e) {
    return e.workspace() == problem.workspace ? e.ref() : problem.workspace->graph().constant(*e.constant());
  };
  for (const Expr& e : s.sides) refs.push_back(ref(e));
  for (std::size_t k = 0; k + 1 < s.sides.size(); ++k) meeting.emplace_back(ref(s.sides[k]), ref(s.sides[k + 1]));
  if (!s.subject.empty()) refs.push_back(ref(s.subject));
  if (s.kind == Statement::Kind::predicate && s.predicate == "in" && s.set.kind == Set::Kind::entries)
    for (const Expr& end : {s.set.entries.lo, s.set.entries.hi})
      if (!end.empty()) meeting.emplace_back(ref(s.subject), ref(end));
  for (const Statement& child : s.children) read_by(child, refs, meeting, problem);
}

/// The simplest fraction that a double may stand for, where it is a short one.
std::optional<Rational> fraction_near(double x) {
  if (!std::isfinite(x) || std::fabs(x) > 1e6) return std::nullopt;
  const double reach = 1e-12 * (1 + std::fabs(x));
  const Rational q = simplest_between(exactly(x - reach), exactly(x + reach));
  return denominator(q) <= 1000 && !q.is_zero() ? std::optional(q) : std::nullopt;
}

/// A quantity along the entries of the givens: `at` the base, and how fast it changes along each.
struct AffineForm {
  Rational at;
  std::vector<Rational> slope;
};

class LandmarkSearch {
 public:
  LandmarkSearch(const Problem& problem, const Statement* statement, const Point& base, const Budget& budget)
      : problem_(problem), base_(base), budget_(budget) {
    for (const Statement& h : problem.hypotheses) read_by(h, refs_, meeting_, problem);
    if (statement != nullptr)
      read_by(*statement, refs_, meeting_, problem);
    else
      for (const Statement& s : problem.shows) read_by(s, refs_, meeting_, problem);
    if (statement == nullptr)
      for (const Expr& e : problem.must_be_defined) refs_.push_back(e.ref());
    for (std::size_t g = 0; g < base.entries.size(); ++g) {
      const Set& set = problem.givens[g].set;
      if (set.kind == Set::Kind::onehot || (set.kind == Set::Kind::entries && set.entries.is_finite())) continue;
      for (std::size_t i = 0; i < base.entries[g].size(); ++i) axes_.emplace_back(g, i);
    }
  }

  Landmarks run() {
    if (axes_.empty() || axes_.size() > most_landmark_axes) return {};
    const Graph& graph = problem_.workspace->graph();
    std::erase_if(refs_, [](Ref r) { return !r.is_node(); });
    const std::vector<bool> visited = reachable(graph, refs_);
    if (static_cast<std::size_t>(std::ranges::count(visited, true)) > most_landmark_nodes) return {};
    std::int64_t entries = 0;
    for (NodeId id = 0; id < visited.size(); ++id)
      if (visited[id]) entries += graph.shape(id).size();
    if (entries > most_landmark_entries) return {};
    for (NodeId id = 0; id < visited.size(); ++id) {
      if (!visited[id] || graph.shape(id).size() > most_entries_of_node) continue;
      nodes_.push_back(id);
      const bool meets = graph.is(id, opcode<Less>) || graph.is(id, opcode<LessEqual>) || graph.is(id, opcode<Equal>) ||
                         graph.is(id, opcode<Min>) || graph.is(id, opcode<Max>);
      if (meets) meeting_.emplace_back(graph.operands(id)[0], graph.operands(id)[1]);
    }
    const Precision scope = Precision::of_bits(landmark_bits);
    look();
    run_.reset();  // the graph may grow now
    single();
    together();
    irrational();
    return std::move(found_);
  }

 private:
  using Quantities = std::vector<PointValue>;

  /// Every entry of every node, and what is between operands that may meet.
  Quantities quantities_at(const Point& point) {
    budget_.check();
    if (!run_) run_.emplace(problem_.workspace->graph(), refs_);
    wellposed::PointRun& run = *run_;
    run.run(wellposed::assignment_of(problem_, point));
    Quantities all;
    all.reserve(here_.size());
    for (const NodeId id : nodes_)
      for (const PointValue& v : run.entries(Ref::node(id))) all.push_back(v);
    for (const auto& [a, b] : meeting_) {
      const auto x = run.entries(a), y = run.entries(b);
      const auto n = static_cast<std::size_t>(most_entries_of_node);
      const std::size_t most = x.empty() || y.empty() ? 0 : std::min(n, std::max(x.size(), y.size()));
      for (std::size_t i = 0; i < most; ++i) all.push_back(x[std::min(i, x.size() - 1)] - y[std::min(i, y.size() - 1)]);
    }
    return all;
  }

  Point moved(std::size_t axis, const Rational& by) const {
    Point p = base_;
    p.entries[axes_[axis].first][axes_[axis].second] += by;
    return p;
  }

  /// Samples every quantity along every axis.
  void look() {
    here_ = quantities_at(base_);
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      along_.emplace_back();
      for (const int t : {1, 2, 3}) along_.back().push_back(quantities_at(moved(a, t)));
    }
    Point skew = base_;
    for (std::size_t a = 0; a < axes_.size(); ++a)
      skew.entries[axes_[a].first][axes_[a].second] += Rational(static_cast<int>(a) * 2 + 3, 7);
    skew_ = quantities_at(skew);
  }

  void add(Point point) {
    if (found_.points.size() >= most_landmark_points) return;
    for (std::size_t g = 0; g < point.entries.size(); ++g)
      if (contains(problem_.givens[g].set, point.entries[g]) != Truth::yes) return;
    if (std::ranges::find(found_.points, point) == found_.points.end()) found_.points.push_back(std::move(point));
  }

  /// Roots along one entry, and points between them.
  void single() {
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      std::set<Rational> roots;
      for (std::size_t q = 0; q < here_.size(); ++q) {
        const Rational *y0 = here_[q].exact(), *y1 = along_[a][0][q].exact(), *y2 = along_[a][1][q].exact(),
                       *y3 = along_[a][2][q].exact();
        if (!y0 || !y1 || !y2 || !y3 || roots.size() >= most_forms) continue;
        if (*y1 == *y0 && *y2 == *y0) continue;  // it does not move, or bends beyond
        const Rational twice = *y2 - 2 * *y1 + *y0;
        if (*y3 - 2 * *y2 + *y1 != twice) continue;
        const Rational square = twice / 2, slope = *y1 - *y0 - square;
        if (square.is_zero()) {
          if (!slope.is_zero()) roots.insert(-*y0 / slope);
          continue;
        }
        const Rational discriminant = slope * slope - 4 * square * *y0;
        const Rational vertex = -slope / (2 * square);
        roots.insert(vertex);
        if (discriminant.sign() <= 0) continue;
        if (const auto root = exact_root(discriminant, 2)) {
          for (const int sign : {1, -1}) roots.insert((-slope + sign * *root) / (2 * square));
        } else if (found_.exact.size() < most_exact_landmarks) {
          const Rational middle = base_.entries[axes_[a].first][axes_[a].second] + vertex;
          const Rational under = discriminant / (4 * square * square);
          const std::string root = "sqrt(" + under.str() + ")";
          for (const std::string_view sign : {"+", "-"})
            add_exact(a, middle.is_zero() ? (sign == "-" ? "-" : "") + root
                                          : middle.str() + " " + std::string(sign) + " " + root);
        }
      }
      std::vector<Rational> steps(roots.begin(), roots.end());
      if (!roots.empty()) {
        steps.push_back(*roots.begin() - 1);
        steps.push_back(*roots.rbegin() + 1);
      }
      for (auto it = roots.begin(); it != roots.end() && std::next(it) != roots.end(); ++it)
        steps.push_back((*it + *std::next(it)) / 2);
      for (const Rational& step : steps) add(moved(a, step));
    }
  }

  void add_exact(std::size_t axis, const std::string& text) {
    if (text.size() > longest_text || found_.exact.size() >= most_exact_landmarks) return;
    const auto constant = named_constant(problem_.workspace, text);
    if (!constant) return;
    ExactPoint point = to_exact(problem_, base_);
    point.entries[axes_[axis].first][axes_[axis].second] = *constant;
    found_.exact.push_back(std::move(point));
  }

  /// Where several affine quantities vanish at once.
  void together() {
    if (axes_.size() < 2) return;
    std::vector<AffineForm> forms;
    for (std::size_t g = 0; g < base_.entries.size(); ++g) {
      if (problem_.givens[g].set.kind != Set::Kind::simplex) continue;
      AffineForm total{0, {}};
      for (const auto& [given, entry] : axes_) total.slope.emplace_back(given == g ? 1 : 0);
      forms.push_back(std::move(total));  // the entries of the base have sum 1
    }
    const std::size_t fixed = forms.size();
    for (std::size_t q = 0; q < here_.size() && forms.size() < most_forms; ++q) {
      const Rational *at = here_[q].exact(), *skew = skew_[q].exact();
      if (!at || !skew) continue;
      AffineForm form{*at, {}};
      Rational expected = *at;
      for (std::size_t a = 0; a < axes_.size(); ++a) {
        const Rational* next = along_[a][0][q].exact();
        if (!next) break;
        form.slope.push_back(*next - *at);
        expected += form.slope.back() * Rational(static_cast<int>(a) * 2 + 3, 7);
      }
      const bool moves = std::ranges::any_of(form.slope, [](const Rational& s) { return !s.is_zero(); });
      if (form.slope.size() == axes_.size() && moves && expected == *skew) forms.push_back(std::move(form));
    }
    for (std::size_t first = fixed; first < forms.size(); ++first) {
      budget_.check();
      std::vector<AffineForm> order(forms.begin(), forms.begin() + static_cast<std::ptrdiff_t>(fixed));
      for (std::size_t k = 0; k < forms.size() - fixed; ++k)
        order.push_back(forms[fixed + (first - fixed + k) % (forms.size() - fixed)]);
      solve(order);
    }
  }

  /// The point at which the first independent ones of the forms vanish.
  void solve(const std::vector<AffineForm>& forms) {
    std::vector<AffineForm> rows;
    std::vector<std::size_t> pivots;
    for (AffineForm form : forms) {
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const Rational factor = form.slope[pivots[r]];
        if (factor.is_zero()) continue;
        form.at -= factor * rows[r].at;
        for (std::size_t a = 0; a < axes_.size(); ++a) form.slope[a] -= factor * rows[r].slope[a];
      }
      const auto pivot = std::ranges::find_if(form.slope, [](const Rational& s) { return !s.is_zero(); });
      if (pivot == form.slope.end()) continue;
      pivots.push_back(static_cast<std::size_t>(pivot - form.slope.begin()));
      const Rational by = *pivot;
      form.at /= by;
      for (Rational& s : form.slope) s /= by;
      rows.push_back(std::move(form));
      if (rows.size() == axes_.size()) break;
    }
    std::vector<Rational> step(axes_.size(), Rational(0));
    for (std::size_t r = rows.size(); r-- > 0;) {
      Rational value = -rows[r].at;
      for (std::size_t a = 0; a < axes_.size(); ++a)
        if (a != pivots[r]) value -= rows[r].slope[a] * step[a];
      step[pivots[r]] = value;
    }
    Point point = base_;
    for (std::size_t a = 0; a < axes_.size(); ++a) point.entries[axes_[a].first][axes_[a].second] += step[a];
    add(std::move(point));
  }

  /// Roots of affine expressions of one number whose coefficients are other constants than fractions.
  void irrational() {
    const Graph& graph = problem_.workspace->graph();
    struct Candidate {
      std::size_t axis;
      Expr e;
      std::optional<Rational> slope;  // where it seems to be a short fraction
    };
    std::vector<Candidate> candidates;
    std::size_t q = 0;
    for (const NodeId id : nodes_) {
      const auto n = static_cast<std::size_t>(graph.shape(id).size());
      for (std::size_t a = 0; graph.shape(id).is_scalar() && a < axes_.size(); ++a) {
        const PointValue &y0 = here_[q], &y1 = along_[a][0][q], &y2 = along_[a][1][q];
        if (!y0.is_defined() || !y1.is_defined() || !y2.is_defined()) continue;
        if (y0.exact() && y1.exact()) continue;
        const PointValue bend = y2 - y1 - y1 + y0, slope = y1 - y0;
        const bool constant = bend.zero() == Truth::no || slope.zero() != Truth::no;
        if (!constant && bend.ball().upper_double() < 1e-30)
          candidates.push_back({a, Expr(problem_.workspace, Ref::node(id)), fraction_near(slope.ball().approximate())});
      }
      q += n;
    }
    for (const auto& [a, e, short_slope] : candidates) {
      budget_.check();
      if (found_.exact.size() >= most_exact_landmarks) return;
      const Given& given = problem_.givens[axes_[a].first];
      const bool alone = std::ranges::none_of(problem_.givens, [&](const Given& g) {
        return !same(g.variable, given.variable) && depends_on(e, g.variable);
      });
      if (!given.set.shape.is_scalar() || !alone) continue;
      const Expr at_0 = substitute(e, {{given.variable, Expr(0)}}), at_1 = substitute(e, {{given.variable, Expr(1)}});
      if (const auto slope = short_slope) add_exact(a, to_string(-at_0 / Expr(to_constant(*slope))));
      add_exact(a, to_string(at_0 / (at_0 - at_1)));
    }
  }

  const Problem& problem_;
  const Point& base_;
  const Budget& budget_;
  std::vector<Ref> refs_;
  std::vector<std::pair<Ref, Ref>> meeting_;
  std::vector<std::pair<std::size_t, std::size_t>> axes_;  // a given and an entry of it
  std::vector<NodeId> nodes_;
  std::optional<wellposed::PointRun> run_;
  Quantities here_, skew_;
  std::vector<std::vector<Quantities>> along_;  // by axis, one, two and three further
  Landmarks found_;
};

}  // namespace

Landmarks landmarks_of(const Problem& problem, const Statement* statement, const Point& base, const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  return LandmarkSearch(problem, statement, base, budget).run();
}

}  // namespace nabla
