#pragma once

#include <map>
#include <memory>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/record/expr.hpp>
#include <nabla/proofs/claim/problem.hpp>
#include <set>
#include <string>
#include <vector>

/// The re-checker's terms with names for extents: trees as they are written, on which nothing is simplified. Shares no
/// code with the deciders.
namespace nabla::reindex {

/// A whole-number combination of symbols (dimension names, index names, bound indices).
struct Lin {
  std::int64_t c = 0;
  std::map<int, std::int64_t> of;
  static Lin number(std::int64_t n) { return {n, {}}; }
  static Lin name(int s) { return {0, {{s, 1}}}; }
  bool is_number() const { return of.empty(); }
  bool has(int s) const { return of.contains(s); }
  friend bool operator==(const Lin&, const Lin&) = default;
  friend auto operator<=>(const Lin&, const Lin&) = default;
};
/// a + factor * b. \throws NotHandled for numbers past 2^40
Lin plus(const Lin& a, const Lin& b, std::int64_t factor = 1);
using Renaming = std::map<int, Lin>;
Lin renamed(const Lin& a, const Renaming& by);

/// What symbols range over. \pre ends are in symbols made before
struct Ranges {
  struct Row {
    std::string name;
    Lin lo;
    std::optional<Lin> hi;
  };
  std::vector<Row> rows;
  std::vector<Lin> guards;  ///< known to be >= 0
  int make(std::string name, Lin lo, std::optional<Lin> hi);
  bool at_least_zero(const Lin& a) const;
  std::optional<std::int64_t> least(Lin a) const;
};

enum class Kind : std::uint8_t {
  number,
  symbol,  ///< at[0] as a number
  entry,   ///< of array `code` at `at`
  add,
  mul,
  power,     ///< args[0] to the whole number `exponent`
  call,      ///< operator `code` of args
  sum,       ///< of args[0] over `bound`
  equal,     ///< 1 where at[0] = 0
  at_least,  ///< 1 where at[0] >= 0
  positive,  ///< 1 where args[0] > 0
  apply,     ///< function variable `code` at the tensor (bounds, args[0]), entry `at`
  slope      ///< its derivative
};
struct Bound {
  int symbol = 0;
  Lin lo, hi;
};
struct Node;
using Tree = std::shared_ptr<const Node>;
struct Node {
  Kind kind = Kind::number;
  Rational number = 0;
  int code = 0;
  std::int64_t exponent = 0;
  std::vector<Lin> at;
  std::vector<Tree> args;
  std::vector<Bound> bounds;
};

Tree make_number(const Rational& c);
Tree make_lin(const Lin& a);
Tree make_entry(int array, std::vector<Lin> at);
Tree make_add(std::vector<Tree> args);
Tree make_mul(std::vector<Tree> args);
Tree make_power(Tree base, std::int64_t n);
Tree make_call(Opcode code, std::vector<Tree> args);
Tree make_sum(const Bound& k, Tree body);
Tree make_node(Node n);
Tree negated(const Tree& a);
Tree minus(const Tree& a, const Tree& b);
bool is_number(const Tree& t, std::int64_t n);

Tree renamed(const Tree& t, const Renaming& by);
/// Whether it depends on the symbol: one that a sum inside binds does not count.
bool mentions(const Tree& t, int symbol);
bool depends(const Tree& t, int array);
/// Entries of the array by a tensor's.
Tree with_array(const Tree& t, int array, const std::vector<int>& axes, const Tree& body);
/// A condition on indices by 0 or 1.
Tree with_condition(const Tree& t, Kind kind, const Lin& at, bool holds);
/// t with another tree in place of one that stands in it (that very node, not its equals).
Tree with_part(const Tree& t, const Tree& part, const Tree& by);

struct Tensor {
  std::vector<Lin> extents;
  std::vector<int> axes;
  Tree body;
};

struct Array {
  std::string name;
  std::vector<Lin> extents;
  std::optional<Rational> lo, hi;
  bool lo_strict = false, hi_strict = false;
  bool is_binary = false, is_onehot = false, is_symmetric = false;
};
struct FunctionVariable {
  std::string name;
  std::vector<Lin> domain, codomain;
  bool is_differentiable = false;
};

/// Sets of signs: negative 1, zero 2, positive 4.
using Signs = unsigned;
struct Fact {
  std::vector<int> pattern;
  Tree value;
  Signs signs = 7;
};
/// The sum of a power of an array's entries over one whole axis, whatever the other subscripts.
struct RowSum {
  int array = 0;
  std::size_t axis = 0;
  Rational value;
  std::int64_t power = 1;  ///< of the entries
};
/// What must hold: the sign of args[0], or a condition on placeholders.
struct Demand {
  std::vector<Tree> args;
  Signs signs = 7;
  Expr condition;
  bool wanted = true;
  std::vector<Tree> guards;
};

/// Everything that a claim declares.
struct World {
  Ranges ranges;
  std::set<int> declared;  ///< names of the claim's `for` lines
  std::vector<Array> arrays;
  std::vector<FunctionVariable> functions;
  std::vector<Fact> facts;
  std::vector<RowSum> row_sums;
  std::vector<KinkConvention> conventions;
  bool obeys_conventions = true;
  std::vector<Demand> demands;
  std::vector<Tree> guards;
  std::shared_ptr<Workspace> workspace = std::make_shared<Workspace>();
  std::vector<Expr> placeholders;
  std::int64_t steps = 0;

  void step();
  std::span<const Expr> names(std::size_t count);
  /// A scalar expression of the placeholders as a tree.
  Tree tree_of(const Expr& e, const std::vector<Tree>& x);
  /// \param is_flat  t is a factor beside one that vanishes where t does, or a power of t is taken
  Tree derivative(const Tree& t, int array, const std::vector<Lin>& at, bool is_flat = false);
  void demand_domain(Opcode code, const std::vector<std::int64_t>& attributes, const std::vector<Tree>& x);
};

/// Calls one level deeper. \throws NotHandled past 150
class Level {
 public:
  Level();
  ~Level();
};

}  // namespace nabla::reindex
