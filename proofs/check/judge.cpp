#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/judge.hpp>
#include <nabla/proofs/check/rerun.hpp>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>

namespace nabla {

namespace {

constexpr int digits_of_sides = 20;
constexpr long exact_bits = 256;
constexpr long most_kept_bits = 1024;  // of runs that are kept for the next point

std::vector<Expr> inputs_of(const Problem& problem) {
  std::vector<Expr> inputs;
  for (const Given& g : problem.givens) inputs.push_back(g.variable);
  return inputs;
}

template <class V>
std::vector<Entries<V>> entries_in(const Point& point) {
  std::vector<Entries<V>> result;
  for (const auto& values : point.entries) {
    auto& e = result.emplace_back();
    for (const Rational& x : values) e.push_back(Number<V>::of(to_constant(x)));
  }
  return result;
}

std::string text_of(const Rational& x) { return x.str(); }
std::string text_of(const Ball& x) { return x.to_string(digits_of_sides); }

template <class V>
std::string gap(const V& a, const V& b) {
  const V d = Number<V>::abs(a - b);
  if constexpr (Number<V>::exact) {
    return d.str();
  } else {
    return "[" + d.lower(6) + ", " + d.upper(6) + "]";
  }
}

/// Reads two sides entry by entry; a scalar stretches.
template <class V>
void read_entries(Comparison c, std::span<const V> a, std::span<const V> b, bool shown, Judgement& seen) {
  const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
  const bool any = c == Comparison::not_equal;
  Truth all = truth(!any);
  std::size_t decisive = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const V& x = a[a.size() == 1 ? 0 : i];
    const V& y = b[b.size() == 1 ? 0 : i];
    if constexpr (!Number<V>::exact) {
      if (!x.is_finite() || !y.is_finite()) {
        seen.undefined = true;
        all = Truth::unknown;
        break;
      }
    }
    if (!Number<V>::is_zero(x) || !Number<V>::is_zero(y)) seen.trivial = false;
    const Truth t = compared(c, x, y);
    const Truth before = all;
    all = any ? (all || t) : (all && t);
    if (before != all || i == 0) decisive = i;
    if (all == (any ? Truth::yes : Truth::no)) break;
  }
  seen.holds = all;
  seen.contact = all == Truth::unknown && !seen.undefined;
  seen.entry = decisive;
  if (n == 0) return;
  const V& x = a[a.size() == 1 ? 0 : decisive];
  const V& y = b[b.size() == 1 ? 0 : decisive];
  if (shown) {
    seen.left = text_of(x);
    seen.right = text_of(y);
  }
  if (seen.undefined) return;
  if (shown) seen.violation = gap(x, y);
  if constexpr (!Number<V>::exact) {
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      worst = std::max(worst, Number<V>::abs(a[a.size() == 1 ? 0 : i] - b[b.size() == 1 ? 0 : i]).upper_double());
    seen.residual = worst;
  }
}

}  // namespace

/// A statement with the plan of its expressions.
struct Judge::Form {
  Statement::Kind kind;
  std::vector<Comparison> comparisons;
  std::string predicate;
  Set set;
  std::unique_ptr<Function> sides;
  mutable std::optional<Rerun<Rational>> exact;
  mutable bool has_no_exact = false;
  mutable std::map<long, Rerun<Ball>> enclosed;         // by the precision in bits
  mutable std::optional<Rerun<Ball>> far;               // the last one that takes much memory
  mutable std::optional<wellposed::PointRun> at_point;  // with exact_bits
  mutable std::size_t nodes_at_point = 0;               // of the graph, when that was made
  std::vector<Form> children;
  std::shared_ptr<Workspace> workspace;
  std::vector<NodeId> variables;  // of the givens
  std::vector<Ref> outputs;       // the sides, where all are of the workspace

