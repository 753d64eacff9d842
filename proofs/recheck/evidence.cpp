#include <algorithm>
#include <map>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/claim/constant_premise.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/evidence.hpp>
#include <nabla/proofs/recheck/witness/witness.hpp>
#include <nlohmann/json.hpp>

namespace nabla::weighing {

namespace {

using Json = nlohmann::ordered_json;

/// Choices without a certificate that are elaborated to see that they ask for nothing.
constexpr std::size_t most_empty_choices = 300;

std::string text_of(const Json& dimensions) {
  std::map<std::string, std::int64_t> sorted;
  for (const auto& [name, value] : dimensions.items()) sorted[name] = value.get<std::int64_t>();
  std::string text;
  for (const auto& [name, value] : sorted) text += (text.empty() ? "" : ", ") + name + " = " + std::to_string(value);
  return text;
}

/// Whether a statement is true or false whatever the values of what it does not quantify over: then one point at which
/// it fails shows that it is false.
bool is_closed(const Problem& problem, const Statement& s) {
  if (s.kind == Statement::Kind::negation || s.kind == Statement::Kind::implication)
    return std::ranges::all_of(s.children, [&](const Statement& child) { return is_closed(problem, child); });
  const bool quantifies = replay::is_about_points(s) || (replay::is_about_existence(s) && s.predicate != "defined");
  if (!quantifies || problem.functions != FunctionTreatment::none) return false;
  const auto reads = [&](const Expr& e, bool quantified) {
    return std::ranges::any_of(problem.givens, [&](const Given& g) {
      return depends_on(e, g.variable) &&
             std::ranges::any_of(s.over, [&](const Expr& x) { return same(x, g.variable); }) == quantified;
    });
  };
  if (reads(s.subject, false)) return false;
  for (const Expr& p : s.parameters)
    if (reads(p, true) || reads(p, false)) return false;
  // What is assumed must not tie the quantified variables to others.
  for (const Statement& h : problem.hypotheses) {
    if (h.kind != Statement::Kind::relation) return false;
    const auto any = [&](bool quantified) {
      return std::ranges::any_of(h.sides, [&](const Expr& e) { return reads(e, quantified); });
    };
    if (any(true) && any(false)) return false;
  }
  return true;
}

Truth concluded_at(const Problem& problem, const Statement& s, const std::vector<Confirmed>& confirmed,
                   std::vector<std::size_t>& path) {
  for (const Confirmed& c : confirmed)
    if (c.path == path) return truth(c.holds);
  const auto child = [&](std::size_t k) {
    path.push_back(k);
    const Truth t = concluded_at(problem, s.children[k], confirmed, path);
    path.pop_back();
    return t;
  };
  if (s.kind == Statement::Kind::negation && s.children.size() == 1) {
    const Truth inside = child(0);
    if (inside == Truth::yes) return Truth::no;
    return inside == Truth::no && is_closed(problem, s.children[0]) ? Truth::yes : Truth::unknown;
  }
  if (s.kind == Statement::Kind::implication && s.children.size() == 2) {
    const Truth conclusion = child(1);
    if (conclusion == Truth::yes) return Truth::yes;
    const Truth premise = child(0);
    if (premise == Truth::no && is_closed(problem, s.children[0])) return Truth::yes;
    if (premise == Truth::yes && conclusion == Truth::no) return Truth::no;
  }
  return Truth::unknown;
}

/// Whether a choice of dimensions leaves nothing to show: a premise about its indices is false.
bool asks_nothing(const Claim& claim, const Choice& choice, std::size_t show) {
  try {
    const auto treatment = has_function_variables(claim) ? FunctionTreatment::abstract : FunctionTreatment::none;
    const Problem problem = elaborate(claim, choice, treatment, {}, InstanceShape::quadratic, Misfits::kept);
    if (!problem.shows.at(show).misfits.empty()) return false;
    return !without_constant_premises(problem.shows.at(show));
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace

std::optional<Confirmed> said_by(const Statement& statement, const std::string& kind, const Json& evidence,
                                 FunctionTreatment functions) {
  if (kind == "part") {
    const Statement* part = &statement;
    Confirmed c;
    for (const Json& step : evidence.at("path")) {
      c.path.push_back(step.get<std::size_t>());
      part = &part->children.at(c.path.back());
    }
    const auto said = said_by(*part, evidence.at("kind").get<std::string>(), evidence.at("evidence"), functions);
    if (!said) return std::nullopt;
    c.path.insert(c.path.end(), said->path.begin(), said->path.end());
    c.holds = said->holds;
    return c;
  }
  // What is refuted of variables that stand for the values of a function says nothing of functions; what is proved of
  // one function says nothing of the others.
  if (kind == "witness" || kind == "crossing" || kind == "apart" || kind == "counterexample" ||
      (kind == "quadrature" && evidence.contains("witness")))
    return functions == FunctionTreatment::abstract ? std::nullopt : std::optional(Confirmed{{}, false});
  if (functions == FunctionTreatment::instance) return std::nullopt;
  const bool exists = kind != "definedness" || replay::is_about_existence(statement) ||
                      (statement.kind == Statement::Kind::implication && statement.children.size() == 2 &&
                       replay::is_about_existence(statement.children[1]));
  return exists ? std::optional(Confirmed{{}, true}) : std::nullopt;
}

Truth concluded(const Problem& problem, const Statement& statement, const std::vector<Confirmed>& confirmed) {
  std::vector<std::size_t> path;
  return concluded_at(problem, statement, confirmed, path);
}

void LinkEvidence::add(const Json& dimensions, Truth concluded) {
  if (concluded == Truth::no) fails_ = true;
  if (concluded == Truth::yes) holds_.push_back(text_of(dimensions));
}

std::string LinkEvidence::lacks(const Claim& claim, std::size_t show, const std::string& verdict) const {
  if (verdict == "refuted") return fails_ ? "" : "refuted, and nothing that was confirmed refutes it";
  if (verdict != "proved" || every_dimension_) return "";
  const Choices choices = choices_of(claim);
  if (!choices.complete) return holds_.empty() ? "proved, and nothing that was confirmed proves it" : "";
  std::size_t empty = 0;
  for (const Choice& choice : choices.list) {
    Json dimensions = Json::object();
    for (const auto& [name, value] : choice) dimensions[name] = value;
    const std::string text = text_of(dimensions);
    if (std::ranges::find(holds_, text) != holds_.end()) continue;
    if (empty++ < most_empty_choices && asks_nothing(claim, choice, show)) continue;
    return "proved, and nothing that was confirmed proves it" + (text.empty() ? "" : " for " + text);
  }
  return "";
}

}  // namespace nabla::weighing
