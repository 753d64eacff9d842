// A whole document: ten claims of different kinds, and the examples of the description of the language.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nabla/proofs/claim/document.hpp>

using namespace nabla;

namespace {

const std::string ten_claims = R"markdown(# Ten claims with known truth

Each was settled independently at 50 to 60 digits or by a proof; a checker that disagrees is wrong.

The focal loss derivative (true: chain rule).

```claim example/focal-loss
given x in R
given g in [0, oo)
let p = sigmoid(x)
show grad(-(1 - p)^g * log(p), x) == (1 - p)^g * (g * p * log(p) + p - 1)
```

A Taylor bound that fails only on the negative side (at x = -0.01 by 2.0168e-11).

```claim example/log1p-taylor-4
given x in [-1/100, 1]
show log1p(x) >= x - x^2/2 + x^3/3 - x^4/4
expect refuted
```

True for x >= 0 only; at x = -1/2 the left side is -0.69315 and the right side -0.70711.

```claim example/log1p-over-sqrt
given x in R
assume x > -1
show log1p(x) <= x / sqrt(1 + x)
expect refuted
```

The tanh form of GELU is off by 4.7323552e-4 at |x| = 2.698941, so 4.73e-4 is too small.

```claim example/gelu-tanh-gap
given x in R
show abs(x * (1 + erf(x / sqrt(2))) / 2 - x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))) <= 0.000473
expect refuted
```

GELU's second derivative is phi(x) (2 - x^2): zero exactly at the ends of the interval.

```claim example/gelu-convex
given x in [-sqrt(2), sqrt(2)]
show convex(x * (1 + erf(x / sqrt(2))) / 2, x)
```

Swish has its inflection at 2.39935728...; this interval is just inside.

```claim example/swish-convex
given x in [-2.399, 2.399]
show convex(x * sigmoid(x), x)
```

Matrix factorisation in one unknown each: the determinant of the Hessian is -0.5523 at (1.1, 1.1).

```claim example/factorisation
given v in [0.9, 1.1][2]
show convex((v[1] * v[2] - 1)^2 / 2, v)
expect refuted
```

Near 0 the slope of the derivative is unbounded.

```claim example/three-halves
given x in [-1, 1]
show lipschitz(grad(abs(x)^(3/2), x), x, 100)
expect refuted
```

The norm has no derivative at the origin: the verdict must name that point.

```claim example/norm-gradient
given x in R[2]
show grad(norm(x), x) == x / norm(x)
expect ill-posed
```

Scaling a softmax: true in every dimension.

```claim example/softmax-shift
for all n >= 1
given z in R[n]
given c in R
show softmax(z + c * ones(n)) == softmax(z)
```
)markdown";

Document read(const std::string& text) {
  ClaimIds ids;
  return read_document(Source("claims.md", text), ids);
}

// The statement of the first line `show` of a claim.
SyntaxId shown(const Claim& claim) {
  for (const Claim::Line& line : claim.lines) {
    if (const auto* show = std::get_if<ShowLine>(&line)) return show->statement;
  }
  FAIL("no line show");
  return 0;
}

}  // namespace

TEST_CASE("ten claims are read") {
  const Document document = read(ten_claims);
  for (const SyntaxError& error : document.errors) MESSAGE(error.render());
  REQUIRE(document.errors.empty());
  std::vector<std::string> ids;
  std::vector<std::string> expectations;
  for (const Claim& claim : document.claims) {
    ids.push_back(claim.id);
    expectations.push_back(claim.expects ? claim.expects->verdict : "");
  }
  CHECK(ids == std::vector<std::string>{"example/focal-loss", "example/log1p-taylor-4", "example/log1p-over-sqrt",
                                        "example/gelu-tanh-gap", "example/gelu-convex", "example/swish-convex",
                                        "example/factorisation", "example/three-halves", "example/norm-gradient",
                                        "example/softmax-shift"});
  CHECK(expectations ==
        std::vector<std::string>{"", "refuted", "refuted", "refuted", "", "", "refuted", "refuted", "ill-posed", ""});
  CHECK(document.segments.size() == 20);  // prose before each claim, and each ends with its fence
}

TEST_CASE("the statements of the ten claims have the intended trees") {
  const Document document = read(ten_claims);
  REQUIRE(document.claims.size() == 10);
  const auto tree = [&](std::size_t i) { return to_sexpr(document.claims[i].syntax, shown(document.claims[i])); };
  CHECK(tree(0) ==
        "(== (call grad (* (neg (^ (- 1 p) g)) (call log p)) x) "
        "(* (^ (- 1 p) g) (- (+ (* (* g p) (call log p)) p) 1)))");
  CHECK(tree(1) == "(>= (call log1p x) (- (+ (- x (/ (^ x 2) 2)) (/ (^ x 3) 3)) (/ (^ x 4) 4)))");
  CHECK(tree(5) == "(call convex (* x (call sigmoid x)) x)");
  CHECK(tree(6) == "(call convex (/ (^ (- (* (index v 1) (index v 2)) 1) 2) 2) v)");
  CHECK(tree(7) == "(call lipschitz (call grad (^ (call abs x) (/ 3 2)) x) x 100)");
  CHECK(tree(8) == "(== (call grad (call norm x) x) (/ x (call norm x)))");
  CHECK(tree(9) == "(== (call softmax (+ z (* c (call ones n)))) (call softmax z))");
}

TEST_CASE("the statements are quoted as they are written") {
  const Document document = read(ten_claims);
  REQUIRE(document.claims.size() == 10);
  const Claim& claim = document.claims[8];
  CHECK(claim.syntax.text(shown(claim)) == "grad(norm(x), x) == x / norm(x)");
  CHECK(claim.syntax.source().line(claim.syntax.place(shown(claim)).line) == "show grad(norm(x), x) == x / norm(x)");
}

TEST_CASE("the first example of the language is read") {
  const Document document = read(R"markdown(
```claim mathdnn-2022/prop-2.2/eq-6
for m in {1, 2, 5}
given z in R[m]
show jacobian(softmax(z), z) == diag(softmax(z)) - outer(softmax(z), softmax(z))
```
)markdown");
  REQUIRE(document.claims.size() == 1);
  const Claim& claim = document.claims[0];
  CHECK(claim.id == "mathdnn-2022/prop-2.2/eq-6");
  CHECK(claim.lines.size() == 3);
  CHECK(to_sexpr(claim.syntax, shown(claim)) ==
        "(== (call jacobian (call softmax z) z) "
        "(- (call diag (call softmax z)) (call outer (call softmax z) (call softmax z))))");
}
