#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/calculus/antiderivative_rules.hpp>
#include <nabla/engine/calculus/dependence.hpp>

namespace nabla {

namespace {

constexpr int most_terms = 2000;
constexpr std::size_t highest_factor = 8;

Expr or_zero(const Expr& e) { return e.empty() ? Expr(0) : e; }

class Integration {
 public:
  Integration(const Expr& e, const Expr& t) : workspace_(t.workspace()), t_(t) { open_.push_back({Expr(1), e}); }

  std::optional<Expr> run() {
    Expr result(0);
    for (int steps = 0; !open_.empty(); ++steps) {
      if (steps > most_terms) return std::nullopt;
      const auto [factor, e] = open_.back();
      open_.pop_back();
      const auto part = term(factor, e);
      if (!part) return std::nullopt;
      result = result + *part;
    }
    return result;
  }

 private:
  struct Open {
    Expr factor, e;
  };
  Expr expr(Ref r) const { return {workspace_, r}; }
  Graph& graph() const { return workspace_->graph(); }

  /// The primitive function of a term, or 0 after its parts were put on the stack.
  std::optional<Expr> term(const Expr& factor, const Expr& e) {
    const Dependents moves(e, t_);
    if (!moves(e)) return factor * e * t_;
    if (const auto c = polynomial_in(e, t_)) return factor * primitive(*c);
    const NodeId id = e.ref().id();
    const auto x = graph().operands(id);
    const std::vector<Ref> operand(x.begin(), x.end());
    const auto is = [&](Opcode code) { return graph().is(id, code); };
    if (is(opcode<Add>) || is(opcode<Sub>)) {
      open_.push_back({factor, expr(operand[0])});
      open_.push_back({is(opcode<Add>) ? factor : -factor, expr(operand[1])});
      return Expr(0);
    }
    if (is(opcode<Neg>)) {
      open_.push_back({-factor, expr(operand[0])});
      return Expr(0);
    }
    if (is(opcode<Max>) || is(opcode<Min>)) {  // max(u, v) = v + relu(u - v), min(u, v) = u - relu(u - v)
      const Expr u = expr(operand[0]), v = expr(operand[1]);
      open_.push_back({is(opcode<Max>) ? factor : -factor, relu(u - v)});
      open_.push_back({factor, is(opcode<Max>) ? v : u});
      return Expr(0);
    }
    if (is(opcode<Mul>)) return product(factor, expr(operand[0]), expr(operand[1]), moves);
    if (is(opcode<Div>)) return quotient(factor, expr(operand[0]), expr(operand[1]), moves);
    if (is(opcode<PowI>) && graph().attributes(id)[0] < 0) {
      const std::int64_t n = graph().attributes(id)[0];
      if (n == -1) return quotient(factor, Expr(1), expr(operand[0]), moves);
    }
    return kernel(factor, {Expr(1)}, e);
  }

  Expr primitive(const std::vector<Expr>& c) const {
    Expr result(0);
    for (std::size_t k = 0; k < c.size(); ++k)
      if (!c[k].empty()) result = result + c[k] * powi(t_, static_cast<std::int64_t>(k + 1)) / Expr(k + 1);
    return result;
  }

  static std::vector<Expr> derivative(const std::vector<Expr>& c) {
    std::vector<Expr> d;
    for (std::size_t k = 1; k < c.size(); ++k) d.push_back(c[k].empty() ? Expr() : Expr(k) * c[k]);
    if (d.empty()) d.emplace_back();
    return d;
  }

  Expr value(const std::vector<Expr>& c) const {
    Expr result(0);
    for (std::size_t k = 0; k < c.size(); ++k)
      if (!c[k].empty()) result = result + (k == 0 ? c[k] : c[k] * powi(t_, static_cast<std::int64_t>(k)));
    return result;
  }

  std::optional<Expr> product(const Expr& factor, const Expr& a, const Expr& b, const Dependents& moves) {
    if (!moves(a)) return push(factor * a, b);
    if (!moves(b)) return push(factor * b, a);
    for (const auto& [sum, other] : {std::pair{a, b}, std::pair{b, a}}) {
      const NodeId id = sum.ref().id();
      const bool is_sum = graph().is(id, opcode<Add>) || graph().is(id, opcode<Sub>);
      if (!is_sum || polynomial_in(sum, t_)) continue;
      const auto x = graph().operands(id);
      const Expr first = expr(x[0]) * other, second = expr(x[1]) * other;
      open_.push_back({factor, first});
      open_.push_back({graph().is(sum.ref().id(), opcode<Add>) ? factor : -factor, second});
      return Expr(0);
    }
    if (const auto p = polynomial_in(a, t_)) return kernel(factor, *p, b);
    if (const auto p = polynomial_in(b, t_)) return kernel(factor, *p, a);
    if (same(a, b)) return kernel(factor, {Expr(1)}, powi(a, 2));
    return std::nullopt;
  }

