#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>
#include <nabla/proofs/check/refute/unlike_sizes.hpp>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>
#include <set>

namespace nabla {

/// Judges candidates for a witness against a statement, and keeps the first that is one.
///
/// A witness is a point of the stated set at which the hypotheses certainly hold, every derivative that is read is
/// what the chain rule gives (see DerivativeAt), and the statement certainly fails.
class WitnessSearch {
 public:
  /// All must outlive it. \throws NotHandled when the statement or a hypothesis has no meaning at a point
  WitnessSearch(const Problem& problem, const Statement& statement, std::uint64_t seed, const Budget& budget);

  /// Looks at a point; true when there is a witness now. A point is looked at once.
  bool consider(const Point& point);
  /// Looks at a point of doubles, in short fractions near it, coarse ones first; equations of the hypotheses are solved
  /// again.
  bool consider(const SearchSpace::Vector& z);
  /// Draws points of the stated set; true when one is a witness. Keeps them in drawn().
  bool draw(int count);

  const std::optional<Point>& witness() const { return witness_; }
  const std::vector<Point>& drawn() const { return drawn_; }
  const SearchSpace& space() const { return space_; }
  const Problem& problem() const { return problem_; }

  /// Makes the witness shorter, entry by entry, as long as it stays one. \pre witness()
  void shorten();

  /// The statement at the witness at full precision; nothing when it is not confirmed. \pre witness()
  std::optional<Judgement> confirm() const;

 private:
  static constexpr long screening_bits = 256;
  static constexpr long confirming_bits = 4096;
  static constexpr int most_looked_closely = 8;
  static constexpr long far_bits = 1 << 17;
  static constexpr int most_looked_far = 2;

  bool refutes(const Point& point) const;
  bool derivatives_exist(const Point& point) const;
  bool simplify_entries();
  bool simplify_whole();
  bool accept(Point shorter);

  const Problem& problem_;
  const Budget& budget_;
  Judge judge_;
  mutable UnlikeSizes unlike_sizes_;
  StatedPoints stated_;
  SearchSpace space_;
  std::set<std::string> seen_;
  std::vector<Point> drawn_;
  std::optional<Point> witness_;
  int shortenings_ = 0;
  mutable int looked_closely_ = 0;
  mutable int looked_far_ = 0;
  mutable std::vector<std::unique_ptr<wellposed::DerivativeAt>> derivatives_;
  mutable bool asked_ = false;
};

/// How long a point is in print.
std::size_t printed_length(const Point& point);

}  // namespace nabla
