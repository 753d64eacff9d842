#pragma once

#include <nabla/ops/activations.hpp>
#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/broadcast.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/convolution.hpp>
#include <nabla/ops/exponential.hpp>
#include <nabla/ops/extremes.hpp>
#include <nabla/ops/factorisation.hpp>
#include <nabla/ops/hyperbolic.hpp>
#include <nabla/ops/indexing.hpp>
#include <nabla/ops/joining.hpp>
#include <nabla/ops/leaf.hpp>
#include <nabla/ops/linear.hpp>
#include <nabla/ops/losses.hpp>
#include <nabla/ops/movement.hpp>
#include <nabla/ops/norm.hpp>
#include <nabla/ops/powers.hpp>
#include <nabla/ops/reductions.hpp>
#include <nabla/ops/softmax.hpp>
#include <nabla/ops/special.hpp>
#include <nabla/ops/trigonometric.hpp>
#include <string>

/// Every operator, computed from the families; nobody keeps a second list.
namespace nabla {

using Builtin =
    typename ConcatOperators<LeafOperators, ArithmeticOperators, BroadcastOperators, ComparisonOperators,
                             ExponentialOperators, PowerOperators, TrigonometricOperators, HyperbolicOperators,
                             SpecialOperators, ActivationOperators, MovementOperators, IndexingOperators,
                             JoiningOperators, ReductionOperators, ExtremeOperators, NormOperators, SoftmaxOperators,
                             LinearOperators, FactorisationOperators, LossOperators, ConvolutionOperators>::type;

/// Dense code of an operator: its place in `Builtin`, or a number handed out at registration for a user's own. Never
/// saved to a file; files name operators.
using Opcode = std::uint16_t;

namespace detail {

template <class Op, class... Ops>
consteval int index_in(Operators<Ops...>) {
  int index = 0;
  int found = -1;
  ((found = std::is_same_v<Op, Ops> ? index : found, ++index), ...);
  return found;
}
template <class... Ops>
consteval std::size_t count_of(Operators<Ops...>) {
  return sizeof...(Ops);
}

}  // namespace detail

inline constexpr std::size_t builtin_count = detail::count_of(Builtin{});

template <class Op>
inline constexpr bool is_builtin = detail::index_in<Op>(Builtin{}) >= 0;

template <class Op>
requires is_builtin<Op>
inline constexpr Opcode opcode = static_cast<Opcode>(detail::index_in<Op>(Builtin{}));

/// Calls visit.template operator()<Op>() for every built-in operator, in opcode order.
template <class Visit>
constexpr void for_each_operator(Visit&& visit) {
  []<class... Ops>(Operators<Ops...>, auto& v) { (v.template operator()<Ops>(), ...); }(Builtin{}, visit);
}

/// What can be asked of an operator without its type.
struct OperatorInfo {
  std::string name;
  Facts facts;
  Family family = Family::leaf;
  int arity = 0;
  bool indexed = false;
  bool composite = false;
  /// Null for leaves and elementwise operators, whose result has the broadcast shape.
  Shape (*shape)(Attributes, std::span<const Shape>) = nullptr;
};

/// The row of a record.
template <class Op>
OperatorInfo describe_operator() {
  OperatorInfo info{.name = std::string(Op::name),
                    .facts = Op::facts,
                    .family = Op::family,
                    .arity = Op::arity,
                    .indexed = Op::indexed};
  if constexpr (Op::family != Family::leaf) info.composite = Op::composite;
  if constexpr (StructuredOperator<Op>) info.shape = &Op::shape;
  return info;
}

/// \pre code was handed out. The reference stays valid.
const OperatorInfo& operator_info(Opcode code);
/// Built-in and registered operators; codes run from 0 to this number.
std::size_t operator_count();
/// The code of a name, or -1.
int find_operator(std::string_view name);
/// Hands out a code for an operator that is not built in. \throws std::invalid_argument when the name is taken.
Opcode register_operator_info(OperatorInfo info);

/// The shape of the result. \throws ShapeError naming the operator and the shapes.
Shape result_shape(Opcode code, Attributes attributes, std::span<const Shape> operands);

}  // namespace nabla
