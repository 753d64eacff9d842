#pragma once

#include <nabla/app/question.hpp>
#include <span>
#include <string>

namespace nabla::app {

/// The outputs as a C++ function of the question's variables. Of scalars as to_cpp() writes it; with tensors as a
/// function of all entries, `f_entries`, and `f` with a std::array for each tensor, row-major, as parameters and
/// result. \throws InputError for an operator that has no formula entry by entry, and for very many entries
std::string code_of(std::span<const Expr> outputs, const Question& question);

}  // namespace nabla::app
