#pragma once

#include <algorithm>
#include <functional>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/check/identity/normal_form.hpp>
#include <nabla/proofs/check/inequality/region.hpp>
#include <nabla/proofs/check/rerun.hpp>
#include <nabla/proofs/check/wellposed/regularity_rules.hpp>
#include <nabla/proofs/check/wellposed/sign.hpp>

/// The search for a proof that g >= 0, or g > 0, over a region. A proof is a tree of steps in the language of
/// proofs/recheck/inequality/inequality.hpp; every step is checked here before it is taken, doubles only choose among
/// steps.
namespace nabla::inequality {

using Proof = std::optional<Json>;

constexpr double seen_negative = -1e-9;  ///< of a sampled value: no proof is tried

/// The search has used up its steps.
class OutOfSteps : public std::exception {};

/// Ranges of some expressions over boxes of a region, by the givens' nodes.
class Ranges {
 public:
  Ranges(const Problem& region, std::span<const Expr> targets);
  void run(const wellposed::Box& box) { survey_->run(box); }
  /// The last run came to its end.
  bool complete() const { return !survey_->impossible(); }
  const Bounds& of(const Expr& e) const { return survey_->bounds(e.ref())[0]; }
  /// Every node that e depends on is defined over the box; and differentiable, continuous.
  bool is_defined(const Expr& e) const;
  bool is_regular(const Expr& e, wellposed::Want want) const;
  std::size_t size() const { return survey_->nodes().size(); }

 private:
  std::vector<Ref> refs_;
  std::unique_ptr<wellposed::Survey> survey_;
};

class Prover {
 public:
  explicit Prover(const Budget& budget, std::int64_t steps) : budget_(budget), steps_(steps) {}

  /// g >= 0 (strict: g > 0) at every point of the region at which g is defined.
  /// \throws OutOfSteps, Cut
  Proof prove(const Problem& region, const Expr& g, bool strict, int depth = 0);
  /// Points of the region at which g is negative in doubles: no proof is worth trying.
  bool seen_to_fail(const Problem& region, const Expr& g);
  /// g < 0 at the values of the givens, by a ball.
  bool is_negative_at(const Problem& region, const Expr& g, const std::vector<double>& point);

  /// Steps that may still be spent.
  std::int64_t left() const { return std::max<std::int64_t>(0, steps_); }

 private:
  void spend(std::size_t steps);

  // prover.cpp
  Proof constant(const Problem& region, const Expr& g, bool strict);
  Proof by_hypotheses(const Problem& region, const Expr& g, bool strict, int depth);
  Proof by_cleared_hypothesis(const Problem& region, const Expr& g, bool strict, int depth);
  Proof by_elements(const Problem& region, const Expr& g, bool strict, int depth);

  // contrary.cpp
  Proof by_contradiction(const Problem& region, const Expr& g, bool strict, int depth);

  // normal_form.cpp
  Proof by_normal_form(const Problem& region, const Expr& g, bool strict, int depth);
  Proof by_factors(const Problem& region, const Expr& g, bool strict, int depth, const normal_form::Normaliser& normal,
                   const normal_form::Fraction& f);
  Proof split_at_zero(const Problem& region, const Expr& g, bool strict, int depth, const Expr& e,
                      normal_form::Signs apart);
  Proof split_at(const Problem& region, const Expr& g, bool strict, int depth, const normal_form::Split& split);
  /// The side that leaves out the point at which a region is split.
  enum class Without : std::uint8_t { neither, below, above };
  Proof split_region(const Problem& region, const Expr& g, bool strict, int depth, std::size_t variable, const Expr& at,
                     Without open = Without::neither);
  Proof by_open_factor(const Problem& region, const Expr& g, const Expr& h, const normal_form::Normaliser& normal,
                       const normal_form::Polynomial& p, bool negated, bool strict, int depth);
  Proof by_single_atom(const Problem& region, const normal_form::Normaliser& normal, const normal_form::Polynomial& p,
                       const Rational& times, bool strict);
  normal_form::Signs sign_by_normal_form(const Problem& region, const Expr& g);
  bool positive(const Problem& region, const Expr& e);
  /// Whether g is 0 wherever it is defined; its value where that is one rational.
  bool is_zero(const Problem& region, const Expr& g);
  std::optional<Rational> rational_constant(const Problem& region, const Expr& g);

  // written.cpp
  Proof by_written_product(const Problem& region, const Expr& g, bool strict, int depth);

