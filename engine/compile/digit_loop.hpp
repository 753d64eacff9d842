#pragma once

#include <mpfr.h>

#include <deque>
#include <functional>
#include <memory>
#include <nabla/engine/compile/array_plan.hpp>
#include <nabla/engine/compile/workers.hpp>
#include <optional>

namespace nabla {

class DigitArena;
class DigitBlock;
struct DigitSlot;
struct ArenaReal;

/// An operation of MPFR's own on one or two numbers, or on one and a small integer.
using DirectDigits = void (*)(mpfr_ptr y, const mpfr_srcptr* x, long n);

/// One loop of a plan on MPFR numbers. A loop over entries is cut into strips, which threads share; in a loop of one
/// entry, that is, among single numbers, threads share the instructions that wait for the same ones. Results have the
/// same bits whatever the number of threads. Sine and cosine of one number are computed together.
class DigitLoop {
 public:
  /// Where the entries of a block stand that is no strip.
  using Place = std::function<mpfr_ptr(std::size_t block)>;
  /// By block: the constant that all its entries are, if it is a small integer.
  using Integers = std::vector<std::optional<long>>;

  /// \pre `plan` and what `place` answers outlive this \throws UnsupportedError for an operator without a value in
  /// real numbers
  DigitLoop(const ArrayPlan& plan, const ArrayPlan::Step& step, const Place& place, const Integers& integers,
            mpfr_prec_t bits, std::size_t threads);
  ~DigitLoop();
  DigitLoop(DigitLoop&&) noexcept;
  DigitLoop& operator=(DigitLoop&&) noexcept;

  /// Numbers that a slot must have.
  std::size_t strip_numbers() const { return count_ == 1 ? 0 : strips_ * strip; }

  /// \pre a slot for each thread
  void run(Workers& workers, std::deque<DigitSlot>& slots) const;

 private:
  static constexpr std::size_t strip = 16;  // entries
  static constexpr std::size_t none = SIZE_MAX;

  struct Source {
    const __mpfr_struct* base = nullptr;
    std::size_t at = 0;    ///< of a strip: among the slot's numbers
    std::size_t step = 0;  ///< from one entry to the next; 0: stretched
    bool is_strip = false;
    const Access* access = nullptr;  ///< where no step says it
  };
  struct Instruction {
    DirectDigits direct = nullptr;
    long integer = 0;
    void (*value)(ArenaReal&, const ArenaReal* const*, Attributes) = nullptr;
    bool is_sine_and_cosine = false;  ///< one into the result, the other into `second`; none of the three: copies
    bool is_cosine_first = false;
    Attributes attributes;
    std::vector<Source> sources;
    mpfr_srcptr scalars[VectorInstruction::most_operands] = {};  ///< the operands in a loop of one entry
    Source result, second;
  };

  void choose(Instruction& made, const ArrayPlan::Instruction& from, const Integers& integers) const;
  void pair(const ArrayPlan::Step& step);
  /// Nanoseconds, roughly: what to share among threads is decided by it, never a result.
  double cost(const Instruction& i) const;
  void arrange_levels();
  void run_strips(DigitSlot& slot, std::size_t begin, std::size_t end) const;
  void run_scalars(DigitSlot& slot, std::size_t begin, std::size_t end) const;
  static void compute(const Instruction& i, mpfr_ptr result, mpfr_ptr second, const mpfr_srcptr* x, DigitArena& arena);

  std::size_t count_, strips_;
  mpfr_prec_t bits_;
  std::vector<Instruction> loop_;
  std::unique_ptr<DigitBlock> scalars_;  // what a loop of one entry has instead of strips
  std::size_t strips_each_ = 1;          // of a piece of work
  /// Of a loop of one entry: instructions [begin, end) in pieces that may run at one time.
  struct Level {
    std::vector<std::size_t> ends;  // of its pieces
  };
  std::vector<Level> levels_;
};

}  // namespace nabla
