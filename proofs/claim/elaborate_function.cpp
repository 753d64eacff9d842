#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/claim/class_assumption.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nabla/proofs/claim/elaborate_set.hpp>
#include <set>

namespace nabla {

namespace {

constexpr std::array shapes = {std::pair{InstanceShape::quadratic, std::string_view("instance")},
                               std::pair{InstanceShape::kink, std::string_view("instance kink")},
                               std::pair{InstanceShape::huber, std::string_view("instance huber")},
                               std::pair{InstanceShape::jump, std::string_view("instance jump")},
                               std::pair{InstanceShape::crease, std::string_view("instance crease")},
                               std::pair{InstanceShape::between, std::string_view("instance between")},
                               std::pair{InstanceShape::between_jump, std::string_view("instance between jump")}};

bool is_interval(const Set& set) {
  return set.kind == Set::Kind::entries && !set.entries.is_finite() && has_constant_ends(set);
}

/// Whether what the deciders use of the class holds on the domain. The inequalities of functions with a Lipschitz
/// gradient need all of R[n], and a convex function has subgradients in the interior.
bool may_have_domain(const FunctionVariable& f) {
  if (!is_interval(f.domain) || !f.smooth.empty() || f.linear) return false;
  const bool open = !(f.domain.entries.lo_closed || f.domain.entries.hi_closed);
  return open || !(f.convex || f.differentiable || !f.strongly_convex.empty());
}

/// Whether the class has functions with these values.
bool may_have_codomain(const FunctionVariable& f) {
  return is_interval(f.codomain) && !f.linear && (f.strongly_convex.empty() || f.codomain.entries.hi.empty());
}

}  // namespace

FunctionReader::FunctionReader(const Claim& claim, Elaborator& elaborator, Problem& problem,
                               FunctionTreatment treatment, InstanceShape shape)
    : claim_(claim), elaborator_(elaborator), problem_(problem), treatment_(treatment), shape_(shape) {}

Expr FunctionReader::give(const std::string& name, Set set) {
  const Expr made = variable(name, set.shape);
  problem_.givens.push_back({name, made, std::move(set), place_});
  coefficients_.push_back(made);
  return made;
}

void FunctionReader::assume(const Expr& left, Comparison comparison, const Expr& right, const std::string& text) {
  Statement s;
  s.place = place_;
  s.text = text;
  s.sides = {left, right};
  s.comparisons = {comparison};
  s.side_places = {place_, place_};
  problem_.hypotheses.push_back(std::move(s));
}

void FunctionReader::classify(FunctionVariable& variable, const GivenFunctionLine& line) {
  std::vector<GivenFunctionLine::Membership> classes = line.classes;
  for (const Claim::Line& other : claim_.lines)
    if (const auto* assumed = std::get_if<AssumeLine>(&other))
      if (const auto of = class_assumption(claim_, *assumed); of && of->function == variable.name)
        classes.push_back(of->membership);
  for (const GivenFunctionLine::Membership& membership : classes) {
    const auto scalar_valued = [&] {
      if (!variable.codomain.shape.is_scalar())
        throw IllPosed(membership.place, "a function of this class has scalar values", {variable.codomain.shape});
    };
    const auto constant = [&] { return elaborator_.scalar(*membership.constant, "the constant of a class"); };
    switch (membership.function_class) {
      case FunctionClass::any:
        break;
      case FunctionClass::continuous:
        variable.continuous = true;
        break;
      case FunctionClass::differentiable:
        variable.differentiable = variable.continuous = true;
        break;
      case FunctionClass::linear:
        variable.linear = variable.differentiable = variable.continuous = true;
        break;
      case FunctionClass::convex:
        scalar_valued();
        variable.convex = variable.continuous = true;  // finite on all of R[n]
        break;
      case FunctionClass::smooth:
        scalar_valued();
        variable.differentiable = variable.continuous = true;
        variable.smooth = constant();
        break;
      case FunctionClass::strongly_convex:
        scalar_valued();
        variable.continuous = true;
        variable.strongly_convex = constant();
        break;
    }
  }
}

FunctionRef FunctionReader::read(const GivenFunctionLine& line, SyntaxId id, const Set& domain, const Set& codomain,
                                 std::size_t domain_number) {
  place_ = claim_.syntax.place(id);
  FunctionVariable variable;
  variable.name = std::string(claim_.syntax.spelling(id));
  variable.place = place_;
  variable.domain = domain;
  variable.codomain = codomain;
  classify(variable, line);
  auto function = std::make_shared<FunctionValue>();
  function->kind = FunctionValue::Kind::opaque;
  function->name = variable.name;
  function->domain = domain.shape;
  if (!is_everything(domain)) function->parameters.push_back({.name = "u", .set = domain_number});
  function->codomain = codomain.shape;
  function->differentiable = variable.differentiable;
  function->continuous = variable.continuous;
  // A differentiable convex function has a continuous gradient (Rockafellar, Convex Analysis, 25.5).
  const bool convex = variable.convex || !variable.strongly_convex.empty();
  function->continuous_derivative = variable.differentiable && (convex || variable.linear || !variable.smooth.empty());
  const bool everywhere = is_everything(domain) && is_everything(codomain);
  const bool between_fits = treatment_ == FunctionTreatment::instance && is_between(shape_) && !variable.linear &&
                            !is_everything(codomain) && is_interval(codomain);
  if (treatment_ == FunctionTreatment::instance && !is_everything(codomain) && !between_fits)
    reason_ = "a function variable with values in a set other than R with a shape";
  else if (!is_everything(domain) && !may_have_domain(variable))
    reason_ = "a function variable of this class on a part of R";
  else if (!is_everything(codomain) && !between_fits && !may_have_codomain(variable))
    reason_ = "a function variable of this class with values in a part of R";
  if (between_fits) {
    instantiate_between(*function, variable);
  } else if (treatment_ == FunctionTreatment::instance || (everywhere && all_are_linear())) {
    instantiate(*function, variable);
  }
  index_[function.get()] = problem_.function_variables.size();
  problem_.function_variables.push_back(std::move(variable));
  return function;
}

/// Then each is u -> M u with a free matrix M, and nothing is lost by writing it so, whatever the treatment.
bool FunctionReader::all_are_linear() const {
  return std::ranges::all_of(claim_.lines, [](const Claim::Line& line) {
    const auto* functions = std::get_if<GivenFunctionLine>(&line);
    return functions == nullptr || std::ranges::any_of(functions->classes, [](const auto& membership) {
             return membership.function_class == FunctionClass::linear;
           });
  });
}

const Set* FunctionReader::codomain_of_value(const Expr& e) const {
  const auto of = [&](const auto& a) { return same(a.value, e); };
  const FunctionValue* function = nullptr;
  const auto& applications = elaborator_.applications();
  const auto& explicit_ones = elaborator_.instance_applications();
  if (const auto a = std::ranges::find_if(applications, of); a != applications.end()) function = a->function.get();
  if (const auto a = std::ranges::find_if(explicit_ones, of); a != explicit_ones.end()) function = a->function.get();
  const auto found = index_.find(function);
  return found == index_.end() ? nullptr : &problem_.function_variables[found->second].codomain;
}

bool FunctionReader::reads_value(const Expr& e) const {
  const auto reads = [&](const Expr& x) { return !x.empty() && depends_on(e, x); };
  return std::ranges::any_of(coefficients_, reads) ||
         std::ranges::any_of(elaborator_.applications(),
                             [&](const Application& a) { return reads(a.value) || reads(a.jacobian); });
}

void give_open_integrals(const Elaborator& elaborator, Problem& problem) {
  for (const ParametricIntegral& i : elaborator.opaque_integrals()) {
    problem.givens.push_back({i.value.graph().variable_name(i.value.ref().id()), i.value, all_of({}), {}});
    problem.integrals.push_back(i);
  }
}

void FunctionReader::finish() {
  if (problem_.function_variables.empty()) return;
  if (treatment_ == FunctionTreatment::instance) {
    if (!reason_.empty()) throw NotHandled(reason_);
    if (is_between(shape_) && !has_smaller_) throw NotHandled("no function has a smaller set of values");
    problem_.functions = treatment_;
    problem_.instance_shape = shape_;
    return;
  }
  const auto& applications = elaborator_.applications();
  if (applications.empty()) return;
  if (treatment_ == FunctionTreatment::none)
    throw NotHandled("the claim is about every function `" + applications[0].function->name + "` of a class");
  if (!reason_.empty()) throw NotHandled(reason_);
  if (!elaborator_.deferred().empty()) throw NotHandled(elaborator_.deferred());
  problem_.functions = treatment_;
  give_open_integrals(elaborator_, problem_);
  read_computed_integrals();
  for (const auto& limit : elaborator_.supposed_limits())
    problem_.givens.push_back(
        {limit.value.graph().variable_name(limit.value.ref().id()), limit.value, all_of(limit.value.shape()), {}});
  const auto reads = [](const std::vector<Expr>& all, const Expr& e) {
    return !e.empty() && std::ranges::any_of(all, [&](const Expr& r) { return depends_on(r, e); });
  };
  // Arguments read only applications that were made before.
  std::vector<Expr> read = expressions();
  std::vector<bool> stated(applications.size());
  for (std::size_t k = applications.size(); k-- > 0;) {
    const Application& a = applications[k];
    stated[k] = reads(read, a.value) || reads(read, a.jacobian);
    if (stated[k]) read.push_back(a.argument);
  }
  read.insert(read.end(), problem_.must_be_defined.begin(), problem_.must_be_defined.end());
  for (const Derivative& d : problem_.derivatives) {
    read.insert(read.end(), d.guards.begin(), d.guards.end());
    for (const auto& [variable, value] : d.at) read.push_back(value);
  }
  for (std::size_t k = 0; k < applications.size(); ++k) {
    const Application& a = applications[k];
    bool is_read = false;
    for (const Expr& e : {a.value, a.jacobian}) {
      // What grad(f)(u) is taken of has a point of its own, which `at` moves to u.
      if (!reads(read, e)) continue;
      const std::string& name = e.graph().variable_name(e.ref().id());
      const FunctionVariable& f = problem_.function_variables[index_.at(a.function.get())];
      problem_.givens.push_back({name, e, same(e, a.value) ? f.codomain : all_of(e.shape()), {}});
      is_read = true;
    }
    if (is_read)
      problem_.applications.push_back({index_.at(a.function.get()), a.argument, a.value, a.jacobian, stated[k]});
  }
}

void FunctionReader::read_computed_integrals() {
  const auto computed = elaborator_.computed_integrals();
  if (computed.empty()) return;
  std::set<NodeId> known{computed[0].inside.ref().id()};
  const auto know = [&](const Expr& e) {
    if (!e.empty() && e.ref().is_node()) known.insert(e.ref().id());
  };
  for (const Given& g : problem_.givens) know(g.variable);
  for (const auto& a : elaborator_.applications()) {
    know(a.value);
    know(a.jacobian);
  }
  for (const auto& [value, density, inside] : computed) {
    const Graph& graph = value.graph();
    const Ref both[] = {value.ref(), density.ref()};
    const std::vector<bool> reads = reachable(graph, both);
    bool is_closed = true;  // not a part of a function's body, whose parameters are variables of their own
    for (NodeId id = 0; id < reads.size() && is_closed; ++id)
      is_closed = !reads[id] || !graph.is(id, opcode<Variable>) || known.contains(id);
    if (is_closed) problem_.computed_integrals.push_back({value, density, inside});
  }
}

std::vector<Expr> FunctionReader::expressions() const {
  std::vector<Expr> all;
  for (const ParametricIntegral& i : problem_.integrals) all.push_back(i.density);
  for (const ParametricIntegral& i : problem_.computed_integrals) {
    all.push_back(i.value);
    all.push_back(i.density);
  }
  std::vector<const Statement*> open;
  for (const Statement& s : problem_.hypotheses) open.push_back(&s);
  for (const Statement& s : problem_.shows) open.push_back(&s);
  while (!open.empty()) {
    const Statement& s = *open.back();
    open.pop_back();
    all.insert(all.end(), s.sides.begin(), s.sides.end());
    all.insert(all.end(), s.parameters.begin(), s.parameters.end());
    if (!s.subject.empty()) all.push_back(s.subject);
    for (const Statement& child : s.children) open.push_back(&child);
  }
  return all;
}

std::string spelling(FunctionTreatment treatment, InstanceShape shape) {
  if (treatment == FunctionTreatment::none) return "none";
  if (treatment == FunctionTreatment::abstract) return "abstract";
  for (const auto& [known, text] : shapes)
    if (known == shape) return std::string(text);
  return "instance";
}

std::pair<FunctionTreatment, InstanceShape> parse_treatment(std::string_view text) {
  if (text == "abstract") return {FunctionTreatment::abstract, InstanceShape::quadratic};
  for (const auto& [shape, known] : shapes)
    if (known == text) return {FunctionTreatment::instance, shape};
  return {FunctionTreatment::none, InstanceShape::quadratic};
}

}  // namespace nabla
