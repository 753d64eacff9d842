#include <doctest/doctest.h>

#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nabla/proofs/report/report.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "proofs/row_stride.hpp"

using namespace nabla;
using Json = nlohmann::ordered_json;

namespace {

std::string document_of(const std::string& lines) { return "```claim t\n" + lines + "\n```\n"; }

Json report_of(const std::string& lines) {
  ClaimIds ids;
  const Document document = read_document(Source("test.md", document_of(lines)), ids);
  CheckOptions options;
  options.suggest = false;
  return Json::parse(to_json({.options = options, .claims = {check(document.claims.at(0), options)}}));
}

/// What the re-checker says of a report about a document of that one claim: confirmed when it has nothing against it.
/// A report that it refuses as a whole counts as failed.
Outcome again(const Json& report, const std::string& lines) {
  try {
    const auto replays = recheck(report.dump(), [&](const std::string&) { return document_of(lines); });
    bool any = false;
    for (const ReplayedCertificate& r : replays) {
      if (r.outcome != Outcome::confirmed) {
        CHECK_FALSE(r.message.empty());
        return r.outcome;
      }
      any = true;
    }
    return any ? Outcome::confirmed : Outcome::open;
  } catch (const std::invalid_argument&) {
    return Outcome::failed;
  }
}

/// One claim for every kind of certificate, and what it becomes when its truth is turned over.
struct Row {
  const char* kind;
  const char* claim;
  const char* other;
};
const std::vector<Row> rows{
    {"witness", "given x in R\nshow x^2 >= x\nexpect refuted", "given x in R\nshow x^2 >= x - 1"},
    {"witness", "given x in R\nshow convex(x^3, x)", "given x in R\nshow convex(x^4, x)"},
    {"witness", "given x in R\nshow smooth(softplus(x), x, 24/100)", "given x in R\nshow smooth(softplus(x), x, 1/4)"},
    {"witness", "given x in R\nshow differentiable(relu(x), x)", "given x in R\nshow differentiable(relu(x)^2, x)"},
    {"witness", "given x in R\nshow continuous(floor(x), x)", "given x in R\nshow continuous(x * floor(0 * x), x)"},
    {"witness", "given x in R\nshow defined(log(x^2 - x))", "given x in R\nshow defined(log(x^2 - x + 1))"},
    {"witness", "given x in R\nassume x^2 == 2\nshow x > 0", "given x in R\nassume x^2 == 2\nshow x > -2"},
    {"counterexample", "given a in R\ngiven x in R\nshow convex(a * x^2, x) implies a > 0",
     "given a in R\ngiven x in R\nshow convex(a * x^2, x) implies a >= 0"},
    {"crossing", "given x in [0, 1]\nshow defined(1 / (x^3 + x - 1))",
     "given x in [0, 1]\nshow defined(1 / (x^3 + x + 1))"},
    {"crossing", "given x in R\nshow differentiable(abs(x^3 + x - 1), x)",
     "given x in R\nshow differentiable(abs(x^3 + x - 1)^2, x)"},
    {"crossing", "given x in R\nassume x^3 + x == 1\nshow x > 7/10", "given x in R\nassume x^3 + x == 1\nshow x > 1/2"},
    {"constant", "given x in [-1, 1]\nshow asin(x) + acos(x) == pi / 2",
     "given x in [-1, 1]\nshow asin(x) + acos(x) == pi / 3"},
    {"constant", "given x in (0, oo)\nshow atan(x) + atan(1 / x) == pi / 2",
     "given x in (-oo, 0)\nshow atan(x) + atan(1 / x) == pi / 2"},
    {"exhaustive", "show 4 * atan(1/5) - atan(1/239) == pi / 4", "show 4 * atan(1/5) - atan(1/238) == pi / 4"},
    {"exhaustive", "given x in {sqrt(2), -sqrt(2)}\nshow x^2 == 2", "given x in {sqrt(2), -sqrt(3)}\nshow x^2 == 2"},
    {"definedness", "given A in spd[2]\nshow defined(log(det(A)))", "given A in sym[2]\nshow defined(log(det(A)))"},
    {"definedness", "given A in spd[2]\nshow defined(inv(A + eye(2)))",
     "given A in spd[2]\nshow defined(inv(A - eye(2)))"},
    {"identity", "given x in R\nshow tanh(2 * x) * (1 + tanh(x)^2) == 2 * tanh(x)",
     "given x in R\nshow tanh(2 * x) * (1 + tanh(x)^2) == 3 * tanh(x)"},
    {"identity", "given x in R\nassume x > 0\nshow sqrt(x^2) == x", "given x in R\nassume x > -1\nshow sqrt(x^2) == x"},
    {"words", "for m in {1, 2}\ngiven A in R[m, m]\nshow det(2 * A) == 2^m * det(A)",
     "for m in {1, 2}\ngiven A in R[m, m]\nshow det(2 * A) == 2 * det(A)"},
    {"words", "for all n >= 1\ngiven A in spd[n]\nshow inv(A + eye(n)) * A == eye(n) - inv(A + eye(n))",
     "for all n >= 1\ngiven A in spd[n]\nshow inv(A + eye(n)) * A == eye(n) + inv(A + eye(n))"},
    {"index-identity", "for all m >= 1\ngiven z in R[m]\nshow grad(sum(z.^2), z) == 2 * z",
     "for all m >= 1\ngiven z in R[m]\nshow grad(sum(z.^2), z) == z"},
    {"inequality", "given x in R\nshow exp(x) >= 1 + x", "given x in R\nshow exp(x) >= 1.01 + x"},
    {"inequality", "given x in [0, 1]\nshow x^3 <= x", "given x in [0, 2]\nshow x^3 <= x"},
    {"inequality", "given x, y in R\nshow x^2 + y^2 >= 2 * x * y", "given x, y in R\nshow x^2 + y^2 >= 3 * x * y"},
    {"curvature", "given x in R\nshow convex(exp(x) + x^2, x)", "given x in R\nshow convex(exp(x) - x^2, x)"},
    {"curvature", "given w in R[2]\nshow convex(logsumexp(w), w)", "given w in R[2]\nshow convex(-logsumexp(w), w)"},
    {"lipschitz", "given x in R\nshow lipschitz(tanh(x), x, 1)", "given x in R\nshow lipschitz(tanh(x), x, 9/10)"},
    {"monotone", "given x in R\nshow increasing(x^3 + x, x)", "given x in R\nshow increasing(x^3 - x, x)"},
    {"linear", "given x in R[2]\nshow linear(2 * x[1] - x[2], x)",
     "given x in R[2]\nshow linear(2 * x[1] - x[2] + 1, x)"},
    {"part", "given x in R\nshow not convex(sin(x), x)", "given x in R\nshow not convex(exp(x), x)"},
    {"part", "given x in R\nshow not differentiable(abs(x), x)", "given x in R\nshow not differentiable(x^2, x)"},
    {"interpolation",
     "for all n >= 1\ngiven f: R[n] -> R is convex, differentiable\ngiven x, y in R[n]\n"
     "show f(y) >= f(x) + dot(grad(f)(x), y - x)",
     "for all n >= 1\ngiven f: R[n] -> R is convex, differentiable\ngiven x, y in R[n]\n"
     "show f(y) >= f(x) + 2 * dot(grad(f)(x), y - x)"},
    {"exhaustive", "given x, y in {0, 1}\nshow max(x, y) == x + y - x * y",
     "given x, y in {0, 1}\nshow max(x, y) == x + y"},
};

std::vector<Json*> certificates_of(Json& report) {
  std::vector<Json*> found;
  for (Json& show : report["claims"][0]["shows"])
    for (Json& link : show["links"])
      if (link.contains("certificates"))
        for (Json& c : link["certificates"]) found.push_back(&c);
  return found;
}

/// Pointers to everything inside.
void walk(const Json& j, const Json::json_pointer& at, std::vector<Json::json_pointer>& found) {
  if (j.is_object())
    for (const auto& [key, value] : j.items()) {
      found.push_back(at / key);
      walk(value, at / key, found);
    }
  if (j.is_array())
    for (std::size_t k = 0; k < j.size(); ++k) {
      found.push_back(at / k);
      walk(j[k], at / k, found);
    }
}

constexpr std::size_t most_places = 12;  // of one certificate that are damaged

}  // namespace

