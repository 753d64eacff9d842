// The blocks of Markdown.
#include <algorithm>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/prose.hpp>
#include <optional>
#include <span>
#include <vector>

namespace nabla {

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t widest = 64;  // columns of a table: every row gets as many cells as the first has
constexpr int deepest = 12;         // quotes and lists inside each other; deeper ones are paragraphs

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

Lines lines_of(std::string_view text) {
  Lines lines;
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      lines.push_back(std::move(line));
      line.clear();
    } else if (c == '\t') {
      line.append(4 - line.size() % 4, ' ');
    } else {
      line += c;
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }
bool is_empty(std::string_view line) { return indent_of(line) == line.size(); }

struct Heading {
  int level = 0;
  std::string_view text;
};

std::optional<Heading> as_heading(std::string_view line) {
  if (indent_of(line) > 3) return std::nullopt;
  line = trimmed(line);
  const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
  if (level < 1 || level > 6) return std::nullopt;
  if (level < line.size() && line[level] != ' ') return std::nullopt;
  std::string_view text = trimmed(line.substr(level));
  std::string_view without = text;
  while (!without.empty() && without.back() == '#') without.remove_suffix(1);
  if (without.empty() || without.back() == ' ') text = trimmed(without);
  return Heading{static_cast<int>(level), text};
}

struct Fence {
  char character = '`';
  std::size_t length = 0;
  std::size_t indent = 0;
};

std::optional<Fence> as_fence(std::string_view line) {
  const std::size_t indent = indent_of(line);
  if (indent > 3 || indent == line.size()) return std::nullopt;
  line.remove_prefix(indent);
  const char c = line.front();
  if (c != '`' && c != '~') return std::nullopt;
  const std::size_t n = std::min(line.find_first_not_of(c), line.size());
  if (n < 3 || (c == '`' && line.find('`', n) != std::string_view::npos)) return std::nullopt;
  return Fence{c, n, indent};
}

bool closes(const Fence& open, std::string_view line) {
  const auto fence = as_fence(line);
  return fence && fence->character == open.character && fence->length >= open.length &&
         trimmed(line).find_first_not_of(open.character) == std::string_view::npos;
}

bool is_rule(std::string_view line) {
  if (indent_of(line) > 3) return false;
  std::size_t marks = 0;
  char mark = 0;
  for (const char c : line) {
    if (c == ' ') continue;
    if ((c != '-' && c != '*' && c != '_') || (mark != 0 && c != mark)) return false;
    mark = c;
    ++marks;
  }
  return marks >= 3;
}

struct Marker {
  char kind = '-';          // of two lists beside each other: '-', '*', '+', '.', ')'
  std::size_t content = 0;  // column where the text of the item begins
  long number = 1;
};

std::optional<Marker> as_marker(std::string_view line) {
  const std::size_t indent = indent_of(line);
  if (indent > 3 || indent == line.size() || is_rule(line)) return std::nullopt;
  std::size_t end = indent;
  Marker m;
  if (line[end] == '-' || line[end] == '*' || line[end] == '+') {
    m.kind = line[end++];
  } else {
    m.number = 0;
    while (end < line.size() && end - indent < 9 && line[end] >= '0' && line[end] <= '9')
      m.number = m.number * 10 + (line[end++] - '0');
    if (end == indent || end >= line.size() || (line[end] != '.' && line[end] != ')')) return std::nullopt;
    m.kind = line[end++];
  }
  if (end < line.size() && line[end] != ' ') return std::nullopt;
  const std::size_t text = std::min(line.find_first_not_of(' ', end), line.size());
  m.content = text == line.size() || text - end > 4 ? end + 1 : text;
  return m;
}

bool is_ordered(const Marker& m) { return m.kind == '.' || m.kind == ')'; }

/// The cells of a row of a table; \| does not separate.
std::vector<std::string> cells_of(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  std::vector<std::string> cells(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cells.back() += '|';
      ++i;
    } else if (line[i] == '|') {
      if (i + 1 == line.size()) break;
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  for (std::string& cell : cells) cell = std::string(trimmed(cell));
  return cells;
}

/// Of the second line of a table: an alignment for each column ("", "left", ...).
std::optional<std::vector<std::string>> as_table_rule(std::string_view line) {
  if (line.find('|') == std::string_view::npos && line.find(':') == std::string_view::npos) return std::nullopt;
  std::vector<std::string> alignments;
  for (const std::string& cell : cells_of(line)) {
    std::string_view dashes = cell;
    const bool left = dashes.starts_with(':');
    if (left) dashes.remove_prefix(1);
    const bool right = dashes.ends_with(':');
    if (right) dashes.remove_suffix(1);
    if (dashes.empty() || dashes.find_first_not_of('-') != std::string_view::npos) return std::nullopt;
    alignments.emplace_back(left && right ? "center" : right ? "right" : left ? "left" : "");
  }
  return alignments;
}

bool begins_block(std::string_view line) {
  const auto marker = as_marker(line);
  return is_rule(line) || as_heading(line) || as_fence(line) || trimmed(line).starts_with('>') ||
         (marker && (!is_ordered(*marker) || marker->number == 1) && marker->content < line.size());
}

class BlockWriter {
 public:
  BlockWriter(int shift, int depth) : shift_(shift), depth_(depth) {}

  std::string write(const Lines& lines, bool tight) {
    lines_ = lines;
    tight_ = tight;
    while (at_ < lines_.size()) step();
    return std::move(out_);
  }

 private:
  const std::string& line() const { return lines_[at_]; }

  void step() {
    if (is_empty(line())) {
      ++at_;
    } else if (const auto fence = as_fence(line())) {
      fenced(*fence);
    } else if (indent_of(line()) >= 4) {
      indented();
    } else if (const auto heading = as_heading(line())) {
      write_heading(heading->level, heading->text);
      ++at_;
    } else if (is_rule(line())) {
      out_ += "<hr>\n";
      ++at_;
    } else if (trimmed(line()).starts_with('>') && depth_ < deepest) {
      quote();
    } else if (const auto marker = as_marker(line()); marker && depth_ < deepest) {
      list(*marker);
    } else if (at_ + 1 < lines_.size() && line().find('|') != std::string::npos && cells_of(line()).size() <= widest &&
               as_table_rule(lines_[at_ + 1])) {
      table();
    } else {
      paragraph();
    }
  }

  void write_heading(int level, std::string_view text) {
    const std::string name = "h" + std::to_string(std::clamp(level + shift_, 1, 6));
    out_ += "<" + name + ">" + inline_html(text) + "</" + name + ">\n";
  }

  void fenced(const Fence& fence) {
    std::string text;
    for (++at_; at_ < lines_.size() && !closes(fence, line()); ++at_)
      text += line().substr(std::min(fence.indent, indent_of(line()))) + "\n";
    if (at_ < lines_.size()) ++at_;
    write_code(text);
  }
  void indented() {
    std::string text;
    while (at_ < lines_.size() && (indent_of(line()) >= 4 || is_empty(line()))) {
      text += (line().size() >= 4 ? line().substr(4) : std::string()) + "\n";
      ++at_;
    }
    while (text.ends_with("\n\n")) text.pop_back();
    write_code(text);
  }
  void write_code(const std::string& text) {
    out_ += "<pre tabindex=\"0\"><code>" + html_escaped(text) + "</code></pre>\n";
  }

  void quote() {
    Lines inside;
    while (at_ < lines_.size() && trimmed(line()).starts_with('>')) {
      std::string_view rest = trimmed(line());
      rest.remove_prefix(1);
      if (rest.starts_with(' ')) rest.remove_prefix(1);
      inside.emplace_back(rest);
      ++at_;
    }
    out_ += "<blockquote>\n" + BlockWriter(shift_, depth_ + 1).write(inside, false) + "</blockquote>\n";
  }

  void list(const Marker& first) {
    std::vector<Lines> items;
    bool loose = false;
    bool after_blank = false;
    while (at_ < lines_.size()) {
      const auto marker = as_marker(line());
      if (!marker || marker->kind != first.kind) break;
      if (after_blank) loose = true;
      Lines item{line().substr(std::min(marker->content, line().size()))};
      std::size_t blanks = 0;
      for (++at_; at_ < lines_.size(); ++at_) {
        if (is_empty(line())) {
          ++blanks;
          continue;
        }
        const bool inside = indent_of(line()) >= marker->content;
        const bool lazy = blanks == 0 && !begins_block(line()) && !as_marker(line());
        if (!inside && !lazy) break;
        if (blanks > 0) loose = true;
        item.insert(item.end(), blanks, "");
        blanks = 0;
        item.push_back(inside ? line().substr(marker->content) : std::string(trimmed(line())));
      }
      after_blank = blanks > 0;
      items.push_back(std::move(item));
    }
    const bool ordered = is_ordered(first);
    out_ += !ordered            ? "<ul>\n"
            : first.number == 1 ? "<ol>\n"
                                : "<ol start=\"" + std::to_string(first.number) + "\">\n";
    for (const Lines& item : items) out_ += "<li>" + BlockWriter(shift_, depth_ + 1).write(item, !loose) + "</li>\n";
    out_ += ordered ? "</ol>\n" : "</ul>\n";
  }

  void table() {
    const std::vector<std::string> head = cells_of(line());
    const std::vector<std::string> alignments = *as_table_rule(lines_[at_ + 1]);
    const auto row = [&](const std::vector<std::string>& cells, const std::string& name) {
      out_ += "<tr>";
      for (std::size_t i = 0; i < head.size(); ++i) {
        const std::string how =
            i < alignments.size() && !alignments[i].empty() ? " class=\"" + alignments[i] + "\"" : "";
        out_ += "<" + name + how + ">" + (i < cells.size() ? inline_html(cells[i]) : "") + "</" + name + ">";
      }
      out_ += "</tr>\n";
    };
    out_ += "<div class=\"wide\" tabindex=\"0\"><table>\n<thead>\n";
    row(head, "th");
    out_ += "</thead>\n<tbody>\n";
    for (at_ += 2; at_ < lines_.size() && !is_empty(line()) && !begins_block(line()); ++at_)
      row(cells_of(line()), "td");
    out_ += "</tbody>\n</table></div>\n";
  }

  void paragraph() {
    std::string text;
    do {
      text += (text.empty() ? "" : "\n") + line().substr(indent_of(line()));
      ++at_;
      if (at_ < lines_.size() && indent_of(line()) <= 3) {
        const std::string_view under = trimmed(line());
        const bool one = !under.empty() && under.find_first_not_of('=') == std::string_view::npos;
        const bool two = under.size() >= 2 && under.find_first_not_of('-') == std::string_view::npos;
        if (one || two) {
          ++at_;
          return write_heading(one ? 1 : 2, text);
        }
      }
    } while (at_ < lines_.size() && !is_empty(line()) && !begins_block(line()));
    while (text.ends_with(' ')) text.pop_back();
    out_ += tight_ ? inline_html(text) + "\n" : "<p>" + inline_html(text) + "</p>\n";
  }

  int shift_;
  int depth_;
  Lines lines_;
  bool tight_ = false;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string prose_html(std::string_view markdown, int heading_shift) {
  if (markdown.starts_with("\xEF\xBB\xBF")) markdown.remove_prefix(3);
  return BlockWriter(heading_shift, 0).write(lines_of(markdown), false);
}

namespace {

std::vector<std::string> headings_of(std::string_view markdown) {
  std::vector<std::string> found;
  std::optional<Fence> fence;
  for (const std::string& line : lines_of(markdown)) {
    if (fence) {
      if (closes(*fence, line)) fence.reset();
    } else if (const auto opened = as_fence(line)) {
      fence = opened;
    } else if (const auto heading = as_heading(line); heading && !heading->text.empty()) {
      found.emplace_back(heading->text);
    }
  }
  return found;
}

}  // namespace

std::string first_heading(std::string_view markdown) {
  const auto found = headings_of(markdown);
  return found.empty() ? std::string() : found.front();
}
std::string last_heading(std::string_view markdown) {
  const auto found = headings_of(markdown);
  return found.empty() ? std::string() : found.back();
}

std::string last_paragraph(std::string_view markdown) {
  const Lines lines = lines_of(markdown);
  std::size_t end = lines.size();
  while (end > 0 && is_empty(lines[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && !is_empty(lines[begin - 1]) && !begins_block(lines[begin - 1]) && indent_of(lines[begin - 1]) < 4)
    --begin;
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += (text.empty() ? "" : " ") + std::string(trimmed(lines[i]));
  return text;
}

}  // namespace nabla
