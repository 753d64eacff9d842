#pragma once

#include <functional>
#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/recheck/index/tree.hpp>

/// From the text of a claim to the re-checker's trees, with names for extents.
namespace nabla::reindex {

struct Callable {
  enum class Kind : std::uint8_t { written, registered, derivative, variable };
  Kind kind = Kind::registered;
  std::string name;
  std::vector<std::string> parameters;
  SyntaxId body = 0;
  std::size_t names = 0;  ///< declared when it was
  char transform = 'g';   ///< g, j, h
  std::shared_ptr<const Callable> inside;
  int variable = 0;
};
struct Meaning {
  enum class Kind : std::uint8_t { number, condition, function, array };
  Kind kind = Kind::number;
  Tensor tensor;
  std::shared_ptr<const Callable> function;
  int array = 0;
  std::vector<Demand> demands;  ///< of an abbreviation
};
struct SetMeaning {
  std::vector<Lin> extents;
  std::optional<Rational> lo, hi;
  bool lo_strict = false, hi_strict = false;
  bool is_exact = true;
  std::vector<Rational> elements;
  SyntaxKind kind = SyntaxKind::set_reals;
};

[[noreturn]] inline void unfit() { throw NotHandled("shapes that are not known to conform"); }

class Reader {
 public:
  Reader(const Claim& claim, World& world);
  Meaning value(SyntaxId id);
  Tensor number(SyntaxId id);
  SetMeaning set(SyntaxId id);
  int array(SyntaxId id);
  Tree at(const Tensor& t, const std::vector<Lin>& where) const;
  Tensor make(std::vector<Lin> extents, const std::function<Tree(const std::vector<Lin>&)>& entry);
  /// Both on the axes of the first; scalars stretch where they may. \throws NotHandled
  std::pair<Tensor, Tensor> together(const Tensor& a, const Tensor& b, bool stretch = true);
  bool is_name(std::string_view name) const { return find(name) != nullptr; }
  std::optional<Lin> lin(const Tree& t) const;
  // limit.cpp
  bool is_linear(const Tensor& t, int array);
  bool is_monotone(const Tensor& t, int array, bool up);

 private:
  using Row = std::pair<std::string, Meaning>;
  const Meaning* find(std::string_view name) const;
  void line(const ForLine& l);
  void line(const GivenLine& l);
  void line(const GivenFunctionLine& l);
  void line(const LetLine& l);
  void line(const AssumeLine& l);
  void line(const ConventionLine& l);
  void line(const ShowLine&) {}
  void add_fact(Relation r, const Tensor& a, const Tensor& b);
  Meaning leaf(SyntaxId id);
  Meaning call(SyntaxId id);
  Meaning apply(const std::shared_ptr<const Callable>& f, const std::vector<Meaning>& x);
  Tensor binary(SyntaxId id, const Tensor& a, const Tensor& b);
  Tensor each(Opcode code, const std::vector<Tensor>& x);
  Tensor product(const Tensor& a, const Tensor& b);
  Tensor power(const Tensor& a, const Tensor& b);
  Tensor registered(const std::string& name, const std::vector<Tensor>& x);
  Tensor sum_of(const Tensor& t);
  Tensor comprehension(SyntaxId id);
  Tensor where(SyntaxId id);
  Tensor limit(SyntaxId id);
  bool has_tangent(const Tree& t, int array, const Tree& place);
  bool is_free(int array) const;
  Tensor index(const Tensor& t, std::size_t first, SyntaxId id, std::size_t& kept);
  Tensor derivative(char transform, const Tensor& of, int array);
  Meaning derivative_call(char transform, SyntaxId id);
  Tensor along(SyntaxId id);
  Tree relate(Relation r, const Tree& a, const Tree& b);
  Tree scalar(SyntaxId id);
  Lin subscript(SyntaxId id);
  std::vector<Lin> extents(std::span<const SyntaxId> ids);
  std::optional<Rational> rational(SyntaxId id);
  Tree log_of(const Tree& t);

  const Syntax& syntax_;
  World& world_;
  std::vector<Row> names_, locals_;
  std::size_t floor_ = 0, visible_ = static_cast<std::size_t>(-1);
};

/// The signs a tree can have, from what its parts are.
Signs sign_of(World& world, const Tree& t);
/// Whether what is demanded is shown.
bool is_met(World& world, const Demand& d);

}  // namespace nabla::reindex
