#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include <nabla/engine/parse/suggest.hpp>

using nabla::did_you_mean;

namespace {
constexpr std::array<std::string_view, 5> words = {"softmax", "sigmoid", "grad", "hessian", "R"};
}

TEST_CASE("a name near a candidate suggests it") {
  CHECK(did_you_mean("sofmax", words) == "softmax");    // one letter missing
  CHECK(did_you_mean("softmaxx", words) == "softmax");  // one too many
  CHECK(did_you_mean("sigmoit", words) == "sigmoid");   // another letter
  CHECK(did_you_mean("gard", words) == "grad");         // neighbours swapped
  CHECK(did_you_mean("Hessian", words) == "hessian");   // letter case
  CHECK(did_you_mean("SIGMOID", words) == "sigmoid");
  CHECK(did_you_mean("r", words) == "R");
}

TEST_CASE("a name that a candidate begins with suggests it") {
  CHECK(did_you_mean("hess", words) == "hessian");
  CHECK_FALSE(did_you_mean("so", words).has_value());
}

TEST_CASE("the nearest of several candidates is suggested") {
  constexpr std::array<std::string_view, 3> near = {"smooth", "smoothe", "smother"};
  CHECK(did_you_mean("smothe", near) == "smoothe");
}

TEST_CASE("a name that is far from all candidates suggests nothing") {
  CHECK_FALSE(did_you_mean("banana", words).has_value());
  CHECK_FALSE(did_you_mean("Q", words).has_value());
  CHECK_FALSE(did_you_mean("", words).has_value());
}

TEST_CASE("a name that is a candidate suggests nothing") { CHECK_FALSE(did_you_mean("grad", words).has_value()); }

TEST_CASE("a hostile length is no work") { CHECK_FALSE(did_you_mean(std::string(10'000'000, 'x'), words).has_value()); }

TEST_CASE("no candidates suggest nothing") { CHECK_FALSE(did_you_mean("x", {}).has_value()); }
