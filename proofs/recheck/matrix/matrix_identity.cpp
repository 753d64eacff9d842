#include <algorithm>
#include <nabla/proofs/recheck/matrix/matrix_identity.hpp>
#include <nabla/proofs/recheck/matrix/reader.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using namespace spelled;

constexpr int most_replacements = 20'000;

/// A word, and what it is equal to.
struct Equation {
  Word word;
  Form is;
};

class Replacement {
 public:
  Replacement(const Problem& problem, Reader& reader, bool later_is_larger)
      : reader_(reader), letters_(reader.alphabet()), later_is_larger_(later_is_larger) {
    std::vector<Form> zeros;
    const auto state = [&](const Form& zero) {
      for (const Form& z : {zero, letters_.flipped(zero)})
        if (!z.empty() && std::ranges::find(zeros, z) == zeros.end()) zeros.push_back(z);
    };
    for (const Pair& p : reader.pairs()) {
      const Form letter{{Word{p.letter}, Polynomial(1)}}, unit{{Word{}, Polynomial(1)}};
      for (const Form& one : {letters_.product(letter, p.of), letters_.product(p.of, letter)})
        state(letters_.sum(one, unit, p.unit.scaled(-1)));
      if (p.of.size() == 1 && p.is_inverse && reader.all_square(p.of.begin()->first)) {
        Word all{p.letter};
        all.insert(all.end(), p.of.begin()->first.begin(), p.of.begin()->first.end());
        turn_round(all, p.of.begin()->second, p.unit.scaled(-1), state);
      }
    }
    for (const Statement& h : problem.hypotheses) read_hypothesis(h, state);
    for (const Form& z : zeros) solve(z);
  }

  /// \throws rederive::Exhausted
  Form applied(const Form& f) {
    Form open = f, done;
    while (!open.empty()) {
      const auto [word, p] = *open.begin();
      open.erase(open.begin());
      std::size_t at = 0;
      if (const Equation* e = found_in(word, at)) {
        count();
        const auto middle = word.begin() + static_cast<std::ptrdiff_t>(at);
        const Form before{{Word(word.begin(), middle), p}};
        const Form after{{Word(middle + static_cast<std::ptrdiff_t>(e->word.size()), word.end()), Polynomial(1)}};
        open = letters_.sum(open, letters_.product(letters_.product(before, e->is), after), Polynomial(1));
      } else if (const Polynomial q = applied(p); !q.is_zero()) {
        done = letters_.sum(done, {{word, q}}, Polynomial(1));
      }
    }
    return done;
  }

 private:
  void count() {
    if (++count_ > most_replacements) throw rederive::Exhausted("too many replacements of words");
  }

  template <class State>
  void turn_round(Word all, const Polynomial& p, const Polynomial& constant, const State& state) {
    for (std::size_t k = 1; k < all.size(); ++k) {
      std::ranges::rotate(all, all.begin() + 1);
      state(Form{{Word{}, constant}, {all, p}});
    }
  }

  template <class State>
  void read_hypothesis(const Statement& h, const State& state) {
    if (h.kind != Statement::Kind::relation) return;
    for (std::size_t k = 0; k < h.comparisons.size(); ++k) {
      const Comparison how = h.comparisons[k];
      const Expr &a = h.sides[k], &b = h.sides[k + 1];
      if (a.shape() != b.shape()) continue;
      const auto x = reader_.of(a.ref()), y = reader_.of(b.ref());
      if (!x || !y) continue;
      if (a.shape().is_scalar()) {
        const bool apart = how == Comparison::not_equal || how == Comparison::less || how == Comparison::greater;
        const auto& other = a.is(0) ? y->top : x->top;
        if (apart && (a.is(0) || b.is(0)) && other.size() == 1 && other.begin()->first.empty())
          reader_.is_not_zero(other.begin()->second);
        continue;
      }
      if (how != Comparison::equal) continue;
      const Form zero = reader_.difference(*x, *y).top;
      state(zero);
      if (zero.size() != 2 || !zero.begin()->first.empty()) continue;
      const Polynomial& constant = zero.begin()->second;
      const auto& [word, p] = *zero.rbegin();
      if (constant.as_constant() && reader_.all_square(word)) turn_round(word, p, constant, state);
    }
  }

  void solve(const Form& zero) {
    const Word* largest = nullptr;
    for (const auto& [w, p] : zero)
      if (!w.empty() && reader_.never_zero(p) &&
          (largest == nullptr || letters_.precedes(*largest, w, later_is_larger_)))
        largest = &w;
    if (largest == nullptr) return;
    const Polynomial factor = inverted(zero.at(*largest)).scaled(-1);
    Equation e{*largest, {}};
    for (const auto& [w, p] : zero)
      if (w != e.word) e.is[w] = letters_.times(p, factor);
    equations_.push_back(std::move(e));
  }

