// Markdown as HTML, of any text.
#include <doctest/doctest.h>

#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/markdown_text.hpp>
#include <nabla/proofs/report/prose.hpp>
#include <random>

#include "well_formed.hpp"

using namespace nabla;

namespace {

std::string prose(const std::string& text) {
  std::string out = prose_html(text, 0);
  CHECK_MESSAGE(report_test::malformed(out) == "", text << "\n-> " << out);
  return out;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("blocks of Markdown") {
  CHECK(prose("# A *b*\n\ntext\nmore") == "<h1>A <em>b</em></h1>\n<p>text\nmore</p>\n");
  CHECK(prose_html("# A", 2) == "<h3>A</h3>\n");
  CHECK(prose("Title\n=====\n") == "<h1>Title</h1>\n");
  CHECK(prose("- a\n- b\n  - c\n") == "<ul>\n<li>a\n</li>\n<li>b\n<ul>\n<li>c\n</li>\n</ul>\n</li>\n</ul>\n");
  CHECK(has(prose("3. a\n4. b\n"), "<ol start=\"3\">"));
  CHECK(prose("> quoted\n") == "<blockquote>\n<p>quoted</p>\n</blockquote>\n");
  CHECK(has(prose("```\n<b> & *x*\n```\n"), "<code>&lt;b&gt; &amp; *x*\n</code>"));
  CHECK(has(prose("```\nnever closed"), "<code>never closed\n</code>"));
  CHECK(has(prose("| a | b |\n|---|--:|\n| `x\\|y` | 2 |\n"), "<td><code>x|y</code></td><td class=\"right\">2</td>"));
  CHECK(prose("---\n") == "<hr>\n");
}

TEST_CASE("inline Markdown") {
  CHECK(inline_html("**a** _b_ `c*d*` x_1_y ***e***") ==
        "<strong>a</strong> <em>b</em> <code>c*d*</code> x_1_y <em><strong>e</strong></em>");
  CHECK(inline_html("2 * 3 * 4 and \\*x\\*") == "2 * 3 * 4 and *x*");
  CHECK(inline_html("$a_1 * b_2 * c$") == "<span class=\"tex\">$a_1 * b_2 * c$</span>");
  CHECK(has(inline_html("[text](https://example.org/a_b)"), "<a href=\"https://example.org/a_b\""));
  CHECK(has(inline_html("<https://example.org>"), "<a href=\"https://example.org\""));
  CHECK(!has(inline_html("![alt](https://example.org/x.png)"), "<img"));
}

TEST_CASE("hostile text stays text") {
  CHECK(prose("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
  for (const char* url : {"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x",
                          "java\\script:x", "&#106;avascript&#58;alert(1)"}) {
    const std::string out = inline_html("[x](" + std::string(url) + ")");
    CAPTURE(out);
    CHECK(!has(out, "href=\"javascript"));
    CHECK(!has(out, "href=\"JavaScript"));
    CHECK(!has(out, "href=\"data"));
    CHECK(!has(out, "href=\"vbscript"));
    CHECK(!has(out, "&#106;"));
  }
  CHECK(!has(inline_html("[x](https://a\"onmouseover=\"b)"), "\"onmouseover"));
  CHECK(html_escaped(std::string("\xff\x00<\xe2\x80\xae", 6)) == "\uFFFD\uFFFD&lt;\uFFFD");
}

TEST_CASE("random marks give well-formed HTML, in linear time") {
  std::mt19937_64 random(11);
  const std::vector<std::string> parts{"*",      "_",  "**", "`",     "``",   "[",    "]",   "(",
                                       ")",      "<",  ">",  "\n",    "\n\n", "- ",   "> ",  "# ",
                                       "|",      "--", "$",  "\\",    "!",    "a",    "1. ", "  ",
                                       "```\n",  "&",  "\"", "~~~\n", "é",    "\xff", "<b>", "](javascript:x)",
                                       "|---|\n"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    const int n = std::uniform_int_distribution<int>(1, 40)(random);
    for (int k = 0; k < n; ++k) text += parts[std::uniform_int_distribution<std::size_t>(0, parts.size() - 1)(random)];
    const std::string out = prose_html(text, 1);
    REQUIRE_MESSAGE(report_test::malformed(out) == "", text << "\n-> " << out);
  }
  for (const std::string& unit :
       {std::string("*a_b"), std::string("["), std::string("`` ` "), std::string("> "), std::string("- "),
        std::string("[a]("), std::string("<"), std::string("$x$1"), std::string("|")}) {
    std::string text;
    while (text.size() < 200'000) text += unit;
    CHECK(report_test::malformed(prose_html(text, 0)) == "");
  }
}

TEST_CASE("Markdown of a report: text cannot leave its place") {
  CHECK(markdown_code("a`b``c") == "```a`b``c```");
  CHECK(markdown_code("`a") == "`` `a ``");
  CHECK(markdown_block("x\n```\ny", "text") == "````text\nx\n```\ny\n````\n");
  CHECK(markdown_escaped("a|b <i> *c*\n# d") == "a\\|b &lt;i\\> \\*c\\* \\# d");
  CHECK(markdown_prose("a <!-- b\n`<c>`\n") == "a &lt;!-- b\n`<c>`\n");
  CHECK(markdown_prose("```\nopen") == "```\nopen\n```\n");
}

TEST_CASE("headings and paragraphs before a claim") {
  const std::string text = "# One\n\n```\n# no\n```\n\n## Two *b*\n\nA line\nand another.\n\n";
  CHECK(first_heading(text) == "One");
  CHECK(last_heading(text) == "Two *b*");
  CHECK(last_paragraph(text) == "A line and another.");
  CHECK(last_paragraph("# Only a heading\n") == "");
}