  Form(const Problem& problem, const Statement& s)
      : kind(s.kind), comparisons(s.comparisons), predicate(s.predicate), set(s.set) {
    const std::vector<Expr> inputs = inputs_of(problem);
    workspace = problem.workspace;
    for (const Expr& x : inputs) variables.push_back(x.ref().id());
    for (const Expr& side : s.sides)
      if (side.workspace() == workspace) outputs.push_back(side.ref());
    if (!s.subject.empty() && s.subject.workspace() == workspace) outputs.push_back(s.subject.ref());
    if (kind == Statement::Kind::relation) {
      sides = std::make_unique<Function>(s.sides, inputs);
    } else if (kind == Statement::Kind::predicate) {
      if (predicate != "defined" && predicate != "in")
        throw NotHandled("`" + predicate + "` is not a matter of single points");
      sides = std::make_unique<Function>(std::span<const Expr>(&s.subject, 1), inputs);
    }
    for (const Statement& child : s.children) children.emplace_back(problem, child);
  }

  /// The sides, or the subject, at a point. \throws UnsupportedError, UndefinedError
  const Run<Rational>& run_exactly_at(const Point& point) const {
    if (has_no_exact) throw UnsupportedError("an operator without exact values");
    if (!exact) {
      has_no_exact = true;  // unless the next line returns
      exact.emplace(*sides);
      has_no_exact = false;
    }
    return exact->at(point.entries);
  }
  /// Exact values and balls, and what has none. \pre the precision in force is exact_bits
  const wellposed::PointRun& run_at(const Point& point) const {
    const Graph& graph = workspace->graph();
    if (!at_point || nodes_at_point != graph.size()) at_point.emplace(graph, outputs);
    nodes_at_point = graph.size();
    wellposed::Assignment at;
    for (std::size_t g = 0; g < point.entries.size(); ++g)
      at[variables[g]].assign(point.entries[g].begin(), point.entries[g].end());
    at_point->run(at);
    return *at_point;
  }
  /// \pre the precision in force is `bits`
  const Run<Ball>& run_enclosed(const Point& point, long bits) const {
    const auto at = entries_in<Ball>(point);
    if (bits > most_kept_bits) return far.emplace(*sides).at(at);
    auto found = enclosed.find(bits);
    if (found == enclosed.end()) found = enclosed.emplace(bits, Rerun<Ball>(*sides)).first;
    return found->second.at(at);
  }
};

Judge::Judge(const Problem& problem, const Statement& statement) : form_(std::make_shared<Form>(problem, statement)) {}

Judgement Judge::judge_relation(const Form& form, const Point& point, long most_bits, bool shown) const {
  Judgement seen;
  const auto read = [&]<class V>(const Run<V>& run) {
    Judgement whole;
    whole.holds = Truth::yes;
    for (std::size_t k = 0; k < form.comparisons.size(); ++k) {
      Judgement link;
      read_entries<V>(form.comparisons[k], run.output(k), run.output(k + 1), shown, link);
      const bool trivial = whole.trivial && link.trivial;
      const Truth both = whole.holds && link.holds;
      if (both != whole.holds || k == 0) whole = link;
      whole.trivial = trivial;
      whole.holds = both;
      if (both == Truth::no) break;
    }
    return whole;
  };
  if (!form.has_no_exact) try {
      seen = read(form.run_exactly_at(point));
      seen.exact = true;
      return seen;
    } catch (const UnsupportedError&) {
    } catch (const UndefinedError&) {
      seen.undefined = true;  // balls will say the same, or show that the branch is not taken
    } catch (const std::length_error&) {
    }
  for (long bits = 64; bits <= most_bits; bits *= 2) {
    const Precision scope = Precision::of_bits(bits);
    seen = read(form.run_enclosed(point, bits));
    if (seen.holds != Truth::unknown) return seen;
  }
  // A ball about 0 under a root has no value, where the root of 0 has.
  if (seen.contact || seen.undefined) decide_exactly(form, point, seen);
  return seen;
}

