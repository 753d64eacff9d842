#include <algorithm>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/curvature/prove.hpp>
#include <nabla/proofs/check/curvature/terms.hpp>
#include <nabla/proofs/check/inequality/region.hpp>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>
#include <set>

namespace nabla::curvature {

namespace {

constexpr std::size_t most_leaves = 3, most_entries = 10;
constexpr int most_rounds = 30;
constexpr std::size_t shown_characters = 80;

std::string text_of(const Graph&, const Expr& e) {
  std::string text = to_string(e, {.tree_limit = 400, .limit = 400});
  if (text.size() > shown_characters || text.find('\n') != std::string::npos)
    text = text.substr(0, std::min(text.find('\n'), shown_characters)) + "...";
  return text;
}

bool has(const Bits& b, bool convex) { return convex ? b.convex : b.concave; }

/// What is wanted of the operands of a node whose own curvature is wanted.
std::vector<std::pair<NodeId, bool>> wanted_below(const Graph& graph, const Composition& rules, const Ranges& ranges,
                                                  NodeId id, bool convex) {
  std::vector<std::pair<NodeId, bool>> result;
  const auto x = graph.operands(id);
  const auto want = [&](Ref r, bool c) {
    if (r.is_node() && rules.depends(r)) result.emplace_back(r.id(), c);
  };
  const auto scale = [&](Ref r, const Bounds& factor) {
    if (factor.nonnegative()) return want(r, convex);
    if (factor.nonpositive()) return want(r, !convex);
  };
  const Facts& facts = graph.info(id).facts;
  switch (graph.code(id)) {
    case opcode<Sub>:
      want(x[0], convex);
      want(x[1], !convex);
      return result;
    case opcode<Mul>:
    case opcode<Dot>:
    case opcode<MatMul>:
    case opcode<Outer>:
      if (!rules.depends(x[0])) {
        scale(x[1], ranges.of(x[0]));
      } else if (!rules.depends(x[1])) {
        scale(x[0], ranges.of(x[1]));
      } else {
        for (const Ref r : x)
          for (const bool c : {convex, !convex}) want(r, c);
      }
      return result;
    case opcode<Div>:
      if (!rules.depends(x[1])) {
        scale(x[0], ranges.of(x[1]));
      } else {
        want(x[1], !convex);
      }
      return result;
    case opcode<Add>:
    case opcode<Max>:
    case opcode<Min>:
    case opcode<Concat>:
    case opcode<Stack>:
      for (const Ref r : x) want(r, convex);
      return result;
    default:
      break;
  }
  for (const Ref r : x) {
    if (facts.monotone != Monotone::decreasing) want(r, convex);
    if (facts.monotone != Monotone::increasing && facts.curvature != Curvature::affine) want(r, !convex);
    if (facts.monotone == Monotone::decreasing) want(r, !convex);
  }
  return result;
}

/// The first node, from the leaves up, that breaks the rules.
std::string breaking(const Composition& rules, const Expr& e) {
  const Graph& graph = e.graph();
  for (NodeId id = 0; id < rules.visited().size(); ++id) {
    if (!rules.visited()[id] || !rules.depends(Ref::node(id)) || rules.of(Ref::node(id)).any()) continue;
    return "`" + text_of(graph, Expr(e.workspace(), Ref::node(id))) + "` is neither convex nor concave by the rules";
  }
  return "`" + text_of(graph, e) + "` has the other curvature by the rules";
}

}  // namespace

bool show_by_rules(const Problem& problem, Composition& rules, const Ranges& ranges, const Expr& e, bool convex,
                   const Budget& budget, Json& cones, std::string* broken_by) {
  if (!e.ref().is_node()) return true;
  const Graph& graph = problem.workspace->graph();
  std::set<std::pair<NodeId, bool>> tried;
  rules.run(e.ref());
  for (int round = 0; round < most_rounds; ++round) {
    budget.check();
    if (has(rules.of(e.ref()), convex)) return true;
    if (round == 0 && broken_by != nullptr) *broken_by = breaking(rules, e);
    bool progress = false;
    std::set<std::pair<NodeId, bool>> waiting{{e.ref().id(), convex}}, seen;
    while (!waiting.empty()) {
      const auto [id, want] = *waiting.rbegin();
      waiting.erase({id, want});
      if (!seen.insert({id, want}).second || has(rules.of(Ref::node(id)), want)) continue;
      const auto cone = cone_at(graph, rules, id, most_leaves);
      const bool ready =
          cone && (ranges.mode() == Ranges::Mode::these_dimensions || !takes_entries(problem, *cone)) &&
          std::ranges::all_of(cone->moving, [&](Ref u) { return rules.of(u).convex || rules.of(u).concave; });
      if (ready && tried.insert({id, want}).second) {
        Json proof;
        if (show_cone(problem, rules, ranges, *cone, want, budget, proof)) {
          cones.push_back(std::move(proof));
          Bits b;
          (want ? b.convex : b.concave) = true;
          rules.take(id, b);
          progress = true;
          continue;
        }
      }
      for (const auto& below : wanted_below(graph, rules, ranges, id, want)) waiting.insert(below);
    }
    if (!progress) return false;
    rules.run(e.ref());
  }
  return false;
}

Regular regularity_of(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool open) {
  Regular r{true, true};
  if (!e.ref().is_node()) return r;
  Problem opened = problem;
  if (open)
    for (Given& g : opened.givens)
      if (std::ranges::any_of(over, [&](const Expr& x) { return same(x, g.variable); }))
        g.set.entries.lo_closed = g.set.entries.hi_closed = false;
  const wellposed::Goal goal = wellposed::goal_over(opened);
  const Graph& graph = problem.workspace->graph();
  const Ref targets[] = {e.ref()};
  const Ranges ranges(problem, targets, Ranges::Mode::these_dimensions);
  Composition rules(graph, ranges, over);
  rules.run(e.ref());
  wellposed::Survey survey(graph, targets, goal.assumptions, goal.definite);
  survey.run(goal.box);
  for (const NodeId id : survey.nodes()) {
    if (id >= rules.visited().size() || !rules.visited()[id] || !rules.depends(Ref::node(id))) continue;
    r.smooth = r.smooth && survey.kink_free(id);
    if (graph.info(id).facts.regularity != Regularity::discontinuous) continue;
    const auto x = graph.operands(id);
    const bool is_root = graph.is(id, opcode<Pow>) && !rules.depends(x[1]) && ranges.of(x[1]).positive();
    const bool is_choice_of_others = graph.is(id, opcode<Where>) && !rules.depends(x[0]);
    r.continuous = r.continuous && (is_root || is_choice_of_others || survey.kink_free(id));
  }
  return r;
}

Scalars in_scalars(const Problem& problem, const Expr& value, const std::vector<Expr>& over, bool open) {
  const inequality::Question q = inequality::question_of(problem, value, SignGoal::nonnegative);
  Scalars s;
  s.problem = q.region;
  for (const inequality::Goal& g : q.goals) s.values.push_back(g.value);
  std::size_t next = 0;
  for (const Given& g : problem.givens) {
    const bool symmetric = g.set.kind == Set::Kind::sym || g.set.kind == Set::Kind::spd;
    const std::int64_t n = g.set.shape.size();
    const auto count = static_cast<std::size_t>(symmetric ? g.set.shape[0] * (g.set.shape[0] + 1) / 2 : n);
    const bool chosen = std::ranges::any_of(over, [&](const Expr& x) { return same(x, g.variable); });
    for (std::size_t k = 0; k < count; ++k, ++next) {
      if (!chosen) continue;
      Given& entry = s.problem.givens.at(next);
      s.x.push_back(entry.variable);
      if (open) entry.set.entries.lo_closed = entry.set.entries.hi_closed = false;
    }
  }
  if (next != s.problem.givens.size()) throw NotHandled("the entries of the variables do not match");
  return s;
}

namespace {

/// The work on one expression in one mode.
class Attempt {
 public:
  Attempt(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool convex, const Expr& modulus,
          const StatedSet& set, Ranges::Mode mode, const Budget& budget)
      : problem_(problem),
        e_(e),
        over_(over),
        convex_(convex),
        modulus_(modulus),
        set_(set),
        mode_(mode),
        budget_(budget) {}

