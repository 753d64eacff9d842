#include <algorithm>
#include <charconv>
#include <nabla/graph/text.hpp>
#include <sstream>

namespace nabla {

namespace {

constexpr std::string_view header = "nabla graph 1";

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void write_quoted(std::ostream& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out << '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out << '\\' << c;
    else if (byte < 0x20 || byte == 0x7F)
      out << "\\x" << digits[byte >> 4] << digits[byte & 15];
    else
      out << c;
  }
  out << '"';
}

template <class List, class Write>
void write_list(std::ostream& out, const List& list, Write write) {
  bool first = true;
  for (const auto& item : list) {
    if (!first) out << ", ";
    first = false;
    write(item);
  }
}

void write_node(std::ostream& out, const SavedNode& node) {
  if (!node.operation.empty() && std::ranges::all_of(node.operation, is_word))
    out << node.operation;
  else
    write_quoted(out, node.operation);
  if (node.name) write_quoted(out << ' ', *node.name);
  if (node.value) out << ' ' << exact_text(*node.value);
  if (!node.operands.empty()) out << ' ';
  write_list(out, node.operands, [&](const auto& operand) {
    if (const auto* id = std::get_if<std::uint64_t>(&operand))
      out << '%' << *id;
    else
      out << exact_text(std::get<Constant>(operand));
  });
  const auto integers = [&](std::string_view open, const std::vector<std::int64_t>& list, std::string_view close) {
    out << open;
    write_list(out, list, [&](std::int64_t n) { out << n; });
    out << close;
  };
  if (!node.attributes.empty()) integers(" {", node.attributes, "}");
  if (!node.extents.empty()) integers(" : [", node.extents, "]");
  if (node.origin != Origin{}) {
    write_quoted(out << " @ ", node.origin.file);
    out << ':' << node.origin.line << ':' << node.origin.column;
  }
}

/// One line at a time, from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Graph graph() {
    if (!next_line() || line_ != header) {
      at_ = 0;
      fail("expected the header '" + std::string(header) + "'");
    }
    Graph graph;
    while (next_line()) node(graph);
    return graph;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { fail_at(at_, message); }
  [[noreturn]] void fail_at(std::size_t at, const std::string& message) const {
    throw GraphFormatError("graph text", number_, static_cast<std::uint32_t>(at + 1), message);
  }

  /// Goes to the next line that holds something; leading blanks and a CR at the end are no part of it.
  bool next_line() {
    while (next_ < text_.size() || number_ == 0) {
      ++number_;
      const std::size_t end = std::min(text_.find('\n', next_), text_.size());
      line_ = text_.substr(next_, end - next_);
      next_ = end + 1;
      if (line_.ends_with('\r')) line_.remove_suffix(1);
      at_ = 0;
      blanks();
      if (!done()) return true;
    }
    line_ = {};
    return false;
  }

  void blanks() {
    while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t')) ++at_;
  }
  bool done() const { return at_ >= line_.size() || line_[at_] == '#'; }
  bool sees(char c) const { return at_ < line_.size() && line_[at_] == c; }
  bool accept(char c) {
    if (!sees(c)) return false;
    ++at_;
    blanks();
    return true;
  }
  void expect(char c, const std::string& what) {
    if (!accept(c)) fail("expected " + what);
  }

  template <class Integer>
  Integer integer(const std::string& what) {
    Integer value{};
    const auto [end, error] = std::from_chars(line_.data() + at_, line_.data() + line_.size(), value);
    if (error == std::errc::result_out_of_range) fail(what + " is too large");
    if (error != std::errc{}) fail("expected " + what);
    at_ = static_cast<std::size_t>(end - line_.data());
    blanks();
    return value;
  }

  std::vector<std::int64_t> integers(char close, const std::string& what) {
    std::vector<std::int64_t> list;
    if (accept(close)) return list;
    do {
      list.push_back(integer<std::int64_t>(what));
    } while (accept(','));
    expect(close, std::string("a comma or '") + close + "'");
    return list;
  }

