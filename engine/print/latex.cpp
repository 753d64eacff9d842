// Expressions in LaTeX's math mode.
#include <array>
#include <cmath>
#include <nabla/engine/print/dyadic.hpp>
#include <nabla/engine/print/writer.hpp>

namespace nabla {

namespace {

using detail::Binding;
using detail::Form;
using detail::Layout;
using detail::Piece;
using detail::TemplatePart;

Form atom(std::string text) { return {.pieces = {{.text = std::move(text)}}}; }

std::string fraction(const std::string& above, const std::string& below) {
  return "\\frac{" + above + "}{" + below + "}";
}

Form signed_form(bool negative, const std::string& magnitude, int precedence) {
  Form form = atom((negative ? "-" : "") + magnitude);
  form.precedence = negative ? std::min<int>(precedence, Binding::sign) : precedence;
  form.begins_with_sign = negative;
  return form;
}

Form text_form(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return signed_form(negative, std::string(text), Binding::atom);
  return signed_form(negative, fraction(std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))),
                     Binding::power);
}

Form dyadic_form(double x) {
  if (std::isnan(x)) return atom("\\mathrm{NaN}");
  if (std::isinf(x)) return signed_form(x < 0, "\\infty", Binding::atom);
  if (x == 0) return atom("0");
  const detail::Dyadic d = detail::decompose(x);
  if (const auto decimal = detail::short_decimal(d)) return signed_form(d.negative, *decimal, Binding::atom);
  const std::string digits = std::to_string(d.mantissa);
  if (d.exponent < 0)
    return signed_form(d.negative, fraction(digits, "2^{" + std::to_string(-d.exponent) + "}"), Binding::power);
  return signed_form(d.negative, digits + " \\cdot 2^{" + std::to_string(d.exponent) + "}", Binding::product);
}

Form constant_form(const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::dyadic:
      return dyadic_form(c.as_dyadic());
    case Constant::Kind::pi:
      return atom("\\pi");
    case Constant::Kind::infinity:
      return atom("\\infty");
    default:
      return text_form(c.to_string());
  }
}

bool is_negative(const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::ratio:
      return c.num() < 0;
    case Constant::Kind::dyadic:
      return c.as_dyadic() < 0;
    case Constant::Kind::text:
      return c.as_text().starts_with('-');
    default:
      return false;
  }
}

constexpr std::array<std::string_view, 38> greek = {
    "alpha",  "beta",    "gamma",  "delta",  "epsilon", "varepsilon", "zeta",  "eta",    "theta", "vartheta",
    "iota",   "kappa",   "lambda", "mu",     "nu",      "xi",         "rho",   "varrho", "sigma", "varsigma",
    "tau",    "upsilon", "phi",    "varphi", "chi",     "psi",        "omega", "Gamma",  "Delta", "Theta",
    "Lambda", "Xi",      "Pi",     "Sigma",  "Upsilon", "Phi",        "Psi",   "Omega"};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("_#$%&{}").find(c) != std::string_view::npos)
      out += std::string("\\") + c;
    else if (c == '\\')
      out += "\\backslash ";
    else if (c == '^')
      out += "\\hat{}";
    else if (c == '~')
      out += "\\sim ";
    else if (static_cast<unsigned char>(c) < 0x20)
      out += ' ';
    else
      out += c;
  }
  return out;
}

std::string base_name(std::string_view name) {
  if (std::ranges::find(greek, name) != greek.end()) return "\\" + std::string(name);
  return name.size() == 1 ? escaped(name) : "\\mathit{" + escaped(name) + "}";
}

/// x, \theta, \mathit{rate}; what follows an underscore, or digits at the end, is a subscript.
std::string variable_name(std::string_view name) {
  std::size_t split = name.find('_');
  std::string_view index;
  if (split != std::string_view::npos && split > 0 && split + 1 < name.size()) {
    index = name.substr(split + 1);
  } else {
    split = name.find_last_not_of("0123456789") + 1;
    if (split == 0 || split == name.size()) return base_name(name);
    index = name.substr(split);
  }
  const bool number = index.find_first_not_of("0123456789") == std::string_view::npos;
  return base_name(name.substr(0, split)) + "_{" + (number ? std::string(index) : base_name(index)) + "}";
}

