#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/parse/syntax.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What names stand for, and what an expression asks for beside its value.
namespace nabla {

/// A derivative that was written. It is D(of)/D(by) in ambient coordinates, taken with all variables free, and read
/// where each variable in `at` has the value beside it (an expression of the others, which keep theirs), and only
/// where every guard is nonzero (the branch of a `where` that it stands in is taken). `of` may have variables that
/// only `at` gives a value to: `by` itself in grad(f)(x).
struct Derivative {
  Expr of;
  Expr by;  ///< a variable: a given one (the whole of it where an index or slice was named) or a function's own
  Place place;
  std::string text;
  Replacements at;
  std::vector<Expr> guards;
};

/// An expression that must have a value, where every guard is nonzero, although the value does not show it.
struct Requirement {
  Expr of;
  std::vector<Expr> guards;
};

/// An argument that must lie in the set of a function's parameter, where every guard is nonzero.
struct Membership {
  Expr element;
  std::size_t set = 0;  ///< FunctionValue::Parameter::set
  Place place;
  std::vector<Expr> guards;
};

/// What was asked for while an expression was elaborated; equal entries once.
class Records {
 public:
  const std::vector<Derivative>& derivatives() const { return derivatives_; }
  const std::vector<Requirement>& requirements() const { return requirements_; }
  const std::vector<Membership>& memberships() const { return memberships_; }
  void add(Derivative derivative);
  void add(Requirement requirement);
  void add(Membership membership);
  /// Adds all of another's, read under further guards.
  void add(const Records& other, std::span<const Expr> guards);
  /// Moves everything to the point where the replaced variables have their values.
  void substitute(const Replacements& replacements);

 private:
  std::vector<Derivative> derivatives_;
  std::vector<Requirement> requirements_;
  std::vector<Membership> memberships_;
  std::set<std::vector<std::uint32_t>> seen_;
};

enum class Transform : std::uint8_t { grad, jacobian, hessian };
std::string_view spelling(Transform transform);

/// A function, before it is applied: no shapes are known yet.
struct FunctionValue {
  enum class Kind : std::uint8_t { closure, registered, derivative, opaque };
  Kind kind = Kind::registered;
  std::string name;

  struct Parameter {
    std::string name;
    /// Whether the body differentiates by it or replaces it, so that it must stand for a variable.
    bool is_variable = false;
    bool is_used = true;
    std::optional<std::size_t> set;  ///< where the parameter has a set: a number that its owner knows it by
  };
  std::vector<Parameter> parameters{};  ///< closure
  SyntaxId body = 0;                    ///< closure
  std::size_t visible = 0;              ///< closure: how many names were declared when it was

  Transform transform = Transform::grad;          ///< derivative
  std::shared_ptr<const FunctionValue> inside{};  ///< derivative: of what

  Shape domain{}, codomain{};          ///< opaque: a function variable
  bool differentiable = true;          ///< opaque: whether its derivative may be asked for
  bool continuous = false;             ///< opaque
  bool continuous_derivative = false;  ///< opaque
  /// opaque: where it is not empty, the function is this one instead of any.
  std::function<Expr(const Expr&)> instance{};
};
using FunctionRef = std::shared_ptr<const FunctionValue>;

/// A number or tensor, a condition (1 where it holds, else 0; always a scalar), or a function.
struct Value {
  enum class Kind : std::uint8_t { number, condition, function };
  Kind kind = Kind::number;
  Expr expr{};
  FunctionRef function{};
};

/// What a name stands for.
struct Binding {
  enum class Kind : std::uint8_t {
    dimension,     ///< an exact integer
    variable,      ///< what derivatives are taken by
    abbreviation,  ///< a value with a name
    function,
    index,  ///< bound by sum, prod or max, or a parameter's value
  };
  Kind kind = Kind::variable;
  Value value{};
  Records records{};  ///< of an abbreviation: asked for wherever it is read
  Place place;
};

/// The names of a block, in the order of their declaration.
class Environment {
 public:
  static constexpr std::size_t all = static_cast<std::size_t>(-1);

  /// \throws SyntaxError when the name is declared already
  void declare(const Source& source, const std::string& name, Binding binding);
  /// Among the first `visible` names; null when there is none.
  const Binding* find(std::string_view name, std::size_t visible = all) const;
  std::size_t size() const { return order_.size(); }
  const std::vector<std::string>& names() const { return order_; }

 private:
  struct Entry {
    std::size_t position;
    Binding binding;
  };
  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<std::string> order_;
};

}  // namespace nabla
