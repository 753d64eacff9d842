#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/simplify/simplify.hpp>
#include <nabla/proofs/check/curvature/cone.hpp>
#include <nabla/proofs/check/curvature/pieces.hpp>
#include <nabla/proofs/check/curvature/squeeze.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla::curvature {

namespace {

constexpr std::size_t most_pieces = 40;
constexpr int most_steps = 400;

bool is_condition_or_kink(const Graph& graph, NodeId id) {
  switch (graph.code(id)) {
    case opcode<Abs>:
    case opcode<Max>:
    case opcode<Min>:
    case opcode<Sign>:
    case opcode<Less>:
    case opcode<LessEqual>:
    case opcode<Equal>:
      return true;
    default:
      return false;
  }
}

std::vector<NodeId> nodes_below(const Expr& e) {
  std::vector<NodeId> nodes;
  if (!e.ref().is_node()) return nodes;
  const Ref targets[] = {e.ref()};
  const auto needed = reachable(e.graph(), targets);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id]) nodes.push_back(id);
  return nodes;
}

Expr node_of(const Expr& like, NodeId id) { return {like.workspace(), Ref::node(id)}; }
Expr operand_of(const Expr& like, NodeId id, std::size_t k) { return {like.workspace(), like.graph().operands(id)[k]}; }

/// Choices whose condition is settled are made, and composite operators with a kink written out.
Expr written_out(Expr h, const Expr& t) {
  for (int step = 0; step < most_steps; ++step) {
    bool changed = false;
    for (const NodeId id : nodes_below(h)) {
      const Graph& graph = h.graph();
      const Expr node = node_of(h, id);
      if (!depends_on(node, t) && !graph.is(id, opcode<Where>)) continue;
      if (graph.is(id, opcode<Where>)) {
        const auto c = depends_on(operand_of(h, id, 0), t) ? std::nullopt : constant_rational(operand_of(h, id, 0));
        if (!c) continue;
        h = substitute(h, {{node, operand_of(h, id, c->is_zero() ? 2 : 1)}});
      } else if (graph.info(id).composite && !graph.info(id).facts.kinks.empty()) {
        std::vector<Expr> x;
        for (std::size_t k = 0; k < graph.operands(id).size(); ++k) x.push_back(operand_of(h, id, k));
        const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
        const Expr definition = expand_definition(graph.code(id), attributes, x);
        if (definition.empty()) continue;
        h = substitute(h, {{node, definition}});
      } else {
        continue;
      }
      changed = true;
      break;
    }
    if (!changed) return h;
  }
  throw NotHandled("too many choices in a function of one variable");
}

/// What a node with a kink compares with 0.
Expr compared(const Expr& h, NodeId id) {
  const Expr a = operand_of(h, id, 0);
  return h.graph().operands(id).size() == 1 ? a : a - operand_of(h, id, 1);
}

/// The node where that is positive, or negative.
Expr resolved(const Expr& h, NodeId id, bool positive) {
  const Expr a = operand_of(h, id, 0);
  switch (h.graph().code(id)) {
    case opcode<Abs>:
      return positive ? a : -a;
    case opcode<Max>:
      return positive ? a : operand_of(h, id, 1);
    case opcode<Min>:
      return positive ? operand_of(h, id, 1) : a;
    case opcode<Sign>:
      return Expr(positive ? 1 : -1);
    case opcode<Equal>:
      return Expr(0);
    default:  // a < b, a <= b
      return Expr(positive ? 0 : 1);
  }
}

/// Whether every operator between t and the expression is smooth, as its record says.
bool is_smooth_everywhere(const Expr& e, const Expr& t) {
  const auto nodes = nodes_below(e);
  return std::ranges::all_of(nodes, [&](NodeId id) {
    const Facts& facts = e.graph().info(id).facts;
    return (facts.kinks.empty() && facts.regularity == Regularity::smooth) || !depends_on(node_of(e, id), t);
  });
}

