#include <nabla/proofs/recheck/witness/witness.hpp>

/// Predicates about two points, in numbers: the values and gradients at both, and the inequality between them.
namespace nabla::replay {

namespace {

template <class V>
V inner(const Numbers<V>& a, const Numbers<V>& b) {
  V sum(0);
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t i = 0; i < a[k].size(); ++i) sum = sum + a[k][i] * b[k][i];
  return sum;
}

template <class V>
Numbers<V> difference(const Numbers<V>& a, const Numbers<V>& b) {
  Numbers<V> d = a;
  for (std::size_t k = 0; k < a.size(); ++k)
    for (std::size_t i = 0; i < a[k].size(); ++i) d[k][i] = a[k][i] - b[k][i];
  return d;
}

}  // namespace

bool is_about_points(const Statement& s) {
  if (s.kind != Statement::Kind::predicate) return false;
  for (const char* name : {"convex", "concave", "strongly_convex", "smooth", "lipschitz", "cocoercive", "increasing",
                           "decreasing", "linear"})
    if (s.predicate == name) return true;
  return false;
}

template <class V>
Numbers<V> Replay::with(Numbers<V> at, const Numbers<V>& over) const {
  for (std::size_t k = 0; k < over_.size(); ++k)
    for (std::size_t g = 0; g < problem_.givens.size(); ++g)
      if (same(problem_.givens[g].variable, over_[k])) at[g] = over[k];
  return at;
}

template <class V>
std::optional<Numbers<V>> Replay::gradient(const Expr& e, const Numbers<V>& at) const {
  const std::vector<Ref> refs{e.ref()};
  try {
    Run<V> run = run_at<V>(refs, at);
    if (!run.kinks().empty()) {
      if constexpr (std::is_same_v<V, Enclosure>) return one_sided_gradient(e, at);
      return std::nullopt;
    }
    run.reverse(0);
    Numbers<V> result;
    for (const Expr& x : over_) {
      const Ref where = run.plan().find(x.ref().id());
      if (where.empty()) {
        result.emplace_back(static_cast<std::size_t>(x.shape().size()), V(0));
      } else {
        const auto a = run.adjoint(where.id());
        result.emplace_back(a.begin(), a.end());
      }
    }
    return result;
  } catch (const UnsupportedError&) {
  } catch (const UndefinedError&) {
  } catch (const std::length_error&) {
  }
  return std::nullopt;
}

/// t x + (1 - t) x', or x + c x'; empty numbers where the predicate has none.
template <class V>
std::optional<Numbers<V>> Replay::middle(const Statement& s) const {
  if (!weight_) return Numbers<V>{};
  const auto x = all_values<V>(first_);
  const auto y = all_values<V>(second_);
  const auto t = values<V>({*weight_});
  if (!x || !y || !t) return std::nullopt;
  const V& w = (*t)[0];
  Numbers<V> m = *x;
  for (std::size_t k = 0; k < m.size(); ++k)
    for (std::size_t i = 0; i < m[k].size(); ++i)
      m[k][i] = s.predicate == "linear" ? (*x)[k][i] + w * (*y)[k][i] : w * (*x)[k][i] + (V(1) - w) * (*y)[k][i];
  return m;
}

template <class V>
Truth Replay::middle_is_stated(const Statement& s) const {
  if (!weight_) return Truth::yes;
  const auto m = middle<V>(s);
  const auto at = all_values<V>(at_);
  const auto t = values<V>({*weight_});
  if (!m || !at || !t) return Truth::unknown;
  Truth all = Truth::yes;
  const bool linear = s.predicate == "linear";
  if (!linear) all = related(Comparison::less_equal, V(0), (*t)[0]) && related(Comparison::less_equal, (*t)[0], V(1));
  const Numbers<V> there = with(*at, *m);
  // Between two points of a convex set lies no other: only what is assumed is looked at; x + c x' is anywhere.
  if (linear)
    for (std::size_t k = 0; k < over_.size(); ++k)
      for (const Given& g : problem_.givens)
        if (same(g.variable, over_[k])) all = all && member<V>(g.set, (*m)[k]);
  for (const Statement& h : problem_.hypotheses) all = all && truth_at<V>(h, there);
  return all;
}

