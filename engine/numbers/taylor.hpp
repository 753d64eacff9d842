#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <nabla/ops/registry.hpp>

namespace nabla {

/// A truncated power series c_0 + c_1 t + ... + c_N t^N over any kind of number; coefficient k is the k-th derivative
/// along the direction, over k!. Two series of different order give the shorter one; a constant has every order.
///
/// Products and quotients are those of power series (Griewank and Walther 2008, 13.2); every other operator follows
/// from its own derivative rule: y' = sum partial_i x_i', coefficient by coefficient, so no operator is defined twice.
/// Cost of one operator at order N: N^2 products, times N where its partials read its own value.
template <class V>
class Taylor {
 public:
  Taylor() : Taylor(V(0)) {}
  template <std::integral I>
  Taylor(I n) : Taylor(V(static_cast<int>(n))) {}
  /// A constant.
  Taylor(const V& value) : coefficients_{value}, constant_(true) {}
  /// \pre coefficients is not empty
  explicit Taylor(std::vector<V> coefficients) : coefficients_(std::move(coefficients)), constant_(false) {}
  /// value + t, of order N: the variable of a univariate expansion.
  static Taylor variable(const V& value, std::size_t order) {
    std::vector<V> c(order + 1, V(0));
    c[0] = value;
    if (order > 0) c[1] = V(1);
    return Taylor(std::move(c));
  }

  bool is_constant() const { return constant_; }
  /// Of the truncation; a constant's is unlimited.
  std::size_t order() const { return constant_ ? SIZE_MAX : coefficients_.size() - 1; }
  V operator[](std::size_t k) const { return k < coefficients_.size() ? coefficients_[k] : V(0); }
  const V& value() const { return coefficients_[0]; }

  Taylor truncated(std::size_t order) const {
    if (constant_ || order >= this->order()) return *this;
    return Taylor(
        std::vector<V>(coefficients_.begin(), coefficients_.begin() + static_cast<std::ptrdiff_t>(order) + 1));
  }

  friend Taylor operator-(const Taylor& a) {
    Taylor r = a;
    for (V& c : r.coefficients_) c = -c;
    return r;
  }
  friend Taylor operator+(const Taylor& a, const Taylor& b) {
    return combine(a, b, [&](std::size_t k, const Taylor&) { return a[k] + b[k]; });
  }
  friend Taylor operator-(const Taylor& a, const Taylor& b) {
    return combine(a, b, [&](std::size_t k, const Taylor&) { return a[k] - b[k]; });
  }
  friend Taylor operator*(const Taylor& a, const Taylor& b) {
    return combine(a, b, [&](std::size_t k, const Taylor&) {
      V sum(0);
      for (std::size_t i = 0; i <= k; ++i) {
        if ((a.constant_ && i > 0) || (b.constant_ && i < k)) continue;
        sum = sum + a[i] * b[k - i];
      }
      return sum;
    });
  }
  friend Taylor operator/(const Taylor& a, const Taylor& b) {
    return combine(a, b, [&](std::size_t k, const Taylor& q) {
      V sum = a[k];
      if (!b.constant_)
        for (std::size_t i = 0; i < k; ++i) sum = sum - q.coefficients_[i] * b[k - i];
      return V(sum / b[0]);
    });
  }
  Taylor& operator+=(const Taylor& b) { return *this = *this + b; }
  Taylor& operator-=(const Taylor& b) { return *this = *this - b; }
  Taylor& operator*=(const Taylor& b) { return *this = *this * b; }
  Taylor& operator/=(const Taylor& b) { return *this = *this / b; }

 private:
  template <class Next>
  static Taylor combine(const Taylor& a, const Taylor& b, Next next) {
    Taylor r;
    r.constant_ = a.constant_ && b.constant_;
    r.coefficients_.clear();
    const std::size_t n = r.constant_ ? 0 : std::min(a.order(), b.order());
    for (std::size_t k = 0; k <= n; ++k) r.coefficients_.push_back(next(k, r));
    return r;
  }
  std::vector<V> coefficients_;
  bool constant_ = true;
};

template <class V>
struct Number<Taylor<V>> {
  using T = Taylor<V>;
  static constexpr std::string_view kind = Number<V>::kind;
  static constexpr Level level = Number<V>::level;
  static constexpr bool lifts = true;
  static constexpr bool own_infix = true;
  static constexpr bool encloses = Number<V>::encloses;
  static constexpr bool exact = Number<V>::exact;
  static constexpr bool forward_only = true;
  static T of(const Constant& value) { return T(Number<V>::of(value)); }
  static bool is_zero(const T& x) { return x.is_constant() && Number<V>::is_zero(x.value()); }
  static Truth less(const T& a, const T& b) requires Ordered<V> { return Number<V>::less(a.value(), b.value()); }
  static Truth equal(const T& a, const T& b) requires Ordered<V> { return Number<V>::equal(a.value(), b.value()); }