  const Equation* found_in(const Word& word, std::size_t& at) const {
    for (const Equation& e : equations_) {
      const auto found = std::ranges::search(word, e.word);
      if (found.empty()) continue;
      at = static_cast<std::size_t>(found.begin() - word.begin());
      return &e;
    }
    return nullptr;
  }

  /// A number with what stands in traces replaced.
  Polynomial applied(const Polynomial& p) {
    Polynomial open = p, done;
    while (!open.is_zero()) {
      const auto [m, c] = *open.terms().begin();
      open.add(m, -c);
      std::optional<Polynomial> other;
      for (const auto& [number, e] : m) {
        const Word* word = letters_.word_of(number);
        if (word == nullptr || e < rederive::unit) continue;
        const Word copy = *word;
        const auto value = trace_of(copy);
        if (!value) continue;
        rederive::Monomial once{{number, -rederive::unit}};
        other = value->scaled(c, rederive::product(m, once));
        break;
      }
      if (other)
        open = letters_.plus(open, *other);
      else
        done.add(m, c);
    }
    return done;
  }

  std::optional<Polynomial> trace_of(Word word) {
    for (std::size_t k = 0; k < word.size(); ++k, std::ranges::rotate(word, word.begin() + 1)) {
      std::size_t at = 0;
      const Equation* e = found_in(word, at);
      if (e == nullptr) continue;
      count();
      std::ranges::rotate(word, word.begin() + static_cast<std::ptrdiff_t>(at));
      const std::int64_t rows = letters_.rows(word[0]);
      Polynomial total;
      for (const auto& [w, p] : e->is) {
        Word all = w;
        all.insert(all.end(), word.begin() + static_cast<std::ptrdiff_t>(e->word.size()), word.end());
        total = letters_.plus(total, letters_.times(p, letters_.trace(all, rows)));
      }
      return total;
    }
    return std::nullopt;
  }

  Reader& reader_;
  Alphabet& letters_;
  bool later_is_larger_;
  std::vector<Equation> equations_;
  int count_ = 0;
};

bool vanishes_by_words(const Problem& problem, const Statement& s, const nlohmann::ordered_json& evidence,
                       std::string& why) {
  if (s.kind != Statement::Kind::relation || s.comparisons.size() != 1 || s.comparisons[0] != Comparison::equal ||
      s.sides[0].shape() != s.sides[1].shape() || s.sides[0].shape().rank() > 2) {
    why = "this is no equation between matrices, vectors or numbers";
    return false;
  }
  Reader reader(problem, s);
  const auto left = reader.of(s.sides[0].ref()), right = reader.of(s.sides[1].ref());
  if (!left || !right) return false;
  Replacement replacement(problem, reader, evidence.at("order") == "later");
  Alphabet& letters = reader.alphabet();
  Form rest = replacement.applied(reader.difference(*left, *right).top);
  std::vector<const Pair*> inverses;
  for (const Pair& p : reader.pairs())
    if (p.is_inverse) inverses.push_back(&p);
  const Shape& shape = s.sides[0].shape();
  for (const auto& step : evidence.at("times")) {
    const Pair& p = *inverses.at(step.at("inverted").get<std::size_t>());
    const bool is_left = step.at("side") == "left";
    const std::int64_t rows = letters.info(p.letter).rows;
    const bool fits = is_left ? shape.rank() > 0 && shape[0] == rows : shape.rank() == 2 && shape[1] == rows;
    if (!fits) throw std::out_of_range("a factor that does not fit");
    const Form by = step.at("turned").get<bool>() ? letters.flipped(p.of) : p.of;
    rest = replacement.applied(is_left ? letters.product(by, rest) : letters.product(rest, by));
  }
  why = "the difference of both sides did not vanish again";
  return rest.empty();
}

}  // namespace

ReplayedCertificate replay_words(const Problem& problem, const Statement& statement,
                                 const nlohmann::ordered_json& evidence) {
  ReplayedCertificate r;
  r.outcome = Outcome::open;
  try {
    if (vanishes_by_words(problem, statement, evidence, r.message)) {
      r.outcome = Outcome::confirmed;
      r.message = "the difference vanishes again, in words";
    }
  } catch (const rederive::Exhausted& spent) {
    r.message = spent.what();
  }
  return r;
}

}  // namespace nabla
