// The functions of the language, written down once more from their definitions.
#include "evaluate.hpp"

namespace perturb {

using nabla::Relation;
using nabla::SyntaxId;
using nabla::SyntaxKind;

namespace {

const Mp near_kink("1e-20");
const Mp apart("1e-20");
const Mp together("1e-40");

Mp magnitude(const Mp& x) { return x < 0 ? Mp(-x) : x; }

Value reduced(const Value& x, const Mp& begin, const std::function<Mp(const Mp&, const Mp&)>& f) {
  Mp total = begin;
  for (const Mp& e : x.at) total = f(total, e);
  return scalar(total);
}
Mp sum_of(const Value& x) {
  Mp total = 0;
  for (const Mp& e : x.at) total += e;
  return total;
}

Mp logarithm(const Mp& x) {
  if (x <= 0) throw Undefined("the logarithm of a number that is not positive");
  return log(x);
}
Mp root(const Mp& x) {
  if (x < 0) throw Undefined("the root of a negative number");
  return sqrt(x);
}

void same_shape(const Value& a, const Value& b, std::string_view what) {
  if (a.shape != b.shape) throw IllTyped(std::string(what) + " of " + to_text(a.shape) + " and " + to_text(b.shape));
}
void square(const Value& a, std::string_view what) {
  if (a.shape.size() != 2 || a.shape[0] != a.shape[1])
    throw IllTyped(std::string(what) + " of something of shape " + to_text(a.shape));
}

/// Of each row of a matrix, or of a vector.
Value by_rows(const Value& x, const std::function<void(std::vector<Mp>&)>& f) {
  if (x.shape.empty()) throw IllTyped("softmax of a scalar");
  const std::size_t n = static_cast<std::size_t>(x.shape.back());
  Value out{x.shape, {}};
  for (std::size_t begin = 0; begin + n <= x.at.size() && n > 0; begin += n) {
    std::vector<Mp> row(x.at.begin() + static_cast<std::ptrdiff_t>(begin),
                        x.at.begin() + static_cast<std::ptrdiff_t>(begin + n));
    f(row);
    out.at.insert(out.at.end(), row.begin(), row.end());
  }
  return out;
}

Mp determinant(const Value& a) {
  const auto n = static_cast<std::size_t>(a.shape[0]);
  std::vector<Mp> m = a.at;
  Mp det = 1;
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t best = c;
    for (std::size_t r = c; r < n; ++r)
      if (magnitude(m[r * n + c]) > magnitude(m[best * n + c])) best = r;
    if (m[best * n + c] == 0) return 0;
    if (best != c) {
      for (std::size_t k = 0; k < n; ++k) std::swap(m[c * n + k], m[best * n + k]);
      det = -det;
    }
    det *= m[c * n + c];
    for (std::size_t r = c + 1; r < n; ++r) {
      const Mp factor = m[r * n + c] / m[c * n + c];
      for (std::size_t k = c; k < n; ++k) m[r * n + k] -= factor * m[c * n + k];
    }
  }
  return det;
}

/// By cofactors: small matrices only.
Value inverse(const Value& a) {
  const Mp det = determinant(a);
  if (magnitude(det) < Mp("1e-80")) throw Undefined("the inverse of a singular matrix");
  const long n = a.shape[0];
  Value out{a.shape, {}};
  for (long i = 0; i < n; ++i)
    for (long j = 0; j < n; ++j) {
      Value minor{{n - 1, n - 1}, {}};
      for (long r = 0; r < n; ++r)
        for (long c = 0; c < n; ++c)
          if (r != j && c != i) minor.at.push_back(a.at[static_cast<std::size_t>(r * n + c)]);
      const Mp cofactor = n == 1 ? Mp(1) : determinant(minor);
      out.at.push_back(((i + j) % 2 == 0 ? cofactor : Mp(-cofactor)) / det);
    }
  return out;
}

Value identity_matrix(long n) {
  Value out{{n, n}, std::vector<Mp>(static_cast<std::size_t>(n * n), Mp(0))};
  for (long i = 0; i < n; ++i) out.at[static_cast<std::size_t>(i * n + i)] = 1;
  return out;
}

}  // namespace

