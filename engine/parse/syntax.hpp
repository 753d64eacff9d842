#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nabla/engine/parse/source.hpp>

namespace nabla {

/// The number of a node in its Syntax.
using SyntaxId = std::uint32_t;

/// What a node is, and its children in order. EXPR, STATEMENT and SET stand for one child each; the grammar does not
/// know types, so that a child written EXPR may turn out to be a condition (`(x > 0) + 1`): that is for the reader.
enum class SyntaxKind : std::uint8_t {
  number,         // spelling() is the exact text: "0.1", "12", "1e-3"
  name,           // spelling() is the name; also a name that is being declared
  infinity,       // oo
  vector,         // [a, b, c]: the entries, possibly none
  matrix,         // [a, b; c, d]: at least two children of kind row (lengths may differ: the reader compares them)
  row,            // the entries of one row, at least one
  call,           // callee EXPR (kind name, or any other expression: grad(f)(x)), then the arguments, possibly none;
                  // an argument is EXPR, STATEMENT or tuple
  tuple,          // (x, y) as a whole argument: at least two
  index,          // base EXPR, then at least one subscript: EXPR or all
  all,            // the subscript `:`
  transpose,      // EXPR
  negate,         // EXPR
  binary,         // EXPR, EXPR; binary_operator() tells which
  comprehension,  // sum, prod or max (i in FROM..TO: BODY): name, FROM, TO, BODY; comprehension_operator() tells which
  integral,       // integral(t in FROM..TO: BODY): name, FROM, TO, BODY
  limit,          // limit(h -> TARGET: BODY): name, TARGET, BODY
  at,             // EXPR at x = VALUE: EXPR, name, VALUE
  relation,       // a == b <= c: the operands, one more than links()
  negation,       // not STATEMENT
  implication,    // STATEMENT implies STATEMENT
  membership,     // in(EXPR, SET)
  set_reals,      // R
  set_interval,   // lower EXPR, upper EXPR; closed_below(), closed_above()
  set_finite,     // the elements, at least one
  set_simplex,    // this and the next three always inside set_shaped
  set_onehot,
  set_symmetric,  // sym
  set_spd,
  set_shaped,  // SET, then the dimensions EXPR, at least one: R[m, n]
};

enum class BinaryOperator : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  power,
  elementwise_multiply,
  elementwise_divide,
  elementwise_power
};
enum class Comprehension : std::uint8_t { sum, prod, max };
enum class Relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// How they are written: "+", ".*"; "sum"; "<=".
std::string_view spelling(BinaryOperator op);
std::string_view spelling(Comprehension op);
std::string_view spelling(Relation op);

/// One operator of a chain of relations; the one at position k stands between the operands k and k + 1.
struct RelationLink {
  Relation relation;
  Place place;
};

/// Syntax trees of one text, in one flat arena. Children have smaller ids than their parents, and nothing here
/// recurses: a tree may be as deep as its text is long (1+1+...+1), so readers should use walk(), not recursion.
/// Names are not resolved and shapes not known. A Syntax keeps its source alive. Members that take an id require it
/// to be of this Syntax and of the kind they speak of.
class Syntax {
 public:
  Syntax() = default;
  explicit Syntax(Source source) : source_(std::move(source)) {}

  const Source& source() const { return source_; }
  std::size_t size() const { return nodes_.size(); }
  /// The tree that a parse function with one result made last. \pre size() > 0
  SyntaxId root() const { return root_; }
  void set_root(SyntaxId id) { root_ = id; }

  SyntaxKind kind(SyntaxId id) const { return nodes_[id].kind; }
  std::span<const SyntaxId> children(SyntaxId id) const;
  SyntaxId child(SyntaxId id, std::size_t slot) const { return children(id)[slot]; }

  /// Where the node's text begins, parentheses around it included.
  Place place(SyntaxId id) const { return nodes_[id].place; }
  /// The place to name in an error: the operator of binary, negate, negation, implication, at, transpose and the
  /// first one of a relation; the bracket that opens an index; the callee of a call of a name, else its parenthesis;
  /// for other kinds where they begin (without parentheses around them).
  Place anchor(SyntaxId id) const { return nodes_[id].anchor; }
  /// Byte offsets into the source, parentheses around the node included: [begin, end).
  std::uint32_t begin(SyntaxId id) const { return nodes_[id].begin; }
  std::uint32_t end(SyntaxId id) const { return nodes_[id].end; }
  /// The node as it is written in the source.
  std::string_view text(SyntaxId id) const;

