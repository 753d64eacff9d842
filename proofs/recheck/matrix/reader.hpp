#pragma once

#include <nabla/proofs/recheck/matrix/words.hpp>
#include <optional>
#include <set>

namespace nabla::spelled {

/// top / bottom.
struct Ratio {
  Form top;
  Polynomial bottom = Polynomial(1);
};

/// letter * of == of * letter == unit.
struct Pair {
  int letter = 0;
  Form of;
  Polynomial unit;
  bool is_inverse = true;  ///< else cofactors, and unit may be 0
};

/// The nodes of a statement and of the equations among the hypotheses, read again from the graph.
class Reader {
 public:
  /// \throws rederive::Exhausted, NotHandled
  Reader(const Problem& problem, const Statement& statement);

  std::optional<Ratio> of(Ref r) const;
  Alphabet& alphabet() { return alphabet_; }
  const std::vector<Pair>& pairs() const { return pairs_; }
  /// A single term of numbers that are not 0 where the sides are defined and the hypotheses hold.
  bool never_zero(const Polynomial& p) const;
  void is_not_zero(const Polynomial& p);
  bool all_square(const Word& w) const;
  Ratio difference(const Ratio& a, const Ratio& b);

 private:
  std::optional<Ratio> read(NodeId id);
  std::optional<Ratio> read_number(NodeId id, const std::string& name);
  std::optional<Ratio> read_product(NodeId id, const std::string& name);
  std::optional<Ratio> read_matrix(NodeId id, const std::string& name);
  std::optional<Ratio> inverse(Ref of);
  std::optional<Ratio> cofactors(Ref of);
  std::optional<Ratio> inner(Ref a, Ref b);
  Ratio scaled(const Ratio& a, const Polynomial& by) { return {alphabet_.sum({}, a.top, by), a.bottom}; }
  Ratio product(const Ratio& a, const Ratio& b);
  Ratio over(const Ratio& a, const Ratio& number);
  Ratio flipped(const Ratio& a) { return {alphabet_.flipped(a.top), a.bottom}; }
  Ratio determinant(const Ratio& a, std::int64_t n);
  Ratio determinant_of_letter(int letter, std::int64_t n);
  Polynomial determinant_as_number(const Form& f, std::int64_t n);
  std::optional<Ratio> bordered(const Form& f, std::int64_t n);

  const Graph& graph_;
  Alphabet alphabet_;
  std::vector<std::optional<Ratio>> ratios_;
  std::vector<Pair> pairs_;
  std::set<NodeId> inverted_;
  std::set<std::uint32_t> not_zero_;
};

}  // namespace nabla::spelled
