#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <nabla/graph/saved_node.hpp>

namespace nabla {

namespace {

std::string describe(const std::string& place, std::uint32_t line, std::uint32_t column, const std::string& message) {
  std::string text = place;
  if (line != 0) text += ":" + std::to_string(line) + ":" + std::to_string(column);
  return text + ": " + message;
}

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument(what); }

/// A text of a file as a message may show it.
std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 40)) out += c >= ' ' && c != 0x7F ? c : '?';
  return "'" + out + (text.size() > 40 ? "...'" : "'");
}

template <class T, class... Base>
bool whole_number(std::string_view text, T& out, Base... base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base...);
  return error == std::errc{} && end == text.data() + text.size();
}

std::string exact_double(double x) {
  char buffer[40];
  if (std::isnan(x)) {
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::bit_cast<std::uint64_t>(x), 16).ptr;
    return "nan(" + std::string(buffer, end) + ")";
  }
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::abs(x), std::chars_format::hex).ptr;
  return (std::signbit(x) ? "-0x" : "0x") + std::string(buffer, end);
}

std::optional<double> double_from(std::string_view text) {
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  if (text.starts_with("nan(") && text.ends_with(")")) {
    std::uint64_t bits = 0;
    if (!whole_number(text.substr(4, text.size() - 5), bits, 16)) return std::nullopt;
    const auto value = std::bit_cast<double>(bits);
    return std::isnan(value) ? std::optional(value) : std::nullopt;
  }
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!text.starts_with("0x")) return std::nullopt;
  text.remove_prefix(2);
  // from_chars also takes "inf", "nan" and a sign, and rounds what has too many digits: none of these is our form.
  double value = 0;
  if (text.starts_with('-') || !whole_number(text, value, std::chars_format::hex) || !std::isfinite(value))
    return std::nullopt;
  if (negative) value = -value;
  return value;
}

}  // namespace

GraphFormatError::GraphFormatError(std::string place, std::uint32_t line, std::uint32_t column,
                                   const std::string& message)
    : std::runtime_error(describe(place, line, column, message)),
      place_(std::move(place)),
      line_(line),
      column_(column),
      message_(message) {}

std::string exact_text(const Constant& value) {
  return value.kind() == Constant::Kind::dyadic ? exact_double(value.as_dyadic()) : value.to_string();
}

Constant constant_from_exact_text(std::string_view text) {
  if (text == "pi") return Constant::pi();
  if (text == "oo") return Constant::infinity();
  if (const auto value = double_from(text)) {
    const Constant made = Constant::dyadic(*value);
    if (std::isnan(*value) || exact_text(made) == text) return made;
    refuse(shown(text) + " is not the form in which a double is saved; expected '" + exact_text(made) + "'");
  }
  if (text.empty() || text.find_first_not_of("-/0123456789") != std::string_view::npos)
    refuse(shown(text) + " is not a constant; expected a ratio (-1/2), pi, oo or a hexadecimal double (0x1.8p+1)");
  return Constant::text(std::string(text));
}

SavedNode saved_node(const Graph& graph, NodeId id, bool with_origin) {
  SavedNode node{.operation = graph.info(id).name};
  if (graph.is(id, opcode<Variable>)) node.name = graph.variable_name(id);
  if (graph.is(id, opcode<Literal>)) node.value = *graph.as_constant(Ref::node(id));
  for (const Ref r : graph.operands(id)) {
    if (r.is_node())
      node.operands.emplace_back(std::uint64_t{r.id()});
    else
      node.operands.emplace_back(graph.constant_at(r.index()));
  }
  const Attributes attributes = graph.attributes(id);
  node.attributes.assign(attributes.begin(), attributes.end());
  const auto extents = graph.shape(id).extents();
  node.extents.assign(extents.begin(), extents.end());
  if (with_origin) node.origin = graph.origin(id);
  return node;
}

NodeId append_saved(Graph& graph, const SavedNode& node) {
  const int found = find_operator(node.operation);
  if (found < 0) refuse("there is no operator named " + shown(node.operation));
  const auto code = static_cast<Opcode>(found);
  const OperatorInfo& info = operator_info(code);

  for (const std::int64_t extent : node.extents)
    if (extent < 0) refuse("an extent cannot be negative: " + std::to_string(extent));
  const Shape stated(node.extents);
  const bool leaf = info.family == Family::leaf;
  if (leaf && !(node.operands.empty() && node.attributes.empty()))
    refuse("a " + node.operation + " has neither operands nor attributes");
  if (node.name.has_value() != (code == opcode<Variable>))
    refuse(node.name ? "only a variable has a name" : "a variable needs a name");
  if (node.value.has_value() != (code == opcode<Literal>))
    refuse(node.value ? "only a literal has a value" : "a literal needs a value");
  if (info.family == Family::elementwise && node.attributes.size() != (info.indexed ? 1u : 0u))
    refuse(info.indexed ? node.operation + " takes one attribute" : node.operation + " takes no attributes");
  if (!leaf && info.arity != variadic && node.operands.size() != static_cast<std::size_t>(info.arity))
    refuse(node.operation + " takes " + std::to_string(info.arity) + " operands, not " +
           std::to_string(node.operands.size()));

  std::vector<Ref> refs;
  std::vector<Shape> shapes;
  for (const auto& operand : node.operands) {
    if (const auto* id = std::get_if<std::uint64_t>(&operand)) {
      if (*id >= graph.size())
        refuse("operand " + std::to_string(*id) + " is not an earlier node; this is node " +
               std::to_string(graph.size()));
      refs.push_back(Ref::node(static_cast<NodeId>(*id)));
    } else {
      refs.push_back(graph.constant(std::get<Constant>(operand)));
    }
    shapes.push_back(graph.shape(refs.back()));
  }

  const std::uint32_t before = graph.current_origin();
  try {
    if (!leaf) {
      const Shape follows = result_shape(code, node.attributes, shapes);
      if (follows != stated)
        refuse("the shape " + stated.to_string() + " is stated, but " + node.operation + " gives " +
               follows.to_string());
    }
    graph.set_origin(graph.intern_origin(node.origin));
    const NodeId id = code == opcode<Variable>  ? graph.add_variable(*node.name, stated)
                      : code == opcode<Literal> ? graph.add_literal(*node.value, stated)
                                                : graph.add(code, refs, node.attributes);
    graph.set_origin(before);
    return id;
  } catch (const std::logic_error& error) {  // ShapeError; a size that does not fit
    graph.set_origin(before);
    refuse(error.what());
  }
}

}  // namespace nabla
