#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/check/quadrature/decide.hpp>
#include <nabla/proofs/claim/mentions.hpp>

/// What a statement reads of integrals.
namespace nabla {

namespace {

/// The sides of all relations in a statement.
void add_sides(const Statement& s, std::vector<Expr>& sides) {
  std::vector<const Statement*> open{&s};
  while (!open.empty()) {
    const Statement* one = open.back();
    open.pop_back();
    sides.insert(sides.end(), one->sides.begin(), one->sides.end());
    if (!one->subject.empty()) sides.push_back(one->subject);
    for (const Statement& child : one->children) open.push_back(&child);
  }
}

}  // namespace

std::vector<Expr> values_of_integrals(const Problem& problem) {
  std::vector<Expr> values;
  for (const ParametricIntegral& i : problem.integrals) values.push_back(i.value);
  return values;
}

bool reads_open_integrals(const Problem& problem, const Statement& statement) {
  return problem.functions == FunctionTreatment::none && !problem.integrals.empty() &&
         (mentions(statement, values_of_integrals(problem)) ||
          std::ranges::any_of(problem.hypotheses,
                              [&](const Statement& h) { return mentions(h, values_of_integrals(problem)); }));
}

bool is_total_in_integrals(const Problem& problem, const Statement& statement) {
  const WorkspaceScope scope(problem.workspace);
  std::vector<Expr> open;
  add_sides(statement, open);
  open.insert(open.end(), problem.must_be_defined.begin(), problem.must_be_defined.end());
  for (const ParametricIntegral& i : problem.integrals) open.push_back(i.density);
  const std::vector<Expr> values = values_of_integrals(problem);
  return std::ranges::all_of(open, [&](const Expr& e) {
    if (!e.ref().is_node()) return true;
    const Graph& graph = e.graph();
    const Ref target = e.ref();
    const std::vector<bool> needed = reachable(graph, {&target, 1});
    std::vector<bool> moves(needed.size(), false);
    for (NodeId id = 0; id < needed.size(); ++id) {
      if (!needed[id]) continue;
      moves[id] = std::ranges::any_of(values, [&](const Expr& v) { return v.ref() == Ref::node(id); });
      bool reads = false;
      for (const Ref r : graph.operands(id)) reads = reads || (r.is_node() && moves[r.id()]);
      if (!reads) continue;
      moves[id] = true;
      std::vector<Expr> operands;
      for (const Ref r : graph.operands(id)) operands.emplace_back(e.workspace(), r);
      const Expr domain = domain_condition(graph.code(id), graph.attributes(id), operands);
      const bool total =
          domain.empty() || std::ranges::none_of(values, [&](const Expr& v) { return depends_on(domain, v); });
      if (!total) return false;
    }
    return true;
  });
}

}  // namespace nabla
