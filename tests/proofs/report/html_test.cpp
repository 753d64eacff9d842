// Whole reports.
#include <doctest/doctest.h>

#include <nabla/proofs/report/report.hpp>
#include <nlohmann/json.hpp>

#include "well_formed.hpp"

using namespace nabla;

namespace {

struct Checked {
  std::vector<Document> documents;
  Report report;
};

Checked checked(const std::string& text) {
  Checked c;
  ClaimIds ids;
  c.documents.push_back(read_document(Source("notes.md", text), ids));
  c.report.errors = c.documents[0].errors;
  c.report.version = "test";
  for (const Claim& claim : c.documents[0].claims) {
    try {
      c.report.claims.push_back(check(claim, c.report.options));
    } catch (const SyntaxError& error) {
      c.report.errors.push_back(error);
    }
  }
  return c;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The page without its style sheet, which is not HTML.
std::string without_style(const std::string& page) {
  const std::size_t begin = page.find("<style>");
  const std::size_t end = page.find("</style>");
  REQUIRE(end != std::string::npos);
  std::string text = page.substr(0, begin) + page.substr(end + 8);
  return text.substr(text.find('\n'));  // <!doctype html>
}

const char* const notes = R"(# Notes

The square, with a sign that is *wrong*.

```claim notes/square
given x in R
show (x - 1)^2 == x^2 + 2*x + 1
expect refuted
```

```claim notes/square/corrected
given x in R
show (x - 1)^2 == x^2 - 2*x + 1
```

```claim notes/shapes
given x in R[2]
given y in R[3]
show x + y == y
expect ill-posed
```

```claim notes/words
outside it speaks of <every> topology
```
)";

}  // namespace

TEST_CASE("an HTML report: verdicts, notation, witness, correction, source") {
  const Checked c = checked(notes);
  const std::string page = to_html(c.report, c.documents);
  std::set<std::string> names;
  CHECK(report_test::malformed(without_style(page), &names) == "");
  for (const char* element : {"script", "img", "link", "iframe", "object"}) CHECK(!names.contains(element));
  CHECK(names.contains("math"));
  CHECK(has(page, "<meta name=\"viewport\""));
  CHECK(has(page, "Errata (2)"));
  CHECK(has(page, "href=\"#claim-notes/square\""));
  CHECK(has(page, "id=\"claim-notes/square\""));
  CHECK(has(page, "What is right</dt><dd><a href=\"#claim-notes/square/corrected\""));
  CHECK(has(page, "Fails at"));
  CHECK(has(page, "[2] against [3]"));
  CHECK(has(page, "speaks of &lt;every&gt; topology"));
  CHECK(has(page, "show (x - 1)^2 == x^2 + 2*x + 1"));
  CHECK(has(page, "a sign that is <em>wrong</em>"));
  CHECK(to_html(c.report, c.documents) == page);
}

TEST_CASE("a Markdown report and the list of errata") {
  const Checked c = checked(notes);
  const std::string text = to_markdown(c.report, c.documents);
  CHECK(has(text, "**✗ refuted** `notes/square`, as the file expects"));
  CHECK(has(text, "| ✗ refuted | 1 |"));
  CHECK(!has(text, "```claim"));
  const std::string errata = to_errata(c.report, c.documents);
  CHECK(has(errata, "### `notes/square` refuted"));
  CHECK(has(errata, "> The square, with a sign that is *wrong*."));
  CHECK(has(errata, "Right is `notes/square/corrected` (proved): `(x - 1)^2 == x^2 - 2*x + 1`"));
  CHECK(has(errata, "| `notes/words` | it speaks of &lt;every\\> topology |"));
}

TEST_CASE("blocks that cannot be read and hostile identifiers are shown, as text") {
  const Checked c = checked(
      "<img src=x onerror=alert(1)>\n\n```claim a/\"><script>alert(1)</script>\ngiven x in R\nshow x == x\n```\n"
      "```claim a/broken\nshow 1 +\n```\n```claim a/unknown\nshow sine(1) == </code></pre> 0\n```\n"
      "```claim a/name\nshow sine(1) == 0\n```\n");
  const std::string page = to_html(c.report, c.documents);
  std::set<std::string> names;
  CHECK(report_test::malformed(without_style(page), &names) == "");
  CHECK(!names.contains("script"));
  CHECK(!names.contains("img"));
  CHECK(has(page, "Blocks that could not be read (3)"));
  CHECK(has(page, "not read"));
  const std::string text = to_markdown(c.report, c.documents);
  CHECK(!has(text, "\n<img"));
  const auto j = nlohmann::json::parse(to_json(c.report));
  CHECK(j["errors"].size() == 3);
}
