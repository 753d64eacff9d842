#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/inequality/limit.hpp>
#include <nabla/proofs/check/point.hpp>
#include <unordered_map>

namespace nabla::inequality {

namespace growing {
namespace {

using Known = std::optional<Growth>;
using IsZero = std::function<bool(const Expr&)>;

const Rational slight(1, 1000);  // a logarithm is o(x^slight)

int sign_of(const Expr& c) {
  const Precision scope(40);
  const auto ball = constant_ball(c);
  if (!ball || !ball->is_finite()) return 0;
  return ball->certainly_positive() ? 1 : ball->certainly_negative() ? -1 : 0;
}

Growth smaller_than_powers() { return {false, -1, 0, {}}; }

Known power_of(const Expr& c, const Rational& degree, const IsZero& is_zero) {
  if (sign_of(c) != 0) return Growth{true, 0, degree, c};
  if (is_zero(c)) return Growth{false, 0, degree, {}};
  return std::nullopt;
}

bool goes_to_zero(const Growth& g) {
  if (g.beyond != 0) return g.beyond < 0;
  return g.exact ? g.degree.sign() < 0 : g.degree.sign() <= 0;
}
/// 1 or -1: it runs to that infinity.
int infinite(const Growth& g) {
  if (!g.exact || g.beyond < 0 || (g.beyond == 0 && g.degree.sign() <= 0)) return 0;
  return sign_of(g.c);
}
bool has_finite_limit(const Growth& g) { return goes_to_zero(g) || (g.exact && g.beyond == 0 && g.degree.is_zero()); }
Expr limit_of(const Growth& g) { return goes_to_zero(g) ? Expr(0) : g.c; }

int compared(const Growth& a, const Growth& b) {
  if (a.beyond != b.beyond) return a.beyond < b.beyond ? -1 : 1;
  if (a.beyond != 0 || a.degree == b.degree) return 0;
  return a.degree < b.degree ? -1 : 1;
}

Known sum(const Growth& a, const Growth& b, const IsZero& is_zero) {
  const int order = compared(a, b);
  if (order < 0) return sum(b, a, is_zero);
  if (order > 0) return a;
  if (!a.exact || !b.exact) {
    if (a.beyond != 0) return smaller_than_powers();
    return a.exact ? a : b;
  }
  if (a.beyond == 0) {
    const Expr c = a.c + b.c;
    if (sign_of(c) == 0 && is_zero(c)) return Growth{false, 0, a.degree, {}};
    return power_of(c, a.degree, is_zero);
  }
  if (sign_of(a.c) == sign_of(b.c)) return a;
  if (a.beyond < 0) return smaller_than_powers();
  return std::nullopt;
}

Known product(const Growth& a, const Growth& b) {
  if (a.beyond * b.beyond < 0) return std::nullopt;
  Growth made{a.exact && b.exact, a.beyond != 0 ? a.beyond : b.beyond, a.degree + b.degree, {}};
  if (!made.exact && made.beyond > 0) return std::nullopt;
  if (made.exact) made.c = a.c * b.c;
  return made;
}

Known inverse(const Growth& a) {
  if (!a.exact) return std::nullopt;
  return Growth{true, -a.beyond, -a.degree, Expr(1) / a.c};
}

Known negated(Growth a) {
  if (a.exact) a.c = -a.c;
  return a;
}

Known power(const Growth& a, std::int64_t n) {
  if (n == 0) return Growth{true, 0, 0, Expr(1)};
  if (n < 0) {
    const Known down = inverse(a);
    return down ? power(*down, -n) : std::nullopt;
  }
  if (!a.exact && a.beyond > 0) return std::nullopt;
  return Growth{a.exact, a.beyond, a.degree * n, a.exact ? powi(a.c, n) : Expr()};
}

Known root(const Growth& a) {
  if (!a.exact) return Growth{false, a.beyond, a.degree / 2, {}};
  if (sign_of(a.c) <= 0) return std::nullopt;
  return Growth{true, a.beyond, a.degree / 2, sqrt(a.c)};
}

Known exponential(const Growth& a, const IsZero& is_zero) {
  if (has_finite_limit(a)) return power_of(exp(limit_of(a)), 0, is_zero);
  if (const int side = infinite(a); side != 0) return Growth{true, side, 0, Expr(1)};
  return std::nullopt;
}

Known logarithm(const Growth& a, const IsZero& is_zero) {
  if (!a.exact || a.beyond != 0 || sign_of(a.c) <= 0) return std::nullopt;
  if (a.degree.is_zero()) return power_of(log(a.c), 0, is_zero);
  return Growth{false, 0, slight, {}};
}

/// Functions of which the record states what they do at both infinities; they are continuous everywhere.
Known levelling(Opcode code, const Growth& a, const IsZero& is_zero) {
  const Facts& facts = operator_info(code).facts;
  if (facts.below.kind == Tail::Kind::unstated) return std::nullopt;
  if (const int side = infinite(a); side != 0) {
    const Tail& tail = side > 0 ? facts.above : facts.below;
    if (tail.kind == Tail::Kind::operand) return a;
    return tail.kind == Tail::Kind::vanishing ? Known(smaller_than_powers())
                                              : power_of(level_of<Expr>(tail), 0, is_zero);
  }
  if (facts.identity_near_zero && goes_to_zero(a)) return a;
  if (!has_finite_limit(a)) return std::nullopt;
  const Expr x[] = {limit_of(a)};
  return power_of(detail::append(code, {}, x, std::vector<std::int64_t>()), 0, is_zero);
}

}  // namespace
}  // namespace growing

using namespace growing;

std::optional<Growth> growth_at_infinity(const Expr& e, NodeId variable, const IsZero& is_zero) {
  if (!e.ref().is_node()) return power_of(e, 0, is_zero);
  const std::shared_ptr<Workspace>& workspace = e.workspace();
  const WorkspaceScope scope(workspace);
  std::unordered_map<NodeId, Known> known;
  std::vector<NodeId> stack{e.ref().id()};
  const auto growth_of = [&](Ref r) -> Known {
    return r.is_node() ? known.at(r.id()) : power_of(Expr(workspace, r), 0, is_zero);
  };
  while (!stack.empty()) {
    const NodeId id = stack.back();
    if (known.contains(id)) {
      stack.pop_back();
      continue;
    }
    const Graph& graph = workspace->graph();
    const Opcode code = graph.code(id);
    if (code == opcode<Variable>) {
      known[id] = id == variable ? Known(Growth{true, 0, 1, Expr(1)}) : std::nullopt;
      continue;
    }
    const std::vector<Ref> operands(graph.operands(id).begin(), graph.operands(id).end());
    const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
    bool ready = true;
    for (const Ref r : operands)
      if (r.is_node() && !known.contains(r.id())) {
        stack.push_back(r.id());
        ready = false;
      }
    if (!ready) continue;
    if (operands.empty()) {
      known[id] = power_of(Expr(workspace, Ref::node(id)), 0, is_zero);
      continue;
    }
    std::vector<Growth> x;
    bool all = true;
    for (const Ref r : operands) {
      const Known g = growth_of(r);
      all = all && g.has_value();
      if (g) x.push_back(*g);
    }
    if (!all) {
      known[id] = std::nullopt;
      continue;
    }
    Known made;
    if (code == opcode<Add>) {
      made = sum(x[0], x[1], is_zero);
    } else if (code == opcode<Sub>) {
      made = sum(x[0], *negated(x[1]), is_zero);
    } else if (code == opcode<Neg>) {
      made = negated(x[0]);
    } else if (code == opcode<Mul>) {
      made = product(x[0], x[1]);
    } else if (code == opcode<Div>) {
      const Known down = inverse(x[1]);
      if (down) made = product(x[0], *down);
    } else if (code == opcode<PowI>) {
      made = power(x[0], attributes[0]);
    } else if (code == opcode<Sqrt>) {
      made = root(x[0]);
    } else if (code == opcode<Exp>) {
      made = exponential(x[0], is_zero);
    } else if (code == opcode<Log>) {
      made = logarithm(x[0], is_zero);
    } else if (made = levelling(code, x[0], is_zero); !made) {
      std::vector<Expr> of;
      for (const Ref r : operands) of.emplace_back(workspace, r);
      const Expr other = algebraic_form(code, attributes, of);
      if (!other.empty() && other.ref() != Ref::node(id)) {
        if (other.ref().is_node() && !known.contains(other.ref().id())) {
          stack.push_back(other.ref().id());
          continue;
        }
        made = growth_of(other.ref());
      }
    }
    known[id] = std::move(made);
  }
  return known.at(e.ref().id());
}

std::optional<Expr> finite_limit(const Growth& growth) {
  if (!has_finite_limit(growth)) return std::nullopt;
  return limit_of(growth);
}

}  // namespace nabla::inequality
