#pragma once

#include <nabla/engine/compile/array_plan.hpp>
#include <nabla/engine/compile/prepared.hpp>
#include <nabla/engine/compile/vector_kernels.hpp>
#include <nabla/engine/compile/workers.hpp>

namespace nabla {

/// A computation on arrays compiled to be run many times in the kind V = double or float:
///
///   CompiledArrays<double> loss(value_and_gradient_of(function));
///   const std::span<const double> inputs[] = {w, b, x};         // entries, row by row
///   const std::span<double> outputs[] = {value, dw, db, dx};
///   loss(inputs, outputs);
///
/// Elementwise operators run in strips by vector kernels, products by loops over rows or by Eigen. Values are those of
/// Function but for the order in which sums are added, and exp, log, sin and cos of double, which are within 1 ulp.
/// The same bits whatever the number of threads. Nothing is allocated after
/// construction, but by operators that have no prepared form (prepared.hpp) and by Eigen for matrices past its blocks
/// (more than 128 KiB). One object serves one caller at a time.
template <class V = double>
class CompiledArrays {
 public:
  /// \param threads  that work on large arrays; 0: as many as the machine has
  /// \throws UnsupportedError for an operator of the user's own, or one that V has no value for
  explicit CompiledArrays(Computation computation, std::size_t threads = 1);

  std::size_t input_count() const { return computation_.inputs.size(); }
  std::size_t output_count() const { return computation_.outputs.size(); }
  const Shape& input_shape(std::size_t i) const { return computation_.input_shapes[i]; }
  const Shape& output_shape(std::size_t k) const { return computation_.output_shape(k); }

  /// Reads inputs and writes outputs where they stand. \pre no output overlaps an input or another output
  /// \throws std::invalid_argument unless there are as many inputs, outputs and entries of each as the computation has;
  ///         GuardError where a recorded program would have taken another way
  void operator()(std::span<const std::span<const V>> inputs, std::span<const std::span<V>> outputs);

  const ArrayPlan& plan() const { return plan_; }

 private:
  /// Entries of a strip: a few kilobytes, within the first-level cache.
  static constexpr std::size_t strip = 256;
  /// Strips that are one piece of work: the same whatever the number of threads.
  static constexpr std::size_t strips_each = 32;
  static constexpr std::size_t none = SIZE_MAX;

  struct Source {
    const ArrayPlan::Operand* operand = nullptr;
    std::size_t strip = none;   ///< where its strip begins, in the memory of a thread
    std::size_t buffer = none;  ///< one entry, over and over
  };
  struct Instruction {
    void (*value)(V*, const V* const*, Attributes, std::size_t) = nullptr;  ///< null: copies
    Attributes attributes;
    std::vector<Source> sources;
    std::size_t result = 0;  ///< block
    std::size_t strip = none;
  };
  struct Step {
    std::size_t stride = 0;  ///< entries from one strip to the next
    std::vector<Instruction> loop;
    std::unique_ptr<Prepared<V>> structured;
    std::vector<const V*> operands;
  };

  void check(std::span<const std::span<const V>> inputs, std::span<const std::span<V>> outputs) const;
  void run_loop(const ArrayPlan::Step& planned, Step& step);
  void run_strips(Step& step, std::size_t begin, std::size_t end, std::size_t slot);
  const V* read(const Source& source, std::size_t k, std::size_t at, std::size_t n, V* memory);

  Computation computation_;
  ArrayPlan plan_;
  Workers workers_;
  std::vector<Step> steps_;
  std::vector<V*> blocks_;  // where each begins; inputs are only read
  std::vector<V> values_;
  std::vector<V> buffers_;
  std::vector<V> memory_;  // for each thread: strips of a loop, and one for each operand
  std::size_t memory_each_ = 0;
};

}  // namespace nabla
