#include <doctest/doctest.h>

#include <cstdlib>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/parse.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/ops/comparison.hpp>
#include <random>

using nabla::Expr;
using nabla::Shape;
using nabla::to_string;

namespace {

/// A workspace with a few variables, in which texts are read.
class Desk {
 public:
  Desk() : workspace_(std::make_shared<nabla::Workspace>()), scope_(workspace_) {
    declare("x", {});
    declare("y", {});
    declare("z", {});
    declare("u", {3});
    declare("v", {3});
    declare("A", {2, 3});
    declare("B", {3, 2});
    declare("S", {2, 2});
    declare("one", {1});
  }
  const Expr& operator[](const std::string& name) const { return variables_.at(name); }
  Expr read(const std::string& text) {
    const nabla::Syntax syntax = nabla::parse_expression(nabla::Source("printed", text));
    nabla::Elaborator elaborator(syntax, environment_, workspace_);
    return elaborator.number(syntax.root());
  }

 private:
  void declare(const std::string& name, const Shape& shape) {
    const Expr e = nabla::variable(name, shape);
    variables_.emplace(name, e);
    nabla::Binding binding;
    binding.value.expr = e;
    environment_.declare(nabla::Source("test", name), name, binding);
  }
  std::shared_ptr<nabla::Workspace> workspace_;
  nabla::WorkspaceScope scope_;
  nabla::Environment environment_;
  std::map<std::string, Expr> variables_;
};

/// Grows scalar expressions from every elementwise operator of the registry.
class Grower {
 public:
  Grower(const Desk& desk, std::uint64_t seed) : random_(seed), made_{desk["x"], desk["y"], desk["z"]} {
    for (nabla::Opcode code = 0; code < nabla::builtin_count; ++code)
      if (nabla::operator_info(code).family == nabla::Family::elementwise) codes_.push_back(code);
  }
  Expr grow() {
    const nabla::Opcode code = codes_[below(codes_.size())];
    const nabla::OperatorInfo& info = nabla::operator_info(code);
    std::vector<Expr> x;
    for (int k = 0; k < info.arity; ++k) x.push_back(k == 0 || below(4) != 0 ? node() : constant());
    if (info.arity == 2 && below(3) == 0) std::swap(x[0], x[1]);
    if (code == nabla::opcode<nabla::Where>) x[0] = lt(node(), node());
    // A real power by an integer is read as an integer power.
    if (info.name == "pow") x[1] = node();
    // polygamma(0, x) is made and read as digamma(x).
    const std::int64_t order[] = {static_cast<std::int64_t>(below(5)) + (info.name == "powi" ? -2 : 1)};
    const Expr e = nabla::detail::append(code, {}, x, info.indexed ? order : nabla::Attributes{});
    if (e.ref().is_node()) made_.push_back(e);
    return e;
  }

 private:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  const Expr& node() { return made_[below(made_.size())]; }
  Expr constant() {
    const auto p = static_cast<std::int64_t>(below(9)) - 4;
    return nabla::ratio<Expr>(p, static_cast<std::int64_t>(below(4)) + 1);
  }
  std::mt19937_64 random_;
  std::vector<Expr> made_;
  std::vector<nabla::Opcode> codes_;
};

}  // namespace

TEST_CASE("print round trip: what is written in one way is printed that way, and read back as the same expression") {
  Desk desk;
  for (const std::string text : {"x - (y - z)",
                                 "-x^2",
                                 "(-x)^2",
                                 "x^-1",
                                 "2^-x",
                                 "x^y^z",
                                 "(x^y)^z",
                                 "x / y / z",
                                 "x / (y / z)",
                                 "x * (-y)",
                                 "x * (1/3)",
                                 "1/3 * x",
                                 "x^(1/3)",
                                 "(-1/2)^x",
                                 "-(x * y)",
                                 "-x * y",
                                 "x - (-3)",
                                 "exp(x)^2",
                                 "pi * x",
                                 "x^pi",
                                 "where(x < y, x, y)",
                                 "where(x != y, x, y)",
                                 "where(not x <= y, 1, x)",
                                 "indicator(x == y) * z",
                                 "u .* v",
                                 "x ./ u",
                                 "u.^2",
                                 "u.^v",
                                 "2^u[1]",
                                 "A * B",
                                 "A * (B * A)",
                                 "A' * S",
                                 "(A + A)'",
                                 "A[1, :]",
                                 "A[:, 3]",
                                 "A[2, 3] * u[1]",
                                 "one[1]",
                                 "(A * B)[1, 2]",
                                 "[x, 1, y + 1]",
                                 "[x, 1; 2, y]",
                                 "sum(u)",
                                 "dot(u, v)",
                                 "outer(u, v)",
                                 "softmax(u)",
                                 "det(S)",
                                 "inv(S) * S",
                                 "zeros(2, 3) + A",
                                 "3/2 * ones(2)",
                                 "reshape(A, 3, 2)",
                                 "max(x, y)",
                                 "norm(u)",
                                 "polygamma(2, x)",
                                 "u + x",
                                 "S * u[1]"}) {
    CAPTURE(text);
    try {
      const Expr e = desk.read(text);
      CHECK(to_string(e) == text);
      CHECK(same(desk.read(to_string(e)), e));
    } catch (const std::exception& error) {
      FAIL_CHECK(error.what());
    }
  }
}

TEST_CASE("print round trip: random expressions over every elementwise operator come back as they were") {
  const char* effort = std::getenv("NABLA_EFFORT");
  const int rounds = 30 * (effort == nullptr ? 1 : std::max(1, std::atoi(effort)));
  for (int seed = 1; seed <= rounds; ++seed) {
    Desk desk;
    Grower grower(desk, static_cast<std::uint64_t>(seed));
    for (int i = 0; i < 40; ++i) {
      const Expr e = grower.grow();
      const std::string text = to_string(e);
      if (text.starts_with("let ")) break;
      CAPTURE(seed);
      CAPTURE(text);
      try {
        CHECK(same(desk.read(text), e));
      } catch (const std::exception& error) {
        FAIL_CHECK(error.what());
      }
    }
  }
}

TEST_CASE("print round trip: a recorded double comes back as the exact constant that it was") {
  Desk desk;
  const Expr read = desk.read(to_string(Expr(0.1) * desk["x"]));
  CHECK(same(read, nabla::ratio<Expr>(3602879701896397, std::int64_t{1} << 55) * desk["x"]));
  CHECK(desk.read(to_string(Expr(-0.375))).constant()->to_string() == "-3/8");
}

TEST_CASE("print round trip: what the language cannot say is not read as something else") {
  Desk desk;
  const Expr x = desk["u"];
  const std::int64_t attributes[] = {1, 0};
  const Expr kept(x.workspace(), x.workspace()->node(static_cast<nabla::Opcode>(nabla::find_operator("sum")),
                                                     std::vector{x.ref()}, attributes));
  CHECK_THROWS(desk.read(to_string(kept)));
}
