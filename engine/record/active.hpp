#pragma once

#include <memory>
#include <nabla/engine/record/tape.hpp>
#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/registry.hpp>
#include <string>
#include <tuple>

namespace nabla {

namespace detail {

struct ActiveExpressionBase {};
/// What an operator makes of Active numbers: a tree of types, evaluated, whose partials are taken when it is assigned.
template <class E>
concept ActiveExpression = std::derived_from<E, ActiveExpressionBase>;

/// An operand without derivative.
template <class V>
struct PassiveOperand {
  static constexpr std::size_t leaves = 0;
  V number;
  const V& value() const { return number; }
  void partials(const V&, V*&, std::uint32_t*&) const {}
  void no_partials(V*&, std::uint32_t*&) const {}
};

template <class V, class A>
auto active_operand(const A& a) {
  if constexpr (ActiveExpression<A>) {
    return a;
  } else if constexpr (std::same_as<A, Constant>) {
    return PassiveOperand<V>{Number<V>::of(a)};
  } else {
    return PassiveOperand<V>{V(a)};
  }
}

/// op(operands...): its value, and the operands that its partials need. Holds copies, so nothing dangles in `auto`.
template <class V, class Op, class... A>
class ActiveNode : public ActiveExpressionBase {
 public:
  using Value = V;
  static constexpr std::size_t leaves = (A::leaves + ... + 0);

  explicit ActiveNode(const A&... a) : operands_(a...), value_(compute(0, a.value()...)) {}
  ActiveNode(std::int64_t n, const A&... a) : operands_(a...), attribute_(n), value_(compute(n, a.value()...)) {}

  const V& value() const { return value_; }

  /// Writes t times the partial derivative by each active leaf, left to right.
  void partials(const V& t, V*& partial, std::uint32_t*& index) const {
    // 0 * infinity would be NaN: what does not count must not be looked at.
    if constexpr (requires { Number<V>::is_zero(t); }) {
      if (Number<V>::is_zero(t)) return no_partials(partial, index);
    }
    std::apply(
        [&](const A&... a) {
          const auto products = scaled(t, a.value()...);
          std::size_t k = 0;
          (a.partials(products[k++], partial, index), ...);
        },
        operands_);
  }
  void no_partials(V*& partial, std::uint32_t*& index) const {
    std::apply([&](const A&... a) { (a.no_partials(partial, index), ...); }, operands_);
  }

 private:
  template <class... X>
  static V compute([[maybe_unused]] std::int64_t n, const X&... x) {
    if constexpr (Op::indexed) {
      if constexpr (Lifted<V>) {
        return Number<V>::template apply_indexed<Op>({}, n, x...);
      } else {
        return Op::template value<V>(n, x...);
      }
    } else {
      return call<Op>({}, x...);
    }
  }
  template <class... X>
  auto scaled(const V& t, const X&... x) const {
    if constexpr (requires { Op::template products<V>(t, value_, x...); }) {
      return Op::template products<V>(t, value_, x...);
    } else {
      auto p = [&] {
        if constexpr (Op::indexed) {
          return Op::template partials<V>(attribute_, value_, x...);
        } else {
          return Op::template partials<V>(value_, x...);
        }
      }();
      for (V& each : p) each = t * each;
      return p;
    }
  }

  std::tuple<A...> operands_;
  std::int64_t attribute_ = 0;
  V value_;
};

}  // namespace detail

/// The drop-in number of eager reverse mode: a value, and the statement of this thread's Tape<V> that made it.
///
///   nabla::Tape<double> tape;
///   const auto x = tape.inputs(std::span<const double>(at));
///   tape.reverse(f(x));                     // f: ordinary templated C++
///   tape.adjoint(x[0]);                     // df/dx[0]
///
/// An expression is one statement, however many operators it has; `auto` keeps it an expression, to be evaluated where
/// it is assigned. Comparisons compare values, and the branch taken is the one that is differentiated. Every operator
/// of the registry works by its record; V is any kind of number that the operator has a rule in, another Active<W> not
/// among them (use Dual<double> for second derivatives).
template <class V = double>
class Active : public detail::ActiveExpressionBase {
 public:
  using Value = V;
  using Index = std::uint32_t;
  static constexpr std::size_t leaves = 1;

  Active() = default;
  Active(const V& value) : value_(value) {}
  template <class N>
  requires(std::is_arithmetic_v<N> && !std::same_as<N, V>) Active(N value) : value_(static_cast<V>(value)) {}
  Active(const V& value, Index index) : value_(value), index_(index) {}
  template <detail::ActiveExpression E>
  requires(!std::same_as<E, Active>) Active(const E& e) { *this = e; }
  template <detail::ActiveExpression E>
  requires(!std::same_as<E, Active>) Active& operator=(const E& e) {
    Tape<V>* const tape = Tape<V>::current();
    const Index made =
        tape == nullptr || E::leaves == 0
            ? 0
            : tape->push([&e](V* partial, Index* index) { e.partials(V(1), partial, index); }, E::leaves);
    value_ = e.value();
    index_ = made;
    return *this;
  }

