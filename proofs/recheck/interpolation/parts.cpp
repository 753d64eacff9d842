#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/recheck/interpolation/form.hpp>

// Vectors in their entries; matrices times sums of vectors.
namespace nabla::rederive {

/// Small given vectors that functions are applied to parts of, and members of a simplex.
void InnerProducts::take_apart() {
  const Graph& graph = problem_.workspace->graph();
  std::vector<Ref> arguments;
  for (const FunctionApplication& a : problem_.applications) arguments.push_back(a.argument.ref());
  const std::vector<bool> read = reachable(graph, arguments);
  const auto is_cut = [&](Ref v) {
    for (NodeId n = 0; n < read.size(); ++n)
      if (read[n] && graph.is(n, opcode<Slice>) && graph.operands(n)[0] == v) return true;
    return false;
  };
  for (const Given& g : problem_.givens) {
    const Ref v = g.variable.ref();
    if (!v.is_node() || g.set.shape.rank() != 1 || g.set.shape.size() < 1 || g.set.shape.size() > 8) continue;
    const bool sums_to_one = g.set.kind == Set::Kind::simplex;
    if (sums_to_one || (g.set.kind == Set::Kind::entries && is_cut(v))) apart_.insert(v.id());
  }
}

std::optional<std::vector<Ratio>> InnerProducts::parts(Ref ref, int depth) {
  if (!ref.is_node() || depth > 6) return std::nullopt;
  const Graph& graph = problem_.workspace->graph();
  const NodeId n = ref.id();
  if (graph.shape(n).rank() != 1) return std::nullopt;
  const auto extent = static_cast<std::size_t>(graph.shape(n)[0]);
  std::vector<Ratio> all(extent);
  if (apart_.contains(n)) {
    for (std::size_t i = 0; i < extent; ++i)
      all[i] = atom("entry " + std::to_string(i) + " of " + graph.variable_name(n));
    return all;
  }
  const auto x = graph.operands(n);
  if (graph.is(n, opcode<Slice>)) {
    const auto from = parts(x[0], depth + 1);
    if (!from) return std::nullopt;
    const auto start = static_cast<std::size_t>(graph.attributes(n)[0]),
               step = static_cast<std::size_t>(graph.attributes(n)[2]);
    for (std::size_t i = 0; i < extent; ++i) all[i] = from->at(start + i * step);
    return all;
  }
  if (!graph.is(n, opcode<Mul>)) return std::nullopt;
  const auto a = parts(x[0], depth + 1), b = parts(x[1], depth + 1);
  if (!a || !b || a->size() != extent || b->size() != extent) return std::nullopt;
  for (std::size_t i = 0; i < extent; ++i) all[i] = times((*a)[i], (*b)[i]);
  return all;
}

std::optional<Ratio> InnerProducts::of_parts(NodeId n) {
  const Graph& graph = problem_.workspace->graph();
  if (apart_.empty() || !graph.shape(n).is_scalar()) return std::nullopt;
  const auto x = graph.operands(n);
  if (graph.is(n, opcode<Reshape>)) {
    const auto one = parts(x[0]);
    return one && one->size() == 1 ? std::optional(one->front()) : std::nullopt;
  }
  const bool product = graph.is(n, opcode<Dot>);
  if (!product && !graph.is(n, opcode<Sum>)) return std::nullopt;
  const auto a = parts(x[0]);
  if (!a) return std::nullopt;
  const auto b = product ? parts(x[1]) : std::nullopt;
  if (product && !b) return std::nullopt;
  Ratio total;
  for (std::size_t i = 0; i < a->size(); ++i) total = plus(total, product ? times((*a)[i], (*b)[i]) : (*a)[i]);
  return total;
}

std::optional<Ratio> InnerProducts::moved(NodeId n) {
  const Graph& graph = problem_.workspace->graph();
  const auto x = graph.operands(n);
  if (!graph.is(n, opcode<MatMul>) || !x[0].is_node() || graph.shape(x[0]).rank() != 2 || graph.shape(x[1]).rank() != 1)
    return std::nullopt;
  const Ratio v = at(x[1]);
  std::map<std::uint32_t, std::string> names;
  for (const auto& [name, a] : ids_)
    if (atoms_[a].vector != 0) names[a] = name;
  Ratio total;
  for (const auto& [m, c] : v.num.terms()) {
    const auto vector = std::ranges::find_if(m, [&](const auto& f) { return atoms_[f.first].vector != 0; });
    if (vector == m.end() || vector->second != unit ||
        std::ranges::count_if(m, [&](const auto& f) { return atoms_[f.first].vector != 0; }) != 1)
      return std::nullopt;
    Polynomial factor;
    factor.add(nabla::rederive::product(m, {{vector->first, -unit}}), c);
    const Ratio image = atom("image " + std::to_string(x[0].id()) + " " + names.at(vector->first));
    total = plus(total, times({factor, Polynomial(Rational(1))}, image));
  }
  return over(total, {v.den, Polynomial(Rational(1))});
}

Ratio InnerProducts::entry(const std::string& given, std::size_t i) {
  for (const Given& g : problem_.givens) {
    if (g.name != given || g.set.kind != Set::Kind::simplex) continue;
    const auto all = parts(g.variable.ref());
    if (all && i < all->size()) return all->at(i);
  }
  throw NotFollowed("no member of a simplex is called so");
}

Ratio InnerProducts::simplex(const std::string& given) {
  for (const Given& g : problem_.givens) {
    if (g.name != given || g.set.kind != Set::Kind::simplex) continue;
    const auto all = parts(g.variable.ref());
    if (!all) continue;
    Ratio total{Polynomial(Rational(-1)), Polynomial(Rational(1))};
    for (const Ratio& part : *all) total = plus(total, part);
    return total;
  }
  throw NotFollowed("no member of a simplex is called so");
}

}  // namespace nabla::rederive
