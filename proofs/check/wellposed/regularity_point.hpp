#pragma once

#include <nabla/proofs/check/wellposed/definedness_at.hpp>
#include <nabla/proofs/check/wellposed/regularity_germ.hpp>

/// Whether derivatives exist at one exact point, seen from the function itself: its one-sided expansions.
namespace nabla::wellposed {

enum class Existence : std::uint8_t {
  exists,     ///< and the chain rule gives it
  unread,     ///< a guard is 0: nothing is read there
  undefined,  ///< the expression itself has no value there
  fails,      ///< it has one, and no derivative, or no limit
  unclear
};

/// One-sided expansions of an expression at a point along the entries of variables.
class OneSided {
 public:
  /// The graph must not grow while this is used. \throws NotHandled
  OneSided(const Graph& graph, Ref of) : of_(of), values_(graph, std::span<const Ref>(&of, 1)) {}

  /// The point of what follows, and what is known there beside it (null: nothing); both must outlive that.
  void look_at(const Assignment& at, const Meeting* met = nullptr);

  /// An entry of a variable, and by how many t > 0 it moves.
  struct Step {
    std::size_t entry = 0;
    int by = 1;
  };
  /// The entries of the expression at the point moved by these steps (t > 0 small); expanded once.
  const std::vector<Germ>& along(NodeId variable, std::span<const Step> steps);

  /// Certain evidence that there is no derivative along a line; empty without. \pre the expression is defined there
  std::string no_derivative(NodeId variable, std::span<const Step> line);
  /// Certain evidence that it is not continuous there. \pre the expression is defined there, with these values
  std::string no_continuity(NodeId variable, std::span<const Step> line, std::span<const PointValue> values);
  /// Certain evidence that the derivative along two steps is not the sum of those along each, as it is where there is a
  /// differential.
  std::string no_differential(NodeId variable, const Step& one, const Step& other);

 private:
  std::vector<Germ> expand(NodeId variable, std::span<const Step> steps);
  /// Nodes that depend on a variable.
  const std::vector<bool>& moved_by(NodeId variable);

  Ref of_;
  Values<Germ> values_;
  const Assignment* at_ = nullptr;
  const Meeting* met_ = nullptr;
  std::optional<NodeId> moved_;  // the variable that the values of the nodes were last moved along
  std::map<NodeId, std::vector<bool>> dependents_;
  std::map<std::pair<NodeId, std::vector<std::pair<std::size_t, int>>>, std::vector<Germ>> seen_;  // at the point
};

/// A derivative that a claim asks for, looked at point by point.
class DerivativeAt {
 public:
  /// May append nodes to the problem's workspace. \throws NotHandled
  DerivativeAt(const Problem& problem, const Derivative& derivative);

  Existence at(const Assignment& givens);
  /// Of the last `fails` or `undefined`: why.
  const std::string& reason() const { return reason_; }
  const Derivative& derivative() const { return derivative_; }

 private:
  bool is_smooth() const;
  /// The line that `diff` asks for, where that is written as a list of whole numbers.
  std::vector<OneSided::Step> direction() const;
  bool is_seen_from_both_sides(const Assignment& variables);

  const Problem& problem_;
  const Derivative& derivative_;
  std::vector<std::pair<NodeId, Ref>> replaced_;
  std::vector<Ref> guards_;
  std::optional<Dependence> dependence_;
  std::optional<PointRun> outer_;  // guards and what replaces variables
  std::optional<PointRun> inner_;  // the expression
  std::optional<OneSided> sides_;
  std::optional<Ref> slope_;  // the derivative by the chain rule, of a number by a number
  std::optional<PointRun> slope_run_;
  std::string reason_;
};

/// What a derivative is asked along, as its text says: every entry of the variable; some of them; a direction.
enum class Along : std::uint8_t { all_entries, some_entries, direction, nonzero_direction };
Along asked_along(std::string_view text);

/// The values that replace variables when a derivative is read: made one after the other, in terms of the givens.
std::vector<std::pair<NodeId, Expr>> replaced_variables(const Derivative& derivative);

/// The variables that a derivative's expression is seen as a function of: `by`, or all where others may hide it.
std::vector<Ref> moving(const Problem& problem, const Derivative& derivative);

}  // namespace nabla::wellposed