  const V& value() const { return value_; }
  /// 0 for a passive number.
  Index index() const { return index_; }

  void partials(const V& t, V*& partial, Index*& index) const {
    *partial++ = t;
    *index++ = index_;
  }
  void no_partials(V*& partial, Index*& index) const { partials(V(0), partial, index); }

 private:
  V value_{};
  Index index_ = 0;
};

template <detail::ActiveExpression E>
struct Number<E> {
  using V = typename E::Value;
  static constexpr std::string_view kind = Number<V>::kind;
  static constexpr Level level = Number<V>::level;
  static constexpr bool lifts = true;
  static constexpr bool own_infix = false;
  static constexpr bool encloses = Number<V>::encloses;
  static constexpr bool exact = Number<V>::exact;
  static Active<V> of(const Constant& value) { return Active<V>(Number<V>::of(value)); }

  template <class Op, class... A>
  static auto apply(std::source_location, const A&... a) {
    return detail::ActiveNode<V, Op, decltype(detail::active_operand<V>(a))...>(detail::active_operand<V>(a)...);
  }
  template <class Op>
  static auto apply_indexed(std::source_location, std::int64_t n, const E& x) {
    return detail::ActiveNode<V, Op, E>(n, x);
  }
};

namespace detail {

template <class A, class B>
concept ActiveComparison = (ActiveExpression<A> && (ActiveExpression<B> || std::is_arithmetic_v<B>)) ||
                           (std::is_arithmetic_v<A> && ActiveExpression<B>);

template <class A>
const auto& compared(const A& a) {
  if constexpr (ActiveExpression<A>) {
    return a.value();
  } else {
    return a;
  }
}

}  // namespace detail

template <class A, class B>
requires detail::ActiveComparison<A, B>
bool operator==(const A& a, const B& b) { return detail::compared(a) == detail::compared(b); }
template <class A, class B>
requires detail::ActiveComparison<A, B>
bool operator<(const A& a, const B& b) { return detail::compared(a) < detail::compared(b); }
template <class A, class B>
requires detail::ActiveComparison<A, B>
bool operator>(const A& a, const B& b) { return detail::compared(a) > detail::compared(b); }
template <class A, class B>
requires detail::ActiveComparison<A, B>
bool operator<=(const A& a, const B& b) { return detail::compared(a) <= detail::compared(b); }
template <class A, class B>
requires detail::ActiveComparison<A, B>
bool operator>=(const A& a, const B& b) { return detail::compared(a) >= detail::compared(b); }

namespace detail {

/// A tape in force while this lives, with the memory of one that this thread used before.
template <class V>
class KeptTape {
 public:
  KeptTape() {
    if (idle().empty()) {
      memory_ = std::make_unique<Memory>();
    } else {
      memory_ = std::move(idle().back());
      idle().pop_back();
      memory_->tape.activate();
    }
  }
  ~KeptTape() {
    memory_->tape.deactivate();
    memory_->tape.clear();
    idle().push_back(std::move(memory_));
  }
  KeptTape(const KeptTape&) = delete;
  KeptTape& operator=(const KeptTape&) = delete;

  Tape<V>& tape() { return memory_->tape; }
  std::vector<Active<V>>& inputs() { return memory_->inputs; }

 private:
  struct Memory {
    Tape<V> tape;
    std::vector<Active<V>> inputs;
  };
  /// More than one only where a function that is differentiated differentiates another.
  static std::vector<std::unique_ptr<Memory>>& idle() {
    static thread_local std::vector<std::unique_ptr<Memory>> memories;
    return memories;
  }
  std::unique_ptr<Memory> memory_;
};

}  // namespace detail

/// f(x), and its gradient into `gradient`. f takes a const std::vector<Active<V>>&. What it records is forgotten; the
/// memory of this thread's tape is used again by the next call. \pre gradient.size() == x.size()
/// \throws std::invalid_argument otherwise
template <class V, class F>
V value_and_gradient(F&& f, std::span<const V> x, std::span<V> gradient) {
  if (x.size() != gradient.size())
    throw std::invalid_argument("value_and_gradient: " + std::to_string(x.size()) + " inputs, but room for " +
                                std::to_string(gradient.size()) + " derivatives");
  detail::KeptTape<V> kept;
  Tape<V>& tape = kept.tape();
  std::vector<Active<V>>& inputs = kept.inputs();
  tape.inputs(x, inputs);
  const Active<V> y = f(static_cast<const std::vector<Active<V>>&>(inputs));
  tape.reverse(y);
  for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = tape.adjoint(inputs[i]);
  return y.value();
}

}  // namespace nabla
