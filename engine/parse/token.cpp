#include <nabla/engine/parse/token.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <tao/pegtl.hpp>
#include <utility>

#include <nabla/engine/parse/characters.hpp>

namespace nabla {

namespace {

namespace peg = tao::pegtl;

// ---- the lexical grammar ----

using Digits = peg::plus<peg::digit>;
struct Blanks : peg::plus<peg::one<' ', '\t', '\r', '\n'>> {};
struct Comment : peg::seq<peg::one<'#'>, peg::star<peg::not_one<'\r', '\n'>>> {};
struct Numeral : peg::seq<Digits, peg::opt<peg::one<'.'>, Digits>,
                          peg::opt<peg::one<'e', 'E'>, peg::opt<peg::one<'+', '-'>>, Digits>> {};
struct Name : peg::identifier {};

// Spellings of other languages that would otherwise split into tokens with a puzzling message.
struct Mistaken : peg::sor<peg::string<'*', '*'>, peg::string<'=', '>'>, peg::string<'=', '<'>, peg::string<'<', '>'>,
                           peg::string<':', '='>> {};

template <TokenKind kind, char... c>
struct Symbol : peg::string<c...> {};

struct AnySymbol
    : peg::sor<Symbol<TokenKind::dot_star, '.', '*'>, Symbol<TokenKind::dot_slash, '.', '/'>,
               Symbol<TokenKind::dot_caret, '.', '^'>, Symbol<TokenKind::range, '.', '.'>,
               Symbol<TokenKind::arrow, '-', '>'>, Symbol<TokenKind::equal, '=', '='>,
               Symbol<TokenKind::not_equal, '!', '='>, Symbol<TokenKind::less_equal, '<', '='>,
               Symbol<TokenKind::greater_equal, '>', '='>, Symbol<TokenKind::plus, '+'>, Symbol<TokenKind::minus, '-'>,
               Symbol<TokenKind::star, '*'>, Symbol<TokenKind::slash, '/'>, Symbol<TokenKind::caret, '^'>,
               Symbol<TokenKind::prime, '\''>, Symbol<TokenKind::open_paren, '('>, Symbol<TokenKind::close_paren, ')'>,
               Symbol<TokenKind::open_bracket, '['>, Symbol<TokenKind::close_bracket, ']'>,
               Symbol<TokenKind::open_brace, '{'>, Symbol<TokenKind::close_brace, '}'>, Symbol<TokenKind::comma, ','>,
               Symbol<TokenKind::semicolon, ';'>, Symbol<TokenKind::colon, ':'>, Symbol<TokenKind::assign, '='>,
               Symbol<TokenKind::less, '<'>, Symbol<TokenKind::greater, '>'>> {};

struct Lexical : peg::star<peg::sor<Blanks, Comment, Numeral, Name, peg::seq<peg::not_at<Mistaken>, AnySymbol>>> {};

// ---- what it does ----

struct Collector {
  const Source& source;
  const char* base;  // the first byte of the source's text
  std::uint32_t offset;
  Place place;
  std::vector<Token> list;

  // Places are counted along the way: asking the source for each would be quadratic on a long line.
  Place place_at(std::uint32_t target) {
    const std::string_view text = source.text();
    while (offset < target) {
      const bool crlf = text[offset] == '\r' && offset + 1 < text.size() && text[offset + 1] == '\n';
      const std::uint32_t length = code_point_at(text, offset).length;
      if ((text[offset] == '\n' || text[offset] == '\r') && !crlf) {
        place = {place.line + 1, 1};
      } else {
        ++place.column;
      }
      offset += length;
    }
    return place;
  }

