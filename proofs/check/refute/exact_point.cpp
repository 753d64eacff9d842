#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/parse.hpp>
#include <nabla/ops/indexing.hpp>
#include <nabla/proofs/check/refute/exact_point.hpp>
#include <nabla/proofs/check/refute/exact_value.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>

namespace nabla {

namespace {

constexpr long ball_bits = 512;
constexpr std::size_t most_nodes = 3000;  // past it only balls are asked
constexpr int shown_digits = 20;

template <class V>
using Assigned = std::map<NodeId, std::vector<V>>;

/// The values of expressions, given those of the variables, in a kind that has rows.
template <class V>
std::vector<std::vector<V>> evaluate(const Graph& graph, std::span<const Ref> targets, const Assigned<V>& at) {
  wellposed::Values<V> values(graph, targets);
  if (values.nodes().size() > most_nodes) throw NotHandled("too long to be decided exactly");
  for (const NodeId id : values.nodes()) {
    if (!graph.is(id, opcode<Variable>)) {
      values.compute(id);
      continue;
    }
    const auto found = at.find(id);
    const auto entries = values.entries(id);
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = found == at.end() ? V::of_status(V::Status::unknown) : found->second[i];
  }
  std::vector<std::vector<V>> result;
  for (const Ref t : targets) {
    const auto entries = std::as_const(values).entries(t);
    result.emplace_back(entries.begin(), entries.end());
  }
  return result;
}

template <class V>
Assigned<V> assigned(const Problem& problem, const ExactPoint& point) {
  std::vector<Ref> refs;
  for (const auto& entries : point.entries)
    for (const NamedConstant& c : entries) refs.push_back(c.value.ref());
  const auto values = evaluate<V>(problem.workspace->graph(), refs, {});
  Assigned<V> at;
  std::size_t next = 0;
  for (std::size_t g = 0; g < point.entries.size(); ++g) {
    auto& entries = at[problem.givens[g].variable.ref().id()];
    for (std::size_t i = 0; i < point.entries[g].size(); ++i) entries.push_back(values[next++][0]);
  }
  return at;
}

Ref ref_in(const Problem& problem, const Expr& e) {
  return e.workspace() == problem.workspace ? e.ref() : problem.workspace->graph().constant(*e.constant());
}

Truth decide(Comparison c, Truth less, Truth equal, Truth greater) {
  switch (c) {
    case Comparison::equal:
      return equal;
    case Comparison::not_equal:
      return !equal;
    case Comparison::less:
      return less;
    case Comparison::greater:
      return greater;
    case Comparison::less_equal:
      return !greater;
    case Comparison::greater_equal:
      return !less;
  }
  return Truth::unknown;
}

}  // namespace

Witness to_witness(const Problem& problem, const ExactPoint& point) {
  Witness witness;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    auto& texts = witness[problem.givens[g].name];
    for (const NamedConstant& c : point.entries[g]) texts.push_back(c.text);
  }
  return witness;
}

ExactPoint to_exact(const Problem& problem, const Point& point) {
  const WorkspaceScope scope(problem.workspace);
  ExactPoint exact;
  for (const auto& entries : point.entries) {
    auto& to = exact.entries.emplace_back();
    for (const Rational& x : entries) to.push_back({x.str(), Expr(to_constant(x))});
  }
  return exact;
}

