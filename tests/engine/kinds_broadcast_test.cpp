#include <doctest/doctest.h>

#include <cmath>
#include <engine/operator_examples.hpp>
#include <nabla/engine/gradient/gradient.hpp>

// Every elementwise operator of the registry on tensors of different shapes: entry by entry what it is on scalars, and
// the adjoint of a stretched operand is the sum over the entries that it was stretched to.

namespace {

using namespace nabla;
using namespace nabla::examples;

/// Operands that broadcasting stretches in every way that there is, for up to three of them.
std::vector<std::vector<Shape>> shapes_of(int arity) {
  if (arity == 1) return {{{}}, {{3}}, {{2, 2}}, {{0}}};
  if (arity == 2) return {{{3}, {3}}, {{3}, {2, 1}}, {{}, {2}}, {{2, 1, 2}, {}}, {{1, 2}, {2, 1}}, {{0}, {1}}};
  return {{{2}, {2}, {2}}, {{2, 1}, {3}, {}}, {{}, {1, 2}, {2, 1}}, {{2}, {}, {2, 1, 1}}};
}

/// Entries for tensors: those that examples have for each operand, in turn.
std::vector<Entries<double>> filled(Opcode code, Attributes attributes, const std::vector<Shape>& shapes) {
  std::vector<Entries<double>> result;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    Entries<double> entries;
    while (static_cast<std::int64_t>(entries.size()) < shapes[k].size())
      for (const Example& example : of_operator(code)) {
        if (!std::ranges::equal(example.attributes, attributes)) continue;
        if (static_cast<std::int64_t>(entries.size()) < shapes[k].size())
          entries.push_back(example.operands[k].entries[0]);
      }
    result.push_back(entries);
  }
  return result;
}

/// Equal, or neither is a number (entries of different examples need not lie in the domain together).
bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }
bool near(double a, double b) { return same(a, b) || std::fabs(a - b) <= 1e-12 * (std::fabs(a) + std::fabs(b) + 1); }

/// The same computed from the operator on scalars, for each entry of the result.
struct ByScalars {
  Entries<double> value;
  std::vector<Entries<double>> adjoints;
};
ByScalars by_scalars(const Function& scalar, const std::vector<Shape>& shapes, const Shape& result,
                     const std::vector<Entries<double>>& at) {
  ByScalars found;
  std::vector<std::vector<std::int64_t>> places;
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    found.adjoints.emplace_back(at[k].size(), 0.0);
    places.emplace_back(static_cast<std::size_t>(result.size()));
    detail::for_each_index(result, broadcast_strides(shapes[k], result),
                           [&](std::int64_t i, std::int64_t from) { places[k][static_cast<std::size_t>(i)] = from; });
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(result.size()); ++i) {
    std::vector<Entries<double>> x;
    for (std::size_t k = 0; k < shapes.size(); ++k) x.push_back({at[k][static_cast<std::size_t>(places[k][i])]});
    found.value.push_back(scalar(std::span<const Entries<double>>(x))[0][0]);
    const Entries<double> seed{weight(i)};
    const std::vector<Entries<double>> adjoint = scalar.vjp<double>(x, {&seed, 1});
    for (std::size_t k = 0; k < shapes.size(); ++k)
      found.adjoints[k][static_cast<std::size_t>(places[k][i])] += adjoint[k][0];
  }
  return found;
}

void check_broadcasting(Opcode code, Attributes attributes, const std::vector<Shape>& shapes, std::size_t& numbers) {
  const Applied tensors(code, attributes, shapes);
  const std::vector<Entries<double>> at = filled(code, attributes, shapes);
  const Function f = tensors.function();
  const Shape result = tensors.output.shape();
  CHECK(result == broadcast("result", shapes));
  const ByScalars expected =
      by_scalars(Applied(code, attributes, std::vector<Shape>(shapes.size())).function(), shapes, result, at);

  const Entries<double> value = f(std::span<const Entries<double>>(at))[0];
  REQUIRE(value.size() == expected.value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    CHECK(::same(value[i], expected.value[i]));
    if (!std::isnan(value[i])) ++numbers;
  }

  const std::vector<Entries<double>> numeric = pulled_back(f, at);
  const WorkspaceScope scope(tensors.output.workspace());
  const Expr seed = variable("seed", result);
  std::vector<Expr> inputs = tensors.inputs;
  inputs.push_back(seed);
  const std::vector<Expr> pulled = vjp({&tensors.output, 1}, {&seed, 1}, tensors.inputs);
  std::vector<Entries<double>> at_with_seed = at;
  at_with_seed.push_back(weights<double>(result.size()));
  const std::vector<Entries<double>> symbolic =
      Function(std::span<const Expr>(pulled), inputs)(std::span<const Entries<double>>(at_with_seed));
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    CAPTURE(k);
    CHECK(pulled[k].shape() == shapes[k]);
    REQUIRE(symbolic[k].size() == expected.adjoints[k].size());
    for (std::size_t i = 0; i < expected.adjoints[k].size(); ++i) {
      CHECK(near(numeric[k][i], expected.adjoints[k][i]));
      CHECK(near(symbolic[k][i], expected.adjoints[k][i]));
    }
  }
}

}  // namespace

