// Emphasis, code, links and formulas within a paragraph.
#include <algorithm>
#include <array>
#include <map>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/prose.hpp>
#include <optional>
#include <vector>

namespace nabla {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/// Addresses that a reader may safely follow.
bool is_safe_address(std::string_view url) {
  for (const char c : url)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == '\\') return false;
  const std::size_t end = url.find_first_of(":/?#");
  if (end == std::string_view::npos || url[end] != ':') return true;
  std::string scheme(url.substr(0, end));
  std::ranges::transform(scheme, scheme.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return scheme == "http" || scheme == "https" || scheme == "mailto";
}

std::string link(std::string_view url, const std::string& content) {
  if (!is_safe_address(url)) return content;
  return "<a href=\"" + html_escaped(url) + "\" rel=\"noopener noreferrer nofollow\">" + content + "</a>";
}

/// A run of * or _ between two parts of the output.
struct Delimiter {
  char character = '*';
  std::size_t count = 0;
  bool opens = false;
  bool closes = false;
  std::string closing{};  ///< written in front of what is left of the run
  std::string opening{};  ///< written behind it
};

class InlineReader {
 public:
  explicit InlineReader(std::string_view text, bool in_link) : text_(text), in_link_(in_link) { match_brackets(); }

  std::string read() {
    while (at_ < text_.size()) step();
    flush();
    match_emphasis();
    std::string out;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      out += parts_[i];
      if (i < delimiters_.size()) {
        const Delimiter& d = delimiters_[i];
        out += d.closing + std::string(d.count, d.character) + d.opening;
      }
    }
    return out;
  }

 private:
  void step() {
    const char c = text_[at_];
    switch (c) {
      case '\\':
        return escape();
      case '`':
        return code();
      case '$':
        return formula();
      case '<':
        return address();
      case '!':
      case '[':
        return bracket();
      case '*':
      case '_':
        return emphasis();
      case '\n':
        return line_end();
      default:
        plain_ += c;
        ++at_;
    }
  }

  void flush() {
    done_ += html_escaped(plain_);
    plain_.clear();
    if (parts_.size() == delimiters_.size()) parts_.emplace_back();
    parts_.back() += done_;
    done_.clear();
  }
  void emit(const std::string& html) {
    done_ += html_escaped(plain_) + html;
    plain_.clear();
  }

