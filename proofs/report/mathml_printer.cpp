#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/mathml_printer.hpp>

namespace nabla::mathml {

namespace {

std::string_view symbol(Relation relation) {
  switch (relation) {
    case Relation::equal:
      return "=";
    case Relation::not_equal:
      return "≠";
    case Relation::less:
      return "<";
    case Relation::less_equal:
      return "≤";
    case Relation::greater:
      return ">";
    case Relation::greater_equal:
      return "≥";
  }
  return "=";
}

constexpr std::string_view blank_text = "<mspace width=\"0.35em\"></mspace>";

std::string comma() { return "<mo separator=\"true\">,</mo>"; }

/// An operator that begins a line still has the space of one between two operands.
std::string infix(std::string_view text) { return "<mo form=\"infix\">" + html_escaped(text) + "</mo>"; }

}  // namespace

Piece Printer::piece(SyntaxId id) const {
  switch (syntax_.kind(id)) {
    case SyntaxKind::number:
      return number(id);
    case SyntaxKind::name: {
      const std::string_view name = syntax_.spelling(id);
      if (name == "pi" && !declared_.contains(name)) return {.text = identifier("π")};
      return {.text = name_mathml(name)};
    }
    case SyntaxKind::infinity:
      return {.text = identifier("∞")};
    case SyntaxKind::vector:
      return {.text = fenced("[", list(id, 0), "]")};
    case SyntaxKind::matrix:
      return matrix(id);
    case SyntaxKind::row:
      return {.text = list(id, 0), .single = false};
    case SyntaxKind::call:
      return call(id);
    case SyntaxKind::tuple:
      return {.text = fenced("(", list(id, 0), ")")};
    case SyntaxKind::index:
      return index(id);
    case SyntaxKind::all:
      return {.text = op("∶")};
    case SyntaxKind::transpose:
      return {.text = element("msup", row(braced(syntax_.child(id, 0), Level::atom)) + op("⊤")), .level = Level::power};
    case SyntaxKind::negate:
      return {.text = "<mo form=\"prefix\">−</mo>" + braced(syntax_.child(id, 0), Level::product),
              .level = Level::sign,
              .single = false};
    case SyntaxKind::binary:
      return binary(id);
    case SyntaxKind::comprehension:
    case SyntaxKind::integral:
      return bound(id);
    case SyntaxKind::limit:
      return limit(id);
    case SyntaxKind::at:
      return substitution(id);
    case SyntaxKind::relation:
      return relation(id);
    case SyntaxKind::negation:
      return {.text = words("not") + std::string(blank_text) + braced(syntax_.child(id, 0), Level::relation),
              .level = Level::negation,
              .single = false};
    case SyntaxKind::implication:
      return {.text = braced(syntax_.child(id, 0), Level::negation) + infix("⟹") +
                      braced(syntax_.child(id, 1), Level::implication),
              .level = Level::implication,
              .single = false};
    case SyntaxKind::membership:
      return {.text = braced(syntax_.child(id, 0), Level::sum) + op("∈") + piece(syntax_.child(id, 1)).text,
              .level = Level::relation,
              .single = false};
    default:
      return set(id);
  }
}

std::string Printer::list(SyntaxId id, std::size_t from) const {
  std::string text;
  const auto children = syntax_.children(id);
  for (std::size_t i = from; i < children.size(); ++i) text += (i > from ? comma() : "") + piece(children[i]).text;
  return text;
}

Piece Printer::number(SyntaxId id) const {
  const std::string_view text = syntax_.spelling(id);
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos) return {.text = element("mn", html_escaped(text)), .begins_with_digit = true};
  std::string_view exponent = text.substr(e + 1);
  const bool negative = exponent.starts_with('-');
  if (negative || exponent.starts_with('+')) exponent.remove_prefix(1);
  const std::string power = row((negative ? op("−") : "") + element("mn", html_escaped(exponent)));
  return {
      .text = element("mn", html_escaped(text.substr(0, e))) + op("⋅") + element("msup", element("mn", "10") + power),
      .level = Level::product,
      .single = false,
      .begins_with_digit = true};
}

