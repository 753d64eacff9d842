#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace nabla {

/// An append-only array in blocks of 2^16: growth neither copies nor doubles, and references stay valid. Ten million
/// nodes therefore cost their own size, with no moment at which two copies exist.
template <class T>
class Column {
 public:
  static constexpr std::size_t block_bits = 16;
  static constexpr std::size_t block_size = std::size_t{1} << block_bits;

  Column() = default;
  Column(Column&&) noexcept = default;
  Column& operator=(Column&&) noexcept = default;
  Column(const Column& other) { append_all(other); }
  Column& operator=(const Column& other) {
    if (this != &other) {
      clear();
      append_all(other);
    }
    return *this;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return blocks_[i >> block_bits][i & (block_size - 1)]; }
  const T& operator[](std::size_t i) const { return blocks_[i >> block_bits][i & (block_size - 1)]; }
  T& back() { return (*this)[size_ - 1]; }

  void push_back(const T& value) {
    if ((size_ & (block_size - 1)) == 0 && (size_ >> block_bits) == blocks_.size()) grow();
    (*this)[size_] = value;
    ++size_;
  }
  void clear() {
    blocks_.clear();
    size_ = 0;
    first_capacity_ = 0;
  }
  /// Bytes held, not only used.
  std::size_t bytes() const {
    return blocks_.empty() ? 0 : ((blocks_.size() - 1) * block_size + first_capacity_) * sizeof(T);
  }

 private:
  void append_all(const Column& other) {
    for (std::size_t i = 0; i < other.size_; ++i) push_back(other[i]);
  }
  void grow() {
    blocks_.push_back(std::make_unique_for_overwrite<T[]>(block_size));
    first_capacity_ = block_size;
  }
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t size_ = 0;
  std::size_t first_capacity_ = 0;
};

}  // namespace nabla
