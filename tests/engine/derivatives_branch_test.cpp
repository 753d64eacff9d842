#include <doctest/doctest.h>

#include <limits>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/run/function.hpp>
#include <string>

// A branch that is not taken contributes exactly zero to every derivative, even where it has no value.

namespace {

using namespace nabla;

/// Something that has a value for x > 0 only, there chosen, and elsewhere 7 + 2 x.
struct Branch {
  std::string name;
  Expr (*taken)(const Expr& x);
};
const Branch branches[] = {
    {"sqrt", [](const Expr& x) { return sqrt(x); }},
    {"log", [](const Expr& x) { return log(x); }},
    {"1/x", [](const Expr& x) { return 1 / x; }},
    {"log(log(1 + x))", [](const Expr& x) { return log(log(1 + x)); }},
    {"x^x", [](const Expr& x) { return pow(x, x); }},
    {"x^(1/3) * log(x)", [](const Expr& x) { return pow(x, ratio<Expr>(1, 3)) * log(x); }},
    {"acosh(1 + x)", [](const Expr& x) { return acosh(1 + x); }},
    {"lgamma", [](const Expr& x) { return lgamma(x); }},
    {"norm of a vector of 0",
     [](const Expr& x) {
       return 1 / norm(stack(std::vector<Expr>{x, x}));
     }},
};

Expr chosen(const Branch& branch, const Expr& x) { return where(gt(x, 0), branch.taken(x), 7 + 2 * x); }

template <class V>
bool is(const V& found, int expected) {
  return Number<V>::equal(found, V(expected)) == Truth::yes;
}

/// Value, numeric gradient, symbolic gradient and its numeric gradient at a point of the other branch.
template <class V>
void check_dead(const Branch& branch, int at) {
  CAPTURE(Number<V>::kind);
  CAPTURE(branch.name);
  CAPTURE(at);
  const WorkspaceScope scope(std::make_shared<Workspace>());
  const Expr x = variable("x");
  const Expr y = chosen(branch, x);
  const Function f(y, {x});
  const Expr slope = gradient(y, x);
  const Function symbolic(slope, {x});
  const Function second(gradient(slope, x), {x});
  CHECK(is(f.value<V>({V(at)}), 7 + 2 * at));
  CHECK(is(f.gradient<V>({V(at)})[0], 2));
  CHECK(is(symbolic.value<V>({V(at)}), 2));
  CHECK(is(symbolic.gradient<V>({V(at)})[0], 0));
  CHECK(is(second.value<V>({V(at)}), 0));
}

}  // namespace

TEST_CASE("a dead branch gives zero, not NaN: values, gradients by numbers and by symbols, second derivatives") {
  for (const Branch& branch : branches)
    for (const int at : {0, -1, -2}) {
      check_dead<double>(branch, at);
      check_dead<long double>(branch, at);
      check_dead<Real>(branch, at);
      check_dead<Ball>(branch, at);
      check_dead<Interval>(branch, at);
    }
}

TEST_CASE("a dead branch gives zero along a direction: dual numbers") {
  for (const Branch& branch : branches)
    for (const double at : {0.0, -1.0}) {
      CAPTURE(branch.name);
      CAPTURE(at);
      const WorkspaceScope scope(std::make_shared<Workspace>());
      const Expr x = variable("x");
      const Function f(chosen(branch, x), {x});
      CHECK(f.value<Dual<double>>({Dual<double>(at, 1.0)}).tangent == 2);
      CHECK(f.gradient<Dual<double>>({Dual<double>(at, 1.0)})[0].value == 2);
      CHECK(f.gradient<Dual<double>>({Dual<double>(at, 1.0)})[0].tangent == 0);
    }
}

TEST_CASE("the live branch is differentiated as if it stood alone") {
  for (const Branch& branch : branches) {
    CAPTURE(branch.name);
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Expr x = variable("x");
    const Expr alone = branch.taken(x);
    const Expr y = chosen(branch, x);
    for (const double at : {0.5, 2.0}) {
      CHECK(Function(gradient(y, x), {x}).value<double>({at}) == Function(gradient(alone, x), {x}).value<double>({at}));
      CHECK(Function(y, {x}).gradient<double>({at}) == Function(alone, {x}).gradient<double>({at}));
    }
  }
}

TEST_CASE("a branch is dead entry by entry, and inside another one") {
  const Expr x = variable("x", {4});
  const Expr y = sum(where(gt(x, 0), sqrt(x), where(lt(x, -1), log(-1 - x), 3 * x)));
  const std::vector<Entries<double>> at{{4, 0, -1, -3}};
  CHECK(Function(y, {x}).gradient<double>(at)[0] == Entries<double>{0.25, 3, 3, -0.5});
  const Expr slope = gradient(y, x);
  CHECK(Function(slope, {x})(std::span<const Entries<double>>(at))[0] == Entries<double>{0.25, 3, 3, -0.5});
  const Entries<double> second = Function(gradient(sum(slope), x), {x})(std::span<const Entries<double>>(at))[0];
  CHECK(second == Entries<double>{-1.0 / 32, 0, 0, -0.25});
}

TEST_CASE("an enclosure that meets both branches encloses both, and claims nothing where one has no value") {
  const Expr x = variable("x");
  const Function f(where(gt(x, 1), x * x, 3 * x), {x});
  const Interval both = f.gradient<Interval>({Interval(0.5, 2.0)})[0];
  CHECK(both.contains(3));
  CHECK(both.contains(4));
  const Ball ball = f.gradient<Ball>({Ball::of_ends(0.5, 2.0)})[0];
  CHECK(ball.contains(3));
  CHECK(ball.contains(4));
  const Function root(where(gt(x, 0), sqrt(x), 2 * x), {x});
  const Interval slope = root.gradient<Interval>({Interval(-1.0, 1.0)})[0];
  CHECK((!slope.total ||
         (slope.contains(2) && slope.contains(0.5) && slope.hi == std::numeric_limits<double>::infinity())));
}