TEST_CASE("a report is confirmed as it is, and no certificate fits a claim of the other truth") {
  for (const Row& row : rows) {
    CAPTURE(std::string(row.claim));
    Json report = report_of(row.claim);
    const auto certificates = certificates_of(report);
    REQUIRE_FALSE(certificates.empty());
    bool has_kind = false;
    for (const Json* c : certificates) has_kind = has_kind || (*c)["kind"] == row.kind;
    CHECK(has_kind);
    CHECK(again(report, row.claim) == Outcome::confirmed);
    CHECK(again(report, row.other) != Outcome::confirmed);
  }
}

TEST_CASE("a verdict that is turned over, or rests on nothing, is not confirmed") {
  for (const Row& row : rows) {
    CAPTURE(std::string(row.claim));
    const Json report = report_of(row.claim);
    const std::string verdict = report["claims"][0]["verdict"], flipped = verdict == "proved" ? "refuted" : "proved";
    Json turned = report;
    turned["claims"][0]["verdict"] = flipped;
    CHECK(again(turned, row.claim) == Outcome::failed);
    for (Json& show : turned["claims"][0]["shows"])
      for (Json& link : show["links"]) link["verdict"] = flipped;
    CHECK(again(turned, row.claim) != Outcome::confirmed);
    Json bare = report;
    for (Json& show : bare["claims"][0]["shows"])
      for (Json& link : show["links"]) link.erase("certificates");
    CHECK(again(bare, row.claim) != Outcome::confirmed);
    bare["claims"][0].erase("shows");
    CHECK(again(bare, row.claim) != Outcome::confirmed);
  }
}

