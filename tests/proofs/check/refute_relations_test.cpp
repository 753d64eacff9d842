#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>
#include <string>

#include "proofs/check/refutation_cases.hpp"
#include "proofs/row_stride.hpp"

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

ClaimReport checked(const std::string& lines, bool suggest = false) {
  CheckOptions options;
  options.suggest = suggest;
  return check(claim_of(lines + "\n"), options);
}

}  // namespace

TEST_CASE("relations: false ones are refuted by a short witness, true neighbours are not") {
  std::size_t row = 0;
  for (const RefutationCase& c : relation_cases()) {
    if (row++ % row_stride != 0) continue;
    const ClaimReport lie = checked(std::string(c.given) + "\nshow " + c.lie);
    CHECK_MESSAGE(lie.verdict == Verdict::refuted,
                  c.given << "\nshow " << c.lie << "\n-> " << to_string(lie.verdict) << " " << lie.decisive.message);
    for (const auto& [name, entries] : lie.decisive.witness)
      for (const std::string& entry : entries) CHECK_MESSAGE(entry.size() <= 24, c.lie << ": " << entry);
    const ClaimReport truth = checked(std::string(c.given) + "\nshow " + c.truth);
    CHECK_MESSAGE(truth.verdict >= Verdict::undecided, c.given << "\nshow " << c.truth << "\n-> "
                                                               << to_string(truth.verdict) << " "
                                                               << truth.decisive.message);
  }
}

TEST_CASE("irrational witnesses are exact constants") {
  const auto witness = [](const std::string& lines) { return checked(lines).decisive.witness.at("x").at(0); };
  CHECK(witness("given x in R\nassume x^2 == 2\nshow x == sqrt(2)") == "-sqrt(2)");
  const std::string root = witness("given x in R\nshow (x^2 - 2)^2 > 0");
  CHECK((root == "sqrt(2)" || root == "-sqrt(2)"));
  CHECK(witness("given x in [1, 2]\nshow sin(x) < 1") == "pi/2");
}

TEST_CASE("negations and implications of predicates about pairs are decided through their parts") {
  CHECK(checked("given x in R\nshow not convex(x^3, x)").verdict == Verdict::proved);
  CHECK(checked("given x in R\nshow not lipschitz(x^2, x, 100)").verdict == Verdict::proved);
  CHECK(checked("given x in R\nshow convex(x^3, x) implies convex(x^4, x)").verdict == Verdict::proved);
  CHECK(checked("given x in R\nshow not convex(x^2, x)").verdict != Verdict::proved);
  CHECK(checked("given x in R\ngiven a in R\nshow not convex(a * x^2, x)").verdict != Verdict::proved);
}

TEST_CASE("a predicate that no prover decides is supported by pairs, and not by equal points") {
  for (const char* statement : {"convex(exp(x), x)", "smooth(sin(x), x, 1)", "increasing(x^3, x)", "linear(2*x, x)"}) {
    const Verdict v = checked(std::string("given x in R\nshow ") + statement).verdict;
    CHECK_MESSAGE(v >= Verdict::supported, statement);
  }
}

TEST_CASE("the simplest fraction between two numbers") {
  const auto between = [](const char* a, const char* b) {
    return simplest_between(*parse_rational(a), *parse_rational(b)).str();
  };
  CHECK(between("0.3", "0.4") == "1/3");
  CHECK(between("-0.4", "-0.3") == "-1/3");
  CHECK(between("-1", "5") == "0");
  CHECK(between("3.1", "3.2") == "16/5");
  CHECK(between("3.14", "3.15") == "22/7");
  CHECK(between("2", "2") == "2");
  CHECK(between("5/7", "5/7") == "5/7");
}

TEST_CASE("the nearest true formula is offered for what is refuted") {
  const auto suggestion = [](const std::string& lines) { return checked(lines, true).decisive.suggestion; };
  CHECK(suggestion("given x in R\nshow grad(sigmoid(x), x) == sigmoid(x) * (1 + sigmoid(x))")
            .starts_with("grad(sigmoid(x), x) == sigmoid(x) * (1 - sigmoid(x))"));
  CHECK(suggestion("given x in R\nshow grad(x^2, x) == x").find("2 * x") != std::string::npos);
  CHECK(suggestion("given A, B in R[2, 2]\nshow (A * B)' == A' * B'").find("B' * A'") != std::string::npos);
  CHECK(suggestion("given x in R\nshow log(x^2) == 2 * log(x)").find("assume x > 0") != std::string::npos);
  CHECK(suggestion("given x in R\nshow x^2 > 0").starts_with("x^2 >= 0"));
  CHECK(suggestion("given x in R\nshow x^2 >= 0").empty());
}
