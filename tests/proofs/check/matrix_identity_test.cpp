#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/check/matrix/matrix_identity.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/matrix/matrix_identity.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "proofs/row_stride.hpp"

using namespace nabla;
using Json = nlohmann::ordered_json;

namespace {

Claim claim_of(const std::string& lines) {
  ClaimIds ids;
  return read_document(Source("test.md", "```claim t\n" + lines + "\n```\n"), ids).claims.at(0);
}

const std::string of_square =
    "for all n >= 1\ngiven A, B, Q in R[n, n]\ngiven S in spd[n]\ngiven T in sym[n]\ngiven c in R\ngiven l in (0, oo)\n"
    "given u, v in R[n]\nassume det(A) != 0\nassume det(B) != 0\nassume det(eye(n) - A) != 0\nassume det(A + B) != 0\n"
    "assume det(inv(A) + inv(B)) != 0\nassume c != 0\nassume Q' * Q == eye(n)\nassume det(A + outer(u, v)) != 0\n"
    "assume 1 + dot(v, inv(A) * u) != 0\nshow ";
const std::string of_oblong =
    "for all m >= 1\nfor all n >= 1\ngiven X, U in R[m, n]\ngiven V in R[n, m]\ngiven A in spd[m]\ngiven C in spd[n]\n"
    "given l in (0, oo)\ngiven y in R[m]\nassume det(X' * X) != 0\nassume det(eye(m) + U * V) != 0\n"
    "assume det(eye(n) + V * U) != 0\nshow ";

/// What the decider says of the relation at n = 3, m = 2, and that the re-checker agrees. Points are not looked at.
bool proves_in_words(const std::string& claim, Json* evidence = nullptr) {
  const bool is_oblong = claim.find("for all m") != std::string::npos;
  const Claim c = claim_of(claim);
  const Choice choice = is_oblong ? Choice{{"m", 2}, {"n", 3}} : Choice{{"n", 3}};
  const Problem problem = elaborate(c, choice);
  const auto f = decide_matrix_identity(problem, problem.shows.at(0), CheckOptions(), Budget());
  REQUIRE(f);
  if (f->verdict != Verdict::proved) {
    CHECK(f->verdict == Verdict::undecided);
    for (const char* order : {"later", "earlier"}) {
      const Json nothing{{"times", Json::array()}, {"order", order}};
      CHECK(replay_words(problem, problem.shows[0], nothing).outcome != Outcome::confirmed);
    }
    return false;
  }
  const Json data = Json::parse(f->certificates.at(0).data);
  if (evidence != nullptr) *evidence = data;
  const Problem again = elaborate(c, choice);
  const ReplayedCertificate r = replay_words(again, again.shows.at(0), data);
  INFO(r.message);
  CHECK(r.outcome == Outcome::confirmed);
  return true;
}

const char* const true_of_square[] = {
    "inv(A) * A == eye(n)",
    "A * inv(A) == eye(n)",
    "inv(inv(A)) == A",
    "inv(A') == inv(A)'",
    "inv(A * B) == inv(B) * inv(A)",
    "inv(c * A) == inv(A) / c",
    "inv(-A) == -inv(A)",
    "inv(S)' == inv(S)",
    "inv(A) - inv(B) == inv(A) * (B - A) * inv(B)",
    "(eye(n) + A) * inv(eye(n) - A) == inv(eye(n) - A) * (eye(n) + A)",
    "inv(inv(A) + inv(B)) == A * inv(A + B) * B",
    "A - A * inv(A + B) * A == B - B * inv(A + B) * B",
    "inv(A + outer(u, v)) == inv(A) - outer(inv(A) * u, inv(A)' * v) / (1 + dot(v, inv(A) * u))",
    "Q * Q' == eye(n)",
    "det(A * B) == det(A) * det(B)",
    "det(A' * B) == det(B' * A)",
    "det(inv(A)) == 1 / det(A)",
    "det(c * A) == c^3 * det(A)",
    "det(-A) == -det(A)",
    "det(eye(n) + A * B) == det(eye(n) + B * A)",
    "det(A + outer(u, v)) == det(A) * (1 + dot(v, inv(A) * u))",
    "det(eye(n) + outer(u, v)) == 1 + dot(u, v)",
    "trace(inv(A) * B * A) == trace(B)",
    "trace(eye(n)) == 3",
    "dot(u, T * v) == dot(v, T * u)",
    "dot(A * u, inv(A)' * v) == dot(u, v)",
    "outer(u, v) * A == outer(u, A' * v)",
    "norm(Q * u)^2 == dot(u, u)",
    "sum(A .* B) == trace(A' * B)",
    "grad(log(det(S)), S) == inv(S)",
    "grad(det(A), A) == det(A) * inv(A)'",
    "grad(trace(inv(A) * B), A) == -(inv(A) * B * inv(A))'",
    "grad(dot(u, inv(S) * u), u) == 2 * inv(S) * u",
    "grad(dot(u, inv(A) * v), A) == -outer(inv(A)' * u, inv(A) * v)",
};

const char* const false_of_square[] = {
    "inv(A) * A == 2 * eye(n)",
    "inv(A) * B == eye(n)",
    "inv(inv(A)) == A'",
    "inv(A') == inv(A)",
    "inv(A * B) == inv(A) * inv(B)",
    "inv(c * A) == inv(A) * c",
    "inv(A)' == inv(A)",
    "inv(A) - inv(B) == inv(A) * (A - B) * inv(B)",
    "(eye(n) + A) * inv(eye(n) - A) == inv(eye(n) - A) * (eye(n) - A)",
    "(eye(n) + B) * inv(eye(n) - A) == inv(eye(n) - A) * (eye(n) + B)",
    "inv(inv(A) + inv(B)) == A * inv(A + B) * A",
    "inv(A + B) == inv(A) + inv(B)",
    "inv(A + outer(u, v)) == inv(A) - outer(inv(A) * u, inv(A) * v) / (1 + dot(v, inv(A) * u))",
    "inv(A + outer(u, v)) == inv(A) - outer(inv(A) * u, inv(A)' * v) / (2 + dot(v, inv(A) * u))",
    "Q * Q == eye(n)",
    "det(A + B) == det(A) + det(B)",
    "det(A * B) == det(A) * det(A)",
    "det(inv(A)) == det(A)",
    "det(c * A) == c * det(A)",
    "det(c * A) == c^2 * det(A)",
    "det(-A) == det(A)",
    "det(A + B) == det(A + B')",
    "det(A + outer(u, v)) == det(A) * (1 + dot(u, inv(A) * v))",
    "trace(A * B * T) == trace(B * A * T)",
    "trace(A * B) == trace(A) * trace(B)",
    "trace(eye(n)) == 4",
    "dot(u, A * v) == dot(v, A * u)",
    "dot(A * u, inv(A) * v) == dot(u, v)",
    "outer(u, v) * A == outer(u, A * v)",
    "norm(A * u)^2 == dot(u, u)",
    "grad(det(A), A) == det(A) * inv(A)",
    "grad(trace(inv(A) * B), A) == (inv(A) * B * inv(A))'",
    "grad(dot(u, inv(S) * u), u) == inv(S) * u",
    "grad(dot(u, inv(A) * v), A) == -outer(inv(A) * u, inv(A) * v)",
};

const char* const true_of_oblong[] = {
    "inv(eye(m) + U * V) * U == U * inv(eye(n) + V * U)",
    "inv(eye(m) + U * V) == eye(m) - U * inv(eye(n) + V * U) * V",
    "det(eye(m) + U * V) == det(eye(n) + V * U)",
    "inv(A + U * C * U') == inv(A) - inv(A) * U * inv(inv(C) + U' * inv(A) * U) * U' * inv(A)",
    "inv(X' * X) * X' * X == eye(n)",
    "X * inv(X' * X) * X' * (X * inv(X' * X) * X') == X * inv(X' * X) * X'",
    "(X * inv(X' * X) * X')' == X * inv(X' * X) * X'",
    "(eye(m) - X * inv(X' * X) * X') * X == zeros(m, n)",
    "trace(X * inv(X' * X) * X') == 3",
    "X' * (X * (inv(X' * X) * (X' * y)) - y) == zeros(n)",
    "inv(X' * X + l * eye(n)) * X' == X' * inv(X * X' + l * eye(m))",
    "trace(X' * inv(X * X' + l * eye(m)) * X) == 2 - l * trace(inv(X * X' + l * eye(m)))",
};

const char* const false_of_oblong[] = {
    "inv(eye(m) + U * V) * U == U * inv(eye(n) + X' * X)",
    "inv(eye(m) + U * V) == eye(m) + U * inv(eye(n) + V * U) * V",
    "det(eye(m) + U * V) == det(eye(n) - V * U)",
    "inv(A + U * C * U') == inv(A) - inv(A) * U * inv(C + U' * inv(A) * U) * U' * inv(A)",
    "inv(A + U * C * U') == inv(A) + inv(A) * U * inv(inv(C) + U' * inv(A) * U) * U' * inv(A)",
    "X * inv(X' * X) * X' == eye(m)",
    "X * inv(X' * X) * X' * y == y",
    "trace(X * inv(X' * X) * X') == 2",
    "inv(X' * X + l * eye(n)) * X' == X' * inv(X * X' + 2 * l * eye(m))",
    "inv(X' * X + l * eye(n)) * U' == U' * inv(X * X' + l * eye(m))",
};

}  // namespace

