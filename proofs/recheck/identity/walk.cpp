#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/recheck/identity/walk.hpp>

namespace nabla::rederive {

namespace {

Signs of_sum(Signs a, Signs b) {
  for (const Signs side : {nonnegative, nonpositive})
    if (within(a | b, side)) return (a & zero) == 0 || (b & zero) == 0 ? side & ~zero : side;
  return any;
}

Signs of_even_power(Signs a) { return (a & zero) | ((a & nonzero) != 0 ? positive : 0U); }

}  // namespace

void Walk::begin(const std::vector<Fact>& facts) {
  algebra_.forget_case();
  for (const bool equalities : {true, false}) {
    for (std::size_t before = algebra_.solved_count() + 1; before != algebra_.solved_count();) {
      before = algebra_.solved_count();
      for (const Fact& fact : facts) {
        if (equalities && fact.signs != zero) continue;
        done_.clear();
        const Outcome o = outcome(fact.expression);
        if (o.quotient) algebra_.assume(*o.quotient, fact.signs);
      }
    }
  }
  done_.clear();
}

Walk::Outcome Walk::outcome(const Expr& e) {
  const WorkspaceScope scope(entries_.workspace());
  std::vector<NodeId> open;
  const auto at_once = operand(e.ref(), open);
  if (at_once) return *at_once;
  while (!open.empty()) {
    const NodeId node = open.back();
    if (!done_.contains(node)) {
      algebra_.spend();
      auto made = step(node, open);
      if (!made) continue;
      if (made->quotient) {
        made->quotient = algebra_.reduce(*made->quotient);
        const bool is_short = made->quotient->den.empty() && made->quotient->num.terms().size() <= 1;
        if (is_short) made->signs &= algebra_.signs(*made->quotient);
        if (made->signs == 0) made->signs = any;  // of a case that no point is in
      }
      done_.emplace(node, std::move(*made));
    }
    open.pop_back();
  }
  return done_.at(e.ref().id());
}

std::optional<Walk::Outcome> Walk::operand(Ref ref, std::vector<NodeId>& open) {
  if (ref.is_node()) {
    const auto it = done_.find(ref.id());
    if (it != done_.end()) return it->second;
    open.push_back(ref.id());
    return std::nullopt;
  }
  const Constant& c = entries_.workspace()->graph().constant_at(ref.index());
  if (c.kind() == Constant::Kind::pi) return Outcome{algebra_.pi(), true, positive};
  try {
    const Rational value = Number<Rational>::of(c);
    return Outcome{Algebra::constant(value), true, value.is_zero() ? zero : value.sign() > 0 ? positive : negative};
  } catch (const UndefinedError&) {
    return Outcome{};
  }
}

std::optional<Walk::Outcome> Walk::step(NodeId node, std::vector<NodeId>& open) {
  const std::shared_ptr<Workspace>& workspace = entries_.workspace();
  const Graph& graph = workspace->graph();
  const Opcode code = graph.code(node);
  if (code == opcode<Variable>) return entry(node);
  if (code == opcode<Literal>) return operand(workspace->graph().constant(*graph.as_constant(Ref::node(node))), open);
  const std::vector<std::int64_t> attributes(graph.attributes(node).begin(), graph.attributes(node).end());
  const std::vector<Ref> refs(graph.operands(node).begin(), graph.operands(node).end());
  const auto whole = [&](std::size_t k) { return Expr(workspace, refs[k]); };

  if (code == opcode<Where>) {
    const auto c = operand(refs[0], open);
    if (!c) return std::nullopt;
    if (!c->quotient) return Outcome{};
    const Signs s = algebra_.signs(*c->quotient);
    if ((s & zero) != 0 && (s & nonzero) != 0) throw Fork{whole(0), nonzero, zero};
    auto taken = operand(refs[(s & zero) != 0 ? 2 : 1], open);
    if (taken) taken->everywhere = taken->everywhere && c->everywhere;
    return taken;
  }
  if (code == opcode<Masked>) {
    const auto mask = operand(refs[0], open);
    if (!mask) return std::nullopt;
    if (!mask->quotient) return Outcome{};
    const Signs s = algebra_.signs(*mask->quotient);
    if (s == zero) return Outcome{Quotient{}, mask->everywhere};
    const auto other = operand(refs[1], open);
    if (!other) return std::nullopt;
    // Where the mask is zero the other need not have a value.
    if ((s & zero) != 0 && !other->everywhere) throw Fork{whole(0), nonzero, zero};
    if (!other->quotient) return Outcome{};
    return Outcome{algebra_.multiply(*mask->quotient, *other->quotient), mask->everywhere && other->everywhere};
  }
  std::vector<Expr> operands;
  for (const Ref r : refs) operands.emplace_back(workspace, r);
  if (const Expr other = algebraic_form(code, attributes, operands); !other.empty()) return operand(other.ref(), open);

  std::vector<Quotient> x;
  std::vector<Signs> parts;
  bool waiting = false, undefined = false, everywhere = true;
  for (const Ref r : refs) {
    const auto o = operand(r, open);
    waiting = waiting || !o;
    if (!o) continue;
    undefined = undefined || !o->quotient;
    everywhere = everywhere && o->everywhere;
    if (!o->quotient) continue;
    x.push_back(*o->quotient);
    parts.push_back(o->signs);
  }
  if (waiting) return std::nullopt;
  if (undefined) return Outcome{};
  if (code == opcode<Less> || code == opcode<LessEqual> || code == opcode<Equal>) {
    const Signs holds = code == opcode<Less> ? negative : code == opcode<LessEqual> ? nonpositive : zero;
    const Signs s = algebra_.signs(algebra_.reduce(algebra_.add(x[0], x[1], -1)));
    if (within(s, holds)) return Outcome{Algebra::constant(1), everywhere};
    if ((s & holds) == 0) return Outcome{Quotient{}, everywhere};
    throw Fork{whole(0) - whole(1), holds, any & ~holds};
  }
  Outcome made = apply(node, x, parts, everywhere);
  made.signs = signs_of_parts(node, parts);
  return made;
}

Signs Walk::signs_of_parts(NodeId node, const std::vector<Signs>& x) const {
  const Graph& graph = entries_.workspace()->graph();
  const Opcode code = graph.code(node);
  if (code == opcode<Add>) return of_sum(x[0], x[1]);
  if (code == opcode<Sub>) return of_sum(x[0], flipped(x[1]));
  if (code == opcode<Neg>) return flipped(x[0]);
  if (code == opcode<Mul>)
    return graph.operands(node)[0] == graph.operands(node)[1] ? of_even_power(x[0]) : times(x[0], x[1]);
  if (code == opcode<Div>) return times(x[0], x[1] & nonzero);
  if (code == opcode<PowI>) {
    const std::int64_t n = graph.attributes(node)[0];
    const Signs base = n < 0 ? x[0] & nonzero : x[0];
    return n == 0 ? positive : n % 2 == 0 ? of_even_power(base) : base;
  }
  if (code == opcode<Exp>) return positive;
  if (code == opcode<Sqrt>) return within(x[0], positive) ? positive : nonnegative;
  return any;
}

Walk::Outcome Walk::apply(NodeId node, const std::vector<Quotient>& x, const std::vector<Signs>& parts,
                          bool everywhere) {
  const Graph& graph = entries_.workspace()->graph();
  const Opcode code = graph.code(node);
  const auto certainly = [&](std::size_t k, Signs s) {
    return everywhere && (within(parts[k], s) || within(parts[k] & algebra_.signs(x[k]), s));
  };
  if (code == opcode<Add> || code == opcode<Sub>) {
    Quotient sum = algebra_.add(x[0], x[1], code == opcode<Add> ? 1 : -1);
    algebra_.suggest(sum);
    return {std::move(sum), everywhere};
  }
  if (code == opcode<Neg>) return {Quotient{x[0].num.scaled(-1), x[0].den}, everywhere};
  if (code == opcode<Mul>) return {algebra_.multiply(x[0], x[1]), everywhere};
  if (code == opcode<Div>) {
    if (x[1].num.is_zero()) return {};
    return {algebra_.divide(x[0], x[1]), certainly(1, nonzero)};
  }
  if (code == opcode<PowI>) {
    const std::int64_t n = graph.attributes(node)[0];
    if (n < 0 && x[0].num.is_zero()) return {};
    return {algebra_.integer_power(x[0], n), n < 0 ? certainly(0, nonzero) : everywhere};
  }
  if (code == opcode<Exp>) return {algebra_.exp(x[0]), everywhere};
  if (code == opcode<Log>) return {algebra_.log(x[0]), certainly(0, positive)};
  if (code == opcode<Sqrt>) return {algebra_.power(x[0], 1, 2), certainly(0, nonnegative)};
  if (code == opcode<Cbrt>) {
    if (x[0].num.is_zero()) return {Quotient{}, everywhere};
    return {algebra_.cube_root(x[0]), everywhere};
  }
  if (code == opcode<Sin>) return {algebra_.cosine_and_sine(x[0]).second, everywhere};
  if (code == opcode<Cos>) return {algebra_.cosine_and_sine(x[0]).first, everywhere};
  if (code == opcode<Pow>) {
    const bool safe = certainly(0, positive);
    const auto c = x[1].den.empty() ? x[1].num.as_constant() : std::nullopt;
    if (c) {
      constexpr std::int64_t largest = 10'000;
      if (abs(numerator(*c)) > largest || denominator(*c) > largest) throw Exhausted("an exponent has too many digits");
      const auto n = static_cast<std::int64_t>(numerator(*c));
      const auto d = static_cast<std::int64_t>(denominator(*c));
      if (n < 0 && x[0].num.is_zero()) return {};
      return {algebra_.power(x[0], n, d), safe || (everywhere && d == 1 && n >= 0)};
    }
    if (within(algebra_.signs(x[0]), positive)) {
      const auto l = algebra_.log(x[0]);
      if (!l) return {};
      return {algebra_.exp(algebra_.multiply(x[1], *l)), safe};
    }
    return {algebra_.function(code, {}, x), false};
  }
  const std::vector<std::int64_t> attributes(graph.attributes(node).begin(), graph.attributes(node).end());
  std::vector<Expr> operands;
  for (const Ref r : graph.operands(node)) operands.emplace_back(entries_.workspace(), r);
  const bool total = domain_condition(code, attributes, operands).empty();
  const OperatorInfo& info = operator_info(code);
  const Reals& domain = info.facts.domain;
  const bool holds_positive = info.arity == 1 && info.family == Family::elementwise && domain.hi == unbounded &&
                              ((domain.lo == 0 && domain.hole == Hole::none) ||
                               (domain.lo == -unbounded && domain.hole == Hole::nonpositive_integers));
  return {algebra_.function(code, attributes, x), everywhere && (total || (holds_positive && certainly(0, positive)))};
}

std::optional<Rational> Walk::end(const Expr& e) {
  if (e.empty()) return std::nullopt;
  const Outcome o = outcome(entries_.of(e)[0]);
  if (!o.quotient || !o.quotient->den.empty()) return std::nullopt;
  return o.quotient->num.as_constant();
}

Walk::Outcome Walk::entry(NodeId node) {
  auto it = atoms_.find(node);
  if (it == atoms_.end()) {
    Atom a;
    std::vector<Rational> elements;
    const Entry& e = entries_.entry(node);
    if (e.given) {
      const Set& set = problem_.givens[*e.given].set;
      if (set.kind == Set::Kind::entries && set.entries.is_finite()) {
        for (const Expr& element : set.entries.elements)
          if (const auto v = end(element)) elements.push_back(*v);
        if (elements.size() != set.entries.elements.size()) elements.clear();
      } else if (set.kind == Set::Kind::entries) {
        a.bounds = {end(set.entries.lo), end(set.entries.hi), !set.entries.lo_closed, !set.entries.hi_closed};
      } else if (set.kind == Set::Kind::onehot) {
        elements = {Rational(0), Rational(1)};
        a.onehot = *e.given + 1;
      } else if (set.kind == Set::Kind::simplex) {
        a.bounds = {Rational(0), Rational(1), true, false};
      } else if (set.kind == Set::Kind::spd && e.index % (set.shape[1] + 1) == 0) {
        a.bounds = Bounds::of(positive);
      }
    }
    if (!elements.empty()) {
      const auto [lo, hi] = std::minmax_element(elements.begin(), elements.end());
      a.bounds = {*lo, *hi};
    }
    const std::uint32_t k = algebra_.make(std::move(a));
    it = atoms_.emplace(node, k).first;
    constexpr std::size_t most_elements = 12;
    if (!elements.empty() && elements.size() <= most_elements) {
      Quotient all = Algebra::constant(1);
      for (const Rational& v : elements)
        all = algebra_.multiply(all, algebra_.add(algebra_.power_of_atom(k, unit), Algebra::constant(v), -1));
      const auto degree = static_cast<std::int64_t>(elements.size()) * unit;
      algebra_.set_relation(k, degree, algebra_.add(algebra_.power_of_atom(k, degree), all, -1));
    }
  }
  const Quotient* value = algebra_.solved(it->second);
  return {value != nullptr ? *value : algebra_.power_of_atom(it->second, unit), true};
}

}  // namespace nabla::rederive
