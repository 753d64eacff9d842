#include <algorithm>
#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/calculus/integral_calculus.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <optional>

namespace nabla {

Expr closed_integral(const Expr& density, const Expr& inside) {
  if (!depends_on(density, inside)) return density;
  const auto found = antiderivative(density, inside);
  if (!found) return {};
  return substitute(*found, {{inside, Expr(1)}}) - substitute(*found, {{inside, Expr(0)}});
}

/// density = width * body(from + width * inside), written so.
struct IntegralCalculus::Ends {
  Expr from, width, body, t;
};

bool IntegralCalculus::reads(const Expr& e) const {
  return std::ranges::any_of(integrals_, [&](const ParametricIntegral& i) { return depends_on(e, i.value); });
}

std::vector<std::size_t> IntegralCalculus::read_by(const Expr& e) const {
  std::vector<bool> read(integrals_.size(), false);
  for (std::size_t k = integrals_.size(); k-- > 0;) {
    read[k] = depends_on(e, integrals_[k].value);
    for (std::size_t j = k + 1; j < integrals_.size() && !read[k]; ++j)
      read[k] = read[j] && depends_on(integrals_[j].density, integrals_[k].value);
  }
  std::vector<std::size_t> result;
  for (std::size_t k = 0; k < read.size(); ++k)
    if (read[k]) result.push_back(k);
  return result;
}

bool IntegralCalculus::moves(std::size_t integral, const Expr& x) const {
  const Expr& density = integrals_[integral].density;
  if (depends_on(density, x)) return true;
  for (std::size_t k = 0; k < integral; ++k)
    if (depends_on(density, integrals_[k].value) && moves(k, x)) return true;
  return false;
}

Expr IntegralCalculus::integral(const Expr& density, const Expr& inside) {
  if (!density.ref().is_node()) return density;
  const bool is_plain = !reads(density);
  if (is_plain) {
    if (Expr closed = closed_integral(density, inside); !closed.empty()) return closed;
  }
  for (const ParametricIntegral& known : integrals_)
    if (same(known.density, density) && same(known.inside, inside)) return known.value;
  integrals_.push_back({variable("integral##" + std::to_string(integrals_.size())), density, inside});
  return integrals_.back().value;
}

Expr IntegralCalculus::derivative(const Expr& e, const Expr& x) {
  const WorkspaceScope scope(workspace_);
  Expr sum = depends_on(e, x) ? gradient(e, x) : Expr(0);
  const std::size_t count = integrals_.size();
  for (std::size_t k = 0; k < count; ++k) {
    const Expr value = integrals_[k].value;
    if (!depends_on(e, value) || !moves(k, x)) continue;
    sum = sum + gradient(e, value) * derivative_of(k, x);
  }
  return sum;
}

Expr IntegralCalculus::derivative_of(std::size_t k, const Expr& x) {
  const auto [value, density, inside] = integrals_[k];
  const Graph& graph = density.graph();
  const std::shared_ptr<Workspace>& workspace = workspace_;
  // The one product of the variable with a width, and what it is added to.
  const Ref target = density.ref();
  const auto users_of = [&](Ref of) {
    std::vector<NodeId> users;
    const std::vector<bool> needed = reachable(graph, {&target, 1});
    for (NodeId id = 0; id < needed.size(); ++id)
      if (needed[id] && std::ranges::find(graph.operands(id), of) != graph.operands(id).end()) users.push_back(id);
    return users;
  };
  const auto other_operand = [&](NodeId id, Ref one) {
    const auto operands = graph.operands(id);
    return Expr(workspace, operands[0] == one ? operands[1] : operands[0]);
  };
  const auto ends = [&]() -> std::optional<Ends> {
    const std::vector<NodeId> users = users_of(inside.ref());
    if (users.size() != 1 || !graph.is(users[0], opcode<Mul>)) return std::nullopt;
    const Expr width = other_operand(users[0], inside.ref());
    if (depends_on(width, inside) || !graph.is(target.id(), opcode<Mul>)) return std::nullopt;
    Expr place(workspace, Ref::node(users[0])), from(0);
    const std::vector<NodeId> further = users_of(place.ref());
    if (further.size() == 1 && graph.is(further[0], opcode<Add>)) {
      const Expr other = other_operand(further[0], place.ref());
      if (!depends_on(other, inside)) {
        from = other;
        place = Expr(workspace, Ref::node(further[0]));
      }
    }
    const auto factors = graph.operands(target.id());
    if (factors[0] != width.ref() && factors[1] != width.ref()) return std::nullopt;
    const Expr t = variable("t##" + std::to_string(integrals_.size()));
    const Expr body = substitute(other_operand(target.id(), width.ref()), {{place, t}});
    if (depends_on(body, inside)) return std::nullopt;
    return Ends{from, width, body, t};
  }();
  if (!ends || reads(density) || (!depends_on(ends->from, x) && !depends_on(ends->width, x)))
    return integral(derivative(density, x), inside);
  const auto& [from, width, body, t] = *ends;
  const auto body_at = [&](const Expr& where) { return substitute(body, {{t, where}}); };
  const auto slope = [&](const Expr& e) { return depends_on(e, x) ? gradient(e, x) : Expr(0); };
  const Expr to = from + width;
  Expr sum = body_at(to) * slope(to) - body_at(from) * slope(from);
  if (depends_on(body, x))
    sum = sum + integral(width * substitute(gradient(body, x), {{t, from + width * inside}}), inside);
  return sum;
}

Expr IntegralCalculus::at(const Expr& e, const Expr& x, const Expr& value) {
  const WorkspaceScope scope(workspace_);
  Replacements all{{x, value}};
  const std::size_t count = integrals_.size();
  const std::vector<std::size_t> read = read_by(e);
  for (std::size_t k = 0; k < count; ++k) {
    if (std::ranges::find(read, k) == read.end() || !moves(k, x)) continue;
    const ParametricIntegral before = integrals_[k];
    all.emplace_back(before.value, integral(substitute(before.density, all), before.inside));
  }
  return substitute(e, all);
}

}  // namespace nabla
