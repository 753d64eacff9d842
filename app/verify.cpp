#include <nabla/app/command.hpp>
namespace nabla::app { void add_verify(CLI::App&, Action&) {} }
