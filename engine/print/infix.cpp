// Expressions in the claim language.
#include <cmath>
#include <nabla/engine/print/dyadic.hpp>
#include <nabla/engine/print/writer.hpp>
#include <ostream>

namespace nabla {

namespace {

using detail::Binding;
using detail::Form;
using detail::Layout;
using detail::Piece;

Form atom(std::string text) { return {.pieces = {{.text = std::move(text)}}}; }

/// p, -p, p/q, -p/q: a quotient binds like one.
Form ratio_form(const std::string& text) {
  Form form = atom(text);
  form.begins_with_sign = text.starts_with('-');
  if (text.find('/') != std::string::npos)
    form.precedence = Binding::product;
  else if (form.begins_with_sign)
    form.precedence = Binding::sign;
  return form;
}

Form dyadic_form(double x) {
  if (std::isnan(x)) return atom("nan");
  if (std::isinf(x)) return ratio_form(x < 0 ? "-oo" : "oo");
  if (x == 0) return atom("0");
  const detail::Dyadic d = detail::decompose(x);
  const std::string sign = d.negative ? "-" : "";
  if (const auto decimal = detail::short_decimal(d)) return ratio_form(sign + *decimal);
  if (d.exponent < 0 && d.exponent >= -62)
    return ratio_form(sign + std::to_string(d.mantissa) + "/" + std::to_string(std::uint64_t{1} << -d.exponent));
  Form form = ratio_form(sign + std::to_string(d.mantissa) + " * 2^" + std::to_string(d.exponent));
  form.precedence = Binding::product;
  return form;
}

Form constant_form(const Constant& c) {
  return c.kind() == Constant::Kind::dyadic ? dyadic_form(c.as_dyadic()) : ratio_form(c.to_string());
}

/// Two operators may share a symbol and an arity, of which one takes an integer (x^3 with 3 an attribute): integers
/// after the symbol are that one's, and the other is then written as a call.
bool means_another_operator(const Graph& graph, NodeId id) {
  const OperatorInfo& info = graph.info(id);
  if (info.indexed || graph.operands(id).size() != 2) return false;
  const Constant* right = graph.as_constant(graph.operands(id)[1]);
  if (right == nullptr || !right->is_integer()) return false;
  for (Opcode code = 0; code < builtin_count; ++code) {
    const OperatorInfo& other = operator_info(code);
    if (other.indexed && other.facts.notation.symbol == info.facts.notation.symbol) return true;
  }
  return false;
}

class Infix final : public detail::Dialect {
 public:
  Form form(const Graph& graph, const Piece& piece) const override {
    if (piece.condition) return condition_form(graph, piece.ref);
    if (piece.ref.is_constant()) return constant_form(*graph.as_constant(piece.ref));
    return number_form(graph, piece.ref.id());
  }

  Form condition_on(const std::string& name) const override {
    return {.precedence = Binding::relation, .pieces = {{.text = name + " != 0"}}};
  }

  std::string parenthesis(bool open) const override { return open ? "(" : ")"; }

  std::string name(std::size_t number, bool clash) const override {
    return (clash ? "t_" : "t") + std::to_string(number) + (clash ? "_" : "");
  }

  std::string document(const std::vector<Definition>& definitions, std::size_t left_out,
                       const std::string& result) const override {
    std::string text;
    for (const Definition& d : definitions) text += "let " + d.name + " = " + d.text + "\n";
    if (left_out != 0) text += "# ... and " + std::to_string(left_out) + " more\n";
    return text + result;
  }

 private:
  struct Arguments {
    std::vector<Ref> operands{};
    std::vector<std::int64_t> before{}, after{};  // integers around them
    bool first_is_condition = false;
  };
  static Form call(const std::string& name, const Arguments& arguments) {
    Form form{.precedence = Binding::postfix, .pieces = {{.text = name + "("}}};
    const auto next = [&](Piece piece) {
      if (form.pieces.size() > 1) form.pieces.push_back({.text = ", "});
      form.pieces.push_back(std::move(piece));
    };
    for (const std::int64_t n : arguments.before) next({.text = std::to_string(n)});
    for (const Ref r : arguments.operands)
      next({.ref = r, .condition = arguments.first_is_condition && form.pieces.size() == 1});
    for (const std::int64_t n : arguments.after) next({.text = std::to_string(n)});
    form.pieces.push_back({.text = ")"});
    return form;
  }
  static Form call(const std::string& name, Attributes extents) {
    return call(name, {.after = {extents.begin(), extents.end()}});
  }

