#include <nabla/proofs/claim/block.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <nabla/engine/parse/parser.hpp>
#include <nabla/engine/parse/suggest.hpp>

namespace nabla {

namespace {

constexpr std::array<std::string_view, 8> keywords = {"for",        "given", "let",    "assume",
                                                      "convention", "show",  "expect", "outside"};
constexpr std::array<std::string_view, 5> verdicts = {"proved", "supported", "refuted", "ill-posed", "undecided"};
constexpr std::array<std::string_view, 7> function_classes = {"any",    "continuous",      "differentiable", "convex",
                                                              "smooth", "strongly_convex", "linear"};

constexpr std::size_t most_errors = 10;  // reported of one block

const std::string end_of_line = "the end of the line";

template <std::size_t n>
std::vector<std::string> in_quotes(const std::array<std::string_view, n>& words) {
  std::vector<std::string> out;
  for (const std::string_view word : words) out.push_back(in_backquotes(word));
  return out;
}

template <std::size_t n>
std::string suggestion(std::string_view word, const std::array<std::string_view, n>& words) {
  const auto near = did_you_mean(word, words);
  return near ? "; did you mean " + in_backquotes(*near) + "?" : "";
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A line cut into its first word and the rest, without comment and without blanks around.
struct CutLine {
  std::uint32_t begin = 0;  // of the word; byte offsets into the source
  std::uint32_t word_end = 0;
  std::uint32_t rest = 0;
  std::uint32_t end = 0;
};

CutLine cut(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  const std::size_t comment = text.substr(begin, end - begin).find('#');
  if (comment != std::string_view::npos) end = begin + static_cast<std::uint32_t>(comment);
  while (begin < end && is_blank(text[begin])) ++begin;
  while (begin < end && is_blank(text[end - 1])) --end;
  CutLine line{begin, begin, begin, end};
  if (begin < end && is_letter(text[begin])) {
    while (line.word_end < end && (is_letter(text[line.word_end]) || is_digit(text[line.word_end]))) ++line.word_end;
  }
  line.rest = line.word_end;
  while (line.rest < end && is_blank(text[line.rest])) ++line.rest;
  return line;
}

class BlockReader {
 public:
  BlockReader(const Source& source, BlockHeader header) : source_(source) {
    claim_.id = std::move(header.id);
    claim_.place = header.place;
    claim_.syntax = Syntax(source);
  }

  // One line, given as byte offsets without its ending.
  void read(std::uint32_t begin, std::uint32_t end) {
    cut_ = cut(source_.text(), begin, end);
    if (cut_.begin == cut_.end) return;
    line_ = {source_.place(cut_.begin), cut_.begin, cut_.end};
    const bool is_first = !std::exchange(begun_, true);
    if (claim_.outside) fail(line_.place, "`outside` is the only line of its block, and here is another");
    const std::string_view word = source_.text().substr(cut_.begin, cut_.word_end - cut_.begin);
    if (word == "outside") return read_outside(is_first);
    if (word == "expect") return read_expect();
    Parser parser(claim_.syntax, cut_.word_end, cut_.end);
    if (word == "for") {
      claim_.lines.emplace_back(read_for(parser));
    } else if (word == "given") {
      claim_.lines.push_back(read_given(parser));
    } else if (word == "let") {
      claim_.lines.emplace_back(read_let(parser));
    } else if (word == "assume") {
      claim_.lines.emplace_back(AssumeLine{line_, parser.statement()});
    } else if (word == "convention") {
      claim_.lines.emplace_back(read_convention(parser));
    } else if (word == "show") {
      claim_.lines.emplace_back(ShowLine{line_, parser.statement()});
      shows_ = true;
    } else if (word.empty()) {
      fail(line_.place, "this line does not begin with a word of the claim language", in_quotes(keywords));
    } else {
      fail(line_.place, "a line cannot begin with " + in_backquotes(word) + suggestion(word, keywords),
           in_quotes(keywords));
    }
    parser.finish(end_of_line, word == "show" || word == "assume" || word == "let" || word == "convention");
  }

  // What only the whole block shows. `failed`: some line could not be read.
  void check_whole(bool failed) const {
    if (!failed && !shows_ && !claim_.outside) {
      fail(claim_.place, "this claim claims nothing: it has no line `show`", {"`show STATEMENT`", "`outside REASON`"});
    }
  }

  Claim take() { return std::move(claim_); }

 private:
  [[noreturn]] void fail(Place place, const std::string& message, std::vector<std::string> expected = {}) const {
    throw SyntaxError(source_, place, message, std::move(expected));
  }

  std::string_view rest() const { return source_.text().substr(cut_.rest, cut_.end - cut_.rest); }
  Place rest_place() const { return source_.place(cut_.rest); }

  void read_outside(bool is_first) {
    if (!is_first) fail(line_.place, "`outside` is the only line of its block, and others stand before it");
    if (rest().empty()) fail(rest_place(), "the reason is missing", {"the reason, in words"});
    Claim::Outside outside;
    static_cast<ClaimLine&>(outside) = line_;
    outside.reason = printable(rest());
    claim_.outside = std::move(outside);
  }

  void read_expect() {
    if (claim_.expects) {
      fail(line_.place, "a second `expect`; the first is in line " + std::to_string(claim_.expects->place.line));
    }
    if (std::find(verdicts.begin(), verdicts.end(), rest()) == verdicts.end()) {
      const std::string message =
          rest().empty() ? "the verdict is missing" : in_backquotes(rest()) + " is not a verdict";
      fail(rest_place(), message + suggestion(rest(), verdicts), in_quotes(verdicts));
    }
    Claim::Expectation expectation;
    static_cast<ClaimLine&>(expectation) = line_;
    expectation.verdict = std::string(rest());
    claim_.expects = std::move(expectation);
  }

  static std::vector<SyntaxId> read_names(Parser& parser, const std::string& what) {
    std::vector<SyntaxId> names;
    parser.comma_separated([&] { names.push_back(parser.declared_name(what)); });
    return names;
  }

  ForLine read_for(Parser& parser) const {
    ForLine line{line_, false, {}, ForLine::Values::list, {}};
    if (parser.at_word("all") && parser.token_after().kind == TokenKind::name) {
      parser.expect(TokenKind::name);
      line.all = true;
    }
    line.names = read_names(parser, "the name of a dimension or index");
    if (parser.at(TokenKind::greater_equal)) {
      if (!line.all) parser.fail("without an end this needs `all`: write `for all m >= 1`", {"`in`"});
      parser.expect(TokenKind::greater_equal);
      line.values = ForLine::Values::at_least;
      line.bounds.push_back(parser.term());
      return line;
    }
    if (line.all) {
      parser.expect(TokenKind::word_in, {"`>=`", "`,`"});
    } else {
      parser.expect(TokenKind::word_in, {"`,`"});
    }
    if (parser.accept(TokenKind::open_brace)) {
      parser.comma_separated([&] { line.bounds.push_back(parser.expression()); });
      parser.expect_after_operand(TokenKind::close_brace, {"`,`"});
      return line;
    }
    if (parser.at(TokenKind::open_bracket)) {
      parser.fail("dimensions and indices run over a list or a range of integers", {"`{1, 2, 5}`", "`1..6`"});
    }
    line.values = ForLine::Values::range;
    line.bounds.push_back(parser.term());
    parser.expect_after_operand(TokenKind::range);
    line.bounds.push_back(parser.term());
    return line;
  }

  Claim::Line read_given(Parser& parser) const {
    std::vector<SyntaxId> names = read_names(parser, "the name of a variable");
    if (parser.accept(TokenKind::word_in)) {
      GivenLine line{line_, std::move(names), parser.set()};
      if (parser.at(TokenKind::comma)) parser.fail("one set a line: give the next variable a line `given` of its own");
      return line;
    }
    parser.expect(TokenKind::colon, {"`in`", "`,`"});
    GivenFunctionLine line{line_, std::move(names), 0, 0, {}};
    line.domain = parser.set();
    parser.expect(TokenKind::arrow);
    line.codomain = parser.set();
    if (!parser.at_word("is")) parser.unexpected({"`is` and the classes of the function, such as `is any`"});
    parser.expect(TokenKind::name);
    parser.comma_separated([&] { line.classes.push_back(read_class(parser)); });
    return line;
  }

  static GivenFunctionLine::Membership read_class(Parser& parser) {
    if (!parser.at(TokenKind::name)) parser.unexpected(in_quotes(function_classes));
    const std::string_view word = parser.spelling(parser.token());
    const auto found = std::find(function_classes.begin(), function_classes.end(), word);
    if (found == function_classes.end()) {
      parser.fail(in_backquotes(word) + " is not a class of functions" + suggestion(word, function_classes),
                  in_quotes(function_classes));
    }
    GivenFunctionLine::Membership membership;
    membership.place = parser.expect(TokenKind::name).place;
    membership.function_class = static_cast<FunctionClass>(found - function_classes.begin());
    const bool has_constant = membership.function_class == FunctionClass::smooth ||
                              membership.function_class == FunctionClass::strongly_convex;
    if (has_constant) {
      if (!parser.at(TokenKind::open_paren)) {
        parser.fail("the class " + std::string(word) + " needs its constant: " + std::string(word) + "(L)", {"`(`"});
      }
      parser.expect(TokenKind::open_paren);
      membership.constant = parser.expression();
      parser.expect_after_operand(TokenKind::close_paren);
    } else if (parser.at(TokenKind::open_paren)) {
      parser.fail("the class " + std::string(word) + " takes no constant", {"`,`", end_of_line});
    }
    return membership;
  }

  LetLine read_let(Parser& parser) const {
    LetLine line{line_, parser.declared_name("the name of an abbreviation or function"), {}, 0};
    if (parser.accept(TokenKind::open_paren)) {
      parser.comma_separated([&] {
        LetLine::Parameter parameter{parser.declared_name("the name of a parameter"), std::nullopt};
        if (parser.accept(TokenKind::word_in)) parameter.set = parser.set();
        line.parameters.push_back(parameter);
      });
      parser.expect(TokenKind::close_paren, {"`,`", "`in`"});
      parser.expect(TokenKind::assign);
    } else {
      parser.expect(TokenKind::assign, {"`(`"});
    }
    line.value = parser.expression();
    return line;
  }

  ConventionLine read_convention(Parser& parser) const {
    ConventionLine line{line_, parser.declared_name("the name of an operator"), {}, 0};
    parser.expect(TokenKind::prime);
    parser.expect(TokenKind::open_paren);
    parser.comma_separated([&] { line.point.push_back(parser.expression()); });
    parser.expect_after_operand(TokenKind::close_paren, {"`,`"});
    parser.expect(TokenKind::assign);
    line.value = parser.expression();
    return line;
  }

  const Source& source_;
  Claim claim_;
  CutLine cut_;
  ClaimLine line_;
  bool begun_ = false;  // some line has been met
  bool shows_ = false;
};

}  // namespace

std::string_view spelling(FunctionClass function_class) {
  return function_classes[static_cast<std::size_t>(function_class)];
}

std::optional<Claim> parse_block(const Source& source, BlockHeader header, std::uint32_t first, std::uint32_t last,
                                 std::vector<SyntaxError>& errors) {
  const std::size_t before = errors.size();
  BlockReader reader(source, std::move(header));
  for (std::uint32_t number = std::max(first, 1u); number <= std::min(last, source.line_count()); ++number) {
    const std::uint32_t begin = source.line_begin(number);
    if (errors.size() - before == most_errors) {
      errors.emplace_back(source, source.place(begin), "too many mistakes in this claim; the rest of it is not read");
      return std::nullopt;
    }
    try {
      reader.read(begin, begin + static_cast<std::uint32_t>(source.line(number).size()));
    } catch (const SyntaxError& error) {
      errors.push_back(error);
    }
  }
  try {
    reader.check_whole(errors.size() != before);
  } catch (const SyntaxError& error) {
    errors.push_back(error);
  }
  if (errors.size() != before) return std::nullopt;
  return reader.take();
}

}  // namespace nabla
