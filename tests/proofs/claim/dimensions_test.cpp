#include <doctest/doctest.h>

#include <algorithm>
#include <nabla/proofs/claim/dimensions.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <set>
#include <string>

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

Choices choices(const std::string& lines) { return choices_of(claim_of(lines + "show 1 == 1\n")); }

std::vector<std::int64_t> values(const Choices& choices, const std::string& name) {
  std::vector<std::int64_t> result;
  for (const Choice& choice : choices.list)
    for (const auto& [known, value] : choice)
      if (known == name) result.push_back(value);
  return result;
}

}  // namespace

TEST_CASE("finite lists and ranges are taken whole, in every combination") {
  const Choices c = choices("for m in {1, 2, 5}\nfor k in 1..2\n");
  CHECK(c.complete);
  CHECK(c.list.size() == 6);
  CHECK(c.coverage == "m, k = (1, 1), (1, 2), (2, 1), (2, 2), (5, 1), (5, 2)");
  CHECK(choices("for m, n in {3, 3, 4}\n").list.size() == 4);
  CHECK(choices("for m in 2..1\n").list.empty());
  CHECK(choices("for m in {0}\n").coverage == "m = 0");
}

TEST_CASE("assumptions about dimensions alone leave choices out") {
  const Choices pairs = choices("for i, j in 1..3\nassume i != j\n");
  CHECK(pairs.complete);
  CHECK(pairs.list.size() == 6);
  CHECK(pairs.excluded_at.has_value());
  CHECK(choices("for m in {1, 2}\nassume m > 5\n").list.empty());
  CHECK(values(choices("for all m >= 1\nassume m > 5\n"), "m") == std::vector<std::int64_t>{6, 7, 8, 9, 10});
  CHECK(choices("for all m >= 1\nassume m < 1\n").list.empty());
  CHECK(values(choices("for all m >= 1\nassume m <= 2\n"), "m") == std::vector<std::int64_t>{1, 2});
  CHECK(choices("for m in {1, 2}\ngiven x in R\nassume x > m\n").list.size() == 2);
}

TEST_CASE("a claim without dimensions has one choice") {
  const Choices c = choices("");
  CHECK(c.complete);
  CHECK(c.list.size() == 1);
  CHECK(c.coverage.empty());
}

TEST_CASE("for all m covers small ones, and says that it is not all") {
  const Choices c = choices("for all m >= 1\n");
  CHECK(!c.complete);
  CHECK(values(c, "m") == std::vector<std::int64_t>{1, 2, 3, 4, 5});
  CHECK(c.coverage == "m = 1, 2, 3, 4, 5");
  CHECK(values(choices("for all m >= 3\n"), "m").front() == 3);
}

TEST_CASE("several symbolic dimensions are once all least and once all different") {
  const Choices c = choices("for all m >= 1\nfor all n >= 1\nfor all p >= 1\n");
  CHECK(c.list.size() <= 12);
  bool least = false;
  bool different = false;
  for (const Choice& choice : c.list) {
    std::set<std::int64_t> sizes;
    for (const auto& [name, value] : choice) sizes.insert(value);
    least = least || sizes == std::set<std::int64_t>{1};
    different = different || sizes.size() == 3;
  }
  CHECK(least);
  CHECK(different);
}

TEST_CASE("small dimensions come first") {
  std::vector<std::int64_t> sizes;
  for (const Choice& choice : choices("for all m >= 1\nfor all n >= 2\nfor all p >= 1\n").list) {
    sizes.push_back(0);
    for (const auto& [name, value] : choice) sizes.back() += value;
  }
  CHECK(sizes.front() == 4);
  CHECK(std::ranges::is_sorted(sizes));
}

TEST_CASE("an index to a dimension takes all its values") {
  const Choices c = choices("for m in {3}\nfor all i in 1..m\nfor all j in i..m\n");
  CHECK(c.complete);
  CHECK(c.list.size() == 6);
  CHECK(c.coverage == "m = 3, every i, j");
  CHECK(choices("for all m >= 1\nfor all i in 1..m\n").list.size() == 15);
}

TEST_CASE("bounds are exact integers of earlier names") {
  CHECK(values(choices("for m in {2, 3}\nfor n in {m + 1}\n"), "n") == std::vector<std::int64_t>{3, 4});
  CHECK(values(choices("let k = 2\nfor n in {k + 1}\n"), "n") == std::vector<std::int64_t>{3});
  CHECK_THROWS_AS(choices("for m in {1/2}\n"), IllPosed);
  CHECK_THROWS_AS(choices("given x in R\nfor m in {x}\n"), IllPosed);
  CHECK_THROWS_AS(choices("for m in {k}\n"), UnknownName);
  CHECK_THROWS_AS(choices("for m in 1..1000000000\n"), NotHandled);
  CHECK_THROWS_AS(choices("for m in 1..200\nfor n in 1..200\n"), NotHandled);
  CHECK_THROWS_AS(choices("for all m >= 1\nfor all i in 1..9223372036854775807\n"), NotHandled);
}
