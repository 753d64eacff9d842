#pragma once

#include <nabla/ops/inspect.hpp>
#include <vector>

namespace nabla::detail {

/// A polynomial in t_1, ..., t_k that is linear in each: t_i^2 = 0. The coefficient of t_1 t_2 ... t_k of a function of
/// A + t_1 G_1 + ... + t_k G_k is its k-th derivative along G_1, ..., G_k; dividing takes a nonzero constant part.
/// Part m is the coefficient of the product of the t_i whose bit i is set in m.
template <class V>
class Multilinear {
 public:
  Multilinear() : parts_(1, V(0)) {}
  Multilinear(int n) : parts_(1, V(n)) {}
  /// \pre the number of parts is a power of two
  explicit Multilinear(std::vector<V> parts) : parts_(std::move(parts)) {}

  const V& constant() const { return parts_[0]; }
  /// The coefficient of the product of all of t_1, ..., t_k.
  V top(std::size_t k) const { return part((std::size_t{1} << k) - 1); }

  friend Multilinear operator-(const Multilinear& a) {
    Multilinear r = a;
    for (V& p : r.parts_) p = -p;
    return r;
  }
  friend Multilinear operator+(const Multilinear& a, const Multilinear& b) { return a.combined(b, false); }
  friend Multilinear operator-(const Multilinear& a, const Multilinear& b) { return a.combined(b, true); }
  friend Multilinear operator*(const Multilinear& a, const Multilinear& b) {
    std::vector<V> r(std::max(a.parts_.size(), b.parts_.size()), V(0));
    for (std::size_t i = 0; i < a.parts_.size(); ++i)
      for (std::size_t j = 0; j < b.parts_.size(); ++j)
        if ((i & j) == 0) r[i | j] = r[i | j] + a.parts_[i] * b.parts_[j];
    return Multilinear(std::move(r));
  }
  friend Multilinear operator/(const Multilinear& a, const Multilinear& b) {
    std::vector<V> q(std::max(a.parts_.size(), b.parts_.size()), V(0));
    for (std::size_t m = 0; m < q.size(); ++m) {
      V rest = a.part(m);
      for (std::size_t i = 0; i < m; ++i)
        if ((i & m) == i) rest = rest - q[i] * b.part(m ^ i);
      q[m] = rest / b.constant();
    }
    return Multilinear(std::move(q));
  }

 private:
  V part(std::size_t m) const { return m < parts_.size() ? parts_[m] : V(0); }
  Multilinear combined(const Multilinear& b, bool subtract) const {
    std::vector<V> r;
    for (std::size_t m = 0; m < std::max(parts_.size(), b.parts_.size()); ++m)
      r.push_back(subtract ? V(part(m) - b.part(m)) : V(part(m) + b.part(m)));
    return Multilinear(std::move(r));
  }

  std::vector<V> parts_;
};

}  // namespace nabla::detail
