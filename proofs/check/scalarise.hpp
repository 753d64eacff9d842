#pragma once

#include <map>
#include <nabla/proofs/claim/problem.hpp>
#include <unordered_map>

namespace nabla {

/// The expressions of a problem entry by entry: tensors become scalar expressions in a workspace of their own, in which
/// only elementwise operators and one variable for each entry of a given remain. Structured operators are run on scalar
/// expressions by their own rule, so nothing is said twice.
class ScalarForm {
 public:
  /// An entry of a given; entries that the set makes equal (symmetric matrices) are one.
  struct Leaf {
    std::size_t given;  ///< index into the problem's givens; `unknown` for a variable that is not given
    std::int64_t entry;
    std::string name;  ///< "x[1, 2]"
  };
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);

  explicit ScalarForm(const Problem& problem);

  /// The entries of an expression of the problem's workspace, row-major.
  /// \throws NotHandled for an operator without a symbolic form, and past a million entries
  std::vector<Expr> entries(const Expr& e);

  const std::shared_ptr<Workspace>& workspace() const { return workspace_; }
  /// \pre node is a variable of the scalar workspace
  const Leaf& leaf(NodeId node) const { return leaves_.at(node); }
  /// The scalar variable that stands for an entry of a given.
  Expr entry_of(std::size_t given, std::int64_t entry);

 private:
  std::vector<Expr> leaf_entries(NodeId variable, const Graph& graph);
  std::vector<Expr> apply(const Graph& graph, NodeId id, const std::vector<std::vector<Expr>>& x);

  const Problem& problem_;
  std::shared_ptr<Workspace> workspace_;
  std::unordered_map<NodeId, std::vector<Expr>> done_;
  std::unordered_map<NodeId, Leaf> leaves_;
  std::size_t made_ = 0;
};

}  // namespace nabla