Piece Printer::binary(SyntaxId id) const {
  const Piece left = piece(syntax_.child(id, 0));
  const Piece right = piece(syntax_.child(id, 1));
  const auto both = [&](Level least_left, std::string_view between, Level least_right, Level level) -> Piece {
    return {.text = at_least(left, least_left) + std::string(between) + at_least(right, least_right),
            .level = level,
            .single = false,
            .begins_with_digit = left.begins_with_digit && left.level >= least_left};
  };
  switch (syntax_.binary_operator(id)) {
    case BinaryOperator::add:
      return both(Level::sum, op("+"), Level::product, Level::sum);
    case BinaryOperator::subtract:
      return both(Level::sum, op("−"), Level::product, Level::sum);
    case BinaryOperator::multiply: {
      const bool number = syntax_.kind(syntax_.child(id, 0)) == SyntaxKind::number;
      const bool juxtaposed = number && !right.begins_with_digit && left.level == Level::atom;
      return both(Level::sign, op(juxtaposed ? "\u2062" : "⋅"), Level::product, Level::product);
    }
    case BinaryOperator::divide:
      return {.text = element("mfrac", row(left.text) + row(right.text)), .level = Level::power};
    case BinaryOperator::power:
      return {.text = element("msup", row(at_least(left, Level::atom)) + row(right.text)),
              .level = Level::power,
              .begins_with_digit = left.begins_with_digit};
    case BinaryOperator::elementwise_multiply:
      return both(Level::sign, op("⊙"), Level::product, Level::product);
    case BinaryOperator::elementwise_divide:
      return both(Level::sign, op("⊘"), Level::power, Level::product);
    case BinaryOperator::elementwise_power:
      return {.text = element("msup", row(at_least(left, Level::atom)) + row(op("∘") + at_least(right, Level::power))),
              .level = Level::power,
              .begins_with_digit = left.begins_with_digit};
  }
  return left;
}

Piece Printer::index(SyntaxId id) const {
  return {.text = element("msub", row(braced(syntax_.child(id, 0), Level::atom)) + row(list(id, 1)))};
}

Piece Printer::matrix(SyntaxId id) const {
  std::string rows;
  for (const SyntaxId r : syntax_.children(id)) {
    std::string cells;
    for (const SyntaxId entry : syntax_.children(r)) cells += element("mtd", piece(entry).text);
    rows += element("mtr", cells);
  }
  return {.text = fenced("[", element("mtable", rows), "]")};
}

Piece Printer::bound(SyntaxId id) const {
  const std::string variable = piece(syntax_.child(id, 0)).text;
  const std::string from = piece(syntax_.child(id, 1)).text;
  const std::string to = piece(syntax_.child(id, 2)).text;
  const Piece body = piece(syntax_.child(id, 3));
  if (syntax_.kind(id) == SyntaxKind::integral)
    return {.text = element("msubsup", op("∫") + row(from) + row(to)) + at_least(body, Level::product) +
                    "<mspace width=\"0.2em\"></mspace>" + row(identifier("d") + variable),
            .level = Level::sign,
            .single = false};
  std::string_view sign = "∑";
  if (syntax_.comprehension_operator(id) == Comprehension::prod) sign = "∏";
  if (syntax_.comprehension_operator(id) == Comprehension::max)
    return {.text = element("munder",
                            "<mo movablelimits=\"false\">max</mo>" + row(from + op("≤") + variable + op("≤") + to)) +
                    at_least(body, Level::product),
            .level = Level::sign,
            .single = false};
  return {.text = element("munderover", "<mo movablelimits=\"false\">" + std::string(sign) + "</mo>" +
                                            row(variable + op("=") + from) + row(to)) +
                  at_least(body, Level::product),
          .level = Level::sign,
          .single = false};
}

Piece Printer::limit(SyntaxId id) const {
  const std::string below = row(piece(syntax_.child(id, 0)).text + op("→") + piece(syntax_.child(id, 1)).text);
  return {.text = element("munder", "<mo movablelimits=\"false\">lim</mo>" + below) +
                  braced(syntax_.child(id, 2), Level::product),
          .level = Level::sign,
          .single = false};
}

Piece Printer::substitution(SyntaxId id) const {
  const std::string below = row(piece(syntax_.child(id, 1)).text + op("=") + piece(syntax_.child(id, 2)).text);
  return {.text = element("msub", row(braced(syntax_.child(id, 0), Level::product) +
                                      "<mo stretchy=\"true\" fence=\"true\" form=\"postfix\">|</mo>") +
                                      below),
          .level = Level::at};
}

Piece Printer::relation(SyntaxId id) const {
  const auto sides = syntax_.children(id);
  const auto links = syntax_.links(id);
  std::string text = braced(sides[0], Level::at);
  for (std::size_t k = 0; k < links.size(); ++k)
    text += infix(symbol(links[k].relation)) + braced(sides[k + 1], Level::at);
  return {.text = text, .level = Level::relation, .single = false};
}

Piece Printer::set(SyntaxId id) const {
  switch (syntax_.kind(id)) {
    case SyntaxKind::set_reals:
      return {.text = identifier("ℝ")};
    case SyntaxKind::set_interval:
      return {.text = fenced(syntax_.closed_below(id) ? "[" : "(", list(id, 0), syntax_.closed_above(id) ? "]" : ")")};
    case SyntaxKind::set_finite:
      return {.text = fenced("{", list(id, 0), "}")};
    case SyntaxKind::set_simplex:
      return {.text = identifier("simplex")};
    case SyntaxKind::set_onehot:
      return {.text = identifier("onehot")};
    case SyntaxKind::set_symmetric:
      return {.text = identifier("Sym")};
    case SyntaxKind::set_spd:
      return {.text = identifier("SPD")};
    case SyntaxKind::set_shaped:
      return shaped(id);
    default:
      return {.text = words(syntax_.text(id))};
  }
}

