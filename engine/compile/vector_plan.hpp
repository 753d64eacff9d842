#pragma once

#include <algorithm>
#include <nabla/engine/plan/plan.hpp>

namespace nabla {

/// Where the entries of a vector operand stand among the values, and what it costs to read them in order.
struct Access {
  enum class Kind : std::uint8_t {
    contiguous,  ///< base, base + 1, ...
    broadcast,   ///< base, base, ...
    runs,        ///< consecutive entries from each of `index`; run j ends before entry ends[j]
    gather       ///< index[0], index[1], ...
  };
  Kind kind = Kind::gather;
  bool is_constant = false;  ///< every entry is a constant: no adjoint is wanted
  std::size_t base = 0;
  std::vector<std::uint32_t> index;
  std::vector<std::uint32_t> ends;
  friend bool operator==(const Access&, const Access&) = default;

  /// Entries at these places, in this order, in the cheapest way. \pre at least one
  static Access of(std::vector<std::uint32_t> places, bool is_constant);

  /// Calls visit(place, length) for stretches of consecutive places that hold entries begin .. end, in order; a
  /// broadcast or a gathered entry is a stretch of its own.
  template <class Visit>
  void stretches(std::size_t begin, std::size_t end, Visit visit) const {
    switch (kind) {
      case Kind::contiguous:
        if (begin < end) visit(base + begin, end - begin);
        break;
      case Kind::broadcast:
        for (std::size_t j = begin; j < end; ++j) visit(base, std::size_t{1});
        break;
      case Kind::gather:
        for (std::size_t j = begin; j < end; ++j) visit(std::size_t{index[j]}, std::size_t{1});
        break;
      case Kind::runs: {
        auto run = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), begin) - ends.begin());
        for (std::size_t j = begin; j < end; ++run) {
          const std::size_t from = run == 0 ? 0 : ends[run - 1], until = std::min<std::size_t>(ends[run], end);
          visit(index[run] + (j - from), until - j);
          j = until;
        }
        break;
      }
    }
  }
};

/// One operator on `count` operands at once, in place of `count` scalar nodes.
struct VectorInstruction {
  Opcode code = 0;
  Attributes attributes;
  std::size_t count = 0;
  std::size_t result = 0;  ///< place of the first value
  /// Not 0: result[i] = operands[0][i] + operands[1][i * terms] + ... + operands[1][i * terms + terms - 1], left to
  /// right. With a third operand the terms are the products of those of the second and the third.
  std::size_t terms = 0;
  /// No elementwise operator has more (fma, where, clamp).
  static constexpr std::size_t most_operands = 3;
  std::vector<Access> operands;
  /// Every reader is an instruction of the same loop, at the same position: a value that need not outlive its strip.
  bool is_local = false;
};

/// Instructions with one count that read each other's values only at the same position: they run strip by strip, so
/// that what one writes is still in cache when the next reads it.
struct VectorLoop {
  static constexpr std::size_t none = SIZE_MAX;
  std::size_t count = 0;
  std::vector<std::size_t> instructions;
  /// Where nothing leaves the loop but the terms of one sum, which nothing reads but the caller: the instruction of
  /// that sum, and the one that makes its terms. Their adjoint is known before the loop has run.
  std::size_t summed_by = none;
  std::size_t terms_of = none;
};

/// The scalar nodes of a plan as vector instructions: nodes with the same operator whose operands are, recursively,
/// alike form one. So loops of the recorded program are found again without looking for loops: the k-th operation of
/// every iteration is alike. Chains of additions, f += t_1, ..., f += t_n, become one sum of n terms, added in the same
/// order; several alike whose terms are products that nothing else reads (a matrix by a vector) make them as they add.
/// What depends on itself from one iteration to the next stays scalar: instructions with count 1.
///
/// Values are one flat array: variables in the order of the graph's making, constants, then the results.
class VectorPlan {
 public:
  /// \throws std::invalid_argument when a node that the outputs depend on is not a scalar, or has an operator that is
  ///         not elementwise
  explicit VectorPlan(const Plan& plan);

  /// Whether the constructor would accept the plan.
  static bool accepts(const Plan& plan);

  std::span<const VectorInstruction> instructions() const { return instructions_; }
  std::span<const VectorLoop> loops() const { return loops_; }
  /// Places in all.
  std::size_t size() const { return size_; }
  /// Place of a node's value, or of a constant's. \pre the plan visits it
  std::size_t place(Ref ref) const { return ref.is_node() ? places_[ref.id()] : constants_ + ref.index(); }
  /// Constants stand from here on, one for each of the graph's table.
  std::size_t constants() const { return constants_; }

 private:
  void group(const Plan& plan);
  void choose_loops(std::span<const std::size_t> read_outside);
  std::vector<VectorInstruction> instructions_;
  std::vector<VectorLoop> loops_;
  std::vector<std::size_t> places_;
  std::size_t constants_ = 0;
  std::size_t size_ = 0;
};

}  // namespace nabla
