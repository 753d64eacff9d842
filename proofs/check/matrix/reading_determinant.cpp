// Determinants and traces of sums of words.
#include <algorithm>
#include <nabla/proofs/check/matrix/reading.hpp>

namespace nabla::matrix {

namespace {

Fraction of_scalar(const Scalar& num, const Scalar& den = Scalar(1)) {
  Fraction v;
  v.num.add(Word{}, num);
  v.den = den;
  return v;
}

bool has_vector(const Word& w) { return std::ranges::any_of(w, &Letter::is_vector); }

}  // namespace

Fraction Reading::trace(const Fraction& a, std::int64_t extent) {
  Scalar total;
  for (const auto& [w, s] : a.num.terms()) total.add(s * atoms_.trace(w, extent));
  return of_scalar(total, a.den);
}

/// s^extent.
Scalar Reading::raised(const Scalar& s, std::int64_t extent) {
  if (s.is_one()) return s;
  raised_to_extent_ = true;
  return power(s, extent);
}

Scalar Reading::atom_of_determinant(const Words& sum, std::int64_t extent) {
  // det(-X) is det(X) up to its sign to the number of rows.
  Words of = std::min(sum, atoms_.turned(sum));
  Scalar sign(1);
  if (of.terms().begin()->second.terms().begin()->second < 0) {
    Words negated;
    negated.add(of, Scalar(-1));
    of = std::min(negated, atoms_.turned(negated));
    sign = raised(Scalar(-1), extent);
  }
  return sign * Scalar::of({{atoms_.intern({.kind = Atom::Kind::determinant, .node = 0, .word = {}, .sum = of}), 1}});
}

Fraction Reading::determinant(Letter letter, std::int64_t extent) {
  if (letter.kind == Letter::Kind::inverse) {
    letter.turned = false;
    const auto i = std::ranges::find(inverses_, letter, &Inverse::letter);
    if (i != inverses_.end()) {  // unit^n / det(of)
      const Words of = i->of;
      const Scalar unit = i->unit;
      return divided(of_scalar(raised(unit, extent)), determinant(Fraction{of, Scalar(1)}, extent));
    }
  }
  Words sum;
  sum.add({letter}, Scalar(1));
  return of_scalar(atom_of_determinant(sum, extent));
}

/// det(c X + s w) = c^n det(X) (1 + s tr(inv(X) w) / c) for w of rank 1 and X the identity or a letter with an inverse.
std::optional<Fraction> Reading::determinant_of_two(const Words& sum, std::int64_t extent) {
  if (sum.terms().size() != 2) return std::nullopt;
  const auto &first = *sum.terms().begin(), &last = *sum.terms().rbegin();
  const bool is_first = has_vector(first.first);
  if (is_first == has_vector(last.first)) return std::nullopt;
  const auto& [w, s] = is_first ? first : last;
  const auto& [x, c] = is_first ? last : first;
  if (x.size() > 1 || !is_nonzero(c)) return std::nullopt;
  Word product;
  Fraction of_x = of_scalar(Scalar(1));
  if (x.size() == 1) {
    if (x[0].kind != Letter::Kind::node || !is_inverted_[x[0].of]) return std::nullopt;
    Letter inverse{.of = x[0].of, .kind = Letter::Kind::inverse};
    if (!determinant_ready(inverse)) return std::nullopt;
    if (x[0].turned) inverse = atoms_.turned(inverse);
    product.push_back(inverse);
    of_x = determinant(x[0], extent);
  }
  product.insert(product.end(), w.begin(), w.end());
  Scalar factor(1);
  factor.add(s * reciprocal(c) * atoms_.trace(product, extent));
  Fraction v = of_x;
  v.num = {};
  v.num.add(of_x.num, factor * raised(c, extent));
  return v;
}

bool Reading::determinant_ready(const Letter& inverse) {
  const auto i = std::ranges::find(inverses_, inverse, &Inverse::letter);
  if (i == inverses_.end()) return this->inverse(Ref::node(inverse.of)).has_value();
  return i->unit.is_one();
}

Fraction Reading::determinant(const Fraction& a, std::int64_t extent) {
  if (a.num.is_zero()) return {};
  const Scalar den = raised(a.den, extent);
  if (a.num.terms().size() == 1) {
    const auto& [word, coefficient] = *a.num.terms().begin();
    Fraction total = of_scalar(raised(coefficient, extent), den);
    if (is_square(word)) {
      for (const Letter& l : word) total = product(total, determinant(l, extent));
      return total;
    }
  } else if (const auto two = determinant_of_two(a.num, extent)) {
    return product(*two, of_scalar(Scalar(1), den));
  }
  // det(1 + x y) = det(1 + y x), whatever their extents.
  Words least = a.num;
  if (a.num.terms().size() == 2 && a.num.terms().begin()->first.empty() && a.num.terms().begin()->second.is_one()) {
    const auto& [word, coefficient] = *a.num.terms().rbegin();
    for (const Word& start : {word, atoms_.turned(word)})
      for (std::size_t k = 0; k < word.size(); ++k) {
        Word w = start;
        std::ranges::rotate(w, w.begin() + static_cast<std::ptrdiff_t>(k));
        Words other;
        other.add(Word{}, Scalar(1));
        other.add(w, coefficient);
        least = std::min(least, other);
      }
  }
  return of_scalar(atom_of_determinant(least, extent), den);
}

}  // namespace nabla::matrix
