#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <utility>

/// Points and boxes for tests that compare kinds of number. NABLA_SEED in the environment chooses the sequence,
/// NABLA_EFFORT (default 1) scales the number of trials.
namespace nabla::random_points {

inline std::uint64_t seed() {
  const char* text = std::getenv("NABLA_SEED");
  return text != nullptr ? std::strtoull(text, nullptr, 10) : 1;
}

inline int trials(int usual) {
  const char* text = std::getenv("NABLA_EFFORT");
  const double effort = text != nullptr ? std::strtod(text, nullptr) : 1.0;
  return std::max(1, static_cast<int>(usual * effort));
}

class Points {
 public:
  explicit Points(std::uint64_t salt) : generator_(seed() * 1000003 + salt) {}

  double uniform(double a, double b) { return std::uniform_real_distribution<double>(a, b)(generator_); }
  int below(int n) { return static_cast<int>(generator_() % static_cast<std::uint64_t>(n)); }

  /// Values up to 512, integers, halves and tiny ones among them.
  double moderate() {
    switch (below(6)) {
      case 0:
        return uniform(-1, 1);
      case 1:
        return uniform(-4, 4);
      case 2:
        return uniform(-30, 30);
      case 3:
        return std::floor(uniform(-6, 7));
      case 4:
        return std::floor(uniform(-12, 13)) / 2;
      default:
        return std::ldexp(uniform(-1, 1), below(60) - 50);
    }
  }

  /// Any finite double: subnormal, huge, or moderate.
  double any() {
    switch (below(4)) {
      case 0:
        return std::ldexp(uniform(-1, 1), below(2090) - 1070);
      case 1:
        return std::ldexp(uniform(-1, 1), -1020 - below(50));
      case 2:
        return std::ldexp(uniform(1, 2), 1000 + below(23)) * (below(2) == 0 ? 1 : -1);
      default:
        return moderate();
    }
  }

  /// A box: a point, very thin, of moderate width, or anything.
  std::pair<double, double> box() {
    const double a = moderate();
    double b = a;
    switch (below(4)) {
      case 0:
        break;
      case 1:
        b = a + std::fabs(a) * 1e-10;
        break;
      case 2:
        b = a + uniform(0, 3);
        break;
      default:
        b = moderate();
    }
    return {std::min(a, b), std::max(a, b)};
  }

  /// An end of the box, one of the special points inside it, or any point of it.
  double inside(std::pair<double, double> box) {
    const auto [lo, hi] = box;
    switch (below(5)) {
      case 0:
        return lo;
      case 1:
        return hi;
      case 2: {
        const double special = static_cast<double>(below(3) - 1);  // -1, 0, 1
        if (lo <= special && special <= hi) return special;
        break;
      }
      default:
        break;
    }
    return std::min(hi, std::max(lo, lo + (hi - lo) * uniform(0, 1)));
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace nabla::random_points
