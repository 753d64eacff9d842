#pragma once

#include <nabla/engine/compile/computation.hpp>
#include <nabla/engine/compile/vector_plan.hpp>

namespace nabla {

/// A computation on arrays as steps over flat memory, the same for every kind of number. A step is a loop of
/// elementwise operators with one number of entries, which runs strip by strip, or one structured operator on whole
/// arrays.
///
/// A product whose transpose alone is read is computed as that: b' a' in place of (a b)'.
///
/// What only moves entries (reshape, transpose, flip, stretching) is no step: who reads it reads the entries where they
/// are. What is read in its own loop alone exists a strip at a time. Other values have places that serve again when
/// their last reader is done; the outputs' own values stand where the caller wants them.
class ArrayPlan {
 public:
  /// \throws UnsupportedError for an operator of the user's own
  explicit ArrayPlan(const Computation& computation);

  /// Consecutive entries.
  struct Block {
    enum class Where : std::uint8_t {
      own,       ///< among the plan's values, from entry `at`
      constant,  ///< likewise; set once
      input,     ///< input `at`
      output,    ///< output `at`
      strip      ///< strip `at` of its loop
    };
    Where where = Where::own;
    std::size_t at = 0;
    std::size_t size = 0;
  };
  struct Operand {
    std::size_t block = 0;
    Access access;  ///< within the block
  };
  struct Instruction {
    bool copies = false;  ///< its one operand, as it is; otherwise `code` applies
    Opcode code = 0;
    Attributes attributes;
    std::vector<Operand> operands;
    std::size_t result = 0;  ///< block
  };
  struct Step {
    std::size_t count = 0;              ///< entries of the loop
    std::size_t strips = 0;             ///< that the loop needs
    std::vector<Instruction> loop;      ///< empty: a structured operator
    NodeId node = 0;                    ///< of it
    std::vector<std::size_t> operands;  ///< blocks
    std::vector<bool> transposed;       ///< the operand is the matrix in its block, transposed
    std::vector<Shape> shapes;          ///< of the operands, as the operator sees them
    Shape shape;                        ///< of the result
    std::size_t result = 0;
  };
  struct ConstantBlock {
    std::size_t block;
    Constant value;  ///< of every entry
  };

  const Graph& graph() const { return *graph_; }
  std::span<const Step> steps() const { return steps_; }
  std::span<const Block> blocks() const { return blocks_; }
  std::span<const ConstantBlock> constants() const { return constants_; }
  /// Guard sides: blocks of one entry, left, right, left, right, ...
  std::span<const std::size_t> guard_sides() const { return guard_sides_; }
  /// Entries of the plan's own values.
  std::size_t size() const { return size_; }

 private:
  /// Entries of a block in some order; `entries` empty: all of them as they stand.
  struct Picked {
    std::size_t block = none;
    std::vector<std::uint32_t> entries;
    bool is_transposed = false;  ///< the block is a matrix, and this its transpose
  };
  static constexpr std::size_t none = SIZE_MAX;

  /// Which products of two matrices are read by transpositions alone.
  std::vector<bool> transposed_products(const std::vector<bool>& visited, std::span<const Ref> wanted) const;
  void visit(NodeId id);
  void move(NodeId id);
  void structured(NodeId id);
  Picked& view(Ref ref);
  std::size_t constant(const Constant& value, std::size_t size);
  /// The place of each entry of an operand that is stretched to the shape.
  Operand operand(Ref ref, const Shape& to);
  std::size_t elementwise(Instruction instruction, std::size_t count);
  /// A block that holds the value as it is.
  std::size_t whole(Ref ref);
  void name_outputs(const Computation& computation);
  void lay_out();
  /// Each instruction of a loop as soon as its operands are there, so that a value is read soon after it is made.
  void order_for_reuse(std::size_t step);
  void lay_out_strips(Step& step, const std::vector<bool>& in_step);

  std::shared_ptr<const Graph> graph_;
  std::vector<Step> steps_;
  std::vector<Block> blocks_;
  std::vector<std::size_t> made_by_;  // a block's step; none: before all
  std::vector<ConstantBlock> constants_;
  std::vector<std::size_t> guard_sides_;
  std::vector<bool> is_transposed_;     // by node: transposed_products
  std::vector<Picked> views_;           // by node
  std::vector<Picked> constant_views_;  // by constant
  std::size_t size_ = 0;
};

}  // namespace nabla
