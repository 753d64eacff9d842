// What the relations that define inverses and the hypotheses say of words and numbers.
#include <algorithm>
#include <nabla/proofs/check/matrix/reading.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla::matrix {

namespace {

/// The coefficient of a number that is one term; nothing for others.
const Monomial* monomial_in(const Fraction& f) {
  if (f.num.terms().size() != 1 || !f.num.terms().begin()->first.empty()) return nullptr;
  const Scalar& s = f.num.terms().begin()->second;
  return s.is_monomial() ? &s.terms().begin()->first : nullptr;
}

}  // namespace

void Reading::add_relation(const Words& zero) {
  if (zero.is_zero() || std::ranges::find(relations_, zero) != relations_.end()) return;
  relations_.push_back(zero);
}

/// What is said of words that are a multiple of the identity: of square matrices the product is the same turned round.
void Reading::add_relations_of_inverses() {
  for (const Inverse& i : inverses_) {
    Words letter;
    letter.add({i.letter}, Scalar(1));
    Words unit;
    unit.add(Word{}, i.unit * Scalar(-1));
    for (const bool before : {true, false}) {
      Words zero = before ? atoms_.product(letter, i.of) : atoms_.product(i.of, letter);
      zero.add(unit);
      add_relation(zero);
      add_relation(atoms_.turned(zero));
    }
    if (i.of.terms().size() != 1 || !i.exists) continue;
    const auto& [word, coefficient] = *i.of.terms().begin();
    if (!is_square(word)) continue;
    Word all{i.letter};
    all.insert(all.end(), word.begin(), word.end());
    for (std::size_t k = 1; k < all.size(); ++k) {
      std::ranges::rotate(all, all.begin() + 1);
      Words zero = unit;
      zero.add(all, coefficient);
      add_relation(zero);
      add_relation(atoms_.turned(zero));
    }
  }
}

bool Reading::is_square(const Word& word) const {
  return std::ranges::all_of(word, [&](const Letter& l) {
    const auto [rows, columns] = atoms_.extents(l);
    return rows == columns && !l.is_vector;
  });
}

/// Numbers whose set has not 0 in it.
void Reading::look_at_sets() {
  for (const Given& g : problem_.givens) {
    const RealSet& set = g.set.entries;
    if (g.set.kind != Set::Kind::entries || set.is_finite() || !g.variable.shape().is_scalar()) continue;
    const auto excludes_zero = [&](const Expr& end, bool closed, int sign) {
      const auto c = end.empty() ? std::nullopt : constant_rational(end);
      return c && (*c * sign > 0 || (*c == 0 && !closed));
    };
    if (!excludes_zero(set.lo, set.lo_closed, 1) && !excludes_zero(set.hi, set.hi_closed, -1)) continue;
    if (g.variable.ref().is_node()) nonzero_.insert(atoms_.intern({.node = g.variable.ref().id()}));
  }
}

void Reading::add_hypotheses() {
  for (const Statement& h : problem_.hypotheses) {
    if (h.kind != Statement::Kind::relation) continue;
    for (std::size_t k = 0; k < h.comparisons.size(); ++k) {
      const Expr &a = h.sides[k], &b = h.sides[k + 1];
      const bool is_strict = h.comparisons[k] == Comparison::not_equal || h.comparisons[k] == Comparison::less ||
                             h.comparisons[k] == Comparison::greater;
      if (is_strict && (a.is(0) || b.is(0)) && a.shape().is_scalar() && b.shape().is_scalar()) {
        const auto v = operand(a.is(0) ? b.ref() : a.ref());
        if (const Monomial* m = v ? monomial_in(*v) : nullptr) mark_nonzero(*m);
      }
      if (h.comparisons[k] != Comparison::equal || a.shape().rank() == 0 || a.shape() != b.shape()) continue;
      const auto x = operand(a.ref()), y = operand(b.ref());
      if (!x || !y) continue;
      Words zero;
      zero.add(x->num, y->den);
      zero.add(y->num, x->den * Scalar(-1));
      add_relation(zero);
      add_relation(atoms_.turned(zero));
      // A product of square matrices that is a multiple of the identity other than 0.
      if (zero.terms().size() != 2 || !zero.terms().begin()->first.empty()) continue;
      const Scalar& unit = zero.terms().begin()->second;
      if (!unit.is_monomial() || !unit.terms().begin()->first.empty()) continue;
      const auto& [word, coefficient] = *zero.terms().rbegin();
      if (!is_square(word)) continue;
      Word all = word;
      for (std::size_t r = 1; r < all.size(); ++r) {
        std::ranges::rotate(all, all.begin() + 1);
        Words turned_round;
        turned_round.add(Word{}, unit);
        turned_round.add(all, coefficient);
        add_relation(turned_round);
        add_relation(atoms_.turned(turned_round));
      }
    }
  }
}

}  // namespace nabla::matrix
