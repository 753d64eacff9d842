#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/recheck/curvature/rules.hpp>
#include <optional>

namespace nabla::bending {

namespace {

unsigned flipped(unsigned m) {
  return (has(m, still) ? still : 0u) | (has(m, convex) ? concave : 0u) | (has(m, concave) ? convex : 0u);
}
unsigned if_(bool condition, unsigned marks) { return condition ? marks : 0u; }

/// How operators that compose by themselves bend and run on their whole domain.
struct Profile {
  unsigned bend;
  int run;  // 1 rises, -1 falls, 2 rises with |t|
};
struct NamedProfile {
  std::string_view name;
  Profile profile;
};
/// Of tensors, which the facts of a record do not speak of.
constexpr NamedProfile profiles[] = {
    {"norm", {convex, 2}},      {"amax", {convex, 1}},         {"amin", {concave, 1}},
    {"logsumexp", {convex, 1}}, {"log_softmax", {concave, 0}},
};

std::optional<Profile> profile_of(const OperatorInfo& info) {
  for (const NamedProfile& p : profiles)
    if (p.name == info.name) return p.profile;
  const Facts& facts = info.facts;
  if (facts.curvature != Curvature::convex && facts.curvature != Curvature::concave) return std::nullopt;
  const unsigned bend = facts.curvature == Curvature::convex ? convex : concave;
  if (facts.monotone == Monotone::increasing) return Profile{bend, 1};
  if (facts.monotone == Monotone::decreasing) return Profile{bend, -1};
  if (facts.parity == Parity::even && bend == convex) return Profile{bend, 2};
  return Profile{bend, 0};
}

}  // namespace

Marks::Marks(const Problem& problem, const RangeTable& ranges, const std::vector<Expr>& over)
    : problem_(problem), graph_(problem.workspace->graph()), ranges_(ranges) {
  for (const Expr& x : over) over_.push_back(x.ref().id());
}

unsigned Marks::of(Ref ref) const {
  if (graph_.as_constant(ref) != nullptr) {
    const Range r = ranges_.of(ref);
    return still | affine | if_(r.positive, log_convex | log_concave) | if_(r.nonnegative(), squares);
  }
  return ref.is_node() && ref.id() < marks_.size() ? marks_[ref.id()] : 0u;
}

void Marks::run(Ref target) {
  const Ref targets[] = {target};
  visited_ = reachable(graph_, targets);
  marks_.assign(visited_.size(), 0u);
  for (NodeId id = 0; id < visited_.size(); ++id) {
    if (!visited_[id]) continue;
    unsigned m = rule(id);
    if (const auto more = given_.find(id); more != given_.end()) m |= more->second;
    const Range r = ranges_.of(Ref::node(id));
    if (has(m, still)) m = still | affine | if_(r.positive, log_convex | log_concave) | if_(r.nonnegative(), squares);
    m |= if_(has(m, concave) && r.positive, log_concave);
    m |= if_((m & (log_convex | squares)) != 0, convex);
    marks_[id] = m;
  }
}

bool Marks::definite_variable(Ref ref) const {
  return std::ranges::any_of(problem_.givens,
                             [&](const Given& g) { return g.variable.ref() == ref && g.set.kind == Set::Kind::spd; });
}

unsigned Marks::times(unsigned m, const Range& factor) const {
  if (factor.nonnegative()) return factor.positive ? m : m & ~(log_convex | log_concave);
  if (factor.nonpositive()) return flipped(m);
  return has(m, affine) ? affine : 0u;
}

unsigned Marks::square_of(Ref u) const {
  const unsigned m = of(u);
  const Range r = ranges_.of(u);
  const bool bends = has(m, affine) || (has(m, convex) && r.nonnegative()) || (has(m, concave) && r.nonpositive());
  return if_(bends, convex | squares) | (m & (log_convex | log_concave));
}

unsigned Marks::power_of(Ref u, std::int64_t n) const {
  if (n == 0) return still;
  if (n == 1) return of(u);
  if (n == 2) return square_of(u);
  const unsigned m = of(u);
  const Range r = ranges_.of(u);
  unsigned result = n > 0 ? m & (log_convex | log_concave)
                          : if_(has(m, log_concave), log_convex) | if_(has(m, log_convex), log_concave);
  const bool even = n % 2 == 0;
  if (n > 0 && even && (has(m, affine) || (has(m, convex) && r.nonnegative()) || (has(m, concave) && r.nonpositive())))
    result |= convex;
  if (n > 0 && !even)
    result |= if_(has(m, convex) && r.nonnegative(), convex) | if_(has(m, concave) && r.nonpositive(), concave);
  if (n < 0 && r.positive) result |= if_(has(m, concave), convex);
  if (n < 0 && r.negative) result |= if_(has(m, convex), even ? convex : concave);
  return result;
}

unsigned Marks::real_power_of(Ref u, Ref exponent) const {
  const unsigned m = of(u), k = of(exponent);
  const Range base = ranges_.of(u), e = ranges_.of(exponent);
  if (has(m, still) && base.positive) {
    const bool grows = base.box.lo >= 1, falls = base.box.hi <= 1;
    return if_(has(k, affine) || (grows && has(k, convex)) || (falls && has(k, concave)), log_convex) |
           if_(has(k, affine) || (grows && has(k, concave)) || (falls && has(k, convex)), log_concave);
  }
  if (!has(k, still) || !base.nonnegative()) return 0;
  unsigned result = 0;
  if (base.positive && e.nonnegative()) result |= m & (log_convex | log_concave);
  if (base.positive && e.nonpositive())
    result |= if_(has(m, log_concave), log_convex) | if_(has(m, log_convex), log_concave);
  if (e.box.lo >= 1) result |= if_(has(m, convex), convex | if_(e.box.lo >= 2, squares));
  if (e.nonnegative() && e.box.hi <= 1 && (base.positive || e.positive)) result |= if_(has(m, concave), concave);
  if (e.nonpositive() && base.positive) result |= if_(has(m, concave), convex);
  return result;
}

unsigned Marks::divided(Ref a, Ref b) const {
  const unsigned m = of(a), d = of(b);
  const Range under = ranges_.of(b);
  if (has(d, still)) {
    if (under.positive) return m;
    if (under.negative) return flipped(m);
    return has(m, affine) ? affine : 0u;
  }
  unsigned result = if_(has(m, log_convex) && has(d, log_concave), log_convex) |
                    if_(has(m, log_concave) && has(d, log_convex), log_concave);
  if (has(m, squares) && has(d, concave) && under.positive) result |= convex;
  if (has(m, still))
    result |= times(if_(has(d, concave) && under.positive, convex) | if_(has(d, convex) && under.negative, concave),
                    ranges_.of(a));
  return result;
}

unsigned Marks::sums_of_products(NodeId id) const {
  const auto x = graph_.operands(id);
  const bool inner = graph_.shape(id).is_scalar();
  if (inner && x[0] == x[1]) return square_of(x[0]) & ~(log_concave | log_convex);
  if (inner)
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      const Ref u = x[k], v = x[1 - k];
      if (!v.is_node() || graph_.info(v.id()).name != "matmul" || !has(of(u), affine)) continue;
      const auto f = graph_.operands(v.id());
      if ((f[1] == u && semidefinite(f[0])) || (f[0] == u && semidefinite(f[1]))) return convex | squares;
    }
  unsigned m = 0;
  if (has(of(x[0]), still)) {
    m = times(of(x[1]), ranges_.of(x[0]));
  } else if (has(of(x[1]), still)) {
    m = times(of(x[0]), ranges_.of(x[1]));
  } else {
    m = of(x[0]) & of(x[1]) & (log_convex | log_concave);
  }
  if (graph_.info(id).name == "outer") return m;
  m &= ~static_cast<unsigned>(log_concave);
  return ranges_.of(Ref::node(id)).positive ? m : m & ~static_cast<unsigned>(log_convex);
}