  void push(TokenKind kind, const char* begin, const char* end) {
    const auto first = static_cast<std::uint32_t>(begin - base);
    list.push_back({kind, first, static_cast<std::uint32_t>(end - base), place_at(first)});
  }
};

TokenKind word_kind(std::string_view word) {
  if (word == "in") return TokenKind::word_in;
  if (word == "at") return TokenKind::word_at;
  if (word == "not") return TokenKind::word_not;
  if (word == "implies") return TokenKind::word_implies;
  if (word == "oo") return TokenKind::word_infinity;
  return TokenKind::name;
}

template <typename Rule>
struct Action : peg::nothing<Rule> {};

template <TokenKind kind, char... c>
struct Action<Symbol<kind, c...>> {
  template <typename Input>
  static void apply(const Input& in, Collector& out) {
    out.push(kind, in.begin(), in.end());
  }
};

template <>
struct Action<Numeral> {
  template <typename Input>
  static void apply(const Input& in, Collector& out) {
    out.push(TokenKind::number, in.begin(), in.end());
  }
};

template <>
struct Action<Name> {
  template <typename Input>
  static void apply(const Input& in, Collector& out) {
    out.push(word_kind(in.string_view()), in.begin(), in.end());
  }
};

// ---- what the lexical grammar cannot say ----

constexpr std::size_t longest_exponent = 4;

std::string_view exponent_digits(std::string_view number) {
  const std::size_t e = number.find_first_of("eE");
  if (e == std::string_view::npos) return {};
  number.remove_prefix(number.find_first_of("0123456789", e));
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

SyntaxError unreadable(const Source& source, Place place, std::size_t offset) {
  const std::string_view rest = source.text().substr(offset);
  const CodePoint c = code_point_at(rest, 0);
  if (!c.valid) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    const std::string byte{'0', 'x', hex[c.value / 16], hex[c.value % 16]};
    return {source, place, fmt::format("the byte {} is not well-formed UTF-8", byte)};
  }
  return {source, place, c.value < 0x80 ? unreadable_ascii_message(rest) : foreign_character_message(c.value)};
}

// Cuts the list at a number that cannot be one: "2x", "1e99999".
std::optional<SyntaxError> cut_at_bad_number(const Source& source, std::vector<Token>& list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].kind != TokenKind::number) continue;
    const std::string_view number = source.text().substr(list[i].begin, list[i].end - list[i].begin);
    const bool joined = i + 1 < list.size() && list[i + 1].begin == list[i].end &&
                        (list[i + 1].kind == TokenKind::name || list[i + 1].kind >= TokenKind::word_in);
    std::optional<SyntaxError> error;
    if (exponent_digits(number).size() > longest_exponent) {
      error.emplace(source, list[i].place, "the exponent of this number has more than 4 digits; write a power instead");
    } else if (joined) {
      const std::string_view name = source.text().substr(list[i + 1].begin, list[i + 1].end - list[i + 1].begin);
      error.emplace(source, list[i + 1].place,
                    "a number ends here and a name begins; a product is written with `*`: " + printable(number, 20) +
                        " * " + printable(name, 20));
      ++i;
    }
    if (error) {
      list[i].kind = TokenKind::invalid;
      list.resize(i + 1);
      return error;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view describe(TokenKind kind) {
  switch (kind) {
    case TokenKind::end:
      return "the end";
    case TokenKind::invalid:
      return "something unreadable";
    case TokenKind::number:
      return "a number";
    case TokenKind::name:
      return "a name";
    case TokenKind::plus:
      return "`+`";
    case TokenKind::minus:
      return "`-`";
    case TokenKind::star:
      return "`*`";
    case TokenKind::slash:
      return "`/`";
    case TokenKind::caret:
      return "`^`";
    case TokenKind::dot_star:
      return "`.*`";
    case TokenKind::dot_slash:
      return "`./`";
    case TokenKind::dot_caret:
      return "`.^`";
    case TokenKind::prime:
      return "`'`";
    case TokenKind::open_paren:
      return "`(`";
    case TokenKind::close_paren:
      return "`)`";
    case TokenKind::open_bracket:
      return "`[`";
    case TokenKind::close_bracket:
      return "`]`";
    case TokenKind::open_brace:
      return "`{`";
    case TokenKind::close_brace:
      return "`}`";
    case TokenKind::comma:
      return "`,`";
    case TokenKind::semicolon:
      return "`;`";
    case TokenKind::colon:
      return "`:`";
    case TokenKind::range:
      return "`..`";
    case TokenKind::assign:
      return "`=`";
    case TokenKind::arrow:
      return "`->`";
    case TokenKind::equal:
      return "`==`";
    case TokenKind::not_equal:
      return "`!=`";
    case TokenKind::less:
      return "`<`";
    case TokenKind::less_equal:
      return "`<=`";
    case TokenKind::greater:
      return "`>`";
    case TokenKind::greater_equal:
      return "`>=`";
    case TokenKind::word_in:
      return "`in`";
    case TokenKind::word_at:
      return "`at`";
    case TokenKind::word_not:
      return "`not`";
    case TokenKind::word_implies:
      return "`implies`";
    case TokenKind::word_infinity:
      return "`oo`";
  }
  return "a token";
}

Tokens tokenize(const Source& source, std::size_t begin, std::size_t end) {
  const std::string_view text = source.text();
  end = std::min(end, text.size());
  begin = std::min(begin, end);
  Collector out{source, text.data(), static_cast<std::uint32_t>(begin), source.place(begin), {}};
  peg::memory_input<peg::tracking_mode::lazy> input(text.data() + begin, text.data() + end, "");
  peg::parse<Lexical, Action>(input, out);
  const auto stop = static_cast<std::size_t>(input.current() - text.data());

  Tokens tokens{std::move(out.list), std::nullopt};
  const auto reached = static_cast<std::uint32_t>(stop);
  tokens.error = cut_at_bad_number(source, tokens.list);
  if (tokens.error) return tokens;
  const Place place = out.place_at(reached);
  if (stop < end) {
    tokens.error = unreadable(source, place, stop);
    const auto length = code_point_at(text, stop).length;
    tokens.list.push_back({TokenKind::invalid, reached, reached + length, place});
  } else {
    tokens.list.push_back({TokenKind::end, reached, reached, place});
  }
  return tokens;
}

}  // namespace nabla
