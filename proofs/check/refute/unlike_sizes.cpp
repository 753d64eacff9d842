#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/refute/unlike_sizes.hpp>

namespace nabla {

UnlikeSizes::UnlikeSizes(const Problem& problem, const Statement& statement) : problem_(problem) {
  const auto collect = [&](const auto& self, const Statement& s) -> void {
    const auto take = [&](const Expr& e) {
      if (e.empty() || e.constant() != nullptr) return;
      if (e.workspace() != problem.workspace) {
        foreign_ = true;
      } else {
        targets_.push_back(e.ref());
      }
    };
    for (const Expr& side : s.sides) take(side);
    take(s.subject);
    for (const Statement& child : s.children) self(self, child);
  };
  collect(collect, statement);
}

bool UnlikeSizes::at(const Point& point) {
  if (foreign_) return true;
  const Precision scope = Precision::of_bits(LostTerms::run_bits);
  try {
    const LostTerms lost;
    wellposed::PointRun run(problem_.workspace->graph(), targets_);
    run.run(wellposed::assignment_of(problem_, point));
    return lost.any();
  } catch (const NotHandled&) {
    return true;
  }
}

}  // namespace nabla
