#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/proofs/recheck/identity/algebra.hpp>
#include <nabla/proofs/recheck/inequality/boxes.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>
#include <nabla/proofs/recheck/inequality/replay.hpp>
#include <nabla/proofs/recheck/inequality/signs.hpp>

namespace nabla::rederive {

Problem with_replaced(Problem region, NodeId variable, const Expr& by) {
  for (Statement& h : region.hypotheses)
    for (Expr& side : h.sides) side = replaced(side, {{variable, by}});
  return region;
}

namespace {

constexpr int deepest = 60;
constexpr std::size_t most_parts = 40'000;

/// The hypotheses that do not speak of a variable: what is shown of one of its values holds of all.
Problem without_hypotheses_on(Problem region, NodeId variable) {
  std::erase_if(region.hypotheses,
                [&](const Statement& h) { return mentions(h.sides[0], variable) || mentions(h.sides[1], variable); });
  return region;
}

Problem fixed(const Problem& region, std::size_t k, const Expr& value) {
  Problem face = with_replaced(region, region.givens[k].variable.ref().id(), value);
  face.givens[k].set.entries = RealSet();
  face.givens[k].set.entries.elements = {value};
  return face;
}

}  // namespace

bool InequalityReplay::holds(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  if (depth > deepest) throw Unfounded("the proof is nested too deeply");
  const WorkspaceScope scope(region.workspace);
  const bool good = step(region, g, strict, proof, depth);
  if (!good && where_.empty()) where_ = "a step '" + proof.at("rule").get<std::string>() + "' was not confirmed";
  return good;
}

bool InequalityReplay::step(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto rule = proof.at("rule").get<std::string>();
  if (rule == "constant") {
    const Enclosure x = constant_value(g);
    return strict ? x.positive() : x.nonnegative();
  }
  if (rule == "zero") return !strict && equal(region, g, Expr(0));
  if (rule == "boxes") return holds_on_parts(region, g, strict, most_parts);
  if (rule == "impossible") return hypotheses_contradict(region);
  if (rule == "elements") return elements(region, g, strict, proof, depth);
  if (rule == "restrict") return restrict(region, g, strict, proof, depth);
  if (rule == "contrary") return contrary(region, g, strict, proof, depth);
  if (rule == "replace") return replace(region, g, strict, proof, depth);
  if (rule == "clear") return clear(region, g, strict, proof, depth);
  if (rule == "cases") return cases(region, g, strict, proof, depth);
  if (rule == "split") return split(region, g, strict, proof, depth);
  if (rule == "monotone") return monotone(region, g, strict, proof, depth);
  if (rule == "sum") return sum(region, g, strict, proof, depth);
  if (rule == "polynomial") return polynomial(region, g, strict, proof);
  if (rule == "exponential") return exponential(region, g, strict, proof, depth);
  if (rule == "squares") return squares(region, g, strict, proof, depth);
  if (rule == "logarithms") return logarithms(region, g, strict, proof, depth);
  if (rule == "tangents") return tangents(region, g, strict, proof, depth);
  if (rule == "error_function") return error_function(region, g, strict, proof, depth);
  if (rule == "reciprocal") return reciprocal(region, g, strict, proof, depth);
  if (rule == "either") return either(region, g, strict, proof, depth);
  if (rule == "periodic") return periodic(region, g, strict, proof, depth);
  if (rule == "least") return least(region, g, strict, proof, depth);
  if (rule == "tail") return tail(region, g, strict, proof, depth);
  throw Unfounded("there is no rule '" + rule + "'");
}

bool InequalityReplay::equal(const Problem& region, const Expr& a, const Expr& b) {
  for (const Given& given : region.givens) {  // an interval of one point
    const RealSet& set = given.set.entries;
    if (set.is_finite() || set.lo.empty() || set.hi.empty() || !set.lo_closed || !set.hi_closed) continue;
    const Enclosure lo = constant_value(set.lo), hi = constant_value(set.hi);
    if (!lo.is_point() || !hi.is_point() || !(lo.lo == hi.lo) || !lo.total || !hi.total) continue;
    const NodeId v = given.variable.ref().id();
    const std::vector<NodeId> in_a = variables_in(a), in_b = variables_in(b);
    if (std::ranges::find(in_a, v) == in_a.end() && std::ranges::find(in_b, v) == in_b.end()) continue;
    return equal(with_replaced(region, v, set.lo), replaced(a, {{v, set.lo}}), replaced(b, {{v, set.lo}}));
  }
  Json all{{"hypotheses", Json::array()}, {"sets", Json::array()}};
  for (std::size_t i = 0; i < region.hypotheses.size(); ++i) all["hypotheses"].push_back(i);
  const Replay again = recheck_identity(region, a, b, all.dump());
  if (again.answer != Replay::Answer::yes) where_ = "two expressions were not found equal: " + again.message;
  return again.answer == Replay::Answer::yes;
}

bool InequalityReplay::elements(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const Given& given = region.givens.at(proof.at("variable").get<std::size_t>());
  const NodeId v = given.variable.ref().id();
  const std::vector<Expr> values = given.set.entries.elements;
  const Json& proofs = proof.at("proofs");
  if (values.empty() || proofs.size() != values.size()) return false;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!holds(with_replaced(region, v, values[i]), replaced(g, {{v, values[i]}}), strict, proofs[i], depth + 1))
      return false;
  return true;
}

