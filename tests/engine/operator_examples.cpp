#include <engine/numbers/random_points.hpp>
#include <engine/operator_examples.hpp>
#include <map>
#include <nabla/engine/gradient/rule.hpp>
#include <optional>
#include <sstream>

namespace nabla::examples {

namespace {

/// No two nearer than 1/16, none but 0 and 2 near an integer or an odd multiple of pi/2; their number is prime, so that
/// any stride below it passes through all of them.
const std::vector<double> points{-5.1875, -2.4375, -1.375, -0.71875, -0.28125, 0,    0.375,
                                 0.8125,  1.21875, 2,      2.3125,   3.4375,   7.625};

Operand scalar(double x) { return {{}, {x}, true}; }

/// Entries that are pairwise different and not small, another set for each seed.
Operand any(const Shape& shape, int seed = 0) {
  Operand x{shape, {}, true};
  for (std::int64_t i = 0; i < shape.size(); ++i) {
    const auto k = static_cast<double>((i * 7 + seed * 5) % 29);
    x.entries.push_back((k - 14) / 8 + (seed % 3 + 1) / 32.0 + static_cast<double>(i) / 256);
  }
  return x;
}
Operand positive_entries(const Shape& shape, int seed = 0) {
  Operand x = any(shape, seed);
  for (double& e : x.entries) e = (e < 0 ? -e : e) + 0.25;
  return x;
}
/// A square matrix with a dominating diagonal, not symmetric; all its leading minors are positive.
Operand dominated(std::int64_t n, int seed = 0) {
  Operand x = any({n, n}, seed);
  for (std::int64_t i = 0; i < n; ++i)
    x.entries[static_cast<std::size_t>(i * (n + 1))] = 6 + static_cast<double>(i) / 4;
  return x;
}

struct Case {
  std::vector<std::int64_t> attributes;
  std::vector<Operand> operands;
};

/// Operands of structured operators.
const std::vector<Case>& structured_cases(const std::string& name) {
  static const std::vector<Case> reductions{{{}, {any({4})}}, {{0, 1}, {any({2, 3})}}, {{1, 0}, {any({2, 2}, 1)}}};
  static const std::map<std::string, std::vector<Case>> table{
      {"broadcast_to", {{{2, 3}, {any({3})}}, {{2, 2}, {any({2, 1})}}}},
      {"sum_to", {{{3}, {any({2, 3})}}, {{2, 1}, {any({2, 3})}}}},
      {"reshape", {{{3, 2}, {any({2, 3})}}, {{-1, 2}, {any({4})}}}},
      {"transpose", {{{}, {any({2, 3})}}, {{2, 0, 1}, {any({2, 1, 3})}}}},
      {"flip", {{{}, {any({3})}}, {{1}, {any({2, 3})}}}},
      {"concat", {{{}, {any({2}), any({1}, 1)}}, {{1}, {any({2, 1}), any({2, 2}, 1)}}}},
      {"stack", {{{}, {any({}), any({}, 1)}}, {{1}, {any({2}), any({2}, 1)}}}},
      {"slice", {{{1, 4, 1}, {any({5})}}, {{0, 3, 2, 1, 2, 1}, {any({3, 2})}}}},
      {"embed", {{{4, 1, 1}, {any({2})}}, {{5, 0, 2, 2, 1, 1}, {any({3, 1})}}}},
      {"gather", {{{0, 2, 0, 2}, {any({3})}}, {{1, 1, 1}, {any({2, 2})}}}},
      {"scatter_add", {{{0, 4, 2, 0, 2}, {any({3})}}, {{1, 3, 1, 1}, {any({2, 2})}}}},
      {"sum", reductions},
      {"mean", reductions},
      {"prod", {{{}, {any({4})}}, {{0, 1}, {any({2, 3})}}, {{}, {{{4}, {2, 0, 3, -1}, true}}}}},
      {"amax", reductions},
      {"amin", reductions},
      {"norm", reductions},
      {"logsumexp", reductions},
      {"softmax", {{{}, {any({3})}}, {{}, {any({2, 2}, 1)}}}},
      {"log_softmax", {{{}, {any({3})}}, {{}, {any({2, 2}, 1)}}}},
      {"cumsum", {{{}, {any({4})}}, {{1}, {any({2, 2})}}}},
      {"matmul",
       {{{}, {any({2, 3}), any({3, 2}, 1)}},
        {{}, {any({2, 3}), any({3}, 1)}},
        {{}, {any({2}), any({2, 2}, 1)}},
        {{}, {any({2, 1, 2}), any({2, 2}, 1)}}}},
      {"dot", {{{}, {any({3}), any({3}, 1)}}}},
      {"outer", {{{}, {any({3}), any({2}, 1)}}}},
      {"diag", {{{}, {any({3})}}}},
      {"diagonal", {{{}, {any({2, 2})}}}},
      {"trace", {{{}, {any({2, 2})}}}},
      {"tril", {{{}, {any({2, 3})}}}},
      {"det", {{{}, {dominated(3)}}, {{}, {{{2, 2}, {1, 2, 2, 4}, true}}}}},
      {"cofactor", {{{}, {dominated(3)}}, {{}, {dominated(3), any({3, 3}, 1)}}}},
      {"inv", {{{}, {dominated(2)}}, {{}, {{{2, 2}, {0, 1, 2, 3}, true}}}}},
      {"solve", {{{}, {dominated(2), any({2}, 1)}}, {{}, {dominated(2), any({2, 2}, 1)}}}},
      {"cholesky", {{{}, {dominated(3)}}}},
      {"cross_entropy",
       {{{}, {positive_entries({3}), any({3}, 1)}}, {{}, {positive_entries({3}), {{3}, {0, 1, 0}, true}, scalar(2)}}}},
      {"squared_error", {{{}, {any({3}), any({3}, 1)}}}},
      {"softmax_cross_entropy", {{{}, {any({3}), any({3}, 1)}}, {{}, {any({2, 2}), any({2, 2}, 1)}}}},
      {"conv1d", {{{}, {any({2, 3}), any({1, 2, 2}, 1)}}, {{2, 1}, {any({1, 4}), any({1, 1, 3}, 1)}}}},
      {"conv1d_transpose",
       {{{1, 0, 3}, {any({1, 2}), any({1, 2, 2}, 1)}}, {{2, 1, 4}, {any({1, 2}), any({1, 1, 3}, 1)}}}},
      {"conv1d_kernel", {{{1, 0, 2}, {any({2, 3}), any({1, 2}, 1)}}, {{2, 1, 3}, {any({1, 4}), any({1, 2}, 1)}}}},
      {"conv2d",
       {{{}, {any({1, 2, 3}), any({1, 1, 2, 2}, 1)}}, {{2, 1, 1, 0}, {any({1, 3, 2}), any({1, 1, 3, 2}, 1)}}}},
      {"conv2d_transpose", {{{2, 1, 1, 0, 3, 2}, {any({1, 2, 1}), any({1, 1, 3, 2}, 1)}}}},
      {"conv2d_kernel", {{{2, 1, 1, 0, 3, 2}, {any({1, 3, 2}), any({1, 2, 1}, 1)}}}},
  };
  static const std::vector<Case> none;
  const auto it = table.find(name);
  return it == table.end() ? none : it->second;
}

/// A condition of an operator as a function of its operands; nothing where there is none.
class Condition {
 public:
  Condition(const Expr& condition, std::span<const Expr> inputs) {
    if (condition.empty()) return;
    if (condition.constant() != nullptr) {
      constant_ = condition.is(1);
    } else {
      function_.emplace(std::span<const Expr>(&condition, 1), inputs);
    }
  }
  bool given() const { return function_ || constant_; }
  bool operator()(const std::vector<double>& x) const {
    if (!function_) return constant_.value_or(false);
    std::vector<Entries<double>> at;
    for (const double e : x) at.push_back({e});
    return function_->run<double>(at).output(0)[0] != 0;
  }

