#include <doctest/doctest.h>

#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <string>

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

Problem pose(const std::string& lines, const Choice& choice = {},
             FunctionTreatment functions = FunctionTreatment::none) {
  return elaborate(claim_of(lines), choice, functions);
}

IllPosed ill_posed(const std::string& lines, const Choice& choice = {}) {
  try {
    pose(lines, choice);
  } catch (const IllPosed& error) {
    return error;
  }
  throw std::logic_error("nothing is ill-posed in " + lines);
}

bool mentions(const std::exception& error, const std::string& part) {
  return std::string(error.what()).find(part) != std::string::npos;
}

/// What became of a claim: "ok", "ill-posed" when any choice is, else "not handled".
std::string outcome(const Claim& claim, FunctionTreatment functions) {
  std::string result = "ok";
  for (const Choice& choice : choices_of(claim).list) {
    try {
      elaborate(claim, choice, functions);
    } catch (const IllPosed&) {
      return "ill-posed";
    } catch (const NotHandled&) {
      result = "not handled";
    }
  }
  return result;
}

}  // namespace

// ---- names ----

TEST_CASE("names are declared before use, once, and are not recursive") {
  CHECK_THROWS_AS(check_names(claim_of("show x == 1\n")), UnknownName);
  CHECK_THROWS_AS(check_names(claim_of("let a = b\nlet b = 1\nshow a == 1\n")), UnknownName);
  CHECK_THROWS_AS(check_names(claim_of("let f(u) = f(u)\nshow f(1) == 1\n")), UnknownName);
  CHECK_THROWS_AS(check_names(claim_of("given x in R\ngiven x in R\nshow x == 1\n")), SyntaxError);
  CHECK_THROWS_AS(check_names(claim_of("let f(u, u) = u\nshow f(1, 2) == 1\n")), SyntaxError);
  CHECK_THROWS_AS(check_names(claim_of("let f(u) = y\nshow 1 == 1\n")), UnknownName);
  CHECK_THROWS_AS(check_names(claim_of("show sum(i in 1..0: y) == 0\n")), UnknownName);
  CHECK_THROWS_AS(check_names(claim_of("convention relo'(0) = 0\nshow 1 == 1\n")), UnknownName);
  CHECK_NOTHROW(check_names(claim_of("given x in R\nshow convex(x^2, x) implies defined(x)\n")));
}

TEST_CASE("an unknown name says which one was meant") {
  try {
    check_names(claim_of("given alpha in R\nshow alhpa == 1\n"));
    FAIL("accepted");
  } catch (const UnknownName& error) {
    CHECK(mentions(error, "`alpha`"));
    CHECK(error.place() == Place{3, 6});
  }
}

TEST_CASE("a declared name hides a registered one, a parameter hides an outer name") {
  const Problem p = pose("given x in R\nlet relu(u) = 7\nlet f(x) = x + 1\nshow relu(x) == f(6)\n");
  CHECK(p.shows[0].sides[0].is(7));
  CHECK(p.shows[0].sides[1].is(7));
}

TEST_CASE("a function sees the names that were declared before it") {
  const Problem p = pose("given x in R\nlet f(u) = sin(u)\nlet sin(u) = 0\nshow f(x) == sin(x)\n");
  CHECK(!p.shows[0].sides[0].is(0));
  CHECK(p.shows[0].sides[1].is(0));
}

// ---- sets and variables ----

