#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/connective.hpp>
#include <nabla/proofs/check/evidence.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/identity/identity.hpp>
#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nabla/proofs/check/refute/counterexample.hpp>
#include <nabla/proofs/check/refute/predicate_pairs.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

std::vector<Certificate> of_part(std::vector<Certificate> certificates, std::size_t child) {
  for (Certificate& c : certificates) {
    nlohmann::ordered_json inner = evidence_of(c);
    nlohmann::ordered_json data;
    data["path"] = {child};
    if (c.kind == "part" && inner.is_object() && inner.contains("path")) {
      for (const auto& step : inner["path"]) data["path"].push_back(step);
      data["kind"] = inner["kind"];
      data["evidence"] = inner["evidence"];
    } else {
      data["kind"] = c.kind;
      data["evidence"] = std::move(inner);
    }
    c = {"part", data.dump()};
  }
  return certificates;
}

namespace {

bool speaks_of_pairs(const Statement& s) {
  return is_about_pairs(s) || std::ranges::any_of(s.children, speaks_of_pairs);
}

/// Whether it is true or false whatever the point: a predicate about pairs that depends on what it quantifies over
/// alone, or what negations and implications make of such.
bool is_closed(const Problem& problem, const Statement& s) {
  if (s.kind == Statement::Kind::negation || s.kind == Statement::Kind::implication)
    return std::ranges::all_of(s.children, [&](const Statement& child) { return is_closed(problem, child); });
  if (!is_about_pairs(s)) return false;
  const auto quantified = [&](const Expr& v) {
    return std::ranges::any_of(s.over, [&](const Expr& x) { return same(x, v); });
  };
  const auto mentions = [&](const Expr& e, bool inside) {
    return std::ranges::any_of(
        problem.givens, [&](const Given& g) { return quantified(g.variable) == inside && depends_on(e, g.variable); });
  };
  if (mentions(s.subject, false)) return false;
  if (std::ranges::any_of(s.parameters, [&](const Expr& e) { return mentions(e, false) || mentions(e, true); }))
    return false;
  // An assumption that ties the quantified variables to others makes their set depend on these.
  for (const Statement& h : problem.hypotheses) {
    if (h.kind != Statement::Kind::relation) return false;
    const bool inside = std::ranges::any_of(h.sides, [&](const Expr& e) { return mentions(e, true); });
    const bool outside = std::ranges::any_of(h.sides, [&](const Expr& e) { return mentions(e, false); });
    if (inside && outside) return false;
  }
  return true;
}

class Connective {
 public:
  Connective(const Problem& problem, const CheckOptions& options, const Budget& budget)
      : problem_(problem), options_(options), budget_(budget) {}

  std::optional<Finding> decide(const Statement& s) const {
    if (s.kind == Statement::Kind::negation) return negation(s);
    if (s.kind == Statement::Kind::implication && s.children.size() == 2) return implication(s);
    return std::nullopt;
  }

 private:
  /// What is found out about a part as a whole: by a witness, else by the first decider that proves it.
  Finding part(const Statement& s) const {
    if (s.kind != Statement::Kind::predicate) {
      if (auto f = decide(s)) return *f;
      return {};
    }
    if (problem_.functions == FunctionTreatment::abstract) return {};
    if (auto f = refute(problem_, s, options_, budget_)) return *f;
    Finding open;
    for (const Decider decider : deciders()) {
      budget_.check();
      try {
        auto f = decider(problem_, s, options_, budget_);
        if (!f) continue;
        if (f->verdict == Verdict::proved || f->verdict == Verdict::refuted) return *f;
        if (open.message.empty()) open = *f;
      } catch (const NotHandled& reason) {
        if (open.message.empty()) open.message = reason.what();
      }
    }
    open.verdict = Verdict::undecided;
    return open;
  }

  std::optional<Finding> negation(const Statement& s) const {
    const Statement& inside = s.children[0];
    if (!speaks_of_pairs(inside)) return std::nullopt;
    if (!is_closed(problem_, inside)) return open("what is negated depends on other variables");
    Finding f = part(inside);
    if (f.verdict == Verdict::refuted) {
      f.verdict = Verdict::proved;
      f.method = "what is negated fails: " + f.method;
      f.certificates = of_part(std::move(f.certificates), 0);
      return f;
    }
    if (f.verdict == Verdict::proved) return refuted_by(std::move(f), 0, "what is negated holds");
    if (f.verdict == Verdict::ill_posed) return f;
    return open(f.message);
  }

  /// An equation that the premises are taken for granted in.
  std::optional<Finding> implied_equation(const Statement& s) const {
    Problem under = problem_;
    const Statement* conclusion = &s;
    while (conclusion->kind == Statement::Kind::implication && conclusion->children.size() == 2) {
      under.hypotheses.push_back(conclusion->children[0]);
      conclusion = &conclusion->children[1];
    }
    if (conclusion->kind != Statement::Kind::relation || conclusion->comparisons.size() != 1) return std::nullopt;
    std::optional<Finding> f = decide_identity(under, *conclusion, options_, budget_);
    if (!f || f->verdict != Verdict::proved) return std::nullopt;
    for (Certificate& c : f->certificates) {
      nlohmann::ordered_json data;
      data["kind"] = c.kind;
      data["evidence"] = evidence_of(c);
      c = {"implied", data.dump()};
    }
    return f;
  }

