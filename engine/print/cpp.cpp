// Expressions as a C++ function.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/print/writer.hpp>
#include <nabla/graph/compact.hpp>
#include <set>
#include <unordered_map>

namespace nabla {

namespace {

constexpr std::array<std::string_view, 83> reserved = {
    "alignas",   "alignof",  "and",       "and_eq",    "asm",      "auto",     "bitand",   "bitor",     "bool",
    "break",     "case",     "catch",     "char",      "class",    "compl",    "const",    "constexpr", "continue",
    "decltype",  "default",  "delete",    "do",        "double",   "else",     "enum",     "explicit",  "export",
    "extern",    "false",    "float",     "for",       "friend",   "goto",     "if",       "inline",    "int",
    "long",      "mutable",  "namespace", "new",       "noexcept", "not",      "not_eq",   "nullptr",   "operator",
    "or",        "or_eq",    "private",   "protected", "public",   "register", "return",   "short",     "signed",
    "sizeof",    "static",   "struct",    "switch",    "template", "this",     "throw",    "true",      "try",
    "typedef",   "typeid",   "typename",  "union",     "unsigned", "using",    "virtual",  "void",      "volatile",
    "while",     "xor",      "xor_eq",    "char8_t",   "concept",  "requires", "co_await", "std",       "boost",
    "consteval", "constinit"};

std::string at(const Graph& graph, NodeId id) {
  const std::string origin = graph.origin(id).to_string();
  return origin.empty() ? "" : origin + ": ";
}

// ---- literals ----

/// How the literals of a type end.
std::string_view suffix_of(const std::string& number) {
  if (number == "double") return "";
  if (number == "float") return "f";
  if (number == "long double") return "L";
  throw std::invalid_argument("C++ code computes in float, double or long double, not in '" + number + "'");
}

/// p or p/q. Past 30 digits, which every type can hold, the leading ones and an exponent stand for all of them.
std::string ratio_literal(std::string_view text, std::string_view suffix) {
  constexpr std::size_t most = 30;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto slash = text.find('/');
  const bool quotient = slash != std::string_view::npos;
  const std::string_view p = text.substr(0, slash);
  const std::string_view q = quotient ? text.substr(slash + 1) : std::string_view("1");
  std::string out = negative ? "-" : "";
  const auto digits = [&](std::string_view all, std::ptrdiff_t exponent) {
    out.append(all.substr(0, 1)).append(".").append(all.size() == 1 ? "0" : all.substr(1, most));
    if (exponent != 0) out += "e" + std::to_string(exponent);
    out.append(suffix);
  };
  if (p.size() <= most && q.size() <= most) {
    out.append(p).append(".0").append(suffix);
    if (quotient) out.append(" / ").append(q).append(".0").append(suffix);
  } else {
    digits(p, static_cast<std::ptrdiff_t>(p.size()) - static_cast<std::ptrdiff_t>(q.size()));
    if (quotient) {
      out += " / ";
      digits(q, 0);
    }
  }
  return negative || quotient ? "(" + out + ")" : out;
}

/// The shortest decimal that a double is read back from; the exact hexadecimal form where more bits would be read.
std::string dyadic_literal(double x, const std::string& number) {
  if (std::isnan(x)) return "std::numeric_limits<" + number + ">::quiet_NaN()";
  if (std::isinf(x)) {
    const std::string infinity = "std::numeric_limits<" + number + ">::infinity()";
    return x < 0 ? "(-" + infinity + ")" : infinity;
  }
  char buffer[40];
  const bool wide = number == "long double";
  const auto end = wide ? std::to_chars(buffer, buffer + sizeof buffer, std::abs(x), std::chars_format::hex).ptr
                        : std::to_chars(buffer, buffer + sizeof buffer, std::abs(x)).ptr;
  std::string text = (wide ? "0x" : "") + std::string(buffer, end);
  if (!wide && text.find_first_of(".e") == std::string::npos) text += ".0";
  text += suffix_of(number);
  return std::signbit(x) ? "(-" + text + ")" : text;
}

std::string literal(const Constant& c, const std::string& number) {
  const std::string_view suffix = suffix_of(number);
  switch (c.kind()) {
    case Constant::Kind::dyadic:
      return dyadic_literal(c.as_dyadic(), number);
    case Constant::Kind::pi:
      return "3.14159265358979323846264338327950288" + std::string(suffix);
    case Constant::Kind::infinity:
      return "std::numeric_limits<" + number + ">::infinity()";
    default:
      return ratio_literal(c.to_string(), suffix);
  }
}

// ---- names ----

class NameTable {
 public:
  explicit NameTable(const std::string& function) { taken_.insert(function); }

