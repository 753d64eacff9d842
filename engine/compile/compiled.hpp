#pragma once

#include <algorithm>
#include <array>
#include <nabla/engine/compile/sum_of_products.hpp>
#include <nabla/engine/compile/vector_kernels.hpp>
#include <nabla/engine/compile/vector_plan.hpp>
#include <nabla/engine/run/function.hpp>
#include <new>
#include <optional>

namespace nabla {

namespace detail {

/// Memory that begins at a cache line, so that vectors in it lie within one.
template <class T>
struct LineAllocator {
  using value_type = T;
  LineAllocator() = default;
  template <class U>
  LineAllocator(const LineAllocator<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(64))); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, std::align_val_t(64)); }
  friend bool operator==(LineAllocator, LineAllocator) { return true; }
};
using AlignedDoubles = std::vector<double, LineAllocator<double>>;

}  // namespace detail

/// A function compiled to vector instructions, to be run many times in double: no allocation after construction.
///
/// For functions of scalars with elementwise operators, such as recordings of ordinary C++ code. Values are those of
/// Function::operator(), bit for bit, but for exp, log and sin, which are within 1 ulp. Adjoints are added in another
/// order. One object serves one thread at a time.
class Compiled {
 public:
  /// \throws UnsupportedError where the function is not made of scalars and elementwise operators
  explicit Compiled(const Function& function);

  std::size_t input_count() const { return inputs_.size(); }
  std::size_t output_count() const { return outputs_.size(); }

  /// Every output. \throws std::invalid_argument unless there are as many inputs and outputs as the function has;
  /// GuardError where a recorded program would have taken another way
  void operator()(std::span<const double> inputs, std::span<double> outputs);
  /// The first output; its derivatives by the inputs into `gradient`. \throws as above
  double gradient(std::span<const double> inputs, std::span<double> gradient);

  const VectorPlan& plan() const { return plan_; }

 private:
  /// Entries of a strip: two kilobytes for each operand, so that those of a loop are within the first-level cache.
  static constexpr std::size_t strip = 256;

  static constexpr std::size_t none = SIZE_MAX;
  static constexpr std::size_t ones = 0;  ///< the strip of adjoints that are 1
  /// Values that are an adjoint, where 1 is multiplied by them: those of an operand.
  struct Named {
    std::size_t instruction = none, slot = 0;
  };
  /// Where an operand's entries are when they are not where its Access says: of a one-pass loop, the strip of another
  /// instruction; stretched from one entry, a buffer.
  struct Source {
    std::size_t strip = none, broadcast = none;
    std::size_t fixed = none;  ///< constants, laid out in order
    bool is_first = false;     ///< of those that send back to that strip
    bool is_shared = false;    ///< that strip is the adjoint of this instruction itself: nothing to send
    bool is_named = false;  ///< what would be sent are values that are there: nothing to do, who adds to them is told
    Named before;           ///< what is there before
  };

  bool is_one_pass(const VectorLoop& loop) const;
  /// The strips that hold the adjoints of a one-pass loop, and those that are values. How many strips it takes.
  std::size_t place_adjoints(const VectorLoop& loop);
  void set(std::span<const double> inputs);
  void check_guards() const;
  void fill_broadcasts(const VectorLoop& loop);
  void forward(const VectorLoop& loop);
  void sweep(const VectorLoop& loop);
  /// Values and adjoints strip by strip, where the adjoint of what the loop computes is known to be 1.
  void forward_and_sweep(const VectorLoop& loop);
  void add_up(std::size_t instruction);
  void add_up_back(std::size_t instruction);
  /// Entries at .. at + n of instruction k, and what they send back.
  void value_strip(std::size_t k, std::size_t at, std::size_t n, double* y);
  void adjoint_strip(std::size_t k, std::size_t at, std::size_t n, const double* y, const double* t);
  const double* operand(std::size_t k, std::size_t slot, std::size_t at, std::size_t n);

  std::shared_ptr<const Plan> scalar_plan_;
  std::vector<Guard> guards_;
  VectorPlan plan_;
  std::vector<const VectorKernel<double>*> kernels_;
  std::vector<std::optional<SumOfProducts>> products_;  // by instruction, where it is one
  std::vector<std::array<Source, 3>> sources_;
  std::vector<std::size_t> strips_of_;       // an instruction's strip in its one-pass loop
  std::vector<std::size_t> adjoint_strips_;  // where its adjoint is; none where that is values
  std::vector<Named> named_adjoints_;        // or what it is
  std::vector<std::size_t> inputs_;          // places; none where no output depends on the input
  std::vector<std::size_t> outputs_;
  std::vector<std::pair<std::size_t, std::size_t>> cleared_;  // adjoints that a gradient starts from 0
  detail::AlignedDoubles values_, adjoints_;
  detail::AlignedDoubles strip_values_, strip_adjoints_, other_terms_;
  detail::AlignedDoubles broadcasts_, fixed_;
  detail::AlignedDoubles scratch_;  // a strip for each operand, and one for what goes back
  bool in_strips_ = false;
  const VectorLoop* loop_ = nullptr;  // when in_strips_
  bool inputs_in_order_ = true;       // the first places, in their order
};

}  // namespace nabla
