#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/check/interpolation/interpolation.hpp>
#include <nabla/proofs/check/interpolation/search.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace nabla {

namespace {

using namespace interpolation;

constexpr std::size_t most_computed = 3;  // integrals that are put back under the sign

Finding not_derived(std::string reason) {
  Finding f;
  f.method = "interpolation inequalities";
  f.message = std::move(reason);
  return f;
}

/// What has to be shown nonnegative.
struct Goal {
  const char* kind = "difference";
  Polynomial target;
};

class Proof {
 public:
  Proof(const Problem& problem, const Budget& budget) : problem_(problem), budget_(budget), form_(problem, budget) {}

  Finding run(const Statement& s) {
    Expr low = s.sides[0], high = s.sides[1];
    const Comparison c = s.comparisons[0];
    if (c == Comparison::greater_equal || c == Comparison::greater) std::swap(low, high);
    const bool scalar = low.shape().is_scalar() && high.shape().is_scalar();
    const Fraction l = form_.value(low), r = form_.value(high);
    const Fraction gap = r - l;
    if (c == Comparison::equal) {
      if (gap.is_zero()) return proved("equal", {}, {});
      if (!scalar) return not_derived("vectors whose difference in inner-product form is not 0");
    }
    if (!scalar) return not_derived("an inequality between vectors");
    if (form_.has_integrals(gap)) return integrated(c, gap);
    const auto target = form_.cleared(gap);
    if (!target) return not_derived("a denominator of unknown sign");
    const std::vector<Inequality> list = inequalities(problem_, form_, budget_);
    const std::vector<Polynomial> roots = square_roots(problem_, form_);
    inequalities_ = list;
    form_.know_norms();
    if (c == Comparison::equal) {
      const auto above = combine(form_, *target, list, roots, budget_);
      if (!above) return not_derived("no combination of interpolation inequalities was found");
      const auto below = combine(form_, target->scaled(-1), list, roots, budget_);
      if (!below) return not_derived("no combination of interpolation inequalities was found");
      return proved("both", {*above, *below}, {*target, target->scaled(-1)});
    }
    if (c == Comparison::less || c == Comparison::greater)
      return not_derived("strict inequalities are not derived from interpolation inequalities");
    std::vector<Polynomial> targets{*target};
    if (auto squares = of_squares(l, r)) targets.push_back(std::move(*squares));
    if (const auto found = combine_any(targets, form_, list, roots, budget_))
      return proved(found->first == 0 ? "difference" : "squares", {found->second}, {targets[found->first]});
    return not_derived("no combination of interpolation inequalities was found");
  }

 private:
  /// An inequality between integrals, by one between their densities.
  Finding integrated(Comparison c, const Fraction& gap) {
    if (c != Comparison::less_equal && c != Comparison::greater_equal)
      return not_derived("an equation between integrals without primitive functions");
    std::vector<std::string> goals;
    std::vector<Polynomial> targets;
    const auto aim_at = [&](std::string goal, const Fraction& density) {
      auto target = form_.cleared(density);
      if (!target || std::ranges::find(targets, *target) != targets.end()) return;  // no part without an integral
      goals.push_back(std::move(goal));
      targets.push_back(std::move(*target));
    };
    for (int weight = 0; weight < 4; ++weight) aim_at("density " + std::to_string(weight), form_.density(gap, weight));
    for (std::size_t k = 0; k < std::min(problem_.computed_integrals.size(), most_computed); ++k) {
      const auto& [value, density, inside] = problem_.computed_integrals[k];
      const Fraction v = form_.value(value), d = form_.value(density);
      aim_at("density 0 plus " + std::to_string(k), form_.density(gap - v, 0) + d);
      aim_at("density 0 minus " + std::to_string(k), form_.density(gap + v, 0) - d);
    }
    inequalities_ = inequalities(problem_, form_, budget_);
    const std::vector<Polynomial> roots = square_roots(problem_, form_);
    form_.know_norms();
    if (const auto found = combine_any(targets, form_, inequalities_, roots, budget_))
      return proved(goals[found->first], {found->second}, {targets[found->first]});
    return not_derived("no combination of interpolation inequalities was found between the integrands");
  }

  /// right^2 - left^2 where both are known to be nonnegative.
  std::optional<Polynomial> of_squares(const Fraction& l, const Fraction& r) {
    const auto a = form_.cleared(l), b = form_.cleared(r);
    if (!a || !b || form_.sign(*a) != 1 || form_.sign(*b) != 1 || a->is_zero()) return std::nullopt;
    try {
      return form_.cleared(form_.times(r, r) - form_.times(l, l));
    } catch (const NotHandled&) {
      return std::nullopt;
    }
  }

