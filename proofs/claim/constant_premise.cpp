#include <nabla/proofs/claim/constant_premise.hpp>

namespace nabla {

namespace {

/// Exact integers are all that dimensions make of each other.
std::optional<std::int64_t> integer(const Expr& e) {
  const Constant* c = e.constant();
  if (c == nullptr || c->kind() != Constant::Kind::ratio || c->den() != 1 || !e.shape().is_scalar()) return {};
  return c->num();
}

bool holds(std::int64_t a, Comparison how, std::int64_t b) {
  switch (how) {
    case Comparison::equal:
      return a == b;
    case Comparison::not_equal:
      return a != b;
    case Comparison::less:
      return a < b;
    case Comparison::less_equal:
      return a <= b;
    case Comparison::greater:
      return a > b;
    case Comparison::greater_equal:
      return a >= b;
  }
  return false;
}

/// The truth of a relation between integers; nothing for other statements.
std::optional<bool> constant_truth(const Statement& s) {
  if (s.kind == Statement::Kind::negation && s.children.size() == 1) {
    const auto inner = constant_truth(s.children[0]);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  if (s.kind != Statement::Kind::relation) return std::nullopt;
  bool all = true;
  for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
    const auto a = integer(s.sides[k]), b = integer(s.sides[k + 1]);
    if (!a || !b) return std::nullopt;
    all = all && holds(*a, s.comparisons[k], *b);
  }
  return all;
}

}  // namespace

std::optional<Statement> without_constant_premises(Statement statement) {
  while (statement.kind == Statement::Kind::implication && statement.children.size() == 2) {
    const auto premise = constant_truth(statement.children[0]);
    if (!premise) return statement;
    if (!*premise) return std::nullopt;
    Statement conclusion = std::move(statement.children[1]);
    statement = std::move(conclusion);
  }
  return statement;
}

}  // namespace nabla