  Convexity run() {
    Convexity c = modulus_.empty() ? rules() : separable();
    if (!c.proved && mode_ == Ranges::Mode::these_dimensions) {
      const std::string broken = c.message;
      c = hessian();
      if (!c.proved) c.message = broken + (c.message.empty() ? "" : "; second derivatives: " + c.message);
    }
    c.uniform = c.proved && !extent_read_ && mode_ == Ranges::Mode::all_dimensions && !set_.restricted &&
                problem_.derivatives.empty() && problem_.must_be_defined.empty();
    c.proof["mode"] = mode_ == Ranges::Mode::all_dimensions ? "all" : "these";
    return c;
  }

 private:
  /// Ranges of everything that is read, with the rules over them.
  struct Look {
    Look(const Problem& problem, const std::vector<Expr>& read, const std::vector<Expr>& over, Ranges::Mode mode)
        : ranges(problem, refs(read), mode), rules(problem.workspace->graph(), ranges, over) {
      rules.set_definite(definite_variables(problem));
    }
    static std::vector<Ref> refs(const std::vector<Expr>& read) {
      std::vector<Ref> result;
      for (const Expr& e : read)
        if (!e.empty() && e.ref().is_node()) result.push_back(e.ref());
      return result;
    }
    Ranges ranges;
    Composition rules;
  };
  bool all_defined(const Ranges& ranges) const {
    return mode_ == Ranges::Mode::these_dimensions || ranges.all_defined();
  }

