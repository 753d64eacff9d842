#pragma once

#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/gradient/sparse.hpp>
#include <nabla/engine/record/recording.hpp>
#include <nabla/engine/run/run.hpp>

namespace nabla {

/// Entries of one input or output, row-major, in one kind of number.
template <class V>
using Entries = std::vector<V>;

template <class V>
struct Dual;

/// A computation with chosen inputs and outputs, to be run and differentiated in any kind of number.
///
/// Made from symbolic expressions or from a recording. Inputs and results are flat row-major entries; shapes are those
/// of the expressions. Running in V needs V's instantiation (engine/kernels) and, for kinds other than the hardware's,
/// its header under engine/numbers.
class Function {
 public:
  /// \throws std::invalid_argument when an output depends on a variable that is not among the inputs.
  Function(std::span<const Expr> outputs, std::span<const Expr> inputs);
  Function(const Expr& output, std::initializer_list<Expr> inputs)
      : Function(std::span<const Expr>(&output, 1), std::span<const Expr>(inputs.begin(), inputs.size())) {}
  explicit Function(const Recording& recording);

  std::size_t input_count() const { return inputs_.size(); }
  std::size_t output_count() const { return output_shapes_.size(); }
  const Shape& input_shape(std::size_t i) const { return input_shapes_[i]; }
  const Shape& output_shape(std::size_t k) const { return output_shapes_[k]; }
  const std::shared_ptr<const Plan>& plan() const { return plan_; }
  /// The inputs in the plan's graph; empty where no output depends on one.
  std::span<const Ref> inputs() const { return inputs_; }
  /// Comparisons that must come out as they were recorded, in the plan's graph.
  std::span<const Guard> guards() const { return guards_; }

  /// A run of this function with its inputs set, after the forward pass: values, adjoints, kinks.
  /// \throws UnsupportedError, UndefinedError, GuardError, ShapeError
  template <class V>
  Run<V> run(std::span<const Entries<V>> at) const;

  /// Every output's entries.
  template <class V>
  std::vector<Entries<V>> operator()(std::span<const Entries<V>> at) const {
    const Run<V> r = run<V>(at);
    std::vector<Entries<V>> result;
    for (std::size_t k = 0; k < output_count(); ++k) result.emplace_back(r.output(k).begin(), r.output(k).end());
    return result;
  }
  /// Scalar inputs, first output's first entry.
  template <class V>
  V value(std::initializer_list<V> at) const {
    std::vector<Entries<V>> entries;
    for (const V& v : at) entries.push_back({v});
    return run<V>(entries).output(0)[0];
  }

  /// The vector-Jacobian product: one entry list per input. One sweep, whatever the number of inputs.
  template <class V>
  std::vector<Entries<V>> vjp(std::span<const Entries<V>> at, std::span<const Entries<V>> seeds) const;
  /// The gradient of the first output, a scalar; one entry list per input. \throws ShapeError
  template <class V>
  std::vector<Entries<V>> gradient(std::span<const Entries<V>> at) const;
  /// Scalar inputs: d output / d input_i, flat.
  template <class V>
  Entries<V> gradient(std::initializer_list<V> at) const {
    std::vector<Entries<V>> entries;
    for (const V& v : at) entries.push_back({v});
    Entries<V> flat;
    for (const Entries<V>& g : gradient<V>(entries)) flat.insert(flat.end(), g.begin(), g.end());
    return flat;
  }
  /// The Jacobian of output `output` by input `input`, rows are outputs: one reverse sweep per row.
  template <class V>
  Entries<V> jacobian(std::span<const Entries<V>> at, std::size_t output = 0, std::size_t input = 0) const;

  // The rest is defined in <nabla/engine/run/higher_order.hpp>. Second derivatives and directions need inputs that are
  // variables (std::invalid_argument else). In double they come from dual numbers, in any other kind from the
  // derivative as a graph; in every kind the guards of a recording hold.

  /// The Jacobian-vector product: the derivative of every output along one direction. \throws ShapeError
  template <class V>
  std::vector<Entries<V>> jvp(std::span<const Entries<V>> at, std::span<const Entries<V>> direction) const;
  /// The Hessian of the first output, a scalar, times a direction: forward over reverse, at the cost of a few
  /// gradients.
  template <class V>
  std::vector<Entries<V>> hessian_vector_product(std::span<const Entries<V>> at,
                                                 std::span<const Entries<V>> direction) const;
  /// The Hessian of the first output, a scalar, by all entries of all inputs, one input after the other: n rows of n.
  template <class V>
  Entries<V> hessian(std::span<const Entries<V>> at) const;
  /// Taylor coefficients of t -> output(at + t direction): entry k of the result is the derivative of order k over k!,
  /// of the output's size, for k = 0, ..., order. For V = double, Real, Rational.
  template <class V>
  std::vector<Entries<V>> taylor(std::span<const Entries<V>> at, std::span<const Entries<V>> direction,
                                 std::size_t order, std::size_t output = 0) const;