  /// A C++ name that is not taken yet, as close to the wanted one as possible.
  std::string take(std::string_view wanted) {
    std::string name;
    for (const char c : wanted) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      const bool digit = c >= '0' && c <= '9';
      const bool doubled = c == '_' && name.ends_with('_');
      if ((letter || digit || c == '_') && !doubled) name += c;
    }
    const auto is_local = [](std::string_view n) {  // t12 is what lines are called
      return n.size() > 1 && n[0] == 't' && n.find_first_not_of("0123456789", 1) == std::string_view::npos;
    };
    if (name.empty() || !((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z'))) name = "x" + name;
    if (is_local(name) || std::ranges::find(reserved, name) != reserved.end()) name += name.ends_with('_') ? "v" : "_v";
    std::string unique = name;
    for (int k = 2; !taken_.insert(unique).second; ++k)
      unique = name + (name.ends_with('_') ? "" : "_") + std::to_string(k);
    return unique;
  }

 private:
  std::set<std::string> taken_;
};

// ---- from any graph to scalar operators that C++ has ----

struct Program {
  std::shared_ptr<Workspace> workspace;
  std::vector<Ref> outputs;
  const Graph& graph() const { return workspace->graph(); }
};

bool is_written_out(const OperatorInfo& info) { return info.composite && info.facts.notation.cpp.empty(); }

std::vector<bool> needed_by(const Graph& graph, std::span<const Ref> outputs) {
  std::vector<NodeId> nodes;
  for (const Ref r : outputs)
    if (r.is_node()) nodes.push_back(r.id());
  return reached_from(graph, nodes);
}

void check_scalar(const Graph& graph, NodeId id) {
  const OperatorInfo& info = graph.info(id);
  if (info.family != Family::structured && graph.shape(id).is_scalar()) return;
  const std::string what =
      graph.is(id, opcode<Variable>) ? "the variable '" + graph.variable_name(id) + "'" : info.name;
  throw std::invalid_argument(at(graph, id) + "C++ code is written for scalars, and " + what + " has the shape " +
                              graph.shape(id).to_string() + (graph.shape(id).is_scalar() ? ", made from tensors" : ""));
}

/// A copy in which every operator with a definition and no C++ of its own is replaced by the definition, once.
Program written_out(const Program& from, std::span<const NodeId> parameters) {
  const Graph& graph = from.graph();
  Program to{.workspace = std::make_shared<Workspace>(), .outputs = {}};
  const WorkspaceScope scope(to.workspace);
  std::vector<Ref> moved(graph.size());
  for (const NodeId id : parameters) moved[id] = Ref::node(to.workspace->graph().add_variable(graph.variable_name(id)));
  const auto move = [&](Ref r) {
    return r.is_node() ? moved[r.id()] : to.workspace->graph().constant(graph.constant_at(r.index()));
  };
  const std::vector<bool> needed = needed_by(graph, from.outputs);
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!needed[id] || !moved[id].empty()) continue;
    check_scalar(graph, id);
    if (graph.is(id, opcode<Variable>))
      throw std::invalid_argument("the outputs depend on the variable '" + graph.variable_name(id) +
                                  "', which is not among the parameters");
    if (const Constant* c = graph.as_constant(Ref::node(id))) {
      moved[id] = to.workspace->graph().constant(*c);
      continue;
    }
    std::vector<Ref> operands;
    for (const Ref r : graph.operands(id)) operands.push_back(move(r));
    if (is_written_out(graph.info(id))) {
      std::vector<Expr> x;
      for (const Ref r : operands) x.emplace_back(to.workspace, r);
      const Expr made = expand_definition(graph.code(id), graph.attributes(id), x);
      // A definition may be a constant, which belongs to whichever workspace is current: this one.
      if (!made.empty()) {
        moved[id] = made.ref();
        continue;
      }
    }
    moved[id] = to.workspace->node(graph.code(id), operands, graph.attributes(id));
  }
  for (const Ref r : from.outputs) to.outputs.push_back(move(r));
  return to;
}

bool has_definitions_left(const Program& program) {
  const std::vector<bool> needed = needed_by(program.graph(), program.outputs);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && is_written_out(program.graph().info(id))) return true;
  return false;
}

// ---- lines ----

/// The right-hand side of a line: the operator over names and literals.
std::string expression(const OperatorInfo& info, const std::vector<std::string>& operands, Attributes attributes) {
  const Notation& notation = info.facts.notation;
  std::vector<std::string> places = operands;
  for (const std::int64_t a : attributes) places.push_back(std::to_string(a));
  if (!notation.cpp.empty()) {
    std::string out;
    for (const detail::TemplatePart& part : detail::parse_template(notation.cpp))
      out += part.place < 0                                         ? part.text
             : static_cast<std::size_t>(part.place) < places.size() ? places[static_cast<std::size_t>(part.place)]
                                                                    : "";
    return out;
  }
  if (!notation.symbol.empty() && places.size() == 1) return std::string(notation.symbol) + places[0];
  if (!notation.symbol.empty() && places.size() == 2)
    return places[0] + " " + std::string(notation.symbol) + " " + places[1];
  std::string out = "std::" + info.name + "(";
  for (std::size_t i = 0; i < places.size(); ++i) out += (i == 0 ? "" : ", ") + places[i];
  return out + ")";
}

std::string includes_of(const std::string& body) {
  struct Need {
    std::string_view word, header;
  };
  constexpr std::array<Need, 7> needs = {{{"std::max(", "algorithm"},
                                          {"std::min(", "algorithm"},
                                          {"std::array", "array"},
                                          {"boost::math::digamma", "boost/math/special_functions/digamma.hpp"},
                                          {"boost::math::polygamma", "boost/math/special_functions/polygamma.hpp"},
                                          {"std::", "cmath"},
                                          {"std::numeric_limits", "limits"}}};
  std::string out;
  for (const Need& need : needs) {
    const std::string line = "#include <" + std::string(need.header) + ">\n";
    if (body.find(need.word) != std::string::npos && out.find(line) == std::string::npos) out += line;
  }
  return out.empty() ? out : out + "\n";
}

}  // namespace

