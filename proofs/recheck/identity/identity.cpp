#include <nabla/ops/exponential.hpp>
#include <nabla/ops/norm.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>
#include <nabla/proofs/recheck/identity/walk.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using namespace rederive;

constexpr std::int64_t most_identity_steps = 15'000'000;
constexpr std::size_t most_identity_cases = 1'000;
constexpr std::size_t deepest_identity_case = 20;

void collect(Entries& entries, const Statement& s, std::vector<Fact>& facts) {
  if (s.kind != Statement::Kind::relation)
    throw NotHandled("the certificate names a hypothesis that is not a relation");
  for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
    const std::vector<Expr> a = entries.of(s.sides[k]);
    const std::vector<Expr> b = entries.of(s.sides[k + 1]);
    const std::size_t n = a.size() == 1 ? b.size() : a.size();
    if ((b.size() != n && b.size() != 1) || (s.comparisons[k] == Comparison::not_equal && n != 1)) continue;
    const WorkspaceScope scope(entries.workspace());
    for (std::size_t i = 0; i < n; ++i) {
      Fact fact{a[a.size() == 1 ? 0 : i] - b[b.size() == 1 ? 0 : i]};
      switch (s.comparisons[k]) {
        case Comparison::equal:
          fact.signs = rederive::zero;
          break;
        case Comparison::not_equal:
          fact.signs = rederive::nonzero;
          break;
        case Comparison::less:
          fact.signs = rederive::negative;
          break;
        case Comparison::less_equal:
          fact.signs = rederive::nonpositive;
          break;
        case Comparison::greater:
          fact.signs = rederive::positive;
          break;
        case Comparison::greater_equal:
          fact.signs = rederive::nonnegative;
          break;
      }
      facts.push_back(std::move(fact));
    }
    // A norm that is at most 0 is the norm of zeros.
    for (const bool turned : {false, true}) {
      const Comparison c = s.comparisons[k];
      const Expr& length = s.sides[turned ? k + 1 : k];
      const bool above = c == Comparison::equal || c == (turned ? Comparison::greater_equal : Comparison::less_equal);
      if (!above || !s.sides[turned ? k : k + 1].is(0) || !length.ref().is_node()) continue;
      const NodeId id = length.ref().id();
      if (!length.graph().is(id, opcode<Norm>)) continue;
      for (const Expr& e : entries.of(Expr(length.workspace(), length.graph().operands(id)[0])))
        facts.push_back({e, rederive::zero});
    }
  }
}

std::vector<Fact> stated_facts(const Problem& problem, Entries& entries, const nlohmann::json& data) {
  std::vector<Fact> facts;
  for (const auto& index : data.at("sets")) {
    const Given& given = problem.givens.at(index.get<std::size_t>());
    if (given.set.kind != Set::Kind::simplex && given.set.kind != Set::Kind::onehot)
      throw NotHandled("the certificate takes entries to sum to 1 that need not");
    const std::vector<Expr> x = entries.of(given.variable);
    const WorkspaceScope scope(entries.workspace());
    Expr total(0);
    for (const Expr& e : x) total = total + e;
    facts.push_back({total - 1, rederive::zero});
  }
  for (const auto& index : data.at("hypotheses"))
    collect(entries, problem.hypotheses.at(index.get<std::size_t>()), facts);
  return facts;
}

/// Whether a^n is b^n, e^a is e^b or log a is log b, for numbers that are then equal.
bool equal_by_image(Walk& walk, Algebra& algebra, const std::shared_ptr<Workspace>& workspace, const Expr& left,
                    const Expr& right, const Quotient& a, const Quotient& b) {
  const auto is_null = [&](const Quotient& q) {
    const Quotient reduced = algebra.reduce(q);
    return algebra.is_zero(reduced) || algebra.signs(reduced) == rederive::zero;
  };
  const Signs x = algebra.signs(a), y = algebra.signs(b);
  const auto both = [&](Signs s) { return within(x, s) && within(y, s); };
  const bool no_opposites = both(rederive::nonnegative) || both(rederive::nonpositive) ||
                            within(algebra.signs(algebra.reduce(algebra.add(a, b))), rederive::nonzero);
  constexpr std::int64_t highest = 5;
  for (std::int64_t n = no_opposites ? 2 : 3; n <= highest; n += no_opposites ? 1 : 2)
    if (is_null(algebra.add(algebra.integer_power(a, n), algebra.integer_power(b, n), -1))) return true;
  const WorkspaceScope scope(workspace);
  const auto same_image = [&](const Expr& u, const Expr& v) {
    const auto s = walk.outcome(u), t = walk.outcome(v);
    return s.quotient && t.quotient && is_null(algebra.add(*s.quotient, *t.quotient, -1));
  };
  if (same_image(nabla::exp(left), nabla::exp(right))) return true;
  return both(rederive::positive) && same_image(nabla::log(left), nabla::log(right));
}