TEST_CASE("sets have exact ends and shapes from the dimensions") {
  const Problem p = pose(
      "for n in {3}\ngiven a in R[n + 1]\ngiven b in [-1/2, oo)[2, n]\ngiven c in {0, 1, 7/2}\ngiven d in (-oo, pi)\n"
      "given e in simplex[n]\ngiven f in onehot[n]\ngiven g in sym[n]\ngiven h in spd[n]\nshow 1 == 1\n",
      {{"n", 3}});
  REQUIRE(p.givens.size() == 8);
  CHECK(p.givens[0].set.shape == Shape{4});
  CHECK(p.givens[0].set.entries.is_all());
  CHECK(p.givens[1].variable.shape() == Shape{2, 3});
  CHECK(p.givens[1].set.entries.lo.constant()->to_string() == "-1/2");
  CHECK(p.givens[1].set.entries.lo_closed);
  CHECK(p.givens[1].set.entries.hi.empty());
  CHECK(p.givens[2].set.entries.elements.size() == 3);
  CHECK(p.givens[3].set.entries.lo.empty());
  CHECK(!p.givens[3].set.entries.hi_closed);
  CHECK(p.givens[4].set.kind == Set::Kind::simplex);
  CHECK(p.givens[5].set.kind == Set::Kind::onehot);
  CHECK(p.givens[6].set.shape == Shape{3, 3});
  CHECK(p.givens[7].set.kind == Set::Kind::spd);
}

TEST_CASE("an end that depends on a variable is a hypothesis") {
  const Problem p = pose("given L in (0, 5]\ngiven x in [0, L)\nshow x < 5\n");
  CHECK(p.givens[1].set.entries.hi.empty());
  CHECK(p.givens[1].set.entries.lo.is(0));
  REQUIRE(p.hypotheses.size() == 1);
  CHECK(p.hypotheses[0].comparisons[0] == Comparison::less);
  CHECK(same(p.hypotheses[0].sides[1], p.givens[0].variable));
}

TEST_CASE("empty sets are ill-posed") {
  for (const char* set : {"[2, 1]", "(1, 1)", "[1, 1)", "simplex[0]", "onehot[0]", "(oo, 1)", "[0.2, 0.1]"})
    CHECK_THROWS_AS_MESSAGE(pose("given x in " + std::string(set) + "\nshow 1 == 1\n"), IllPosed, set);
  CHECK_THROWS_AS(pose("given x in R[-1]\nshow 1 == 1\n"), IllPosed);
  CHECK_NOTHROW(pose("given x in [1, 1]\ngiven y in R[0]\nshow sum(y) == 0\n"));
}

// ---- statements ----

TEST_CASE("relations and chains carry their sides and places") {
  const Problem p = pose("given x in R\nshow x - 1 <= x < x + 1\n");
  const Statement& s = p.shows[0];
  CHECK(s.kind == Statement::Kind::relation);
  CHECK(s.text == "x - 1 <= x < x + 1");
  REQUIRE(s.sides.size() == 3);
  CHECK(s.comparisons == std::vector{Comparison::less_equal, Comparison::less});
  CHECK(s.side_places[1] == Place{3, 15});
}

TEST_CASE("equality needs equal shapes, an order takes a scalar") {
  CHECK(ill_posed("given x in R[3]\ngiven y in R[1, 3]\nshow x == y\n").shapes == std::vector{Shape{3}, Shape{1, 3}});
  CHECK_THROWS_AS(pose("given x in R[3]\nshow x == 0\n"), IllPosed);
  CHECK_THROWS_AS(pose("given x in R[3]\nshow x != 0\n"), IllPosed);
  CHECK_THROWS_AS(pose("given x in R[1, 1]\nshow x == 0\n"), IllPosed);
  CHECK_NOTHROW(pose("given x in R[3]\nshow abs(x) >= 0\n"));
}

TEST_CASE("predicates carry their expression, variables and constants") {
  const Problem p = pose(
      "given x, y in R\nshow smooth(x^2 + y^2, (x, y), 2)\nshow convex(x^2, x)\nshow defined(log(x))\n"
      "show lipschitz([x, y], (x, y), 1)\n");
  CHECK(p.shows[0].predicate == "smooth");
  CHECK(p.shows[0].over.size() == 2);
  REQUIRE(p.shows[0].parameters.size() == 1);
  CHECK(p.shows[0].parameters[0].is(2));
  CHECK(same(p.shows[1].over[0], p.givens[0].variable));
  CHECK(p.shows[2].over.empty());
  CHECK(p.shows[3].subject.shape() == Shape{2});
}

