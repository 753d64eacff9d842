#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/recheck.hpp>

/// Witnesses replayed: exactly in rationals; else in intervals whose ends MPFR rounds; and where doubles cannot tell
/// the sides apart, at 300 digits, which confirms by a margin of 10^200 ulps but is not an enclosure, and says so.
namespace nabla {

namespace {

constexpr int last_resort_digits = 300;
constexpr int margin_digits = 200;

using Values = std::vector<std::vector<Rational>>;

/// The outputs of expressions at the witness in kind V.
template <class V>
std::optional<std::vector<std::vector<V>>> evaluate(const Problem& problem, std::span<const Expr> outputs,
                                                    const Values& at) {
  std::vector<Ref> refs;
  for (const Expr& e : outputs)
    refs.push_back(e.workspace() == problem.workspace ? e.ref() : problem.workspace->graph().constant(*e.constant()));
  try {
    const auto plan =
        std::make_shared<Plan>(std::shared_ptr<const Graph>(problem.workspace, &problem.workspace->graph()), refs);
    Run<V> run(plan);
    for (std::size_t g = 0; g < problem.givens.size(); ++g) {
      const Ref where = plan->find(problem.givens[g].variable.ref().id());
      if (where.empty()) continue;
      std::vector<V> entries;
      for (const Rational& x : at[g]) entries.push_back(Number<V>::of(to_constant(x)));
      run.set(where.id(), entries);
    }
    run.forward();
    std::vector<std::vector<V>> result;
    for (std::size_t k = 0; k < outputs.size(); ++k) result.emplace_back(run.output(k).begin(), run.output(k).end());
    return result;
  } catch (const UnsupportedError&) {
    return std::nullopt;
  } catch (const UndefinedError&) {
    return std::nullopt;
  }
}

/// Less, equal or greater, certainly; for intervals unknown when they overlap.
struct Order {
  Truth less, equal;
};
Order order(const Rational& a, const Rational& b) { return {truth(a < b), truth(a == b)}; }
Order order(const Interval& a, const Interval& b) {
  if (!a.total || !b.total) return {Truth::unknown, Truth::unknown};
  const Truth less = a.hi < b.lo ? Truth::yes : a.lo >= b.hi ? Truth::no : Truth::unknown;
  const Truth equal = a.hi < b.lo || b.hi < a.lo                     ? Truth::no
                      : a.lo == a.hi && b.lo == b.hi && a.lo == b.lo ? Truth::yes
                                                                     : Truth::unknown;
  return {less, equal};
}
Order order(const Real& a, const Real& b) {
  if (!isfinite(a) || !isfinite(b)) return {Truth::unknown, Truth::unknown};
  const Real scale = 1 + abs(a) + abs(b);
  if (abs(a - b) < scale * Number<Real>::powi(Real(10), -margin_digits)) return {Truth::unknown, Truth::unknown};
  return {truth(a < b), Truth::no};
}

Truth holds(Comparison c, const Order& ab, const Order& ba) {
  switch (c) {
    case Comparison::equal:
      return ab.equal;
    case Comparison::not_equal:
      return !ab.equal;
    case Comparison::less:
      return ab.less;
    case Comparison::greater:
      return ba.less;
    case Comparison::less_equal:
      return !ba.less;
    case Comparison::greater_equal:
      return !ab.less;
  }
  return Truth::unknown;
}

template <class V>
Truth relation(const Problem& problem, const Statement& s, const Values& at) {
  const auto sides = evaluate<V>(problem, s.sides, at);
  if (!sides) return Truth::unknown;
  Truth all = Truth::yes;
  for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
    const auto& a = (*sides)[k];
    const auto& b = (*sides)[k + 1];
    const bool any = s.comparisons[k] == Comparison::not_equal;
    Truth link = truth(!any);
    const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
    for (std::size_t i = 0; i < n; ++i) {
      const V& x = a[a.size() == 1 ? 0 : i];
      const V& y = b[b.size() == 1 ? 0 : i];
      const Truth t = holds(s.comparisons[k], order(x, y), order(y, x));
      link = any ? (link || t) : (link && t);
    }
    all = all && link;
  }
  return all;
}

/// Whether exact values lie in a set of reals; ends are constants.
template <class V>
Truth inside(const Problem& problem, const RealSet& set, const V& x) {
  const auto end = [&](const Expr& e) { return evaluate<V>(problem, {&e, 1}, Values(problem.givens.size())); };
  if (set.is_finite()) {
    Truth any = Truth::no;
    for (const Expr& e : set.elements) {
      const auto v = end(e);
      any = any || (v ? order(x, (*v)[0][0]).equal : Truth::unknown);
    }
    return any;
  }
  Truth all = Truth::yes;
  if (!set.lo.empty()) {
    const auto v = end(set.lo);
    all = all && (v ? holds(set.lo_closed ? Comparison::less_equal : Comparison::less, order((*v)[0][0], x),
                            order(x, (*v)[0][0]))
                    : Truth::unknown);
  }
  if (!set.hi.empty()) {
    const auto v = end(set.hi);
    all = all && (v ? holds(set.hi_closed ? Comparison::less_equal : Comparison::less, order(x, (*v)[0][0]),
                            order((*v)[0][0], x))
                    : Truth::unknown);
  }
  return all;
}

Truth member(const Problem& problem, const Set& set, std::span<const Rational> x) {
  Rational sum = 0;
  for (const Rational& e : x) sum += e;
  const auto n = set.shape.rank() == 0 ? std::size_t{1} : static_cast<std::size_t>(set.shape[0]);
  switch (set.kind) {
    case Set::Kind::entries: {
      Truth all = Truth::yes;
      for (const Rational& e : x) {
        Truth t = inside<Rational>(problem, set.entries, e);
        if (t == Truth::unknown) t = inside<Interval>(problem, set.entries, Number<Interval>::of(to_constant(e)));
        all = all && t;
      }
      return all;
    }
    case Set::Kind::simplex:
      for (const Rational& e : x)
        if (e.sign() <= 0) return Truth::no;
      return truth(sum == 1);
    case Set::Kind::onehot:
      for (const Rational& e : x)
        if (e != 0 && e != 1) return Truth::no;
      return truth(sum == 1);
    case Set::Kind::sym:
    case Set::Kind::spd: {
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (x[i * n + j] != x[j * n + i]) return Truth::no;
      if (set.kind == Set::Kind::sym) return Truth::yes;
      // Leading principal minors by fraction-free elimination (Bareiss): all positive exactly when positive definite.
      std::vector<Rational> a(x.begin(), x.end());
      Rational before = 1;
      for (std::size_t k = 0; k < n; ++k) {
        if (a[k * n + k].sign() <= 0) return Truth::no;
        for (std::size_t i = k + 1; i < n; ++i)
          for (std::size_t j = k + 1; j < n; ++j)
            a[i * n + j] = (a[i * n + j] * a[k * n + k] - a[i * n + k] * a[k * n + j]) / before;
        before = a[k * n + k];
      }
      return Truth::yes;
    }
  }
  return Truth::unknown;
}

struct Seen {
  Truth truth = Truth::unknown;
  const char* by = "";
};

Seen evaluate_statement(const Problem& problem, const Statement& s, const Values& at) {
  switch (s.kind) {
    case Statement::Kind::relation: {
      Seen seen{relation<Rational>(problem, s, at), "exact rationals"};
      if (seen.truth == Truth::unknown) seen = {relation<Interval>(problem, s, at), "intervals, MPFR rounding outward"};
      if (seen.truth == Truth::unknown) {
        const Precision scope(last_resort_digits);
        seen = {relation<Real>(problem, s, at), "300 digits, by a margin of 10^-200; not an enclosure"};
      }
      return seen;
    }
    case Statement::Kind::negation: {
      Seen seen = evaluate_statement(problem, s.children[0], at);
      seen.truth = !seen.truth;
      return seen;
    }
    case Statement::Kind::implication: {
      const Seen premise = evaluate_statement(problem, s.children[0], at);
      if (premise.truth == Truth::no) return {Truth::yes, premise.by};
      Seen conclusion = evaluate_statement(problem, s.children[1], at);
      if (premise.truth == Truth::unknown && conclusion.truth == Truth::no) conclusion.truth = Truth::unknown;
      return conclusion;
    }
    case Statement::Kind::predicate: {
      if (s.predicate != "in") return {};
      if (const auto exact = evaluate<Rational>(problem, {&s.subject, 1}, at))
        return {member(problem, s.set, (*exact)[0]), "exact rationals"};
      const auto enclosed = evaluate<Interval>(problem, {&s.subject, 1}, at);
      if (!enclosed || s.set.kind != Set::Kind::entries) return {};
      Truth all = Truth::yes;
      for (const Interval& x : (*enclosed)[0])
        all = all && (x.total ? inside<Interval>(problem, s.set.entries, x) : Truth::unknown);
      return {all, "intervals, MPFR rounding outward"};
    }
  }
  return {};
}

}  // namespace

