#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/claim/mentions.hpp>
#include <nabla/proofs/recheck/curvature/convex.hpp>
#include <nabla/proofs/recheck/inequality/expression.hpp>

namespace nabla::bending {

bool is_over(const Given& g, const std::vector<Expr>& over) {
  return std::ranges::any_of(over, [&](const Expr& x) { return same(x, g.variable); });
}

namespace {

Expr half_squares(const Expr& modulus, const Expr& x) { return modulus / Expr(2) * powi(x, 2); }

/// Sums of functions of single entries against the modulus, and the rest by rules.
bool replay_separable(const Problem& problem, const Claimed& c, const Json& proof, std::string& why) {
  std::vector<Summand> rest;
  std::vector<Expr> parts;
  {
    const RangeTable ranges(problem, c.e.ref());
    Marks marks(problem, ranges, c.over);
    marks.run(c.e.ref());
    parts = entrywise_parts(summands_of(c.e, marks), c.over, marks, rest);
  }
  for (std::size_t k = 0; k < c.over.size(); ++k) {
    if (parts[k].empty()) return false;
    const Expr g = parts[k] - half_squares(c.modulus, c.over[k]);
    if (!g.ref().is_node()) continue;
    const RangeTable ranges(problem, g.ref());
    Marks marks(problem, ranges, c.over);
    marks.run(g.ref());
    if (has(marks.of(g.ref()), convex)) continue;
    const Json& part = proof.at("parts").at(k);
    if (part.is_null() || replay_cone(problem, marks, ranges, Names(g), g.ref().id(), part, why) != convex) {
      why = "a function of single entries could not be shown again to be convex: " + why;
      return false;
    }
  }
  return std::ranges::all_of(rest, [&](const Summand& term) {
    return replay_by_rules(problem, term.factor * term.node, c.over, convex, proof.at("cones"), why);
  });
}

bool replay_hessian(const Problem& problem, const Claimed& c, const Json& proof, std::string& why) {
  const Expr e = norms_written_out(c.e);
  const bool open = proof.at("open");
  if (open && (!is_plain_box(problem, c.over) || !never_jumps(problem, e, c.over))) {
    why = "the expression may jump at an end of the set";
    return false;
  }
  const Problem inside = open ? with_open_ends(problem, c.over) : problem;
  const RangeTable ranges(problem, e.ref());
  Marks marks(problem, ranges, c.over);
  marks.run(e.ref());
  const auto terms = summands_of(e, marks);
  const auto apart = proof.at("kinked").get<std::vector<std::size_t>>();
  Expr smooth(0);
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const Expr term = terms[k].factor * terms[k].node;
    if (std::ranges::find(apart, k) != apart.end()) {
      if (!replay_by_rules(problem, term, c.over, c.wanted, proof.at("cones"), why)) return false;
    } else if (!has_no_kink(inside, terms[k].node, c.over)) {
      why = "a term may have a kink";
      return false;
    } else {
      smooth = smooth + term;
    }
  }
  if (c.wanted == concave) smooth = -smooth;
  if (!c.modulus.empty())
    for (const Expr& x : c.over) {
      const Expr all = half_squares(c.modulus, x);
      smooth = smooth - (x.shape().is_scalar() ? all : sum(all));
    }
  const ScalarView s = written_in_scalars(problem, smooth, c.over, open);
  const WorkspaceScope scope(s.problem.workspace);
  return replay_semidefinite(s.problem, bends(s.values.at(0), s.x), proof.at("blocks"), why);
}

}  // namespace

bool replay_by_rules(const Problem& problem, const Expr& e, const std::vector<Expr>& over, unsigned wanted,
                     const Json& cones, std::string& why) {
  if (!e.ref().is_node()) return true;
  const RangeTable ranges(problem, e.ref());
  Marks marks(problem, ranges, over);
  marks.run(e.ref());
  if (has(marks.of(e.ref()), wanted)) return true;
  const Names names(e);
  for (const Json& cone : cones) {
    const Ref node = names.find(cone.at("node").get<std::string>());
    if (node.empty() || !marks.visited()[node.id()]) continue;
    const unsigned shown = replay_cone(problem, marks, ranges, names, node.id(), cone, why);
    if (shown == 0) continue;
    marks.set(node.id(), shown);
    marks.run(e.ref());
  }
  if (has(marks.of(e.ref()), wanted)) return true;
  why = "the composition rules did not give it again" + (why.empty() ? "" : ": " + why);
  return false;
}