TEST_CASE("predicates are typed") {
  const std::string given = "given x in R[2]\nlet a = 2 * x\n";
  CHECK_THROWS_AS(pose(given + "show convex(x, x)\n"), IllPosed);
  CHECK_THROWS_AS(pose(given + "show convex(sum(a), a)\n"), IllPosed);
  CHECK_THROWS_AS(pose(given + "show convex(sum(a))\n"), IllPosed);
  CHECK_THROWS_AS(pose(given + "show smooth(sum(a), x)\n"), IllPosed);
  CHECK_THROWS_AS(pose(given + "show continuous(sum(a), (x, x))\n"), IllPosed);
  CHECK_THROWS_AS(pose(given + "show x\n"), IllPosed);
  CHECK_THROWS_AS(pose("given b in {0, 1}\nshow convex(b, b)\n"), IllPosed);
  CHECK_NOTHROW(pose("given b in {1}\nshow convex(b, b)\n"));
}

TEST_CASE("membership needs the shape of the set") {
  CHECK(ill_posed("given x in R[2]\nshow in(x, R)\n").shapes == std::vector{Shape{2}, Shape{}});
  const Problem p = pose("given x in R[2]\nshow in(softmax(x), (0, 1)[2])\n");
  CHECK(p.shows[0].predicate == "in");
  CHECK(p.shows[0].set.entries.hi.is(1));
}

TEST_CASE("a statement of shapes is one of exact numbers") {
  const std::string given = "for m in {2}\ngiven A in R[m, 3]\n";
  const Choice choice{{"m", 2}};
  const auto sides = [&](const std::string& show) { return pose(given + show, choice).shows[0].sides; };
  CHECK(sides("show shape(A) == [m, 3]\n")[0].shape() == Shape{2});
  CHECK(sides("show shape(A) == [m]\n")[0].is(2));  // of the ranks
  CHECK(sides("show shape(A) == [m]\n")[1].is(1));
  CHECK(sides("show shape(sum(A)) == []\n")[0].is(0));
}

TEST_CASE("not and implies") {
  const Problem p = pose("given x in R\nassume not x < 0\nshow x > 0 implies grad(abs(x), x) == 1\n");
  CHECK(p.hypotheses[0].kind == Statement::Kind::negation);
  CHECK(p.shows[0].kind == Statement::Kind::implication);
  REQUIRE(p.derivatives.size() == 1);
  CHECK(p.derivatives[0].guards.size() == 1);
}

TEST_CASE("what a premise that never holds implies is not read") {
  const std::string lines = "for i in {1}\ngiven x in R[3]\nshow i > 1 implies x[i] == x[i - 1]\n";
  CHECK_NOTHROW(pose(lines, {{"i", 1}}));
}

// ---- derivatives ----

TEST_CASE("derivatives see through abbreviations") {
  const Problem p = pose("given T in (0, oo)\nlet p = exp(T) / T\nshow grad(p, T) == exp(T) / T - exp(T) / T^2\n");
  REQUIRE(p.derivatives.size() == 1);
  CHECK(same(p.derivatives[0].by, p.givens[0].variable));
  CHECK(p.must_be_defined.size() == 1);
}

TEST_CASE("a derivative by an abbreviation says what to write") {
  const IllPosed error = ill_posed("given x in R\nlet a = x^2\nlet c = a^2\nshow grad(c, a) == 2 * a\n");
  CHECK(mentions(error, "let c(a) = ..."));
  CHECK(mentions(error, "grad(c)(a)"));
  CHECK(error.place == Place{5, 14});
}

TEST_CASE("a parameter is differentiated by as itself, not as what it stands for") {
  const Problem p = pose("given z in R\nlet q = z^2\nlet f(u) = grad(u * q, u)\nshow f(z) == q\n");
  CHECK(same(p.shows[0].sides[0], p.shows[0].sides[1]));
  REQUIRE(p.derivatives.size() == 1);
  CHECK(p.derivatives[0].at.size() == 1);
}

TEST_CASE("a derivative that is not read asks for nothing") {
  CHECK(pose("given x in R\nlet g = grad(abs(x), x)\nshow x == x\n").derivatives.empty());
  CHECK(pose("given x in R\nlet g = grad(abs(x), x)\nshow x > 0 implies g == 1\n").derivatives[0].guards.size() == 1);
}

