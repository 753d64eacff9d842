#include <nabla/app/command.hpp>
namespace nabla::app { void add_graph(CLI::App&, Action&) {} }
