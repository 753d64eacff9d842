#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/matrix/reading.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla::matrix {

namespace {

constexpr std::size_t most_nodes_read = 600;

Fraction number_value(const Scalar& s) {
  Fraction v;
  v.num.add(Word{}, s);
  return v;
}

Fraction times(const Fraction& a, const Rational& c) {
  Fraction v = a;
  v.num = {};
  v.num.add(a.num, Scalar(c));
  return v;
}

Fraction plus(const Fraction& a, const Fraction& b, const Rational& c) {
  Fraction v;
  if (a.den == b.den) {
    v = a;
    v.num.add(b.num, Scalar(c));
    return v;
  }
  v.num.add(a.num, b.den);
  v.num.add(b.num, a.den * Scalar(c));
  v.den = a.den * b.den;
  return v;
}

/// Of a number.
Scalar scalar_part(const Words& sum) {
  if (sum.is_zero()) return {};
  if (sum.terms().size() != 1 || !sum.terms().begin()->first.empty()) throw NotHandled("a matrix in place of a number");
  return sum.terms().begin()->second;
}

/// The largest monomial that divides all coefficients.
Monomial content_of(const Words& sum) {
  std::optional<Monomial> common;
  for (const auto& [w, s] : sum.terms())
    for (const auto& [m, c] : s.terms()) {
      if (!common) {
        common = m;
        continue;
      }
      Monomial both;
      for (const auto& [atom, e] : *common) {
        const auto it = std::ranges::find(m, atom, &std::pair<AtomId, int>::first);
        if (it != m.end() && (e > 0) == (it->second > 0))
          both.emplace_back(atom, e > 0 ? std::min(e, it->second) : std::max(e, it->second));
      }
      common = both;
    }
  return common.value_or(Monomial{});
}

bool swaps_axes(const Graph& graph, NodeId id) {
  const Attributes order = graph.attributes(id);
  return order.empty() || (order.size() == 2 && order[0] == 1 && order[1] == 0);
}

}  // namespace

Reading::Reading(const Problem& problem, std::span<const Expr> sides)
    : problem_(problem), graph_(problem.workspace->graph()), atoms_(graph_) {
  std::vector<Ref> read;
  for (const Expr& e : sides) read.push_back(e.ref());
  const std::vector<bool> stated = reachable(graph_, read);
  for (const Statement& h : problem.hypotheses)
    if (h.kind == Statement::Kind::relation)
      for (const Expr& e : h.sides) read.push_back(e.ref());
  const std::vector<bool> needed = reachable(graph_, read);
  if (std::ranges::count(needed, true) > static_cast<std::ptrdiff_t>(most_nodes_read))
    throw NotHandled("a statement as large, as products of matrices");
  is_inverted_.assign(needed.size(), false);
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    if (graph_.is(id, opcode<Where>) || graph_.is(id, opcode<Masked>)) throw NotHandled("choices between matrices");
    if (graph_.shape(id).size() == 0) throw NotHandled("matrices without entries");
    if ((graph_.is(id, opcode<Inv>) || graph_.is(id, opcode<Solve>)) && graph_.operands(id)[0].is_node())
      is_inverted_[graph_.operands(id)[0].id()] = true;
  }
  values_.resize(needed.size());
  for (const Given& g : problem.givens)
    if ((g.set.kind == Set::Kind::sym || g.set.kind == Set::Kind::spd) && g.variable.ref().is_node())
      atoms_.set_symmetric({.of = g.variable.ref().id()});
  look_at_sets();
  bool raised = false;  // by the sides
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || graph_.shape(id).rank() > 2) continue;
    raised_to_extent_ = false;
    values_[id] = value(id);
    if (!values_[id]) values_[id] = letter_or_atom(id);
    raised = raised || (raised_to_extent_ && id < stated.size() && stated[id]);
  }
  raised_to_extent_ = raised;
  std::ranges::stable_sort(inverses_, {}, [](const Inverse& i) { return std::pair(i.letter.of, i.letter.kind); });
  add_relations_of_inverses();
  add_hypotheses();
}

Fraction Reading::of(const Expr& e) const {
  const auto v = operand(e.ref());
  if (!v) throw NotHandled("a tensor that is no matrix");
  return *v;
}

std::optional<Fraction> Reading::operand(Ref r) const {
  if (r.is_node()) return r.id() < values_.size() ? values_[r.id()] : std::nullopt;
  const auto c = constant_rational(Expr(problem_.workspace, r));
  return c ? std::optional(number_value(Scalar(*c))) : std::nullopt;
}

Fraction Reading::letter_or_atom(NodeId id) {
  if (graph_.shape(id).is_scalar()) return number_value(Scalar::of({{atoms_.intern({.node = id}), 1}}));
  Letter letter{.of = id};
  letter.is_vector = graph_.shape(id).rank() == 1;
  if (graph_.is(id, opcode<Diag>)) atoms_.set_symmetric(letter);
  Fraction v;
  v.num.add({letter}, Scalar(1));
  return v;
}

