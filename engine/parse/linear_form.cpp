#include <nabla/engine/parse/linear_form.hpp>
#include <numeric>
#include <vector>

namespace nabla {

namespace {

constexpr std::int64_t largest = std::int64_t{1} << 30;
constexpr std::size_t most_terms = 10'000;

struct Part {
  Ref ref;
  std::int64_t num, den;
};

}  // namespace

void LinearForm::add(std::uint64_t leaf, std::int64_t num, std::int64_t den) {
  auto& [n, d] = terms_.try_emplace(leaf, 0, 1).first->second;
  if (den > largest || d > largest || n > largest || n < -largest) {
    valid_ = false;
    return;
  }
  n = n * den + num * d;
  d *= den;
  const std::int64_t g = std::gcd(n, d);
  if (g > 1) n /= g, d /= g;
  if (n == 0) terms_.erase(leaf);
}

LinearForm::LinearForm(const Expr& e) {
  const Graph& graph = e.graph();
  std::vector<Part> open{{e.ref(), 1, 1}};
  for (std::size_t steps = 0; !open.empty() && valid_; ++steps) {
    const Part part = open.back();
    open.pop_back();
    if (steps > most_terms || part.num > largest || part.num < -largest || part.den > largest) {
      valid_ = false;
      break;
    }
    const auto ratio_of = [&](Ref r) -> const Constant* {
      const Constant* c = graph.as_constant(r);
      const bool small = c != nullptr && c->kind() == Constant::Kind::ratio && c->num() < largest &&
                         c->num() > -largest && c->den() < largest;
      return small ? c : nullptr;
    };
    if (const Constant* c = ratio_of(part.ref)) {  // a number, or a tensor of equal ones
      if (!c->is(0)) add(~std::uint64_t{0}, part.num * c->num(), part.den * c->den());
      continue;
    }
    if (!part.ref.is_node()) {
      add(part.ref.bits(), part.num, part.den);
      continue;
    }
    const NodeId id = part.ref.id();
    const auto x = graph.operands(id);
    const auto same_shape = [&](Ref r) { return graph.shape(r) == graph.shape(id); };
    if ((graph.is(id, opcode<Add>) || graph.is(id, opcode<Sub>)) && same_shape(x[0]) && same_shape(x[1])) {
      open.push_back({x[0], part.num, part.den});
      open.push_back({x[1], graph.is(id, opcode<Add>) ? part.num : -part.num, part.den});
    } else if (graph.is(id, opcode<Neg>)) {
      open.push_back({x[0], -part.num, part.den});
    } else if (graph.is(id, opcode<Mul>) && ratio_of(x[0]) != nullptr && same_shape(x[1])) {
      open.push_back({x[1], part.num * ratio_of(x[0])->num(), part.den * ratio_of(x[0])->den()});
    } else if (graph.is(id, opcode<Mul>) && ratio_of(x[1]) != nullptr && same_shape(x[0])) {
      open.push_back({x[0], part.num * ratio_of(x[1])->num(), part.den * ratio_of(x[1])->den()});
    } else if (graph.is(id, opcode<Div>) && ratio_of(x[1]) != nullptr && !ratio_of(x[1])->is(0) && same_shape(x[0])) {
      const Constant* c = ratio_of(x[1]);
      const std::int64_t sign = c->num() < 0 ? -1 : 1;
      open.push_back({x[0], part.num * c->den() * sign, part.den * c->num() * sign});
    } else if (graph.is(id, opcode<Reshape>) && same_shape(x[0])) {
      open.push_back({x[0], part.num, part.den});
    } else {
      add(part.ref.bits(), part.num, part.den);
    }
  }
}

std::optional<Constant> proportion(const Expr& a, const Expr& b) {
  const LinearForm p(a), q(b);
  if (!p.valid() || !q.valid() || p.terms().size() != q.terms().size() || a.shape() != b.shape()) return std::nullopt;
  std::optional<Constant> factor;
  for (const auto& [leaf, c] : q.terms()) {
    const auto it = p.terms().find(leaf);
    if (it == p.terms().end()) return std::nullopt;
    const auto [n, d] = it->second;
    const std::int64_t sign = c.first < 0 ? -1 : 1;
    const Constant k = Constant::ratio(n * c.second * sign, d * c.first * sign);
    if (factor && !(*factor == k)) return std::nullopt;
    factor = k;
  }
  return factor;
}

}  // namespace nabla
