#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/rules.hpp>
#include <nabla/proofs/check/curvature/set.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/claim/mentions.hpp>

namespace nabla::curvature {

namespace {

constexpr int pairs_tried = 60;

/// Whether a relation bounds a convex set, on the stated set of `before`.
bool bounds_convex_set(const Problem& before, const Statement& s, const std::vector<Expr>& over) {
  if (s.kind != Statement::Kind::relation) return false;
  for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
    Comparison how = s.comparisons[k];
    Expr less = s.sides[k], more = s.sides[k + 1];
    if (how == Comparison::greater || how == Comparison::greater_equal) std::swap(less, more);
    const WorkspaceScope scope(before.workspace);
    const Expr gap = less - more;
    if (gap.ref().is_constant()) continue;
    const Ref targets[] = {gap.ref()};
    const Ranges ranges(before, targets, Ranges::Mode::these_dimensions);
    Composition rules(before.workspace->graph(), ranges, over);
    rules.set_definite(definite_variables(before));
    rules.run(gap.ref());
    const Bits bits = rules.of(gap.ref());
    if (bits.constant) continue;
    if (how == Comparison::not_equal) return false;
    if (how == Comparison::equal ? !bits.affine() : !bits.convex) return false;
  }
  return true;
}

bool is_over(const Given& g, const std::vector<Expr>& over) {
  return std::ranges::any_of(over, [&](const Expr& x) { return same(x, g.variable); });
}

bool has_separate_values(const Set& set) {
  if (set.shape.size() == 0) return false;
  if (set.kind == Set::Kind::onehot) return set.shape.size() > 1;
  return set.kind == Set::Kind::entries && set.entries.elements.size() > 1;
}

std::string text_of(const Problem& problem, const Point& p, const std::vector<Expr>& over) {
  const Witness w = to_witness(problem, p);
  std::string text;
  for (const Given& g : problem.givens) {
    if (!is_over(g, over)) continue;
    text += (text.empty() ? "" : ", ") + g.name + " = ";
    const auto& entries = w.at(g.name);
    if (!g.set.shape.is_scalar()) text += "[";
    for (std::size_t i = 0; i < entries.size(); ++i) text += (i == 0 ? "" : ", ") + entries[i];
    if (!g.set.shape.is_scalar()) text += "]";
  }
  return text;
}

/// Points whose entries of the variables are those of plus or minus a unit vector.
std::vector<Point> unit_points(const Problem& problem, const std::vector<Expr>& over, std::uint64_t seed) {
  constexpr std::size_t most = 8;
  std::vector<Point> points;
  PointSource source(problem, seed);
  auto base = source.next();
  if (!base) return points;
  std::vector<std::pair<std::size_t, std::size_t>> places;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    if (!is_over(problem.givens[g], over)) continue;
    for (std::size_t k = 0; k < base->entries[g].size(); ++k) {
      base->entries[g][k] = 0;
      places.emplace_back(g, k);
    }
  }
  for (const auto& [g, k] : places) {
    if (points.size() >= most) break;
    for (const int sign : {1, -1}) {
      points.push_back(*base);
      points.back().entries[g][k] = sign;
    }
  }
  return points;
}

/// Two points of the set, equal in the other variables, whose midpoint is certainly not in it.
std::optional<std::string> outside_midpoint(const Problem& problem, const std::vector<Expr>& over,
                                            const CheckOptions& options, const Budget& budget) {
  StatedPoints stated(problem, options.seed);
  std::vector<Point> points, unit = unit_points(problem, over, options.seed);
  for (int i = 0; i < pairs_tried; ++i) {
    budget.check();
    std::optional<Point> p;
    while (!unit.empty() && !p) {  // on spheres and the like, which random points miss
      if (stated.truth_at(unit.back()) == Truth::yes) p = unit.back();
      unit.pop_back();
    }
    if (!p) p = stated.next();
    if (!p) break;
    for (const Point& q : points) {
      Point second = *p, middle = *p;
      for (std::size_t g = 0; g < problem.givens.size(); ++g) {
        if (!is_over(problem.givens[g], over)) continue;
        second.entries[g] = q.entries[g];
        for (std::size_t k = 0; k < middle.entries[g].size(); ++k)
          middle.entries[g][k] = (p->entries[g][k] + q.entries[g][k]) / 2;
      }
      if (stated.truth_at(middle) != Truth::no || stated.truth_at(second) != Truth::yes) continue;
      return text_of(problem, *p, over) + " and " + text_of(problem, second, over) +
             " are in the stated set, and their midpoint is not";
    }
    points.push_back(*p);
  }
  return std::nullopt;
}

}  // namespace

std::vector<NodeId> definite_variables(const Problem& problem) {
  std::vector<NodeId> result;
  for (const Given& g : problem.givens)
    if (g.set.kind == Set::Kind::spd && g.variable.ref().is_node()) result.push_back(g.variable.ref().id());
  return result;
}

StatedSet stated_set(const Problem& problem, const std::vector<Expr>& over, const CheckOptions& options,
                     const Budget& budget) {
  StatedSet set;
  set.is_box = true;
  for (const Given& g : problem.givens) {
    if (!is_over(g, over)) continue;
    if (has_separate_values(g.set)) {
      set.reason = g.name + " takes separate values";
      return set;
    }
    set.is_box = set.is_box && g.set.kind == Set::Kind::entries && !g.set.entries.is_finite();
    if (set.is_box && !g.set.entries.lo.empty() && !g.set.entries.hi.empty()) {
      const Bounds b = wellposed::bounds_of(g.set.entries);
      set.is_box = b.box.lo < b.box.hi;
    }
  }
  Problem before = problem;
  before.hypotheses.clear();
  std::vector<const Statement*> about;
  for (const Statement& h : problem.hypotheses) {
    if (mentions(h, over)) {
      about.push_back(&h);
    } else {
      before.hypotheses.push_back(h);
    }
  }
  set.restricted = !about.empty();
  set.is_box = set.is_box && !set.restricted;
  for (const Statement* h : about) {
    budget.check();
    if (!bounds_convex_set(before, *h, over)) {
      set.reason = "could not show that the hypothesis `" + h->text + "` describes a convex set";
      if (auto found = outside_midpoint(problem, over, options, budget)) {
        set.shape = StatedSet::Shape::not_convex;
        set.reason = *found;
      }
      return set;
    }
    before.hypotheses.push_back(*h);
  }
  set.shape = StatedSet::Shape::convex;
  return set;
}

}  // namespace nabla::curvature