TEST_CASE("functions of shared calls stay small") {
  std::string lines = "given x in R\nlet f0(u) = grad(u^2, u) + sin(u)\n";
  for (int k = 1; k <= 60; ++k) {
    const std::string before = "f" + std::to_string(k - 1);
    lines += "let f" + std::to_string(k) + "(u) = " + before + "(u) + " + before + "(u)\n";
  }
  const Problem p = pose(lines + "show f60(x) == 0\n");
  CHECK(p.workspace->graph().size() < 1000);
  CHECK(p.derivatives.size() == 1);
}

TEST_CASE("conventions reach the derivatives") {
  const Problem p = pose("given x in R\nconvention relu'(0) = 1/2\nshow grad(relu(x), x) == 1\n");
  REQUIRE(p.conventions.size() == 1);
  CHECK(p.conventions[0].value == Constant::ratio(1, 2));
  const std::vector<Expr> inputs{p.givens[0].variable};
  const Function side(std::span<const Expr>(p.shows[0].sides.data(), 1), inputs);
  CHECK(side.value<double>({0.0}) == 0.5);
  CHECK_THROWS_AS(pose("convention exp'(0) = 1\nshow 1 == 1\n"), IllPosed);
  CHECK_THROWS_AS(pose("convention relu'(1) = 1\nshow 1 == 1\n"), IllPosed);
  CHECK_THROWS_AS(pose("convention relu'(0, 0) = 1\nshow 1 == 1\n"), IllPosed);
}

// ---- functions with sets, and function variables ----

TEST_CASE("arguments outside a parameter's set are ill-posed, and where they may be, that is left to the deciders") {
  const std::string f = "let f(u in [0, 1]) = u^2\n";
  CHECK_NOTHROW(pose(f + "show f(1/2) == 1/4\n"));
  CHECK_NOTHROW(pose("given x in (0, 1/2]\n" + f + "show f(x) <= 1\n"));
  CHECK_THROWS_AS(pose(f + "show f(2) == 4\n"), IllPosed);
  CHECK_THROWS_AS(pose("given x in R[2]\n" + f + "show sum(f(x)) == 4\n"), IllPosed);
  CHECK(pose("given x in (0, 1/2]\n" + f + "show f(x) <= 1\n").must_be_defined.empty());
  CHECK(pose("given x in R\n" + f + "show f(x) >= 0\n").must_be_defined.size() == 2);
  CHECK(pose("given x in R\nlet g(u in (0, oo)) = u\nshow g(x^2) >= 0\n").must_be_defined.size() == 1);
  CHECK_THROWS_AS(pose("given x in R\nlet g(u in {0, 1}) = u\nshow g(x) >= 0\n"), NotHandled);
  CHECK_THROWS_AS(pose(f + "show grad(f)(2) == 4\n"), IllPosed);
}

TEST_CASE("an integer is one however it is written, and a long one is out of range, or too large") {
  CHECK(pose("given x in R[2^3]\nshow x[3^2 - 1] == x[8]\n").givens[0].set.shape == Shape{8});
  CHECK_THROWS_AS(pose("given x in R[8]\nshow x[10^30] == 0\n"), IllPosed);
  CHECK_THROWS_AS(pose("given x in R[8]\nshow x[99999999999999999999] == 0\n"), IllPosed);
  CHECK_THROWS_AS(pose("given x in R[8]\nshow x[3/2] == 0\n"), IllPosed);
  CHECK_THROWS_AS(pose("given x in R[10^30]\nshow sum(x) == 0\n"), NotHandled);
  CHECK_THROWS_AS(pose("show sum(ones(10^30)) == 0\n"), NotHandled);
  CHECK_THROWS_AS(pose("given x in R[1/2]\nshow sum(x) == 0\n"), IllPosed);
  const std::string last = "9223372036854775807";
  CHECK_NOTHROW(pose("show sum(i in " + last + ".." + last + ": 1) == 1\n"));
  CHECK_THROWS_AS(pose("show sum(i in -" + last + ".." + last + ": 1) == 1\n"), NotHandled);
}

