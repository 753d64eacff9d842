#pragma once

#include <concepts>
#include <nabla/engine/record/expr.hpp>
#include <nabla/engine/record/recording.hpp>
#include <ranges>

namespace nabla {

/// The number that ordinary templated C++ code is called with to record it: a double, and where it came from.
///
/// A number made from an int or a double is passive: it costs nothing until it meets an operator. Comparisons give
/// plain bools and are noted as guards. Operations and comparisons know their source line. Only operations of one
/// thread, between nabla::record(...)'s call of the function and its return, are recorded.
class Recorded {
 public:
  Recorded() = default;
  Recorded(double value) : value_(value) {}
  template <std::integral I>
  Recorded(I n) : value_(static_cast<double>(n)) {}
  Recorded(double value, Ref ref) : value_(value), ref_(ref) {}

  double value() const { return value_; }
  /// Empty for a passive number.
  Ref ref() const { return ref_; }
  /// The operand to record: a passive number becomes the exact constant it is.
  Ref operand(Graph& graph) const { return ref_.empty() ? graph.constant(value_) : ref_; }

 private:
  double value_ = 0;
  Ref ref_;
};

}  // namespace nabla

#include <nabla/engine/numbers/hardware.hpp>

namespace nabla {

template <>
struct Number<Recorded> {
  static constexpr std::string_view kind = "recorded";
  static constexpr Level level = Level::special;
  static constexpr bool lifts = true;
  static constexpr bool own_infix = true;
  static constexpr bool encloses = false;
  static constexpr bool exact = false;
  /// Exact in the recording, rounded in the value beside it.
  static Recorded of(const Constant& value) {
    const double rounded = Number<double>::of(value);
    return RecordingScope::is_active() ? Recorded(rounded, RecordingScope::active().graph().constant(value))
                                       : Recorded(rounded);
  }

  template <class Op, class... A>
  static Recorded apply(std::source_location where, const A&... a) {
    return record<Op>(where, Recorded(a)...);
  }
  template <class Op>
  static Recorded apply_indexed(std::source_location where, std::int64_t n, const Recorded& x) {
    const double value = Op::template value<double>(n, x.value());
    if (passive(x)) return value;
    RecordingScope& scope = RecordingScope::active();
    scope.at(where);
    return {value, Ref::node(scope.graph().add(detail::code_of<Op>(), {x.ref()}, {&n, 1}))};
  }

  static bool passive(const Recorded& x) { return x.ref().empty(); }

  template <class Op, class... R>
  static Recorded record(const std::source_location& where, const R&... x) {
    const double value = Op::template value<double>(x.value()...);
    // Passive operands are recorded too when the result may be rounded: T(1) / T(3) replays as one third.
    if ((passive(x) && ...) && !RecordingScope::is_active()) return value;
    RecordingScope& scope = RecordingScope::active();
    scope.at(where);
    Graph& graph = scope.graph();
    if constexpr (sizeof...(R) <= 2) {
      return {value, Ref::node(graph.add_scalar(detail::code_of<Op>(), x.operand(graph)...))};
    } else {
      return {value, Ref::node(graph.add(detail::code_of<Op>(), {x.operand(graph)...}))};
    }
  }
};

namespace detail {

template <class A>
concept MixesWithRecorded = std::same_as<A, Recorded> || std::is_arithmetic_v<A>;
/// One side of a comparison with the place where it is written.
class ComparedOperand {
 public:
  template <MixesWithRecorded A>
  ComparedOperand(const A& a, std::source_location where = std::source_location::current()) : number(a), where(where) {}
  Recorded number;
  std::source_location where;
};

/// An operand of + - * / with the place where it is written: the default argument is evaluated where the operand is
/// converted, which is at the operator.
class RecordedOperand {
 public:
  template <class A>
  requires std::convertible_to<const A&, Recorded> RecordedOperand(
      const A& a, std::source_location where = std::source_location::current())
      : number(a), where(where) {}
  Recorded number;
  std::source_location where;
};

/// Notes the outcome when a recording is under way and the comparison depends on it.
bool note(const ComparedOperand& a, Guard::Relation relation, const ComparedOperand& b, bool outcome);

}  // namespace detail

#define NABLA_RECORDED_INFIX(symbol, Record)                                                            \
  inline Recorded operator symbol(const detail::RecordedOperand& a, const detail::RecordedOperand& b) { \
    return Number<Recorded>::record<Record>(a.where, a.number, b.number);                               \
  }                                                                                                     \
  inline Recorded& operator symbol##=(Recorded& a, const detail::RecordedOperand& b) {                  \
    return a = Number<Recorded>::record<Record>(b.where, a, b.number);                                  \
  }
