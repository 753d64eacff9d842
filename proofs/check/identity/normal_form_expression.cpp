#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/identity/normal_form.hpp>

// The way back from normal forms to expressions, for certificates that state one.

namespace nabla::normal_form {

namespace {

Expr power_of(const Expr& base, std::int64_t n) { return n == 1 ? base : powi(base, n); }

}  // namespace

Expr Normaliser::expression(const Polynomial& p) const {
  const WorkspaceScope scope(scalars_.workspace());
  // Atoms are made after those that they are functions of: what is needed is found from the last to the first.
  std::vector<bool> needed(atoms_.size(), false);
  const auto need = [&](const fmpz_mpoly_struct* q) {
    const std::vector<std::int64_t> d = degrees(ring_, q);
    for (std::size_t k = 0; k < atoms_.size(); ++k)
      if (d[k] > 0) needed[k] = true;
  };
  need(p.get());
  for (std::size_t k = atoms_.size(); k-- > 0;) {
    if (!needed[k]) continue;
    std::vector<Fraction> inside = atoms_[k].operands;
    if (inside.empty() && atoms_[k].operand) inside.push_back(*atoms_[k].operand);
    for (const Fraction& f : inside) {
      need(f.num());
      need(f.den());
    }
  }
  std::vector<Expr> made(atoms_.size());
  const auto sum_of = [&](const fmpz_mpoly_struct* q) {
    Expr all(0);
    for (const Term& term : terms(ring_, q)) {
      Expr product(to_constant(Rational(term.coefficient)));
      for (const auto& [k, e] : term.powers) product = product * power_of(made[static_cast<std::size_t>(k)], e);
      all = all + product;
    }
    return all;
  };
  const auto quotient_of = [&](const Fraction& f) { return sum_of(f.num()) / sum_of(f.den()); };
  for (std::size_t k = 0; k < atoms_.size(); ++k) {
    if (!needed[k]) continue;
    const Atom& a = atoms_[k];
    const auto operand = [&] { return quotient_of(*a.operand) / Expr(a.denominator); };
    switch (a.kind) {
      case Atom::Kind::variable:
        for (const auto& [node, atom] : variable_atoms_)
          if (atom == k) made[k] = Expr(scalars_.workspace(), Ref::node(node));
        break;
      case Atom::Kind::pi:
        made[k] = Expr(Constant::pi());
        break;
      case Atom::Kind::exponential:
        made[k] = nabla::exp(operand());
        break;
      case Atom::Kind::logarithm:
        made[k] = nabla::log(operand());
        break;
      case Atom::Kind::root:
        made[k] = a.degree == 2 ? sqrt(operand()) : pow(operand(), Expr(Constant::ratio(1, a.degree)));
        break;
      case Atom::Kind::cosine:
        made[k] = cos(operand());
        break;
      case Atom::Kind::sine:
        made[k] = sin(operand());
        break;
      case Atom::Kind::fractional_part: {
        const Expr u = operand();
        made[k] = u - nabla::floor(u);
        break;
      }
      case Atom::Kind::opaque: {
        std::vector<Expr> x;
        for (const Fraction& f : a.operands) x.push_back(quotient_of(f));
        made[k] = detail::append(a.code, {}, x, a.attributes);
        break;
      }
    }
  }
  return sum_of(p.get());
}

Expr Normaliser::expression(std::size_t atom) const { return expression(Polynomial(ring_, this->atom(atom).num())); }

}  // namespace nabla::normal_form
