#pragma once

#include <map>
#include <nabla/proofs/claim/problem.hpp>
#include <nabla/proofs/recheck/polynomial.hpp>
#include <set>
#include <string>
#include <string_view>

/// A problem about function variables in inner-product form, derived once more: products of two vectors are inner
/// products. Nothing here is shared with the prover.
namespace nabla::rederive {

/// What is not derived again, with the reason.
class NotFollowed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Ratio {
  Polynomial num, den = Polynomial(Rational(1));
};

class InnerProducts {
 public:
  explicit InnerProducts(const Problem& problem);

  Ratio value(const Expr& e);
  Ratio atom(const std::string& name);
  Ratio plus(const Ratio& a, const Ratio& b, const Rational& times_b = 1);
  Ratio times(const Ratio& a, const Ratio& b);
  Ratio over(const Ratio& a, const Ratio& b);
  bool is_zero(const Ratio& a) const { return a.num.is_zero(); }
  /// Entry i of a member of a simplex. \throws NotFollowed
  Ratio entry(const std::string& given, std::size_t i);
  /// That its entries add up to 1, as what vanishes. \throws NotFollowed
  Ratio simplex(const std::string& given);
  Ratio norm(const Ratio& v);
  /// "3/2 * {L}^2 * {x} + ..." \throws NotFollowed
  Polynomial parse(std::string_view text);
  Polynomial reduced(Polynomial p);
  void declare_norm(const std::string& text);
  void declare_root(const std::string& text);
  /// The symbol is what makes the quotient vanish. \throws NotFollowed unless it occurs once, with a constant factor
  void solve(const std::string& symbol, const Ratio& gap);
  /// The factor of an atom, which occurs at most once in every term, and the rest. \throws NotFollowed
  std::pair<Polynomial, Polynomial> split(const Polynomial& p, const std::string& symbol);
  /// p is certainly nonnegative from now on.
  void know(const Polynomial& p) { known_.push_back(p); }
  /// 1: nonnegative, -1: nonpositive; 0: not known.
  int sign(Polynomial p);
  /// Whether p is q times something nonnegative.
  bool is_multiple(const Polynomial& p, const Ratio& q, bool and_not_zero);
  std::optional<Polynomial> divided(const Polynomial& a, const Polynomial& b);
  const Problem& problem() const { return problem_; }
  const std::vector<Polynomial>& norms() const { return norms_; }
  Meter& meter() { return meter_; }

 private:
  std::uint32_t id(const std::string& name);
  Ratio node(NodeId id);
  Ratio at(Ref ref);
  Ratio unknown(NodeId id);
  void take_apart();
  std::optional<std::vector<Ratio>> parts(Ref ref, int depth = 0);
  std::optional<Ratio> of_parts(NodeId n);
  std::optional<Ratio> moved(NodeId n);
  void limit(const Polynomial& p) const;

  const Problem& problem_;
  Meter meter_{50'000'000};
  struct Atom {
    std::int64_t vector = 0;  // its entries; 0: a scalar
    bool nonnegative = false;
    std::optional<Polynomial> square;
  };
  std::vector<Atom> atoms_;
  std::map<std::string, std::uint32_t> ids_;
  std::map<std::uint32_t, Polynomial> solved_;
  std::map<NodeId, Ratio> done_;
  std::vector<Polynomial> norms_;
  std::vector<Polynomial> known_;
  std::set<NodeId> apart_;  // vectors that are taken apart into their entries
};

}  // namespace nabla::rederive
