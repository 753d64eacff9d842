#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/recheck/inequality/boxes.hpp>
#include <nabla/proofs/recheck/inequality/growth.hpp>
#include <unordered_map>

namespace nabla::rederive {

int Growing::sign(const Expr& c) const {
  const Enclosure x = constant_value(c);
  return !x.total ? 0 : x.positive() ? 1 : x.negative() ? -1 : 0;
}

Growing::Answer Growing::term(const Expr& lead, const Rational& power) const {
  if (sign(lead) != 0) return Size{0, power, lead};
  // c x^p (1 + o(1)) with c = 0 says o(x^p), no more.
  if (!vanishes_(lead)) return std::nullopt;
  return Size{0, power, {}};
}

/// The infinity that it runs to: 1, -1, or 0 for neither.
int Growing::end_of(const Size& s) const {
  if (s.is_bound() || s.speed < 0) return 0;
  return s.speed > 0 || s.power.sign() > 0 ? sign(s.lead) : 0;
}

/// The limit, where it is a number.
std::optional<Expr> Growing::value_of(const Size& s) const {
  if (s.speed < 0) return Expr(0);
  if (s.speed > 0 || s.power.sign() > 0) return std::nullopt;
  if (s.is_bound() || s.power.sign() < 0) return Expr(0);
  return s.lead;
}

Growing::Answer Growing::plus(const Size& a, const Size& b) const {
  const bool a_larger = a.speed > b.speed || (a.speed == b.speed && a.speed == 0 && a.power > b.power);
  const bool b_larger = b.speed > a.speed || (a.speed == b.speed && a.speed == 0 && b.power > a.power);
  if (a_larger) return a;
  if (b_larger) return b;
  if (a.speed < 0) {
    if (!a.is_bound() && !b.is_bound() && sign(a.lead) * sign(b.lead) > 0) return a;
    return Size{-1, 0, {}};
  }
  if (a.speed > 0) return sign(a.lead) * sign(b.lead) > 0 ? Answer(a) : std::nullopt;
  if (a.is_bound()) return b;
  if (b.is_bound()) return a;
  const Expr lead = a.lead + b.lead;
  if (sign(lead) != 0) return Size{0, a.power, lead};
  if (vanishes_(lead)) return Size{0, a.power, {}};
  return std::nullopt;
}

Growing::Answer Growing::times(const Size& a, const Size& b) {
  const bool bound = a.is_bound() || b.is_bound();
  if (a.speed * b.speed < 0) return std::nullopt;
  const int speed = a.speed != 0 ? a.speed : b.speed;
  if (bound && speed > 0) return std::nullopt;
  return Size{speed, a.power + b.power, bound ? Expr() : a.lead * b.lead};
}

Growing::Answer Growing::over(const Size& a) {
  if (a.is_bound()) return std::nullopt;
  return Size{-a.speed, -a.power, Expr(1) / a.lead};
}

/// Continuous functions of which the record states the tails (DLMF 4.28, 4.23, 7.2, 7.12).
Growing::Answer Growing::settling(Opcode code, const Size& x) const {
  const Facts& facts = operator_info(code).facts;
  const Tail& tail = end_of(x) < 0 ? facts.below : facts.above;
  if (tail.kind == Tail::Kind::unstated) return std::nullopt;
  if (end_of(x) != 0) {
    if (tail.kind == Tail::Kind::level) return constant(level_of<Expr>(tail));
    return tail.kind == Tail::Kind::operand ? x : Size{-1, 0, {}};
  }
  const auto at = value_of(x);
  if (!at) return std::nullopt;
  if (at->is(0) && facts.identity_near_zero) return x;
  const Expr operand[] = {*at};
  return constant(detail::append(code, {}, operand, std::vector<std::int64_t>()));
}

Growing::Answer Growing::applied(Opcode code, const std::vector<std::int64_t>& attributes,
                                 const std::vector<Size>& x) const {
  const auto negative = [](Size s) {
    if (!s.is_bound()) s.lead = -s.lead;
    return s;
  };
  if (code == opcode<Add>) return plus(x[0], x[1]);
  if (code == opcode<Sub>) return plus(x[0], negative(x[1]));
  if (code == opcode<Neg>) return negative(x[0]);
  if (code == opcode<Mul>) return times(x[0], x[1]);
  if (code == opcode<Div>) {
    const Answer below = over(x[1]);
    return below ? times(x[0], *below) : std::nullopt;
  }
  if (code == opcode<PowI>) {
    const std::int64_t n = attributes.at(0);
    if (n == 0) return constant(Expr(1));
    const Answer base = n > 0 ? Answer(x[0]) : over(x[0]);
    if (!base || (base->is_bound() && base->speed > 0)) return std::nullopt;
    const std::int64_t m = n > 0 ? n : -n;
    return Size{base->speed, base->power * m, base->is_bound() ? Expr() : powi(base->lead, m)};
  }
  if (code == opcode<Sqrt>) {
    if (!x[0].is_bound() && sign(x[0].lead) <= 0) return std::nullopt;
    return Size{x[0].speed, x[0].power / 2, x[0].is_bound() ? Expr() : sqrt(x[0].lead)};
  }
  if (code == opcode<Exp>) {
    if (const int side = end_of(x[0]); side != 0) return Size{side, 0, Expr(1)};
    const auto at = value_of(x[0]);
    return at ? constant(exp(*at)) : std::nullopt;
  }
  if (code == opcode<Log>) {
    if (x[0].is_bound() || x[0].speed != 0 || sign(x[0].lead) <= 0) return std::nullopt;
    // A logarithm is o(x^p) for every p > 0.
    return x[0].power.is_zero() ? constant(log(x[0].lead)) : Answer(Size{0, Rational(1, 1000), {}});
  }
  return settling(code, x[0]);
}

int Growing::sign_of_limit(const Expr& e) {
  const WorkspaceScope scope(workspace_);
  std::unordered_map<std::uint32_t, Answer> size_of;  // by the bits of a reference
  std::vector<Ref> todo{e.ref()};
  while (!todo.empty()) {
    const Ref ref = todo.back();
    if (size_of.contains(ref.bits())) {
      todo.pop_back();
      continue;
    }
    if (!ref.is_node()) {
      size_of[ref.bits()] = constant(Expr(workspace_, ref));
      continue;
    }
    const NodeId id = ref.id();
    const Graph& graph = workspace_->graph();
    const Opcode code = graph.code(id);
    const std::vector<Ref> operands(graph.operands(id).begin(), graph.operands(id).end());
    const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
    if (operands.empty()) {
      if (id == variable_)
        size_of[ref.bits()] = Size{0, 1, Expr(1)};
      else
        size_of[ref.bits()] = code == opcode<Variable> ? std::nullopt : constant(Expr(workspace_, ref));
      continue;
    }
    std::vector<Size> x;
    bool waits = false, hopeless = false;
    for (const Ref r : operands) {
      const auto it = size_of.find(r.bits());
      if (it == size_of.end()) {
        todo.push_back(r);
        waits = true;
      } else if (it->second) {
        x.push_back(*it->second);
      } else {
        hopeless = true;
      }
    }
    if (waits) continue;
    Answer made = hopeless ? std::nullopt : applied(code, attributes, x);
    if (!made && !hopeless) {
      std::vector<Expr> of;
      for (const Ref r : operands) of.emplace_back(workspace_, r);
      const Expr other = algebraic_form(code, attributes, of);
      if (!other.empty() && other.ref() != ref) {
        const auto it = size_of.find(other.ref().bits());
        if (it == size_of.end()) {
          todo.push_back(other.ref());
          continue;
        }
        made = it->second;
      }
    }
    size_of[ref.bits()] = std::move(made);
  }
  const Answer& whole = size_of.at(e.ref().bits());
  const auto limit = whole ? value_of(*whole) : std::nullopt;
  if (!limit) return unknown;
  if (limit->is(0)) return 0;
  const int s = sign(*limit);
  return s != 0 ? s : vanishes_(*limit) ? 0 : unknown;
}

}  // namespace nabla::rederive
