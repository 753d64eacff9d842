#include <algorithm>
#include <map>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/curvature/regular.hpp>
#include <nabla/proofs/check/refute/crossing.hpp>
#include <nabla/proofs/check/wellposed/definedness.hpp>
#include <nabla/proofs/check/wellposed/definedness_crossing.hpp>
#include <nabla/proofs/check/wellposed/definedness_exact.hpp>
#include <nabla/proofs/check/wellposed/definedness_search.hpp>
#include <nabla/proofs/check/wellposed/definedness_signs.hpp>
#include <nabla/proofs/check/wellposed/vacuity.hpp>
#include <nabla/proofs/claim/mentions.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace nabla {

namespace {

using namespace wellposed;

constexpr long point_bits = 192;

Finding ill_posed(std::string message, std::optional<Place> place) {
  Finding f;
  f.verdict = Verdict::ill_posed;
  f.method = "definedness";
  f.message = std::move(message);
  f.place = place;
  return f;
}

Finding left_open(std::string message, std::optional<Place> place = std::nullopt) {
  Finding f;
  f.method = "definedness";
  f.message = std::move(message);
  f.place = place;
  return f;
}

/// The work on one statement.
class Examination {
 public:
  Examination(const Problem& problem, const Statement& statement, const CheckOptions& options, const Budget& budget)
      : problem_(problem), statement_(statement), options_(options), budget_(budget) {
    demands_ = demands_of(statement);
    Demand rest;
    for (const Expr& e : problem.must_be_defined) rest.targets.push_back(e.ref());
    if (!rest.targets.empty()) demands_.push_back(std::move(rest));
    for (const Derivative& d : problem.derivatives)
      if (is_read_here(d)) derivatives_.push_back(&d);
    // An expression that was differentiated stands before what was made of it.
    std::ranges::stable_sort(derivatives_, {}, [](const Derivative* d) { return bits(d->of.ref()); });
    std::erase_if(demands_, [](const Demand& d) { return d.targets.empty(); });
  }

  Finding run() {
    if (auto empty = find_contradiction(problem_)) return *empty;
    for (const Demand& d : demands_) goals_.push_back(definedness_goal(problem_, d));
    for (const Derivative* d : derivatives_) goals_.push_back(derivative_goal(problem_, *d, budget_));
    outcomes_.resize(goals_.size());
    attempt(false);
    if (!all_proved()) {
      // Values of function variables are free of each other, as those of a function are not.
      if (problem_.functions != FunctionTreatment::abstract || !mentions_values())
        if (auto found = search()) return *found;
      attempt(true);
      if (auto found = search_exactly()) return *found;
      if (auto found = cross()) return *found;
      look_at_pieces();
      ask();
    }
    return all_proved() ? proved() : open();
  }

 private:
  static std::uint64_t bits(Ref r) { return r.is_node() ? std::uint64_t{1} + r.id() : 0; }

  /// A derivative that another `show` asks for is that statement's business; unless this one asks for more of them than
  /// stand in its line, because equal ones are recorded once.
  bool is_read_here(const Derivative& d) const {
    if (d.place.line == statement_.place.line || shares_derivatives()) return true;
    return std::ranges::none_of(problem_.shows, [&](const Statement& s) { return s.place.line == d.place.line; });
  }
  bool shares_derivatives() const {
    std::ptrdiff_t words = 0;
    for (const std::string_view word : {"grad(", "jacobian(", "hessian(", "diff("})
      for (std::size_t at = statement_.text.find(word); at != std::string::npos;
           at = statement_.text.find(word, at + 1))
        ++words;
    return words > std::ranges::count_if(problem_.derivatives,
                                         [&](const Derivative& d) { return d.place.line == statement_.place.line; });
  }

  void attempt(bool split) {
    for (std::size_t k = 0; k < goals_.size(); ++k) {
      if (split && (outcomes_[k].proved() || !goals_[k].may_split)) continue;
      Goal goal = goals_[k];
      goal.may_split = split;
      outcomes_[k] = prove(*problem_.workspace, goal, budget_);
    }
  }
  bool all_proved() const {
    return std::ranges::all_of(outcomes_, [](const Outcome& o) { return o.proved(); });
  }

  /// What ranges do not show, by inequalities.
  void ask() {
    for (std::size_t k = 0; k < goals_.size(); ++k) {
      if (outcomes_[k].proved()) continue;
      const bool of_derivative = k >= demands_.size();
      // Elsewhere than at the variables themselves the stated set says nothing.
      if (of_derivative && !replaced_variables(*derivatives_[k - demands_.size()]).empty()) return;
      ask_for_signs(problem_, of_derivative ? std::vector<const Statement*>{} : demands_[k].premises, goals_[k],
                    outcomes_[k], budget_);
      if (!outcomes_[k].proved()) return;
    }
  }

