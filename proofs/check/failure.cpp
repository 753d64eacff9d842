#include <nabla/proofs/check/failure.hpp>

namespace nabla {

namespace {

/// left - right where both are of this workspace or constants.
Expr gap(const Expr& left, const Expr& right) { return left - right; }

void require(Failure& f, const Statement& s);

/// Asks for the failure of s.
void refuse(Failure& f, const Statement& s) {
  switch (s.kind) {
    case Statement::Kind::relation: {
      if (s.comparisons.size() != 1) {
        f.complete = false;
        return;
      }
      const Expr d = gap(s.sides[0], s.sides[1]);
      switch (s.comparisons[0]) {
        case Comparison::equal:
          f.excess = {d, gap(s.sides[1], s.sides[0])};
          return;
        case Comparison::not_equal:
          f.zero.push_back(d);
          return;
        case Comparison::less:
        case Comparison::less_equal:
          f.excess = {d};
          break;
        case Comparison::greater:
        case Comparison::greater_equal:
          f.excess = {gap(s.sides[1], s.sides[0])};
          break;
      }
      f.strict = s.comparisons[0] == Comparison::less_equal || s.comparisons[0] == Comparison::greater_equal;
      return;
    }
    case Statement::Kind::negation:
      require(f, s.children[0]);
      return;
    case Statement::Kind::implication:
      if (s.children.size() != 2) break;
      require(f, s.children[0]);
      refuse(f, s.children[1]);
      return;
    case Statement::Kind::predicate:
      if (s.predicate == "in" && s.set.kind == Set::Kind::entries && !s.set.entries.is_finite()) {
        if (!s.set.entries.lo.empty()) f.excess.push_back(s.set.entries.lo - s.subject);
        if (!s.set.entries.hi.empty()) f.excess.push_back(s.subject - s.set.entries.hi);
        f.strict = s.set.entries.lo_closed && s.set.entries.hi_closed;
        return;
      }
      break;
  }
  f.complete = false;
}

void require(Failure& f, const Statement& s) {
  switch (s.kind) {
    case Statement::Kind::relation:
      for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
        const Expr d = gap(s.sides[k + 1], s.sides[k]);
        switch (s.comparisons[k]) {
          case Comparison::equal:
            f.zero.push_back(d);
            break;
          case Comparison::not_equal:
            f.complete = false;
            break;
          case Comparison::less:
          case Comparison::less_equal:
            f.nonnegative.push_back(d);
            break;
          case Comparison::greater:
          case Comparison::greater_equal:
            f.nonnegative.push_back(gap(s.sides[k], s.sides[k + 1]));
            break;
        }
      }
      return;
    case Statement::Kind::negation:
      if (s.children[0].kind == Statement::Kind::relation && s.children[0].comparisons.size() == 1 &&
          s.children[0].comparisons[0] != Comparison::equal) {
        Failure inner;
        refuse(inner, s.children[0]);
        // Some entry: of several, which one is not for here to say.
        if (inner.excess.size() == 1 && inner.excess[0].shape().size() == 1)
          f.nonnegative.push_back(inner.excess[0]);
        else
          f.complete = false;
        f.zero.insert(f.zero.end(), inner.zero.begin(), inner.zero.end());
        return;
      }
      break;
    case Statement::Kind::predicate:
      if (s.predicate == "in" && s.set.kind == Set::Kind::entries && !s.set.entries.is_finite()) {
        if (!s.set.entries.lo.empty()) f.nonnegative.push_back(s.subject - s.set.entries.lo);
        if (!s.set.entries.hi.empty()) f.nonnegative.push_back(s.set.entries.hi - s.subject);
        return;
      }
      break;
    case Statement::Kind::implication:
      break;
  }
  f.complete = false;
}

}  // namespace

Failure hypotheses_of(const Problem& problem) {
  const WorkspaceScope scope(problem.workspace);
  Failure f;
  for (const Statement& h : problem.hypotheses) require(f, h);
  return f;
}

Failure failure_of(const Problem& problem, const Statement& statement) {
  const WorkspaceScope scope(problem.workspace);
  Failure f = hypotheses_of(problem);
  refuse(f, statement);
  return f;
}

}  // namespace nabla
