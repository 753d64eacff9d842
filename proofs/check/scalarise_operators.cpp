#include <nabla/proofs/check/scalarise.hpp>

namespace nabla::detail {

namespace {

using Rule = void (*)(Attributes, std::span<const View<const Expr>>, View<Expr>);

/// A structured rule that symbols cannot run looks at its values (which entry is the largest, which pivot is not zero);
/// its record then says in `definition`, with the same operands, what mathematics means by it.
template <class Op>
Rule rule_of() {
  using X = std::span<const View<const Expr>>;
  if constexpr (Op::family != Family::structured) {
    return nullptr;
  } else if constexpr (requires(Attributes a, X x, View<Expr> y) { Op::template definition<Expr>(a, x, y); }) {
    return [](Attributes a, X x, View<Expr> y) { Op::template definition<Expr>(a, x, y); };
  } else if constexpr (requires(Attributes a, X x, View<Expr> y) { Op::template evaluate<Expr>(a, x, y); }) {
    return [](Attributes a, X x, View<Expr> y) { Op::template evaluate<Expr>(a, x, y); };
  } else {
    return nullptr;
  }
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> table = [] {
    std::vector<Rule> made;
    for_each_operator([&made]<class Op>() { made.push_back(rule_of<Op>()); });
    return made;
  }();
  return table;
}

}  // namespace

void evaluate_symbolically(Opcode code, Attributes attributes, std::span<const View<const Expr>> x, View<Expr> y) {
  const Rule rule = code < rules().size() ? rules()[code] : nullptr;
  if (rule == nullptr) throw NotHandled("'" + operator_info(code).name + "' has no symbolic form");
  rule(attributes, x, y);
}

}  // namespace nabla::detail
