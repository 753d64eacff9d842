#include <nabla/proofs/claim/mentions.hpp>
#include <nabla/proofs/recheck/witness/witness.hpp>

/// Statements about finite sets, and about constants alone, by their points.
namespace nabla::replay {

namespace {

constexpr std::size_t most_points = 100'000;

/// What one variable may be; nothing when that is not a short list.
std::optional<Point> values_of(const Set& set) {
  const auto n = static_cast<std::size_t>(set.shape.size());
  Point values;
  if (set.kind == Set::Kind::onehot) {
    for (std::size_t i = 0; i < n; ++i) {
      values.emplace_back(n, Expr(0));
      values.back()[i] = Expr(1);
    }
    return values;
  }
  if (set.kind != Set::Kind::entries || (!set.entries.is_finite() && n > 0)) return std::nullopt;
  values.emplace_back();
  for (std::size_t i = 0; i < n; ++i) {
    if (values.size() * set.entries.elements.size() > most_points) return std::nullopt;
    Point longer;
    for (const auto& start : values)
      for (const Expr& e : set.entries.elements) {
        longer.push_back(start);
        longer.back().push_back(e);
      }
    values = std::move(longer);
  }
  return values;
}

/// Whether nothing speaks of a number between 0 and 1, so that one of its values stands for all.
bool is_idle(const Problem& problem, const Statement& statement, const Given& g) {
  const RealSet& e = g.set.entries;
  if (g.set.kind != Set::Kind::entries || !g.set.shape.is_scalar() || e.is_finite() || e.lo.empty() || e.hi.empty() ||
      !e.lo.is(0) || !e.hi.is(1) || mentions(statement, {g.variable}))
    return false;
  for (const Statement& h : problem.hypotheses)
    if (mentions(h, {g.variable})) return false;
  return true;
}

}  // namespace

/// Of `defined`, negated or not: known where there is certainly no value.
Truth Replay::existence_at(const Statement& s) {
  if (s.kind == Statement::Kind::negation) return !existence_at(s.children[0]);
  const bool asks = s.kind == Statement::Kind::predicate && s.predicate == "defined";
  return asks && breaks(s) ? Truth::no : Truth::unknown;
}

ReplayedCertificate Replay::run_everywhere(const Statement& statement) {
  const auto answer = answers("exhaustive");
  const WorkspaceScope scope(problem_.workspace);
  std::vector<Point> values;
  std::size_t count = 1;
  for (const Given& g : problem_.givens) {
    auto list = values_of(g.set);
    if (!list && is_idle(problem_, statement, g)) list = Point{{ratio<Expr>(1, 3)}};
    if (!list || list->size() > most_points / count) return answer(Outcome::open, "the sets are not finite and small");
    if (list->empty()) return answer(Outcome::failed, "the set has no point");
    count *= list->size();
    values.push_back(std::move(*list));
  }
  std::size_t stated_points = 0;
  bool all_rational = true;
  for (std::size_t k = 0; k < count; ++k) {
    Point p;
    std::size_t rest = k;
    for (const Point& list : values) {
      p.push_back(list[rest % list.size()]);
      rest /= list.size();
    }
    const auto decided_here = [&](const Statement& s) {
      const Seen seen = decided([&]<class V>() {
        const auto at = all_values<V>(p);
        return at ? truth_at<V>(s, *at) : Truth::unknown;
      });
      all_rational = all_rational && seen.by == std::string_view("exact rationals");
      return seen.truth;
    };
    Truth in = Truth::yes;
    for (const Statement& h : problem_.hypotheses) in = in && decided_here(h);
    if (in == Truth::no) continue;
    if (in == Truth::yes) ++stated_points;
    at_ = p;
    const Truth existence = existence_at(statement);
    const Truth holds = existence == Truth::unknown ? decided_here(statement) : existence;
    if (holds == Truth::no && in == Truth::yes) return answer(Outcome::failed, "it fails at a point of the set");
    if (holds != Truth::yes) return answer(Outcome::open, "a point could not be decided");
  }
  if (stated_points == 0) return answer(Outcome::failed, "the set has no point");
  return answer(Outcome::confirmed,
                std::to_string(stated_points) + (all_rational ? " points, exact rationals" : " points, exactly"));
}

}  // namespace nabla::replay

namespace nabla {

ReplayedCertificate replay_exhaustive(const Problem& problem, const Statement& statement) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> none;
  const PairNames no_pairs;
  return replay::Replay(problem, none, no_pairs).run_everywhere(statement);
}

}  // namespace nabla
