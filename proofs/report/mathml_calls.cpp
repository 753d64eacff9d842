// Calls: operators by the notation of their records, derivatives, predicates in words.
#include <array>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/mathml_printer.hpp>

namespace nabla::mathml {

namespace {

constexpr std::string_view apply = "\u2061";

std::string nabla_of(std::string_view variable) {
  if (variable.empty()) return op("∇");
  return element("msub", op("∇") + row(variable));
}

std::string hessian_of(std::string_view variable) {
  const std::string two = element("mn", "2");
  if (variable.empty()) return element("msup", op("∇") + two);
  return element("msubsup", op("∇") + row(variable) + two);
}

std::string jacobian_of(std::string_view variable) {
  if (variable.empty()) return identifier("J");
  return element("msub", identifier("J") + row(variable));
}

/// How a predicate reads after its subject: before the constant, after it. What has no constant has its words in
/// `after`.
struct Wording {
  std::string_view name;
  std::string_view before;
  std::string_view after;
  bool has_constant = false;
};

constexpr std::array<Wording, 12> wordings{{{"convex", "is convex", ""},
                                            {"concave", "is concave", ""},
                                            {"strongly_convex", "is ", "-strongly convex", true},
                                            {"smooth", "is ", "-smooth", true},
                                            {"lipschitz", "is ", "-Lipschitz", true},
                                            {"cocoercive", "has a ", "-cocoercive gradient", true},
                                            {"increasing", "is increasing", ""},
                                            {"decreasing", "is decreasing", ""},
                                            {"continuous", "is continuous", ""},
                                            {"differentiable", "is differentiable", ""},
                                            {"linear", "is linear", ""},
                                            {"defined", "is defined", ""}}};

constexpr std::string_view thin = "<mspace width=\"0.12em\"></mspace>";
constexpr std::string_view blank = "<mspace width=\"0.35em\"></mspace>";

}  // namespace

bool Printer::is_free(SyntaxId id, std::string_view& name) const {
  if (syntax_.kind(id) != SyntaxKind::name) return false;
  name = syntax_.spelling(id);
  return !declared_.contains(name);
}

Piece Printer::call(SyntaxId id) const {
  const SyntaxId callee = syntax_.child(id, 0);
  const auto arguments = syntax_.children(id).subspan(1);
  std::string_view name;
  if (is_free(callee, name)) {
    if (auto of_own = of_language(name, id)) return *std::move(of_own);
    const int code = find_operator(name);
    if (code >= 0) {
      std::vector<Piece> operands;
      for (const SyntaxId a : arguments) operands.push_back(piece(a));
      const std::string_view latex = operator_info(static_cast<Opcode>(code)).facts.notation.latex;
      if (!latex.empty())
        if (auto filled = fill_template(latex, operands)) return *std::move(filled);
    }
    return {.text = row(name_mathml(name) + op(apply) + fenced("(", list(id, 1), ")"))};
  }
  return {.text = row(braced(callee, Level::atom) + op(apply) + fenced("(", list(id, 1), ")"))};
}

std::optional<Piece> Printer::of_language(std::string_view name, SyntaxId id) const {
  const auto children = syntax_.children(id);
  const std::size_t n = children.size() - 1;
  if (auto d = derivative(name, id)) return d;
  if (auto p = predicate(name, id)) return p;
  const auto with_subscript = [&](std::string_view letter) -> Piece {
    return {.text = element("msub", identifier(letter) + row(list(id, 1)))};
  };
  if (name == "delta" && n == 2) return with_subscript("δ");
  if (name == "eye" && n == 1) return with_subscript("I");
  if (name == "ones" && n == 1) return with_subscript("𝟏");
  if (name == "zeros" && n == 1) return with_subscript("𝟎");
  if (name == "onehot" && n == 2) return Piece{.text = element("msub", identifier("e") + row(piece(children[1]).text))};
  if (name == "indicator" && n == 1)
    return Piece{.text = row(identifier("𝟙") + fenced("[", piece(children[1]).text, "]"))};
  if (name == "inv" && n == 1)
    return Piece{.text = element("msup", row(braced(children[1], Level::atom)) + row(op("−") + element("mn", "1"))),
                 .level = Level::power};
  if (name == "outer" && n == 2)
    return Piece{.text = braced(children[1], Level::product) + op("⊗") + braced(children[2], Level::product),
                 .level = Level::product,
                 .single = false};
  if (name == "sum" && n == 1) return Piece{.text = row(op("∑") + fenced("(", piece(children[1]).text, ")"))};
  return std::nullopt;
}

std::optional<Piece> Printer::derivative(std::string_view name, SyntaxId id) const {
  const auto children = syntax_.children(id);
  const std::size_t n = children.size() - 1;
  const bool known = name == "grad" || name == "jacobian" || name == "hessian";
  if (known && (n == 1 || n == 2)) {
    const std::string by = n == 2 ? piece(children[2]).text : "";
    const std::string sign = name == "grad" ? nabla_of(by) : name == "jacobian" ? jacobian_of(by) : hessian_of(by);
    if (n == 1) return Piece{.text = row(sign + braced(children[1], Level::atom))};
    const Piece body = piece(children[1]);
    const bool bare = syntax_.kind(children[1]) == SyntaxKind::name;
    return Piece{
        .text = row(sign + (bare ? std::string(thin) : op(apply)) + (bare ? body.text : fenced("(", body.text, ")")))};
  }
  if (name == "diff" && n == 3) {
    const std::string sign = element("msub", identifier("D") + row(piece(children[2]).text));
    const Piece body = piece(children[1]);
    return Piece{.text =
                     row(sign + op(apply) + fenced("(", body.text, ")") + fenced("[", piece(children[3]).text, "]"))};
  }
  return std::nullopt;
}

std::string Printer::predicate_words(std::string_view name, SyntaxId id) const {
  const auto children = syntax_.children(id);
  for (const Wording& w : wordings) {
    if (w.name != name) continue;
    const std::size_t n = children.size() - 1;
    if (n < 1 || n > 3) return {};
    std::string text(blank);
    if (w.has_constant) {
      if (n != 3) return {};
      text += words(w.before) + std::string(blank) + row(braced(children[3], Level::power)) + words(w.after);
    } else {
      if (n > 2) return {};
      text += words(w.before);
    }
    if (n >= 2) text += std::string(blank) + words("in") + std::string(blank) + piece(children[2]).text;
    return text;
  }
  return {};
}

std::optional<Piece> Printer::predicate(std::string_view name, SyntaxId id) const {
  if (syntax_.children(id).size() < 2) return std::nullopt;
  const std::string says = predicate_words(name, id);
  if (says.empty()) return std::nullopt;
  return Piece{.text = braced(syntax_.child(id, 1), Level::sum) + says, .level = Level::relation, .single = false};
}

}  // namespace nabla::mathml
