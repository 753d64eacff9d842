#include <nabla/app/command.hpp>
namespace nabla::app { void add_recheck(CLI::App&, Action&) {} }
