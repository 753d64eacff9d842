#pragma once

#include <nabla/engine/kernels/kernel.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <stdexcept>

namespace nabla {

/// A kind of number was asked for what it cannot do; said when the run is made, not halfway.
class UnsupportedError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A node at which a derivative does not exist, so that the operator's convention decided.
struct Kink {
  NodeId node;
  std::string operation;
  std::string convention;
  Origin origin;
};

template <class V>
class CustomRun;

/// The values of a plan in one kind of number V: a forward pass, and sweeps back over it.
///
/// Everything is two flat arrays of V. Instantiated per kind in engine/kernels.
template <class V>
class Run {
 public:
  /// \throws UnsupportedError naming the operator, the kind and the user's line.
  explicit Run(std::shared_ptr<const Plan> plan);
  Run(const Run&);
  Run(Run&&) noexcept;
  Run& operator=(const Run&);
  Run& operator=(Run&&) noexcept;
  ~Run();

  const Plan& plan() const { return *plan_; }

  /// The value of an input of the plan's graph; ignored when no output depends on it.
  /// \throws ShapeError when the number of entries differs.
  void set(NodeId variable, std::span<const V> entries);

  /// Computes every value. \throws UndefinedError naming operator and line, where V has no NaN.
  void forward();

  /// \pre forward() was called, and the plan keeps all or the node is an output
  std::span<const V> value(Ref ref) const;
  std::span<const V> output(std::size_t k) const { return value(plan_->outputs()[k]); }

  /// Sweeps back: adjoints of every node for sum_k seed_k . output_k. \pre forward(), plan keeps all
  void reverse(std::span<const std::span<const V>> seeds);
  /// For one scalar output, seed 1.
  void reverse(std::size_t output = 0);

  /// The adjoint of a visited node after reverse(); of the node's shape.
  std::span<const V> adjoint(NodeId id) const;

  /// Kinks met by the last forward pass. For enclosures: those that may be met.
  std::vector<Kink> kinks() const;

 private:
  void visit(NodeId id);
  void visit_back(NodeId id);
  Operation<V> operation(NodeId id) const;

  std::shared_ptr<const Plan> plan_;
  const Kernel<V>* kernels_;
  std::vector<V> values_;
  std::vector<V> adjoints_;
  std::vector<bool> has_adjoint_;
  mutable std::vector<CustomRun<V>> customs_;  // as the plan's
  mutable std::vector<View<const V>> operands_;
  std::vector<V*> operand_adjoints_;
};

}  // namespace nabla