  // choice.cpp
  Proof by_choice(const Problem& region, const Expr& g, bool strict, int depth);
  bool is_throughout(const Problem& region, const Expr& d, Comparison how);
  static bool has_choice(const Expr& g);

  // infinity.cpp
  /// Nothing where it does not apply.
  std::optional<Proof> by_period(const Problem& region, const Expr& g, bool strict, int depth);
  /// The limit of g, which depends on this variable alone, where that is finite.
  std::optional<Expr> limit_at(const Problem& region, const Expr& g, std::size_t variable, bool upper);
  Proof by_tail(const Problem& region, const Expr& g, bool strict, int depth, std::size_t variable, bool upper);

  // through.cpp
  Proof by_order(const Problem& region, const Expr& g, bool strict, int depth);
  Proof by_least_value(const Problem& region, const Expr& g, bool strict, int depth, std::size_t variable);

  // squares.cpp
  Proof by_squares(const Problem& region, const normal_form::Normaliser& normal, const normal_form::Polynomial& p,
                   const Rational& times, bool strict);

  // transform.cpp
  Proof by_exponential(const Problem& region, const normal_form::Normaliser& normal, const normal_form::Fraction& f,
                       bool strict, int depth);
  Proof by_square_comparison(const Problem& region, const normal_form::Normaliser& normal,
                             const normal_form::Polynomial& p, bool negated, bool strict, int depth);
  Proof by_logarithms(const Problem& region, const normal_form::Normaliser& normal, const normal_form::Polynomial& p,
                      bool negated, bool strict, int depth);
  Proof by_tangents(const Problem& region, const Expr& g, const normal_form::Normaliser& normal,
                    const normal_form::Fraction& f, bool strict, int depth);
  Proof by_error_function(const Problem& region, const Expr& g, bool strict, int depth);
  Proof by_reciprocal(const Problem& region, const Expr& g, bool strict, int depth, std::size_t k);

  // calculus.cpp
  Proof by_calculus(const Problem& region, const Expr& g, bool strict, int depth);
  Proof by_monotonicity(const Problem& region, const Expr& g, bool strict, int depth, std::size_t variable,
                        bool increasing);
  Proof by_contact(const Problem& region, const Expr& g, bool strict, int depth, std::size_t variable);

  // boxes.cpp
  Proof by_boxes(const Problem& region, const Expr& g, bool strict, std::size_t most);

  const Budget& budget_;
  std::int64_t steps_;
  bool in_tail_ = false, in_logarithms_ = false;  // these steps make goals of their own kind: once is enough
};

/// A normal form, and the inside of an atom that is a function of one operand, as expressions of a workspace that has
/// variables of the same names.
Expr expression_of(const normal_form::Normaliser& normal, const normal_form::Fraction& f,
                   const std::shared_ptr<Workspace>& workspace);
Expr inside_of(const normal_form::Normaliser& normal, std::size_t atom, const std::shared_ptr<Workspace>& workspace);

/// Runs `use` on the normal form of g until its tables settle; a result without a value where there is none.
/// \throws Split
using UseOfForm = std::function<void(ScalarForm&, normal_form::Normaliser&, const normal_form::Fraction&)>;
void use_normal_form(const Problem& region, const Expr& g, const UseOfForm& use);

/// A region with one end of a given moved.
Problem with_end(Problem region, std::size_t given, bool lower, const Expr& end, bool closed);

/// g in doubles at points of a region, NaN where it has no value.
class Sampler {
 public:
  Sampler(const Problem& region, std::span<const Expr> outputs);
  /// The outputs at values of all givens.
  const std::vector<double>& at(const std::vector<double>& point);
  /// A few hundred points of the region, near its ends and far away included.
  std::vector<std::vector<double>> points() const;
  /// Ends as doubles, infinite where there are none.
  double lo(std::size_t given) const { return lo_[given]; }
  double hi(std::size_t given) const { return hi_[given]; }
  /// A constant expression in double; NaN where it is not constant.
  static double constant(const Expr& e);

 private:
  std::unique_ptr<Function> function_;
  std::optional<Rerun<double>> run_;  // from the first point on
  std::vector<std::size_t> inputs_;
  std::vector<double> lo_, hi_, values_;
  std::vector<Bounds> bounds_;
};

/// Exact constants of a simple form (rationals, roots, exponentials, logarithms, multiples of pi) within 1e-9 of x.
std::vector<Expr> simple_constants_near(const std::shared_ptr<Workspace>& workspace, double x);

}  // namespace nabla::inequality
