// Registered operators under their names, with the strict typing of the claim language.
#include <array>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/ops/linear.hpp>
#include <nabla/ops/special.hpp>

namespace nabla {

namespace {

/// Structured operators that apply without attributes; their records check shapes. The others need axes, ranges or
/// extents, which this language writes in another way (A', x[i], reshape) or not at all.
constexpr std::array<std::string_view, 24> plain_structured = {
    "sum",           "mean",    "prod",        "amax",     "amin",     "norm",
    "logsumexp",     "softmax", "log_softmax", "dot",      "outer",    "diag",
    "trace",         "det",     "inv",         "solve",    "cholesky", "cross_entropy",
    "squared_error", "stack",   "concat",      "diagonal", "tril",     "softmax_cross_entropy"};

/// Names that are written with several operators.
constexpr std::array<std::string_view, 9> written_out = {"eye",     "ones",   "zeros",     "onehot", "dense",
                                                         "reshape", "matmul", "transpose", "cumsum"};

constexpr std::array<std::string_view, 3> operators_of_conditions = {"lt", "le", "eq"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_elementwise(int code) { return operator_info(static_cast<Opcode>(code)).family == Family::elementwise; }

}  // namespace

std::span<const std::string_view> Elaborator::written_out_names() { return written_out; }

bool Elaborator::is_registered(std::string_view name) {
  if (contains(written_out, name)) return true;
  const int code = find_operator(name);
  return code >= 0 && (is_elementwise(code) || contains(plain_structured, name));
}

std::int64_t Elaborator::exact_integer(const Expr& e, std::string_view what, SyntaxId id, std::size_t argument) const {
  const SyntaxId child = argument + 1 < syntax_.children(id).size() ? syntax_.child(id, argument + 1) : id;
  if (const auto exact = e.shape().is_scalar() ? exact_value(e) : std::nullopt) {
    if (exact->is_integer()) return exact->num();
    if (is_integer(*exact))
      throw Unsupported(syntax_.place(child), in_backquotes(text(child)) + " is too large for " + std::string(what));
  }
  throw TypeError(syntax_.place(child), std::string(what) + " must be an exact integer that is known here");
}

Expr Elaborator::apply_registered(std::string_view name, std::span<const Expr> x, SyntaxId id) {
  locate(id);
  Expr result;
  if (contains(written_out, name)) {
    const bool makes = name == "eye" || name == "ones" || name == "zeros" || name == "onehot";
    result = makes ? filled(name, x, id) : apply_layer(name, x, id);
  } else if (is_elementwise(find_operator(name))) {
    result = apply_elementwise(name, x, id);
  } else {
    result = apply_structured(name, x, id);
  }
  check_size(result.shape(), id);
  return result;
}

Expr Elaborator::apply_elementwise(std::string_view name, std::span<const Expr> x, SyntaxId id) {
  const OperatorInfo& info = operator_info(static_cast<Opcode>(find_operator(name)));
  if ((name == "max" || name == "min") && x.size() == 1) {  // one argument: over all entries
    if (x[0].shape().size() == 0 && !probing_)
      throw TypeError(syntax_.anchor(id), "the " + std::string(name) + "imum of nothing is not defined",
                      {x[0].shape()});
    if (x[0].shape().is_scalar()) return x[0];
    return x[0].shape().size() == 0 ? Expr(0) : apply(name == "max" ? "amax" : "amin", x);
  }
  const std::size_t arity = static_cast<std::size_t>(info.arity) + (info.indexed ? 1 : 0);
  check_arity(id, arity, arity);
  if (info.indexed) {
    // x^n has the exponent last, an order (polygamma) stands first.
    const std::size_t at = name == "powi" ? 1 : 0;
    const std::int64_t n = exact_integer(x[at], "the order or exponent", id, at);
    if (name == "polygamma") {
      if (n < 0 || n > PolyGamma::highest_order)
        throw TypeError(syntax_.anchor(id),
                        "the order of polygamma runs from 0 to " + std::to_string(PolyGamma::highest_order));
      return nabla::polygamma(n, x[1]);
    }
    return detail::append(static_cast<Opcode>(find_operator(name)), {}, {&x[1 - at], 1}, {&n, 1});
  }
  const Expr* shaped = nullptr;
  for (const Expr& e : x) {
    if (e.shape().is_scalar()) continue;
    if (shaped != nullptr && shaped->shape() != e.shape())
      throw TypeError(syntax_.anchor(id), in_backquotes(name) + " needs equal shapes, or scalars",
                      {shaped->shape(), e.shape()});
    shaped = &e;
  }
  if (name == "pow" && x[1].constant() != nullptr && x[1].shape().is_scalar()) return scalar_power(x[0], x[1], id);
  std::vector<Constant> constants;
  for (const Expr& e : x)
    if (e.ref().is_constant()) constants.push_back(*e.constant());
  if (constants.size() == x.size()) {
    if (contains(operators_of_conditions, name))
      return relate(name == "lt" ? Relation::less : name == "le" ? Relation::less_equal : Relation::equal, x[0], x[1]);
    if (const auto folded = fold_function(name, constants)) return Expr(*folded);
  }
  return apply(name, x);
}

Expr Elaborator::apply_structured(std::string_view name, std::span<const Expr> x, SyntaxId id) {
  const OperatorInfo& info = operator_info(static_cast<Opcode>(find_operator(name)));
  if (info.arity != variadic) {
    check_arity(id, static_cast<std::size_t>(info.arity), static_cast<std::size_t>(info.arity));
  } else if (x.empty()) {
    check_arity(id, 1, 1000);
  }
  if (probing_ && info.arity == 1 && x[0].shape().size() == 0 && (name == "amax" || name == "amin" || name == "mean"))
    return Expr(0);
  return apply(name, x);
}

Expr Elaborator::filled(std::string_view name, std::span<const Expr> x, SyntaxId id) {
  const auto extent = [&](std::size_t k) {
    const std::int64_t n = exact_integer(x[k], "a dimension", id, k);
    if (n >= 0) return n;
    if (probing_) return std::int64_t{0};
    throw TypeError(syntax_.anchor(id), "a dimension is negative: " + std::to_string(n));
  };
  const auto constant = [&](std::int64_t value, const Shape& shape) {
    check_size(shape, id);
    return shape.is_scalar() ? Expr(value) : Expr(workspace_, workspace_->literal(Constant::integer(value), shape));
  };
  if (name == "onehot") {
    check_arity(id, 2, 2);
    const std::int64_t i = exact_integer(x[0], "the place of onehot", id, 0);
    const std::int64_t n = extent(1);
    if ((i < 1 || i > n) && !probing_)
      throw TypeError(syntax_.anchor(id), "onehot(i, n) needs i from 1 to n, and here are " + std::to_string(i) +
                                              " and " + std::to_string(n));
    check_size(Shape{n}, id);
    std::vector<Expr> entries(static_cast<std::size_t>(n), Expr(0));
    if (i >= 1 && i <= n) entries[static_cast<std::size_t>(i - 1)] = Expr(1);
    return joined(entries, Shape{n}, id);
  }
  if (name == "eye") {
    if (syntax_.kind(id) == SyntaxKind::call) check_arity(id, 1, 1);
    const std::int64_t n = extent(0);
    check_size(Shape{n, n}, id);
    return diag(constant(1, Shape{n}));
  }
  std::vector<std::int64_t> extents;
  for (std::size_t k = 0; k < x.size(); ++k) extents.push_back(extent(k));
  return constant(name == "ones" ? 1 : 0, Shape(extents));
}

Expr Elaborator::apply_layer(std::string_view name, std::span<const Expr> x, SyntaxId id) {
  const auto fail = [&](const std::string& message, std::vector<Shape> shapes) {
    throw TypeError(syntax_.anchor(id), message, std::move(shapes));
  };
  if (name == "reshape") {
    if (x.size() < 2) check_arity(id, 2, 2);
    std::vector<Expr> wanted(x.begin() + 1, x.end());
    if (x.size() == 2 && x[1].ref().is_node()) {  // reshape(x, [m, n])
      const auto known = constant_tensors_.find(x[1].ref().id());
      if (known != constant_tensors_.end()) wanted = known->second;
    }
    std::vector<std::int64_t> extents;
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      extents.push_back(exact_integer(wanted[k], "a dimension", id, k + 1));
      if (extents.back() < 0) fail("a dimension is negative: " + std::to_string(extents.back()), {});
    }
    const Shape target(extents);
    check_size(target, id);
    if (target.size() != x[0].shape().size()) fail("reshape keeps the number of entries", {x[0].shape(), target});
    return nabla::reshape(x[0], target);
  }
  if (name == "matmul") {
    check_arity(id, 2, 2);
    if (x[0].shape().is_scalar() || x[1].shape().is_scalar())
      fail("matmul multiplies matrices and vectors", {x[0].shape(), x[1].shape()});
    return product(id, x[0], x[1]);
  }
  if (name == "transpose" || name == "cumsum") {
    check_arity(id, 1, 1);
    const std::size_t rank = name == "transpose" ? 2 : 1;
    if (x[0].shape().rank() != rank)
      fail(std::string(name) + " takes a " + (rank == 2 ? "matrix" : "vector"), {x[0].shape()});
    return rank == 2 ? nabla::transpose(x[0]) : nabla::cumsum(x[0]);
  }
  check_arity(id, 3, 3);  // dense(y, W, b) = y * W' + b, with b added to each row
  const Shape y = x[0].shape();
  const Shape weights = x[1].shape();
  if (weights.rank() != 2 || y.rank() < 1 || y.rank() > 2 || y[y.rank() - 1] != weights[1])
    fail("dense(y, W, b) needs as many columns in W as y has entries (in each row)", {y, weights});
  if (x[2].shape() != Shape{weights[0]})
    fail("dense(y, W, b) needs an entry of b for each row of W", {weights, x[2].shape()});
  return apply("matmul", {x[0], nabla::transpose(x[1])}) + x[2];
}

}  // namespace nabla
