#pragma once

#include <mpfr.h>

#include <memory>
#include <nabla/engine/compile/computation.hpp>
#include <string>
#include <string_view>

namespace nabla {

/// A computation compiled to be run many times at N decimal digits, on MPFR numbers that stand where they are:
///
///   CompiledDigits f(value_and_gradient_of(function), 200);
///   f.set(0, 0, "0.1");
///   f.run();
///   f.text(1, 0)                                  // the derivative by the first input
///
/// Values are those of Function in Real at so many digits, bit for bit, but for products of matrices, whose entries are
/// rounded once each, to nearest. No operation of MPFR allocates; Arb's functions use memory of their own for a while.
/// Squares, constants that are small integers, sine and cosine of one number have operations of their own. One object
/// serves one caller at a time; its own threads share loops over entries, and numbers that do not wait for each other,
/// with the same bits whatever their number.
class CompiledDigits {
 public:
  /// \param threads  0: as many as the machine has \throws UnsupportedError for an operator of the user's own,
  /// std::invalid_argument for digits as of Precision
  CompiledDigits(const Computation& computation, int digits, std::size_t threads = 1);
  ~CompiledDigits();
  CompiledDigits(CompiledDigits&&) noexcept;
  CompiledDigits& operator=(CompiledDigits&&) noexcept;

  std::size_t input_count() const;
  std::size_t output_count() const;
  /// Bits of every number.
  mpfr_prec_t bits() const;

  /// An entry of an input, to be written to; its precision must stay. \pre the entry exists
  mpfr_ptr input(std::size_t i, std::size_t entry);
  /// \throws std::invalid_argument for text that is no decimal, fraction or name of a constant
  void set(std::size_t i, std::size_t entry, std::string_view text);

  /// \throws GuardError where a recorded program would have taken another way
  void run();

  /// An entry of an output, after run().
  mpfr_srcptr output(std::size_t k, std::size_t entry) const;
  std::string text(std::size_t k, std::size_t entry) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nabla
