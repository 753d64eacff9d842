#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/point.hpp>
#include <nabla/proofs/check/wellposed/sign.hpp>

namespace nabla::wellposed {

namespace {

constexpr int most_passes = 4;

std::uint64_t tag_of(NodeId id, std::size_t entry) {
  return ((static_cast<std::uint64_t>(id) + 1) << 32) | (static_cast<std::uint64_t>(entry) + 1);
}

/// An enclosure of a constant end; the whole line where it has no value.
Interval enclosure_of(const Expr& end) {
  if (const Constant* c = end.constant()) return Number<Interval>::of(*c);
  const Precision scope(30);
  const auto ball = constant_ball(end);
  if (!ball || !ball->is_finite()) return Interval::whole();
  const Interval x = Interval::of_ball(*ball);
  return Interval(x.lo, x.hi);
}

/// The numbers related to `other` in this way.
Bounds related(Comparison how, const Bounds& other, bool scalars) {
  const double infinity = std::numeric_limits<double>::infinity();
  switch (how) {
    case Comparison::less:
      return Bounds(Interval(-infinity, other.box.hi), false, true);
    case Comparison::less_equal:
      return Bounds(Interval(-infinity, other.box.hi), false, other.hi_open);
    case Comparison::greater:
      return Bounds(Interval(other.box.lo, infinity), true, false);
    case Comparison::greater_equal:
      return Bounds(Interval(other.box.lo, infinity), other.lo_open, false);
    case Comparison::equal: {
      Bounds same = other;
      same.box.total = true;
      return same;
    }
    case Comparison::not_equal:
      return Bounds(Interval::whole(), false, false, scalars && Number<Interval>::is_zero(other.box));
  }
  return Bounds::whole();
}

KnownOrder::Relation relation_of(Comparison how) {
  switch (how) {
    case Comparison::less:
      return KnownOrder::Relation::less;
    case Comparison::less_equal:
      return KnownOrder::Relation::less_equal;
    case Comparison::greater:
      return KnownOrder::Relation::greater;
    case Comparison::greater_equal:
      return KnownOrder::Relation::greater_equal;
    case Comparison::equal:
      return KnownOrder::Relation::equal;
    case Comparison::not_equal:
      return KnownOrder::Relation::not_equal;
  }
  return KnownOrder::Relation::unknown;
}

}  // namespace

Bounds bounds_of(const RealSet& set) {
  if (set.is_finite()) {
    Interval hull = enclosure_of(set.elements[0]);
    bool nonzero = true;
    for (const Expr& e : set.elements) {
      const Interval x = enclosure_of(e);
      hull = Number<Interval>::hull(hull, x);
      nonzero = nonzero && !x.contains(0);
    }
    return Bounds(hull, false, false, nonzero);
  }
  const double infinity = std::numeric_limits<double>::infinity();
  const Interval lo = set.lo.empty() ? Interval::whole() : enclosure_of(set.lo);
  const Interval hi = set.hi.empty() ? Interval::whole() : enclosure_of(set.hi);
  if (!set.lo.empty() && !set.hi.empty() && hi.hi < lo.lo) return Bounds(Interval::empty());
  return Bounds(Interval(set.lo.empty() ? -infinity : lo.lo, set.hi.empty() ? infinity : hi.hi),
                !set.lo.empty() && !set.lo_closed, !set.hi.empty() && !set.hi_closed);
}

std::vector<Bounds> bounds_of(const Set& set) {
  const auto n = static_cast<std::size_t>(set.shape.size());
  switch (set.kind) {
    case Set::Kind::entries:
      return std::vector<Bounds>(n, n == 0 ? Bounds() : bounds_of(set.entries));
    case Set::Kind::simplex:
      return std::vector<Bounds>(n, n == 1 ? Bounds(1) : Bounds(Interval(0.0, 1.0), true, true));
    case Set::Kind::onehot:
      return std::vector<Bounds>(n, n == 1 ? Bounds(1) : Bounds(Interval(0.0, 1.0)));
    case Set::Kind::sym:
      return std::vector<Bounds>(n, Bounds::whole());
    case Set::Kind::spd: {
      std::vector<Bounds> entries(n, Bounds::whole());
      const auto side = static_cast<std::size_t>(set.shape[0]);
      for (std::size_t i = 0; i < side; ++i) entries[i * side + i] = Bounds(Interval(0.0, unbounded), true);
      return entries;
    }
  }
  return std::vector<Bounds>(n, Bounds::whole());
}

Box box_of(const Problem& problem) {
  Box box;
  for (const Given& g : problem.givens)
    if (g.variable.ref().is_node()) box[g.variable.ref().id()] = bounds_of(g.set);
  return box;
}

Survey::Survey(const Graph& graph, std::span<const Ref> targets, const std::vector<Assumption>& assumptions,
               std::span<const NodeId> definite)
    : values_(graph,
              [&] {
                // What is assumed of a node can be used only where both sides are looked at.
                std::vector<Ref> all(targets.begin(), targets.end());
                for (const Assumption& a : assumptions) {
                  all.push_back(a.left);
                  all.push_back(a.right);
                }
                return all;
              }()),
      definite_(definite.begin(), definite.end()) {
  for (const Assumption& a : assumptions) {
    if (a.left.is_node()) about_[a.left.id()].push_back(a);
    if (a.right.is_node()) about_[a.right.id()].push_back({a.right, mirrored(a.how), a.left});
  }
  const std::size_t size = values_.nodes().empty() ? 0 : values_.nodes().back() + std::size_t{1};
  known_.resize(size, false);
  defined_.resize(size, false);
}

void Survey::run(const Box& box) {
  impossible_ = false;
  narrowed_.clear();
  order_.clear();
  const KnownOrder::Use use(order_);
  std::fill(known_.begin(), known_.end(), false);
  // A second pass sees what the first one found out about nodes that stand further down, and so on.
  news_ = !about_.empty();
  for (int pass = 0; pass == 0 || (pass < most_passes && news_); ++pass) {
    news_ = pass == 0 && news_;
    for (const NodeId id : values_.nodes()) {
      if (graph().is(id, opcode<Variable>)) {
        const auto found = box.find(id);
        const std::span<Bounds> entries = values_.entries(id);
        if (found != box.end()) {
          std::ranges::copy(found->second, entries.begin());
        } else {
          std::ranges::fill(entries, Bounds::whole());
        }
        defined_[id] = true;
      }
      visit(id);
      known_[id] = true;
      if (impossible_) return;
    }
  }
}

void Survey::visit(NodeId id) {
  std::vector<Bounds> before;
  if (known_[id]) before.assign(values_.entries(id).begin(), values_.entries(id).end());
  values_.compute(id);
  if (graph().is(id, opcode<Where>)) choose(id);
  const std::span<Bounds> entries = values_.entries(id);
  const Graph& g = graph();
  if (g.info(id).family != Family::leaf) {
    bool inside = std::ranges::all_of(entries, [](const Bounds& b) { return b.box.total; });
    const Row<Bounds>& rule = row<Bounds>(g.code(id));
    if (inside && rule.defined != nullptr)
      inside = rule.defined(g.attributes(id), values_.operands(id), g.shape(id)) == Truth::yes;
    defined_[id] = inside || is_definite(id);
  } else {
    defined_[id] = true;
  }
  // What follows is about the points where this node has a value; elsewhere it is this node that is blamed.
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Bounds& b = entries[i];
    b.box.total = true;
    if (b.tag == 0) b.tag = tag_of(id, i);
    // A variable's box may be empty, but an operator's enclosure never is.
    if (b.is_empty()) impossible_ = true;
    if (const auto narrow = narrowed_.find(b.tag); narrow != narrowed_.end()) b = intersection(b, narrow->second);
    if (!before.empty()) b = intersection(b, before[i]);
    if (b.is_empty()) impossible_ = true;
  }
  if (impossible_) return;
  refine(id);
  if (!about_.empty() && !impossible_) look_back(id);
}

