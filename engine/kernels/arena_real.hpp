#pragma once

#include <deque>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <vector>

// Includes Boost.Multiprecision and FLINT: for .cpp files.

namespace nabla {

/// MPFR numbers of one precision in one piece of memory. \pre they are not cleared; swapping two of one precision is
/// fine
class DigitBlock {
 public:
  DigitBlock(std::size_t count, mpfr_prec_t bits);
  mpfr_ptr data() { return numbers_.data(); }
  const __mpfr_struct* data() const { return numbers_.data(); }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::vector<__mpfr_struct> numbers_;
  std::vector<mp_limb_t> limbs_;
};

/// A stack of numbers of one precision, for what is only needed while one operator is computed. Memory is kept.
class DigitArena {
 public:
  explicit DigitArena(mpfr_prec_t bits);
  ~DigitArena();
  DigitArena(const DigitArena&) = delete;
  DigitArena& operator=(const DigitArena&) = delete;

  mpfr_prec_t bits() const { return bits_; }
  /// A number that is nobody else's until it is released; its value is any.
  mpfr_ptr take() {
    if (used_ == numbers_.size()) grow();
    return numbers_[used_++];
  }
  void release_all() { used_ = 0; }

  /// r = the value of y rounded to nearest, if y is so small a ball that there is only one. \pre r has bits()
  bool round(mpfr_ptr r, arb_srcptr y) const;
  arb_ptr operand() { return operand_; }
  arb_ptr result() { return result_; }
  arb_ptr second_result() { return second_result_; }

  /// The arena that new ArenaReal of this thread come from.
  static DigitArena*& current() {
    static constinit thread_local DigitArena* arena = nullptr;
    return arena;
  }

 private:
  void grow();
  mpfr_prec_t bits_;
  std::deque<DigitBlock> blocks_;
  std::vector<mpfr_ptr> numbers_;
  std::size_t used_ = 0;
  arb_t operand_, result_, second_result_;
};

/// New ArenaReal of this thread come from the arena while this lives.
class ArenaScope {
 public:
  explicit ArenaScope(DigitArena& arena) : before_(DigitArena::current()) { DigitArena::current() = &arena; }
  ~ArenaScope() { DigitArena::current() = before_; }
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;

 private:
  DigitArena* before_;
};

/// What a thread has for itself while loops run: an arena, and numbers that live a strip long.
struct DigitSlot {
  DigitSlot(std::size_t numbers, mpfr_prec_t bits) : arena(bits), strips(numbers, bits) {}
  DigitArena arena;
  DigitBlock strips;
};

/// A handle on an MPFR number of the present arena, so that the rules of operators compute without allocating. Copies
/// are the same number: operations make new ones, and nothing writes to one that is made.
struct ArenaReal {
  mpfr_ptr number;

  ArenaReal() : number(DigitArena::current()->take()) {}
  explicit ArenaReal(mpfr_srcptr existing) : number(const_cast<mpfr_ptr>(existing)) {}
  template <std::integral I>
  ArenaReal(I n) : ArenaReal() {
    mpfr_set_si(number, static_cast<long>(n), MPFR_RNDN);
  }
  /// As Boost's numbers have it.
  const ArenaReal& backend() const { return *this; }
  mpfr_ptr data() const { return number; }

  friend ArenaReal operator+(ArenaReal a, ArenaReal b) { return with<mpfr_add>(a, b); }
  friend ArenaReal operator-(ArenaReal a, ArenaReal b) { return with<mpfr_sub>(a, b); }
  friend ArenaReal operator*(ArenaReal a, ArenaReal b) { return with<mpfr_mul>(a, b); }
  friend ArenaReal operator/(ArenaReal a, ArenaReal b) { return with<mpfr_div>(a, b); }
  friend ArenaReal operator-(ArenaReal a) {
    ArenaReal r;
    mpfr_neg(r.number, a.number, MPFR_RNDN);
    return r;
  }
  friend bool operator<(ArenaReal a, ArenaReal b) { return mpfr_less_p(a.number, b.number) != 0; }
  friend bool operator==(ArenaReal a, ArenaReal b) { return mpfr_equal_p(a.number, b.number) != 0; }

 private:
  template <auto F>
  static ArenaReal with(ArenaReal a, ArenaReal b) {
    ArenaReal r;
    F(r.number, a.number, b.number, MPFR_RNDN);
    return r;
  }
};

/// The functions of MpfrNumber with the same results, bit for bit; where Arb is faster it computes a ball, and MPFR
/// again in the rare case that the ball does not say how to round.
template <>
struct Number<ArenaReal> : MpfrNumber<ArenaReal> {
  using Base = MpfrNumber<ArenaReal>;
  using V = ArenaReal;
  static constexpr std::string_view kind = "real";
  static constexpr bool forward_only = true;

  static V exp(V x) { return by_arb<arb_exp>(x, Base::exp); }
  static V expm1(V x) { return by_arb<arb_expm1>(x, Base::expm1); }
  static V log(V x) { return by_arb<arb_log>(x, Base::log); }
  static V log1p(V x) { return by_arb<arb_log1p>(x, Base::log1p); }
  static V sin(V x) { return by_arb<arb_sin>(x, Base::sin); }
  static V cos(V x) { return by_arb<arb_cos>(x, Base::cos); }
  /// Both, in the time of one and a little more.
  static std::pair<V, V> sin_cos(V x);
  static V tan(V x) { return by_arb<arb_tan>(x, Base::tan); }
  static V asin(V x) { return by_arb<arb_asin>(x, Base::asin); }
  static V acos(V x) { return by_arb<arb_acos>(x, Base::acos); }
  static V atan(V x) { return by_arb<arb_atan>(x, Base::atan); }
  static V sinh(V x) { return by_arb<arb_sinh>(x, Base::sinh); }
  static V cosh(V x) { return by_arb<arb_cosh>(x, Base::cosh); }
  static V tanh(V x) { return by_arb<arb_tanh>(x, Base::tanh); }

 private:
  /// Bits beyond the precision: a ball that fails to round is one in about 2^16.
  static constexpr slong guard_bits = 20;
  /// Exponents of 2 within which Arb is asked: far from where MPFR's numbers end.
  static constexpr mpfr_exp_t moderate = 1 << 16;

  static bool is_moderate(mpfr_srcptr x) {
    return mpfr_regular_p(x) != 0 && mpfr_get_exp(x) < moderate && mpfr_get_exp(x) > -moderate;
  }

  template <auto F>
  static V by_arb(V x, V (*otherwise)(const V&)) {
    DigitArena& arena = *DigitArena::current();
    const mpfr_srcptr from = x.number;
    if (is_moderate(from)) {
      arf_set_mpfr(arb_midref(arena.operand()), from);
      F(arena.result(), arena.operand(), arena.bits() + guard_bits);
      V r;
      if (arena.round(r.number, arena.result())) return r;
    }
    return otherwise(x);
  }
};

}  // namespace nabla
