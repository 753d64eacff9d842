#pragma once

#include <concepts>
#include <cstdint>
#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/registry.hpp>
#include <span>
#include <vector>

/// A kind of number whose values are sets of inputs: run a graph in it, and every value is what it depends on; sweep
/// back in it, and every adjoint is what the derivative depends on. So the sparsity of first and second derivatives
/// follows from the operators' own rules, and no operator is listed.
namespace nabla {

/// Sets of inputs, made by uniting others. Small sets are held as lists; a larger one only knows its two parts until
/// somebody asks for its elements or it has too many parts, so that a sum of n terms costs n, not n^2. The set of all
/// inputs is one set.
class DependenceSets {
 public:
  DependenceSets();
  ~DependenceSets();
  DependenceSets(const DependenceSets&) = delete;
  DependenceSets& operator=(const DependenceSets&) = delete;

  using Id = std::uint32_t;
  static constexpr Id empty = 0;

  /// The collection that Dependence numbers of this thread refer to: the last one made. \pre there is one
  static DependenceSets& active();

  Id single(std::uint32_t input);
  Id unite(Id a, Id b);
  /// In increasing order. Linear in the number of sets it was united from.
  std::vector<std::uint32_t> elements(Id set);

 private:
  static constexpr std::size_t most_merged = 16;
  struct Set {
    Id left = empty, right = empty;    // parts of a set that is not listed
    std::size_t first = 0, count = 0;  // where its elements are listed; none: see the parts
    std::size_t weight = 0;            // elements of its parts, counted as often as they are in one
  };
  /// A set of the elements listed from `first` on.
  Id list(std::size_t first);
  std::span<const std::uint32_t> listed(const Set& s) const { return {listed_.data() + s.first, s.count}; }
  Id add(const Set& set);

  std::vector<Set> sets_;
  std::vector<std::uint32_t> listed_;
  std::vector<std::uint32_t> visited_;
  std::uint32_t visit_ = 0;
  std::size_t inputs_ = 0;
  Id all_ = empty;  // of all inputs, once it is listed
  DependenceSets* before_;
};

/// A value that depends on a set of inputs.
struct Dependence {
  DependenceSets::Id set = DependenceSets::empty;
  /// Exactly zero, whatever the inputs.
  bool zero = false;

  Dependence() = default;
  template <std::integral I>
  Dependence(I n) : zero(n == 0) {}
  Dependence(DependenceSets::Id inputs, bool is_zero) : set(inputs), zero(is_zero) {}

  // No infix operator is used before Number<Dependence> is there: the library's own, which serve other kinds, would ask
  // for it.
  friend Dependence operator-(const Dependence& a) { return a; }
  friend Dependence operator+(const Dependence& a, const Dependence& b) { return sum(a, b); }
  friend Dependence operator-(const Dependence& a, const Dependence& b) { return sum(a, b); }
  friend Dependence operator*(const Dependence& a, const Dependence& b) { return product(a, b); }
  friend Dependence operator/(const Dependence& a, const Dependence& b) { return a.zero ? a : united(a, b); }
  Dependence& operator+=(const Dependence& b) { return *this = sum(*this, b); }
  Dependence& operator-=(const Dependence& b) { return *this = sum(*this, b); }
  Dependence& operator*=(const Dependence& b) { return *this = product(*this, b); }
  Dependence& operator/=(const Dependence& b) { return *this = zero ? *this : united(*this, b); }

  static Dependence sum(const Dependence& a, const Dependence& b) {
    if (a.zero) return b;
    return b.zero ? a : united(a, b);
  }
  static Dependence product(const Dependence& a, const Dependence& b) {
    return a.zero || b.zero ? Dependence(0) : united(a, b);
  }
  static Dependence united(const Dependence& a, const Dependence& b) {
    return {DependenceSets::active().unite(a.set, b.set), false};
  }
};

/// Whether a value can be other than zero: what partial derivatives are evaluated in to see which operands matter.
struct Presence {
  bool present = true;
  Presence() = default;
  template <std::integral I>
  Presence(I n) : present(n != 0) {}
  explicit Presence(bool is_present) : present(is_present) {}
  friend Presence operator-(Presence a) { return a; }
  friend Presence operator+(Presence a, Presence b) { return Presence(a.present || b.present); }
  friend Presence operator-(Presence a, Presence b) { return Presence(a.present || b.present); }
  friend Presence operator*(Presence a, Presence b) { return Presence(a.present && b.present); }
  friend Presence operator/(Presence a, Presence) { return a; }
};

namespace detail {

/// What both kinds have in common. Self's numbers are generic: not zero unless they say so, and in no order.
template <class D>
struct StructureKind {
  static constexpr Level level = Level::special;
  static constexpr bool lifts = true;
  static constexpr bool own_infix = true;
  static constexpr bool encloses = false;
  static constexpr bool exact = false;
  static Truth less(const D&, const D&) { return Truth::unknown; }