TEST_CASE("calls of functions that double with each line are not written out") {
  std::string lines = "given x in R\nlet f0(u) = u + sin(u)\n";
  for (int k = 0; k < 40; ++k) {
    const std::string f = "f" + std::to_string(k);
    lines += "let f" + std::to_string(k + 1) + "(u) = " + f + "(" + f + "(u)) + " + f + "(2 * u)\n";
  }
  CHECK_THROWS_AS(pose(lines + "show f40(x) == x\n"), NotHandled);
}

TEST_CASE("function variables between sets: values lie in the codomain, arguments have to lie in the domain") {
  const auto abstract = FunctionTreatment::abstract;
  const Problem p = pose("given x in (0, 1]\ngiven f: (0, oo) -> [-1, 1] is any\nshow f(x) <= 1\n", {}, abstract);
  REQUIRE(p.givens.size() == 2);
  CHECK(p.givens[1].set.entries.hi.is(1));
  // Defined where the argument lies in the domain, and only there.
  const auto needs = [&](const std::string& argument) {
    return pose("given x in R\ngiven f: (0, oo) -> (1, 2) is any\nshow " + argument + " == 0\n", {}, abstract)
        .must_be_defined.size();
  };
  CHECK(needs("f(x)") > needs("f(2)"));
  CHECK_NOTHROW(needs("f(f(2))"));
  CHECK_THROWS_AS(needs("f(f(2) - 1)"), NotHandled);
  CHECK_THROWS_AS(pose("given f: (0, oo) -> R is any\nshow f(-1) == f(-1)\n", {}, abstract), IllPosed);
  // Not for classes whose inequalities need all of R.
  CHECK_THROWS_AS(pose("given f: (0, oo) -> R is smooth(1)\nshow f(1) == f(1)\n", {}, abstract), NotHandled);
  CHECK_THROWS_AS(pose("given f: [0, 1] -> R is convex\nshow f(1) == f(1)\n", {}, abstract), NotHandled);
  CHECK_THROWS_AS(pose("given f: R -> (0, oo) is linear\nshow f(1) > 0\n", {}, abstract), NotHandled);
  CHECK_NOTHROW(pose("given f: (0, 1) -> [0, oo) is convex\nshow f(1/2) >= 0\n", {}, abstract));
}

TEST_CASE("function variables are not handled unless asked for, but are typed") {
  const std::string lines = "given z in R[2]\ngiven f: R[2] -> R is differentiable\n";
  CHECK_THROWS_AS(pose(lines + "show f(z) == f(z)\n"), NotHandled);
  CHECK_NOTHROW(pose(lines + "show sum(z) == sum(z)\n"));
  CHECK_THROWS_AS(pose(lines + "show f(z) == z\n"), IllPosed);
  CHECK_THROWS_AS(pose(lines + "show f(1) == 1\n"), IllPosed);
  CHECK_THROWS_AS(pose("given f: R -> R is continuous\nshow grad(f)(0) == 0\n"), IllPosed);
}

TEST_CASE("the chain rule of a function variable is an identity of free values") {
  const Problem p = pose(
      "given z in R[2]\ngiven f: R[2] -> R is differentiable\n"
      "show grad(f(2 * z), z) == 2 * grad(f)(2 * z)\nshow f(z) == f(z)\n",
      {}, FunctionTreatment::abstract);
  CHECK(p.functions == FunctionTreatment::abstract);
  CHECK(same(p.shows[1].sides[0], p.shows[1].sides[1]));
  std::vector<Expr> inputs;
  std::vector<Entries<double>> at;
  double next = 1;
  for (const Given& given : p.givens) {
    inputs.push_back(given.variable);
    at.emplace_back();
    for (std::int64_t i = 0; i < given.set.shape.size(); ++i) at.back().push_back(next += 0.5);
  }
  const Function sides(p.shows[0].sides, inputs);
  const auto both = sides(std::span<const Entries<double>>(at));
  REQUIRE(both[0].size() == 2);
  CHECK(both[0] == both[1]);
  CHECK(both[0][0] != 0);
}