/// Where a node is nowhere 0, so is an operand that would make it 0: x and y where x * y is not, z where abs(z) > 0.
void Survey::look_back(NodeId id) {
  const Graph& g = graph();
  if (g.info(id).family != Family::elementwise || g.code(id) >= builtin_count) return;
  const Row<Bounds>& rule = row<Bounds>(g.code(id));
  const auto x = g.operands(id);
  if (rule.value == nullptr || x.size() > 2) return;
  const Shape scalar;
  const std::span<const Bounds> y = values_.entries(Ref::node(id));
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!y[i].nonzero) continue;
    std::array<Bounds, 2> at;
    std::array<View<const Bounds>, 2> views;
    bool entry_by_entry = true;
    for (std::size_t k = 0; k < x.size(); ++k) {
      const auto entries = values_.entries(x[k]);
      entry_by_entry = entry_by_entry && (entries.size() == y.size() || entries.size() == 1);
      if (!entry_by_entry) break;
      at[k] = entries[entries.size() == 1 ? 0 : i];
      views[k] = {&at[k], &scalar};
    }
    if (!entry_by_entry) return;
    for (std::size_t k = 0; k < x.size(); ++k) {
      const Bounds before = at[k];
      if (before.tag == 0 || before.nonzero) continue;
      at[k] = Bounds(0);
      Bounds value;
      rule.value(g.attributes(id), {views.data(), x.size()}, View<Bounds>{&value, &scalar});
      at[k] = before;
      if (!Number<Bounds>::is_zero(value)) continue;
      Bounds narrow(before.box, before.lo_open, before.hi_open, true);
      narrow.tag = before.tag;
      const auto [known, is_new] = narrowed_.emplace(before.tag, narrow);
      if (!is_new && known->second.nonzero) continue;
      if (!is_new) known->second = intersection(known->second, narrow);
      news_ = true;
    }
  }
}

