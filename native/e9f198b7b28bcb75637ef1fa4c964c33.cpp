// nabla_8d722197fd13cd4ba9055f43761e97eb and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

inline double nabla_8d722197fd13cd4ba9055f43761e97eb_body1(double x1) {
  const double t1 = x1 * 0.0;
  return t1;
}

inline double nabla_8d722197fd13cd4ba9055f43761e97eb_body2(double x1, double x2) {
  const double t1 = x1 * x2;
  const double t2 = t1 * x1;
  return t2;
}

inline std::array<double, 3> nabla_8d722197fd13cd4ba9055f43761e97eb_body3(double x1, double x2) {
  const double t1 = x1 * x2;
  const double t2 = t1 * x1;
  const double t3 = x1 * x1;
  const double t4 = t1 + t1;
  return {t2, t4, t3};
}

inline double nabla_8d722197fd13cd4ba9055f43761e97eb_body4(double t_in) {
  const double t1 = t_in * 0.0;
  return t1;
}

/// At x[0], ..., x[2999].
inline double nabla_8d722197fd13cd4ba9055f43761e97eb(const double* __restrict x) {
  static thread_local std::vector<double> values(6001);
  double* const __restrict v = values.data();
  {
    v[3000] = nabla_8d722197fd13cd4ba9055f43761e97eb_body1(x[0]);
  }
  double total = v[3000];
  for (std::size_t first = 0; first < 2999; first += 256) {
    const std::size_t last = std::min<std::size_t>(first + 256, 2999);
    double d[1][256];
    for (std::size_t i = first; i < last; ++i) {
      const auto y = nabla_8d722197fd13cd4ba9055f43761e97eb_body2(x[i], x[1 + i]);
      d[0][i - first] = y;
    }
    for (std::size_t i = first; i < last; ++i) total += d[0][i - first];
  }
  v[6000] = total;
  return v[6000];
}

/// The value, and into g[0], ..., g[2999] the derivatives by x.
inline double nabla_8d722197fd13cd4ba9055f43761e97eb_gradient(const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(6001);
  double* const __restrict v = values.data();
  std::fill_n(g, 3000, 0.0);
  static thread_local std::vector<double> adjoints(6001);
  double* const __restrict a = adjoints.data();
  std::fill(a + 3000, a + 6001, 0.0);
  {
    v[3000] = nabla_8d722197fd13cd4ba9055f43761e97eb_body1(x[0]);
  }
  double total = v[3000];
  for (std::size_t first = 0; first < 2999; first += 256) {
    const std::size_t last = std::min<std::size_t>(first + 256, 2999);
    double d[3][256];
    for (std::size_t i = first; i < last; ++i) {
      const auto y = nabla_8d722197fd13cd4ba9055f43761e97eb_body3(x[i], x[1 + i]);
      d[0][i - first] = y[0];
      d[1][i - first] = y[1];
      d[2][i - first] = y[2];
    }
    for (std::size_t i = first; i < last; ++i) total += d[0][i - first];
    for (std::size_t i = first; i < last; ++i) g[i] += d[1][i - first];
    for (std::size_t i = first; i < last; ++i) g[1 + i] += d[2][i - first];
  }
  v[6000] = total;
  a[3000] += 1;
  {
    const auto d = nabla_8d722197fd13cd4ba9055f43761e97eb_body4(a[3000]);
    g[0] += d;
  }
  return v[6000];
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_8d722197fd13cd4ba9055f43761e97eb(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_8d722197fd13cd4ba9055f43761e97eb_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
