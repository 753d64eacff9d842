#include <nabla/engine/record/recorded.hpp>

namespace nabla {

bool detail::note(const ComparedOperand& a, Guard::Relation relation, const ComparedOperand& b, bool outcome) {
  const auto depends = [](const Recorded& x) { return x.ref().is_node(); };
  if (RecordingScope::is_active() && (depends(a.number) || depends(b.number))) {
    RecordingScope& scope = RecordingScope::active();
    scope.guard({a.number.operand(scope.graph()), b.number.operand(scope.graph()), relation, outcome,
                 Origin{a.where.file_name(), a.where.line(), a.where.column()}});
  }
  return outcome;
}

}  // namespace nabla
