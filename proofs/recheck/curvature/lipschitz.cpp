#include <algorithm>
#include <nabla/proofs/recheck/curvature/bounds.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/running.hpp>
#include <nabla/proofs/recheck/curvature/statement.hpp>

namespace nabla {

namespace bending {

namespace {

/// Every operator is applied inside its domain, as ranges show.
bool exists(const Problem& problem, const Expr& e) { return exists_everywhere(problem, e); }

bool has_closed_end(const Problem& problem, const std::vector<Expr>& over) {
  return std::ranges::any_of(problem.givens, [&](const Given& g) {
    return is_over(g, over) && (g.set.entries.lo_closed || g.set.entries.hi_closed);
  });
}

bool replay_smooth(const Problem& stated, const Statement& s, const Json& proof, std::string& why) {
  const Expr &e = s.subject, &L = s.parameters.at(0);
  if (proof.at("by") == "bound") {
    if (!is_plain_box(stated, s.over) || !has_no_kink(stated, norms_written_out(e), s.over)) return false;
    return replay_smooth_bound(stated, e, s.over, L, proof, why);
  }
  const bool larger = proof.at("larger");
  Problem problem = stated;
  const bool box = is_plain_box(stated, s.over);
  if (larger) {
    if (!box) return false;
    for (Given& g : problem.givens) {
      if (!is_over(g, s.over)) continue;
      if (!g.set.entries.lo.empty()) g.set.entries.lo = g.set.entries.lo - Expr(1);
      if (!g.set.entries.hi.empty()) g.set.entries.hi = g.set.entries.hi + Expr(1);
    }
    if (!exists(problem, e)) {
      why = "the expression may be undefined next to the set";
      return false;
    }
  } else if ((!box || has_closed_end(stated, s.over)) && !has_no_kink(stated, norms_written_out(e), s.over)) {
    why = "there may be no derivative at an end of the set";
    return false;
  }
  if (!replay_sign(problem, L, Wanted::nonnegative, proof.at("sign"))) {
    why = "the constant could not be shown again to be nonnegative";
    return false;
  }
  for (const bool rising : {true, false}) {
    const std::string known = rising ? "convex" : "concave";
    Claimed c{.e = e, .over = s.over, .wanted = rising ? convex : concave, .modulus = {}};
    if (proof.contains(known)) {
      if (!replay_convex(problem, c, proof.at(known), why)) return false;
      continue;
    }
    c.e = rising ? e : -e;
    c.wanted = convex;
    c.modulus = -L;
    if (!replay_convex(problem, c, proof.at(rising ? "up" : "down"), why)) return false;
  }
  return true;
}

bool is_sum_of_entries(const Problem& problem, const Expr& e, const std::vector<Expr>& over) {
  if (!e.ref().is_node()) return true;
  const RangeTable ranges(problem, e.ref());
  Marks marks(problem, ranges, over);
  marks.run(e.ref());
  std::vector<Summand> rest;
  entrywise_parts(summands_of(e, marks), over, marks, rest);
  return std::ranges::all_of(rest, [&](const Summand& t) { return has(marks.of(t.node.ref()), affine); });
}

bool replay_cocoercive(const Problem& problem, const Statement& s, const Json& proof, std::string& why) {
  if (!replay_sign(problem, s.parameters.at(0), Wanted::positive, proof.at("positive"))) {
    why = "the constant could not be shown again to be positive";
    return false;
  }
  bool everything = true;
  std::int64_t entries = 0;
  for (const Given& g : problem.givens) {
    if (!is_over(g, s.over)) continue;
    everything = everything && g.set.kind == Set::Kind::entries && g.set.entries.is_all();
    entries += g.set.shape.size();
  }
  const bool box = is_plain_box(problem, s.over);
  if (!(everything && box) && !(box && (entries == 1 || is_sum_of_entries(problem, s.subject, s.over)))) {
    why = "convex and smooth on part of the space only";
    return false;
  }
  const Claimed c{.e = s.subject, .over = s.over, .wanted = convex, .modulus = {}};
  return replay_convex(problem, c, proof.at("convexity"), why) && replay_smooth(problem, s, proof, why);
}

bool replay_entries(const Problem& problem, const Statement& s, const Json& proof, std::string& why) {
  const Expr &f = s.subject, &L = s.parameters.at(0);
  if (s.over.size() != 1 || f.shape() != s.over[0].shape()) return false;
  const Expr& x = s.over[0];
  std::size_t k = 0;
  for (const Expr& e : {L * x - f, L * x + f}) {
    const Json& cone = proof.at("cones").at(k++);
    const RangeTable ranges(problem, e.ref());
    Marks marks(problem, ranges, s.over);
    marks.run(e.ref());
    Runs runs(problem, ranges, marks);
    runs.run(e.ref());
    const Names names(e);
    // The only leaf is x itself, so that entries depend on the same entry of x.
    if (cone.at("moving").size() != 1 || names.find(cone.at("moving").at(0).get<std::string>()) != x.ref() ||
        !cone.at("up").get<bool>())
      return false;
    if ((replay_running_cone(problem, marks, runs, ranges, names, e.ref().id(), cone, why) & up) == 0) return false;
  }
  return true;
}

bool replay_jacobian(const Problem& problem, const Statement& s, const Json& proof, std::string& why) {
  const Expr f = norms_written_out(s.subject);
  const Expr& L = s.parameters.at(0);
  const bool open = proof.at("open");
  const bool box = is_plain_box(problem, s.over);
  if ((open && !box) || !never_jumps(problem, f, s.over) || (!box && !has_no_kink(problem, f, s.over))) {
    why = "the expression may jump";
    return false;
  }
  if (!replay_sign(problem, L, Wanted::nonnegative, proof.at("sign"))) return false;
  const std::int64_t rows = f.shape().size();
  const Expr parts[] = {reshape(f, Shape{rows}), reshape(L, Shape{1})};
  const ScalarView view = written_in_scalars(problem, concat(std::vector<Expr>(parts, parts + 2), 0), s.over, open);
  const WorkspaceScope inside(view.problem.workspace);
  const Expr bound = view.values.back();
  std::vector<std::vector<Expr>> j;
  for (std::size_t i = 0; i + 1 < view.values.size(); ++i) j.push_back(gradient(view.values[i], view.x));
  const std::size_t m = j.size(), n = view.x.size();
  if (m == 1 && n == 1)
    return replay_semidefinite(view.problem, {1, {bound - j[0][0]}}, proof.at("blocks").at(0), why) &&
           replay_semidefinite(view.problem, {1, {bound + j[0][0]}}, proof.at("blocks").at(1), why);
  const bool by_rows = proof.at("rows");
  Square h;
  h.n = by_rows ? m : n;
  for (std::size_t a = 0; a < h.n; ++a)
    for (std::size_t b = 0; b < h.n; ++b) {
      const std::size_t low = std::min(a, b), high = std::max(a, b);
      Expr entry = a == b ? powi(bound, 2) : Expr(0);
      for (std::size_t k = 0; k < (by_rows ? n : m); ++k)
        entry = entry - (by_rows ? j[low][k] * j[high][k] : j[k][low] * j[k][high]);
      h.entries.push_back(entry);
    }
  return replay_semidefinite(view.problem, h, proof.at("blocks").at(0), why);
}

}  // namespace
}  // namespace bending

ReplayedCertificate replay_lipschitz(const Problem& stated, const Statement& statement,
                                     const nlohmann::ordered_json& evidence) {
  using namespace bending;
  const WorkspaceScope scope(stated.workspace);
  const Bare b = bare(stated, statement);
  const Statement& s = b.predicate;
  std::string why;
  for (const Given& g : b.problem.givens)
    if (is_over(g, s.over) && (g.set.kind == Set::Kind::sym || g.set.kind == Set::Kind::spd))
      return replayed(false, "", "norms of symmetric matrices");
  if (s.predicate == "lipschitz" && evidence.at("by") == "entries")
    return replayed(replay_entries(b.problem, s, evidence, why), "bounds on derivatives", why);
  if (!replay_convex_set(b.problem, s.over, why)) return replayed(false, "", why);
  bool shown = false;
  if (s.predicate == "smooth") {
    shown = replay_smooth(b.problem, s, evidence, why);
  } else if (s.predicate == "cocoercive") {
    shown = replay_cocoercive(b.problem, s, evidence, why);
  } else if (s.predicate == "lipschitz") {
    shown = evidence.at("by") == "bound"
                ? replay_lipschitz_bound(b.problem, s.subject, s.over, s.parameters.at(0), evidence, why)
                : replay_jacobian(b.problem, s, evidence, why);
  }
  return replayed(shown, "bounds shown again", why);
}

}  // namespace nabla
