// Statements and sets, sentence by sentence.
#include <doctest/doctest.h>

#include "reading.hpp"

using reading::set;
using reading::statement;

TEST_CASE("each relation is one statement") {
  CHECK(statement("a == b") == "(== a b)");
  CHECK(statement("a != b") == "(!= a b)");
  CHECK(statement("a < b") == "(< a b)");
  CHECK(statement("a <= b") == "(<= a b)");
  CHECK(statement("a > b") == "(> a b)");
  CHECK(statement("a >= b") == "(>= a b)");
}

TEST_CASE("relations chain into one node") {
  CHECK(statement("A == B <= C") == "(chain A == B <= C)");
  CHECK(statement("0 < a + b < c > -d") == "(chain 0 < (+ a b) < c > (neg d))");
}

TEST_CASE("a relation in parentheses is an operand of its own") {
  CHECK(statement("(a == b) == c") == "(== (== a b) c)");
  CHECK(statement("a == (b == c)") == "(== a (== b c))");
}

TEST_CASE("not binds looser than relations and tighter than implies") {
  CHECK(statement("not a == b") == "(not (== a b))");
  CHECK(statement("not a == b implies c < d") == "(implies (not (== a b)) (< c d))");
  CHECK(statement("a < b implies not c < d") == "(implies (< a b) (not (< c d)))");
  CHECK(statement("not not convex(f, x)") == "(not (not (call convex f x)))");
}

TEST_CASE("implies is right-associative and loosest") {
  CHECK(statement("a < b implies c < d implies e < f") == "(implies (< a b) (implies (< c d) (< e f)))");
  CHECK(statement("(a < b implies c < d) implies e < f") == "(implies (implies (< a b) (< c d)) (< e f))");
}

TEST_CASE("predicates are calls") {
  CHECK(statement("strongly_convex(E, x, mu)") == "(call strongly_convex E x mu)");
  CHECK(statement("shape(z * W') == [m, n]") == "(== (call shape (* z (' W))) (vector m n))");
  CHECK(statement("lipschitz(grad(E, x), (x, y), L)") == "(call lipschitz (call grad E x) (tuple x y) L)");
}

TEST_CASE("in takes an expression and a set") {
  CHECK(statement("in(x, R)") == "(in x R)");
  CHECK(statement("in(softmax(z), (0, 1)[n])") == "(in (call softmax z) (shaped (interval ( 0 1 )) n))");
  CHECK(statement("in(x, {0, 1}) implies in(2 * x, [0, 2])") ==
        "(implies (in x (finite 0 1)) (in (* 2 x) (interval [ 0 2 ])))");
  CHECK(statement("in(softmax(z), simplex[n])") == "(in (call softmax z) (shaped simplex n))");
}

TEST_CASE("an expression is a statement to the grammar") { CHECK(statement("a + b") == "(+ a b)"); }

TEST_CASE("a bracket is closed and a parenthesis open") {
  CHECK(set("(0, 1)") == "(interval ( 0 1 ))");
  CHECK(set("[-3, 3]") == "(interval [ (neg 3) 3 ])");
  CHECK(set("(-oo, 1]") == "(interval ( (neg oo) 1 ])");
  CHECK(set("[0, oo)") == "(interval [ 0 oo ))");
  CHECK(set("[-sqrt(2), L]") == "(interval [ (neg (call sqrt 2)) L ])");
}

TEST_CASE("which ends are closed is asked by name") {
  const nabla::Syntax syntax = nabla::parse_set(nabla::Source("t", "[0, 1)"));
  CHECK(syntax.closed_below(syntax.root()));
  CHECK_FALSE(syntax.closed_above(syntax.root()));
}

TEST_CASE("finite sets list their elements") {
  CHECK(set("{0, 1}") == "(finite 0 1)");
  CHECK(set("{-1, 2, 7/2}") == "(finite (neg 1) 2 (/ 7 2))");
}

TEST_CASE("every set takes a shape") {
  CHECK(set("R") == "R");
  CHECK(set("R[n]") == "(shaped R n)");
  CHECK(set("R[m, n]") == "(shaped R m n)");
  CHECK(set("R[n + 1, 1]") == "(shaped R (+ n 1) 1)");
  CHECK(set("[-3, 3][n]") == "(shaped (interval [ (neg 3) 3 ]) n)");
  CHECK(set("{0, 1}[n]") == "(shaped (finite 0 1) n)");
  CHECK(set("(0, 1][m, n]") == "(shaped (interval ( 0 1 ]) m n)");
}

TEST_CASE("the sets with names") {
  CHECK(set("simplex[n]") == "(shaped simplex n)");
  CHECK(set("onehot[n]") == "(shaped onehot n)");
  CHECK(set("sym[n]") == "(shaped sym n)");
  CHECK(set("spd[2]") == "(shaped spd 2)");
}
