// Functions of forms: exponentials and logarithms by their laws, quotients, operators of the registry.
#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/identity/normal_form.hpp>
#include <nabla/proofs/check/index/algebra.hpp>

namespace nabla::index_form {

// ---- choices inside functions: f(c a + b) = c f(a + b) + (1 - c) f(b) for a condition c ----

std::optional<AtomId> Algebra::condition_in(const Poly& p) const {
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      const AtomKind kind = atom(id).kind;
      if (kind == AtomKind::equal || kind == AtomKind::at_least || (final_ && kind == AtomKind::positive)) return id;
    }
  return std::nullopt;
}

Poly Algebra::where_condition(const Poly& p, AtomId condition, bool holds) {
  Poly r;
  for (const auto& [m, c] : p.terms) {
    Monomial rest = m;
    const auto met = std::find_if(rest.begin(), rest.end(), [&](const auto& f) { return f.first == condition; });
    if (met != rest.end()) {
      if (!holds) continue;
      rest.erase(met);
    }
    const auto [it, is_new] = r.terms.emplace(rest, c);
    if (is_new) continue;
    it->second += c;
    if (it->second.is_zero()) r.terms.erase(it);
  }
  if (!holds || atom(condition).kind != AtomKind::equal) return r;
  const Affine& a = atom(condition).subscripts[0];
  for (auto it = a.terms.rbegin(); it != a.terms.rend(); ++it) {
    const auto [s, c] = *it;
    if (c != 1 && c != -1) continue;
    return substitute(r, s, times(a - times(Affine::symbol(s), c), -c));
  }
  return r;
}

template <class F>
Poly Algebra::by_cases(const std::vector<Poly>& x, F f) {
  const Depth level(depth_);
  std::optional<AtomId> condition;
  for (const Poly& p : x)
    if (!condition) condition = condition_in(p);
  if (!condition) return f(x);
  std::vector<Poly> then = x, otherwise = x;
  for (Poly& p : then) p = where_condition(p, *condition, true);
  for (Poly& p : otherwise) p = where_condition(p, *condition, false);
  const Poly c = of_monomial({{*condition, 1}});
  return add(mul(c, by_cases(then, f)), mul(sub(number(1), c), by_cases(otherwise, f)));
}

// ---- common factors ----

std::pair<Monomial, Poly> Algebra::without_exponential(const Monomial& m) const {
  std::pair<Monomial, Poly> r;
  for (const auto& factor : m) {
    if (atom(factor.first).kind == AtomKind::exponential) {
      r.second = atom(factor.first).operands[0];
    } else {
      r.first.push_back(factor);
    }
  }
  return r;
}

/// An order of exponents that adding to both does not change; as a rule the names of indices have no part in it.
bool Algebra::is_smaller_exponent(const Poly& a, const Poly& b) const {
  const Poly difference = sub(a, b);
  Rational total = 0;
  for (const auto& [m, c] : difference.terms) total += c;
  if (!total.is_zero()) return total < 0;
  return !difference.is_zero() && difference.terms.begin()->second < 0;
}

/// p as a constant, a product of powers, an exponential and what is left, the same for every multiple of p.
Algebra::Content Algebra::content(const Poly& p) {
  Content r;
  if (p.terms.size() == 1) {
    std::tie(r.monomial, r.exponent) = without_exponential(p.terms.begin()->first);
    r.c = p.terms.begin()->second;
    r.rest = number(1);
    return r;
  }
  const auto exponent_in = [](const Monomial& m, AtomId id) -> std::int64_t {
    for (const auto& [a, e] : m)
      if (a == id) return e;
    return 0;
  };
  std::set<AtomId> met;
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      const AtomKind kind = atom(id).kind;
      const bool is_root = kind == AtomKind::function && atom(id).code == opcode<Sqrt>;
      if (kind != AtomKind::exponential && kind != AtomKind::equal && kind != AtomKind::at_least &&
          kind != AtomKind::positive && !is_root)
        met.insert(id);
    }
  for (const AtomId id : met) {
    std::int64_t least = exponent_in(p.terms.begin()->first, id);
    for (const auto& [m, c] : p.terms) least = std::min(least, exponent_in(m, id));
    if (least < 0 && atom(id).kind == AtomKind::inverse) continue;
    if (least != 0) r.monomial.emplace_back(id, least);
  }
  const std::pair<const Monomial, Rational>* lead = nullptr;
  std::pair<Monomial, Poly> best;
  for (const auto& term : p.terms) {
    auto parts = without_exponential(term.first);
    if (lead == nullptr || parts.first < best.first ||
        (parts.first == best.first && is_smaller_exponent(parts.second, best.second))) {
      lead = &term;
      best = std::move(parts);
    }
  }
  r.exponent = best.second;
  r.c = lead->second;
  const Poly back = exp(scaled(r.exponent, -1));
  for (const auto& [m, c] : p.terms) {
    Monomial left;
    for (const auto& [id, e] : m) {
      std::int64_t n = e;
      for (const auto& [common, least] : r.monomial)
        if (common == id) n -= least;
      if (n != 0) left.emplace_back(id, n);
    }
    for (const auto& [common, least] : r.monomial)  // of a negative power that this term lacks
      if (exponent_in(m, common) == 0) left.emplace_back(common, -least);
    std::sort(left.begin(), left.end());
    r.rest = add(r.rest, scaled(mul(of_monomial(left), back), c / r.c));
  }
  return r;
}

