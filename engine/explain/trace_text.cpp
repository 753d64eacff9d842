#include <fmt/format.h>

#include <nabla/engine/explain/trace.hpp>

namespace nabla {

namespace {

constexpr std::size_t width = 80;

std::string joined(const std::vector<std::string>& entries, const Shape& shape) {
  if (shape.is_scalar()) return entries.empty() ? std::string("?") : entries[0];
  constexpr std::size_t most = 8;
  std::string text = "[";
  for (std::size_t i = 0; i < entries.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + entries[i];
  if (entries.size() > most) text += fmt::format(", ... {} more", entries.size() - most);
  return text + "]";
}

/// A number as a factor: a negative one in parentheses.
std::string factor(const std::string& number) { return number.starts_with('-') ? "(" + number + ")" : number; }

std::string padded(std::string text, std::size_t columns) {
  if (text.size() < columns) text.append(columns - text.size(), ' ');
  return text;
}

class Writer {
 public:
  explicit Writer(const EvaluationTrace& trace) : trace_(trace), digits_(trace.digits.front()) {}

  std::string write() {
    head();
    forward();
    if (trace_.is_forward) {
      tangents();
    } else {
      backward();
    }
    result();
    notes();
    return std::move(text_);
  }

 private:
  const TraceNode& node(std::size_t k) const { return trace_.nodes[k]; }
  std::string shown(const DecimalTexts& texts, const Shape& shape) const {
    const auto it = texts.find(digits_);
    return it == texts.end() ? std::string() : joined(it->second, shape);
  }

  /// Pieces that follow each other on a line, each from its column on, as long as the line has room.
  void line(const std::vector<std::pair<std::size_t, std::string>>& pieces) {
    std::string now;
    for (const auto& [column, piece] : pieces) {
      if (piece.empty()) continue;
      const std::size_t begin = std::max(column, now.empty() ? 0 : now.size() + 2);
      if (!now.empty() && begin + piece.size() > width) {
        text_ += now + "\n";
        now.assign(std::min<std::size_t>(column, 6), ' ');
        now += piece;
        continue;
      }
      now = padded(std::move(now), begin) + piece;
    }
    text_ += now + "\n";
  }

  void head() {
    if (trace_.source.size() > 3 * width)
      text_ += "f = " + trace_.source.substr(0, 3 * width - 7) + "...\n";
    else if (!trace_.source.empty())
      text_ += "f = " + trace_.source + "\n";
    std::string at, begin = "at  ";
    for (const TraceNode& n : trace_.nodes) {
      if (n.op != "variable") continue;
      const std::string each = n.name + " = " + shown(n.value, n.shape);
      if (!at.empty() && at.size() + each.size() + 8 > width) {
        text_ += at + ",\n";
        at.clear();
        begin = "    ";
      }
      at += (at.empty() ? begin : ",  ") + each;
    }
    if (!at.empty()) text_ += at + "\n";
    if (trace_.scopes > 0)
      text_ += fmt::format(
          "note: {} operations are shown as {} scopes, each of them one step.\n"
          "      The adjoint of a scope with several results is a list of theirs.\n",
          trace_.operations, trace_.scopes);
  }

  /// The user's line above the first value that it computes.
  void source_line(const Origin& origin) {
    if (trace_.sources.empty() || origin.line == 0) return;
    const std::string place = fmt::format("{}:{}", origin.file.substr(origin.file.find_last_of('/') + 1), origin.line);
    if (place == source_line_) return;
    source_line_ = place;
    std::string text;
    for (const TraceSource& s : trace_.sources)
      if (const std::string* line = s.file == origin.file ? s.line(origin.line) : nullptr) text = *line;
    text.erase(0, text.find_first_not_of(" \t"));
    std::string all = "  " + place + (text.empty() ? "" : ":  " + text);
    if (all.size() > width) all = all.substr(0, width - 3) + "...";
    text_ += all + "\n";
  }

  void forward() {
    text_ += "\nForward: each value is computed once and kept\n";
    std::size_t formula = 0;
    for (const TraceNode& n : trace_.nodes) formula = std::max(formula, n.name.size() + n.formula.size());
    const std::size_t second = std::min<std::size_t>(formula + 8, 34);
    for (const TraceNode& n : trace_.nodes) {
      if (n.formula.empty()) continue;
      const std::string value = "= " + shown(n.value, n.shape);
      if (n.op == "scope") {
        line({{2, n.name + " = " + n.formula}, {second, "(" + n.numbers + ")"}});
        line({{6, value}});
        continue;
      }
      source_line(n.origin);
      line({{2, n.name + " = " + n.formula}, {second, n.numbers == n.formula ? "" : "= " + n.numbers}, {62, value}});
    }
  }

  std::string part(const TraceStep& s) const {
    return s.parts > 1 ? fmt::format("part {} of {}", s.part, s.parts) : std::string();
  }

  void backward() {
    text_ +=
        "\nBackward: the adjoint of v is df/dv, what f changes by per unit of v.\n"
        "Each step sends adjoint times local derivative to an operand, which adds it up.\n";
    std::size_t last = trace_.nodes.size();
    for (const TraceStep& s : trace_.steps) {
      if (s.direction == TraceStep::Direction::seed)
        line({{2, "adj " + node(s.node).name + " = 1"}, {34, "the seed: df/df"}});
      if (s.direction != TraceStep::Direction::backward) continue;
      const TraceNode &from = node(s.node), &to = node(s.to);
      if (s.node != last) text_ += fmt::format("  {} = {}\n", from.name, from.formula);
      last = s.node;
      if (s.local.empty()) {
        line({{4, "adj " + to.name + " += " + s.rule}, {60, part(s)}});
        line({{6, "= " + shown(s.after, to.shape)}});
        continue;
      }
      const std::string local = shown(s.local, {});
      const bool has_rule = from.op != "scope";
      line({{4, fmt::format("d {}/d {}", from.name, to.name) + (has_rule ? " = " + s.rule : "")},
            {34, s.rule == local ? "" : "= " + local},
            {60, part(s)}});
      const std::string before = shown(s.before, {});
      std::string sum = factor(adjoint_of(s.node)) + " * " + factor(local);
      if (before != "0") sum = before + " + " + sum;
      line({{4, "adj " + to.name + " = " + sum}, {62, "= " + shown(s.after, {})}});
    }
  }

  /// The adjoint as it is when its node sends it on: complete, since every reader comes later in the graph.
  std::string adjoint_of(std::size_t k) const { return shown(node(k).adjoint, node(k).shape); }

  void tangents() {
    std::size_t last = trace_.nodes.size();
    std::map<std::size_t, std::string> tangent;
    for (const TraceStep& s : trace_.steps) {
      if (s.direction == TraceStep::Direction::seed) {
        text_ += fmt::format("\nForward sweep for {0}: the tangent of v is dv/d{0}\n", node(s.node).name);
        line({{2, "tan " + node(s.node).name + " = 1"}, {34, "the seed"}});
        tangent.clear();
        tangent[s.node] = "1";
        last = trace_.nodes.size();
        continue;
      }
      if (s.slot < 0) continue;
      const TraceNode &of = node(s.node), &by = node(of.in[static_cast<std::size_t>(s.slot)]);
      if (s.node != last) text_ += fmt::format("  {} = {}\n", of.name, of.formula);
      last = s.node;
      const std::string local = shown(s.local, {}), before = shown(s.before, {}), after = shown(s.after, {});
      const auto known = tangent.find(of.in[static_cast<std::size_t>(s.slot)]);
      line({{4, fmt::format("d {}/d {} = {}", of.name, by.name, s.rule)},
            {34, s.rule == local ? "" : "= " + local},
            {60, part(s)}});
      std::string sum = factor(local) + " * " + factor(known == tangent.end() ? "0" : known->second);
      if (before != "0") sum = before + " + " + sum;
      line({{4, "tan " + of.name + " = " + sum}, {62, "= " + after}});
      tangent[s.node] = after;
    }
    derivatives_ = derivatives();
  }

  /// In forward mode: the output's tangent at the end of each sweep.
  std::map<std::size_t, DecimalTexts> derivatives() const {
    std::map<std::size_t, DecimalTexts> all;
    std::size_t input = 0;
    for (const TraceStep& s : trace_.steps) {
      if (s.direction == TraceStep::Direction::seed) input = s.node;
      if ((s.slot >= 0 || s.direction == TraceStep::Direction::seed) && s.to == trace_.nodes.size() - 1)
        all[input] = s.after;
    }
    return all;
  }

  void result() {
    const int most = trace_.digits.back();
    if (trace_.kinks.empty())
      text_ += fmt::format("\nThe derivative, {} digits, each of them right\n", most);
    else
      text_ += fmt::format("\nWhat the chain rule gives, {} digits, with a convention at each kink\n", most);
    std::size_t inputs = 0;
    for (std::size_t k = 0; k < trace_.nodes.size(); ++k) {
      const TraceNode& n = node(k);
      if (n.op != "variable") continue;
      inputs += static_cast<std::size_t>(n.shape.size());
      const auto found = derivatives_.find(k);
      const DecimalTexts& texts = found == derivatives_.end() ? n.adjoint : found->second;
      if (const auto it = texts.find(most); it != texts.end())
        text_ += fmt::format("  df/d{} = {}\n", n.name, joined(it->second, n.shape));
    }
    if (trace_.is_forward)
      text_ += fmt::format("{} sweep{} forward, one for each input; reverse mode needs one sweep.\n", trace_.sweeps,
                           trace_.sweeps == 1 ? "" : "s");
    else
      text_ += fmt::format("One sweep back gave all of it; forward mode needs {} sweep{}, one for each input.\n",
                           inputs, inputs == 1 ? "" : "s");
  }

  void notes() {
    for (const TraceKink& kink : trace_.kinks)
      text_ += fmt::format("note: {} = {} has no derivative here: {}\n", node(kink.node).name, node(kink.node).formula,
                           kink.convention);
  }

  const EvaluationTrace& trace_;
  int digits_;
  std::string text_, source_line_;
  std::map<std::size_t, DecimalTexts> derivatives_;
};

}  // namespace

std::string to_text(const EvaluationTrace& trace) { return Writer(trace).write(); }

}  // namespace nabla
