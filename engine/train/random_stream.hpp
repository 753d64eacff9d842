#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace nabla {

/// Random numbers that are the same on every machine: xoshiro256** 1.0 (Blackman and Vigna, "Scrambled linear
/// pseudorandom number generators", ACM TOMS 47, 2021), its state filled by SplitMix64 (Steele, Lea, Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014, with Vigna's constants). Integer arithmetic alone, and
/// products with powers of 2: no function of libm.
///
/// A stream is known by a seed and up to two more numbers (a purpose, a count), so that a training that goes on where
/// it stopped needs no state but its step: the stream of step 1000 can be made without those before.
class RandomStream {
 public:
  /// What streams of one seed are for.
  enum class Purpose : std::uint64_t { parameters = 1, split = 2, order = 3, dropout = 4, validation = 5 };

  explicit RandomStream(std::uint64_t seed);
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t count = 0);

  std::uint64_t bits();
  /// A multiple of 2^-53 in [0, 1), each as likely.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  /// In [lo, hi]; rounded.
  double uniform(double lo, double hi) { return lo + (hi - lo) * uniform(); }
  /// In [0, n), each as likely (bits that would favour some are drawn again). \pre n > 0
  std::uint64_t below(std::uint64_t n);

  /// Every order as likely (Durstenfeld 1964).
  template <class T>
  void shuffle(std::span<T> x) {
    for (std::size_t n = x.size(); n > 1; --n) std::swap(x[n - 1], x[static_cast<std::size_t>(below(n))]);
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace nabla
