#pragma once

#include <nabla/engine/parse/source.hpp>
#include <nabla/ops/shape.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

/// What can be wrong with an expression whose syntax is right.
namespace nabla {

/// Types or shapes that do not conform, an index out of range, a maximum of nothing: the user's mistake, with the
/// place of the operator or argument and the shapes that met there. what() has neither of them.
class TypeError : public std::runtime_error {
 public:
  TypeError(Place where, const std::string& message, std::vector<Shape> conflicting = {})
      : std::runtime_error(message), place(where), shapes(std::move(conflicting)) {}
  Place place;
  std::vector<Shape> shapes;
};

/// limit(...) of what has no limit, whatever the values of the variables.
class NoLimit : public TypeError {
 public:
  using TypeError::TypeError;
};

/// A name that nothing declares; the message says which name was meant, where one is near.
class UnknownName : public SyntaxError {
 public:
  using SyntaxError::SyntaxError;
};

/// The expression is fine, and nabla has no way to work on it (an integral, ten million terms). what() is the reason.
class Unsupported : public std::runtime_error {
 public:
  Unsupported(Place where, const std::string& reason) : std::runtime_error(reason), place(where) {}
  Place place;
};

}  // namespace nabla
