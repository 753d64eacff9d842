#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/wellposed/regularity_rules.hpp>

/// Proofs that expressions are defined, differentiable or continuous over a set: every node that is read must be, under
/// the conditions under which it is read.
namespace nabla::wellposed {

/// What is to be shown.
struct Goal {
  std::vector<Ref> targets;
  Want want = Want::defined;
  std::vector<Ref> by;  ///< differentiable, continuous: as functions of these; empty: of everything
  std::vector<KinkConvention> conventions;
  std::vector<Assumption> assumptions;
  Box box;
  /// Entries of finite sets, by variable: a box is split into these.
  std::map<NodeId, std::vector<Bounds>> elements;
  std::vector<NodeId> definite;  ///< variables that are symmetric positive definite matrices
  /// Whether the box may be split (assumptions speak of the same variables).
  bool may_split = true;
};

/// A node that could not be shown to be fine, and where it is read.
struct Open {
  NodeId node;
  Context context;
  bool undefined = false;  ///< else: no derivative, or a jump
};

struct Outcome {
  std::vector<Open> open;   ///< empty: shown
  bool impossible = false;  ///< no point satisfies the assumptions
  std::int64_t nodes = 0, boxes = 0;
  /// Proofs by inequalities of what intervals do not show, for the certificate: {"of": rows, "sign": "positive" | ...,
  /// "premises": how many of the statement's were used, "proof": PROOF} in the language of
  /// proofs/recheck/inequality/inequality.hpp, each of a scalar over the whole stated set.
  std::vector<std::string> signs;
  bool proved() const { return open.empty(); }
};

/// The conditions under which each node is read when the targets are. \param masked  whether the factor of a masked
/// product is read only where the mask is nonzero
std::vector<std::vector<Context>> contexts_of(const Graph& graph, std::span<const Ref> targets, bool masked);

/// Shows what it can. The workspace may grow. \throws NotHandled, Cut
Outcome prove(Workspace& workspace, const Goal& goal, const Budget& budget);

/// The goal over the sets and hypotheses of a problem, targets still to be named.
Goal goal_over(const Problem& problem);

}  // namespace nabla::wellposed
