#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/definite_matrices.hpp>
#include <nabla/proofs/check/wellposed/definedness.hpp>
#include <nlohmann/json.hpp>

namespace nabla::wellposed {

namespace {

constexpr std::size_t most_listed = 200;

void collect(const Statement& s, std::vector<const Statement*> premises, std::vector<Demand>& demands) {
  switch (s.kind) {
    case Statement::Kind::relation: {
      Demand d{{}, premises};
      for (const Expr& side : s.sides) d.targets.push_back(side.ref());
      demands.push_back(std::move(d));
      return;
    }
    case Statement::Kind::predicate: {
      Demand d{{}, premises};
      if (!is_total_predicate(s) && !s.subject.empty()) d.targets.push_back(s.subject.ref());
      for (const Expr& p : s.parameters) d.targets.push_back(p.ref());
      demands.push_back(std::move(d));
      return;
    }
    case Statement::Kind::negation:
      for (const Statement& child : s.children) collect(child, premises, demands);
      return;
    case Statement::Kind::implication:
      collect(s.children[0], premises, demands);
      if (s.children.size() > 1) {
        premises.push_back(&s.children[0]);
        collect(s.children[1], std::move(premises), demands);
      }
      return;
  }
}

/// Matrices that are read, have to be inverted or factored, and are composed of definite ones, or of such as have an
/// inverse where nothing is factored.
void add_definite(const Problem& problem, Goal& goal) {
  const Graph& graph = problem.workspace->graph();
  const std::vector<bool> read = reachable(graph, goal.targets);
  bool inverts = false, factors = false;
  for (NodeId id = 0; id < read.size(); ++id) {
    if (!read[id]) continue;
    inverts = inverts || graph.is(id, opcode<Inv>) || graph.is(id, opcode<Solve>);
    factors = factors || graph.is(id, opcode<Cholesky>);
  }
  if (!inverts && !factors) return;
  const curvature::Ranges ranges(problem, goal.targets, curvature::Ranges::Mode::all_dimensions);
  const curvature::DefiniteMatrices matrices(problem, goal.targets, ranges);
  const std::vector<NodeId> fine = factors ? matrices.definite() : matrices.invertible();
  goal.definite.insert(goal.definite.end(), fine.begin(), fine.end());
  const Ref zero = problem.workspace->graph().constant(Constant::integer(0));
  for (const NodeId form : matrices.nonnegative_forms())
    goal.assumptions.push_back({Ref::node(form), Comparison::greater_equal, zero});
}

std::string name_of(Want want) {
  return want == Want::defined ? "defined" : want == Want::differentiable ? "differentiable" : "continuous";
}

}  // namespace

bool is_total_predicate(const Statement& s) {
  return s.kind == Statement::Kind::predicate &&
         (s.predicate == "defined" || s.predicate == "differentiable" || s.predicate == "continuous");
}

std::vector<Demand> demands_of(const Statement& statement) {
  std::vector<Demand> demands;
  collect(statement, {}, demands);
  return demands;
}

Goal definedness_goal(const Problem& problem, const Demand& demand) {
  Goal goal = goal_over(problem);
  goal.targets = demand.targets;
  add_definite(problem, goal);
  for (const Statement* premise : demand.premises) assume(*problem.workspace, *premise, goal.assumptions);
  return goal;
}

Goal derivative_goal(const Problem& problem, const Derivative& derivative, const Budget& budget) {
  Goal goal = goal_over(problem);
  for (const Expr& guard : derivative.guards) assume(*problem.workspace, guard.ref(), true, goal.assumptions);
  goal.want = Want::differentiable;
  goal.by = moving(problem, derivative);
  goal.conventions = problem.conventions;
  const auto replaced = replaced_variables(derivative);
  if (!replaced.empty()) {
    // Read elsewhere than at the variables themselves: what is assumed of these does not speak of the values there.
    std::vector<Assumption> assumptions = goal.assumptions;
    add_differences(*problem.workspace, assumptions);
    std::vector<Ref> values;
    for (const auto& [variable, value] : replaced) values.push_back(value.ref());
    for (const Given& g : problem.givens) values.push_back(g.variable.ref());
    budget.check();
    Survey survey(problem.workspace->graph(), values, assumptions, goal.definite);
    survey.run(goal.box);
    Box box;
    const auto read = [&](NodeId variable, Ref value) {
      const auto bounds = survey.bounds(value);
      box[variable].assign(bounds.begin(), bounds.end());
      for (Bounds& b : box[variable]) b.tag = 0;
    };
    if (!survey.impossible()) {
      for (const Given& g : problem.givens)
        if (g.variable.ref().is_node()) read(g.variable.ref().id(), g.variable.ref());
      for (const auto& [variable, value] : replaced) read(variable, value.ref());
      goal.box = std::move(box);
    }
    goal.assumptions.clear();
    goal.elements.clear();
    goal.definite.clear();
    goal.may_split = false;
    // Values that were unified by an equation no longer are: their tags were dropped with the assumptions.
  }
  goal.targets = {derivative.of.ref()};
  // Those with an inverse are an open set: next to one of them there are no others.
  if (replaced.empty()) add_definite(problem, goal);
  return goal;
}

std::optional<Problem> problem_of_parameter(const Problem& problem, const Derivative& d) {
  const auto replaced = replaced_variables(d);
  if (replaced.size() != 1 || !d.by.ref().is_node() || replaced[0].first != d.by.ref().id()) return std::nullopt;
  if (std::ranges::any_of(problem.givens,
                          [&](const Given& g) { return same(g.variable, d.by) || depends_on(d.of, g.variable); }))
    return std::nullopt;
  Problem p;
  p.workspace = problem.workspace;
  p.givens.push_back({"parameter", d.by, {}, {}});
  return p;
}

std::optional<Place> place_of(const Graph& graph, NodeId id) {
  const Origin& origin = graph.origin(id);
  if (origin.line == 0) return std::nullopt;
  return Place{origin.line, origin.column == 0 ? 1 : origin.column};
}

std::string describe(const Graph& graph, NodeId id) {
  const OperatorInfo& info = graph.info(id);
  const std::string_view symbol = info.facts.notation.symbol;
  std::string text = symbol.empty() ? info.name : "`" + std::string(symbol) + "`";
  if (const auto place = place_of(graph, id))
    text += " (line " + std::to_string(place->line) + ", column " + std::to_string(place->column) + ")";
  return text;
}

/// A variable that no text names: of an integral, or what stands for one.
static bool is_unnamed(const Given& g) { return g.name.find('#') != std::string::npos; }

std::string describe(const Problem& problem, const Point& point) {
  std::string text;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    const auto& entries = point.entries[g];
    if (is_unnamed(problem.givens[g])) continue;
    if (!text.empty()) text += ", ";
    text += problem.givens[g].name + " = ";
    if (problem.givens[g].set.shape.is_scalar()) {
      text += entries[0].str();
      continue;
    }
    text += "[";
    for (std::size_t i = 0; i < entries.size(); ++i) text += (i == 0 ? "" : ", ") + entries[i].str();
    text += "]";
  }
  return text.empty() && !problem.givens.empty() ? "a point between the ends of an integral" : text;
}