TEST_CASE("a second derivative of a function variable is not handled") {
  CHECK_THROWS_AS(
      pose("given z in R\ngiven f: R -> R is smooth(1)\nshow grad(grad(f))(z) <= 1\n", {}, FunctionTreatment::abstract),
      NotHandled);
}

TEST_CASE("an instance of a function variable has its coefficients as variables") {
  const Problem p = pose("given z in R[2]\ngiven f: R[2] -> R is convex\nshow convex(f(relu(z)), z)\n", {},
                         FunctionTreatment::instance);
  CHECK(p.functions == FunctionTreatment::instance);
  CHECK(p.givens.size() == 6);  // z, the second point, the weight, slope, offset, curvature
}

// ---- whole claims ----

TEST_CASE("ten claims with known truth elaborate") {
  const std::string gelu = "x * (1 + erf(x / sqrt(2))) / 2";
  for (const std::string& lines : {
           std::string("given x in R\ngiven g in [0, oo)\nlet p = sigmoid(x)\n"
                       "show grad(-(1 - p)^g * log(p), x) == (1 - p)^g * (g * p * log(p) + p - 1)\n"),
           std::string("given x in [-1/100, 1]\nshow log1p(x) >= x - x^2/2 + x^3/3 - x^4/4\n"),
           std::string("given x in R\nassume x > -1\nshow log1p(x) <= x / sqrt(1 + x)\n"),
           "given x in R\nshow abs(" + gelu +
               " - x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))) <= 0.000473\n",
           "given x in [-sqrt(2), sqrt(2)]\nshow convex(" + gelu + ", x)\n",
           std::string("given x in [-2.399, 2.399]\nshow convex(x * sigmoid(x), x)\n"),
           std::string("given v in [0.9, 1.1][2]\nshow convex((v[1] * v[2] - 1)^2 / 2, v)\n"),
           std::string("given x in [-1, 1]\nshow lipschitz(grad(abs(x)^(3/2), x), x, 100)\n"),
           std::string("given x in R[2]\nshow grad(norm(x), x) == x / norm(x)\n"),
           std::string("for all n >= 1\ngiven z in R[n]\ngiven c in R\nshow softmax(z + c * ones(n)) == softmax(z)\n"),
       }) {
    INFO(lines);
    CHECK(outcome(claim_of(lines), FunctionTreatment::none) == "ok");
  }
}

TEST_CASE("hostile claims are refused, not crashed on") {
  const auto posed = [](const std::string& lines) {
    try {
      const Claim claim = claim_of(lines);
      for (const Choice& choice : choices_of(claim).list) elaborate(claim, choice);
      return std::string("ok");
    } catch (const IllPosed&) {
      return std::string("ill-posed");
    } catch (const NotHandled&) {
      return std::string("not handled");
    } catch (const SyntaxError&) {
      return std::string("syntax");
    }
  };
  CHECK(posed("given x in R[100000, 100000]\nshow x == x\n") == "not handled");
  CHECK(posed("for m in {-1}\ngiven x in R[m]\nshow x == x\n") == "ill-posed");
  CHECK(posed("for m in {0}\ngiven x in R[m]\nshow max(x) == 0\n") == "ill-posed");
  CHECK(posed("for m in {0}\ngiven x in R[m, 0]\nshow x' == x\n") == "ok");
  CHECK(posed("show oo == oo\n") == "ill-posed");
  CHECK(posed("show 1/0 == 1\n") == "ok");
  std::string chain = "given x in R\nlet f0(u) = u\n";
  for (int k = 1; k <= 3000; ++k)
    chain += "let f" + std::to_string(k) + "(u) = f" + std::to_string(k - 1) + "(u + 1)\n";
  CHECK(posed(chain + "show f3000(x) == x\n") == "not handled");
  std::string nots = "show ";
  for (int k = 0; k < 900; ++k) nots += "not ";
  CHECK(posed(nots + "1 == 2\n") == "ok");
}
