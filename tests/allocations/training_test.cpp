#include <doctest/doctest.h>

#include <allocations/counting.hpp>
#include <cmath>
#include <nabla/engine/train/dense_network.hpp>
#include <nabla/engine/train/training.hpp>

TEST_CASE("a training step allocates nothing") {
  using namespace nabla;
  Samples s{8, 3, {}, {}, {}};
  for (std::uint32_t i = 0; i < 40; ++i) {
    for (std::uint32_t k = 0; k < 8; ++k) s.x.push_back(std::sin(i * 8.0 + k));
    for (std::uint32_t c = 0; c < 3; ++c) s.y.push_back(i % 3 == c ? 1 : 0);
    s.lines.push_back(i + 1);
  }
  for (const std::string_view name : optimiser_names()) {
    CAPTURE(name);
    const Optimiser optimiser = optimiser_named(name);
    if (std::holds_alternative<Lbfgs>(optimiser)) continue;  // a few vectors for each line that it searches
    const DenseNetwork network{
        .hidden = {16}, .outputs = 3, .dropout = 0.5, .normalisation = DenseNetwork::Normalisation::batch};
    Training<> training(network.network(), s, {.optimiser = optimiser, .batch = 16, .clip = 1, .l2 = 1e-3});
    while (training.epochs() < 2) training.step();  // every batch once
    const std::size_t before = allocations();
    while (training.epochs() < 4) training.step();
    CHECK(allocations() == before);
  }
}
