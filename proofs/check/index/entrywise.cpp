// Inequalities of entries at one place, shown for numbers in their place: sum(tanh(x)^2) <= sum(x^2).
#include <algorithm>
#include <nabla/engine/record/build.hpp>
#include <nabla/proofs/check/index/term_maker.hpp>
#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nlohmann/json.hpp>

namespace nabla::index_form {

namespace {

constexpr std::size_t most_numbers = 4;
constexpr std::int64_t steps_of_numbers = 200'000;

/// A form as an expression of numbers: entries and dimensions become variables of a problem.
class Numbers {
 public:
  explicit Numbers(const Algebra& algebra) : algebra_(algebra) { problem.workspace = std::make_shared<Workspace>(); }

  Problem problem;
  std::vector<Poly> of;  ///< what each variable stands for

  Expr expression(const Poly& p, int depth = 0) {
    if (depth > 12) throw NotHandled("a form as deep as this");
    const WorkspaceScope scope(problem.workspace);
    Expr sum(0);
    for (const auto& [m, c] : p.terms) {
      Expr product(to_constant(c));
      for (const auto& [id, e] : m) product = product * powi(atom(id, depth), e);
      sum = sum + product;
    }
    return sum;
  }

 private:
  Expr atom(AtomId id, int depth) {
    const Atom& a = algebra_.atom(id);
    const auto operand = [&] { return expression(a.operands[0], depth + 1); };
    switch (a.kind) {
      case AtomKind::entry:
      case AtomKind::symbol:
        return number(id);
      case AtomKind::exponential:
        return exp(operand());
      case AtomKind::inverse:
        return powi(operand(), -1);
      case AtomKind::positive:
        return where(lt(Expr(0), operand()), Expr(1), Expr(0));
      case AtomKind::function: {
        if (!a.attributes.empty() || a.operands.size() != 1) break;
        const Ref x[] = {in_workspace(operand())};
        return {problem.workspace, build(*problem.workspace, static_cast<Opcode>(a.code), x, {})};
      }
      default:
        break;
    }
    throw NotHandled("what is no function of entries");
  }

  Ref in_workspace(const Expr& e) const {
    return e.constant() != nullptr ? problem.workspace->graph().constant(*e.constant()) : e.ref();
  }

  Expr number(AtomId id) {
    const Poly p = algebra_.of_monomial({{id, 1}});
    const auto met = std::ranges::find(of, p);
    if (met != of.end()) return problem.givens[static_cast<std::size_t>(met - of.begin())].variable;
    if (of.size() >= most_numbers) throw NotHandled("as many entries as these");
    Given g;
    g.name = "v" + std::to_string(of.size() + 1);
    g.variable = variable(g.name);
    RealSet& set = g.set.entries;
    const Atom& a = algebra_.atom(id);
    if (a.kind == AtomKind::entry) {
      const Bounds& b = algebra_.arrays[static_cast<std::size_t>(a.code)].bounds;
      if (b.lo) set.lo = Expr(to_constant(*b.lo));
      if (b.hi) set.hi = Expr(to_constant(*b.hi));
      set.lo_closed = b.lo && !b.lo_strict;
      set.hi_closed = b.hi && !b.hi_strict;
    } else if (const auto least = algebra_.symbols.lower_bound(a.subscripts[0])) {
      set.lo = Expr(*least);
      set.lo_closed = true;
    }
    of.push_back(p);
    problem.givens.push_back(g);
    return g.variable;
  }

  const Algebra& algebra_;
};

}  // namespace

/// The whole, or what stands under its one sum.
bool TermMaker::by_entries(const Poly& p, bool is_strict, SumOfTerms& sum) {
  std::vector<Gathered> sums;
  gather_sums(p, sums);
  std::vector<Binder> over;
  Poly body = p;
  if (sums.size() == 1) {
    over = {sums[0].over};
    Poly rest = Algebra::sub(p, algebra_.sum(sums[0].over, sums[0].body));
    // A multiple of the number of terms stands under the sum as well.
    if (!rest.is_zero()) {
      const Poly count = algebra_.affine(sums[0].over.hi - sums[0].over.lo + Affine::of(1));
      if (!is_positive(count)) return false;
      rest = algebra_.mul(rest, algebra_.inverse(count));
    }
    body = Algebra::add(sums[0].body, rest);
  } else if (!sums.empty()) {
    return false;
  }
  for (const Binder& b : over)
    if (is_strict && !algebra_.symbols.is_nonnegative(b.hi - b.lo)) return false;
  // Quotients that are multiplied out under a sum have no one form for the re-checker.
  const auto has_quotient = [&](const auto& term) {
    return std::ranges::any_of(term.first,
                               [&](const auto& f) { return algebra_.atom(f.first).kind == AtomKind::inverse; });
  };
  if (!over.empty() && std::ranges::any_of(body.terms, has_quotient)) return false;
  if (!is_defined(body)) return false;
  Numbers numbers(algebra_);
  const Expr g = numbers.expression(body);
  if (numbers.of.empty() || !g.ref().is_node()) return false;
  std::int64_t steps = steps_of_numbers;
  const Finding f =
      prove_sign(numbers.problem, g, is_strict ? SignGoal::positive : SignGoal::nonnegative, budget_, steps);
  if (f.verdict != Verdict::proved || f.certificates.size() != 1 || f.certificates[0].kind != "inequality")
    return false;
  sum = {};
  sum.goal = "entries";
  sum.over = over;
  sum.of = body;
  sum.numbers = numbers.of;
  sum.proof = f.certificates[0].data;
  return true;
}

}  // namespace nabla::index_form
