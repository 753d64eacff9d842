#include <algorithm>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/refute/landmarks.hpp>
#include <nabla/proofs/check/wellposed/definedness_point.hpp>

namespace nabla {

namespace {

constexpr int tries_per_point = 2000;
constexpr int tries_for_equations = 200;  // each is repaired, which takes longer
constexpr int repair_rounds = 3;
constexpr std::size_t most_between = 400;

/// The entries of an equation's gap at a point; nothing when rationals cannot say.
std::optional<std::vector<Rational>> gap_at(const Function& gap, const Point& point) {
  try {
    return gap(std::span<const Entries<Rational>>(point.entries))[0];
  } catch (const UnsupportedError&) {
    return std::nullopt;
  } catch (const UndefinedError&) {
    return std::nullopt;
  } catch (const std::length_error&) {
    return std::nullopt;
  }
}

/// Rational roots of c + b t + a t^2.
std::vector<Rational> roots(const Rational& c, const Rational& b, const Rational& a) {
  if (a.is_zero()) return b.is_zero() ? std::vector<Rational>{} : std::vector<Rational>{-c / b};
  const Rational discriminant = b * b - 4 * a * c;
  if (discriminant.sign() < 0) return {};
  const auto root = exact_root(discriminant, 2);
  if (!root) return {};
  return {(-b + *root) / (2 * a), (-b - *root) / (2 * a)};
}

/// left - right, or where one is a length, the difference of the squares: a polynomial where they are.
Expr gap_of(const Expr& left, const Expr& right) {
  const auto squared = [](const Expr& e) -> Expr {
    if (!e.ref().is_node()) return {};
    const Graph& graph = e.graph();
    const NodeId id = e.ref().id();
    const bool whole_norm = graph.is(id, opcode<Norm>) && graph.attributes(id).empty();
    if (!whole_norm && !graph.is(id, opcode<Sqrt>)) return {};
    const Expr x(e.workspace(), graph.operands(id)[0]);
    return whole_norm ? (x.shape().is_scalar() ? x * x : sum(x * x)) : x;
  };
  const Expr l = squared(left), r = squared(right);
  if (l.empty() && r.empty()) return left - right;
  return (l.empty() ? left * left : l) - (r.empty() ? right * right : r);
}

}  // namespace

StatedPoints::StatedPoints(const Problem& problem, std::uint64_t seed) : problem_(problem), source_(problem, seed) {
  std::vector<Expr> inputs;
  for (const Given& g : problem.givens) inputs.push_back(g.variable);
  for (const Statement& h : problem.hypotheses) {
    judges_.emplace_back(problem, h);
    const bool equation =
        h.kind == Statement::Kind::relation && h.comparisons.size() == 1 && h.comparisons[0] == Comparison::equal;
    if (equation) {
      const WorkspaceScope scope(problem.workspace);
      const Expr gap = gap_of(h.sides[0], h.sides[1]);
      gaps_.push_back(std::make_unique<Function>(std::span<const Expr>(&gap, 1), inputs));
    } else {
      gaps_.push_back(nullptr);
    }
  }
}

Truth StatedPoints::truth_at(const Point& point) const {
  Truth all = Truth::yes;
  for (std::size_t g = 0; g < problem_.givens.size(); ++g)
    all = all && contains(problem_.givens[g].set, point.entries[g]);
  for (const Judge& j : judges_) {
    if (all == Truth::no) break;
    all = all && j.at(point).holds;
  }
  return all;
}

bool StatedPoints::has_equations() const {
  return std::ranges::any_of(gaps_, [](const auto& gap) { return gap != nullptr; });
}

/// Which entries of the point move which equations, seen at one point: those that move the fewest come first. Where it
/// could not be seen, as if all were moved.
void StatedPoints::look_for_slots(const Point& point) const {
  std::vector<std::pair<Slot, std::vector<Equation>>> moves;
  std::vector<Equation> all;
  std::map<std::size_t, std::vector<Rational>> before;
  for (std::size_t k = 0; k < gaps_.size(); ++k) {
    if (gaps_[k] == nullptr) continue;
    const auto now = gap_at(*gaps_[k], point);
    if (!now) continue;
    for (std::size_t e = 0; e < now->size(); ++e) all.emplace_back(k, e);
    before[k] = *now;
  }
  for (std::size_t g = 0; g < point.entries.size(); ++g)
    for (std::size_t i = point.entries[g].size(); i-- > 0;) {
      Point moved = point;
      moved.entries[g][i] += 1;
      std::vector<Equation> touched;
      bool seen = true;
      for (const auto& [k, entries] : before) {
        const auto after = gap_at(*gaps_[k], moved);
        seen = seen && after.has_value();
        for (std::size_t e = 0; seen && e < entries.size(); ++e)
          if ((*after)[e] != entries[e]) touched.emplace_back(k, e);
      }
      moves.emplace_back(Slot{g, i}, seen ? std::move(touched) : all);
    }
  std::ranges::stable_sort(moves, {}, [](const auto& m) { return m.second.size(); });
  slots_.clear();
  for (const Equation& equation : all) slots_[equation];
  for (const auto& [slot, touched] : moves)
    for (const Equation& equation : touched) slots_[equation].push_back(slot);
}

/// By how much the entry has to change so that the equation holds, where it is linear or quadratic in it with a
/// rational root. \param now  the gap at the point
std::vector<Rational> StatedPoints::solutions(Equation equation, Slot slot, const Point& point,
                                              const Rational& now) const {
  Point moved = point;
  Rational value[4] = {now};
  for (int t = 1; t < 4; ++t) {
    moved.entries[slot.first][slot.second] += 1;
    const auto gaps = gap_at(*gaps_[equation.first], moved);
    if (!gaps) return {};
    value[t] = (*gaps)[equation.second];
    if (t == 2 && value[1] == value[0] && value[2] == value[0]) return {};
  }
  const Rational twice = value[2] - 2 * value[1] + value[0];
  if (twice != value[3] - 2 * value[2] + value[1]) return {};
  const Rational a = twice / 2;
  return roots(value[0], value[1] - value[0] - a, a);
}

/// Solves an equation for one entry of the point that is not used yet.
bool StatedPoints::solve(Equation equation, Point& point, std::set<Slot>& used) const {
  if (!slots_.contains(equation)) look_for_slots(point);
  const auto now = gap_at(*gaps_[equation.first], point);
  if (!now) return false;
  std::vector<Slot> order = slots_[equation];
  for (std::size_t g = 0; g < point.entries.size(); ++g)  // one that did not move it there may do so here
    for (std::size_t i = point.entries[g].size(); i-- > 0;)
      if (std::ranges::find(slots_[equation], Slot{g, i}) == slots_[equation].end()) order.emplace_back(g, i);
  for (const Slot& slot : order) {
    if (used.contains(slot)) continue;
    for (const Rational& t : solutions(equation, slot, point, (*now)[equation.second])) {
      Point moved = point;
      moved.entries[slot.first][slot.second] += t;
      if (contains(problem_.givens[slot.first].set, moved.entries[slot.first]) != Truth::yes) continue;
      used.insert(slot);
      point = std::move(moved);
      return true;
    }
  }
  return false;
}

bool StatedPoints::repair(Point& point) const {
  for (int round = 0; round < repair_rounds; ++round) {
    std::set<Slot> used;
    bool all_hold = true;
    for (std::size_t k = 0; k < gaps_.size(); ++k) {
      if (gaps_[k] == nullptr) continue;
      auto here = gap_at(*gaps_[k], point);
      if (!here) return false;
      for (std::size_t e = 0; e < here->size(); ++e) {
        if ((*here)[e].is_zero()) continue;
        all_hold = false;
        if (!solve({k, e}, point, used)) return false;
        here = gap_at(*gaps_[k], point);
        if (!here) return false;
      }
    }
    if (all_hold) return true;
  }
  return std::ranges::all_of(gaps_, [&](const auto& gap) {
    if (gap == nullptr) return true;
    const auto now = gap_at(*gap, point);
    return now && std::ranges::all_of(*now, [](const Rational& x) { return x.is_zero(); });
  });
}

std::optional<Point> StatedPoints::carried(const Point& point) const {
  Point repaired = point;
  if (repair(repaired)) return repaired;
  return base_ && *base_ != point ? through(*base_, point) : std::nullopt;
}

/// The second point in which a line through a known solution meets quadratic equations: rational where the line is.
std::optional<Point> StatedPoints::through(const Point& base, const Point& towards) const {
  const auto along = [&](const Rational& t) {
    Point p = base;
    for (std::size_t g = 0; g < p.entries.size(); ++g)
      for (std::size_t i = 0; i < p.entries[g].size(); ++i)
        p.entries[g][i] += t * (towards.entries[g][i] - base.entries[g][i]);
    return p;
  };
  for (const auto& gap : gaps_) {
    if (gap == nullptr) continue;
    const auto one = gap_at(*gap, along(1)), two = gap_at(*gap, along(2)), three = gap_at(*gap, along(3));
    if (!one || !two || !three) return std::nullopt;
    for (std::size_t e = 0; e < one->size(); ++e) {
      const Rational a = ((*two)[e] - 2 * (*one)[e]) / 2;
      const Rational b = (*one)[e] - a;
      if (a.is_zero() || b.is_zero() || (*three)[e] != 9 * a + 3 * b) continue;
      return along(-b / a);
    }
  }
  return std::nullopt;
}

std::optional<Point> StatedPoints::next() {
  std::optional<Point> point;
  if (!landmarks_) point = from_source();
  if (!point && !problem_.hypotheses.empty() && !source_.exhausted()) point = from_landmarks();
  if (point) inhabited_ = true;
  return point;
}

std::optional<Point> StatedPoints::from_landmarks() {
  if (!landmarks_) {
    landmarks_.emplace();
    try {
      if (const auto base = base_ ? base_ : PointSource(problem_, 1).next())
        landmarks_ = landmarks_of(problem_, nullptr, *base, Budget()).points;
    } catch (const NotHandled&) {  // nothing is singled out
    }
  }
  const auto stated = [&](Point point) -> std::optional<Point> {
    if (satisfies(point)) return point;
    if (has_equations() && repair(point) && satisfies(point)) return point;
    return std::nullopt;
  };
  while (looked_at_ < landmarks_->size())
    if (auto point = stated((*landmarks_)[looked_at_++])) {
      if (!inside_) inside_ = point;
      return point;
    }
  while (inside_ && landmarks_->size() > 1 && between_ < most_between) {
    const std::size_t k = between_++;
    const Point& towards = (*landmarks_)[k % landmarks_->size()];
    const Rational share(static_cast<int>(k * 37 % 96) + 1, 97);
    Point point = *inside_;
    for (std::size_t g = 0; g < point.entries.size(); ++g)
      for (std::size_t i = 0; i < point.entries[g].size(); ++i)
        point.entries[g][i] += share * (towards.entries[g][i] - point.entries[g][i]);
    if (auto found = stated(std::move(point))) return found;
  }
  return std::nullopt;
}

std::optional<Point> StatedPoints::from_source() {
  const int tries = has_equations() ? tries_for_equations : tries_per_point;
  for (int i = 0; i < tries; ++i) {
    std::optional<Point> point = source_.next();
    if (!point) return std::nullopt;
    const Truth here = truth_at(*point);
    if (here == Truth::unknown) passed_over_ = true;
    if (here != Truth::yes) {
      if (!has_equations()) continue;
      Point repaired = *point;
      if (repair(repaired) && satisfies(repaired)) {
        point = std::move(repaired);
      } else {
        if (!base_) continue;
        point = through(*base_, *point);
        if (!point || !satisfies(*point)) continue;
      }
    }
    if (has_equations() && !base_) base_ = point;
    return point;
  }
  return std::nullopt;
}

}  // namespace nabla
