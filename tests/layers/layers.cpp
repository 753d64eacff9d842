#include "layers.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <set>

namespace layers {

namespace {

constexpr std::array<std::string_view, 5> kFolders = {"ops", "graph", "engine", "proofs", "app"};
constexpr std::array<std::string_view, 6> kVagueNames = {"util", "utils", "helper", "helpers", "common", "misc"};
constexpr std::array<std::string_view, 12> kHeavy = {"boost/", "Eigen/", "unsupported/Eigen/", "flint/", "arb",
                                                     "acb",    "arf.h",  "calcium/",           "tao/",   "nlohmann/",
                                                     "mpfi",   "CLI/"};
/// Headers whose purpose is a heavy library, for who asks for it by name; no other public header may reach them.
constexpr std::array<std::string_view, 9> kHeavyByPurpose = {
    "engine/numbers/real.hpp",     "engine/numbers/ball.hpp", "engine/numbers/rational.hpp",
    "engine/numbers/interval.hpp", "engine/numbers/arb.hpp",  "engine/numbers/boost_float.hpp",
    "engine/numbers/calcium.hpp",  "engine/record/eigen.hpp", "graph/boost_graph.hpp"};
constexpr std::ptrdiff_t kMaxLines = 420;

bool below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::optional<std::size_t> rank_of(std::string_view path) {
  for (std::size_t i = 0; i < kFolders.size(); ++i)
    if (below(path, kFolders[i])) return i;
  return std::nullopt;
}

/// "app/verify/report.cpp" -> "verify", "app/recheck.cpp" -> "recheck": the subcommand a file of app belongs to.
std::string_view subcommand_of(std::string_view path) {
  path.remove_prefix(std::string_view("app/").size());
  return path.substr(0, path.find_first_of("/._"));
}

std::string_view stem_of(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);
  return path.substr(0, path.find('.'));
}

bool is_heavy(std::string_view include) {
  return std::any_of(kHeavy.begin(), kHeavy.end(), [&](auto prefix) { return include.starts_with(prefix); });
}

bool may_be_heavy(std::string_view path) {
  return !path.ends_with(".hpp") || below(path, "proofs") || below(path, "app") || below(path, "engine/kernels") ||
         path.find("/detail") != std::string_view::npos ||
         std::find(kHeavyByPurpose.begin(), kHeavyByPurpose.end(), path) != kHeavyByPurpose.end();
}

/// The file of the tree that <nabla/...> names; <nabla/nabla.hpp> is the umbrella in engine.
std::optional<std::string> target_of(const Include& include) {
  if (include.path == "nabla/nabla.hpp") return "engine/nabla.hpp";
  if (!include.path.starts_with("nabla/")) return std::nullopt;
  return include.path.substr(std::string_view("nabla/").size());
}

struct Checker {
  const Tree& tree;
  std::map<std::string, std::vector<Include>> includes;
  std::vector<std::string> found;

  explicit Checker(const Tree& t) : tree(t) {
    for (const auto& [path, text] : tree) includes.emplace(path, includes_of(text));
  }

  void report(const std::string& path, int line, const std::string& what) {
    found.push_back(path + ":" + std::to_string(line) + ": " + what);
  }

  void check_file(const std::string& path, const std::string& text) {
    if (const auto lines = std::count(text.begin(), text.end(), '\n'); lines > kMaxLines)
      report(path, static_cast<int>(lines), "has " + std::to_string(lines) + " lines: two subjects in one file?");
    if (std::find(kVagueNames.begin(), kVagueNames.end(), stem_of(path)) != kVagueNames.end())
      report(path, 1, "a file is called by its subject, not '" + std::string(stem_of(path)) + "'");
    for (const Include& include : includes.at(path)) check_include(path, include);

    const auto in_folder = [](std::string_view folder) {
      return [folder](std::string_view include) { return below(include, folder); };
    };
    if (below(path, "proofs/recheck")) {
      check_reach(path, in_folder("nabla/proofs/check"), "the re-checker shares no code with the prover");
      check_reach(path, in_folder("nabla/engine/simplify"), "the re-checker does not trust the simplifier");
    }
    if (below(path, "app")) {
      const bool checks = subcommand_of(path) == "verify";
      const auto forbidden = [&](std::string_view include) {
        return below(include, "nabla/proofs/check") && !(checks && include == "nabla/proofs/check/check.hpp");
      };
      check_reach(path, forbidden,
                  checks ? "the program knows of the deciders what proofs/check/check.hpp says"
                         : "only the subcommand verify needs the deciders");
    }
    if (!may_be_heavy(path))
      check_reach(path, is_heavy, "public headers include no heavy library; instantiate in a .cpp");
  }

