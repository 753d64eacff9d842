#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/check/interpolation/form.hpp>
#include <nabla/proofs/check/point.hpp>

// From the graph to polynomials: nodes in the order of their ids; what is not linear algebra is a symbol.
namespace nabla::interpolation {

Symbol Form::make(SymbolInfo info) {
  symbols_.push_back(std::move(info));
  return static_cast<Symbol>(symbols_.size() - 1);
}

Symbol Form::named(const std::string& name, SymbolInfo info) {
  const auto it = by_name_.find(name);
  if (it != by_name_.end()) return it->second;
  info.name = name;
  return by_name_[name] = make(std::move(info));
}

Fraction Form::symbol(Symbol s) const {
  const auto it = replaced_.find(s);
  return it == replaced_.end() ? Fraction(Polynomial::symbol(s)) : it->second;
}

void Form::check_degrees(const Polynomial& p) const {
  for (const auto& [m, c] : p.terms()) {
    int vectors = 0;
    std::int64_t size = 0;
    for (const auto& [s, e] : m) {
      if (symbols_[s].kind != SymbolInfo::Kind::vector) continue;
      vectors += e;
      if (size != 0 && size != symbols_[s].size) throw NotHandled("a product of vectors of different spaces");
      size = symbols_[s].size;
    }
    if (vectors > 2) throw NotHandled("a product of inner products");
  }
  if (p.terms().size() > 4000) throw NotHandled("inner products with too many terms");
}

Polynomial Form::reduced(Polynomial p) const {
  for (bool again = true; again;) {
    again = false;
    for (const auto& [m, c] : p.terms()) {
      const auto it = std::ranges::find_if(
          m, [&](const auto& factor) { return factor.second >= 2 && symbols_[factor.first].square.has_value(); });
      if (it == m.end()) continue;
      const Monomial whole = m;
      const Rational factor = c;
      const Symbol s = it->first;
      p.add(whole, -factor);
      p.add(*symbols_[s].square, factor, *quotient(whole, {{s, 2}}));
      again = true;
      break;
    }
  }
  return p;
}

Fraction Form::times(const Fraction& a, const Fraction& b) const {
  Fraction result = a * b;
  result.num = reduced(std::move(result.num));
  result.reduce();
  check_degrees(result.num);
  return result;
}

bool Form::is_parameter(const Polynomial& p) const {
  for (const auto& [m, c] : p.terms())
    for (const auto& [s, e] : m)
      if (symbols_[s].kind == SymbolInfo::Kind::vector || symbols_[s].kind == SymbolInfo::Kind::value) return false;
  return true;
}

int Form::sign(const Polynomial& p) const {
  if (p.is_zero()) return 1;
  for (const Fact& f : facts_) {
    const auto q = divided(p, f.p);
    if (!q) continue;
    if (const auto c = q->as_constant()) return c->sign();
  }
  const auto nonnegative = [&](Symbol s) {
    return symbols_[s].kind == SymbolInfo::Kind::norm ||
           std::ranges::any_of(facts_, [&](const Fact& f) { return f.p == Polynomial::symbol(s); });
  };
  int all = 0;
  for (const auto& [m, c] : p.terms()) {
    for (const auto& [s, e] : m)
      if (e % 2 != 0 && !nonnegative(s)) return 0;
    if (all != 0 && all != c.sign()) return 0;
    all = c.sign();
  }
  return all;
}

std::optional<Polynomial> Form::cleared(const Fraction& f) const {
  int all = 1;
  std::vector<Polynomial> odd;
  for (const Polynomial& factor : f.den) {
    if (!odd.empty() && odd.back() == factor) {
      odd.pop_back();  // a square
    } else {
      odd.push_back(factor);
    }
  }
  for (const Polynomial& factor : odd) {
    if (!is_parameter(factor)) return std::nullopt;
    const int s = sign(factor);
    if (s == 0) return std::nullopt;
    all *= s;
  }
  return reduced(f.num.scaled(all));
}

Fraction Form::norm(const Fraction& v) {
  if (v.is_zero()) return {};
  Fraction result(Rational(1));
  for (const Polynomial& factor : v.den) {
    const int s = sign(factor);
    if (s == 0) throw NotHandled("a norm of something divided by what has no known sign");
    result = result / Fraction(s > 0 ? factor : factor.scaled(-1));
  }
  Monomial out;
  for (const auto& [s, e] : v.num.content())
    if (symbols_[s].kind != SymbolInfo::Kind::vector && sign(Polynomial::symbol(s)) != 0) out.emplace_back(s, e);
  Polynomial by;
  by.add(out, 1);
  int flips = 1;
  for (const auto& [s, e] : out)
    if (e % 2 != 0 && sign(Polynomial::symbol(s)) < 0) flips = -flips;
  Polynomial w = *divided(v.num, by);
  const Rational lead = w.terms().rbegin()->second;
  w = w.scaled(1 / lead);
  result = result * Fraction(by.scaled(flips * Number<Rational>::abs(lead)));
  if (w.as_constant()) return result;
  if (is_parameter(w) && sign(w) != 0) return result * Fraction(w.scaled(sign(w)));
  const auto it = norms_.find(w);
  if (it != norms_.end()) return times(result, Fraction(Polynomial::symbol(it->second)));
  const Fraction square = times(Fraction(w), Fraction(w));
  const Symbol made = make({.kind = SymbolInfo::Kind::norm,
                            .name = "norm:" + std::to_string(norms_.size()),
                            .size = 0,
                            .square = square.num,
                            .of = w});
  norms_[w] = made;
  return times(result, Fraction(Polynomial::symbol(made)));
}

Fraction Form::root(const Fraction& f) {
  // sqrt(p / q) = sqrt(p q) / q
  Fraction result(Rational(1));
  Polynomial radicand = f.num;
  for (const Polynomial& factor : f.den) {
    const int s = sign(factor);
    if (s == 0) throw NotHandled("a root of something divided by what has no known sign");
    result = result / Fraction(factor.scaled(s));
    radicand = reduced(radicand * factor);
  }
  if (const auto c = radicand.as_constant(); c && (c->is_zero() || *c == 1)) return result * Fraction(*c);
  check_degrees(radicand);
  // The square root of an inner product |v|^2 is a norm by another name.
  const std::string name = "root of " + text(radicand);
  const Symbol s =
      named(name, {.kind = SymbolInfo::Kind::norm, .name = name, .size = 0, .square = radicand, .of = std::nullopt});
  return result * Fraction(Polynomial::symbol(s));
}

Fraction Form::at(Ref ref) {
  const Graph& graph = problem_.workspace->graph();
  if (ref.is_node()) return done_.at(ref.id());
  const auto c = constant_rational(Expr(problem_.workspace, ref));
  if (c) return Fraction(*c);
  const std::string name = "constant " + graph.constant_at(ref.index()).to_string();
  const bool positive = graph.constant_at(ref.index()).kind() == Constant::Kind::pi;
  const bool known = by_name_.contains(name);
  const Symbol s = named(name, {.kind = SymbolInfo::Kind::parameter});
  if (!known && positive) facts_.push_back({Polynomial::symbol(s), name, true});
  return Fraction(Polynomial::symbol(s));
}

Fraction Form::opaque(NodeId id) {
  const Graph& graph = problem_.workspace->graph();
  const Shape& shape = graph.shape(id);
  const bool keeps = graph.is(id, opcode<Literal>) || graph.is(id, opcode<MatMul>);
  if (!keeps) dimension_free_ = false;
  const std::string name = "node " + std::to_string(id);
  const bool known = by_name_.contains(name);
  SymbolInfo info;
  if (!shape.is_scalar()) info = {.kind = SymbolInfo::Kind::vector, .name = {}, .size = shape.size()};
  const Symbol s = named(name, info);
  if (!known && shape.is_scalar() && graph.info(id).family == Family::elementwise && graph.info(id).facts.range.lo >= 0)
    facts_.push_back({Polynomial::symbol(s), name, false});
  return symbol(s);
}

Fraction Form::leaf(NodeId id) {
  const Graph& graph = problem_.workspace->graph();
  const Shape& shape = graph.shape(id);
  const auto application = applications_.find(id);
  if (application != applications_.end()) {
    const auto& [k, is_derivative] = application->second;
    const FunctionApplication& a = problem_.applications[k];
    const FunctionVariable& f = problem_.function_variables[a.function];
    if (f.linear && f.codomain.shape.is_scalar()) {
      const Symbol w = named("linear " + f.name, {.kind = f.domain.shape.is_scalar() ? SymbolInfo::Kind::parameter
                                                                                     : SymbolInfo::Kind::vector,
                                                  .name = {},
                                                  .size = f.domain.shape.size()});
      return is_derivative ? symbol(w) : times(symbol(w), value(a.argument));
    }
    if (!is_derivative && shape.is_scalar())
      return symbol(named(graph.variable_name(id), {.kind = SymbolInfo::Kind::value}));
  }
  SymbolInfo info;
  if (!shape.is_scalar()) info = {.kind = SymbolInfo::Kind::vector, .name = {}, .size = shape.size()};
  return symbol(named(graph.variable_name(id), info));
}

Fraction Form::inner(Ref ref) {
  const Graph& graph = problem_.workspace->graph();
  if (!ref.is_node()) throw NotHandled("a sum of the entries of a constant");
  const NodeId id = ref.id();
  const auto x = graph.operands(id);
  const auto is_tensor = [&](Ref r) { return !graph.shape(r).is_scalar(); };
  if (graph.is(id, opcode<Mul>) && is_tensor(x[0]) && is_tensor(x[1])) return times(at(x[0]), at(x[1]));
  if (graph.is(id, opcode<Square>) || (graph.is(id, opcode<PowI>) && graph.attributes(id)[0] == 2))
    return times(at(x[0]), at(x[0]));
  throw NotHandled("a sum of entries that is no inner product");
}

Fraction Form::node(NodeId id) {
  const Graph& graph = problem_.workspace->graph();
  if (graph.is(id, opcode<Variable>)) return leaf(id);
  if (graph.is(id, opcode<Literal>)) {
    const auto c = constant_rational(Expr(problem_.workspace, Ref::node(id)));
    if (c && (c->is_zero() || graph.shape(id).size() == 1)) return Fraction(*c);
    return opaque(id);
  }
  const auto x = graph.operands(id);
  const bool scalar = graph.shape(id).is_scalar();
  const auto is_scalar = [&](std::size_t k) { return graph.shape(x[k]).is_scalar(); };
  const auto integer = [&](std::int64_t n) {
    Fraction result(Rational(1));
    if (n < -8 || n > 8) return opaque(id);
    for (std::int64_t k = 0; k < (n < 0 ? -n : n); ++k) result = times(result, at(x[0]));
    return n < 0 ? Fraction(Rational(1)) / result : result;
  };
  if (graph.is(id, opcode<Add>) || graph.is(id, opcode<Sub>)) {
    const Fraction a = at(x[0]), b = at(x[1]);
    if (is_scalar(0) != is_scalar(1) && !(is_scalar(0) ? a : b).is_zero()) return opaque(id);
    return graph.is(id, opcode<Add>) ? a + b : a - b;
  }
  if (graph.is(id, opcode<Neg>)) return at(x[0]) * Fraction(Rational(-1));
  if (graph.is(id, opcode<Mul>) && (is_scalar(0) || is_scalar(1))) return times(at(x[0]), at(x[1]));
  if (graph.is(id, opcode<Div>) && is_scalar(1) && !at(x[1]).is_zero()) {
    Fraction result = at(x[0]) / at(x[1]);
    check_degrees(result.num);
    return result;
  }
  if (graph.is(id, opcode<Reciprocal>) && scalar && !at(x[0]).is_zero()) return Fraction(Rational(1)) / at(x[0]);
  if (graph.is(id, opcode<Square>) && scalar) return times(at(x[0]), at(x[0]));
  if (graph.is(id, opcode<PowI>) && scalar && !(graph.attributes(id)[0] < 0 && at(x[0]).is_zero()))
    return integer(graph.attributes(id)[0]);
  if (const auto looked_into = by_entries(id)) return *looked_into;
  if (graph.is(id, opcode<Dot>)) return times(at(x[0]), at(x[1]));
  if (graph.is(id, opcode<SquaredError>)) {
    const Fraction d = at(x[0]) - at(x[1]);
    return times(d, d) * Fraction(Rational(1) / 2);
  }
  if (graph.is(id, opcode<Norm>) && scalar) return norm(at(x[0]));
  if (graph.is(id, opcode<Abs>) && scalar) return norm(at(x[0]));
  if (graph.is(id, opcode<Sqrt>) && scalar) return root(at(x[0]));
  if (graph.is(id, opcode<Reshape>)) return at(x[0]);
  if (graph.is(id, opcode<MatMul>) || graph.is(id, opcode<Outer>)) {
    // A row times a column, and a single number times a tensor.
    const std::int64_t a = graph.shape(x[0]).size(), b = graph.shape(x[1]).size();
    const bool inner_product = graph.is(id, opcode<MatMul>) && graph.shape(id).size() == 1 && a == b;
    if (a == 1 || b == 1 || inner_product) return times(at(x[0]), at(x[1]));
    if (const auto moved = image(id)) return *moved;
  }
  if (graph.is(id, opcode<Sum>) && scalar) return inner(x[0]);
  return opaque(id);
}

Fraction Form::value(const Expr& e) {
  const WorkspaceScope scope(problem_.workspace);
  if (e.ref().is_node()) {
    const Ref target = e.ref();
    const std::vector<bool> needed = reachable(problem_.workspace->graph(), {&target, 1});
    for (NodeId id = 0; id < needed.size(); ++id) {
      if (!needed[id] || done_.contains(id)) continue;
      budget_.check();
      try {
        Fraction f = node(id);
        done_[id] = std::move(f);
      } catch (const NotHandled&) {
        done_[id] = opaque(id);
      }
    }
  }
  return at(e.ref());
}

std::string Form::text(const Monomial& m) const {
  std::string result;
  for (const auto& [s, e] : m) {
    result += (result.empty() ? "" : " * ") + ("{" + symbols_[s].name + "}");
    if (e != 1) result += "^" + std::to_string(e);
  }
  return result;
}

std::string Form::text(const Polynomial& p) const {
  if (p.is_zero()) return "0";
  std::string result;
  for (const auto& [m, c] : p.terms()) {
    result += (result.empty() ? "" : " + ") + c.str();
    if (!m.empty()) result += " * " + text(m);
  }
  return result;
}

}  // namespace nabla::interpolation
