#pragma once

#include <concepts>
#include <nabla/engine/record/workspace.hpp>
#include <nabla/ops/registry.hpp>

namespace nabla {

class Expr;

namespace detail {
/// Appends an operation to the workspace of its operands. Errors name the operator, the shapes and `where`.
Expr append(Opcode code, const std::source_location& where, std::span<const Expr> operands, Attributes attributes);
/// adjoint * partial: a plain product, unless a branch may have made the adjoint exactly zero (gradient/rule.cpp).
Expr chain(const Expr& adjoint, const Expr& partial);
/// Registers a user's own operator the first time it is met; defined in <nabla/engine/record/custom.hpp>, which a
/// program with operators of its own includes.
template <class Op>
struct Registration;
template <class Op>
Opcode code_of() {
  if constexpr (is_builtin<Op>) {
    return opcode<Op>;
  } else {
    return Registration<Op>::code();
  }
}
}  // namespace detail

/// A symbolic number or tensor: a node, or an exact constant, of a workspace. Every operator of the registry applies to
/// it and appends (or finds) a node; equal expressions are one node. Copying is cheap.
///
/// A double becomes the exact dyadic it is: `x * 0.1` is not one tenth; `x * lit<Expr>("0.1")` and `x * ratio<Expr>(1,
/// 10)` are.
class Expr {
 public:
  /// Refers to nothing; in a pullback, a contribution of zero.
  Expr() = default;
  template <std::integral I>
  Expr(I n) : Expr(Constant::integer(static_cast<std::int64_t>(n))) {}
  Expr(double x) : Expr(Constant::dyadic(x)) {}
  /// A constant of the current workspace.
  Expr(const Constant& value);
  Expr(std::shared_ptr<Workspace> workspace, Ref ref) : workspace_(std::move(workspace)), ref_(ref) {}

  bool empty() const { return !workspace_; }
  explicit operator bool() const { return !empty(); }
  const std::shared_ptr<Workspace>& workspace() const { return workspace_; }
  const Graph& graph() const { return workspace_->graph(); }
  Ref ref() const { return ref_; }
  const Shape& shape() const { return graph().shape(ref_); }
  /// The exact value of a constant; null for anything else.
  const Constant* constant() const { return graph().as_constant(ref_); }
  /// Whether this is the integer n.
  bool is(std::int64_t n) const {
    const Constant* c = constant();
    return c != nullptr && c->is(n);
  }
  /// The same node of the same workspace.
  friend bool same(const Expr& a, const Expr& b) { return a.workspace_ == b.workspace_ && a.ref_ == b.ref_; }

 private:
  std::shared_ptr<Workspace> workspace_;
  Ref ref_;
};

template <>
struct Number<Expr> {
  static constexpr std::string_view kind = "symbolic";
  static constexpr Level level = Level::special;
  static constexpr bool lifts = true;
  static constexpr bool own_infix = true;
  static constexpr bool encloses = false;
  static constexpr bool exact = true;
  static Expr of(const Constant& value) { return Expr(value); }
  static const Shape& shape_of(const Expr& x) { return x.shape(); }
  static Expr chain(const Expr& adjoint, const Expr& partial) { return detail::chain(adjoint, partial); }

  template <class Op, class... A>
  static Expr apply(std::source_location where, const A&... a) {
    const Expr operands[] = {Expr(a)...};
    return detail::append(detail::code_of<Op>(), where, operands, {});
  }
  template <class Op>
  static Expr apply_indexed(std::source_location where, std::int64_t n, const Expr& x) {
    return detail::append(detail::code_of<Op>(), where, {&x, 1}, {&n, 1});
  }
  template <class Op>
  static Expr apply_structured(std::source_location where, Attributes attributes, std::span<const Expr> operands) {
    return detail::append(detail::code_of<Op>(), where, operands, attributes);
  }
};

/// An operand of an infix operator together with the place it is written at: the default argument of a converting
/// constructor is evaluated at the caller, which is how `a + b` knows its own line.
class Operand {
 public:
  template <class A>
  requires std::constructible_from<Expr, const A&> Operand(const A& a,
                                                           std::source_location where = std::source_location::current())
      : expr_(a), where_(where) {}
  const Expr& expr() const { return expr_; }
  const std::source_location& where() const { return where_; }

 private:
  Expr expr_;
  std::source_location where_;
};

namespace detail {
Expr infix(Opcode code, const Operand& a, const Operand& b);
template <class A, class B>
concept ExprPair = (std::same_as<A, Expr> && std::constructible_from<Expr, const B&>) ||
                   (std::same_as<B, Expr> && std::constructible_from<Expr, const A&>);
}  // namespace detail

Expr operator-(const Expr& a);

#define NABLA_EXPR_INFIX(symbol, Record) \
  inline Expr operator symbol(const Operand& a, const Operand& b) { return detail::infix(opcode<Record>, a, b); }
NABLA_EXPR_INFIX(+, Add)
NABLA_EXPR_INFIX(-, Sub)
NABLA_EXPR_INFIX(*, Mul)
NABLA_EXPR_INFIX(/, Div)
#undef NABLA_EXPR_INFIX
inline Expr& operator+=(Expr& a, const Operand& b) { return a = Operand(a, b.where()) + b; }
inline Expr& operator-=(Expr& a, const Operand& b) { return a = Operand(a, b.where()) - b; }
inline Expr& operator*=(Expr& a, const Operand& b) { return a = Operand(a, b.where()) * b; }
inline Expr& operator/=(Expr& a, const Operand& b) { return a = Operand(a, b.where()) / b; }

/// An input of the current workspace. Two calls with one name give two inputs.
Expr variable(std::string name, const Shape& shape = {});

/// A copy of an expression in another workspace; leaves are matched by name and shape.
Expr transplant(const Expr& e, const std::shared_ptr<Workspace>& to);

}  // namespace nabla
