#include <doctest/doctest.h>

#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>
#include <nabla/proofs/recheck/inequality/replay.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>

#include "../inequality_claims.hpp"

namespace {

using namespace nabla;
using rederive::Enclosure;
using N = Number<Enclosure>;
constexpr auto yes = Replay::Answer::yes;

Problem problem_of(const std::string& given, const std::string& statement) {
  ClaimIds ids;
  const Document document = read_document(Source("t", "```claim t\n" + given + "\nshow " + statement + "\n```\n"), ids);
  REQUIRE(document.errors.empty());
  return elaborate(document.claims.at(0), {});
}

Replay::Answer replay(const std::string& given, const std::string& statement, const std::string& proof) {
  const Problem problem = problem_of(given, statement);
  return recheck_inequality(problem, problem.shows.at(0), R"({"goals": [)" + proof + "]}").answer;
}

/// exp(x) >= 1 + x above 0: growth from the contact, and the derivative's growth from its own.
const std::string grows = R"({"rule": "monotone", "variable": 0, "increasing": true, "strict_slope": false,
  "face": {"rule": "zero"}, "slope": {"rule": "monotone", "variable": 0, "increasing": true, "strict_slope": false,
  "face": {"rule": "zero"}, "slope": {"rule": "boxes"}}})";

}  // namespace

TEST_CASE("proofs of inequalities written by hand are followed, those of something else are not") {
  CHECK(replay("given x in [0, oo)", "exp(x) >= 1 + x", grows) == yes);
  CHECK(replay("given x in [-1, oo)", "exp(x) >= 1 + x", grows) != yes);
  CHECK(replay("given x in [0, oo)", "exp(x) > 1 + x", grows) != yes);
  CHECK(replay("given x in [0, oo)", "exp(x) >= 1 + 2*x", grows) != yes);
  CHECK(replay("given x in [0, 1]", "x^2 <= 1", R"({"rule": "boxes"})") == yes);
  CHECK(replay("given x in [0, 1]", "x^2 < 1", R"({"rule": "boxes"})") != yes);
  CHECK(replay("given x in [0, 1)", "x^2 < 1", R"({"rule": "boxes"})") == yes);
}

TEST_CASE("a face says nothing about points whose hypotheses it breaks") {
  // y <= x; at x = 0 this would leave only y <= 0.
  const std::string proof = R"({"rule": "monotone", "variable": 0, "increasing": true, "strict_slope": false,
    "face": {"rule": "boxes"}, "slope": {"rule": "boxes"}})";
  CHECK(replay("given x, y in [0, 1]\nassume y <= x", "x - 2*y + 1/4 >= 0", proof) != yes);
}

TEST_CASE("sums of squares have to be the function, and signs have to be seen") {
  const std::string square = R"({"rule": "sum", "terms": [{"constant": "1", "factors":
    [{"value": [["x", 0], ["x", 1], ["sub", [0, 1], []]], "power": 2}]}]})";
  CHECK(replay("given x, y in R", "x^2 + y^2 >= 2*x*y", square) == yes);
  CHECK(replay("given x, y in R", "x^2 + y^2 > 2*x*y", square) != yes);
  CHECK(replay("given x, y in R", "x^2 + y^2 >= 3*x*y", square) != yes);
  std::string odd = square;
  odd.replace(odd.find("\"power\": 2"), 10, "\"power\": 3");
  CHECK(replay("given x, y in R", "(x - y)^3 >= 0", odd) != yes);
}

TEST_CASE("polynomials by Sturm's theorem") {
  const auto sign = [](std::vector<Rational> c, std::optional<Rational> lo, std::optional<Rational> hi, bool strict) {
    return rederive::has_sign_between(std::move(c), lo, hi, lo.has_value(), hi.has_value(), strict);
  };
  CHECK(sign({1, -1, 1}, std::nullopt, std::nullopt, true));
  CHECK_FALSE(sign({-2, 0, 1}, std::nullopt, std::nullopt, false));
  CHECK(sign({-2, 0, 1}, Rational(2), std::nullopt, true));
  CHECK_FALSE(sign({-2, 0, 1}, Rational(1), std::nullopt, false));
  CHECK(sign({0, 1}, Rational(0), Rational(1), false));
  CHECK_FALSE(sign({0, 1}, Rational(0), Rational(1), true));
  CHECK_FALSE(sign({1, -2, 1}, Rational(0), Rational(3), true));
}

TEST_CASE("the re-checker's enclosures hold what they should") {
  const Enclosure x = Enclosure::between(Enclosure(0).lo, Enclosure(1).hi, true, false);  // (0, 1]
  CHECK(N::log(x).total);
  CHECK(N::log(x).nonpositive());
  CHECK((x * x).positive());
  CHECK((Enclosure(1) / x).positive());
  CHECK_FALSE((x - x).nonnegative());
  CHECK(N::exp(Enclosure::whole(true)).positive());
  CHECK_FALSE(N::log(N::max(x - Enclosure(1), Enclosure(0))).total);
  CHECK(N::tanh(Enclosure::whole(true)).hi_open);
  CHECK(N::sqrt(Enclosure(4)).is_point());
  const Enclosure turn = Enclosure::between(Enclosure(1).lo, Enclosure(2).hi);  // pi / 2 is inside
  CHECK(N::equal(N::max(N::sin(turn), Enclosure(1)), Enclosure(1)) == Truth::yes);
  CHECK_FALSE(N::less(N::sin(turn), Enclosure(1)) == Truth::yes);
}