  /// What a premise about pairs says of one pair implies the conclusion.
  std::optional<Finding> by_instance(const Statement& s) const {
    const Statement& premise = s.children[0];
    if (problem_.functions != FunctionTreatment::none || premise.kind != Statement::Kind::predicate ||
        premise.over.size() != 1 || !premise.over[0].shape().is_scalar() || !premise.subject.shape().is_scalar() ||
        speaks_of_pairs(s.children[1]))
      return std::nullopt;
    const Expr& x = premise.over[0];
    const auto given = std::ranges::find_if(problem_.givens, [&](const Given& g) { return same(g.variable, x); });
    if (given == problem_.givens.end() || given->set.kind != Set::Kind::entries || given->set.entries.is_finite() ||
        !problem_.hypotheses.empty())
      return std::nullopt;
    const bool bends = premise.predicate == "convex" || premise.predicate == "concave";
    const bool up = premise.predicate == "increasing" || premise.predicate == "concave";
    if (!bends && !up && premise.predicate != "decreasing") return std::nullopt;
    const WorkspaceScope scope(problem_.workspace);
    const auto at = [&](const Rational& u) {
      return premise.subject.ref().is_node() ? substitute(premise.subject, {{x, Expr(to_constant(u))}})
                                             : premise.subject;
    };
    for (const auto& [u, w] : {std::pair<Rational, Rational>{-1, 1}, {0, 1}, {0, 2}, {1, 2}, {-1, 0}, {1, 3}}) {
      if (contains(given->set.entries, u) != Truth::yes || contains(given->set.entries, w) != Truth::yes) continue;
      Statement instance;
      instance.kind = Statement::Kind::relation;
      instance.sides =
          bends ? std::vector<Expr>{at((u + w) / 2), (at(u) + at(w)) / Expr(2)} : std::vector<Expr>{at(u), at(w)};
      instance.comparisons = {bends == up ? Comparison::greater_equal : Comparison::less_equal};
      instance.side_places.resize(2);
      Statement of_instance = s;
      of_instance.children[0] = instance;
      auto f = decide_inequality(problem_, of_instance, options_, budget_);
      if (!f || f->verdict != Verdict::proved || f->certificates.size() != 1) continue;
      nlohmann::ordered_json data{{"first", u.str()}, {"second", w.str()}, {"kind", f->certificates[0].kind}};
      data["evidence"] = evidence_of(f->certificates[0]);
      f->certificates = {{"instance", data.dump()}};
      f->method = "what the premise says of two points: " + f->method;
      return f;
    }
    return std::nullopt;
  }

  std::optional<Finding> implication(const Statement& s) const {
    const Statement& premise = s.children[0];
    const Statement& conclusion = s.children[1];
    if (!speaks_of_pairs(premise)) return implied_equation(s);
    if (is_closed(problem_, premise)) {
      Finding f = part(premise);
      if (f.verdict == Verdict::refuted) {
        f.verdict = Verdict::proved;
        f.method = "the premise fails: " + f.method;
        f.certificates = of_part(std::move(f.certificates), 0);
        return f;
      }
      if (f.verdict == Verdict::ill_posed) return f;
      if (f.verdict == Verdict::proved && is_closed(problem_, conclusion)) {
        Finding g = part(conclusion);
        if (g.verdict == Verdict::refuted) {
          g.method = "the premise is proved (" + f.method + "), the conclusion fails: " + g.method;
          g.certificates = of_part(std::move(g.certificates), 1);
          for (Certificate& c : of_part(std::move(f.certificates), 0)) g.certificates.push_back(std::move(c));
          return g;
        }
      }
    }
    if (auto f = by_instance(s)) return f;
    if (auto f = find_counterexample(problem_, s, options_, budget_)) return f;
    if (conclusion.kind != Statement::Kind::predicate || !is_about_pairs(conclusion)) return std::nullopt;
    Finding g = part(conclusion);
    if (g.verdict != Verdict::proved) return open(g.message);
    g.method = "the conclusion holds: " + g.method;
    g.certificates = of_part(std::move(g.certificates), 1);
    return g;
  }

  /// A statement that is false at every point: any point of the stated set is a witness.
  std::optional<Finding> refuted_by(Finding proof, std::size_t child, const std::string& why) const {
    std::optional<Point> point;
    try {
      point = StatedPoints(problem_, options_.seed).next();
    } catch (const NotHandled&) {
    }
    if (!point) return open(why + ", but no point of the stated set was found");
    proof.verdict = Verdict::refuted;
    proof.message = why + (proof.message.empty() ? "" : ": " + proof.message);
    proof.witness = to_witness(problem_, *point);
    proof.certificates = of_part(std::move(proof.certificates), child);
    return proof;
  }

  static Finding open(std::string reason) {
    Finding f;
    f.verdict = Verdict::undecided;
    f.message = std::move(reason);
    return f;
  }

  const Problem& problem_;
  const CheckOptions& options_;
  const Budget& budget_;
};

}  // namespace

std::optional<Finding> decide_connective(const Problem& problem, const Statement& statement,
                                         const CheckOptions& options, const Budget& budget) {
  return Connective(problem, options, budget).decide(statement);
}

}  // namespace nabla
