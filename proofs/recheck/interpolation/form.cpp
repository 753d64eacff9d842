#include <algorithm>
#include <nabla/proofs/recheck/interpolation/form.hpp>

namespace nabla::rederive {

namespace {

const Polynomial one(Rational(1));

std::optional<Rational> exact(const Constant& c) {
  if (c.kind() == Constant::Kind::pi || c.kind() == Constant::Kind::infinity) return std::nullopt;
  return Number<Rational>::of(c);
}

}  // namespace

InnerProducts::InnerProducts(const Problem& problem) : problem_(problem) { take_apart(); }

std::uint32_t InnerProducts::id(const std::string& name) {
  const auto it = ids_.find(name);
  if (it != ids_.end()) return it->second;
  const Graph& graph = problem_.workspace->graph();
  Atom atom;
  const auto of_shape = [&](const Shape& shape) {
    atom.vector = shape.is_scalar() ? 0 : std::max<std::int64_t>(shape.size(), 1);
  };
  const auto after = [&](std::string_view prefix) { return name.substr(prefix.size()); };
  if (name.starts_with("node ")) {
    const auto node = static_cast<NodeId>(std::stoul(after("node ")));
    if (node >= graph.size()) throw NotFollowed("no such node");
    of_shape(graph.shape(node));
    atom.nonnegative = graph.shape(node).is_scalar() && graph.info(node).family == Family::elementwise &&
                       graph.info(node).facts.range.lo >= 0;
  } else if (name.starts_with("image ")) {
    const auto node = static_cast<NodeId>(std::stoul(after("image ")));
    if (node >= graph.size() || graph.shape(node).rank() != 2) throw NotFollowed("no such matrix");
    of_shape(Shape{graph.shape(node)[0]});
  } else if (name.starts_with("entry ")) {
    atom.vector = 0;
  } else if (name.starts_with("norm:") || name.starts_with("root of ")) {
    throw NotFollowed("a norm that was not declared");
  } else if (name.starts_with("constant ")) {
    atom.nonnegative = name == "constant pi";
  } else if (name.starts_with("linear ")) {
    for (const FunctionVariable& f : problem_.function_variables)
      if (f.name == after("linear ")) of_shape(f.domain.shape);
  } else if (name.starts_with("slope of ")) {
    for (const FunctionApplication& a : problem_.applications)
      if (graph.variable_name(a.value.ref().id()) == after("slope of "))
        of_shape(problem_.function_variables[a.function].domain.shape);
  } else {
    const auto node = graph.find_variable(name);
    if (!node) throw NotFollowed("no variable is called " + name);
    of_shape(graph.shape(*node));
  }
  atoms_.push_back(std::move(atom));
  return ids_[name] = static_cast<std::uint32_t>(atoms_.size() - 1);
}

Ratio InnerProducts::atom(const std::string& name) {
  const std::uint32_t a = id(name);
  const auto it = solved_.find(a);
  return {it != solved_.end() ? it->second : Polynomial::monomial({{a, unit}}), one};
}

void InnerProducts::limit(const Polynomial& p) const {
  for (const auto& [m, c] : p.terms()) {
    std::int64_t vectors = 0, space = 0;
    for (const auto& [a, e] : m) {
      if (atoms_[a].vector == 0) continue;
      if (e < 0) throw NotFollowed("division by a vector");
      vectors += e / unit;
      if (space != 0 && space != atoms_[a].vector) throw NotFollowed("a product of vectors of different spaces");
      space = atoms_[a].vector;
    }
    if (vectors > 2) throw NotFollowed("a product of inner products");
  }
}

Polynomial InnerProducts::reduced(Polynomial p) {
  for (bool again = true; again;) {
    again = false;
    for (const auto& [m, c] : p.terms()) {
      const auto it = std::ranges::find_if(
          m, [&](const auto& f) { return f.second >= 2 * unit && atoms_[f.first].square.has_value(); });
      if (it == m.end()) continue;
      const Monomial rest = nabla::rederive::product(m, {{it->first, -2 * unit}});
      const Rational factor = c;
      const Monomial whole = m;
      const Polynomial square = *atoms_[it->first].square;
      p.add(whole, -factor);
      p = sum(p, square.scaled(factor, rest), 1, meter_);
      again = true;
      break;
    }
  }
  return p;
}

std::optional<Polynomial> InnerProducts::divided(const Polynomial& a, const Polynomial& b) {
  if (b.is_zero()) return std::nullopt;
  Division d = divide(a, b, meter_);
  if (!d.remainder.is_zero()) return std::nullopt;
  return std::move(d.quotient);
}

Ratio InnerProducts::plus(const Ratio& a, const Ratio& b, const Rational& times_b) {
  if (a.den == b.den) return {sum(a.num, b.num, times_b, meter_), a.den};
  Ratio r;
  if (const auto q = divided(a.den, b.den)) {
    r = {sum(a.num, product(b.num, *q, meter_), times_b, meter_), a.den};
  } else if (const auto p = divided(b.den, a.den)) {
    r = {sum(product(a.num, *p, meter_), b.num, times_b, meter_), b.den};
  } else {
    r = {sum(product(a.num, b.den, meter_), product(b.num, a.den, meter_), times_b, meter_),
         product(a.den, b.den, meter_)};
  }
  if (const auto q = divided(r.num, r.den)) return {*q, one};
  return r;
}

Ratio InnerProducts::times(const Ratio& a, const Ratio& b) {
  Ratio r{reduced(product(a.num, b.num, meter_)), product(a.den, b.den, meter_)};
  limit(r.num);
  if (const auto q = divided(r.num, r.den)) return {*q, one};
  return r;
}

Ratio InnerProducts::over(const Ratio& a, const Ratio& b) {
  if (b.num.is_zero()) throw NotFollowed("division by 0");
  return times(a, {b.den, b.num});
}

std::pair<Polynomial, Polynomial> InnerProducts::split(const Polynomial& p, const std::string& symbol) {
  const std::uint32_t a = id(symbol);
  std::pair<Polynomial, Polynomial> parts;
  for (const auto& [m, c] : p.terms()) {
    const auto it = std::ranges::find_if(m, [&](const auto& f) { return f.first == a; });
    if (it == m.end()) {
      parts.second.add(m, c);
    } else if (it->second == unit) {
      parts.first.add(nabla::rederive::product(m, {{a, -unit}}), c);
    } else {
      throw NotFollowed("what is not linear in " + symbol);
    }
  }
  return parts;
}

void InnerProducts::solve(const std::string& symbol, const Ratio& gap) {
  const std::uint32_t a = id(symbol);
  const auto split = [&](const Polynomial& p) { return this->split(p, symbol); };
  const auto [factor, rest] = split(gap.num);
  const auto c = factor.as_constant();
  if (!c || c->is_zero() || !split(gap.den).first.is_zero()) throw NotFollowed("an equation does not give " + symbol);
  const Polynomial solution = rest.scaled(-1 / *c);
  for (auto& [known, p] : solved_) {
    const auto [by, left] = split(p);
    p = sum(left, product(by, solution, meter_), 1, meter_);
  }
  for (const Atom& other : atoms_)
    if (other.square && !split(*other.square).first.is_zero()) throw NotFollowed("a norm of what is solved for");
  solved_[a] = solution;
  done_.clear();
}

int InnerProducts::sign(Polynomial p) {
  if (p.is_zero()) return 1;
  const auto by_terms = [&](const Polynomial& q) {
    int all = 0;
    for (const auto& [m, c] : q.terms()) {
      for (const auto& [a, e] : m) {
        const bool even = e % (2 * unit) == 0;
        const bool nonnegative =
            atoms_[a].nonnegative || std::ranges::find(known_, Polynomial::monomial({{a, unit}})) != known_.end();
        if (!even && !nonnegative) return 0;
      }
      if (all != 0 && all != c.sign()) return 0;
      all = c.sign();
    }
    return all;
  };
  for (int steps = 0; steps < 16; ++steps) {
    if (const int s = by_terms(p)) return s;
    bool divided_once = false;
    for (const Polynomial& fact : known_) {
      if (fact.as_constant()) continue;
      if (const auto q = divided(p, fact)) {
        p = *q;
        divided_once = true;
        break;
      }
    }
    if (!divided_once) return 0;
  }
  return 0;
}

bool InnerProducts::is_multiple(const Polynomial& p, const Ratio& q, bool and_not_zero) {
  if (q.num.is_zero()) return p.is_zero();
  const auto w = divided(product(p, q.den, meter_), q.num);
  if (!w || w->is_zero() || sign(*w) != 1) return false;
  return !and_not_zero || w->as_constant() || divided(q.den, *w).has_value();
}

Ratio InnerProducts::norm(const Ratio& v) {
  if (v.num.is_zero()) return {Polynomial(), one};
  const auto absolute = [&](const Polynomial& p) -> std::optional<Polynomial> {
    const int s = sign(p);
    if (s == 0) return std::nullopt;
    return p.scaled(s);
  };
  const auto below = absolute(v.den);
  if (!below) throw NotFollowed("a norm of something divided by what has no known sign");
  for (std::size_t k = 0; k < norms_.size(); ++k) {
    const auto q = divided(v.num, norms_[k]);
    if (!q) continue;
    const auto above = absolute(*q);
    if (above) return times({*above, *below}, atom("norm:" + std::to_string(k)));
  }
  if (const auto above = absolute(v.num)) return {*above, *below};
  throw NotFollowed("a norm that the certificate does not name");
}

void InnerProducts::declare_norm(const std::string& text) {
  const Polynomial w = parse(text);
  const Ratio square = times({w, one}, {w, one});
  atoms_.push_back({0, true, square.num});
  ids_["norm:" + std::to_string(norms_.size())] = static_cast<std::uint32_t>(atoms_.size() - 1);
  norms_.push_back(w);
}

void InnerProducts::declare_root(const std::string& text) {
  Polynomial radicand = parse(text);
  limit(radicand);
  atoms_.push_back({0, true, std::move(radicand)});
  ids_["root of " + text] = static_cast<std::uint32_t>(atoms_.size() - 1);
}

Polynomial InnerProducts::parse(std::string_view text) {
  Polynomial p;
  std::size_t k = 0;
  const auto fail = [] { throw NotFollowed("a polynomial that cannot be read"); };
  while (k < text.size()) {
    const std::size_t end = std::min(text.find(' ', k), text.size());
    const auto c = parse_rational(text.substr(k, end - k));
    if (!c) fail();
    k = end;
    Monomial m;
    while (text.substr(k).starts_with(" * {")) {
      k += 4;
      std::size_t close = k;
      for (int depth = 1; close < text.size(); ++close) {
        depth += text[close] == '{' ? 1 : text[close] == '}' ? -1 : 0;
        if (depth == 0) break;
      }
      if (close >= text.size()) fail();
      const std::string name(text.substr(k, close - k));
      k = close + 1;
      std::int64_t exponent = 0;
      if (k < text.size() && text[k] == '^') {
        for (++k; k < text.size() && text[k] >= '0' && text[k] <= '9' && exponent < 1000; ++k)
          exponent = exponent * 10 + (text[k] - '0');
      } else {
        exponent = 1;
      }
      m = nabla::rederive::product(m, {{id(name), exponent * unit}});
    }
    p.add(m, *c);
    if (k == text.size()) break;
    if (!text.substr(k).starts_with(" + ")) fail();
    k += 3;
  }
  return p;
}

Ratio InnerProducts::at(Ref ref) {
  if (ref.is_node()) return done_.at(ref.id());
  const Constant& c = problem_.workspace->graph().constant_at(ref.index());
  if (const auto x = exact(c)) return {Polynomial(*x), one};
  return atom("constant " + c.to_string());
}

Ratio InnerProducts::unknown(NodeId node) { return atom("node " + std::to_string(node)); }

Ratio InnerProducts::value(const Expr& e) {
  if (e.workspace() != problem_.workspace && e.constant() != nullptr) {
    const auto c = exact(*e.constant());
    if (!c) throw NotFollowed("a constant that is not rational");
    return {Polynomial(*c), one};
  }
  if (e.ref().is_node()) {
    const Graph& graph = problem_.workspace->graph();
    std::vector<NodeId> open{e.ref().id()};
    while (!open.empty()) {  // depth first: operands before what reads them
      const NodeId n = open.back();
      bool ready = true;
      if (!done_.contains(n))
        for (const Ref r : graph.operands(n))
          if (r.is_node() && !done_.contains(r.id())) {
            open.push_back(r.id());
            ready = false;
          }
      if (!ready) continue;
      open.pop_back();
      if (done_.contains(n)) continue;
      meter_.spend(1);
      Ratio q;
      try {
        q = node(n);
      } catch (const NotFollowed&) {
        q = unknown(n);
      }
      done_[n] = std::move(q);
    }
  }
  return at(e.ref());
}

}  // namespace nabla::rederive
