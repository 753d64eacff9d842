#include <fmt/format.h>

#include <map>
#include <nabla/app/lesson/lesson.hpp>
#include <nabla/engine/parse/source.hpp>
#include <nabla/proofs/report/html_text.hpp>

namespace nabla::app {

namespace {

/// Names and numbers are one token, every other code point is one.
bool is_word(const CodePoint& c) {
  return c.valid && (c.value >= 0x80 || c.value == '_' || c.value == '.' || (c.value >= '0' && c.value <= '9') ||
                     (c.value >= 'a' && c.value <= 'z') || (c.value >= 'A' && c.value <= 'Z'));
}

}  // namespace

std::string lesson_source(const EvaluationTrace& trace, const std::string& text) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> operators;
  std::map<std::string, std::size_t, std::less<>> inputs;
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const TraceNode& n = trace.nodes[k];
    if (n.op == "variable")
      inputs.emplace(n.name, k);
    else if (n.op != "constant" && n.origin.line > 0)
      operators.emplace(std::pair(n.origin.line, n.origin.column), k);
  }
  if (operators.empty()) return "";
  const Source source("", text);
  std::string html;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    CodePoint c = code_point_at(text, i);
    i += c.length;
    while (is_word(c) && i < text.size() && is_word(c = code_point_at(text, i))) i += c.length;
    const std::string token = text.substr(begin, i - begin);
    const Place place = source.place(begin);
    std::optional<std::size_t> node;
    if (const auto op = operators.find({place.line, place.column}); op != operators.end())
      node = op->second;
    else if (const auto input = inputs.find(token); input != inputs.end())
      node = input->second;
    html += node ? fmt::format("<span data-node=\"{}\">{}</span>", *node, html_escaped(token)) : html_escaped(token);
  }
  return "<section id=\"source\"><h2>The source</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"source\"><pre>" +
         html + "</pre></div></section>\n";
}

}  // namespace nabla::app
