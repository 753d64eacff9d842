#include <algorithm>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/engine/parse/suggest.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/exponential.hpp>
#include <nabla/ops/powers.hpp>
#include <nabla/proofs/claim/class_assumption.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nabla/proofs/claim/elaborate_set.hpp>
#include <nabla/proofs/claim/elaborate_statement.hpp>
#include <nabla/proofs/claim/predicates.hpp>

namespace nabla {

namespace {

std::string name_of(const Claim& claim, SyntaxId id) { return std::string(claim.syntax.spelling(id)); }

/// A binding that only says that the name is declared.
Binding declared(const Claim& claim, SyntaxId id) { return Binding{.place = claim.syntax.place(id)}; }

class NameCheck {
 public:
  explicit NameCheck(const Claim& claim)
      : claim_(claim), elaborator_(claim.syntax, environment_, std::make_shared<Workspace>()) {}

  void operator()(const ForLine& line) {
    for (const SyntaxId bound : line.bounds) elaborator_.check_names(bound);
    declare(line.names);
  }
  void operator()(const GivenLine& line) {
    elaborator_.check_names(line.set);
    declare(line.names);
  }
  void operator()(const GivenFunctionLine& line) {
    elaborator_.check_names(line.domain);
    elaborator_.check_names(line.codomain);
    for (const auto& membership : line.classes)
      if (membership.constant) elaborator_.check_names(*membership.constant);
    declare(line.names);
  }
  void operator()(const LetLine& line) {
    std::vector<std::string_view> bound;
    for (const LetLine::Parameter& parameter : line.parameters) {
      const std::string_view name = claim_.syntax.spelling(parameter.name);
      if (std::find(bound.begin(), bound.end(), name) != bound.end())
        throw SyntaxError(claim_.syntax.source(), claim_.syntax.place(parameter.name),
                          "two parameters are called " + in_backquotes(name));
      if (parameter.set) elaborator_.check_names(*parameter.set);
      bound.push_back(name);
    }
    elaborator_.check_names(line.value, bound);
    declare({line.name});
  }
  void operator()(const AssumeLine& line) { elaborator_.check_names(line.condition, predicate_names()); }
  void operator()(const ShowLine& line) { elaborator_.check_names(line.statement, predicate_names()); }
  void operator()(const ConventionLine& line) {
    const std::string name = name_of(claim_, line.name);
    for (const SyntaxId point : line.point) elaborator_.check_names(point);
    elaborator_.check_names(line.value);
    if (find_operator(name) >= 0) return;
    std::vector<std::string_view> candidates;
    for (std::size_t code = 0; code < operator_count(); ++code)
      candidates.push_back(operator_info(static_cast<Opcode>(code)).name);
    const auto near = did_you_mean(name, candidates);
    throw UnknownName(
        claim_.syntax.source(), claim_.syntax.place(line.name),
        in_backquotes(name) + " is not an operator" + (near ? "; did you mean " + in_backquotes(*near) + "?" : ""));
  }

 private:
  void declare(const std::vector<SyntaxId>& names) {
    for (const SyntaxId name : names)
      environment_.declare(claim_.syntax.source(), name_of(claim_, name), declared(claim_, name));
  }
  const Claim& claim_;
  Environment environment_;
  Elaborator elaborator_;
};

// ---- conventions ----

KinkConvention convention_of(const Claim& claim, Elaborator& elaborator, const ConventionLine& line) {
  const std::string name = name_of(claim, line.name);
  const Place place = claim.syntax.place(line.name);
  const OperatorInfo& info = operator_info(static_cast<Opcode>(find_operator(name)));
  if (info.facts.kinks.empty())
    throw IllPosed(place, in_backquotes(name) + " has no kink, so there is nothing to agree on");
  if (info.family != Family::elementwise || info.indexed || info.arity > 2 ||
      (info.arity == 2 && name != "max" && name != "min"))
    throw NotHandled("a convention for the operator " + name);
  if (line.point.size() != static_cast<std::size_t>(info.arity))
    throw IllPosed(place, in_backquotes(name) + " has " + std::to_string(info.arity) +
                              " operands, and the convention names " + std::to_string(line.point.size()));
  for (const SyntaxId point : line.point)
    if (!elaborator.scalar(point, "the point of a convention").is(0))
      throw IllPosed(claim.syntax.place(point), "the kink of " + in_backquotes(name) + " is at 0");
  const Expr value = elaborator.scalar(line.value, "the value of a convention");
  if (!value.ref().is_constant())
    throw IllPosed(claim.syntax.place(line.value), "the value of a convention is an exact number");
  return {name, *value.constant()};
}

// ---- the lines of a claim with its dimensions filled in ----

class ClaimReader {
 public:
  ClaimReader(const Claim& claim, const Choice& choice, FunctionTreatment functions, const SmoothFormIn& smooth,
              InstanceShape shape, Misfits misfits, Problem& problem)
      : claim_(claim),
        choice_(choice),
        problem_(problem),
        elaborator_(claim.syntax, environment_, problem.workspace, SweepOptions{problem.conventions}),
        function_reader_(claim, elaborator_, problem, functions, shape),
        functions_(functions),
        misfits_(misfits) {
    if (functions == FunctionTreatment::none) elaborator_.leave_integrals_open();
    if (smooth)
      elaborator_.set_smooth_form([this, &smooth](const Expr& of, const Expr& by) { return smooth(problem_, of, by); });
  }

