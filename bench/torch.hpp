#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

namespace bench {

/// What PyTorch (Debian's python3-torch) measures, where it is installed: a number that a script prints, run by
/// Debian's python3 in a process of its own, on one thread. Nothing where Python or PyTorch is not here.
inline std::optional<double> torch_figure(const char* script, const std::string& arguments) {
  const std::string whole = std::string(
                                "try:\n  import torch\nexcept ImportError:\n  raise SystemExit\n"
                                "torch.set_num_threads(1)\n") +
                            script;
  setenv("NABLA_TORCH_SCRIPT", whole.c_str(), 1);
  std::FILE* const pipe =
      popen(("/usr/bin/python3 -c \"$NABLA_TORCH_SCRIPT\" " + arguments + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return {};
  double figure = 0;
  const bool is_there = std::fscanf(pipe, "%lf", &figure) == 1;
  pclose(pipe);
  return is_there ? std::optional<double>(figure) : std::nullopt;
}

}  // namespace bench
