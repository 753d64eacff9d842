#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/check/interpolation/form.hpp>

// Vectors that are looked at entry by entry, and images of vectors under matrices.
namespace nabla::interpolation {

namespace {

constexpr std::int64_t most_entries_looked_at = 8;
constexpr int deepest_entries = 6;

}  // namespace

void Form::find_split() {
  const Graph& graph = problem_.workspace->graph();
  std::vector<Ref> arguments;
  for (const FunctionApplication& a : problem_.applications) arguments.push_back(a.argument.ref());
  const std::vector<bool> read = reachable(graph, arguments);
  std::set<NodeId> cut;
  for (NodeId id = 0; id < read.size(); ++id)
    if (read[id] && graph.is(id, opcode<Slice>) && graph.operands(id)[0].is_node())
      cut.insert(graph.operands(id)[0].id());
  for (const Given& given : problem_.givens) {
    const Shape& shape = given.set.shape;
    if (!given.variable.ref().is_node() || shape.rank() != 1 || shape[0] < 1 || shape[0] > most_entries_looked_at)
      continue;
    const NodeId id = given.variable.ref().id();
    if (given.set.kind == Set::Kind::simplex || (given.set.kind == Set::Kind::entries && cut.contains(id)))
      split_.insert(id);
  }
}

std::optional<std::vector<Fraction>> Form::entries(Ref ref, int depth) {
  if (!ref.is_node() || depth > deepest_entries) return std::nullopt;
  const Graph& graph = problem_.workspace->graph();
  const NodeId id = ref.id();
  const Shape& shape = graph.shape(id);
  if (split_.contains(id)) {
    std::vector<Fraction> all;
    for (std::int64_t i = 0; i < shape[0]; ++i)
      all.push_back(symbol(named("entry " + std::to_string(i) + " of " + graph.variable_name(id), {})));
    return all;
  }
  const auto x = graph.operands(id);
  if (graph.is(id, opcode<Slice>) && shape.rank() == 1) {
    const auto whole = entries(x[0], depth + 1);
    const Attributes at = graph.attributes(id);
    if (!whole || at.size() != 3) return std::nullopt;
    std::vector<Fraction> part;
    for (std::int64_t i = 0; i < shape[0]; ++i) part.push_back(whole->at(static_cast<std::size_t>(at[0] + i * at[2])));
    return part;
  }
  if (graph.is(id, opcode<Mul>) && graph.shape(x[0]) == graph.shape(x[1]) && shape.rank() == 1) {
    auto a = entries(x[0], depth + 1);
    const auto b = entries(x[1], depth + 1);
    if (!a || !b) return std::nullopt;
    for (std::size_t i = 0; i < a->size(); ++i) (*a)[i] = times((*a)[i], (*b)[i]);
    return a;
  }
  return std::nullopt;
}

/// A scalar made of the entries of vectors.
std::optional<Fraction> Form::by_entries(NodeId id) {
  const Graph& graph = problem_.workspace->graph();
  if (split_.empty() || !graph.shape(id).is_scalar()) return std::nullopt;
  const auto x = graph.operands(id);
  std::optional<Fraction> result;
  if (graph.is(id, opcode<Reshape>)) {
    const auto one = entries(x[0]);
    if (one && one->size() == 1) result = one->at(0);
  } else if (graph.is(id, opcode<Sum>)) {
    if (const auto all = entries(x[0])) {
      result.emplace();
      for (const Fraction& part : *all) *result = *result + part;
    }
  } else if (graph.is(id, opcode<Dot>)) {
    const auto a = entries(x[0]), b = entries(x[1]);
    if (a && b) {
      result.emplace();
      for (std::size_t i = 0; i < a->size(); ++i) *result = *result + times((*a)[i], (*b)[i]);
    }
  }
  if (result && !graph.is(id, opcode<Reshape>)) dimension_free_ = false;
  return result;
}

/// A matrix times a combination of vectors: the combination of their images.
std::optional<Fraction> Form::image(NodeId id) {
  const Graph& graph = problem_.workspace->graph();
  const auto x = graph.operands(id);
  if (!graph.is(id, opcode<MatMul>) || graph.shape(x[0]).rank() != 2 || graph.shape(x[1]).rank() != 1 ||
      !x[0].is_node())
    return std::nullopt;
  const Fraction v = at(x[1]);
  Fraction result;
  for (const auto& [m, c] : v.num.terms()) {
    std::optional<Symbol> vector;
    Monomial rest;
    for (const auto& [s, e] : m) {
      if (symbols_[s].kind != SymbolInfo::Kind::vector) {
        rest.emplace_back(s, e);
      } else if (vector || e != 1) {
        return std::nullopt;
      } else {
        vector = s;
      }
    }
    if (!vector) return std::nullopt;
    const Symbol moved = named("image " + std::to_string(x[0].id()) + " " + symbols_[*vector].name,
                               {.kind = SymbolInfo::Kind::vector, .name = {}, .size = graph.shape(id)[0]});
    Polynomial factor;
    factor.add(rest, c);
    result = result + times(Fraction(factor), symbol(moved));
  }
  for (const Polynomial& factor : v.den) {
    Fraction below;
    below.num = Polynomial(Rational(1));
    below.den = {factor};
    result = result * below;
  }
  return result;
}

}  // namespace nabla::interpolation