  /// Derivatives of a function of one number that is smooth between breaks, and differentiable there too: if the
  /// derivative by the chain rule is continuous, or is the derivative at the breaks, it is so everywhere, being so
  /// between the breaks.
  void look_at_pieces() {
    if (problem_.functions != FunctionTreatment::none || !problem_.conventions.empty()) return;
    for (std::size_t k = demands_.size(); k < goals_.size(); ++k) {
      const Derivative& d = *derivatives_[k - demands_.size()];
      if (outcomes_[k].proved() || !d.of.shape().is_scalar() || !d.by.shape().is_scalar() || !d.of.ref().is_node() ||
          !d.by.ref().is_node())
        continue;
      const auto everywhere =
          replaced_variables(d).empty() ? std::optional(problem_) : problem_of_parameter(problem_, d);
      if (!everywhere) continue;
      curvature::Json of, slope;
      const Expr chain = gradient(d.of, d.by);
      std::vector<std::pair<Rational, Expr>> at_breaks;
      if (!curvature::show_regular_pieces(*everywhere, d.of, {d.by}, true, budget_, of, &at_breaks)) continue;
      if (!chain.ref().is_node() || curvature::show_regular_pieces(*everywhere, chain, {d.by}, false, budget_, slope)) {
        pieces_[k] = {{"of", std::move(of)}, {"slope", std::move(slope)}};
      } else {
        curvature::Json values = curvature::Json::array();
        const bool agrees = std::ranges::all_of(at_breaks, [&](const auto& b) {
          const Expr value = curvature::chosen_value(chain, d.by, b.first);
          const auto ball = constant_ball(value);
          return ball && ball->is_finite() &&
                 curvature::show_zero(*everywhere, value - b.second, budget_, values.emplace_back());
        });
        if (!agrees) continue;
        pieces_[k] = {{"of", std::move(of)}, {"values", std::move(values)}};
      }
      outcomes_[k] = Outcome{};
    }
  }

  /// A point at which something that is read does not exist.
  std::optional<Finding> search() {
    std::vector<NodeId> suspects;
    for (const Outcome& o : outcomes_)
      for (const Open& open : o.open)
        if (std::ranges::find(suspects, open.node) == suspects.end()) suspects.push_back(open.node);
    SuspiciousPoints points(problem_, suspects, options_.seed, budget_);
    while (const auto point = points.next())
      if (auto found = look_at(*point)) return found;
    return std::nullopt;
  }

  bool mentions_values() const {
    const std::vector<Expr> values = values_of_functions();
    return std::ranges::any_of(problem_.hypotheses, [&](const Statement& h) { return mentions(h, values); });
  }
  std::vector<Expr> values_of_functions() const {
    std::vector<Expr> values;
    for (const FunctionApplication& a : problem_.applications)
      for (const Expr& e : {a.value, a.derivative})
        if (!e.empty()) values.push_back(e);
    return values;
  }
  bool reads_value(Ref target) const {
    if (problem_.functions != FunctionTreatment::abstract) return false;
    const std::vector<bool> read = reachable(problem_.workspace->graph(), {&target, 1});
    return std::ranges::any_of(values_of_functions(),
                               [&](const Expr& e) { return e.ref().id() < read.size() && read[e.ref().id()]; });
  }

  /// A point such as sqrt(2) or pi/2 at which something that is read does not exist.
  std::optional<Finding> search_exactly() {
    if (problem_.functions != FunctionTreatment::none) return std::nullopt;
    for (std::size_t k = 0; k < demands_.size(); ++k) {
      std::vector<NodeId> suspects;
      for (const Open& open : outcomes_[k].open)
        if (open.undefined && bits(Ref::node(open.node)) <= first_differentiated()) suspects.push_back(open.node);
      if (suspects.empty()) continue;
      const Demand& d = demands_[k];
      const auto failure = find_exact_failure(problem_, d.targets, d.premises, suspects, options_.seed, budget_);
      if (!failure || bits(Ref::node(failure->culprit)) > first_differentiated()) continue;
      const Graph& graph = problem_.workspace->graph();
      Finding f = ill_posed("undefined at " + describe(to_witness(problem_, failure->point)) + ": " +
                                describe(graph, failure->culprit) + " is applied outside its domain",
                            place_of(graph, failure->culprit));
      f.witness = to_witness(problem_, failure->point);
      return f;
    }
    return std::nullopt;
  }

