#include <algorithm>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>

namespace nabla::wellposed {

Assignment assignment_of(const Problem& problem, const Point& point) {
  Assignment variables;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    const Ref ref = problem.givens[g].variable.ref();
    if (!ref.is_node()) continue;
    auto& entries = variables[ref.id()];
    for (const Rational& x : point.entries[g]) entries.emplace_back(x);
  }
  return variables;
}

void PointRun::run(const Assignment& variables, const Meeting* met) {
  const Graph& graph = values_.graph();
  // What is known of a node, though its operands, being enclosed, do not tell.
  const auto know = [&](NodeId id) {
    if (met == nullptr) return;
    const auto x = graph.operands(id);
    const std::span<PointValue> entries = values_.entries(id);
    if (Ref::node(id) == met->a) std::ranges::copy(std::as_const(values_).entries(met->b), entries.begin());
    if (x.size() != 2 || !met->between(x[0], x[1])) return;
    if (graph.is(id, opcode<Equal>) || graph.is(id, opcode<LessEqual>)) entries[0] = PointValue(1);
    if (graph.is(id, opcode<Less>) || graph.is(id, opcode<Sub>)) entries[0] = PointValue(0);
  };
  for (const NodeId id : values_.nodes()) {
    const std::span<PointValue> entries = values_.entries(id);
    if (graph.is(id, opcode<Variable>)) {
      const auto found = variables.find(id);
      if (found != variables.end() && found->second.size() == entries.size()) {
        std::ranges::copy(found->second, entries.begin());
      } else {
        std::ranges::fill(entries, PointValue::of_status(Status::unknown));
      }
      know(id);
      continue;
    }
    values_.compute(id);
    know(id);
    const Row<PointValue>& rule = row<PointValue>(graph.code(id));
    if (rule.defined == nullptr) continue;
    const auto x = graph.operands(id);
    if (!std::ranges::all_of(x, [&](Ref r) { return status(r) == Status::defined; })) continue;
    if (rule.defined(graph.attributes(id), values_.operands(id), graph.shape(id)) == Truth::no &&
        std::ranges::none_of(entries, [](const PointValue& v) { return v.status() == Status::undefined; }))
      std::ranges::fill(entries, PointValue::of_status(Status::undefined));
  }
}

PointRun::Status PointRun::status(Ref ref) const {
  Status status = Status::defined;
  for (const PointValue& v : entries(ref)) status = worst(status, v.status());
  return status;
}

std::optional<std::size_t> PointRun::taken(NodeId id) const {
  const Graph& graph = values_.graph();
  const auto x = graph.operands(id);
  if (!graph.is(id, opcode<Where>) || !graph.shape(x[0]).is_scalar()) return std::nullopt;
  const Truth zero = entries(x[0])[0].zero();
  if (zero == Truth::unknown) return std::nullopt;
  return zero == Truth::no ? 1 : 2;
}

std::optional<NodeId> PointRun::culprit(Ref target) const {
  if (!target.is_node() || status(target) != Status::undefined) return std::nullopt;
  const Graph& graph = values_.graph();
  NodeId id = target.id();
  for (;;) {
    const auto x = graph.operands(id);
    std::optional<NodeId> next;
    if (const auto branch = taken(id)) {
      if (x[*branch].is_node() && status(x[*branch]) == Status::undefined) next = x[*branch].id();
    } else {
      for (const Ref r : x)
        if (!next && r.is_node() && status(r) == Status::undefined) next = r.id();
    }
    if (!next) return id;
    id = *next;
  }
}

std::vector<bool> PointRun::read(std::span<const Ref> targets) const {
  const Graph& graph = values_.graph();
  std::vector<bool> read;
  for (const Ref t : targets)
    if (t.is_node()) {
      if (read.size() <= t.id()) read.resize(t.id() + std::size_t{1}, false);
      read[t.id()] = true;
    }
  for (NodeId id = static_cast<NodeId>(read.size()); id-- > 0;) {
    if (!read[id]) continue;
    const auto x = graph.operands(id);
    const auto branch = taken(id);
    for (std::size_t k = 0; k < x.size(); ++k)
      if (x[k].is_node() && (!branch || k == 0 || k == *branch)) read[x[k].id()] = true;
  }
  return read;
}

bool PointRun::kink_free(NodeId id) const {
  const Graph& graph = values_.graph();
  const OperatorInfo& info = graph.info(id);
  if (info.family == Family::leaf) return true;
  const Row<PointValue>& rule = row<PointValue>(graph.code(id));
  if (rule.kink == nullptr) return info.facts.kinks.empty();
  return rule.kink(graph.attributes(id), values_.operands(id), graph.shape(id)) == Truth::no;
}

bool PointRun::positive(Ref ref) const {
  return std::ranges::all_of(entries(ref), [](const PointValue& v) { return v.positive() == Truth::yes; });
}
bool PointRun::nonzero(Ref ref) const {
  return std::ranges::all_of(entries(ref), [](const PointValue& v) { return v.zero() == Truth::no; });
}

}  // namespace nabla::wellposed
