// The lines of a claim, and signs of trees.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

Reader::Reader(const Claim& claim, World& world) : syntax_(claim.syntax), world_(world) {
  for (const Claim::Line& l : claim.lines)
    if (const auto* c = std::get_if<ConventionLine>(&l)) line(*c);
  for (const Claim::Line& l : claim.lines)
    if (!std::holds_alternative<ConventionLine>(l)) std::visit([&](const auto& x) { line(x); }, l);
}

std::optional<Rational> Reader::rational(SyntaxId id) {
  if (syntax_.kind(id) == SyntaxKind::infinity) return std::nullopt;
  const Tree t = scalar(id);
  Polynomials p(world_);
  return p.constant(t);
}

void Reader::line(const ConventionLine& l) {
  const auto value = rational(l.value);
  if (!value) throw NotHandled("a convention without a number");
  world_.conventions.push_back({std::string(syntax_.spelling(l.name)), to_constant(*value)});
}

void Reader::line(const ForLine& l) {
  for (const SyntaxId id : l.names) {
    std::vector<Lin> ends;
    for (const SyntaxId b : l.bounds) ends.push_back(subscript(b));
    Lin lo = ends[0];
    std::optional<Lin> hi;
    if (l.values == ForLine::Values::range) hi = ends[1];
    if (l.values == ForLine::Values::list)
      for (const Lin& e : ends) {
        if (!e.is_number()) throw NotHandled("a list of dimensions that depend on others");
        lo.c = std::min(lo.c, e.c);
        hi = Lin::number(std::max(hi ? hi->c : e.c, e.c));
      }
    Meaning m;
    const int symbol = world_.ranges.make(std::string(syntax_.spelling(id)), lo, hi);
    world_.declared.insert(symbol);
    m.tensor.body = make_lin(Lin::name(symbol));
    names_.emplace_back(std::string(syntax_.spelling(id)), std::move(m));
  }
}

std::vector<Lin> Reader::extents(std::span<const SyntaxId> ids) {
  std::vector<Lin> r;
  for (const SyntaxId id : ids) {
    r.push_back(subscript(id));
    if (!world_.ranges.at_least_zero(r.back())) throw NotHandled("an extent that may be negative");
  }
  return r;
}

SetMeaning Reader::set(SyntaxId id) {
  SetMeaning s;
  SyntaxId base = id;
  if (syntax_.kind(id) == SyntaxKind::set_shaped) {
    base = syntax_.child(id, 0);
    s.extents = extents(syntax_.children(id).subspan(1));
  }
  s.kind = syntax_.kind(base);
  const auto end = [&](SyntaxId e) {
    const SyntaxId inner = syntax_.kind(e) == SyntaxKind::negate ? syntax_.child(e, 0) : e;
    if (syntax_.kind(inner) == SyntaxKind::infinity) return std::optional<Rational>();
    const auto value = rational(e);
    s.is_exact = s.is_exact && value.has_value();
    return value;
  };
  switch (s.kind) {
    case SyntaxKind::set_reals:
      break;
    case SyntaxKind::set_interval:
      s.lo = end(syntax_.child(base, 0));
      s.hi = end(syntax_.child(base, 1));
      s.lo_strict = !syntax_.closed_below(base);
      s.hi_strict = !syntax_.closed_above(base);
      break;
    case SyntaxKind::set_finite:
      for (const SyntaxId e : syntax_.children(base)) {
        const auto value = end(e);
        if (!value) throw NotHandled("a finite set with other elements than numbers");
        s.elements.push_back(*value);
        s.lo = s.lo ? std::min(*s.lo, *value) : *value;
        s.hi = s.hi ? std::max(*s.hi, *value) : *value;
      }
      break;
    case SyntaxKind::set_simplex:
    case SyntaxKind::set_onehot:
      s.lo = 0;
      s.hi = 1;
      s.lo_strict = s.kind == SyntaxKind::set_simplex;
      if (s.extents.size() != 1 || !world_.ranges.at_least_zero(plus(s.extents[0], Lin::number(1), -1)))
        throw NotHandled("a set that may be empty");
      break;
    case SyntaxKind::set_symmetric:
    case SyntaxKind::set_spd:
      if (s.extents.size() != 1) throw NotHandled("this set");
      s.extents.push_back(s.extents[0]);
      break;
    default:
      throw NotHandled("this set");
  }
  return s;
}