/// Whether the expression has no jump where it is defined: steps do not fall to pieces at what they compare.
bool has_no_steps(const Expr& e, const Expr& t) {
  const auto nodes = nodes_below(e);
  return std::ranges::all_of(nodes, [&](NodeId id) {
    const Graph& graph = e.graph();
    if (graph.info(id).facts.regularity != Regularity::discontinuous || !depends_on(node_of(e, id), t)) return true;
    return graph.is(id, opcode<Pow>) && !depends_on(operand_of(e, id, 1), t);
  });
}

std::optional<Rational> rational_square_root(const Rational& x) {
  if (x < 0) return std::nullopt;
  using boost::multiprecision::mpz_int;
  const mpz_int n = numerator(x), d = denominator(x);
  const mpz_int p = sqrt(n), q = sqrt(d);
  if (p * p != n || q * q != d) return std::nullopt;
  return Rational(p, q);
}

/// a t^2 + b t + c, where w is that with rational coefficients.
struct Quadratic {
  Rational a, b, c;
  Rational at(const Rational& t) const { return (a * t + b) * t + c; }
};
std::optional<Quadratic> as_quadratic(const Expr& w, const Expr& t) {
  if (!is_smooth_everywhere(w, t)) return std::nullopt;  // the second derivative of a step says nothing
  const auto exact = [](const Expr& e) { return constant_rational(simplify(e)); };
  const Expr slope = gradient(w, t);
  const auto bend = exact(gradient(slope, t));
  if (!bend) return std::nullopt;
  const auto b = exact(value_at(slope, t, 0));
  const auto c = exact(value_at(w, t, 0));
  if (!b || !c) return std::nullopt;
  return Quadratic{*bend / 2, *b, *c};
}

std::optional<std::vector<Rational>> roots_of(const Quadratic& q) {
  if (q.a == 0) return q.b == 0 ? std::vector<Rational>{} : std::vector<Rational>{Rational(-q.c / q.b)};
  const Rational discriminant = q.b * q.b - 4 * q.a * q.c;
  if (discriminant < 0) return std::vector<Rational>{};
  const auto root = rational_square_root(discriminant);
  if (!root) return std::nullopt;
  std::vector<Rational> roots{Rational((-q.b - *root) / (2 * q.a)), Rational((-q.b + *root) / (2 * q.a))};
  std::ranges::sort(roots);
  return roots;
}

const Given& given_of(const Problem& problem, const Expr& t) {
  for (const Given& g : problem.givens)
    if (same(g.variable, t)) return g;
  throw NotHandled("a variable that is not given");
}

/// An end of the set, or a number outside it where the end is not rational.
std::optional<Rational> outer_end(const RealSet& set, bool low) {
  const Expr& end = low ? set.lo : set.hi;
  if (end.empty()) return std::nullopt;
  if (const auto exact = constant_rational(end)) return exact;
  const Bounds b = wellposed::bounds_of(set);
  const double x = low ? b.box.lo : b.box.hi;
  if (!std::isfinite(x)) return std::nullopt;
  return Number<Rational>::of(Constant::dyadic(x));
}

/// A constant with a value: a sign of what has none would be empty talk.
bool has_value(const Expr& e) {
  const auto ball = constant_ball(e);
  return ball && ball->is_finite();
}

/// Whether the piece is, or comes near, `own` at an end. \param other  its other end
bool comes_to(const Problem& problem, Piece& piece, const Expr& t, const Rational& at, bool is_lower, const Expr& own,
              const std::optional<Rational>& other, const Budget& budget, Json& proof) {
  const Expr there = value_at(piece.h, t, at);
  if (has_value(there)) return show_zero(problem, there - own, budget, proof["zero"]);
  (is_lower ? piece.has_lo : piece.has_hi) = false;
  return show_squeezed(problem, piece.h, t, {.at = at, .from_above = is_lower, .other = other, .value = own}, false,
                       budget, proof["squeeze"]);
}

