#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/constants.hpp>
#include <nabla/proofs/recheck/curvature/cone.hpp>
#include <nabla/proofs/recheck/curvature/pieces.hpp>
#include <nabla/proofs/recheck/curvature/squeeze.hpp>

namespace nabla::bending {

using rederive::constant_value;

namespace {

constexpr int most_steps = 400;

std::vector<NodeId> nodes_of(const Expr& e) {
  std::vector<NodeId> nodes;
  if (!e.ref().is_node()) return nodes;
  const Ref targets[] = {e.ref()};
  const auto needed = reachable(e.graph(), targets);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id]) nodes.push_back(id);
  return nodes;
}

Expr put(const Expr& e, const Expr& t, const Expr& value) {
  return e.ref().is_node() ? substitute(e, {{t, value}}) : e;
}

/// Ends of an interval; empty: infinite.
struct Between {
  std::optional<Rational> lo, hi;
};

/// The sign of a polynomial inside an interval: 1, -1, or 0 where it may change or vanish.
int sign_inside(const Rational& a, const Rational& b, const Rational& c, const Between& i) {
  const auto at = [&](const Rational& t) { return Rational((a * t + b) * t + c); };
  const Rational inner = i.lo && i.hi ? Rational((*i.lo + *i.hi) / 2)
                         : i.lo       ? Rational(*i.lo + 1)
                         : i.hi       ? Rational(*i.hi - 1)
                                      : Rational(0);
  const int s = at(inner).sign();
  if (s == 0) return 0;
  const auto far = [&](bool up) {
    if (a != 0) return a.sign();
    if (b != 0) return up ? b.sign() : -b.sign();
    return c.sign();
  };
  const int left = i.lo ? at(*i.lo).sign() : far(false), right = i.hi ? at(*i.hi).sign() : far(true);
  if (left * s < 0 || right * s < 0) return 0;
  if (a != 0) {
    const Rational vertex = -b / (2 * a);
    if ((!i.lo || *i.lo < vertex) && (!i.hi || vertex < *i.hi) && at(vertex).sign() * s <= 0) return 0;
  }
  return s;
}

