#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nabla/app/lesson/lesson.hpp>
#include <nabla/engine/parse/parse.hpp>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/mathml.hpp>
#include <nlohmann/json.hpp>

namespace nabla::app {

namespace {

using Json = nlohmann::ordered_json;

/// The wrong order sends exponentially often; so many steps of it are shown.
constexpr std::size_t most_wrong_steps = 400;

/// Formulas of the trace are in the claim language, but for braces around attributes it has no words for.
std::string math(const std::string& text) {
  try {
    const Syntax syntax = parse_expression(Source("", text));
    if (const auto ml = to_mathml(syntax, syntax.root(), {})) return "<math>" + *ml + "</math>";
  } catch (const std::exception&) {  // shown as it is written
  }
  return "<code>" + html_escaped(text) + "</code>";
}

Json texts(const DecimalTexts& all, const std::vector<int>& digits) {
  Json list = Json::array();
  for (const int d : digits) {
    const auto it = all.find(d);
    if (it == all.end()) return nullptr;
    if (it->second.size() == 1) {
      list.push_back(it->second[0]);
      continue;
    }
    std::string text = "[";
    for (std::size_t i = 0; i < it->second.size() && i < 12; ++i) text += (i == 0 ? "" : ", ") + it->second[i];
    list.push_back(text + (it->second.size() > 12 ? ", ...]" : "]"));
  }
  return list;
}

/// Recursion that sends on whatever has arrived, each time something arrives: what is sent twice is counted twice.
Json wrong_order(const EvaluationTrace& trace) {
  struct Edge {
    std::size_t to;
    double local;
    std::string text;
  };
  std::vector<std::vector<Edge>> edges(trace.nodes.size());
  const int digits = trace.digits.front();
  for (const TraceStep& s : trace.steps) {
    if (s.slot < 0) continue;
    if (s.local.empty()) return nullptr;
    const std::string& text = s.local.at(digits)[0];
    edges[s.node].push_back({s.to, std::strtod(text.c_str(), nullptr), text});
  }
  std::vector<double> sum(trace.nodes.size(), 0);
  const std::size_t out = trace.nodes.size() - 1;
  sum[out] = 1;
  Json steps = Json::array();
  std::vector<std::pair<std::size_t, std::size_t>> open{{out, 0}};
  while (!open.empty()) {
    auto& [node, next] = open.back();
    if (next == edges[node].size()) {
      open.pop_back();
      continue;
    }
    const Edge& e = edges[node][next++];
    if (steps.size() >= most_wrong_steps) return nullptr;
    const double before = sum[e.to];
    sum[e.to] += sum[node] * e.local;
    steps.push_back(
        {node, e.to, fmt::format("{:.7g} + {:.7g} * {}", before, sum[node], e.text), fmt::format("{:.7g}", sum[e.to])});
    open.emplace_back(e.to, 0);
  }
  Json wrong;
  wrong["steps"] = std::move(steps);
  for (std::size_t k = 0; k < sum.size(); ++k)
    if (trace.nodes[k].op == "variable")
      wrong["results"].push_back({trace.nodes[k].name, fmt::format("{:.7g}", sum[k])});
  return wrong;
}

/// What a reader should look at: kinks, digits lost by cancellation, values that do not exist.
std::vector<std::string> warnings(const EvaluationTrace& trace) {
  std::vector<std::string> all;
  const int digits = trace.digits.back();
  const auto number = [&](const TraceNode& n) {
    return n.shape.is_scalar() ? std::strtod(n.value.at(digits)[0].c_str(), nullptr) : std::nan("");
  };
  for (const TraceKink& kink : trace.kinks)
    all.push_back(fmt::format("{} = {} is at a kink: no derivative exists there ({}).", trace.nodes[kink.node].name,
                              trace.nodes[kink.node].formula, kink.convention));
  for (const TraceNode& n : trace.nodes) {
    if (n.formula.empty() || !n.shape.is_scalar()) continue;
    if (n.value.at(digits)[0] == "nan") {
      all.push_back(
          fmt::format("{} = {} has no value: an operand is outside the domain of {}.", n.name, n.formula, n.op));
      continue;
    }
    if (n.op != "add" && n.op != "sub") continue;
    double largest = 0;
    for (const std::size_t k : n.in) largest = std::max(largest, std::abs(number(trace.nodes[k])));
    const double result = std::abs(number(n));
    if (result > 0 && largest / result > 10)
      all.push_back(fmt::format("{} = {} cancels: about {:.0f} leading digits are lost when its operands are rounded.",
                                n.name, n.formula, std::floor(std::log10(largest / result))));
  }
  return all;
}

Json data_of(const EvaluationTrace& trace, const LessonPage& page) {
  Json data;
  data["digits"] = trace.digits;
  data["nodes"] = Json::array();
  for (const TraceNode& n : trace.nodes) {
    Json node{{"name", n.name},
              {"op", n.op},
              {"formula", n.formula},
              {"numbers", n.numbers},
              {"value", texts(n.value, trace.digits)}};
    if (!n.adjoint.empty()) node["adjoint"] = texts(n.adjoint, trace.digits);
    data["nodes"].push_back(std::move(node));
  }
  data["steps"] = Json::array();
  for (const TraceStep& s : trace.steps) {
    Json step{{"d", s.direction == TraceStep::Direction::forward ? "f"
                    : s.direction == TraceStep::Direction::seed  ? "s"
                                                                 : "b"},
              {"n", s.node},
              {"t", s.to},
              {"a", texts(s.after, trace.digits)}};
    if (s.slot >= 0) {
      step["s"] = s.slot;
      step["r"] = s.rule;
      step["m"] = math(s.rule);
      step["p"] = {s.part, s.parts};
      step["b"] = texts(s.before, trace.digits);
      if (!s.local.empty()) step["l"] = texts(s.local, trace.digits);
    } else if (s.direction == TraceStep::Direction::forward) {
      step["m"] = math(trace.nodes[s.node].formula);
    }
    data["steps"].push_back(std::move(step));
  }
  if (Json wrong = wrong_order(trace); !wrong.is_null()) data["wrong"] = std::move(wrong);
  if (!page.cpp.empty()) data["cpp"] = page.cpp;
  if (!page.latex.empty()) data["latex"] = page.latex;
  return data;
}

/// Fit for a <script> element of the page: no tag can end it.
std::string embedded(const Json& data) {
  std::string text = data.dump(-1, ' ', true);
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

std::string first(const DecimalTexts& all, int digits) {
  const auto it = all.find(digits);
  if (it == all.end()) return "";
  std::string text;
  for (std::size_t i = 0; i < it->second.size() && i < 12; ++i) text += (i == 0 ? "" : ", ") + it->second[i];
  return html_escaped(it->second.size() == 1 ? text : "[" + text + (it->second.size() > 12 ? ", ...]" : "]"));
}

std::string table(const EvaluationTrace& trace) {
  const int digits = trace.digits.back();
  std::string rows =
      "<table id=\"trace\"><caption>The evaluation trace: values forward, adjoints backward</caption><thead><tr>"
      "<th scope=\"col\">name</th><th scope=\"col\">is</th><th scope=\"col\">value</th><th scope=\"col\">adjoint: df / "
      "d name</th></tr></thead><tbody>\n";
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const TraceNode& n = trace.nodes[k];
    if (n.op == "constant") continue;
    rows += fmt::format(
        "<tr data-node=\"{}\" tabindex=\"0\"><th scope=\"row\">{}</th><td>{}</td><td class=\"value\">{}</td><td "
        "class=\"adjoint\">{}</td></tr>\n",
        k, html_escaped(n.name), n.formula.empty() ? "an input" : math(n.formula), first(n.value, digits),
        first(n.adjoint, digits));
  }
  return rows + "</tbody></table>\n";
}

/// Every step as a list, for readers without script and for printing.
std::string list_of_steps(const EvaluationTrace& trace) {
  const int digits = trace.digits.front();
  std::string items;
  for (const TraceStep& s : trace.steps) {
    const std::string from = html_escaped(trace.nodes[s.node].name), to = html_escaped(trace.nodes[s.to].name);
    if (s.direction == TraceStep::Direction::forward)
      items += fmt::format("<li>{} = {} = {}</li>\n", to, math(trace.nodes[s.node].formula), first(s.after, digits));
    else if (s.direction == TraceStep::Direction::seed)
      items += fmt::format("<li>adj {} = 1, the seed</li>\n", to);
    else if (!s.local.empty())
      items += fmt::format("<li>adj {0} = {1} + adj {2} · {3} = {1} + {4} · {5} = {6}</li>\n", to,
                           first(s.before, digits), from, math(s.rule), first(trace.nodes[s.node].adjoint, digits),
                           first(s.local, digits), first(s.after, digits));
    else
      items += fmt::format("<li>adj {} = {} + {} = {}</li>\n", to, first(s.before, digits), math(s.rule),
                           first(s.after, digits));
  }
  return "<details id=\"all-steps\"><summary>All steps as a list</summary><ol>\n" + items + "</ol></details>\n";
}

std::string controls(const EvaluationTrace& trace) {
  std::string digits;
  for (const int d : trace.digits) digits += (digits.empty() ? "" : ", ") + std::to_string(d);
  return fmt::format(R"(<section id="controls" aria-label="Steps" hidden>
<div class="strip"><button id="first" aria-label="first step">|&lt;</button><button id="back" aria-label="one step back">&lt;</button>
<input id="step" type="range" min="0" max="{0}" value="0" aria-label="step"><button id="next" aria-label="one step on">&gt;</button>
<button id="last" aria-label="last step">&gt;|</button><output id="where" for="step"></output></div>
<div class="strip"><label>digits <input id="digits" type="range" min="0" max="{1}" value="0" aria-label="digits: {2}"></label>
<output id="precision" for="digits"></output>
<label><input id="predict" type="checkbox"> predict the next number</label>
<label id="wrong-label"><input id="wrong" type="checkbox"> the wrong order</label></div>
</section>
)",
                     trace.steps.size(), trace.digits.size() - 1, html_escaped(digits));
}

constexpr const char* panels = R"(<section id="formula" aria-live="polite" hidden><h2>This step</h2>
<p id="what"></p><dl><dt>rule</dt><dd id="line-rule"></dd><dt>here</dt><dd id="line-here"></dd><dt>numbers</dt><dd id="line-numbers"></dd></dl>
<form id="guess" hidden><label>What comes out? <input id="answer" inputmode="decimal" autocomplete="off"></label>
<button>check</button> <button type="button" id="hint">hint</button> <button type="button" id="show">show it</button> <output id="said"></output></form>
</section>
<section id="mistake" hidden><h2>The wrong order</h2><p>Plain recursion passes on what has arrived as soon as something arrives.
A value that is read more than once then sends its first part again with its second. Reverse mode waits: a node sends when all that read it have sent.</p>
<div class="two"><ol id="wrong-steps"></ol><table><thead><tr><th scope="col">d f / d</th><th scope="col">wrong</th><th scope="col">right</th></tr></thead><tbody id="wrong-results"></tbody></table></div></section>
)";

}  // namespace

