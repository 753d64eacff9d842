#include "predicates.hpp"

#include <algorithm>
#include <optional>

namespace perturb {

namespace {

const Mp near_step("1e-30");
const Mp nearer_step("1e-40");

Value difference(const Value& a, const Value& b) {
  Value out{a.shape, {}};
  for (std::size_t i = 0; i < a.at.size(); ++i) out.at.push_back(a.at[i] - b.at[i]);
  return out;
}
Mp dot_of(const Value& a, const Value& b) {
  Mp sum = 0;
  for (std::size_t i = 0; i < a.at.size(); ++i) sum += a.at[i] * b.at[i];
  return sum;
}
Mp size(const Value& a) { return sqrt(dot_of(a, a)); }

class At {
 public:
  At(Evaluator& evaluator, const PredicateCall& call) : evaluator_(evaluator), call_(call) {}
  Value value(const Value& x) {
    evaluator_.variables[call_.variable] = x;
    return evaluator_.value(call_.subject);
  }
  Mp constant() { return evaluator_.value(evaluator_.syntax().child(call_.id, 3)).at[0]; }
  /// By central differences.
  Value gradient(const Value& x) {
    Value out{x.shape, {}};
    for (std::size_t i = 0; i < x.at.size(); ++i) {
      Value up = x, down = x;
      up.at[i] += near_step;
      down.at[i] -= near_step;
      out.at.push_back((value(up).at[0] - value(down).at[0]) / (2 * near_step));
    }
    return out;
  }
  /// (f(x + h e) - f(x)) / h; nothing where the expression has ended.
  std::optional<Value> quotient(const Value& x, std::size_t axis, const Mp& h) {
    Value moved = x;
    moved.at[axis] += h;
    try {
      Value d = difference(value(moved), value(x));
      for (Mp& e : d.at) e /= h;
      return d;
    } catch (const Undefined&) {
      return std::nullopt;
    }
  }

 private:
  Evaluator& evaluator_;
  const PredicateCall& call_;
};

}  // namespace

PredicateCall::PredicateCall(const nabla::Syntax& syntax, nabla::SyntaxId call)
    : name(syntax.spelling(syntax.child(call, 0))), id(call), subject(syntax.child(call, 1)) {
  if (name == "defined") return;
  const nabla::SyntaxId over = syntax.child(call, 2);
  if (syntax.kind(over) != nabla::SyntaxKind::name)
    throw NotKnown("a predicate over " + std::string(syntax.text(over)));
  variable = syntax.spelling(over);
}

bool is_defined(Evaluator& evaluator, nabla::SyntaxId subject) {
  try {
    evaluator.value(subject);
    return true;
  } catch (const Undefined&) {
    return false;
  }
}

Truth differentiable_at(Evaluator& evaluator, const PredicateCall& call, const Value& x) {
  At at(evaluator, call);
  try {
    at.value(x);
  } catch (const Undefined&) {
    return Truth::fails;
  }
  Truth all = Truth::holds;
  for (std::size_t axis = 0; axis < x.at.size(); ++axis) {
    std::vector<Value> sides;
    for (const int direction : {1, -1}) {
      const auto near = at.quotient(x, axis, direction * near_step),
                 nearer = at.quotient(x, axis, direction * nearer_step);
      if (!near || !nearer) continue;
      for (std::size_t i = 0; i < near->at.size(); ++i) {
        const Mp a = abs(near->at[i]), b = abs(nearer->at[i]);
        if (b > 2 * a && b > Mp("1e5")) return Truth::fails;  // it grows
      }
      sides.push_back(*nearer);
    }
    if (sides.size() < 2) continue;
    const Mp gap = size(difference(sides[0], sides[1]));
    if (gap > Mp("1e-9")) return Truth::fails;
    if (gap > Mp("1e-20")) all = std::min(all, Truth::unclear);
  }
  return all;
}

Truth at_pair(Evaluator& evaluator, const PredicateCall& call, const Value& x, const Value& y) {
  using nabla::Relation;
  At at(evaluator, call);
  const std::string& name = call.name;
  const Value step = difference(x, y);
  if (name == "convex" || name == "concave" || name == "strongly_convex") {
    const Mp mu = name == "strongly_convex" ? at.constant() : Mp(0);
    const Mp middle = at.value(mixed(x, y, Mp(1) / 2)).at[0];
    const Mp chord = (at.value(x).at[0] + at.value(y).at[0]) / 2 - mu * dot_of(step, step) / 8;
    return compare(name == "concave" ? Relation::greater_equal : Relation::less_equal, scalar(middle), scalar(chord));
  }
  if (name == "increasing" || name == "decreasing") {
    if (!x.is_scalar()) throw NotKnown("monotone in a vector");
    const Value& low = x.at[0] < y.at[0] ? x : y;
    const Value& high = x.at[0] < y.at[0] ? y : x;
    return compare(name == "increasing" ? Relation::less_equal : Relation::greater_equal, at.value(low),
                   at.value(high));
  }
  if (name == "lipschitz")
    return compare(Relation::less_equal, scalar(size(difference(at.value(x), at.value(y)))),
                   scalar(at.constant() * size(step)));
  if (name == "smooth")
    return compare(Relation::less_equal, scalar(size(difference(at.gradient(x), at.gradient(y)))),
                   scalar(at.constant() * size(step)));
  throw NotKnown("the predicate " + name);
}

Value mixed(const Value& x, const Value& y, const Mp& t) {
  Value out{x.shape, {}};
  for (std::size_t i = 0; i < x.at.size(); ++i) out.at.push_back(x.at[i] + (y.at[i] - x.at[i]) * t);
  return out;
}

}  // namespace perturb
