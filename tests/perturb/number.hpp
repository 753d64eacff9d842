#pragma once

#include <boost/multiprecision/mpfr.hpp>
#include <stdexcept>
#include <string>
#include <vector>

/// Plain MPFR numbers of 120 digits and tensors of them: what the generator of perturbed claims computes with. Nothing
/// of nabla's numbers, operators or deciders is used, so that a mistake in them cannot hide here too.
namespace perturb {

using Mp =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<120, boost::multiprecision::allocate_stack>,
                                  boost::multiprecision::et_off>;

using Shape = std::vector<long>;

struct Value {
  Shape shape;
  std::vector<Mp> at;  ///< row-major
  bool is_scalar() const { return shape.empty(); }
};

inline Value scalar(const Mp& x) { return {{}, {x}}; }
inline std::size_t size_of(const Shape& shape) {
  std::size_t n = 1;
  for (const long d : shape) n *= static_cast<std::size_t>(d);
  return n;
}

/// Shapes that do not conform; what() says which.
struct IllTyped : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// No value at this point: a logarithm of something that is not positive, a division by zero.
struct Undefined : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The point says nothing: a kink, or two sides too near to be told apart.
struct Unclear : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The claim uses what this evaluator does not know: a mistake in a base claim.
struct NotKnown : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace perturb
