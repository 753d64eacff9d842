#include <nabla/engine/train/dense_network.hpp>

namespace nabla {

Network DenseNetwork::network() const {
  return [description = *this](Layers& make, const Expr& x) {
    Expr h = x;
    for (std::size_t k = 0; k < description.hidden.size(); ++k) {
      const std::string name = "hidden" + std::to_string(k + 1);
      const std::int64_t width = description.hidden[k];
      const auto layer = [&](const Expr& from) {
        Expr z = make.dense(name, from, width, description.weights);
        if (description.normalisation == Normalisation::layer) z = make.layer_norm(name + ".norm", z);
        if (description.normalisation == Normalisation::batch) z = make.batch_norm(name + ".norm", z);
        return make.dropout(make.activation(name, description.activation, z), description.dropout);
      };
      const bool keeps_width = h.shape()[h.shape().rank() - 1] == width;
      h = description.residual && keeps_width ? nabla::residual(h, layer) : layer(h);
    }
    return make.dense("output", h, description.outputs, description.weights);
  };
}

std::string_view name_of(DenseNetwork::Normalisation normalisation) {
  using N = DenseNetwork::Normalisation;
  return normalisation == N::none ? "none" : normalisation == N::layer ? "layer" : "batch";
}
std::string_view name_of(Initialiser initialiser) {
  switch (initialiser) {
    case Initialiser::zero:
      return "zero";
    case Initialiser::one:
      return "one";
    case Initialiser::he:
      return "he";
    case Initialiser::glorot:
      return "glorot";
  }
  return "?";
}

DenseNetwork::Normalisation normalisation_named(std::string_view name) {
  using N = DenseNetwork::Normalisation;
  for (const N each : {N::none, N::layer, N::batch})
    if (name_of(each) == name) return each;
  throw std::invalid_argument("there is no normalisation '" + std::string(name) + "'; there are none, layer, batch");
}
Initialiser initialiser_named(std::string_view name) {
  for (const Initialiser each : {Initialiser::he, Initialiser::glorot})
    if (name_of(each) == name) return each;
  throw std::invalid_argument("there is no initialiser '" + std::string(name) + "' of weights; there are he, glorot");
}

std::int64_t dense_parameter_count(std::span<const std::int64_t> widths) {
  std::int64_t total = 0;
  for (std::size_t k = 1; k < widths.size(); ++k) total += widths[k] * (widths[k - 1] + 1);
  return total;
}

}  // namespace nabla
