#include <fmt/format.h>

#include <nabla/engine/explain/trace.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using Document = nlohmann::json;

DecimalTexts texts_of(const Document& j) {
  DecimalTexts texts;
  for (const auto& [digits, entries] : j.items())
    texts[std::stoi(digits)] = entries.is_array() ? entries.get<std::vector<std::string>>()
                                                  : std::vector<std::string>{entries.get<std::string>()};
  return texts;
}

class TraceReader {
 public:
  explicit TraceReader(const Document& j) : j_(j) {}

  EvaluationTrace read() {
    if (j_.value("schema", "") != "nabla.trace/1") throw std::invalid_argument("its schema is not nabla.trace/1");
    trace_.source = j_.at("source");
    trace_.is_forward = j_.at("mode").get<std::string>() == "forward";
    trace_.digits = j_.at("digits").get<std::vector<int>>();
    if (trace_.digits.empty()) throw std::invalid_argument("it has no digits");
    trace_.sweeps = j_.at("sweeps");
    trace_.operations = j_.at("operations");
    trace_.scopes = j_.value("scopes", std::size_t{0});
    if (j_.contains("sources"))
      for (const Document& s : j_["sources"])
        trace_.sources.push_back({.file = s.at("file"),
                                  .first_line = s.at("first_line"),
                                  .lines = s.at("lines").get<std::vector<std::string>>()});
    for (const Document& n : j_.at("nodes")) trace_.nodes.push_back(node(n));
    if (trace_.nodes.empty()) throw std::invalid_argument("it has no nodes");
    for (const Document& s : j_.at("steps")) trace_.steps.push_back(step(s));
    for (const Document& d : j_.at("differences"))
      for (std::size_t k = 0; k < trace_.nodes.size(); ++k)
        if (trace_.nodes[k].name == d.at("input").get<std::string>())
          trace_.differences.push_back({k, d.at("digits"), d.at("h"), d.at("error")});
    for (const Document& kink : j_.at("kinks")) trace_.kinks.push_back({place(kink.at("node")), kink.at("convention")});
    return std::move(trace_);
  }

 private:
  std::size_t place(const Document& j) const {
    const auto k = j.get<std::size_t>();
    if (k >= trace_.nodes.size()) throw std::invalid_argument(fmt::format("it has no node {} there", k));
    return k;
  }

  /// Every number of digits, and as many entries as the shape says.
  DecimalTexts value(const Document& j, const Shape& shape) const {
    DecimalTexts texts = texts_of(j);
    for (const int d : trace_.digits)
      if (!texts.contains(d) || static_cast<std::int64_t>(texts[d].size()) != shape.size())
        throw std::invalid_argument(fmt::format("a value lacks entries at {} digits", d));
    return texts;
  }

  TraceNode node(const Document& j) {
    TraceNode n{.op = j.at("op"),
                .in = {},
                .name = j.at("name"),
                .formula = j.value("formula", ""),
                .numbers = j.value("numbers", ""),
                .latex = j.value("latex", "")};
    for (const Document& k : j.at("in")) {
      n.in.push_back(place(k));
      ++trace_.nodes[n.in.back()].uses;
    }
    const auto extents = j.at("shape").get<std::vector<std::int64_t>>();
    n.shape = Shape(extents);
    n.value = value(j.at("value"), n.shape);
    for (const char* key : {"adjoint", "tangent"})
      if (j.contains(key)) n.adjoint = value(j[key], n.shape);
    n.varies = !n.adjoint.empty();
    n.origin = {j.value("file", ""), j.value("line", 0U), j.value("column", 0U)};
    n.operations = j.value("operations", std::size_t{1});
    n.lines = j.value("lines", "");
    return n;
  }

  TraceStep step(const Document& j) const {
    const std::string direction = j.at("dir");
    TraceStep s{.direction = direction == "seed"       ? TraceStep::Direction::seed
                             : direction == "backward" ? TraceStep::Direction::backward
                                                       : TraceStep::Direction::forward,
                .node = place(j.at("node")),
                .slot = j.value("slot", -1),
                .to = place(j.at("to")),
                .rule = j.value("rule", ""),
                .latex = j.value("latex", "")};
    const TraceNode& from = trace_.nodes[s.node];
    if (s.slot >= static_cast<int>(from.in.size())) throw std::invalid_argument("a step names an operand that is none");
    const Shape& shape = trace_.nodes[s.to].shape;
    if (j.contains("local")) s.local = value(j["local"], {});
    if (s.slot >= 0) {
      s.contribution = value(j.at("contribution"), shape);
      s.before = value(j.at("before"), shape);
    }
    s.after = value(j.at("after"), shape);
    s.part = j.value("part", 0);
    s.parts = j.value("parts", 0);
    return s;
  }

  const Document& j_;
  EvaluationTrace trace_;
};

}  // namespace

EvaluationTrace trace_from_json(std::string_view text) {
  try {
    const Document j = Document::parse(text);
    return TraceReader(j).read();
  } catch (const std::exception& error) {
    throw std::invalid_argument(std::string("this is no trace: ") + error.what());
  }
}

}  // namespace nabla
