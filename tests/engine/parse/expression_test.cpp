// The grammar of expressions, sentence by sentence. Trees are in the prefix form of to_sexpr().
#include <doctest/doctest.h>

#include "reading.hpp"

using reading::expression;
using reading::statement;

TEST_CASE("index, call and transpose are postfix on any expression") {
  CHECK(expression("inv(A)[1, 2]") == "(index (call inv A) 1 2)");
  CHECK(expression("A'[i, j]") == "(index (' A) i j)");
  CHECK(expression("(A + B)'[1]") == "(index (' (+ A B)) 1)");
  CHECK(expression("[1, 2][1]") == "(index (vector 1 2) 1)");
  CHECK(expression("A''") == "(' (' A))");
  CHECK(expression("grad(f)(x)") == "(call (call grad f) x)");
  CHECK(expression("grad(grad(f))(x)[1]'") == "(' (index (call (call grad (call grad f)) x) 1))");
}

TEST_CASE("postfix operators bind tighter than powers") {
  CHECK(expression("x[1]^2") == "(^ (index x 1) 2)");
  CHECK(expression("2^x[1]") == "(^ 2 (index x 1))");
  CHECK(expression("A'^2") == "(^ (' A) 2)");
  CHECK(expression("A^2'") == "(^ A (' 2))");
  CHECK(expression("sin(x)^2") == "(^ (call sin x) 2)");
}

TEST_CASE("powers are right-associative, both kinds on one level") {
  CHECK(expression("a^b^c") == "(^ a (^ b c))");
  CHECK(expression("a.^b^c") == "(.^ a (^ b c))");
  CHECK(expression("a^b.^c") == "(^ a (.^ b c))");
}

TEST_CASE("the right operand of a power may carry a sign") {
  CHECK(expression("2^-1") == "(^ 2 (neg 1))");
  CHECK(expression("2^-3^2") == "(^ 2 (neg (^ 3 2)))");
  CHECK(expression("2^-1 * 3") == "(* (^ 2 (neg 1)) 3)");
  CHECK(expression("x.^-y") == "(.^ x (neg y))");
}

TEST_CASE("unary minus binds looser than powers and tighter than products") {
  CHECK(expression("-2^2") == "(neg (^ 2 2))");
  CHECK(expression("-a * b") == "(* (neg a) b)");
  CHECK(expression("a * -b") == "(* a (neg b))");
  CHECK(expression("a - -b") == "(- a (neg b))");
  CHECK(expression("--x") == "(neg (neg x))");
  CHECK(expression("-x'") == "(neg (' x))");
  CHECK(expression("-f(x)") == "(neg (call f x))");
}

TEST_CASE("products are left-associative, all four on one level") {
  CHECK(expression("a * b / c .* d ./ e") == "(./ (.* (/ (* a b) c) d) e)");
  CHECK(expression("a / b * c") == "(* (/ a b) c)");
}

TEST_CASE("sums are left-associative and looser than products") {
  CHECK(expression("a - b + c") == "(+ (- a b) c)");
  CHECK(expression("a - b * c + d") == "(+ (- a (* b c)) d)");
  CHECK(expression("a + b ^ c * d") == "(+ a (* (^ b c) d))");
}

TEST_CASE("parentheses override precedence and leave no node") {
  CHECK(expression("(a + b) * c") == "(* (+ a b) c)");
  CHECK(expression("a - (b - c)") == "(- a (- b c))");
  CHECK(expression("(-2)^2") == "(^ (neg 2) 2)");
  CHECK(expression("((x))") == "x");
}

TEST_CASE("at is looser than sums and binds one side of a relation") {
  CHECK(expression("a + b at x = 1 + 2") == "(at (+ a b) x (+ 1 2))");
  CHECK(expression("-a at x = -1") == "(at (neg a) x (neg 1))");
  CHECK(statement("a at x = 1 == b at y = 2") == "(== (at a x 1) (at b y 2))");
  CHECK(statement("grad(f(x), x) at x = 0 <= 1") == "(<= (at (call grad (call f x) x) x 0) 1)");
}