/// Whether the text of an operand begins with a digit, so that a factor cannot simply stand before it. Looks a few
/// levels down; deeper it guesses no.
bool begins_with_digit(const Graph& graph, Ref ref) {
  for (int level = 0; level < 8; ++level) {
    if (const Constant* c = graph.as_constant(ref))
      return c->kind() != Constant::Kind::pi && c->kind() != Constant::Kind::infinity;
    const Notation& notation = graph.info(ref.id()).facts.notation;
    if (notation.precedence < Binding::product || graph.operands(ref.id()).empty()) return false;
    if (!notation.latex.starts_with("{0}")) return false;
    ref = graph.operands(ref.id())[0];
  }
  return false;
}

class Latex final : public detail::Dialect {
 public:
  Form form(const Graph& graph, const Piece& piece) const override {
    const Ref ref = piece.ref;
    if (piece.condition && !is_relation(graph, ref))
      return {.precedence = Binding::relation, .pieces = {{.ref = ref, .need = Binding::sum}, {.text = " \\ne 0"}}};
    if (ref.is_constant()) {
      Form form = constant_form(*graph.as_constant(ref));
      return piece.without_sign ? unsigned_constant(std::move(form)) : form;
    }
    Form form = node_form(graph, ref.id());
    if (!piece.condition && is_relation(graph, ref)) {  // Iverson's brackets
      form.pieces.insert(form.pieces.begin(), Piece{.text = "\\left["});
      form.pieces.push_back({.text = "\\right]"});
      form.precedence = Binding::atom;
      return form;
    }
    Piece& first = form.pieces.front();
    if (!is_side_by_side(graph, ref)) {
      if (!piece.without_sign) return form;
      if (graph.as_constant(ref) != nullptr) return unsigned_constant(std::move(form));
      form.pieces.erase(form.pieces.begin());  // the sign of a negation
      form.begins_with_sign = false;
      return form;
    }
    // A product begins as its first factor does.
    first.without_sign = piece.without_sign;
    first.unsigned_only = first.unsigned_only || piece.unsigned_only;
    return form;
  }

  Form condition_on(const std::string& name) const override {
    return {.precedence = Binding::relation, .pieces = {{.text = name + " \\ne 0"}}};
  }

  std::string parenthesis(bool open) const override { return open ? "\\left(" : "\\right)"; }

  std::string name(std::size_t number, bool clash) const override {
    return (clash ? "\\mathrm{t}_{" : "t_{") + std::to_string(number) + "}";
  }

  std::string document(const std::vector<Definition>& definitions, std::size_t left_out,
                       const std::string& result) const override {
    if (definitions.empty()) return result;
    std::string text = "\\begin{aligned}\n";
    for (const Definition& d : definitions) text += d.name + " &= " + d.text + " \\\\\n";
    if (left_out != 0) text += "&\\;\\;\\vdots\\quad\\text{and " + std::to_string(left_out) + " more} \\\\\n";
    return text + "&\\phantom{{}={}} " + result + "\n\\end{aligned}";
  }

 private:
  static bool is_relation(const Graph& graph, Ref ref) {
    if (!ref.is_node()) return false;
    const Notation& notation = graph.info(ref.id()).facts.notation;
    return notation.precedence == Binding::relation && !(notation.symbol.empty() && notation.latex.empty());
  }

