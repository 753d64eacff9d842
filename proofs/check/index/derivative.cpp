// Derivatives of forms, entry by entry, and what they and the operators' domains ask for.
#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/check/index/algebra.hpp>

namespace nabla::index_form {

void Algebra::require_sign(const Poly& p, Signs signs, std::string what) {
  requirements.push_back({{p}, signs, {}, true, guards, std::move(what)});
}

bool Algebra::is_total(Opcode code, const std::vector<std::int64_t>& attributes) {
  const OperatorInfo& info = operator_info(code);
  if (info.family != Family::elementwise || info.arity != 1) return false;
  const std::vector<Expr>& names = placeholders(1);
  const WorkspaceScope scope(workspace());
  return domain_condition(code, attributes, std::span<const Expr>(names.data(), 1)).empty();
}

void Algebra::require_domain(Opcode code, const std::vector<std::int64_t>& attributes, const std::vector<Poly>& x) {
  const OperatorInfo& info = operator_info(code);
  const std::vector<Expr>& names = placeholders(x.size());
  const WorkspaceScope scope(workspace());
  const Expr condition = domain_condition(code, attributes, std::span<const Expr>(names.data(), x.size()));
  if (condition.empty()) return;
  requirements.push_back({x, any_sign, condition, true, guards, "that " + info.name + " is defined"});
}

/// Where an entry stands that is the largest of a vector, no other vector is put in.
void Algebra::refuse_attained(const Poly& p) const {
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m)
      for (const Symbol s : atom(id).free)
        if (s > 0 && symbols.name(s) == " largest") throw NotHandled("the largest of a vector that varies");
}

/// Whether a factor is a function of u that is 0 with u and grows no faster (relu, abs), and another factor is 0 with u
/// as well: then the product is o(|h|) from where u is 0, and has the derivative 0 there, which is what is left of the
/// product rule. (What else stands in the product is defined there, and bounded near it.)
bool Algebra::is_flat_at_kink(const Monomial& m, std::size_t k) const {
  const auto grows_from_zero = [&](AtomId id) {
    const Atom& a = atom(id);
    return a.kind == AtomKind::function && (a.code == opcode<Relu> || a.code == opcode<Abs>);
  };
  const auto [id, e] = m[k];
  if (!grows_from_zero(id) || e < 1) return false;
  if (e > 1) return true;
  const Poly& u = atom(id).operands[0];
  for (std::size_t j = 0; j < m.size(); ++j) {
    if (j == k || m[j].second < 1) continue;
    const Poly v = grows_from_zero(m[j].first) ? atom(m[j].first).operands[0] : of_monomial({{m[j].first, 1}});
    if (v == u || scaled(v, -1) == u) return true;
  }
  return false;
}

Poly Algebra::derivative(const Poly& p, int array, const std::vector<Affine>& at) {
  const Depth level(depth_);
  refuse_attained(p);
  Poly r;
  for (const auto& [m, c] : p.terms)
    for (std::size_t k = 0; k < m.size(); ++k) {
      const auto [id, e] = m[k];
      if (!std::binary_search(atom(id).arrays.begin(), atom(id).arrays.end(), array)) continue;
      Monomial rest = m;
      if (e == 1) {
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
      } else {
        --rest[k].second;
      }
      const Poly outer = scaled(mul(of_monomial(rest), number(1)), c * e);
      r = add(r, mul(outer, derivative_of_atom(id, array, at, is_flat_at_kink(m, k))));
    }
  return r;
}

