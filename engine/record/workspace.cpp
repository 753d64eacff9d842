#include <nabla/engine/record/workspace.hpp>

namespace nabla {

namespace {

thread_local std::shared_ptr<Workspace> current_workspace;

}  // namespace

std::size_t Workspace::Hash::operator()(const Key& key) const {
  std::uint64_t h = 0x9E3779B97F4A7C15ULL + key.code;
  const auto mix = [&h](std::uint64_t v) {
    h ^= v + 0x9E3779B97F4A7C15ULL + (h << 6) + (h >> 2);
    h *= 0xFF51AFD7ED558CCDULL;
    h ^= h >> 33;
  };
  for (const std::uint32_t o : key.operands) mix(o);
  for (const std::int64_t a : key.attributes) mix(static_cast<std::uint64_t>(a));
  return h;
}

Ref Workspace::node(Opcode code, std::span<const Ref> operands, Attributes attributes) {
  Key key{code, {}, {attributes.begin(), attributes.end()}};
  key.operands.reserve(operands.size());
  for (const Ref r : operands) key.operands.push_back(r.bits());
  if (const auto it = nodes_.find(key); it != nodes_.end()) return Ref::node(it->second);
  const NodeId id = graph_.add(code, operands, attributes);
  nodes_.emplace(std::move(key), id);
  return Ref::node(id);
}

Ref Workspace::literal(const Constant& value, const Shape& shape) {
  const Ref constant = graph_.constant(value);
  Key key{opcode<Literal>, {constant.bits()}, {shape.extents().begin(), shape.extents().end()}};
  if (const auto it = nodes_.find(key); it != nodes_.end()) return Ref::node(it->second);
  const NodeId id = graph_.add_literal(value, shape);
  nodes_.emplace(std::move(key), id);
  return Ref::node(id);
}

bool Workspace::hangs_on_condition(NodeId id) {
  while (conditional_.size() <= id) {
    const auto next = static_cast<NodeId>(conditional_.size());
    const Opcode code = graph_.code(next);
    bool found = code == opcode<Less> || code == opcode<LessEqual> || code == opcode<Equal> || code == opcode<Where>;
    for (const Ref r : graph_.operands(next)) found = found || (r.is_node() && conditional_[r.id()]);
    conditional_.push_back(found);
  }
  return conditional_[id];
}

std::shared_ptr<Workspace> Workspace::current() {
  if (!current_workspace || current_workspace.use_count() == 1) current_workspace = std::make_shared<Workspace>();
  return current_workspace;
}

WorkspaceScope::WorkspaceScope(std::shared_ptr<Workspace> workspace) : before_(std::move(current_workspace)) {
  current_workspace = std::move(workspace);
}

WorkspaceScope::~WorkspaceScope() { current_workspace = std::move(before_); }

}  // namespace nabla
