#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

/// The program as a process.
namespace program_test {

struct Outcome {
  std::string output;
  int status;
};

/// A command of the shell in which $NABLA stands for the program.
inline Outcome shell(const std::string& command) {
  FILE* pipe = popen((std::string("NABLA='") + NABLA_PROGRAM + "'; " + command).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), n);
  const int status = pclose(pipe);
  REQUIRE(WIFEXITED(status));
  return {output, WEXITSTATUS(status)};
}

/// The program run through the shell; standard error joins the output where the command says so.
inline Outcome run(const std::string& arguments) { return shell("\"$NABLA\" " + arguments); }

inline void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
inline std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace program_test