NABLA_RECORDED_INFIX(+, Add)
NABLA_RECORDED_INFIX(-, Sub)
NABLA_RECORDED_INFIX(*, Mul)
NABLA_RECORDED_INFIX(/, Div)
#undef NABLA_RECORDED_INFIX
inline Recorded operator-(const detail::RecordedOperand& a) { return Number<Recorded>::record<Neg>(a.where, a.number); }
inline Recorded operator+(const Recorded& a) { return a; }

/// The same number, called `name` where the recording is explained; of another kind of number just the same.
template <Kind T>
T named(const T& x, [[maybe_unused]] std::string_view name) {
  if constexpr (std::same_as<T, Recorded>) {
    if (x.ref().is_node() && RecordingScope::is_active())
      RecordingScope::active().name(x.ref().id(), std::string(name));
  }
  return x;
}

inline bool operator<(const detail::ComparedOperand& a, const detail::ComparedOperand& b) {
  return detail::note(a, Guard::Relation::less, b, a.number.value() < b.number.value());
}
inline bool operator>(const detail::ComparedOperand& a, const detail::ComparedOperand& b) {
  return detail::note(b, Guard::Relation::less, a, b.number.value() < a.number.value());
}
inline bool operator<=(const detail::ComparedOperand& a, const detail::ComparedOperand& b) {
  return detail::note(a, Guard::Relation::less_equal, b, a.number.value() <= b.number.value());
}
inline bool operator>=(const detail::ComparedOperand& a, const detail::ComparedOperand& b) {
  return detail::note(b, Guard::Relation::less_equal, a, b.number.value() <= a.number.value());
}
inline bool operator==(const detail::ComparedOperand& a, const detail::ComparedOperand& b) {
  return detail::note(a, Guard::Relation::equal, b, a.number.value() == b.number.value());
}
inline bool operator!=(const detail::ComparedOperand& a, const detail::ComparedOperand& b) {
  return !detail::note(a, Guard::Relation::equal, b, a.number.value() == b.number.value());
}

/// Calls f with one Recorded per entry of `at`, in a std::vector, or as separate arguments, and records what it does.
/// f returns a Recorded or a range of them.
template <class F>
Recording record(F&& f, std::span<const double> at) {
  // No constraint: it would be looked at, and the body of a generic lambda with it, for arguments that are no span.
  static_assert(std::invocable<F, const std::vector<Recorded>&>, "f takes a const std::vector<T>& of its inputs");
  RecordingScope scope;
  std::vector<Recorded> x;
  for (const double v : at) x.emplace_back(v, scope.input(v));
  const auto& result = f(static_cast<const std::vector<Recorded>&>(x));
  if constexpr (std::convertible_to<decltype(result), Recorded>) {
    scope.output(Recorded(result).operand(scope.graph()));
  } else {
    for (const Recorded& y : result) scope.output(y.operand(scope.graph()));
  }
  return scope.finish();
}
template <class F>
Recording record(F&& f, std::initializer_list<double> at) {
  return record(std::forward<F>(f), std::span<const double>(at.begin(), at.size()));
}
template <class F, std::same_as<double>... D>
    Recording record(F&& f, D... at) requires(sizeof...(D) > 0) &&
    std::invocable<F, std::conditional_t<true, Recorded, D>...> {
  const double values[] = {at...};
  return record(
      [&f]<std::size_t... K>(std::index_sequence<K...>) {
        return [&f](const std::vector<Recorded>& x) { return f(x[K]...); };
      }(std::make_index_sequence<sizeof...(D)>{}),
      std::span<const double>(values));
}

}  // namespace nabla