TEST_CASE("several substitutions follow each other from the left") {
  CHECK(expression("e at x = 1 at y = x") == "(at (at e x 1) y x)");
}

TEST_CASE("literals keep their exact text") {
  CHECK(expression("0.1") == "0.1");
  CHECK(expression("1/3") == "(/ 1 3)");
  CHECK(expression("0.10000000000000000000000000000000001") == "0.10000000000000000000000000000000001");
  CHECK(expression("1e-3") == "1e-3");
}

TEST_CASE("vectors and matrices") {
  CHECK(expression("[a, b, c]") == "(vector a b c)");
  CHECK(expression("[a, b; c, d]") == "(matrix (row a b) (row c d))");
  CHECK(expression("[a; b]") == "(matrix (row a) (row b))");
  CHECK(expression("[x]") == "(vector x)");
  CHECK(expression("[]") == "(vector)");
  CHECK(expression("[-a, b at x = 1]") == "(vector (neg a) (at b x 1))");
  CHECK(expression("[[1, 2], [3, 4; 5, 6]]") == "(vector (vector 1 2) (matrix (row 3 4) (row 5 6)))");
}

TEST_CASE("rows of different lengths are left to the reader of the tree") {
  CHECK(expression("[a, b; c]") == "(matrix (row a b) (row c))");
}

TEST_CASE("subscripts are expressions or a colon") {
  CHECK(expression("x[i]") == "(index x i)");
  CHECK(expression("A[i, :]") == "(index A i :)");
  CHECK(expression("A[:, j + 1]") == "(index A : (+ j 1))");
  CHECK(expression("x[y[1]]") == "(index x (index y 1))");
}

TEST_CASE("calls take any number of arguments, conditions among them") {
  CHECK(expression("f()") == "(call f)");
  CHECK(expression("f(x, y, z)") == "(call f x y z)");
  CHECK(expression("where(x > 0, x, 0)") == "(call where (> x 0) x 0)");
  CHECK(expression("indicator(not a == b)") == "(call indicator (not (== a b)))");
  CHECK(expression("f(x at x = 1, 2)") == "(call f (at x x 1) 2)");
}

TEST_CASE("sum, prod and max bind an index over a range") {
  CHECK(expression("sum(i in 1..n: x[i]^2)") == "(sum i 1 n (^ (index x i) 2))");
  CHECK(expression("prod(k in m + 1..2 * n: k)") == "(prod k (+ m 1) (* 2 n) k)");
  CHECK(expression("max(i in 1..n: -x[i]) + 1") == "(+ (max i 1 n (neg (index x i))) 1)");
  CHECK(expression("sum(i in 1..2: sum(j in 1..i: j))") == "(sum i 1 2 (sum j 1 i j))");
}

TEST_CASE("without a range sum, prod and max are calls like others") {
  CHECK(expression("sum(x)") == "(call sum x)");
  CHECK(expression("max(a, b)") == "(call max a b)");
}

TEST_CASE("integrals and limits bind a variable") {
  CHECK(expression("integral(t in 0..1: t^2)") == "(integral t 0 1 (^ t 2))");
  CHECK(expression("integral(t in -oo..oo: exp(-t))") == "(integral t (neg oo) oo (call exp (neg t)))");
  CHECK(expression("limit(h -> 0: (f(x + h) - f(x)) / h)") == "(limit h 0 (/ (- (call f (+ x h)) (call f x)) h))");
}

TEST_CASE("a pair in parentheses is a whole argument") {
  CHECK(expression("convex(x^2 + y^2, (x, y))") == "(call convex (+ (^ x 2) (^ y 2)) (tuple x y))");
  CHECK(expression("f((a, b, c), d)") == "(call f (tuple a b c) d)");
}

TEST_CASE("blanks do not matter") {
  CHECK(expression(" f ( x )\t[ 1 ] ' ") == expression("f(x)[1]'"));
  CHECK(expression("a +\n b # the rest\n * c") == "(+ a (* b c))");
}

TEST_CASE("a name may begin with a word of the language") {
  CHECK(expression("inv(atom) + notes * implies_") == "(+ (call inv atom) (* notes implies_))");
}