unsigned Marks::rule(NodeId id) const {
  const OperatorInfo& info = graph_.info(id);
  const std::string& name = info.name;
  const Ref self = Ref::node(id);
  if (graph_.as_constant(self) != nullptr) return of(self);
  if (info.family == Family::leaf) return std::ranges::find(over_, id) != over_.end() ? affine : still;
  const auto x = graph_.operands(id);
  unsigned all = ~0u;
  for (const Ref r : x) all &= of(r);
  if (has(all, still)) return still;
  all &= ~static_cast<unsigned>(still);
  const unsigned a = of(x[0]), b = x.size() > 1 ? of(x[1]) : 0u;
  const auto range = [&](std::size_t k) { return ranges_.of(x[k]); };

  if (name == "add") return all & ~static_cast<unsigned>(log_concave);
  if (name == "sub") return a & flipped(b) & affine;
  if (name == "neg") return flipped(a);
  if (name == "mul") {
    if (has(a, still)) return times(b, range(0));
    if (has(b, still)) return times(a, range(1));
    return x[0] == x[1] ? square_of(x[0]) : all & (log_convex | log_concave);
  }
  if (name == "div") return divided(x[0], x[1]);
  if (name == "reciprocal") return power_of(x[0], -1);
  if (name == "powi") return power_of(x[0], graph_.attributes(id)[0]);
  if (name == "pow") return real_power_of(x[0], x[1]);
  if (name == "exp") return if_(has(a, convex), convex | log_convex) | if_(has(a, concave), log_concave);
  if (name == "max") return all & (convex | log_convex);
  if (name == "min") return all & (concave | log_concave);
  if (name == "where") return has(a, still) ? of(x[1]) & of(x[2]) & ~static_cast<unsigned>(still) : 0u;
  if (name == "concat" || name == "stack") return all;
  if (name == "dot" || name == "matmul" || name == "outer") return sums_of_products(id);
  if (name == "prod") return a & (log_convex | log_concave);
  if (name == "sigmoid") return if_(has(a, concave), log_concave);
  if (name == "softmax") return if_(has(a, affine), log_concave);
  if (name == "logaddexp") return all & convex;
  if (name == "hypot") {
    const auto fits = [&](unsigned m, const Range& r) { return has(m, affine) || (has(m, convex) && r.nonnegative()); };
    return if_(fits(a, range(0)) && fits(b, range(1)), convex);
  }
  if (name == "squared_error") return if_(has(all, affine), convex | squares);
  if (name == "cross_entropy" || name == "softmax_cross_entropy") {
    if (x.size() == 3 && !(has(of(x[2]), still) && range(2).box.lo > 1)) return 0;
    if (has(a, still)) return has(b, affine) ? affine : 0u;
    const bool fits = name == "cross_entropy" ? has(a, log_concave) : has(a, affine);
    return if_(has(b, still) && fits && range(1).nonnegative(), convex) |
           if_(has(b, still) && fits && range(1).nonpositive(), concave);
  }
  if (const int moves = moves_entries(name); moves != 0) {
    if (moves == 1) return a;
    const unsigned kept = a & ~static_cast<unsigned>(log_concave);
    return ranges_.of(self).positive ? kept : kept & ~static_cast<unsigned>(log_convex);
  }
  unsigned result = 0;
  if (const auto p = profile_of(graph_.info(id))) {
    const Range r = range(0);
    const bool rises = p->run == 1 || (p->run == 2 && r.nonnegative());
    const bool falls = p->run == -1 || (p->run == 2 && r.nonpositive());
    if (has(a, affine)) result |= p->bend;
    if (p->bend == convex) result |= if_((rises && has(a, convex)) || (falls && has(a, concave)), convex);
    if (p->bend == concave) result |= if_((rises && has(a, concave)) || (falls && has(a, convex)), concave);
  }
  if (name == "log" || name == "log2" || name == "log10") {
    result |= if_(has(a, log_convex), convex) | if_(has(a, log_concave), concave);
    if (x[0].is_node() && graph_.info(x[0].id()).name == "det" && definite_variable(graph_.operands(x[0].id())[0]))
      result |= concave;
  }
  if (name == "sqrt") result |= (a & (log_convex | log_concave)) | if_(has(a, squares), convex);
  if (name == "square") result |= square_of(x[0]);
  return result;
}