  Convexity rules() {
    Convexity c;
    Look look(problem_, {e_}, over_, mode_);
    Json cones = Json::array();
    if (!all_defined(look.ranges) ||
        !show_by_rules(problem_, look.rules, look.ranges, e_, convex_, budget_, cones, &c.message))
      return c;
    c.proved = true;
    c.method = cones.empty() ? "composition rules" : "composition rules and second derivatives";
    c.proof["by"] = "rules";
    c.proof["cones"] = std::move(cones);
    return c;
  }

  /// Sums of functions of single entries against the modulus, and the rest by rules.
  Convexity separable() {
    Convexity c;
    Separated s;
    {
      Look look(problem_, {e_}, over_, mode_);
      look.rules.run(e_.ref());
      c.message = "the modulus is taken from sums of functions of single entries, which were not enough";
      const std::vector<Term> terms = terms_of(e_, look.rules);
      // The entries of a mean are divided by how many there are.
      extent_read_ = std::ranges::any_of(
          terms, [&](const Term& t) { return problem_.workspace->graph().is(t.node.ref().id(), opcode<Mean>); });
      s = separated(terms, over_, look.rules);
    }
    std::vector<Expr> read;
    for (std::size_t k = 0; k < over_.size(); ++k) {
      if (s.separable[k].empty()) return c;
      s.separable[k] = s.separable[k] - half_square(modulus_, over_[k]);
      read.push_back(s.separable[k]);
    }
    for (const Term& term : s.rest) read.push_back(term.factor * term.node);
    Look look(problem_, read, over_, mode_);
    if (!all_defined(look.ranges)) return c;
    Json parts = Json::array(), cones = Json::array();
    for (std::size_t k = 0; k < read.size(); ++k) {
      if (k < over_.size() && read[k].ref().is_node()) {
        look.rules.run(read[k].ref());
        const auto cone = cone_at(problem_.workspace->graph(), look.rules, read[k].ref().id(), 1);
        Json part;
        const bool by_rules = look.rules.of(read[k].ref()).convex;
        if (!by_rules && (!cone || !show_cone(problem_, look.rules, look.ranges, *cone, true, budget_, part))) return c;
        parts.push_back(std::move(part));
      } else if (!show_by_rules(problem_, look.rules, look.ranges, read[k], true, budget_, cones, &c.message)) {
        return c;
      }
    }
    c.proved = true;
    c.method = "composition rules and second derivatives";
    c.proof["by"] = "separable";
    c.proof["parts"] = std::move(parts);
    c.proof["cones"] = std::move(cones);
    return c;
  }

