#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nabla/proofs/recheck/witness/algebraic.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>
#include <nabla/proofs/recheck/witness/side.hpp>

/// The parts of the replay of a witness: numbers at the witness, and what statements mean there.
namespace nabla::replay {

using rederive::Enclosure;

constexpr mpfr_prec_t most_bits = 4096;
/// Last, where nothing else tells two numbers apart: 1 + exp(-10^4) and 1.
constexpr mpfr_prec_t far_bits = 1 << 17;

/// Constant expressions for the entries of each variable.
using Point = std::vector<std::vector<Expr>>;
using Texts = std::vector<std::pair<std::string, std::vector<std::string>>>;

template <class V>
using Numbers = std::vector<std::vector<V>>;

struct Seen {
  Truth truth = Truth::unknown;
  const char* by = "";
};

/// The truth of something in the first kind of number that can tell.
template <class Ask>
Seen decided(Ask ask) {
  if (const Truth t = ask.template operator()<Rational>(); t != Truth::unknown) return {t, "exact rationals"};
  for (mpfr_prec_t bits = 64; bits <= most_bits; bits *= 2) {
    const rederive::EnclosureBits precision(bits);
    if (const Truth t = ask.template operator()<Enclosure>(); t != Truth::unknown)
      return {t, "intervals, MPFR rounding outward"};
  }
  if (const Truth t = ask.template operator()<Algebraic>(); t != Truth::unknown)
    return {t, "algebraic numbers, exactly"};
  for (mpfr_prec_t bits = 2 * most_bits; bits <= far_bits; bits *= 2) {
    const rederive::EnclosureBits precision(bits);
    if (const Truth t = ask.template operator()<Enclosure>(); t != Truth::unknown)
      return {t, "intervals of many digits, MPFR rounding outward"};
  }
  return {Truth::unknown, ""};
}

/// The texts of a witness under these names, as constants; nothing when they are not, or not of the right number.
std::optional<Point> read_point(const Problem& problem, const std::vector<Expr>& like,
                                const std::vector<std::string>& names, const Texts& texts);
/// Of every variable under its own name.
std::optional<Point> read_point(const Problem& problem, const Texts& texts);

/// Ends the replay of a certificate of this kind.
inline auto answers(std::string kind) {
  return [kind = std::move(kind)](Outcome outcome, std::string message) {
    return ReplayedCertificate{.id = {}, .kind = kind, .outcome = outcome, .message = std::move(message)};
  };
}

/// Whether a predicate is refuted by two points of the set.
bool is_about_points(const Statement& s);

/// Whether a predicate says that something exists: defined, continuous, differentiable.
bool is_about_existence(const Statement& s);

class Replay {
 public:
  Replay(const Problem& problem, const Texts& texts, const PairNames& pairs)
      : problem_(problem), texts_(texts), pairs_(pairs) {}
  ReplayedCertificate run(const Statement& statement);
  /// The zero of some quantity between two points that differ in one entry.
  ReplayedCertificate run_between(const Statement& statement, const Texts& from, const Texts& to);
  /// The truth of a statement at the texts, where they are a point of the stated set.
  Truth holds_at_texts(const Statement& statement) const;
  /// Every point of the sets, which are finite.
  ReplayedCertificate run_everywhere(const Statement& statement);

 private:
  Truth existence_at(const Statement& s);
  std::string read_pair(const Statement& predicate);
  Point moved(const Point& to) const;
  std::optional<std::pair<Outcome, std::string>> stated(const Point& p) const;

  /// Whether a predicate about existence certainly fails at the witness: there is no value, a limit from one side is
  /// not the value, two one-sided derivatives differ or one is infinite.
  bool breaks(const Statement& predicate) const;
  /// Whether `defined` of an expression without derivatives certainly holds at a point.
  bool exists_at(const Statement& defined, const Point& p) const;
  bool lacks_derivative(const Statement& defined) const;
  /// Whether there is no derivative of `of` along a line, in so many whole steps of each entry of `by`.
  bool has_corner_along(const Expr& of, const Expr& by, const std::vector<int>& line) const;
  /// The same where the givens are enclosed and the last one, which is 0 or another constant there, is what `follows`
  /// when the entry of a given moves.
  bool breaks_between(const Statement& predicate, const Numbers<Enclosure>& at, const Expr& follows,
                      const Algebraic& exact, std::size_t given, std::size_t entry) const;
  /// Partial derivatives from one side: those of the gradient, if there is one.
  std::optional<Numbers<Enclosure>> one_sided_gradient(const Expr& e, const Numbers<Enclosure>& at) const;

  // values.cpp; all are instantiated for Rational, Enclosure and Algebraic
  template <class V>
  std::optional<std::vector<V>> values(const std::vector<Expr>& constants) const;
  template <class V>
  std::optional<Numbers<V>> all_values(const Point& p) const;
  /// A forward pass where the givens have these values; `refs` are its outputs. \throws what Run does
  template <class V>
  Run<V> run_at(std::span<const Ref> refs, const Numbers<V>& at) const;
  /// The outputs of expressions where the givens have these values.
  template <class V>
  std::optional<Numbers<V>> outputs(std::span<const Expr> expressions, const Numbers<V>& at) const;
  template <class V>
  Truth member(const Set& set, std::span<const V> entries) const;
  /// The truth of a statement without predicates about two points.
  template <class V>
  Truth truth_at(const Statement& s, const Numbers<V>& at) const;
  template <class V>
  Truth related(Comparison c, const V& a, const V& b) const;

  // pairs.cpp
  template <class V>
  Truth truth(const Statement& s) const;
  template <class V>
  Truth predicate(const Statement& s) const;
  template <class V>
  Truth middle_is_stated(const Statement& s) const;
  template <class V>
  std::optional<Numbers<V>> middle(const Statement& s) const;
  template <class V>
  Numbers<V> with(Numbers<V> at, const Numbers<V>& over) const;
  /// The gradient by the variables of the predicate; in enclosures also where operators meet a kink and it may not
  /// exist, which refutes what is said of it as well. Nothing where it is not enclosed.
  template <class V>
  std::optional<Numbers<V>> gradient(const Expr& e, const Numbers<V>& at) const;

  const Problem& problem_;
  const Texts& texts_;
  const PairNames& pairs_;
  Point at_;                // of every given
  std::vector<Expr> over_;  // the variables of the predicate
  Point first_, second_;
  std::optional<Expr> weight_;
};

}  // namespace nabla::replay
