#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

/// A command of the shell, run to its end.
struct Process {
  std::string output;  ///< what it wrote to its standard output
  int status = -1;     ///< of its exit; -1 when a signal ended it
};

inline Process run_process(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start " + command);
  Process process;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    process.output.append(buffer.data(), n);
  const int ended = pclose(pipe);
  if (WIFEXITED(ended)) process.status = WEXITSTATUS(ended);
  return process;
}