  void check_include(const std::string& path, const Include& include) {
    const auto target = target_of(include);
    if (include.path.find("..") != std::string::npos) {
      report(path, include.line, "includes '" + include.path + "' by a relative path; write <nabla/...>");
      return;
    }
    if (include.quoted) {
      report(path, include.line, "includes \"" + include.path + "\" in quotes; write <nabla/...>");
      return;
    }
    if (target) {
      const auto from = rank_of(path);
      const auto to = rank_of(*target);
      if (!to)
        report(path, include.line, "includes <" + include.path + ">, which is in no layer");
      else if (from && *to > *from)
        report(path, include.line,
               "includes <" + include.path + ">, but " + std::string(kFolders[*from]) + " comes before " +
                   std::string(kFolders[*to]));
      else if (!tree.contains(*target))
        report(path, include.line, "includes <" + include.path + ">, which does not exist");
    } else if (below(path, "ops") && include.path.find_first_of("./") != std::string::npos) {
      // Headers of the standard library have neither a dot nor a slash in their names.
      report(path, include.line, "includes <" + include.path + ">, but ops depends on the standard library alone");
    }
  }

  /// Breadth first from `start` over the includes of the tree, itself first: reports the first include that `forbidden`
  /// is true of, with the way there.
  template <class Forbidden>
  void check_reach(const std::string& start, Forbidden forbidden, const std::string& why) {
    std::map<std::string, std::string> came_from{{start, ""}};
    std::deque<std::string> open{start};
    while (!open.empty()) {
      const std::string at = open.front();
      open.pop_front();
      const auto known = includes.find(at);
      if (known == includes.end()) continue;
      for (const Include& include : known->second) {
        const auto target = target_of(include);
        if (forbidden(include.path)) {
          std::string chain = target.value_or("<" + include.path + ">");
          for (std::string step = at; !step.empty(); step = came_from.at(step)) chain = step + " -> " + chain;
          report(start, at == start ? include.line : 1, "reaches what it must not (" + chain + "): " + why);
          return;
        }
        if (target && came_from.emplace(*target, at).second) open.push_back(*target);
      }
    }
  }
};

/// Text without comments and string literals: what they contain becomes blanks, line breaks stay. The <...> and "..."
/// of an include line are kept.
std::string without_comments_and_strings(std::string_view text) {
  std::string out(text);
  const auto blank = [&out](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < std::min(to, out.size()); ++i)
      if (out[i] != '\n') out[i] = ' ';
    return std::min(to, out.size());
  };
  const auto end_of = [&text](std::size_t from, std::string_view mark) {
    const std::size_t at = text.find(mark, from);
    return at == std::string_view::npos ? text.size() : at + mark.size();
  };
  bool line_is_directive = false;
  bool line_is_blank = true;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\n') {
      line_is_directive = false;
      line_is_blank = true;
      ++i;
    } else if (text.substr(i, 2) == "//") {
      i = blank(i, std::min(text.find('\n', i), text.size()));
    } else if (text.substr(i, 2) == "/*") {
      i = blank(i, end_of(i + 2, "*/"));
    } else if (text.substr(i, 2) == "R\"") {
      const std::size_t open = text.find('(', i);
      if (open == std::string_view::npos) break;
      const std::string close = ")" + std::string(text.substr(i + 2, open - i - 2)) + "\"";
      i = blank(i, end_of(open, close));
      line_is_blank = false;
    } else if (c == '"' && !line_is_directive) {
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
      i = blank(i, end + 1);
      line_is_blank = false;
    } else if (c == '\'' && text.substr(i, 3) == "'\"'") {
      i = blank(i, i + 3);
    } else {
      if (line_is_blank && c == '#') line_is_directive = true;
      if (c != ' ' && c != '\t') line_is_blank = false;
      ++i;
    }
  }
  return out;
}

}  // namespace

std::vector<Include> includes_of(std::string_view source) {
  const std::string text = without_comments_and_strings(source);
  std::vector<Include> result;
  int line = 1;
  for (std::size_t begin = 0; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view rest = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    const auto skip_blanks = [&rest] { rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size())); };
    skip_blanks();
    if (!rest.starts_with('#')) continue;
    rest.remove_prefix(1);
    skip_blanks();
    if (!rest.starts_with("include")) continue;
    rest.remove_prefix(std::string_view("include").size());
    skip_blanks();
    if (!rest.starts_with('<') && !rest.starts_with('"')) continue;
    const bool quoted = rest.front() == '"';
    const std::size_t close = rest.find(quoted ? '"' : '>', 1);
    if (close != std::string_view::npos) result.push_back({line, quoted, std::string(rest.substr(1, close - 1))});
  }
  return result;
}

std::vector<std::string> violations(const Tree& tree) {
  Checker checker(tree);
  for (const auto& [path, text] : tree) checker.check_file(path, text);
  return checker.found;
}

}  // namespace layers
