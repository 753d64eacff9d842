#include <algorithm>
#include <nabla/proofs/check/curvature/curvature.hpp>
#include <nabla/proofs/check/curvature/lipschitz.hpp>
#include <nabla/proofs/check/curvature/lipschitz_bounds.hpp>
#include <nabla/proofs/check/curvature/monotone_rules.hpp>
#include <nabla/proofs/check/curvature/prove.hpp>
#include <nabla/proofs/check/curvature/terms.hpp>

namespace nabla {

namespace {

using namespace curvature;

constexpr std::int64_t most_lipschitz_rows = 8;

class Work {
 public:
  Work(Question posed, const CheckOptions& options, const Budget& budget)
      : posed_(std::move(posed)), problem_(posed_.problem), s_(posed_.statement), options_(options), budget_(budget) {}

  Finding run() {
    const WorkspaceScope scope(problem_.workspace);
    for (const Given& g : problem_.givens)
      if (is_over(g) && (g.set.kind == Set::Kind::sym || g.set.kind == Set::Kind::spd))
        return undecided("norms of symmetric matrices are not looked at");
    set_ = stated_set(problem_, s_.over, options_, budget_);
    if (s_.predicate == "lipschitz") return lipschitz();
    if (set_.shape != StatedSet::Shape::convex)
      return undecided("could not show that the set is convex: " + set_.reason);
    return s_.predicate == "smooth" ? smooth() : cocoercive();
  }

 private:
  bool is_over(const Given& g) const {
    return std::ranges::any_of(s_.over, [&](const Expr& x) { return same(x, g.variable); });
  }
  const Expr& constant() const { return s_.parameters[0]; }

  Finding proved(const std::string& method, Json proof, bool uniform) const {
    return proved_finding(problem_, method, s_.predicate + " by " + method, "lipschitz", std::move(proof), uniform);
  }

  // --- smooth -------------------------------------------------------------------------------------------------

  Finding smooth() {
    Json proof;
    std::string method, reason;
    bool uniform = false;
    if (show_smooth(proof, method, uniform, reason)) return proved(method, std::move(proof), uniform);
    return undecided(reason);
  }

  /// Whether a closed end of the box is where E may have no derivative, though nothing is wrong inside.
  bool must_enlarge() const {
    return set_.is_box && !regularity_of(problem_, without_norms(s_.subject), s_.over, false).smooth &&
           std::ranges::any_of(problem_.givens, [&](const Given& g) {
             const RealSet& r = g.set.entries;
             return is_over(g) && ((!r.lo.empty() && r.lo_closed) || (!r.hi.empty() && r.hi_closed));
           });
  }
  Problem enlarged() const {
    Problem larger = problem_;
    for (Given& g : larger.givens) {
      if (!is_over(g)) continue;
      if (!g.set.entries.lo.empty()) g.set.entries.lo = g.set.entries.lo - Expr(1);
      if (!g.set.entries.hi.empty()) g.set.entries.hi = g.set.entries.hi + Expr(1);
    }
    return larger;
  }

  /// Whether no operator below has a kink anywhere, as the records say.
  static bool smooth_by_records(const Expr& e) {
    if (!e.ref().is_node()) return true;
    const Ref targets[] = {e.ref()};
    const auto needed = reachable(e.graph(), targets);
    for (NodeId id = 0; id < needed.size(); ++id)
      if (needed[id] &&
          (!e.graph().info(id).facts.kinks.empty() || e.graph().info(id).facts.regularity != Regularity::smooth))
        return false;
    return true;
  }

  bool show_smooth(Json& proof, std::string& method, bool& uniform, std::string& reason) {
    const Expr &e = s_.subject, &L = constant();
    if (!problem_.dimensions.empty() && set_.is_box && smooth_by_records(without_norms(e)) &&
        show_smooth_bound(problem_, e, s_.over, L, Ranges::Mode::all_dimensions, budget_, proof) == Bounded::uniform) {
      proof["by"] = "bound";
      method = "bounds of compositions";
      uniform = problem_.derivatives.empty() && problem_.must_be_defined.empty();
      return true;
    }
    proof = Json::object();
    const bool larger = must_enlarge();
    const Problem where = larger ? enlarged() : problem_;
    if (larger) {
      const Ref targets[] = {e.ref()};
      if (e.ref().is_node() && !Ranges(where, targets, Ranges::Mode::these_dimensions).all_defined()) {
        reason = "there may be no derivative at an end of the set";
        return false;
      }
    } else if (!set_.is_box && !regularity_of(problem_, without_norms(e), s_.over, false).smooth) {
      reason = "the expression may have a kink on a set without interior";
      return false;
    }
    method = "bounds on second derivatives";
    const Expr minus = -L;
    Json sign;
    const bool nonnegative =
        show_zero(problem_, L, budget_, sign) || show_sign(problem_, L, SignGoal::nonnegative, budget_, sign);
    if (!nonnegative) {
      reason = "could not show that the constant is nonnegative";
      return false;
    }
    proof["by"] = "convexity";
    proof["larger"] = larger;
    proof["sign"] = sign;
    const Convexity convex = show_convex(where, e, s_.over, true, {}, set_, budget_);
    const Convexity concave = convex.proved ? Convexity{} : show_convex(where, e, s_.over, false, {}, set_, budget_);
    uniform = true;
    for (const bool up : {true, false}) {
      const Convexity& known = up ? convex : concave;
      if (known.proved) {
        proof[up ? "convex" : "concave"] = known.proof;
        uniform = uniform && known.uniform;
        continue;
      }
      const Convexity c = show_convex(where, up ? e : -e, s_.over, true, minus, set_, budget_);
      if (!c.proved) {
        reason =
            "could not show that " + std::string(up ? "E + L/2 |x|^2" : "L/2 |x|^2 - E") + " is convex: " + c.message;
        Json bound;
        if (convex.proved && !larger && set_.is_box && show_bound(bound)) {
          proof = bound;
          proof["convex"] = convex.proof;
          uniform = false;
          method = "bounds of compositions";
          return true;
        }
        return false;
      }
      proof[up ? "up" : "down"] = c.proof;
      uniform = uniform && c.uniform;
    }
    return true;
  }

