#include <algorithm>
#include <nabla/proofs/recheck/index/cases.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

namespace {

Tree condition_outside_sums(const Tree& t) {
  const Level deeper;
  if (t->kind == Kind::positive) return t;
  if (t->kind == Kind::sum) return nullptr;
  for (const Tree& a : t->args)
    if (Tree found = condition_outside_sums(a)) return found;
  return nullptr;
}

/// The tree where conditions that are this one are 0 or 1.
Tree with_value(World& world, const Tree& t, const Tree& condition, bool holds) {
  const Level deeper;
  if (t->kind == Kind::positive) {
    bool other = false, own = false;
    const std::string name = Polynomials(world).name_of(t->args[0], other);
    if (name == Polynomials(world).name_of(condition->args[0], own) && other == own) return make_number(holds ? 1 : 0);
  }
  Node n = *t;
  for (Tree& a : n.args) a = with_value(world, a, condition, holds);
  return make_node(std::move(n));
}

}  // namespace

bool is_nonnegative_by_cases(World& world, const Tree& t, int most) {
  if ((signs_of(world, t) & 1U) == 0 || vanishes(world, t) || Polynomials(world).is_square(t)) return true;
  const Tree condition = most > 0 ? condition_outside_sums(t) : nullptr;
  if (!condition) return false;
  for (const bool holds : {true, false}) {
    const std::size_t before = world.facts.size();
    world.facts.push_back({{}, condition->args[0], holds ? 4U : 3U});
    const bool is_shown = is_nonnegative_by_cases(world, with_value(world, t, condition, holds), most - 1);
    world.facts.resize(before);
    if (!is_shown) return false;
  }
  return true;
}

bool is_nonnegative_together(World& world, const Tree& t) {
  if (is_nonnegative_by_cases(world, t)) return true;
  if (t->kind != Kind::add) return false;
  struct Together {
    Bound over;
    std::vector<Tree> bodies;
  };
  std::vector<Together> sums;
  std::vector<Tree> rest;
  for (const Tree& one : t->args) {
    const std::vector<Tree> factors = one->kind == Kind::mul ? one->args : std::vector<Tree>{one};
    const auto sum = std::ranges::find_if(factors, [](const Tree& f) { return f->kind == Kind::sum; });
    if (sum == factors.end()) {
      rest.push_back(one);
      continue;
    }
    const Bound own = (*sum)->bounds[0];
    auto met =
        std::ranges::find_if(sums, [&](const Together& s) { return s.over.lo == own.lo && s.over.hi == own.hi; });
    if (met == sums.end()) {
      sums.push_back({{world.ranges.make("k", own.lo, own.hi), own.lo, own.hi}, {}});
      met = sums.end() - 1;
    }
    std::vector<Tree> product{renamed((*sum)->args[0], {{own.symbol, Lin::name(met->over.symbol)}})};
    for (const Tree& f : factors)
      if (&f != &*sum) product.push_back(f);
    met->bodies.push_back(make_mul(std::move(product)));
  }
  for (Together& s : sums)
    if (!is_nonnegative_by_cases(world, make_add(std::move(s.bodies)))) return false;
  return is_nonnegative_by_cases(world, make_add(std::move(rest)));
}

std::optional<int> Polynomials::sign_beside_roots(const Tree& operand) {
  if (case_.operands.empty()) return std::nullopt;
  const Level deeper;
  std::vector<Tree> roots;  // and their squares
  for (const Term& term : flat_without_splits(operand))
    for (const Factor& f : term.factors)
      if (f.atom->kind == Kind::call && f.atom->code == opcode<Sqrt> && !has_bound(f.atom) &&
          sign_of(world_, f.atom) == 4 && roots.size() < 4)
        roots.push_back(f.atom);
  for (std::size_t k = roots.size(); k-- > 0;) roots.push_back(make_mul({roots[k], roots[k]}));
  const auto are_equal = [&](const Tree& a, const Tree& b) {
    return is_zero(flat_without_splits(make_add({a, negated(b)})));
  };
  for (const auto& [name, known] : case_.operands) {
    // The sign is that of what the name stands for, which is the operand that was split by or its opposite.
    bool is_opposite = false;
    if (name_of(known, is_opposite) != name) continue;
    const int sign = is_opposite ? -case_.signs.at(name) : case_.signs.at(name);
    for (const Tree& root : roots)
      for (const bool is_turned : {false, true}) {
        const Tree other = is_turned ? negated(known) : known;
        if (are_equal(operand, make_mul({root, other})) || are_equal(other, make_mul({root, operand})))
          return is_turned ? -sign : sign;
      }
  }
  return std::nullopt;
}

Tree choice_in(const Tree& t, std::vector<int> bound) {
  const Level deeper;
  const bool is_inner = std::ranges::any_of(bound, [&](int s) { return mentions(t, s); });
  if (t->kind == Kind::call && (t->code == opcode<Max> || t->code == opcode<Min>)&&!is_inner) return t;
  for (const Bound& b : t->bounds) bound.push_back(b.symbol);
  for (const Tree& a : t->args)
    if (Tree found = choice_in(a, bound)) return found;
  return nullptr;
}

}  // namespace nabla::reindex