/// h inside an interval without choices and kinks that a polynomial settles.
std::optional<Expr> settled(Expr h, const Expr& t, const Between& i) {
  for (int step = 0; step < most_steps; ++step) {
    bool changed = false;
    for (const NodeId id : nodes_of(h)) {
      const Graph& graph = h.graph();
      const Expr node(h.workspace(), Ref::node(id));
      const std::string name = graph.info(id).name;
      const std::vector<Ref> refs(graph.operands(id).begin(), graph.operands(id).end());
      const auto operand = [&](std::size_t k) { return Expr(h.workspace(), refs[k]); };
      Expr instead;
      if (name == "where") {
        const auto c = constant_value<Rational>(operand(0));
        if (!c) continue;
        instead = operand(c->is_zero() ? 2 : 1);
      } else if (!depends_on(node, t)) {
        continue;
      } else if (name == "abs" || name == "sign" || name == "max" || name == "min" || name == "lt" || name == "le" ||
                 name == "eq") {
        const Expr w = refs.size() == 1 ? operand(0) : operand(0) - operand(1);
        for (const NodeId below : nodes_of(w)) {  // the second derivative of a step says nothing
          const OperatorInfo& info = w.graph().info(below);
          const bool smooth = info.facts.kinks.empty() && info.facts.regularity == Regularity::smooth;
          if (!smooth && depends_on(Expr(w.workspace(), Ref::node(below)), t)) return std::nullopt;
        }
        const Expr slope = gradient(w, t), bend = gradient(slope, t);
        const auto a = constant_value<Rational>(bend), b = constant_value<Rational>(put(slope, t, Expr(0))),
                   c = constant_value<Rational>(put(w, t, Expr(0)));
        if (!a || !b || !c) return std::nullopt;
        const int s = sign_inside(*a / 2, *b, *c, i);
        if (s == 0) return std::nullopt;
        if (name == "abs") instead = s > 0 ? operand(0) : -operand(0);
        if (name == "sign") instead = Expr(s);
        if (name == "max") instead = operand(s > 0 ? 0 : 1);
        if (name == "min") instead = operand(s > 0 ? 1 : 0);
        if (name == "lt" || name == "le") instead = Expr(s < 0 ? 1 : 0);
        if (name == "eq") instead = Expr(0);
      } else if (graph.info(id).composite && !graph.info(id).facts.kinks.empty()) {
        std::vector<Expr> x;
        for (std::size_t k = 0; k < refs.size(); ++k) x.push_back(operand(k));
        const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
        instead = expand_definition(graph.code(id), attributes, x);
        if (instead.empty()) return std::nullopt;
      } else {
        continue;
      }
      h = substitute(h, {{node, instead}});
      changed = true;
      break;
    }
    if (!changed) return h;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Expr> settled_between(const Expr& h, const Expr& t, const Rational& lo, const Rational& hi) {
  return settled(h, t, {lo, hi});
}

bool has_value(const Expr& e) {
  const auto x = constant_value<Interval>(e);
  return x && x->total && x->is_finite();
}

namespace {

/// Whether the piece is, or comes near, what the function is at an end.
bool comes_to(const Problem& problem, const Expr& piece, const Expr& t, const Rational& at, bool is_lower,
              Pieces::Ends& ends, const Expr& own, const Json& evidence) {
  if (evidence.contains("squeeze")) {
    (is_lower ? ends.lo : ends.hi) = false;
    return replay_squeeze(problem, piece, t,
                          {.at = at, .from_above = is_lower, .other = is_lower ? ends.to : ends.from, .value = own}, 0,
                          evidence.at("squeeze"));
  }
  const Expr there = put(piece, t, Expr(to_constant(at)));
  return has_value(there) && replay_zero(problem, there - own, evidence.at("zero"));
}

}  // namespace

std::optional<Pieces> replay_pieces(const Problem& problem, const Expr& h, const Expr& t, const Json& evidence,
                                    std::string& why) {
  const WorkspaceScope scope(problem.workspace);
  why = "a function could not be taken apart into smooth pieces again";
  std::vector<Rational> breaks;
  for (const Json& text : evidence.at("breaks")) {
    const auto x = parse_rational(text.get<std::string>());
    if (!x || (!breaks.empty() && *x <= breaks.back())) return std::nullopt;
    breaks.push_back(*x);
  }
  const Given* given = nullptr;
  for (const Given& g : problem.givens)
    if (same(g.variable, t)) given = &g;
  if (given == nullptr || given->set.entries.is_finite()) return std::nullopt;
  const RealSet& set = given->set.entries;
  const Interval all = range_of(set).box;
  const auto end = [](double x) {
    return std::isfinite(x) ? std::optional<Rational>(Number<Rational>::of(Constant::dyadic(x))) : std::nullopt;
  };
  Pieces pieces;
  for (std::size_t k = 0; k <= breaks.size(); ++k) {
    Between i{k == 0 ? end(all.lo) : breaks[k - 1], k == breaks.size() ? end(all.hi) : breaks[k]};
    // A break outside the set makes an empty piece, about which nothing need be known.
    if (i.lo && i.hi && *i.lo >= *i.hi) return std::nullopt;
    const auto piece = settled(h, t, i);
    if (!piece) return std::nullopt;
    Problem p = problem;
    for (Given& g : p.givens) {
      if (!same(g.variable, t)) continue;
      if (k > 0) g.set.entries.lo = Expr(to_constant(breaks[k - 1]));
      if (k < breaks.size()) g.set.entries.hi = Expr(to_constant(breaks[k]));
      g.set.entries.lo_closed = g.set.entries.hi_closed = false;
    }
    if (!is_smooth(p, *piece, {t}) || !is_continuous(p, *piece, {t})) return std::nullopt;
    pieces.h.push_back(*piece);
    pieces.ends.push_back({true, true, i.lo, i.hi});
    pieces.problems.push_back(std::move(p));
  }
  for (std::size_t k = 0; k < breaks.size(); ++k) {
    const Expr at(to_constant(breaks[k]));
    const Expr left = put(pieces.h[k], t, at), right = put(pieces.h[k + 1], t, at), own = chosen_at(h, t, at);
    if (!has_value(own)) return std::nullopt;
    const Json& meet = evidence.at("meet").at(k);
    if (meet.is_object()) {
      Pieces::Ends &before = pieces.ends[k], &after = pieces.ends[k + 1];
      if (!comes_to(problem, pieces.h[k], t, breaks[k], false, before, own, meet.at("left")) ||
          !comes_to(problem, pieces.h[k + 1], t, breaks[k], true, after, own, meet.at("right"))) {
        why = "a piece of a function could not be shown again to come to its value";
        return std::nullopt;
      }
      pieces.breaks.push_back(at);
      continue;
    }
    if (!has_value(left) || !has_value(right)) return std::nullopt;
    if (!replay_zero(problem, left - right, evidence.at("meet").at(k).at(0)) ||
        !replay_zero(problem, left - own, evidence.at("meet").at(k).at(1))) {
      why = "two pieces of a function could not be shown again to meet";
      return std::nullopt;
    }
    pieces.breaks.push_back(at);
  }
  for (const bool low : {true, false}) {
    if (!(low ? set.lo_closed : set.hi_closed)) continue;
    const Expr at = low ? set.lo : set.hi;
    const Expr own = chosen_at(h, t, at), piece = put(low ? pieces.h.front() : pieces.h.back(), t, at);
    const Json& meets = evidence.at("ends").at(low ? 0 : 1);
    if (meets.is_object() && meets.contains("squeeze")) {
      const auto place = constant_value<Rational>(at);
      if (!place || !has_value(own) ||
          !comes_to(problem, low ? pieces.h.front() : pieces.h.back(), t, *place, low,
                    low ? pieces.ends.front() : pieces.ends.back(), own, meets))
        return std::nullopt;
      continue;
    }
    if (!has_value(own) || !has_value(piece) || !replay_zero(problem, own - piece, evidence.at("ends").at(low ? 0 : 1)))
      return std::nullopt;
  }
  why.clear();
  return pieces;
}

bool replay_convex_pieces(const Problem& problem, const Expr& h, const Expr& t, int direction, const Json& evidence,
                          std::string& why) {
  const WorkspaceScope scope(problem.workspace);
  const auto pieces = replay_pieces(problem, h, t, evidence, why);
  if (!pieces) return false;
  std::vector<Expr> slopes;
  for (std::size_t k = 0; k < pieces->h.size(); ++k) {
    slopes.push_back(gradient(pieces->h[k], t));
    if (!replay_semidefinite(pieces->problems[k], bends(pieces->h[k], {t}), evidence.at("pieces").at(k), why))
      return false;
    if (direction != 0 &&
        !replay_sign(pieces->problems[k], slopes.back(), direction > 0 ? Wanted::nonnegative : Wanted::nonpositive,
                     evidence.at("directions").at(k)))
      return false;
  }
  for (std::size_t k = 0; k < pieces->breaks.size(); ++k) {
    const Expr before = put(slopes[k], t, pieces->breaks[k]), after = put(slopes[k + 1], t, pieces->breaks[k]);
    if (!has_value(before) || !has_value(after) ||
        !replay_sign(problem, after - before, Wanted::nonnegative, evidence.at("slopes").at(k))) {
      why = "the slopes of two pieces could not be compared again";
      return false;
    }
  }
  return true;
}

}  // namespace nabla::bending
