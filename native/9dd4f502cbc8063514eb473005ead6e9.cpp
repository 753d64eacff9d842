// nabla_edddc083337454acc867bbfe95a4d752 and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

/// At x[0], ..., x[1].
inline double nabla_edddc083337454acc867bbfe95a4d752(const double* __restrict x) {
  static thread_local std::vector<double> values(2);
  double* const __restrict v = values.data();
  v[1] = x[1];
  return v[1];
}

/// The value, and into g[0], ..., g[1] the derivatives by x.
inline double nabla_edddc083337454acc867bbfe95a4d752_gradient(const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(2);
  double* const __restrict v = values.data();
  v[1] = x[1];
  static thread_local std::vector<double> adjoints(2);
  double* const __restrict a = adjoints.data();
  std::fill(a + 0, a + 2, 0.0);
  a[1] = 1;
  g[0] = 0;
  g[1] = a[1];
  return v[1];
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_edddc083337454acc867bbfe95a4d752(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_edddc083337454acc867bbfe95a4d752_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
