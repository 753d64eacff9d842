#pragma once

#include <nabla/proofs/check/curvature/rules.hpp>
#include <nabla/proofs/check/curvature/semidefinite.hpp>

namespace nabla::curvature {

/// A node as an elementwise function of a few nodes below it: v = h(u_1, ..., u_k, p_1, ...) entry by entry, where the
/// u depend on the variables and the p do not.
struct Cone {
  NodeId node = 0;
  std::vector<Ref> moving;  ///< u
  std::vector<Ref> still;   ///< p
};

/// The elementwise operators below a node, down to what is not elementwise, does not move, or (the second try, kept
/// where it has fewer) is affine. Nothing when the node is not elementwise, or has more than `most` moving leaves.
std::optional<Cone> cone_at(const Graph& graph, const Composition& rules, NodeId node, std::size_t most);

/// {"node", "moving": [...], "still": [...]}: the nodes as texts in the claim language, by which the re-checker finds
/// them.
Json names_of(const std::shared_ptr<Workspace>& workspace, const Cone& cone);

/// Whether two moving leaves are parts of one variable: then there may be more of them in other dimensions.
bool takes_entries(const Problem& problem, const Cone& cone);

/// h as a problem of its own: scalars t1, ..., tk and p1, ... in the ranges of the leaves. It holds for every entry and
/// every dimension for which the ranges do.
struct Reduced {
  Problem problem;
  std::vector<Expr> t;
  Expr h;
  /// The ranges of the leaves, first those of t: {"elements": true} for the elements of a given's finite set, else
  /// {"lo", "lo_closed", "hi", "hi_closed"} where an end is "given" (that of the set of the given whose entries the
  /// leaf has), a number as text, or null.
  Json ranges = Json::array();
};
/// \param open  whether the ends of the ranges of t are left out
Reduced reduce(const Problem& problem, const Cone& cone, const Ranges& ranges, bool open);

/// Whether h has derivatives of every order wherever it is defined (no kink in the ranges), and is continuous at their
/// ends.
bool is_smooth(const Reduced& reduced);
/// Whether leaving out the ends loses nothing: h is continuous where it is defined.
bool is_continuous(const Graph& graph, const Composition& rules, const Ranges& ranges, const Cone& cone);

/// The matrix of second derivatives of h by t.
Matrix second_derivatives(const Expr& h, const std::vector<Expr>& t);

/// Shows that the node of the cone is convex (concave): h is in t, and h rises (falls) in each leaf that is convex
/// (concave) instead of affine.
/// The proof is {"node", "moving", "still" (see names_of), "curvature", "ranges" (closed), "open", and "blocks",
/// "slopes": [sign or null], or "pieces" as continuous_pieces and show_convex_pieces say}.
bool show_cone(const Problem& problem, const Composition& rules, const Ranges& ranges, const Cone& cone, bool convex,
               const Budget& budget, Json& proof);

}  // namespace nabla::curvature
