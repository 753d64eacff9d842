#include <nabla/engine/explain/trace_parts.hpp>
#include <nabla/engine/print/print.hpp>
#include <set>

namespace nabla {

namespace {

class NodeReader {
 public:
  explicit NodeReader(const Function& f) : f_(f), graph_(f.plan()->graph()) {}

  TraceNodes read() {
    const Ref output = f_.plan()->outputs()[0];
    const std::vector<bool> needed = output.is_node() ? reachable(graph_, {&output, 1}) : std::vector<bool>();
    std::set<std::string> taken;
    for (const NodeId id : f_.plan()->nodes())
      if (id < needed.size() && needed[id] && graph_.is(id, opcode<Variable>)) taken.insert(graph_.variable_name(id));
    // Names of values: v1, v2, ...; with another letter where a variable is called so.
    std::string letter = "v";
    for (const char* candidate : {"v", "w", "u", "s", "node"}) {
      letter = candidate;
      const auto clashes = [&](const std::string& name) {
        return name.starts_with(letter) && name.find_first_not_of("0123456789", letter.size()) == std::string::npos;
      };
      if (std::ranges::none_of(taken, clashes)) break;
    }
    int count = 0;
    for (const NodeId id : f_.plan()->nodes()) {
      if (id >= needed.size() || !needed[id]) continue;
      TraceNode node{
          .op = std::string(graph_.info(id).name), .in = {}, .name = {}, .formula = {}, .numbers = {}, .latex = {}};
      node.shape = graph_.shape(id);
      node.origin = graph_.origin(id);
      for (const Ref r : graph_.operands(id)) node.in.push_back(place(r));
      if (graph_.is(id, opcode<Variable>)) {
        node.op = "variable";
        node.name = graph_.variable_name(id);
        node.varies = true;
      } else if (const Constant* c = graph_.as_constant(Ref::node(id))) {
        const WorkspaceScope scope(std::make_shared<Workspace>());
        node.op = "constant";
        node.name = to_string(Expr(*c));
        node.latex = to_latex(Expr(*c));
      } else {
        node.name = letter + std::to_string(++count);
        for (const std::size_t k : node.in) node.varies = node.varies || read_.nodes[k].varies;
      }
      for (const std::size_t k : node.in) ++read_.nodes[k].uses;
      read_.places.emplace(id, read_.nodes.size());
      read_.refs.push_back(Ref::node(id));
      read_.nodes.push_back(std::move(node));
    }
    if (!output.is_node()) constant(output);
    for (std::size_t k = 0; k < read_.nodes.size(); ++k)
      if (read_.nodes[k].op == "variable") read_.inputs.push_back(k);
    return std::move(read_);
  }

 private:
  std::size_t place(Ref ref) { return ref.is_node() ? read_.places.at(ref.id()) : constant(ref); }

  std::size_t constant(Ref ref) {
    const auto [it, is_new] = constants_.emplace(ref.index(), read_.nodes.size());
    if (is_new) {
      TraceNode node{.op = "constant", .in = {}, .name = {}, .formula = {}, .numbers = {}, .latex = {}};
      const WorkspaceScope scope(std::make_shared<Workspace>());
      const Expr value(*graph_.as_constant(ref));
      node.name = to_string(value);
      node.latex = to_latex(value);
      read_.refs.push_back(ref);
      read_.nodes.push_back(std::move(node));
    }
    return it->second;
  }

  const Function& f_;
  const Graph& graph_;
  TraceNodes read_;
  std::map<std::uint32_t, std::size_t> constants_;
};

}  // namespace

TraceNodes read_trace_nodes(const Function& f) { return NodeReader(f).read(); }

}  // namespace nabla
