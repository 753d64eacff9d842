#include <nabla/proofs/recheck/witness/witness.hpp>

/// Numbers at a witness: sets, hypotheses, relations.
namespace nabla::replay {

template <class V>
Run<V> Replay::run_at(std::span<const Ref> refs, const Numbers<V>& at) const {
  const auto plan =
      std::make_shared<Plan>(std::shared_ptr<const Graph>(problem_.workspace, &problem_.workspace->graph()), refs);
  Run<V> run(plan);
  for (std::size_t g = 0; g < at.size(); ++g) {
    const Ref where = plan->find(problem_.givens[g].variable.ref().id());
    if (!where.empty()) run.set(where.id(), at[g]);
  }
  run.forward();
  return run;
}

template <class V>
std::optional<Numbers<V>> Replay::outputs(std::span<const Expr> expressions, const Numbers<V>& at) const {
  std::vector<Ref> refs;
  for (const Expr& e : expressions)
    refs.push_back(e.workspace() == problem_.workspace ? e.ref() : problem_.workspace->graph().constant(*e.constant()));
  try {
    const Run<V> run = run_at<V>(refs, at);
    Numbers<V> result;
    for (std::size_t k = 0; k < expressions.size(); ++k)
      result.emplace_back(run.output(k).begin(), run.output(k).end());
    return result;
  } catch (const UnsupportedError&) {
  } catch (const UndefinedError&) {
  } catch (const std::length_error&) {
  }
  return std::nullopt;
}

template <class V>
std::optional<std::vector<V>> Replay::values(const std::vector<Expr>& constants) const {
  std::vector<V> result;
  const auto all = outputs<V>(constants, {});
  if (!all) return std::nullopt;
  for (const auto& one : *all) result.push_back(one[0]);
  return result;
}

template <class V>
std::optional<Numbers<V>> Replay::all_values(const Point& p) const {
  Numbers<V> result;
  for (const auto& entries : p) {
    auto v = values<V>(entries);
    if (!v) return std::nullopt;
    result.push_back(std::move(*v));
  }
  return result;
}

template <class V>
Truth Replay::related(Comparison c, const V& a, const V& b) const {
  using N = Number<V>;
  switch (c) {
    case Comparison::equal:
      return N::equal(a, b);
    case Comparison::not_equal:
      return !N::equal(a, b);
    case Comparison::less:
      return N::less(a, b);
    case Comparison::greater:
      return N::less(b, a);
    case Comparison::less_equal:
      return !N::less(b, a);
    case Comparison::greater_equal:
      return !N::less(a, b);
  }
  return Truth::unknown;
}

template <class V>
Truth Replay::member(const Set& set, std::span<const V> x) const {
  using N = Number<V>;
  const auto n = set.shape.rank() == 0 ? std::size_t{1} : static_cast<std::size_t>(set.shape[0]);
  Truth all = Truth::yes;
  switch (set.kind) {
    case Set::Kind::entries: {
      const RealSet& reals = set.entries;
      for (const V& e : x) {
        Truth any = Truth::no;
        for (const Expr& element : reals.elements) {
          const auto v = values<V>({element});
          any = any || (v ? N::equal(e, (*v)[0]) : Truth::unknown);
        }
        if (reals.is_finite()) {
          all = all && any;
          continue;
        }
        if (!reals.lo.empty()) {
          const auto v = values<V>({reals.lo});
          all = all &&
                (v ? related(reals.lo_closed ? Comparison::less_equal : Comparison::less, (*v)[0], e) : Truth::unknown);
        }
        if (!reals.hi.empty()) {
          const auto v = values<V>({reals.hi});
          all = all &&
                (v ? related(reals.hi_closed ? Comparison::less_equal : Comparison::less, e, (*v)[0]) : Truth::unknown);
        }
      }
      return all;
    }
    case Set::Kind::simplex: {
      V sum(0);
      for (const V& e : x) {
        all = all && N::less(V(0), e);
        sum = sum + e;
      }
      return all && N::equal(sum, V(1));
    }
    case Set::Kind::onehot: {
      V sum(0);
      for (const V& e : x) {
        all = all && (N::equal(e, V(0)) || N::equal(e, V(1)));
        sum = sum + e;
      }
      return all && N::equal(sum, V(1));
    }
    case Set::Kind::sym:
    case Set::Kind::spd: {
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) all = all && N::equal(x[i * n + j], x[j * n + i]);
      if (set.kind == Set::Kind::sym || all != Truth::yes) return all;
      // Leading principal minors by fraction-free elimination (Bareiss): all positive exactly when positive definite.
      std::vector<V> a(x.begin(), x.end());
      V before(1);
      for (std::size_t k = 0; k < n && all == Truth::yes; ++k) {
        all = all && N::less(V(0), a[k * n + k]);
        if (all != Truth::yes) break;
        for (std::size_t i = k + 1; i < n; ++i)
          for (std::size_t j = k + 1; j < n; ++j)
            a[i * n + j] = (a[i * n + j] * a[k * n + k] - a[i * n + k] * a[k * n + j]) / before;
        before = a[k * n + k];
      }
      return all;
    }
  }
  return Truth::unknown;
}

template <class V>
Truth Replay::truth_at(const Statement& s, const Numbers<V>& at) const {
  switch (s.kind) {
    case Statement::Kind::relation: {
      const auto sides = outputs<V>(s.sides, at);
      if (!sides) return Truth::unknown;
      Truth all = Truth::yes;
      for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
        const auto& a = (*sides)[k];
        const auto& b = (*sides)[k + 1];
        const bool any = s.comparisons[k] == Comparison::not_equal;
        Truth link = nabla::truth(!any);
        const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
        for (std::size_t i = 0; i < n; ++i) {
          const Truth t = related(s.comparisons[k], a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]);
          link = any ? (link || t) : (link && t);
        }
        all = all && link;
      }
      return all;
    }
    case Statement::Kind::negation:
      return !truth_at(s.children[0], at);
    case Statement::Kind::implication: {
      const Truth premise = truth_at(s.children[0], at);
      if (premise == Truth::no) return Truth::yes;
      const Truth conclusion = truth_at(s.children[1], at);
      return premise == Truth::unknown && conclusion == Truth::no ? Truth::unknown : conclusion;
    }
    case Statement::Kind::predicate: {
      if (s.predicate != "in") return Truth::unknown;
      const auto subject = outputs<V>({&s.subject, 1}, at);
      return subject ? member<V>(s.set, (*subject)[0]) : Truth::unknown;
    }
  }
  return Truth::unknown;
}

#define NABLA_REPLAY_VALUES(V)                                                                           \
  template std::optional<std::vector<V>> Replay::values<V>(const std::vector<Expr>&) const;              \
  template std::optional<Numbers<V>> Replay::all_values<V>(const Point&) const;                          \
  template Run<V> Replay::run_at<V>(std::span<const Ref>, const Numbers<V>&) const;                      \
  template std::optional<Numbers<V>> Replay::outputs<V>(std::span<const Expr>, const Numbers<V>&) const; \
  template Truth Replay::member<V>(const Set&, std::span<const V>) const;                                \
  template Truth Replay::truth_at<V>(const Statement&, const Numbers<V>&) const;                         \
  template Truth Replay::related<V>(Comparison, const V&, const V&) const;
NABLA_REPLAY_VALUES(Rational)
NABLA_REPLAY_VALUES(Enclosure)
NABLA_REPLAY_VALUES(Algebraic)
template std::optional<Numbers<Side>> Replay::outputs<Side>(std::span<const Expr>, const Numbers<Side>&) const;

}  // namespace nabla::replay
