#pragma once

#include <map>
#include <nabla/proofs/check/point.hpp>
#include <nabla/proofs/check/wellposed/definedness_point.hpp>
#include <nabla/proofs/check/wellposed/regularity_rules.hpp>

/// Expressions at one exact point: whether they are defined there, and who is to blame when not.
namespace nabla::wellposed {

/// Values of variables by node. A variable that is not named is unknown.
using Assignment = std::map<NodeId, std::vector<PointValue>>;

Assignment assignment_of(const Problem& problem, const Point& point);

/// Two scalars that are known to be equal at the point: b is a constant, or a node before a.
struct Meeting {
  Ref a, b;
  bool between(Ref x, Ref y) const { return (x == a && y == b) || (x == b && y == a); }
};

/// The run of some targets at a point.
class PointRun final : public Situation {
 public:
  using Status = PointValue::Status;

  /// The graph must not grow while this is used. \throws NotHandled
  PointRun(const Graph& graph, std::span<const Ref> targets) : values_(graph, targets) {}
  /// \param met  what is known beside the variables, which then enclose the point; null: nothing
  void run(const Assignment& variables, const Meeting* met = nullptr);

  std::span<const PointValue> entries(Ref ref) const { return values_.entries(ref); }
  /// The worst of the entries.
  Status status(Ref ref) const;
  /// The node whose own operands are outside its domain, when the target is certainly undefined.
  std::optional<NodeId> culprit(Ref target) const;
  /// Nodes that the targets really read here: the branch of a choice that is not taken is not among them. Empty flags
  /// at the end for nodes past the last.
  std::vector<bool> read(std::span<const Ref> targets) const;

  bool kink_free(NodeId id) const override;
  bool positive(Ref ref) const override;
  bool nonzero(Ref ref) const override;

 private:
  /// The operand of a scalar choice that is taken; nothing when that is not certain, or it is no scalar choice.
  std::optional<std::size_t> taken(NodeId id) const;

  Values<PointValue> values_;
};

}  // namespace nabla::wellposed
