#include <algorithm>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>

namespace nabla::inequality {

namespace {

using namespace normal_form;

constexpr int most_attempts = 24;
constexpr std::int64_t steps_of_one = 400'000;

Signs signs_of(Comparison c) {  // of left - right
  switch (c) {
    case Comparison::equal:
      return Signs::zero;
    case Comparison::not_equal:
      return Signs::nonzero;
    case Comparison::less:
      return Signs::negative;
    case Comparison::less_equal:
      return Signs::nonpositive;
    case Comparison::greater:
      return Signs::positive;
    case Comparison::greater_equal:
      return Signs::nonnegative;
  }
  return Signs::any;
}

Comparison comparison_of(Signs s) {
  switch (s) {
    case Signs::zero:
      return Comparison::equal;
    case Signs::nonzero:
      return Comparison::not_equal;
    case Signs::negative:
      return Comparison::less;
    case Signs::nonpositive:
      return Comparison::less_equal;
    case Signs::positive:
      return Comparison::greater;
    default:
      return Comparison::greater_equal;
  }
}

const char* text_of(Signs s) {
  switch (s) {
    case Signs::zero:
      return "zero";
    case Signs::nonzero:
      return "nonzero";
    case Signs::negative:
      return "negative";
    case Signs::nonpositive:
      return "nonpositive";
    case Signs::positive:
      return "positive";
    default:
      return "nonnegative";
  }
}

std::vector<Assumption> assumptions_of(const Problem& region, ScalarForm& scalars) {
  std::vector<Assumption> found;
  for (const Statement& h : region.hypotheses) {
    const Expr left = scalars.entries(h.sides[0])[0], right = scalars.entries(h.sides[1])[0];
    const WorkspaceScope scope(scalars.workspace());
    found.push_back({left - right, signs_of(h.comparisons[0])});
  }
  return found;
}

/// As use_normal_form, with a result; empty where there is none.
template <class Use>
auto with_normal_form(const Problem& region, const Expr& g, Use&& use)
    -> decltype(use(std::declval<ScalarForm&>(), std::declval<Normaliser&>(), std::declval<const Fraction&>())) {
  decltype(use(std::declval<ScalarForm&>(), std::declval<Normaliser&>(), std::declval<const Fraction&>())) result{};
  use_normal_form(
      region, g, [&](ScalarForm& scalars, Normaliser& normal, const Fraction& f) { result = use(scalars, normal, f); });
  return result;
}

}  // namespace

void use_normal_form(const Problem& region, const Expr& g, const UseOfForm& use) {
  ScalarForm scalars(region);
  const Expr e = scalars.entries(g)[0];
  const std::vector<Assumption> assumptions = assumptions_of(region, scalars);
  Session session;
  session.steps = steps_of_one;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    try {
      Normaliser normal(scalars, region, session, assumptions);
      const Form form = normal.value(e);
      if (!form.fraction) return;
      const auto reduced = normal.reduce(*form.fraction);
      if (reduced) use(scalars, normal, *reduced);
      return;
    } catch (const Restart&) {
    } catch (const RingTooSmall&) {
      session.capacity *= 2;
    }
  }
}