Piece Printer::shaped(SyntaxId id) const {
  const auto children = syntax_.children(id);
  std::string shape;
  for (std::size_t i = 1; i < children.size(); ++i)
    shape += (i > 1 ? op("×") : "") + at_least(piece(children[i]), children.size() > 2 ? Level::power : Level::at);
  const SyntaxKind kind = syntax_.kind(children[0]);
  const bool named = kind == SyntaxKind::set_simplex || kind == SyntaxKind::set_onehot ||
                     kind == SyntaxKind::set_symmetric || kind == SyntaxKind::set_spd;
  return {.text = element(named ? "msub" : "msup", piece(children[0]).text + row(shape))};
}

std::vector<std::string> Printer::lines(SyntaxId id) const {
  std::vector<std::string> out;
  switch (syntax_.kind(id)) {
    case SyntaxKind::relation: {
      const auto sides = syntax_.children(id);
      const auto links = syntax_.links(id);
      add_terms(sides[0], {}, out);
      for (std::size_t k = 0; k < links.size(); ++k) add_terms(sides[k + 1], infix(symbol(links[k].relation)), out);
      return out;
    }
    case SyntaxKind::implication: {
      const SyntaxId premise = syntax_.child(id, 0);
      if (syntax_.kind(premise) == SyntaxKind::implication)
        out.push_back(braced(premise, Level::negation));
      else
        out = lines(premise);
      auto conclusion = lines(syntax_.child(id, 1));
      conclusion.front().insert(0, infix("⟹"));
      for (std::string& line : conclusion) out.push_back(std::move(line));
      return out;
    }
    case SyntaxKind::membership:
      add_terms(syntax_.child(id, 0), {}, out);
      out.push_back(infix("∈") + piece(syntax_.child(id, 1)).text);
      return out;
    case SyntaxKind::call: {
      std::string_view name;
      if (is_free(syntax_.child(id, 0), name) && syntax_.children(id).size() > 1) {
        const std::string says = predicate_words(name, id);
        if (!says.empty()) {
          add_terms(syntax_.child(id, 1), {}, out);
          out.push_back(says);
          return out;
        }
      }
      break;
    }
    case SyntaxKind::negation:
      out.push_back(piece(id).text);
      return out;
    default:
      break;
  }
  add_terms(id, {}, out);
  return out;
}

/// The terms of a sum, a line each, if they are many; \param before  opens the first line
void Printer::add_terms(SyntaxId id, std::string before, std::vector<std::string>& out) const {
  std::vector<std::pair<std::string, SyntaxId>> terms;  // from the last to the first
  SyntaxId rest = id;
  const auto is_sum = [this](SyntaxId at) {
    return syntax_.kind(at) == SyntaxKind::binary && (syntax_.binary_operator(at) == BinaryOperator::add ||
                                                      syntax_.binary_operator(at) == BinaryOperator::subtract);
  };
  while (is_sum(rest)) {
    const bool plus = syntax_.binary_operator(rest) == BinaryOperator::add;
    terms.emplace_back(infix(plus ? "+" : "−"), syntax_.child(rest, 1));
    rest = syntax_.child(rest, 0);
  }
  constexpr std::size_t short_text = 24;  // characters of the source: what stays on one line
  if (syntax_.end(id) - syntax_.begin(id) <= short_text) {
    out.push_back(before + braced(id, Level::at));
    return;
  }
  out.push_back(before + braced(rest, terms.empty() ? Level::at : Level::sum));
  for (std::size_t i = terms.size(); i-- > 0;) out.push_back(terms[i].first + braced(terms[i].second, Level::product));
}

}  // namespace nabla::mathml

namespace nabla {

namespace {

bool is_readable(const Syntax& syntax, SyntaxId id) {
  std::size_t nodes = 0;
  std::size_t depth = 0;
  bool fits = true;
  walk(
      syntax, id,
      [&](SyntaxId) {
        ++nodes;
        ++depth;
        if (nodes > mathml_nodes || depth > mathml_depth) fits = false;
        return fits;
      },
      [&](SyntaxId) { --depth; });
  return fits;
}

}  // namespace

std::optional<std::string> to_mathml(const Syntax& syntax, SyntaxId id, const DeclaredNames& declared) {
  if (!is_readable(syntax, id)) return std::nullopt;
  return mathml::Printer(syntax, declared).piece(id).text;
}

std::optional<std::vector<std::string>> to_mathml_lines(const Syntax& syntax, SyntaxId id,
                                                        const DeclaredNames& declared) {
  if (!is_readable(syntax, id)) return std::nullopt;
  return mathml::Printer(syntax, declared).lines(id);
}

}  // namespace nabla
