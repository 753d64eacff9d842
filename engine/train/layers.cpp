#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/literal.hpp>
#include <nabla/engine/parse/suggest.hpp>
#include <nabla/engine/train/fingerprint.hpp>
#include <nabla/engine/train/layers.hpp>
#include <numeric>

namespace nabla {

namespace {

/// The last extent of a sample or a batch.
std::int64_t width_of(std::string_view layer, const Expr& x) {
  const Shape& shape = x.shape();
  if (shape.rank() != 1 && shape.rank() != 2)
    throw ShapeError(layer, "takes one sample [n] or a batch [rows, n]", {shape});
  return shape[shape.rank() - 1];
}

/// Whether an elementwise operator takes every real number.
bool takes_every_real(const OperatorInfo& info, int arity) {
  const Reals& domain = info.facts.domain;
  return info.family == Family::elementwise && !info.indexed && info.arity == arity && domain.lo == reals.lo &&
         domain.hi == reals.hi && domain.hole == Hole::none;
}

}  // namespace

void Layers::take_name(const std::string& name) {
  if (std::ranges::find(names_, name) != names_.end())
    throw std::invalid_argument("the network already has a '" + name + "'; each layer needs a name of its own");
  names_.push_back(name);
}

Expr Layers::parameter(const std::string& name, const Shape& shape, Initialiser initialiser, std::int64_t fan_in,
                       std::int64_t fan_out, bool is_weight) {
  take_name(name);
  parameters_.push_back({name, variable(name, shape), initialiser, fan_in, fan_out, is_weight});
  return parameters_.back().variable;
}

Expr Layers::dense(const std::string& name, const Expr& x, std::int64_t width, Initialiser weights, bool bias) {
  const std::int64_t n = width_of("dense layer '" + name + "'", x);
  if (width < 1)
    throw std::invalid_argument("dense layer '" + name + "': its width is at least 1, not " + std::to_string(width));
  const Expr w = parameter(name + ".weight", Shape{width, n}, weights, n, width, true);
  const Expr product = x.shape().rank() == 1 ? matmul(w, x) : matmul(x, transpose(w));
  return bias ? product + parameter(name + ".bias", Shape{width}, Initialiser::zero) : product;
}

Expr Layers::dropout(const Expr& x, double rate) {
  if (!(rate >= 0 && rate < 1))
    throw std::invalid_argument("dropout: the rate is at least 0 and less than 1, not " + std::to_string(rate));
  if (mode_ == Mode::prediction || rate == 0) return x;
  masks_.push_back({variable("dropout " + std::to_string(masks_.size() + 1), x.shape()), rate});
  return x * masks_.back().variable / (1 - Expr(rate));
}

Expr Layers::normalised(const std::string& name, const Expr& x, const Expr& mean, const Expr& variance) {
  const Shape last{width_of(name, x)};
  const Expr gain = parameter(name + ".gain", last, Initialiser::one);
  const Expr bias = parameter(name + ".bias", last, Initialiser::zero);
  return (x - mean) / sqrt(variance + lit<Expr>("1e-5")) * gain + bias;
}

Expr Layers::layer_norm(const std::string& name, const Expr& x) {
  width_of("layer_norm '" + name + "'", x);
  const Expr mean = nabla::mean(x, -1, true);
  return normalised(name, x, mean, nabla::mean(square(x - mean), -1, true));
}

Expr Layers::statistic(const std::string& name, const Shape& shape, Initialiser initialiser, const Expr& batch) {
  take_name(name);
  if (mode_ == Mode::training) {
    statistics_.push_back({name, shape, initialiser, batch, {}});
    return batch;
  }
  statistics_.push_back({name, shape, initialiser, {}, variable(name, shape)});
  return statistics_.back().variable;
}

Expr Layers::batch_norm(const std::string& name, const Expr& x) {
  if (x.shape().rank() != 2) throw ShapeError("batch_norm '" + name + "'", "takes a batch [rows, n]", {x.shape()});
  const Shape last{x.shape()[1]};
  const Expr mean = statistic(name + ".mean", last, Initialiser::zero, nabla::mean(x, 0));
  const Expr variance = statistic(name + ".variance", last, Initialiser::one, nabla::mean(square(x - mean), 0));
  return normalised(name, x, mean, variance);
}

Expr Layers::activation(const std::string& layer, std::string_view function, const Expr& x) {
  const Expr y = nabla::activation(function, x);
  activations_.push_back({layer, std::string(function), x, y});
  return y;
}

std::size_t Layers::parameter_count() const {
  return std::accumulate(parameters_.begin(), parameters_.end(), std::size_t{0}, [](std::size_t n, const Parameter& p) {
    return n + static_cast<std::size_t>(p.variable.shape().size());
  });
}

std::vector<double> Layers::initial_parameters(std::uint64_t seed) const {
  std::vector<double> values;
  values.reserve(parameter_count());
  for (const Parameter& p : parameters_) {
    const auto n = static_cast<std::size_t>(p.variable.shape().size());
    if (p.initialiser == Initialiser::zero || p.initialiser == Initialiser::one) {
      values.insert(values.end(), n, p.initialiser == Initialiser::one ? 1.0 : 0.0);
      continue;
    }
    const std::int64_t fans = p.initialiser == Initialiser::he ? p.fan_in : p.fan_in + p.fan_out;
    const double a = std::sqrt(6.0 / static_cast<double>(fans));
    RandomStream random(seed, RandomStream::Purpose::parameters, fingerprint(p.name));
    for (std::size_t i = 0; i < n; ++i) values.push_back(random.uniform(-a, a));
  }
  return values;
}

Expr activation(std::string_view name, const Expr& x) {
  const std::size_t colon = name.find(':');
  const std::string_view function = name.substr(0, colon);
  const int code = find_operator(function);
  const OperatorInfo* info = code < 0 ? nullptr : &operator_info(static_cast<Opcode>(code));
  const auto where = std::source_location::current();
  if (info != nullptr && colon == std::string_view::npos && takes_every_real(*info, 1))
    return detail::append(static_cast<Opcode>(code), where, {&x, 1}, {});
  if (info != nullptr && colon != std::string_view::npos && takes_every_real(*info, 2)) {
    const Expr operands[] = {x, lit<Expr>(name.substr(colon + 1))};
    return detail::append(static_cast<Opcode>(code), where, operands, {});
  }
  const std::string quoted = "'" + std::string(name) + "'";
  if (info != nullptr && takes_every_real(*info, 2))
    throw std::invalid_argument(quoted + " takes its second operand after a colon, as in '" + std::string(function) +
                                ":0.01'");
  if (info != nullptr)
    throw std::invalid_argument(quoted +
                                " cannot be an activation: that is an elementwise operator of one operand "
                                "which takes every real number");
  std::vector<std::string_view> candidates;
  for (std::size_t c = 0; c < operator_count(); ++c)
    if (const OperatorInfo& each = operator_info(static_cast<Opcode>(c)); takes_every_real(each, 1))
      candidates.push_back(each.name);
  const auto meant = did_you_mean(std::string(function), candidates);
  throw std::invalid_argument("there is no activation " + quoted +
                              (meant ? "; did you mean '" + *meant + "'?" : "; `nabla ops` lists the operators"));
}

Expr residual(const Expr& x, const std::function<Expr(const Expr&)>& block) {
  const Expr y = block(x);
  if (y.shape() != x.shape()) throw ShapeError("residual", "the block keeps the shape", {x.shape(), y.shape()});
  return x + y;
}

Expr l2_penalty(std::span<const Parameter> parameters, const Expr& factor) {
  Expr total(0);
  for (const Parameter& p : parameters)
    if (p.is_weight) total = total + sum(square(p.variable));
  return factor * total / 2;
}

}  // namespace nabla
