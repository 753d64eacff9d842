// The notation of operators: a small part of LaTeX, the part that records use, as MathML.
#include <algorithm>
#include <array>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/mathml_piece.hpp>
#include <utility>
#include <vector>

namespace nabla::mathml {

namespace {

struct Symbol {
  std::string_view command;
  std::string_view text;
};

constexpr std::array<Symbol, 11> operators{{{"otimes", "⊗"},
                                            {"odot", "⊙"},
                                            {"le", "≤"},
                                            {"ge", "≥"},
                                            {"cdot", "⋅"},
                                            {"times", "×"},
                                            {"top", "⊤"},
                                            {"sum", "∑"},
                                            {"in", "∈"},
                                            {"neq", "≠"},
                                            {"lnot", "¬"}}};

constexpr std::array<Symbol, 6> delimiters{
    {{"|", "‖"}, {"langle", "⟨"}, {"rangle", "⟩"}, {"lfloor", "⌊"}, {"rfloor", "⌋"}, {"lceil", "⌈"}}};

constexpr std::array<std::string_view, 16> functions{"sin",  "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh",
                                                     "tanh", "log", "ln",  "exp",    "max",    "min",    "det",  "lim"};

template <std::size_t n>
std::optional<std::string_view> find(const std::array<Symbol, n>& table, std::string_view command) {
  for (const Symbol& s : table)
    if (s.command == command) return s.text;
  return std::nullopt;
}

class NotKnown {};

/// Reads a template once. Groups nest a few deep at most: templates are written by people, in records.
class TemplateReader {
 public:
  TemplateReader(std::string_view text, std::span<const Piece> operands) : text_(text), operands_(operands) {}

  Piece read() {
    Piece piece = assemble(sequence(Until::end));
    for (std::size_t i = 0; i < operands_.size(); ++i)
      if (!used_[i]) throw NotKnown();
    return piece;
  }

 private:
  enum class Until : std::uint8_t { end, close, right, bracket, cell };
  enum class Kind : std::uint8_t { plain, relation, infix, space, function, operand };
  struct Item {
    std::string text;
    Kind kind = Kind::plain;
    Level level = Level::atom;
    bool digit = false;
  };

  bool done() const { return at_ >= text_.size(); }
  bool next_is(std::string_view s) const { return text_.substr(at_).starts_with(s); }
  bool take(std::string_view s) {
    if (!next_is(s)) return false;
    at_ += s.size();
    return true;
  }
  void must(std::string_view s) {
    if (!take(s)) throw NotKnown();
  }

  std::string_view command() {
    must("\\");
    std::size_t n = 0;
    const std::string_view rest = text_.substr(at_);
    while (n < rest.size() && ((rest[n] >= 'a' && rest[n] <= 'z') || (rest[n] >= 'A' && rest[n] <= 'Z'))) ++n;
    if (n == 0) n = 1;
    const std::string_view name = rest.substr(0, n);
    at_ += name.size();
    return name;
  }

  /// The raw text of a group {{...}}.
  std::string_view raw_group() {
    must("{{");
    const std::size_t end = text_.find("}}", at_);
    if (end == std::string_view::npos) throw NotKnown();
    const std::string_view inside = text_.substr(at_, end - at_);
    at_ = end + 2;
    return inside;
  }

  std::string group() {
    must("{{");
    std::string inside = row_of(sequence(Until::close));
    must("}}");
    return inside;
  }

  std::string delimiter() {
    if (next_is("\\")) {
      const auto found = find(delimiters, command());
      if (!found) throw NotKnown();
      return std::string(*found);
    }
    if (done() || std::string_view("()[]|.").find(text_[at_]) == std::string_view::npos) throw NotKnown();
    const char c = text_[at_++];
    return c == '.' ? std::string() : std::string(1, c);
  }

  const Piece& operand(std::size_t& index) {
    must("{");
    index = 0;
    bool any = false;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') {
      index = index * 10 + static_cast<std::size_t>(text_[at_++] - '0');
      any = true;
    }
    must("}");
    if (!any || index >= operands_.size()) throw NotKnown();
    used_[index] = true;
    return operands_[index];
  }

  Item in_delimiters() {
    const std::string open = delimiter();
    const auto inside = sequence(Until::right);
    must("\\right");
    const std::string close = delimiter();
    // \left({0}\right)^{...}: the parentheses are for operands that need them.
    const bool bare = open == "(" && next_is("^") && inside.size() == 1 && inside[0].kind == Kind::operand &&
                      inside[0].level == Level::atom;
    if (bare) return {.text = inside[0].text, .kind = Kind::operand};
    std::string content;
    for (const Item& item : inside) content += item.text;
    return {.text = fenced(open, content, close)};
  }

  Item cases() {
    if (raw_group() != "cases") throw NotKnown();
    std::string rows;
    std::string cells;
    for (;;) {
      cells += element("mtd", row_of(sequence(Until::cell)));
      if (take("&")) continue;
      rows += element("mtr", cells);
      cells.clear();
      if (take("\\\\")) continue;
      must("\\end");
      if (raw_group() != "cases") throw NotKnown();
      break;
    }
    return {.text = row("<mo form=\"prefix\" fence=\"true\" stretchy=\"true\">{</mo><mtable class=\"cases\">" + rows +
                        "</mtable>")};
  }