/// A choice whose condition compares one of the branches: the branch is known to satisfy it where it is taken.
void Survey::choose(NodeId id) {
  const Graph& g = graph();
  const auto x = g.operands(id);
  Ref condition = x[0];
  bool holds = true;
  const auto is_not = [&](NodeId n) {
    const Constant* c = g.is(n, opcode<Sub>) ? g.as_constant(g.operands(n)[0]) : nullptr;
    return c != nullptr && c->is(1);
  };
  while (condition.is_node() && is_not(condition.id())) {
    condition = g.operands(condition.id())[1];
    holds = !holds;
  }
  if (!condition.is_node()) return;
  const NodeId c = condition.id();
  if (!g.is(c, opcode<Less>) && !g.is(c, opcode<LessEqual>) && !g.is(c, opcode<Equal>)) return;
  const Comparison how = g.is(c, opcode<Less>)        ? Comparison::less
                         : g.is(c, opcode<LessEqual>) ? Comparison::less_equal
                                                      : Comparison::equal;
  const auto compared = g.operands(c);
  const std::span<Bounds> y = values_.entries(id);
  const auto entry = [&](Ref r, std::size_t i) -> const Bounds* {
    const auto entries = values_.entries(r);
    if (entries.size() == y.size()) return &entries[i];
    return entries.size() == 1 ? &entries[0] : nullptr;
  };
  for (std::size_t i = 0; i < y.size(); ++i) {
    const Bounds *test = entry(x[0], i), *a = entry(x[1], i), *b = entry(x[2], i);
    const Bounds *u = entry(compared[0], i), *v = entry(compared[1], i);
    if (test == nullptr || a == nullptr || b == nullptr || u == nullptr || v == nullptr) return;
    if (Number<Bounds>::equal(*test, Bounds(0)) != Truth::unknown) continue;
    const auto narrowed = [&](const Bounds& branch, bool taken_when) {
      const Comparison known = taken_when == holds ? how : opposite(how);
      Bounds r = branch;
      if (branch.tag != 0 && branch.tag == u->tag) r = intersection(r, related(known, *v, true));
      if (branch.tag != 0 && branch.tag == v->tag) r = intersection(r, related(mirrored(known), *u, true));
      return r;
    };
    const Bounds first = narrowed(*a, true), second = narrowed(*b, false);
    const bool total = y[i].box.total;
    if (first.is_empty() || second.is_empty()) continue;
    y[i] = Number<Bounds>::hull(first, second);
    y[i].box.total = total;
    y[i].tag = 0;
  }
}