  Convexity hessian() {
    Convexity c;
    std::int64_t entries = 0;
    for (const Expr& x : over_) entries += x.shape().size();
    if (entries > static_cast<std::int64_t>(most_entries)) {
      c.message = "a matrix of " + std::to_string(entries) + " rows was not looked at";
      return c;
    }
    const WorkspaceScope scope(problem_.workspace);
    const Expr e = without_norms(e_);
    Look look(problem_, {e}, over_, mode_);
    look.rules.run(e.ref());
    const bool open = set_.is_box && regularity_of(problem_, e, over_, false).continuous;
    const std::vector<Term> terms = terms_of(e, look.rules);
    Expr smooth(0);
    Json kinked = Json::array(), cones = Json::array();
    std::vector<Expr> apart;
    for (std::size_t k = 0; k < terms.size(); ++k) {
      const Expr term = terms[k].factor * terms[k].node;
      if (!regularity_of(problem_, terms[k].node, over_, open).smooth) {
        kinked.push_back(k);
        apart.push_back(term);
      } else {
        smooth = smooth + term;
      }
    }
    if (!apart.empty()) {
      Look again(problem_, apart, over_, mode_);
      for (const Expr& term : apart)
        if (!show_by_rules(problem_, again.rules, again.ranges, term, convex_, budget_, cones, &c.message)) return c;
    }
    if (!convex_) smooth = -smooth;
    if (!modulus_.empty())
      for (const Expr& x : over_) {
        const Expr squares = half_square(modulus_, x);
        smooth = smooth - (x.shape().is_scalar() ? squares : sum(squares));
      }
    const Scalars s = in_scalars(problem_, smooth, over_, open);
    const WorkspaceScope inside(s.problem.workspace);
    const Definiteness d = show_semidefinite(s.problem, second_derivatives(s.values.at(0), s.x), budget_);
    if (!d.proved) {
      c.message = d.reason;
      return c;
    }
    c.proved = true;
    c.method = "positive semidefinite Hessian";
    c.proof["by"] = "hessian";
    c.proof["kinked"] = std::move(kinked);
    c.proof["cones"] = std::move(cones);
    c.proof["open"] = open;
    c.proof["blocks"] = d.proof;
    return c;
  }

  const Problem& problem_;
  Expr e_;
  const std::vector<Expr>& over_;
  bool convex_;
  Expr modulus_;
  const StatedSet& set_;
  Ranges::Mode mode_;
  const Budget& budget_;
  bool extent_read_ = false;
};

}  // namespace

Convexity show_convex(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool convex,
                      const Expr& modulus, const StatedSet& set, const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  Convexity c;
  if (!e.ref().is_node() && modulus.empty()) {
    c.proved = c.uniform = true;
    c.method = "a constant";
    c.proof["by"] = "rules";
    c.proof["mode"] = "these";
    c.proof["cones"] = Json::array();
    return c;
  }
  if (!problem.dimensions.empty()) {
    c = Attempt(problem, e, over, convex, modulus, set, Ranges::Mode::all_dimensions, budget).run();
    if (c.proved) return c;
  }
  return Attempt(problem, e, over, convex, modulus, set, Ranges::Mode::these_dimensions, budget).run();
}

}  // namespace nabla::curvature
