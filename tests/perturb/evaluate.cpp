#include "evaluate.hpp"

namespace perturb {

using nabla::BinaryOperator;
using nabla::Relation;
using nabla::SyntaxId;
using nabla::SyntaxKind;

namespace {

const Mp step("1e-30");

/// Gives variables their values back when it ends.
struct Restored {
  using Variables = std::map<std::string, Value, std::less<>>;
  explicit Restored(Variables& v) : variables(v), before(v) {}
  ~Restored() { variables = std::move(before); }
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;
  Variables& variables;
  Variables before;
};

/// Counts up for as long as it lives.
struct Counted {
  explicit Counted(int& n) : count(n) { ++count; }
  ~Counted() { --count; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int& count;
};

bool is_integer(const Mp& x) { return floor(x) == x; }

}  // namespace

std::string to_text(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

Value map_entries(const Value& x, const std::function<Mp(const Mp&)>& f) {
  Value out{x.shape, {}};
  for (const Mp& e : x.at) out.at.push_back(f(e));
  return out;
}

Mp power(const Mp& base, const Mp& exponent) {
  if (is_integer(exponent)) {
    if (base == 0 && exponent < 0) throw Undefined("0 to a negative power");
    return pow(base, exponent);
  }
  if (base < 0 || (base == 0 && exponent < 0)) throw Undefined("a power of a negative number");
  return base == 0 ? Mp(0) : Mp(pow(base, exponent));
}

Value transposed(const Value& x) {
  if (x.shape.size() != 2) throw IllTyped("the transpose of something of shape " + to_text(x.shape));
  const long m = x.shape[0];
  const long n = x.shape[1];
  Value out{{n, m}, std::vector<Mp>(x.at.size())};
  for (long i = 0; i < m; ++i)
    for (long j = 0; j < n; ++j)
      out.at[static_cast<std::size_t>(j * m + i)] = x.at[static_cast<std::size_t>(i * n + j)];
  return out;
}

Evaluator::Evaluator(const nabla::Claim& claim) : claim_(claim), syntax_(claim.syntax) {
  for (const auto& line : claim_.lines)
    if (const auto* let = std::get_if<nabla::LetLine>(&line)) {
      const std::string name(syntax_.spelling(let->name));
      if (let->parameters.empty()) {
        abbreviations_[name] = let->value;
        continue;
      }
      Function f{{}, let->value};
      for (const auto& p : let->parameters) f.parameters.emplace_back(syntax_.spelling(p.name));
      functions_[name] = f;
    }
}

long Evaluator::integer(SyntaxId id) {
  const Value v = value(id);
  if (!v.is_scalar() || !is_integer(v.at[0])) throw IllTyped("an integer is needed");
  return v.at[0].convert_to<long>();
}

Value Evaluator::value(SyntaxId id) {
  switch (syntax_.kind(id)) {
    case SyntaxKind::number:
      return scalar(Mp(std::string(syntax_.spelling(id))));
    case SyntaxKind::name: {
      const std::string name(syntax_.spelling(id));
      if (const auto v = variables.find(name); v != variables.end()) return v->second;
      if (const auto a = abbreviations_.find(name); a != abbreviations_.end()) return value(a->second);
      if (name == "pi") return scalar(4 * atan(Mp(1)));
      throw NotKnown("the name " + name);
    }
    case SyntaxKind::negate:
      return map_entries(value(syntax_.child(id, 0)), [](const Mp& x) { return Mp(-x); });
    case SyntaxKind::binary:
      return binary(id);
    case SyntaxKind::transpose:
      return transposed(value(syntax_.child(id, 0)));
    case SyntaxKind::index:
      return index(id);
    case SyntaxKind::vector:
    case SyntaxKind::matrix:
      return entries_of(id);
    case SyntaxKind::comprehension:
      return bound(id);
    case SyntaxKind::call:
      return call(id);
    default:
      throw NotKnown(std::string(syntax_.text(id)));
  }
}

Value Evaluator::entries_of(SyntaxId id) {
  Value out;
  const auto add = [&](SyntaxId entry) {
    const Value v = value(entry);
    if (!v.is_scalar()) throw IllTyped("an entry of a vector that is not a scalar");
    out.at.push_back(v.at[0]);
  };
  if (syntax_.kind(id) == SyntaxKind::vector) {
    for (const SyntaxId entry : syntax_.children(id)) add(entry);
    out.shape = {static_cast<long>(out.at.size())};
    return out;
  }
  const auto rows = syntax_.children(id);
  for (const SyntaxId row : rows)
    for (const SyntaxId entry : syntax_.children(row)) add(entry);
  out.shape = {static_cast<long>(rows.size()), static_cast<long>(out.at.size() / rows.size())};
  return out;
}

Value Evaluator::product(const Value& a, const Value& b) {
  if (a.is_scalar()) return map_entries(b, [&](const Mp& x) { return Mp(a.at[0] * x); });
  if (b.is_scalar()) return product(b, a);
  if (a.shape.size() == 1 && b.shape.size() == 1) throw IllTyped("the product of two vectors");
  const bool row = a.shape.size() == 1;
  const bool column = b.shape.size() == 1;
  const long m = row ? 1 : a.shape[0];
  const long k = row ? a.shape[0] : a.shape[1];
  const long n = column ? 1 : b.shape[1];
  if (k != b.shape[0]) throw IllTyped("the product of " + to_text(a.shape) + " and " + to_text(b.shape));
  Value out{{}, {}};
  if (!row) out.shape.push_back(m);
  if (!column) out.shape.push_back(n);
  for (long i = 0; i < m; ++i)
    for (long j = 0; j < n; ++j) {
      Mp sum = 0;
      for (long l = 0; l < k; ++l)
        sum += a.at[static_cast<std::size_t>(i * k + l)] * b.at[static_cast<std::size_t>(l * n + j)];
      out.at.push_back(sum);
    }
  return out;
}

Value Evaluator::binary(SyntaxId id) {
  const Value a = value(syntax_.child(id, 0));
  const Value b = value(syntax_.child(id, 1));
  const auto quotient = [](const Mp& x, const Mp& y) {
    if (y == 0) throw Undefined("a division by zero");
    return Mp(x / y);
  };
  switch (syntax_.binary_operator(id)) {
    case BinaryOperator::add:
      return elementwise(
          a, b, [](const Mp& x, const Mp& y) { return Mp(x + y); }, "+");
    case BinaryOperator::subtract:
      return elementwise(
          a, b, [](const Mp& x, const Mp& y) { return Mp(x - y); }, "-");
    case BinaryOperator::elementwise_multiply:
      return elementwise(
          a, b, [](const Mp& x, const Mp& y) { return Mp(x * y); }, ".*");
    case BinaryOperator::elementwise_divide:
      return elementwise(a, b, quotient, "./");
    case BinaryOperator::elementwise_power:
      return elementwise(a, b, power, ".^");
    case BinaryOperator::multiply:
      return product(a, b);
    case BinaryOperator::divide:
      if (!b.is_scalar()) throw IllTyped("a division by something of shape " + to_text(b.shape));
      return map_entries(a, [&](const Mp& x) { return quotient(x, b.at[0]); });
    case BinaryOperator::power:
      if (!b.is_scalar()) throw IllTyped("an exponent of shape " + to_text(b.shape));
      if (a.is_scalar()) return scalar(power(a.at[0], b.at[0]));
      throw NotKnown("powers of matrices");
  }
  throw NotKnown("an operator");
}

Value Evaluator::index(SyntaxId id) {
  const Value base = value(syntax_.child(id, 0));
  const auto children = syntax_.children(id).subspan(1);
  if (children.size() != base.shape.size())
    throw IllTyped("an index of something of shape " + to_text(base.shape) + " with another number of places");
  std::vector<long> chosen;
  Shape shape;
  for (std::size_t k = 0; k < children.size(); ++k) {
    if (syntax_.kind(children[k]) == SyntaxKind::all) {
      chosen.push_back(-1);
      shape.push_back(base.shape[k]);
      continue;
    }
    chosen.push_back(integer(children[k]) - 1);
    if (chosen.back() < 0 || chosen.back() >= base.shape[k]) throw IllTyped("an index out of range");
  }
  Value out{shape, {}};
  for (std::size_t e = 0; e < base.at.size(); ++e) {
    std::size_t rest = e;
    bool in = true;
    for (std::size_t k = chosen.size(); k-- > 0;) {
      const long at = static_cast<long>(rest % static_cast<std::size_t>(base.shape[k]));
      rest /= static_cast<std::size_t>(base.shape[k]);
      in = in && (chosen[k] < 0 || chosen[k] == at);
    }
    if (in) out.at.push_back(base.at[e]);
  }
  return out;
}

Value Evaluator::bound(SyntaxId id) {
  const std::string name(syntax_.spelling(syntax_.child(id, 0)));
  const long from = integer(syntax_.child(id, 1));
  const long to = integer(syntax_.child(id, 2));
  const Restored saved(variables);
  std::optional<Value> total;
  for (long i = from; i <= to; ++i) {
    variables[name] = scalar(Mp(i));
    const Value term = value(syntax_.child(id, 3));
    if (!total) {
      total = term;
      continue;
    }
    switch (syntax_.comprehension_operator(id)) {
      case nabla::Comprehension::sum:
        total = elementwise(
            *total, term, [](const Mp& x, const Mp& y) { return Mp(x + y); }, "sum");
        break;
      case nabla::Comprehension::prod:
        total = elementwise(
            *total, term, [](const Mp& x, const Mp& y) { return Mp(x * y); }, "prod");
        break;
      case nabla::Comprehension::max:
        total = elementwise(
            *total, term, [](const Mp& x, const Mp& y) { return x < y ? y : x; }, "max");
        break;
    }
  }
  return total ? *total : scalar(Mp(0));
}

Value Evaluator::apply(const Function& function, const std::vector<Value>& arguments) {
  if (arguments.size() != function.parameters.size()) throw IllTyped("another number of arguments");
  const Restored saved(variables);
  for (std::size_t i = 0; i < arguments.size(); ++i) variables[function.parameters[i]] = arguments[i];
  return value(function.body);
}

Value Evaluator::differences(const std::function<Value(const Value&)>& f, const Value& x) {
  const Counted counted(differentiating_);
  std::vector<Value> columns;
  for (std::size_t k = 0; k < x.at.size(); ++k) {
    Value up = x;
    Value down = x;
    up.at[k] += step;
    down.at[k] -= step;
    Value a;
    Value b;
    try {
      a = f(up);
      b = f(down);
    } catch (const Undefined&) {
      f(x);  // undefined here too, or at an end of the natural domain, where differences on both sides say nothing
      throw Unclear("a derivative at an end of the domain");
    }
    columns.push_back(a);
    for (std::size_t e = 0; e < a.at.size(); ++e) columns.back().at[e] = (a.at[e] - b.at[e]) / (2 * step);
  }
  Value out;
  out.shape = columns.empty() ? Shape{} : columns[0].shape;
  out.shape.insert(out.shape.end(), x.shape.begin(), x.shape.end());
  if (columns.empty()) return out;
  for (std::size_t e = 0; e < columns[0].at.size(); ++e)
    for (const Value& column : columns) out.at.push_back(column.at[e]);
  return out;
}

Value Evaluator::derivative_call(std::string_view name, SyntaxId id) {
  const auto children = syntax_.children(id);
  const SyntaxId body = children[1];
  const SyntaxId by = children[2];
  const bool entry = syntax_.kind(by) == SyntaxKind::index;
  const std::string variable(syntax_.spelling(entry ? syntax_.child(by, 0) : by));
  if (variables.find(variable) == variables.end()) throw NotKnown("a derivative by " + variable);
  const Value at = variables[variable];
  std::optional<std::size_t> only;
  if (entry) {
    long flat = 0;
    for (std::size_t k = 0; k < at.shape.size(); ++k) flat = flat * at.shape[k] + integer(syntax_.child(by, k + 1)) - 1;
    only = static_cast<std::size_t>(flat);
  }
  const std::function<Value(const Value&)> f = [&](const Value& x) {
    const Restored saved(variables);
    if (only)
      variables[variable].at[*only] = x.at[0];
    else
      variables[variable] = x;
    return value(body);
  };
  const Value x = only ? scalar(at.at[*only]) : at;
  if (name != "jacobian" && !f(x).is_scalar()) throw IllTyped("the gradient of something that is not a scalar");
  if (name != "hessian") return differences(f, x);
  return differences([&](const Value& y) { return differences(f, y); }, x);
}

/// grad(f)(x), grad(grad(f))(x), ...
Value Evaluator::derivative_of_function(std::string_view name, const std::string& function, int order,
                                        const Value& at) {
  const auto found = functions_.find(function);
  if (found == functions_.end()) throw NotKnown("the function " + function);
  std::function<Value(const Value&)> f = [&](const Value& x) { return apply(found->second, {x}); };
  if (name == "hessian") order = 2;
  for (int k = 0; k < order; ++k) f = [this, g = f](const Value& x) { return differences(g, x); };
  return f(at);
}

Value Evaluator::call(SyntaxId id) {
  const SyntaxId callee = syntax_.child(id, 0);
  const auto children = syntax_.children(id).subspan(1);
  if (syntax_.kind(callee) == SyntaxKind::call) {
    SyntaxId inner = callee;
    int order = 0;
    const std::string name(syntax_.spelling(syntax_.child(callee, 0)));
    while (syntax_.kind(inner) == SyntaxKind::call) {
      inner = syntax_.child(inner, 1);
      ++order;
    }
    return derivative_of_function(name, std::string(syntax_.spelling(inner)), order, value(children[0]));
  }
  const std::string name(syntax_.spelling(callee));
  if (name == "grad" || name == "jacobian" || name == "hessian") return derivative_call(name, id);
  if (name == "where") return decided(children[0]) ? value(children[1]) : value(children[2]);
  if (name == "indicator") return scalar(Mp(decided(children[0]) ? 1 : 0));
  std::vector<Value> arguments;
  for (const SyntaxId child : children) arguments.push_back(value(child));
  if (const auto f = functions_.find(name); f != functions_.end()) return apply(f->second, arguments);
  return of_registered(name, arguments);
}

}  // namespace perturb
