#include <algorithm>
#include <nabla/engine/parse/source.hpp>
#include <nabla/proofs/report/markdown_text.hpp>

namespace nabla {

namespace {

std::string_view without_blanks(std::string_view line) {
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) line.remove_suffix(1);
  return line;
}

/// The length of the run of a fence that begins a line; 0 for other lines.
std::size_t fence_length(std::string_view line) {
  const std::size_t indent = line.size() - std::min(line.find_first_not_of(' '), line.size());
  if (line.size() - indent > 3 || indent == 0) return 0;
  const std::string_view rest = without_blanks(line);
  if (rest.empty() || (rest.front() != '`' && rest.front() != '~')) return 0;
  const std::size_t n = std::min(rest.find_first_not_of(rest.front()), rest.size());
  if (n < 3 || (rest.front() == '`' && rest.find('`', n) != std::string_view::npos)) return 0;
  return n;
}

std::size_t longest_run(std::string_view text, char c) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char x : text) {
    run = x == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Raw HTML outside of code spans as text. A span that is not closed in its line counts as text too.
std::string without_html(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '`') {
      std::size_t n = 0;
      while (i + n < line.size() && line[i + n] == '`') ++n;
      std::size_t end = i + n;
      for (; end < line.size(); ++end) {
        std::size_t m = 0;
        while (end + m < line.size() && line[end + m] == '`') ++m;
        if (m == n) break;
        if (m > 0) end += m - 1;
      }
      const std::size_t stop = end < line.size() ? end + n : i + n;
      out += line.substr(i, stop - i);
      i = stop;
      continue;
    }
    const std::string_view rest = line.substr(i);
    const bool address = rest.starts_with("<http://") || rest.starts_with("<https://") || rest.starts_with("<mailto:");
    if (line[i] == '<' && !address)
      out += "&lt;";
    else
      out += line[i];
    ++i;
  }
  return out;
}

}  // namespace

std::string markdown_escaped(std::string_view text) {
  std::string out;
  std::string one_line(text);
  std::ranges::replace(one_line, '\n', ' ');
  for (const char c : printable(one_line)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (std::string_view("\\`*_[]#|~$>").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string line(text);
  std::ranges::replace(line, '\n', ' ');
  line = printable(line);
  const std::string mark(longest_run(line, '`') + 1, '`');
  const bool pad = line.starts_with('`') || line.ends_with('`') || line.empty();
  return mark + (pad ? " " : "") + line + (pad ? " " : "") + mark;
}

std::string markdown_block(std::string_view text, std::string_view info) {
  const std::string fence(std::max<std::size_t>(3, longest_run(text, '`') + 1), '`');
  std::string out = fence + std::string(info) + "\n" + std::string(text);
  if (!out.ends_with('\n')) out += '\n';
  return out + fence + "\n";
}

std::string markdown_prose(std::string_view text) {
  std::string out;
  std::string open;  // the fence that is open
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t n = fence_length(line);
    const std::string_view rest = without_blanks(line);
    if (!open.empty()) {
      if (n >= open.size() && rest.front() == open.front() && rest.size() == n) open.clear();
      out += line;
    } else {
      if (n > 0) open = std::string(n, rest.front());
      out += n > 0 ? std::string(line) : without_html(line);
    }
    out += '\n';
  }
  if (!open.empty()) out += open + "\n";
  return out;
}

}  // namespace nabla