Rational inner_point(const std::optional<Rational>& lo, const std::optional<Rational>& hi) {
  if (lo && hi) return (*lo + *hi) / 2;
  if (lo) return *lo + 1;
  if (hi) return *hi - 1;
  return 0;
}

}  // namespace

Expr value_at(const Expr& e, const Expr& t, const Rational& x) {
  if (!e.ref().is_node()) return e;
  return substitute(e, {{t, Expr(to_constant(x))}});
}

Expr chosen_value(const Expr& e, const Expr& t, const Rational& x) { return written_out(value_at(e, t, x), t); }

Problem on_piece(const Problem& problem, const Expr& t, const Piece& piece) {
  Problem p = problem;
  const WorkspaceScope scope(p.workspace);
  for (Given& g : p.givens) {
    if (!same(g.variable, t)) continue;
    if (piece.lo) g.set.entries.lo = Expr(to_constant(*piece.lo));
    if (piece.hi) g.set.entries.hi = Expr(to_constant(*piece.hi));
    g.set.entries.lo_closed = g.set.entries.hi_closed = false;
  }
  return p;
}

std::optional<std::vector<Piece>> taken_apart(const Problem& problem, const Expr& h, const Expr& t,
                                              const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  const RealSet set = given_of(problem, t).set.entries;
  if (set.is_finite()) return std::nullopt;
  const auto first = outer_end(set, true), last = outer_end(set, false);
  std::vector<Piece> open{{first, last, h}}, done;
  int steps = 0;
  while (!open.empty()) {
    budget.check();
    if (++steps > most_steps || open.size() + done.size() > most_pieces) return std::nullopt;
    Piece piece = std::move(open.back());
    open.pop_back();
    piece.h = written_out(piece.h, t);
    const auto nodes = nodes_below(piece.h);
    const auto kink = std::ranges::find_if(nodes, [&](NodeId id) {
      return is_condition_or_kink(piece.h.graph(), id) && depends_on(node_of(piece.h, id), t);
    });
    if (kink == nodes.end()) {
      done.push_back(std::move(piece));
      continue;
    }
    const auto w = as_quadratic(compared(piece.h, *kink), t);
    if (!w) return std::nullopt;
    const auto roots = roots_of(*w);
    if (!roots) return std::nullopt;
    std::vector<std::optional<Rational>> ends{piece.lo};
    for (const Rational& r : *roots)
      if ((!piece.lo || *piece.lo < r) && (!piece.hi || r < *piece.hi) && !(ends.back() && *ends.back() == r))
        ends.emplace_back(r);
    ends.push_back(piece.hi);
    for (std::size_t k = 0; k + 1 < ends.size(); ++k) {
      const Rational sign = w->at(inner_point(ends[k], ends[k + 1]));
      if (sign == 0) return std::nullopt;  // compares equal things throughout
      open.push_back(
          {ends[k], ends[k + 1], substitute(piece.h, {{node_of(piece.h, *kink), resolved(piece.h, *kink, sign > 0)}})});
    }
  }
  std::ranges::sort(done, [](const Piece& a, const Piece& b) {
    if (!a.lo || !b.lo) return !a.lo && b.lo.has_value();
    return *a.lo < *b.lo;
  });
  return done;
}