  bool show_bound(Json& proof) {
    proof = Json::object();
    proof["by"] = "bound";
    return show_smooth_bound(problem_, s_.subject, s_.over, constant(), Ranges::Mode::these_dimensions, budget_,
                             proof) != Bounded::no;
  }

  // --- cocoercive ---------------------------------------------------------------------------------------------

  Finding cocoercive() {
    const Expr &e = s_.subject, &L = constant();
    Json positive;
    if (!show_sign(problem_, L, SignGoal::positive, budget_, positive))
      return undecided("could not show that the constant is positive");
    Json proof;
    std::string method, reason;
    bool uniform = false;
    if (!show_smooth(proof, method, uniform, reason)) return undecided("not shown to be smooth: " + reason);
    const Convexity convex = show_convex(problem_, e, s_.over, true, {}, set_, budget_);
    if (!convex.proved) return undecided("not shown to be convex: " + convex.message);
    std::int64_t entries = 0;
    bool everything = !set_.restricted;
    for (const Given& g : problem_.givens) {
      if (!is_over(g)) continue;
      entries += g.set.shape.size();
      everything = everything && g.set.kind == Set::Kind::entries && g.set.entries.is_all();
    }
    const bool by_entries = set_.is_box && (entries == 1 || is_separable());
    if (!everything && !by_entries)
      return undecided("convex and smooth on part of the space only, from which cocoercivity does not follow");
    proof["convexity"] = convex.proof;
    proof["positive"] = positive;
    proof["everywhere"] = everything;
    return proved("convexity and " + method, std::move(proof), uniform && convex.uniform && everything);
  }

  bool is_separable() const {
    const Expr& e = s_.subject;
    if (!e.ref().is_node()) return true;
    const Ref targets[] = {e.ref()};
    const Ranges ranges(problem_, targets, Ranges::Mode::these_dimensions);
    Composition rules(problem_.workspace->graph(), ranges, s_.over);
    rules.run(e.ref());
    const Separated s = separated(terms_of(e, rules), s_.over, rules);
    return std::ranges::all_of(s.rest, [&](const Term& t) { return rules.of(t.node.ref()).affine(); });
  }

  // --- lipschitz ----------------------------------------------------------------------------------------------

  Finding lipschitz() {
    Json proof;
    if (by_entries(proof)) {
      const bool uniform = !problem_.dimensions.empty() && proof["mode"] == "all" && problem_.derivatives.empty() &&
                           problem_.must_be_defined.empty();
      return proved("bounds on derivatives", std::move(proof), uniform);
    }
    if (set_.shape != StatedSet::Shape::convex)
      return undecided("could not show that the set is convex: " + set_.reason);
    if (!problem_.dimensions.empty() &&
        show_lipschitz_bound(problem_, s_.subject, s_.over, constant(), Ranges::Mode::all_dimensions, budget_, proof) ==
            Bounded::uniform) {
      proof["by"] = "bound";
      return proved("bounds of compositions", std::move(proof),
                    problem_.derivatives.empty() && problem_.must_be_defined.empty() && !set_.restricted);
    }
    proof = Json::object();
    std::string reason;
    if (by_jacobian(proof, reason)) return proved("bounds on derivatives", std::move(proof), false);
    proof = Json::object();
    if (show_lipschitz_bound(problem_, s_.subject, s_.over, constant(), Ranges::Mode::these_dimensions, budget_,
                             proof) != Bounded::no) {
      proof["by"] = "bound";
      return proved("bounds of compositions", std::move(proof), false);
    }
    return undecided(reason);
  }

