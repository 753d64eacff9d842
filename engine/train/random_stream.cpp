#include <bit>
#include <nabla/engine/train/random_stream.hpp>

namespace nabla {

namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = split_mix(seed);
}

RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t count) {
  // Each number is mixed in by a step of its own, so that (1, 2) and (2, 1) are far from each other.
  std::uint64_t mixed = split_mix(seed) ^ static_cast<std::uint64_t>(purpose);
  mixed = split_mix(mixed) ^ count;
  for (std::uint64_t& word : state_) word = split_mix(mixed);
}

std::uint64_t RandomStream::bits() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t RandomStream::below(std::uint64_t n) {
  const std::uint64_t unfair = (0 - n) % n;  // 2^64 mod n
  std::uint64_t r = bits();
  while (r < unfair) r = bits();
  return r % n;
}

}  // namespace nabla
