#pragma once

#include <iosfwd>

namespace nabla {

class Expr;

/// Writes to_string(e); an empty expression as "(empty)".
std::ostream& operator<<(std::ostream& out, const Expr& e);

}  // namespace nabla
