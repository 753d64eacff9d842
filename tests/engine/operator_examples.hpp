#pragma once

#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>
#include <string>
#include <vector>

/// Every operator of the registry with operands to try it on, and as a function of its operands: tests that go through
/// all operators begin here. Nothing is listed but operands of structured operators, and a test notices a missing one.
namespace nabla::examples {

struct Operand {
  Shape shape;
  std::vector<double> entries;  ///< dyadic with few bits, so exact in every kind of number
  /// Whether the operator is defined and has a derivative when only this operand moves a little.
  bool moves = true;
};

struct Example {
  Opcode code = 0;
  std::vector<std::int64_t> attributes;
  std::vector<Operand> operands;

  /// "pow{2}([-1.375], [2])": what a message says.
  std::string describe() const;
};

/// Operands inside the domain, not on its boundary and not at a kink: of an elementwise operator scalars, chosen by its
/// own conditions. The
/// number of them grows with NABLA_EFFORT. Empty for leaves, and for a structured operator that the table lacks.
const std::vector<Example>& of_operator(Opcode code);

/// Calls visit(example) for all examples of all operators, in the order of the registry.
template <class Visit>
void for_each(Visit visit) {
  for (Opcode code = 0; code < builtin_count; ++code)
    for (const Example& example : of_operator(code)) visit(example);
}

/// The operator applied to variables, one for each operand.
struct Applied {
  explicit Applied(Opcode code, Attributes attributes, const std::vector<Shape>& shapes);
  explicit Applied(const Example& example);

  std::vector<Expr> inputs;
  Expr output;
  Function function() const { return Function(std::span<const Expr>(&output, 1), inputs); }
};

/// A weight for entry i of a result, a small dyadic that is not 0: sum_i weight(i) * y_i makes a scalar of a tensor.
inline double weight(std::size_t i) { return static_cast<double>((i * 5 + 3) % 8) / 4 + 0.25; }

template <class V>
V exactly(double x) {
  return Number<V>::of(Constant::dyadic(x));
}

/// The operands of an example in a kind of number.
template <class V>
std::vector<Entries<V>> entries(const Example& example) {
  std::vector<Entries<V>> result;
  for (const Operand& x : example.operands) {
    result.emplace_back();
    for (const double e : x.entries) result.back().push_back(exactly<V>(e));
  }
  return result;
}

/// Weights for every entry of a tensor.
template <class V>
Entries<V> weights(std::int64_t size) {
  Entries<V> result;
  for (std::int64_t i = 0; i < size; ++i) result.push_back(exactly<V>(weight(static_cast<std::size_t>(i))));
  return result;
}

/// The adjoints of the operands for the weighted sum of the result.
template <class V>
std::vector<Entries<V>> pulled_back(const Function& f, const std::vector<Entries<V>>& at) {
  const Entries<V> seed = weights<V>(f.output_shape(0).size());
  return f.vjp<V>(at, {&seed, 1});
}

}  // namespace nabla::examples