  Finding proved(const std::string& kind, const std::vector<Combination>& combinations,
                 const std::vector<Polynomial>& targets) {
    Finding f;
    f.verdict = Verdict::proved;
    f.method = combinations.empty() ? "inner products" : "interpolation inequalities";
    f.uniform = form_.dimension_free();
    nlohmann::ordered_json data{{"goal", kind},
                                {"solved", form_.equations()},
                                {"facts", nlohmann::json::array()},
                                {"norms", nlohmann::json::array()},
                                {"roots", nlohmann::json::array()},
                                {"later", nlohmann::json::array()}};
    for (const SymbolInfo& s : form_.symbols())
      if (s.kind == SymbolInfo::Kind::norm)
        data[s.of ? "norms" : "roots"].push_back(form_.text(s.of ? *s.of : *s.square));
    for (std::size_t k = 0; k < form_.facts().size(); ++k) {
      const Fact& fact = form_.facts()[k];
      nlohmann::ordered_json one{{"name", fact.name}, {"p", form_.text(fact.p)}};
      const bool late = fact.name.starts_with("norm:") || fact.name.starts_with("root of ");
      data[late ? "later" : "facts"].push_back(std::move(one));
    }
    std::set<std::size_t> used(form_.solved().begin(), form_.solved().end());
    data["combinations"] = nlohmann::json::array();
    const auto names = [&](const std::vector<std::size_t>& facts) {
      nlohmann::json list = nlohmann::json::array();
      for (const std::size_t k : facts) {
        const std::string& name = form_.facts()[k].name;
        list.push_back(name);
        if (name.starts_with("hypothesis ")) used.insert(std::stoul(name.substr(11)));
      }
      return list;
    };
    for (std::size_t k = 0; k < combinations.size(); ++k) {
      const Combination& c = combinations[k];
      nlohmann::ordered_json one{
          {"target", form_.text(targets[k])}, {"scale", names(c.scale)}, {"terms", nlohmann::json::array()}};
      for (const Term& t : c.terms) {
        nlohmann::ordered_json term{{"c", t.coefficient.str()}, {"by", names(t.facts)}};
        if (t.inequality) {
          term["use"] = inequalities_[*t.inequality].name;
          term["p"] = form_.text(inequalities_[*t.inequality].p);
          if (const auto h = inequalities_[*t.inequality].hypothesis) used.insert(*h);
        }
        if (t.square_of) term["square"] = form_.text(*t.square_of);
        f.message += (f.message.empty() ? "" : "; ") + t.coefficient.str();
        for (const std::size_t fact : t.facts) f.message += " * (" + form_.text(form_.facts()[fact].p) + ")";
        if (t.inequality) f.message += " * [" + inequalities_[*t.inequality].name + "]";
        if (t.square_of) f.message += " * |" + form_.text(*t.square_of) + "|^2";
        one["terms"].push_back(std::move(term));
      }
      data["combinations"].push_back(std::move(one));
    }
    for (const std::size_t h : used) f.hypotheses.push_back(problem_.hypotheses[h].text);
    f.certificates.push_back({"interpolation", data.dump()});
    return f;
  }

  const Problem& problem_;
  const Budget& budget_;
  Form form_;
  std::vector<Inequality> inequalities_;
};

/// An inequality without function variables that is about lengths and inner products of given vectors.
bool compares_vectors(const Problem& problem, const Statement& s) {
  if (problem.functions != FunctionTreatment::none) return false;
  if (s.comparisons[0] != Comparison::less_equal && s.comparisons[0] != Comparison::greater_equal) return false;
  if (!std::ranges::any_of(problem.givens, [](const Given& g) { return g.set.shape.rank() == 1; })) return false;
  const Ref sides[] = {s.sides[0].ref(), s.sides[1].ref()};
  const Graph& graph = problem.workspace->graph();
  const std::vector<bool> needed = reachable(graph, sides);
  bool any = false;
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    const bool is_length =
        graph.is(id, opcode<Dot>) || graph.is(id, opcode<Norm>) || graph.is(id, opcode<SquaredError>);
    any = any || is_length;
    // What is looked at entry by entry is for other deciders.
    const bool is_arithmetic = graph.is(id, opcode<Add>) || graph.is(id, opcode<Sub>) || graph.is(id, opcode<Mul>) ||
                               graph.is(id, opcode<Div>) || graph.is(id, opcode<Neg>) || graph.is(id, opcode<PowI>) ||
                               graph.is(id, opcode<Square>) || graph.is(id, opcode<Abs>) ||
                               graph.is(id, opcode<Sqrt>) || graph.is(id, opcode<Reciprocal>) ||
                               graph.is(id, opcode<Variable>) || graph.is(id, opcode<Literal>);
    if (!is_length && !is_arithmetic) return false;
  }
  return any;
}

}  // namespace

std::optional<Finding> decide_interpolation(const Problem& problem, const Statement& statement, const CheckOptions&,
                                            const Budget& budget) {
  if (statement.kind != Statement::Kind::relation || statement.comparisons.size() != 1 ||
      statement.comparisons[0] == Comparison::not_equal)
    return std::nullopt;
  if (problem.functions != FunctionTreatment::abstract && !compares_vectors(problem, statement)) return std::nullopt;
  return Proof(problem, budget).run(statement);
}

}  // namespace nabla
