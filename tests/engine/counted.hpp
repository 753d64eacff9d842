#pragma once

#include <cmath>
#include <cstdint>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/ops/number.hpp>

/// A kind of number that a user brings: a double that counts the arithmetic it takes part in.
namespace nabla {

struct Counted {
  double value = 0;

  /// Operations of this thread so far: + - * / unary minus, and every function (one each).
  static inline thread_local std::uint64_t operations = 0;
  static Counted after(double result) {
    ++operations;
    return Counted(result);
  }

  Counted() = default;
  Counted(int n) : value(n) {}
  explicit Counted(double x) : value(x) {}
};

inline Counted operator+(const Counted& a, const Counted& b) { return Counted::after(a.value + b.value); }
inline Counted operator-(const Counted& a, const Counted& b) { return Counted::after(a.value - b.value); }
inline Counted operator*(const Counted& a, const Counted& b) { return Counted::after(a.value * b.value); }
inline Counted operator/(const Counted& a, const Counted& b) { return Counted::after(a.value / b.value); }
inline Counted operator-(const Counted& a) { return Counted::after(-a.value); }

template <>
struct Number<Counted> {
  using D = Number<double>;
  static constexpr std::string_view kind = "counted";
  static constexpr Level level = Level::elementary;
  static constexpr bool encloses = false;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static Counted of(const Constant& c) { return Counted(D::of(c)); }
  static bool is_zero(const Counted& x) { return x.value == 0; }
  static Counted powi(const Counted& x, std::int64_t n) { return Counted::after(D::powi(x.value, n)); }
  static Truth less(const Counted& a, const Counted& b) { return D::less(a.value, b.value); }
  static Truth equal(const Counted& a, const Counted& b) { return D::equal(a.value, b.value); }
  static Counted pow(const Counted& x, const Counted& y) { return Counted::after(std::pow(x.value, y.value)); }
#define NABLA_COUNTED_UNARY(name) \
  static Counted name(const Counted& x) { return Counted::after(D::name(x.value)); }
#define NABLA_COUNTED_BINARY(name) \
  static Counted name(const Counted& x, const Counted& y) { return Counted::after(D::name(x.value, y.value)); }
  NABLA_COUNTED_UNARY(abs)
  NABLA_COUNTED_UNARY(sign)
  NABLA_COUNTED_UNARY(floor)
  NABLA_COUNTED_BINARY(min)
  NABLA_COUNTED_BINARY(max)
  NABLA_COUNTED_UNARY(sqrt)
  NABLA_COUNTED_UNARY(cbrt)
  NABLA_COUNTED_UNARY(exp)
  NABLA_COUNTED_UNARY(expm1)
  NABLA_COUNTED_UNARY(log)
  NABLA_COUNTED_UNARY(log1p)
  NABLA_COUNTED_UNARY(log2)
  NABLA_COUNTED_UNARY(log10)
  NABLA_COUNTED_BINARY(hypot)
  NABLA_COUNTED_UNARY(sin)
  NABLA_COUNTED_UNARY(cos)
  NABLA_COUNTED_UNARY(tan)
  NABLA_COUNTED_UNARY(asin)
  NABLA_COUNTED_UNARY(acos)
  NABLA_COUNTED_UNARY(atan)
  NABLA_COUNTED_BINARY(atan2)
  NABLA_COUNTED_UNARY(sinh)
  NABLA_COUNTED_UNARY(cosh)
  NABLA_COUNTED_UNARY(tanh)
  NABLA_COUNTED_UNARY(asinh)
  NABLA_COUNTED_UNARY(acosh)
  NABLA_COUNTED_UNARY(atanh)
#undef NABLA_COUNTED_UNARY
#undef NABLA_COUNTED_BINARY
};

}  // namespace nabla