TEST_CASE("every elementwise operator broadcasts: values by entries, adjoints added up, by numbers and by symbols") {
  for (Opcode code = 0; code < builtin_count; ++code) {
    const OperatorInfo& info = operator_info(code);
    if (info.family != Family::elementwise) continue;
    CAPTURE(info.name);
    std::size_t numbers = 0;
    const std::vector<std::int64_t> attributes = of_operator(code).at(0).attributes;
    for (const std::vector<Shape>& shapes : shapes_of(info.arity)) {
      CAPTURE(shapes[0].to_string());
      check_broadcasting(code, attributes, shapes, numbers);
    }
    CHECK(numbers > 2);
  }
}

TEST_CASE("every operator refuses shapes that do not fit by its name, the shapes and the line that asked") {
  for (Opcode code = 0; code < builtin_count; ++code) {
    const OperatorInfo& info = operator_info(code);
    if (info.family != Family::elementwise || info.arity < 2) continue;
    CAPTURE(info.name);
    std::vector<Expr> x{variable("x", {2}), variable("y", {3}), variable("z")};
    x.resize(static_cast<std::size_t>(info.arity));
    const auto here = std::source_location::current();
    try {
      detail::append(code, here, x, {});
      FAIL_CHECK("accepted");
    } catch (const ShapeError& error) {
      const std::string said = error.what();
      CHECK(said.find(std::string(here.file_name()) + ":" + std::to_string(here.line())) != std::string::npos);
      CHECK(said.find(info.name) != std::string::npos);
      CHECK(said.find("[2]") != std::string::npos);
      CHECK(said.find("[3]") != std::string::npos);
      CHECK(error.operation().ends_with(info.name));
    }
  }
}

namespace {

/// The error of f names the line, the operator and the shapes.
template <class F>
void check_refused(F f, std::uint32_t line, std::string_view name, std::string_view first, std::string_view second) {
  try {
    static_cast<void>(f());
    FAIL_CHECK("accepted");
  } catch (const ShapeError& error) {
    const std::string said = error.what();
    CAPTURE(said);
    CHECK(said.find("kinds_broadcast_test.cpp:" + std::to_string(line) + ":") != std::string::npos);
    CHECK(said.find(name) != std::string::npos);
    CHECK(said.find(first) != std::string::npos);
    CHECK(said.find(second) != std::string::npos);
    CHECK(error.shapes().size() >= 2);
  }
}

}  // namespace

TEST_CASE("a shape error names the operator, both shapes and the user's own line, infix, called or structured") {
  const Expr x = variable("x", {2, 3});
  const Expr y = variable("y", {4});
  const std::uint32_t line = std::source_location::current().line();
  check_refused([&] { return x + y; }, line + 1, "add", "[2, 3]", "[4]");
  check_refused([&] { return 2 * x / (y * 3); }, line + 2, "div", "[2, 3]", "[4]");
  check_refused([&] { return atan2(x, y); }, line + 3, "atan2", "[2, 3]", "[4]");
  check_refused([&] { return where(gt(x, 0), x, y); }, line + 4, "where", "[2, 3]", "[4]");
  check_refused([&] { return matmul(x, y); }, line + 5, "matmul", "[2, 3]", "[4]");
  check_refused([&] { return dot(y, sum(x, 0)); }, line + 6, "dot", "[4]", "[3]");
  check_refused([&] { return squared_error(x, y); }, line + 7, "squared_error", "[2, 3]", "[4]");
  check_refused([&] { return broadcast_to(x, {4}); }, line + 8, "broadcast_to", "[2, 3]", "[4]");
}
