#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nabla/app/lesson/lesson.hpp>
#include <nabla/proofs/report/html_text.hpp>

namespace nabla::app {

namespace {

constexpr int node_width = 138, node_height = 58, column_gap = 84, row_gap = 30, margin = 8;
constexpr std::size_t most_letters = 15;

std::string shortened(const std::string& text) {
  return text.size() <= most_letters ? text : text.substr(0, most_letters - 3) + "...";
}

std::string entry(const DecimalTexts& texts, int digits) {
  const auto it = texts.find(digits);
  if (it == texts.end() || it->second.empty()) return "";
  return it->second.size() == 1 ? it->second[0] : fmt::format("{} numbers", it->second.size());
}

struct Layout {
  std::vector<int> x, y;
  int width = 0, height = 0;
};

/// Rows, so that what is computed stands near what it is computed from, and a leaf beside what it is read with.
std::vector<int> rows(const EvaluationTrace& trace, const std::vector<int>& column) {
  const std::size_t n = trace.nodes.size();
  std::vector<std::size_t> reader(n, n);
  std::vector<std::vector<std::size_t>> columns(1);
  for (std::size_t k = 0; k < n; ++k) {
    for (const std::size_t j : trace.nodes[k].in) reader[j] = std::min(reader[j], k);
    const auto c = static_cast<std::size_t>(column[k]);
    if (columns.size() <= c) columns.resize(c + 1);
    columns[c].push_back(k);
  }
  std::vector<int> row(n, 0);
  std::vector<double> wish(n, 0);
  for (std::vector<std::size_t>& here : columns) {
    for (const std::size_t k : here)
      for (const std::size_t j : trace.nodes[k].in) wish[k] += row[j] / static_cast<double>(trace.nodes[k].in.size());
    double next = 0;
    for (const std::size_t k : here) {
      if (!trace.nodes[k].in.empty()) continue;
      wish[k] = next++;
      if (reader[k] == n) continue;
      for (const std::size_t j : trace.nodes[reader[k]].in)
        if (j != k && column[j] == column[k] && !trace.nodes[j].in.empty()) wish[k] = wish[j] - 0.5;
    }
    std::ranges::stable_sort(here, {}, [&](std::size_t k) { return wish[k]; });
    for (std::size_t i = 0; i < here.size(); ++i) row[here[i]] = static_cast<int>(i);
  }
  return row;
}

/// Columns by the longest way from a leaf; leaves stand one column before what reads them first.
Layout laid_out(const EvaluationTrace& trace) {
  const std::size_t n = trace.nodes.size();
  std::vector<int> column(n, 0);
  for (std::size_t k = 0; k < n; ++k)
    for (const std::size_t j : trace.nodes[k].in) column[k] = std::max(column[k], column[j] + 1);
  for (std::size_t j = 0; j < n; ++j) {
    if (!trace.nodes[j].in.empty()) continue;
    int first = -1;
    for (std::size_t k = 0; k < n; ++k)
      if (std::ranges::find(trace.nodes[k].in, j) != trace.nodes[k].in.end() && (first < 0 || column[k] < first))
        first = column[k];
    if (first > 0) column[j] = first - 1;
  }
  const std::vector<int> row = rows(trace, column);
  Layout layout;
  for (std::size_t k = 0; k < n; ++k) {
    layout.x.push_back(margin + column[k] * (node_width + column_gap));
    layout.y.push_back(margin + row[k] * (node_height + row_gap));
    layout.width = std::max(layout.width, layout.x[k] + node_width + margin);
    layout.height = std::max(layout.height, layout.y[k] + node_height + row_gap);
  }
  return layout;
}

}  // namespace

std::string lesson_graph(const EvaluationTrace& trace) {
  const int digits = trace.digits.front();
  const Layout at = laid_out(trace);
  std::string svg = fmt::format(
      "<svg id=\"graph\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"The graph of the computation\" xmlns=\"http://www.w3.org/2000/svg\">\n"
      "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" "
      "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
      at.width, at.height);
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const std::vector<std::size_t>& in = trace.nodes[k].in;
    for (std::size_t slot = 0; slot < in.size(); ++slot) {
      const std::size_t j = in[slot];
      std::string local;
      for (const TraceStep& s : trace.steps)
        if (s.node == k && s.slot == static_cast<int>(slot)) local = entry(s.local, digits);
      const int x0 = at.x[j] + (trace.nodes[j].op == "constant" ? node_width / 2 + 14 : node_width),
                y0 = at.y[j] + node_height / 2, x1 = at.x[k];
      const int spread = static_cast<int>((slot + 1) * node_height / (in.size() + 1));
      const int y1 = at.y[k] + spread, middle = (x0 + x1) / 2;
      std::string path = fmt::format("M{0} {1}C{2} {1} {2} {3} {4} {3}", x0, y0, middle, y1, x1);
      int label = (y0 + y1) / 2 - 4 + (slot % 2 == 0 ? 0 : 14);
      if (x1 - x0 > node_width + column_gap) {
        // Past other columns: between the rows, where no box hides it.
        const int below = std::max(at.y[j], at.y[k]) + node_height + 17 + 4 * static_cast<int>(slot % 2);
        path = fmt::format("M{0} {1}C{2} {1} {2} {3} {4} {3}H{5}C{6} {3} {6} {7} {8} {7}", x0, y0, x0 + column_gap / 2,
                           below, x0 + column_gap, x1 - column_gap, x1 - column_gap / 2, y1, x1);
        label = below - 3;
      }
      svg += fmt::format(
          "<g class=\"edge\" data-node=\"{}\" data-slot=\"{}\" data-to=\"{}\"><path d=\"{}\" "
          "marker-end=\"url(#tip)\"/><text class=\"local\" x=\"{}\" y=\"{}\">{}</text></g>\n",
          k, slot, j, path, middle, label, html_escaped(local));
    }
  }
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const TraceNode& n = trace.nodes[k];
    const bool constant = n.op == "constant";
    const std::string title = n.formula.empty() ? n.name : n.name + " = " + n.formula;
    svg += fmt::format(
        "<g class=\"node {0}\" data-node=\"{1}\" tabindex=\"0\" role=\"img\" aria-label=\"{2}\"><rect x=\"{3}\" "
        "y=\"{4}\" "
        "width=\"{5}\" height=\"{6}\" rx=\"7\"/><text class=\"name\" x=\"{7}\" y=\"{8}\">{9}</text>",
        constant             ? "constant"
        : n.op == "variable" ? "input"
                             : "step",
        k, html_escaped(title), at.x[k], at.y[k], node_width, node_height, at.x[k] + node_width / 2, at.y[k] + 17,
        html_escaped(shortened(title)));
    if (!constant)
      svg += fmt::format("<text class=\"value\" x=\"{}\" y=\"{}\">{}</text>", at.x[k] + node_width / 2, at.y[k] + 34,
                         html_escaped(entry(n.value, digits)));
    if (!n.adjoint.empty())
      svg += fmt::format("<text class=\"adjoint\" x=\"{}\" y=\"{}\">{} {}</text>", at.x[k] + node_width / 2,
                         at.y[k] + 50, trace.is_forward ? "tan" : "adj", html_escaped(entry(n.adjoint, digits)));
    svg += "</g>\n";
  }
  return svg + "</svg>\n";
}