Mp Evaluator::kinked(const Mp& x) const {
  if (differentiating_ > 0 && magnitude(x) < near_kink) throw Unclear("a kink");
  return x;
}

Value Evaluator::elementwise(const Value& a, const Value& b, const std::function<Mp(const Mp&, const Mp&)>& f,
                             std::string_view what) {
  if (a.is_scalar()) return map_entries(b, [&](const Mp& y) { return f(a.at[0], y); });
  if (b.is_scalar()) return map_entries(a, [&](const Mp& x) { return f(x, b.at[0]); });
  same_shape(a, b, what);
  Value out{a.shape, {}};
  for (std::size_t i = 0; i < a.at.size(); ++i) out.at.push_back(f(a.at[i], b.at[i]));
  return out;
}

Value Evaluator::of_registered(std::string_view name, const std::vector<Value>& arguments) {
  using Unary = std::function<Mp(const Mp&)>;
  static const std::map<std::string, Unary, std::less<>> unary{
      {"exp", [](const Mp& x) { return Mp(exp(x)); }},
      {"log", logarithm},
      {"log1p", [](const Mp& x) { return logarithm(1 + x); }},
      {"expm1", [](const Mp& x) { return Mp(exp(x) - 1); }},
      {"sqrt", root},
      {"sin", [](const Mp& x) { return Mp(sin(x)); }},
      {"cos", [](const Mp& x) { return Mp(cos(x)); }},
      {"tan", [](const Mp& x) { return Mp(tan(x)); }},
      {"atan", [](const Mp& x) { return Mp(atan(x)); }},
      {"sinh", [](const Mp& x) { return Mp((exp(x) - exp(Mp(-x))) / 2); }},
      {"cosh", [](const Mp& x) { return Mp((exp(x) + exp(Mp(-x))) / 2); }},
      {"tanh", [](const Mp& x) { return Mp(1 - 2 / (exp(2 * x) + 1)); }},
      {"erf", [](const Mp& x) { return Mp(erf(x)); }},
      {"sigmoid", [](const Mp& x) { return Mp(1 / (1 + exp(Mp(-x)))); }},
      {"softplus", [](const Mp& x) { return Mp(log(1 + exp(x))); }}};
  const std::size_t n = arguments.size();
  const auto need = [&](std::size_t count) {
    if (n != count) throw IllTyped(std::string(name) + " with " + std::to_string(n) + " arguments");
  };
  const auto given_integer = [&](std::size_t k) {
    if (k >= n || !arguments[k].is_scalar()) throw IllTyped("an integer is needed");
    return arguments[k].at[0].convert_to<long>();
  };
  if (const auto f = unary.find(name); f != unary.end()) {
    need(1);
    return map_entries(arguments[0], f->second);
  }
  if (name == "abs") return map_entries(arguments[0], [&](const Mp& x) { return magnitude(kinked(x)); });
  if (name == "relu") return map_entries(arguments[0], [&](const Mp& x) { return kinked(x) > 0 ? x : Mp(0); });
  if (name == "sign")
    return map_entries(arguments[0], [&](const Mp& x) { return Mp(kinked(x) > 0 ? 1 : x < 0 ? -1 : 0); });
  if ((name == "max" || name == "min") && n == 2)
    return elementwise(
        arguments[0], arguments[1],
        [&](const Mp& x, const Mp& y) { return (kinked(x - y) > 0) == (name == "max") ? x : y; }, name);
  if (name == "sum") return scalar(sum_of(arguments.at(0)));
  if (name == "mean") return scalar(sum_of(arguments.at(0)) / static_cast<long>(arguments[0].at.size()));
  if (name == "prod") return reduced(arguments.at(0), Mp(1), [](const Mp& x, const Mp& y) { return Mp(x * y); });
  if (name == "norm") {
    const Mp square_sum = sum_of(map_entries(arguments.at(0), [](const Mp& x) { return Mp(x * x); }));
    kinked(square_sum);
    return scalar(sqrt(square_sum));
  }
  if (name == "dot") {
    need(2);
    same_shape(arguments[0], arguments[1], "dot");
    return scalar(sum_of(elementwise(
        arguments[0], arguments[1], [](const Mp& x, const Mp& y) { return Mp(x * y); }, "dot")));
  }
  if (name == "outer") {
    need(2);
    if (arguments[0].shape.size() != 1 || arguments[1].shape.size() != 1) throw IllTyped("outer of what is no vector");
    Value out{{arguments[0].shape[0], arguments[1].shape[0]}, {}};
    for (const Mp& x : arguments[0].at)
      for (const Mp& y : arguments[1].at) out.at.push_back(x * y);
    return out;
  }
  if (name == "diag") {
    if (arguments.at(0).shape.size() != 1) throw NotKnown("diag of a matrix");
    Value out = identity_matrix(arguments[0].shape[0]);
    for (long i = 0; i < out.shape[0]; ++i)
      out.at[static_cast<std::size_t>(i * out.shape[0] + i)] = arguments[0].at[static_cast<std::size_t>(i)];
    return out;
  }
  if (name == "trace") {
    square(arguments.at(0), "trace");
    Mp total = 0;
    for (long i = 0; i < arguments[0].shape[0]; ++i)
      total += arguments[0].at[static_cast<std::size_t>(i * arguments[0].shape[0] + i)];
    return scalar(total);
  }
  if (name == "det") {
    square(arguments.at(0), "det");
    return scalar(determinant(arguments[0]));
  }
  if (name == "inv") {
    square(arguments.at(0), "inv");
    return inverse(arguments[0]);
  }
  if (name == "eye") return identity_matrix(given_integer(0));
  if (name == "ones" || name == "zeros") {
    Shape shape;
    for (std::size_t k = 0; k < n; ++k) shape.push_back(given_integer(k));
    return {shape, std::vector<Mp>(size_of(shape), Mp(name == "ones" ? 1 : 0))};
  }
  if (name == "delta") return scalar(Mp(given_integer(0) == given_integer(1) ? 1 : 0));
  if (name == "onehot") {
    Value out{{given_integer(1)}, std::vector<Mp>(static_cast<std::size_t>(given_integer(1)), Mp(0))};
    out.at.at(static_cast<std::size_t>(given_integer(0) - 1)) = 1;
    return out;
  }
  if (name == "softmax" || name == "log_softmax") {
    const bool logarithmic = name == "log_softmax";
    return by_rows(arguments.at(0), [&](std::vector<Mp>& row) {
      Mp total = 0;
      for (const Mp& x : row) total += exp(x);
      for (Mp& x : row) x = logarithmic ? Mp(x - log(total)) : Mp(exp(x) / total);
    });
  }
  if (name == "logsumexp")
    return scalar(log(sum_of(map_entries(arguments.at(0), [](const Mp& x) { return Mp(exp(x)); }))));
  if (name == "cross_entropy") {
    need(2);
    same_shape(arguments[0], arguments[1], "cross_entropy");
    return scalar(-sum_of(elementwise(
        arguments[1], map_entries(arguments[0], logarithm), [](const Mp& x, const Mp& y) { return Mp(x * y); },
        "cross_entropy")));
  }
  if (name == "squared_error") {
    need(2);
    same_shape(arguments[0], arguments[1], "squared_error");
    return scalar(
        sum_of(elementwise(
            arguments[0], arguments[1], [](const Mp& x, const Mp& y) { return Mp((x - y) * (x - y)); }, "-")) /
        2);
  }
  if (name == "dense") {
    need(3);
    Value out = product(arguments[0], transposed(arguments[1]));
    if (arguments[2].shape.size() != 1 || out.shape.empty() || out.shape.back() != arguments[2].shape[0])
      throw IllTyped("dense with a bias of shape " + to_text(arguments[2].shape));
    for (std::size_t e = 0; e < out.at.size(); ++e) out.at[e] += arguments[2].at[e % arguments[2].at.size()];
    return out;
  }
  throw NotKnown("the function " + std::string(name));
}

