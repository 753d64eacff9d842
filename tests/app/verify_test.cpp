// `nabla verify` as a process: its files, its exit status, its time, Ctrl-C.
#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace program_test;

namespace {

const char* const notes =
    "# Notes\n\nThe square; the sign is wrong.\n\n"
    "```claim notes/square\ngiven x in R\nshow (x - 1)^2 == x^2 + 2*x + 1\nexpect refuted\n```\n"
    "```claim notes/square/corrected\ngiven x in R\nshow (x - 1)^2 == x^2 - 2*x + 1\n```\n"
    "```claim notes/shapes\ngiven x in R[2]\ngiven y in R[3]\nshow x + y == y\nexpect ill-posed\n```\n"
    "```claim notes/outside\noutside it is about topology\n```\n";

/// A claim one step of whose check takes longer than anybody would wait.
const char* const slow =
    "```claim slow/step\ngiven A in R[150, 150]\nshow trace(A * A * A) == trace(A * (A * A))\n```\n";
const char* const quick = "```claim quick/false\ngiven x in R\nshow x == x + 1\nexpect refuted\n```\n";

double seconds_of(const std::string& command, Outcome& outcome) {
  const auto begin = std::chrono::steady_clock::now();
  outcome = shell(command);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("reports are written beside the verdicts") {
  write("reported.md", notes);
  const Outcome r = run("verify reported.md --report out.html --report out.md --errata errata.md");
  CHECK_MESSAGE(r.status == 0, r.output);
  CHECK(has(r.output, "wrote out.html"));
  CHECK(has(read("out.html"), "<math"));
  CHECK(has(read("out.html"), "Errata (2)"));
  CHECK(has(read("out.md"), "**✗ refuted** `notes/square`, as the file expects"));
  CHECK(has(read("errata.md"), "Right is `notes/square/corrected` (proved)"));
  CHECK(has(read("errata.md"), "it is about topology"));
  const std::string before = read("out.html");
  CHECK(run("verify reported.md --report out.html --jobs 3").status == 0);
  CHECK(read("out.html") == before);
  // JSON alone goes to standard output.
  CHECK(nlohmann::json::parse(run("verify reported.md --json --report out.html").output)["claims"].size() == 4);
}

TEST_CASE("reports are refused where they would do harm") {
  write("source.md", notes);
  CHECK(run("verify source.md --report source.md 2>&1").status == 2);
  CHECK(read("source.md") == notes);
  CHECK(run("verify source.md --report out.pdf 2>&1").status == 2);
  CHECK(run("verify source.md --report no-such-folder/out.html 2>&1").status == 3);
  // What an earlier run wrote may be written again, also inside of the folder that is checked.
  CHECK(shell("mkdir -p folder && cp source.md folder && \"$NABLA\" verify folder --errata folder/ERRATA.md && "
              "\"$NABLA\" verify folder --errata folder/ERRATA.md")
            .status == 0);
}

TEST_CASE("the fields of the JSON report") {
  write("fields.md", notes);
  const auto j = nlohmann::json::parse(run("verify fields.md --json --digits 20 --seed 5").output);
  CHECK(j["digits"] == 20);
  CHECK(j["seed"] == 5);
  const auto& refuted = j["claims"][0];
  CHECK(refuted["id"] == "notes/square");
  CHECK(refuted["file"] == "fields.md");
  CHECK(refuted["line"] == 5);
  CHECK(refuted["verdict"] == "refuted");
  CHECK(refuted["expected"] == "refuted");
  CHECK(refuted["witness"]["x"][0].is_string());
  CHECK(refuted["left"][0].is_string());
  CHECK(refuted["right"][0].is_string());
  CHECK(refuted["violation"].is_string());
  CHECK(refuted["certificate"]["kind"] == "witness");
  CHECK(refuted["shows"][0]["line"] == 7);
  CHECK(refuted["shows"][0]["text"] == "(x - 1)^2 == x^2 + 2*x + 1");
  CHECK(refuted["shows"][0]["links"][0]["left"] == "(x - 1)^2");
  CHECK(refuted["shows"][0]["links"][0]["verdict"] == "refuted");
  CHECK(!refuted.contains("place"));
  CHECK(!refuted.contains("seconds"));
  CHECK(!refuted.contains("cut"));
  const auto& proved = j["claims"][1];
  CHECK(!proved.contains("expected"));
  CHECK(!proved.contains("witness"));
  CHECK(proved.contains("certificate"));
  CHECK(proved.contains("method"));
  const auto& ill_posed = j["claims"][2];
  CHECK(ill_posed["place"]["line"] == 17);
  CHECK(ill_posed["place"]["column"] == 8);
  CHECK(ill_posed["place"]["shapes"] == nlohmann::json{"[2]", "[3]"});
  const auto& outside = j["claims"][3];
  CHECK(outside["verdict"] == "undecided");
  CHECK(outside["outside"] == "it is about topology");
  CHECK(j["summary"] == nlohmann::json{{"proved", 1},
                                       {"supported", 0},
                                       {"refuted", 1},
                                       {"ill-posed", 1},
                                       {"undecided", 0},
                                       {"outside", 1},
                                       {"unexpected", 0}});
  CHECK(nlohmann::json::parse(run("verify fields.md --json --timing").output)["claims"][0].contains("seconds"));
  write("sampled.md", "```claim s/sampled\ngiven x in [1, 2]\nshow gamma(x + 1) == x * gamma(x)\n```\n");
  const auto sampled = nlohmann::json::parse(run("verify sampled.md --json").output)["claims"][0];
  if (sampled["verdict"] == "supported") {
    CHECK(sampled["points"] >= 64);
    CHECK(sampled["residuals"]["25"].is_string());
    CHECK(sampled["residuals"]["100"].is_string());
  }
}

TEST_CASE("a mistake ends with 3 after every other claim has been checked") {
  write("first.md", "```claim m/unknown\nshow sine(1) == 0\n```\n```claim m/fine\nshow 1 + 1 == 2\n```\n");
  write("second.md",
        "```claim m/fine\nshow 2 == 2\n```\n```claim m/broken\nshow 1 +\n```\n```claim m/last\nshow 3 == 3\n```\n");
  const Outcome r = run("verify first.md second.md 2>&1");
  CHECK(r.status == 3);
  CHECK(has(r.output, "first.md:2:6"));
  CHECK(has(r.output, "proved     m/fine"));
  CHECK(has(r.output, "is used twice; first at first.md:4"));
  CHECK(has(r.output, "second.md:5"));
  CHECK(has(r.output, "proved     m/last"));
  const auto j = nlohmann::json::parse(run("verify first.md second.md --json 2>/dev/null").output);
  CHECK(j["claims"].size() == 2);
  CHECK(j["errors"].size() == 3);
  // An unexpected verdict beside a mistake: the mistake decides.
  write("both.md", "```claim n/false\nshow 1 == 2\n```\n```claim n/unknown\nshow sine(1) == 0\n```\n");
  CHECK(run("verify both.md 2>&1").status == 3);
  CHECK(run("verify both.md --jobs 0 2>&1").status == 2);
  CHECK(run("verify 2>&1").status == 2);
}

TEST_CASE("the last line says what was not checked") {
  write("whole.md", "```claim w/fine\nshow 1 + 1 == 2\n```\n");
  CHECK(has(run("verify whole.md").output, "1 claim: 1 proved; all as expected\n"));
  write("part.md", "```claim w/fine\nshow 1 + 1 == 2\n```\n```claim w/broken\nshow 1 +\n```\n");
  CHECK(has(run("verify part.md missing.md 2>/dev/null").output, "1 claim: 1 proved; these as expected; 2 errors\n"));
  CHECK(has(run("verify whole.md --only 'x/*' 2>&1").output, "no claim matches --only x/*"));
  CHECK(run("verify whole.md --only 'w/*' 2>&1").output.starts_with("proved     w/fine"));
}

TEST_CASE("a claim on which a search runs off to infinity does not end the run") {
  write("spd.md", "```claim s/diagonal\ngiven A in spd[2]\nshow A[1, 1] > 0\n```\n```claim s/next\nshow 1 == 1\n```\n");
  const Outcome r = run("verify spd.md");
  CHECK(r.status <= 1);
  CHECK(!has(r.output, "refuted"));
  CHECK(has(r.output, "proved     s/next"));
}

TEST_CASE("the terminal is spared long formulas, the JSON has them whole") {
  const std::string name(5000, 'x');
  write("long.md", "```claim l/name\ngiven " + name + " in R\nshow " + name + " == 1\nexpect refuted\n```\n");
  CHECK(run("verify long.md --verbose").output.size() < 4000);
  CHECK(has(run("verify long.md --json").output, name));
}

TEST_CASE("the time of a claim holds inside a long step, and the others are checked") {
  write("slow.md", std::string(slow) + quick);
  Outcome r;
  CHECK(seconds_of("\"$NABLA\" verify slow.md --time 1 --json --report slow.html", r) < 8);
  const auto j = nlohmann::json::parse(r.output);
  CHECK(j["claims"][0]["id"] == "slow/step");
  if (j["claims"][0]["verdict"] == "undecided") {  // a faster machine may be done
    CHECK(j["claims"][0]["cut"] == true);
    CHECK(r.status == 1);
  }
  CHECK(j["claims"][1]["verdict"] == "refuted");
  CHECK(has(read("slow.html"), "quick/false"));
}

TEST_CASE("Ctrl-C keeps what was found") {
  write("interrupted.md", std::string(quick) + slow + "```claim later/one\nshow 1 == 1\n```\n");
  Outcome r;
  CHECK(seconds_of("timeout --preserve-status --signal=INT 2 \"$NABLA\" verify interrupted.md --json", r) < 12);
  const auto j = nlohmann::json::parse(r.output);
  CHECK(j["claims"][0]["verdict"] == "refuted");
  if (r.status == 130) {
    CHECK(j["interrupted"] == true);
    CHECK(j["claims"].size() < 3);
  }
}
