#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// The subcommands of the program, one small file each. Every one adds itself to the command line and returns its exit
/// status: 0 all as expected, 1 a verdict was not, 2 wrong usage, 3 input that cannot be read or parsed, 130
/// interrupted.
namespace nabla::app {

inline constexpr int exit_ok = 0;
inline constexpr int exit_unexpected = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_input = 3;
inline constexpr int exit_interrupted = 130;

/// Wrong usage that CLI11 cannot see; printed after "nabla: ", exit status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Input that cannot be read; printed as it is, exit status 3.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a chosen subcommand runs.
using Action = std::function<int()>;

void add_evaluate(CLI::App& program, Action& chosen);  ///< eval, grad, jacobian, hessian
void add_graph(CLI::App& program, Action& chosen);
void add_explain(CLI::App& program, Action& chosen);
void add_compile(CLI::App& program, Action& chosen);
void add_ops(CLI::App& program, Action& chosen);
void add_verify(CLI::App& program, Action& chosen);
void add_recheck(CLI::App& program, Action& chosen);
void add_train(CLI::App& program, Action& chosen);
void add_predict(CLI::App& program, Action& chosen);
void add_inspect(CLI::App& program, Action& chosen);

/// The text of an argument: itself, the content of a file for "@FILE", standard input for "-"; and a name for messages.
struct NamedText {
  std::string name;
  std::string text;
};
NamedText read_argument(const std::string& argument);
/// The content of a file. \throws InputError
std::string read_file(const std::string& path);

}  // namespace nabla::app
