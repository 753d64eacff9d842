#include <nabla/engine/record/entries.hpp>
#include <nabla/proofs/check/scalarise.hpp>

namespace nabla::detail {

void evaluate_symbolically(Opcode code, Attributes attributes, std::span<const View<const Expr>> x, View<Expr> y) {
  const EntryRule rule = entry_rule(code);
  if (rule == nullptr) throw NotHandled("'" + operator_info(code).name + "' has no symbolic form");
  rule(attributes, x, y);
}

}  // namespace nabla::detail