  /// The arithmetic that every kind has as infix operators, by name.
  template <class Op>
  static constexpr bool is_infix = std::is_same_v<Op, Add> || std::is_same_v<Op, Sub> || std::is_same_v<Op, Mul> ||
                                   std::is_same_v<Op, Div> || std::is_same_v<Op, Neg>;
};

}  // namespace detail

template <>
struct Number<Presence> : detail::StructureKind<Presence> {
  static constexpr std::string_view kind = "presence";
  static Presence of(const Constant& value) { return Presence(!value.is(0)); }
  static bool is_zero(const Presence& x) { return !x.present; }
  static Truth equal(const Presence& a, const Presence& b) { return truth(!a.present && !b.present); }

  template <class Op, class... A>
  static Presence apply(std::source_location, const A&... a) {
    if constexpr (is_infix<Op>) {
      return Op::template value<Presence>(Presence(a)...);
    } else {
      // Only arithmetic is known to keep a zero; cos(0) is not zero.
      return Presence(true);
    }
  }
  template <class Op>
  static Presence apply_indexed(std::source_location, std::int64_t, const Presence&) {
    return Presence(true);
  }
};

template <>
struct Number<Dependence> : detail::StructureKind<Dependence> {
  using D = Dependence;
  static constexpr std::string_view kind = "dependence";
  static D of(const Constant& value) {
    return D(DependenceSets::empty, value.is(0) || (value.kind() == Constant::Kind::dyadic && value.as_dyadic() == 0));
  }
  static bool is_zero(const D& x) { return x.zero; }
  static Truth equal(const D& a, const D& b) { return truth(a.zero && b.zero); }

  template <class Op, class... A>
  static D apply(std::source_location, const A&... a) {
    const D x[] = {D(a)...};
    if constexpr (is_infix<Op>) {
      return Op::template value<D>(D(a)...);
    } else if constexpr (std::is_same_v<Op, Masked>) {
      return x[0] * x[1];
    } else if constexpr (std::is_same_v<Op, Where>) {
      return x[1].zero && x[2].zero ? D(0) : D::united(x[1], x[2]);
    } else {
      static const std::array<bool, sizeof...(A)> moves = moving<Op>(0, std::make_index_sequence<sizeof...(A)>{});
      return united(x, moves);
    }
  }
  template <class Op>
  static D apply_indexed(std::source_location, std::int64_t n, const D& x) {
    return united({&x, 1}, moving<Op>(n, std::index_sequence<0>{}));
  }
  /// The value of an operator that is given as a value and a rule (a user's own), of the operands whose partial can be
  /// other than zero. A derivative depends on them, though the value be a step.
  static D follows(std::span<const D> x) {
    D all(DependenceSets::empty, false);
    for (const D& each : x) all = D::united(all, each);
    return all;
  }

 private:
  /// For each operand, whether the operator's partial for it can be other than zero.
  template <class Op, std::size_t... K>
  static std::array<bool, sizeof...(K)> moving(std::int64_t n, std::index_sequence<K...>) {
    const Presence any(true);
    if constexpr (Op::indexed) {
      const auto p = Op::template partials<Presence>(n, any, (static_cast<void>(K), any)...);
      return {p[K].present...};
    } else {
      const auto p = Op::template partials<Presence>(any, (static_cast<void>(K), any)...);
      return {p[K].present...};
    }
  }
  static D united(std::span<const D> x, std::span<const bool> moves) {
    D all(DependenceSets::empty, false);
    for (std::size_t k = 0; k < x.size(); ++k)
      if (moves[k]) all = D::united(all, x[k]);
    return all;
  }
};

static_assert(Special<Presence> && Special<Dependence>);

}  // namespace nabla