/// Values that are rational after all: a root of a square, the logarithm of 1.
void Judge::decide_exactly(const Form& form, const Point& point, Judgement& seen) const {
  if (form.outputs.size() != form.comparisons.size() + 1) return;
  try {
    const Precision scope = Precision::of_bits(exact_bits);
    const wellposed::PointRun& run = form.run_at(point);
    Truth all = Truth::yes;
    for (std::size_t k = 0; k < form.comparisons.size(); ++k) {
      const auto a = run.entries(form.outputs[k]);
      const auto b = run.entries(form.outputs[k + 1]);
      const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
      const bool any = form.comparisons[k] == Comparison::not_equal;
      Truth link = truth(!any);
      for (std::size_t i = 0; i < n; ++i) {
        const Truth t = compared(form.comparisons[k], a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]);
        link = any ? (link || t) : (link && t);
      }
      all = all && link;
    }
    if (all == Truth::unknown) return;
    seen.holds = all;
    seen.exact = true;
    seen.undefined = false;
    seen.residual = 0;
    if (all == Truth::no) seen.violation = "0";
  } catch (const NotHandled&) {
  }
}

/// Whether the subject certainly has a value, or certainly none.
void Judge::decide_existence(const Form& form, const Point& point, Judgement& seen) const {
  if (form.outputs.size() != 1) return;
  try {
    const Precision scope = Precision::of_bits(exact_bits);
    const wellposed::PointRun& run = form.run_at(point);
    const auto status = run.status(form.outputs[0]);
    if (status == wellposed::PointRun::Status::unknown) return;
    seen.holds = truth(status == wellposed::PointRun::Status::defined);
    seen.exact = true;
  } catch (const NotHandled&) {
  }
}

Judgement Judge::judge(const Form& form, const Point& point, long most_bits, bool shown) const {
  switch (form.kind) {
    case Statement::Kind::relation:
      return judge_relation(form, point, most_bits, shown);
    case Statement::Kind::negation: {
      Judgement inner = judge(form.children[0], point, most_bits, shown);
      inner.holds = !inner.holds;
      return inner;
    }
    case Statement::Kind::implication: {
      Judgement premise = judge(form.children[0], point, most_bits, shown);
      if (premise.holds == Truth::no) {
        premise.holds = Truth::yes;
        premise.trivial = true;
        return premise;
      }
      Judgement conclusion = judge(form.children[1], point, most_bits, shown);
      if (premise.holds == Truth::unknown && conclusion.holds != Truth::yes) conclusion.holds = Truth::unknown;
      return conclusion;
    }
    case Statement::Kind::predicate: {
      Judgement seen;
      seen.trivial = false;
      const long bits = std::max(most_bits, 64L);
      const Precision scope = Precision::of_bits(bits);
      const Run<Ball>& run = form.run_enclosed(point, bits);
      bool finite = true;
      for (const Ball& b : run.output(0)) finite = finite && b.is_finite();
      if (form.predicate == "defined") {
        if (finite) {
          seen.holds = Truth::yes;
          seen.exact = true;
        } else {
          decide_existence(form, point, seen);
        }
        return seen;
      }
      seen.undefined = !finite;
      if (!finite) return seen;
      seen.holds = Truth::yes;
      try {
        seen.holds = contains(form.set, form.run_exactly_at(point).output(0));
        seen.exact = true;
      } catch (const UnsupportedError&) {
        seen.holds = contains_enclosed(form.set, run.output(0));
        // Not told apart from an end of the set: a contact, and what the enclosure leaves open is its radius.
        seen.contact = seen.holds == Truth::unknown && form.set.kind == Set::Kind::entries;
        for (const Ball& b : run.output(0))
          seen.residual = std::max(seen.residual, b.upper_double() - b.lower_double());
      }
      if (shown && !run.output(0).empty()) seen.left = run.output(0)[0].to_string(digits_of_sides);
      return seen;
    }
  }
  return {};
}

Judgement Judge::at(const Point& point, long most_bits) const { return judge(*form_, point, most_bits, false); }
Judgement Judge::shown_at(const Point& point, long most_bits) const { return judge(*form_, point, most_bits, true); }

}  // namespace nabla
