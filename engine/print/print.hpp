#pragma once

#include <nabla/engine/print/stream.hpp>
#include <nabla/engine/record/expr.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Expressions as text. Notation comes from the operators' facts; nothing here lists operators. Nothing recurses: an
/// expression may be as deep as memory allows, and what is written stays within the limits.
namespace nabla {

struct PrintOptions {
  /// An expression is written as one line as long as that has at most this many characters. Beyond it,
  /// subexpressions that occur more than once or are large get names (t1, t2, ...) on lines of their own.
  std::size_t tree_limit = 10'000;
  /// With names too, lines past this many characters are left out, and a comment says how many.
  std::size_t limit = 100'000;
};

/// In the claim language: elaborating the text gives the expression back, up to recorded doubles, which are written as
/// the exact ratio or decimal that they are and come back as exact constants, and up to broadcast_to and sum_to, which
/// are written as products with ones(...) and as sum(...) where that is the same. Attributes that the language has no
/// words for stand in braces, which it refuses to read. Named subexpressions are `let t1 = ...` lines. \throws
/// std::invalid_argument for an empty expression; likewise below
std::string to_string(const Expr& e, const PrintOptions& options = {});

/// In LaTeX's math mode. A sum with a negated or negative term is written as a difference. Named subexpressions make it
/// an `aligned` environment.
std::string to_latex(const Expr& e, const PrintOptions& options = {});

struct CppOptions {
  std::string name = "f";
  /// The type of every number: float, double or long double.
  std::string number = "double";
  /// The parameters, in order. Empty: the variables that the outputs depend on, in the order of their making.
  std::vector<Expr> parameters{};
};

/// A C++17 function of scalars, one line a node, with the includes it needs: `double f(double x, double y)`, or with
/// several outputs `std::array<double, 2> f(...)`. Operators without a C++ counterpart are written out by their
/// definitions; digamma and polygamma are Boost.Math's. A name that C++ cannot have is changed, and a comment says so.
/// Constants are rounded by the compiler, ratios as quotients. Linear in the size of the graph, without a limit.
/// \throws std::invalid_argument naming the operator and shape, for tensors and structured operators; for outputs of
/// different workspaces; for a variable that is not among the parameters
std::string to_cpp(std::span<const Expr> outputs, const CppOptions& options = {});

}  // namespace nabla
