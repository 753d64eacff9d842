#pragma once

#include <string_view>

namespace nabla {

/// The file vector_math.hpp, for code that nabla writes: it holds no path and needs nothing but the standard library.
/// (Made by CMake from the file itself.)
extern const std::string_view vector_math_text;

}  // namespace nabla
