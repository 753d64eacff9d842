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
/// Cost of one operator at order N: N^2 products, times N where its partials read its own value. Pairs of functions
/// that are each other's partials are expanded together, and powers by their own recurrence: by the rule alone each
/// further order would double the cost.
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
  /// Coefficient by coefficient.
  static T hull(const T& a, const T& b) requires(Number<V>::encloses) {
    if (a.is_constant() && b.is_constant()) return T(Number<V>::hull(a.value(), b.value()));
    std::vector<V> c;
    for (std::size_t k = 0; k <= std::min(a.order(), b.order()); ++k) c.push_back(Number<V>::hull(a[k], b[k]));
    return T(std::move(c));
  }

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
    } else if constexpr (std::is_same_v<Op, Sin> || std::is_same_v<Op, Cos>) {
      return together<Sin, Cos>(x[0], -1)[std::is_same_v<Op, Sin> ? 0 : 1];
    } else if constexpr (std::is_same_v<Op, Sinh> || std::is_same_v<Op, Cosh>) {
      return together<Sinh, Cosh>(x[0], 1)[std::is_same_v<Op, Sinh> ? 0 : 1];
    } else if constexpr (std::is_same_v<Op, Pow>) {
      // At 0 the rule says more than the recurrence, which divides by x.
      if (Number<V>::encloses || truth_of_zero(x[0].value()) == Truth::no) {
        if (x[0].is_constant() && x[1].is_constant()) return T(detail::call<Op>({}, x[0].value(), x[1].value()));
        if (x[1].is_constant()) return power(x[0], x[1].value());
        // x^y = exp(y log x), which has a value where x^y has derivatives by y.
        return apply<Exp>({}, x[1] * apply<Log>({}, x[0]));
      }
      return expand<Op>({}, x, std::make_index_sequence<sizeof...(A)>{});
    } else if constexpr (std::is_same_v<Op, Where>) {
      // The expansion of the branch that is taken.
      const Truth is_zero = truth_of_zero(x[0].value());
      if (is_zero != Truth::unknown) return x[is_zero == Truth::no ? 1 : 2];
      return expand<Op>({}, x, std::make_index_sequence<sizeof...(A)>{});
    } else if constexpr (std::is_same_v<Op, Masked>) {
      return vanishes(x[0]) ? T(0) : x[0] * x[1];
    } else {
      return expand<Op>({}, x, std::make_index_sequence<sizeof...(A)>{});
    }
  }
  template <class Op>
  static T apply_indexed(std::source_location, std::int64_t n, const T& x) {
    if constexpr (std::is_same_v<Op, PowI>) {
      if (n > 1 && !x.is_constant()) return whole_power(x, n);
    }
    return expand<Op>({&n, 1}, {&x, 1}, std::index_sequence<0>{});
  }

 private:
  static V whole(std::size_t n) { return V(static_cast<int>(n)); }
  static Truth truth_of_zero(const V& x) {
    if constexpr (Ordered<V>) return Number<V>::equal(x, V(0));
    return Truth::unknown;
  }
  static bool vanishes(const T& x) {
    if constexpr (requires { Number<V>::is_zero(x.value()); }) {
      bool all = true;
      for (std::size_t k = 0; k <= (x.is_constant() ? 0 : x.order()); ++k) all = all && Number<V>::is_zero(x[k]);
      return all;
    }
    return false;
  }

  /// Two functions with s' = c and c' = sign s.
  template <class S, class C>
  static std::array<T, 2> together(const T& x, int sign) {
    std::vector<V> s{detail::call<S>({}, x.value())}, c{detail::call<C>({}, x.value())};
    if (x.is_constant()) return {T(s[0]), T(c[0])};
    for (std::size_t k = 1; k <= x.order(); ++k) {
      V up(0), down(0);
      for (std::size_t j = 1; j <= k; ++j) {
        if constexpr (requires { Number<V>::is_zero(x[j]); }) {
          if (Number<V>::is_zero(x[j])) continue;
        }
        const V slope = whole(j) * x[j];
        up = up + slope * c[k - j];
        down = down + slope * s[k - j];
      }
      s.push_back(up / whole(k));
      c.push_back((sign < 0 ? V(-down) : down) / whole(k));
    }
    return {T(std::move(s)), T(std::move(c))};
  }

  /// x^a with a constant: x y' = a x' y (Griewank and Walther 2008, table 13.2).
  static T power(const T& x, const V& a) {
    std::vector<V> y{detail::call<Pow>({}, x.value(), a)};
    for (std::size_t k = 1; k <= x.order(); ++k) {
      V sum(0);
      for (std::size_t j = 1; j <= k; ++j) {
        const V weight = ratio<V>(static_cast<std::int64_t>(j), static_cast<std::int64_t>(k)) * (a + V(1)) - V(1);
        sum = sum + weight * x[j] * y[k - j];
      }
      y.push_back(sum / x[0]);
    }
    return T(std::move(y));
  }

  /// By squaring; the value itself by the kind's own power, which knows that squares are not negative.
  static T whole_power(const T& x, std::int64_t n) {
    T result(1), square = x;
    for (std::int64_t rest = n; rest > 0; rest /= 2) {
      if (rest % 2 != 0) result = result * square;
      if (rest > 1) square = square * square;
    }
    std::vector<V> c;
    for (std::size_t k = 0; k <= x.order(); ++k) c.push_back(k == 0 ? powi(x.value(), n) : result[k]);
    return T(std::move(c));
  }

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
    if constexpr (std::is_same_v<Op, LGamma> || std::is_same_v<Op, Digamma> || std::is_same_v<Op, PolyGamma>) {
      // Their partials, of the same family, do not read the value: once is enough.
      if (x[0].is_constant() || x[0].order() == 0)
        return follow(at, x, [](const T& y, std::size_t) { return std::array{y}; });
      const auto p = partials<Op>(attributes, T(at), x, x[0].order() - 1, slots);
      return follow(at, x, [&](const T&, std::size_t) { return p; });
    } else {
      return follow(at, x, [&](const T& y, std::size_t n) { return partials<Op>(attributes, y, x, n, slots); });
    }
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
          sum = sum + whole(j) * c * p[k][n + 1 - j];
        }
      sum = sum / whole(n + 1);
      y.push_back(sum);
    }
    return T(std::move(y));
  }
};

}  // namespace nabla
