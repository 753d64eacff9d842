#pragma once

#include <nabla/proofs/check/index/terms.hpp>

namespace nabla::index_form {

/// Makes nonnegative terms from the parts of a form. Sums are opened: all over one range by the same index, so that
/// their parts can be compared.
class TermMaker {
 public:
  TermMaker(Algebra& algebra, const Budget& budget) : algebra_(algebra), budget_(budget) {}

  std::optional<SumOfTerms> prove(const Poly& p, bool is_strict);

 private:
  /// A term c * sum over indices of a product, opened.
  struct Part {
    std::vector<Binder> over;
    Poly body;  // one monomial
  };

  bool combine(const Poly& goal, bool is_strict, SumOfTerms& sum);

  /// a - b >= 0 where a >= 0 and a^2 >= b^2, for roots.
  bool by_squares(const Poly& p, bool is_strict, SumOfTerms& sum);
  bool by_squares(const Poly& p, bool is_strict, SumOfTerms& sum, int most);

  bool is_root(AtomId id) const;
  bool is_logarithm(AtomId id) const;

  /// An inequality of numbers in place of entries.
  bool by_entries(const Poly& p, bool is_strict, SumOfTerms& sum);

  /// exp(p) >= 1 for p >= 0, where p has logarithms.
  bool by_exponential(const Poly& p, bool is_strict, SumOfTerms& sum);

  /// a - b >= 0 where log(a) >= log(b), for an exponential b.
  bool by_logarithm(const Poly& p, bool is_strict, SumOfTerms& sum);

  /// Without denominators of several terms.
  bool multiplied_out(const Poly& p, bool is_strict, SumOfTerms& sum);

  /// Whether a quantity is positive decides the value of some operator.
  bool by_cases(const Poly& p, bool is_strict, SumOfTerms& sum);

  /// The shared indices of ranges.
  std::vector<Binder> shared(const std::vector<Binder>& binders);

  Poly opened(const Atom& sum, const std::vector<Binder>& names);

  void open(const Monomial& m, const Rational& c, std::vector<Part>& parts);

  void look_for_functions(const Poly& p, int depth);

  template <class F>
  static void attempt(F f) {
    try {
      f();
    } catch (const NotHandled&) {  // one term less
    }
  }

  bool is_nonnegative_by_cases(const Poly& p, std::vector<Poly> guards = {});
  bool is_nonnegative_together(const Poly& p);
  Poly with_condition(const Poly& p, AtomId condition, bool holds) const;

  /// All that is summed over one range, by the index that its parts share.
  struct Gathered {
    Binder over;
    Poly body;
  };
  void gather_sums(const Poly& p, std::vector<Gathered>& sums);
  std::vector<Affine> places_in(const Binder& range);
  void whole_sums(const Poly& goal);
  void parts_by_sign(const std::vector<Binder>& over, const Poly& p, const std::vector<Poly>& weights);
  void add_rest(const Binder& k, const Poly& u, const Affine& at, const std::vector<Binder>& over, const Poly& factor);
  /// Among those made, with its value closed over its indices.
  void keep(NonnegativeTerm t, Poly value);

  bool is_nonnegative(const Poly& p) { return (algebra_.signs(p) & negative) == 0; }
  bool is_positive(const Poly& p) { return algebra_.signs(p) == positive_sign; }

  /// Denominators are not 0, and operands of logarithms and roots in their domains, everywhere.
  bool is_defined(const Poly& p, int depth = 0);

  /// Whether the shared indices that occur are those that the term is summed over.
  bool is_bound(const NonnegativeTerm& t) const;

  void add(NonnegativeTerm t, const Poly& lemma);

  Poly closed(const std::vector<Binder>& over, Poly p);

  void own_signs(const Poly& goal);

  static Poly unit(const Poly& one);

  /// The body as w a^2.
  void squares(const Part& part, const std::vector<Part>& parts);

  /// w exp(u) >= w exp(c) (1 + u - c)
  void exponentials(const Part& part);

  /// A factor u <= h, or u >= l, of a product.
  void bounded(const Part& part);

  /// What is left of a sum of nonnegative terms without one of them.
  void below_sums(const Part& part);

  /// Roots: sqrt(a b) <= (a + b) / 2.
  void means(const Part& part);

  /// The positive part of u, and of -u.
  void positive_parts(const Part& part);

  /// w u^m >= w (m c^(m - 1) u - (m - 1) c^m), for u, c >= 0.
  void powers(const Part& part);

  /// Hypotheses, at the indices of a part, times what stands beside a factor of it.
  void facts(const Part& part);
  /// \param is_stated  the value is not negative by a hypothesis, in whatever form that is written
  void add_product(const std::vector<Binder>& over, const Poly& w, const Poly& value, bool is_stated = false);

  struct Group {
    std::vector<Binder> over;
    Poly w;
    std::vector<std::pair<Poly, Rational>> logs;  // operands, with what stands before them
  };

  /// -w log(r) >= w (1 - r), where log(r) gathers all logarithms that stand beside one factor.
  void logarithms(const std::vector<Part>& parts);

  static std::optional<Rational> ratio_of(const Poly& a, const Poly& b);

  void gather(const Group& g, const std::vector<std::pair<Poly, Rational>>& logs);

  /// Tangents of log-sum-exp, at other exponents that are met and at 0.
  void log_sum_exps();

  void tangent(const Binder& k, const Poly& x, const Poly& y);

  Algebra& algebra_;
  const Budget& budget_;
  std::map<std::pair<Affine, Affine>, std::vector<Symbol>> ranges_;
  std::vector<NonnegativeTerm> made_;
  std::vector<Symbol> names_;    // that the form hangs on
  std::pair<Poly, Poly> sides_;  // a and b of squares
  int cases_ = 0;
  std::vector<Poly> logs_, exponents_, values_, sums_;
};

}  // namespace nabla::index_form
