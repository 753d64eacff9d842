#pragma once

#include <concepts>
#include <cstdint>
#include <nabla/ops/constant.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nabla {

/// Three-valued truth: a comparison of enclosures that overlap is `unknown`, never guessed.
enum class Truth : std::uint8_t { no, yes, unknown };

inline Truth operator!(Truth t) { return t == Truth::unknown ? t : (t == Truth::yes ? Truth::no : Truth::yes); }
inline Truth operator&&(Truth a, Truth b) {
  if (a == Truth::no || b == Truth::no) return Truth::no;
  return a == Truth::yes && b == Truth::yes ? Truth::yes : Truth::unknown;
}
inline Truth operator||(Truth a, Truth b) { return !(!a && !b); }
inline Truth truth(bool b) { return b ? Truth::yes : Truth::no; }

/// How much a kind of number can do; each level includes the ones before it.
enum class Level : std::uint8_t { field, ordered, elementary, special };

/// Thrown by a kind of number that has no value to return and no NaN to return instead (1/0 in rationals).
class UndefinedError : public std::domain_error {
 public:
  using std::domain_error::domain_error;
};

/// What a kind of number V provides: specialised once per kind, in engine/numbers, one file per kind.
///
///   static constexpr std::string_view kind;      its name in messages and on the command line
///   static constexpr Level level;                what it can do
///   static constexpr bool encloses;              a value is a set that contains the true result (Ball, Interval)
///   static constexpr bool exact;                 field operations do not round (Rational)
///   static constexpr bool lifts;                 operators are applied by apply<Op>(...) below instead of by value
///
/// A kind with lifts == false has, as static functions:
///   field:       of(Constant), is_zero(x) (certainly and exactly zero), powi(x, int64); operators + - * / unary -,
///                V(int) exact; pi() where level >= elementary
///   ordered:     less(a, b), equal(a, b) -> Truth; abs sign min max floor; hull(a, b) where encloses
///   elementary:  sqrt cbrt exp expm1 log log1p log2 log10 pow hypot sin cos tan asin acos atan atan2
///                sinh cosh tanh asinh acosh atanh
///   special:     erf erfc gamma lgamma digamma polygamma(int64 n, x)
///   optional:    to_text(x, digits); where_defined(value, a, b): value, marked as undefined somewhere if a or b is;
///                guide(x): a double near x, to choose a method by (kinds that enclose)
/// Outside its domain a function returns NaN (hardware, Real), an indeterminate ball, an interval that is not `total`;
/// Rational throws UndefinedError. None ever signals by errno.
///
/// A kind with lifts == true (Expr, Recorded, Dual, Taylor) has instead
///   template <class Op, class... A> static V apply(std::source_location, const A&...)
/// so that an operator needs no second definition for it; of(Constant) as above.
template <class V>
struct Number;

template <class V>
concept Kind = requires {
  { Number<V>::level } -> std::convertible_to<Level>;
  { Number<V>::lifts } -> std::convertible_to<bool>;
};

template <class V>
concept Lifted = Kind<V> && Number<V>::lifts;

template <class V>
concept Field = Kind<V> && Number<V>::level >= Level::field;
template <class V>
concept Ordered = Kind<V> && Number<V>::level >= Level::ordered;
template <class V>
concept Elementary = Kind<V> && Number<V>::level >= Level::elementary;
template <class V>
concept Special = Kind<V> && Number<V>::level >= Level::special;

/// num / den in V, exact where V is.
template <Field V>
V ratio(std::int64_t num, std::int64_t den) {
  return Number<V>::of(Constant::ratio(num, den));
}

template <Elementary V>
V pi() {
  return Number<V>::of(Constant::pi());
}

/// A truth as a number: 0, 1, or for an enclosure that cannot tell, the hull of both.
template <Ordered V>
V as_number(Truth t) {
  if constexpr (Number<V>::encloses) {
    if (t == Truth::unknown) return Number<V>::hull(V(0), V(1));
  }
  return t == Truth::yes ? V(1) : V(0);
}

/// value, not defined everywhere if one of a and b is not: what a comparison or a choice must not forget about its
/// operands (an interval that is not total, an indeterminate ball). The other kinds say it by NaN or not at all.
template <Ordered V>
V where_defined(const V& value, const V& a, const V& b) {
  if constexpr (requires { Number<V>::where_defined(value, a, b); }) return Number<V>::where_defined(value, a, b);
  return value;
}

/// The truth of a relation between a and b as a number.
template <Ordered V>
V as_number(Truth t, const V& a, const V& b) {
  return where_defined(as_number<V>(t), a, b);
}

}  // namespace nabla