std::string to_cpp(std::span<const Expr> outputs, const CppOptions& options) {
  if (outputs.empty()) throw std::invalid_argument("C++ code needs at least one output");
  suffix_of(options.number);
  std::shared_ptr<Workspace> workspace;
  for (const auto& list : {outputs, std::span<const Expr>(options.parameters)})
    for (const Expr& e : list) {
      if (e.empty()) throw std::invalid_argument("an output or parameter refers to nothing: it was never given one");
      if (e.ref().is_constant()) continue;
      if (workspace && workspace != e.workspace())
        throw std::invalid_argument("the outputs and parameters belong to two workspaces; transplant() some of them");
      workspace = e.workspace();
    }
  if (!workspace) workspace = outputs[0].workspace();
  Program program{.workspace = workspace, .outputs = {}};
  for (const Expr& e : outputs)
    program.outputs.push_back(e.workspace() == workspace ? e.ref() : workspace->graph().constant(*e.constant()));

  const Graph& source = program.graph();
  std::vector<NodeId> parameters;
  for (const Expr& e : options.parameters) {
    if (!e.ref().is_node() || !source.is(e.ref().id(), opcode<Variable>))
      throw std::invalid_argument("a parameter must be a variable");
    if (std::ranges::find(parameters, e.ref().id()) != parameters.end())
      throw std::invalid_argument("the parameter '" + source.variable_name(e.ref().id()) + "' is given twice");
    parameters.push_back(e.ref().id());
  }
  if (options.parameters.empty()) {
    const std::vector<bool> needed = needed_by(source, program.outputs);
    for (const NodeId id : source.variables())
      if (needed[id]) parameters.push_back(id);
  }
  NameTable names(options.name);
  std::string signature, renamed;
  std::vector<std::string> text;  // of each node, when it is an operand
  for (NodeId& id : parameters) {
    check_scalar(source, id);
    const std::string& wanted = source.variable_name(id);
    text.push_back(names.take(wanted));
    signature += (signature.empty() ? "" : ", ") + options.number + " " + text.back();
    if (text.back() == wanted) continue;
    renamed += "// " + text.back() + " stands for ";
    for (const char c : wanted) renamed += c >= ' ' && c != '\\' && c != 0x7F ? c : '?';
    renamed += "\n";
  }

  // Definitions may use operators with definitions; the second and later copies have the parameters in front.
  program = written_out(program, parameters);
  for (NodeId k = 0; k < parameters.size(); ++k) parameters[k] = k;
  for (int copies = 1; has_definitions_left(program); ++copies) {
    if (copies == 100) throw std::invalid_argument("the definition of an operator leads back to the operator");
    program = written_out(program, parameters);
  }

  const Graph& graph = program.graph();
  const std::vector<bool> needed = needed_by(graph, program.outputs);
  const auto operand = [&](Ref r) {
    return r.is_node() ? text[r.id()] : literal(graph.constant_at(r.index()), options.number);
  };
  std::string body;
  std::size_t lines = 0;
  text.resize(graph.size());
  for (auto id = static_cast<NodeId>(parameters.size()); id < graph.size(); ++id) {
    if (!needed[id]) continue;
    std::vector<std::string> operands;
    for (const Ref r : graph.operands(id)) operands.push_back(operand(r));
    text[id] = "t" + std::to_string(++lines);
    body += "  const " + options.number + " " + text[id] + " = " +
            expression(graph.info(id), operands, graph.attributes(id)) + ";\n";
  }
  std::string returned;
  for (const Ref r : program.outputs) returned += (returned.empty() ? "" : ", ") + operand(r);
  const bool several = program.outputs.size() > 1;
  const std::string type =
      several ? "std::array<" + options.number + ", " + std::to_string(program.outputs.size()) + ">" : options.number;
  body = renamed + type + " " + options.name + "(" + signature + ") {\n" + body + "  return " +
         (several ? "{" + returned + "}" : returned) + ";\n}\n";
  return includes_of(body) + body;
}

}  // namespace nabla
