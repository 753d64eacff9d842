#pragma once

#include <map>
#include <nabla/proofs/check/wellposed/definedness_values.hpp>
#include <nabla/proofs/check/wellposed/sign_assumptions.hpp>
#include <nabla/proofs/check/wellposed/sign_bounds.hpp>
#include <unordered_map>

/// Ranges and signs of every node over a set: the graph run in Bounds, with assumptions applied on the way.
namespace nabla::wellposed {

/// What the variables range over, by node, entries row-major. Variables that are not named are any real numbers.
using Box = std::map<NodeId, std::vector<Bounds>>;

/// What is known of an entry of a set, and of the entries of a given.
Bounds bounds_of(const RealSet& set);
std::vector<Bounds> bounds_of(const Set& set);
/// The sets of the givens.
Box box_of(const Problem& problem);

/// The run of some targets over a box. Everything it says holds at every point of the box at which all assumptions
/// hold, for values that exist there.
class Survey {
 public:
  /// \throws NotHandled
  /// \param definite  variables that are symmetric positive definite matrices
  Survey(const Graph& graph, std::span<const Ref> targets, const std::vector<Assumption>& assumptions,
         std::span<const NodeId> definite = {});

  void run(const Box& box);

  /// No point of the box satisfies the assumptions.
  bool impossible() const { return impossible_; }
  std::span<const Bounds> bounds(Ref ref) const { return values_.entries(ref); }
  std::span<const NodeId> nodes() const { return values_.nodes(); }
  bool visits(Ref ref) const { return values_.visits(ref); }

  /// The node's operator is applied inside its domain, whatever values its operands take.
  bool defined(NodeId id) const { return defined_[id]; }
  /// No operand is at a point where the operator has no derivative. False also where the record cannot say.
  bool kink_free(NodeId id) const;

  const Graph& graph() const { return values_.graph(); }

 private:
  void visit(NodeId id);
  void choose(NodeId id);
  bool is_definite(NodeId id) const;
  void refine(NodeId id);
  void look_back(NodeId id);
  bool refine_entry(Bounds& x, Comparison how, const Bounds& other, bool scalars);

  Values<Bounds> values_;
  std::unordered_map<NodeId, std::vector<Assumption>> about_;  // the node on the left
  std::vector<bool> known_;                                    // values that hold: of this pass or of the one before
  std::vector<bool> defined_;
  KnownOrder order_;
  std::unordered_map<std::uint64_t, Bounds> narrowed_;  // by tag: what an assumption said of a copy
  std::vector<NodeId> definite_;
  bool impossible_ = false;
  bool news_ = false;  // the last pass found out something that the next one can use
};

}  // namespace nabla::wellposed