  std::optional<Expr> push(const Expr& factor, const Expr& e) {
    open_.push_back({factor, e});
    return Expr(0);
  }

  std::optional<Expr> quotient(const Expr& factor, const Expr& a, const Expr& b, const Dependents& moves) {
    if (!moves(b)) return push(factor / b, a);
    const auto above = polynomial_in(a, t_);
    const auto below = polynomial_in(b, t_);
    if (above)  // a / sqrt(u), a / u^n, a / exp(u)
      if (auto found = kernel(factor, *above, Expr(1) / b, b)) return found;
    if (!below || !above) return std::nullopt;
    if (below->size() == 2 && above->size() == 1) {
      const Expr& slope = (*below)[1];
      const Expr log_form = log(abs(b)) / slope;
      const Expr whole =
          slope.constant() != nullptr ? log_form : where(eq(slope, Expr(0)), t_ / or_zero((*below)[0]), log_form);
      return factor * or_zero((*above)[0]) * whole;
    }
    // k u' / u
    if (const auto k = proportion(*above, derivative(*below))) return factor * *k * log(abs(b));
    if (below->size() != 3 || above->size() != 1) return std::nullopt;
    const Expr whole = definite_or_empty(*below);
    if (whole.empty()) return std::nullopt;
    return factor * or_zero((*above)[0]) * whole;
  }

  /// 1 / (A + B t + C t^2) with 4 A C > B^2, all constant.
  Expr definite_or_empty(const std::vector<Expr>& c) const {
    const Constant* k[3];
    for (std::size_t i = 0; i < 3; ++i) {
      static const Constant zero = Constant::integer(0);
      k[i] = c[i].empty() ? &zero : c[i].constant();
      if (k[i] == nullptr || k[i]->kind() != Constant::Kind::ratio) return {};
    }
    const Expr discriminant = Expr(4) * Expr(*k[0]) * Expr(*k[2]) - Expr(*k[1]) * Expr(*k[1]);
    const Constant* d = discriminant.constant();
    if (d == nullptr || d->kind() != Constant::Kind::ratio || d->num() <= 0) return {};
    const Expr root = sqrt(discriminant);
    return Expr(2) / root * atan((Expr(2) * Expr(*k[2]) * t_ + Expr(*k[1])) / root);
  }
  /// k with a = k b, where both are known to be proportional.
  static std::optional<Expr> proportion(const std::vector<Expr>& a, const std::vector<Expr>& b) {
    if (a.size() != b.size()) return std::nullopt;
    const std::size_t top = a.size() - 1;
    if (b[top].empty() || a[top].empty()) return std::nullopt;
    const Constant *p = a[top].constant(), *q = b[top].constant();
    if (p == nullptr || q == nullptr || q->is(0)) return std::nullopt;
    const Expr k = a[top] / b[top];
    for (std::size_t i = 0; i < top; ++i) {
      const Expr expected = b[i].empty() ? Expr(0) : k * b[i];
      if (!same(expected, or_zero(a[i])) && !(expected.constant() != nullptr && or_zero(a[i]).constant() != nullptr &&
                                              *expected.constant() == *or_zero(a[i]).constant()))
        return std::nullopt;
    }
    return k;
  }

