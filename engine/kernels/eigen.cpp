#include <Eigen/Core>
#include <nabla/engine/kernels/eigen.hpp>

namespace nabla {

namespace {

/// Up to this many products a plain loop over the coefficients is faster than Eigen's blocks.
constexpr std::int64_t few_products = 512;

template <class V>
using Matrix = Eigen::Matrix<V, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class V>
void multiply_one(const V* left, const V* right, V* result, std::int64_t rows, std::int64_t inner,
                  std::int64_t columns) {
  const Eigen::Map<const Matrix<V>> a(left, rows, inner);
  const Eigen::Map<const Matrix<V>> b(right, inner, columns);
  Eigen::Map<Matrix<V>> c(result, rows, columns);
  if (inner == 0) {
    c.setZero();
  } else if (rows * inner * columns <= few_products) {
    c = a.lazyProduct(b);
  } else {
    c.noalias() = a * b;
  }
}

template <class V>
void multiply(const Operation<V>& op) {
  const Shape &left = *op.operands[0].shape, &right = *op.operands[1].shape;
  if (left.rank() <= 2 && right.rank() <= 2) {  // one product, without a shape that is made for it
    multiply_one(op.operands[0].data, op.operands[1].data, op.result.data, left.rank() == 1 ? 1 : left[0],
                 left[left.rank() - 1], right.rank() == 1 ? 1 : right[1]);
    return;
  }
  const detail::Product p = detail::product(*op.operands[0].shape, *op.operands[1].shape);
  const Shape stack(std::vector<std::int64_t>(p.stacked.extents().begin(), p.stacked.extents().end() - 2));
  std::vector<std::int64_t> right_at;
  detail::for_each_index(stack, p.right_strides, [&](std::int64_t, std::int64_t at) { right_at.push_back(at); });
  detail::for_each_index(stack, p.left_strides, [&](std::int64_t i, std::int64_t left_at) {
    multiply_one(op.operands[0].data + left_at * p.rows * p.inner,
                 op.operands[1].data + right_at[static_cast<std::size_t>(i)] * p.inner * p.columns,
                 op.result.data + i * p.rows * p.columns, p.rows, p.inner, p.columns);
  });
}

}  // namespace

void Fused<MatMul, double>::value(const Operation<double>& op) { multiply(op); }
void Fused<MatMul, float>::value(const Operation<float>& op) { multiply(op); }

}  // namespace nabla
