#include <doctest/doctest.h>

#include <algorithm>
#include <nabla/proofs/recheck/index/replay.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "../claim/claim_of.hpp"
#include "../index_rows.hpp"

using namespace nabla;

namespace {

/// Whether every link of the one `show` is derived again.
bool is_derived(const std::string& lines, std::string* why = nullptr) {
  const Claim claim = claim_of(lines);
  const auto line = std::find_if(claim.lines.begin(), claim.lines.end(),
                                 [](const auto& l) { return std::holds_alternative<ShowLine>(l); });
  const SyntaxId statement = std::get<ShowLine>(*line).statement;
  const bool is_chain = claim.syntax.kind(statement) == SyntaxKind::relation;
  for (std::size_t link = 0; link < (is_chain ? claim.syntax.links(statement).size() : 1); ++link) {
    const ReplayedCertificate r = replay_every_dimension(claim, 0, link, nlohmann::ordered_json::object());
    if (r.outcome == Outcome::confirmed) continue;
    if (why != nullptr) *why = r.message;
    return false;
  }
  return true;
}

/// True, and beyond what the re-checker derives: sums over ranges that differ by a term.
bool is_beyond(const IndexRow& row) { return std::string(row.truth).starts_with("sum(k in 1..n - 1: x[k]) + x[n]"); }

}  // namespace

TEST_CASE("the re-checker derives again what holds in every dimension") {
  for (const IndexRow& row : index_rows) {
    if (is_beyond(row)) continue;
    CAPTURE(row.setting);
    CAPTURE(row.truth);
    std::string why;
    CHECK_MESSAGE(is_derived(row.setting + ("show " + std::string(row.truth)) + "\n", &why), why);
  }
}

TEST_CASE("and confirms nothing that is perturbed") {
  for (const IndexRow& row : index_rows)
    for (const char* statement : row.perturbed) {
      CAPTURE(row.setting);
      CAPTURE(statement);
      CHECK_FALSE(is_derived(row.setting + ("show " + std::string(statement)) + "\n"));
    }
}

TEST_CASE("a certificate of a line that is not there is not confirmed") {
  const Claim claim = claim_of("for all m >= 1\ngiven x in R[m]\nshow x == x\n");
  CHECK(replay_every_dimension(claim, 0, 0, nlohmann::ordered_json::object()).outcome == Outcome::confirmed);
  CHECK(replay_every_dimension(claim, 1, 0, nlohmann::ordered_json::object()).outcome != Outcome::confirmed);
  CHECK(replay_every_dimension(claim, 0, 1, nlohmann::ordered_json::object()).outcome != Outcome::confirmed);
}