  static Form node_form(const Graph& graph, NodeId id) {
    if (graph.is(id, opcode<Variable>)) return atom(variable_name(graph.variable_name(id)));
    const Layout layout = detail::layout(graph, id);
    if (layout.kind != Layout::Kind::plain && layout.kind != Layout::Kind::transposed)
      return bracketed(graph, id, layout);
    if (graph.is(id, opcode<Literal>)) return constant_form(*graph.as_constant(Ref::node(id)));
    const Notation& notation = graph.info(id).facts.notation;
    const auto operands = graph.operands(id);
    if (notation.precedence == Binding::sum && operands.size() == 2) return sum_form(graph, id);
    const bool swapped = layout.kind != Layout::Kind::transposed && graph.is(id, opcode<Transpose>);
    if (!notation.latex.empty() && !swapped) return template_form(graph, id);
    if (!notation.symbol.empty() && operands.size() == 1)
      return {.precedence = notation.precedence,
              .begins_with_sign = true,
              .pieces = {{.text = std::string(notation.symbol)},
                         {.ref = operands[0], .need = notation.precedence, .unsigned_only = true}}};
    if (!notation.symbol.empty() && operands.size() == 2)
      return {.precedence = notation.precedence,
              .pieces = {{.ref = operands[0], .need = notation.precedence},
                         {.text = " " + std::string(notation.symbol) + " "},
                         {.ref = operands[1], .need = notation.precedence + 1, .unsigned_only = true}}};
    return call(graph, id);
  }

  static Form unsigned_constant(Form form) {
    form.pieces[0].text.erase(0, 1);
    form.begins_with_sign = false;
    if (form.precedence == Binding::sign) form.precedence = Binding::atom;
    return form;
  }

  /// A product written by putting the factors after each other.
  static bool is_side_by_side(const Graph& graph, Ref ref) {
    if (!ref.is_node()) return false;
    const Notation& notation = graph.info(ref.id()).facts.notation;
    return notation.precedence == Binding::product && notation.latex.starts_with("{0}") &&
           detail::layout(graph, ref.id()).kind == Layout::Kind::plain;
  }

  /// Whether the text begins with a minus sign, as far as a few levels tell.
  static bool is_negated(const Graph& graph, Ref ref) {
    for (int level = 0; level < 8; ++level) {
      if (const Constant* c = graph.as_constant(ref)) return graph.shape(ref).is_scalar() && is_negative(*c);
      if (graph.is(ref.id(), opcode<Neg>)) return true;
      if (!is_side_by_side(graph, ref)) return false;
      ref = graph.operands(ref.id())[0];
    }
    return false;
  }

  /// a + (-b) is a - b, a - (-b) is a + b: exact, and what one would write.
  static Form sum_form(const Graph& graph, NodeId id) {
    const auto operands = graph.operands(id);
    const bool negated = is_negated(graph, operands[1]);
    const bool subtracts = (graph.info(id).facts.notation.symbol == "-") != negated;
    return {.precedence = Binding::sum,
            .pieces = {{.ref = operands[0], .need = Binding::sum},
                       {.text = subtracts ? " - " : " + "},
                       {.ref = operands[1],
                        .need = subtracts ? Binding::product : Binding::sum,
                        .unsigned_only = !negated,
                        .without_sign = negated}}};
  }

  /// Two factors side by side are read as one number if the second begins with a digit, and as a product of matrices if
  /// they are tensors.
  static std::string between_factors(const Graph& graph, NodeId id) {
    const auto operands = graph.operands(id);
    const bool tensors = !graph.shape(operands[0]).is_scalar() && !graph.shape(operands[1]).is_scalar();
    if (tensors && graph.info(id).family == Family::elementwise) return " \\odot ";
    return begins_with_digit(graph, operands[1]) ? " \\cdot " : " ";
  }