  static Form named_call(const Graph& graph, NodeId id) {
    const OperatorInfo& info = graph.info(id);
    const auto operands = graph.operands(id);
    const Attributes attributes = graph.attributes(id);
    Arguments arguments{.operands = {operands.begin(), operands.end()},
                        .first_is_condition = graph.is(id, opcode<Where>)};
    // The language has the order of a function in front, and the extents of a reshape behind. An axis 0 is what the
    // operators that take one axis mean anyway. What the language has no words for stands in braces, which it refuses:
    // a text must not mean something else than it came from.
    std::vector<std::int64_t> integers(attributes.begin(), attributes.end());
    const bool first_axis =
        integers.size() == 1 && integers[0] == 0 && (info.arity == variadic || graph.is(id, opcode<CumSum>));
    // Entries added up to a scalar are the language's sum; to another shape it has no word for it.
    if (graph.is(id, opcode<SumTo>) && integers.empty()) return call(std::string(Sum::name), arguments);
    if (info.indexed)
      arguments.before = std::move(integers);
    else if (graph.is(id, opcode<Reshape>))
      arguments.after = std::move(integers);
    else if (!integers.empty() && !first_axis)
      return with_attributes(info.name, arguments, integers);
    return call(info.name, arguments);
  }
  static Form with_attributes(const std::string& name, const Arguments& arguments,
                              const std::vector<std::int64_t>& attributes) {
    Form form = call(name, arguments);
    std::string text;
    for (const std::int64_t a : attributes) text += (text.empty() ? ", {" : ", ") + std::to_string(a);
    form.pieces.insert(form.pieces.end() - 1, Piece{.text = text + "}"});
    return form;
  }

  static Form number_form(const Graph& graph, NodeId id) {
    const OperatorInfo& info = graph.info(id);
    if (graph.is(id, opcode<Variable>)) return atom(graph.variable_name(id));
    const Layout layout = detail::layout(graph, id);
    if (layout.kind != Layout::Kind::plain) return bracketed(graph, id, layout);
    if (graph.is(id, opcode<Literal>)) return constant_form(*graph.as_constant(Ref::node(id)));
    const Notation& notation = info.facts.notation;
    if (!notation.symbol.empty() && !means_another_operator(graph, id) && symbol_applies(graph, id)) {
      if (notation.precedence > Binding::relation) return symbol_form(graph, id);
      if (all_scalar(graph, id)) return indicator(relation(graph, id, notation.symbol));
    }
    return named_call(graph, id);
  }

  /// A product of matrices is one for matrices and vectors, but not for two vectors.
  static bool symbol_applies(const Graph& graph, NodeId id) {
    if (graph.info(id).family != Family::structured) return true;
    std::size_t ranks = 0;
    for (const Ref r : graph.operands(id)) {
      const std::size_t rank = graph.shape(r).rank();
      if (rank < 1 || rank > 2) return false;
      ranks += rank;
    }
    return ranks > 2;
  }

  static bool all_scalar(const Graph& graph, NodeId id) {
    for (const Ref r : graph.operands(id))
      if (!graph.shape(r).is_scalar()) return false;
    return true;
  }

  /// The language's symbols are stricter than the operators: products, quotients and powers of tensors, entry by
  /// entry, have a dot.
  static std::string symbol_of(const Graph& graph, NodeId id) {
    const OperatorInfo& info = graph.info(id);
    const Notation& notation = info.facts.notation;
    const auto operands = graph.operands(id);
    const auto tensor = [&](std::size_t k) { return k < operands.size() && !graph.shape(operands[k]).is_scalar(); };
    const bool dotted = info.family == Family::elementwise &&
                        (notation.precedence == Binding::power     ? tensor(0) || tensor(1)
                         : notation.precedence == Binding::product ? tensor(1) && (tensor(0) || !info.facts.commutative)
                                                                   : false);
    return (dotted ? "." : "") + std::string(notation.symbol);
  }

  static Form symbol_form(const Graph& graph, NodeId id) {
    const OperatorInfo& info = graph.info(id);
    const int precedence = info.facts.notation.precedence;
    const auto operands = graph.operands(id);
    const std::string symbol = symbol_of(graph, id);
    if (operands.size() == 1 && !info.indexed) {
      return {.precedence = precedence,
              .begins_with_sign = true,
              .pieces = {{.text = symbol}, {.ref = operands[0], .need = precedence + 1, .unsigned_only = true}}};
    }
    // x^y groups to the right, and a sign may follow the symbol; everything else groups to the left.
    const bool power = precedence == Binding::power;
    Form form{.precedence = precedence};
    form.pieces.push_back({.ref = operands[0], .need = power ? Binding::postfix : precedence});
    form.pieces.push_back({.text = power ? symbol : " " + symbol + " "});
    if (info.indexed)
      form.pieces.push_back({.text = std::to_string(graph.attributes(id)[0])});
    else
      form.pieces.push_back(
          {.ref = operands[1], .need = power ? Binding::sign : precedence + 1, .unsigned_only = !power});
    return form;
  }

