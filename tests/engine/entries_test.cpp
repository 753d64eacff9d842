// Tensors written entry by entry: the same values, with elementwise operators alone.
#include <doctest/doctest.h>

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/record/entries.hpp>
#include <nabla/nabla.hpp>

using namespace nabla;

TEST_CASE("a computation with tensors is the same entry by entry") {
  const Expr a = variable("A", Shape{2, 3}), v = variable("v", Shape{3}), t = variable("t");
  const Expr softplus = log(1 + exp(matmul(a, v) * t));
  const Expr outputs[] = {softplus, sum(square(softplus)), gradient(sum(square(softplus)), v), Expr(2),
                          softmax_cross_entropy(v, stack(std::vector<Expr>{Expr(0), Expr(1), Expr(0)}))};
  const Expr inputs[] = {a, v, t};
  const EntryByEntry made = entry_by_entry(outputs, inputs);
  REQUIRE(made.outputs.size() == 5);
  REQUIRE(made.inputs[0].size() == 6);
  CHECK(to_string(made.inputs[0][5]) == "A_2_3");
  CHECK(to_string(made.inputs[1][0]) == "v_1");
  CHECK(to_string(made.inputs[2][0]) == "t");

  const std::vector<Entries<double>> at{{0.5, -1, 2, 0.25, 3, -0.75}, {1, 0.5, -0.25}, {1.5}};
  const auto expected = Function(outputs, inputs)(std::span<const Entries<double>>(at));
  std::vector<Expr> flat_inputs, flat_outputs;
  std::vector<Entries<double>> flat_at;
  for (std::size_t k = 0; k < at.size(); ++k)
    for (std::size_t i = 0; i < at[k].size(); ++i) {
      flat_inputs.push_back(made.inputs[k][i]);
      flat_at.push_back({at[k][i]});
    }
  for (const auto& y : made.outputs) flat_outputs.insert(flat_outputs.end(), y.begin(), y.end());
  for (const Expr& y : flat_outputs) {
    CHECK(y.shape().is_scalar());
    if (!y.ref().is_node()) continue;
    for (NodeId id = 0; id <= y.ref().id(); ++id) CHECK(y.graph().info(id).family != Family::structured);
  }
  const auto got = Function(flat_outputs, flat_inputs)(std::span<const Entries<double>>(flat_at));
  std::size_t k = 0;
  for (const auto& entries : expected)
    for (const double each : entries) CHECK(got[k++][0] == doctest::Approx(each).epsilon(1e-14));
  CHECK(k == got.size());
  CHECK_FALSE(to_cpp(flat_outputs, {.parameters = flat_inputs}).empty());
}

TEST_CASE("what cannot be written entry by entry is refused by name") {
  const Expr v = variable("v", Shape{3}), w = variable("w", Shape{3});
  const Expr dot_product = dot(v, w), huge = sum(broadcast_to(variable("s"), Shape{2'000'000}));
  CHECK_THROWS_AS(entry_by_entry({&dot_product, 1}, {&v, 1}), std::invalid_argument);
  const Expr none[] = {v, w};
  CHECK_THROWS_AS(entry_by_entry({&huge, 1}, none), std::exception);
}