TEST_CASE("certificates that are damaged anywhere are no crash, and where they say what they are about they fail") {
  const std::vector<Json> replacements{
      nullptr, true, -1, "", "1/0", "x", Json::array(), Json::object(), Json::array({Json::array({1})})};
  std::size_t count = 0;
  for (std::size_t r = 0; r < rows.size(); r += row_stride) {
    const Row& row = rows[r];
    CAPTURE(std::string(row.claim));
    const Json report = report_of(row.claim);
    Json copy = report;
    const std::size_t certificates = certificates_of(copy).size();
    for (std::size_t k = 0; k < certificates; ++k) {
      std::vector<Json::json_pointer> places;
      walk(*certificates_of(copy)[k], Json::json_pointer(), places);
      const std::size_t stride = places.size() / most_places + 1;
      for (std::size_t p = 0; p < places.size(); p += stride) {
        const auto& place = places[p];
        CAPTURE(place.to_string());
        Json damaged = report;
        Json& certificate = *certificates_of(damaged)[k];
        Json& parent = certificate.at(place.parent_pointer());
        if (parent.is_object()) {
          parent.erase(place.back());
          const Outcome outcome = again(damaged, row.claim);
          const std::string field = place.to_string();
          if (field == "/kind" || field == "/data" || field == "/data/show" || field == "/data/link" ||
              field == "/data/dimensions" || field == "/data/functions" || field == "/data/evidence")
            CHECK(outcome == Outcome::failed);
          if (field.ends_with("/witness")) CHECK(outcome == Outcome::failed);
          ++count;
        }
        Json replaced = report;
        certificates_of(replaced)[k]->at(place) = replacements[(p + k) % replacements.size()];
        again(replaced, row.claim);
        ++count;
      }
    }
  }
  CHECK(count > 300 / row_stride);
}

