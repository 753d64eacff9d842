#include <nabla/proofs/recheck/inequality/boxes.hpp>
#include <nabla/proofs/recheck/inequality/replay.hpp>
#include <nabla/proofs/recheck/inequality/signs.hpp>

// The rules that write g in another way.

namespace nabla::rederive {

namespace {

bool seen_to_be(const Problem& region, const Expr& e, Signs s) {
  return within(signs_seen(region, e), s) || within(signs_by_algebra(region, e), s);
}

}  // namespace

/// The sign of value^power, 0 when it does not matter; false when it cannot be told. \param strict  nonzero, too
bool InequalityReplay::factor(const Problem& region, bool strict, const Json& factor, int& sign, int depth) {
  const Expr value = decoded(region, factor.at("value"));
  const auto power = factor.at("power").get<std::int64_t>();
  const bool apart = strict || power < 0;
  if (!factor.contains("sign")) {
    if (power % 2 != 0) return false;
    return !apart || within(signs_seen(region, value) & signs_by_algebra(region, value), nonzero);
  }
  const bool up = factor.at("sign").get<std::string>() == "up";
  if (power % 2 != 0 && !up) sign = -sign;
  if (factor.contains("proof")) return holds(region, up ? value : -value, apart, factor.at("proof"), depth + 1);
  const Signs wanted = up ? (apart ? rederive::positive : nonnegative) : (apart ? rederive::negative : nonpositive);
  const Signs seen = signs_seen(region, value);
  return within(seen, wanted) || within(seen & signs_by_algebra(region, value), wanted);
}

bool InequalityReplay::sum(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  Expr total(0);
  for (const Json& term : proof.at("terms")) {
    const auto c = parse_rational(term.at("constant").get<std::string>());
    if (!c) throw Unfounded("a constant of the certificate is not a number");
    Expr product(to_constant(*c));
    for (const Json& f : term.at("factors"))
      product = product * powi(decoded(region, f.at("value")), f.at("power").get<std::int64_t>());
    total = total + product;
  }
  if (!equal(region, g, total)) return false;
  bool one_is_strict = false;
  for (const Json& term : proof.at("terms")) {
    const int constant = parse_rational(term.at("constant").get<std::string>())->sign();
    const auto shown = [&](bool apart) {
      int sign = constant;
      for (const Json& f : term.at("factors"))
        if (!factor(region, apart, f, sign, depth)) return false;
      return sign > 0;
    };
    if (strict && !one_is_strict && shown(true)) {
      one_is_strict = true;
      continue;
    }
    if (!shown(false)) {
      if (where_.empty()) where_ = "the sign of a term was not confirmed";
      return false;
    }
  }
  return !strict || one_is_strict;
}

bool InequalityReplay::exponential(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto scale = parse_rational(proof.at("scale").get<std::string>());
  if (!scale || scale->sign() <= 0) return false;
  const Expr rest = decoded(region, proof.at("rest"));
  Expr left(1), right = exp(-rest), total = rest;
  for (const Json& log_of : proof.at("logs")) {
    const Expr a = decoded(region, log_of.at("of"));
    const auto n = log_of.at("power").get<std::int64_t>();
    if (!within(signs_seen(region, a), rederive::positive) && !within(signs_by_algebra(region, a), rederive::positive))
      return false;
    total = total + Expr(n) * log(a);
    if (n > 0)
      left = left * powi(a, n);
    else
      right = right * powi(a, -n);
  }
  return equal(region, Expr(to_constant(*scale)) * g, total) &&
         holds(region, left - right, strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::squares(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const Expr a = decoded(region, proof.at("left")), b = decoded(region, proof.at("right"));
  if (!within(signs_seen(region, a), nonnegative) && !within(signs_by_algebra(region, a), nonnegative)) return false;
  return equal(region, g, a - b) && holds(region, powi(a, 2) - powi(b, 2), strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::logarithms(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const Expr a = decoded(region, proof.at("left")), b = decoded(region, proof.at("right"));
  if (!seen_to_be(region, a, rederive::positive) || !seen_to_be(region, b, rederive::positive)) return false;
  return equal(region, g, a - b) && holds(region, log(a) - log(b), strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::clear(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto i = proof.at("hypothesis").get<std::size_t>();
  const Statement h = region.hypotheses.at(i);
  const Expr by = decoded(region, proof.at("by")), to = decoded(region, proof.at("to"));
  Problem free = region;
  free.hypotheses.clear();
  if (!seen_to_be(region, by, rederive::positive) || !equal(free, (h.sides[0] - h.sides[1]) * by, to)) return false;
  Problem next = region;
  next.hypotheses[i].sides = {to, Expr(0)};
  return holds(next, g, strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::tangents(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  Expr below = g;
  for (const Json& term : proof.at("terms")) {
    const Expr c = decoded(region, term.at("coefficient")), ratio = decoded(region, term.at("ratio"));
    if (!seen_to_be(region, c, nonnegative) || !seen_to_be(region, ratio, rederive::positive)) return false;
    below = below - c * (log(ratio) - 1 + Expr(1) / ratio);
  }
  return holds(region, below, strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::error_function(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const Expr y = decoded(region, proof.at("of")), q = decoded(region, proof.at("coefficient"));
  const Expr rest = decoded(region, proof.at("rest"));
  const bool right = proof.at("right").get<bool>(), up = proof.at("up").get<bool>();
  if (!seen_to_be(region, y, right ? rederive::positive : rederive::negative) ||
      !seen_to_be(region, q, up ? nonpositive : nonnegative) || !equal(region, g, q * erf(y) + rest))
    return false;
  // |erf| < 1, and 1 - |erf(y)| <= exp(-y^2) / (|y| sqrt(pi)).
  const Expr one(right ? 1 : -1);
  const Expr distance = right ? y : -y;
  const Expr bound = right == up ? one : one - one * exp(-powi(distance, 2)) / (distance * sqrt(Expr(Constant::pi())));
  return holds(region, q * bound + rest, strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::reciprocal(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto k = proof.at("variable").get<std::size_t>();
  const Expr x = region.givens.at(k).variable;
  const NodeId v = x.ref().id();
  const RealSet set = region.givens[k].set.entries;
  if (set.is_finite() || set.lo.empty() == set.hi.empty()) return false;
  const bool upper = set.hi.empty();
  const Expr end = upper ? set.lo : set.hi;
  const Enclosure at = constant_value(end);
  if (!(upper ? at.lo.sign() > 0 : at.hi.sign() < 0)) return false;
  const Expr by = Expr(1) / x;
  Problem next = with_replaced(region, v, by);
  RealSet& to = next.givens[k].set.entries;
  to = RealSet();
  (upper ? to.lo : to.hi) = Expr(0);
  (upper ? to.hi : to.lo) = Expr(1) / end;
  (upper ? to.hi_closed : to.lo_closed) = upper ? set.lo_closed : set.hi_closed;
  return holds(next, replaced(g, {{v, by}}), strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::polynomial(const Problem& region, const Expr& g, bool strict, const Json& proof) {
  const Expr atom = decoded(region, proof.at("atom"));
  std::vector<Rational> c;
  Expr total(0);
  for (const Json& text : proof.at("coefficients")) {
    const auto x = parse_rational(text.get<std::string>());
    if (!x) throw Unfounded("a coefficient of the certificate is not a number");
    total = total + Expr(to_constant(*x)) * powi(atom, static_cast<std::int64_t>(c.size()));
    c.push_back(*x);
  }
  if (!equal(region, g, total)) return false;
  Evaluation evaluation(region, {&atom, 1});
  evaluation.run(part_of(region));
  const Enclosure& x = evaluation.output(0);
  std::optional<Rational> lo, hi;
  if (!x.lo.is_infinite()) lo = x.lo.exact();
  if (!x.hi.is_infinite()) hi = x.hi.exact();
  return has_sign_between(c, lo, hi, !x.lo_open, !x.hi_open, strict);
}

}  // namespace nabla::rederive
