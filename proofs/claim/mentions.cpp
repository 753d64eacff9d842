#include <algorithm>
#include <nabla/proofs/claim/mentions.hpp>

namespace nabla {

bool mentions(const Statement& s, const std::vector<Expr>& variables) {
  const auto reads = [&](const Expr& e) {
    return !e.empty() && e.ref().is_node() &&
           std::ranges::any_of(variables, [&](const Expr& x) { return depends_on(e, x); });
  };
  return std::ranges::any_of(s.sides, reads) || reads(s.subject) || std::ranges::any_of(s.parameters, reads) ||
         std::ranges::any_of(s.children, [&](const Statement& child) { return mentions(child, variables); });
}

}  // namespace nabla