  void escape() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') {
      emit("<br>\n");
      ++at_;
    } else if (at_ < text_.size() && is_punctuation(text_[at_])) {
      plain_ += text_[at_++];
    } else {
      plain_ += '\\';
    }
  }

  void line_end() {
    std::size_t blanks = 0;
    while (blanks < plain_.size() && plain_[plain_.size() - 1 - blanks] == ' ') ++blanks;
    plain_.resize(plain_.size() - blanks);
    emit(blanks >= 2 ? "<br>\n" : "\n");
    ++at_;
  }

  std::size_t run_length(std::size_t from, char c) const {
    std::size_t end = from;
    while (end < text_.size() && text_[end] == c) ++end;
    return end - from;
  }

  /// Where the next run of exactly `n` of `c` begins at or behind `from`. What was not found once is not sought again.
  std::optional<std::size_t> next_run(std::size_t from, char c, std::size_t n) {
    const auto missing = missing_.find({c, n});
    if (missing != missing_.end()) return std::nullopt;
    for (std::size_t i = from; (i = text_.find(c, i)) != std::string_view::npos;) {
      const std::size_t length = run_length(i, c);
      if (length == n) return i;
      i += length;
    }
    missing_[{c, n}] = true;
    return std::nullopt;
  }

  void code() {
    const std::size_t n = run_length(at_, '`');
    const auto end = next_run(at_ + n, '`', n);
    if (!end) {
      plain_.append(n, '`');
      at_ += n;
      return;
    }
    std::string inside(text_.substr(at_ + n, *end - at_ - n));
    std::ranges::replace(inside, '\n', ' ');
    if (inside.size() > 2 && inside.front() == ' ' && inside.back() == ' ' &&
        inside.find_first_not_of(' ') != std::string::npos)
      inside = inside.substr(1, inside.size() - 2);
    emit("<code>" + html_escaped(inside) + "</code>");
    at_ = *end + n;
  }

  void formula() {
    const std::size_t n = run_length(at_, '$');
    const auto end = n <= 2 ? next_run(at_ + n, '$', n) : std::nullopt;
    const bool opens = at_ + n < text_.size() && !is_blank(text_[at_ + n]);
    const bool closes = end && *end > at_ + n && !is_blank(text_[*end - 1]);
    if (!opens || !closes || (n == 1 && *end + 1 < text_.size() && text_[*end + 1] >= '0' && text_[*end + 1] <= '9')) {
      plain_.append(n, '$');
      at_ += n;
      return;
    }
    emit("<span class=\"tex\">" + html_escaped(text_.substr(at_, *end + n - at_)) + "</span>");
    at_ = *end + n;
  }

  /// <https://...>
  void address() {
    const std::size_t end = text_.find_first_of("<> \n", at_ + 1);
    const std::string_view inside =
        end != std::string_view::npos && text_[end] == '>' ? text_.substr(at_ + 1, end - at_ - 1) : std::string_view();
    const bool is_address =
        inside.starts_with("http://") || inside.starts_with("https://") || inside.starts_with("mailto:");
    if (!is_address || in_link_) {
      plain_ += '<';
      ++at_;
      return;
    }
    emit(link(inside, html_escaped(inside)));
    at_ = end + 1;
  }

  void match_brackets() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '[') {
        open.push_back(i);
      } else if (text_[i] == ']' && !open.empty()) {
        closing_[open.back()] = i;
        open.pop_back();
      }
    }
  }

  /// [text](address "title"), ![text](address)
  void bracket() {
    const std::size_t open = at_ + (text_[at_] == '!' ? 1 : 0);
    const auto close = open < text_.size() && text_[open] == '[' ? closing_.find(open) : closing_.end();
    if (close == closing_.end() || in_link_ || close->second + 1 >= text_.size() || text_[close->second + 1] != '(') {
      plain_ += text_[at_++];
      return;
    }
    std::size_t i = close->second + 2;
    constexpr std::size_t longest = 2048;
    const std::size_t begin = i;
    std::size_t depth = 0;
    while (i < text_.size() && i - begin < longest && !is_blank(text_[i]) && (text_[i] != ')' || depth > 0)) {
      if (text_[i] == '(') ++depth;
      if (text_[i] == ')') --depth;
      ++i;
    }
    std::string_view url = text_.substr(begin, i - begin);
    while (i < text_.size() && is_blank(text_[i])) ++i;
    if (i < text_.size() && text_[i] == '"') {
      const std::size_t end = text_.find('"', i + 1);
      i = end == std::string_view::npos ? text_.size() : end + 1;
    }
    if (i >= text_.size() || text_[i] != ')') {
      plain_ += text_[at_++];
      return;
    }
    if (url.size() >= 2 && url.front() == '<' && url.back() == '>') url = url.substr(1, url.size() - 2);
    const std::string_view inside = text_.substr(open + 1, close->second - open - 1);
    emit(link(url, InlineReader(inside, true).read()));
    at_ = i + 1;
  }

  void emphasis() {
    const char c = text_[at_];
    const std::size_t n = run_length(at_, c);
    const char before = at_ == 0 ? ' ' : text_[at_ - 1];
    const char after = at_ + n < text_.size() ? text_[at_ + n] : ' ';
    const bool left = !is_blank(after) && (!is_punctuation(after) || is_blank(before) || is_punctuation(before));
    const bool right = !is_blank(before) && (!is_punctuation(before) || is_blank(after) || is_punctuation(after));
    Delimiter d{.character = c, .count = n};
    d.opens = left && (c == '*' || !right || is_punctuation(before));
    d.closes = right && (c == '*' || !left || is_punctuation(after));
    flush();
    delimiters_.push_back(std::move(d));
    at_ += n;
  }

  /// Each closer takes the nearest opener of its kind; openers of the other kind between the two are dropped.
  void match_emphasis() {
    std::map<char, std::vector<std::size_t>> openers;
    for (std::size_t i = 0; i < delimiters_.size(); ++i) {
      Delimiter& closer = delimiters_[i];
      auto& own = openers[closer.character];
      while (closer.closes && closer.count > 0 && !own.empty()) {
        Delimiter& opener = delimiters_[own.back()];
        auto& other = openers[closer.character == '*' ? '_' : '*'];
        while (!other.empty() && other.back() > own.back()) other.pop_back();
        const bool strong = opener.count >= 2 && closer.count >= 2;
        const std::size_t used = strong ? 2 : 1;
        opener.opening = (strong ? "<strong>" : "<em>") + opener.opening;
        closer.closing += strong ? "</strong>" : "</em>";
        opener.count -= used;
        closer.count -= used;
        if (opener.count == 0) own.pop_back();
      }
      if (closer.opens && closer.count > 0) own.push_back(i);
    }
  }

  std::string_view text_;
  bool in_link_;
  std::size_t at_ = 0;
  std::string plain_;               // not yet escaped
  std::string done_;                // HTML of the present part
  std::vector<std::string> parts_;  // HTML; delimiters_[i] stands behind parts_[i]
  std::vector<Delimiter> delimiters_;
  std::map<std::size_t, std::size_t> closing_;  // of each bracket
  std::map<std::pair<char, std::size_t>, bool> missing_;
};

}  // namespace

std::string inline_html(std::string_view text) { return InlineReader(text, false).read(); }

}  // namespace nabla
