#include <algorithm>
#include <nabla/proofs/check/curvature/rules.hpp>

namespace nabla::curvature {

namespace {

constexpr Bits affine_bits{.convex = true, .concave = true};

Bits negated(const Bits& x) { return {.constant = x.constant, .convex = x.concave, .concave = x.convex}; }

Bits both(const Bits& a, const Bits& b) {
  return {.constant = a.constant && b.constant,
          .convex = a.convex && b.convex,
          .concave = a.concave && b.concave,
          .log_convex = a.log_convex && b.log_convex,
          .log_concave = a.log_concave && b.log_concave,
          .squares = a.squares && b.squares};
}

Bits either(const Bits& a, const Bits& b) {
  return {.constant = a.constant || b.constant,
          .convex = a.convex || b.convex,
          .concave = a.concave || b.concave,
          .log_convex = a.log_convex || b.log_convex,
          .log_concave = a.log_concave || b.log_concave,
          .squares = a.squares || b.squares};
}

/// Sums: a sum of log-concave functions need not be.
Bits sum_of(const Bits& a, const Bits& b) {
  Bits r = both(a, b);
  r.log_concave = false;
  return r;
}

}  // namespace

Composition::Composition(const Graph& graph, const Ranges& ranges, const std::vector<Expr>& over)
    : graph_(graph), ranges_(ranges) {
  for (const Expr& x : over)
    if (x.ref().is_node()) over_.push_back(x.ref().id());
}

void Composition::take(NodeId id, const Bits& proved) { taken_[id] = either(taken_[id], proved); }

Bits Composition::of(Ref ref) const {
  if (ref.is_constant() || graph_.as_constant(ref) != nullptr) {
    const bool positive = ranges_.of(ref).positive();
    return {.constant = true,
            .convex = true,
            .concave = true,
            .log_convex = positive,
            .log_concave = positive,
            .squares = ranges_.of(ref).nonnegative()};
  }
  return ref.id() < bits_.size() ? bits_[ref.id()] : Bits{};
}

void Composition::run(Ref target) {
  if (target.is_constant()) return;
  const Ref targets[] = {target};
  visited_ = reachable(graph_, targets);
  bits_.resize(visited_.size());
  for (NodeId id = 0; id < visited_.size(); ++id)
    if (visited_[id]) {
      bits_[id] = completed(id, rule(id));
      bits_[id].linear = is_linear(id);
    }
}

/// What follows from the rest.
Bits Composition::completed(NodeId id, Bits b) const {
  if (const auto taken = taken_.find(id); taken != taken_.end()) b = either(b, taken->second);
  const Bounds& range = ranges_.of(Ref::node(id));
  if (b.constant)
    return of(Ref::node(id)).constant ? of(Ref::node(id))
                                      : Bits{.constant = true,
                                             .convex = true,
                                             .concave = true,
                                             .log_convex = range.positive(),
                                             .log_concave = range.positive(),
                                             .squares = range.nonnegative()};
  if (b.concave && range.positive()) b.log_concave = true;
  if (b.log_convex || b.squares) b.convex = true;
  return b;
}

Bits Composition::linear(NodeId id, const Bits& x) const {
  switch (linear_kind(graph_, id)) {
    case Linear::copies:
      return x;
    case Linear::nonnegative: {
      Bits r = sum_of(x, x);
      // Entries that nothing is added to are 0, which has no logarithm.
      r.log_convex = r.log_convex && ranges_.of(Ref::node(id)).positive();
      return r;
    }
    case Linear::other:
      break;
  }
  if (x.affine()) return affine_bits;
  return graph_.info(id).facts.monotone == Monotone::decreasing ? negated(x) : Bits{};
}

/// x * factor, where the factor does not depend on the variables; sums of such products keep what is kept here but for
/// log_concave.
Bits Composition::scaled(const Bits& x, const Bounds& factor) const {
  if (factor.nonnegative()) {
    Bits r = x;
    r.log_convex = r.log_convex && factor.positive();
    r.log_concave = r.log_concave && factor.positive();
    return r;
  }
  if (factor.nonpositive()) return negated(x);
  return x.affine() ? affine_bits : Bits{};
}

Bits Composition::squared(Ref x) const {
  const Bits b = of(x);
  const Bounds& range = ranges_.of(x);
  Bits r;
  r.convex = b.affine() || (b.convex && range.nonnegative()) || (b.concave && range.nonpositive());
  r.squares = r.convex;
  r.log_convex = b.log_convex;
  r.log_concave = b.log_concave;
  return r;
}

Bits Composition::product(Ref a, Ref b) const {
  const Bits x = of(a), y = of(b);
  if (x.constant) return scaled(y, ranges_.of(a));
  if (y.constant) return scaled(x, ranges_.of(b));
  if (a == b) return squared(a);
  return {.log_convex = x.log_convex && y.log_convex, .log_concave = x.log_concave && y.log_concave};
}

/// dot, matmul and outer: sums of products of entries.
Bits Composition::bilinear(NodeId id) const {
  const auto x = graph_.operands(id);
  const bool sums = !graph_.is(id, opcode<Outer>);
  if (graph_.is(id, opcode<Dot>) || (graph_.is(id, opcode<MatMul>) && graph_.shape(id).is_scalar())) {
    if (x[0] == x[1]) {
      Bits r = squared(x[0]);
      r.log_concave = false;
      r.log_convex = r.log_convex && graph_.shape(x[0]).size() > 0;
      return r;
    }
    // A quadratic form u' A u.
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      const Ref u = x[k], v = x[1 - k];
      if (!v.is_node() || !graph_.is(v.id(), opcode<MatMul>) || !of(u).affine()) continue;
      const auto f = graph_.operands(v.id());
      if ((f[1] == u && is_semidefinite(f[0])) || (f[0] == u && is_semidefinite(f[1])))
        return {.convex = true, .squares = true};
    }
  }
  Bits r;
  if (of(x[0]).constant || of(x[1]).constant) {
    r = product(x[0], x[1]);
  } else {  // products of different entries, even where the operands are one
    r = {.log_convex = of(x[0]).log_convex && of(x[1]).log_convex,
         .log_concave = of(x[0]).log_concave && of(x[1]).log_concave};
  }
  if (sums) {
    r.log_concave = false;
    r.log_convex = r.log_convex && ranges_.of(Ref::node(id)).positive();
  }
  return r;
}

