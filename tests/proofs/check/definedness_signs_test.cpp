#include <doctest/doctest.h>

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/claim/dimensions.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/wellposed/definedness.hpp>
#include <nlohmann/json.hpp>

// Domains that ranges do not show, shown by inequalities; each certificate is followed by the re-checker, and neither a
// claim that is undefined somewhere nor a certificate that was changed gets through.

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

struct Examined {
  Problem problem;
  Finding finding;
};

Examined examined(const std::string& lines) {
  Examined e{elaborate(claim_of(lines), {}), {}};
  e.finding = examine_definedness(e.problem, e.problem.shows.back(), {}, {});
  return e;
}

Replay::Answer replayed(const std::string& lines, const std::string& data) {
  const Problem again = elaborate(claim_of(lines), {});
  return recheck_definedness(again, again.shows.back(), data).answer;
}

void check_proved(std::initializer_list<const char*> claims) {
  for (const char* lines : claims) {
    CAPTURE(lines);
    const Examined e = examined(lines);
    CAPTURE(e.finding.message);
    REQUIRE(to_string(e.finding.verdict) == to_string(Verdict::proved));
    CHECK(replayed(lines, e.finding.certificates.at(0).data) == Replay::Answer::yes);
  }
}

void check_ill_posed(std::initializer_list<const char*> claims) {
  for (const char* lines : claims) {
    CAPTURE(lines);
    const Finding f = examined(lines).finding;
    CAPTURE(f.message);
    CHECK(to_string(f.verdict) == to_string(Verdict::ill_posed));
  }
}

}  // namespace

TEST_CASE("a polynomial that is positive only by cancellation is a good operand") {
  check_proved({"given x in R\nshow log(x^2 - x + 1) == log(x^2 - x + 1)\n", "given x in R\nshow 1/(x^2 + x + 1) > 0\n",
                "given x in R\nshow sqrt(x^4 - x + 1) > 0\n", "given x in R\nshow sqrt(x^2 - x + 1/4) >= 0\n",
                "given x, y in R\nshow sqrt(x^2 + y^2 - 2*x*y + 1) > 0\n",
                "given x in R\nshow log(log(x^2 - x + 1)^2 + 1) >= 0\n",
                "given x in R\nshow grad(log(x^2 - x + 1), x) == (2*x - 1)/(x^2 - x + 1)\n",
                "given x in R\nshow grad(abs(x^2 - x + 1), x) == 2*x - 1\n",
                "given x in R\nshow grad(sqrt(x^2 - x + 1), x) == (x - 1/2)/sqrt(x^2 - x + 1)\n"});
}

TEST_CASE("its neighbours that vanish somewhere are not") {
  check_ill_posed({"given x in R\nshow log(x^2 - x + 1/4) == log(x^2 - x + 1/4)\n",
                   "given x in R\nshow log(x^2 - x + 1/5) == log(x^2 - x + 1/5)\n",
                   "given x in R\nshow 1/(x^2 + x - 1) == 1/(x^2 + x - 1)\n",
                   "given x in R\nshow sqrt(x^2 - x + 1/5) >= 0\n",
                   "given x in R\nshow grad(sqrt(x^2 - x + 1/4), x) == 0\n",
                   "given x, y in R\nshow log(x^2 + y^2 - 2*x*y) == log(x^2 + y^2 - 2*x*y)\n"});
}

TEST_CASE("a tangent between its poles") {
  check_proved({"given x in (-pi/2, pi/2)\nshow tan(x) == sin(x)/cos(x)\n",
                "given x in (0, pi/2)\nshow grad(tan(x), x) == 1 + tan(x)^2\n"});
  check_ill_posed({"given x in (-pi, pi/2)\nshow tan(x) == sin(x)/cos(x)\n"});
}

TEST_CASE("hypotheses and premises take part in the signs") {
  check_proved({"given x, y in R\nassume x*y > x + y\nshow log(x*y - x - y) == log(x*y - x - y)\n",
                "given x, y in R\nshow x*y > x + y implies log(x*y - x - y) == log(x*y - x - y)\n",
                "given x, y in R\nassume y > 0\nshow sqrt(x^2 - x + 1/4 + y) > 0\n"});
  // Ranges show these; the re-checker has not their means.
  for (const char* lines : {"given b in (0, oo)\nassume b != 1\nshow log(b)/log(b) == 1\n",
                            "given x in (0, oo)\nshow 1/(exp(x) - 1) > 0\n"})
    CHECK(to_string(examined(lines).finding.verdict) == to_string(Verdict::proved));
  check_ill_posed({"given b in (0, oo)\nshow log(b)/log(b) == 1\n",
                   "given x, y in R\nassume x*y >= x + y\nshow log(x*y - x - y) == log(x*y - x - y)\n",
                   "given x, y in R\nshow x*y >= x + y implies log(x*y - x - y) == log(x*y - x - y)\n"});
}