  void operator()(const ForLine& line) {
    for (const SyntaxId id : line.names) {
      Binding binding = declared(claim_, id);
      binding.kind = Binding::Kind::dimension;
      binding.value.expr = Expr(value_of(name_of(claim_, id)));
      declare(id, std::move(binding));
    }
  }

  void operator()(const GivenLine& line) {
    for (const SyntaxId id : line.names) {
      Given given;
      given.name = name_of(claim_, id);
      given.place = claim_.syntax.place(id);
      given.set = elaborate_set(elaborator_, line.set);
      for (const Expr& element : given.set.entries.elements)
        if (!is_constant(element)) throw NotHandled("a finite set whose elements depend on variables");
      given.variable = variable(given.name, given.set.shape);
      for (Statement& end : take_variable_ends(given.set, given.variable, given.name, given.place))
        problem_.hypotheses.push_back(std::move(end));
      Binding binding = declared(claim_, id);
      binding.kind = Binding::Kind::variable;
      binding.value.expr = given.variable;
      problem_.givens.push_back(std::move(given));
      declare(id, std::move(binding));
    }
  }

  void operator()(const GivenFunctionLine& line) {
    const Set domain = elaborate_set(elaborator_, line.domain);
    const Set codomain = elaborate_set(elaborator_, line.codomain);
    for (const SyntaxId id : line.names) {
      Binding binding = declared(claim_, id);
      binding.kind = Binding::Kind::function;
      binding.value = Value{.kind = Value::Kind::function,
                            .function = function_reader_.read(line, id, domain, codomain, parameter_sets_.size())};
      parameter_sets_.push_back(domain);
      declare(id, std::move(binding));
    }
  }

  void operator()(const LetLine& line) {
    Binding binding = declared(claim_, line.name);
    if (line.parameters.empty()) {
      binding.kind = Binding::Kind::abbreviation;
      binding.records = elaborator_.capture([&] { binding.value = elaborator_.value(line.value); });
      if (binding.value.kind == Value::Kind::function) binding.kind = Binding::Kind::function;
    } else {
      std::vector<std::string> names;
      for (const LetLine::Parameter& parameter : line.parameters) names.push_back(name_of(claim_, parameter.name));
      const auto function = elaborator_.closure(name_of(claim_, line.name), names, line.value);
      for (std::size_t k = 0; k < names.size(); ++k) {
        if (!line.parameters[k].set) continue;
        function->parameters[k].set = parameter_sets_.size();
        parameter_sets_.push_back(elaborate_set(elaborator_, *line.parameters[k].set));
      }
      binding.kind = Binding::Kind::function;
      binding.value = Value{.kind = Value::Kind::function, .function = function};
    }
    declare(line.name, std::move(binding));
  }

