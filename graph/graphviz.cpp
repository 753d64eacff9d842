#include <algorithm>
#include <nabla/graph/compact.hpp>
#include <nabla/graph/graphviz.hpp>
#include <sstream>

namespace nabla {

namespace {

/// A text between the quotes of a DOT string. A backslash is doubled, since DOT reads \N, \G and others in labels.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      out += ' ';
    else
      out += c;
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out.append(i == 0 ? "" : separator).append(parts[i]);
  return out;
}

/// Two operands that are different nodes, which a picture would otherwise not tell apart.
bool order_matters(const Graph& graph, NodeId id) {
  if (graph.info(id).facts.commutative) return false;
  const auto operands = graph.operands(id);
  const auto first = std::ranges::find_if(operands, &Ref::is_node);
  return std::any_of(first, operands.end(), [&](Ref r) { return r.is_node() && r != *first; });
}

}  // namespace

std::string default_label(const Graph& graph, NodeId id) {
  const OperatorInfo& info = graph.info(id);
  const std::string shape = graph.shape(id).is_scalar() ? "" : "\n" + graph.shape(id).to_string();
  if (graph.is(id, opcode<Variable>)) return graph.variable_name(id) + shape;
  if (const Constant* value = graph.as_constant(Ref::node(id))) return value->to_string() + shape;

  std::vector<std::string> parts;
  bool plain = true;
  for (const Ref r : graph.operands(id)) {
    const Constant* value = r.is_constant() ? graph.as_constant(r) : nullptr;
    plain = plain && value == nullptr;
    parts.push_back(value != nullptr ? value->to_string() : "_");
  }
  const std::string symbol(info.facts.notation.symbol);
  const Attributes attributes = graph.attributes(id);
  if (attributes.empty() && plain) return (symbol.empty() ? info.name : symbol) + shape;
  std::vector<std::string> integers;
  for (const std::int64_t a : attributes) integers.push_back(std::to_string(a));
  if (info.indexed && integers.size() == 1 && !symbol.empty()) parts.push_back(integers[0]);
  if (!symbol.empty() && parts.size() == 2) return joined(parts, " " + symbol + " ") + shape;
  if (!symbol.empty() && parts.size() == 1) return symbol + parts[0] + shape;
  std::string label = info.name;
  if (!integers.empty()) label += "[" + joined(integers, ", ") + "]";
  if (!plain) label += "(" + joined(parts, ", ") + ")";
  return label + shape;
}

void write_graphviz(std::ostream& out, const Graph& graph, const GraphvizOptions& options) {
  const bool all = options.outputs.empty();
  const std::vector<bool> drawn = all ? std::vector<bool>(graph.size(), true) : reached_from(graph, options.outputs);
  std::size_t count = 0;
  std::size_t left_out = 0;

  out << "digraph nabla {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Helvetica\"];\n"
         "  edge [arrowsize=0.7, fontsize=10];\n";
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!drawn[id]) continue;
    if (count == options.most_nodes) {
      ++left_out;
      continue;
    }
    ++count;
    const std::string label = options.label ? options.label(graph, id) : default_label(graph, id);
    out << "  n" << id << " [label=\"" << escaped(label) << '"';
    if (graph.is(id, opcode<Variable>)) out << ", shape=ellipse, style=solid";
    if (std::ranges::find(options.outputs, id) != options.outputs.end()) out << ", peripheries=2";
    out << "];\n";
    std::size_t slot = 0;
    const bool slots = order_matters(graph, id);
    for (const Ref r : graph.operands(id)) {
      if (r.is_node()) {
        out << "  n" << r.id() << " -> n" << id;
        if (slots) out << " [headlabel=\"" << slot << "\"]";
        out << ";\n";
      }
      ++slot;
    }
  }
  if (left_out != 0) out << "  more [label=\"and " << left_out << " more nodes\", shape=plaintext];\n";
  out << "}\n";
}

std::string to_graphviz(const Graph& graph, const GraphvizOptions& options) {
  std::ostringstream out;
  write_graphviz(out, graph, options);
  return std::move(out).str();
}

}  // namespace nabla
