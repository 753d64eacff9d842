#include <algorithm>
#include <cmath>
#include <nabla/engine/compile/dense_kernels.hpp>
#include <nabla/engine/compile/prepared.hpp>
#include <nabla/engine/compile/vector_kernels.hpp>
#include <nabla/engine/kernels/block_product.hpp>
#include <nabla/engine/kernels/kernel.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/run.hpp>
#include <type_traits>

namespace nabla {

namespace {

/// Work for one thread at a time: about this many multiplications or entries.
constexpr std::size_t piece_of_work = 1 << 16;
/// The same for products by blocks, which rearrange the whole right matrix for each piece, and the least rows of one.
constexpr std::size_t piece_of_product = 1 << 20, least_rows_of_product = 64;

std::size_t pieces(std::size_t n, std::size_t each) { return (n + each - 1) / each; }

/// Runs an operator as its kernel does.
template <class V>
class ByKernel final : public Prepared<V> {
 public:
  ByKernel(Opcode code, PreparedShapes shapes) : kernel_(kernel<V>(code)), shapes_(std::move(shapes)) {
    if (kernel_.value == nullptr)
      throw UnsupportedError(operator_info(code).name + " has no value in " + std::string(Number<V>::kind) +
                             " numbers");
    for (const Shape* s : shapes_.operands) views_.push_back({nullptr, s});
  }
  void run(V* y, const V* const* x, Workers&) override {
    for (std::size_t k = 0; k < views_.size(); ++k) views_[k].data = x[k];
    kernel_.value(
        {.attributes = shapes_.attributes, .operands = views_, .result = {y, shapes_.result}, .operand_adjoints = {}});
  }

 private:
  const Kernel<V>& kernel_;
  PreparedShapes shapes_;
  std::vector<View<const V>> views_;
};

/// An operator's own way: a class with a constructor from PreparedShapes and run().
template <class Op, class V>
struct PreparedAs {};

template <class V>
class PreparedProduct final : public Prepared<V> {
 public:
  explicit PreparedProduct(const PreparedShapes& s)
      : left_transposed_(s.transposed[0]), right_transposed_(s.transposed[1]) {
    const detail::Product p = detail::product(*s.operands[0], *s.operands[1]);
    rows_ = static_cast<std::size_t>(p.rows);
    inner_ = static_cast<std::size_t>(p.inner);
    columns_ = static_cast<std::size_t>(p.columns);
    const Shape stack(std::vector<std::int64_t>(p.stacked.extents().begin(), p.stacked.extents().end() - 2));
    detail::for_each_index(stack, p.left_strides, [&](std::int64_t, std::int64_t at) {
      left_.push_back(static_cast<std::size_t>(at) * rows_ * inner_);
    });
    detail::for_each_index(stack, p.right_strides, [&](std::int64_t, std::int64_t at) {
      right_.push_back(static_cast<std::size_t>(at) * inner_ * columns_);
    });
    // Rows of one product that are one piece of work; with vectors a whole product is.
    const std::size_t a_row = std::max<std::size_t>(1, inner_ * columns_);
    const bool by_blocks = rows_ > 1 && columns_ > 1 && inner_ > 1;
    rows_each_ = by_blocks ? std::max(least_rows_of_product, piece_of_product / a_row) : piece_of_work / a_row;
    rows_each_ = std::clamp<std::size_t>(rows_each_, 1, std::max<std::size_t>(1, rows_));
    if (rows_each_ < rows_) rows_each_ = std::max<std::size_t>(rows_each_ / 8 * 8, 8);
    if (columns_ == 1 && left_transposed_) rows_each_ = std::max<std::size_t>(1, rows_);
    while (by_blocks && rows_each_ < rows_ && rows_ % rows_each_ == 1) rows_each_ += 8;
    pieces_each_ = std::max<std::size_t>(1, pieces(rows_, rows_each_));
  }
  void run(V* y, const V* const* x, Workers& workers) override {
    workers.for_each(left_.size() * pieces_each_, [&](std::size_t piece, std::size_t) {
      const std::size_t at = piece / pieces_each_, first = piece % pieces_each_ * rows_each_;
      multiply(y + at * rows_ * columns_, x[0] + left_[at], x[1] + right_[at], first,
               std::min(rows_each_, rows_ - first));
    });
  }

