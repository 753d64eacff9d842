#pragma once

#include <algorithm>
#include <functional>
#include <nabla/engine/calculus/integral_calculus.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate_error.hpp>
#include <nabla/engine/parse/environment.hpp>
#include <unordered_map>

/// From syntax trees to typed symbolic graphs: names get their meaning, shapes are checked by the rules of the claim
/// language (which are stricter than the engine's own broadcasting), comprehensions are unrolled, derivatives taken.
namespace nabla {

/// A function variable applied at one argument. Both parts are free variables of the graph: a statement that holds for
/// all their values holds for every function that is differentiable there.
struct Application {
  FunctionRef function;
  Expr argument;
  Expr value;     ///< of the codomain's shape
  Expr jacobian;  ///< codomain then domain; empty until a derivative is asked for
  std::string text;
};

/// What is differentiated in place of an expression by a variable: an expression that is equal to it wherever it is
/// defined, without the kinks that cancel in it, where there is one; else the expression. relu(u) - relu(-u) is u,
/// whose derivative at 0 is 1, while the chain rule has 0 there.
using SmoothForm = std::function<Expr(const Expr& of, const Expr& by)>;

/// A limit whose values from both sides are known, and not whether they are equal.
class SidesMayDiffer : public Unsupported {
 public:
  SidesMayDiffer(Place where, Expr from_left, Expr from_right)
      : Unsupported(where, "a limit from two sides that may differ"),
        left(std::move(from_left)),
        right(std::move(from_right)) {}
  Expr left, right;
};

/// Elaborates expressions of one Syntax in one Workspace. While it lives, its workspace is the current one of the
/// thread. Members throw TypeError, UnknownName, SyntaxError, Unsupported.
class Elaborator {
 public:
  /// Levels of expressions inside each other, calls of functions included; past it an expression is Unsupported.
  static constexpr int depth_limit = 1000;
  /// Terms of unrolled comprehensions (a derivative counts some for each sweep), and entries of one tensor.
  static constexpr std::int64_t term_limit = 1'000'000;
  static constexpr std::int64_t size_limit = 10'000'000;

  /// Both references must outlive it. \param sweep the conventions that derivatives follow
  Elaborator(const Syntax& syntax, Environment& environment, std::shared_ptr<Workspace> workspace,
             SweepOptions sweep = {});
  ~Elaborator();
  Elaborator(const Elaborator&) = delete;
  Elaborator& operator=(const Elaborator&) = delete;

  /// From now on derivatives are those of smooth forms. Not for what function variables are in.
  void set_smooth_form(SmoothForm form) { smooth_form_ = std::move(form); }

  const Syntax& syntax() const { return syntax_; }
  Environment& environment() { return environment_; }
  const std::shared_ptr<Workspace>& workspace() const { return workspace_; }

  /// From now on an integral without a primitive function is a variable of its own, whatever it is of: see
  /// opaque_integrals(). Otherwise that is Unsupported where no function variable is integrated.
  void leave_integrals_open() { opens_integrals_ = true; }

  /// Reports a name that means nothing, wherever it stands, also in what elaboration passes over (an empty sum, a
  /// function that is never called). \param bound names of parameters
  void check_names(SyntaxId root, std::vector<std::string_view> bound = {}) const;

  static Shape joined_shape(const Shape& a, const Shape& b);

  /// Whether a name means something without being declared: pi, a registered operator, grad, where, ...
  static bool has_meaning(std::string_view name) {
    return name == "pi" || is_special_form(name) || is_registered(name);
  }

  Value value(SyntaxId id);
  /// A scalar or tensor.
  Expr number(SyntaxId id);
  /// \param what how messages call it: "an index"
  Expr scalar(SyntaxId id, std::string_view what);
  std::int64_t integer(SyntaxId id, std::string_view what);
  /// 1 where it holds, else 0.
  Expr condition(SyntaxId id);
  /// Nonnegative integers.
  Shape shape(std::span<const SyntaxId> dimensions);
  /// Whether sides of these shapes can be compared. \throws TypeError at `where`
  void check_sides(Relation relation, const Expr& a, const Expr& b, Place where) const;
  /// A given variable, for a predicate; \throws TypeError for anything else.
  Expr variable_named(SyntaxId id, std::string_view asker);