TEST_CASE("identities of matrices are proved in words, and derived again") {
  std::size_t row = 0;
  const auto check = [&](const std::string& before, const auto& relations, bool holds) {
    for (const char* relation : relations) {
      if (row++ % row_stride != 0) continue;
      CAPTURE(relation);
      CHECK(proves_in_words(before + relation) == holds);
    }
  };
  check(of_square, true_of_square, true);
  check(of_oblong, true_of_oblong, true);
  check(of_square, false_of_square, false);
  check(of_oblong, false_of_oblong, false);
}

TEST_CASE("without its hypothesis an identity of matrices is not proved in words") {
  CHECK(proves_in_words("for all n >= 1\ngiven Q in R[n, n]\nassume Q' * Q == eye(n)\nshow Q * Q' == eye(n)"));
  CHECK_FALSE(proves_in_words("for all n >= 1\ngiven Q in R[n, n]\nassume Q' * Q != eye(n)\nshow Q * Q' == eye(n)"));
  CHECK_FALSE(
      proves_in_words("for all m >= 1\nfor all n >= 1\ngiven Q in R[n, m]\nassume Q' * Q == eye(m)\n"
                      "show Q * Q' == eye(n)"));
  CHECK(
      proves_in_words("for all n >= 1\ngiven A, B in R[n, n]\nassume A * B == B * A\nassume det(B) != 0\n"
                      "show inv(B) * A == A * inv(B)"));
  CHECK_FALSE(
      proves_in_words("for all n >= 1\ngiven A, B in R[n, n]\nassume det(B) != 0\n"
                      "show inv(B) * A == A * inv(B)"));
  CHECK(proves_in_words("for all n >= 1\ngiven A in sym[n]\nassume det(A) != 0\nshow inv(A)' == inv(A)"));
  CHECK(
      proves_in_words("for all n >= 1\ngiven A in R[n, n]\nassume A' == A\nassume det(A) != 0\n"
                      "show inv(A)' == inv(A)"));
}