 private:
  /// Rows first .. first + count of y = a b.
  void multiply(V* y, const V* a, const V* b, std::size_t first, std::size_t count) const {
    const DenseKernels<V>& kernels = dense_kernels<V>();
    V* const to = y + first * columns_;
    if (inner_ == 0) {
      std::fill_n(to, count * columns_, V(0));
    } else if (inner_ == 1) {
      kernels.outer(to, a + first, b, count, columns_);
    } else if (columns_ == 1 && !left_transposed_) {
      kernels.matrix_times_vector(to, a + first * inner_, b, count, inner_);
    } else if (columns_ == 1 && count == rows_) {
      kernels.vector_times_matrix(to, b, a, inner_, rows_);
    } else if (rows_ == 1 && !right_transposed_) {
      kernels.vector_times_matrix(to, a, b, inner_, columns_);
    } else if (rows_ == 1) {
      kernels.matrix_times_vector(to, b, a, columns_, inner_);
    } else {
      by_blocks(to, a, b, first, count);
    }
  }
  void by_blocks(V* to, const V* a, const V* b, std::size_t first, std::size_t count) const {
    if (count + inner_ + columns_ < 20) return by_entries(to, a, b, first, count);
    const auto index = [](std::size_t n) { return static_cast<std::ptrdiff_t>(n); };
    multiply_by_blocks(BlockProduct<V>{.c = to,
                                       .a = left_transposed_ ? a + first : a + first * inner_,
                                       .b = b,
                                       .rows = index(count),
                                       .inner = index(inner_),
                                       .columns = index(columns_),
                                       .a_stride = index(left_transposed_ ? rows_ : inner_),
                                       .b_stride = index(right_transposed_ ? inner_ : columns_),
                                       .a_transposed = left_transposed_,
                                       .b_transposed = right_transposed_});
  }

  /// Eigen's way with so few would depend on where they stand in memory; so would one row's, which is why no piece of
  /// several has one.
  void by_entries(V* to, const V* a, const V* b, std::size_t first, std::size_t count) const {
    const std::size_t a_row = left_transposed_ ? 1 : inner_, a_step = left_transposed_ ? rows_ : 1;
    const std::size_t b_column = right_transposed_ ? inner_ : 1, b_step = right_transposed_ ? 1 : columns_;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; j < columns_; ++j) {
        V total = 0;
        for (std::size_t k = 0; k < inner_; ++k)
          total += a[(first + i) * a_row + k * a_step] * b[j * b_column + k * b_step];
        to[i * columns_ + j] = total;
      }
  }

  bool left_transposed_, right_transposed_;
  std::size_t rows_ = 0, inner_ = 0, columns_ = 0, rows_each_ = 1, pieces_each_ = 1;
  std::vector<std::size_t> left_, right_;  // where each matrix of a stack begins
};

template <class V>
class PreparedOuter final : public Prepared<V> {
 public:
  explicit PreparedOuter(const PreparedShapes& s)
      : rows_(static_cast<std::size_t>(s.operands[0]->size())),
        columns_(static_cast<std::size_t>(s.operands[1]->size())),
        rows_each_(std::max<std::size_t>(1, piece_of_work / std::max<std::size_t>(1, columns_))) {}
  void run(V* y, const V* const* x, Workers& workers) override {
    workers.for_each(pieces(rows_, rows_each_), [&](std::size_t piece, std::size_t) {
      const std::size_t first = piece * rows_each_;
      dense_kernels<V>().outer(y + first * columns_, x[0] + first, x[1], std::min(rows_each_, rows_ - first), columns_);
    });
  }

 private:
  std::size_t rows_, columns_, rows_each_;
};

template <class V>
class PreparedDot final : public Prepared<V> {
 public:
  explicit PreparedDot(const PreparedShapes& s) : n_(static_cast<std::size_t>(s.operands[0]->size())) {}
  void run(V* y, const V* const* x, Workers&) override { dense_kernels<V>().matrix_times_vector(y, x[0], x[1], 1, n_); }

