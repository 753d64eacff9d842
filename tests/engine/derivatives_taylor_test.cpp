#include <doctest/doctest.h>

#include <algorithm>
#include <engine/rule_check.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/taylor.hpp>

// Every operator of the registry along a line: its power series against symbolic derivatives taken again and again.

namespace {

using namespace nabla;
using namespace nabla::examples;
using namespace nabla::rule_check;

constexpr std::size_t order = 3;

double direction(std::size_t k, std::size_t i) { return weight(3 * k + 2 * i + 1) - 1; }

/// The derivatives of the result along the line, of orders 0 to `order`, by jvp of jvp.
std::vector<Entries<Real>> by_symbols(const Example& example) {
  const Applied applied(example);
  const WorkspaceScope scope(applied.output.workspace());
  std::vector<Expr> tangents;
  for (std::size_t k = 0; k < applied.inputs.size(); ++k) {
    const Shape shape = applied.inputs[k].shape();
    std::vector<Expr> t;
    for (std::size_t i = 0; i < example.operands[k].entries.size(); ++i) t.emplace_back(direction(k, i));
    tangents.push_back(shape.is_scalar() ? t[0] : reshape(stack(t), shape));
  }
  std::vector<Expr> derivatives{applied.output};
  for (std::size_t n = 1; n <= order; ++n) derivatives.push_back(jvp(derivatives.back(), applied.inputs, tangents));
  const Function f(std::span<const Expr>(derivatives), applied.inputs);
  const std::vector<Entries<Real>> at = entries<Real>(example);
  return f(std::span<const Entries<Real>>(at));
}

/// The coefficients of the result's series, one series an entry.
Entries<Taylor<Real>> by_series(const Example& example) {
  std::vector<Entries<Taylor<Real>>> lines;
  for (std::size_t k = 0; k < example.operands.size(); ++k) {
    lines.emplace_back();
    for (std::size_t i = 0; i < example.operands[k].entries.size(); ++i) {
      std::vector<Real> c(order + 1, Real(0));
      c[0] = exactly<Real>(example.operands[k].entries[i]);
      c[1] = exactly<Real>(direction(k, i));
      lines[k].emplace_back(std::move(c));
    }
  }
  return Applied(example).function()(std::span<const Entries<Taylor<Real>>>(lines))[0];
}

}  // namespace

TEST_CASE("the Taylor coefficients of every operator along a line are its repeated symbolic derivatives over k!") {
  const Precision precision(digits);
  for_each([](const Example& example) {
    if (!std::ranges::all_of(example.operands, &examples::Operand::moves)) return;
    CAPTURE(example.describe());
    const std::vector<Entries<Real>> derivatives = by_symbols(example);
    const Entries<Taylor<Real>> series = by_series(example);
    Real factorial = 1;
    for (std::size_t n = 0; n <= order; ++n) {
      if (n > 0) factorial *= static_cast<int>(n);
      CAPTURE(n);
      for (std::size_t i = 0; i < series.size(); ++i) {
        const Real found = factorial * series[i][n];
        CAPTURE(Number<Real>::to_text(found, 20));
        CAPTURE(Number<Real>::to_text(derivatives[n][i], 20));
        CHECK(agree(found, derivatives[n][i]));
      }
    }
  });
}