std::string lesson_differences(const EvaluationTrace& trace) {
  constexpr int width = 420, left = 46, top = 24, right = 10, chart = 190, line_height = 16;
  const int height = top + chart + 40 + line_height * static_cast<int>(trace.digits.size());
  const int bottom = height - top - chart;
  if (trace.differences.empty()) return "";
  const std::size_t input = trace.differences[0].input;
  struct Point {
    int digits;
    double h, error;
  };
  std::vector<Point> points;
  for (const TraceDifference& d : trace.differences) {
    if (d.input != input) continue;
    const double error = std::strtod(d.error.c_str(), nullptr);
    const double e = error > 0 ? std::log10(error) : -static_cast<double>(d.digits) - 2;
    points.push_back({d.digits, std::log10(std::strtod(d.h.c_str(), nullptr)), e});
  }
  double lo_h = 0, lo_e = 0, hi_e = 0;
  for (const Point& p : points) {
    lo_h = std::min(lo_h, p.h);
    lo_e = std::min(lo_e, p.error);
    hi_e = std::max(hi_e, p.error);
  }
  const auto x = [&](double h) { return left + (width - left - right) * (h - lo_h) / std::max(1.0, -lo_h); };
  const auto y = [&](double e) { return top + (height - top - bottom) * (hi_e - e) / std::max(1.0, hi_e - lo_e); };
  std::string svg = fmt::format(
      "<svg id=\"differences\" viewBox=\"0 0 {0} {1}\" role=\"img\" aria-label=\"Error of central differences over the "
      "step h, both logarithmic\" xmlns=\"http://www.w3.org/2000/svg\">\n"
      "<path class=\"axis\" d=\"M{2} {3}V{4}H{5}\"/><text x=\"{6}\" y=\"{7}\">log10 h</text>"
      "<text x=\"{9}\" y=\"{8}\">log10 error</text>\n",
      width, height, left, top, height - bottom, width - right, width / 2, top + chart + 32, top - 8, 4);
  for (int k = 0; k >= static_cast<int>(lo_h); k -= std::max(1, static_cast<int>(-lo_h) / 6))
    svg += fmt::format("<text class=\"tick\" x=\"{:.0f}\" y=\"{}\">{}</text>", x(k), height - bottom + 14, k);
  for (int k = static_cast<int>(hi_e); k >= static_cast<int>(lo_e); k -= std::max(1, static_cast<int>(hi_e - lo_e) / 5))
    svg += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{:.0f}\">{}</text>", left - 16, y(k) + 4, k);
  int line = 0;
  for (const int digits : trace.digits) {
    std::string path;
    const Point* least = nullptr;
    for (const Point& p : points) {
      if (p.digits != digits) continue;
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x(p.h), y(p.error));
      if (least == nullptr || p.error < least->error) least = &p;
    }
    if (least == nullptr) continue;
    svg += fmt::format(
        "<g class=\"curve c{0}\"><path d=\"{1}\"/><circle cx=\"{2:.1f}\" cy=\"{3:.1f}\" r=\"4\"/>"
        "<path d=\"M{4} {5}h34\"/><text x=\"{6}\" y=\"{7}\">{8} digits: best h = 1e{9:.0f}</text></g>\n",
        line % 5, path, x(least->h), y(least->error), left, top + chart + 44 + line_height * line, left + 44,
        top + chart + 48 + line_height * line, digits, least->h);
    ++line;
  }
  return svg + "</svg>\n";
}

}  // namespace nabla::app