bool replay_convex(const Problem& problem, const Claimed& claimed, const Json& proof, std::string& why) {
  const WorkspaceScope scope(problem.workspace);
  const std::string by = proof.at("by");
  if (by == "rules")
    return claimed.modulus.empty() &&
           replay_by_rules(problem, claimed.e, claimed.over, claimed.wanted, proof.at("cones"), why);
  if (by == "separable")
    return claimed.wanted == convex && !claimed.modulus.empty() && claimed.e.ref().is_node() &&
           replay_separable(problem, claimed, proof, why);
  return by == "hessian" && claimed.e.ref().is_node() && replay_hessian(problem, claimed, proof, why);
}

bool replay_convex_set(const Problem& problem, const std::vector<Expr>& over, std::string& why) {
  const WorkspaceScope scope(problem.workspace);
  Problem before = problem;
  before.hypotheses.clear();
  std::vector<const Statement*> about;
  for (const Given& g : problem.givens)
    if (is_over(g, over) &&
        ((g.set.kind == Set::Kind::onehot && g.set.shape.size() > 1) ||
         (g.set.kind == Set::Kind::entries && g.set.entries.elements.size() > 1 && g.set.shape.size() > 0)))
      return false;
  for (const Statement& h : problem.hypotheses) {
    if (mentions(h, over)) {
      about.push_back(&h);
    } else {
      before.hypotheses.push_back(h);
    }
  }
  for (const Statement* h : about) {
    bool shown = h->kind == Statement::Kind::relation;
    for (std::size_t k = 0; shown && k < h->comparisons.size(); ++k) {
      const Comparison how = h->comparisons[k];
      const bool up = how == Comparison::less || how == Comparison::less_equal || how == Comparison::equal;
      const bool down = how == Comparison::greater || how == Comparison::greater_equal || how == Comparison::equal;
      const Expr gap = h->sides[k] - h->sides[k + 1];
      shown = (up || down) && (!up || replay_by_rules(before, gap, over, convex, Json::array(), why)) &&
              (!down || replay_by_rules(before, gap, over, concave, Json::array(), why));
    }
    if (!shown) {
      why = "the hypothesis `" + h->text + "` could not be shown again to describe a convex set";
      return false;
    }
    before.hypotheses.push_back(*h);
  }
  return true;
}

Problem with_open_ends(const Problem& problem, const std::vector<Expr>& over) {
  Problem p = problem;
  for (Given& g : p.givens)
    if (is_over(g, over)) g.set.entries.lo_closed = g.set.entries.hi_closed = false;
  return p;
}

bool is_plain_box(const Problem& problem, const std::vector<Expr>& over) {
  return std::ranges::none_of(problem.hypotheses, [&](const Statement& h) { return mentions(h, over); }) &&
         std::ranges::all_of(problem.givens, [&](const Given& g) {
           return !is_over(g, over) || (g.set.kind == Set::Kind::entries && !g.set.entries.is_finite() &&
                                        range_of(g.set.entries).box.width() > 0);
         });
}

bool never_jumps(const Problem& problem, const Expr& e, const std::vector<Expr>& over) {
  return is_continuous(problem, e, over);
}

bool has_no_kink(const Problem& problem, const Expr& e, const std::vector<Expr>& over) {
  return is_smooth(problem, e, over);
}

ScalarView written_in_scalars(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool open) {
  rederive::ScalarProblem scalar(problem);
  ScalarView s;
  s.values = scalar.entries(e);
  s.problem = scalar.region();
  std::size_t next = 0;
  for (const Given& g : problem.givens) {
    const bool repeats = g.set.kind == Set::Kind::sym || g.set.kind == Set::Kind::spd;
    const std::int64_t side = repeats ? g.set.shape[0] : 0;
    const std::int64_t count = repeats ? side * (side + 1) / 2 : g.set.shape.size();
    for (std::int64_t k = 0; k < count; ++k, ++next) {
      if (!is_over(g, over)) continue;
      Given& entry = s.problem.givens.at(next);
      s.x.push_back(entry.variable);
      if (open) entry.set.entries.lo_closed = entry.set.entries.hi_closed = false;
    }
  }
  return s;
}

}  // namespace nabla::bending
