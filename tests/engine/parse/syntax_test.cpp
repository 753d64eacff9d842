// The tree itself: extents, places, order.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "reading.hpp"

using nabla::Place;
using nabla::Source;
using nabla::Syntax;
using nabla::SyntaxId;
using nabla::SyntaxKind;

TEST_CASE("a node quotes its text with the parentheses around it") {
  const Syntax syntax = nabla::parse_expression(Source("t", " (a + b) * f(x)' "));
  const SyntaxId product = syntax.root();
  CHECK(syntax.text(product) == "(a + b) * f(x)'");
  CHECK(syntax.text(syntax.child(product, 0)) == "(a + b)");
  CHECK(syntax.text(syntax.child(product, 1)) == "f(x)'");
  CHECK(syntax.text(syntax.child(syntax.child(product, 1), 0)) == "f(x)");
}

TEST_CASE("a name in parentheses is spelt without them") {
  const Syntax syntax = nabla::parse_expression(Source("t", "((x))"));
  CHECK(syntax.spelling(syntax.root()) == "x");
  CHECK(syntax.text(syntax.root()) == "((x))");
  CHECK(syntax.place(syntax.root()) == Place{1, 1});
  CHECK(syntax.anchor(syntax.root()) == Place{1, 3});
}

TEST_CASE("a node knows where it begins and where its operator is") {
  const Syntax syntax = nabla::parse_statement(Source("t", "aa +\n  bb == A[1]"));
  const SyntaxId relation = syntax.root();
  CHECK(syntax.place(relation) == Place{1, 1});
  CHECK(syntax.anchor(relation) == Place{2, 6});
  CHECK(syntax.links(relation)[0].place == Place{2, 6});
  CHECK(syntax.anchor(syntax.child(relation, 0)) == Place{1, 4});
  CHECK(syntax.place(syntax.child(relation, 1)) == Place{2, 9});
  CHECK(syntax.anchor(syntax.child(relation, 1)) == Place{2, 10});
}

TEST_CASE("every link of a chain has its place") {
  const Syntax syntax = nabla::parse_statement(Source("t", "a == b <= c"));
  const auto links = syntax.links(syntax.root());
  REQUIRE(links.size() == 2);
  CHECK(links[0].relation == nabla::Relation::equal);
  CHECK(links[1].relation == nabla::Relation::less_equal);
  CHECK(links[1].place == Place{1, 8});
}

TEST_CASE("several trees share one arena and keep their places") {
  const std::string text = "let p = a + b\nshow p == \xC3\x97";
  Syntax syntax{Source("t", text)};
  const SyntaxId first = nabla::parse_expression(syntax, 8, 13);
  const SyntaxId second = nabla::parse_expression(syntax, 19, 20);
  CHECK(to_sexpr(syntax, first) == "(+ a b)");
  CHECK(to_sexpr(syntax, second) == "p");
  CHECK(syntax.place(second) == Place{2, 6});
  CHECK(syntax.root() == second);
}

TEST_CASE("children have smaller ids than their parents") {
  const Syntax syntax = nabla::parse_statement(
      Source("t", "f(a, [b; c], (d, e)) at x = -1 <= sum(i in 1..n: x[i]') implies not in(x, R[n])"));
  for (SyntaxId id = 0; id < syntax.size(); ++id) {
    for (const SyntaxId child : syntax.children(id)) CHECK(child < id);
  }
}

TEST_CASE("walk enters parents before children and leaves them after") {
  const Syntax syntax = nabla::parse_expression(Source("t", "a * (b + c)"));
  std::string seen;
  nabla::walk(
      syntax, syntax.root(),
      [&](SyntaxId id) {
        seen += syntax.kind(id) == SyntaxKind::binary ? "<" : std::string(syntax.spelling(id));
        return true;
      },
      [&](SyntaxId id) { seen += syntax.kind(id) == SyntaxKind::binary ? ">" : ""; });
  CHECK(seen == "<a<bc>>");
}

TEST_CASE("walk passes over the children where enter says no") {
  const Syntax syntax = nabla::parse_expression(Source("t", "f(a) + b"));
  std::vector<std::string> seen;
  nabla::walk(
      syntax, syntax.root(),
      [&](SyntaxId id) {
        seen.emplace_back(syntax.text(id));
        return syntax.kind(id) != SyntaxKind::call;
      },
      [](SyntaxId) {});
  CHECK(seen == std::vector<std::string>{"f(a) + b", "f(a)", "b"});
}

TEST_CASE("a tree outlives the source it was made from") {
  const Syntax syntax = [] { return nabla::parse_expression(Source("t", "a + b")); }();
  CHECK(syntax.text(syntax.root()) == "a + b");
}
