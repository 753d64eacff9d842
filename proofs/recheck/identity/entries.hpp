#pragma once

#include <map>
#include <nabla/proofs/claim/problem.hpp>
#include <optional>

namespace nabla::rederive {

/// Which entry of which given a scalar variable stands for.
struct Entry {
  std::optional<std::size_t> given;  ///< index into the problem's givens; nothing for a variable that is not given
  std::int64_t index = 0;            ///< row-major
};

/// The tensor expressions of a problem written out entry by entry, in a workspace of their own.
class Entries {
 public:
  explicit Entries(const Problem& problem) : problem_(problem), workspace_(std::make_shared<Workspace>()) {}
  /// Row-major. \throws NotHandled
  const std::vector<Expr>& of(const Expr& e);
  const std::shared_ptr<Workspace>& workspace() const { return workspace_; }
  const Entry& entry(NodeId scalar_variable) const { return entries_.at(scalar_variable); }

 private:
  std::vector<Expr> make(const Graph& graph, NodeId node);
  std::vector<Expr> make_variable(const Graph& graph, NodeId node);

  const Problem& problem_;
  std::shared_ptr<Workspace> workspace_;
  std::map<std::uint32_t, std::vector<Expr>> written_;  // by the bits of a reference
  std::map<NodeId, Entry> entries_;
};

}  // namespace nabla::rederive