 private:
  std::size_t n_;
};

/// Sums of entries, and their means.
template <class V>
class Sums : public Prepared<V> {
 public:
  /// \param to  for each entry of the operand the entry of the result that it is added to
  Sums(std::vector<std::uint32_t> to, std::size_t results, V divisor)
      : to_(std::move(to)), entries_(to_.size()), results_(results), divisor_(divisor) {
    // Consecutive entries, or rows, are added without looking anything up.
    const std::size_t n = entries_, each = results == 0 ? 0 : n / results;
    if (results == 0 || n == 0 || n % results != 0) return;
    is_runs_ = is_rows_ = true;
    for (std::size_t i = 0; i < n && (is_runs_ || is_rows_); ++i) {
      is_runs_ = is_runs_ && to_[i] == i / each;
      is_rows_ = is_rows_ && to_[i] == i % results;
    }
    if (!is_runs_ && !is_rows_) return;
    to_ = {};
    if (results_ == 1) partial_.resize(pieces(n, piece_of_work));
  }
  void run(V* y, const V* const* x, Workers& workers) override {
    const DenseKernels<V>& kernels = dense_kernels<V>();
    if (results_ == 1 && is_runs_) {
      workers.for_each(partial_.size(), [&](std::size_t piece, std::size_t) {
        const std::size_t first = piece * piece_of_work;
        partial_[piece] = kernels.sum(x[0] + first, std::min(piece_of_work, entries_ - first));
      });
      y[0] = partial_[0];
      for (std::size_t p = 1; p < partial_.size(); ++p) y[0] += partial_[p];
    } else if (is_runs_) {
      const std::size_t each = entries_ / results_;
      for (std::size_t i = 0; i < results_; ++i) y[i] = kernels.sum(x[0] + i * each, each);
    } else if (is_rows_) {
      kernels.sum_of_rows(y, x[0], entries_ / results_, results_);
    } else {
      std::fill_n(y, results_, V(0));
      for (std::size_t i = 0; i < entries_; ++i) y[to_[i]] += x[0][i];
    }
    if (divisor_ != V(1))
      for (std::size_t i = 0; i < results_; ++i) y[i] /= divisor_;
  }

 private:
  std::vector<std::uint32_t> to_;
  std::vector<V> partial_;
  std::size_t entries_, results_;
  V divisor_;
  bool is_runs_ = false, is_rows_ = false;
};

std::vector<std::uint32_t> stretched_places(const Shape& small, const Shape& large) {
  std::vector<std::uint32_t> to(static_cast<std::size_t>(large.size()));
  detail::for_each_index(large, broadcast_strides(small, large), [&](std::int64_t i, std::int64_t at) {
    to[static_cast<std::size_t>(i)] = static_cast<std::uint32_t>(at);
  });
  return to;
}

/// The sum, or the mean, along axes.
template <class Op, class V>
class PreparedReduction final : public Sums<V> {
 public:
  explicit PreparedReduction(const PreparedShapes& s)
      : PreparedReduction(s, detail::reduction(Op::name, s.attributes, *s.operands[0])) {}

 private:
  PreparedReduction(const PreparedShapes& s, const detail::Reduction& r)
      : Sums<V>(stretched_places(r.kept, *s.operands[0]), static_cast<std::size_t>(s.result->size()),
                std::is_same_v<Op, Mean> ? static_cast<V>(r.count) : V(1)) {}
};
template <class V>
class PreparedSumTo final : public Sums<V> {
 public:
  explicit PreparedSumTo(const PreparedShapes& s)
      : Sums<V>(stretched_places(*s.result, *s.operands[0]), static_cast<std::size_t>(s.result->size()), V(1)) {}
};

/// Rows of exponentials, as ops/softmax.hpp states them.
template <class V>
class Rows : public Prepared<V> {
 public:
  explicit Rows(const PreparedShapes& s)
      : length_(static_cast<std::size_t>(detail::row_length(*s.operands[0]))),
        count_(length_ == 0 ? 0 : static_cast<std::size_t>(s.operands[0]->size()) / length_) {}

