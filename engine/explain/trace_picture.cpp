#include <fmt/format.h>

#include <algorithm>
#include <nabla/engine/explain/trace.hpp>

/// A trace as mathematics and as a picture: LaTeX, TikZ, Graphviz.
namespace nabla {

namespace {

/// v12 as v_{12}; other names as they are, with what LaTeX reads otherwise escaped.
std::string latex_name(const TraceNode& n) {
  if (n.op == "constant") return n.latex;
  const std::size_t digits = n.name.find_first_of("0123456789");
  if (digits != std::string::npos && digits > 0 && n.name.find_first_not_of("0123456789", digits) == std::string::npos)
    return n.name.substr(0, digits) + "_{" + n.name.substr(digits) + "}";
  std::string text;
  for (const char c : n.name) text += c == '_' ? std::string("\\_") : std::string(1, c);
  return n.name.size() > 1 ? "\\mathit{" + text + "}" : text;
}

std::string adjoint_name(const TraceNode& n) { return "\\bar{" + latex_name(n) + "}"; }

std::string joined(const std::vector<std::string>& entries) {
  if (entries.size() == 1) return entries[0];
  constexpr std::size_t most = 4;
  std::string text = "[";
  for (std::size_t i = 0; i < entries.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + entries[i];
  return text + (entries.size() > most ? ", ..." : "") + "]";
}

std::string at(const DecimalTexts& texts, int digits) {
  const auto it = texts.find(digits);
  return it == texts.end() ? std::string() : joined(it->second);
}

/// How far from the inputs a node stands: its column in the picture.
std::vector<std::size_t> depths(const EvaluationTrace& trace) {
  std::vector<std::size_t> depth(trace.nodes.size(), 0);
  for (std::size_t k = 0; k < trace.nodes.size(); ++k)
    for (const std::size_t j : trace.nodes[k].in) depth[k] = std::max(depth[k], depth[j] + 1);
  return depth;
}

const TraceStep* push_of(const EvaluationTrace& trace, std::size_t node, std::size_t slot) {
  for (const TraceStep& s : trace.steps)
    if (s.node == node && s.slot == static_cast<int>(slot)) return &s;
  return nullptr;
}

std::string quoted_for_dot(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n')
      result += "\\n";
    else
      result += c;
  }
  return result + "\"";
}

void write_sweeps(const EvaluationTrace& trace, std::string& text) {
  const int digits = trace.digits.front();
  text += "\\begin{align*}\n";
  for (const TraceNode& n : trace.nodes) {
    if (n.op == "constant") continue;
    text +=
        fmt::format("  {} &{} = {} \\\\\n", latex_name(n), n.latex.empty() ? "" : " = " + n.latex, at(n.value, digits));
  }
  text += "  &\\text{" + std::string(trace.is_forward ? "forward" : "backward") + "} \\\\\n";
  for (const TraceStep& s : trace.steps) {
    const TraceNode &from = trace.nodes[s.node], &to = trace.nodes[s.to];
    const auto name = [&](const TraceNode& n) {
      return trace.is_forward ? "\\dot{" + latex_name(n) + "}" : adjoint_name(n);
    };
    if (s.direction == TraceStep::Direction::seed) text += fmt::format("  {} &= 1 \\\\\n", name(from));
    if (s.slot < 0) continue;
    const TraceNode& operand = from.in.empty() ? to : trace.nodes[from.in[static_cast<std::size_t>(s.slot)]];
    const TraceNode& sent = trace.is_forward ? operand : from;
    if (s.local.empty()) {
      text += fmt::format("  {} &\\mathrel{{+}}= {} = {} \\\\\n", name(to), s.latex, at(s.after, digits));
      continue;
    }
    text +=
        fmt::format("  {} &\\mathrel{{+}}= {} \\cdot \\frac{{\\partial {}}}{{\\partial {}}} = {} \\cdot {} = {} \\\\\n",
                    name(to), name(sent), latex_name(from), latex_name(operand), name(sent),
                    "\\left(" + s.latex + "\\right)", at(s.after, digits));
  }
  text += "\\end{align*}\n";
}

void write_picture(const EvaluationTrace& trace, std::string& text) {
  const int digits = trace.digits.front();
  const std::vector<std::size_t> depth = depths(trace);
  std::map<std::size_t, int> in_column;
  text += "\\begin{tikzpicture}[every node/.style={draw, rounded corners, align=center, font=\\small}, >=stealth]\n";
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const TraceNode& n = trace.nodes[k];
    const int row = in_column[depth[k]]++;
    std::string label = "$" + latex_name(n) + "$";
    if (n.op != "constant") label += "\\\\ $" + at(n.value, digits) + "$";
    if (const std::string adjoint = at(n.adjoint, digits); !adjoint.empty() && !trace.is_forward)
      label += "\\\\ $" + adjoint_name(n) + " = " + adjoint + "$";
    text += fmt::format("  \\node (n{}) at ({},{}) {{{}}};\n", k, 3.5 * static_cast<double>(depth[k]),
                        row == 0 ? 0.0 : -2.0 * row, label);
  }
  for (std::size_t k = 0; k < trace.nodes.size(); ++k)
    for (std::size_t slot = 0; slot < trace.nodes[k].in.size(); ++slot) {
      const std::size_t j = trace.nodes[k].in[slot];
      const auto before =
          std::count(trace.nodes[k].in.begin(), trace.nodes[k].in.begin() + static_cast<std::ptrdiff_t>(slot), j);
      const TraceStep* push = push_of(trace, k, slot);
      const std::string local = push != nullptr ? at(push->local, digits) : std::string();
      text +=
          fmt::format("  \\draw[->] (n{}) {} (n{});\n", j,
                      fmt::format("to[bend left={}]{}", 20 * before,
                                  local.empty() ? "" : " node[draw=none, above, font=\\scriptsize] {$" + local + "$}"),
                      k);
    }
  text += "\\end{tikzpicture}\n";
}

}  // namespace

std::string to_latex(const EvaluationTrace& trace) {
  std::string text;
  write_sweeps(trace, text);
  write_picture(trace, text);
  return text;
}

std::string to_graphviz(const EvaluationTrace& trace) {
  const int digits = trace.digits.front();
  std::string text =
      "digraph trace {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
      "  edge [fontname=\"sans-serif\", fontsize=10];\n";
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const TraceNode& n = trace.nodes[k];
    std::string label = n.name;
    if (n.op != "constant") {
      if (!n.formula.empty()) label += " = " + n.formula;
      label += "\nvalue " + at(n.value, digits);
      if (!n.adjoint.empty() && !trace.is_forward) label += "\nadjoint " + at(n.adjoint, digits);
    }
    text += fmt::format("  n{} [label={}{}];\n", k, quoted_for_dot(label),
                        k + 1 == trace.nodes.size() ? ", peripheries=2" : "");
  }
  for (std::size_t k = 0; k < trace.nodes.size(); ++k)
    for (std::size_t slot = 0; slot < trace.nodes[k].in.size(); ++slot) {
      const TraceStep* push = push_of(trace, k, slot);
      const std::string local = push != nullptr ? at(push->local, digits) : std::string();
      text += fmt::format("  n{} -> n{}{};\n", trace.nodes[k].in[slot], k,
                          local.empty() ? "" : " [label=" + quoted_for_dot(local) + "]");
    }
  return text + "}\n";
}

}  // namespace nabla
