#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/recheck/matrix/reader.hpp>

namespace nabla::spelled {

namespace {

constexpr std::ptrdiff_t most_spelled_nodes = 600;

std::optional<Rational> rational_constant(const Constant* c) {
  if (c == nullptr) return std::nullopt;
  if (c->kind() == Constant::Kind::ratio) return Rational(c->num()) / Rational(c->den());
  return c->kind() == Constant::Kind::text ? parse_rational(c->as_text()) : std::nullopt;
}

Ratio as_ratio(const Polynomial& p) {
  Ratio r;
  if (!p.is_zero()) r.top[{}] = p;
  return r;
}

/// Of a number. \throws NotHandled
Polynomial as_number(const Form& f) {
  if (f.empty()) return {};
  if (f.size() != 1 || !f.begin()->first.empty()) throw NotHandled("a matrix in place of a number");
  return f.begin()->second;
}

/// The numbers that every coefficient has as factors, to the power that all have.
rederive::Monomial shared_factors(const Form& f) {
  std::map<std::uint32_t, std::vector<std::int64_t>> exponents;
  std::size_t terms = 0;
  for (const auto& [w, p] : f)
    for (const auto& [m, c] : p.terms()) {
      ++terms;
      for (const auto& [number, e] : m) exponents[number].push_back(e);
    }
  rederive::Monomial shared;
  for (const auto& [number, all] : exponents) {
    if (all.size() != terms) continue;
    const auto [least, most] = std::ranges::minmax(all);
    if (least > 0) shared.emplace_back(number, least);
    if (most < 0) shared.emplace_back(number, most);
  }
  return shared;
}

}  // namespace

Reader::Reader(const Problem& problem, const Statement& statement)
    : graph_(problem.workspace->graph()), alphabet_(graph_) {
  std::vector<Ref> outputs;
  for (const Expr& e : statement.sides) outputs.push_back(e.ref());
  for (const Statement& h : problem.hypotheses)
    if (h.kind == Statement::Kind::relation)
      for (const Expr& e : h.sides) outputs.push_back(e.ref());
  const std::vector<bool> read_nodes = reachable(graph_, outputs);
  if (std::ranges::count(read_nodes, true) > most_spelled_nodes) throw NotHandled("a statement as large");
  for (NodeId id = 0; id < read_nodes.size(); ++id) {
    if (!read_nodes[id]) continue;
    const std::string& name = graph_.info(id).name;
    if (name == "where" || name == "masked") throw NotHandled("what is read in some branch only");
    if (graph_.shape(id).size() == 0) throw NotHandled("matrices without entries");
    if ((name == "inv" || name == "solve") && graph_.operands(id)[0].is_node())
      inverted_.insert(graph_.operands(id)[0].id());
  }
  ratios_.resize(read_nodes.size());
  for (const Given& g : problem.givens) {
    if (!g.variable.ref().is_node()) continue;
    const NodeId id = g.variable.ref().id();
    if (g.set.kind == Set::Kind::sym || g.set.kind == Set::Kind::spd) {
      alphabet_.info(alphabet_.letter(id, 0)).is_mirrored = true;
    } else if (g.set.kind == Set::Kind::entries && g.variable.shape().is_scalar() && !g.set.entries.is_finite()) {
      const RealSet& set = g.set.entries;
      const auto lo = set.lo.empty() ? std::nullopt : rational_constant(set.lo.constant());
      const auto hi = set.hi.empty() ? std::nullopt : rational_constant(set.hi.constant());
      if ((lo && (*lo > 0 || (*lo == 0 && !set.lo_closed))) || (hi && (*hi < 0 || (*hi == 0 && !set.hi_closed))))
        is_not_zero(alphabet_.number("node " + std::to_string(id)));
    }
  }
  for (NodeId id = 0; id < read_nodes.size(); ++id) {
    if (!read_nodes[id] || graph_.shape(id).rank() > 2) continue;
    ratios_[id] = read(id);
    if (ratios_[id]) continue;
    if (graph_.shape(id).is_scalar()) {
      ratios_[id] = as_ratio(alphabet_.number("node " + std::to_string(id)));
      continue;
    }
    const int letter = alphabet_.letter(id, 0);
    if (graph_.info(id).name == "diag") alphabet_.info(letter).is_mirrored = true;
    ratios_[id].emplace().top[{letter}] = Polynomial(1);
  }
  std::ranges::stable_sort(pairs_, {}, [&](const Pair& p) {
    const LetterOf& l = alphabet_.info(p.letter);
    return std::pair(l.node, l.kind);
  });
}

std::optional<Ratio> Reader::of(Ref r) const {
  if (r.is_node()) return r.id() < ratios_.size() ? ratios_[r.id()] : std::nullopt;
  const auto c = rational_constant(graph_.as_constant(r));
  return c ? std::optional(as_ratio(Polynomial(*c))) : std::nullopt;
}

bool Reader::never_zero(const Polynomial& p) const {
  return p.terms().size() == 1 && std::ranges::all_of(p.leading_monomial(), [&](const auto& factor) {
           return not_zero_.contains(factor.first);
         });
}

void Reader::is_not_zero(const Polynomial& p) {
  if (p.terms().size() != 1) return;
  for (const auto& [number, e] : p.leading_monomial()) not_zero_.insert(number);
}

bool Reader::all_square(const Word& w) const {
  return std::ranges::all_of(w, [&](int l) {
    const LetterOf& info = alphabet_.info(l);
    return !info.is_vector && info.rows == info.columns;
  });
}

Ratio Reader::difference(const Ratio& a, const Ratio& b) {
  if (a.bottom == b.bottom) return {alphabet_.sum(a.top, b.top, Polynomial(-1)), a.bottom};
  const Form left = alphabet_.sum({}, a.top, b.bottom);
  return {alphabet_.sum(left, b.top, a.bottom.scaled(-1)), alphabet_.times(a.bottom, b.bottom)};
}

Ratio Reader::product(const Ratio& a, const Ratio& b) {
  return {alphabet_.product(a.top, b.top), alphabet_.times(a.bottom, b.bottom)};
}

Ratio Reader::over(const Ratio& a, const Ratio& number) {
  const Polynomial p = as_number(number.top);
  if (p.is_zero()) throw NotHandled("a division by 0");
  if (p.terms().size() > 1) return {alphabet_.sum({}, a.top, number.bottom), alphabet_.times(a.bottom, p)};
  is_not_zero(p);
  return scaled(a, alphabet_.times(number.bottom, inverted(p)));
}

std::optional<Ratio> Reader::read(NodeId id) {
  const std::string& name = graph_.info(id).name;
  const auto x = graph_.operands(id);
  const bool is_number = graph_.shape(id).is_scalar();
  if (is_number)
    if (const auto c = rational_constant(graph_.as_constant(Ref::node(id)))) return as_ratio(Polynomial(*c));
  if (name == "add" || name == "sub") {
    const auto a = of(x[0]), b = of(x[1]);
    if (!a || !b || graph_.shape(x[0]) != graph_.shape(id) || graph_.shape(x[1]) != graph_.shape(id))
      return std::nullopt;
    return difference(*a, name == "sub" ? *b : scaled(*b, Polynomial(-1)));
  }
  if (name == "neg") {
    const auto a = of(x[0]);
    return a ? std::optional(scaled(*a, Polynomial(-1))) : std::nullopt;
  }
  if (name == "mul" && (graph_.shape(x[0]).is_scalar() || graph_.shape(x[1]).is_scalar())) {
    const auto a = of(x[0]), b = of(x[1]);
    return a && b ? std::optional(product(*a, *b)) : std::nullopt;
  }
  if (name == "div" && graph_.shape(x[1]).is_scalar()) {
    const auto a = of(x[0]), b = of(x[1]);
    return a && b ? std::optional(over(*a, *b)) : std::nullopt;
  }
  if (name == "reshape" || name == "broadcast_to" || name == "sum_to")
    return graph_.shape(x[0]) == graph_.shape(id) ? of(x[0]) : std::nullopt;
  if (is_number)
    if (auto number = read_number(id, name)) return number;
  return read_matrix(id, name);
}

/// The sum of the products of entries.
std::optional<Ratio> Reader::inner(Ref a, Ref b) {
  const auto x = of(a), y = of(b);
  if (!x || !y || graph_.shape(a) != graph_.shape(b) || graph_.shape(a).is_scalar()) return std::nullopt;
  const Ratio all = product(flipped(*x), *y);
  Polynomial total;
  for (const auto& [w, p] : all.top)
    total = alphabet_.plus(
        total, alphabet_.times(p, alphabet_.trace(w, graph_.shape(a).rank() == 1 ? 1 : graph_.shape(a)[1])));
  Ratio r = as_ratio(total);
  r.bottom = all.bottom;
  return r;
}

std::optional<Ratio> Reader::read_number(NodeId id, const std::string& name) {
  const auto x = graph_.operands(id);
  if (name == "reciprocal") {
    const auto a = of(x[0]);
    return a ? std::optional(over(as_ratio(Polynomial(1)), *a)) : std::nullopt;
  }
  if (name == "square" || name == "powi") {
    const std::int64_t n = name == "square" ? 2 : graph_.attributes(id)[0];
    if (std::abs(n) > 64 || !x[0].is_node()) return std::nullopt;
    auto base = of(x[0]);
    std::int64_t times = n;
    if (n > 0 && n % 2 == 0 && graph_.info(x[0].id()).name == "norm") {
      const Ref v = graph_.operands(x[0].id())[0];
      base = inner(v, v);
      times = n / 2;
    }
    if (!base) return std::nullopt;
    if (n < 0) {
      base = over(as_ratio(Polynomial(1)), *base);
      times = -n;
    }
    Ratio r = as_ratio(alphabet_.power(as_number(base->top), times));
    r.bottom = alphabet_.power(base->bottom, times);
    return r;
  }
  if (name == "sum" && x[0].is_node() && graph_.shape(x[0]).rank() <= 2) {
    const auto f = graph_.operands(x[0].id());
    const std::string& inside = graph_.info(x[0].id()).name;
    if (inside == "mul") return inner(f[0], f[1]);
    if (inside == "square" || (inside == "powi" && graph_.attributes(x[0].id())[0] == 2)) return inner(f[0], f[0]);
    return std::nullopt;
  }
  const bool is_trace = name == "trace";
  if (!is_trace && name != "det") return std::nullopt;
  const auto a = of(x[0]);
  if (!a) return std::nullopt;
  const std::int64_t n = graph_.shape(x[0])[0];
  if (!is_trace) return determinant(*a, n);
  Polynomial total;
  for (const auto& [w, p] : a->top) total = alphabet_.plus(total, alphabet_.times(p, alphabet_.trace(w, n)));
  Ratio r = as_ratio(total);
  r.bottom = a->bottom;
  return r;
}

std::optional<Ratio> Reader::read_product(NodeId id, const std::string& name) {
  const auto x = graph_.operands(id);
  const auto a = of(x[0]), b = of(x[1]);
  if (!a || !b) return std::nullopt;
  if (name == "outer") return product(*a, flipped(*b));
  const std::size_t ranks[] = {graph_.shape(x[0]).rank(), graph_.shape(x[1]).rank()};
  if (ranks[0] > 2 || ranks[1] > 2) return std::nullopt;
  if (ranks[0] == 2) return product(*a, *b);
  if (ranks[1] == 1) return product(flipped(*a), *b);
  return product(flipped(*b), *a);  // v M is the vector M' v
}

std::optional<Ratio> Reader::read_matrix(NodeId id, const std::string& name) {
  const auto x = graph_.operands(id);
  if (const Constant* c = graph_.as_constant(Ref::node(id)); c != nullptr && !graph_.shape(id).is_scalar())
    return c->is(0) ? std::optional(Ratio{}) : std::nullopt;
  if (name == "matmul" || name == "dot" || name == "outer") return read_product(id, name);
  if (name == "transpose" && graph_.shape(id).rank() == 2) {
    const auto a = of(x[0]);
    const Attributes order = graph_.attributes(id);
    const bool swaps = order.size() != 2 || order[0] == 1;
    return a && swaps ? std::optional(flipped(*a)) : a;
  }
  if (name == "diag" && x[0].is_node()) {
    if (const auto c = rational_constant(graph_.as_constant(x[0]))) return as_ratio(Polynomial(*c));
    if (graph_.info(x[0].id()).name != "broadcast_to") return std::nullopt;
    const Ref filled = graph_.operands(x[0].id())[0];
    return graph_.shape(filled).is_scalar() ? of(filled) : std::nullopt;
  }
  if (name == "inv") return inverse(x[0]);
  if (name == "solve") {
    const auto a = inverse(x[0]), b = of(x[1]);
    return a && b ? std::optional(product(*a, *b)) : std::nullopt;
  }
  return name == "cofactor" && x.size() == 1 ? cofactors(x[0]) : std::nullopt;
}

std::optional<Ratio> Reader::inverse(Ref of_node) {
  const auto a = of(of_node);
  if (!a || a->top.empty() || !of_node.is_node()) return std::nullopt;
  const int letter = alphabet_.letter(of_node.id(), 1);
  Ratio r;
  r.top[{letter}] = Polynomial(1);
  if (std::ranges::find(pairs_, letter, &Pair::letter) != pairs_.end()) return r;
  // What all of an invertible matrix has as a factor is not 0.
  const Polynomial shared = Polynomial::monomial(shared_factors(a->top));
  is_not_zero(shared);
  Pair pair{letter, alphabet_.sum({}, a->top, inverted(shared)), alphabet_.times(a->bottom, inverted(shared)), true};
  if (alphabet_.flipped(pair.of) == pair.of) alphabet_.info(letter).is_mirrored = true;
  is_not_zero(as_number(determinant({pair.of, Polynomial(1)}, graph_.shape(of_node)[0]).top));
  pairs_.push_back(std::move(pair));
  return r;
}

std::optional<Ratio> Reader::cofactors(Ref of_node) {
  const auto a = of(of_node);
  if (!a || a->top.empty() || !of_node.is_node()) return std::nullopt;
  const int letter = alphabet_.letter(of_node.id(), 2);
  const bool is_mirrored = alphabet_.flipped(a->top) == a->top;
  alphabet_.info(letter).is_mirrored = is_mirrored;
  Ratio r;
  r.top[{letter}] = Polynomial(1);
  const int adjugate = is_mirrored ? letter : -letter;
  if (std::ranges::find(pairs_, adjugate, &Pair::letter) != pairs_.end()) return r;
  const Ratio d = determinant(*a, graph_.shape(of_node)[0]);
  if (d.bottom == Polynomial(1))
    pairs_.push_back({adjugate, a->top, alphabet_.times(as_number(d.top), a->bottom), false});
  return r;
}

}  // namespace nabla::spelled
