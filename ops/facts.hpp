#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace nabla {

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

/// Points cut out of an interval.
enum class Hole : std::uint8_t { none, zero, nonpositive_integers, odd_multiples_of_half_pi };

/// A set of reals: an interval, its ends open or closed, with a hole.
/// The ends are doubles that are exact (-1, 0, 1, infinite); nothing else is stated this way.
struct Reals {
  double lo = -unbounded;
  double hi = unbounded;
  bool lo_closed = false;
  bool hi_closed = false;
  Hole hole = Hole::none;
};

inline constexpr Reals reals{};
inline constexpr Reals positive{.lo = 0};
inline constexpr Reals nonnegative{.lo = 0, .lo_closed = true};
inline constexpr Reals nonzero{.hole = Hole::zero};
inline constexpr Reals open_interval(double lo, double hi) { return {.lo = lo, .hi = hi}; }
inline constexpr Reals closed_interval(double lo, double hi) { return {lo, hi, true, true, Hole::none}; }

enum class Parity : std::uint8_t { none, even, odd };
enum class Monotone : std::uint8_t { none, increasing, decreasing, constant };
enum class Curvature : std::uint8_t { none, affine, convex, concave };
/// How often the operator can be differentiated on the interior of its domain.
enum class Regularity : std::uint8_t { smooth, continuous, discontinuous };

/// How an operator is written; `{0}`, `{1}`, `{2}` stand for the operands, precedence as in the claim grammar.
struct Notation {
  /// Infix or prefix symbol ("+", "-"); empty: a call name(a, b).
  std::string_view symbol{};
  /// 0: a call. Larger binds tighter: 1 implies, 2 not, 3 relation, 5 sum, 6 product, 7 unary minus, 8 power, 9
  /// postfix.
  int precedence = 0;
  /// LaTeX with placeholders, literal braces doubled; empty: \operatorname{name}(...). An operand is put into
  /// parentheses where it needs them, unless its placeholder stands between delimiters. Attributes follow the operands
  /// in number.
  std::string_view latex{};
  /// C++ with placeholders for names and literals; empty: the symbol, else std::name(...), which must then exist in
  /// <cmath>; operators with a definition need neither.
  std::string_view cpp{};
};

/// What a function of one operand, continuous on all of R, does where its operand runs to an infinity.
struct Tail {
  enum class Kind : std::uint8_t {
    unstated,
    level,      ///< it tends to num / den, times pi where of_pi
    vanishing,  ///< it is smaller than every power of the operand
    operand     ///< it is the operand and what tends to 0
  };
  Kind kind = Kind::unstated;
  std::int64_t num = 0, den = 1;
  bool of_pi = false;

  static constexpr Tail level(std::int64_t n) { return {Kind::level, n, 1, false}; }
  static constexpr Tail level_of_pi(std::int64_t num, std::int64_t den) { return {Kind::level, num, den, true}; }
  static constexpr Tail vanishing() { return {Kind::vanishing, 0, 1, false}; }
  static constexpr Tail operand() { return {Kind::operand, 0, 1, false}; }
};

/// What is known of an operator, as data: everyone who needs a fact reads it here.
/// Monotone, curvature, parity and range speak of one-operand operators over the whole of `domain`.
struct Facts {
  std::string_view summary{};
  /// DLMF section, paper or standard that defines the function and its derivative.
  std::string_view source{};
  Reals domain = reals;
  /// Domain of the second operand, where it has one.
  Reals domain2 = reals;
  Reals range = reals;
  /// At -oo and at oo; both or neither are stated.
  Tail below{};
  Tail above{};
  /// f(x) is x (1 + o(1)) near 0.
  bool identity_near_zero = false;
  Parity parity = Parity::none;
  Monotone monotone = Monotone::none;
  Curvature curvature = Curvature::none;
  Regularity regularity = Regularity::smooth;
  /// Where no derivative exists inside the domain, and the value that the rule uses there; empty: nowhere.
  std::string_view kinks{};
  /// "rad" where an operand or the result is an angle.
  std::string_view units{};
  Notation notation{};
  /// Of two operands: f(x, y) = f(y, x) for all reals.
  bool commutative = false;
};

}  // namespace nabla