std::optional<std::vector<Piece>> continuous_pieces(const Problem& problem, const Expr& h, const Expr& t,
                                                    const Budget& budget, Json& proof) {
  const WorkspaceScope scope(problem.workspace);
  const RealSet set = given_of(problem, t).set.entries;
  auto apart = taken_apart(problem, h, t, budget);
  if (!apart) return std::nullopt;
  std::vector<Piece>& done = *apart;
  proof["breaks"] = Json::array();
  proof["meet"] = Json::array();
  for (std::size_t k = 0; k + 1 < done.size(); ++k) {
    const Rational at = *done[k].hi;
    const Expr left = value_at(done[k].h, t, at), right = value_at(done[k + 1].h, t, at);
    const Expr own = chosen_value(h, t, at);
    Json first_proof, second_proof;
    if (!has_value(own)) return std::nullopt;
    if (!has_value(left) || !has_value(right)) {
      Json meet;
      if (!comes_to(problem, done[k], t, at, false, own, done[k].lo, budget, meet["left"]) ||
          !comes_to(problem, done[k + 1], t, at, true, own, done[k + 1].hi, budget, meet["right"]))
        return std::nullopt;
      proof["breaks"].push_back(at.str());
      proof["meet"].push_back(std::move(meet));
      continue;
    }
    if (!show_zero(problem, left - right, budget, first_proof) || !show_zero(problem, left - own, budget, second_proof))
      return std::nullopt;
    proof["breaks"].push_back(at.str());
    proof["meet"].push_back(Json::array({first_proof, second_proof}));
  }
  proof["ends"] = Json::array();
  for (const bool low : {true, false}) {
    const Expr& end = low ? set.lo : set.hi;
    Json meets;
    if (!end.empty() && (low ? set.lo_closed : set.hi_closed)) {
      const auto at = [&](const Expr& e) { return e.ref().is_node() ? substitute(e, {{t, end}}) : e; };
      Piece& piece = low ? done.front() : done.back();
      const Expr own = written_out(at(h), t), of_piece = at(piece.h);
      if (!has_value(own)) return std::nullopt;
      const auto place = constant_rational(end);
      if (has_value(of_piece)
              ? !show_zero(problem, own - of_piece, budget, meets)
              : !place || !comes_to(problem, piece, t, *place, low, own, low ? piece.hi : piece.lo, budget, meets))
        return std::nullopt;
    }
    proof["ends"].push_back(std::move(meets));
  }
  // The ends of the set itself again.
  done.front().lo.reset();
  done.back().hi.reset();
  for (const Piece& piece : done) {
    Reduced r;
    r.problem = on_piece(problem, t, piece);
    r.h = piece.h;
    if (!has_no_steps(piece.h, t) || !is_smooth(r)) return std::nullopt;
  }
  return done;
}

bool show_convex_pieces(const Problem& problem, const Expr& h, const Expr& t, int direction, const Budget& budget,
                        Json& proof) {
  const auto pieces = continuous_pieces(problem, h, t, budget, proof);
  if (!pieces) return false;
  proof["pieces"] = Json::array();
  proof["slopes"] = Json::array();
  proof["directions"] = Json::array();
  std::vector<Expr> slopes;
  for (const Piece& piece : *pieces) {
    const Definiteness d = show_semidefinite(on_piece(problem, t, piece), second_derivatives(piece.h, {t}), budget);
    if (!d.proved) return false;
    proof["pieces"].push_back(d.proof);
    slopes.push_back(gradient(piece.h, t));
    if (direction == 0) continue;
    Json sign;
    if (!show_sign(on_piece(problem, t, piece), slopes.back(),
                   direction > 0 ? SignGoal::nonnegative : SignGoal::nonpositive, budget, sign))
      return false;
    proof["directions"].push_back(std::move(sign));
  }
  for (std::size_t k = 0; k + 1 < pieces->size(); ++k) {
    const Rational at = *(*pieces)[k].hi;
    const Expr before = value_at(slopes[k], t, at), after = value_at(slopes[k + 1], t, at);
    const Expr rise = after - before;
    Json sign;
    if (!has_value(before) || !has_value(after)) return false;
    if (!show_zero(problem, rise, budget, sign) && !show_sign(problem, rise, SignGoal::nonnegative, budget, sign))
      return false;
    proof["slopes"].push_back(std::move(sign));
  }
  return true;
}

}  // namespace nabla::curvature