Truth compare(Relation relation, const Value& a, const Value& b) {
  const bool exact_shapes = relation == Relation::equal || relation == Relation::not_equal;
  if (a.shape != b.shape && (exact_shapes || (!a.is_scalar() && !b.is_scalar())))
    throw IllTyped("a comparison of " + to_text(a.shape) + " and " + to_text(b.shape));
  const bool any = relation == Relation::not_equal;
  Truth all = any ? Truth::fails : Truth::holds;
  const std::size_t n = std::max(a.at.size(), b.at.size());
  for (std::size_t i = 0; i < n; ++i) {
    const Mp& x = a.at[a.is_scalar() ? 0 : i];
    const Mp& y = b.at[b.is_scalar() ? 0 : i];
    const Mp scale = 1 + magnitude(x) + magnitude(y);
    const Mp gap = (x - y) / scale;
    const bool equal = magnitude(gap) < together;
    const bool different = magnitude(gap) > apart;
    Truth t = Truth::unclear;
    switch (relation) {
      case Relation::equal:
        t = equal ? Truth::holds : different ? Truth::fails : Truth::unclear;
        break;
      case Relation::not_equal:
        t = equal ? Truth::fails : different ? Truth::holds : Truth::unclear;
        break;
      case Relation::less:
      case Relation::less_equal:
        t = equal        ? (relation == Relation::less ? Truth::unclear : Truth::holds)
            : !different ? Truth::unclear
            : gap < 0    ? Truth::holds
                         : Truth::fails;
        break;
      case Relation::greater:
      case Relation::greater_equal:
        t = equal        ? (relation == Relation::greater ? Truth::unclear : Truth::holds)
            : !different ? Truth::unclear
            : gap > 0    ? Truth::holds
                         : Truth::fails;
        break;
    }
    all = any ? std::max(all, t) : std::min(all, t);
  }
  return all;
}

