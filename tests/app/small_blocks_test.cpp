#include <doctest/doctest.h>

#include <nabla/app/small_blocks.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <thread>
#include <vector>

using namespace nabla;

TEST_CASE("fractions live through the change of GMP's allocator, and go from thread to thread") {
  std::vector<Rational> before;
  for (int k = 1; k <= 100; ++k) before.emplace_back(k, k + 1);
  app::keep_small_blocks();
  const auto harmonic = [](int from, int to) {
    std::vector<Rational> sums{Rational(0)};
    for (int k = from; k < to; ++k) sums.push_back(sums.back() + Rational(1, k));
    return sums;
  };
  std::vector<Rational> first, second;
  std::thread one([&] { first = harmonic(1, 400); });
  std::thread other([&] { second = harmonic(400, 800); });
  one.join();
  other.join();
  CHECK(first.back() + second.back() == harmonic(1, 800).back());
  Rational product = 1;
  for (const Rational& x : before) product *= x;
  CHECK(product == Rational(1, 101));
  before.clear();
  std::thread([made = std::move(first)]() mutable { made.clear(); }).join();
  CHECK(second.size() == 401);
}