template <class V>
Truth Replay::predicate(const Statement& s) const {
  const auto at = all_values<V>(at_);
  const auto x = all_values<V>(first_);
  const auto y = all_values<V>(second_);
  if (!at || !x || !y) return Truth::unknown;
  const auto value = [&](const Numbers<V>& where) { return outputs<V>({&s.subject, 1}, with(*at, where)); };
  const auto constant = [&]() -> std::optional<V> {
    const auto c = outputs<V>(s.parameters, *at);
    return c ? std::optional((*c)[0][0]) : std::nullopt;
  };
  const std::string& name = s.predicate;
  if (name == "convex" || name == "concave" || name == "strongly_convex") {
    const auto m = middle<V>(s);
    if (!m || !weight_) return Truth::unknown;
    const V w = (*values<V>({*weight_}))[0];
    const auto fx = value(*x), fy = value(*y), fm = value(*m);
    if (!fx || !fy || !fm) return Truth::unknown;
    V a = (*fx)[0][0], b = (*fy)[0][0], c = (*fm)[0][0];
    if (name == "strongly_convex") {
      const auto mu = constant();
      if (!mu) return Truth::unknown;
      const V half = *mu / V(2);
      a = a - half * inner(*x, *x);
      b = b - half * inner(*y, *y);
      c = c - half * inner(*m, *m);
    }
    const V chord = w * a + (V(1) - w) * b;
    return related(name == "concave" ? Comparison::greater_equal : Comparison::less_equal, c, chord);
  }
  if (name == "increasing" || name == "decreasing") {
    for (std::size_t k = 0; k < x->size(); ++k)
      for (std::size_t i = 0; i < (*x)[k].size(); ++i)
        if (related(Comparison::less_equal, (*x)[k][i], (*y)[k][i]) != Truth::yes) return Truth::unknown;
    const auto fx = value(*x), fy = value(*y);
    if (!fx || !fy) return Truth::unknown;
    Truth all = Truth::yes;
    for (std::size_t i = 0; i < (*fx)[0].size(); ++i)
      all = all && related(name == "increasing" ? Comparison::less_equal : Comparison::greater_equal, (*fx)[0][i],
                           (*fy)[0][i]);
    return all;
  }
  if (name == "linear") {
    const auto m = middle<V>(s);
    if (!m || !weight_) return Truth::unknown;
    const V w = (*values<V>({*weight_}))[0];
    const auto fx = value(*x), fy = value(*y), fm = value(*m);
    if (!fx || !fy || !fm) return Truth::unknown;
    Truth all = Truth::yes;
    for (std::size_t i = 0; i < (*fx)[0].size(); ++i)
      all = all && related(Comparison::equal, (*fm)[0][i], (*fx)[0][i] + w * (*fy)[0][i]);
    return all;
  }
  const auto limit = constant();
  if (!limit) return Truth::unknown;
  const bool of_gradient = name == "smooth" || name == "cocoercive";
  const auto gx = of_gradient ? gradient<V>(s.subject, with(*at, *x)) : value(*x);
  const auto gy = of_gradient ? gradient<V>(s.subject, with(*at, *y)) : value(*y);
  if (!gx || !gy) return Truth::unknown;
  const Numbers<V> change = difference(*gx, *gy);
  const Numbers<V> step = difference(*x, *y);
  if (name == "cocoercive") {
    if (Number<V>::equal(*limit, V(0)) != Truth::no) return Truth::unknown;
    return related(Comparison::less_equal, inner(change, change) / *limit, inner(change, step));
  }
  const V bound = *limit * Number<V>::abs(*limit);
  return related(Comparison::less_equal, inner(change, change), bound * inner(step, step));
}

template <class V>
Truth Replay::truth(const Statement& s) const {
  if (is_about_points(s)) {
    try {
      return predicate<V>(s);
    } catch (const UndefinedError&) {
      return Truth::unknown;
    }
  }
  if (s.kind == Statement::Kind::implication && s.children.size() == 2 && !over_.empty()) {
    const auto at = all_values<V>(at_);
    const Truth premise = at ? truth_at<V>(s.children[0], *at) : Truth::unknown;
    if (premise == Truth::no) return Truth::yes;
    const Truth conclusion = truth<V>(s.children[1]);
    return premise == Truth::unknown && conclusion == Truth::no ? Truth::unknown : conclusion;
  }
  const auto at = all_values<V>(at_);
  return at ? truth_at<V>(s, *at) : Truth::unknown;
}

template Truth Replay::truth<Rational>(const Statement&) const;
template Truth Replay::truth<Enclosure>(const Statement&) const;
template Truth Replay::truth<Algebraic>(const Statement&) const;
template Truth Replay::middle_is_stated<Rational>(const Statement&) const;
template Truth Replay::middle_is_stated<Enclosure>(const Statement&) const;
template Truth Replay::middle_is_stated<Algebraic>(const Statement&) const;

}  // namespace nabla::replay
