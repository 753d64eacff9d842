#include <algorithm>
#include <nabla/engine/compile/dense_kernels.hpp>
#include <nabla/engine/compile/sum_of_products.hpp>

namespace nabla {

SumOfProducts::SumOfProducts(const VectorInstruction& sum)
    : count_(sum.count),
      terms_(sum.terms),
      result_(sum.result),
      first_(sum.operands[0]),
      a_(side(sum.operands[1])),
      b_(side(sum.operands[2])) {}

SumOfProducts::Side SumOfProducts::side(const Access& a) const {
  Side made{Factor::of(a, count_, terms_), {}, {}};
  if (!made.factor.is_in_place()) made.rows.assign((made.factor.is_shared() ? 1 : together) * terms_, 0);
  if (made.factor.is_shared()) made.sent.assign(terms_, 0);
  return made;
}

void SumOfProducts::gather_shared(Side& s, const double* values) const {
  if (!s.factor.is_shared() || s.factor.is_in_place()) return;
  for (std::size_t j = 0; j < terms_; ++j) s.rows[j] = values[s.factor.place(0, j, terms_)];
}

const double* SumOfProducts::row(Side& s, const double* values, std::size_t i, std::size_t k) const {
  if (s.factor.is_in_place()) return values + s.factor.place(i, 0, terms_);
  if (s.factor.is_shared()) return s.rows.data();
  double* const made = s.rows.data() + k * terms_;
  for (std::size_t j = 0; j < terms_; ++j) made[j] = values[s.factor.place(i, j, terms_)];
  return made;
}

void SumOfProducts::forward(double* values) {
  const DenseKernels<double>& kernels = dense_kernels<double>();
  double* next = values + result_;
  first_.stretches(0, count_,
                   [&](std::size_t place, std::size_t length) { next = std::copy_n(values + place, length, next); });
  gather_shared(a_, values);
  gather_shared(b_, values);
  for (std::size_t begin = 0; begin < count_; begin += together) {
    const std::size_t n = std::min(together, count_ - begin);
    double total[together] = {};
    const double* a[together];
    const double* b[together];
    std::copy_n(values + result_ + begin, n, total);
    for (std::size_t r = 0; r < together; ++r) {  // of fewer than eight the last is done again, for nobody
      a[r] = r < n ? row(a_, values, begin + r, r) : a[n - 1];
      b[r] = r < n ? row(b_, values, begin + r, r) : b[n - 1];
    }
    if (b_.factor.is_shared()) {
      kernels.add_eight_products_with(total, a, b[0], terms_);
    } else {
      kernels.add_eight_products(total, a, b, terms_);
    }
    std::copy_n(total, n, values + result_ + begin);
  }
}

void SumOfProducts::send(Side& to, double t, const double* other, std::size_t i, double* adjoints) const {
  const DenseKernels<double>& kernels = dense_kernels<double>();
  if (to.factor.is_shared()) {
    kernels.add_scaled(to.sent.data(), t, other, terms_);
  } else if (to.factor.is_in_place()) {
    kernels.add_scaled(adjoints + to.factor.place(i, 0, terms_), t, other, terms_);
  } else {
    for (std::size_t j = 0; j < terms_; ++j) adjoints[to.factor.place(i, j, terms_)] += t * other[j];
  }
}

void SumOfProducts::backward(const double* values, double* adjoints) {
  const bool to_first = !first_.is_constant, to_a = !a_.factor.is_constant, to_b = !b_.factor.is_constant;
  if (to_b) gather_shared(a_, values);
  if (to_a) gather_shared(b_, values);
  std::ranges::fill(a_.sent, 0.0);
  std::ranges::fill(b_.sent, 0.0);
  for (std::size_t i = 0; i < count_; ++i) {
    const double t = adjoints[result_ + i];
    if (t == 0) continue;
    if (to_first) first_.stretches(i, i + 1, [&](std::size_t place, std::size_t) { adjoints[place] += t; });
    if (to_a) send(a_, t, row(b_, values, i, 0), i, adjoints);
    if (to_b) send(b_, t, row(a_, values, i, 0), i, adjoints);
  }
  for (const Side* s : {&a_, &b_})
    if (s->factor.is_shared() && !s->factor.is_constant)
      for (std::size_t j = 0; j < terms_; ++j) adjoints[s->factor.place(0, j, terms_)] += s->sent[j];
}

}  // namespace nabla
