#include <algorithm>
#include <nabla/proofs/check/hypotheses.hpp>

namespace nabla {

namespace {

constexpr int tries_per_point = 2000;

std::vector<Entries<Rational>> copy_of(const Point& point) { return point.entries; }

/// The entries of an equation's gap at a point; nothing when rationals cannot say.
std::optional<std::vector<Rational>> gap_at(const Function& gap, const Point& point) {
  try {
    const auto at = copy_of(point);
    return gap(std::span<const Entries<Rational>>(at))[0];
  } catch (const UnsupportedError&) {
    return std::nullopt;
  } catch (const UndefinedError&) {
    return std::nullopt;
  }
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
      const Expr gap = h.sides[0] - h.sides[1];
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

bool StatedPoints::repair(Point& point) const {
  for (const auto& gap : gaps_) {
    if (gap == nullptr) continue;
    const auto now = gap_at(*gap, point);
    if (!now) return false;
    for (std::size_t e = 0; e < now->size(); ++e) {
      const auto here = gap_at(*gap, point);
      if (!here || (*here)[e].is_zero()) continue;
      bool solved = false;
      for (std::size_t g = 0; !solved && g < point.entries.size(); ++g)
        for (std::size_t i = point.entries[g].size(); !solved && i-- > 0;) {
          Point moved = point;
          Rational& x = moved.entries[g][i];
          const Rational before = x;
          x = before + 1;
          const auto one = gap_at(*gap, moved);
          x = before + 2;
          const auto two = gap_at(*gap, moved);
          if (!one || !two) continue;
          const Rational slope = (*one)[e] - (*here)[e];
          if (slope.is_zero() || (*two)[e] - (*one)[e] != slope) continue;
          x = before - (*here)[e] / slope;
          if (contains(problem_.givens[g].set, moved.entries[g]) != Truth::yes) continue;
          point = std::move(moved);
          solved = true;
        }
      if (!solved) return false;
    }
  }
  return true;
}

bool StatedPoints::has_equations() const {
  return std::ranges::any_of(gaps_, [](const auto& gap) { return gap != nullptr; });
}

std::optional<Point> StatedPoints::next() {
  for (int i = 0; i < tries_per_point; ++i) {
    std::optional<Point> point = source_.next();
    if (!point) return std::nullopt;
    const Truth here = truth_at(*point);
    if (here == Truth::unknown) passed_over_ = true;
    if (here != Truth::yes) {
      if (!has_equations()) continue;
      if (!repair(*point) || !satisfies(*point)) continue;
    }
    inhabited_ = true;
    return point;
  }
  return std::nullopt;
}

}  // namespace nabla