Certificate certificate_of(const Graph& graph, const Goal& goal, const Outcome& outcome) {
  nlohmann::json data{{"want", name_of(goal.want)}, {"nodes", outcome.nodes}, {"boxes", outcome.boxes}};
  nlohmann::json conditions = nlohmann::json::array();
  Survey survey(graph, goal.targets, goal.assumptions, goal.definite);
  survey.run(goal.box);
  for (const NodeId id : survey.nodes()) {
    if (graph.info(id).family == Family::leaf || conditions.size() >= most_listed || survey.impossible()) continue;
    const Row<Bounds>& rule = row<Bounds>(graph.code(id));
    if (rule.defined == nullptr && (goal.want == Want::defined || rule.kink == nullptr)) continue;
    nlohmann::json operands = nlohmann::json::array();
    for (const Ref r : graph.operands(id)) {
      Bounds all = survey.bounds(r).empty() ? Bounds() : survey.bounds(r)[0];
      for (const Bounds& b : survey.bounds(r)) all = Number<Bounds>::hull(all, b);
      operands.push_back(all.to_string());
    }
    nlohmann::json condition{{"operator", graph.info(id).name}, {"operands", std::move(operands)}};
    if (const auto place = place_of(graph, id))
      condition["place"] = std::to_string(place->line) + ":" + std::to_string(place->column);
    conditions.push_back(std::move(condition));
  }
  data["conditions"] = std::move(conditions);
  if (!outcome.signs.empty()) {
    data["signs"] = nlohmann::json::array();
    for (const std::string& proof : outcome.signs) data["signs"].push_back(nlohmann::json::parse(proof));
  }
  return {"definedness", data.dump()};
}

}  // namespace nabla::wellposed