  static Form bracketed(const Graph& graph, NodeId id, const Layout& layout) {
    Form form{.precedence = Binding::postfix};
    switch (layout.kind) {
      case Layout::Kind::entry: {
        form.pieces.push_back({.ref = layout.shown[0], .need = Binding::postfix});
        std::string text;
        for (const auto& k : layout.subscripts) text += (text.empty() ? "[" : ", ") + (k ? std::to_string(*k) : ":");
        form.pieces.push_back({.text = text + "]"});
        break;
      }
      case Layout::Kind::transposed:
        form.pieces = {{.ref = layout.shown[0], .need = Binding::postfix}, {.text = "'"}};
        break;
      case Layout::Kind::vector:
      case Layout::Kind::matrix: {
        form.pieces.push_back({.text = "["});
        std::int64_t column = 0;
        for (const Ref r : layout.shown) {
          if (form.pieces.size() > 1) form.pieces.push_back({.text = column == 0 ? "; " : ", "});
          form.pieces.push_back({.ref = r});
          if (++column == layout.columns) column = 0;
        }
        form.pieces.push_back({.text = "]"});
        break;
      }
      case Layout::Kind::stretched: {
        const Constant* value = graph.as_constant(layout.shown[0]);
        if (value != nullptr) return filled(*value, graph.shape(id));
        form = call("ones", graph.shape(id).extents());
        form.precedence = Binding::product;
        form.pieces.insert(form.pieces.begin(),
                           {Piece{.ref = layout.shown[0], .need = Binding::product}, Piece{.text = " * "}});
        break;
      }
      default:
        return filled(*graph.as_constant(Ref::node(id)), graph.shape(id));
    }
    return form;
  }

  static Form filled(const Constant& value, const Shape& shape) {
    if (value.is(0) || value.is(1)) return call(value.is(0) ? "zeros" : "ones", shape.extents());
    Form form = constant_form(value);
    form.precedence = Binding::product;
    form.pieces.push_back({.text = " * "});
    for (Piece& p : call("ones", shape.extents()).pieces) form.pieces.push_back(std::move(p));
    return form;
  }

  /// Whether the value is 0 or 1 by its making, so that it can be read as a condition.
  static bool is_relation(const Graph& graph, Ref ref) {
    if (!ref.is_node()) return false;
    const Notation& notation = graph.info(ref.id()).facts.notation;
    return notation.precedence == Binding::relation && !notation.symbol.empty() && all_scalar(graph, ref.id());
  }

  static Form indicator(Form condition) {
    condition.pieces.insert(condition.pieces.begin(), Piece{.text = "indicator("});
    condition.pieces.push_back({.text = ")"});
    condition.precedence = Binding::postfix;
    return condition;
  }

  static Form relation(const Graph& graph, NodeId id, std::string_view symbol) {
    const auto operands = graph.operands(id);
    return {.precedence = Binding::relation,
            .pieces = {{.ref = operands[0], .need = Binding::sum},
                       {.text = " " + std::string(symbol) + " "},
                       {.ref = operands[1], .need = Binding::sum}}};
  }

  static Form condition_form(const Graph& graph, Ref ref) {
    if (is_relation(graph, ref)) return relation(graph, ref.id(), graph.info(ref.id()).facts.notation.symbol);
    if (ref.is_node() && graph.is(ref.id(), opcode<Sub>)) {
      const auto operands = graph.operands(ref.id());
      const Constant* one = graph.as_constant(operands[0]);
      if (one != nullptr && one->is(1) && is_relation(graph, operands[1])) {
        const NodeId inner = operands[1].id();
        if (graph.is(inner, opcode<Equal>)) return relation(graph, inner, "!=");
        return {.precedence = Binding::relation - 1,
                .pieces = {{.text = "not "}, {.ref = operands[1], .need = Binding::relation, .condition = true}}};
      }
    }
    return {.precedence = Binding::relation, .pieces = {{.ref = ref, .need = Binding::sum}, {.text = " != 0"}}};
  }
};

}  // namespace

std::string to_string(const Expr& e, const PrintOptions& options) { return detail::write(e, Infix(), options); }

std::ostream& operator<<(std::ostream& out, const Expr& e) {
  return out << (e.empty() ? std::string("(empty)") : to_string(e));
}

}  // namespace nabla
