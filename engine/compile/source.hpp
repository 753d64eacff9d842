#pragma once

#include <nabla/engine/run/function.hpp>
#include <string>
#include <string_view>

namespace nabla {

/// The first output of a function of scalars as C++17, loops and all: an inline function `double NAME(const double*
/// x)`, and `double NAME_gradient(const double* x, double* g)` that also writes one derivative for each input; x and g
/// do not overlap. What the vector plan found to be one loop is one loop there, with a body that is a function of its
/// own, and its sums of products are loops over rows and columns. A recorded comparison that comes out otherwise throws
/// std::runtime_error with the line of the program. \param name  a C++ identifier
/// \throws UnsupportedError where the function is not made of scalars and elementwise operators; std::length_error past
///         20,000 different operations, where a compiler would not come to an end
std::string to_cpp_source(const Function& function, std::string_view name = "f");

}  // namespace nabla