Poly Algebra::derivative_of_atom(AtomId id, int array, const std::vector<Affine>& at, bool is_flat) {
  const Atom& a = atom(id);
  switch (a.kind) {
    case AtomKind::entry: {
      Poly r = number(1);
      for (std::size_t k = 0; k < at.size(); ++k) r = mul(r, equal(a.subscripts[k] - at[k]));
      return r;
    }
    case AtomKind::symbol:
    case AtomKind::equal:
    case AtomKind::at_least:
      return {};
    case AtomKind::exponential:
      return mul(of_monomial({{id, 1}}), derivative(Poly(a.operands[0]), array, at));
    case AtomKind::inverse:
      return scaled(mul(of_atom(id, 2), derivative(Poly(a.operands[0]), array, at)), -1);
    case AtomKind::positive:
      throw NotHandled("a derivative through a condition on values");
    case AtomKind::sum: {
      std::vector<Binder> binders;
      Substitution opened;
      for (const Binder& b : a.binders) {
        Binder fresh{0, b.lo, b.hi};
        for (const auto& [s, by] : opened.symbols) {
          fresh.lo = replaced(fresh.lo, s, by);
          fresh.hi = replaced(fresh.hi, s, by);
        }
        fresh.symbol = symbols.make("k", fresh.lo, fresh.hi);
        opened.symbols.emplace_back(b.symbol, Affine::symbol(fresh.symbol));
        binders.push_back(fresh);
      }
      const Poly body = substitute(Poly(a.operands[0]), opened);
      return close(binders, derivative(body, array, at));
    }
    case AtomKind::function: {
      const auto code = static_cast<Opcode>(a.code);
      const std::vector<Poly> x = a.operands;
      const std::vector<std::int64_t> attributes = a.attributes;
      const std::vector<Expr>& names = placeholders(x.size());
      const std::span<const Expr> used(names.data(), x.size());
      const WorkspaceScope scope(workspace());
      const std::string name = operator_info(code).name;
      const bool by_convention = obey_conventions && std::any_of(conventions.begin(), conventions.end(),
                                                                 [&](const auto& c) { return c.operation == name; });
      const Expr kink = kink_condition(code, attributes, used);
      if (kink.empty()) {
        if (operator_info(code).facts.regularity != Regularity::smooth || !operator_info(code).facts.kinks.empty())
          throw NotHandled("the derivative of " + name + ", for every dimension");
      } else if (!by_convention && !is_flat) {
        requirements.push_back({x, any_sign, kink, false, guards, "that no operand of " + name + " is at its kink"});
      }
      const Expr y = detail::append(code, {}, used, attributes);
      SweepOptions sweep;
      for (const KinkConvention& c : conventions)
        if (c.operation == name && by_convention) sweep.conventions.push_back(c);
      Poly r;
      for (std::size_t k = 0; k < x.size(); ++k) {
        if (!depends_on(x[k], array)) continue;
        const Expr partial = gradient(y, used[k], sweep);
        r = add(r, mul(interpret(partial, x), derivative(x[k], array, at)));
      }
      return r;
    }
    case AtomKind::application: {
      const FunctionVariable& f = functions[static_cast<std::size_t>(a.code)];
      if (!f.is_differentiable) throw NotHandled("a derivative of " + f.name + ", which need not be differentiable");
      Tensor argument;
      std::vector<Binder> binders;
      Substitution opened;
      for (const Binder& b : a.binders) {
        const Symbol axis = symbols.make("k", b.lo, b.hi);
        opened.symbols.emplace_back(b.symbol, Affine::symbol(axis));
        argument.axes.push_back(axis);
        argument.extents.push_back(b.hi);
        binders.push_back({axis, b.lo, b.hi});
      }
      argument.body = substitute(Poly(a.operands[0]), opened);
      std::vector<Affine> subscripts = a.subscripts;
      Substitution renamed;
      std::vector<Binder> inner;
      for (const Binder& b : binders) {
        const Symbol k = symbols.make("k", b.lo, b.hi);
        renamed.symbols.emplace_back(b.symbol, Affine::symbol(k));
        subscripts.push_back(Affine::symbol(k));
        inner.push_back({k, b.lo, b.hi});
      }
      const Poly slope = application(AtomKind::jacobian, a.code, argument, subscripts);
      return close(inner, mul(slope, derivative(substitute(argument.body, renamed), array, at)));
    }
    case AtomKind::jacobian:
      throw NotHandled("a second derivative of the function variable " +
                       functions[static_cast<std::size_t>(a.code)].name);
  }
  return {};
}

}  // namespace nabla::index_form
