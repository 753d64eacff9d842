#include <doctest/doctest.h>

#include <nabla/proofs/check/index/proof.hpp>
#include <nabla/proofs/recheck/index/replay.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "../claim/claim_of.hpp"
#include "../index_terms_rows.hpp"
#include "../row_stride.hpp"

using namespace nabla;

namespace {

/// How many links of the one `show` are proved, and how many of the proofs the re-checker confirms.
struct Counted {
  std::size_t links = 0, proved = 0, confirmed = 0;
};

Counted counted(const std::string& lines, bool spoil = false) {
  const Claim claim = claim_of(lines);
  const Budget budget;
  EveryDimension every(claim, budget);
  Counted r;
  for (const Claim::Line& line : claim.lines) {
    const auto* show = std::get_if<ShowLine>(&line);
    if (show == nullptr) continue;
    const bool is_chain = claim.syntax.kind(show->statement) == SyntaxKind::relation;
    r.links = is_chain ? claim.syntax.links(show->statement).size() : 1;
  }
  for (std::size_t link = 0; link < r.links; ++link) {
    const Finding f = every.prove(0, link);
    if (f.verdict != Verdict::proved) continue;
    ++r.proved;
    auto data = nlohmann::ordered_json::parse(f.certificates.at(0).data);
    nlohmann::ordered_json sums = data.value("sums", nlohmann::ordered_json::object());
    if (spoil)
      for (auto& [number, sum] : sums.items())
        for (auto& term : sum["terms"]) term["times"] = "7/3";
    try {
      if (replay_every_dimension(claim, 0, link, sums).outcome == Outcome::confirmed) ++r.confirmed;
    } catch (const nlohmann::json::exception&) {
    }
  }
  return r;
}

std::string shown(const IndexRow& row, const char* statement) {
  return row.setting + ("show " + std::string(statement)) + "\n";
}

}  // namespace

TEST_CASE("inequalities for every dimension are sums of nonnegative terms") {
  for (std::size_t k = 0; k < index_terms_rows.size(); k += row_stride) {
    CAPTURE(std::string(index_terms_rows[k].truth));
    const Counted c = counted(shown(index_terms_rows[k], index_terms_rows[k].truth));
    CHECK(c.proved == c.links);
    CHECK(c.confirmed == c.links);
  }
}

TEST_CASE("and none that is perturbed") {
  for (std::size_t k = 0; k < index_terms_rows.size(); k += row_stride)
    for (const char* statement : index_terms_rows[k].perturbed) {
      CAPTURE(std::string(index_terms_rows[k].setting));
      CAPTURE(std::string(statement));
      const Counted c = counted(shown(index_terms_rows[k], statement));
      CHECK(c.proved < c.links);
    }
}

TEST_CASE("other factors in a certificate are not confirmed") {
  for (const char* show : {"sum(p .* log(p ./ q)) >= 0", "sum(p .^ 2 ./ q) >= 1", "-sum(p .* log(p)) <= log(n)"}) {
    CAPTURE(std::string(show));
    const Counted c = counted("for all n >= 1\ngiven p, q in simplex[n]\nshow " + std::string(show) + "\n", true);
    CHECK(c.proved == 1);
    CHECK(c.confirmed == 0);
  }
}
