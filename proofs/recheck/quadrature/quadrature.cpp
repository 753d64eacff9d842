#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/claim/mentions.hpp>
#include <nabla/proofs/recheck/inequality/boxes.hpp>
#include <nabla/proofs/recheck/inequality/expression.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>
#include <nabla/proofs/recheck/quadrature/cells.hpp>
#include <nabla/proofs/recheck/quadrature/quadrature.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using namespace rederive;
using Evidence = nlohmann::ordered_json;

constexpr std::size_t most_boxes = 400;
constexpr int deepest_tree = 40;

const Fineness finenesses[] = {
    {.bits = 128, .terms = 8, .most = 40, .error = 1e-9},
    {.bits = 128, .terms = 12, .most = 200, .error = 1e-20},
    {.bits = 256, .terms = 24, .most = 400, .error = 1e-40},
    {.bits = 320, .terms = 32, .most = 480, .error = 1e-64},
};

ReplayedCertificate answer(Outcome outcome, std::string message) {
  ReplayedCertificate r;
  r.outcome = outcome;
  r.message = std::move(message);
  return r;
}

class IntegralReplay {
 public:
  explicit IntegralReplay(const Problem& problem)
      : problem_(problem), calculus_(problem.workspace, problem.integrals), cells_(problem, calculus_) {
    for (const ParametricIntegral& i : problem.integrals) values_.push_back(i.value);
    for (const Given& g : problem.givens) {
      bool own = true;
      for (const ParametricIntegral& i : problem.integrals)
        own = own && !same(g.variable, i.value) && !same(g.variable, i.inside);
      is_own_.push_back(own);
    }
  }

  /// The region of a proof: hypotheses about integrals are left out.
  Problem region() const {
    Problem region = problem_;
    std::erase_if(region.hypotheses, [&](const Statement& h) { return mentions(h, values_); });
    for (const Statement& h : region.hypotheses) narrow(region, h);
    return region;
  }

  ReplayedCertificate at_witness(const Statement& relation, Comparison how, const Evidence& witness) {
    for (const Statement& h : problem_.hypotheses)
      if (mentions(h, values_)) return answer(Outcome::open, "a hypothesis about an integral");
    // What every point fails: whether this is a point of the stated set at which the hypotheses hold.
    Problem bare = problem_;
    bare.integrals.clear();
    bare.must_be_defined.clear();
    bare.derivatives.clear();
    std::erase_if(bare.givens, [](const Given& g) { return g.place.line == 0; });
    std::vector<std::pair<std::string, std::vector<std::string>>> texts;
    for (const auto& [name, entries] : witness.items())
      texts.emplace_back(name, entries.get<std::vector<std::string>>());
    Statement never;
    never.place = relation.place;
    const WorkspaceScope scope(problem_.workspace);
    never.sides = {Expr(0), Expr(1)};
    never.comparisons = {Comparison::equal};
    if (ReplayedCertificate r = replay_witness(bare, never, texts); r.outcome != Outcome::confirmed) return r;
    for (const Fineness& fineness : finenesses) {
      const EnclosureBits bits(fineness.bits);
      Values at;
      for (const Given& g : problem_.givens) {
        at.emplace_back(static_cast<std::size_t>(g.variable.shape().size()), Enclosure::whole(true));
        for (const auto& [name, entries] : texts) {
          if (name != g.name || g.place.line == 0) continue;
          if (entries.size() != at.back().size()) return answer(Outcome::failed, "the witness has other entries");
          for (std::size_t k = 0; k < entries.size(); ++k) {
            const auto x = parse_rational(entries[k]);
            if (!x) return answer(Outcome::open, "a witness that is not rational");
            at.back()[k] = Enclosure::of(*x);
          }
        }
      }
      const Enclosure a = cells_.value(relation.sides[0], at, fineness);
      const Enclosure b = cells_.value(relation.sides[1], at, fineness);
      if (!a.is_finite() || !b.is_finite()) continue;
      const Enclosure gap = a - b;
      const bool differs = gap.hi.sign() < 0 || gap.lo.sign() > 0;
      const bool above = gap.lo.sign() > 0, below = gap.hi.sign() < 0;
      bool fails = false;
      if (how == Comparison::equal) fails = differs;
      if (how == Comparison::less || how == Comparison::less_equal) fails = above;
      if (how == Comparison::greater || how == Comparison::greater_equal) fails = below;
      if (fails) return answer(Outcome::confirmed, "integrals enclosed, MPFR rounding outward");
      if (differs) return answer(Outcome::failed, "the relation does not fail at the witness");
    }
    return answer(Outcome::open, "the sides are not told apart");
  }

