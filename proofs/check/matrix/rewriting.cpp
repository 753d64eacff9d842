#include <algorithm>
#include <nabla/proofs/check/matrix/rewriting.hpp>

namespace nabla::matrix {

namespace {

constexpr std::size_t most_rewriting_steps = 3'000;  // of one sum

}  // namespace

Rewriting::Rewriting(Reading& reading, Order order, const Budget& budget)
    : reading_(reading), order_(order), budget_(budget) {
  for (const Words& zero : reading.relations()) add(zero);
}

void Rewriting::add(const Words& zero) {
  const Word* largest = nullptr;
  for (const auto& [w, s] : zero.terms())
    if (!w.empty() && reading_.is_nonzero(s) && (largest == nullptr || is_less(*largest, w, order_))) largest = &w;
  if (largest == nullptr) return;
  Rule rule{*largest, {}};
  const Scalar factor = reciprocal(zero.terms().at(*largest)) * Scalar(-1);
  for (const auto& [w, s] : zero.terms())
    if (w != *largest) rule.to.add(w, s * factor);
  rules_.push_back(std::move(rule));
}

const Rewriting::Rule* Rewriting::rule_for(const Word& word, std::size_t& at) const {
  for (const Rule& r : rules_) {
    const auto found = std::search(word.begin(), word.end(), r.from.begin(), r.from.end());
    if (found == word.end()) continue;
    at = static_cast<std::size_t>(found - word.begin());
    return &r;
  }
  return nullptr;
}

Words Rewriting::reduced(const Words& sum) {
  Words done, open = sum;
  steps_ = 0;
  while (!open.is_zero()) {
    if (++steps_ > most_rewriting_steps) throw NotHandled("too many steps of rewriting");
    const auto [word, scalar] = *open.terms().rbegin();
    open.add(word, scalar * Scalar(-1));
    std::size_t at = 0;
    const Rule* rule = rule_for(word, at);
    if (rule == nullptr) {
      done.add(word, reduced(scalar));
      continue;
    }
    budget_.check();
    Words before, after;
    before.add(Word(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(at)), scalar);
    after.add(Word(word.begin() + static_cast<std::ptrdiff_t>(at + rule->from.size()), word.end()), Scalar(1));
    open.add(reading_.atoms().product(reading_.atoms().product(before, rule->to), after));
  }
  return done;
}

std::optional<Scalar> Rewriting::reduced(const Word& of_trace) {
  Word word = of_trace;
  for (std::size_t k = 0; k < word.size(); ++k) {
    std::size_t at = 0;
    if (const Rule* rule = rule_for(word, at)) {
      std::ranges::rotate(word, word.begin() + static_cast<std::ptrdiff_t>(at));
      const std::int64_t extent = reading_.atoms().extents(word[0]).first;
      Scalar total;
      for (const auto& [w, s] : rule->to.terms()) {
        Word all = w;
        all.insert(all.end(), word.begin() + static_cast<std::ptrdiff_t>(rule->from.size()), word.end());
        total.add(s * reading_.atoms().trace(all, extent));
      }
      return total;
    }
    std::ranges::rotate(word, word.begin() + 1);
  }
  return std::nullopt;
}

Scalar Rewriting::reduced(const Scalar& scalar) {
  Scalar done, open = scalar;
  while (!open.is_zero()) {
    if (++steps_ > most_rewriting_steps) throw NotHandled("too many steps of rewriting");
    const auto [m, c] = *open.terms().rbegin();
    open.add(m, -c);
    bool is_replaced = false;
    for (const auto& [id, e] : m) {
      const Atom atom = reading_.atoms()[id];
      if (e < 1 || atom.kind != Atom::Kind::trace) continue;
      const auto value = reduced(atom.word);
      if (!value) continue;
      budget_.check();
      open.add(*value * Scalar::of(product(m, {{id, -1}}), c));
      is_replaced = true;
      break;
    }
    if (!is_replaced) done.add(m, c);
  }
  return done;
}

}  // namespace nabla::matrix
