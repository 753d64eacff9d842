#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/tree.hpp>

namespace nabla::reindex {

namespace {

constexpr std::int64_t largest = std::int64_t{1} << 40;
constexpr std::int64_t most_steps = 2'000'000;
constexpr int deepest = 150;
thread_local int level = 0;

std::int64_t bounded(std::int64_t n) {
  if (n > largest || n < -largest) throw NotHandled("a subscript as large as this");
  return n;
}

}  // namespace

Level::Level() {
  if (++level > deepest) {
    --level;
    throw NotHandled("an expression as deep as this");
  }
}
Level::~Level() { --level; }

Lin plus(const Lin& a, const Lin& b, std::int64_t factor) {
  if (factor > 1000 || factor < -1000) throw NotHandled("a subscript with such a factor");
  Lin r = a;
  r.c = bounded(r.c + factor * b.c);
  for (const auto& [s, n] : b.of) {
    const std::int64_t sum = bounded(r.of[s] + factor * n);
    if (sum == 0) {
      r.of.erase(s);
    } else {
      r.of[s] = sum;
    }
  }
  return r;
}

Lin renamed(const Lin& a, const Renaming& by) {
  Lin r = Lin::number(a.c);
  for (const auto& [s, n] : a.of) {
    const auto found = by.find(s);
    r = plus(r, found == by.end() ? Lin::name(s) : found->second, n);
  }
  return r;
}

int Ranges::make(std::string name, Lin lo, std::optional<Lin> hi) {
  rows.push_back({std::move(name), std::move(lo), std::move(hi)});
  return static_cast<int>(rows.size()) - 1;
}

std::optional<std::int64_t> Ranges::least(Lin a) const {
  while (!a.of.empty()) {
    const auto [s, n] = *a.of.rbegin();
    const Row& row = rows[static_cast<std::size_t>(s)];
    if (n < 0 && !row.hi) return std::nullopt;
    a = plus(plus(a, Lin::name(s), -n), n > 0 ? row.lo : *row.hi, n);
  }
  return a.c;
}

bool Ranges::at_least_zero(const Lin& a) const {
  const auto bound = least(a);
  if (bound && *bound >= 0) return true;
  return std::any_of(guards.begin(), guards.end(), [&](const Lin& g) {
    const auto rest = least(plus(a, g, -1));
    return rest && *rest >= 0;
  });
}

// ---- making ----

Tree make_node(Node n) { return std::make_shared<const Node>(std::move(n)); }

Tree make_number(const Rational& c) {
  Node n;
  n.number = c;
  return make_node(std::move(n));
}

bool is_number(const Tree& t, std::int64_t n) { return t->kind == Kind::number && t->number == n; }

Tree make_lin(const Lin& a) {
  std::vector<Tree> parts{make_number(a.c)};
  for (const auto& [s, c] : a.of) {
    Node n;
    n.kind = Kind::symbol;
    n.at = {Lin::name(s)};
    parts.push_back(make_mul({make_number(c), make_node(std::move(n))}));
  }
  return make_add(std::move(parts));
}

Tree make_add(std::vector<Tree> args) {
  std::erase_if(args, [](const Tree& t) { return is_number(t, 0); });
  if (args.empty()) return make_number(0);
  if (args.size() == 1) return args[0];
  Node n;
  n.kind = Kind::add;
  n.args = std::move(args);
  return make_node(std::move(n));
}

Tree make_mul(std::vector<Tree> args) {
  for (const Tree& t : args)
    if (is_number(t, 0)) return t;
  std::erase_if(args, [](const Tree& t) { return is_number(t, 1); });
  if (args.empty()) return make_number(1);
  if (args.size() == 1) return args[0];
  Node n;
  n.kind = Kind::mul;
  n.args = std::move(args);
  return make_node(std::move(n));
}

Tree make_entry(int array, std::vector<Lin> at) {
  Node n;
  n.kind = Kind::entry;
  n.code = array;
  n.at = std::move(at);
  return make_node(std::move(n));
}

Tree make_power(Tree base, std::int64_t exponent) {
  if (exponent == 1) return base;
  if (exponent == 0) return make_number(1);
  Node n;
  n.kind = Kind::power;
  n.exponent = exponent;
  n.args = {std::move(base)};
  return make_node(std::move(n));
}

Tree make_call(Opcode code, std::vector<Tree> args) {
  Node n;
  n.kind = Kind::call;
  n.code = code;
  n.args = std::move(args);
  return make_node(std::move(n));
}

Tree make_sum(const Bound& k, Tree body) {
  if (is_number(body, 0)) return body;
  Node n;
  n.kind = Kind::sum;
  n.bounds = {k};
  n.args = {std::move(body)};
  return make_node(std::move(n));
}

Tree negated(const Tree& a) { return make_mul({make_number(-1), a}); }
Tree minus(const Tree& a, const Tree& b) { return make_add({a, negated(b)}); }

// ---- walking ----

namespace {

/// The tree with its parts replaced, from the leaves up.
template <class F>
Tree mapped(const Tree& t, const F& own) {
  const Level deeper;
  if (const Tree replaced = own(t)) return replaced;
  Node n = *t;
  bool changed = false;
  for (Tree& a : n.args) {
    Tree b = mapped(a, own);
    changed = changed || b != a;
    a = std::move(b);
  }
  return changed ? make_node(std::move(n)) : t;
}

}  // namespace

Tree renamed(const Tree& t, const Renaming& by) {
  const Level deeper;
  Node n = *t;
  bool changed = false;
  const auto rename = [&](Lin& a) {
    Lin b = renamed(a, by);
    changed = changed || b != a;
    a = std::move(b);
  };
  for (Lin& a : n.at) rename(a);
  for (Bound& b : n.bounds) {
    rename(b.lo);
    rename(b.hi);
  }
  for (Tree& a : n.args) {
    Tree b = renamed(a, by);
    changed = changed || b != a;
    a = std::move(b);
  }
  if (!changed) return t;
  switch (n.kind) {  // what a number in place of a name settles
    case Kind::symbol:
      return make_lin(n.at[0]);
    case Kind::equal:
      if (n.at[0].is_number()) return make_number(n.at[0].c == 0 ? 1 : 0);
      break;
    case Kind::at_least:
      if (n.at[0].is_number()) return make_number(n.at[0].c >= 0 ? 1 : 0);
      break;
    case Kind::add:
      return make_add(std::move(n.args));
    case Kind::mul:
      return make_mul(std::move(n.args));
    default:
      break;
  }
  return make_node(std::move(n));
}

bool mentions(const Tree& t, int symbol) {
  const Level deeper;
  const auto has = [&](const Lin& a) { return a.has(symbol); };
  if (std::any_of(t->at.begin(), t->at.end(), has) ||
      std::any_of(t->bounds.begin(), t->bounds.end(), [&](const Bound& b) { return has(b.lo) || has(b.hi); }))
    return true;
  const bool is_its_own =
      std::any_of(t->bounds.begin(), t->bounds.end(), [&](const Bound& b) { return b.symbol == symbol; });
  return !is_its_own && std::any_of(t->args.begin(), t->args.end(), [&](const Tree& a) { return mentions(a, symbol); });
}

bool depends(const Tree& t, int array) {
  const Level deeper;
  return (t->kind == Kind::entry && t->code == array) ||
         std::any_of(t->args.begin(), t->args.end(), [&](const Tree& a) { return depends(a, array); });
}

Tree with_array(const Tree& t, int array, const std::vector<int>& axes, const Tree& body) {
  return mapped(t, [&](const Tree& part) -> Tree {
    if (part->kind != Kind::entry || part->code != array) return nullptr;
    Renaming at;
    for (std::size_t k = 0; k < axes.size(); ++k) at[axes[k]] = part->at[k];
    return renamed(body, at);
  });
}

Tree with_condition(const Tree& t, Kind kind, const Lin& at, bool holds) {
  return mapped(t, [&](const Tree& part) -> Tree {
    return part->kind == kind && part->at[0] == at ? make_number(holds ? 1 : 0) : nullptr;
  });
}

Tree with_part(const Tree& t, const Tree& part, const Tree& by) {
  return mapped(t, [&](const Tree& one) { return one == part ? by : nullptr; });
}

// ---- the world ----

void World::step() {
  if (++steps > most_steps) throw NotHandled("the budget of the replay is spent");
}

std::span<const Expr> World::names(std::size_t count) {
  const WorkspaceScope scope(workspace);
  while (placeholders.size() < count) placeholders.push_back(variable("a" + std::to_string(placeholders.size())));
  return {placeholders.data(), count};
}

Tree World::tree_of(const Expr& e, const std::vector<Tree>& x) {
  const Level deeper;
  if (const Constant* c = e.constant()) {
    if (c->kind() == Constant::Kind::pi || c->kind() == Constant::Kind::infinity) throw NotHandled("pi");
    return make_number(Number<Rational>::of(*c));
  }
  for (std::size_t k = 0; k < x.size(); ++k)
    if (same(placeholders[k], e)) return x[k];
  const Graph& g = e.graph();
  const NodeId id = e.ref().id();
  const Opcode code = g.code(id);
  std::vector<Tree> a;
  for (const Ref r : g.operands(id)) a.push_back(tree_of(Expr(e.workspace(), r), x));
  const auto more = [&](const Tree& u) {
    Node n;
    n.kind = Kind::positive;
    n.args = {u};
    return make_node(std::move(n));
  };
  const Tree one = make_number(1);
  if (code == opcode<Add>) return make_add(a);
  if (code == opcode<Sub>) return minus(a[0], a[1]);
  if (code == opcode<Mul> || code == opcode<Masked>) return make_mul(a);
  if (code == opcode<Div>) return make_mul({a[0], make_power(a[1], -1)});
  if (code == opcode<Neg>) return negated(a[0]);
  if (code == opcode<PowI>) return make_power(a[0], g.attributes(id)[0]);
  if (code == opcode<Where>) return make_add({make_mul({a[0], a[1]}), make_mul({minus(one, a[0]), a[2]})});
  if (code == opcode<Less>) return more(minus(a[1], a[0]));
  if (code == opcode<LessEqual>) return minus(one, more(minus(a[0], a[1])));
  if (code == opcode<Equal>) return minus(one, make_add({more(minus(a[0], a[1])), more(minus(a[1], a[0]))}));
  if (!g.attributes(id).empty() || g.info(id).family != Family::elementwise)
    throw NotHandled("the operator " + g.info(id).name);
  return make_call(code, a);
}

void World::demand_domain(Opcode code, const std::vector<std::int64_t>& attributes, const std::vector<Tree>& x) {
  const std::span<const Expr> a = names(x.size());
  const WorkspaceScope scope(workspace);
  const Expr condition = domain_condition(code, attributes, a);
  if (!condition.empty()) demands.push_back({x, 7, condition, true, guards});
}

}  // namespace nabla::reindex