 protected:
  /// Where the largest of a row is.
  std::size_t top(const V* x) const {
    return static_cast<std::size_t>(detail::largest_of(x, static_cast<std::int64_t>(length_)));
  }
  /// y_i = exp(x_i - x_top), and at_top for the largest itself: their sum.
  V exponentials(V* y, const V* x, std::size_t top, V at_top) const {
    static const VectorKernel<V>& exp = vector_kernel<V>(opcode<Exp>);
    for (std::size_t first = 0; first < length_; first += strip) {
      V shifted[strip];
      const V* const from = shifted;
      const std::size_t n = std::min(strip, length_ - first);
      for (std::size_t i = 0; i < n; ++i) shifted[i] = x[first + i] - x[top];
      exp.value(y + first, &from, {}, n);
    }
    y[top] = at_top;
    return dense_kernels<V>().sum(y, length_);
  }
  std::size_t length_, count_;

 private:
  static constexpr std::size_t strip = 128;
};

template <class V>
class PreparedSoftmax final : public Rows<V> {
 public:
  using Rows<V>::Rows;
  void run(V* y, const V* const* x, Workers&) override {
    for (std::size_t row = 0; row < this->count_; ++row) {
      const V* const from = x[0] + row * this->length_;
      V* const to = y + row * this->length_;
      const V total = this->exponentials(to, from, this->top(from), V(1));
      for (std::size_t i = 0; i < this->length_; ++i) to[i] /= total;
    }
  }
};

template <class V>
class PreparedSoftmaxCrossEntropy final : public Rows<V> {
 public:
  explicit PreparedSoftmaxCrossEntropy(const PreparedShapes& s) : Rows<V>(s), row_(this->length_) {}
  void run(V* y, const V* const* x, Workers&) override {
    V total = 0;
    for (std::size_t row = 0; row < this->count_; ++row) {
      const V* const z = x[0] + row * this->length_;
      const V* const t = x[1] + row * this->length_;
      const std::size_t top = this->top(z);
      // Minus the logarithm of the softmax, without the difference of numbers as large as the entries.
      const V excess = std::log1p(this->exponentials(row_.data(), z, top, V(0)));
      for (std::size_t i = 0; i < this->length_; ++i) total += t[i] * (i == top ? excess : excess - (z[i] - z[top]));
    }
    y[0] = total;
  }

 private:
  std::vector<V> row_;
};

template <class V>
struct PreparedAs<MatMul, V> : std::type_identity<PreparedProduct<V>> {};
template <class V>
struct PreparedAs<Outer, V> : std::type_identity<PreparedOuter<V>> {};
template <class V>
struct PreparedAs<Dot, V> : std::type_identity<PreparedDot<V>> {};
template <class V>
struct PreparedAs<Sum, V> : std::type_identity<PreparedReduction<Sum, V>> {};
template <class V>
struct PreparedAs<Mean, V> : std::type_identity<PreparedReduction<Mean, V>> {};
template <class V>
struct PreparedAs<SumTo, V> : std::type_identity<PreparedSumTo<V>> {};
template <class V>
struct PreparedAs<Softmax, V> : std::type_identity<PreparedSoftmax<V>> {};
template <class V>
struct PreparedAs<SoftmaxCrossEntropy, V> : std::type_identity<PreparedSoftmaxCrossEntropy<V>> {};

}  // namespace

template <class V>
std::unique_ptr<Prepared<V>> prepare(Opcode code, PreparedShapes shapes) {
  std::unique_ptr<Prepared<V>> made;
  for_each_operator([&]<class Op>() {
    if constexpr (requires { typename PreparedAs<Op, V>::type; })
      if (code == opcode<Op>) made = std::make_unique<typename PreparedAs<Op, V>::type>(shapes);
  });
  if (made == nullptr) made = std::make_unique<ByKernel<V>>(code, std::move(shapes));
  return made;
}

template std::unique_ptr<Prepared<double>> prepare<double>(Opcode, PreparedShapes);
template std::unique_ptr<Prepared<float>> prepare<float>(Opcode, PreparedShapes);

}  // namespace nabla
