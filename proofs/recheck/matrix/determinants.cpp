// Determinants of sums of words, by the rules of determinants: of products, of inverses, and of what differs from a
// matrix with an inverse by a product of two vectors.
#include <algorithm>
#include <nabla/proofs/recheck/matrix/reader.hpp>

namespace nabla::spelled {

namespace {

Ratio ratio_of(const Polynomial& top, const Polynomial& bottom = Polynomial(1)) {
  Ratio r;
  if (!top.is_zero()) r.top[{}] = top;
  r.bottom = bottom;
  return r;
}

}  // namespace

/// A determinant that is not taken apart, named so that det(X), det(X') and det(-X) agree up to the sign.
Polynomial Reader::determinant_as_number(const Form& f, std::int64_t n) {
  std::vector<Form> same{f};
  if (f.size() == 2 && f.begin()->first.empty() && f.begin()->second == Polynomial(1)) {
    // det(1 + x y) = det(1 + y x)
    const auto& [word, p] = *f.rbegin();
    Word w = word;
    for (std::size_t k = 1; k < word.size(); ++k) {
      std::ranges::rotate(w, w.begin() + 1);
      same.push_back({{Word{}, Polynomial(1)}, {w, p}});
    }
  }
  std::string least, least_negative;
  for (const Form& x : same)
    for (const Form& y : {x, alphabet_.flipped(x)}) {
      const std::string name = alphabet_.text(y), negative = alphabet_.text(alphabet_.sum({}, y, Polynomial(-1)));
      if (least.empty() || name < least) least = name;
      if (least_negative.empty() || negative < least_negative) least_negative = negative;
    }
  const bool negated = least_negative < least && same.size() == 1;
  const Polynomial d = alphabet_.number("det " + (negated ? least_negative : least));
  return negated && n % 2 != 0 ? d.scaled(-1) : d;
}

Ratio Reader::determinant_of_letter(int letter, std::int64_t n) {
  if (alphabet_.info(letter).kind == 1) {
    const auto pair = std::ranges::find(pairs_, std::abs(letter), &Pair::letter);
    if (pair != pairs_.end()) {
      const Polynomial unit = pair->unit;
      const Form of_pair = pair->of;
      return over(ratio_of(alphabet_.power(unit, n)), determinant({of_pair, Polynomial(1)}, n));
    }
  }
  return ratio_of(determinant_as_number({{Word{letter}, Polynomial(1)}}, n));
}

/// det(c X + p w) = det(c X) (1 + p/c * inv(X) w), the last as a number, where w is a product of two vectors.
std::optional<Ratio> Reader::bordered(const Form& f, std::int64_t n) {
  if (f.size() != 2) return std::nullopt;
  const auto has_vectors = [&](const Word& w) {
    return std::ranges::any_of(w, [&](int l) { return alphabet_.info(l).is_vector; });
  };
  const auto *w = &*f.begin(), *x = &*f.rbegin();
  if (!has_vectors(w->first)) std::swap(w, x);
  if (!has_vectors(w->first) || has_vectors(x->first) || x->first.size() > 1 || !never_zero(x->second))
    return std::nullopt;
  Ratio d = ratio_of(Polynomial(1));
  Word inside;
  if (!x->first.empty()) {
    const int letter = x->first[0];
    const LetterOf& info = alphabet_.info(letter);
    if (info.kind != 0 || !inverted_.contains(info.node)) return std::nullopt;
    const NodeId node = info.node;
    if (!inverse(Ref::node(node))) return std::nullopt;
    const int inverse_letter = alphabet_.letter(node, 1);
    const auto pair = std::ranges::find(pairs_, inverse_letter, &Pair::letter);
    if (pair == pairs_.end() || pair->unit != Polynomial(1)) return std::nullopt;
    inside.push_back(letter < 0 && !alphabet_.info(inverse_letter).is_mirrored ? -inverse_letter : inverse_letter);
    d = determinant_of_letter(letter, n);
  }
  inside.insert(inside.end(), w->first.begin(), w->first.end());
  const Polynomial one_more = alphabet_.plus(
      Polynomial(1), alphabet_.times(alphabet_.times(w->second, inverted(x->second)), alphabet_.trace(inside, n)));
  return scaled(d, alphabet_.times(one_more, alphabet_.power(x->second, n)));
}

Ratio Reader::determinant(const Ratio& a, std::int64_t n) {
  if (a.top.empty()) return {};
  const Ratio bottom = ratio_of(Polynomial(1), alphabet_.power(a.bottom, n));
  if (a.top.size() == 1 && all_square(a.top.begin()->first)) {
    Ratio d = ratio_of(alphabet_.power(a.top.begin()->second, n));
    for (const int l : a.top.begin()->first) d = product(d, determinant_of_letter(l, n));
    return product(d, bottom);
  }
  if (const auto d = bordered(a.top, n)) return product(*d, bottom);
  return product(ratio_of(determinant_as_number(a.top, n)), bottom);
}

}  // namespace nabla::spelled
