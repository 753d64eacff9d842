#pragma once

#include <map>
#include <nabla/proofs/claim/problem.hpp>
#include <nabla/proofs/recheck/polynomial.hpp>
#include <string>

/// The re-checker's own arithmetic of matrices that do not commute: a word is a list of numbers of letters, negative
/// for a transposed one; coefficients are polynomials in numbers, each of which has a name as text.
namespace nabla::spelled {

using rederive::Polynomial;
using Word = std::vector<int>;
using Form = std::map<Word, Polynomial>;  ///< no coefficient is 0

struct LetterOf {
  NodeId node = 0;
  int kind = 0;  ///< 0: the node itself, 1: its inverse, 2: its cofactors
  std::int64_t rows = 0, columns = 0;
  bool is_vector = false;
  bool is_mirrored = false;  ///< it is its own transpose
};

/// Letters, names of numbers, and what is computed with them. \throws rederive::Exhausted
class Alphabet {
 public:
  explicit Alphabet(const Graph& graph) : graph_(graph) {}

  int letter(NodeId node, int kind);
  LetterOf& info(int letter) { return letters_[static_cast<std::size_t>(std::abs(letter)) - 1]; }
  const LetterOf& info(int letter) const { return letters_[static_cast<std::size_t>(std::abs(letter)) - 1]; }
  std::int64_t rows(int letter) const { return letter > 0 ? info(letter).rows : info(letter).columns; }
  /// The number of this name, to the first power.
  Polynomial number(const std::string& name);
  /// The word of v' ... u or of a trace; nothing for other numbers.
  const Word* word_of(std::uint32_t number) const;

  Word flipped(const Word& w) const;
  Form flipped(const Form& f) const;
  Form product(const Form& a, const Form& b);
  Form sum(const Form& a, const Form& b, const Polynomial& times_b);
  Polynomial times(const Polynomial& a, const Polynomial& b) { return rederive::product(a, b, meter_); }
  Polynomial plus(const Polynomial& a, const Polynomial& b) { return rederive::sum(a, b, 1, meter_); }
  Polynomial power(const Polynomial& a, std::int64_t n);
  /// The trace of a word with as many rows as that.
  Polynomial trace(const Word& w, std::int64_t rows);
  std::string text(const Form& f) const;
  /// Shorter, or of one length and with the smaller letter where they first differ.
  bool precedes(const Word& a, const Word& b, bool later_is_larger) const;
  rederive::Meter& meter() { return meter_; }

 private:
  Polynomial closed(const Word& w);
  /// What a word is without the numbers in it, which multiply `factor`.
  Word opened(const Word& w, Polynomial& factor);

  const Graph& graph_;
  std::vector<LetterOf> letters_;
  std::map<std::pair<NodeId, int>, int> known_;
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<Word> words_;  // by number
  rederive::Meter meter_{4'000'000};
};

/// 1 / p for a single term.
Polynomial inverted(const Polynomial& p);

}  // namespace nabla::spelled
