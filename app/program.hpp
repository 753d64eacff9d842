#pragma once

#include <string>
#include <vector>

namespace nabla::app {

/// Runs the program; never throws. \param arguments without the program's name
/// \returns the exit status (command.hpp)
int run(std::vector<std::string> arguments);

}  // namespace nabla::app