Bits Composition::quotient(Ref a, Ref b) const {
  const Bits x = of(a), y = of(b);
  const Bounds &over = ranges_.of(a), &under = ranges_.of(b);
  if (y.constant) {
    if (under.positive()) return scaled(x, Bounds(1));
    if (under.negative()) return scaled(x, Bounds(-1));
    return x.affine() ? affine_bits : Bits{};
  }
  Bits r;
  r.log_convex = x.log_convex && y.log_concave;
  r.log_concave = x.log_concave && y.log_convex;
  // The perspective of a square. It is no square of a convex function itself: x^2 / (y z) is not convex.
  if (x.squares && y.concave && under.positive()) r.convex = true;
  if (x.constant) {
    // 1 / t falls on t > 0, where it is convex, and on t < 0, where it is concave.
    Bits reciprocal;
    reciprocal.convex = y.concave && under.positive();
    reciprocal.concave = y.convex && under.negative();
    r = either(r, scaled(reciprocal, over));
  }
  return r;
}

Bits Composition::integer_power(Ref base, std::int64_t n) const {
  const Bits x = of(base);
  const Bounds& range = ranges_.of(base);
  if (n == 0) return {.constant = true};
  if (n == 1) return x;
  Bits r;
  r.log_convex = n > 0 ? x.log_convex : x.log_concave;
  r.log_concave = n > 0 ? x.log_concave : x.log_convex;
  const bool even = n % 2 == 0;
  if (n > 0) {
    if (even) {
      r.convex = x.affine() || (x.convex && range.nonnegative()) || (x.concave && range.nonpositive());
      r.squares = n == 2 && r.convex;
    } else {
      r.convex = x.convex && range.nonnegative();
      r.concave = x.concave && range.nonpositive();
    }
    return r;
  }
  if (range.positive()) r.convex = x.concave;
  if (range.negative()) (even ? r.convex : r.concave) = x.convex;
  return r;
}