void Reading::mark_nonzero(const Monomial& m) {
  for (const auto& [atom, e] : m) nonzero_.insert(atom);
}

bool Reading::is_nonzero(const Scalar& s) const {
  if (!s.is_monomial()) return false;
  return std::ranges::all_of(s.terms().begin()->first, [&](const auto& a) { return nonzero_.contains(a.first); });
}

Fraction Reading::divided(Fraction a, const Fraction& by) {
  const Scalar divisor = scalar_part(by.num);
  if (divisor.is_zero()) throw NotHandled("a division by 0");
  Fraction v;
  v.den = a.den;
  Scalar factor = by.den;
  if (divisor.is_monomial()) {
    mark_nonzero(divisor.terms().begin()->first);
    factor = factor * reciprocal(divisor);
  } else {
    v.den = v.den * divisor;
  }
  v.num.add(a.num, factor);
  return v;
}

Fraction Reading::product(const Fraction& a, const Fraction& b) {
  return {atoms_.product(a.num, b.num), a.den * b.den};
}

std::optional<Fraction> Reading::value(NodeId id) {
  const auto x = graph_.operands(id);
  const auto same_shape = [&](Ref r) { return graph_.shape(r) == graph_.shape(id); };
  if (graph_.shape(id).is_scalar() && graph_.as_constant(Ref::node(id)) != nullptr)
    if (const auto c = constant_rational(Expr(problem_.workspace, Ref::node(id)))) return number_value(Scalar(*c));
  switch (graph_.code(id)) {
    case opcode<Add>:
    case opcode<Sub>: {
      const auto a = operand(x[0]), b = operand(x[1]);
      if (!a || !b || !same_shape(x[0]) || !same_shape(x[1])) return std::nullopt;
      return plus(*a, *b, graph_.is(id, opcode<Add>) ? 1 : -1);
    }
    case opcode<Neg>: {
      const auto a = operand(x[0]);
      return a ? std::optional(times(*a, -1)) : std::nullopt;
    }
    case opcode<Mul>: {
      const auto a = operand(x[0]), b = operand(x[1]);
      const bool scales = graph_.shape(x[0]).is_scalar() || graph_.shape(x[1]).is_scalar();
      return a && b && scales ? std::optional(product(*a, *b)) : std::nullopt;
    }
    case opcode<Div>: {
      const auto a = operand(x[0]), b = operand(x[1]);
      if (!a || !b || !graph_.shape(x[1]).is_scalar()) return std::nullopt;
      return divided(*a, *b);
    }
    case opcode<Reciprocal>: {
      const auto a = operand(x[0]);
      if (!a || !graph_.shape(id).is_scalar()) return std::nullopt;
      return divided(number_value(Scalar(1)), *a);
    }
    case opcode<Square>:
    case opcode<PowI>: {
      const std::int64_t n = graph_.is(id, opcode<Square>) ? 2 : graph_.attributes(id)[0];
      if (!graph_.shape(id).is_scalar() || !x[0].is_node() || n < -64 || n > 64) return std::nullopt;
      if (graph_.is(x[0].id(), opcode<Norm>) && n > 0 && n % 2 == 0) {
        const Ref vector = graph_.operands(x[0].id())[0];
        const auto a = operand(vector);
        if (!a) return std::nullopt;
        const Fraction square = trace({atoms_.product(atoms_.turned(a->num), a->num), a->den * a->den},
                                      graph_.shape(vector).rank() == 1 ? 1 : graph_.shape(vector)[1]);
        return Fraction{number_value(power(scalar_part(square.num), n / 2)).num, power(square.den, n / 2)};
      }
      const auto a = operand(x[0]);
      if (!a) return std::nullopt;
      Fraction base = *a;
      if (n < 0) base = divided(number_value(Scalar(1)), base);
      return Fraction{number_value(power(scalar_part(base.num), std::abs(n))).num, power(base.den, std::abs(n))};
    }
    case opcode<Reshape>:
    case opcode<BroadcastTo>:
    case opcode<SumTo>:
      return same_shape(x[0]) ? operand(x[0]) : std::nullopt;
    default:
      return of_matrix(id);
  }
}

std::optional<Fraction> Reading::product_of(NodeId id) {
  const auto x = graph_.operands(id);
  const auto a = operand(x[0]), b = operand(x[1]);
  if (!a || !b) return std::nullopt;
  const std::size_t left = graph_.shape(x[0]).rank(), right = graph_.shape(x[1]).rank();
  const Fraction turned{atoms_.turned(a->num), a->den};
  if (graph_.is(id, opcode<Outer>)) return product(*a, {atoms_.turned(b->num), b->den});
  if (left == 1 && right == 1) return product(turned, *b);
  if (left == 2 && (right == 1 || right == 2)) return product(*a, *b);
  if (left != 1 || right != 2) return std::nullopt;
  const Fraction row = product(turned, *b);  // which stays a vector
  return Fraction{atoms_.turned(row.num), row.den};
}