/// Whether the two are equal in one case.
bool equal_in(Walk& walk, Algebra& algebra, const std::shared_ptr<Workspace>& workspace, const std::vector<Fact>& facts,
              bool has_cases, const Expr& left, const Expr& right) {
  constexpr int most_attempts = 24;
  int tries_left = 3;  // sums met in one try may divide others in the next
  for (int attempt = 0; attempt < most_attempts && tries_left > 0; ++attempt) {
    try {
      walk.begin(facts);
      const auto l = walk.outcome(left), r = walk.outcome(right);
      if (!l.quotient || !r.quotient) return has_cases;  // such a case is outside of where both sides have values
      if (algebra.equal(*l.quotient, *r.quotient)) return true;
      // What a hypothesis says to be 0 need not be solvable for an entry.
      if (algebra.signs(algebra.reduce(algebra.add(*l.quotient, *r.quotient, -1))) == rederive::zero) return true;
      if (tries_left == 1 && !facts.empty() &&
          equal_by_image(walk, algebra, workspace, left, right, *l.quotient, *r.quotient))
        return true;
      --tries_left;
    } catch (const Again&) {
    }
  }
  return false;
}

Replay replay_equation(const Problem& problem, const Expr& left, const Expr& right, const nlohmann::json& data) {
  if (left.shape() != right.shape()) return {Replay::Answer::no, "the sides have different shapes"};
  Entries entries(problem);
  const std::vector<Expr> l = entries.of(left), r = entries.of(right);
  const std::vector<Fact> stated = stated_facts(problem, entries, data);
  for (std::size_t i = 0; i < l.size(); ++i) {
    if (same(l[i], r[i])) continue;
    Algebra algebra(most_identity_steps);
    Walk walk(problem, entries, algebra);
    std::vector<std::vector<Fact>> cases{stated};
    std::size_t count = 0;
    while (!cases.empty()) {
      const std::vector<Fact> facts = std::move(cases.back());
      cases.pop_back();
      if (++count > most_identity_cases || facts.size() > stated.size() + deepest_identity_case)
        return {Replay::Answer::budget, "too many cases of signs"};
      try {
        if (!equal_in(walk, algebra, entries.workspace(), facts, facts.size() > stated.size(), l[i], r[i]))
          return {Replay::Answer::no, "entry " + std::to_string(i + 1) + " of the two sides was not found equal"};
      } catch (const Fork& fork) {
        for (const Signs s : {fork.first, fork.second}) {
          cases.push_back(facts);
          cases.back().push_back({fork.expression, s});
        }
      } catch (const Impossible&) {
        if (facts.size() == stated.size()) return {Replay::Answer::no, "the hypotheses contradict each other"};
      }
    }
  }
  return {Replay::Answer::yes, ""};
}

}  // namespace

Replay recheck_identity(const Problem& problem, const Expr& left, const Expr& right, std::string_view data) {
  try {
    return replay_equation(problem, left, right, nlohmann::json::parse(data));
  } catch (const Exhausted& e) {
    return {Replay::Answer::budget, e.what()};
  } catch (const nlohmann::json::exception& e) {
    return {Replay::Answer::no, std::string("the certificate cannot be read: ") + e.what()};
  } catch (const std::out_of_range&) {
    return {Replay::Answer::no, "the certificate names a hypothesis or a given that does not exist"};
  } catch (const std::length_error& e) {
    return {Replay::Answer::budget, e.what()};
  } catch (const NotHandled& e) {
    return {Replay::Answer::no, e.what()};
  }
}

}  // namespace nabla
