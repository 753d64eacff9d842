#pragma once

#include <map>
#include <nabla/engine/simplify/match.hpp>

namespace nabla {

/// What is certain about the nodes of a workspace from their operators' facts alone. Each node is looked at once.
class Known {
 public:
  Known(std::shared_ptr<Workspace> workspace, std::vector<Expr> assumptions)
      : workspace_(std::move(workspace)), assumptions_(std::move(assumptions)) {}

  /// Signs of all entries of a value, where it has one.
  struct Sign {
    bool nonnegative = false;
    bool nonpositive = false;
    bool nonzero = false;
  };
  Sign sign(Ref ref);
  /// Whether it is defined for all values of the variables.
  bool total(Ref ref);

  /// Whether an instance of a rule's condition certainly holds: by signs, by exact arithmetic where its letters stand
  /// for numbers, or because it was assumed.
  bool holds(const SideCondition& condition, const Bindings& bindings);

 private:
  void look_up_to(NodeId id);
  Sign sign_of(NodeId id);
  bool limited(NodeId id);
  bool holds_by_sign(const Expr& condition, const Bindings& bindings);

  std::shared_ptr<Workspace> workspace_;
  std::vector<Expr> assumptions_;
  std::vector<Sign> signs_;
  std::vector<bool> total_;
  std::map<std::pair<Opcode, std::vector<std::int64_t>>, bool> limited_;
};

}  // namespace nabla
