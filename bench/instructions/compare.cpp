// compare_counts KEPT NOW: two files of counts (counts.hpp) beside each other. Status 1 where a program grew by over 5
// per cent, 2 where a file cannot be read. `./dev bench --compare` runs it.
#include "counts.hpp"

#include <exception>
#include <fstream>

namespace {

counts::Counts from_file(const char* path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  try {
    return counts::read(file);
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string(path) + ", " + error.what());
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("compare_counts takes two files: what was kept, and what is now");
  const counts::Comparison found = counts::compare(from_file(argv[1]), from_file(argv[2]));
  std::printf("%-10s %12s %12s  %8s\n", "program", "kept", "now", "change");
  for (const std::string& line : found.lines) std::printf("%s\n", line.c_str());
  for (const std::string& finding : found.findings) std::printf("LOOK: %s\n", finding.c_str());
  return found.findings.empty() ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