  std::string describe(const Witness& witness) const {
    std::string text;
    for (const Given& g : problem_.givens) {
      if (!witness.contains(g.name)) continue;
      const auto& entries = witness.at(g.name);
      if (g.name.find('#') != std::string::npos) continue;  // no text names it
      if (!text.empty()) text += ", ";
      text += g.name + " = ";
      if (!g.set.shape.is_scalar()) text += "[";
      for (std::size_t i = 0; i < entries.size(); ++i) text += (i == 0 ? "" : ", ") + entries[i];
      if (!g.set.shape.is_scalar()) text += "]";
    }
    if (text.empty() && !problem_.givens.empty()) return "a point between the ends of an integral";
    return text;
  }
  static std::string describe(const Graph& graph, NodeId id) { return wellposed::describe(graph, id); }
  std::string describe(const Problem& problem, const Point& point) const {
    if (problem.functions != FunctionTreatment::abstract) return wellposed::describe(problem, point);
    return describe(witness_at(point));
  }
  /// Without what stands for the values of functions, which says nothing of a function.
  Witness witness_at(const Point& point) const {
    Witness witness = to_witness(problem_, point);
    for (const Expr& value : values_of_functions()) witness.erase(value.graph().variable_name(value.ref().id()));
    return witness;
  }

  /// An irrational point at which a denominator vanishes, between two rational ones.
  std::optional<Finding> cross() {
    if (problem_.functions != FunctionTreatment::none) return std::nullopt;
    for (std::size_t k = 0; k < demands_.size(); ++k) {
      const auto is_suspect = [&](const Open& open) {
        return open.undefined && bits(Ref::node(open.node)) <= first_differentiated();
      };
      if (std::ranges::none_of(outcomes_[k].open, is_suspect)) continue;
      const Demand& d = demands_[k];
      const auto found = undefined_at_crossing(problem_, statement_, d.targets, d.premises, options_.seed, budget_);
      if (!found || bits(Ref::node(found->second)) > first_differentiated()) continue;
      const Graph& graph = problem_.workspace->graph();
      Finding f =
          ill_posed("undefined where " + problem_.givens[found->first.given].name + " is the " + found->first.text +
                        ": " + describe(graph, found->second) + " is applied outside its domain",
                    place_of(graph, found->second));
      f.witness = finding_at(problem_, found->first).witness;
      return f;
    }
    for (std::size_t k = 0; k < demands_.size(); ++k) {
      if (!demands_[k].premises.empty()) continue;
      for (const Open& open : outcomes_[k].open) {
        if (!open.undefined || !open.context.empty() || bits(Ref::node(open.node)) > first_differentiated()) continue;
        const auto between = find_crossing(problem_, open.node, options_.seed, budget_);
        if (!between) continue;
        const Graph& graph = problem_.workspace->graph();
        return ill_posed("undefined somewhere between " + describe(problem_, between->first) + " and " +
                             describe(problem_, between->second) + ": " + describe(graph, open.node) +
                             " is applied outside its domain where a continuous operand crosses the edge of it",
                         place_of(graph, open.node));
      }
    }
    return kinked();
  }

  /// An irrational point at which a derivative does not exist, between two rational ones.
  std::optional<Finding> kinked() {
    if (statement_.kind == Statement::Kind::implication || !problem_.hypotheses.empty()) return std::nullopt;
    for (std::size_t k = demands_.size(); k < outcomes_.size(); ++k) {
      const Derivative& d = *derivatives_[k - demands_.size()];
      if (!d.guards.empty() || !replaced_variables(d).empty()) continue;
      for (const Open& open : outcomes_[k].open) {
        if (open.undefined || !open.context.empty()) continue;
        const auto between = find_kink(problem_, d, open.node, options_.seed, budget_);
        if (!between) continue;
        return ill_posed("the derivative does not exist somewhere between " + describe(problem_, between->first) +
                             " and " + describe(problem_, between->second) + ": " + d.text + "; " +
                             describe(problem_.workspace->graph(), open.node) + " is at its kink there",
                         d.place);
      }
    }
    return std::nullopt;
  }

  Finding at_point(Finding f, const Point& point) const {
    f.witness = witness_at(point);
    return f;
  }

