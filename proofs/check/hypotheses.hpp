#pragma once

#include <map>
#include <nabla/proofs/check/judge.hpp>
#include <set>

namespace nabla {

/// Points of the problem's sets at which every assumption certainly holds.
///
/// Random points miss an equality. Where an assumption is an equation that is linear in some entry, or quadratic with a
/// rational root, that entry is solved for exactly; further points of quadratic equations (a sphere) lie on lines
/// through a known one. An equation is solved for an entry that few other equations read, so that what holds already is
/// left alone. Random points miss a narrow set, too: where no more are found, landmarks follow (landmarks.hpp), and
/// points between a stated one and others.
class StatedPoints {
 public:
  /// \throws NotHandled when an assumption has no meaning at a point
  StatedPoints(const Problem& problem, std::uint64_t seed);
  /// The next point; nothing when no more can be made within the tries allowed.
  std::optional<Point> next();
  /// Whether the point is in the sets and all assumptions hold there.
  Truth truth_at(const Point& point) const;
  bool satisfies(const Point& point) const { return truth_at(point) == Truth::yes; }
  /// Whether next() has ever returned a point.
  bool inhabited() const { return inhabited_; }
  /// Whether the set is finite and every point of it was either returned or certainly violates an assumption.
  bool exhausted() const { return source_.exhausted() && !passed_over_; }

  /// Whether an assumption is an equation.
  bool has_equations() const;
  /// Changes entries so that the equations hold exactly; false when it could not. Other assumptions are not looked at.
  bool repair(Point& point) const;
  /// A point near this one at which the equations hold: repaired, or on a line through a known one.
  std::optional<Point> carried(const Point& point) const;

 private:
  using Slot = std::pair<std::size_t, std::size_t>;  // a given and one of its entries
  /// An entry of the gap of a hypothesis.
  using Equation = std::pair<std::size_t, std::size_t>;
  void look_for_slots(const Point& point) const;
  bool solve(Equation equation, Point& point, std::set<Slot>& used) const;
  std::vector<Rational> solutions(Equation equation, Slot slot, const Point& point, const Rational& now) const;
  std::optional<Point> through(const Point& base, const Point& towards) const;
  std::optional<Point> from_source();
  std::optional<Point> from_landmarks();

  const Problem& problem_;
  PointSource source_;
  std::vector<Judge> judges_;
  std::vector<std::unique_ptr<Function>> gaps_;          // left - right of each equation; null for other assumptions
  mutable std::map<Equation, std::vector<Slot>> slots_;  // what an equation is solved for, in this order
  std::optional<Point> base_;                            // a point at which all equations hold
  std::optional<std::vector<Point>> landmarks_;
  std::size_t looked_at_ = 0;    // of the landmarks
  std::size_t between_ = 0;      // points that were made between
  std::optional<Point> inside_;  // a landmark at which all assumptions hold
  bool inhabited_ = false;
  bool passed_over_ = false;  // a point at which an assumption could not be decided
};

}  // namespace nabla