  void operator()(const AssumeLine& line) {
    if (class_assumption(claim_, line)) return;  // read with the function
    // A relation that holds has sides that exist.
    const Elaborator::Supposing supposing(elaborator_, claim_.syntax.kind(line.condition) == SyntaxKind::relation);
    problem_.hypotheses.push_back(elaborate_statement(elaborator_, line.condition, problem_.givens, certain()));
  }
  void operator()(const ShowLine& line) {
    Unfolding unfolding{problem_.hypotheses, problem_.function_variables, {}, misfits_ == Misfits::kept};
    problem_.shows.push_back(elaborate_statement(elaborator_, line.statement, problem_.givens, certain(), &unfolding));
    for (Given& given : unfolding.second) problem_.givens.push_back(std::move(given));
  }
  void operator()(const ConventionLine&) {}  // read before

  void finish() {
    problem_.derivatives = elaborator_.records().derivatives();
    const auto require = [&](Expr e, const std::vector<Expr>& guards) {
      for (const Expr& guard : guards) e = where(guard, e, Expr(0));
      problem_.must_be_defined.push_back(e);
    };
    for (const Derivative& d : problem_.derivatives) require(substitute(d.of, d.at), d.guards);
    for (const Requirement& r : elaborator_.records().requirements()) require(r.of, r.guards);
    for (const Membership& m : elaborator_.records().memberships()) {
      if (is_certain_or_marked(m)) continue;
      if (function_reader_.reads_value(m.element))  // no point is looked for at which it does not
        throw NotHandled("whether an argument lies in the domain of a function");
      for (const Expr& e : defined_inside(m)) require(e, m.guards);
    }
    for (const Expr& t : elaborator_.between_ends()) give_between(t);
    problem_.uncertain_limit = elaborator_.uncertain_limit();
    if (functions_ == FunctionTreatment::none) give_open_integrals(elaborator_, problem_);
    function_reader_.finish();
  }

 private:
  void declare(SyntaxId id, Binding binding) {
    environment_.declare(claim_.syntax.source(), name_of(claim_, id), std::move(binding));
  }

  std::int64_t value_of(const std::string& name) const {
    for (const auto& [known, value] : choice_)
      if (known == name) return value;
    throw std::invalid_argument("the choice of dimensions has no value for " + name);
  }

  /// The variable of an integral, over the open unit interval, where something is read at it.
  void give_between(const Expr& t) {
    const auto reads = [&](const Expr& e) { return depends_on(e, t); };
    const auto is_open = [&](const auto& i) { return same(i.inside, t); };
    if (std::ranges::none_of(problem_.must_be_defined, reads) &&
        std::ranges::none_of(elaborator_.opaque_integrals(), is_open))
      return;
    if (std::ranges::any_of(problem_.givens, [&](const Given& g) { return same(g.variable, t); })) return;
    Set set;
    set.entries.lo = Expr(0);
    set.entries.hi = Expr(1);
    problem_.givens.push_back({t.graph().variable_name(t.ref().id()), t, std::move(set), {}});
  }

  /// Whether an argument lies in the set of its parameter whatever the variables are.
  /// \throws IllPosed where it certainly does not
  bool is_certain(const Membership& membership) const {
    const Set& set = parameter_sets_[membership.set];
    const Expr& e = membership.element;
    if (e.shape() != set.shape)
      throw IllPosed(membership.place, "an argument has not the shape of the members of its parameter's set",
                     {e.shape(), set.shape});
    const bool of_reals = set.kind == Set::Kind::entries;
    if (of_reals && set.entries.is_all()) return true;
    for (const Given& given : problem_.givens)
      if (same(given.variable, e) && is_subset(given.set, set)) return true;
    if (const Set* values = function_reader_.codomain_of_value(e)) return is_subset(*values, set);
    if (of_reals && e.constant() != nullptr) {
      const std::optional<bool> inside = contains(set.entries, *e.constant());
      if (inside == false && membership.guards.empty())
        throw IllPosed(membership.place, "an argument is not in the set of its parameter");
      return inside == true;
    }
    return false;
  }

  /// The same within a predicate, which is not ill-posed by it.
  std::function<bool(const Membership&)> certain() const {
    return [this](const Membership& m) {
      try {
        return is_certain(m);
      } catch (const IllPosed&) {
        return false;
      }
    };
  }

