#pragma once

#include <string>

/// Files that the program writes, and pictures that Graphviz draws.
namespace nabla::app {

/// \throws InputError when it cannot
void write_file(const std::string& path, const std::string& text);

/// Runs `dot` on a graph. \param format svg, png or pdf \throws InputError when it is not installed or fails
void draw_graphviz(const std::string& dot, const std::string& path, const std::string& format);

}  // namespace nabla::app