TEST_CASE("another number in a witness is another point") {
  for (const Row& row : rows) {
    if (std::string(row.kind) != "witness") continue;
    CAPTURE(std::string(row.claim));
    const Json report = report_of(row.claim);
    for (const char* entry : {"1000", "sqrt(5)", "1/0", "10^10^10", "", "x"}) {
      CAPTURE(entry);
      Json moved = report;
      for (Json* c : certificates_of(moved))
        for (auto& [name, entries] : (*c)["data"]["evidence"]["witness"].items())
          for (Json& e : entries) e = entry;
      CHECK(again(moved, row.claim) != Outcome::confirmed);
    }
    Json shown = report;  // the certificate stays, the reader is shown another point
    for (auto& [name, entries] : shown["claims"][0]["witness"].items())
      for (Json& e : entries) e = "12345";
    CHECK(again(shown, row.claim) == Outcome::failed);
  }
}

TEST_CASE("numbers that carry a proof cannot be changed") {
  // The sum of squares, the multipliers of interpolation inequalities.
  for (const char* kind : {"inequality", "interpolation"}) {
    std::size_t changed = 0, worthless = 0;
    for (const Row& row : rows) {
      if (std::string(row.kind) != kind) continue;
      const Json report = report_of(row.claim);
      Json copy = report;
      for (std::size_t k = 0; k < certificates_of(copy).size(); ++k) {
        const Json& original = *certificates_of(copy)[k];
        if (original["kind"] != kind) continue;
        std::vector<Json::json_pointer> places;
        walk(original, Json::json_pointer(), places);
        for (const auto& place : places) {
          const Json& value = original.at(place);
          if (!value.is_string() || value.get<std::string>().find_first_not_of("0123456789/-") != std::string::npos)
            continue;
          Json other = report;
          certificates_of(other)[k]->at(place) = "-7/3";
          ++changed;
          if (again(other, row.claim) != Outcome::confirmed) ++worthless;
        }
      }
    }
    CAPTURE(kind);
    CHECK(changed > 0);
    CHECK(worthless > 0);
  }
}

TEST_CASE("dimensions that are left out or made up are missed") {
  const char* lines = "for m in {1, 2, 3}\ngiven A in R[m, m]\nshow det(2 * A) == 2^m * det(A)";
  const Json report = report_of(lines);
  CHECK(again(report, lines) == Outcome::confirmed);
  Json copy = report;
  Json& all = copy["claims"][0]["shows"][0]["links"][0]["certificates"];
  REQUIRE(all.size() > 2);
  Json fewer = Json::array();
  for (const Json& c : all)
    if (c["data"]["dimensions"]["m"] != 2) fewer.push_back(c);
  all = fewer;
  CHECK(again(copy, lines) == Outcome::open);
  for (Json& c : all) c["data"]["dimensions"]["m"] = 1'000'000'000'000;
  CHECK(again(copy, lines) != Outcome::confirmed);
}

TEST_CASE("reports that are no reports are refused") {
  const auto refused = [](const std::string& text) {
    CHECK_THROWS_AS(recheck(text, [](const std::string&) { return std::string(); }), std::invalid_argument);
  };
  refused("");
  refused("[]");
  refused(R"({"schema": "nabla.verify/2"})");
  refused(R"({"schema": 3})");
  refused(R"({"schema": "nabla.verify/1"})");
  refused(R"({"schema": "nabla.verify/1", "claims": 3})");
  refused(R"({"schema": "nabla.verify/1", "claims": [{"id": 4}]})");
  refused(R"({"schema": "nabla.verify/1", "claims": )" + std::string(1'000'000, '[') + std::string(1'000'000, ']') +
          "}");
}
