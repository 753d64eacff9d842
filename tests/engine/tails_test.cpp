#include <doctest/doctest.h>

#include <nabla/engine/numbers/real.hpp>
#include <nabla/nabla.hpp>

// What records state about the far ends of their functions, computed.
TEST_CASE("every function with stated tails has them, at 300 digits") {
  using namespace nabla;
  const Precision precision(300);
  const auto size = [](const Real& x) { return Number<Real>::abs(x); };
  const auto below = [&](const Real& x, const char* bound) {
    return Number<Real>::less(size(x), Real(bound)) == Truth::yes;
  };
  int stated = 0;
  for (std::size_t code = 0; code < builtin_count; ++code) {
    const OperatorInfo& op = operator_info(static_cast<Opcode>(code));
    CAPTURE(op.name);
    const Facts& facts = op.facts;
    CHECK((facts.below.kind == Tail::Kind::unstated) == (facts.above.kind == Tail::Kind::unstated));
    if (facts.above.kind == Tail::Kind::unstated) continue;
    ++stated;
    REQUIRE(op.family == Family::elementwise);
    REQUIRE(op.arity == 1);
    CHECK(facts.regularity != Regularity::discontinuous);
    CHECK(facts.domain.lo == -unbounded);
    CHECK(facts.domain.hi == unbounded);
    CHECK(facts.domain.hole == Hole::none);
    const Expr x = variable("x");
    const Expr operand[] = {x};
    const Function f(detail::append(static_cast<Opcode>(code), {}, operand, {}), {x});
    for (const bool up : {false, true}) {
      const Tail& tail = up ? facts.above : facts.below;
      const auto at = [&](const char* where) {
        const Real u = up ? Real(where) : -Real(where);
        return std::pair{u, f.value<Real>({u})};
      };
      for (const char* where : {"1e3", "1e6"}) {
        if (tail.kind == Tail::Kind::vanishing && where == std::string("1e6")) continue;
        const auto [u, y] = at(where);
        if (tail.kind == Tail::Kind::level) CHECK(below((y - level_of<Real>(tail)) * u / 2, "1"));
        if (tail.kind == Tail::Kind::operand) CHECK(below((y - u) * u, "1"));
        if (tail.kind == Tail::Kind::vanishing) CHECK(below(y * Number<Real>::powi(u, 50), "1"));
      }
    }
    const Real h("1e-100");
    if (facts.identity_near_zero)
      for (const Real& u : {h, Real(-h)}) CHECK(below(f.value<Real>({u}) / u - 1, "1e-90"));
  }
  CHECK(stated >= 6);
}