bool Marks::is_linear(Ref ref) const {
  if (!ref.is_node()) return false;
  const Ref targets[] = {ref};
  const auto needed = reachable(graph_, targets);
  std::vector<bool> shown(needed.size(), false);
  const auto is = [&](Ref r) {
    if (const Constant* c = graph_.as_constant(r)) return c->is(0);
    return r.is_node() && shown[r.id()];
  };
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    const auto x = graph_.operands(id);
    const std::string& name = graph_.info(id).name;
    const auto multiple = [&](std::size_t k) { return has(of(x[k]), still) && is(x[1 - k]); };
    if (graph_.info(id).family == Family::leaf) {
      shown[id] = std::ranges::find(over_, id) != over_.end() || is(Ref::node(id));
    } else if (name == "add" || name == "sub" || name == "neg" || name == "concat" || name == "stack" ||
               moves_entries(name) != 0) {
      shown[id] = std::ranges::all_of(x, is);
    } else if (name == "mul" || name == "dot" || name == "matmul" || name == "outer") {
      shown[id] = multiple(0) || multiple(1);
    } else if (name == "div") {
      shown[id] = multiple(1);
    } else if (name == "where") {
      shown[id] = has(of(x[0]), still) && is(x[1]) && is(x[2]);
    }
  }
  return shown[ref.id()];
}

bool Marks::semidefinite(Ref ref) const {
  if (!ref.is_node()) return false;
  const Ref targets[] = {ref};
  const auto needed = reachable(graph_, targets);
  std::vector<bool> shown(needed.size(), false);
  const auto is = [&](Ref r) { return r.is_node() && shown[r.id()]; };
  const auto flips = [&](Ref a, Ref b) {
    if (!b.is_node() || graph_.info(b.id()).name != "transpose" || graph_.operands(b.id())[0] != a) return false;
    const Attributes order = graph_.attributes(b.id());
    return order.empty() || (order.size() == 2 && order[0] == 1 && order[1] == 0);
  };
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || graph_.shape(id).rank() != 2 || !has(of(Ref::node(id)), still)) continue;
    const std::string& name = graph_.info(id).name;
    const auto x = graph_.operands(id);
    const auto number = [&](Ref r) { return graph_.shape(r).is_scalar() ? ranges_.of(r) : Range{}; };
    shown[id] =
        definite_variable(Ref::node(id)) || (name == "diag" && ranges_.of(x[0]).nonnegative()) ||
        (name == "add" && is(x[0]) && is(x[1])) ||
        (name == "mul" && ((is(x[0]) && number(x[1]).nonnegative()) || (is(x[1]) && number(x[0]).nonnegative()))) ||
        (name == "div" && is(x[0]) && number(x[1]).positive) ||
        (name == "matmul" && graph_.shape(x[0]).rank() == 2 && graph_.shape(x[1]).rank() == 2 &&
         (flips(x[0], x[1]) || flips(x[1], x[0]))) ||
        (name == "outer" && x[0] == x[1]) || ((name == "transpose" || name == "inv") && is(x[0]));
  }
  return shown[ref.id()];
}

}  // namespace nabla::bending
