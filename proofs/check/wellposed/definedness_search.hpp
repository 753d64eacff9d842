#pragma once

#include <functional>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/hypotheses.hpp>

/// Points of the stated set at which something may go wrong.
namespace nabla::wellposed {

/// Points at which the hypotheses certainly hold: the special and random ones, landmarks, then points where operands of
/// suspicious nodes take the values 0, 1 or -1 or are equal, found in double precision along single entries and rounded
/// to short fractions.
class SuspiciousPoints {
 public:
  /// May append nodes to the problem's workspace.
  /// \param suspects  nodes that could not be shown to be fine
  SuspiciousPoints(const Problem& problem, std::vector<NodeId> suspects, std::uint64_t seed, const Budget& budget);
  /// The next point; nothing when there are no more.
  std::optional<Point> next();
  /// The point with entries of 0 and 1 in place of others, as long as the hypotheses hold and `still` says so.
  Point shortened(Point point, const std::function<bool(const Point&)>& still) const;

 private:
  struct Followed;
  void single_out();
  void search();
  void search_from(const Point& base, Followed& e);
  const std::vector<double>& line_through(std::size_t given);

  const Problem& problem_;
  std::vector<NodeId> suspects_;
  const Budget& budget_;
  std::optional<StatedPoints> stated_;
  std::vector<Point> bases_;
  std::vector<Point> found_;
  std::size_t given_ = 0;  // points of found_ that were returned
  int drawn_ = 0;
  double worked_ = 0;
  std::map<std::size_t, std::vector<double>> lines_;  // by given
  bool searched_ = false;
};

}  // namespace nabla::wellposed