  bool by_entries(Json& proof) {
    const Expr &f = s_.subject, &L = constant();
    if (s_.over.size() != 1 || f.shape() != s_.over[0].shape() || !f.ref().is_node()) return false;
    const Expr& x = s_.over[0];
    for (const Ranges::Mode mode : {Ranges::Mode::all_dimensions, Ranges::Mode::these_dimensions}) {
      Json cones = Json::array();
      for (const Expr& e : {L * x - f, L * x + f}) {
        if (!e.ref().is_node()) return false;
        const Ref targets[] = {e.ref()};
        const Ranges ranges(problem_, targets, mode);
        Composition rules(problem_.workspace->graph(), ranges, s_.over);
        rules.run(e.ref());
        MonotoneRules runs(problem_.workspace->graph(), ranges, rules);
        runs.run(e.ref());
        const auto cone = cone_at(problem_.workspace->graph(), rules, e.ref().id(), 1);
        // Down to x itself, so that entries depend on the same entry of x.
        if (!cone || cone->moving[0] != x.ref()) break;
        if (mode == Ranges::Mode::all_dimensions && !ranges.all_defined()) break;
        Json one;
        if (!show_cone_runs(problem_, rules, runs, ranges, *cone, true, budget_, one)) break;
        cones.push_back(std::move(one));
      }
      if (cones.size() < 2) continue;
      proof["by"] = "entries";
      proof["mode"] = mode == Ranges::Mode::all_dimensions ? "all" : "these";
      proof["cones"] = std::move(cones);
      return true;
    }
    return false;
  }

  bool by_jacobian(Json& proof, std::string& reason) {
    const Expr f = without_norms(s_.subject);
    const Expr& L = constant();
    std::int64_t columns = 0;
    for (const Expr& x : s_.over) columns += x.shape().size();
    const std::int64_t rows = f.shape().size();
    if (std::min(rows, columns) > most_lipschitz_rows || rows * columns > most_lipschitz_rows * most_lipschitz_rows) {
      reason = "a Jacobian of " + std::to_string(rows) + " rows and " + std::to_string(columns) +
               " columns was not looked at";
      return false;
    }
    const Regular regular = regularity_of(problem_, f, s_.over, set_.is_box);
    if (!regular.continuous || (!regular.smooth && !set_.is_box)) {
      reason = "the expression may jump, or have a kink on a set without interior";
      return false;
    }
    Json sign;
    if (!show_zero(problem_, L, budget_, sign) && !show_sign(problem_, L, SignGoal::nonnegative, budget_, sign)) {
      reason = "could not show that the constant is nonnegative";
      return false;
    }
    // All of it in scalars: the constant is one more entry.
    const Expr flat = reshape(f, Shape{rows});
    const Expr parts[] = {flat, reshape(L, Shape{1})};
    const Scalars s = in_scalars(problem_, concat(std::vector<Expr>(parts, parts + 2), 0), s_.over, set_.is_box);
    const WorkspaceScope inside(s.problem.workspace);
    const Expr bound = s.values.back();
    std::vector<std::vector<Expr>> jacobian;
    for (std::size_t i = 0; i + 1 < s.values.size(); ++i) jacobian.push_back(gradient(s.values[i], s.x));
    const bool by_rows = rows <= columns;
    Matrix m;
    m.n = static_cast<std::size_t>(by_rows ? rows : columns);
    Definiteness d;
    Json blocks = Json::array();
    if (rows == 1 && columns == 1) {
      m.entries = {bound - jacobian[0][0]};
      d = show_semidefinite(s.problem, m, budget_);
      if (d.proved) {
        blocks.push_back(d.proof);
        m.entries = {bound + jacobian[0][0]};
        d = show_semidefinite(s.problem, m, budget_);
      }
    } else {
      const auto inner = static_cast<std::size_t>(by_rows ? columns : rows);
      for (std::size_t i = 0; i < m.n; ++i)
        for (std::size_t j = 0; j < m.n; ++j) {
          Expr total = i == j ? powi(bound, 2) : Expr(0);
          for (std::size_t k = 0; k < inner; ++k)
            total = total - (by_rows ? jacobian[std::min(i, j)][k] * jacobian[std::max(i, j)][k]
                                     : jacobian[k][std::min(i, j)] * jacobian[k][std::max(i, j)]);
          m.entries.push_back(total);
        }
      d = show_semidefinite(s.problem, m, budget_);
    }
    if (!d.proved) {
      reason = "L^2 I - J J' : " + d.reason;
      return false;
    }
    blocks.push_back(d.proof);
    proof["by"] = "jacobian";
    proof["sign"] = sign;
    proof["open"] = set_.is_box;
    proof["rows"] = by_rows;
    proof["blocks"] = std::move(blocks);
    return true;
  }

  Question posed_;
  const Problem& problem_;
  const Statement& s_;
  const CheckOptions& options_;
  const Budget& budget_;
  StatedSet set_;
};

}  // namespace

std::optional<Finding> decide_lipschitz(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                        const Budget& budget) {
  Question posed = without_premises(problem, statement);
  const Statement& s = posed.statement;
  if (s.kind != Statement::Kind::predicate) return std::nullopt;
  if (s.predicate != "smooth" && s.predicate != "lipschitz" && s.predicate != "cocoercive") return std::nullopt;
  const SignSteps steps(steps_of_a_predicate);
  Finding f = Work(std::move(posed), options, budget).run();
  if (f.verdict == Verdict::undecided && steps.used_up()) f.message += steps_gone;
  return f;
}

}  // namespace nabla
