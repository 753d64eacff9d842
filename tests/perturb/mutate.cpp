#include "mutate.hpp"

#include <cctype>
#include <sstream>

namespace perturb {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Mutator {
 public:
  explicit Mutator(const std::string& text) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines_.push_back(line);
  }

  std::vector<Mutant> run() {
    for (row_ = 0; row_ < lines_.size(); ++row_) {
      const std::string& line = lines_[row_];
      if (line.starts_with("show ")) statement(line);
      if (line.starts_with("given ") && line.find("onehot") == std::string::npos) domain(line);
      if (line.starts_with("assume ")) {
        add("hypothesis", "");
        statement_signs(line);
      }
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& kind, const std::string& line) {
    std::string text;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::string& l = i == row_ ? line : lines_[i];
      if (!l.empty()) text += l + "\n";
    }
    found_.push_back({kind, text});
  }
  void replace(const std::string& kind, std::size_t at, std::size_t length, const std::string& by) {
    std::string line = lines_[row_];
    line.replace(at, length, by);
    add(kind, line);
  }

  void statement_signs(const std::string& line) {
    for (std::size_t i = 6; i + 1 < line.size(); ++i)
      if (line[i - 1] == ' ' && line[i + 1] == ' ' && (line[i] == '+' || line[i] == '-'))
        replace("sign", i, 1, line[i] == '+' ? "-" : "+");
  }

  void statement(const std::string& line) {
    statement_signs(line);
    for (std::size_t i = 5; i < line.size(); ++i) {
      const char c = line[i];
      const char before = line[i - 1];
      const char after = i + 1 < line.size() ? line[i + 1] : ' ';
      // a unary minus, dropped
      if (c == '-' && after != ' ' && (before == ' ' || before == '(')) replace("sign", i, 1, "");
      // an integer, one more
      if (is_digit(c) && !is_name(before) && before != '.' && before != '/') {
        std::size_t n = 1;
        while (i + n < line.size() && is_digit(line[i + n])) ++n;
        const char next = i + n < line.size() ? line[i + n] : ' ';
        if (next != '.' && n < 4) {
          const bool is_index = inside_brackets(line, i);
          const long value = std::stol(line.substr(i, n));
          replace(is_index ? "index" : "factor", i, n, std::to_string(is_index ? 3 - value : value + 1));
          if (before == '^' && value > 1) replace("factor", i, n, std::to_string(value - 1));
        }
        i += n - 1;
        continue;
      }
      // a transpose, dropped or put
      if (c == '\'') replace("transpose", i, 1, "");
      if (std::isupper(static_cast<unsigned char>(c)) && !is_name(before) && !is_name(after) && after != '\'' &&
          after != '[')
        replace("transpose", i + 1, 0, "'");
      // an index for another
      if ((c == 'i' || c == 'j') && !is_name(before) && !is_name(after) && after != ' ')
        replace("index", i, 1, c == 'i' ? "j" : "i");
      if (c == '*' && before == ' ' && after == ' ') replace("sign", i, 1, "+");
    }
    const std::size_t equal = line.find(" == ");
    if (equal != std::string::npos) {
      replace("factor", equal + 4, line.size() - equal - 4, "2 * (" + line.substr(equal + 4) + ")");
      replace("sign", equal + 4, line.size() - equal - 4, "-(" + line.substr(equal + 4) + ")");
    }
    if (const std::size_t at = line.find(" <= "); at != std::string::npos) replace("relation", at, 4, " >= ");
    if (const std::size_t at = line.find(" >= "); at != std::string::npos) replace("relation", at, 4, " <= ");
    const std::pair<std::string, std::string> opposite[] = {{"show convex(", "show concave("},
                                                            {"show concave(", "show convex("},
                                                            {"show increasing(", "show decreasing("},
                                                            {"show decreasing(", "show increasing("}};
    for (const auto& [from, to] : opposite)
      if (line.starts_with(from)) replace("relation", 0, from.size(), to);
  }

  static bool inside_brackets(const std::string& line, std::size_t at) {
    int depth = 0;
    for (std::size_t i = 0; i < at; ++i) {
      if (line[i] == '[') ++depth;
      if (line[i] == ']') --depth;
    }
    return depth > 0;
  }

  void domain(const std::string& line) {
    const std::size_t in = line.find(" in ");
    if (in == std::string::npos) return;
    const std::size_t open = in + 4;
    if (line.substr(open).starts_with("(0, oo)")) {
      replace("domain end", open, 7, "R");
      replace("domain end", open, 7, "[0, oo)");
      replace("domain end", open, 7, "(-1, oo)");
    } else if (line[open] == '[' || line[open] == '(') {
      const std::size_t comma = line.find(", ", open);
      const std::size_t close = line.find_first_of("])", comma);
      if (comma == std::string::npos || close == std::string::npos) return;
      replace("domain end", open + 1, comma - open - 1, line.substr(open + 1, comma - open - 1) + " - 3");
      replace("domain end", comma + 2, close - comma - 2, line.substr(comma + 2, close - comma - 2) + " + 3");
    }
  }

  std::vector<std::string> lines_;
  std::size_t row_ = 0;
  std::vector<Mutant> found_;
};

}  // namespace

std::vector<Mutant> mutants_of(const std::string& text) { return Mutator(text).run(); }

}  // namespace perturb
