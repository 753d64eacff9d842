#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Loops of written code, as text.
namespace nabla {

/// `body` for every i < count, or once.
std::string repeated(std::size_t count, const std::string& body);

/// Loops whose results are added up run strip by strip: what `call` gives is kept, so that its loop becomes vector
/// instructions, and then goes to `sends` ("total +=", "a[i] +="), one after the other.
std::string in_strips(std::size_t count, const std::string& call, const std::vector<std::string>& sends);
/// Loops of fewer iterations do not.
inline constexpr std::size_t shortest_strips = 32;

/// Where exp, log, sin and cos come from, two classes: NAME_lanes has those of vector_math.hpp, whose sin and cos are
/// only for angles that are not huge, and knows whether one was; NAME_standard has the standard library's.
std::string math_of(std::string_view name);

}  // namespace nabla
