#include <nabla/proofs/recheck/identity/walk.hpp>
#include <nabla/proofs/recheck/inequality/boxes.hpp>
#include <nabla/proofs/recheck/inequality/signs.hpp>

namespace nabla::rederive {

Signs signs_of(Comparison how) {
  switch (how) {
    case Comparison::equal:
      return rederive::zero;
    case Comparison::not_equal:
      return rederive::nonzero;
    case Comparison::less:
      return rederive::negative;
    case Comparison::less_equal:
      return rederive::nonpositive;
    case Comparison::greater:
      return rederive::positive;
    case Comparison::greater_equal:
      return rederive::nonnegative;
  }
  return any;
}

namespace {

constexpr std::int64_t most_steps = 4'000'000;

std::vector<Fact> facts_of(const Problem& region, Entries& entries) {
  std::vector<Fact> facts;
  for (const Statement& h : region.hypotheses) {
    const Expr l = entries.of(h.sides[0]).at(0), r = entries.of(h.sides[1]).at(0);
    const WorkspaceScope scope(entries.workspace());
    facts.push_back({l - r, signs_of(h.comparisons[0])});
  }
  return facts;
}

}  // namespace

Signs signs_by_algebra(const Problem& region, const Expr& e) {
  constexpr int attempts = 8;
  Entries entries(region);
  Algebra algebra(most_steps);
  Walk walk(region, entries, algebra);
  const std::vector<Fact> facts = facts_of(region, entries);
  const Expr scalar = entries.of(e).at(0);
  for (int n = 0; n < attempts; ++n) {
    try {
      walk.begin(facts);
      const auto o = walk.outcome(scalar);
      return o.quotient ? algebra.signs(*o.quotient) : any;
    } catch (const Again&) {
    } catch (const Fork&) {
      return any;
    } catch (const Impossible&) {
      return any;
    }
  }
  return any;
}

Signs signs_seen(const Problem& region, const Expr& e) {
  Evaluation evaluation(region, {&e, 1});
  evaluation.run(part_of(region));
  const Enclosure& x = evaluation.output(0);
  Signs s = any;
  if (x.nonnegative()) s &= nonnegative;
  if (x.nonpositive()) s &= nonpositive;
  if (x.nonzero()) s &= nonzero;
  return s;
}

bool hypotheses_contradict(const Problem& region) {
  Entries entries(region);
  Algebra algebra(most_steps);
  Walk walk(region, entries, algebra);
  const std::vector<Fact> facts = facts_of(region, entries);
  for (int n = 0; n < 8; ++n) {
    try {
      walk.begin(facts);
      return false;
    } catch (const Again&) {
    } catch (const Fork&) {
      return false;
    } catch (const Impossible&) {
      return true;
    }
  }
  return false;
}

}  // namespace nabla::rederive