// ---- the functions ----

Poly Algebra::inverse(const Poly& p) {
  return by_cases({p}, [&](const std::vector<Poly>& x) -> Poly {
    if (x[0].is_zero()) throw NotHandled("a denominator that vanishes in a case");
    if (x[0].is_constant()) return number(1 / x[0].constant());
    const Content f = content(x[0]);
    Monomial m = f.monomial;
    Poly r = number(1 / f.c);
    for (auto& factor : m) {
      const Atom& a = atom(factor.first);
      if (a.kind == AtomKind::positive || a.kind == AtomKind::equal || a.kind == AtomKind::at_least)
        throw NotHandled("division by a condition");
      if (a.kind == AtomKind::inverse && factor.second > 0) {
        r = mul(r, power(a.operands[0], factor.second));
        factor.second = 0;
      } else {
        factor.second = -factor.second;
      }
    }
    std::erase_if(m, [](const auto& factor) { return factor.second == 0; });
    r = mul(r, product(m, {}));
    r = mul(r, exp(scaled(f.exponent, -1)));
    if (f.rest.is_constant()) return scaled(r, 1 / f.rest.constant());
    Atom made;
    made.kind = AtomKind::inverse;
    made.operands = {f.rest};
    return mul(r, of_monomial({{intern(std::move(made)), 1}}));
  });
}

Poly Algebra::exp(const Poly& p) {
  if (p.is_zero()) return number(1);
  return by_cases({p}, [&](const std::vector<Poly>& x) -> Poly {
    Poly rest, factors = number(1);
    for (const auto& [m, c] : x[0].terms) {
      std::int64_t whole = 0;
      if (m.size() == 1 && m[0].second == 1) {
        const Atom& a = atom(m[0].first);
        if (a.kind == AtomKind::function && a.code == opcode<Log>) {  // e^(n log u) = u^n
          const Rational floor = Number<Rational>::floor(c);
          if (abs(floor) > 64) throw NotHandled("a power as high as this");
          whole = static_cast<std::int64_t>(numerator(floor));
          if (whole != 0) factors = mul(factors, power(Poly(a.operands[0]), whole));
        }
      }
      if (c != whole) rest.terms.emplace(m, c - whole);
    }
    if (rest.is_zero()) return factors;
    Atom made;
    made.kind = AtomKind::exponential;
    made.operands = {rest};
    return mul(factors, of_monomial({{intern(std::move(made)), 1}}));
  });
}

Poly Algebra::opaque(Opcode code, const Poly& of) {
  Atom made;
  made.kind = AtomKind::function;
  made.code = code;
  made.operands = {of};
  return of_monomial({{intern(std::move(made)), 1}});
}

