#include <Eigen/Core>
#include <nabla/engine/kernels/eigen.hpp>

namespace nabla {

namespace {

/// Up to this many products a plain loop over the coefficients is faster than Eigen's blocks.
constexpr std::int64_t few_products = 512;

template <class V>
void multiply(const Operation<V>& op) {
  using Matrix = Eigen::Matrix<V, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const detail::Product p = detail::product(*op.operands[0].shape, *op.operands[1].shape);
  const Shape stack(std::vector<std::int64_t>(p.stacked.extents().begin(), p.stacked.extents().end() - 2));
  std::vector<std::int64_t> right_at;
  detail::for_each_index(stack, p.right_strides, [&](std::int64_t, std::int64_t at) { right_at.push_back(at); });
  detail::for_each_index(stack, p.left_strides, [&](std::int64_t i, std::int64_t left_at) {
    const Eigen::Map<const Matrix> a(op.operands[0].data + left_at * p.rows * p.inner, p.rows, p.inner);
    const Eigen::Map<const Matrix> b(op.operands[1].data + right_at[static_cast<std::size_t>(i)] * p.inner * p.columns,
                                     p.inner, p.columns);
    Eigen::Map<Matrix> c(op.result.data + i * p.rows * p.columns, p.rows, p.columns);
    if (p.inner == 0) {
      c.setZero();
    } else if (p.rows * p.inner * p.columns <= few_products) {
      c = a.lazyProduct(b);
    } else {
      c.noalias() = a * b;
    }
  });
}

}  // namespace

void Fused<MatMul, double>::value(const Operation<double>& op) { multiply(op); }
void Fused<MatMul, float>::value(const Operation<float>& op) { multiply(op); }

}  // namespace nabla
