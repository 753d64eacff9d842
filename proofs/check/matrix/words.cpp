#include <algorithm>
#include <nabla/proofs/check/matrix/words.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla::matrix {

namespace {

constexpr std::int64_t largest_exponent = 4'000;
constexpr std::int64_t largest_power_of_sum = 8;

bool is_row(const Letter& l) { return l.is_vector && l.turned; }
bool is_column(const Letter& l) { return l.is_vector && !l.turned; }

}  // namespace

bool is_less(const Word& a, const Word& b, Order order) {
  if (a.size() != b.size()) return a.size() < b.size();
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k] == b[k]) continue;
    return order == Order::later_first ? a[k] < b[k] : b[k] < a[k];
  }
  return false;
}

Monomial product(const Monomial& a, const Monomial& b) {
  Monomial r;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->first < j->first)) {
      r.push_back(*i++);
    } else if (i == a.end() || j->first < i->first) {
      r.push_back(*j++);
    } else {
      if (const int e = i->second + j->second; e != 0) r.emplace_back(i->first, e);
      ++i;
      ++j;
    }
  }
  return r;
}

Monomial power(const Monomial& a, std::int64_t n) {
  Monomial r;
  if (n == 0) return r;
  for (const auto& [atom, e] : a) {
    if (std::abs(n) > largest_exponent || std::abs(e * n) > largest_exponent) throw NotHandled("an exponent as large");
    r.emplace_back(atom, static_cast<int>(e * n));
  }
  return r;
}

void Scalar::add(const Monomial& m, const Rational& c) {
  if (c == 0) return;
  const auto [it, is_new] = terms_.try_emplace(m, c);
  if (!is_new) {
    it->second += c;
    if (it->second == 0) terms_.erase(it);
  }
  if (terms_.size() > most_terms) throw NotHandled("too many terms");
}

void Scalar::add(const Scalar& s, const Rational& times) {
  for (const auto& [m, c] : s.terms_) add(m, c * times);
}

Scalar operator*(const Scalar& a, const Scalar& b) {
  Scalar r;
  for (const auto& [m, c] : a.terms_)
    for (const auto& [n, d] : b.terms_) r.add(product(m, n), c * d);
  return r;
}

Scalar reciprocal(const Scalar& s) {
  const auto& [m, c] = *s.terms().begin();
  return Scalar::of(power(m, -1), 1 / c);
}

Scalar power(const Scalar& s, std::int64_t n) {
  if (n < 0) {
    if (!s.is_monomial()) throw NotHandled("a negative power of a sum");
    return power(reciprocal(s), -n);
  }
  if (s.is_monomial()) {
    const auto& [m, c] = *s.terms().begin();
    if (n > largest_exponent) throw NotHandled("an exponent as large");
    Rational value = 1;
    for (std::int64_t k = 0; k < n; ++k) value *= c;
    return Scalar::of(power(m, n), value);
  }
  if (n > largest_power_of_sum && !s.is_zero()) throw NotHandled("a power of a sum as high");
  Scalar r(1);
  for (std::int64_t k = 0; k < n && !r.is_zero(); ++k) r = r * s;
  return r;
}

void Words::add(const Word& w, const Scalar& s) {
  if (s.is_zero()) return;
  if (w.size() > longest_word) throw NotHandled("a product of as many matrices");
  Scalar& to = terms_[w];
  to.add(s);
  if (to.is_zero()) terms_.erase(w);
  if (terms_.size() > most_terms) throw NotHandled("too many terms");
}

void Words::add(const Words& other, const Scalar& times) {
  for (const auto& [w, s] : other.terms_) add(w, s * times);
}

AtomId Atoms::intern(const Atom& atom) {
  const auto [it, is_new] = ids_.try_emplace(atom, static_cast<AtomId>(list_.size()));
  if (is_new) list_.push_back(atom);
  return it->second;
}

Letter Atoms::turned(Letter letter) const {
  if (!symmetric_.contains(letter)) letter.turned = !letter.turned;
  return letter;
}

Word Atoms::turned(const Word& word) const {
  Word w;
  for (auto l = word.rbegin(); l != word.rend(); ++l) w.push_back(turned(*l));
  return w;
}

Words Atoms::turned(const Words& sum) const {
  Words r;
  for (const auto& [w, s] : sum.terms()) r.add(turned(w), s);
  return r;
}

std::pair<std::int64_t, std::int64_t> Atoms::extents(const Letter& letter) const {
  const Shape& shape = graph_.shape(letter.of);
  std::pair<std::int64_t, std::int64_t> of{shape[0], shape.rank() == 1 ? 1 : shape[1]};
  if (letter.turned) std::swap(of.first, of.second);
  return of;
}

Scalar Atoms::number(const Word& word) {
  return Scalar::of({{intern({.kind = Atom::Kind::trace, .word = std::min(word, turned(word))}), 1}});
}

Scalar Atoms::trace(const Word& word, std::int64_t extent) {
  if (word.empty()) return Scalar::of({{intern({.kind = Atom::Kind::extent, .extent = extent}), 1}});
  const auto row = std::ranges::find_if(word, is_row);
  Word from = word;
  if (row != word.end()) {
    std::ranges::rotate(from, from.begin() + (row - word.begin()));
    auto [scalar, rest] = without_numbers(std::move(from));
    if (!rest.empty()) throw NotHandled("a trace of what is not square");
    return scalar;
  }
  Word least = word;
  for (const Word& start : {word, turned(word)})
    for (std::size_t k = 0; k < word.size(); ++k) {
      Word w = start;
      std::ranges::rotate(w, w.begin() + static_cast<std::ptrdiff_t>(k));
      least = std::min(least, w);
    }
  return Scalar::of({{intern({.kind = Atom::Kind::trace, .word = least}), 1}});
}

std::pair<Scalar, Word> Atoms::without_numbers(Word word) {
  Scalar scalar(1);
  for (std::size_t k = 0; k < word.size(); ++k) {
    if (!is_column(word[k])) continue;
    std::size_t first = k;
    while (first > 0 && !is_row(word[first])) --first;
    if (!is_row(word[first])) continue;
    const auto begin = word.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = word.begin() + static_cast<std::ptrdiff_t>(k) + 1;
    scalar = scalar * number(Word(begin, end));
    word.erase(begin, end);
    k = first == 0 ? static_cast<std::size_t>(-1) : first - 1;
  }
  return {std::move(scalar), std::move(word)};
}

std::pair<Scalar, Word> Atoms::product(const Word& a, const Word& b) {
  Word word = a;
  word.insert(word.end(), b.begin(), b.end());
  return without_numbers(std::move(word));
}

Words Atoms::product(const Words& a, const Words& b) {
  Words r;
  for (const auto& [v, s] : a.terms())
    for (const auto& [w, t] : b.terms()) {
      const auto [number, word] = product(v, w);
      r.add(word, number * s * t);
    }
  return r;
}

}  // namespace nabla::matrix