bool Prover::is_zero(const Problem& region, const Expr& g) {
  spend(200);
  if (g.is(0)) return true;
  try {
    return with_normal_form(region, g, [](ScalarForm&, Normaliser&, const Fraction& f) { return f.is_zero(); });
  } catch (const Split&) {
  } catch (const Contradiction&) {
  } catch (const BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  return false;
}

std::optional<Rational> Prover::rational_constant(const Problem& region, const Expr& g) {
  spend(200);
  try {
    return with_normal_form(region, g, [](ScalarForm&, Normaliser&, const Fraction& f) -> std::optional<Rational> {
      if (!f.is_constant()) return std::nullopt;
      return Rational(f.constant_text());
    });
  } catch (const Split&) {
  } catch (const Contradiction&) {
  } catch (const BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  return std::nullopt;
}

Signs Prover::sign_by_normal_form(const Problem& region, const Expr& g) {
  spend(200);
  try {
    const auto s = with_normal_form(region, g, [](ScalarForm&, Normaliser& normal, const Fraction& f) {
      return std::optional<Signs>(normal.signs(f));
    });
    return s ? *s : Signs::any;
  } catch (const Split&) {
  } catch (const Contradiction&) {
  } catch (const BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  return Signs::any;
}

/// A hypothesis about a quotient whose denominator has a sign becomes one about its numerator.
Proof Prover::by_cleared_hypothesis(const Problem& region, const Expr& g, bool strict, int depth) {
  for (std::size_t i = 0; i < region.hypotheses.size(); ++i) {
    const Statement& h = region.hypotheses[i];
    const WorkspaceScope scope(region.workspace);
    Expr num, den;
    try {
      use_normal_form(region, h.sides[0] - h.sides[1], [&](ScalarForm&, Normaliser& normal, const Fraction& f) {
        if (f.is_polynomial() || f.is_zero()) return;
        const normal_form::Polynomial below(f.ring(), f.den());
        const Signs s = normal.signs(Fraction::of(below));
        if (!within(s, Signs::positive) && !within(s, Signs::negative)) return;
        num = transplant(normal.expression(normal_form::Polynomial(f.ring(), f.num())), region.workspace);
        den = transplant(normal.expression(below), region.workspace);
        if (within(s, Signs::negative)) {
          num = -num;
          den = -den;
        }
      });
    } catch (const Split&) {
    } catch (const Contradiction&) {
    } catch (const BudgetExceeded&) {
    } catch (const NotHandled&) {
    }
    if (num.empty()) continue;
    Problem next = region;
    next.hypotheses[i].sides = {num, Expr(0)};
    auto p = prove(next, g, strict, depth + 1);
    if (!p) return std::nullopt;
    return Json{{"rule", "clear"},
                {"hypothesis", i},
                {"by", encoded(region, den)},
                {"to", encoded(region, num)},
                {"proof", *p}};
  }
  return std::nullopt;
}

namespace {

/// Over its common denominator f has a term with a function that the normal form knows nothing of times an exponential,
/// or times what the denominator brought in: derivatives of f itself are simpler.
bool ties_function_to_others(const Normaliser& normal, const Fraction& f) {
  for (const Term& term : terms(f.ring(), f.num())) {
    bool function = false, other = false;
    for (const auto& [k, e] : term.powers) {
      const Atom& atom = normal.atoms()[static_cast<std::size_t>(k)];
      function = function || atom.kind == Atom::Kind::opaque;
      other =
          other || atom.kind == Atom::Kind::exponential || (atom.kind == Atom::Kind::variable && !f.is_polynomial());
    }
    if (function && other) return true;
  }
  return false;
}

}  // namespace

Proof Prover::by_normal_form(const Problem& region, const Expr& g, bool strict, int depth) {
  spend(500);
  std::optional<Split> split;
  try {
    return with_normal_form(region, g, [&](ScalarForm&, Normaliser& normal, const Fraction& f) -> Proof {
      if (f.is_zero()) return strict ? Proof() : Proof(Json{{"rule", "zero"}});
      const bool several = variables_of(g).size() > 1;
      if (several)
        if (auto p = by_exponential(region, normal, f, strict, depth)) return p;
      if (several)
        if (auto p = by_tangents(region, g, normal, f, strict, depth)) return p;
      if (!several && ties_function_to_others(normal, f))
        if (auto p = by_calculus(region, g, strict, depth)) return p;
      if (auto p = by_factors(region, g, strict, depth, normal, f)) return p;
      return several ? std::nullopt : by_exponential(region, normal, f, strict, depth);
    });
  } catch (const Split& s) {
    split = s;
  } catch (const Contradiction&) {
    if (!region.hypotheses.empty()) return Json{{"rule", "impossible"}};
  } catch (const BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  return split ? split_at(region, g, strict, depth, *split) : std::nullopt;
}

/// g = c times powers of irreducible polynomials in the atoms. Those of known sign are told from the others, whose sign
/// is guessed at points and then shown.
Proof Prover::by_factors(const Problem& region, const Expr& g, bool strict, int depth, const Normaliser& normal,
                         const Fraction& f) {
  const Factors factors = factor(f);
  struct Part {
    const normal_form::Polynomial* p;
    std::int64_t power;
    Expr value;
    Signs known;
    int sign = 0;
  };
  std::vector<Part> parts;
  int sign = factors.constant.constant_sign();
  std::vector<std::size_t> open;
  for (const auto& [p, e] : factors.powers) {
    Part part{&p, e, transplant(normal.expression(p), region.workspace), normal.signs(Fraction::of(p))};
    const bool even = e % 2 == 0, apart = strict || e < 0;
    const Signs up = apart ? Signs::positive : Signs::nonnegative, down = apart ? Signs::negative : Signs::nonpositive;
    if (even && (!apart || within(part.known, Signs::nonzero))) {
      part.sign = 0;  // whatever its own sign is
    } else if (within(part.known, up)) {
      part.sign = 1;
    } else if (within(part.known, down)) {
      part.sign = -1;
      if (!even) sign = -sign;
    } else {
      open.push_back(parts.size());
    }
    parts.push_back(std::move(part));
  }
  if (open.size() == 1 && parts[open[0]].power % 2 != 0) {
    parts[open[0]].sign = sign;
  } else if (!open.empty()) {
    std::vector<Expr> values;
    for (const std::size_t k : open) values.push_back(parts[k].value);
    Sampler sampler(region, values);
    for (const auto& point : sampler.points()) {
      const std::vector<double>& y = sampler.at(point);
      for (std::size_t i = 0; i < open.size(); ++i) {
        int& s = parts[open[i]].sign;
        if (s == 0 && std::fabs(y[i]) > 1e-9) s = y[i] > 0 ? 1 : -1;
      }
    }
    for (const std::size_t k : open) {
      if (parts[k].sign == 0) return std::nullopt;
      if (parts[k].power % 2 != 0) sign *= parts[k].sign;
    }
    if (sign < 0) return std::nullopt;
  }
  if (open.empty() && sign < 0) return std::nullopt;
  Json list = Json::array();
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const Part& part = parts[k];
    Json made{{"value", encoded(region, part.value)}, {"power", part.power}};
    if (part.sign != 0) made["sign"] = part.sign > 0 ? "up" : "down";
    if (std::ranges::find(open, k) != open.end()) {
      const bool negated = part.sign < 0;
      const WorkspaceScope scope(region.workspace);
      const Expr h = negated ? -part.value : part.value;
      Proof p = by_open_factor(region, g, h, normal, *part.p, negated, strict || part.power < 0, depth);
      if (!p) return std::nullopt;
      made["proof"] = *p;
    }
    list.push_back(std::move(made));
  }
  const Json term{{"constant", factors.constant.constant_text()}, {"factors", list}};
  return Json{{"rule", "sum"}, {"terms", Json::array({term})}};
}

/// Splits the region at the zero of an affine expression of one variable that lies inside it. `apart`: a sign of e on
/// whose side the point is left out.
Proof Prover::split_at_zero(const Problem& region, const Expr& g, bool strict, int depth, const Expr& e, Signs apart) {
  const std::shared_ptr<Workspace>& workspace = region.workspace;
  const std::set<NodeId> among = variables_of(e);
  if (among.size() != 1) return std::nullopt;
  const WorkspaceScope scope(workspace);
  const NodeId v = *among.begin();
  const auto k = given_of(region, v);
  const Expr x(workspace, Ref::node(v));
  const Expr at_zero = substituted(e, {{v, Expr(0)}});
  const auto slope = rational_constant(region, substituted(e, {{v, Expr(1)}}) - at_zero);
  if (!k || !slope || slope->is_zero() || !is_zero(region, e - (Expr(to_constant(*slope)) * x + at_zero)))
    return std::nullopt;
  const Expr at = -at_zero / Expr(to_constant(*slope));
  const double where = Sampler::constant(at);
  Sampler sampler(region, std::span<const Expr>(&x, 1));
  const double lo = sampler.lo(*k), hi = sampler.hi(*k);
  const bool rising = (slope->sign() > 0) == (apart == Signs::positive);
  const Without open = apart == Signs::any ? Without::neither : rising ? Without::above : Without::below;
  if (!(where > lo && where < hi) && (open == Without::neither || !(where >= lo && where <= hi) || lo == hi))
    return std::nullopt;
  const auto c = rational_constant(region, at);
  return split_region(region, g, strict, depth, *k, c ? Expr(to_constant(*c)) : at, open);
}

/// A sign that the value hangs on: where it is that of an affine expression of one variable the region is split at its
/// zero, else the sign becomes a hypothesis.
Proof Prover::split_at(const Problem& region, const Expr& g, bool strict, int depth, const Split& split) {
  const Expr e = transplant(split.expression, region.workspace);
  const WorkspaceScope scope(region.workspace);
  const auto has = [&](Signs s) { return std::ranges::find(split.parts, s) != split.parts.end(); };
  const Signs apart = has(Signs::positive) ? Signs::positive : has(Signs::negative) ? Signs::negative : Signs::any;
  if (auto p = split_at_zero(region, g, strict, depth, e, apart)) return p;
  Json parts = Json::array();
  for (const Signs s : split.parts) {
    Problem next = region;
    Statement h;
    h.sides = {e, Expr(0)};
    h.comparisons = {comparison_of(s)};
    next.hypotheses.push_back(std::move(h));
    auto p = prove(next, g, strict, depth + 1);
    if (!p) return std::nullopt;
    parts.push_back(Json{{"sign", text_of(s)}, {"proof", *p}});
  }
  return Json{{"rule", "cases"}, {"of", encoded(region, e)}, {"parts", parts}};
}

}  // namespace nabla::inequality
