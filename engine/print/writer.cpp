#include <algorithm>
#include <nabla/engine/print/writer.hpp>
#include <nabla/graph/compact.hpp>

namespace nabla::detail {

namespace {

/// Operations that one line of a definition holds at most, about.
constexpr std::uint32_t line_size = 40;

using Names = std::vector<std::string>;  // by node; empty: none

/// The text of one expression; nothing when it is longer than the limit. `root` itself is written out though it may
/// have a name.
std::optional<std::string> write_tree(const Graph& graph, Ref root, const Names& names, const Dialect& dialect,
                                      std::size_t limit) {
  std::string out;
  std::vector<Piece> stack{{.ref = root}};
  bool at_root = true;
  while (!stack.empty()) {
    const Piece piece = std::move(stack.back());
    stack.pop_back();
    if (piece.ref.empty()) {
      out += piece.text;
      if (out.size() > limit) return std::nullopt;
      continue;
    }
    // A name stands for its sign as well.
    const bool named = !at_root && !piece.without_sign && piece.ref.is_node() && piece.ref.id() < names.size() &&
                       !names[piece.ref.id()].empty();
    at_root = false;
    Form form;
    if (!named) {
      form = dialect.form(graph, piece);
    } else if (piece.condition) {
      form = dialect.condition_on(names[piece.ref.id()]);
    } else {
      form.pieces = {{.text = names[piece.ref.id()]}};
    }
    const bool parentheses = form.precedence < piece.need || (form.begins_with_sign && piece.unsigned_only);
    if (parentheses) stack.push_back({.text = dialect.parenthesis(false)});
    for (std::size_t i = form.pieces.size(); i-- > 0;) stack.push_back(std::move(form.pieces[i]));
    if (parentheses) stack.push_back({.text = dialect.parenthesis(true)});
    // Pieces wait here before they are text: a call of a million operands must not be spelt out to be refused.
    if (stack.size() > 2 * limit + 16) return std::nullopt;
  }
  return out;
}

struct Cuts {
  std::vector<NodeId> nodes;  // that get a line of their own, in order
  bool clash = false;         // with the names of variables
};

/// What occurs more than once or would make a line long.
Cuts choose_cuts(const Graph& graph, NodeId root) {
  std::vector<std::uint32_t> uses(root + std::size_t{1}, 0);
  uses[root] = 1;
  for (NodeId id = root + 1; id-- > 0;)
    if (uses[id] != 0)
      for (const Ref r : layout(graph, id).shown)
        if (r.is_node()) ++uses[r.id()];
  Cuts cuts;
  std::vector<std::uint32_t> size(root + std::size_t{1}, 0);
  for (NodeId id = 0; id <= root; ++id) {
    if (uses[id] == 0) continue;
    if (graph.is(id, opcode<Variable>) && graph.variable_name(id).starts_with('t')) cuts.clash = true;
    if (graph.info(id).family == Family::leaf) continue;
    const Layout form = layout(graph, id);
    std::uint64_t total = 1;
    for (const Ref r : form.shown)
      if (r.is_node()) total += size[r.id()];
    if (form.kind == Layout::Kind::entry && total == 1) continue;
    size[id] = static_cast<std::uint32_t>(std::min<std::uint64_t>(total, line_size));
    if (id != root && (uses[id] > 1 || total >= line_size)) {
      cuts.nodes.push_back(id);
      size[id] = 1;
    }
  }
  return cuts;
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return text.ends_with(end); });
}
bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> starts) {
  return std::ranges::any_of(starts, [&](std::string_view start) { return text.starts_with(start); });
}

std::string cut_off(std::optional<std::string> text) { return text ? *std::move(text) : "..."; }

}  // namespace

std::string write(const Expr& e, const Dialect& dialect, const PrintOptions& options) {
  if (e.empty()) throw std::invalid_argument("an expression to be printed refers to nothing: it was never given one");
  const Graph& graph = e.graph();
  if (auto tree = write_tree(graph, e.ref(), {}, dialect, options.tree_limit)) return *std::move(tree);
  if (!e.ref().is_node()) return "...";

  const Cuts cuts = choose_cuts(graph, e.ref().id());
  Names names(e.ref().id() + std::size_t{1});
  for (std::size_t k = 0; k < cuts.nodes.size(); ++k) names[cuts.nodes[k]] = dialect.name(k + 1, cuts.clash);
  std::vector<Dialect::Definition> definitions;
  std::size_t total = 0;
  std::size_t left_out = 0;
  for (const NodeId id : cuts.nodes) {
    if (total >= options.limit) {
      ++left_out;
      continue;
    }
    std::string text = cut_off(write_tree(graph, Ref::node(id), names, dialect, options.limit - total));
    total += text.size();
    definitions.push_back({names[id], std::move(text)});
  }
  return dialect.document(definitions, left_out, cut_off(write_tree(graph, e.ref(), names, dialect, options.limit)));
}

std::vector<TemplatePart> parse_template(std::string_view text) {
  std::vector<TemplatePart> parts;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) parts.push_back({.text = std::exchange(literal, {})});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (c == '{' && next >= '0' && next <= '9' && i + 2 < text.size() && text[i + 2] == '}') {
      flush();
      parts.push_back({.place = next - '0'});
      i += 2;
    } else {
      literal += c;
      if ((c == '{' || c == '}') && next == c) ++i;
    }
  }
  flush();

  const auto trimmed = [](std::string_view s) {
    const auto from = s.find_first_not_of(' ');
    return from == std::string_view::npos ? std::string_view() : s.substr(from, s.find_last_not_of(' ') - from + 1);
  };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].place < 0 || i == 0 || i + 1 == parts.size()) continue;
    const std::string_view before = trimmed(parts[i - 1].text);
    const std::string_view after = trimmed(parts[i + 1].text);
    const bool opened =
        ends_with_any(before, {"{", "(", "[", "|", ",", "&", "\\\\", "\\lfloor", "\\lceil", "\\langle"}) ||
        before.ends_with("\\begin{cases}");
    const bool closed = starts_with_any(after, {"}", ")", "]", "|", ",", "&", "\\\\", "\\right"});
    parts[i].delimited = opened && closed;
  }
  return parts;
}

}  // namespace nabla::detail
