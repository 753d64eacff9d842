#include <doctest/doctest.h>

#include <engine/operator_examples.hpp>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/numbers/real.hpp>

TEST_CASE("the algebraic form of every operator has the operator's value at 60 digits") {
  using namespace nabla;
  const Precision precision(60);
  int by_record = 0;
  examples::for_each([&](const examples::Example& example) {
    CAPTURE(example.describe());
    const examples::Applied applied(example);
    if (applied.inputs.empty() || operator_info(example.code).family != Family::elementwise) return;
    const WorkspaceScope scope(applied.inputs[0].workspace());
    const Expr form = algebraic_form(example.code, example.attributes, applied.inputs);
    if (form.empty()) return;
    ++by_record;
    const std::vector<Entries<Real>> at = examples::entries<Real>(example);
    const Function f(std::span<const Expr>(&form, 1), applied.inputs);
    const Real found = f.run<Real>(at).output(0)[0], expected = applied.function().run<Real>(at).output(0)[0];
    CAPTURE(Number<Real>::to_text(found, 20));
    CAPTURE(Number<Real>::to_text(expected, 20));
    const Real error = Number<Real>::abs(found - expected);
    CHECK(Number<Real>::less(error, Real("1e-50") * (1 + Number<Real>::abs(expected))) == Truth::yes);
  });
  CHECK(by_record > 100);
}
