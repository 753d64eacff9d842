#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/simplify/match.hpp>

namespace nabla {

namespace {

bool is_number_letter(const std::string& name) { return name == "a" || name == "b"; }
bool is_integer_letter(const std::string& name) { return name == "m" || name == "n"; }

/// pow(x, n) with an integer letter.
bool is_power(const Graph& rules, NodeId id) {
  if (!rules.is(id, opcode<Pow>)) return false;
  const Ref exponent = rules.operands(id)[1];
  return exponent.is_node() && rules.is(exponent.id(), opcode<Variable>) &&
         is_integer_letter(rules.variable_name(exponent.id()));
}

/// One attempt: which of the pattern's commutative nodes are read backwards is given by bits, in the order in which
/// they are met.
class Attempt {
 public:
  Attempt(const Graph& rules, Workspace& subject, Bindings& bindings, unsigned turned)
      : rules_(rules), subject_(subject), bindings_(bindings), turned_(turned) {}

  bool matches(Ref pattern, Ref part) {
    const Graph& graph = subject_.graph();
    if (const Constant* c = rules_.as_constant(pattern)) {
      const Constant* given = graph.as_constant(part);
      return given != nullptr && *given == *c;
    }
    const NodeId id = pattern.id();
    if (rules_.is(id, opcode<Variable>)) {
      if (is_number_letter(rules_.variable_name(id)) &&
          !(part.is_constant() && graph.constant_at(part.index()).kind() == Constant::Kind::ratio))
        return false;
      return bindings_.bind(id, part);
    }
    if (!part.is_node()) return false;
    const NodeId at = part.id();
    if (is_power(rules_, id)) {
      if (!graph.is(at, opcode<PowI>)) return false;
      const Ref base = graph.operands(at)[0];
      const Ref exponent = subject_.graph().constant(Constant::integer(graph.attributes(at)[0]));
      return bindings_.bind(rules_.operands(id)[1].id(), exponent) && matches(rules_.operands(id)[0], base);
    }
    if (rules_.code(id) != graph.code(at)) return false;
    const Attributes wanted = rules_.attributes(id);
    const Attributes given = graph.attributes(at);
    if (!std::equal(wanted.begin(), wanted.end(), given.begin(), given.end())) return false;
    const std::size_t arity = rules_.operands(id).size();
    if (graph.operands(at).size() != arity) return false;
    const bool turns = rules_.info(id).facts.commutative && ((turned_ >> met_++) & 1U) != 0;
    for (std::size_t k = 0; k < arity; ++k)
      if (!matches(rules_.operands(id)[k], graph.operands(at)[turns ? arity - 1 - k : k])) return false;
    return true;
  }
  /// Commutative nodes met so far.
  unsigned met() const { return met_; }

 private:
  const Graph& rules_;
  Workspace& subject_;
  Bindings& bindings_;
  unsigned turned_;
  unsigned met_ = 0;
};

/// Nodes that a pattern consists of, in order.
std::vector<NodeId> parts_of(const Expr& pattern) {
  const Ref root[] = {pattern.ref()};
  const std::vector<bool> marked = reachable(pattern.graph(), root);
  std::vector<NodeId> parts;
  for (NodeId id = 0; id < marked.size(); ++id)
    if (marked[id]) parts.push_back(id);
  return parts;
}

}  // namespace

Ref Bindings::find(NodeId letter) const {
  for (std::size_t k = 0; k < count_; ++k)
    if (entries_[k].letter == letter) return entries_[k].to;
  return {};
}

bool Bindings::bind(NodeId letter, Ref to) {
  if (const Ref before = find(letter); !before.empty()) return before == to;
  if (count_ == most) return false;
  entries_[count_++] = {letter, to};
  return true;
}

bool match(const Expr& pattern, const std::shared_ptr<Workspace>& subject, Ref root, Bindings& bindings) {
  const Graph& rules = pattern.graph();
  unsigned commutative = 0;
  for (unsigned turned = 0; turned >> commutative == 0; ++turned) {
    bindings.clear();
    Attempt attempt(rules, *subject, bindings, turned);
    if (attempt.matches(pattern.ref(), root)) return true;
    commutative = std::max(commutative, attempt.met());
  }
  return false;
}

std::vector<NodeId> letters_of(const Expr& pattern) {
  std::vector<NodeId> letters;
  if (!pattern.ref().is_node()) return letters;
  for (const NodeId id : parts_of(pattern))
    if (pattern.graph().is(id, opcode<Variable>)) letters.push_back(id);
  return letters;
}

Ref resolve(const Expr& pattern, Ref part, const std::shared_ptr<Workspace>& subject, const Bindings& bindings) {
  const Graph& rules = pattern.graph();
  if (part.is_constant()) return subject->graph().constant(rules.constant_at(part.index()));
  return rules.is(part.id(), opcode<Variable>) ? bindings.find(part.id()) : Ref();
}

std::optional<Expr> instantiate(const Expr& pattern, const std::shared_ptr<Workspace>& subject,
                                const Bindings& bindings) {
  const Graph& rules = pattern.graph();
  const auto constant = [&](Ref r) { return Expr(subject, subject->graph().constant(rules.constant_at(r.index()))); };
  if (pattern.ref().is_constant()) return constant(pattern.ref());
  const std::vector<NodeId> parts = parts_of(pattern);
  std::vector<Expr> made(pattern.ref().id() + std::size_t{1});
  std::vector<bool> from_exponent(made.size(), false);  // computed from integer letters
  for (const NodeId id : parts) {
    if (rules.is(id, opcode<Variable>)) {
      made[id] = Expr(subject, bindings.find(id));
      from_exponent[id] = is_integer_letter(rules.variable_name(id));
      continue;
    }
    std::vector<Expr> operands;
    for (const Ref r : rules.operands(id)) {
      operands.push_back(r.is_constant() ? constant(r) : made[r.id()]);
      if (r.is_node() && from_exponent[r.id()]) from_exponent[id] = true;
    }
    const Ref last = rules.operands(id).back();
    if (rules.is(id, opcode<Pow>) && last.is_node() && from_exponent[last.id()]) {
      from_exponent[id] = false;
      const Constant* n = operands[1].constant();
      if (n == nullptr || !n->is_integer()) return std::nullopt;
      made[id] = powi(operands[0], n->num(), std::source_location());
    } else {
      made[id] = detail::append(rules.code(id), std::source_location(), operands, rules.attributes(id));
    }
  }
  return made[pattern.ref().id()];
}

}  // namespace nabla
