#pragma once

#include <nabla/proofs/check/wellposed/sign.hpp>

namespace nabla::curvature {

/// What an affine operator of one operand does, found out by running its rule.
enum class Linear : std::uint8_t {
  copies,       ///< every result is an entry of the operand
  nonnegative,  ///< every result is a combination of entries with coefficients >= 0, or 0
  other
};
Linear linear_kind(const Graph& graph, NodeId id);

/// One enclosure for all the entries of each node, over the sets and hypotheses of a problem.
///
/// For all dimensions: the enclosure of a node is computed from those of its operands without looking at extents, so it
/// holds for every dimension for which the graph has these nodes (extents are taken to be positive where they are).
/// For these dimensions: from ranges of each entry (Survey), which are narrower.
class Ranges {
 public:
  enum class Mode : std::uint8_t { all_dimensions, these_dimensions };

  /// The graph must not grow while this is used. \throws NotHandled
  /// \param definite  matrices that are positive definite, besides the givens that are; or, where nothing is factored,
  ///                  that have an inverse
  Ranges(const Problem& problem, std::span<const Ref> targets, Mode mode, std::span<const NodeId> definite = {});

  Mode mode() const { return mode_; }
  Bounds of(Ref ref) const;
  /// Every operator that the targets read is applied inside its domain (all_dimensions: in every dimension).
  bool all_defined() const { return all_defined_; }

 private:
  void summarise(NodeId id, const std::vector<wellposed::Assumption>& assumptions);
  Bounds structured(NodeId id);
  bool is_defined(NodeId id) const;

  const Graph* graph_;
  Mode mode_;
  std::vector<Bounds> bounds_;
  std::vector<NodeId> definite_;
  bool all_defined_ = true;
};

}  // namespace nabla::curvature
