#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/proofs/claim/elaborate_set.hpp>

namespace nabla {

namespace {

std::optional<std::strong_ordering> order_of(const Expr& a, const Expr& b) {
  if (a.constant() == nullptr || b.constant() == nullptr) return std::nullopt;
  return compare(*a.constant(), *b.constant());
}

/// 1 for oo, -1 for -oo, 0 for anything else.
int infinity_of(const Syntax& syntax, SyntaxId id) {
  if (syntax.kind(id) == SyntaxKind::infinity) return 1;
  return syntax.kind(id) == SyntaxKind::negate && syntax.kind(syntax.child(id, 0)) == SyntaxKind::infinity ? -1 : 0;
}

RealSet interval(Elaborator& elaborator, SyntaxId id) {
  const Syntax& syntax = elaborator.syntax();
  RealSet set;
  const SyntaxId lower = syntax.child(id, 0);
  const SyntaxId upper = syntax.child(id, 1);
  const int low = infinity_of(syntax, lower);
  const int high = infinity_of(syntax, upper);
  if (low > 0 || high < 0) throw IllPosed(syntax.place(id), "the set is empty: its ends are in the wrong order");
  if (low == 0) {
    set.lo = elaborator.scalar(lower, "an end of an interval");
    set.lo_closed = syntax.closed_below(id);
  }
  if (high == 0) {
    set.hi = elaborator.scalar(upper, "an end of an interval");
    set.hi_closed = syntax.closed_above(id);
  }
  if (low == 0 && high == 0) {
    const auto order = order_of(set.lo, set.hi);
    if (order && *order > 0) throw IllPosed(syntax.place(id), "the set is empty: its ends are in the wrong order");
    if (order && *order == 0 && !(set.lo_closed && set.hi_closed))
      throw IllPosed(syntax.place(id), "the set is empty: its ends are equal and not both in it");
  }
  return set;
}

}  // namespace

bool is_constant(const Expr& e) {
  if (e.empty() || e.ref().is_constant()) return true;
  const Graph& graph = e.graph();
  std::vector<bool> needed(e.ref().id() + 1, false);
  needed[e.ref().id()] = true;
  for (NodeId id = e.ref().id() + 1; id-- > 0;) {
    if (!needed[id]) continue;
    if (graph.is(id, opcode<Variable>)) return false;
    for (const Ref r : graph.operands(id))
      if (r.is_node()) needed[r.id()] = true;
  }
  return true;
}

Set elaborate_set(Elaborator& elaborator, SyntaxId id) {
  const Syntax& syntax = elaborator.syntax();
  Set set;
  SyntaxId base = id;
  std::vector<SyntaxId> dimensions;
  if (syntax.kind(id) == SyntaxKind::set_shaped) {
    base = syntax.child(id, 0);
    const auto children = syntax.children(id).subspan(1);
    dimensions.assign(children.begin(), children.end());
    set.shape = elaborator.shape(dimensions);
  }
  const auto of_one_size = [&](std::string_view name, std::int64_t least) {
    if (set.shape.rank() != 1)
      throw IllPosed(syntax.place(id), std::string(name) + " has one size: " + std::string(name) + "[n]", {set.shape});
    if (set.shape[0] < least) throw IllPosed(syntax.place(id), "the set is empty: " + std::string(name) + "[0]");
  };
  switch (syntax.kind(base)) {
    case SyntaxKind::set_interval:
      set.entries = interval(elaborator, base);
      break;
    case SyntaxKind::set_finite:
      for (const SyntaxId element : syntax.children(base))
        set.entries.elements.push_back(elaborator.scalar(element, "an element of a set"));
      break;
    case SyntaxKind::set_simplex:
      set.kind = Set::Kind::simplex;
      of_one_size("simplex", 1);
      break;
    case SyntaxKind::set_onehot:
      set.kind = Set::Kind::onehot;
      of_one_size("onehot", 1);
      break;
    case SyntaxKind::set_symmetric:
    case SyntaxKind::set_spd: {
      const bool definite = syntax.kind(base) == SyntaxKind::set_spd;
      set.kind = definite ? Set::Kind::spd : Set::Kind::sym;
      of_one_size(definite ? "spd" : "sym", 0);
      set.shape = Shape{set.shape[0], set.shape[0]};
      break;
    }
    default:
      break;  // R
  }
  return set;
}

std::vector<Statement> take_variable_ends(Set& set, const Expr& member, const std::string& text, Place place) {
  std::vector<Statement> relations;
  const auto take = [&](Expr& end, bool& closed, Comparison strict, Comparison weak, std::string_view sign) {
    if (is_constant(end)) return;
    Statement s;
    s.place = place;
    s.sides = {member, end};
    s.comparisons = {closed ? weak : strict};
    s.side_places = {place, place};
    s.text = text + " " + std::string(sign) + (closed ? "=" : "") + " (an end of its set)";
    relations.push_back(std::move(s));
    end = Expr();
    closed = false;
  };
  take(set.entries.lo, set.entries.lo_closed, Comparison::greater, Comparison::greater_equal, ">");
  take(set.entries.hi, set.entries.hi_closed, Comparison::less, Comparison::less_equal, "<");
  return relations;
}

bool has_constant_ends(const Set& set) {
  for (const Expr& e : set.entries.elements)
    if (!is_constant(e)) return false;
  return is_constant(set.entries.lo) && is_constant(set.entries.hi);
}

std::optional<bool> contains(const RealSet& set, const Constant& value) {
  if (set.is_all()) return true;
  if (set.is_finite()) {
    bool unknown = false;
    for (const Expr& e : set.elements) {
      const auto order = e.constant() ? compare(value, *e.constant()) : std::nullopt;
      if (order && *order == 0) return true;
      unknown = unknown || !order;
    }
    return unknown ? std::nullopt : std::optional(false);
  }
  bool inside = true;
  if (!set.lo.empty()) {
    const auto order = set.lo.constant() ? compare(value, *set.lo.constant()) : std::nullopt;
    if (!order) return std::nullopt;
    inside = inside && (*order > 0 || (*order == 0 && set.lo_closed));
  }
  if (!set.hi.empty()) {
    const auto order = set.hi.constant() ? compare(value, *set.hi.constant()) : std::nullopt;
    if (!order) return std::nullopt;
    inside = inside && (*order < 0 || (*order == 0 && set.hi_closed));
  }
  return inside;
}

bool is_subset(const Set& inner, const Set& outer) {
  if (outer.kind != Set::Kind::entries) return inner.kind == outer.kind;
  if (outer.entries.is_all()) return true;
  const auto all_in = [&](std::initializer_list<std::int64_t> values) {
    for (const std::int64_t v : values)
      if (!contains(outer.entries, Constant::integer(v)).value_or(false)) return false;
    return true;
  };
  switch (inner.kind) {
    case Set::Kind::onehot:
      return all_in({0, 1});
    case Set::Kind::simplex:  // entries in (0, 1]
      if (!outer.entries.lo.empty() &&
          (!outer.entries.lo.constant() || !compare(*outer.entries.lo.constant(), Constant::integer(0)) ||
           *compare(*outer.entries.lo.constant(), Constant::integer(0)) > 0))
        return false;
      return !outer.entries.is_finite() && all_in({1});
    case Set::Kind::sym:
    case Set::Kind::spd:
      return false;
    case Set::Kind::entries:
      break;
  }
  const RealSet& a = inner.entries;
  const RealSet& b = outer.entries;
  if (a.is_finite()) {
    for (const Expr& e : a.elements)
      if (!e.constant() || !contains(b, *e.constant()).value_or(false)) return false;
    return true;
  }
  if (b.is_finite()) return false;
  if (!b.lo.empty()) {
    if (a.lo.empty()) return false;
    const auto order = same(a.lo, b.lo) ? std::optional(std::strong_ordering::equal) : order_of(a.lo, b.lo);
    if (!order || *order < 0 || (*order == 0 && a.lo_closed && !b.lo_closed)) return false;
  }
  if (!b.hi.empty()) {
    if (a.hi.empty()) return false;
    const auto order = same(a.hi, b.hi) ? std::optional(std::strong_ordering::equal) : order_of(a.hi, b.hi);
    if (!order || *order > 0 || (*order == 0 && a.hi_closed && !b.hi_closed)) return false;
  }
  return true;
}

Set all_of(const Shape& shape) { return Set{.kind = Set::Kind::entries, .entries = {}, .shape = shape}; }

bool is_everything(const Set& set) { return set.kind == Set::Kind::entries && set.entries.is_all(); }

}  // namespace nabla
