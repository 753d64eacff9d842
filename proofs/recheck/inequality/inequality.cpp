#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>
#include <nabla/proofs/recheck/inequality/replay.hpp>

namespace nabla {

namespace {

using namespace rederive;

/// left <how> right, entry by entry; the first has `entries` pairs.
struct Claimed {
  Expr difference;  ///< of which is claimed:
  Comparison how;   ///< greater, greater_equal, or not_equal to 0
};

std::vector<Claimed> pairs(ScalarProblem& scalars, const Expr& left, Comparison how, const Expr& right) {
  const std::vector<Expr> a = scalars.entries(left), b = scalars.entries(right);
  const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
  if ((a.size() != n && a.size() != 1) || (b.size() != n && b.size() != 1))
    throw Unfounded("the sides have different shapes");
  const WorkspaceScope scope(scalars.region().workspace);
  std::vector<Claimed> list;
  for (std::size_t i = 0; i < n; ++i) {
    const Expr &l = a[a.size() == 1 ? 0 : i], &r = b[b.size() == 1 ? 0 : i];
    if (how == Comparison::equal) throw Unfounded("the certificate speaks of an equality");
    if (how == Comparison::less) list.push_back({r - l, Comparison::greater});
    if (how == Comparison::less_equal) list.push_back({r - l, Comparison::greater_equal});
    if (how == Comparison::greater || how == Comparison::greater_equal || how == Comparison::not_equal)
      list.push_back({l - r, how});
  }
  return list;
}

/// What a statement claims, all of it, or with `any` one of it. Premises go to the hypotheses.
std::vector<Claimed> claimed_by(ScalarProblem& scalars, const Statement& s, bool& any) {
  std::vector<Claimed> list;
  const auto add = [&](const std::vector<Claimed>& more) { list.insert(list.end(), more.begin(), more.end()); };
  switch (s.kind) {
    case Statement::Kind::relation:
      for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
        const auto more = pairs(scalars, s.sides[k], s.comparisons[k], s.sides[k + 1]);
        if (s.comparisons[k] == Comparison::not_equal) {
          if (s.comparisons.size() > 1) throw Unfounded("a chain with !=");
          any = more.size() != 1;
        }
        add(more);
      }
      return list;
    case Statement::Kind::negation: {
      const Statement& inner = s.children[0];
      if (inner.kind == Statement::Kind::negation) return claimed_by(scalars, inner.children[0], any);
      if (inner.kind != Statement::Kind::relation || inner.comparisons.size() != 1)
        throw Unfounded("the negation of something else than one relation");
      const Comparison how = negation_of(inner.comparisons[0]);
      const auto more = pairs(scalars, inner.sides[0], how, inner.sides[1]);
      if (more.size() != 1 && how != Comparison::not_equal) throw Unfounded("the negation of a relation of tensors");
      any = how == Comparison::not_equal && more.size() != 1;
      add(more);
      return list;
    }
    case Statement::Kind::implication:
      scalars.suppose(s.children[0]);
      return claimed_by(scalars, s.children[1], any);
    case Statement::Kind::predicate: {
      if (s.predicate != "in" || s.set.kind != Set::Kind::entries || s.set.entries.is_finite())
        throw Unfounded("the certificate speaks of no inequality");
      const RealSet& set = s.set.entries;
      const std::vector<Expr> x = scalars.entries(s.subject);
      const Expr lo = set.lo.empty() ? Expr() : scalars.entries(set.lo).at(0);
      const Expr hi = set.hi.empty() ? Expr() : scalars.entries(set.hi).at(0);
      const WorkspaceScope scope(scalars.region().workspace);
      for (const Expr& e : x) {
        if (!lo.empty()) list.push_back({e - lo, set.lo_closed ? Comparison::greater_equal : Comparison::greater});
        if (!hi.empty()) list.push_back({hi - e, set.hi_closed ? Comparison::greater_equal : Comparison::greater});
      }
      return list;
    }
  }
  return list;
}

bool holds(InequalityReplay& replay, const Problem& region, const Claimed& claimed, const Json& proof) {
  const WorkspaceScope scope(region.workspace);
  const Expr& g = claimed.difference;
  if (claimed.how != Comparison::not_equal) return replay.holds(region, g, claimed.how == Comparison::greater, proof);
  const auto sign = proof.at("sign").get<std::string>();
  if (proof.at("rule") != "nonzero") return false;
  const Expr h = sign == "up" ? g : sign == "down" ? -g : powi(g, 2);
  return replay.holds(region, h, true, proof.at("proof"));
}

Replay replay_all(const Problem& region, const std::vector<Claimed>& list, bool any, std::string_view data) {
  const Json proofs = Json::parse(data).at("goals");
  InequalityReplay replay;
  for (std::size_t i = 0; i < list.size() && i < proofs.size(); ++i) {
    if (any && proofs[i].is_null()) continue;
    if (!holds(replay, region, list[i], proofs[i]))
      return {Replay::Answer::no, "entry " + std::to_string(i + 1) + ": " + replay.where()};
    if (any) return {Replay::Answer::yes, ""};
  }
  if (any) return {Replay::Answer::no, "no entry is shown to differ"};
  if (proofs.size() != list.size()) return {Replay::Answer::no, "the certificate does not speak of every entry"};
  return {Replay::Answer::yes, ""};
}

template <class Work>
Replay guarded(Work&& work) {
  try {
    return work();
  } catch (const Exhausted& e) {
    return {Replay::Answer::budget, e.what()};
  } catch (const Unfounded& e) {
    return {Replay::Answer::no, e.what()};
  } catch (const nlohmann::json::exception& e) {
    return {Replay::Answer::no, std::string("the certificate cannot be read: ") + e.what()};
  } catch (const std::out_of_range&) {
    return {Replay::Answer::no, "the certificate names something that does not exist"};
  } catch (const std::length_error& e) {
    return {Replay::Answer::budget, e.what()};
  } catch (const std::invalid_argument& e) {
    return {Replay::Answer::no, e.what()};
  } catch (const NotHandled& e) {
    return {Replay::Answer::no, e.what()};
  }
}

}  // namespace

Replay recheck_inequality(const Problem& problem, const Statement& statement, std::string_view data) {
  return guarded([&] {
    ScalarProblem scalars(problem);
    bool any = false;
    const std::vector<Claimed> list = claimed_by(scalars, statement, any);
    return replay_all(scalars.region(), list, any, data);
  });
}

Replay recheck_sign(const Problem& problem, const Expr& g, std::string_view goal, std::string_view data) {
  return guarded([&] {
    ScalarProblem scalars(problem);
    std::vector<Claimed> list;
    const std::vector<Expr> entries = scalars.entries(g);
    const WorkspaceScope scope(scalars.region().workspace);
    for (const Expr& e : entries) {
      if (goal == "nonnegative") list.push_back({e, Comparison::greater_equal});
      if (goal == "positive") list.push_back({e, Comparison::greater});
      if (goal == "nonpositive") list.push_back({-e, Comparison::greater_equal});
      if (goal == "negative") list.push_back({-e, Comparison::greater});
      if (goal == "nonzero") list.push_back({e, Comparison::not_equal});
    }
    if (list.size() != entries.size()) throw Unfounded("no such goal");
    return replay_all(scalars.region(), list, false, data);
  });
}

}  // namespace nabla
