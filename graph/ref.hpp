#pragma once

#include <cstdint>
#include <functional>

namespace nabla {

using NodeId = std::uint32_t;

/// An operand: a node, or a constant of the graph's table, which costs no node. Empty refers to nothing.
class Ref {
 public:
  constexpr Ref() = default;
  static constexpr Ref node(NodeId id) { return Ref(id); }
  static constexpr Ref constant(std::uint32_t index) { return Ref(index | constant_bit); }

  constexpr bool empty() const { return bits_ == nothing; }
  constexpr bool is_constant() const { return !empty() && (bits_ & constant_bit) != 0; }
  constexpr bool is_node() const { return (bits_ & constant_bit) == 0; }
  /// \pre is_node()
  constexpr NodeId id() const { return bits_; }
  /// \pre is_constant()
  constexpr std::uint32_t index() const { return bits_ & ~constant_bit; }
  constexpr std::uint32_t bits() const { return bits_; }

  friend constexpr bool operator==(Ref, Ref) = default;

  /// Node ids and constant indices stay below this.
  static constexpr std::uint32_t limit = 0x7FFFFFFF;

 private:
  static constexpr std::uint32_t constant_bit = 0x80000000;
  static constexpr std::uint32_t nothing = 0xFFFFFFFF;
  explicit constexpr Ref(std::uint32_t bits) : bits_(bits) {}
  std::uint32_t bits_ = nothing;
};

}  // namespace nabla