/// A real power: its base is nonnegative wherever the exponent is not an integer; here it must be known to be.
Bits Composition::power(Ref base, Ref exponent) const {
  const Bits x = of(base), y = of(exponent);
  const Bounds &b = ranges_.of(base), &e = ranges_.of(exponent);
  Bits r;
  if (x.constant && b.positive()) {  // exp(y log(b))
    const bool grows = b.box.lo >= 1, falls = b.box.hi <= 1;
    r.log_convex = y.affine() || (grows && y.convex) || (falls && y.concave);
    r.log_concave = y.affine() || (grows && y.concave) || (falls && y.convex);
    return r;
  }
  if (!y.constant || !b.nonnegative()) return r;
  if (b.positive()) {
    r.log_convex = (e.nonnegative() && x.log_convex) || (e.nonpositive() && x.log_concave);
    r.log_concave = (e.nonnegative() && x.log_concave) || (e.nonpositive() && x.log_convex);
  }
  if (e.box.lo >= 1) r.convex = x.convex;
  if (e.box.lo >= 0 && e.box.hi <= 1 && (b.positive() || e.positive())) r.concave = x.concave;
  if (e.nonpositive() && b.positive()) r.convex = r.convex || x.concave;
  r.squares = r.convex && e.box.lo >= 2 && b.nonnegative();  // the square of the convex power e / 2 >= 1
  return r;
}

/// Composition with an operator of one operand whose record states its curvature.
Bits Composition::with_facts(NodeId id) const {
  const Facts& facts = graph_.info(id).facts;
  const Ref u = graph_.operands(id)[0];
  const Bits x = of(u);
  if (facts.curvature == Curvature::affine) return linear(id, x);
  Bits r;
  if (facts.curvature == Curvature::none) return r;
  bool rises = facts.monotone == Monotone::increasing, falls = facts.monotone == Monotone::decreasing;
  // An even convex function rises away from 0; so does a norm in the size of each entry.
  const bool even = facts.parity == Parity::even && facts.curvature == Curvature::convex &&
                    (graph_.info(id).family == Family::elementwise || graph_.is(id, opcode<Norm>));
  rises = rises || (even && ranges_.of(u).nonnegative());
  falls = falls || (even && ranges_.of(u).nonpositive());
  const bool convex = x.affine() || (rises && x.convex) || (falls && x.concave);
  const bool concave = x.affine() || (rises && x.concave) || (falls && x.convex);
  r.convex = facts.curvature == Curvature::convex && convex;
  r.concave = facts.curvature == Curvature::concave && concave;
  return r;
}

