#pragma once

#include <nabla/engine/compile/source_places.hpp>
#include <string>

/// Sums of products in written code: loops over rows and columns, eight rows at once, each sum in the order of the
/// program.
namespace nabla {

/// v[result + i] = first_i + sum_j a_ij b_ij. \pre sum.operands.size() == 3
std::string source_of_products(SourcePlaces& places, const VectorInstruction& sum, std::size_t result);
/// What the adjoints a[result + i] send back; those that are 0 send nothing.
std::string source_of_products_back(SourcePlaces& places, const VectorInstruction& sum, std::size_t result);

}  // namespace nabla
