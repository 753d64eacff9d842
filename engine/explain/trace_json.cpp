#include <nabla/engine/explain/trace.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const DecimalTexts& texts, const Shape& shape) {
  Json j = Json::object();
  for (const auto& [digits, entries] : texts)
    j[std::to_string(digits)] = shape.is_scalar() && entries.size() == 1 ? Json(entries[0]) : Json(entries);
  return j;
}

const char* name_of(TraceStep::Direction direction) {
  switch (direction) {
    case TraceStep::Direction::forward:
      return "forward";
    case TraceStep::Direction::seed:
      return "seed";
    case TraceStep::Direction::backward:
      return "backward";
  }
  return "";
}

}  // namespace

std::string to_json(const EvaluationTrace& trace) {
  Json j;
  j["schema"] = "nabla.trace/1";
  j["source"] = trace.source;
  j["mode"] = trace.is_forward ? "forward" : "reverse";
  j["digits"] = trace.digits;
  j["sweeps"] = trace.sweeps;
  j["operations"] = trace.operations;
  if (trace.scopes > 0) j["scopes"] = trace.scopes;
  for (const TraceSource& s : trace.sources)
    j["sources"].push_back({{"file", s.file}, {"first_line", s.first_line}, {"lines", s.lines}});
  j["nodes"] = Json::array();
  for (std::size_t k = 0; k < trace.nodes.size(); ++k) {
    const TraceNode& n = trace.nodes[k];
    Json node;
    node["id"] = k;
    node["op"] = n.op;
    node["in"] = n.in;
    node["name"] = n.name;
    node["shape"] = std::vector<std::int64_t>(n.shape.extents().begin(), n.shape.extents().end());
    if (!n.formula.empty()) {
      node["formula"] = n.formula;
      node["numbers"] = n.numbers;
    }
    if (!n.latex.empty()) node["latex"] = n.latex;
    if (n.op == "scope") {
      node["operations"] = n.operations;
      if (!n.lines.empty()) node["lines"] = n.lines;
    }
    node["value"] = json_of(n.value, n.shape);
    if (!n.adjoint.empty()) node[trace.is_forward ? "tangent" : "adjoint"] = json_of(n.adjoint, n.shape);
    if (!n.origin.file.empty()) node["file"] = n.origin.file;
    if (n.origin.line > 0) {
      node["line"] = n.origin.line;
      node["column"] = n.origin.column;
    }
    j["nodes"].push_back(std::move(node));
  }
  j["steps"] = Json::array();
  for (std::size_t k = 0; k < trace.steps.size(); ++k) {
    const TraceStep& s = trace.steps[k];
    const Shape& shape = trace.nodes[s.to].shape;
    Json step;
    step["k"] = k;
    step["dir"] = name_of(s.direction);
    step["node"] = s.node;
    if (s.slot >= 0) step["slot"] = s.slot;
    step["to"] = s.to;
    if (!s.local.empty()) step["local"] = json_of(s.local, {});
    if (s.slot >= 0) {
      step["contribution"] = json_of(s.contribution, shape);
      step["before"] = json_of(s.before, shape);
    }
    step["after"] = json_of(s.after, shape);
    if (!s.rule.empty()) step["rule"] = s.rule;
    if (!s.latex.empty()) step["latex"] = s.latex;
    if (s.parts > 0) {
      step["part"] = s.part;
      step["parts"] = s.parts;
    }
    j["steps"].push_back(std::move(step));
  }
  j["differences"] = Json::array();
  for (const TraceDifference& d : trace.differences)
    j["differences"].push_back(
        {{"input", trace.nodes[d.input].name}, {"h", d.h}, {"digits", d.digits}, {"error", d.error}});
  j["kinks"] = Json::array();
  for (const TraceKink& kink : trace.kinks)
    j["kinks"].push_back({{"node", kink.node}, {"convention", kink.convention}});
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla
