#pragma once

#include <nabla/proofs/check/wellposed/definedness_at.hpp>

namespace nabla {

/// Whether a statement adds numbers of very unlike size at a point, so that its sides may agree in every digit that is
/// looked at and differ all the same (1 + exp(-10^6) and 1, tanh(1000) and 1).
class UnlikeSizes {
 public:
  /// Both must outlive it.
  UnlikeSizes(const Problem& problem, const Statement& statement);
  /// Also true where the statement cannot be looked at.
  bool at(const Point& point);

 private:
  const Problem& problem_;
  std::vector<Ref> targets_;
  bool foreign_ = false;  // an expression of another workspace
};

}  // namespace nabla
