#include <nabla/engine/print/print.hpp>
#include <nabla/engine/simplify/rule.hpp>

namespace nabla {

namespace {

// The letters of all rules, in one workspace that lives as long as the table.
struct Letters {
  Expr x = variable("x"), y = variable("y"), z = variable("z");
  Expr a = variable("a"), b = variable("b");
  Expr m = variable("m"), n = variable("n");
};

using Conditions = std::vector<SideCondition>;

SideCondition defined(const Expr& e) { return {SideCondition::Kind::defined, e}; }
SideCondition holds(const Expr& e) { return {SideCondition::Kind::holds, e}; }

// One row each: name, pattern, result, needs, loses. Where a row's result is another row's pattern, the one that makes
// fewer nodes stands first.

std::vector<SimplificationRule> sums(const Letters& l) {
  const auto& [x, y, z, a, b, m, n] = l;
  return {
      {"difference of equals", x - x, Expr(0), {}, {defined(x)}},
      {"zero minus", 0 - x, -x},
      {"double", x + x, 2 * x},
      {"collect coefficients", a * x + b * x, (a + b) * x},
      {"collect coefficient", a * x + x, (a + 1) * x},
      {"collect coefficients of a difference", a * x - b * x, (a - b) * x},
      {"collect coefficient minus one", a * x - x, (a - 1) * x},
      {"collect one minus coefficient", x - a * x, (1 - a) * x},
      {"add what is subtracted", (x - y) + y, x, {}, {defined(y)}},
      {"subtract what is added", (x + y) - y, x, {}, {defined(y)}},
      {"subtract a sum with itself", y - (x + y), -x, {}, {defined(y)}},
      {"subtract a difference from itself", x - (x - y), y, {}, {defined(x)}},
      {"numbers in sums", a + (b + x), (a + b) + x},
      {"numbers in sums of differences", a + (x - b), x + (a - b)},
      {"numbers in sums with minus", a + (b - x), (a + b) - x},
      {"subtract numbers from a sum", (a + x) - b, x + (a - b)},
      {"subtract numbers twice", (x - a) - b, x - (a + b)},
      {"subtract numbers from a number minus", (a - x) - b, (a - b) - x},
      {"number minus a sum", a - (b + x), (a - b) - x},
      {"number minus a difference", a - (x - b), (a + b) - x},
      {"number minus number minus", a - (b - x), (a - b) + x},
      {"negative of a difference", -(x - y), y - x},
      {"add a negative", x + -y, x - y},
      {"subtract a negative", x - -y, x + y},
      {"negative minus", -x - y, -(x + y)},
  };
}

std::vector<SimplificationRule> products(const Letters& l) {
  const auto& [x, y, z, a, b, m, n] = l;
  return {
      {"zero times", 0 * x, Expr(0), {}, {defined(x)}},
      {"zero over", 0 / x, Expr(0), {}, {holds(ne(x, 0))}},
      {"quotient of equals", x / x, Expr(1), {}, {holds(ne(x, 0))}},
      {"numbers in products", a * (b * x), (a * b) * x},
      {"numbers in products of quotients", a * (b / x), (a * b) / x},
      {"number times a quotient by a number", a * (x / b), (a / b) * x, {holds(ne(b, 0))}},
      {"divide a multiple by a number", (a * x) / b, (a / b) * x, {holds(ne(b, 0))}},
      {"multiply what was divided", (x / y) * y, x, {}, {holds(ne(y, 0))}},
      {"divide what was multiplied", (x * y) / y, x, {}, {holds(ne(y, 0))}},
      {"divide by a multiple of itself", x / (x * y), 1 / y, {}, {holds(ne(x, 0))}},
      {"times a reciprocal", x * (1 / y), x / y},
      {"quotient of a quotient", (x / y) / z, x / (y * z)},
      {"divide by a quotient", x / (y / z), (x * z) / y, {}, {holds(ne(z, 0))}},
      {"negative of a multiple", -(a * x), (-a) * x},
      {"product with a negative", (-x) * y, -(x * y)},
      {"quotient of a negative", (-x) / y, -(x / y)},
      {"quotient by a negative", x / (-y), -(x / y)},
      {"multiples in products", (a * x) * (b * y), (a * b) * (x * y)},
  };
}

std::vector<SimplificationRule> powers(const Letters& l) {
  const auto& [x, y, z, a, b, m, n] = l;
  const SideCondition nonzero = holds(ne(x, 0));
  const SideCondition nonnegative_exponents = holds(le(0, min(m, n)));
  const SideCondition negative_exponent = holds(lt(min(m, n), 0));
  return {
      {"square as a power", square(x), powi(x, 2)},
      {"reciprocal as a quotient", reciprocal(x), 1 / x},
      {"power zero", powi(x, 0), Expr(1), {}, {defined(x)}},
      {"product of equals", x * x, powi(x, 2)},
      {"one more factor", x * pow(x, n), pow(x, n + 1), {holds(le(0, n))}},
      {"one more factor of a pole", x * pow(x, n), pow(x, n + 1), {holds(lt(n, 0))}, {nonzero}},
      {"product of powers", pow(x, m) * pow(x, n), pow(x, m + n), {nonnegative_exponents}},
      {"product of powers with a pole", pow(x, m) * pow(x, n), pow(x, m + n), {negative_exponent}, {nonzero}},
      {"quotient of powers", pow(x, m) / pow(x, n), pow(x, m - n), {holds(ne(n, 0))}, {nonzero}},
      {"one factor less", pow(x, n) / x, pow(x, n - 1), {}, {nonzero}},
      {"quotient by a power", x / pow(x, n), pow(x, 1 - n), {holds(ne(n, 0))}, {nonzero}},
      {"power of a power", pow(pow(x, m), n), pow(x, m * n), {nonnegative_exponents}},
      {"power of a power with a pole",
       pow(pow(x, m), n),
       pow(x, m * n),
       {negative_exponent, holds(ne(m, 0))},
       {nonzero}},
      {"even power of a negative", pow(-x, n), pow(x, n), {holds(eq(2 * floor(n / 2), n))}},
      {"odd power of a negative", pow(-x, n), -pow(x, n), {holds(ne(2 * floor(n / 2), n))}},
      {"even power of abs", pow(abs(x), n), pow(x, n), {holds(eq(2 * floor(n / 2), n))}},
      {"square of sqrt", powi(sqrt(x), 2), x, {}, {holds(le(0, x))}},
      {"sqrt of a square", sqrt(powi(x, 2)), abs(x)},
      {"sqrt of zero", sqrt(Expr(0)), Expr(0)},
      {"sqrt of one", sqrt(Expr(1)), Expr(1)},
      {"cube of cbrt", powi(cbrt(x), 3), x},
      {"cbrt of a cube", cbrt(powi(x, 3)), x},
  };
}

std::vector<SimplificationRule> exponentials(const Letters& l) {
  const auto& [x, y, z, a, b, m, n] = l;
  return {
      {"log of exp", log(exp(x)), x},
      {"exp of log", exp(log(x)), x, {}, {holds(lt(0, x))}},
      {"exp of zero", exp(Expr(0)), Expr(1)},
      {"log of one", log(Expr(1)), Expr(0)},
      {"product of exps", exp(x) * exp(y), exp(x + y)},
      {"quotient of exps", exp(x) / exp(y), exp(x - y)},
      {"quotient by an exp", x / exp(y), x * exp(-y)},
      {"power of exp", pow(exp(x), n), exp(n * x)},
      {"sum of logs", log(x) + log(y), log(x * y), {}, {holds(lt(0, x)), holds(lt(0, y))}},
      {"difference of logs", log(x) - log(y), log(x / y), {}, {holds(lt(0, x)), holds(lt(0, y))}},
      {"log of a power", log(pow(x, n)), n * log(x), {holds(lt(0, x))}},
      {"log of sqrt", log(sqrt(x)), ratio<Expr>(1, 2) * log(x)},
      {"log of a reciprocal", log(1 / x), -log(x)},
      {"expm1 of log1p", expm1(log1p(x)), x, {}, {holds(lt(-1, x))}},
      {"log1p of expm1", log1p(expm1(x)), x},
  };
}

std::vector<SimplificationRule> circular(const Letters& l) {
  const auto& [x, y, z, a, b, m, n] = l;
  const SideCondition in_unit = holds(le(abs(x), 1));
  return {
      {"sin squared plus cos squared", powi(sin(x), 2) + powi(cos(x), 2), Expr(1), {}, {defined(x)}},
      {"one minus sin squared", 1 - powi(sin(x), 2), powi(cos(x), 2)},
      {"one minus cos squared", 1 - powi(cos(x), 2), powi(sin(x), 2)},
      {"cosh squared minus sinh squared", powi(cosh(x), 2) - powi(sinh(x), 2), Expr(1), {}, {defined(x)}},
      {"sin over cos", sin(x) / cos(x), tan(x)},
      {"sinh over cosh", sinh(x) / cosh(x), tanh(x)},
      {"cos of zero", cos(Expr(0)), Expr(1)},
      {"cosh of zero", cosh(Expr(0)), Expr(1)},
      {"sin of asin", sin(asin(x)), x, {}, {in_unit}},
      {"cos of acos", cos(acos(x)), x, {}, {in_unit}},
      {"tan of atan", tan(atan(x)), x},
      {"sinh of asinh", sinh(asinh(x)), x},
      {"asinh of sinh", asinh(sinh(x)), x},
      {"cosh of acosh", cosh(acosh(x)), x, {}, {holds(le(1, x))}},
      {"acosh of cosh", acosh(cosh(x)), abs(x)},
      {"tanh of atanh", tanh(atanh(x)), x, {}, {holds(lt(abs(x), 1))}},
      {"atanh of tanh", atanh(tanh(x)), x},
  };
}

std::vector<SimplificationRule> choices(const Letters& l) {
  const auto& [x, y, z, a, b, m, n] = l;
  return {
      {"abs of nonnegative", abs(x), x, {holds(le(0, x))}},
      {"abs of nonpositive", abs(x), -x, {holds(le(x, 0))}},
      {"relu of nonnegative", relu(x), x, {holds(le(0, x))}},
      {"relu of nonpositive", relu(x), Expr(0), {holds(le(x, 0))}, {defined(x)}},
      {"max of equals", max(x, x), x},
      {"min of equals", min(x, x), x},
      {"max of ordered", max(x, y), x, {holds(le(y, x))}},
      {"min of ordered", min(x, y), x, {holds(le(x, y))}},
      {"where true", where(a, x, y), x, {holds(ne(a, 0))}},
      {"where false", where(Expr(0), x, y), y},
      {"where of equals", where(x, y, y), y, {}, {defined(x)}},
      {"masked by zero", masked(Expr(0), x), Expr(0)},
      {"masked by nonzero", masked(x, y), x * y, {holds(ne(x, 0))}},
      {"masked of defined", masked(x, y), x * y, {defined(y)}},
      {"less, of numbers", lt(a, b), Expr(1), {holds(lt(a, b))}},
      {"not less, of numbers", lt(a, b), Expr(0), {holds(le(b, a))}},
      {"at most, of numbers", le(a, b), Expr(1), {holds(le(a, b))}},
      {"not at most, of numbers", le(a, b), Expr(0), {holds(lt(b, a))}},
      {"equal numbers", eq(a, b), Expr(1), {holds(eq(a, b))}},
      {"unequal numbers", eq(a, b), Expr(0), {holds(ne(a, b))}},
      {"less than itself", lt(x, x), Expr(0), {}, {defined(x)}},
      {"at most itself", le(x, x), Expr(1), {}, {defined(x)}},
      {"equal to itself", eq(x, x), Expr(1), {}, {defined(x)}},
  };
}

/// What the facts say: f(-x) = f(x) or -f(x), and f(0) = 0 for odd f.
std::vector<SimplificationRule> symmetries(const Letters& l) {
  std::vector<SimplificationRule> rules;
  for_each_operator([&]<class Op>() {
    if constexpr (ElementwiseOperator<Op> && Op::arity == 1 && !Op::indexed && !std::is_same_v<Op, Neg>) {
      const auto apply = [](const Expr& e) { return detail::append(opcode<Op>, std::source_location(), {&e, 1}, {}); };
      const std::string name(Op::name);
      const Expr of_x = apply(l.x);
      if (Op::facts.parity == Parity::even) rules.push_back({name + " is even", apply(-l.x), of_x});
      if (Op::facts.parity == Parity::odd) {
        rules.push_back({name + " is odd", apply(-l.x), -of_x});
        if (Op::facts.domain.hole != Hole::zero) rules.push_back({name + " of zero", apply(Expr(0)), Expr(0)});
      }
    }
  });
  return rules;
}

}  // namespace

std::string SimplificationRule::describe() const {
  const WorkspaceScope scope(pattern.workspace());
  return name + ": " + to_string(pattern) + " -> " + to_string(result);
}

const std::vector<SimplificationRule>& simplification_rules() {
  static const std::vector<SimplificationRule> all = [] {
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Letters letters;
    std::vector<SimplificationRule> made;
    for (const auto family : {sums, products, powers, exponentials, circular, choices, symmetries})
      for (SimplificationRule& rule : family(letters)) made.push_back(std::move(rule));
    return made;
  }();
  return all;
}

}  // namespace nabla