void Reader::line(const GivenLine& l) {
  for (const SyntaxId id : l.names) {
    const SetMeaning s = set(l.set);
    Array a;
    a.name = std::string(syntax_.spelling(id));
    a.extents = s.extents;
    a.lo = s.lo;
    a.hi = s.hi;
    a.lo_strict = s.lo_strict;
    a.hi_strict = s.hi_strict;
    a.is_onehot = s.kind == SyntaxKind::set_onehot;
    a.is_binary =
        a.is_onehot || (!s.elements.empty() && std::all_of(s.elements.begin(), s.elements.end(),
                                                           [](const Rational& e) { return e == 0 || e == 1; }));
    a.is_symmetric = s.kind == SyntaxKind::set_symmetric || s.kind == SyntaxKind::set_spd;
    const int number = static_cast<int>(world_.arrays.size());
    if (a.is_onehot || s.kind == SyntaxKind::set_simplex) world_.row_sums.push_back({number, 0, 1, 1});
    world_.arrays.push_back(std::move(a));
    Meaning m;
    m.kind = Meaning::Kind::array;
    m.array = number;
    names_.emplace_back(std::string(syntax_.spelling(id)), std::move(m));
  }
}

void Reader::line(const GivenFunctionLine& l) {
  const SetMeaning from = set(l.domain), to = set(l.codomain);
  if (from.kind != SyntaxKind::set_reals || to.kind != SyntaxKind::set_reals)
    throw NotHandled("a function variable between such sets");
  for (const SyntaxId id : l.names) {
    FunctionVariable f{std::string(syntax_.spelling(id)), from.extents, to.extents, false};
    for (const auto& c : l.classes)
      f.is_differentiable = f.is_differentiable || c.function_class == FunctionClass::differentiable ||
                            c.function_class == FunctionClass::smooth || c.function_class == FunctionClass::linear;
    auto callable = std::make_shared<Callable>();
    callable->kind = Callable::Kind::variable;
    callable->variable = static_cast<int>(world_.functions.size());
    world_.functions.push_back(std::move(f));
    Meaning m;
    m.kind = Meaning::Kind::function;
    m.function = callable;
    names_.emplace_back(std::string(syntax_.spelling(id)), std::move(m));
  }
}

void Reader::line(const LetLine& l) {
  Meaning m;
  const std::string name(syntax_.spelling(l.name));
  if (l.parameters.empty()) {
    const std::vector<Demand> before = std::exchange(world_.demands, {});
    m = value(l.value);
    m.demands = std::exchange(world_.demands, before);
  } else {
    auto f = std::make_shared<Callable>();
    f->kind = Callable::Kind::written;
    f->name = name;
    for (const auto& p : l.parameters) {
      if (p.set) throw NotHandled("a parameter with a set");
      f->parameters.emplace_back(syntax_.spelling(p.name));
    }
    f->body = l.value;
    f->names = names_.size();
    m.kind = Meaning::Kind::function;
    m.function = f;
  }
  names_.emplace_back(name, std::move(m));
}

void Reader::line(const AssumeLine& l) {
  if (syntax_.kind(l.condition) != SyntaxKind::relation) throw NotHandled("an assumption that is not a relation");
  const auto links = syntax_.links(l.condition);
  for (std::size_t k = 0; k < links.size(); ++k)
    add_fact(links[k].relation, number(syntax_.child(l.condition, k)), number(syntax_.child(l.condition, k + 1)));
}

void Reader::add_fact(Relation r, const Tensor& a, const Tensor& b) {
  const bool is_equation = r == Relation::equal || r == Relation::not_equal;
  const auto [x, y] = together(a, b, !is_equation);
  const bool is_up = r == Relation::greater || r == Relation::greater_equal;
  const Tree u = is_number(y.body, 0) ? x.body : minus(x.body, y.body);
  if (r == Relation::equal) {
    Polynomials p(world_);
    if (auto sum = p.row_sum(x.body, y.body, x.axes))
      world_.row_sums.push_back(*sum);
    else
      world_.facts.push_back({x.axes, u, 2});
    return;
  }
  if (r == Relation::not_equal) {
    if (x.axes.empty()) world_.facts.push_back({{}, u, 5});
    return;
  }
  const bool is_strict = r == Relation::greater || r == Relation::less;
  world_.facts.push_back({x.axes, is_up ? u : negated(u), is_strict ? 4U : 6U});
  if (is_up && is_strict && u->kind == Kind::call && u->code == opcode<Abs>)
    world_.facts.push_back({x.axes, u->args[0], 5});
  if (is_up && is_strict && u->kind == Kind::call && u->code == opcode<Sqrt>)
    world_.facts.push_back({x.axes, u->args[0], 4});
}

}  // namespace nabla::reindex