 private:
  std::optional<Function> function_;
  std::optional<bool> constant_;
};

void add_elementwise(Opcode code, Attributes attributes, std::vector<Example>& to) {
  const auto arity = static_cast<std::size_t>(operator_info(code).arity);
  std::vector<Expr> inputs;
  for (std::size_t k = 0; k < arity; ++k) inputs.push_back(variable("x" + std::to_string(k)));
  const Condition domain(domain_condition(code, attributes, inputs), inputs);
  const Condition kink(kink_condition(code, attributes, inputs), inputs);
  const auto inside = [&](const std::vector<double>& x) { return !domain.given() || domain(x); };

  const int blocks = arity == 1 ? 1 : random_points::trials(arity == 2 ? 2 : 4);
  for (int block = 0; block < blocks; ++block)
    for (std::size_t j = 0; j < points.size(); ++j) {
      std::vector<double> x;
      for (std::size_t k = 0; k < arity; ++k) {
        const std::size_t stride = (k * (static_cast<std::size_t>(block) + 2) + 1) % points.size();
        x.push_back(points[(stride * j + 5 * k) % points.size()]);
      }
      if (!inside(x) || (kink.given() && kink(x))) continue;
      Example example{code, {attributes.begin(), attributes.end()}, {}};
      bool on_the_boundary = false;
      for (std::size_t k = 0; k < arity; ++k) {
        int sides = 0;
        for (const double step : {-1.0 / 32, 1.0 / 32}) {
          std::vector<double> moved = x;
          moved[k] += step;
          if (inside(moved)) ++sides;
        }
        example.operands.push_back(scalar(x[k]));
        example.operands[k].moves = sides == 2;
        on_the_boundary = on_the_boundary || sides == 1;
      }
      if (!on_the_boundary) to.push_back(std::move(example));
    }
}

/// Whether the operator takes the attribute: some refuse orders that do not exist.
bool takes(Opcode code, std::int64_t n) {
  try {
    const Expr x = variable("x");
    const Function f(detail::append(code, {}, {&x, 1}, {&n, 1}), {x});
    static_cast<void>(f.value<double>({1.5}));
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

std::vector<Example> make(Opcode code) {
  const OperatorInfo& info = operator_info(code);
  std::vector<Example> made;
  if (info.family == Family::structured) {
    for (const Case& c : structured_cases(info.name)) made.push_back({code, c.attributes, c.operands});
  } else if (info.family == Family::elementwise && !info.indexed) {
    add_elementwise(code, {}, made);
  } else if (info.family == Family::elementwise) {
    for (const std::int64_t n : {-3, -2, -1, 0, 1, 2, 3, 4})
      if (takes(code, n)) add_elementwise(code, {&n, 1}, made);
  }
  return made;
}

void write(std::ostream& out, const auto& list) {
  const char* between = "";
  for (const auto& e : list) {
    out << between << e;
    between = ", ";
  }
}

}  // namespace

std::string Example::describe() const {
  std::ostringstream out;
  out << operator_info(code).name;
  if (!attributes.empty()) {
    out << '{';
    write(out, attributes);
    out << '}';
  }
  out << '(';
  for (std::size_t k = 0; k < operands.size(); ++k) {
    out << (k == 0 ? "[" : ", [");
    write(out, operands[k].entries);
    out << ']';
  }
  out << ')';
  return out.str();
}

const std::vector<Example>& of_operator(Opcode code) {
  static const std::vector<std::vector<Example>> all = [] {
    std::vector<std::vector<Example>> result;
    for (Opcode c = 0; c < builtin_count; ++c) result.push_back(make(c));
    return result;
  }();
  return all[code];
}

Applied::Applied(Opcode code, Attributes attributes, const std::vector<Shape>& shapes) {
  const WorkspaceScope scope(std::make_shared<Workspace>());
  for (std::size_t k = 0; k < shapes.size(); ++k) inputs.push_back(variable("x" + std::to_string(k), shapes[k]));
  output = detail::append(code, {}, inputs, attributes);
}

namespace {

std::vector<Shape> shapes_of(const Example& example) {
  std::vector<Shape> shapes;
  for (const Operand& x : example.operands) shapes.push_back(x.shape);
  return shapes;
}

}  // namespace

Applied::Applied(const Example& example) : Applied(example.code, example.attributes, shapes_of(example)) {}

}  // namespace nabla::examples