  /// The same; where it certainly does not and a line to be shown says so, its links are marked if that is wished.
  bool is_certain_or_marked(const Membership& membership) {
    try {
      return is_certain(membership);
    } catch (const IllPosed& error) {
      const auto show = std::ranges::find_if(problem_.shows,
                                             [&](const Statement& s) { return s.place.line == membership.place.line; });
      if (misfits_ == Misfits::thrown || show == problem_.shows.end()) throw;
      for (std::size_t k = 0; k < std::max<std::size_t>(1, show->comparisons.size()); ++k)
        show->misfits.push_back({.link = k, .error = error, .reason = {}});
      return true;
    }
  }

  /// Expressions that are defined exactly where an argument lies in the set of its parameter: the roots of its
  /// distances to closed ends, the logarithms of those to open ones.
  std::vector<Expr> defined_inside(const Membership& membership) {
    const Set& set = parameter_sets_[membership.set];
    if (set.kind != Set::Kind::entries || set.entries.is_finite())
      throw NotHandled("whether an argument lies in the set of its parameter");
    Graph& graph = problem_.workspace->graph();
    graph.set_origin(
        graph.intern_origin(Origin{claim_.syntax.source().name(), membership.place.line, membership.place.column}));
    std::vector<Expr> result;
    const auto add = [&](const Expr& distance, bool closed) {
      result.push_back(closed ? nabla::sqrt(distance) : nabla::log(distance));
    };
    const RealSet& reals = set.entries;
    if (!reals.lo.empty()) add(membership.element - reals.lo, reals.lo_closed);
    if (!reals.hi.empty()) add(reals.hi - membership.element, reals.hi_closed);
    return result;
  }

  const Claim& claim_;
  const Choice& choice_;
  Problem& problem_;
  Environment environment_;
  Elaborator elaborator_;
  FunctionReader function_reader_;
  FunctionTreatment functions_;
  Misfits misfits_;
  std::vector<Set> parameter_sets_;
};

/// The values of the conventions may use the dimensions, and the derivatives of every line follow them.
void read_conventions(const Claim& claim, const Choice& choice, Problem& problem) {
  Environment environment;
  for (const auto& [name, value] : choice) {
    Binding binding;
    binding.kind = Binding::Kind::dimension;
    const WorkspaceScope scope(problem.workspace);
    binding.value.expr = Expr(value);
    environment.declare(claim.syntax.source(), name, std::move(binding));
  }
  Elaborator elaborator(claim.syntax, environment, problem.workspace);
  for (const Claim::Line& line : claim.lines) {
    const auto* convention = std::get_if<ConventionLine>(&line);
    if (convention == nullptr) continue;
    KinkConvention read = convention_of(claim, elaborator, *convention);
    for (const KinkConvention& other : problem.conventions)
      if (other.operation == read.operation)
        throw SyntaxError(claim.syntax.source(), convention->place,
                          "a second convention for " + in_backquotes(read.operation));
    problem.conventions.push_back(std::move(read));
  }
}

}  // namespace

void check_names(const Claim& claim) {
  NameCheck check(claim);
  for (const Claim::Line& line : claim.lines) std::visit(check, line);
}

bool has_function_variables(const Claim& claim) {
  return std::any_of(claim.lines.begin(), claim.lines.end(),
                     [](const Claim::Line& line) { return std::holds_alternative<GivenFunctionLine>(line); });
}

Problem elaborate(const Claim& claim, const Choice& choice, FunctionTreatment functions, const SmoothFormIn& smooth,
                  InstanceShape shape, Misfits misfits) {
  check_names(claim);
  Problem problem;
  problem.workspace = std::make_shared<Workspace>();
  problem.dimensions = choice;
  try {
    read_conventions(claim, choice, problem);
    ClaimReader reader(claim, choice, functions, smooth, shape, misfits, problem);
    for (const Claim::Line& line : claim.lines) std::visit(reader, line);
    reader.finish();
  } catch (const TypeError& error) {
    throw IllPosed(error.place, error.what(), error.shapes);
  } catch (const Unsupported& error) {
    throw NotHandled(error.what());
  }
  return problem;
}

const Misfit* misfit_of(const Statement& show, std::size_t link) {
  for (const Misfit& m : show.misfits)
    if (m.link == link) return &m;
  return nullptr;
}

}  // namespace nabla
