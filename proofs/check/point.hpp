#pragma once

#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/claim/problem.hpp>
#include <nabla/proofs/claim/verdict.hpp>
#include <optional>
#include <random>

/// Points of the stated set: exact values for every given variable.
namespace nabla {

/// Entries of each given, row-major, in the order of Problem::givens.
struct Point {
  std::vector<std::vector<Rational>> entries;
  friend bool operator==(const Point&, const Point&) = default;
};

/// The point as a report shows it.
Witness to_witness(const Problem& problem, const Point& point);

/// A constant expression in balls at the present precision; nothing when it depends on a variable.
std::optional<Ball> constant_ball(const Expr& e);
/// The exact value of a constant expression, where it is rational and says so.
std::optional<Rational> constant_rational(const Expr& e);

/// Whether an exact value lies in a set of reals.
Truth contains(const RealSet& set, const Rational& x);
/// Whether the entries of a given lie in its set.
Truth contains(const Set& set, std::span<const Rational> entries);

/// The same for enclosed entries; unknown when an enclosure meets an end, and for sets that balls cannot decide.
Truth contains_enclosed(const Set& set, std::span<const Ball> entries);

/// Produces points of the problem's set: special ones first (0, 1, -1, ends, equal coordinates, far away, near 0), then
/// pseudo-random ones. The same seed gives the same points. Assumptions are not looked at here.
class PointSource {
 public:
  PointSource(const Problem& problem, std::uint64_t seed);
  /// The next point; nothing when the set is finite and exhausted, or no point of it could be made.
  std::optional<Point> next();
  /// Whether the set is finite and next() has returned every point of it.
  bool exhausted() const { return finite_count_ > 0 && made_ >= finite_count_; }

 private:
  struct Pool {
    std::vector<Rational> special;
    std::optional<Rational> lo, hi;  // bounds that random entries keep; inside the set
    bool finite = false;
    bool complete = false;  // finite, and `special` is all of it (every element is rational)
  };
  Pool make_pool(const RealSet& set) const;
  Rational random_entry(const Pool& pool);
  std::vector<Rational> random_value(std::size_t given);
  std::vector<Rational> structured_value(const Set& set);
  std::optional<Point> enumerate();
  std::uint64_t below(std::uint64_t n);

  const Problem& problem_;
  std::mt19937_64 random_;
  std::vector<Pool> pools_;
  std::uint64_t made_ = 0;
  std::uint64_t finite_count_ = 0;  // points of the whole set; 0 when infinite or too many
};

}  // namespace nabla
