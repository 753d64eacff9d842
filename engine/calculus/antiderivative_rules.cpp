#include <nabla/engine/calculus/antiderivative_rules.hpp>
#include <utility>

namespace nabla {

namespace {

Expr half(const Expr& e) { return ratio<Expr>(1, 2) * e; }

using Once = std::function<Expr(const Expr&)>;

Repeated once_only(Once rule) {
  if (!rule) return {};
  return [rule = std::move(rule)](const Expr& u, std::size_t k) { return k == 1 ? rule(u) : Expr(); };
}

}  // namespace

Repeated repeated_integral(const Graph& graph, NodeId id) {
  const auto is = [&](Opcode code) { return graph.is(id, code); };
  if (is(opcode<Exp>)) return [](const Expr& u, std::size_t) { return exp(u); };
  if (is(opcode<Sinh>)) return [](const Expr& u, std::size_t k) { return k % 2 == 0 ? sinh(u) : cosh(u); };
  if (is(opcode<Cosh>)) return [](const Expr& u, std::size_t k) { return k % 2 == 0 ? cosh(u) : sinh(u); };
  if (is(opcode<Sin>) || is(opcode<Cos>)) {
    const std::size_t shift = is(opcode<Sin>) ? 0 : 3;  // cos is the third antiderivative of sin
    return [shift](const Expr& u, std::size_t k) -> Expr {
      switch ((k + shift) % 4) {
        case 0:
          return sin(u);
        case 1:
          return -cos(u);
        case 2:
          return -sin(u);
        default:
          return cos(u);
      }
    };
  }
  Once once;
  if (is(opcode<Expm1>)) once = [](const Expr& u) { return exp(u) - u; };
  if (is(opcode<Tan>)) once = [](const Expr& u) { return -log(abs(cos(u))); };
  if (is(opcode<Tanh>)) once = [](const Expr& u) { return log(cosh(u)); };
  if (is(opcode<Sigmoid>)) once = [](const Expr& u) { return softplus(u); };
  if (is(opcode<Relu>)) once = [](const Expr& u) { return half(powi(relu(u), 2)); };
  if (is(opcode<Abs>)) once = [](const Expr& u) { return half(u * abs(u)); };
  if (is(opcode<Sign>)) once = [](const Expr& u) { return abs(u); };
  if (is(opcode<Reciprocal>)) once = [](const Expr& u) { return log(abs(u)); };
  if (is(opcode<Sqrt>)) once = [](const Expr& u) { return ratio<Expr>(2, 3) * u * sqrt(u); };
  if (is(opcode<Log>)) once = [](const Expr& u) { return where(lt(Expr(0), u), u * log(u), Expr(0)) - u; };
  if (is(opcode<Log1p>))
    once = [](const Expr& u) { return where(lt(Expr(-1), u), (u + Expr(1)) * log1p(u), Expr(0)) - u; };
  if (is(opcode<Atan>)) once = [](const Expr& u) { return u * atan(u) - half(log1p(powi(u, 2))); };
  if (is(opcode<Asin>)) once = [](const Expr& u) { return u * asin(u) + sqrt(Expr(1) - powi(u, 2)); };
  if (is(opcode<Acos>)) once = [](const Expr& u) { return u * acos(u) - sqrt(Expr(1) - powi(u, 2)); };
  if (is(opcode<Asinh>)) once = [](const Expr& u) { return u * asinh(u) - sqrt(Expr(1) + powi(u, 2)); };
  if (is(opcode<Erf>)) once = [](const Expr& u) { return u * erf(u) + exp(-powi(u, 2)) / sqrt(Expr(Constant::pi())); };
  if (is(opcode<PowI>) && graph.attributes(id)[0] < 0) {
    const std::int64_t n = graph.attributes(id)[0];
    once = [n](const Expr& u) { return n == -1 ? log(abs(u)) : powi(u, n + 1) / Expr(n + 1); };
  }
  if (is(opcode<Pow>)) {
    const Constant* c = graph.as_constant(graph.operands(id)[1]);
    if (c != nullptr && c->kind() == Constant::Kind::ratio && !c->is(-1)) {
      const Constant next = Constant::ratio(c->num() + c->den(), c->den());
      once = [next](const Expr& u) { return pow(u, Expr(next)) / Expr(next); };
    }
  }
  return once_only(std::move(once));
}

Repeated repeated_integral_of_inverse(const Graph& graph, NodeId id) {
  const auto is = [&](Opcode code) { return graph.is(id, code); };
  if (is(opcode<Exp>)) return [](const Expr& u, std::size_t k) { return k % 2 == 1 ? -exp(-u) : exp(-u); };
  Once once;
  if (is(opcode<Sqrt>)) once = [](const Expr& u) { return Expr(2) * sqrt(u); };
  if (is(opcode<PowI>) && graph.attributes(id)[0] > 1) {
    const std::int64_t n = graph.attributes(id)[0];
    once = [n](const Expr& u) { return powi(u, 1 - n) / Expr(1 - n); };
  }
  return once_only(std::move(once));
}

Repeated integral_of_square(const Graph& graph, NodeId id) {
  const auto is = [&](Opcode code) { return graph.is(id, code); };
  Once once;
  if (is(opcode<Sin>)) once = [](const Expr& u) { return half(u - sin(u) * cos(u)); };
  if (is(opcode<Cos>)) once = [](const Expr& u) { return half(u + sin(u) * cos(u)); };
  if (is(opcode<Tan>)) once = [](const Expr& u) { return tan(u) - u; };
  if (is(opcode<Sinh>)) once = [](const Expr& u) { return half(sinh(u) * cosh(u) - u); };
  if (is(opcode<Cosh>)) once = [](const Expr& u) { return half(sinh(u) * cosh(u) + u); };
  if (is(opcode<Tanh>)) once = [](const Expr& u) { return u - tanh(u); };
  if (is(opcode<Sigmoid>)) once = [](const Expr& u) { return softplus(u) - sigmoid(u); };
  if (is(opcode<Relu>)) once = [](const Expr& u) { return ratio<Expr>(1, 3) * powi(relu(u), 3); };
  if (is(opcode<Abs>)) once = [](const Expr& u) { return ratio<Expr>(1, 3) * powi(u, 3); };
  return once_only(std::move(once));
}

Repeated integral_of_inverse_square(const Graph& graph, NodeId id) {
  Once once;
  if (graph.is(id, opcode<Cosh>)) once = [](const Expr& u) { return tanh(u); };
  if (graph.is(id, opcode<Cos>)) once = [](const Expr& u) { return tan(u); };
  if (graph.is(id, opcode<Sin>)) once = [](const Expr& u) { return -cos(u) / sin(u); };
  return once_only(std::move(once));
}

}  // namespace nabla