TEST_CASE("an exact point at which something is undefined is named") {
  const auto point = [](const char* lines) {
    const Finding f = examined(lines).finding;
    CHECK(to_string(f.verdict) == to_string(Verdict::ill_posed));
    return f.witness.empty() ? std::string() : f.witness.at("x").at(0);
  };
  CHECK(point("given x in [-pi/2, pi/2)\nshow tan(x) == tan(x)\n") == "-pi/2");
  CHECK(point("given x in (0, oo)\nshow 1/(x^2 - 2) == 1/(x^2 - 2)\n") == "sqrt(2)");
  CHECK(point("given x in (0, oo)\nshow log((x^2 - 2)^2) == log((x^2 - 2)^2)\n") == "sqrt(2)");
  CHECK(point("given x in [sqrt(2), oo)\nshow log(x^2 - 2) == log(x^2 - 2)\n") == "sqrt(2)");
  CHECK(point("given x in R\nassume x > 0\nshow 1/(x^2 - 3) == 1/(x^2 - 3)\n") == "sqrt(3)");
  // Their neighbours keep out of it.
  for (const char* lines : {"given x in (sqrt(2), oo)\nshow log(x^2 - 2) == log(x^2 - 2)\n",
                            "given x in R\nassume x > 2\nshow 1/(x^2 - 3) == 1/(x^2 - 3)\n",
                            "given x in (0, oo)\nshow log((x^2 - 2)^2 + 1/1000000000000) < 1000 * x + 1000\n"})
    CHECK(to_string(examined(lines).finding.verdict) != to_string(Verdict::ill_posed));
}

TEST_CASE("a derivative that fails where a kink is crossed at an irrational point") {
  check_ill_posed({"given x in R\nshow grad(abs(x^2 - 2), x) == 2*x*sign(x^2 - 2)\n",
                   "given x in R\nshow grad(exp(abs(x^2 - 2)) + x, x) > 0\n",
                   "given x in (0, oo)\nshow grad(max(x^3, 2), x) >= 0\n",
                   "given x in R\nshow grad(relu(exp(x) - 2), x) >= 0\n"});
  // The whole has a derivative there, or the kink is not reached, or a convention decides.
  for (const char* lines :
       {"given x in R\nshow grad(abs(x^2 - 2)^2, x) == 4*x*(x^2 - 2)\n",
        "given x in R\nshow grad(relu(x^3 - 2) - relu(2 - x^3), x) == 3*x^2\n",
        "given x in R\nshow grad(abs(x^2 - 2)^(3/2), x) == 3*x*(x^2 - 2)*abs(x^2 - 2)^(-1/2)\n",
        "given x in [3/2, oo)\nshow grad(abs(x^2 - 2), x) == 2*x\n",
        "convention abs'(0) = 0\ngiven x in R\nshow grad(abs(x^2 - 2), x) == 2*x*sign(x^2 - 2)\n"}) {
    CAPTURE(lines);
    const Finding f = examined(lines).finding;
    CAPTURE(f.message);
    CHECK_FALSE((f.verdict == Verdict::ill_posed && f.message.find("derivative does not exist") != std::string::npos));
  }
}

TEST_CASE("a certificate of signs that was changed is not followed") {
  const std::string lines = "given x in R\nshow log(x^2 - x + 1) == log(x^2 - x + 1)\n";
  const Examined e = examined(lines);
  REQUIRE(e.finding.verdict == Verdict::proved);
  const auto data = nlohmann::json::parse(e.finding.certificates.at(0).data);
  REQUIRE(data.at("goals").at(0).at("signs").size() >= 1);
  CHECK(replayed(lines, data.dump()) == Replay::Answer::yes);
  CHECK(replayed(lines, "") != Replay::Answer::yes);
  auto changed = data;
  changed["goals"][0]["signs"][0]["sign"] = "negative";
  CHECK(replayed(lines, changed.dump()) != Replay::Answer::yes);
  changed = data;
  changed["goals"][0]["signs"][0]["of"] = {{"x", 0}};
  CHECK(replayed(lines, changed.dump()) != Replay::Answer::yes);
  // Of another claim, whose operand has roots.
  const std::string other = "given x in R\nshow log(x^2 - x + 1/5) == log(x^2 - x + 1/5)\n";
  CHECK(replayed(other, data.dump()) != Replay::Answer::yes);
  // A sign of something that is not defined everywhere says nothing.
  const std::string half = "given x in R\nshow sqrt(x) >= 0\n";
  changed = data;
  changed["goals"][0]["signs"][0] = {
      {"of", {{"x", 0}, {"sqrt", {0}, nlohmann::json::array()}, {"exp", {1}, nlohmann::json::array()}}},
      {"sign", "positive"},
      {"premises", 0},
      {"proof", {{"rule", "boxes"}}}};
  CHECK(replayed(half, changed.dump()) != Replay::Answer::yes);
}