  Item of_command() {
    const std::string_view name = command();
    if (name == "left") return in_delimiters();
    if (name == "frac") {
      const std::string above = group();
      return {.text = element("mfrac", above + group()), .level = Level::power};
    }
    if (name == "sqrt") {
      if (!take("[")) return {.text = element("msqrt", group())};
      const std::string index = row_of(sequence(Until::bracket));
      must("]");
      return {.text = element("mroot", group() + index)};
    }
    if (name == "operatorname") return {.text = identifier(raw_group()), .kind = Kind::function};
    if (name == "text" || name == "mathrm") return {.text = words(raw_group())};
    if (name == "begin") return cases();
    if (name == "," || name == " " || name == "quad") return {.text = {}, .kind = Kind::space};
    if (std::ranges::find(functions, name) != functions.end())
      return {.text = identifier(name), .kind = Kind::function};
    if (const auto symbol = find(operators, name)) return {.text = op(*symbol), .kind = Kind::infix};
    if (const auto letter = greek(name)) return {.text = identifier(*letter), .kind = Kind::function};
    throw NotKnown();
  }

  Item of_character() {
    const char c = text_[at_];
    if (c == '{' && next_is("{{")) return {.text = group()};
    if (c == '{') {
      std::size_t index = 0;
      const Piece& p = operand(index);
      return {.text = p.text, .kind = Kind::operand, .level = p.level, .digit = p.begins_with_digit};
    }
    if (c == '\\') return of_command();
    ++at_;
    if (c == ' ') return {.text = {}, .kind = Kind::space};
    if (c >= '0' && c <= '9') {
      std::string digits(1, c);
      while (!done() && text_[at_] >= '0' && text_[at_] <= '9') digits += text_[at_++];
      return {.text = element("mn", digits), .digit = true};
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
      return {.text = identifier(std::string_view(&text_[at_ - 1], 1)), .kind = Kind::function};
    if (c == ',' || c == '(' || c == ')') return {.text = op(std::string_view(&c, 1))};
    if (c == '=' || c == '<' || c == '>') return {.text = op(std::string_view(&c, 1)), .kind = Kind::relation};
    if (c == '+') return {.text = op("+"), .kind = Kind::infix, .level = Level::sum};
    if (c == '-') return {.text = op("−"), .kind = Kind::infix, .level = Level::sum};
    throw NotKnown();
  }

  bool at_end(Until until) const {
    switch (until) {
      case Until::end:
        return done();
      case Until::close:
        return next_is("}}");
      case Until::right:
        return next_is("\\right");
      case Until::bracket:
        return next_is("]");
      case Until::cell:
        return next_is("&") || next_is("\\\\") || next_is("\\end");
    }
    return true;
  }

  std::vector<Item> sequence(Until until) {
    std::vector<Item> items;
    while (!at_end(until)) {
      if (done()) throw NotKnown();
      if (next_is("^") || next_is("_")) {
        if (items.empty()) throw NotKnown();
        const bool above = text_[at_++] == '^';
        Item& base = items.back();
        const std::string script = next_is("{{") ? group() : of_character().text;
        std::string text = base.text;
        if (base.kind == Kind::operand) text = base.level < Level::atom ? fenced("(", text, ")") : row(text);
        base.text = element(above ? "msup" : "msub", text + script);
        base.level = above ? Level::power : Level::atom;
        if (base.kind == Kind::operand) base.kind = Kind::plain;
        continue;
      }
      Item item = of_character();
      if (item.kind != Kind::space) items.push_back(std::move(item));
    }
    return items;
  }

  static std::string row_of(const std::vector<Item>& items) { return row(join(items, false)); }

  /// Items side by side; \param bare  operands stand beside others without brackets of the template around them
  static std::string join(const std::vector<Item>& items, bool bare) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Item& item = items[i];
      const bool follows_function = i > 0 && items[i - 1].kind == Kind::function;
      const bool follows_operand = i > 0 && items[i - 1].kind == Kind::operand && item.kind == Kind::operand;
      if (follows_function) text += op("\u2061");  // function application
      if (follows_operand) text += op(item.digit ? "⋅" : "\u2062");
      const bool guard = bare && item.kind == Kind::operand && item.level < Level::product;
      text += guard ? fenced("(", item.text, ")") : item.text;
    }
    return text;
  }

  static Piece assemble(const std::vector<Item>& items) {
    if (items.size() == 1) {
      const Item& only = items[0];
      return {.text = only.text, .level = only.level, .single = only.kind != Kind::operand};
    }
    Piece piece{.text = join(items, true), .level = Level::atom, .single = false};
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].kind == Kind::relation) piece.level = std::min(piece.level, Level::relation);
      if (items[i].kind == Kind::infix)
        piece.level = std::min(piece.level, items[i].level == Level::sum ? Level::sum : Level::product);
      const bool beside_power = i > 0 && items[i - 1].level == Level::power && items[i - 1].kind != Kind::function;
      if (items[i].kind == Kind::operand || beside_power) piece.level = std::min(piece.level, Level::product);
    }
    return piece;
  }

  std::string_view text_;
  std::span<const Piece> operands_;
  std::size_t at_ = 0;
  std::vector<bool> used_ = std::vector<bool>(operands_.size(), false);
};

}  // namespace

std::optional<Piece> fill_template(std::string_view latex, std::span<const Piece> operands) {
  try {
    return TemplateReader(latex, operands).read();
  } catch (const NotKnown&) {
    return std::nullopt;
  }
}

}  // namespace nabla::mathml