  /// For an operator that is given as a value and a rule (a user's own); see Number<Dual>. The partials of an expansion
  /// of order n are needed to order n - 1, so a rule that is written with the operator itself comes to an end.
  using Value = V;
  using Slope = T;
  static const V& value_of(const T& x) { return x.value(); }
  template <class Partial>
  static T carry(const V& at, std::span<const T> x, Partial partial) {
    return follow(at, x, [&](const T& y, std::size_t n) {
      std::vector<T> operands;
      for (const T& each : x) operands.push_back(each.truncated(n));
      std::vector<T> p;
      for (std::size_t k = 0; k < x.size(); ++k) p.push_back(x[k].is_constant() ? T(0) : partial(k, T(1), y, operands));
      return p;
    });
  }

  template <class Op, class... A>
  static T apply(std::source_location, const A&... a) {
    const T x[] = {T(a)...};
    if constexpr (std::is_same_v<Op, Add>) {
      return x[0] + x[1];
    } else if constexpr (std::is_same_v<Op, Sub>) {
      return x[0] - x[1];
    } else if constexpr (std::is_same_v<Op, Mul>) {
      return x[0] * x[1];
    } else if constexpr (std::is_same_v<Op, Div>) {
      return x[0] / x[1];
    } else {
      return expand<Op>({}, x, std::make_index_sequence<sizeof...(A)>{});
    }
  }
  template <class Op>
  static T apply_indexed(std::source_location, std::int64_t n, const T& x) {
    return expand<Op>({&n, 1}, {&x, 1}, std::index_sequence<0>{});
  }

 private:
  template <class Op, std::size_t... K>
  static auto partials(Attributes attributes, const T& y, std::span<const T> x, std::size_t order,
                       std::index_sequence<K...>) {
    if constexpr (Op::indexed) {
      return Op::template partials<T>(attributes[0], y, x[K].truncated(order)...);
    } else {
      return Op::template partials<T>(y, x[K].truncated(order)...);
    }
  }

  template <class Op, std::size_t... K>
  static T expand(Attributes attributes, std::span<const T> x, std::index_sequence<K...> slots) {
    const V at = [&] {
      if constexpr (Op::indexed) {
        if constexpr (Lifted<V>)
          return Number<V>::template apply_indexed<Op>({}, attributes[0], x[K].value()...);
        else
          return Op::template value<V>(attributes[0], x[K].value()...);
      } else {
        return detail::call<Op>({}, x[K].value()...);
      }
    }();
    return follow(at, x, [&](const T& y, std::size_t n) { return partials<Op>(attributes, y, x, n, slots); });
  }

  /// y' = sum partial_k x_k' with y(0) = at, where partials_to(y, n) gives the partials to order n from y to order n.
  template <class Partials>
  static T follow(const V& at, std::span<const T> x, Partials partials_to) {
    if (std::ranges::all_of(x, &T::is_constant)) return T(at);
    std::size_t order = SIZE_MAX;
    for (const T& each : x) order = std::min(order, each.order());
    std::vector<V> y{at};
    for (std::size_t n = 0; n < order; ++n) {
      const auto p = partials_to(T(y), n);
      V sum(0);
      for (std::size_t k = 0; k < x.size(); ++k)
        for (std::size_t j = 1; j <= n + 1; ++j) {
          const V& c = x[k][j];
          if constexpr (requires { Number<V>::is_zero(c); }) {
            if (Number<V>::is_zero(c)) continue;
          }
          sum = sum + ratio<V>(static_cast<std::int64_t>(j), static_cast<std::int64_t>(n + 1)) * c * p[k][n + 1 - j];
        }
      y.push_back(sum);
    }
    return T(std::move(y));
  }
};

}  // namespace nabla