  /// A polynomial times g(u). \param inverse where g(u) is 1 / inverse, written as it stands
  std::optional<Expr> kernel(const Expr& factor, std::vector<Expr> p, const Expr& g, const Expr& inverse = {}) {
    const Expr& node = inverse.empty() ? g : inverse;
    if (!node.ref().is_node()) return std::nullopt;
    const NodeId id = node.ref().id();
    const auto x = graph().operands(id);
    if (x.empty()) return std::nullopt;
    for (std::size_t k = 1; k < x.size(); ++k)
      if (Dependents(expr(x[k]), t_)(x[k])) return std::nullopt;
    Expr u = expr(x[0]);
    Repeated rule = inverse.empty() ? repeated_integral(graph(), id) : repeated_integral_of_inverse(graph(), id);
    if (is_square(id) && u.ref().is_node()) {
      const NodeId base = u.ref().id();
      if (Repeated of_square =
              inverse.empty() ? integral_of_square(graph(), base) : integral_of_inverse_square(graph(), base)) {
        rule = std::move(of_square);
        u = expr(graph().operands(base)[0]);
      }
    }
    if (!rule || !g.shape().is_scalar()) return std::nullopt;
    const auto inside = polynomial_in(u, t_);
    if (!inside) return std::nullopt;
    if (inside->size() != 2) {
      if (const auto k = proportion(p, derivative(*inside))) return factor * *k * rule(u, 1);
      if (graph().is(id, opcode<Sqrt>)) return root_of_quadratic(factor, p, u, !inverse.empty(), *inside);
      return gaussian(factor, p, id, inverse, *inside);
    }
    if (p.size() > highest_factor + 1) return std::nullopt;
    const Expr slope = (*inside)[1];
    const bool known = slope.constant() != nullptr;
    Expr result(0), power = slope, all = value(p);
    const std::vector<Expr> whole = p;
    for (std::size_t k = 1;; ++k) {
      const Expr next = rule(u, k);
      if (next.empty()) return std::nullopt;
      const Expr part = value(p) * next / power;
      result = k % 2 == 1 ? result + part : result - part;
      if (p.size() == 1) break;
      p = derivative(p);
      power = power * slope;
    }
    if (known) return factor * result;
    return factor * where(eq(slope, Expr(0)), primitive(whole) * g, result);
  }

  bool is_square(NodeId id) const {
    return graph().is(id, opcode<Square>) || (graph().is(id, opcode<PowI>) && graph().attributes(id)[0] == 2);
  }

  /// sqrt(u) and 1 / sqrt(u) for u = a + c t^2 with constants a > 0 and c. DLMF 4.26.14, 4.37.16 (by differentiation)
  std::optional<Expr> root_of_quadratic(const Expr& factor, const std::vector<Expr>& p, const Expr& u, bool inverse,
                                        const std::vector<Expr>& coefficients) const {
    if (p.size() != 1 || coefficients.size() != 3 || !(coefficients[1].empty() || coefficients[1].is(0)))
      return std::nullopt;
    const Constant *a = coefficients[0].empty() ? nullptr : coefficients[0].constant(),
                   *c = coefficients[2].empty() ? nullptr : coefficients[2].constant();
    if (a == nullptr || c == nullptr || a->kind() != Constant::Kind::ratio || c->kind() != Constant::Kind::ratio ||
        a->num() <= 0 || c->num() == 0)
      return std::nullopt;
    const bool ends = c->num() < 0;
    const Expr size = ends ? -coefficients[2] : coefficients[2], root = sqrt(size);
    const Expr arc = t_ * sqrt(size / coefficients[0]), angle = (ends ? asin(arc) : asinh(arc)) / root;
    const Expr whole = inverse ? angle : ratio<Expr>(1, 2) * (t_ * sqrt(u) + coefficients[0] * angle);
    return factor * or_zero(p[0]) * whole;
  }

  /// exp(-a t^2) with a constant: sqrt(pi / a) / 2 erf(sqrt(a) t).
  std::optional<Expr> gaussian(const Expr& factor, const std::vector<Expr>& p, NodeId id, const Expr& inverse,
                               const std::vector<Expr>& u) const {
    if (!graph().is(id, opcode<Exp>) || !inverse.empty() || p.size() != 1 || u.size() != 3) return std::nullopt;
    const Constant* a = u[2].empty() ? nullptr : u[2].constant();
    const bool centred = (u[1].empty() || u[1].is(0)) && (u[0].empty() || u[0].is(0));
    if (a == nullptr || a->kind() != Constant::Kind::ratio || a->num() >= 0 || !centred) return std::nullopt;
    const Expr rate = -u[2];
    return factor * or_zero(p[0]) * ratio<Expr>(1, 2) * sqrt(Expr(Constant::pi()) / rate) * erf(sqrt(rate) * t_);
  }

  std::shared_ptr<Workspace> workspace_;
  Expr t_;
  std::vector<Open> open_;
};

}  // namespace

std::optional<Expr> antiderivative(const Expr& e, const Expr& t) {
  const WorkspaceScope scope(t.workspace());
  if (!e.ref().is_node()) return e * t;
  if (const auto c = polynomial_in(e, t)) {
    Expr result;
    for (std::size_t k = 0; k < c->size(); ++k) {
      if ((*c)[k].empty()) continue;
      const Expr part = (*c)[k] * (powi(t, static_cast<std::int64_t>(k + 1)) / Expr(k + 1));
      result = result.empty() ? part : result + part;
    }
    return result.empty() ? (*c)[0] : result;
  }
  if (!e.shape().is_scalar()) return std::nullopt;
  return Integration(e, t).run();
}

}  // namespace nabla
