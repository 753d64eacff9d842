#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>
#include <nabla/proofs/check/point.hpp>

// Operators that are one of several functions: at every point g is one of the expressions in which such an operator is
// replaced by what it then is.

namespace nabla::inequality {

using normal_form::Signs;
using normal_form::within;

namespace {

/// What an operator may be, and the relation under which it is that (without sides: always).
struct Alternative {
  Expr value;
  Expr left, right;
  Comparison how = Comparison::equal;
};

std::vector<Alternative> alternatives_of(const std::shared_ptr<Workspace>& workspace, NodeId id) {
  const WorkspaceScope scope(workspace);
  const Graph& graph = workspace->graph();
  const Opcode code = graph.code(id);
  std::vector<Expr> x;
  for (const Ref r : graph.operands(id)) x.emplace_back(workspace, r);
  using enum Comparison;
  if (code == opcode<Abs>) return {{x[0], x[0], Expr(0), greater_equal}, {-x[0], x[0], Expr(0), less_equal}};
  if (code == opcode<Max>) return {{x[0], x[0], x[1], greater_equal}, {x[1], x[0], x[1], less_equal}};
  if (code == opcode<Min>) return {{x[0], x[0], x[1], less_equal}, {x[1], x[0], x[1], greater_equal}};
  if (code == opcode<Less>) return {{Expr(1), x[0], x[1], less}, {Expr(0), x[0], x[1], greater_equal}};
  if (code == opcode<LessEqual>) return {{Expr(1), x[0], x[1], less_equal}, {Expr(0), x[0], x[1], greater}};
  if (code == opcode<Equal>) return {{Expr(1), x[0], x[1], equal}, {Expr(0), x[0], x[1], not_equal}};
  if (code == opcode<Where> || code == opcode<Masked>) {
    const auto* c = x[0].constant();
    if (c == nullptr) return {};
    const bool chosen = !x[0].is(0);
    if (code == opcode<Where>) return {{chosen ? x[1] : x[2], {}, {}}};
    return {{chosen ? x[0] * x[1] : Expr(0), {}, {}}};
  }
  if (code >= builtin_count || graph.info(id).facts.kinks.empty()) return {};
  const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
  const Expr definition = expand_definition(code, attributes, x);
  if (definition.empty()) return {};
  return {{definition, {}, {}}};
}

}  // namespace

bool Prover::seen_to_fail(const Problem& region, const Expr& g) {
  std::vector<Expr> outputs{g};
  for (const Statement& h : region.hypotheses) outputs.insert(outputs.end(), h.sides.begin(), h.sides.end());
  Sampler sampler(region, outputs);
  for (const auto& point : sampler.points()) {
    const std::vector<double>& y = sampler.at(point);
    if (!(y[0] < seen_negative)) continue;
    bool inside = true;
    for (std::size_t i = 0; i < region.hypotheses.size(); ++i) {
      const double a = y[1 + 2 * i], b = y[2 + 2 * i];
      switch (region.hypotheses[i].comparisons[0]) {
        case Comparison::equal:
          inside = inside && a == b;
          break;
        case Comparison::not_equal:
          inside = inside && a != b;
          break;
        case Comparison::less:
        case Comparison::less_equal:
          inside = inside && a < b;
          break;
        case Comparison::greater:
        case Comparison::greater_equal:
          inside = inside && a > b;
          break;
      }
    }
    if (inside && is_negative_at(region, g, point)) return true;
  }
  return false;
}

/// Doubles overflow, and cancel where terms are large.
bool Prover::is_negative_at(const Problem& region, const Expr& g, const std::vector<double>& point) {
  spend(100);
  std::map<NodeId, Expr> at;
  for (std::size_t k = 0; k < point.size(); ++k) {
    if (!std::isfinite(point[k])) return false;
    at.emplace(region.givens[k].variable.ref().id(),
               Expr(to_constant(Number<Rational>::of(Constant::dyadic(point[k])))));
  }
  const Precision scope(34);
  const auto ball = constant_ball(substituted(g, at));
  return ball && ball->is_finite() && ball->certainly_negative();
}

bool Prover::has_choice(const Expr& g) {
  if (!g.ref().is_node()) return false;
  const Ref target[] = {g.ref()};
  const std::vector<bool> needed = reachable(g.graph(), target);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && !alternatives_of(g.workspace(), id).empty()) return true;
  return false;
}

