#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <istream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

/// Instruction counts of small programs, kept from one version of nabla to the next, and what changed.
///
/// A file of counts has a line `NAME COUNT` for each program, and one `compiler TEXT` that says what they were built
/// by; empty lines and those that begin with # are comments.
namespace counts {

/// What may be added without being shown as a growth.
inline constexpr double most_added = 0.05;

struct Count {
  std::string program;
  std::uint64_t instructions = 0;
};
struct Counts {
  std::string compiler;
  std::vector<Count> programs;

  const Count* find(const std::string& program) const {
    const auto at =
        std::find_if(programs.begin(), programs.end(), [&](const Count& c) { return c.program == program; });
    return at == programs.end() ? nullptr : &*at;
  }
};

/// \throws std::runtime_error for a line that is none of the three, a count of 0, or a program that is there twice
inline Counts read(std::istream& file) {
  Counts made;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    std::istringstream words(line);
    std::string name, rest;
    if (!(words >> name) || name[0] == '#') continue;
    if (name == "compiler") {
      std::getline(words >> std::ws, made.compiler);
      continue;
    }
    Count c{name, 0};
    const auto wrong = [&](const char* what) {
      throw std::runtime_error("line " + std::to_string(number) + ": " + what + ": " + line);
    };
    if (!(words >> c.instructions) || (words >> rest)) wrong("not 'NAME COUNT'");
    if (c.instructions == 0) wrong("a program that runs no instruction");
    if (made.find(name) != nullptr) wrong("a program that is there twice");
    made.programs.push_back(c);
  }
  return made;
}

struct Comparison {
  std::vector<std::string> lines;     ///< one for each program
  std::vector<std::string> findings;  ///< what somebody should look at; with none, nothing grew
};

/// A program that takes over 5 per cent more, or that is only on one side, is a finding. Other compilers are a line.
inline Comparison compare(const Counts& kept, const Counts& now) {
  Comparison made;
  if (kept.compiler != now.compiler)
    made.lines.push_back("other compilers: " + kept.compiler + " then, " + now.compiler +
                         " now; a difference may be the compiler's");
  char text[200];
  for (const Count& c : now.programs) {
    const Count* const before = kept.find(c.program);
    if (before == nullptr) {
      made.findings.push_back(c.program + ": no count is kept for it");
      continue;
    }
    const double ratio = static_cast<double>(c.instructions) / static_cast<double>(before->instructions);
    std::snprintf(text, sizeof text, "%-10s %12llu %12llu  %+6.2f %%", c.program.c_str(),
                  static_cast<unsigned long long>(before->instructions),
                  static_cast<unsigned long long>(c.instructions), 100 * (ratio - 1));
    made.lines.emplace_back(text);
    if (ratio > 1 + most_added) {
      std::snprintf(text, sizeof text, "%s: %.2f %% more instructions", c.program.c_str(), 100 * (ratio - 1));
      made.findings.emplace_back(text);
    }
  }
  for (const Count& c : kept.programs)
    if (now.find(c.program) == nullptr) made.findings.push_back(c.program + ": was not counted now");
  return made;
}

}  // namespace counts
