// Conditions, the choices they make, and comprehensions, which are written out.
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/ops/comparison.hpp>

namespace nabla {

namespace {

constexpr std::string_view unrolling = "sums and products are not written out";

Expr not_(const Expr& condition) { return Expr(1) - condition; }

bool holds(Relation relation, std::strong_ordering order) {
  switch (relation) {
    case Relation::equal:
      return order == 0;
    case Relation::not_equal:
      return order != 0;
    case Relation::less:
      return order < 0;
    case Relation::less_equal:
      return order <= 0;
    case Relation::greater:
      return order > 0;
    case Relation::greater_equal:
      return order >= 0;
  }
  return false;
}

}  // namespace

void Elaborator::check_sides(Relation relation, const Expr& a, const Expr& b, Place where) const {
  if (a.shape() == b.shape()) return;
  const std::string sign = "`" + std::string(spelling(relation)) + "`";
  if (relation == Relation::equal || relation == Relation::not_equal)
    throw TypeError(where, sign + " needs equal shapes", {a.shape(), b.shape()});
  if (!a.shape().is_scalar() && !b.shape().is_scalar())
    throw TypeError(where, sign + " needs equal shapes, or a scalar on one side", {a.shape(), b.shape()});
}

Expr Elaborator::relate(Relation relation, const Expr& a, const Expr& b) {
  if (a.ref().is_constant() && b.ref().is_constant())
    if (const auto order = compare(*a.constant(), *b.constant())) return Expr(holds(relation, *order) ? 1 : 0);
  // A relation of tensors holds when it holds for every entry; `!=` when one entry differs.
  const auto every = [&](const Expr& entries) {
    return entries.shape().is_scalar() ? entries : apply("prod", {entries});
  };
  switch (relation) {
    case Relation::equal:
      return every(eq(a, b));
    case Relation::not_equal:
      return not_(every(eq(a, b)));
    case Relation::less:
      return every(lt(a, b));
    case Relation::less_equal:
      return every(le(a, b));
    case Relation::greater:
      return every(lt(b, a));
    case Relation::greater_equal:
      return every(le(b, a));
  }
  return {};
}

Value Elaborator::relation(SyntaxId id) {
  const auto links = syntax_.links(id);
  Expr all(1);
  Expr left = number(syntax_.child(id, 0));
  for (std::size_t k = 0; k < links.size(); ++k) {
    const Expr right = number(syntax_.child(id, k + 1));
    check_sides(links[k].relation, left, right, links[k].place);
    locate(id);
    const Expr link = relate(links[k].relation, left, right);
    all = k == 0 ? link : all * link;
    left = right;
  }
  return {.kind = Value::Kind::condition, .expr = all};
}

Value Elaborator::implication(SyntaxId id) {
  const Expr premise = condition(syntax_.child(id, 0));
  Expr result(1);
  if (premise.is(0)) {
    probe([&] { condition(syntax_.child(id, 1)); });
  } else {
    const Guard guard(*this, premise);
    const Expr conclusion = condition(syntax_.child(id, 1));
    locate(id);
    result = premise.is(1) ? conclusion : nabla::where(premise, conclusion, Expr(1));
  }
  return {.kind = Value::Kind::condition, .expr = result};
}

Expr Elaborator::where(SyntaxId id) {
  check_arity(id, 3, 3);
  const Expr chosen = condition(syntax_.child(id, 1));
  const auto branch = [&](SyntaxId child, const Expr& guard) {
    Expr result;
    if (guard.is(0)) {
      probe([&] { result = number(child); });
    } else if (guard.is(1)) {
      result = number(child);
    } else {
      const Guard scope(*this, guard);
      result = number(child);
    }
    return result;
  };
  locate(id);
  const Expr otherwise = not_(chosen);
  const Expr a = branch(syntax_.child(id, 2), chosen);
  const Expr b = branch(syntax_.child(id, 3), otherwise);
  if (a.shape() != b.shape())
    throw TypeError(syntax_.anchor(id), "the branches of where(COND, a, b) need equal shapes", {a.shape(), b.shape()});
  if (chosen.is(1)) return a;
  if (chosen.is(0)) return b;
  locate(id);
  return nabla::where(chosen, a, b);
}

Expr Elaborator::accumulate(Comprehension op, const Expr& so_far, const Expr& term, SyntaxId id) {
  if (op == Comprehension::prod) return product(id, so_far, term);
  if (op == Comprehension::max && !term.shape().is_scalar())
    throw TypeError(syntax_.place(syntax_.child(id, 3)), "max(i in ...: EXPR) compares scalars", {term.shape()});
  if (so_far.shape() != term.shape())
    throw TypeError(syntax_.place(syntax_.child(id, 3)), "the terms have different shapes",
                    {so_far.shape(), term.shape()});
  if (op == Comprehension::sum) return so_far + term;
  if (so_far.ref().is_constant() && term.ref().is_constant()) {
    const Constant both[] = {*so_far.constant(), *term.constant()};
    if (const auto larger = fold_function("max", both)) return Expr(*larger);
  }
  return nabla::max(so_far, term);
}

Value Elaborator::comprehension(SyntaxId id) {
  const Comprehension op = syntax_.comprehension_operator(id);
  const std::int64_t from = integer(syntax_.child(id, 1), "the beginning of a range");
  const std::int64_t to = integer(syntax_.child(id, 2), "the end of a range");
  const SyntaxId body = syntax_.child(id, 3);
  const auto term = [&](std::int64_t i) {
    locals_.push_back({syntax_.spelling(syntax_.child(id, 0)),
                       Binding{.kind = Binding::Kind::index, .value = {.expr = Expr(i)}, .place = syntax_.place(id)}});
    struct Pop {
      std::vector<Local>& locals;
      ~Pop() { locals.pop_back(); }
    } pop{locals_};
    return number(body);
  };
  if (to < from) {
    if (op == Comprehension::max && !probing_)
      throw TypeError(syntax_.anchor(id), "the maximum of nothing is not defined");
    // Nothing is read, and the shape of the terms still says what the sum is.
    Expr like;
    probe([&] { like = term(from); });
    if (op == Comprehension::prod) {
      if (!like.shape().is_scalar())
        throw TypeError(syntax_.anchor(id), "an empty product of matrices is not defined", {like.shape()});
      return {.expr = Expr(1)};
    }
    return {.expr = zeros(like.shape())};
  }
  const auto last = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  if (last >= static_cast<std::uint64_t>(term_limit)) spend(term_limit + 1, unrolling, id);
  Expr result;
  for (std::uint64_t k = 0; k <= last; ++k) {
    spend(1, unrolling, id);
    const Expr next = term(from + static_cast<std::int64_t>(k));
    locate(id);
    if (result.empty() && op == Comprehension::max && !next.shape().is_scalar())
      throw TypeError(syntax_.place(body), "max(i in ...: EXPR) compares scalars", {next.shape()});
    result = result.empty() ? next : accumulate(op, result, next, id);
  }
  check_size(result.shape(), id);
  return {.expr = result};
}

}  // namespace nabla
