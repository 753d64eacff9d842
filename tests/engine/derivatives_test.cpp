#include <doctest/doctest.h>

#include <algorithm>

#include <engine/rule_check.hpp>
#include <nabla/engine/gradient/gradient.hpp>

// Every operator of the registry: its first derivative by numbers and by symbols, and its second, against differences
// at 120 digits; derivatives along a direction, forward and back.

namespace {

using namespace nabla;
using namespace nabla::examples;
using namespace nabla::rule_check;

/// Fails once for each line, which names the operator.
void expect_none(const std::vector<std::string>& disagreements) {
  for (const std::string& line : disagreements) FAIL_CHECK(line);
}

/// A scalar of every entry of a result.
Expr weighted(const Expr& y) {
  if (y.shape().is_scalar()) return Expr(weight(0)) * y;
  const Shape shape = y.shape();
  std::vector<Expr> w;
  for (std::int64_t i = 0; i < shape.size(); ++i) w.emplace_back(weight(static_cast<std::size_t>(i)));
  return sum(reshape(stack(w), shape) * y);
}

/// Every entry of several tensors, in order.
template <class V>
Entries<V> joined(const std::vector<Entries<V>>& parts) {
  Entries<V> all;
  for (const Entries<V>& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace

TEST_CASE("every operator has examples to be differentiated at") {
  for (Opcode code = 0; code < builtin_count; ++code) {
    const OperatorInfo& info = operator_info(code);
    if (info.family == Family::leaf) continue;
    CAPTURE(info.name);
    // A structured operator without one is missing from the table in operator_examples.cpp.
    CHECK(!of_operator(code).empty());
    for (std::size_t k = 0; k < of_operator(code).at(0).operands.size(); ++k)
      CHECK(std::ranges::any_of(of_operator(code),
                                [k](const Example& e) { return k < e.operands.size() && e.operands[k].moves; }));
  }
}

TEST_CASE("the reverse sweep of every operator agrees with 120-digit differences to 1e-50") {
  for_each([](const Example& example) { expect_none(disagreements(numeric_rule(example), example)); });
}

TEST_CASE("the symbolic rule of every operator agrees with 120-digit differences to 1e-50") {
  for_each([](const Example& example) { expect_none(disagreements(symbolic_rule(example), example)); });
}

TEST_CASE("the symbolic second derivatives of every operator agree with differences of the reverse sweep to 1e-50") {
  const Precision precision(digits);
  for_each([](const Example& example) {
    CAPTURE(example.describe());
    const Applied applied(example);
    const WorkspaceScope scope(applied.output.workspace());
    const std::vector<Expr> first = gradient(weighted(applied.output), applied.inputs);
    std::vector<Expr> second;
    for (const Expr& g : first)
      for (const Expr& x : applied.inputs) second.push_back(jacobian(g, x));
    const Function hessian(std::span<const Expr>(second), applied.inputs);
    const Rule::At at = entries<Real>(example);
    const std::vector<Entries<Real>> by_rules = hessian(std::span<const Entries<Real>>(at));

    const Function f = applied.function();
    const auto sweep = [&f](const Rule::At& x) { return joined(pulled_back(f, x)); };
    for (std::size_t k = 0; k < at.size(); ++k) {
      if (!example.operands[k].moves) continue;
      for (std::size_t i = 0; i < at[k].size(); ++i) {
        const Entries<Real> slope = differences(sweep, at, k, i);
        std::size_t row = 0;
        for (std::size_t of = 0; of < at.size(); ++of)
          for (std::size_t j = 0; j < at[of].size(); ++j, ++row) {
            if (!example.operands[of].moves) continue;
            const Entries<Real>& block = by_rules[of * at.size() + k];
            const Real& entry = block[block.size() == 1 ? 0 : j * at[k].size() + i];
            CAPTURE(k);
            CAPTURE(i);
            CAPTURE(of);
            CAPTURE(j);
            CAPTURE(Number<Real>::to_text(entry, 30));
            CAPTURE(Number<Real>::to_text(slope[row], 30));
            CHECK(agree(entry, slope[row]));
          }
      }
    }
  });
}

TEST_CASE("for every operator the derivative along a direction is the gradient's product with it") {
  const Precision precision(digits);
  const auto direction = [](std::size_t k, std::size_t i) { return weight(3 * k + 2 * i + 1) - 1; };
  for_each([&](const Example& example) {
    CAPTURE(example.describe());
    if (!std::ranges::all_of(example.operands, &examples::Operand::moves)) return;
    const Applied applied(example);
    const WorkspaceScope scope(applied.output.workspace());
    std::vector<Expr> tangents;
    for (std::size_t k = 0; k < applied.inputs.size(); ++k) {
      std::vector<Expr> t;
      for (std::size_t i = 0; i < example.operands[k].entries.size(); ++i) t.emplace_back(direction(k, i));
      const Shape shape = applied.inputs[k].shape();
      tangents.push_back(shape.is_scalar() ? t[0] : reshape(stack(t), shape));
    }
    const Expr along = jvp(weighted(applied.output), applied.inputs, tangents);
    const Rule::At at = entries<Real>(example);
    const Real forward = Function(std::span<const Expr>(&along, 1), applied.inputs)(std::span(at))[0][0];
    const Function f = applied.function();
    const std::vector<Entries<Real>> adjoints = pulled_back(f, at);
    Real reverse = 0;
    for (std::size_t k = 0; k < at.size(); ++k)
      for (std::size_t i = 0; i < at[k].size(); ++i) reverse += exactly<Real>(direction(k, i)) * adjoints[k][i];
    CAPTURE(Number<Real>::to_text(forward, 30));
    CAPTURE(Number<Real>::to_text(reverse, 30));
    CHECK(agree(forward, reverse));
  });
}
