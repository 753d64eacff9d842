// Derivatives of trees, and where they ask for no kink.
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/tree.hpp>

namespace nabla::reindex {

namespace {

bool is_same(const Tree& a, const Tree& b) {
  const Level deeper;
  if (a->kind != b->kind || a->number != b->number || a->code != b->code || a->exponent != b->exponent ||
      a->at != b->at || a->args.size() != b->args.size() || !a->bounds.empty() || !b->bounds.empty())
    return false;
  for (std::size_t k = 0; k < a->args.size(); ++k)
    if (!is_same(a->args[k], b->args[k])) return false;
  return true;
}

/// Of functions f with |f(u)| <= |u|, whose kink is at u = 0.
bool grows_from_zero(const Tree& t) {
  return t->kind == Kind::call && (t->code == opcode<Relu> || t->code == opcode<Abs>);
}

/// A product of two factors f(u), v(u) with |f(u)|, |v(u)| <= |u| has the derivative 0 where u is 0, whatever stands
/// beside them.
bool is_flat_beside(const std::vector<Tree>& factors, std::size_t k) {
  if (!grows_from_zero(factors[k])) return false;
  const Tree& u = factors[k]->args[0];
  for (std::size_t j = 0; j < factors.size(); ++j) {
    if (j == k) continue;
    const Tree& v = grows_from_zero(factors[j]) ? factors[j]->args[0] : factors[j];
    if (is_same(v, u)) return true;
  }
  return false;
}

}  // namespace

Tree World::derivative(const Tree& t, int array, const std::vector<Lin>& at, bool is_flat) {
  const Level deeper;
  step();
  if (!depends(t, array)) return make_number(0);
  for (std::size_t s = 0; s < ranges.rows.size(); ++s)
    if (ranges.rows[s].name == " largest") throw NotHandled("the largest of a vector that varies");
  switch (t->kind) {
    case Kind::entry: {
      std::vector<Tree> r;
      for (std::size_t k = 0; k < at.size(); ++k) {
        Node n;
        n.kind = Kind::equal;
        n.at = {plus(t->at[k], at[k], -1)};
        r.push_back(make_node(std::move(n)));
      }
      return make_mul(std::move(r));
    }
    case Kind::add: {
      std::vector<Tree> r;
      for (const Tree& a : t->args) r.push_back(derivative(a, array, at));
      return make_add(std::move(r));
    }
    case Kind::mul: {
      std::vector<Tree> r;
      for (std::size_t k = 0; k < t->args.size(); ++k) {
        std::vector<Tree> factors = t->args;
        factors[k] = derivative(factors[k], array, at, is_flat_beside(t->args, k));
        r.push_back(make_mul(std::move(factors)));
      }
      return make_add(std::move(r));
    }
    case Kind::power:
      return make_mul({make_number(t->exponent), make_power(t->args[0], t->exponent - 1),
                       derivative(t->args[0], array, at, t->exponent > 1)});
    case Kind::sum:
      return make_sum(t->bounds[0], derivative(t->args[0], array, at));
    case Kind::call: {
      const auto code = static_cast<Opcode>(t->code);
      const std::string& name = operator_info(code).name;
      const std::span<const Expr> a = names(t->args.size());
      const WorkspaceScope scope(workspace);
      SweepOptions sweep;
      for (const KinkConvention& c : conventions)
        if (obeys_conventions && c.operation == name) sweep.conventions.push_back(c);
      const Expr kink = kink_condition(code, {}, a);
      const Facts& facts = operator_info(code).facts;
      if (kink.empty() && (facts.regularity != Regularity::smooth || !facts.kinks.empty()))
        throw NotHandled("the derivative of " + name);
      const bool is_smooth_in_product = is_flat && grows_from_zero(t);
      if (!kink.empty() && sweep.conventions.empty() && !is_smooth_in_product)
        demands.push_back({t->args, 7, kink, false, guards});
      const Expr y = detail::append(code, {}, a, {});
      std::vector<Tree> r;
      for (std::size_t k = 0; k < a.size(); ++k)
        if (depends(t->args[k], array))
          r.push_back(make_mul({tree_of(gradient(y, a[k], sweep), t->args), derivative(t->args[k], array, at)}));
      return make_add(std::move(r));
    }
    case Kind::apply: {
      const FunctionVariable& f = functions[static_cast<std::size_t>(t->code)];
      if (!f.is_differentiable) throw NotHandled("a derivative of " + f.name);
      Node slope = *t;
      slope.kind = Kind::slope;
      Renaming moved;
      std::vector<Bound> over;
      for (const Bound& b : t->bounds) {
        const int k = ranges.make("k", b.lo, b.hi);
        moved[b.symbol] = Lin::name(k);
        slope.at.push_back(Lin::name(k));
        over.push_back({k, b.lo, b.hi});
      }
      Tree r = make_mul({make_node(slope), derivative(renamed(t->args[0], moved), array, at)});
      for (std::size_t k = over.size(); k-- > 0;) r = make_sum(over[k], r);
      return r;
    }
    case Kind::positive:
      throw NotHandled("a derivative through a condition");
    case Kind::slope:
      throw NotHandled("a second derivative of a function variable");
    default:
      return make_number(0);
  }
}

}  // namespace nabla::reindex
