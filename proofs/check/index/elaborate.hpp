#pragma once

#include <nabla/proofs/check/index/algebra.hpp>
#include <nabla/proofs/claim/block.hpp>

/// From the text of a claim to forms: as engine/parse/elaborate, but with names for extents.
namespace nabla::index_form {

/// A function, before it is applied.
struct Function {
  enum class Kind : std::uint8_t { closure, registered, derivative, variable };
  enum class Transform : std::uint8_t { grad, jacobian, hessian };
  Kind kind = Kind::registered;
  std::string name;
  std::vector<std::string> parameters;        ///< closure
  std::vector<std::optional<SyntaxId>> sets;  ///< closure: of its parameters
  SyntaxId body = 0;                          ///< closure
  std::size_t visible = 0;                    ///< closure: how many names were declared when it was
  Transform transform = Transform::grad;      ///< derivative
  std::shared_ptr<const Function> inside;     ///< derivative: of what
  int variable = 0;                           ///< variable: in Algebra::functions
};

struct Value {
  enum class Kind : std::uint8_t { number, condition, function };
  Kind kind = Kind::number;
  Tensor tensor;
  std::shared_ptr<const Function> function;
};

/// A set as written. Ends that are not rational are left out: then less is known.
struct SetForm {
  enum class Kind : std::uint8_t { entries, simplex, onehot, symmetric, definite };
  Kind kind = Kind::entries;
  Bounds bounds;
  std::vector<Rational> elements;  ///< of a finite set
  bool is_exact = true;            ///< whether nothing was left out
  std::vector<Affine> extents;
};

/// A link of a `show`: two sides and what stands between them, or a predicate.
struct Link {
  SyntaxId left = 0, right = 0;
  std::optional<Relation> relation;
};

[[noreturn]] inline void shapes_open() { throw NotHandled("shapes are not known to conform for every dimension"); }

/// Reads all lines of a claim but `show` when it is made. Everything throws NotHandled where shapes are not known to
/// conform for every choice, and for what it cannot express.
class Reader {
 public:
  Reader(const Claim& claim, Algebra& algebra);

  Value value(SyntaxId id);
  Tensor number(SyntaxId id);
  SetForm set(SyntaxId id);
  /// The given variable that is named.
  int variable(SyntaxId id);
  /// Elaborates, and hands over what that requires instead of adding it to Algebra::requirements.
  template <class F>
  std::vector<Requirement> asked_by(F f) {
    std::vector<Requirement> before = std::exchange(algebra_.requirements, {});
    std::vector<Poly> guards = std::exchange(algebra_.guards, {});
    struct Scope {
      Algebra& algebra;
      std::vector<Requirement>& before;
      std::vector<Poly>& guards;
      ~Scope() {
        algebra.requirements = std::move(before);
        algebra.guards = std::move(guards);
      }
    } scope{algebra_, before, guards};
    f();
    return std::move(algebra_.requirements);
  }
  /// The entries of t at subscripts.
  Poly at(const Tensor& t, const std::vector<Affine>& subscripts);
  Tensor made(std::vector<Affine> extents, const std::function<Poly(const std::vector<Affine>&)>& entry);
  /// b on the axes of a; a scalar stretches. \throws NotHandled unless shapes conform
  std::pair<Tensor, Tensor> aligned(Tensor a, Tensor b, bool stretches = true);
  Tensor entry_tensor(int array);
  bool is_declared(std::string_view name) const;

 private:
  struct Binding {
    enum class Kind : std::uint8_t { value, variable };
    Kind kind = Kind::value;
    Value value{};
    int array = 0;
    std::vector<Requirement> requirements{};  ///< of an abbreviation
  };
  struct Name {
    std::string name;
    Binding binding;
  };

  // claim.cpp
  void read(const ForLine& line);
  void read(const GivenLine& line);
  void read(const GivenFunctionLine& line);
  void read(const LetLine& line);
  void read(const AssumeLine& line);
  void read(const ConventionLine& line);
  void read(const ShowLine&) {}
  void assume(Relation relation, const Tensor& a, const Tensor& b);
  void add_rule(const std::vector<Symbol>& pattern, Poly zero_here);
  Affine subscript(SyntaxId id);
  std::vector<Affine> extents(std::span<const SyntaxId> ids);
  std::optional<Rational> rational(SyntaxId id);

  // elaborate.cpp
  Value leaf(SyntaxId id);
  Value name(SyntaxId id);
  const Binding* find(std::string_view name) const;
  Tensor scalar(const Poly& p) const { return {{}, {}, p}; }
  Tensor binary(SyntaxId id, const Tensor& a, const Tensor& b);
  Tensor product(const Tensor& a, const Tensor& b);
  Tensor quotient(const Tensor& a, const Tensor& b);
  Tensor raised(const Tensor& a, const Tensor& b);
  Tensor elementwise(const Tensor& a, const Tensor& b, Opcode code);
  Tensor list(SyntaxId id);
  Tensor indexed(SyntaxId id);
  Poly scalar_of(SyntaxId id);
  std::string text(SyntaxId id) const { return std::string(syntax_.text(id)); }

  // choice.cpp
  Value relation(SyntaxId id);
  Tensor where(SyntaxId id);
  Tensor comprehension(SyntaxId id);
  Poly related(Relation relation, const Poly& a, const Poly& b);
  Tensor derivative(Function::Transform transform, const Tensor& of, int array);
  Value derivative_call(Function::Transform transform, SyntaxId id);
  Tensor directional(SyntaxId id);
  Tensor substituted(SyntaxId id);
  Tensor applied(const std::shared_ptr<const Function>& f, const Tensor& x, SyntaxId id);
  Tensor sliced(const Tensor& t, std::size_t first_axis, SyntaxId index, std::size_t& kept);
  void move_requirements(std::vector<Requirement> asked, int array, const Tensor& to);

  // limit.cpp
  Tensor limit(SyntaxId id);
  bool is_smooth_around(const Poly& p, int variable, const Substitution& s);

  // call.cpp
  Value call(SyntaxId id);
  Value apply(const std::shared_ptr<const Function>& f, const std::vector<Value>& x, SyntaxId id);
  Tensor registered(const std::string& name, const std::vector<Tensor>& x);
  std::optional<Tensor> structured(const std::string& name, const std::vector<Tensor>& x);
  Tensor reshaped(const std::vector<Tensor>& x);
  Tensor extreme(const Tensor& t, bool is_largest);
  Tensor filled(const std::string& name, const std::vector<Tensor>& x);
  Poly sum_of(const Tensor& t);
  Tensor rows(const std::string& name, const Tensor& t);
  Tensor transposed(const Tensor& t);
  Tensor dense(const Tensor& y, const Tensor& w, const Tensor& b);
  Poly entry_count(const Tensor& t);
  Affine affine_of(const Tensor& t);

  const Syntax& syntax_;
  Algebra& algebra_;
  std::vector<Name> names_;   // of the block
  std::vector<Name> locals_;  // of comprehensions and parameters
  std::size_t barrier_ = 0;   // locals below it belong to callers
  std::size_t visible_ = static_cast<std::size_t>(-1);
  int depth_ = 0;
};

}  // namespace nabla::index_form