  std::optional<Finding> look_at(const Point& point) {
    const Precision scope = Precision::of_bits(point_bits);
    const Assignment givens = assignment_of(problem_, point);
    if (readers_.empty())
      for (const Derivative* d : derivatives_) readers_.push_back(std::make_unique<DerivativeAt>(problem_, *d));
    // What a derivative's graph says can be blamed on the text only where all derivatives inside it exist.
    bool all_exist = true;
    for (const auto& reader : readers_) {
      const Existence e = reader->at(givens);
      if (e == Existence::exists || e == Existence::unread) continue;
      if (all_exist && (e == Existence::fails || e == Existence::undefined)) {
        const Derivative& d = reader->derivative();
        const std::string what =
            e == Existence::undefined ? "what is differentiated has no value" : "the derivative does not exist";
        return at_point(
            ill_posed(what + " at " + describe(problem_, point) + ": " + d.text + "; " + reader->reason(), d.place),
            point);
      }
      all_exist = false;
    }
    if (runs_.empty())
      for (const Demand& d : demands_)
        runs_.push_back(std::make_unique<PointRun>(problem_.workspace->graph(), d.targets));
    for (std::size_t k = 0; k < demands_.size(); ++k) {
      if (outcomes_[k].proved()) continue;
      PointRun& run = *runs_[k];
      run.run(givens);
      for (const Ref target : demands_[k].targets) {
        const auto culprit = run.culprit(target);
        if (!culprit || (!all_exist && bits(Ref::node(*culprit)) > first_differentiated())) continue;
        if (reads_value(target)) continue;
        if (!premises_hold(demands_[k], point)) continue;
        const Graph& graph = problem_.workspace->graph();
        return at_point(ill_posed("undefined at " + describe(problem_, point) + ": " + describe(graph, *culprit) +
                                      " is applied outside its domain",
                                  place_of(graph, *culprit)),
                        point);
      }
    }
    return std::nullopt;
  }

  /// Nodes up to this one were there before any derivative was taken.
  std::uint64_t first_differentiated() const {
    std::uint64_t first = derivatives_.empty() ? UINT64_MAX : bits(derivatives_[0]->of.ref());
    for (const Derivative& d : problem_.derivatives) first = std::min(first, bits(d.of.ref()));
    return first;
  }

  bool premises_hold(const Demand& demand, const Point& point) const {
    try {
      return std::ranges::all_of(demand.premises, [&](const Statement* premise) {
        return Judge(problem_, *premise).at(point).holds == Truth::yes;
      });
    } catch (const NotHandled&) {
      return false;
    }
  }

  Finding proved() const {
    Finding f;
    f.verdict = Verdict::proved;
    f.method = "definedness";
    // Nothing is read (a predicate that is never ill-posed): then nothing is certified.
    if (goals_.empty()) {
      f.message = "nothing is read that could be undefined";
      for (const Statement& h : problem_.hypotheses) f.hypotheses.push_back(h.text);
      return f;
    }
    std::int64_t nodes = 0, boxes = 0;
    nlohmann::json goals = nlohmann::json::array();
    for (std::size_t k = 0; k < goals_.size(); ++k) {
      nodes += outcomes_[k].nodes;
      boxes += outcomes_[k].boxes;
      const Certificate c = certificate_of(problem_.workspace->graph(), goals_[k], outcomes_[k]);
      goals.push_back(nlohmann::json::parse(c.data));
      if (pieces_.contains(k)) goals.back()["pieces"] = pieces_.at(k);
    }
    f.certificates.push_back({"definedness", nlohmann::json{{"goals", std::move(goals)}}.dump()});
    f.message = std::to_string(nodes) + " applications of operators are inside their domains";
    if (!derivatives_.empty()) f.message += ", and the derivatives asked for exist";
    if (boxes > 0) f.message += " (" + std::to_string(boxes) + " boxes)";
    for (const Statement& h : problem_.hypotheses) f.hypotheses.push_back(h.text);
    return f;
  }

  Finding open() const {
    const Graph& graph = problem_.workspace->graph();
    for (std::size_t k = 0; k < outcomes_.size(); ++k) {
      if (outcomes_[k].proved()) continue;
      const Open& first = outcomes_[k].open[0];
      const bool of_derivative = k >= demands_.size();
      std::string message = first.undefined ? "could not show that " + describe(graph, first.node) +
                                                  " is applied inside its domain everywhere on the set"
                                            : "could not show that the derivative exists everywhere on the set: " +
                                                  describe(graph, first.node) + " may be at its kink";
      if (of_derivative) message += ", in " + derivatives_[k - demands_.size()]->text;
      return left_open(std::move(message), place_of(graph, first.node));
    }
    return left_open("");
  }

  const Problem& problem_;
  const Statement& statement_;
  const CheckOptions& options_;
  const Budget& budget_;
  std::vector<Demand> demands_;
  std::vector<const Derivative*> derivatives_;
  std::vector<Goal> goals_;  // of the demands, then of the derivatives
  std::vector<Outcome> outcomes_;
  std::vector<std::unique_ptr<DerivativeAt>> readers_;
  std::vector<std::unique_ptr<PointRun>> runs_;
  std::map<std::size_t, nlohmann::json> pieces_;  // proofs of goals, by their number
};

}  // namespace

Finding examine_definedness(const Problem& problem, const Statement& statement, const CheckOptions& options,
                            const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  try {
    return Examination(problem, statement, options, budget).run();
  } catch (const NotHandled& reason) {
    return left_open(reason.what());
  }
}

}  // namespace nabla
