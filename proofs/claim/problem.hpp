#pragma once

#include <nabla/engine/calculus/integral_calculus.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/environment.hpp>
#include <nabla/engine/parse/source.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// A claim with its dimensions filled in: what the deciders work on. Everything is an expression of one workspace.
namespace nabla {

/// A set of reals: an interval, whose ends are constant expressions, or a finite list of constants.
struct RealSet {
  Expr lo;  ///< empty: unbounded below
  Expr hi;  ///< empty: unbounded above
  bool lo_closed = false;
  bool hi_closed = false;
  std::vector<Expr> elements;  ///< a finite set when not empty (then the ends say nothing)
  bool is_finite() const { return !elements.empty(); }
  bool is_all() const { return !is_finite() && lo.empty() && hi.empty(); }
};

/// What a given variable ranges over.
struct Set {
  enum class Kind : std::uint8_t {
    entries,  ///< every entry lies in `entries`
    simplex,  ///< rank 1, positive entries with sum 1
    onehot,   ///< rank 1, one entry 1, the others 0
    sym,      ///< square, symmetric
    spd       ///< square, symmetric positive definite
  };
  Kind kind = Kind::entries;
  RealSet entries;
  Shape shape;
};

/// A universally quantified variable.
struct Given {
  std::string name;
  Expr variable;
  Set set;
  Place place;
};

enum class Comparison : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

/// The claim cannot be posed: shapes or sets that do not conform.
class IllPosed : public std::runtime_error {
 public:
  IllPosed(Place where, const std::string& message, std::vector<Shape> conflicting = {})
      : std::runtime_error(message), place(where), shapes(std::move(conflicting)) {}
  Place place;
  std::vector<Shape> shapes;
};

/// Why a link of a statement to be shown could not be elaborated.
struct Misfit {
  std::size_t link = 0;           ///< of a chain; 0 for other statements
  std::optional<IllPosed> error;  ///< nothing: there is no way yet to work on it
  std::string reason;             ///< why not
};

/// A statement; what `show` and `assume` state. Relations compare entry by entry and hold when they hold for every
/// entry (not_equal: when one entry differs). Sides of `==` and `!=` have equal shapes; in the others a scalar
/// stretches.
struct Statement {
  enum class Kind : std::uint8_t { relation, predicate, negation, implication };
  Kind kind = Kind::relation;
  Place place;
  std::string text;  ///< as written

  std::vector<Expr> sides;              ///< relation: a chain, one more than comparisons
  std::vector<Comparison> comparisons;  ///< relation
  std::vector<Place> side_places;       ///< relation

  std::string predicate;         ///< predicate: "convex", "smooth", "defined", "in", ...
  Expr subject;                  ///< predicate: its expression
  std::vector<Expr> over;        ///< predicate: the variables it quantifies over
  std::vector<Expr> parameters;  ///< predicate: L, mu
  Set set;                       ///< predicate `in`

  std::vector<Statement> children;  ///< negation: one; implication: premise, conclusion

  std::vector<Misfit> misfits;  ///< of what is to be shown: links whose sides say nothing; see Misfits::kept
};

/// How the function variables of a claim (given f: ... -> ... is ...) are put into a problem.
enum class FunctionTreatment : std::uint8_t {
  none,      ///< there are none
  abstract,  ///< f(u) and the derivative of f at u are given variables of their own, free of each other: what is proved
             ///< or supported of them holds for every f of the class; a refutation says nothing
  instance   ///< f is an explicit function of the class, its coefficients are given variables: what is refuted or
             ///< ill-posed for it is so for the class; a proof says nothing
};

/// Which explicit functions stand for function variables; w u is linear, c a constant, s a share of what the class
/// allows, m the least curvature that it allows. What is curved is the same in every entry of a value.
enum class InstanceShape : std::uint8_t {
  quadratic,    ///< w u + c + a/2 |u|^2 with a from m up to the constant of smoothness
  kink,         ///< w u + c + m/2 |u|^2 + s |u[1]|
  huber,        ///< w u + c + m/2 |u|^2 + s h(u[1]), h quadratic near 0 and linear further out
  jump,         ///< w u + c + s [u[1] > a], a the lower end of the set if that is in it, else inside
  crease,       ///< w u + c + s u[1] u[2] / |u|^2, 0 at 0: has partial derivatives there and no limit
  between,      ///< for a function into a smaller set than R with a shape: c, or c + (d - c) / (1 + (w u + s)^2) with c
                ///< and d in that set where the class says no more than differentiable; the others are quadratic
  between_jump  ///< likewise, and the others jump
};
inline constexpr InstanceShape instance_shapes[] = {
    InstanceShape::quadratic, InstanceShape::kink,    InstanceShape::huber,       InstanceShape::jump,
    InstanceShape::crease,    InstanceShape::between, InstanceShape::between_jump};

constexpr bool is_between(InstanceShape shape) {
  return shape == InstanceShape::between || shape == InstanceShape::between_jump;
}

/// given f: domain -> codomain is ...
struct FunctionVariable {
  std::string name;
  Place place{};
  Set domain, codomain;
  bool continuous = false;
  bool differentiable = false;
  bool convex = false;
  bool linear = false;
  Expr smooth{};           ///< the constant; empty when not stated
  Expr strongly_convex{};  ///< the constant; empty when not stated
  Expr least{}, more{};    ///< of an instance: m and s of its shape; empty where it is affine
  Expr step{};             ///< of an instance that jumps: a of its shape
};

/// f(argument), where f is abstract.
struct FunctionApplication {
  std::size_t function = 0;  ///< index into Problem::function_variables
  Expr argument;
  Expr value;       ///< a variable
  Expr derivative;  ///< a variable of shape codomain then domain; empty where it is not read
  bool stated;      ///< read by a statement or an integral, and not only by what must be defined
};

/// One choice of dimensions of a claim.
struct Problem {
  std::shared_ptr<Workspace> workspace;
  std::vector<std::pair<std::string, std::int64_t>> dimensions;  ///< dimension and index names with their values
  std::vector<Given> givens;
  std::vector<Statement> hypotheses;
  std::vector<Statement> shows;
  std::vector<KinkConvention> conventions;
  /// Derivatives that the claim asks for. Each must exist where the claim reads it (see Derivative for where that
  /// is), unless a convention decides.
  std::vector<Derivative> derivatives;
  /// Expressions that were written and must be defined although no side mentions them (what was differentiated). A
  /// guard has become a choice: where(guard, expression, 0).
  std::vector<Expr> must_be_defined;
  /// A limit was read off in a way that has no value where the limit may exist all the same.
  bool uncertain_limit = false;
  FunctionTreatment functions = FunctionTreatment::none;
  InstanceShape instance_shape = InstanceShape::quadratic;
  std::vector<FunctionVariable> function_variables;
  std::vector<FunctionApplication> applications;  ///< abstract: those that are read
  /// Those without a known primitive function. abstract: of continuous densities. Without function variables a density
  /// may not even be bounded, and it is for proofs/check/quadrature alone what they are: for all others value would be
  /// a free variable. Nothing else depends on `inside`, a variable between 0 and 1.
  std::vector<ParametricIntegral> integrals;
  std::vector<ParametricIntegral> computed_integrals;  ///< beside those: value is an expression, not a variable
};

/// The claim is fine, and nabla has no way yet to work on it; the reason is for the report.
class NotHandled : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nabla
