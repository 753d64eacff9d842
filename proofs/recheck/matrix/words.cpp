#include <algorithm>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/matrix/words.hpp>

namespace nabla::spelled {

namespace {

constexpr std::size_t longest_spelled_word = 64;

std::string spelled_out(const Word& w) {
  std::string text;
  for (const int l : w) text += std::to_string(l) + " ";
  return text;
}

}  // namespace

int Alphabet::letter(NodeId node, int kind) {
  const auto [it, is_new] = known_.try_emplace({node, kind}, static_cast<int>(letters_.size()) + 1);
  if (is_new) {
    const Shape& shape = graph_.shape(node);
    const bool is_vector = shape.rank() == 1;
    letters_.push_back({.node = node,
                        .kind = kind,
                        .rows = shape[0],
                        .columns = is_vector ? 1 : shape[1],
                        .is_vector = is_vector,
                        .is_mirrored = false});
  }
  return it->second;
}

Polynomial Alphabet::number(const std::string& name) {
  const auto [it, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(numbers_.size()));
  if (is_new) words_.emplace_back();
  return Polynomial::monomial({{it->second, rederive::unit}});
}

const Word* Alphabet::word_of(std::uint32_t number) const { return words_[number].empty() ? nullptr : &words_[number]; }

Word Alphabet::flipped(const Word& w) const {
  Word r;
  for (std::size_t k = w.size(); k-- > 0;) r.push_back(info(w[k]).is_mirrored ? w[k] : -w[k]);
  return r;
}

Form Alphabet::flipped(const Form& f) const {
  Form r;
  for (const auto& [w, p] : f) r.emplace(flipped(w), p);
  return r;
}

Polynomial Alphabet::closed(const Word& w) {
  const Word least = std::min(w, flipped(w));
  const Polynomial p = number("t " + spelled_out(least));
  words_[p.leading_monomial()[0].first] = least;
  return p;
}

Word Alphabet::opened(const Word& w, Polynomial& factor) {
  Word r;
  for (const int l : w) {
    r.push_back(l);
    if (!info(l).is_vector || l < 0) continue;
    // A column: back to the nearest row, if there is one.
    std::size_t k = r.size() - 1;
    while (k > 0 && !info(r[k - 1]).is_vector) --k;
    if (k == 0 || r[k - 1] > 0) continue;
    factor = times(factor, closed(Word(r.begin() + static_cast<std::ptrdiff_t>(k) - 1, r.end())));
    r.resize(k - 1);
  }
  if (r.size() > longest_spelled_word) throw rederive::Exhausted("a product of as many matrices");
  return r;
}

Form Alphabet::product(const Form& a, const Form& b) {
  Form r;
  for (const auto& [v, p] : a)
    for (const auto& [w, q] : b) {
      Word both = v;
      both.insert(both.end(), w.begin(), w.end());
      Polynomial factor = times(p, q);
      const Word rest = opened(both, factor);
      Polynomial& to = r[rest];
      to = plus(to, factor);
      if (to.is_zero()) r.erase(rest);
    }
  return r;
}

Form Alphabet::sum(const Form& a, const Form& b, const Polynomial& times_b) {
  Form r = a;
  for (const auto& [w, p] : b) {
    Polynomial& to = r[w];
    to = plus(to, times(p, times_b));
    if (to.is_zero()) r.erase(w);
  }
  return r;
}

Polynomial Alphabet::power(const Polynomial& a, std::int64_t n) {
  return n >= 0 ? rederive::power(a, n, meter_) : rederive::power(inverted(a), -n, meter_);
}

Polynomial Alphabet::trace(const Word& w, std::int64_t rows) {
  if (w.empty()) return Polynomial(Rational(rows));
  Word turned = w;
  const auto row = std::ranges::find_if(turned, [&](int l) { return l < 0 && info(l).is_vector; });
  if (row != turned.end()) {
    std::ranges::rotate(turned, row);
    Polynomial factor(1);
    if (!opened(turned, factor).empty()) throw rederive::Exhausted("a trace of what is not square");
    return factor;
  }
  Word least = w;
  for (int side = 0; side < 2; ++side) {
    for (std::size_t k = 0; k < turned.size(); ++k) {
      least = std::min(least, turned);
      std::ranges::rotate(turned, turned.begin() + 1);
    }
    turned = flipped(turned);
  }
  const Polynomial p = number("t " + spelled_out(least));
  words_[p.leading_monomial()[0].first] = least;
  return p;
}

std::string Alphabet::text(const Form& f) const {
  std::string text;
  for (const auto& [w, p] : f) {
    text += "[" + spelled_out(w) + "]";
    for (const auto& [m, c] : p.terms()) {
      text += " " + c.str();
      for (const auto& [number, e] : m) text += " n" + std::to_string(number) + "^" + std::to_string(e);
    }
  }
  return text;
}

bool Alphabet::precedes(const Word& a, const Word& b, bool later_is_larger) const {
  if (a.size() != b.size()) return a.size() < b.size();
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k] == b[k]) continue;
    const LetterOf &x = info(a[k]), &y = info(b[k]);
    const auto key = [](const LetterOf& l, int letter) { return std::tuple(l.node, l.kind, letter < 0); };
    return (key(x, a[k]) < key(y, b[k])) == later_is_larger;
  }
  return false;
}

Polynomial inverted(const Polynomial& p) {
  if (p.terms().size() != 1) throw rederive::Exhausted("a reciprocal of a sum");
  return Polynomial::monomial(rederive::power(p.leading_monomial(), -rederive::unit), 1 / p.leading_coefficient());
}

}  // namespace nabla::spelled
