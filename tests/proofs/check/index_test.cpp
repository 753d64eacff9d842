#include <doctest/doctest.h>

#include <nabla/proofs/check/index/proof.hpp>
#include <string>
#include <vector>

#include "../claim/claim_of.hpp"
#include "../index_rows.hpp"

using namespace nabla;

namespace {

/// Whether every link of every `show` is proved for every dimension.
bool is_proved(const std::string& lines, std::string* why = nullptr) {
  const Claim claim = claim_of(lines);
  const Budget budget;
  EveryDimension every(claim, budget);
  std::size_t show = 0;
  for (const Claim::Line& line : claim.lines) {
    const auto* statement = std::get_if<ShowLine>(&line);
    if (statement == nullptr) continue;
    const bool is_chain = claim.syntax.kind(statement->statement) == SyntaxKind::relation;
    const std::size_t links = is_chain ? claim.syntax.links(statement->statement).size() : 1;
    for (std::size_t link = 0; link < links; ++link) {
      const Finding f = every.prove(show, link);
      if (f.verdict == Verdict::proved) continue;
      if (why != nullptr) *why = f.message;
      return false;
    }
    ++show;
  }
  return true;
}

}  // namespace

TEST_CASE("index notation proves what holds in every dimension") {
  for (const IndexRow& row : index_rows) {
    CAPTURE(row.truth);
    std::string why;
    CHECK_MESSAGE(is_proved(row.setting + ("show " + std::string(row.truth)) + "\n", &why), why);
  }
}

TEST_CASE("and proves none of what is perturbed") {
  for (const IndexRow& row : index_rows)
    for (const char* statement : row.perturbed) {
      CAPTURE(row.setting);
      CAPTURE(statement);
      CHECK_FALSE(is_proved(row.setting + ("show " + std::string(statement)) + "\n"));
    }
}

TEST_CASE("an index that may leave its range is not looked at") {
  CHECK_FALSE(is_proved("for all m >= 1\nfor all n >= 1\nfor all j in 1..n\ngiven x in R[m]\nshow x[j] == x[j]\n"));
  CHECK_FALSE(is_proved("for all m >= 1\ngiven x in R[m]\nshow x[2] == x[2]\n"));
  CHECK(is_proved("for all m >= 2\ngiven x in R[m]\nshow x[2] == x[m - (m - 2)]\n"));
}

TEST_CASE("nesting as deep as the parser allows ends with a reason") {
  std::string deep = "x";
  for (int k = 0; k < 900; ++k) deep = "exp(" + deep + ")";
  std::string why;
  CHECK_FALSE(is_proved("for all m >= 1\ngiven x in R\nshow " + deep + " == m\n", &why));
  CHECK(why.find("deep") != std::string::npos);
}