Truth Evaluator::relation(SyntaxId id) {
  const auto sides = syntax_.children(id);
  const auto links = syntax_.links(id);
  Truth all = Truth::holds;
  std::vector<Value> values;
  for (const SyntaxId side : sides) values.push_back(value(side));
  for (std::size_t k = 0; k < links.size(); ++k)
    all = std::min(all, compare(links[k].relation, values[k], values[k + 1]));
  return all;
}

Truth Evaluator::truth(SyntaxId id) {
  switch (syntax_.kind(id)) {
    case SyntaxKind::relation:
      return relation(id);
    case SyntaxKind::negation: {
      const Truth t = truth(syntax_.child(id, 0));
      return t == Truth::holds ? Truth::fails : t == Truth::fails ? Truth::holds : t;
    }
    case SyntaxKind::implication: {
      const Truth premise = truth(syntax_.child(id, 0));
      if (premise == Truth::fails) return Truth::holds;
      const Truth conclusion = truth(syntax_.child(id, 1));
      return premise == Truth::holds || conclusion == Truth::holds ? conclusion : Truth::unclear;
    }
    default:
      throw NotKnown("the statement " + std::string(syntax_.text(id)));
  }
}

/// A condition of where or indicator.
bool Evaluator::decided(SyntaxId id) {
  const Truth t = truth(id);
  if (t == Truth::unclear) throw Unclear("a condition on its edge");
  if (differentiating_ > 0 && syntax_.kind(id) == SyntaxKind::relation)
    for (std::size_t k = 0; k + 1 < syntax_.children(id).size(); ++k) {
      const Value a = value(syntax_.child(id, k));
      const Value b = value(syntax_.child(id, k + 1));
      if (a.is_scalar() && b.is_scalar()) kinked(a.at[0] - b.at[0]);
    }
  return t == Truth::holds;
}

}  // namespace perturb
