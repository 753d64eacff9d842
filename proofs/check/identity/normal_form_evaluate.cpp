#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/check/identity/normal_form.hpp>

namespace nabla::normal_form {

// Nodes are evaluated on demand, with a stack of our own: a branch that is not taken is never looked at, and no depth
// of the expression is too much.
Form Normaliser::value(const Expr& e) {
  const WorkspaceScope scope(scalars_.workspace());
  std::vector<NodeId> pending;
  std::optional<Form> v = known(e.ref(), pending);
  while (!pending.empty()) {
    const NodeId id = pending.back();
    if (memo_.contains(id)) {
      pending.pop_back();
      continue;
    }
    ring_.charge(1);
    if (auto made = try_node(id, pending)) {
      if (made->fraction) made->fraction = reduce(*made->fraction);
      memo_.emplace(id, std::move(*made));
      pending.pop_back();
    }
  }
  return v ? *v : memo_.at(e.ref().id());
}

/// The value of an operand; nothing when it has to be evaluated first, and is now pending.
std::optional<Form> Normaliser::known(Ref ref, std::vector<NodeId>& pending) {
  if (ref.is_constant()) {
    const Constant& c = scalars_.workspace()->graph().constant_at(ref.index());
    if (c.kind() == Constant::Kind::pi) return Form{pi(), true};
    auto f = Fraction::constant(ring_, c);
    const bool defined = f.has_value();
    return Form{std::move(f), defined};
  }
  if (const auto it = memo_.find(ref.id()); it != memo_.end()) return it->second;
  pending.push_back(ref.id());
  return std::nullopt;
}

std::optional<Form> Normaliser::try_node(NodeId id, std::vector<NodeId>& pending) {
  const std::shared_ptr<Workspace>& workspace = scalars_.workspace();
  const Graph& graph = workspace->graph();
  const Opcode code = graph.code(id);
  if (code == opcode<Variable>) return leaf(id);
  if (const Constant* c = graph.as_constant(Ref::node(id))) return known(workspace->graph().constant(*c), pending);
  if (code == opcode<Where> || code == opcode<Masked>) return choose(id, pending);

  // The graph grows while rules are expanded: nothing of it is held by reference.
  const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
  std::vector<Expr> operands;
  for (const Ref r : graph.operands(id)) operands.emplace_back(workspace, r);
  if (const Expr other = algebraic_form(code, attributes, operands); !other.empty()) {
    if (other.ref() == Ref::node(id)) throw NotHandled("'" + graph.info(id).name + "' is defined by itself");
    return known(other.ref(), pending);
  }
  std::vector<Fraction> x;
  bool complete = true, defined = true, total = true;
  for (const Expr& e : operands) {
    const auto v = known(e.ref(), pending);
    complete = complete && v.has_value();
    if (!v) continue;
    defined = defined && v->fraction.has_value();
    total = total && v->total;
    if (v->fraction) x.push_back(*v->fraction);
  }
  if (!complete) return std::nullopt;
  if (!defined) return Form{};
  if (code == opcode<Less> || code == opcode<LessEqual> || code == opcode<Equal>) {
    const auto difference = reduce(x[1] - x[0]);
    if (!difference) return Form{};
    return Form{condition(code, operands[0], operands[1], *difference), total};
  }
  auto f = apply(id, x, total);
  return Form{std::move(f), total};
}

Fraction Normaliser::condition(Opcode code, const Expr& x, const Expr& y, const Fraction& difference) const {
  const Signs s = signs(difference);
  const Signs yes = code == opcode<Less>        ? Signs::positive
                    : code == opcode<LessEqual> ? Signs::nonnegative
                                                : Signs::zero;
  const Signs no = code == opcode<Less>        ? Signs::nonpositive
                   : code == opcode<LessEqual> ? Signs::negative
                                               : Signs::nonzero;
  if (within(s, yes)) return Fraction(ring_, 1);
  if (within(s, no)) return Fraction(ring_, 0);
  throw Split{y - x, {yes, no}};
}

/// The operators that may leave an operand alone.
std::optional<Form> Normaliser::choose(NodeId id, std::vector<NodeId>& pending) {
  const std::shared_ptr<Workspace>& workspace = scalars_.workspace();
  const Graph& graph = workspace->graph();
  const std::vector<Ref> x(graph.operands(id).begin(), graph.operands(id).end());
  const auto first = known(x[0], pending);
  if (!first) return std::nullopt;
  if (!first->fraction) return Form{};
  const Signs s = signs(*first->fraction);
  if (graph.is(id, opcode<Where>)) {
    if (s != Signs::zero && !within(s, Signs::nonzero))
      throw Split{Expr(workspace, x[0]), {Signs::zero, Signs::nonzero}};
    auto taken = known(x[s == Signs::zero ? 2 : 1], pending);
    if (taken) taken->total = taken->total && first->total;
    return taken;
  }
  // masked(a, p) is 0 where a is 0, whether or not p is defined there.
  if (s == Signs::zero) return Form{Fraction(ring_, 0), first->total};
  const auto second = known(x[1], pending);
  if (!second) return std::nullopt;
  if (!within(s, Signs::nonzero) && !(second->fraction && second->total))
    throw Split{Expr(workspace, x[0]), {Signs::zero, Signs::nonzero}};
  if (!second->fraction) return Form{};
  return Form{*first->fraction * *second->fraction, first->total && second->total};
}

std::optional<Fraction> Normaliser::apply(NodeId id, const std::vector<Fraction>& x, bool& total) {
  const Graph& graph = scalars_.workspace()->graph();
  const Opcode code = graph.code(id);
  if (code == opcode<Add>) return x[0] + x[1];
  if (code == opcode<Sub>) return x[0] - x[1];
  if (code == opcode<Mul>) return x[0] * x[1];
  if (code == opcode<Neg>) return -x[0];
  if (code == opcode<Div> || (code == opcode<PowI> && graph.attributes(id)[0] < 0)) {
    const Fraction& divisor = x[code == opcode<Div> ? 1 : 0];
    if (divisor.is_zero()) return std::nullopt;
    total = total && within(signs(divisor), Signs::nonzero);
    note_condition(divisor, Signs::nonzero, " != 0");
    return code == opcode<Div> ? x[0] / divisor : divisor.power(graph.attributes(id)[0]);
  }
  if (code == opcode<PowI>) return x[0].power(graph.attributes(id)[0]);
  if (code == opcode<Exp>) return exp(x[0]);
  if (code == opcode<Log>) {
    total = total && within(signs(x[0]), Signs::positive);
    return log(x[0]);
  }
  if (code == opcode<Sqrt>) {
    total = total && within(signs(x[0]), Signs::nonnegative);
    return power(x[0], 1, 2);
  }
  if (code == opcode<Cbrt>) return cube_root(x[0]);
  if (code == opcode<Sin>) return cosine_and_sine(x[0]).second;
  if (code == opcode<Cos>) return cosine_and_sine(x[0]).first;
  if (code == opcode<Pow>) {
    const Signs base = signs(x[0]);
    total = total && within(base, Signs::positive);
    if (x[1].is_constant()) {
      const auto exponent = x[1].small_ratio();
      if (!exponent) throw BudgetExceeded("an exponent has too many digits");
      if (exponent->second == 1 && exponent->first >= 0) return x[0].power(exponent->first);
      if (exponent->first < 0 && x[0].is_zero()) return std::nullopt;
      if (exponent->first < 0) note_condition(x[0], Signs::nonzero, " != 0");
      return power(x[0], exponent->first, exponent->second);
    }
    // x^y = exp(y log(x)) for x > 0: elsewhere y may be an integer, or x zero.
    if (within(base, Signs::positive)) {
      const auto l = log(x[0]);
      return l ? exp(x[1] * *l) : std::nullopt;
    }
    return opaque(code, {}, x);
  }
  const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
  std::vector<Expr> operands;
  for (const Ref r : graph.operands(id)) operands.emplace_back(scalars_.workspace(), r);
  total = total && domain_condition(code, attributes, operands).empty();
  return opaque(code, attributes, x);
}

Form Normaliser::leaf(NodeId id) {
  if (const auto it = variable_atoms_.find(id); it != variable_atoms_.end()) {
    const auto by = solved_.find(it->second);
    return {by != solved_.end() ? by->second : atom(it->second), true};
  }
  const ScalarForm::Leaf l = scalars_.leaf(id);
  Atom a{.kind = Atom::Kind::variable,
         .name = {},
         .description = l.name,
         .range = {},
         .reduced = {},
         .operand = {},
         .depends = {}};
  std::optional<Fraction> only;
  std::vector<Fraction> roots;
  if (l.given != ScalarForm::unknown) {
    const Set& set = problem_.givens[l.given].set;
    const auto end = [&](const Expr& e) -> std::optional<Rational> {
      if (e.empty()) return std::nullopt;
      const Form v = value(scalars_.entries(e)[0]);
      if (!v.fraction || !v.fraction->is_constant()) return std::nullopt;
      return Rational(v.fraction->constant_text());
    };
    switch (set.kind) {
      case Set::Kind::entries: {
        std::vector<Rational> elements;
        for (const Expr& e : set.entries.elements)
          if (const auto v = end(e)) elements.push_back(*v);
        if (!set.entries.is_finite()) {
          a.range = {end(set.entries.lo), end(set.entries.hi), set.entries.lo_closed, set.entries.hi_closed};
        } else if (elements.size() == set.entries.elements.size()) {
          a.range = {elements[0], elements[0], true, true};
          for (const Rational& v : elements) {
            if (v < *a.range.lo) a.range.lo = v;
            if (v > *a.range.hi) a.range.hi = v;
            roots.push_back(Fraction::rational(ring_, v.str()));
          }
        }
        break;
      }
      case Set::Kind::simplex:
        a.range = {Rational(0), Rational(1), false, true};
        break;
      case Set::Kind::onehot:
        a.range = {Rational(0), Rational(1), true, true};
        a.onehot = l.given + 1;
        roots = {Fraction(ring_, 0), Fraction(ring_, 1)};
        break;
      case Set::Kind::sym:
        break;
      case Set::Kind::spd:
        if (l.entry / set.shape[1] == l.entry % set.shape[1]) a.range = Range::of(Signs::positive);
        break;
    }
    if (a.range.lo && a.range.hi && *a.range.lo == *a.range.hi) only = Fraction::rational(ring_, a.range.lo->str());
  }
  const std::size_t k = make_atom("entry " + std::to_string(id), std::move(a));
  atoms_[k].depends.insert(static_cast<std::int64_t>(k));
  variable_atoms_.emplace(id, k);
  if (only) {
    solved_.emplace(k, *only);
    return {*only, true};
  }
  constexpr std::size_t most_elements = 16;
  if (!roots.empty() && roots.size() <= most_elements) {
    // (x - a)(x - b)... = 0, solved for the highest power of x.
    Fraction rest = -atom(k).power(static_cast<std::int64_t>(roots.size()));
    Fraction all(ring_, 1);
    for (const Fraction& r : roots) all = all * (atom(k) - r);
    rest = -(all + rest);
    atoms_[k].degree = static_cast<std::int64_t>(roots.size());
    atoms_[k].reduced = rest;
  }
  return {atom(k), true};
}

}  // namespace nabla::normal_form