  /// A function of the parameters, whose bodies see the names declared so far. Parameters get their sets from the
  /// caller.
  std::shared_ptr<FunctionValue> closure(std::string name, std::span<const std::string> parameters, SyntaxId body);

  /// Elaborates with no guards; what is asked for meanwhile is returned instead of being added to records().
  template <class Elaborate>
  Records capture(Elaborate&& elaborate) {
    Capture scope(*this);
    elaborate();
    return std::move(records_);
  }
  /// Adds what was asked for in a capture.
  void ask(const Records& records) { records_.add(records, guards_); }
  /// As capture, but errors of indices out of range count as zeros: for what is never read, only typed.
  template <class Elaborate>
  void probe(Elaborate&& elaborate) {
    Capture scope(*this);
    scope.probing = std::exchange(probing_, true);
    elaborate();
  }
  /// Makes what is asked for in a scope read only where the condition is nonzero.
  class Guard {
   public:
    Guard(Elaborator& elaborator, const Expr& condition) : elaborator_(elaborator) {
      elaborator_.guards_.push_back(condition);
    }
    ~Guard() { elaborator_.guards_.pop_back(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Elaborator& elaborator_;
  };
  /// While it lives, a limit of function variables that cannot be computed is supposed to exist, as in a hypothesis
  /// that reads its value: it is a free variable. Others that differ from it by what can be computed follow it.
  class Supposing {
   public:
    Supposing(Elaborator& elaborator, bool on) : elaborator_(elaborator) { elaborator_.supposing_ = on; }
    ~Supposing() { elaborator_.supposing_ = false; }
    Supposing(const Supposing&) = delete;
    Supposing& operator=(const Supposing&) = delete;

   private:
    Elaborator& elaborator_;
  };
  /// What was asked for so far.
  const Records& records() const { return records_; }

  const std::vector<Application>& applications() const { return applications_; }
  /// Where function variables that stand for an explicit function were applied, and what that gave.
  struct InstanceApplication {
    FunctionRef function;
    Expr argument, value;
  };
  const std::vector<InstanceApplication>& instance_applications() const { return instance_applications_; }
  /// e at another value of a variable; function variables are applied there.
  Expr moved(const Expr& e, const Expr& variable, const Expr& value) { return replaced(e, variable, value); }
  /// The gradient by a variable. \throws TypeError where a function variable need not have one
  Expr gradient_of(const Expr& e, const Expr& by, SyntaxId id) { return differentiate(Transform::grad, e, by, id); }
  /// Variables of the integrals: what was asked for inside of them is read where these lie between 0 and 1.
  const std::vector<Expr>& between_ends() const { return between_ends_; }
  /// Integrals that have no primitive function: value is a free variable, the integral of the density by `inside` from
  /// 0 to 1. Of expressions with function variables in them, the density is continuous; of others (see
  /// leave_integrals_open) nothing is said of it. A density may read the values of integrals before it.
  const std::vector<ParametricIntegral>& opaque_integrals() const { return opaque_integrals_; }
  /// Where there are such integrals: those of function variables that were computed, in the same form (value is then an
  /// expression), so that both can be compared under one integral sign.
  std::vector<ParametricIntegral> computed_integrals();
  struct SupposedLimit {
    Expr body, variable, target, value;
  };
  /// Limits that a hypothesis supposes to exist; value is a free variable.
  const std::vector<SupposedLimit>& supposed_limits() const { return supposed_limits_; }
  /// Whether a limit was read off in a way that fails where it may exist all the same: then what is undefined says
  /// nothing.
  bool uncertain_limit() const { return uncertain_limit_; }
  /// Why what was elaborated is not faithful after all (its shapes are right): nothing when it is.
  const std::string& deferred() const { return deferred_; }

 private:
  struct Capture {
    explicit Capture(Elaborator& e) : elaborator(e), records(std::exchange(e.records_, {})) {
      guards.swap(e.guards_);
      probing = e.probing_;
    }
    ~Capture() {
      elaborator.records_ = std::move(records);
      elaborator.guards_.swap(guards);
      elaborator.probing_ = probing;
    }
    Elaborator& elaborator;
    Records records;
    std::vector<Expr> guards;
    bool probing;
  };
  struct Local {
    std::string_view name;
    Binding binding;
  };
  struct Target;
  using Subscripts = std::vector<std::optional<std::int64_t>>;  // from 0; nothing: all of the axis

  // elaborate.cpp
  Value leaf(SyntaxId id);
  Value name(SyntaxId id);
  Value literal(SyntaxId id);
  const Binding* find(std::string_view name) const;
  [[noreturn]] void unknown(SyntaxId id) const;
  void locate(SyntaxId id);
  void check_size(const Shape& shape, SyntaxId id) const;
  void spend(std::int64_t terms, std::string_view on, SyntaxId id);
  Expr as_number(const Value& value, SyntaxId id) const;
  Expr zeros(const Shape& shape) const;
  std::string text(SyntaxId id) const;
  Expr apply(std::string_view operation, std::initializer_list<Expr> operands) const;
  Expr apply(std::string_view operation, std::span<const Expr> operands) const;

  // elaborate_arithmetic.cpp
  Expr binary(SyntaxId id, const Expr& a, const Expr& b);
  Expr product(SyntaxId id, const Expr& a, const Expr& b);
  Expr power(SyntaxId id, const Expr& a, const Expr& b);
  Expr scalar_power(const Expr& base, const Expr& exponent, SyntaxId id);
  Expr matrix_power(const Expr& base, std::int64_t exponent, SyntaxId id);
  Expr elementwise_power(SyntaxId id, const Expr& a, const Expr& b);

  // elaborate_index.cpp
  Expr vector(SyntaxId id);
  Expr matrix(SyntaxId id);
  Expr transposed(SyntaxId id);
  Expr indexed(SyntaxId id);
  Subscripts subscripts(SyntaxId id, Shape base, std::size_t first_axis);
  Expr select(const Expr& base, std::size_t first_axis, const Subscripts& subscripts);
  Expr joined(const std::vector<Expr>& entries, Shape shape, SyntaxId id);

  // elaborate_choice.cpp
  Value relation(SyntaxId id);
  Expr relate(Relation relation, const Expr& a, const Expr& b);
  Value implication(SyntaxId id);
  Expr where(SyntaxId id);
  Value comprehension(SyntaxId id);
  Expr accumulate(Comprehension op, const Expr& sum, const Expr& term, SyntaxId id);

  // elaborate_call.cpp
  Value call(SyntaxId id);
  std::optional<Value> special_form(std::string_view name, SyntaxId id);
  Value apply_function(const FunctionRef& function, std::vector<Value> arguments, SyntaxId id);
  Value apply_closure(const FunctionRef& function, const std::vector<Value>& arguments, SyntaxId id);
  Expr delta(SyntaxId id);
  Expr shape_vector(SyntaxId id);
  void check_arity(SyntaxId id, std::size_t least, std::size_t most) const;
  static bool is_special_form(std::string_view name);
  std::vector<std::string_view> callable_names() const;

  // elaborate_registered.cpp
  static bool is_registered(std::string_view name);
  static std::span<const std::string_view> written_out_names();
  Expr apply_registered(std::string_view name, std::span<const Expr> x, SyntaxId id);
  Expr apply_elementwise(std::string_view name, std::span<const Expr> x, SyntaxId id);
  Expr apply_structured(std::string_view name, std::span<const Expr> x, SyntaxId id);
  Expr apply_layer(std::string_view name, std::span<const Expr> x, SyntaxId id);
  Expr filled(std::string_view name, std::span<const Expr> x, SyntaxId id);
  std::int64_t exact_integer(const Expr& e, std::string_view what, SyntaxId id, std::size_t argument) const;

  // elaborate_derivative.cpp
  Value derivative(Transform transform, SyntaxId id);
  Expr directional(SyntaxId id);
  Value substituted(SyntaxId id);
  Target target(SyntaxId id, std::string_view asker);
  Expr differentiate(Transform transform, const Expr& of, const Expr& by, SyntaxId id);
  Expr apply_derivative(const FunctionRef& function, const Expr& argument, SyntaxId id);
  Expr fresh(std::string_view name, const Shape& shape);
  /// What is differentiated in place of `of`; where that is another expression, `of` has to be defined too.
  Expr smooth_form(const Expr& of, const Expr& by, const Replacements& still);
  void record_derivative(const Expr& of, const Expr& by, const Replacements& at, SyntaxId id);

  // elaborate_opaque.cpp
  Expr apply_opaque(const FunctionRef& function, const Expr& argument, SyntaxId id);
  std::size_t application(const FunctionRef& function, const Expr& argument, std::string_view text);
  Expr linked(const Expr& of, const Expr& by, Replacements& back, Replacements& still, SyntaxId id);
  Replacements with_applications(Replacements replacements);
  Expr replaced(const Expr& e, const Expr& variable, const Expr& value);
  void replace_in(Records& records, const Expr& variable, const Expr& value);

  // elaborate_integral.cpp
  Value integral(SyntaxId id);
  Expr primitive(const Expr& integrand, const Expr& t, Place where);
  /// Whether e moves with t by what variables stand for: values of functions and integrals.
  bool follows(const Expr& e, const Expr& t) const;
  Expr opaque_integral(const Expr& density, const Expr& inside);
  Expr open_inside(std::size_t around);
  bool has_continuous_functions(const Expr& e, const Expr& t, bool derivatives) const;
  static bool is_total_at(const Expr& e);
  static bool may_jump(const Expr& e);

  // elaborate_limit.cpp
  /// The body of an integral or a limit, in which `name` is the variable it runs over.
  Expr number_with(std::string_view name, const Expr& variable, const Place& place, SyntaxId body);
  Value limit(SyntaxId id);
  Expr analytic_limit(const Expr& body, const Expr& h, const Expr& a, const Records& records, Place where);
  /// Whether e is 0 at h = a.
  bool vanishes_at(const Expr& e, const Expr& h, const Expr& a);
  Expr limit_of(const Expr& body, const Expr& h, const Expr& a, Records& records, SyntaxId id);
  std::optional<Expr> supposed_limit(const Expr& body, const Expr& h, const Expr& a, SyntaxId id);
  Expr limit_at_infinity(const Expr& above, const Expr& below, const Expr& h, bool negative, Place where);
  // elaborate_limit_sides.cpp
  Expr limit_from_sides(const Expr& body, const Expr& h, const Expr& a, const Records& records, Place where);

  const Syntax& syntax_;
  Environment& environment_;
  std::shared_ptr<Workspace> workspace_;
  WorkspaceScope scope_;
  SweepOptions sweep_;
  SmoothForm smooth_form_;
  std::vector<std::uint32_t> origins_;  // of syntax nodes; 0: not made yet

  std::vector<Local> locals_;
  std::size_t barrier_ = 0;  // locals below it belong to callers
  std::size_t visible_ = Environment::all;
  Records records_;
  std::vector<Expr> guards_;
  bool probing_ = false;
  int depth_ = 0;
  std::int64_t terms_ = 0;
  int fresh_ = 0;

  struct Remembered {
    FunctionRef function;  // kept, so that its address stays its own
    Value value;
    Records records;
  };
  std::map<std::vector<std::uint64_t>, Remembered> remembered_;
  std::map<std::pair<Transform, const FunctionValue*>, FunctionRef> derivatives_;
  std::unordered_map<std::string_view, FunctionRef> registered_;
  std::unordered_map<std::uint32_t, std::vector<Expr>> constant_tensors_;  // their entries
  std::vector<Application> applications_;
  std::vector<Expr> between_ends_;
  std::vector<ParametricIntegral> opaque_integrals_;
  std::vector<Expr> open_insides_;  // of opaque integrals, by how many integrals are around them
  bool opens_integrals_ = false;
  struct ComputedIntegral {
    Expr value, integrand, variable, from, to;
  };
  std::vector<ComputedIntegral> computed_integrals_;
  std::vector<SupposedLimit> supposed_limits_;
  bool supposing_ = false;
  int bound_depth_ = 0;  // integrals and limits around
  bool uncertain_limit_ = false;
  std::vector<InstanceApplication> instance_applications_;
  std::string deferred_;
};

}  // namespace nabla
