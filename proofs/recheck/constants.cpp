#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/constants.hpp>

namespace nabla::rederive {

template <class V>
std::optional<V> constant_value(const Expr& e) {
  try {
    if (const Constant* c = e.constant()) return Number<V>::of(*c);
    const auto plan =
        std::make_shared<Plan>(std::shared_ptr<const Graph>(e.workspace(), &e.graph()), std::vector<Ref>{e.ref()});
    for (const NodeId id : plan->nodes())
      if (plan->graph().is(id, opcode<Variable>)) return std::nullopt;
    Run<V> run(plan);
    run.forward();
    return run.output(0)[0];
  } catch (const UnsupportedError&) {
    return std::nullopt;
  } catch (const UndefinedError&) {
    return std::nullopt;
  }
}
template std::optional<Rational> constant_value<Rational>(const Expr&);
template std::optional<Interval> constant_value<Interval>(const Expr&);

bool lies_in(const RealSet& interval, const Rational& x) {
  if (interval.is_finite()) return false;
  if (!interval.lo.empty()) {
    const auto lo = constant_value<Rational>(interval.lo);
    if (!lo || x < *lo || (x == *lo && !interval.lo_closed)) return false;
  }
  if (interval.hi.empty()) return true;
  const auto hi = constant_value<Rational>(interval.hi);
  return hi && (x < *hi || (x == *hi && interval.hi_closed));
}

}  // namespace nabla::rederive