std::optional<Fraction> Reading::of_matrix(NodeId id) {
  const auto x = graph_.operands(id);
  if (const Constant* c = graph_.as_constant(Ref::node(id)); c != nullptr && graph_.shape(id).rank() > 0)
    return c->is(0) ? std::optional(Fraction{}) : std::nullopt;
  switch (graph_.code(id)) {
    case opcode<MatMul>:
    case opcode<Dot>:
    case opcode<Outer>:
      return product_of(id);
    case opcode<Transpose>: {
      const auto a = operand(x[0]);
      if (!a || graph_.shape(x[0]).rank() != 2) return std::nullopt;
      return swaps_axes(graph_, id) ? Fraction{atoms_.turned(a->num), a->den} : *a;
    }
    case opcode<Diag>: {
      if (!x[0].is_node()) return std::nullopt;
      const Constant* c = graph_.as_constant(x[0]);
      std::optional<Fraction> number;
      if (c != nullptr)
        number = operand(problem_.workspace->graph().constant(*c));
      else if (graph_.is(x[0].id(), opcode<BroadcastTo>) && graph_.shape(graph_.operands(x[0].id())[0]).is_scalar())
        number = operand(graph_.operands(x[0].id())[0]);
      return number;  // a multiple of the identity, as it is of the empty word
    }
    case opcode<Trace>: {
      const auto a = operand(x[0]);
      return a ? std::optional(trace(*a, graph_.shape(x[0])[0])) : std::nullopt;
    }
    case opcode<Sum>: {
      // Of the entries of a product entry by entry.
      if (!graph_.shape(id).is_scalar() || !x[0].is_node() || graph_.shape(x[0]).rank() > 2) return std::nullopt;
      const NodeId product_id = x[0].id();
      const auto f = graph_.operands(product_id);
      const bool is_square = graph_.is(product_id, opcode<Square>) ||
                             (graph_.is(product_id, opcode<PowI>) && graph_.attributes(product_id)[0] == 2);
      if (!is_square && !graph_.is(product_id, opcode<Mul>)) return std::nullopt;
      const Ref left = f[0], right = is_square ? f[0] : f[1];
      if (graph_.shape(left) != graph_.shape(right) || graph_.shape(left).rank() == 0) return std::nullopt;
      const auto a = operand(left), b = operand(right);
      if (!a || !b) return std::nullopt;
      const std::int64_t columns = graph_.shape(left).rank() == 1 ? 1 : graph_.shape(left)[1];
      return trace(product({atoms_.turned(a->num), a->den}, *b), columns);
    }
    case opcode<Det>: {
      const auto a = operand(x[0]);
      return a ? std::optional(determinant(*a, graph_.shape(x[0])[0])) : std::nullopt;
    }
    case opcode<Inv>:
      return inverse(x[0]);
    case opcode<Solve>: {
      const auto a = inverse(x[0]), b = operand(x[1]);
      return a && b ? std::optional(product(*a, *b)) : std::nullopt;
    }
    case opcode<Cofactor>:
      return x.size() == 1 ? cofactors(x[0]) : std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Fraction> Reading::inverse(Ref of) {
  const auto a = operand(of);
  if (!a || a->num.is_zero() || !of.is_node()) return std::nullopt;
  const Letter letter{.of = of.id(), .kind = Letter::Kind::inverse};
  Fraction v;
  v.num.add({letter}, Scalar(1));
  if (std::ranges::find(inverses_, letter, &Inverse::letter) != inverses_.end()) return v;
  // A factor of what has an inverse, and at least one row, is not 0.
  const Scalar content = Scalar::of(content_of(a->num));
  mark_nonzero(content.terms().begin()->first);
  Inverse made{.letter = letter, .of = {}, .unit = a->den * reciprocal(content)};
  made.of.add(a->num, reciprocal(content));
  if (atoms_.turned(made.of) == made.of) atoms_.set_symmetric(letter);
  const bool raised_before = raised_to_extent_;
  const Fraction d = determinant(Fraction{made.of, Scalar(1)}, graph_.shape(of)[0]);
  raised_to_extent_ = raised_before;  // that it is not 0 holds for any extent
  if (const Scalar s = scalar_part(d.num); s.is_monomial()) mark_nonzero(s.terms().begin()->first);
  inverses_.push_back(std::move(made));
  return v;
}

std::optional<Fraction> Reading::cofactors(Ref of) {
  const auto a = operand(of);
  if (!a || a->num.is_zero() || !of.is_node()) return std::nullopt;
  Letter letter{.of = of.id(), .kind = Letter::Kind::cofactors};
  if (atoms_.turned(a->num) == a->num) atoms_.set_symmetric(letter);
  Fraction v;
  v.num.add({letter}, Scalar(1));
  letter = atoms_.turned(letter);
  if (std::ranges::find(inverses_, letter, &Inverse::letter) != inverses_.end()) return v;
  const Fraction d = determinant(*a, graph_.shape(of)[0]);
  if (!d.den.is_one()) return v;  // no relation: less is shown
  inverses_.push_back({.letter = letter, .of = a->num, .unit = scalar_part(d.num) * a->den, .exists = false});
  return v;
}

}  // namespace nabla::matrix