std::optional<NamedConstant> named_constant(const std::shared_ptr<Workspace>& workspace, const std::string& text) {
  try {
    const Syntax syntax = parse_expression(Source("constant", text));
    Environment environment;
    Elaborator elaborator(syntax, environment, workspace);
    const Expr value = elaborator.number(syntax.root());
    if (!value.shape().is_scalar()) return std::nullopt;
    return NamedConstant{text, value};
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

namespace {

/// The fraction with the smallest denominator near y, when that is at most `most`.
std::optional<Rational> short_fraction(double y, double tolerance, int most) {
  if (!std::isfinite(y) || std::fabs(y) > 1e6) return std::nullopt;
  const double reach = tolerance * (1 + std::fabs(y));
  const Rational x = simplest_between(exactly(y - reach), exactly(y + reach));
  return denominator(x) <= most && abs(numerator(x)) <= 1000 ? std::optional(x) : std::nullopt;
}

std::string times(const Rational& q, const std::string& what) {
  const std::string sign = q.sign() < 0 ? "-" : "";
  const std::string over = denominator(q) == 1 ? "" : "/" + denominator(q).str();
  const auto top = abs(numerator(q)).str();
  return sign + (top == "1" ? what : top + "*" + what) + over;
}

}  // namespace

std::vector<std::string> constants_near(double x, double tolerance) {
  std::vector<std::string> found;
  if (!std::isfinite(x)) return found;
  const auto add = [&](std::string text) {
    if (std::ranges::find(found, text) == found.end()) found.push_back(std::move(text));
  };
  if (const auto q = short_fraction(x, tolerance, 60)) add(q->str());
  const std::string sign = x < 0 ? "-" : "";
  if (const auto q = short_fraction(x * x, tolerance, 24); q && q->sign() > 0) add(sign + "sqrt(" + q->str() + ")");
  if (const auto q = short_fraction(x / std::numbers::pi, tolerance, 24); q && !q->is_zero()) add(times(*q, "pi"));
  if (const auto q = short_fraction(std::fabs(x * x * x), tolerance, 24); q && q->sign() > 0)
    add(sign + "cbrt(" + q->str() + ")");
  if (std::fabs(x) < 20)
    if (const auto q = short_fraction(std::exp(x), tolerance, 24); q && q->sign() > 0) add("log(" + q->str() + ")");
  if (x != 0)
    if (const auto q = short_fraction(std::log(std::fabs(x)), tolerance, 12); q && !q->is_zero())
      add(sign + "exp(" + q->str() + ")");
  // (p + sqrt(q)) / r
  for (const int r : {1, 2, 3, 4})
    for (int p = -6; p <= 6; ++p) {
      if (p == 0) continue;
      const double root = r * x - p;
      const auto q = short_fraction(root * root, tolerance, 4);
      if (!q || q->sign() <= 0) continue;
      const std::string text = fmt::format("{} {} sqrt({})", p, root < 0 ? "-" : "+", q->str());
      add(r == 1 ? text : fmt::format("({})/{}", text, r));
    }
  if (const auto q = short_fraction(x * x / std::numbers::pi, tolerance, 24); q && q->sign() > 0)
    add(sign + "sqrt(" + times(*q, "pi") + ")");
  if (const auto q = short_fraction(std::tan(std::clamp(x, -1.5, 1.5)), tolerance, 12); q && std::fabs(x) < 1.5)
    add("atan(" + q->str() + ")");
  return found;
}

Judgement ExactJudge::relation(const Statement& s, const ExactPoint& point) const {
  Judgement seen;
  std::vector<Ref> refs;
  for (const Expr& e : s.sides) refs.push_back(ref_in(problem_, e));
  const Graph& graph = problem_.workspace->graph();
  const Precision precision = Precision::of_bits(ball_bits);
  const auto near = evaluate<PointValue>(graph, refs, assigned<PointValue>(problem_, point));
  std::optional<ExactScope> scope;
  std::vector<std::vector<ExactValue>> exact;  // dies before the field that its values live in
  seen.holds = Truth::yes;
  seen.trivial = false;
  const auto exactly_at = [&](std::size_t side, std::size_t i) {
    if (exact.empty()) exact = evaluate<ExactValue>(graph, refs, assigned<ExactValue>(problem_, point));
    return exact[side][exact[side].size() == 1 ? 0 : i];
  };
  for (std::size_t k = 0; k < s.comparisons.size() && seen.holds != Truth::no; ++k) {
    const auto& a = near[k];
    const auto& b = near[k + 1];
    const bool any = s.comparisons[k] == Comparison::not_equal;
    const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
    Truth link = truth(!any);
    for (std::size_t i = 0; i < n && link != truth(any); ++i) {
      const PointValue& x = a[a.size() == 1 ? 0 : i];
      const PointValue& y = b[b.size() == 1 ? 0 : i];
      using P = Number<PointValue>;
      Truth t = decide(s.comparisons[k], P::less(x, y), P::equal(x, y), P::less(y, x));
      bool by_calcium = false;
      if (t == Truth::unknown && x.status() != PointValue::Status::undefined &&
          y.status() != PointValue::Status::undefined) {
        if (!scope) scope.emplace();
        using E = Number<ExactValue>;
        const ExactValue u = exactly_at(k, i), v = exactly_at(k + 1, i);
        t = decide(s.comparisons[k], E::less(u, v), E::equal(u, v), E::less(v, u));
        by_calcium = t != Truth::unknown;
      }
      link = any ? (link || t) : (link && t);
      seen.exact = seen.exact || by_calcium;
      if (i == 0 || t == truth(any)) {
        seen.entry = i;
        seen.left = x.ball().to_string(shown_digits);
        seen.right = y.ball().to_string(shown_digits);
        const Ball d = Number<Ball>::abs(x.ball() - y.ball());
        seen.violation = by_calcium ? "0" : "[" + d.lower(6) + ", " + d.upper(6) + "]";
      }
    }
    seen.holds = seen.holds && link;
  }
  return seen;
}

Truth ExactJudge::inside(const Set& set, std::span<const Expr> entries, const ExactPoint& point) const {
  const auto holds = [&](const Expr& a, Comparison c, const Expr& b) {
    Statement s;
    s.sides = {a, b};
    s.comparisons = {c};
    return relation(s, point).holds;
  };
  Truth all = Truth::yes;
  switch (set.kind) {
    case Set::Kind::entries:
      for (const Expr& x : entries) {
        if (set.entries.is_finite()) {
          Truth any = Truth::no;
          for (const Expr& e : set.entries.elements) any = any || holds(x, Comparison::equal, e);
          all = all && any;
          continue;
        }
        if (!set.entries.lo.empty())
          all = all && holds(set.entries.lo, set.entries.lo_closed ? Comparison::less_equal : Comparison::less, x);
        if (!set.entries.hi.empty())
          all = all && holds(x, set.entries.hi_closed ? Comparison::less_equal : Comparison::less, set.entries.hi);
      }
      return all;
    case Set::Kind::simplex: {
      Expr sum(0);
      for (const Expr& x : entries) {
        all = all && holds(Expr(0), Comparison::less, x);
        sum = sum + x;
      }
      return all && holds(sum, Comparison::equal, Expr(1));
    }
    default:
      return Truth::unknown;
  }
}

Judgement ExactJudge::at(const Statement& s, const ExactPoint& point) const {
  Judgement seen;
  switch (s.kind) {
    case Statement::Kind::relation:
      return relation(s, point);
    case Statement::Kind::negation:
      seen = at(s.children[0], point);
      seen.holds = !seen.holds;
      return seen;
    case Statement::Kind::implication: {
      const Judgement premise = at(s.children[0], point);
      if (premise.holds != Truth::yes) {
        seen.holds = premise.holds == Truth::no ? Truth::yes : Truth::unknown;
        return seen;
      }
      return at(s.children[1], point);
    }
    case Statement::Kind::predicate:
      if (s.predicate == "in" && s.subject.shape().size() == 1) {
        const WorkspaceScope scope(problem_.workspace);
        const Expr x = s.subject.shape().is_scalar() ? s.subject : reshape(s.subject, Shape{});
        seen.holds = inside(s.set, {&x, 1}, point);
      }
      return seen;
  }
  return seen;
}

bool ExactJudge::satisfies(const ExactPoint& point) const {
  const WorkspaceScope scope(problem_.workspace);
  for (std::size_t g = 0; g < problem_.givens.size(); ++g) {
    const Set& set = problem_.givens[g].set;
    std::vector<Expr> entries;
    std::vector<Rational> rational;
    for (const NamedConstant& c : point.entries[g]) {
      entries.push_back(c.value);
      if (c.value.ref().is_constant())
        if (const auto x = constant_rational(c.value)) rational.push_back(*x);
    }
    const bool all_rational = rational.size() == entries.size();
    if ((all_rational ? contains(set, rational) : inside(set, entries, point)) != Truth::yes) return false;
  }
  return std::ranges::all_of(problem_.hypotheses, [&](const Statement& h) { return at(h, point).holds == Truth::yes; });
}

bool ExactJudge::derivatives_exist(const ExactPoint& point) const {
  if (problem_.derivatives.empty()) return true;
  const Precision precision = Precision::of_bits(ball_bits);
  const auto at = assigned<PointValue>(problem_, point);
  for (const Derivative& d : problem_.derivatives) {
    wellposed::DerivativeAt reader(problem_, d);
    const wellposed::Existence e = reader.at(at);
    if (e != wellposed::Existence::exists && e != wellposed::Existence::unread) return false;
  }
  return true;
}

}  // namespace nabla
