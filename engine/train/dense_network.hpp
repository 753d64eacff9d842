#pragma once

#include <nabla/engine/train/layers.hpp>

namespace nabla {

/// A multi-class dense network as of Definition 5.1, its softmax left to the objective: dense layers, an activation
/// after each but the last; and what is put between them.
struct DenseNetwork {
  enum class Normalisation : std::uint8_t { none, layer, batch };

  std::vector<std::int64_t> hidden{16};  ///< widths m_1, ..., m_{p-1}
  std::int64_t outputs = 1;              ///< m_p
  std::string activation = "relu";
  Initialiser weights = Initialiser::he;
  double dropout = 0;                                 ///< after each activation
  Normalisation normalisation = Normalisation::none;  ///< before each activation
  bool residual = false;                              ///< around each layer that keeps the width

  /// Layers are called "hidden1", "hidden2", ... and "output".
  Network network() const;
};

/// "none", "layer", "batch"; "he", "glorot".
std::string_view name_of(DenseNetwork::Normalisation normalisation);
std::string_view name_of(Initialiser initialiser);
/// \throws std::invalid_argument that lists the names
DenseNetwork::Normalisation normalisation_named(std::string_view name);
Initialiser initialiser_named(std::string_view name);

/// sum_k m_k (m_{k-1} + 1), the number of parameters of Definition 5.1, for widths m_0, ..., m_p.
std::int64_t dense_parameter_count(std::span<const std::int64_t> widths);

}  // namespace nabla