std::string lesson_html(const EvaluationTrace& trace, const LessonPage& page) {
  const std::string title = trace.source.empty() ? "A derivative, step by step" : "f = " + trace.source;
  std::string at;
  std::size_t inputs = 0;
  for (const TraceNode& n : trace.nodes)
    if (n.op == "variable") {
      at += (at.empty() ? "" : ", ") + html_escaped(n.name) + " = " + first(n.value, trace.digits.front());
      inputs += static_cast<std::size_t>(n.shape.size());
    }
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>" +
      html_escaped(title) + "</title>\n<style>" + lesson_style +
      "</style></head>\n<body>\n<header><h1>f = " + (trace.source.empty() ? "..." : math(trace.source)) +
      "</h1><p>at " + at + "</p></header>\n<main>\n";
  html += controls(trace) + lesson_source(trace, page.source_text);
  html +=
      "<section id=\"picture\"><h2>The graph</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"graph\">" +
      lesson_graph(trace) + "</div></section>\n";
  html += panels;
  html +=
      "<section id=\"values\"><h2>The trace</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"trace\">" +
      table(trace) + "</div>\n" + list_of_steps(trace) + "</section>\n";
  html += "<section id=\"checks\"><h2>Checks</h2>\n" + lesson_differences(trace);
  if (!trace.differences.empty())
    html +=
        "<p>The error of central differences (f(x + h) - f(x - h)) / 2h: too large an h cuts the series off, too small "
        "a "
        "one cancels digits. The derivative above has neither error.</p>\n";
  html += fmt::format(
      "<p>Reverse mode took one sweep back over the graph. Forward mode takes {} sweep{}, one for each "
      "input.</p>\n",
      inputs, inputs == 1 ? "" : "s");
  for (const std::string& warning : warnings(trace))
    html += "<p class=\"warning\"><strong>Look here:</strong> " + html_escaped(warning) + "</p>\n";
  html +=
      "</section>\n<section id=\"take\" hidden><h2>Take it along</h2><p class=\"strip\"><button "
      "data-save=\"svg\">SVG</button>"
      "<button data-save=\"png\">PNG</button><button data-save=\"csv\">CSV</button><button "
      "data-save=\"latex\">LaTeX</button><button data-save=\"cpp\">C++</button></p></section>\n</main>\n";
  html += "<script type=\"application/json\" id=\"data\">" + embedded(data_of(trace, page)) + "</script>\n<script>" +
          lesson_script + "</script>\n</body></html>\n";
  return html;
}

}  // namespace nabla::app