  bool holds(const Problem& region, const Expr& g, bool strict, const Evidence& proof, int depth) {
    if (depth > deepest_tree) return no("a proof that is too deep");
    const std::string rule = proof.at("rule");
    if (rule == "plain") {
      if (calculus_.reads(g)) return no("an integral in an inequality without integrals");
      return plain(region, g, strict, proof.at("proof"));
    }
    if (rule == "value") return own_variables(g).empty() ? has_value(region, g, strict) : no("a value of a variable");
    if (rule == "boxes") return on_boxes(region, g, strict);
    if (rule == "under") return under(region, g, strict, proof);
    if (rule == "monotone") return monotone(region, g, strict, proof, depth);
    return no("an unknown rule");
  }

  /// Whether the integrals that g reads exist, where their densities have values between the ends.
  bool exist(const Problem& region, const Expr& g) {
    for (const std::size_t k : calculus_.read_by(g)) {
      std::vector<Values> open{place_of(region)};
      if (cells_.total(k, open[0])) continue;
      const Expr value = calculus_.integrals()[k].value;
      const std::vector<std::size_t> moving = own_variables(value);
      for (const std::size_t v : moving)
        if (open[0][v].size() != 1 || !open[0][v][0].is_finite()) return no("whether an integral exists");
      for (std::size_t done = 0; !open.empty(); ++done) {
        if (done > most_boxes) return no("whether an integral exists");
        const Values box = std::move(open.back());
        open.pop_back();
        if (cells_.value(value, box, finenesses[0]).is_finite()) continue;
        if (moving.empty() || !halve(open, box, moving)) return no("whether an integral exists");
      }
    }
    return true;
  }

  const std::string& why() const { return why_; }

 private:
  /// A bound that a hypothesis states of a given number, where it is tighter than the end of its set.
  static void narrow(Problem& region, const Statement& h) {
    if (h.kind != Statement::Kind::relation || h.comparisons.size() != 1) return;
    const Comparison how = h.comparisons[0];
    const bool upwards = how == Comparison::greater || how == Comparison::greater_equal;
    const bool downwards = how == Comparison::less || how == Comparison::less_equal;
    const bool closed = how == Comparison::greater_equal || how == Comparison::less_equal;
    if (!upwards && !downwards) return;
    for (Given& g : region.givens) {
      RealSet& set = g.set.entries;
      if (g.set.kind != Set::Kind::entries || set.is_finite() || !g.set.shape.is_scalar()) continue;
      for (const std::size_t k : {0U, 1U}) {
        const Expr& bound = h.sides[1 - k];
        if (!same(g.variable, h.sides[k]) || !variables_in(bound).empty()) continue;
        const bool is_lower = k == 0 ? upwards : downwards;
        Expr& end = is_lower ? set.lo : set.hi;
        if (!end.empty()) {
          const Enclosure gain =
              is_lower ? constant_value(bound) - constant_value(end) : constant_value(end) - constant_value(bound);
          if (!gain.total || gain.lo.sign() <= 0) continue;
        }
        end = bound;
        (is_lower ? set.lo_closed : set.hi_closed) = closed;
      }
    }
  }

  bool no(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    return false;
  }

  bool plain(const Problem& region, const Expr& g, bool strict, const Evidence& proof) {
    const Replay again = recheck_sign(region, g, strict ? "positive" : "nonnegative", proof.dump());
    return again.answer == Replay::Answer::yes || no(again.message);
  }

