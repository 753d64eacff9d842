#include <doctest/doctest.h>

#include <algorithm>
#include <engine/numbers/random_points.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/engine/simplify/match.hpp>
#include <nabla/engine/simplify/simplify.hpp>
#include <set>

namespace nabla {
namespace {

// --- every rule, by sampling the values of its letters ---------------------------------------------------------------

/// The values of a rule's letters, and expressions of them. A letter may also be given a value that does not exist.
struct Sample {
  std::shared_ptr<Workspace> workspace = std::make_shared<Workspace>();
  Bindings bindings;
  std::vector<Expr> variables;
  std::vector<Constant> values;
};

Constant small_ratio(random_points::Points& points) {
  static const std::vector<Constant> values{Constant::integer(0),  Constant::integer(1),   Constant::integer(-1),
                                            Constant::ratio(1, 2), Constant::ratio(-3, 4), Constant::integer(2),
                                            Constant::integer(-2), Constant::ratio(5, 3),  Constant::ratio(7, 16),
                                            Constant::ratio(-1, 3)};
  return values[static_cast<std::size_t>(points.below(static_cast<int>(values.size())))];
}

Sample sample(const SimplificationRule& rule, bool undefined, random_points::Points& points) {
  Sample made;
  const WorkspaceScope scope(made.workspace);
  std::set<NodeId> letters;
  const auto collect = [&](const Expr& e) {
    for (const NodeId id : letters_of(e)) letters.insert(id);
  };
  collect(rule.pattern);
  collect(rule.result);
  for (const auto* conditions : {&rule.needs, &rule.loses})
    for (const SideCondition& c : *conditions) collect(c.of);
  const NodeId without = undefined ? *std::next(letters.begin(), points.below(static_cast<int>(letters.size()))) : 0;
  for (const NodeId letter : letters) {
    const std::string name = rule.pattern.graph().variable_name(letter);
    if (name == "m" || name == "n") {
      made.bindings.bind(letter, Expr(points.below(9) - 4).ref());
    } else if (name == "a" || name == "b") {
      made.bindings.bind(letter, Expr(small_ratio(points)).ref());
    } else {
      made.variables.push_back(variable(name));
      const bool no_value = undefined && letter == without;
      made.values.push_back(no_value ? Constant::integer(-1) : small_ratio(points));
      made.bindings.bind(letter, (no_value ? sqrt(made.variables.back()) : made.variables.back()).ref());
    }
  }
  return made;
}

template <class V>
bool finite(const V& x) {
  if constexpr (Number<V>::exact) return true;
  return Number<V>::is_zero(x - x);
}

/// The value, or nothing where there is none. An untaken branch needs none.
template <class V>
std::optional<V> value(const Expr& e, const Sample& at) {
  if (const Constant* c = e.constant()) return Number<V>::of(*c);
  const Function f(std::span<const Expr>(&e, 1), at.variables);
  std::vector<Entries<V>> entries;
  for (const Constant& c : at.values) entries.push_back({Number<V>::of(c)});
  try {
    const Run<V> run = f.run<V>(entries);
    const Graph& graph = f.plan()->graph();
    bool chooses = false;
    for (const NodeId id : f.plan()->nodes())
      chooses = chooses || graph.is(id, opcode<Where>) || graph.is(id, opcode<Masked>);
    for (const NodeId id : f.plan()->nodes()) {
      if (!chooses && !finite(run.value(Ref::node(id))[0])) return std::nullopt;
      if (graph.is(id, opcode<Where>) && !finite(run.value(graph.operands(id)[0])[0])) return std::nullopt;
    }
    const V y = run.output(0)[0];
    return finite(y) ? std::optional<V>(y) : std::nullopt;
  } catch (const UndefinedError&) {
    return std::nullopt;
  }
}

template <class V>
bool all_hold(const std::vector<SideCondition>& conditions, const Sample& at) {
  for (const SideCondition& c : conditions) {
    const std::optional<Expr> of = instantiate(c.of, at.workspace, at.bindings);
    const std::optional<V> truth = value<V>(*of, at);
    if (!truth || (c.kind == SideCondition::Kind::holds && Number<V>::is_zero(*truth))) return false;
  }
  return true;
}

/// What the rule promises and a sample does not keep; empty for a right rule.
template <class V>
std::string broken_promise(const SimplificationRule& rule, const Sample& at) {
  const std::optional<Expr> pattern = instantiate(rule.pattern, at.workspace, at.bindings);
  const std::optional<Expr> result = instantiate(rule.result, at.workspace, at.bindings);
  if (!pattern || !result) return "";
  const std::optional<V> p = value<V>(*pattern, at);
  const std::optional<V> r = value<V>(*result, at);
  const bool needs = all_hold<V>(rule.needs, at);
  const bool loses = all_hold<V>(rule.loses, at);
  if (p && needs && !r) return "the result is not defined";
  if (p && needs) {
    const V difference = nabla::abs(V(*p - *r));
    const V allowed = Number<V>::exact ? V(0) : V(Number<V>::of(Constant::text("1/1000000000000000000000000000000")));
    if (Number<V>::less(allowed, difference) == Truth::yes) return "the values differ";
  }
  if (p && needs && !loses) return "a condition that it loses did not hold";
  if (r && needs && loses && !p) return "the result is defined where the pattern is not";
  return "";
}

std::vector<std::string> broken_promises(const SimplificationRule& rule) {
  random_points::Points points(std::hash<std::string>{}(rule.name));
  std::set<std::string> found;
  int met = 0;
  for (int trial = 0; trial < random_points::trials(300); ++trial) {
    const bool undefined = trial % 5 == 4 && !letters_of(rule.pattern).empty();
    const Sample at = sample(rule, undefined, points);
    const WorkspaceScope scope(at.workspace);
    if (all_hold<Real>(rule.needs, at)) ++met;
    found.insert(broken_promise<Real>(rule, at));
    if (undefined) continue;
    try {
      found.insert(broken_promise<Rational>(rule, at));
    } catch (const UnsupportedError&) {  // exp has no value in rationals: reals alone decide
    }
  }
  found.erase("");
  if (met == 0) found.insert("no sample meets its needs");
  return {found.begin(), found.end()};
}

TEST_CASE("every simplification rule keeps its promises wherever it is sampled") {
  for (const SimplificationRule& rule : simplification_rules()) {
    CAPTURE(rule.describe());
    for (const std::string& broken : broken_promises(rule)) {
      CAPTURE(broken);
      CHECK(false);
    }
  }
}

TEST_CASE("the same check catches wrong rules") {
  const WorkspaceScope scope(std::make_shared<Workspace>());
  const Expr x = variable("x"), y = variable("y"), a = variable("a"), n = variable("n");
  const auto holds = [](const Expr& e) { return SideCondition{SideCondition::Kind::holds, e}; };
  const std::vector<SimplificationRule> wrong{
      {"domain forgotten", x / x, Expr(1)},
      {"definedness forgotten", x - x, Expr(0)},
      {"sign forgotten", sqrt(powi(x, 2)), x},
      {"domain narrowed", log(x * y), log(x) + log(y)},
      {"wrong value", a * x, (a + 1) * x},
      {"pole forgotten", x * pow(x, n), pow(x, n + 1)},
      {"wrong condition", abs(x), x, {holds(le(-1, x))}},
      {"condition that does not follow", abs(x), abs(x), {}, {holds(lt(0, x))}},
      {"condition never met", abs(x), -x, {holds(lt(x, x))}},
  };
  for (const SimplificationRule& rule : wrong) {
    CAPTURE(rule.name);
    CHECK_FALSE(broken_promises(rule).empty());
  }
}

TEST_CASE("names of rules are different") {
  std::set<std::string> names;
  for (const SimplificationRule& rule : simplification_rules())
    CHECK_MESSAGE(names.insert(rule.name).second, rule.name);
}

// --- expressions -----------------------------------------------------------------------------------------------------

std::string simplified(const Expr& e, const SimplifyOptions& options = {}) { return to_string(simplify(e, options)); }

TEST_CASE("sums, products and powers are collected") {
  const Expr x = variable("x"), y = variable("y");
  CHECK(simplified(x + x + x) == to_string(3 * x));
  CHECK(simplified(2 * (3 * x)) == to_string(6 * x));
  CHECK(simplified(x * x * x) == to_string(powi(x, 3)));
  CHECK(simplified((x + y) - y) == "x");
  CHECK(simplified(2 * (1 / x)) == to_string(2 / x));
  CHECK(simplified(log(exp(x * y)) + 0 * y) == to_string(x * y));
  CHECK(simplified(max(exp(x), 0)) == to_string(exp(x)));
  CHECK(simplified(relu(powi(x, 2) + 1)) == to_string(powi(x, 2) + 1));
  CHECK(simplified(where(lt(Expr(1), 2), x, y)) == "x");
  CHECK(simplified(sin(-x) * cos(-x)) == to_string(-(sin(x) * cos(x))));
}

TEST_CASE("the second derivative of x^4 comes out as 12 x^2") {
  const Expr x = variable("x");
  CHECK(simplified(gradient(gradient(powi(x, 4), x), x)) == to_string(12 * powi(x, 2)));
}

TEST_CASE("conditions that the result does not show are reported, unless they are known to hold") {
  const Expr x = variable("x");
  const Simplification quotient = simplification(x / x);
  CHECK(quotient.result.is(1));
  CHECK(quotient.rules == std::vector<std::string>{"quotient of equals"});
  REQUIRE(quotient.conditions.size() == 1);
  CHECK(quotient.conditions[0].kind == SideCondition::Kind::holds);
  CHECK(same(quotient.conditions[0].of, ne(x, 0)));
  CHECK(simplification(x / x, {.assume_defined = true}).conditions.empty());
  CHECK(simplification(exp(x) / exp(x)).conditions.empty());
  CHECK(simplification(x - x).conditions.empty());  // a variable is defined

  const Simplification difference = simplification(log(x) - log(x));
  REQUIRE(difference.conditions.size() == 1);
  CHECK(difference.conditions[0].kind == SideCondition::Kind::defined);
  CHECK(same(difference.conditions[0].of, log(x)));
}

TEST_CASE("keep_domain refuses what would lose a condition") {
  const Expr x = variable("x");
  CHECK(same(simplify(x / x, {.keep_domain = true}), x / x));
  CHECK(simplify(x / x, {.keep_domain = true, .assumptions = {ne(x, 0)}}).is(1));
  CHECK(same(simplify(exp(log(x)), {.keep_domain = true}), exp(log(x))));
  CHECK(same(simplify(tan(x) - tan(x), {.keep_domain = true}), tan(x) - tan(x)));
}

TEST_CASE("a rule that needs a condition waits for it") {
  const Expr x = variable("x");
  CHECK(same(simplify(abs(x)), abs(x)));
  CHECK(same(simplify(abs(x), {.assumptions = {le(0, x)}}), x));
  CHECK(same(simplify(sqrt(square(x))), abs(x)));
  CHECK(same(simplify(log(powi(x, 2))), log(powi(x, 2))));
  CHECK(same(simplify(log(powi(x, 2)), {.assumptions = {lt(0, x)}}), 2 * log(x)));
}

TEST_CASE("shapes are kept") {
  const Expr x = variable("x", Shape{2, 3}), y = variable("y", Shape{3});
  CHECK(simplify(x - x).shape() == Shape{2, 3});
  CHECK(simplify(x - x).constant()->is(0));
  CHECK(simplify((y / x) * x).shape() == Shape{2, 3});
  CHECK(same(simplify(sum(x + x)), sum(2 * x)));
  const Expr empty = variable("e", Shape{0});
  CHECK(simplify(empty / empty).shape() == Shape{0});
}

TEST_CASE("a long chain is simplified without recursion") {
  const Expr x = variable("x");
  Expr sum = x;
  for (int i = 0; i < 200'000; ++i) sum = sum + 1;
  CHECK(same(simplify(sum), 200'000 + x));
  Expr nested = x;
  for (int i = 0; i < 100'000; ++i) nested = log(exp(nested));
  CHECK(same(simplify(nested), x));
}

TEST_CASE("it stops when its steps are used up, and says so") {
  const Expr x = variable("x");
  const std::vector<SimplificationRule> growing{{"grow", exp(x), exp(exp(x))}};
  const Simplification s = simplification(exp(variable("t")), {.steps = 25, .rules = &growing});
  CHECK_FALSE(s.finished);
  CHECK(s.steps == 25);
  CHECK(simplification(x + x).finished);
}

TEST_CASE("constants and variables are themselves") {
  const Expr x = variable("x");
  CHECK(same(simplify(x), x));
  CHECK(simplify(Expr(3)).is(3));
}

}  // namespace
}  // namespace nabla