  /// Of number and name: the token alone.
  std::string_view spelling(SyntaxId id) const;
  BinaryOperator binary_operator(SyntaxId id) const { return static_cast<BinaryOperator>(nodes_[id].detail); }
  Comprehension comprehension_operator(SyntaxId id) const { return static_cast<Comprehension>(nodes_[id].detail); }
  bool closed_below(SyntaxId id) const { return (nodes_[id].detail & 1u) != 0; }
  bool closed_above(SyntaxId id) const { return (nodes_[id].detail & 2u) != 0; }
  std::span<const RelationLink> links(SyntaxId id) const;

  /// A stretch of the source and the place where it begins.
  struct Extent {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Place place;
  };
  /// Appends a node. `detail` is the operator, or bit 0: closed below, bit 1: closed above.
  SyntaxId add(SyntaxKind kind, Extent extent, Place anchor, std::span<const SyntaxId> children,
               std::uint8_t detail = 0);
  SyntaxId add(SyntaxKind kind, Extent extent, Place anchor, std::initializer_list<SyntaxId> children,
               std::uint8_t detail = 0) {
    return add(kind, extent, anchor, std::span<const SyntaxId>(children.begin(), children.size()), detail);
  }
  /// Appends a number, name or other node without children, spelt as its extent is.
  SyntaxId add_leaf(SyntaxKind kind, Extent extent);
  /// Appends a relation. \pre operands.size() == links.size() + 1
  SyntaxId add_relation(Extent extent, std::span<const SyntaxId> operands, std::span<const RelationLink> links);
  /// Makes the extent of a node include the parentheses around it.
  void widen(SyntaxId id, Extent extent);

 private:
  struct Node {
    SyntaxKind kind;
    std::uint8_t detail;
    std::uint32_t begin;
    std::uint32_t end;
    Place place;
    Place anchor;
    std::uint32_t first;  // of the children in children_; of a leaf: where its token begins
    std::uint32_t count;  // of the children; of a leaf: how long its token is
    std::uint32_t link;   // the first in links_
  };

  static bool is_leaf(SyntaxKind kind);

  Source source_;
  std::vector<Node> nodes_;
  std::vector<SyntaxId> children_;
  std::vector<RelationLink> links_;
  SyntaxId root_ = 0;
};

/// Visits a tree depth first, children in order, with a stack of its own: enter(id) before the children, leave(id)
/// after them. When enter returns false, the children are passed over (leave is still called).
template <typename Enter, typename Leave>
void walk(const Syntax& syntax, SyntaxId root, Enter enter, Leave leave) {
  struct Frame {
    SyntaxId id;
    std::size_t next;
    bool descend;
  };
  std::vector<Frame> stack;
  stack.push_back({root, 0, static_cast<bool>(enter(root))});
  while (!stack.empty()) {
    Frame& top = stack.back();
    const auto children = syntax.children(top.id);
    if (!top.descend || top.next == children.size()) {
      const SyntaxId done = top.id;
      stack.pop_back();
      leave(done);
    } else {
      const SyntaxId id = children[top.next++];
      stack.push_back({id, 0, static_cast<bool>(enter(id))});
    }
  }
}

/// The tree in prefix form, for tests and for looking at: "(+ a (* 2 b))", "(call f x)", "(index A i :)", "(' A)",
/// "(neg x)", "(vector 1 2)", "(matrix (row 1) (row 2))", "(tuple x y)", "(sum i 1 n x)", "(integral t 0 1 x)",
/// "(limit h 0 x)", "(at e x v)", "(== a b)", a longer chain "(chain a == b <= c)", "(not s)", "(implies s t)",
/// "(in x R)", "(interval [ 0 1 ))", "(finite 1 2)", "(shaped R n)".
std::string to_sexpr(const Syntax& syntax, SyntaxId root);

}  // namespace nabla
