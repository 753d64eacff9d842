#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/graph/arena.hpp>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

/// Polynomials in matrices that do not commute, with scalars that do. Exact, and without a word about extents: a word
/// is meaningful in every dimension in which its letters are.
namespace nabla::matrix {

/// A matrix or a vector. A vector is a column; turned over it is a row.
struct Letter {
  enum class Kind : std::uint8_t {
    node,      ///< the value of a node
    inverse,   ///< of the value of a node
    cofactors  ///< of the value of a node
  };
  NodeId of = 0;
  Kind kind = Kind::node;
  bool turned = false;     ///< transposed
  bool is_vector = false;  ///< follows from `of`
  friend std::strong_ordering operator<=>(const Letter&, const Letter&) = default;
};

/// Letters multiplied in order; the empty one is the identity.
using Word = std::vector<Letter>;

/// The order of letters that breaks ties between words of one length.
enum class Order : std::uint8_t { later_first, earlier_first };
bool is_less(const Word& a, const Word& b, Order order);

using AtomId = std::uint32_t;
/// (atom, exponent other than 0), by atom. Exponents may be negative: only what is not 0 is divided by.
using Monomial = std::vector<std::pair<AtomId, int>>;
Monomial product(const Monomial& a, const Monomial& b);
/// \throws NotHandled when an exponent gets too large
Monomial power(const Monomial& a, std::int64_t n);

class Scalar {
 public:
  using Terms = std::map<Monomial, Rational>;
  Scalar() = default;
  Scalar(const Rational& c) { add(Monomial{}, c); }
  static Scalar of(Monomial m, const Rational& c = 1) {
    Scalar s;
    s.add(std::move(m), c);
    return s;
  }
  const Terms& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  bool is_one() const { return terms_.size() == 1 && terms_.begin()->first.empty() && terms_.begin()->second == 1; }
  bool is_monomial() const { return terms_.size() == 1; }
  void add(const Monomial& m, const Rational& c);
  void add(const Scalar& s, const Rational& times = 1);
  friend Scalar operator*(const Scalar& a, const Scalar& b);
  friend bool operator==(const Scalar&, const Scalar&) = default;
  friend bool operator<(const Scalar& a, const Scalar& b) { return a.terms_ < b.terms_; }

 private:
  Terms terms_;
};
/// \pre s is a monomial
Scalar reciprocal(const Scalar& s);
/// \throws NotHandled for a power that is too large, or a negative one of what is no monomial
Scalar power(const Scalar& s, std::int64_t n);

class Words {
 public:
  using Terms = std::map<Word, Scalar>;
  const Terms& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  void add(const Word& w, const Scalar& s);
  void add(const Words& other, const Scalar& times = Scalar(1));
  friend bool operator==(const Words&, const Words&) = default;
  friend bool operator<(const Words& a, const Words& b) { return a.terms_ < b.terms_; }

 private:
  Terms terms_;
};

/// What a scalar that is no polynomial in others is.
struct Atom {
  enum class Kind : std::uint8_t {
    node,        ///< the value of a node
    trace,       ///< of a word; for v' ... u, the number itself
    extent,      ///< of the identity that is that large: its trace
    determinant  ///< of a sum
  };
  Kind kind = Kind::node;
  NodeId node = 0;
  Word word{};
  Words sum{};
  std::int64_t extent = 0;
  friend bool operator==(const Atom&, const Atom&) = default;
  friend bool operator<(const Atom& a, const Atom& b) {
    return std::tie(a.kind, a.node, a.extent, a.word, a.sum) < std::tie(b.kind, b.node, b.extent, b.word, b.sum);
  }
};

/// The atoms of a problem, and what needs them: products of words, in which v' ... u is a number, and traces.
class Atoms {
 public:
  explicit Atoms(const Graph& graph) : graph_(graph) {}
  AtomId intern(const Atom& atom);
  /// From now on the matrix of this letter is its own transpose.
  void set_symmetric(Letter letter) { symmetric_.insert(letter); }
  Letter turned(Letter letter) const;
  Word turned(const Word& word) const;
  Words turned(const Words& sum) const;
  const Atom& operator[](AtomId id) const { return list_[id]; }

  /// The number that a word from a row to a column is; traces of words are the same turned round or over.
  Scalar number(const Word& word);
  /// The trace of a word. \param extent  of the identity
  Scalar trace(const Word& word, std::int64_t extent);
  /// Rows and columns of a letter.
  std::pair<std::int64_t, std::int64_t> extents(const Letter& letter) const;
  /// a * b, as a number and a word.
  std::pair<Scalar, Word> product(const Word& a, const Word& b);
  Words product(const Words& a, const Words& b);

 private:
  std::pair<Scalar, Word> without_numbers(Word word);
  const Graph& graph_;
  std::vector<Atom> list_;
  std::map<Atom, AtomId> ids_;
  std::set<Letter> symmetric_;
};

inline constexpr std::size_t longest_word = 32;
inline constexpr std::size_t most_terms = 2'000;

}  // namespace nabla::matrix
