#include <nabla/proofs/report/evidence.hpp>
#include <nabla/proofs/report/formula.hpp>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/mathml.hpp>
#include <nabla/proofs/report/mathml_piece.hpp>

namespace nabla {

namespace {

using mathml::element;
using mathml::op;
using mathml::row;
using mathml::words;

constexpr std::string_view blank = "<mspace width=\"0.35em\"></mspace>";

/// Everything that a block declares; a bound variable does not hide an operator, which needs a call.
DeclaredNames declared_in(const Claim& claim) {
  DeclaredNames names;
  const auto add = [&](SyntaxId id) { names.emplace(claim.syntax.spelling(id)); };
  for (const Claim::Line& line : claim.lines) {
    if (const auto* l = std::get_if<ForLine>(&line))
      for (const SyntaxId name : l->names) add(name);
    if (const auto* l = std::get_if<GivenLine>(&line))
      for (const SyntaxId name : l->names) add(name);
    if (const auto* l = std::get_if<GivenFunctionLine>(&line))
      for (const SyntaxId name : l->names) add(name);
    if (const auto* l = std::get_if<LetLine>(&line)) {
      add(l->name);
      for (const LetLine::Parameter& p : l->parameters) add(p.name);
    }
  }
  return names;
}

class FormulaWriter {
 public:
  FormulaWriter(const Claim& claim, const ClaimReport* checked)
      : claim_(claim), syntax_(claim.syntax), checked_(checked), declared_(declared_in(claim)) {}

  std::string write() {
    for (const Claim::Line& line : claim_.lines) shows_ += std::holds_alternative<ShowLine>(line) ? 1 : 0;
    for (const Claim::Line& line : claim_.lines) std::visit([this](const auto& l) { add(l); }, line);
    return "<dl class=\"formula\">\n" + out_ + "</dl>\n";
  }

 private:
  std::optional<std::string> math(SyntaxId id) const { return to_mathml(syntax_, id, declared_); }

  /// One line; what has no notation is shown as it was written.
  void put(std::string_view label, const std::optional<std::string>& content, const ClaimLine& line,
           const std::string& after = {}) {
    put_lines(label, content ? std::optional(std::vector{*content}) : std::nullopt, line, after, false);
  }
  void put_lines(std::string_view label, const std::optional<std::vector<std::string>>& pieces, const ClaimLine& line,
                 const std::string& after, bool display) {
    out_ += "<dt>" + std::string(label) + "</dt><dd>";
    if (pieces) {
      out_ += "<span class=\"math\">";
      for (const std::string& piece : *pieces)
        out_ += (display ? "<math displaystyle=\"true\">" : "<math>") + row(piece) + "</math> ";
      out_ += "</span>";
    } else {
      const std::string_view text = syntax_.source().text();
      out_ += "<code>" + html_escaped(text.substr(line.begin, line.end - line.begin)) + "</code>";
    }
    out_ += after + "</dd>\n";
  }

  std::string names(const std::vector<SyntaxId>& ids) const {
    std::string text;
    for (const SyntaxId id : ids) text += (text.empty() ? "" : op(",")) + name_mathml(syntax_.spelling(id));
    return text;
  }
  std::optional<std::string> list(const std::vector<SyntaxId>& ids) const {
    std::string text;
    for (const SyntaxId id : ids) {
      const auto one = math(id);
      if (!one) return std::nullopt;
      text += (text.empty() ? "" : op(",")) + *one;
    }
    return text;
  }

  void add(const ForLine& line) {
    std::optional<std::string> content;
    const auto first = math(line.bounds.front());
    switch (line.values) {
      case ForLine::Values::at_least:
        if (first) content = names(line.names) + op("≥") + *first;
        break;
      case ForLine::Values::range: {
        const auto last = math(line.bounds.back());
        if (first && last)
          content =
              names(line.names) + op("∈") + mathml::fenced("{", *first + op(",") + op("…") + op(",") + *last, "}");
        break;
      }
      case ForLine::Values::list:
        if (const auto values = list(line.bounds))
          content = names(line.names) + op("∈") + mathml::fenced("{", *values, "}");
        break;
    }
    put(line.all ? "for all" : "for", content, line);
  }

  void add(const GivenLine& line) {
    const auto set = math(line.set);
    put("given", set ? std::optional(names(line.names) + op("∈") + *set) : std::nullopt, line);
  }

  void add(const GivenFunctionLine& line) {
    const auto from = math(line.domain);
    const auto to = math(line.codomain);
    std::optional<std::string> content;
    if (from && to) {
      content = names(line.names) + op(":") + *from + op("→") + *to + op(",") + std::string(blank);
      bool first = true;
      for (const auto& membership : line.classes) {
        if (!first) *content += op(",") + std::string(blank);
        first = false;
        std::string name(spelling(membership.function_class));
        for (char& c : name)
          if (c == '_') c = ' ';
        if (!membership.constant) {
          *content += words(name);
          continue;
        }
        const auto constant = math(*membership.constant);
        if (!constant) return put("given", std::nullopt, line);
        *content += row(*constant) + words("-" + name);
      }
    }
    put("given", content, line);
  }

  void add(const LetLine& line) {
    std::string left = name_mathml(syntax_.spelling(line.name));
    if (!line.parameters.empty()) {
      std::string parameters;
      for (const LetLine::Parameter& p : line.parameters) {
        parameters += (parameters.empty() ? "" : op(",")) + name_mathml(syntax_.spelling(p.name));
        if (!p.set) continue;
        const auto set = math(*p.set);
        if (!set) return put("let", std::nullopt, line);
        parameters += op("∈") + *set;
      }
      left = row(left + op("\u2061") + mathml::fenced("(", parameters, ")"));
    }
    auto pieces = to_mathml_lines(syntax_, line.value, declared_);
    if (pieces) pieces->front().insert(0, left + "<mo form=\"infix\">≔</mo>");
    put_lines("let", pieces, line, {}, true);
  }

  void add(const AssumeLine& line) {
    put_lines("assume", to_mathml_lines(syntax_, line.condition, declared_), line, {}, false);
  }

  void add(const ConventionLine& line) {
    const auto point = list(line.point);
    const auto value = math(line.value);
    std::optional<std::string> content;
    if (point && value)
      content = element("msup", name_mathml(syntax_.spelling(line.name)) + op("′")) + op("\u2061") +
                mathml::fenced("(", *point, ")") + op("=") + *value;
    put("convention", content, line);
  }

  void add(const ShowLine& line) {
    const std::size_t k = show_++;
    std::string after;
    if (checked_ != nullptr && k < checked_->shows.size()) {
      const auto& links = checked_->shows[k].links;
      if (shows_ > 1 || links.size() > 1)
        for (std::size_t i = 0; i < links.size(); ++i) {
          const Verdict v = links[i].finding.verdict;
          std::string link = links.size() > 1 ? "link " + std::to_string(i + 1) + ": " : "";
          after += " <span class=\"part " + std::string(to_string(v)) + "\"><span aria-hidden=\"true\">" +
                   std::string(mark_of(v)) + "</span> " + link + std::string(to_string(v)) + "</span>";
        }
    }
    put_lines("claimed", to_mathml_lines(syntax_, line.statement, declared_), line, after, true);
  }

  const Claim& claim_;
  const Syntax& syntax_;
  const ClaimReport* checked_;
  DeclaredNames declared_;
  std::size_t shows_ = 0;
  std::size_t show_ = 0;
  std::string out_;
};

}  // namespace

std::string formula_html(const Claim& claim, const ClaimReport* checked) {
  return FormulaWriter(claim, checked).write();
}

}  // namespace nabla
