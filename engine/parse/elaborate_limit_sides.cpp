// limit(h -> a: EXPR) where EXPR has a kink or a jump at a: the limits from both sides, on each of which every operator
// with kinks is one of its branches.
#include <map>
#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/calculus/dependence.hpp>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/engine/record/build.hpp>

namespace nabla {

namespace {

enum class Side : std::uint8_t { left, right };

bool is_fraction(const Constant& c) { return c.kind() == Constant::Kind::ratio; }

std::string text_of_fraction(const Constant& c) {
  return std::to_string(c.num()) + (c.den() == 1 ? "" : "/" + std::to_string(c.den()));
}

/// The sign of e where h is near 0 on one side of it: that of its lowest power of h, where the coefficients are exact.
std::optional<int> sign_beside(const Expr& e, const Expr& h, Side side) {
  const auto p = polynomial_in(e, h);
  if (!p) return std::nullopt;
  for (std::size_t k = 0; k < p->size(); ++k) {
    if ((*p)[k].empty()) continue;
    const auto c = exact_value((*p)[k]);
    if (!c || !is_fraction(*c)) return std::nullopt;
    const int sign = c->num() > 0 ? 1 : c->num() < 0 ? -1 : 0;
    if (sign != 0) return side == Side::left && k % 2 == 1 ? -sign : sign;
  }
  return 0;
}

/// |c h^k| or its norm where h is near 0 on one side of it, for an e that is such a c h^k, k >= 1.
std::optional<Expr> size_of_monomial(const Expr& e, const Expr& h, Side side, bool is_norm) {
  const auto p = polynomial_in(e, h);
  if (!p) return std::nullopt;
  const auto is_there = [&](std::size_t k) { return !(*p)[k].empty() && !(*p)[k].is(0); };
  std::size_t k = 1;
  while (k < p->size() && !is_there(k)) ++k;
  for (std::size_t other = 0; other < p->size(); ++other)
    if (other != k && is_there(other)) return std::nullopt;
  if (k >= p->size()) return std::nullopt;
  Expr power = side == Side::left && k % 2 == 1 ? -h : h;
  for (std::size_t i = 1; i < k; ++i) power = power * h;
  return power * (is_norm ? norm((*p)[k]) : abs((*p)[k]));
}

/// e where h is near 0 on one side of it, without kinks and jumps; nothing where it is not known which branch is taken.
std::optional<Expr> beside(const Expr& e, const Expr& h, Side side) {
  if (!e.ref().is_node()) return e;
  const std::shared_ptr<Workspace> workspace = e.workspace();
  const WorkspaceScope scope(workspace);
  const Graph& graph = workspace->graph();
  const Dependents between(e, h);
  const std::vector<NodeId> nodes = between.nodes();
  std::map<NodeId, Expr> moved;
  for (const NodeId id : nodes) {
    const auto span = graph.operands(id);
    const std::vector<Ref> operands(span.begin(), span.end());
    std::vector<Expr> now;  // the operands on this side
    for (const Ref r : operands) {
      const auto it = r.is_node() ? moved.find(r.id()) : moved.end();
      now.push_back(it == moved.end() ? Expr(workspace, r) : it->second);
    }
    if (now.empty()) continue;
    const auto is = [&](Opcode code) { return graph.is(id, code); };
    const bool smooth = graph.code(id) < builtin_count && graph.info(id).facts.regularity == Regularity::smooth;
    if (smooth) {
      std::vector<Ref> refs;
      for (const Expr& n : now) refs.push_back(n.ref());
      if (refs == operands) continue;
      const Attributes own = graph.attributes(id);
      const std::vector<std::int64_t> attributes(own.begin(), own.end());
      moved[id] = Expr(workspace, build(*workspace, graph.code(id), refs, attributes));
      continue;
    }
    if (!graph.shape(id).is_scalar()) return std::nullopt;
    if (is(opcode<Norm>)) {
      const auto size = size_of_monomial(now[0], h, side, true);
      if (!size) return std::nullopt;
      moved[id] = *size;
      continue;
    }
    if (is(opcode<Where>)) {
      const auto condition = exact_value(now[0]);
      if (!condition) return std::nullopt;
      moved[id] = now[condition->is(0) ? 2 : 1];
      continue;
    }
    const bool of_one = is(opcode<Abs>) || is(opcode<Relu>) || is(opcode<Sign>);
    const bool of_two =
        is(opcode<Less>) || is(opcode<LessEqual>) || is(opcode<Equal>) || is(opcode<Max>) || is(opcode<Min>);
    if (!of_one && !of_two) return std::nullopt;
    const auto sign = sign_beside(of_one ? now[0] : now[0] - now[1], h, side);
    if (!sign && is(opcode<Abs>))
      if (const auto size = size_of_monomial(now[0], h, side, false)) {
        moved[id] = *size;
        continue;
      }
    if (!sign) return std::nullopt;
    const auto choice = [](bool holds) { return Expr(holds ? 1 : 0); };
    moved[id] = is(opcode<Abs>)         ? (*sign < 0 ? -now[0] : now[0])
                : is(opcode<Relu>)      ? (*sign > 0 ? now[0] : Expr(0))
                : is(opcode<Sign>)      ? Expr(*sign)
                : is(opcode<Less>)      ? choice(*sign < 0)
                : is(opcode<LessEqual>) ? choice(*sign <= 0)
                : is(opcode<Equal>)     ? choice(*sign == 0)
                : is(opcode<Max>)       ? (*sign < 0 ? now[1] : now[0])
                                        : (*sign < 0 ? now[0] : now[1]);
  }
  const auto it = moved.find(e.ref().id());
  return it == moved.end() ? e : it->second;
}

}  // namespace

Expr Elaborator::limit_from_sides(const Expr& body, const Expr& h, const Expr& a, const Records& records, Place where) {
  const Expr near = a.is(0) ? body : replaced(body, h, a + h);
  const auto left = beside(near, h, Side::left), right = beside(near, h, Side::right);
  if (!left || !right) throw Unsupported(where, "a limit of an expression that may have a kink or a jump there");
  const Expr from_left = analytic_limit(*left, h, Expr(0), records, where);
  const Expr from_right = analytic_limit(*right, h, Expr(0), records, where);
  if (same(from_left, from_right)) return from_left;
  const auto l = exact_value(from_left), r = exact_value(from_right);
  if (!l || !r || !is_fraction(*l) || !is_fraction(*r)) throw SidesMayDiffer(where, from_left, from_right);
  if (l->num() == r->num() && l->den() == r->den()) return from_left;
  throw NoLimit(where, "the limit does not exist: it is " + text_of_fraction(*l) + " from the left and " +
                           text_of_fraction(*r) + " from the right");
}

}  // namespace nabla
