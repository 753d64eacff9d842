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

std::string section_of(const std::string& content) {
  return "<section id=\"source\"><h2>The source</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"source\"><pre>" +
         content + "</pre></div></section>\n";
}

/// The lines of a recorded program.
std::string program_lines(const EvaluationTrace& trace) {
  std::string html;
  for (const TraceSource& source : trace.sources) {
    if (source.lines.empty()) continue;
    const std::string file = source.file.substr(source.file.find_last_of('/') + 1);
    html += fmt::format("<span class=\"file\">{}</span>\n", html_escaped(file));
    std::map<std::uint32_t, std::string> nodes;
    for (std::size_t k = 0; k < trace.nodes.size(); ++k)
      if (const Origin& o = trace.nodes[k].origin; o.file == source.file) nodes[o.line] += fmt::format(" {}", k);
    for (std::uint32_t i = 0; i < source.lines.size(); ++i) {
      const std::uint32_t number = source.first_line + i;
      const std::string text = html_escaped(source.lines[i]);
      const auto here = nodes.find(number);
      html += fmt::format("<span class=\"number\">{:>5}</span>  ", number);
      html += here == nodes.end()
                  ? text
                  : fmt::format("<span data-nodes=\"{}\" tabindex=\"0\">{}</span>", here->second.substr(1), text);
      html += "\n";
    }
  }
  return html.empty() ? "" : section_of(html);
}

}  // namespace

std::string lesson_source(const EvaluationTrace& trace, const std::string& text) {
  if (!trace.sources.empty()) return program_lines(trace);
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
  return section_of(html);
}

}  // namespace nabla::app