Bits Composition::rule(NodeId id) const {
  const Ref self = Ref::node(id);
  if (graph_.as_constant(self) != nullptr) return of(self);
  if (graph_.is(id, opcode<Variable>))
    return std::ranges::find(over_, id) != over_.end() ? affine_bits : Bits{.constant = true};
  const auto x = graph_.operands(id);
  if (std::ranges::all_of(x, [&](Ref r) { return of(r).constant; })) return {.constant = true};
  const auto all_of = [&](auto join) {
    Bits r = of(x[0]);
    for (const Ref other : x.subspan(1)) r = join(r, of(other));
    return r;
  };
  const auto positive = [&](Ref r) { return ranges_.of(r).positive(); };
  switch (graph_.code(id)) {
    case opcode<Add>:
      return sum_of(of(x[0]), of(x[1]));
    case opcode<Sub>: {
      const Bits r = sum_of(of(x[0]), negated(of(x[1])));
      return r;
    }
    case opcode<Mul>:
      return product(x[0], x[1]);
    case opcode<Fma>:
      return sum_of(product(x[0], x[1]), of(x[2]));
    case opcode<Div>:
      return quotient(x[0], x[1]);
    case opcode<Reciprocal>:
      return integer_power(x[0], -1);
    case opcode<PowI>:
      return integer_power(x[0], graph_.attributes(id)[0]);
    case opcode<Square>:
      return either(squared(x[0]), with_facts(id));
    case opcode<Pow>:
      return power(x[0], x[1]);
    case opcode<Exp>: {
      const Bits u = of(x[0]);
      return {.convex = u.convex, .log_convex = u.convex, .log_concave = u.concave};
    }
    case opcode<Log>:
    case opcode<Log2>:
    case opcode<Log10>: {
      Bits r = with_facts(id);
      r.convex = r.convex || of(x[0]).log_convex;
      r.concave = r.concave || of(x[0]).log_concave;
      // The logarithm of a determinant is concave on definite matrices (Boyd & Vandenberghe, 3.1.5).
      if (x[0].is_node() && graph_.is(x[0].id(), opcode<Det>)) {
        const Ref m = graph_.operands(x[0].id())[0];
        if (m.is_node() && std::ranges::find(definite_, m.id()) != definite_.end()) r.concave = true;
      }
      return r;
    }
    case opcode<Sqrt>: {
      Bits r = with_facts(id);
      r.log_convex = of(x[0]).log_convex;
      r.log_concave = of(x[0]).log_concave;
      r.convex = r.convex || r.log_convex || of(x[0]).squares;  // the norm of what is squared
      return r;
    }
    case opcode<Sigmoid>:  // log(sigmoid(t)) = -softplus(-t) is concave and rises; 1 - sigmoid(t) = sigmoid(-t)
      return {.log_concave = of(x[0]).concave};
    case opcode<Softmax>:  // a quotient of an exponential and a sum of exponentials
      return {.log_concave = of(x[0]).affine()};
    case opcode<LogAddExp>:
      return {.convex = of(x[0]).convex && of(x[1]).convex};
    case opcode<Hypot>: {
      const auto fits = [&](Ref r) {
        const Bits b = of(r);
        return b.affine() || (b.convex && ranges_.of(r).nonnegative());
      };
      return {.convex = fits(x[0]) && fits(x[1])};
    }
    case opcode<Max>: {
      Bits r = all_of(both);
      return {.convex = r.convex, .log_convex = r.log_convex};
    }
    case opcode<Min>: {
      Bits r = all_of(both);
      return {.concave = r.concave, .log_concave = r.log_concave};
    }
    case opcode<Where>:
      return of(x[0]).constant ? both(of(x[1]), of(x[2])) : Bits{};
    case opcode<Concat>:
    case opcode<Stack>: {
      Bits r = all_of(both);
      r.constant = false;
      return r;
    }
    case opcode<Dot>:
    case opcode<MatMul>:
    case opcode<Outer>:
      return bilinear(id);
    case opcode<Prod>:  // a product of one nonconstant factor is covered by its being affine
      return {.log_convex = of(x[0]).log_convex, .log_concave = of(x[0]).log_concave};
    case opcode<SquaredError>: {
      const bool differences_affine = of(x[0]).affine() && of(x[1]).affine();
      return {.convex = differences_affine, .squares = differences_affine};
    }
    case opcode<CrossEntropy>: {
      const Bits y = of(x[0]), t = of(x[1]);
      if (x.size() == 3 && !(of(x[2]).constant && ranges_.of(x[2]).above(1))) return {};
      if (y.constant) return t.affine() ? affine_bits : Bits{};
      return {
          .convex = t.constant && ranges_.of(x[1]).nonnegative() && (y.log_concave || (y.concave && positive(x[0]))),
          .concave = t.constant && ranges_.of(x[1]).nonpositive() && y.log_concave};
    }
    case opcode<SoftmaxCrossEntropy>: {
      const Bits z = of(x[0]), t = of(x[1]);
      if (z.constant) return t.affine() ? affine_bits : Bits{};
      return {.convex = t.constant && z.affine() && ranges_.of(x[1]).nonnegative(),
              .concave = t.constant && z.affine() && ranges_.of(x[1]).nonpositive()};
    }
    default:
      break;
  }
  return x.size() == 1 ? with_facts(id) : Bits{};
}

}  // namespace nabla::curvature