  std::vector<std::size_t> own_variables(const Expr& g) const {
    std::vector<std::size_t> list;
    const auto read = calculus_.read_by(g);
    for (std::size_t k = 0; k < problem_.givens.size(); ++k) {
      const Expr& x = problem_.givens[k].variable;
      if (is_own_[k] && (depends_on(g, x) || std::ranges::any_of(read, [&](std::size_t i) {
                           return depends_on(calculus_.integrals()[i].density, x);
                         })))
        list.push_back(k);
    }
    return list;
  }

  /// The closed hull of the sets.
  Values place_of(const Problem& region) const {
    Values place;
    for (const Given& g : region.givens) {
      const auto n = static_cast<std::size_t>(g.variable.shape().size());
      Problem one;
      one.workspace = region.workspace;
      one.givens = {g};
      Enclosure x = Enclosure::whole(true);
      if (g.set.kind == Set::Kind::entries) x = part_of(one).at(0);
      x.lo_open = x.hi_open = false;
      place.emplace_back(n, x);
    }
    return place;
  }

  static bool good(const Enclosure& x, bool strict) { return x.total && (strict ? x.lo.sign() > 0 : x.lo.sign() >= 0); }

  bool has_value(const Problem& region, const Expr& g, bool strict) {
    const Values place = place_of(region);
    for (const Fineness& fineness : finenesses)
      if (good(cells_.value(g, place, fineness), strict)) return true;
    return no("a value that does not have the sign");
  }

  /// Both halves of a box along its widest side.
  static bool halve(std::vector<Values>& open, const Values& box, const std::vector<std::size_t>& moving) {
    std::size_t widest = moving.at(0);
    Enclosure most = 0;
    for (const std::size_t k : moving) {
      const Enclosure w = box[k][0] - box[k][0];
      if (most.hi < w.hi) {
        most = w;
        widest = k;
      }
    }
    const End cut = midpoint(box[widest][0]);
    if (!(box[widest][0].lo < cut) || !(cut < box[widest][0].hi)) return false;
    for (const bool lower : {true, false}) {
      open.push_back(box);
      Enclosure& x = open.back()[widest][0];
      x = lower ? Enclosure::between(x.lo, cut) : Enclosure::between(cut, x.hi);
    }
    return true;
  }

  bool on_boxes(const Problem& region, const Expr& g, bool strict) {
    const std::vector<std::size_t> moving = own_variables(g);
    std::vector<Values> open{place_of(region)};
    std::vector<Expr> slopes;
    bool smooth = true;
    for (const std::size_t k : moving) {
      if (open[0][k].size() != 1 || !open[0][k][0].is_finite()) return no("an unbounded box");
      smooth = smooth && cells_.differentiable(g, k, open[0]);
    }
    if (smooth)
      for (const std::size_t k : moving) slopes.push_back(calculus_.derivative(g, region.givens[k].variable));
    for (std::size_t done = 0; !open.empty(); ++done) {
      if (done > most_boxes) return no("too many boxes");
      const Values box = std::move(open.back());
      open.pop_back();
      if (good(cells_.value(g, box, finenesses[0]), strict)) continue;
      if (!slopes.empty()) {
        Values centre = box;
        for (const std::size_t k : moving) centre[k] = {Enclosure::between(midpoint(box[k][0]), midpoint(box[k][0]))};
        Enclosure least = cells_.value(g, centre, finenesses[0]);
        for (std::size_t j = 0; j < moving.size(); ++j)
          least = least + cells_.value(slopes[j], box, finenesses[0]) * (box[moving[j]][0] - centre[moving[j]][0]);
        if (good(least, strict)) continue;
      }
      if (moving.empty() || !halve(open, box, moving)) return no("a box that cannot be halved");
    }
    return true;
  }

  bool under(const Problem& region, const Expr& g, bool strict, const Evidence& proof) {
    const WorkspaceScope scope(problem_.workspace);
    Expr sum(0), rest = g, s;
    for (const ParametricIntegral& i : calculus_.integrals()) {
      if (!depends_on(g, i.value)) continue;
      const Expr factor = gradient(g, i.value);
      if (calculus_.reads(factor) || calculus_.reads(i.density)) return no("an integral that does not occur linearly");
      if (s.empty()) s = i.inside;
      sum = sum + factor * substitute(i.density, {{i.inside, s}});
      rest = substitute(rest, {{i.value, Expr(0)}});
    }
    if (s.empty()) return no("no integral to put the rest under");
    const Expr weights[] = {Expr(1), Expr(2) * s, Expr(2) - Expr(2) * s, Expr(3) * s * s};
    const auto w = proof.at("weight").get<std::size_t>();
    if (w >= std::size(weights)) return no("no such weight");
    return plain(region, sum + rest * weights[w], strict, proof.at("proof"));
  }