TEST_CASE("what extents do in an identity of matrices is said") {
  Json evidence;
  REQUIRE(proves_in_words(of_square + "inv(A * B) == inv(B) * inv(A)", &evidence));
  CHECK(evidence["uniform"] == true);
  REQUIRE(proves_in_words(of_square + "trace(A * inv(A)) == n", &evidence));
  CHECK(evidence["uniform"] == false);
  CHECK(evidence["numbers"] == "affine");
  REQUIRE(proves_in_words(of_square + "det(c * A) == c^n * det(A)", &evidence));
  CHECK(evidence["uniform"] == false);
  CHECK(evidence["numbers"] == "powers");
  REQUIRE(proves_in_words(of_square + "trace(A * inv(A))^2 == n^2", &evidence));
  CHECK_FALSE(evidence.contains("numbers"));
  REQUIRE(proves_in_words(of_square + "det(det(c * A) * A) == c^9 * det(A)^4", &evidence));
  CHECK_FALSE(evidence.contains("numbers"));
  // Undefined for all that is known.
  REQUIRE(proves_in_words("for all n >= 1\ngiven A in R[n, n]\nshow inv(A) * A == eye(n)", &evidence));
  CHECK(evidence["uniform"] == false);
}

TEST_CASE("a factor that does not fit the difference is refused by the re-checker") {
  const std::string claim =
      "for all m >= 1\nfor all n >= 1\ngiven X in R[m, n]\ngiven l in (0, oo)\n"
      "show inv(X' * X + l * eye(n)) * X' == X' * inv(X * X' + l * eye(m))";
  Json evidence;
  REQUIRE(proves_in_words(claim, &evidence));
  REQUIRE(evidence["times"].size() == 1);
  const Problem problem = elaborate(claim_of(claim), {{"m", 2}, {"n", 3}});
  Json moved = evidence;
  moved["times"][0]["side"] = moved["times"][0]["side"] == "left" ? "right" : "left";
  CHECK_THROWS_AS(replay_words(problem, problem.shows.at(0), moved), std::out_of_range);
  Json none = evidence;
  none["times"] = Json::array();
  CHECK(replay_words(problem, problem.shows.at(0), none).outcome == Outcome::open);
  none["times"] = Json::array({{{"side", "left"}, {"inverted", 7}, {"turned", false}}});
  CHECK_THROWS_AS(replay_words(problem, problem.shows.at(0), none), std::out_of_range);
}

TEST_CASE("identities of matrices hold in every dimension, or in none but those that were looked at") {
  const auto coverage = [](const std::string& lines) {
    CheckOptions options;
    options.points = 16;
    const ClaimReport report = check(claim_of(lines), options);
    return std::string(to_string(report.verdict)) + ": " + report.coverage.substr(0, 15);
  };
  const std::string before = "for all n >= 1\ngiven A in spd[n]\ngiven c in R\n";
  CHECK(coverage(before + "show inv(2 * A) == inv(A) / 2") == "proved: every dimension");
  CHECK(coverage(before + "show trace(A * inv(A)) == n") == "proved: every dimension");
  CHECK(coverage(before + "show det(c * A) == c^n * det(A)") == "proved: every dimension");
  CHECK(coverage(before + "show trace(A * inv(A))^2 == n^2") == "supported: n = 1, 2, 3, 4,");
  CHECK(coverage(before + "show det(c * A) == c^(n^2 - n + 1) * det(A)").starts_with("refuted"));
  CHECK(coverage("for n in {1, 2}\ngiven A in R[n, n]\nshow det(-A) == (-1)^n * det(A)") == "proved: n = 1, 2");
}