/// A matrix that is known to be positive definite can be inverted and factored.
bool Survey::is_definite(NodeId id) const {
  const Graph& g = graph();
  if (!g.is(id, opcode<Inv>) && !g.is(id, opcode<Solve>) && !g.is(id, opcode<Cholesky>)) return false;
  Ref matrix = g.operands(id)[0];
  while (matrix.is_node() && g.is(matrix.id(), opcode<Transpose>)) matrix = g.operands(matrix.id())[0];
  return matrix.is_node() && std::ranges::find(definite_, matrix.id()) != definite_.end();
}

bool Survey::refine_entry(Bounds& x, Comparison how, const Bounds& other, bool scalars) {
  const std::uint64_t tag = x.tag;
  x = intersection(x, related(how, other, scalars));
  x.tag = how == Comparison::equal && other.tag != 0 ? std::min(tag, other.tag) : tag;
  x.box.total = true;
  if (scalars && how == Comparison::not_equal && other.is_point()) {
    const double c = other.box.lo;
    x = Bounds(x.box, x.lo_open || x.box.lo == c, x.hi_open || x.box.hi == c, x.nonzero);
    x.tag = tag;
  }
  if (x.is_empty()) return false;
  const auto [known, is_new] = narrowed_.emplace(tag, x);
  if (!is_new) {
    known->second = intersection(known->second, x);
    if (known->second.is_empty()) return false;
  }
  return true;
}

void Survey::refine(NodeId id) {
  const auto about = about_.find(id);
  if (about == about_.end()) return;
  const std::span<Bounds> entries = values_.entries(id);
  for (const Assumption& a : about->second) {
    if (a.right.is_node() && !known_[a.right.id()]) continue;
    const std::span<const Bounds> others = values_.entries(a.right);
    if (entries.empty() || others.empty()) continue;
    if (entries.size() != others.size() && entries.size() != 1 && others.size() != 1) continue;
    const std::size_t n = std::max(entries.size(), others.size());
    for (std::size_t i = 0; i < n; ++i)
      if (a.how != Comparison::not_equal || n == 1)
        order_.add(entries[entries.size() == 1 ? 0 : i].tag, relation_of(a.how),
                   others[others.size() == 1 ? 0 : i].tag);
    for (std::size_t i = 0; i < n; ++i) {
      if (!refine_entry(entries[entries.size() == 1 ? 0 : i], a.how, others[others.size() == 1 ? 0 : i], n == 1)) {
        impossible_ = true;
        return;
      }
    }
  }
}

bool Survey::kink_free(NodeId id) const {
  const Graph& g = graph();
  const OperatorInfo& info = g.info(id);
  if (info.family == Family::leaf) return true;
  const Row<Bounds>& rule = row<Bounds>(g.code(id));
  if (rule.kink == nullptr) return info.facts.kinks.empty();
  // Their value is 0 at their kinks and nowhere else.
  const bool vanishes = g.is(id, opcode<Abs>) || g.is(id, opcode<Sqrt>) || g.is(id, opcode<Cbrt>) ||
                        g.is(id, opcode<Norm>) || g.is(id, opcode<Hypot>);
  if (vanishes && std::ranges::all_of(bounds(Ref::node(id)), [](const Bounds& b) { return b.nonzero; })) return true;
  const KnownOrder::Use use(order_);
  return rule.kink(g.attributes(id), values_.operands(id), g.shape(id)) == Truth::no;
}

}  // namespace nabla::wellposed
