#include <fmt/format.h>

#include <map>
#include <nabla/app/lesson/lesson.hpp>
#include <nabla/proofs/report/html_text.hpp>
#include <nlohmann/json.hpp>

namespace nabla::app {

namespace {

using Json = nlohmann::ordered_json;

Json texts(const DecimalTexts& all, const std::vector<int>& digits) {
  Json list = Json::array();
  for (const int d : digits) {
    if (!all.contains(d)) return nullptr;
    list.push_back(lesson_number(all, d));
  }
  return list;
}

/// What follows from the rest is left out: a value is its node's, the last sum its node's adjoint, what was there
/// before a step is what the step before it left; a rule stands in the list of steps.
Json data_of(const EvaluationTrace& trace, const LessonPage& page) {
  using Direction = TraceStep::Direction;
  Json data;
  data["mode"] = trace.is_forward ? "forward" : "reverse";
  data["digits"] = trace.digits;
  data["nodes"] = Json::array();
  for (const TraceNode& n : trace.nodes) {
    Json node{{"name", n.name}, {"op", n.op}, {"value", texts(n.value, trace.digits)}};
    if (!n.formula.empty()) {
      node["formula"] = n.formula;
      node["numbers"] = n.numbers;
    }
    if (!n.adjoint.empty()) node["adjoint"] = texts(n.adjoint, trace.digits);
    data["nodes"].push_back(std::move(node));
  }
  data["steps"] = Json::array();
  for (const TraceStep& s : trace.steps) {
    const bool sends = s.slot >= 0;
    Json step{
        {"d", sends                            ? "b"
              : s.direction == Direction::seed ? "s"
                                               : "f"},
        {"n", s.node},
        {"t", s.to},
    };
    if (sends) {
      step["s"] = s.slot;
      step["p"] = {s.part, s.parts};
      if (!s.local.empty()) step["l"] = texts(s.local, trace.digits);
    }
    if (sends && trace.is_forward) step["o"] = trace.nodes[s.node].in[static_cast<std::size_t>(s.slot)];
    if (sends && (trace.is_forward || s.part < s.parts)) step["a"] = texts(s.after, trace.digits);
    data["steps"].push_back(std::move(step));
  }
  if (const std::string wrong = lesson_wrong_order(trace); !wrong.empty()) data["wrong"] = Json::parse(wrong);
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

/// Digits for a reader without script: as many as a line holds.
int digits_in_table(const EvaluationTrace& trace) {
  constexpr int most = 34;
  int digits = trace.digits.front();
  for (const int d : trace.digits)
    if (d <= most) digits = d;
  return digits;
}

std::string table(const EvaluationTrace& trace) {
  const int digits = digits_in_table(trace);
  std::string rows = fmt::format(
      "<table id=\"trace\"><caption>{}</caption><thead><tr><th scope=\"col\">name</th><th scope=\"col\">is</th><th "
      "scope=\"col\">value</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
      trace.is_forward ? "The evaluation trace: values, and the tangents of the sweep"
                       : "The evaluation trace: values forward, adjoints backward",
      trace.is_forward ? "tangent" : "adjoint: df / d name");
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const TraceNode& n = trace.nodes[k];
    if (n.op == "constant") continue;
    std::string is = n.formula.empty() ? "an input" : lesson_math(n.formula);
    if (n.op == "scope") is += "<br>" + html_escaped(n.numbers);
    rows += fmt::format(
        "<tr data-node=\"{}\" tabindex=\"0\"><th scope=\"row\">{}</th><td>{}</td><td class=\"value\">{}</td><td "
        "class=\"adjoint\">{}</td></tr>\n",
        k, html_escaped(n.name), is, html_escaped(lesson_number(n.value, digits)),
        html_escaped(lesson_number(n.adjoint, digits)));
  }
  return rows + "</tbody></table>\n";
}

/// The derivative by each input, to every digit.
std::string results(const EvaluationTrace& trace) {
  const int digits = trace.digits.back();
  std::map<std::size_t, const DecimalTexts*> derivatives;
  std::size_t input = 0;
  for (std::size_t k = 0; k < trace.nodes.size(); ++k)
    if (trace.nodes[k].op == "variable" && !trace.is_forward) derivatives[k] = &trace.nodes[k].adjoint;
  for (const TraceStep& s : trace.steps) {
    if (!trace.is_forward) break;
    if (s.direction == TraceStep::Direction::seed) input = s.node;
    if (s.to == trace.nodes.size() - 1 && (s.slot >= 0 || s.node == input)) derivatives[input] = &s.after;
  }
  std::string rows;
  for (const auto& [k, texts] : derivatives)
    rows += fmt::format("<dt>df / d{}</dt><dd class=\"digits\">{}</dd>", html_escaped(trace.nodes[k].name),
                        html_escaped(lesson_number(*texts, digits)));
  const std::string what = trace.kinks.empty()
                               ? fmt::format("The derivative to {} digits, each of them right:", digits)
                               : fmt::format(
                                     "What the chain rule gives, to {} digits. It met a kink and went on by a "
                                     "convention (see the checks): the function may have another derivative, or none.",
                                     digits);
  return "<section id=\"results\"><h2>What comes out</h2><p>" + what + "</p><dl class=\"results\">" + rows +
         "</dl></section>\n";
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

constexpr const char* how_reverse =
    "First, left to right, each value is computed and kept. Then, right to left, each node sends its adjoint (how much "
    "f "
    "changes per unit of the node's value) times the local derivative to what it was computed from; what arrives is "
    "added up. What the inputs end with is the gradient.";
constexpr const char* how_forward =
    "First each value is computed. Then, for one input after the other, tangents go from left to right: the tangent of "
    "a "
    "value is how much it changes per unit of that input. The tangent of f is the derivative by it.";

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
  constexpr std::size_t most_letters = 160;
  const bool is_long = trace.source.size() > most_letters;
  const std::string source = is_long ? trace.source.substr(0, most_letters) + "..." : trace.source;
  const std::string title = source.empty() ? "A derivative, step by step" : "f = " + source;
  std::string at;
  std::size_t inputs = 0, shown = 0;
  for (const TraceNode& n : trace.nodes)
    if (n.op == "variable") {
      if (++shown <= 12)
        at += (at.empty() ? "" : ", ") + html_escaped(n.name) + " = " +
              html_escaped(lesson_number(n.value, trace.digits.front()));
      inputs += static_cast<std::size_t>(n.shape.size());
    }
  if (shown > 12) at += fmt::format(", and {} more inputs", shown - 12);
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>" +
      html_escaped(title) + "</title>\n<style>" + lesson_style + "</style></head>\n<body>\n<header><h1>" +
      (source.empty() ? "A recorded function, step by step"
       : is_long      ? "f = <code>" + html_escaped(source) + "</code>"
                      : "f = " + lesson_math(source)) +
      "</h1><p>at " + at + "</p>\n<p class=\"how\">" + (trace.is_forward ? how_forward : how_reverse) + "</p>\n";
  if (trace.scopes > 0)
    html += fmt::format(
        "<p class=\"warning\" id=\"notice\"><strong>Scopes:</strong> {} operations are shown as {} scopes, each one "
        "step: "
        "what a scope sends back is the sum over the paths inside of it. <code>nabla explain --nodes N</code> shows up "
        "to N "
        "nodes one by one.</p>\n",
        trace.operations, trace.scopes);
  html += "</header>\n<main>\n" + controls(trace) + lesson_source(trace, page.source_text);
  html +=
      "<section id=\"picture\"><h2>The graph</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"graph\">" +
      lesson_graph(trace) +
      "</div><p class=\"legend\"><span class=\"key value\">value</span> <span class=\"key adjoint\">" +
      (trace.is_forward ? "tan: tangent" : "adj: adjoint") +
      "</span> <span class=\"key\">on an edge: the local derivative</span> <span class=\"key\">dashed frame: an "
      "input</span></p></section>\n";
  html += panels;
  html +=
      "<section id=\"values\"><h2>The trace</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"trace\">" +
      table(trace) + "</div>\n" + lesson_list_of_steps(trace) + "</section>\n" + results(trace);
  html += "<section id=\"checks\"><h2>Checks</h2>\n" + lesson_differences(trace);
  if (!trace.differences.empty())
    html +=
        std::string(
            "<p>The error of central differences (f(x + h) - f(x - h)) / 2h: too large an h cuts the series off, too "
            "small a one cancels digits. ") +
        (trace.kinks.empty() ? "The derivative above has neither error.</p>\n"
                             : "At a kink they need not tend to what the chain rule gives.</p>\n");
  const std::string sweeps = fmt::format("{} sweep{}", inputs, inputs == 1 ? "" : "s");
  html += trace.is_forward ? "<p>Forward mode took " + sweeps +
                                 ", one for each input. Reverse mode takes one, whatever their number."
                           : "<p>Reverse mode took one sweep back over the graph. Forward mode takes " + sweeps +
                                 ", one for each input.";
  html += "</p>\n";
  for (const std::string& warning : lesson_warnings(trace))
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