ReplayedCertificate replay_witness(const Problem& problem, const Statement& statement,
                                   const std::vector<std::pair<std::string, std::vector<std::string>>>& witness) {
  ReplayedCertificate replay;
  replay.kind = "witness";
  Values at;
  for (const Given& given : problem.givens) {
    const std::vector<std::string>* texts = nullptr;
    for (const auto& [name, entries] : witness)
      if (name == given.name) texts = &entries;
    auto& entries = at.emplace_back();
    if (texts != nullptr)
      for (const std::string& text : *texts)
        if (const auto x = parse_rational(text)) entries.push_back(*x);
    if (static_cast<std::int64_t>(entries.size()) != given.set.shape.size()) {
      replay.outcome = Outcome::failed;
      replay.message = "the witness has no rational entries of the right number for '" + given.name + "'";
      return replay;
    }
    if (member(problem, given.set, entries) != Truth::yes) {
      replay.outcome = Outcome::failed;
      replay.message = "the witness for '" + given.name + "' is not certainly in its set";
      return replay;
    }
  }
  for (const Statement& h : problem.hypotheses) {
    const Seen seen = evaluate_statement(problem, h, at);
    if (seen.truth == Truth::yes) continue;
    replay.outcome = seen.truth == Truth::no ? Outcome::failed : Outcome::open;
    replay.message = "the assumption at line " + std::to_string(h.place.line) +
                     (seen.truth == Truth::no ? " does not hold" : " could not be decided");
    return replay;
  }
  const Seen seen = evaluate_statement(problem, statement, at);
  replay.outcome = seen.truth == Truth::no    ? Outcome::confirmed
                   : seen.truth == Truth::yes ? Outcome::failed
                                              : Outcome::open;
  replay.message = seen.truth == Truth::yes ? "the statement holds at the witness" : seen.by;
  return replay;
}

}  // namespace nabla
