#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

/// The programs whose gradients are timed, as anybody would write them: templates over the number, and their
/// derivatives by hand in double.
namespace workloads {

/// n numbers in (-1, 1) that repeat nowhere.
inline std::vector<double> point(std::size_t n) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = std::sin(0.1 * static_cast<double>(i) + 0.3);
  return x;
}

/// W1: additions and multiplications; n = 1000.
struct Rosenbrock {
  static constexpr const char* name = "W1 Rosenbrock";
  static std::vector<double> at() { return point(1000); }

  template <class T>
  T operator()(const std::vector<T>& x) const {
    T f = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const T a = x[i + 1] - x[i] * x[i];
      const T b = 1 - x[i];
      f += 100 * a * a + b * b;
    }
    return f;
  }
  static double by_hand(const std::vector<double>& x, std::vector<double>& g) {
    double f = 0;
    g[0] = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = x[i + 1] - x[i] * x[i];
      const double b = 1 - x[i];
      f += 100 * a * a + b * b;
      g[i] += -400 * a * x[i] - 2 * b;
      g[i + 1] = 200 * a;
    }
    return f;
  }
};

/// W2: transcendental functions; n = 100,000.
struct Transcendental {
  static constexpr const char* name = "W2 transcendental";
  static std::vector<double> at() { return point(100000); }

  template <class T>
  T operator()(const std::vector<T>& x) const {
    using std::exp, std::log, std::sin, std::sqrt;
    T f = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) f += log(1 + exp(sin(x[i]) * x[i + 1])) * sqrt(1 + x[i] * x[i]);
    return f;
  }
  static double by_hand(const std::vector<double>& x, std::vector<double>& g) {
    double f = 0;
    g[0] = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double s = std::sin(x[i]), c = std::cos(x[i]);
      const double e = std::exp(s * x[i + 1]), l = std::log(1 + e), r = std::sqrt(1 + x[i] * x[i]);
      const double t = r * e / (1 + e);
      f += l * r;
      g[i] += t * c * x[i + 1] + l * x[i] / r;
      g[i + 1] = t * s;
    }
    return f;
  }
};

/// W3: softmax cross entropy of a 64-64-10 network with relu, one sample, by all weights and biases. A row of weights
/// is followed by its bias.
struct SmallNetwork {
  static constexpr const char* name = "W3 network";
  static constexpr std::size_t in = 64, hidden = 64, out = 10, label = 3;
  static std::vector<double> at() {
    std::vector<double> w = point(hidden * (in + 1) + out * (hidden + 1));
    for (double& each : w) each *= 0.3;
    return w;
  }
  /// Where the weights and biases of the two layers stand, a matrix by rows and a vector each, as matrix operators want
  /// them: entry j of row i of layer l, or its bias (j = the number of columns).
  static std::size_t place(std::size_t layer, std::size_t i, std::size_t j) {
    return layer == 0 ? i * (in + 1) + j : hidden * (in + 1) + i * (hidden + 1) + j;
  }
  static double input(std::size_t j) { return std::cos(0.2 * static_cast<double>(j)); }

  template <class T>
  T operator()(const std::vector<T>& w) const {
    using std::exp, std::log;
    static const std::vector<double> x = inputs();
    const T* row = w.data();
    T h[hidden], z[out];
    for (std::size_t i = 0; i < hidden; ++i, row += in + 1) {
      T s = row[in];
      for (std::size_t j = 0; j < in; ++j) s += row[j] * x[j];
      h[i] = s > 0 ? s : T(0);
    }
    for (std::size_t i = 0; i < out; ++i, row += hidden + 1) {
      T s = row[hidden];
      for (std::size_t j = 0; j < hidden; ++j) s += row[j] * h[j];
      z[i] = s;
    }
    T largest = z[0];
    for (std::size_t i = 1; i < out; ++i)
      if (z[i] > largest) largest = z[i];
    T sum = 0;
    for (const T& each : z) sum += exp(each - largest);
    return log(sum) + largest - z[label];
  }
  static double by_hand(const std::vector<double>& w, std::vector<double>& g) {
    static const std::vector<double> x = inputs();
    const double* row = w.data();
    double h[hidden], z[out], p[out], dh[hidden] = {};
    for (std::size_t i = 0; i < hidden; ++i, row += in + 1) {
      double s = row[in];
      for (std::size_t j = 0; j < in; ++j) s += row[j] * x[j];
      h[i] = s > 0 ? s : 0;
    }
    const double* const last = row;
    for (std::size_t i = 0; i < out; ++i, row += hidden + 1) {
      double s = row[hidden];
      for (std::size_t j = 0; j < hidden; ++j) s += row[j] * h[j];
      z[i] = s;
    }
    double largest = z[0], sum = 0;
    for (std::size_t i = 1; i < out; ++i) largest = std::max(largest, z[i]);
    for (std::size_t i = 0; i < out; ++i) sum += p[i] = std::exp(z[i] - largest);
    row = last;
    double* to = g.data() + (last - w.data());
    for (std::size_t i = 0; i < out; ++i, row += hidden + 1, to += hidden + 1) {
      const double d = p[i] / sum - (i == label ? 1 : 0);
      for (std::size_t j = 0; j < hidden; ++j) {
        to[j] = d * h[j];
        dh[j] += d * row[j];
      }
      to[hidden] = d;
    }
    to = g.data();
    for (std::size_t i = 0; i < hidden; ++i, to += in + 1) {
      const double d = h[i] > 0 ? dh[i] : 0;
      for (std::size_t j = 0; j < in; ++j) to[j] = d * x[j];
      to[in] = d;
    }
    return std::log(sum) + largest - z[label];
  }

 private:
  static std::vector<double> inputs() {
    std::vector<double> x(in);
    for (std::size_t j = 0; j < in; ++j) x[j] = input(j);
    return x;
  }
};

}  // namespace workloads
