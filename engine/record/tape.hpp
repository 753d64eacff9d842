#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <nabla/ops/number.hpp>
#include <new>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace nabla {

template <class V>
class Active;

namespace detail {

/// A stack of values that grows without a check per value: ask for room first. Memory is kept when it is emptied.
template <class T>
class Stack {
 public:
  Stack() = default;
  ~Stack() {
    if constexpr (!plain) std::destroy_n(data_, capacity_);
    std::free(data_);
  }
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  T* data() const { return data_; }
  std::size_t capacity() const { return capacity_; }

  /// Room for `size` values in all; values there stay. \throws std::bad_alloc
  void grow(std::size_t size) {
    const std::size_t wanted = std::max({size, capacity_ + capacity_ / 2, std::size_t{4096}});
    if (wanted > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    if constexpr (plain) {
      // realloc moves large blocks by remapping pages, so that growing costs no second copy.
      void* const moved = std::realloc(static_cast<void*>(data_), wanted * sizeof(T));
      if (moved == nullptr) throw std::bad_alloc();
      data_ = static_cast<T*>(moved);
    } else {
      T* const moved = static_cast<T*>(std::malloc(wanted * sizeof(T)));
      if (moved == nullptr) throw std::bad_alloc();
      std::uninitialized_move_n(data_, capacity_, moved);
      std::uninitialized_value_construct_n(moved + capacity_, wanted - capacity_);
      std::destroy_n(data_, capacity_);
      std::free(data_);
      data_ = moved;
    }
    capacity_ = wanted;
  }

 private:
  static constexpr bool plain = std::is_trivially_copyable_v<T>;
  static_assert(alignof(T) <= alignof(std::max_align_t));
  T* data_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace detail

/// Eager reverse mode: while a tape is alive on a thread, every statement on Active<V> numbers writes down its partial
/// derivatives, evaluated, and reverse() sweeps back over them. It records what ran, not which operators: to run a
/// program again in another kind of number, record it with nabla::record (recorded.hpp) instead.
///
/// A statement costs 4 bytes, and each of its active operands one V and 4 bytes. Statement 0 stands for what is
/// passive. A tape is in force on the thread that made it, from then until it ends; of several, the one made last. Not
/// for sharing between threads. After Griewank and Walther, "Evaluating Derivatives" (2008), 4.1 and Hogan, "Fast
/// reverse-mode automatic differentiation using expression templates in C++", ACM TOMS 40 (2014).
template <class V = double>
class Tape {
 public:
  using Index = std::uint32_t;

  Tape() {
    clear();
    activate();
  }
  ~Tape() {
    if (is_active()) deactivate();
  }
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  /// The tape in force on this thread; null: Active numbers are passive.
  static Tape* current() { return current_; }
  bool is_active() const { return current_ == this; }
  /// Comes into force in place of another tape, which is in force again after deactivate().
  void activate() {
    before_ = current_;
    current_ = this;
  }
  /// \pre is_active()
  void deactivate() { current_ = before_; }

  /// An independent variable. \throws std::length_error past 2^32 - 2 statements
  Active<V> input(const V& value) {
    return Active<V>(value, push([](V*, Index*) {}, std::size_t{0}));
  }
  std::vector<Active<V>> inputs(std::span<const V> values) {
    std::vector<Active<V>> made;
    inputs(values, made);
    return made;
  }
  /// The same, in place of what `made` held.
  void inputs(std::span<const V> values, std::vector<Active<V>>& made) {
    made.clear();
    made.reserve(values.size());
    if (values.size() >= std::numeric_limits<Index>::max() - statements_) too_long();
    if (statement_room_ - statements_ < values.size()) grow(0, values.size());
    std::fill_n(counts_.data() + statements_, values.size(), Index{0});
    for (const V& v : values) made.emplace_back(v, static_cast<Index>(statements_++));
  }

  /// Sweeps back from d output = seed; what earlier sweeps left is forgotten. Linear in what was recorded.
  void reverse(const Active<V>& output, const V& seed = V(1)) { reverse({&output, 1}, {&seed, 1}); }
  /// From sum_k seeds[k] outputs[k]. \pre as many seeds as outputs
  void reverse(std::span<const Active<V>> outputs, std::span<const V> seeds);

  /// d (what reverse() was given) / d x, of an input or an intermediate number; 0 for a passive one.
  V adjoint(const Active<V>& x) const {
    return x.index() == 0 || x.index() >= swept_ ? V(0) : adjoints_.data()[x.index()];
  }

  /// Forgets what was recorded and keeps the memory. Active numbers from before must not be used any more.
  void clear() {
    used_ = 0;
    statements_ = 0;
    swept_ = 0;
    push([](V*, Index*) {}, std::size_t{0});
  }

  std::size_t statements() const { return statements_ - 1; }
  /// Partial derivatives held.
  std::size_t partials() const { return used_; }
  /// Memory held, in use or not.
  std::size_t bytes() const {
    return (partials_.capacity() + adjoints_.capacity()) * sizeof(V) +
           (operands_.capacity() + counts_.capacity()) * sizeof(Index);
  }

  /// A statement with `count` active operands, whose partials and indices `write(V*, Index*)` puts down. Its index.
  template <class Write>
  Index push(const Write& write, std::size_t count) {
    if (used_ + count > room_ || statements_ == statement_room_) [[unlikely]]
      grow(count, 1);
    write(partials_.data() + used_, operands_.data() + used_);
    used_ += count;
    counts_.data()[statements_] = static_cast<Index>(count);
    return static_cast<Index>(statements_++);
  }

 private:
  [[noreturn]] static void too_long() {
    throw std::length_error("a tape holds at most 2^32 - 2 statements; sweep and clear it before");
  }
  /// Room for statements with `count` active operands in all.
  void grow(std::size_t count, std::size_t statements) {
    if (statements_ >= std::numeric_limits<Index>::max()) too_long();
    if (used_ + count > partials_.capacity()) partials_.grow(used_ + count);
    if (used_ + count > operands_.capacity()) operands_.grow(used_ + count);
    if (statements_ + statements > counts_.capacity()) counts_.grow(statements_ + statements);
    room_ = std::min(partials_.capacity(), operands_.capacity());
    statement_room_ = std::min<std::size_t>(counts_.capacity(), std::numeric_limits<Index>::max());
  }

  static constinit inline thread_local Tape* current_ = nullptr;

  detail::Stack<V> partials_;
  detail::Stack<Index> operands_;
  detail::Stack<Index> counts_;
  detail::Stack<V> adjoints_;
  std::size_t used_ = 0, room_ = 0;
  std::size_t statements_ = 0, statement_room_ = 0;
  std::size_t swept_ = 0;  // statements that the last sweep saw
  Tape* before_ = nullptr;
};

template <class V>
void Tape<V>::reverse(std::span<const Active<V>> outputs, std::span<const V> seeds) {
  if (adjoints_.capacity() < statements_) adjoints_.grow(statements_);
  V* const adjoint = adjoints_.data();
  std::fill_n(adjoint, statements_, V(0));
  swept_ = statements_;
  std::size_t last = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const std::size_t at = outputs[k].index();
    adjoint[at] = adjoint[at] + seeds[k];
    last = std::max(last, at);
  }
  const V* const partials = partials_.data();
  const Index* const operands = operands_.data();
  const Index* const counts = counts_.data();
  std::size_t end = used_;
  for (std::size_t s = statements_; s-- > last + 1;) end -= counts[s];
  // An adjoint of exactly zero contributes exactly zero, whatever the partials of a branch not taken are.
  const auto is_dead = []([[maybe_unused]] const V& t) {
    if constexpr (requires { Number<V>::is_zero(t); }) return Number<V>::is_zero(t);
    return false;
  };
  if constexpr (std::is_trivially_copyable_v<V>) {
    // Most statements read the one before them, as the first operand. Its adjoint stays at hand: through memory each
    // step of a chain would wait for the store of the one before. Parts are added in the order of the operands all the
    // same.
    V t = adjoint[last];
    for (std::size_t s = last; s > 0; --s) {
      std::size_t k = end - counts[s];
      const std::size_t begin = k;
      const auto before = static_cast<Index>(s - 1);
      V next = adjoint[before];
      if (!is_dead(t)) {
        if (k < end && operands[k] == before) next = next + partials[k++] * t;
        for (; k < end; ++k) {
          if (operands[k] == before) [[unlikely]]
            next = next + partials[k] * t;
          else
            adjoint[operands[k]] = adjoint[operands[k]] + partials[k] * t;
        }
        adjoint[before] = next;
      }
      t = next;
      end = begin;
    }
  } else {
    for (std::size_t s = last; s > 0; --s) {
      const std::size_t begin = end - counts[s];
      const V t = adjoint[s];
      if (!is_dead(t))
        for (std::size_t k = begin; k < end; ++k) adjoint[operands[k]] = adjoint[operands[k]] + partials[k] * t;
      end = begin;
    }
  }
}

}  // namespace nabla
