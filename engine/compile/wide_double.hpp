#pragma once

#include <nabla/engine/compile/vector_math.hpp>
#include <nabla/engine/numbers/hardware.hpp>

namespace nabla {

/// A double whose exp and log are those of vector_math: the kind of number that rules are compiled in where they become
/// vector instructions. Everything else is double's.
struct WideDouble {
  double number = 0;

  WideDouble() = default;
  inline __attribute__((always_inline)) WideDouble(double x) : number(x) {}
  inline __attribute__((always_inline)) WideDouble(int n) : number(n) {}
  inline __attribute__((always_inline)) operator double() const { return number; }
  friend inline __attribute__((always_inline)) WideDouble operator+(WideDouble a, WideDouble b) {
    return a.number + b.number;
  }
  friend inline __attribute__((always_inline)) WideDouble operator-(WideDouble a, WideDouble b) {
    return a.number - b.number;
  }
  friend inline __attribute__((always_inline)) WideDouble operator*(WideDouble a, WideDouble b) {
    return a.number * b.number;
  }
  friend inline __attribute__((always_inline)) WideDouble operator/(WideDouble a, WideDouble b) {
    return a.number / b.number;
  }
  friend inline __attribute__((always_inline)) WideDouble operator-(WideDouble a) { return -a.number; }
};

template <>
struct Number<WideDouble> : Number<double> {
  static WideDouble of(const Constant& c) { return Number<double>::of(c); }
  static WideDouble exp(WideDouble x) { return vector_math::exp(x.number); }
  static WideDouble log(WideDouble x) { return vector_math::log(x.number); }
};

}  // namespace nabla
