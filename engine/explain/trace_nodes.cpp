#include <cctype>
#include <nabla/engine/explain/trace_parts.hpp>
#include <nabla/engine/print/print.hpp>
#include <set>

namespace nabla {

namespace {

class NodeReader {
 public:
  NodeReader(const Function& f, const TraceLabels& labels) : f_(f), labels_(labels), graph_(f.plan()->graph()) {}

  TraceNodes read() {
    const Ref output = f_.plan()->outputs()[0];
    const std::vector<bool> needed = output.is_node() ? reachable(graph_, {&output, 1}) : std::vector<bool>();
    std::set<std::string> taken;
    for (const NodeId id : f_.plan()->nodes()) {
      if (id >= needed.size() || !needed[id]) continue;
      const auto label = labels_.names.find(id);
      const bool is_variable = graph_.is(id, opcode<Variable>);
      if (label != labels_.names.end())
        given_[id] = unused(as_identifier(label->second), taken);
      else if (is_variable)
        taken.insert(graph_.variable_name(id));
    }
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
        node.name = given_.contains(id) ? given_.at(id) : graph_.variable_name(id);
        node.varies = true;
      } else if (const Constant* c = graph_.as_constant(Ref::node(id))) {
        const WorkspaceScope scope(std::make_shared<Workspace>());
        node.op = "constant";
        node.name = to_string(Expr(*c));
        node.latex = to_latex(Expr(*c));
      } else {
        node.name = given_.contains(id) ? given_.at(id) : letter + std::to_string(++count);
        for (const std::size_t k : node.in) node.varies = node.varies || read_.nodes[k].varies;
      }
      for (const std::size_t k : node.in) ++read_.nodes[k].uses;
      read_.places.emplace(id, read_.nodes.size());
      read_.is_named.push_back(given_.contains(id));
      read_.refs.push_back(Ref::node(id));
      read_.nodes.push_back(std::move(node));
    }
    if (!output.is_node()) constant(output);
    for (std::size_t k = 0; k < read_.nodes.size(); ++k)
      if (read_.nodes[k].op == "variable") read_.inputs.push_back(k);
    return std::move(read_);
  }

 private:
  /// What formulas can hold: letters, digits and underscores.
  static std::string as_identifier(const std::string& name) {
    std::string made;
    for (const char c : name) made += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return std::isdigit(static_cast<unsigned char>(made[0])) != 0 ? "_" + made : made;
  }
  /// A name in a loop is given again and again: x, x_2, x_3.
  std::string unused(const std::string& name, std::set<std::string>& taken) {
    int& count = repeats_[name];
    std::string made = name;
    do {
      made = ++count == 1 ? name : name + "_" + std::to_string(count);
    } while (!taken.insert(made).second);
    return made;
  }

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
      read_.is_named.push_back(false);
      read_.nodes.push_back(std::move(node));
    }
    return it->second;
  }

  const Function& f_;
  const TraceLabels& labels_;
  const Graph& graph_;
  TraceNodes read_;
  std::unordered_map<NodeId, std::string> given_;  // by the author
  std::map<std::string, int> repeats_;
  std::map<std::uint32_t, std::size_t> constants_;
};

}  // namespace

TraceNodes read_trace_nodes(const Function& f, const TraceLabels& labels) { return NodeReader(f, labels).read(); }

}  // namespace nabla