  static Form template_form(const Graph& graph, NodeId id) {
    const OperatorInfo& info = graph.info(id);
    const int stated = info.facts.notation.precedence;
    const auto operands = graph.operands(id);
    const Attributes attributes = graph.attributes(id);
    const std::vector<TemplatePart> parts = detail::parse_template(info.facts.notation.latex);
    const auto open = std::ranges::count_if(parts, [](const TemplatePart& p) { return p.place >= 0 && !p.delimited; });
    Form form;
    // Signs and letters all around bind like a power: only as the base of one do they need parentheses.
    form.precedence = open == 0 ? Binding::power : stated != 0 ? stated : open == 1 ? Binding::power : Binding::product;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const TemplatePart& part = parts[i];
      if (part.place < 0) {
        form.pieces.push_back({.text = part.text});
        continue;
      }
      const auto place = static_cast<std::size_t>(part.place);
      if (place >= operands.size()) {
        if (place - operands.size() < attributes.size())
          form.pieces.push_back({.text = std::to_string(attributes[place - operands.size()])});
        continue;
      }
      const Ref operand = operands[place];
      const bool first = i == 0;
      Piece piece{.ref = operand, .unsigned_only = !first && !part.delimited};
      if (!part.delimited) {
        piece.need = form.precedence == Binding::power ? Binding::postfix
                     : stated == 0                     ? Binding::power
                     : first                           ? stated
                     : info.facts.commutative          ? stated
                                                       : stated + 1;
      }
      piece.condition = place == 0 && info.arity == 3 && graph.is(id, opcode<Where>);
      if (!first && parts[i - 1].text == " ") form.pieces.back().text = between_factors(graph, id);
      form.pieces.push_back(std::move(piece));
    }
    return form;
  }

  static Form call(const Graph& graph, NodeId id) {
    Form form{.precedence = Binding::power};
    form.pieces.push_back({.text = "\\operatorname{" + escaped(graph.info(id).name) + "}\\left("});
    std::string separator;
    for (const Ref r : graph.operands(id)) {
      if (!separator.empty()) form.pieces.push_back({.text = separator});
      form.pieces.push_back({.ref = r});
      separator = ", ";
    }
    separator = "; ";
    for (const std::int64_t a : graph.attributes(id)) {
      form.pieces.push_back({.text = separator + std::to_string(a)});
      separator = ", ";
    }
    form.pieces.push_back({.text = "\\right)"});
    return form;
  }

  /// c_{2 \times 3}, or s \cdot 1_{2 \times 3}.
  static Form in_every_entry(const Graph& graph, Ref value, const Shape& shape) {
    std::string extents;
    for (const std::int64_t n : shape.extents()) extents += (extents.empty() ? "" : " \\times ") + std::to_string(n);
    extents = "_{" + extents + "}";
    const Constant* c = graph.as_constant(value);
    if (c == nullptr)
      return {.precedence = Binding::product,
              .pieces = {{.ref = value, .need = Binding::product}, {.text = " \\cdot 1" + extents}}};
    const Form form = constant_form(*c);
    const std::string& text = form.pieces[0].text;
    return {
        .precedence = Binding::postfix,
        .pieces = {{.text = (form.precedence < Binding::postfix ? "\\left(" + text + "\\right)" : text) + extents}}};
  }

  static Form bracketed(const Graph& graph, NodeId id, const Layout& layout) {
    Form form{.precedence = Binding::postfix};
    if (layout.kind == Layout::Kind::entry) {
      form.pieces.push_back({.ref = layout.shown[0], .need = Binding::postfix});
      std::string text;
      for (const auto& k : layout.subscripts) text += (text.empty() ? "_{" : ", ") + (k ? std::to_string(*k) : ":");
      const bool indexed_name = layout.shown[0].is_node() && graph.is(layout.shown[0].id(), opcode<Variable>) &&
                                variable_name(graph.variable_name(layout.shown[0].id())).ends_with('}');
      if (indexed_name) {  // x_{1} has a subscript of its own
        form.pieces.insert(form.pieces.begin(), Piece{.text = "{"});
        form.pieces.push_back({.text = "}"});
      }
      form.pieces.push_back({.text = text + "}"});
    } else if (layout.kind == Layout::Kind::filled || layout.kind == Layout::Kind::stretched) {
      form =
          in_every_entry(graph, layout.kind == Layout::Kind::filled ? Ref::node(id) : layout.shown[0], graph.shape(id));
    } else {
      form.pieces.push_back({.text = "\\begin{pmatrix} "});
      const std::int64_t columns = std::max<std::int64_t>(layout.columns, 1);  // a vector is written as a column
      std::int64_t column = 0;
      for (const Ref r : layout.shown) {
        if (form.pieces.size() > 1) form.pieces.push_back({.text = column == 0 ? " \\\\ " : " & "});
        form.pieces.push_back({.ref = r});
        if (++column == columns) column = 0;
      }
      form.pieces.push_back({.text = " \\end{pmatrix}"});
    }
    return form;
  }
};

}  // namespace

std::string to_latex(const Expr& e, const PrintOptions& options) { return detail::write(e, Latex(), options); }

}  // namespace nabla