  bool monotone(const Problem& region, const Expr& g, bool strict, const Evidence& proof, int depth) {
    const WorkspaceScope scope(problem_.workspace);
    const auto k = proof.at("variable").get<std::size_t>();
    if (!is_own_.at(k)) return no("a variable that is not given");
    const Given& x = region.givens.at(k);
    const bool up = proof.at("up");
    const RealSet& set = x.set.entries;
    const Expr& end = up ? set.lo : set.hi;
    if (x.set.kind != Set::Kind::entries || !x.set.shape.is_scalar() || set.is_finite() || end.empty())
      return no("a set without such an end");
    if (!cells_.differentiable(g, k, place_of(region))) return no("not seen to be differentiable");
    Problem along = region;
    std::erase_if(along.hypotheses, [&](const Statement& h) { return mentions(h, {x.variable}); });
    const Expr slope = calculus_.derivative(g, x.variable);
    const Expr rise = up ? slope : -slope;
    const Expr start = calculus_.at(g, x.variable, end);
    const bool strict_rise = strict && !(up ? set.lo_closed : set.hi_closed);
    return holds(along, start, strict && !strict_rise, proof.at("start"), depth + 1) &&
           holds(along, rise, strict_rise, proof.at("slope"), depth + 1);
  }

  const Problem& problem_;
  IntegralCalculus calculus_;
  Cells cells_;
  std::vector<Expr> values_;
  std::vector<bool> is_own_;
  std::string why_;
};

}  // namespace

ReplayedCertificate replay_quadrature(const Problem& problem, const Statement& statement,
                                      const nlohmann::ordered_json& evidence) {
  if (statement.kind == Statement::Kind::implication && statement.children.size() == 2 &&
      statement.children[0].kind == Statement::Kind::relation) {
    Problem supposing = problem;
    supposing.hypotheses.push_back(statement.children[0]);
    return replay_quadrature(supposing, statement.children[1], evidence);
  }
  const Statement* relation = &statement;
  bool negated = false;
  while (relation->kind == Statement::Kind::negation) {
    relation = &relation->children.at(0);
    negated = !negated;
  }
  if (problem.functions != FunctionTreatment::none || relation->kind != Statement::Kind::relation ||
      relation->comparisons.size() != 1 || !relation->sides[0].shape().is_scalar() ||
      !relation->sides[1].shape().is_scalar())
    return answer(Outcome::failed, "the certificate speaks of a relation of two numbers");
  const Comparison how = negated ? negation_of(relation->comparisons[0]) : relation->comparisons[0];
  IntegralReplay replay(problem);
  if (evidence.contains("witness")) return replay.at_witness(*relation, how, evidence.at("witness"));
  const WorkspaceScope scope(problem.workspace);
  const std::string side = evidence.at("side");
  const bool up = side == "up";
  const bool strict = how == Comparison::less || how == Comparison::greater || how == Comparison::not_equal;
  const bool wants_up = how == Comparison::greater || how == Comparison::greater_equal;
  const bool wants_down = how == Comparison::less || how == Comparison::less_equal;
  if (how == Comparison::equal || (side != "up" && side != "down") || (wants_up && !up) || (wants_down && up))
    return answer(Outcome::failed, "the certificate does not fit the relation");
  const Expr a = relation->sides[0] - relation->sides[1], b = relation->sides[1] - relation->sides[0];
  const Problem region = replay.region();
  const bool holds = replay.exist(region, a) && replay.holds(region, up ? a : b, strict, evidence.at("proof"), 0);
  return holds ? answer(Outcome::confirmed, "") : answer(Outcome::open, replay.why());
}

}  // namespace nabla
