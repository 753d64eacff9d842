// nabla_dd678482857cde087ffa057d2cbcf702 and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

inline double nabla_dd678482857cde087ffa057d2cbcf702_body1(double x1) {
  const double t1 = x1 * 0.0;
  return t1;
}

inline double nabla_dd678482857cde087ffa057d2cbcf702_body2(double x1, double x2) {
  const double t1 = x1 * x2;
  const double t2 = t1 * x1;
  return t2;
}

inline double nabla_dd678482857cde087ffa057d2cbcf702_body3(double x1, double x2, double x3) {
  const double t1 = x1 + x2;
  const double t2 = t1 + x3;
  return t2;
}

inline std::array<double, 3> nabla_dd678482857cde087ffa057d2cbcf702_body4(double t_in) {
  return {t_in, t_in, t_in};
}

inline std::array<double, 2> nabla_dd678482857cde087ffa057d2cbcf702_body5(double x1, double x2, double t_in) {
  const double t1 = x1 * x2;
  const double t2 = t_in * x1;
  const double t3 = t_in * t1;
  const double t4 = t2 * x2;
  const double t5 = t2 * x1;
  const double t6 = t3 + t4;
  return {t6, t5};
}

inline double nabla_dd678482857cde087ffa057d2cbcf702_body6(double t_in) {
  const double t1 = t_in * 0.0;
  return t1;
}

/// At x[0], ..., x[2].
inline double nabla_dd678482857cde087ffa057d2cbcf702(const double* __restrict x) {
  static thread_local std::vector<double> values(7);
  double* const __restrict v = values.data();
  {
    v[3] = nabla_dd678482857cde087ffa057d2cbcf702_body1(x[0]);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    v[4 + i] = nabla_dd678482857cde087ffa057d2cbcf702_body2(x[i], x[1 + i]);
  }
  {
    v[6] = nabla_dd678482857cde087ffa057d2cbcf702_body3(v[3], v[4], v[5]);
  }
  return v[6];
}

/// The value, and into g[0], ..., g[2] the derivatives by x.
inline double nabla_dd678482857cde087ffa057d2cbcf702_gradient(const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(7);
  double* const __restrict v = values.data();
  std::fill_n(g, 3, 0.0);
  static thread_local std::vector<double> adjoints(7);
  double* const __restrict a = adjoints.data();
  std::fill(a + 3, a + 7, 0.0);
  {
    v[3] = nabla_dd678482857cde087ffa057d2cbcf702_body1(x[0]);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    v[4 + i] = nabla_dd678482857cde087ffa057d2cbcf702_body2(x[i], x[1 + i]);
  }
  {
    v[6] = nabla_dd678482857cde087ffa057d2cbcf702_body3(v[3], v[4], v[5]);
  }
  a[6] = 1;
  {
    const auto d = nabla_dd678482857cde087ffa057d2cbcf702_body4(a[6]);
    a[3] += d[0];
    a[4] += d[1];
    a[5] += d[2];
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const auto d = nabla_dd678482857cde087ffa057d2cbcf702_body5(x[i], x[1 + i], a[4 + i]);
    g[i] += d[0];
    g[1 + i] += d[1];
  }
  {
    const auto d = nabla_dd678482857cde087ffa057d2cbcf702_body6(a[3]);
    g[0] += d;
  }
  return v[6];
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_dd678482857cde087ffa057d2cbcf702(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_dd678482857cde087ffa057d2cbcf702_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
