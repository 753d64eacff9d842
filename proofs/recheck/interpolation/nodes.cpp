#include <nabla/proofs/recheck/interpolation/form.hpp>

// What the operators are in inner products.
namespace nabla::rederive {

Ratio InnerProducts::node(NodeId n) {
  const Graph& graph = problem_.workspace->graph();
  const Ratio unity{Polynomial(Rational(1)), Polynomial(Rational(1))};
  const auto x = graph.operands(n);
  const auto tensor = [&](Ref r) { return !graph.shape(r).is_scalar(); };
  const bool scalar = graph.shape(n).is_scalar();
  if (graph.is(n, opcode<Variable>)) {
    for (const FunctionApplication& a : problem_.applications) {
      const FunctionVariable& f = problem_.function_variables[a.function];
      if (!f.linear || !f.codomain.shape.is_scalar()) continue;
      if (a.value.ref().id() == n) return times(atom("linear " + f.name), value(a.argument));
      if (!a.derivative.empty() && a.derivative.ref().id() == n) return atom("linear " + f.name);
    }
    return atom(graph.variable_name(n));
  }
  if (graph.is(n, opcode<Literal>)) {
    const Constant* c = graph.as_constant(Ref::node(n));
    if (c != nullptr && (c->is(0) || (graph.shape(n).size() == 1 && c->kind() == Constant::Kind::ratio)))
      return {Polynomial(Number<Rational>::of(*c)), unity.den};
    return unknown(n);
  }
  const auto half = [&](const Ratio& q) { return times(q, {Polynomial(Rational(1) / 2), unity.den}); };
  if (graph.is(n, opcode<Add>) || graph.is(n, opcode<Sub>)) {
    const Ratio a = at(x[0]), b = at(x[1]);
    if (tensor(x[0]) != tensor(x[1]) && !is_zero(tensor(x[0]) ? b : a)) return unknown(n);
    return plus(a, b, graph.is(n, opcode<Add>) ? 1 : -1);
  }
  if (graph.is(n, opcode<Neg>)) return plus({}, at(x[0]), -1);
  if (graph.is(n, opcode<Mul>) && !(tensor(x[0]) && tensor(x[1]))) return times(at(x[0]), at(x[1]));
  if (graph.is(n, opcode<Div>) && !tensor(x[1]) && !is_zero(at(x[1]))) return over(at(x[0]), at(x[1]));
  if (graph.is(n, opcode<Reciprocal>) && scalar && !is_zero(at(x[0]))) return over(unity, at(x[0]));
  if (graph.is(n, opcode<Square>) && scalar) return times(at(x[0]), at(x[0]));
  if (graph.is(n, opcode<PowI>) && scalar) {
    const std::int64_t e = graph.attributes(n)[0];
    if (e < -8 || e > 8 || (e < 0 && is_zero(at(x[0])))) return unknown(n);
    Ratio r = unity;
    for (std::int64_t k = 0; k < (e < 0 ? -e : e); ++k) r = times(r, at(x[0]));
    return e < 0 ? over(unity, r) : r;
  }
  if (const auto scalars = of_parts(n)) return *scalars;
  if (graph.is(n, opcode<Dot>)) return times(at(x[0]), at(x[1]));
  if (graph.is(n, opcode<SquaredError>)) {
    const Ratio d = plus(at(x[0]), at(x[1]), -1);
    return half(times(d, d));
  }
  if ((graph.is(n, opcode<Norm>) || graph.is(n, opcode<Abs>)) && scalar) return norm(at(x[0]));
  if (graph.is(n, opcode<Sqrt>) && scalar) {
    const Ratio q = at(x[0]);
    const int s = sign(q.den);
    if (s == 0) throw NotFollowed("a root of a quotient of unknown sign");
    const Polynomial radicand = reduced(product(q.num, q.den, meter_));
    if (const auto c = radicand.as_constant(); c && (c->is_zero() || *c == 1)) return {Polynomial(*c), q.den.scaled(s)};
    for (const auto& [name, a] : ids_)
      if (name.starts_with("root of ") && atoms_[a].square == radicand)
        return over(atom(name), {q.den.scaled(s), unity.den});
    throw NotFollowed("a root that the certificate does not name");
  }
  if (graph.is(n, opcode<Reshape>)) return at(x[0]);
  if (graph.is(n, opcode<MatMul>) || graph.is(n, opcode<Outer>)) {
    const std::int64_t a = graph.shape(x[0]).size(), b = graph.shape(x[1]).size();
    const bool row_times_column = graph.is(n, opcode<MatMul>) && graph.shape(n).size() == 1 && a == b;
    if (a == 1 || b == 1 || row_times_column) return times(at(x[0]), at(x[1]));
    if (const auto image = moved(n)) return *image;
  }
  if (graph.is(n, opcode<Sum>) && scalar && x[0].is_node()) {
    const NodeId m = x[0].id();
    const auto y = graph.operands(m);
    if (graph.is(m, opcode<Mul>) && tensor(y[0]) && tensor(y[1])) return times(at(y[0]), at(y[1]));
    if (graph.is(m, opcode<Square>) || (graph.is(m, opcode<PowI>) && graph.attributes(m)[0] == 2))
      return times(at(y[0]), at(y[0]));
  }
  return unknown(n);
}

}  // namespace nabla::rederive