/// d <how> 0 at every point of the region, as far as one look tells.
bool Prover::is_throughout(const Problem& region, const Expr& d, Comparison how) {
  const WorkspaceScope scope(region.workspace);
  switch (how) {
    case Comparison::equal:
      return is_zero(region, d);
    case Comparison::not_equal:
      return within(sign_by_normal_form(region, d), Signs::nonzero);
    case Comparison::less:
    case Comparison::greater:
      return positive(region, how == Comparison::less ? -d : d);
    default:
      break;
  }
  const Expr up = how == Comparison::less_equal ? -d : d;
  return by_boxes(region, up, false, 1) || within(sign_by_normal_form(region, up), Signs::nonnegative);
}

/// The first operator of g whose operands hold no other of the kind.
Proof Prover::by_choice(const Problem& region, const Expr& g, bool strict, int depth) {
  if (!g.ref().is_node()) return std::nullopt;
  const std::shared_ptr<Workspace>& workspace = region.workspace;
  const Ref target[] = {g.ref()};
  const std::vector<bool> needed = reachable(workspace->graph(), target);
  std::vector<Alternative> choices;
  NodeId chosen = 0;
  for (NodeId id = 0; id < needed.size() && choices.empty(); ++id)
    if (needed[id]) choices = alternatives_of(workspace, chosen = id);
  if (choices.empty()) return std::nullopt;
  spend(200);
  const WorkspaceScope scope(workspace);
  const Expr of(workspace, Ref::node(chosen));
  Json made{{"rule", "either"}, {"of", encoded(region, of)}};
  std::vector<Expr> parts;
  for (const Alternative& a : choices) parts.push_back(substituted(g, {{chosen, a.value}}));
  // What it is throughout the region.
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (choices.size() > 1 && !is_throughout(region, choices[i].left - choices[i].right, choices[i].how)) continue;
    auto p = prove(region, parts[i], strict, depth);
    if (!p) return std::nullopt;
    made["only"] = i;
    made["proof"] = *p;
    return made;
  }
  // Whatever it is.
  bool all = true;
  for (const Expr& part : parts) all = all && !seen_to_fail(region, part);
  if (all) {
    Json list = Json::array();
    for (const Expr& part : parts) {
      auto p = prove(region, part, strict, depth + 1);
      if (!p) break;
      list.push_back(Json{{"assuming", false}, {"proof", *p}});
    }
    if (list.size() == parts.size()) {
      made["parts"] = list;
      return made;
    }
  }
  // Where each is: on either side of a point, or by hypotheses.
  const Signs apart = choices[0].how == Comparison::less      ? Signs::negative
                      : choices[1].how == Comparison::greater ? Signs::positive
                                                              : Signs::any;
  const Expr e = choices[0].left - choices[0].right;
  if (choices[0].how != Comparison::equal)
    if (auto p = split_at_zero(region, g, strict, depth, e, apart)) return p;
  Json list = Json::array();
  for (std::size_t i = 0; i < choices.size(); ++i) {
    Problem next = region;
    Statement h;
    h.sides = {choices[i].left, choices[i].right};
    h.comparisons = {choices[i].how};
    next.hypotheses.push_back(std::move(h));
    auto p = prove(next, parts[i], strict, depth + 1);
    if (!p) return std::nullopt;
    list.push_back(Json{{"assuming", true}, {"proof", *p}});
  }
  made["parts"] = list;
  return made;
}

}  // namespace nabla::inequality