  std::string quoted() {
    std::string out;
    const std::size_t open = at_++;
    for (;;) {
      if (at_ >= line_.size()) fail_at(open, "the quote is not closed on its line");
      const char c = line_[at_++];
      if (c == '"') break;
      if (c != '\\') {
        out += c;
        continue;
      }
      const char escape = at_ < line_.size() ? line_[at_++] : ' ';
      if (escape == '"' || escape == '\\') {
        out += escape;
        continue;
      }
      unsigned byte = 0;
      const char* digits = line_.data() + at_;
      if (escape != 'x' || line_.size() - at_ < 2 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
        fail_at(at_ - 2, "expected one of \\\" \\\\ \\xHH after the backslash");
      out += static_cast<char>(byte);
      at_ += 2;
    }
    blanks();
    return out;
  }

  std::string word() {
    if (sees('"')) return quoted();
    const std::size_t from = at_;
    while (at_ < line_.size() && is_word(line_[at_])) ++at_;
    if (from == at_) fail("expected the name of an operator");
    std::string out(line_.substr(from, at_ - from));
    blanks();
    return out;
  }

  Constant constant() {
    const std::size_t from = at_;
    while (at_ < line_.size() && (is_word(line_[at_]) || std::string_view("+-./()").find(line_[at_]) < 6)) ++at_;
    try {
      if (from == at_) fail("expected an operand: %ID or a constant");
      Constant value = constant_from_exact_text(line_.substr(from, at_ - from));
      blanks();
      return value;
    } catch (const std::invalid_argument& error) {
      fail_at(from, error.what());
    }
  }

  void node(Graph& graph) {
    expect('%', "a node: %" + std::to_string(graph.size()) + " = ...");
    const std::size_t id_at = at_;
    if (integer<std::uint64_t>("the id of the node") != graph.size())
      fail_at(id_at, "the nodes are numbered in order: this is %" + std::to_string(graph.size()));
    expect('=', "'='");
    const std::size_t operation_at = at_;
    SavedNode node{.operation = word()};
    if (sees('"')) node.name = quoted();
    if (node.operation == Literal::name && !done() && !sees(':') && !sees('{') && !sees('@')) {
      node.value = constant();
    } else if (!done() && !sees(':') && !sees('{') && !sees('@')) {
      do {
        if (accept('%'))
          node.operands.emplace_back(integer<std::uint64_t>("the id of an operand"));
        else
          node.operands.emplace_back(constant());
      } while (accept(','));
    }
    if (accept('{')) node.attributes = integers('}', "an attribute");
    if (accept(':')) {
      expect('[', "a shape: [2, 3]");
      node.extents = integers(']', "an extent");
    }
    if (accept('@')) {
      if (!sees('"')) fail("expected an origin: \"file\":line:column");
      node.origin.file = quoted();
      expect(':', "':' and a line");
      node.origin.line = integer<std::uint32_t>("a line");
      expect(':', "':' and a column");
      node.origin.column = integer<std::uint32_t>("a column");
    }
    if (!done()) fail("expected the end of the line");
    try {
      append_saved(graph, node);
    } catch (const std::invalid_argument& error) {
      fail_at(operation_at, error.what());
    }
  }

  std::string_view text_;
  std::string_view line_;
  std::size_t next_ = 0;
  std::size_t at_ = 0;
  std::uint32_t number_ = 0;
};

}  // namespace

void write_text(std::ostream& out, const Graph& graph, const TextOptions& options) {
  out << header << '\n';
  for (NodeId id = 0; id < graph.size(); ++id) {
    out << '%' << id << " = ";
    write_node(out, saved_node(graph, id, options.origins));
    out << '\n';
  }
}

std::string to_text(const Graph& graph, const TextOptions& options) {
  std::ostringstream out;
  write_text(out, graph, options);
  return std::move(out).str();
}

Graph graph_from_text(std::string_view text) { return Reader(text).graph(); }

}  // namespace nabla
