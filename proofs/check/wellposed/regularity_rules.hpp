#pragma once

#include <nabla/proofs/check/wellposed/definedness_values.hpp>
#include <nabla/proofs/check/wellposed/sign.hpp>

/// When an operator is differentiable, or continuous, where it is applied: what its record says, and the few that need
/// more than that (a choice, a product that masks, a power with a moving exponent).
namespace nabla::wellposed {

enum class Want : std::uint8_t { defined, differentiable, continuous };

/// How the nodes of an expression depend on some variables.
class Dependence {
 public:
  /// \param by  variables; empty: all of them
  Dependence(const Graph& graph, std::span<const Ref> targets, std::span<const Ref> by);

  bool depends(Ref ref) const { return ref.is_node() && ref.id() < depends_.size() && depends_[ref.id()]; }
  /// It does not move while no comparison, floor or sign that it hangs on is at its jump.
  bool piecewise_constant(Ref ref) const { return !depends(ref) || piecewise_constant_[ref.id()]; }
  /// The operator is 0 where it has a kink, and everything that reads it raises it to a power above 1: what is read has
  /// derivative 0 there, which is also what the chain rule gives.
  bool damped(NodeId id) const { return damped_[id]; }

 private:
  void find_damped(const Graph& graph, std::span<const Ref> targets, const std::vector<bool>& visited);

  std::vector<bool> depends_;
  std::vector<bool> piecewise_constant_;
  std::vector<bool> damped_;
};

/// Whether a node is an entry or a part of a variable, moved about.
bool is_part_of_variable(const Graph& graph, Ref ref);

/// What the rules below ask about the operands of a node: on a set (a survey) or at one point.
struct Situation {
  virtual ~Situation() = default;
  /// No entry is at a point without a derivative, certainly.
  virtual bool kink_free(NodeId id) const = 0;
  /// Every entry is certainly positive; nonzero.
  virtual bool positive(Ref ref) const = 0;
  virtual bool nonzero(Ref ref) const = 0;
};

/// Whether the node, as a function of its operands, is differentiable (or continuous) where it is applied, given that
/// it is defined there and that its operands are differentiable (continuous). Nodes that do not depend always are.
/// \param conventions  operators whose kinks are decided by a convention
bool is_regular(const Graph& graph, NodeId id, Want want, const Dependence& dependence, const Situation& at,
                std::span<const KinkConvention> conventions);

/// The situation on the set of a survey.
struct SurveySituation final : Situation {
  explicit SurveySituation(const Survey& s) : survey(s) {}
  bool kink_free(NodeId id) const override { return survey.kink_free(id); }
  bool positive(Ref ref) const override;
  bool nonzero(Ref ref) const override;
  const Survey& survey;
};

}  // namespace nabla::wellposed
