// nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

inline double nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e_body1(double x1, double x2) {
  const double t1 = x1 * x2;
  return t1;
}

inline std::array<double, 2> nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e_body2(double x1, double x2, double t_in) {
  const double t1 = t_in * x2;
  const double t2 = t_in * x1;
  return {t1, t2};
}

/// At x[0], ..., x[1].
inline double nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e(const double* __restrict x) {
  static thread_local std::vector<double> values(3);
  double* const __restrict v = values.data();
  {
    v[2] = nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e_body1(x[0], x[1]);
  }
  {
    if (!(x[0] < x[1]))
      throw std::runtime_error("line 154: this comparison was true when the program was recorded");
  }
  return v[2];
}

/// The value, and into g[0], ..., g[1] the derivatives by x.
inline double nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e_gradient(const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(3);
  double* const __restrict v = values.data();
  std::fill_n(g, 2, 0.0);
  static thread_local std::vector<double> adjoints(3);
  double* const __restrict a = adjoints.data();
  std::fill(a + 2, a + 3, 0.0);
  {
    v[2] = nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e_body1(x[0], x[1]);
  }
  {
    if (!(x[0] < x[1]))
      throw std::runtime_error("line 154: this comparison was true when the program was recorded");
  }
  a[2] = 1;
  {
    const auto d = nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e_body2(x[0], x[1], a[2]);
    g[0] += d[0];
    g[1] += d[1];
  }
  return v[2];
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_d2fdc90e8c2f80c4ddc2dbcfecb24d0e_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
