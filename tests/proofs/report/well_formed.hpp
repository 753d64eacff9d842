#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Reads XML-like text as a strict reader would: what the tests hold against everything that reports write.
namespace report_test {

/// "" when every tag is closed in order, every & begins a known reference and no < or " stands where it may not; else
/// what is wrong. `names` collects the names of the elements.
inline std::string malformed(std::string_view text, std::set<std::string>* names = nullptr) {
  static const std::set<std::string, std::less<>> empty{"meta", "br", "hr"};
  std::vector<std::string> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&') {
      const std::size_t end = text.find(';', i);
      const std::string_view name = end == std::string_view::npos ? "" : text.substr(i + 1, end - i - 1);
      if (name != "amp" && name != "lt" && name != "gt" && name != "quot" && name != "#39") return "a bare &";
    }
    if (text[i] == '>') return "a bare >: " + std::string(text.substr(i > 40 ? i - 40 : 0, 60));
    if (text[i] != '<') continue;
    const bool closing = i + 1 < text.size() && text[i + 1] == '/';
    std::size_t at = i + (closing ? 2 : 1);
    const std::size_t begin = at;
    while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= '0' && text[at] <= '9'))) ++at;
    const std::string name(text.substr(begin, at - begin));
    if (name.empty()) return "a bare <: " + std::string(text.substr(i, 40));
    bool quoted = false;
    for (; at < text.size() && (quoted || text[at] != '>'); ++at) {
      if (text[at] == '"') quoted = !quoted;
      if (text[at] == '<') return "a < inside of a tag";
    }
    if (at == text.size()) return "a tag without an end";
    i = at;
    if (names != nullptr) names->insert(name);
    if (empty.contains(name)) continue;
    if (!closing) {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name)
        return "</" + name + "> closes " + (open.empty() ? std::string("nothing") : open.back()) + " near " +
               std::string(text.substr(i > 80 ? i - 80 : 0, 100));
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is not closed";
}

}  // namespace report_test
