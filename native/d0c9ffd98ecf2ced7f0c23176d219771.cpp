// nabla_a8e7d8feca0965b7ff45315b1bea7f97 and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

inline double nabla_a8e7d8feca0965b7ff45315b1bea7f97_body1(double x1, double x2) {
  const double t1 = x1 * 3.0;
  const double t2 = t1 + x2;
  return t2;
}

inline std::array<double, 2> nabla_a8e7d8feca0965b7ff45315b1bea7f97_body2(double t_in) {
  const double t1 = t_in * 3.0;
  return {t1, t_in};
}

/// At x[0], ..., x[1].
inline double nabla_a8e7d8feca0965b7ff45315b1bea7f97(const double* __restrict x) {
  static thread_local std::vector<double> values(3);
  double* const __restrict v = values.data();
  {
    v[2] = nabla_a8e7d8feca0965b7ff45315b1bea7f97_body1(x[0], x[1]);
  }
  return v[2];
}

/// The value, and into g[0], ..., g[1] the derivatives by x.
inline double nabla_a8e7d8feca0965b7ff45315b1bea7f97_gradient(const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(3);
  double* const __restrict v = values.data();
  std::fill_n(g, 2, 0.0);
  static thread_local std::vector<double> adjoints(3);
  double* const __restrict a = adjoints.data();
  std::fill(a + 2, a + 3, 0.0);
  {
    v[2] = nabla_a8e7d8feca0965b7ff45315b1bea7f97_body1(x[0], x[1]);
  }
  a[2] = 1;
  {
    const auto d = nabla_a8e7d8feca0965b7ff45315b1bea7f97_body2(a[2]);
    g[0] += d[0];
    g[1] += d[1];
  }
  return v[2];
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_a8e7d8feca0965b7ff45315b1bea7f97(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_a8e7d8feca0965b7ff45315b1bea7f97_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
