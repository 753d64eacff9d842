#include <algorithm>
#include <nabla/proofs/recheck/index/cases.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>

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

}  // namespace nabla::reindex
