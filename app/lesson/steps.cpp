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
constexpr std::size_t most_entries = 12;

}  // namespace

std::string lesson_math(const std::string& formula) {
  try {
    const Syntax syntax = parse_expression(Source("", formula));
    if (const auto ml = to_mathml(syntax, syntax.root(), {})) return "<math>" + *ml + "</math>";
  } catch (const std::exception&) {  // shown as it is written
  }
  return "<code>" + html_escaped(formula) + "</code>";
}

std::string lesson_number(const DecimalTexts& all, int digits) {
  const auto it = all.find(digits);
  if (it == all.end()) return "";
  const std::vector<std::string>& entries = it->second;
  if (entries.size() == 1) return entries[0];
  std::string text = "[";
  for (std::size_t i = 0; i < entries.size() && i < most_entries; ++i) text += (i == 0 ? "" : ", ") + entries[i];
  return text + (entries.size() > most_entries ? ", ...]" : "]");
}

std::string lesson_wrong_order(const EvaluationTrace& trace) {
  if (trace.is_forward || trace.scopes > 0) return {};
  struct Edge {
    std::size_t to;
    double local;
    std::string text;
  };
  std::vector<std::vector<Edge>> edges(trace.nodes.size());
  const int digits = trace.digits.front();
  for (const TraceStep& s : trace.steps) {
    if (s.slot < 0) continue;
    if (s.local.empty()) return {};
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
    if (steps.size() >= most_wrong_steps) return {};
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
  return wrong.dump();
}

std::vector<std::string> lesson_warnings(const EvaluationTrace& trace) {
  std::vector<std::string> all;
  const int digits = trace.digits.back();
  const auto number = [&](const TraceNode& n) {
    return n.shape.is_scalar() ? std::strtod(n.value.at(digits)[0].c_str(), nullptr) : std::nan("");
  };
  for (const TraceKink& kink : trace.kinks)
    all.push_back(fmt::format("{} = {} is at a kink: no derivative exists there ({}).", trace.nodes[kink.node].name,
                              trace.nodes[kink.node].formula, kink.convention));
  for (const TraceNode& n : trace.nodes) {
    if (n.formula.empty() || !n.shape.is_scalar() || n.op == "scope") continue;
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

std::string lesson_list_of_steps(const EvaluationTrace& trace) {
  const int digits = trace.digits.front();
  const char* const sum = trace.is_forward ? "tan" : "adj";
  std::string items;
  std::vector<std::string> now(trace.nodes.size(), "0");  // the number that each node sends, as it is when it is sent
  for (const TraceStep& s : trace.steps) {
    const TraceNode& node = trace.nodes[s.node];
    const std::string to = html_escaped(trace.nodes[s.to].name), after = html_escaped(lesson_number(s.after, digits));
    if (s.direction == TraceStep::Direction::seed) {
      std::ranges::fill(now, "0");
      now[s.to] = after;
      items += fmt::format("<li>{} {} = 1, the seed</li>\n", sum, to);
      continue;
    }
    if (s.slot < 0) {
      items += fmt::format("<li>{} = <span class=\"m\">{}</span> = {}</li>\n", to, lesson_math(node.formula), after);
      continue;
    }
    const std::size_t sender = trace.is_forward ? node.in[static_cast<std::size_t>(s.slot)] : s.node;
    const std::string before = html_escaped(lesson_number(s.before, digits)),
                      rule = "<span class=\"m\">" + lesson_math(s.rule) + "</span>";
    if (s.local.empty())
      items += fmt::format("<li>{} {} = {} + {} = {}</li>\n", sum, to, before, rule, after);
    else
      items += fmt::format("<li>{0} {1} = {2} + {0} {3} · {4} = {2} + {5} · {6} = {7}</li>\n", sum, to, before,
                           html_escaped(trace.nodes[sender].name), rule, now[sender],
                           html_escaped(lesson_number(s.local, digits)), after);
    now[s.to] = after;
  }
  return "<details id=\"all-steps\"><summary>All steps as a list</summary><ol>\n" + items + "</ol></details>\n";
}

}  // namespace nabla::app
