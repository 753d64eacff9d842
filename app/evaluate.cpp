#include <nabla/app/command.hpp>
namespace nabla::app { void add_evaluate(CLI::App&, Action&) {} }
