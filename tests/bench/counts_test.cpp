#include <doctest/doctest.h>

#include <sstream>

#include "../../bench/instructions/counts.hpp"

// What `./dev bench --compare` says of two files of instruction counts.

namespace {

counts::Counts of(const std::string& text) {
  std::istringstream file(text);
  return counts::read(file);
}

}  // namespace

TEST_CASE("a file of counts has comments, a compiler and a line for each program") {
  const counts::Counts read = of("# what this is\n\ncompiler g++ 12.2.0\ntape 1200\n  plan   34 \n");
  CHECK(read.compiler == "g++ 12.2.0");
  REQUIRE(read.programs.size() == 2);
  CHECK(read.find("tape")->instructions == 1200);
  CHECK(read.find("plan")->instructions == 34);
  CHECK(read.find("none") == nullptr);
}

TEST_CASE("a file of counts that is not one is an error that names the line") {
  for (const char* const text : {"tape", "tape many", "tape 12 13", "tape 0", "tape 1\ntape 2"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(of(text), std::runtime_error);
  }
  CHECK_THROWS_WITH(of("# first\ntape x"), "line 2: not 'NAME COUNT': tape x");
}

TEST_CASE("over 5 per cent more is a finding and less is not") {
  const counts::Counts kept = of("compiler c\na 1000\nb 1000\nc 1000\nd 20000000000\n");
  CHECK(counts::compare(kept, kept).findings.empty());
  const counts::Comparison found = counts::compare(kept, of("compiler c\na 1050\nb 1051\nc 400\nd 20000000001\n"));
  CHECK(found.lines.size() == 4);
  REQUIRE(found.findings.size() == 1);
  CHECK(found.findings[0] == "b: 5.10 % more instructions");
  CHECK(found.lines[2].find("-60.00 %") != std::string::npos);
}

TEST_CASE("a program without a count on one side is a finding, another compiler is said") {
  const counts::Comparison found = counts::compare(of("compiler c\na 10\nb 10\n"), of("compiler d\na 10\nnew 5\n"));
  REQUIRE(found.findings.size() == 2);
  CHECK(found.findings[0] == "new: no count is kept for it");
  CHECK(found.findings[1] == "b: was not counted now");
  CHECK(found.lines[0].find("c then, d now") != std::string::npos);
}
