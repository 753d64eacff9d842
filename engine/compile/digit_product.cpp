#include <nabla/engine/compile/digit_product.hpp>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/ops/linear.hpp>
#if __has_include(<flint/arb_mat.h>)
#include <flint/arb_mat.h>
#else
#include <arb_mat.h>
#endif

namespace nabla {

namespace {
constexpr slong guard_bits_of_products = 32;
/// Sums of numbers that are further apart than this are rounded as they stand.
constexpr slong most_guard_bits = 1 << 20;
}  // namespace

struct DigitProduct::State {
  State(const Shape& left, const Shape& right, bool turn_left, bool turn_right, mpfr_prec_t precision)
      : left_transposed(turn_left),
        right_transposed(turn_right),
        bits(precision),
        product(detail::product(left, right)) {
    arb_mat_init(a, product.rows, product.inner);
    arb_mat_init(b, product.inner, product.columns);
    arb_mat_init(c, product.rows, product.columns);
    const Shape stack(
        std::vector<std::int64_t>(product.stacked.extents().begin(), product.stacked.extents().end() - 2));
    detail::for_each_index(stack, product.left_strides, [&](std::int64_t, std::int64_t at) { lefts.push_back(at); });
    detail::for_each_index(stack, product.right_strides, [&](std::int64_t, std::int64_t at) { rights.push_back(at); });
  }
  ~State() {
    arb_mat_clear(a);
    arb_mat_clear(b);
    arb_mat_clear(c);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static void read(arb_mat_t to, const __mpfr_struct* from, bool transposed) {
    const slong rows = arb_mat_nrows(to), columns = arb_mat_ncols(to);
    for (slong i = 0; i < rows; ++i)
      for (slong j = 0; j < columns; ++j)
        arf_set_mpfr(arb_midref(arb_mat_entry(to, i, j)), from + (transposed ? j * rows + i : i * columns + j));
  }

  void round(mpfr_ptr y, slong i, slong j) {
    arb_ptr entry = arb_mat_entry(c, i, j);
    const auto is_decided = [&] { return arb_is_exact(entry) || arb_can_round_mpfr(entry, bits, MPFR_RNDN) != 0; };
    for (slong guard = guard_bits_of_products; arb_is_finite(entry) && !is_decided() && guard < most_guard_bits;) {
      guard = 2 * guard + bits;
      arb_dot(entry, nullptr, 0, arb_mat_entry(a, i, 0), 1, arb_mat_entry(b, 0, j), product.columns, product.inner,
              bits + guard);
    }
    // An entry that is not a number has a ball of all numbers.
    if (arb_is_finite(entry)) {
      arf_get_mpfr(y, arb_midref(entry), MPFR_RNDN);
    } else {
      mpfr_set_nan(y);
    }
  }

  bool left_transposed, right_transposed;
  mpfr_prec_t bits;
  detail::Product product;
  std::vector<std::int64_t> lefts, rights;
  arb_mat_t a, b, c;
};

DigitProduct::DigitProduct(const Shape& left, const Shape& right, bool left_transposed, bool right_transposed,
                           mpfr_prec_t bits)
    : state_(std::make_unique<State>(left, right, left_transposed, right_transposed, bits)) {}
DigitProduct::~DigitProduct() = default;

void DigitProduct::run(mpfr_ptr y, const __mpfr_struct* a, const __mpfr_struct* b) {
  State& s = *state_;
  const detail::Product& p = s.product;
  for (std::size_t k = 0; k < s.lefts.size(); ++k) {
    State::read(s.a, a + s.lefts[k] * p.rows * p.inner, s.left_transposed);
    State::read(s.b, b + s.rights[k] * p.inner * p.columns, s.right_transposed);
    arb_mat_mul(s.c, s.a, s.b, s.bits + guard_bits_of_products);
    for (slong i = 0; i < p.rows; ++i)
      for (slong j = 0; j < p.columns; ++j) s.round(y++, i, j);
  }
}

}  // namespace nabla
