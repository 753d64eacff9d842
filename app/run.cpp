#include <algorithm>
#include <iostream>
#include <nabla/app/command.hpp>
#include <nabla/app/program.hpp>
#include <nabla/engine/parse/source.hpp>
#include <nabla/engine/parse/suggest.hpp>

namespace nabla::app {

namespace {

constexpr const char* footer = R"(Examples:
  nabla eval 'log(1 + exp(x))' --at x=1/3
  nabla grad 'log(1+exp(x*y))' --at x=1,y=2 --digits 50
  nabla hessian 'x^2*y + sin(y)' --at x=1,y=pi --number ball
  nabla graph 'x*x + y' -o picture.svg
  nabla compile 'log(1+exp(x*y))' -o model.hpp
  nabla ops softplus
  nabla verify notes.md
  nabla verify notes.md --json > report.json && nabla recheck report.json
  nabla train --data iris.csv --layers 16,16 -o model.json)";

/// What stands first is a command or an option; the message of CLI11 does not say what it took it for.
void check_command(const CLI::App& program, const std::string& word) {
  if (word.starts_with('-')) return;
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (std::ranges::find(names, word) != names.end()) return;
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const auto meant = did_you_mean(word, candidates);
  throw UsageError("there is no command '" + word + "'" +
                   (meant ? "; did you mean '" + *meant + "'?" : "; `nabla --help` lists them"));
}

}  // namespace

int run(std::vector<std::string> arguments) {
  CLI::App program("nabla: one graph of operators, run, differentiated and reasoned about in any kind of number",
                   "nabla");
  program.footer(footer);
  program.require_subcommand(1);
  program.set_version_flag("--version", std::string("nabla ") + NABLA_VERSION);
  Action chosen;
  add_evaluate(program, chosen);
  add_graph(program, chosen);
  add_explain(program, chosen);
  add_compile(program, chosen);
  add_ops(program, chosen);
  add_verify(program, chosen);
  add_recheck(program, chosen);
  add_train(program, chosen);
  add_predict(program, chosen);
  add_inspect(program, chosen);
  try {
    if (!arguments.empty()) check_command(program, arguments.front());
    std::ranges::reverse(arguments);  // CLI11 takes a vector from its back
    program.parse(std::move(arguments));
    return chosen ? chosen() : exit_usage;
  } catch (const CLI::ParseError& error) {
    const int status = program.exit(error, std::cout, std::cerr);
    return status == 0 ? exit_ok : exit_usage;
  } catch (const UsageError& error) {
    std::cerr << "nabla: " << error.what() << '\n';
    return exit_usage;
  } catch (const InputError& error) {
    std::cerr << error.what() << '\n';
    return exit_input;
  } catch (const SyntaxError& error) {
    std::cerr << error.render() << '\n';
    return exit_input;
  } catch (const std::bad_alloc&) {
    std::cerr << "nabla: out of memory; the input asks for more than this machine has\n";
    return exit_input;
  } catch (const std::exception& error) {
    std::cerr << "nabla: " << error.what() << '\n';
    return exit_input;
  }
}

}  // namespace nabla::app
