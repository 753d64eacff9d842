#include <algorithm>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/parse.hpp>
#include <nabla/proofs/recheck/witness/witness.hpp>

/// Witnesses replayed: in exact rationals; where these cannot, in intervals whose ends MPFR rounds, at rising
/// precision; and where these do not tell two numbers apart, in algebraic numbers. What predicates about two points
/// mean is written here once more, in numbers.
namespace nabla::replay {

namespace {

/// The constant that a text of a witness means; nothing when it is none.
std::optional<Expr> constant_of(const Problem& problem, const std::string& text) {
  const WorkspaceScope scope(problem.workspace);
  if (const auto x = parse_rational(text)) return Expr(to_constant(*x));
  try {
    const Syntax syntax = parse_expression(Source("witness", text));
    Environment environment;
    Elaborator elaborator(syntax, environment, problem.workspace);
    const Expr value = elaborator.number(syntax.root());
    return value.shape().is_scalar() ? std::optional(value) : std::nullopt;
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<Point> read_point(const Problem& problem, const std::vector<Expr>& like,
                                const std::vector<std::string>& names, const Texts& texts) {
  Point point;
  for (std::size_t k = 0; k < like.size(); ++k) {
    const auto found = std::ranges::find(texts, names[k], &Texts::value_type::first);
    if (found == texts.end()) return std::nullopt;
    auto& entries = point.emplace_back();
    for (const std::string& text : found->second) {
      const auto value = constant_of(problem, text);
      if (!value) return std::nullopt;
      entries.push_back(*value);
    }
    if (static_cast<std::int64_t>(entries.size()) != like[k].shape().size()) return std::nullopt;
  }
  return point;
}

std::optional<Point> read_point(const Problem& problem, const Texts& texts) {
  std::vector<Expr> givens;
  std::vector<std::string> names;
  for (const Given& g : problem.givens) {
    givens.push_back(g.variable);
    names.push_back(g.name);
  }
  return read_point(problem, givens, names, texts);
}

ReplayedCertificate Replay::run(const Statement& statement) {
  const auto answer = answers("witness");
  const auto base = read_point(problem_, texts_);
  if (!base) return answer(Outcome::failed, "the witness has no constants of the right number for every variable");
  at_ = *base;

  const Statement* predicate = &statement;
  std::vector<const Statement*> premises;
  while (predicate->kind == Statement::Kind::implication && predicate->children.size() == 2) {
    premises.push_back(&predicate->children[0]);
    predicate = &predicate->children[1];
  }
  std::vector<Point> points{at_};
  if (is_about_points(*predicate)) {
    if (const std::string problem = read_pair(*predicate); !problem.empty()) return answer(Outcome::failed, problem);
    points.push_back(moved(first_));
    points.push_back(moved(second_));
  }
  for (const Point& p : points)
    if (auto outside = stated(p)) return answer(outside->first, outside->second);
  if (predicate->kind == Statement::Kind::negation && premises.empty() && exists_at(predicate->children[0], at_))
    return answer(Outcome::confirmed, "what is said not to be defined has a value, in intervals");
  if (is_about_existence(*predicate)) {
    for (const Statement* premise : premises) {
      const Seen seen = decided([&]<class V>() { return truth<V>(*premise); });
      if (seen.truth != Truth::yes)
        return answer(seen.truth == Truth::no ? Outcome::failed : Outcome::open,
                      "the premise does not certainly hold at the witness");
    }
    return breaks(*predicate) ? answer(Outcome::confirmed, "what both sides of the point do, in intervals")
                              : answer(Outcome::open, "both sides of the point look alike");
  }
  if (is_about_points(*predicate)) {
    const Seen between = decided([&]<class V>() { return middle_is_stated<V>(*predicate); });
    if (between.truth != Truth::yes)
      return answer(between.truth == Truth::no ? Outcome::failed : Outcome::open,
                    "what lies between the two points is not certainly in the stated set");
  }
  const Seen seen = decided([&]<class V>() { return truth<V>(statement); });
  if (seen.truth == Truth::unknown) return answer(Outcome::open, "the sides could not be told apart");
  if (seen.truth == Truth::yes) return answer(Outcome::failed, "the statement holds at the witness");
  return answer(Outcome::confirmed, seen.by);
}

bool Replay::exists_at(const Statement& defined, const Point& p) const {
  if (defined.kind != Statement::Kind::predicate || defined.predicate != "defined") return false;
  if (std::ranges::any_of(problem_.derivatives,
                          [&](const Derivative& d) { return d.place.line == defined.place.line; }))
    return false;
  const auto at = all_values<Enclosure>(p);
  const auto value = at ? outputs<Enclosure>({&defined.subject, 1}, *at) : std::nullopt;
  return value && std::ranges::all_of((*value)[0], [](const Enclosure& x) { return x.total && x.is_finite(); });
}

std::string Replay::read_pair(const Statement& predicate) {
  std::vector<std::string> first, second;
  for (const Expr& x : predicate.over) {
    const auto given = std::ranges::find_if(problem_.givens, [&](const Given& g) { return same(g.variable, x); });
    const auto pair = given == problem_.givens.end()
                          ? pairs_.points.end()
                          : std::ranges::find(pairs_.points, given->name, &PairNames::Variable::variable);
    if (pair == pairs_.points.end()) return "the witness has no two points for a variable of the predicate";
    first.push_back(pair->first);
    second.push_back(pair->second);
  }
  over_ = predicate.over;
  const auto a = read_point(problem_, over_, first, texts_);
  const auto b = read_point(problem_, over_, second, texts_);
  if (!a || !b) return "the witness has no constants of the right number for the two points";
  first_ = *a;
  second_ = *b;
  weight_.reset();
  if (!pairs_.weight.empty()) {
    const auto found = std::ranges::find(texts_, pairs_.weight, &Texts::value_type::first);
    if (found == texts_.end() || found->second.size() != 1) return "the witness has no weight";
    weight_ = constant_of(problem_, found->second[0]);
    if (!weight_) return "the weight of the witness is no constant";
  }
  return "";
}

Point Replay::moved(const Point& to) const {
  Point p = at_;
  for (std::size_t k = 0; k < over_.size(); ++k)
    for (std::size_t g = 0; g < problem_.givens.size(); ++g)
      if (same(problem_.givens[g].variable, over_[k])) p[g] = to[k];
  return p;
}

/// Nothing when the point is in the sets and the hypotheses hold there; else what is wrong.
std::optional<std::pair<Outcome, std::string>> Replay::stated(const Point& p) const {
  for (std::size_t g = 0; g < problem_.givens.size(); ++g) {
    const Seen seen = decided([&]<class V>() {
      const auto entries = values<V>(p[g]);
      return entries ? member<V>(problem_.givens[g].set, *entries) : Truth::unknown;
    });
    if (seen.truth != Truth::yes)
      return std::pair{seen.truth == Truth::no ? Outcome::failed : Outcome::open,
                       "the witness for '" + problem_.givens[g].name + "' is not certainly in its set"};
  }
  for (const Statement& h : problem_.hypotheses) {
    const Seen seen = decided([&]<class V>() {
      const auto at = all_values<V>(p);
      return at ? truth_at<V>(h, *at) : Truth::unknown;
    });
    if (seen.truth != Truth::yes)
      return std::pair{seen.truth == Truth::no ? Outcome::failed : Outcome::open,
                       "the assumption at line " + std::to_string(h.place.line) +
                           (seen.truth == Truth::no ? " does not hold" : " could not be decided")};
  }
  return std::nullopt;
}

}  // namespace nabla::replay

namespace nabla {

ReplayedCertificate replay_witness(const Problem& problem, const Statement& statement,
                                   const std::vector<std::pair<std::string, std::vector<std::string>>>& witness,
                                   const PairNames& pairs) {
  return replay::Replay(problem, witness, pairs).run(statement);
}

}  // namespace nabla
