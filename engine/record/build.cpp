#include <limits>
#include <nabla/engine/record/build.hpp>
#include <optional>

namespace nabla {

namespace {

struct Ratio {
  std::int64_t num, den;
};

std::optional<Ratio> as_ratio(const Graph& graph, Ref ref) {
  if (!ref.is_constant()) return std::nullopt;
  const Constant& c = graph.constant_at(ref.index());
  if (c.kind() != Constant::Kind::ratio) return std::nullopt;
  return Ratio{c.num(), c.den()};
}

std::optional<std::int64_t> times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product) || product == std::numeric_limits<std::int64_t>::min()) return {};
  return product;
}
std::optional<std::int64_t> plus(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum) || sum == std::numeric_limits<std::int64_t>::min()) return {};
  return sum;
}

std::optional<Constant> make(std::optional<std::int64_t> num, std::optional<std::int64_t> den) {
  if (!num || !den || *den == 0) return std::nullopt;
  return Constant::ratio(*num, *den);
}

std::optional<Constant> add(Ratio a, Ratio b) {
  const auto left = times(a.num, b.den);
  const auto right = times(b.num, a.den);
  if (!left || !right) return std::nullopt;
  return make(plus(*left, *right), times(a.den, b.den));
}

std::optional<Constant> power(Ratio a, std::int64_t n) {
  if (n == 0) return Constant::integer(1);
  if (n < 0) {
    if (a.num == 0) return std::nullopt;
    a = a.num < 0 ? Ratio{-a.den, -a.num} : Ratio{a.den, a.num};
    n = -n;
  }
  if (n > 62) return std::nullopt;
  std::optional<std::int64_t> num = 1, den = 1;
  for (std::int64_t i = 0; i < n && num && den; ++i) {
    num = times(*num, a.num);
    den = times(*den, a.den);
  }
  return make(num, den);
}

/// The exact result on constants; nothing when it does not fit, or is undefined.
std::optional<Constant> fold(const Graph& graph, Opcode code, std::span<const Ref> x, Attributes attributes) {
  const auto a = as_ratio(graph, x[0]);
  if (!a) return std::nullopt;
  if (code == opcode<Neg>) return Constant::ratio(-a->num, a->den);
  if (code == opcode<PowI>) return power(*a, attributes[0]);
  if (x.size() != 2) return std::nullopt;
  const auto b = as_ratio(graph, x[1]);
  if (!b) return std::nullopt;
  if (code == opcode<Add>) return add(*a, *b);
  if (code == opcode<Sub>) return add(*a, {-b->num, b->den});
  if (code == opcode<Mul>) return make(times(a->num, b->num), times(a->den, b->den));
  if (code == opcode<Div> && b->num != 0) {
    const std::int64_t sign = b->num < 0 ? -1 : 1;
    return make(times(a->num * sign, b->den), times(a->den, b->num * sign));
  }
  return std::nullopt;
}

/// An operand that the operation returns unchanged; empty when there is none.
Ref unchanged(const Graph& graph, Opcode code, std::span<const Ref> x, Attributes attributes) {
  const auto is = [&](Ref r, std::int64_t n) { return r.is_constant() && graph.constant_at(r.index()).is(n); };
  if (code == opcode<Add>) return is(x[0], 0) ? x[1] : is(x[1], 0) ? x[0] : Ref();
  if (code == opcode<Sub>) return is(x[1], 0) ? x[0] : Ref();
  if (code == opcode<Mul>) return is(x[0], 1) ? x[1] : is(x[1], 1) ? x[0] : Ref();
  if (code == opcode<Div>) return is(x[1], 1) ? x[0] : Ref();
  if (code == opcode<PowI>) return attributes[0] == 1 ? x[0] : Ref();
  if (code == opcode<Neg> && x[0].is_node() && graph.is(x[0].id(), opcode<Neg>)) return graph.operands(x[0].id())[0];
  return {};
}

}  // namespace

Ref build(Workspace& workspace, Opcode code, std::span<const Ref> operands, Attributes attributes) {
  Graph& graph = workspace.graph();
  if (!operands.empty()) {
    if (const auto value = fold(graph, code, operands, attributes)) return graph.constant(*value);
    if (const Ref same = unchanged(graph, code, operands, attributes); !same.empty()) return same;
    if (code == opcode<Mul> && operands[0].is_constant() && graph.constant_at(operands[0].index()).is(-1))
      return build(workspace, opcode<Neg>, operands.subspan(1), {});
    if (code == opcode<Mul> && operands[1].is_constant() && graph.constant_at(operands[1].index()).is(-1))
      return build(workspace, opcode<Neg>, operands.first(1), {});
  }
  return workspace.node(code, operands, attributes);
}

}  // namespace nabla
