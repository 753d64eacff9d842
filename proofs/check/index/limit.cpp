// limit(t -> a: P / Q), where P and Q are smooth in t around a: their values there, or, where both vanish, the quotient
// of their derivatives.
#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/check/index/elaborate.hpp>

namespace nabla::index_form {

/// Whether p has a derivative by the scalar variable at the place that s puts it, and around it a value.
bool Reader::is_smooth_around(const Poly& p, int variable, const Substitution& s) {
  const Depth level(depth_);
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      const Atom a = algebra_.atom(id);
      if (!std::binary_search(a.arrays.begin(), a.arrays.end(), variable)) continue;
      if (e < 0 && a.kind != AtomKind::exponential) return false;
      switch (a.kind) {
        case AtomKind::entry:
        case AtomKind::exponential:
        case AtomKind::sum:
          break;
        case AtomKind::application:
          if (!algebra_.functions[static_cast<std::size_t>(a.code)].is_differentiable) return false;
          break;
        case AtomKind::inverse:
          if ((algebra_.signs(algebra_.substitute(a.operands[0], s)) & zero) != 0) return false;
          break;
        case AtomKind::function: {
          const auto code = static_cast<Opcode>(a.code);
          const Facts& facts = operator_info(code).facts;
          if (facts.regularity != Regularity::smooth || !facts.kinks.empty()) return false;
          const std::vector<Expr>& names = algebra_.placeholders(a.operands.size());
          const WorkspaceScope scope(algebra_.workspace());
          if (!domain_condition(code, a.attributes, std::span<const Expr>(names.data(), a.operands.size())).empty())
            return false;
          break;
        }
        default:
          return false;
      }
      for (const Poly& operand : a.operands)
        if (!is_smooth_around(operand, variable, s)) return false;
    }
  return true;
}

Tensor Reader::limit(SyntaxId id) {
  const auto target = rational(syntax_.child(id, 1));
  if (!target) throw NotHandled("a limit at what is no number, for every dimension");
  const int variable = static_cast<int>(algebra_.arrays.size());
  const std::string name(syntax_.spelling(syntax_.child(id, 0)));
  algebra_.arrays.push_back({.name = name, .extents = {}, .bounds = {}});
  SyntaxId above = syntax_.child(id, 2);
  std::optional<SyntaxId> below;
  if (syntax_.kind(above) == SyntaxKind::binary && syntax_.binary_operator(above) == BinaryOperator::divide) {
    below = syntax_.child(above, 1);
    above = syntax_.child(above, 0);
  }
  Tensor p, q = scalar(Algebra::number(1));
  std::vector<Requirement> asked = asked_by([&] {
    Binding binding;
    binding.kind = Binding::Kind::variable;
    binding.array = variable;
    locals_.push_back({name, std::move(binding)});
    struct Pop {
      std::vector<Name>& locals;
      ~Pop() { locals.pop_back(); }
    } pop{locals_};
    p = number(above);
    if (below) q = number(*below);
  });
  if (q.rank() != 0) shapes_open();

  // What is read has a value wherever t is not a; of the quotient that is seen below.
  const std::size_t apart = algebra_.facts.size();
  const Poly t = algebra_.entry(variable, {});
  algebra_.facts.push_back({{}, Algebra::sub(t, Algebra::number(*target)), nonzero_sign});
  struct Forget {
    std::vector<Fact>& facts;
    std::size_t at;
    ~Forget() { facts.erase(facts.begin() + static_cast<std::ptrdiff_t>(at)); }
  };
  {
    const Forget forget{algebra_.facts, apart};
    std::erase_if(asked, [&](const Requirement& r) {
      const auto moves = [&](const Poly& x) { return algebra_.depends_on(x, variable); };
      if (std::none_of(r.operands.begin(), r.operands.end(), moves) &&
          std::none_of(r.guards.begin(), r.guards.end(), moves))
        return false;
      if (const auto open = algebra_.open_requirement(r))
        throw NotHandled("a limit of what is not known to have values around: " + *open);
      return true;
    });
  }
  for (Requirement& r : asked) {
    r.guards.insert(r.guards.end(), algebra_.guards.begin(), algebra_.guards.end());
    algebra_.requirements.push_back(std::move(r));
  }

  const Tensor there{{}, {}, Algebra::number(*target)};
  Substitution s;
  s.arrays.emplace_back(variable, &there);
  const auto at_target = [&](const Poly& x) { return algebra_.substitute(x, s); };
  if (!is_smooth_around(p.body, variable, s) || !is_smooth_around(q.body, variable, s))
    throw NotHandled("a limit of what is not known to be smooth, for every dimension");
  Poly value = at_target(p.body), divisor = at_target(q.body);
  if (algebra_.is_zero(divisor)) {
    if (!algebra_.is_zero(value)) throw NotHandled("a limit of a quotient whose denominator vanishes");
    value = at_target(algebra_.derivative(p.body, variable, {}));
    divisor = at_target(algebra_.derivative(q.body, variable, {}));
    if (algebra_.is_zero(divisor)) throw NotHandled("a limit of a quotient that vanishes to a high order");
  }
  algebra_.require_sign(divisor, nonzero_sign, "that the denominator of a limit does not tend to 0");
  return {p.extents, p.axes, algebra_.mul(value, algebra_.inverse(divisor))};
}

}  // namespace nabla::index_form
