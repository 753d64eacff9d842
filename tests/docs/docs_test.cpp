// Documentation cannot rot: what README.md, CONTRIBUTING.md and docs/ show is compiled, run and compared.
//  - a ```cpp block stands, word for word, in one of examples/*.cpp (which are compiled and run as tests);
//  - in a ```console block each line "$ nabla ..." is run in the top folder, and the lines below it are its output; a
//  line "..."
//    stands for any number of lines;
//  - docs/operators.md is what `nabla ops --markdown` prints (`./dev docs` writes it);
//  - proofs/documents/ERRATA.md lists the errata of the documents as they are (`./dev docs` writes it too).
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path top = NABLA_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == extension) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

struct Block {
  std::string where;  // "README.md:12"
  std::vector<std::string> lines;
};

/// The fenced blocks of a kind ("cpp", "console") in the pages of the project.
std::vector<Block> blocks_of(std::string_view kind) {
  auto pages = files_in(top / "docs", ".md");
  for (const char* page : {"README.md", "CONTRIBUTING.md"})
    if (fs::exists(top / page)) pages.push_back(top / page);
  std::vector<Block> blocks;
  for (const auto& page : pages) {
    bool inside = false;
    bool wanted = false;
    int number = 0;
    for (const auto& line : lines_of(read(page))) {
      ++number;
      if (line.starts_with("```")) {
        inside = !inside;
        wanted = inside && std::string_view(line).substr(3) == kind;
        if (wanted) blocks.push_back({fs::relative(page, top).string() + ":" + std::to_string(number), {}});
      } else if (wanted) {
        blocks.back().lines.push_back(line);
      }
    }
  }
  return blocks;
}

/// What the program prints on both streams, run in the top folder through the shell.
std::string output_of(const std::string& arguments) {
  const std::string command = "cd '" + top.string() + "' && '" NABLA_PROGRAM "' " + arguments + " 2>&1";
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), n);
  const int status = pclose(pipe);
  CHECK_MESSAGE(WIFEXITED(status), "nabla " << arguments << " was ended by a signal");
  return output;
}

/// Whether `actual` is `expected`, in which a line "..." stands for any number of lines.
bool matches(const std::vector<std::string>& expected, const std::vector<std::string>& actual) {
  // reachable[j]: the lines of `expected` so far can stand for the first j lines of `actual`.
  std::vector<bool> reachable(actual.size() + 1, false);
  reachable[0] = true;
  for (const auto& line : expected) {
    std::vector<bool> next(actual.size() + 1, false);
    for (std::size_t j = 0; j <= actual.size(); ++j) {
      if (line == "...")
        next[j] = reachable[j] || (j > 0 && next[j - 1]);
      else
        next[j] = j > 0 && reachable[j - 1] && actual[j - 1] == line;
    }
    reachable = next;
  }
  return reachable.back();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

}  // namespace

TEST_CASE("the C++ of the documentation stands in a compiled example") {
  std::vector<std::string> examples;
  for (const auto& file : files_in(top / "examples", ".cpp")) examples.push_back(read(file));
  for (const Block& block : blocks_of("cpp")) {
    CAPTURE(block.where);
    const std::string text = joined(block.lines);
    CHECK_MESSAGE(std::any_of(examples.begin(), examples.end(),
                              [&](const std::string& example) { return example.find(text) != std::string::npos; }),
                  "this block is in no file of examples:\n"
                      << text);
  }
}

TEST_CASE("the commands of the documentation print what it shows") {
  for (const Block& block : blocks_of("console")) {
    CAPTURE(block.where);
    for (std::size_t i = 0; i < block.lines.size();) {
      const std::string command = block.lines[i++];
      std::vector<std::string> expected;
      while (i < block.lines.size() && !block.lines[i].starts_with("$ ")) expected.push_back(block.lines[i++]);
      constexpr std::string_view prompt = "$ nabla ";
      if (!command.starts_with(prompt)) continue;
      const std::string actual = output_of(command.substr(prompt.size()));
      CAPTURE(command);
      CHECK_MESSAGE(matches(expected, lines_of(actual)), "shown:\n" << joined(expected) << "printed:\n" << actual);
    }
  }
}

TEST_CASE("docs/operators.md is what the registry says") {
  const fs::path page = top / "docs" / "operators.md";
  REQUIRE_MESSAGE(fs::exists(page), "./dev docs writes it");
  CHECK_MESSAGE(read(page) == output_of("ops --markdown"), "docs/operators.md is out of date: run ./dev docs");
}

TEST_CASE("proofs/documents/ERRATA.md speaks of the documents as they are") {
  const std::string errata = read(top / "proofs" / "documents" / "ERRATA.md");
  REQUIRE_MESSAGE(!errata.empty(), "./dev docs writes it");
  std::set<std::string> known;
  for (const auto& file : files_in(top / "proofs" / "documents", ".md")) {
    std::string id;  // of the block that is open
    for (const auto& line : lines_of(read(file))) {
      if (line.starts_with("```claim ")) {
        id = line.substr(9);
        known.insert(id);
      } else if (line.starts_with("```")) {
        id.clear();
      } else if (!id.empty() &&
                 (line == "expect refuted" || line == "expect ill-posed" || line.starts_with("outside "))) {
        CHECK_MESSAGE(errata.find("`" + id + "`") != std::string::npos,
                      "ERRATA.md does not list " << id << ": run ./dev docs");
      }
    }
  }
  for (const auto& line : lines_of(errata))
    if (line.starts_with("### `")) {
      const std::string id = line.substr(5, line.find('`', 5) - 5);
      CHECK_MESSAGE(known.contains(id), "ERRATA.md lists " << id << ", which no document has: run ./dev docs");
    }
}

TEST_CASE("three dots stand for any number of lines") {
  CHECK(matches({"a", "...", "d"}, {"a", "b", "c", "d"}));
  CHECK(matches({"a", "..."}, {"a"}));
  CHECK(!matches({"a", "..."}, {"b"}));
  CHECK(!matches({"a"}, {"a", "b"}));
  CHECK(!matches({"...", "d"}, {"d", "e"}));
}
