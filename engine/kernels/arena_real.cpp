#include <nabla/engine/kernels/arena_real.hpp>
#include <nabla/engine/kernels/table.hpp>

namespace nabla {

DigitBlock::DigitBlock(std::size_t count, mpfr_prec_t bits) : numbers_(count) {
  const std::size_t each = (mpfr_custom_get_size(bits) + sizeof(mp_limb_t) - 1) / sizeof(mp_limb_t);
  limbs_.resize(count * each);
  for (std::size_t i = 0; i < count; ++i) {
    mp_limb_t* const limbs = limbs_.data() + i * each;
    mpfr_custom_init(limbs, bits);
    mpfr_custom_init_set(&numbers_[i], MPFR_NAN_KIND, 0, bits, limbs);
  }
}

DigitArena::DigitArena(mpfr_prec_t bits) : bits_(bits) {
  arb_init(operand_);
  arb_init(result_);
  arb_init(second_result_);
  grow();
}
DigitArena::~DigitArena() {
  arb_clear(operand_);
  arb_clear(result_);
  arb_clear(second_result_);
}

void DigitArena::grow() {
  DigitBlock& block = blocks_.emplace_back(numbers_.size() + 64, bits_);
  for (std::size_t i = 0; i < block.size(); ++i) numbers_.push_back(block.data() + i);
}

bool DigitArena::round(mpfr_ptr r, arb_srcptr y) const {
  if (!arb_is_finite(y) || !(arb_is_exact(y) || arb_can_round_mpfr(y, bits_, MPFR_RNDN))) return false;
  arf_get_mpfr(r, arb_midref(y), MPFR_RNDN);
  return true;
}

std::pair<ArenaReal, ArenaReal> Number<ArenaReal>::sin_cos(V x) {
  DigitArena& arena = *DigitArena::current();
  if (!is_moderate(x.number)) return {Base::sin(x), Base::cos(x)};
  arf_set_mpfr(arb_midref(arena.operand()), x.number);
  arb_sin_cos(arena.result(), arena.second_result(), arena.operand(), arena.bits() + guard_bits);
  V s, c;
  const bool has_sine = arena.round(s.number, arena.result()),
             has_cosine = arena.round(c.number, arena.second_result());
  return {has_sine ? s : Base::sin(x), has_cosine ? c : Base::cos(x)};
}

template const Kernel<ArenaReal>& kernel<ArenaReal>(Opcode);

}  // namespace nabla
