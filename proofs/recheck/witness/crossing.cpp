#include <algorithm>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/witness/witness.hpp>

/// A failure at a zero between two points: two quantities that are continuous there, in MPFR's intervals, and the
/// difference of which has opposite signs at the ends, are equal somewhere between. Which quantities these are is found
/// out anew; there one stands for the other, and the rest of the statement is enclosed over all that is between.
namespace nabla::replay {

namespace {

constexpr mpfr_prec_t crossing_bits = 256;
constexpr std::size_t most_quantities = 400;

/// Two scalars of the workspace of a problem.
struct Pair {
  Expr a, b;
};

void add_compared(const Statement& s, std::vector<Pair>& pairs, std::vector<Ref>& refs) {
  for (const Expr& e : s.sides) refs.push_back(e.ref());
  if (!s.subject.empty()) refs.push_back(s.subject.ref());
  for (std::size_t k = 0; k + 1 < s.sides.size(); ++k) {
    const Expr &a = s.sides[k], &b = s.sides[k + 1];
    if (!a.shape().is_scalar() || !b.shape().is_scalar()) continue;
    if (a.ref().is_node()) pairs.push_back({a, b});
    if (b.ref().is_node()) pairs.push_back({b, a});
  }
  for (const Statement& child : s.children) add_compared(child, pairs, refs);
}

/// Whether every operator that a quantity is made of is continuous wherever it is defined.
bool is_made_continuously(const Problem& problem, const Expr& e) {
  if (!e.ref().is_node()) return true;
  const Graph& graph = problem.workspace->graph();
  const Ref of[] = {e.ref()};
  const std::vector<bool> read = reachable(graph, of);
  for (NodeId id = 0; id < read.size(); ++id)
    if (read[id] && (graph.is(id, opcode<Where>) || graph.code(id) >= builtin_count ||
                     graph.info(id).facts.regularity == Regularity::discontinuous))
      return false;
  return true;
}

/// A statement where a is b.
Statement where_met(Statement s, const Replacements& met) {
  for (Expr& e : s.sides)
    if (e.ref().is_node()) e = substitute(e, met);
  if (!s.subject.empty() && s.subject.ref().is_node()) s.subject = substitute(s.subject, met);
  for (std::size_t k = 0; k < s.comparisons.size() && s.comparisons.size() == 1; ++k)
    if (same(s.sides[0], s.sides[1]) && s.sides[0].shape().is_scalar()) s.sides = {Expr(0), Expr(0)};
  for (Statement& child : s.children) child = where_met(std::move(child), met);
  return s;
}

/// What follows of a being b, for the operators that compare them.
Replacements known(const Problem& problem, std::span<const Ref> refs, const Pair& pair) {
  const Graph& graph = problem.workspace->graph();
  const std::vector<bool> read = reachable(graph, refs);
  Replacements met{{pair.a, pair.b}};
  for (NodeId id = 0; id < read.size(); ++id) {
    if (!read[id]) continue;
    const auto x = graph.operands(id);
    if (x.size() != 2) continue;
    const bool both = (x[0] == pair.a.ref() && x[1] == pair.b.ref()) || (x[0] == pair.b.ref() && x[1] == pair.a.ref());
    if (!both) continue;
    const Expr node(problem.workspace, Ref::node(id));
    if (graph.is(id, opcode<Equal>) || graph.is(id, opcode<LessEqual>)) met.emplace_back(node, Expr(1));
    if (graph.is(id, opcode<Less>) || graph.is(id, opcode<Sub>)) met.emplace_back(node, Expr(0));
  }
  return met;
}

}  // namespace

ReplayedCertificate Replay::run_between(const Statement& statement, const Texts& from_texts, const Texts& to_texts) {
  const auto answer = answers("crossing");
  const WorkspaceScope workspace(problem_.workspace);
  const rederive::EnclosureBits precision(crossing_bits);
  const auto from = read_point(problem_, from_texts), to = read_point(problem_, to_texts);
  if (!from || !to) return answer(Outcome::failed, "the ends are no points");
  const auto a = all_values<Rational>(*from), b = all_values<Rational>(*to);
  if (!a || !b) return answer(Outcome::failed, "the ends are not rational");
  const auto lo = all_values<Enclosure>(*from), hi = all_values<Enclosure>(*to);
  if (!lo || !hi) return answer(Outcome::failed, "the ends are no numbers");
  std::optional<std::pair<std::size_t, std::size_t>> moving;
  Numbers<Enclosure> box = *lo;
  for (std::size_t g = 0; g < a->size(); ++g) {
    for (std::size_t i = 0; i < (*a)[g].size(); ++i) {
      if ((*a)[g][i] == (*b)[g][i]) continue;
      if (moving || !((*a)[g][i] < (*b)[g][i]))
        return answer(Outcome::failed, "the ends differ in more than one entry");
      moving = {g, i};
      box[g][i] = Enclosure::between((*lo)[g][i].lo, (*hi)[g][i].hi);
    }
    // A set of reals without gaps holds all that is between two of its numbers.
    const Set& set = problem_.givens[g].set;
    if (member<Rational>(set, (*a)[g]) != Truth::yes || member<Rational>(set, (*b)[g]) != Truth::yes)
      if (member<Enclosure>(set, (*lo)[g]) != Truth::yes || member<Enclosure>(set, (*hi)[g]) != Truth::yes)
        return answer(Outcome::open, "the ends are not certainly in the sets");
  }
  if (!moving) return answer(Outcome::failed, "the ends are the same");
  const Set& along = problem_.givens[moving->first].set;
  if (along.kind != Set::Kind::entries || along.entries.is_finite())
    return answer(Outcome::failed, "nothing lies between the ends");

  std::vector<Pair> pairs;
  std::vector<Ref> refs;
  for (const Statement& h : problem_.hypotheses) add_compared(h, pairs, refs);
  add_compared(statement, pairs, refs);
  {
    const Graph& graph = problem_.workspace->graph();
    const std::vector<bool> read = reachable(graph, refs);
    for (NodeId id = 0; id < read.size() && pairs.size() < most_quantities; ++id) {
      if (!read[id]) continue;
      const auto x = graph.operands(id);
      const bool compares = graph.is(id, opcode<Less>) || graph.is(id, opcode<LessEqual>) ||
                            graph.is(id, opcode<Equal>) || graph.is(id, opcode<Max>) || graph.is(id, opcode<Min>);
      if (compares)
        for (const auto& [k, l] : {std::pair{0, 1}, std::pair{1, 0}})
          if (x[static_cast<std::size_t>(k)].is_node() && graph.shape(x[0]).is_scalar() &&
              graph.shape(x[1]).is_scalar())
            pairs.push_back({Expr(problem_.workspace, x[static_cast<std::size_t>(k)]),
                             Expr(problem_.workspace, x[static_cast<std::size_t>(l)])});
      if (graph.shape(id).is_scalar() && !graph.is(id, opcode<Variable>))
        pairs.push_back({Expr(problem_.workspace, Ref::node(id)), Expr(0)});
    }
  }
  const auto sign_at = [&](const Pair& pair, const Numbers<Enclosure>& at) {
    const Expr both[] = {pair.a, pair.b};
    const auto values = outputs<Enclosure>(both, at);
    if (!values || !(*values)[0][0].total || !(*values)[1][0].total) return 0;
    const Enclosure d = (*values)[0][0] - (*values)[1][0];
    return d.positive() ? 1 : d.negative() ? -1 : 0;
  };
  for (const Pair& pair : pairs) {
    if (sign_at(pair, *lo) * sign_at(pair, *hi) >= 0) continue;
    const Expr both[] = {pair.a, pair.b};
    const auto values = outputs<Enclosure>(both, box);
    if (!values || !is_made_continuously(problem_, pair.a) || !is_made_continuously(problem_, pair.b)) continue;
    if (std::ranges::any_of(*values, [](const auto& v) { return !v[0].total || !v[0].is_finite(); })) continue;
    if (depends_on(pair.b, pair.a)) continue;
    const Replacements met = known(problem_, refs, pair);
    const bool stated = std::ranges::all_of(problem_.hypotheses, [&](const Statement& h) {
      return truth_at<Enclosure>(where_met(h, met), box) == Truth::yes;
    });
    if (!stated) continue;
    const Statement there = where_met(statement, met);
    if (truth_at<Enclosure>(there, box) == Truth::no)
      return answer(Outcome::confirmed, "a zero between two points, in intervals");
    const Statement* predicate = &statement;
    bool premises_hold = true;
    while (predicate->kind == Statement::Kind::implication && predicate->children.size() == 2) {
      premises_hold = premises_hold && truth_at<Enclosure>(where_met(predicate->children[0], met), box) == Truth::yes;
      predicate = &predicate->children[1];
    }
    if (!premises_hold || !is_about_existence(*predicate)) continue;
    const auto constant = pair.b.constant();
    if (constant == nullptr) continue;
    // What vanishes there becomes a variable that follows it.
    const Expr follower = variable("the quantity that meets a constant");
    const Replacements by{{pair.a, follower}};
    Statement following = *predicate;
    if (following.subject.ref().is_node()) following.subject = substitute(following.subject, by);
    Problem wider = problem_;
    wider.givens.push_back({"", follower, Set(), {}});
    Numbers<Enclosure> at = box;
    at.push_back({Number<Enclosure>::of(*constant)});
    Replay there_too(wider, texts_, pairs_);
    if (there_too.breaks_between(following, at, pair.a, Number<Algebraic>::of(*constant), moving->first,
                                 moving->second))
      return answer(Outcome::confirmed, "what both sides of a zero between two points do, in intervals");
  }
  return answer(Outcome::open, "no zero between the two points refutes it");
}

}  // namespace nabla::replay

namespace nabla {

ReplayedCertificate replay_crossing(const Problem& problem, const Statement& statement, const WitnessTexts& from,
                                    const WitnessTexts& to) {
  const PairNames no_pairs;
  return replay::Replay(problem, from, no_pairs).run_between(statement, from, to);
}

}  // namespace nabla
