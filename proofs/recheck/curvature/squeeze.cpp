#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/constants.hpp>
#include <nabla/proofs/recheck/curvature/squeeze.hpp>

namespace nabla::bending {

namespace {

constexpr int most_choices = 200;

}  // namespace

Expr chosen_at(const Expr& e, const Expr& t, const Expr& at) {
  Expr h = e.ref().is_node() ? substitute(e, {{t, at}}) : e;
  for (int step = 0; step < most_choices; ++step) {
    if (!h.ref().is_node()) return h;
    const Ref target[] = {h.ref()};
    const std::vector<bool> read = reachable(h.graph(), target);
    bool changed = false;
    for (NodeId id = 0; id < read.size() && !changed; ++id) {
      if (!read[id] || !h.graph().is(id, opcode<Where>)) continue;
      const auto x = h.graph().operands(id);
      const auto condition = rederive::constant_value<Rational>(Expr(h.workspace(), x[0]));
      if (!condition) continue;
      const Expr taken(h.workspace(), x[condition->is_zero() ? 2 : 1]);
      h = substitute(h, {{Expr(h.workspace(), Ref::node(id)), taken}});
      changed = true;
    }
    if (!changed) return h;
  }
  return h;
}

bool replay_squeeze(const Problem& problem, const Expr& h, const Expr& t, const Limit& limit, std::int64_t least,
                    const Json& evidence) {
  const WorkspaceScope scope(problem.workspace);
  const auto halves = evidence.at("halves").get<std::int64_t>();
  const auto times = parse_rational(evidence.at("times").get<std::string>());
  const auto width = parse_rational(evidence.at("width").get<std::string>());
  if (halves <= least || halves <= 0 || halves > 64 || !times || *times <= 0 || !width || *width <= 0) return false;
  const Rational end = limit.from_above ? limit.at + *width : limit.at - *width;
  if (limit.other && (limit.from_above ? end > *limit.other : end < *limit.other)) return false;
  Problem near = problem;
  bool found = false;
  for (Given& g : near.givens) {
    if (!same(g.variable, t)) continue;
    found = true;
    g.set.entries.lo = Expr(to_constant(limit.from_above ? limit.at : end));
    g.set.entries.hi = Expr(to_constant(limit.from_above ? end : limit.at));
    g.set.entries.lo_closed = g.set.entries.hi_closed = false;
  }
  if (!found) return false;
  const Expr at(to_constant(limit.at)), s = limit.from_above ? t - at : at - t;
  Expr power = halves % 2 == 0 ? Expr(1) : sqrt(s);
  for (std::int64_t k = 0; k < halves / 2; ++k) power = power * s;
  const Expr bound = Expr(to_constant(*times)) * power;
  const Expr gap = h - (limit.value + Expr(to_constant(limit.slope)) * (t - at));
  return replay_sign(near, bound - gap, Wanted::nonnegative, evidence.at("above")) &&
         replay_sign(near, bound + gap, Wanted::nonnegative, evidence.at("below"));
}

}  // namespace nabla::bending