  /// The Jacobian of all outputs by all inputs: rows and columns are their entries, one after the other. Sweeps: as
  /// many as the coloring needs, whatever the size.
  template <class V>
  SparseMatrix<V> sparse_jacobian(std::span<const Entries<V>> at) const {
    return sparse_jacobian(at, jacobian_compression());
  }
  /// The same with what jacobian_compression() found once: it does not depend on the point.
  template <class V>
  SparseMatrix<V> sparse_jacobian(std::span<const Entries<V>> at, const JacobianCompression& compression) const;
  /// The Hessian of the first output, a scalar.
  template <class V>
  SparseMatrix<V> sparse_hessian(std::span<const Entries<V>> at) const {
    return sparse_hessian(at, hessian_compression());
  }
  template <class V>
  SparseMatrix<V> sparse_hessian(std::span<const Entries<V>> at, const HessianCompression& compression) const;
  JacobianCompression jacobian_compression() const;
  HessianCompression hessian_compression() const;

  /// The gradient of the first output, a scalar, as a Function of the same inputs: one output per input, in its shape.
  Function gradient_function() const;
  /// The derivative along a direction as a Function: inputs as here, then a direction for each; outputs as here.
  Function jvp_function() const;

 private:
  Function() = default;
  void check_inputs(std::size_t given) const;
  void check_variables(std::string_view asker) const;
  void check_scalar(std::string_view asker) const;
  /// Entries of each input.
  std::vector<std::size_t> input_sizes() const;
  /// A copy of the graph to build on.
  struct Copy;
  Copy copy() const;
  Function rebuilt(const Copy& from, std::span<const Expr> outputs, std::span<const Expr> inputs) const;
  template <class V>
  std::vector<Entries<Dual<V>>> dual_entries(std::span<const Entries<V>> at,
                                             std::span<const Entries<V>> direction) const;

  std::shared_ptr<const Plan> plan_;
  std::vector<Ref> inputs_;  // in the plan's graph; empty where no output depends on the input
  std::vector<Shape> input_shapes_;
  std::vector<Shape> output_shapes_;
  std::vector<Guard> guards_;  // in the plan's graph
};

template <class V>
Truth outcome(Guard::Relation relation, const V& a, const V& b) {
  using R = Guard::Relation;
  switch (relation) {
    case R::less:
      return Number<V>::less(a, b);
    case R::less_equal:
      return Number<V>::less(a, b) || Number<V>::equal(a, b) || !Number<V>::less(b, a);
    case R::equal:
      return Number<V>::equal(a, b);
  }
  return Truth::unknown;
}

template <class V>
Run<V> Function::run(std::span<const Entries<V>> at) const {
  check_inputs(at.size());
  Run<V> r(plan_);
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (static_cast<std::int64_t>(at[i].size()) != input_shapes_[i].size())
      throw ShapeError(
          "input " + std::to_string(i + 1),
          "takes " + std::to_string(input_shapes_[i].size()) + " entries, not " + std::to_string(at[i].size()),
          {input_shapes_[i]});
    if (!inputs_[i].empty()) r.set(inputs_[i].id(), at[i]);
  }
  r.forward();
  for (const Guard& guard : guards_) {
    const Truth now = outcome<V>(guard.relation, r.value(guard.left)[0], r.value(guard.right)[0]);
    if (now != truth(guard.outcome)) throw GuardError(guard, now);
  }
  return r;
}

template <class V>
std::vector<Entries<V>> Function::vjp(std::span<const Entries<V>> at, std::span<const Entries<V>> seeds) const {
  Run<V> r = run<V>(at);
  std::vector<std::span<const V>> views(seeds.begin(), seeds.end());
  r.reverse(views);
  std::vector<Entries<V>> result;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    if (inputs_[i].empty()) {
      result.emplace_back(static_cast<std::size_t>(input_shapes_[i].size()), V(0));
    } else {
      const std::span<const V> a = r.adjoint(inputs_[i].id());
      result.emplace_back(a.begin(), a.end());
    }
  }
  return result;
}

template <class V>
std::vector<Entries<V>> Function::gradient(std::span<const Entries<V>> at) const {
  if (!output_shape(0).is_scalar())
    throw ShapeError("gradient", "the output must be a scalar; use jacobian for a tensor", {output_shape(0)});
  const Entries<V> one{V(1)};
  return vjp<V>(at, {&one, 1});
}

template <class V>
Entries<V> Function::jacobian(std::span<const Entries<V>> at, std::size_t output, std::size_t input) const {
  Run<V> r = run<V>(at);
  Entries<V> rows;
  const auto n = static_cast<std::size_t>(output_shape(output).size());
  const auto columns = static_cast<std::size_t>(input_shapes_[input].size());
  std::vector<Entries<V>> seeds;
  for (std::size_t k = 0; k <= output; ++k) seeds.emplace_back(static_cast<std::size_t>(output_shape(k).size()), V(0));
  for (std::size_t i = 0; i < n; ++i) {
    if (inputs_[input].empty()) {
      rows.insert(rows.end(), columns, V(0));
      continue;
    }
    seeds[output][i] = V(1);
    std::vector<std::span<const V>> views(seeds.begin(), seeds.end());
    r.reverse(views);
    const std::span<const V> a = r.adjoint(inputs_[input].id());
    rows.insert(rows.end(), a.begin(), a.end());
    seeds[output][i] = V(0);
  }
  return rows;
}

}  // namespace nabla

#include <nabla/engine/run/higher_order.hpp>
