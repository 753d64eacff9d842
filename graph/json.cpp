#include <algorithm>
#include <nabla/graph/json.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "nabla.graph/1";

Json as_json(const SavedNode& node) {
  Json json;
  json["op"] = node.operation;
  if (node.name) json["name"] = *node.name;
  if (node.value) json["value"] = exact_text(*node.value);
  for (const auto& operand : node.operands) {
    if (const auto* id = std::get_if<std::uint64_t>(&operand))
      json["operands"].push_back(*id);
    else
      json["operands"].push_back(exact_text(std::get<Constant>(operand)));
  }
  if (!node.attributes.empty()) json["attributes"] = node.attributes;
  if (!node.extents.empty()) json["shape"] = node.extents;
  if (node.origin != Origin{})
    json["origin"] = {{"file", node.origin.file}, {"line", node.origin.line}, {"column", node.origin.column}};
  return json;
}

[[noreturn]] void fail(const std::string& path, const std::string& message) {
  throw GraphFormatError("graph JSON: " + path, 0, 0, message);
}

std::string string_of(const Json& json, const std::string& path) {
  if (!json.is_string()) fail(path, "expected a string");
  return json.get<std::string>();
}

std::int64_t integer_of(const Json& json, const std::string& path) {
  if (!json.is_number_integer()) fail(path, "expected an integer");
  if (json.is_number_unsigned() &&
      json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    fail(path, "the integer is too large");
  return json.get<std::int64_t>();
}

std::uint32_t count_of(const Json& json, const std::string& path) {
  const std::int64_t n = integer_of(json, path);
  if (n < 0 || n > std::numeric_limits<std::uint32_t>::max()) fail(path, "expected a line or column");
  return static_cast<std::uint32_t>(n);
}

const Json& list_of(const Json& json, const std::string& path) {
  if (!json.is_array()) fail(path, "expected an array");
  return json;
}

std::vector<std::int64_t> integers_of(const Json& json, const std::string& path) {
  std::vector<std::int64_t> list;
  for (const Json& item : list_of(json, path))
    list.push_back(integer_of(item, path + "[" + std::to_string(list.size()) + "]"));
  return list;
}

Constant constant_of(const Json& json, const std::string& path) {
  try {
    return constant_from_exact_text(string_of(json, path));
  } catch (const std::invalid_argument& error) {
    fail(path, error.what());
  }
}

SavedNode node_of(const Json& json, const std::string& path) {
  if (!json.is_object()) fail(path, "expected an object");
  SavedNode node;
  for (const auto& [key, value] : json.items()) {
    const std::string at = path + "." + key;
    if (key == "op") {
      node.operation = string_of(value, at);
    } else if (key == "name") {
      node.name = string_of(value, at);
    } else if (key == "value") {
      node.value = constant_of(value, at);
    } else if (key == "operands") {
      for (const Json& operand : list_of(value, at)) {
        const std::string slot = at + "[" + std::to_string(node.operands.size()) + "]";
        if (operand.is_number_unsigned())
          node.operands.emplace_back(operand.get<std::uint64_t>());
        else if (operand.is_string())
          node.operands.emplace_back(constant_of(operand, slot));
        else
          fail(slot, "expected the number of a node, or a string that is a constant");
      }
    } else if (key == "attributes") {
      node.attributes = integers_of(value, at);
    } else if (key == "shape") {
      node.extents = integers_of(value, at);
    } else if (key == "origin") {
      if (!value.is_object()) fail(at, "expected an object");
      for (const auto& [part, content] : value.items()) {
        if (part == "file")
          node.origin.file = string_of(content, at + ".file");
        else if (part == "line")
          node.origin.line = count_of(content, at + ".line");
        else if (part == "column")
          node.origin.column = count_of(content, at + ".column");
        else
          fail(at, "there is no field '" + part + "'");
      }
    } else {
      fail(path, "there is no field '" + key + "'");
    }
  }
  if (!json.contains("op")) fail(path, "the field 'op' is missing");
  return node;
}

}  // namespace

void write_json(std::ostream& out, const Graph& graph, const JsonOptions& options) {
  // Node by node: a document of a million nodes is never in memory as a tree.
  out << "{\"schema\": \"" << schema << "\", \"nodes\": [";
  for (NodeId id = 0; id < graph.size(); ++id) {
    try {
      out << (id == 0 ? "\n" : ",\n") << "  " << as_json(saved_node(graph, id, options.origins)).dump();
    } catch (const Json::type_error&) {
      throw std::invalid_argument("node " + std::to_string(id) + " has a name that is not UTF-8; JSON cannot hold it");
    }
  }
  out << "\n]}\n";
}

std::string to_json(const Graph& graph, const JsonOptions& options) {
  std::ostringstream out;
  write_json(out, graph, options);
  return std::move(out).str();
}

Graph graph_from_json(std::string_view text) {
  Json document;
  try {
    document = Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::string_view before = text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
    const auto line = 1 + std::ranges::count(before, '\n');
    const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    throw GraphFormatError("graph JSON", static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column),
                           "this is not JSON");
  } catch (const Json::out_of_range&) {
    throw GraphFormatError("graph JSON", 0, 0, "a number is too large");
  }
  if (!document.is_object() || !document.contains("schema") || !document.contains("nodes"))
    fail("document", "expected {\"schema\": \"" + std::string(schema) + "\", \"nodes\": [...]}");
  if (document["schema"] != schema)
    fail("schema", "expected \"" + std::string(schema) + "\"; another version of nabla may have written this");
  if (document.size() != 2) fail("document", "there are fields besides 'schema' and 'nodes'");
  Graph graph;
  for (const Json& json : list_of(document["nodes"], "nodes")) {
    const std::string path = "nodes[" + std::to_string(graph.size()) + "]";
    const SavedNode node = node_of(json, path);
    try {
      append_saved(graph, node);
    } catch (const std::invalid_argument& error) {
      fail(path, error.what());
    }
  }
  return graph;
}

}  // namespace nabla
