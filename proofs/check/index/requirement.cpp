// What must hold for expressions to be defined and derivatives to exist, shown by signs.
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/algebra.hpp>

namespace nabla::index_form {

void Algebra::remember(const Poly& p, Signs known) {
  if (!guards.empty()) return;  // it may hold only where they do
  if (p.is_constant() || known == any_sign || (bounds(p).signs() & ~known) == 0) return;
  Fact fact{{}, p, known};
  for (const Symbol s : free_symbols(p))
    if (s > 0 && symbols.hi(s)) fact.pattern.push_back(s);
  for (const Fact& other : facts)
    if (other.value == p && (other.signs & ~known) == 0) return;
  facts.push_back(std::move(fact));
}

std::optional<bool> Algebra::truth(const Expr& e, const std::vector<Poly>& x) {
  const Depth level(depth_);
  if (const Constant* c = e.constant()) return !c->is(0);
  const Graph& g = e.graph();
  const NodeId id = e.ref().id();
  const Opcode code = g.code(id);
  const auto operand = [&](std::size_t k) { return Expr(e.workspace(), g.operands(id)[k]); };
  const auto difference = [&] { return signs(sub(interpret(operand(1), x), interpret(operand(0), x))); };
  if (code == opcode<Less>) {
    const Signs s = difference();
    if ((s & ~positive_sign) == 0) return true;
    return (s & positive_sign) == 0 ? std::optional(false) : std::nullopt;
  }
  if (code == opcode<LessEqual>) {
    const Signs s = difference();
    if ((s & negative) == 0) return true;
    return (s & ~negative) == 0 ? std::optional(false) : std::nullopt;
  }
  if (code == opcode<Equal>) {
    const Signs s = difference();
    if (s == zero) return true;
    return (s & zero) == 0 ? std::optional(false) : std::nullopt;
  }
  const bool is_and = code == opcode<Min> || code == opcode<Mul>;
  if (is_and || code == opcode<Max>) {
    const auto a = truth(operand(0), x), b = truth(operand(1), x);
    const bool decisive = !is_and;
    if (a == decisive || b == decisive) return decisive;
    if (a && b) return !decisive;
    return std::nullopt;
  }
  if (code == opcode<Sub> && operand(0).is(1)) {
    const auto a = truth(operand(1), x);
    if (!a) return std::nullopt;
    return !*a;
  }
  return std::nullopt;
}

std::optional<std::string> Algebra::open_requirement(const Requirement& r) {
  std::vector<Poly> x = r.operands;
  int pushed = 0;
  local_facts_.clear();
  bool is_void = false;
  for (const Poly& g : r.guards) {
    is_void = is_void || g.is_zero();
    const bool complement = g.terms.size() == 2 && g.terms.begin()->first.empty() && g.terms.begin()->second == 1 &&
                            g.terms.rbegin()->second == -1;
    if (g.terms.size() != 1 && !complement) continue;
    const Monomial& m = g.terms.rbegin()->first;
    if (complement && (m.size() != 1 || m[0].second != 1)) continue;
    for (const auto& [id, e] : m) {
      const Atom& a = atom(id);
      if (a.kind == AtomKind::positive) {
        local_facts_.push_back({{}, a.operands[0], complement ? nonpositive_sign : positive_sign});
      } else if (a.kind == AtomKind::at_least) {
        symbols.push_guard(complement ? times(a.subscripts[0], -1) - Affine::of(1) : a.subscripts[0]);
        ++pushed;
      } else if (a.kind == AtomKind::equal && !complement) {
        for (Poly& p : x) p = where_condition(p, id, true);
      }
    }
  }
  bool shown = is_void;
  try {
    if (!shown && r.condition.empty()) shown = (signs(x[0]) & ~r.signs) == 0;
    if (!shown && !r.condition.empty()) shown = truth(r.condition, x) == r.wanted;
  } catch (const NotHandled&) {
    shown = false;
  }
  local_facts_.clear();
  for (; pushed > 0; --pushed) symbols.pop_guard();
  if (shown) return std::nullopt;
  return r.what + " for every dimension (" + text(x[0]) + ")";
}

}  // namespace nabla::index_form