Poly Algebra::log_of_constant(const Rational& c) {
  Poly r;
  const auto factored = [&](const boost::multiprecision::mpz_int& whole, int side) {
    boost::multiprecision::mpz_int n = whole;
    const auto of = [&](const Rational& prime, int times) {
      r = add(r, scaled(opaque(opcode<Log>, number(prime)), times));
    };
    for (int d = 2; d < 10'000 && d * d <= n; ++d)
      for (; n % d == 0; n /= d) of(d, side);
    if (n > 1) of(Rational(n), side);
  };
  factored(numerator(c), 1);
  factored(denominator(c), -1);
  return r;
}

Poly Algebra::log(const Poly& p) {
  return by_cases({p}, [&](const std::vector<Poly>& x) -> Poly {
    if (x[0].is_zero()) throw NotHandled("the logarithm of 0 in a case");
    if (x[0].is_constant() && x[0].constant() > 0) return log_of_constant(x[0].constant());
    const Content f = content(x[0]);
    // log(a b) = log(a) + log(b) where both are positive.
    bool splits = f.c > 0;
    for (const auto& [id, e] : f.monomial) splits = splits && is_certainly_positive(of_monomial({{id, 1}}));
    if (!splits) return opaque(opcode<Log>, x[0]);
    Poly r = add(log_of_constant(f.c), f.exponent);
    for (const auto& [id, e] : f.monomial) {
      const bool is_inverse = atom(id).kind == AtomKind::inverse;
      r = add(r, scaled(is_inverse ? log(Poly(atom(id).operands[0])) : opaque(opcode<Log>, of_monomial({{id, 1}})),
                        is_inverse ? -e : e));
    }
    return f.rest.is_constant() ? r : add(r, opaque(opcode<Log>, f.rest));
  });
}

Poly Algebra::sqrt(const Poly& p) {
  return by_cases({p}, [&](const std::vector<Poly>& x) -> Poly {
    if (x[0].is_zero()) return {};
    if (is_certainly_positive(x[0])) return exp(scaled(log(x[0]), Rational(1) / 2));
    if (!final_ || x[0].is_constant()) return opaque(opcode<Sqrt>, x[0]);
    // What is positive has a root of its own, and sqrt(u^2) = |u|: once everything is differentiated.
    const Content f = content(x[0]);
    Poly outside = number(1), inside = scaled(mul(f.rest, exp(f.exponent)), f.c);
    for (const auto& [id, e] : f.monomial) {
      const Poly u = of_monomial({{id, 1}});
      const Signs s = signs(u);
      if (s == positive_sign) {
        outside = mul(outside, exp(scaled(log(u), Rational(e) / 2)));
      } else if (e % 2 != 0) {
        inside = mul(inside, of_monomial({{id, e}}));
      } else if ((e / 2) % 2 == 0 || (s & negative) == 0) {
        outside = mul(outside, power(u, e / 2));
      } else {
        outside = mul(outside, mul(apply(opcode<Abs>, {}, {u}), power(u, e / 2 - 1)));
      }
    }
    return mul(outside, is_certainly_positive(inside) ? exp(scaled(log(inside), Rational(1) / 2))
                                                      : opaque(opcode<Sqrt>, inside));
  });
}

Poly Algebra::pow(const Poly& base, const Poly& exponent) {
  if (exponent.is_constant()) {
    const Rational n = exponent.constant();
    if (denominator(n) == 1 && abs(numerator(n)) <= (1 << 20))
      return power(base, static_cast<std::int64_t>(numerator(n)));
    if (n == Rational(1) / 2) return sqrt(base);
  }
  if (is_certainly_positive(base)) return exp(mul(exponent, log(base)));
  throw NotHandled("a power of a base that is not known to be positive, for every dimension");
}

Poly Algebra::positive(const Poly& p) {
  return by_cases({p}, [&](const std::vector<Poly>& x) -> Poly {
    const Signs s = signs(x[0]);
    if ((s & ~positive_sign) == 0) return number(1);
    // Before derivatives only what is strict holds near the point, too.
    if (s == negative || x[0].is_zero() || (final_ && (s & positive_sign) == 0)) return {};
    const Content f = content(x[0]);
    Poly argument = number(f.c > 0 ? 1 : -1);  // without positive factors
    for (const auto& [id, e] : f.monomial)
      if (!is_certainly_positive(of_monomial({{id, 1}}))) argument = mul(argument, of_atom(id, e));
    argument = mul(argument, f.rest);
    Atom made;
    made.kind = AtomKind::positive;
    made.operands = {argument};
    return of_monomial({{intern(std::move(made)), 1}});
  });
}

// ---- operators of the registry ----

const std::shared_ptr<Workspace>& Algebra::workspace() {
  if (!workspace_) workspace_ = std::make_shared<Workspace>();
  return workspace_;
}

const std::vector<Expr>& Algebra::placeholders(std::size_t count) {
  const WorkspaceScope scope(workspace());
  while (placeholders_.size() < count) placeholders_.push_back(variable("a" + std::to_string(placeholders_.size())));
  return placeholders_;
}

Poly Algebra::interpret(const Expr& root, const std::vector<Poly>& x) {
  const auto constant = [](const Constant& c) {
    if (c.kind() == Constant::Kind::pi) throw NotHandled("pi, for every dimension");
    if (c.kind() == Constant::Kind::infinity) throw NotHandled("an infinite value");
    return number(Number<Rational>::of(c));
  };
  if (root.constant() != nullptr) return constant(*root.constant());
  const Graph& graph = root.graph();
  std::vector<bool> needed(root.ref().id() + 1, false);
  needed[root.ref().id()] = true;
  for (NodeId id = root.ref().id() + 1; id-- > 0;)
    if (needed[id])
      for (const Ref r : graph.operands(id))
        if (r.is_node()) needed[r.id()] = true;
  std::map<NodeId, Poly> values;
  for (NodeId id = 0; id <= root.ref().id(); ++id) {
    if (!needed[id]) continue;
    if (const Constant* c = graph.as_constant(Ref::node(id))) {
      values[id] = constant(*c);
      continue;
    }
    bool is_placeholder = false;
    for (std::size_t k = 0; k < std::min(x.size(), placeholders_.size()); ++k) {
      if (placeholders_[k].ref() != Ref::node(id)) continue;
      values[id] = x[k];
      is_placeholder = true;
    }
    if (is_placeholder) continue;
    std::vector<Poly> operands;
    for (const Ref r : graph.operands(id))
      operands.push_back(r.is_node() ? values.at(r.id()) : constant(graph.constant_at(r.index())));
    const Attributes own = graph.attributes(id);
    values[id] = apply(graph.code(id), {own.begin(), own.end()}, operands);
  }
  return values.at(root.ref().id());
}

Poly Algebra::apply(Opcode code, const std::vector<std::int64_t>& attributes, const std::vector<Poly>& x) {
  const Depth level(depth_);
  if (code == opcode<Add>) return add(x[0], x[1]);
  if (code == opcode<Sub>) return sub(x[0], x[1]);
  if (code == opcode<Mul> || code == opcode<Masked>) return mul(x[0], x[1]);
  if (code == opcode<Div>) return mul(x[0], inverse(x[1]));
  if (code == opcode<Neg>) return scaled(x[0], -1);
  if (code == opcode<PowI>) return power(x[0], attributes.at(0));
  if (code == opcode<Pow>) return pow(x[0], x[1]);
  if (code == opcode<Exp>) return exp(x[0]);
  if (code == opcode<Log>) return log(x[0]);
  if (code == opcode<Sqrt>) return sqrt(x[0]);
  if (code == opcode<Where>) return add(mul(x[0], x[1]), mul(sub(number(1), x[0]), x[2]));
  if (code == opcode<Less>) return positive(sub(x[1], x[0]));
  if (code == opcode<LessEqual>) return sub(number(1), positive(sub(x[0], x[1])));
  if (code == opcode<Equal>) return sub(number(1), add(positive(sub(x[0], x[1])), positive(sub(x[1], x[0]))));
  const OperatorInfo& info = operator_info(code);
  if (info.family != Family::elementwise) throw NotHandled("the operator " + info.name + ", for every dimension");
  // Where a kink is, the chain rule must still see the operator; afterwards it may be written out.
  const std::vector<Expr>& names = placeholders(x.size());
  const std::span<const Expr> used(names.data(), x.size());
  const WorkspaceScope scope(workspace());
  const bool has_kink = !kink_condition(code, attributes, used).empty();
  if (!has_kink || final_) {
    // Written with the positive part u (u > 0) of one argument, so that there is one form.
    const auto positive_part = [&](const Poly& u) {
      const Signs s = signs(u);
      if ((s & negative) == 0) return u;
      return (s & positive_sign) == 0 ? Poly{} : mul(u, positive(u));
    };
    if (code == opcode<Relu>) return positive_part(x[0]);
    if (code == opcode<Abs>) return sub(scaled(positive_part(x[0]), 2), x[0]);
    if (code == opcode<Max> || code == opcode<Min>) {
      const bool is_swapped = x[0].is_zero() || (!x[1].is_zero() && x[1].terms < x[0].terms);
      const Poly &a = is_swapped ? x[1] : x[0], &b = is_swapped ? x[0] : x[1];
      const Poly part = positive_part(sub(a, b));
      return code == opcode<Max> ? add(b, part) : sub(a, part);
    }
    const Expr written_out = algebraic_form(code, attributes, used);
    const bool stands = !writes_out && !has_kink && !written_out.empty();
    left_as_written = left_as_written || stands;
    if (!written_out.empty() && !stands) return interpret(written_out, x);
  }
  return by_cases(x, [&](const std::vector<Poly>& y) -> Poly {
    Atom made;
    made.kind = AtomKind::function;
    made.code = code;
    made.attributes = attributes;
    made.operands = y;
    const AtomId id = intern(std::move(made));
    if (auto r = by_rule(id)) return *std::move(r);
    return of_monomial({{id, 1}});
  });
}

}  // namespace nabla::index_form