bool InequalityReplay::restrict(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto i = proof.at("hypothesis").get<std::size_t>();
  const auto k = proof.at("variable").get<std::size_t>();
  const Statement h = region.hypotheses.at(i);
  Problem next = region;
  RealSet& set = next.givens.at(k).set.entries;
  const Ref v = next.givens[k].variable.ref();
  if (set.is_finite()) return false;
  const bool first = h.sides[0].ref() == v;
  if (!first && h.sides[1].ref() != v) return false;
  const Expr bound = h.sides[first ? 1 : 0];
  if (!variables_in(bound).empty()) return false;
  const Comparison how = h.comparisons[0];
  if (how == Comparison::equal || how == Comparison::not_equal) return false;
  const bool greater = how == Comparison::greater || how == Comparison::greater_equal;
  const bool closed = how == Comparison::greater_equal || how == Comparison::less_equal;
  if (greater == first) {
    set.lo = bound;
    set.lo_closed = closed;
  } else {
    set.hi = bound;
    set.hi_closed = closed;
  }
  next.hypotheses.erase(next.hypotheses.begin() + static_cast<std::ptrdiff_t>(i));
  return holds(next, g, strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::contrary(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto i = proof.at("hypothesis").get<std::size_t>();
  const auto k = proof.at("variable").get<std::size_t>();
  const Statement h = region.hypotheses.at(i);
  const Expr x = region.givens.at(k).variable, at = decoded(region, proof.at("at"));
  const auto c = parse_rational(proof.at("factor").get<std::string>());
  const Comparison how = h.comparisons[0];
  if (!c || c->is_zero() || !variables_in(at).empty() || region.givens[k].set.entries.is_finite()) return false;
  if (how == Comparison::equal || how == Comparison::not_equal) return false;
  Problem free = region;
  free.hypotheses.clear();
  if (!equal(free, g, Expr(to_constant(*c)) * (x - at))) return false;
  Problem beyond = region;  // g has the other sign there
  beyond.hypotheses.erase(beyond.hypotheses.begin() + static_cast<std::ptrdiff_t>(i));
  RealSet& set = beyond.givens[k].set.entries;
  if (c->sign() > 0) {
    set.hi = at;
    set.hi_closed = strict;
  } else {
    set.lo = at;
    set.lo_closed = strict;
  }
  const bool greater = how == Comparison::greater || how == Comparison::greater_equal;
  const bool closed = how == Comparison::greater_equal || how == Comparison::less_equal;
  const Expr against = greater ? h.sides[1] - h.sides[0] : h.sides[0] - h.sides[1];
  return holds(beyond, against, closed, proof.at("proof"), depth + 1);
}

bool InequalityReplay::replace(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto i = proof.at("hypothesis").get<std::size_t>();
  const auto k = proof.at("variable").get<std::size_t>();
  const Statement h = region.hypotheses.at(i);
  const Expr x = region.givens.at(k).variable;
  const NodeId v = x.ref().id();
  const Expr by = decoded(region, proof.at("by"));
  const Comparison how = h.comparisons[0];
  if (how == Comparison::not_equal || region.givens[k].set.entries.is_finite()) return false;
  const bool greater = how == Comparison::greater || how == Comparison::greater_equal;
  const Expr slack = greater ? h.sides[0] - h.sides[1] : h.sides[1] - h.sides[0];
  if (how == Comparison::equal) {
    if (mentions(by, v) || !equal(region, x, by)) return false;
  } else {
    Problem free = region;
    free.hypotheses.clear();
    if (!equal(free, replaced(by, {{v, slack}}), x)) return false;
  }
  Problem next = region;
  next.hypotheses.erase(next.hypotheses.begin() + static_cast<std::ptrdiff_t>(i));
  next = with_replaced(next, v, by);
  const RealSet before = region.givens[k].set.entries;
  for (const bool lower : {true, false}) {
    const Expr& end = lower ? before.lo : before.hi;
    if (end.empty()) continue;
    const bool closed = lower ? before.lo_closed : before.hi_closed;
    Statement kept;
    kept.sides = {by, end};
    kept.comparisons = {lower ? (closed ? Comparison::greater_equal : Comparison::greater)
                              : (closed ? Comparison::less_equal : Comparison::less)};
    next.hypotheses.push_back(std::move(kept));
  }
  RealSet& set = next.givens[k].set.entries;
  set = RealSet();
  set.lo = Expr(0);
  set.lo_closed = how != Comparison::less && how != Comparison::greater;
  return holds(next, replaced(g, {{v, by}}), strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::cases(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  static const std::map<std::string, std::pair<Signs, Comparison>> words{
      {"negative", {rederive::negative, Comparison::less}},
      {"zero", {rederive::zero, Comparison::equal}},
      {"nonpositive", {rederive::nonpositive, Comparison::less_equal}},
      {"positive", {rederive::positive, Comparison::greater}},
      {"nonzero", {rederive::nonzero, Comparison::not_equal}},
      {"nonnegative", {rederive::nonnegative, Comparison::greater_equal}}};
  const Expr of = decoded(region, proof.at("of"));
  Signs covered = 0;
  for (const Json& part : proof.at("parts")) {
    const auto& [signs, how] = words.at(part.at("sign").get<std::string>());
    covered |= signs;
    Problem next = region;
    Statement h;
    h.sides = {of, Expr(0)};
    h.comparisons = {how};
    next.hypotheses.push_back(std::move(h));
    if (!holds(next, g, strict, part.at("proof"), depth + 1)) return false;
  }
  return covered == any;
}

bool InequalityReplay::split(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto k = proof.at("variable").get<std::size_t>();
  const Expr at = decoded(region, proof.at("at"));
  if (!variables_in(at).empty() || region.givens.at(k).set.entries.is_finite()) return false;
  Problem below = region, above = region;
  RealSet &left = below.givens[k].set.entries, &right = above.givens[k].set.entries;
  // A point that one side leaves out is on the other.
  const std::string open = proof.value("open", "");
  left.hi = at;
  left.hi_closed = open != "below";
  right.lo = at;
  right.lo_closed = open != "above";
  return holds(below, g, strict, proof.at("below"), depth + 1) && holds(above, g, strict, proof.at("above"), depth + 1);
}

bool InequalityReplay::monotone(const Problem& whole, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto k = proof.at("variable").get<std::size_t>();
  const Given given = whole.givens.at(k);
  const NodeId v = given.variable.ref().id();
  const Problem region = without_hypotheses_on(whole, v);
  const bool increasing = proof.at("increasing").get<bool>();
  const bool strict_slope = proof.at("strict_slope").get<bool>();
  const RealSet& set = given.set.entries;
  const Expr end = increasing ? set.lo : set.hi;
  const bool attained = increasing ? set.lo_closed : set.hi_closed;
  if (set.is_finite() || end.empty() || !variables_in(end).empty()) return false;
  if (strict_slope && (!strict || attained)) return false;
  const Expr slope = gradient(g, given.variable);
  Problem inside = region, closed = region;
  inside.givens[k].set.entries.lo_closed = inside.givens[k].set.entries.hi_closed = false;
  (increasing ? closed.givens[k].set.entries.lo_closed : closed.givens[k].set.entries.hi_closed) = true;
  const Expr both[] = {replaced(g, {}), replaced(slope, {})};
  Evaluation interior(region, both);
  interior.run(part_of(inside));
  Evaluation up_to_the_end(region, {both, 1});
  up_to_the_end.run(part_of(closed));
  if (!interior.differentiable() || !up_to_the_end.continuous()) {
    where_ = "a function is not seen to be differentiable where its derivative is used";
    return false;
  }
  return holds(fixed(region, k, end), replaced(g, {{v, end}}), strict && !strict_slope, proof.at("face"), depth + 1) &&
         holds(inside, increasing ? slope : -slope, strict_slope, proof.at("slope"), depth + 1);
}

}  // namespace nabla::rederive
