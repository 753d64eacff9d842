// Finding the claims of a Markdown text.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nabla/proofs/claim/document.hpp>

using namespace nabla;

namespace {

Document read(const std::string& text) {
  ClaimIds ids;
  return read_document(Source("notes.md", text), ids);
}

std::vector<std::string> ids_of(const std::string& text) {
  std::vector<std::string> out;
  const Document document = read(text);
  for (const SyntaxError& error : document.errors) MESSAGE(error.render());
  for (const Claim& claim : document.claims) out.push_back(claim.id);
  return out;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

using Strings = std::vector<std::string>;

const std::string show = "show 1 == 1\n";

}  // namespace

TEST_CASE("a fenced block with the info word claim is a claim") {
  const Document document = read("Some prose.\n\n```claim a/b-1\n" + show + "```\nMore.\n");
  REQUIRE(document.claims.size() == 1);
  CHECK(document.errors.empty());
  CHECK(document.claims[0].id == "a/b-1");
  CHECK(document.claims[0].place == Place{3, 1});
  CHECK(std::get<ShowLine>(document.claims[0].lines.at(0)).place == Place{4, 1});
}

TEST_CASE("fences may be of tildes, longer, indented by up to three blanks, and have blanks in the info") {
  CHECK(ids_of("~~~claim a\n" + show + "~~~\n") == Strings{"a"});
  CHECK(ids_of("`````   claim \t a  \n" + show + "`````\n") == Strings{"a"});
  CHECK(ids_of("   ```claim a\n   " + show + "  ```\n") == Strings{"a"});
  CHECK(ids_of("~~~ claim a`b\n" + show + "~~~\n") == Strings{"a`b"});
}

TEST_CASE("words after the identifier are left to others") {
  CHECK(ids_of("```claim a title=x\n" + show + "```\n") == Strings{"a"});
}

TEST_CASE("what only looks like a claim is prose") {
  CHECK(ids_of("    ```claim a\n    " + show + "    ```\n").empty());    // indented code
  CHECK(ids_of("```claims a\n" + show + "```\n").empty());               // another word
  CHECK(ids_of("```python claim\n" + show + "```\n").empty());           // not the first word
  CHECK(ids_of("``claim a\n" + show + "``\n").empty());                  // two backquotes
  CHECK(ids_of("```claim a``` in a sentence\n" + show).empty());         // code in a line
  CHECK(ids_of("text ```claim a\n" + show).empty());                     // not at the beginning
  CHECK(ids_of("```\n```claim a\n" + show + "```\n").empty());           // the content of another block
  CHECK(ids_of("````md\n```claim a\n" + show + "```\n````\n").empty());  // inside a longer fence
  CHECK(ids_of("~~~\n```claim a\n" + show + "```\n~~~\n").empty());      // inside another kind of fence
}

TEST_CASE("a fence closes with its own kind, at least as long, with nothing after it") {
  CHECK(ids_of("```claim a\n" + show + "`````\n```claim b\n" + show + "```\n") == Strings{"a", "b"});
  CHECK(ids_of("```claim a\n" + show + "```  \nshow x\n") == Strings{"a"});
  CHECK(read("````claim a\n" + show + "```\n" + show).errors.size() == 1);   // too short: a line of the claim
  CHECK(read("```claim a\n" + show + "~~~\n" + show).errors.size() == 1);    // of another kind
  CHECK(read("```claim a\n" + show + "``` x\n" + show).errors.size() == 1);  // something after it
}

TEST_CASE("a fence that is not closed reaches to the end") {
  const Document document = read("x\n```claim a\n" + show + show);
  REQUIRE(document.claims.size() == 1);
  CHECK(document.claims[0].lines.size() == 2);
  REQUIRE(document.segments.size() == 2);
  CHECK(document.segments[1].end == document.source.text().size());
}

TEST_CASE("line endings of other systems are read") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const Document document =
        read("a" + end + "```claim a" + end + "show 1 == 1 # x" + end + "expect proved" + end + "```" + end);
    REQUIRE(document.claims.size() == 1);
    CHECK(document.claims[0].expects.value().verdict == "proved");
    CHECK(document.claims[0].expects.value().place == Place{4, 1});
  }
}

TEST_CASE("a byte order mark before the first fence is passed over") {
  CHECK(ids_of("\xEF\xBB\xBF```claim a\n" + show + "```\n") == Strings{"a"});
}

TEST_CASE("the segments are the whole text, in order") {
  const std::string text =
      "p\n```claim a\n" + show + "```\nq\n```sh\nls\n```\n~~~claim b\nbad\n~~~\n~~~claim c\n" + show;
  const Document document = read(text);
  std::string whole;
  Strings kinds;
  for (const Segment& segment : document.segments) {
    whole += text.substr(segment.begin, segment.end - segment.begin);
    kinds.push_back(!segment.is_block ? "prose" : segment.claim ? document.claims[*segment.claim].id : "unread");
  }
  CHECK(whole == text);
  CHECK(kinds == Strings{"prose", "a", "prose", "unread", "c"});
}

TEST_CASE("a mistake in one block leaves the others readable") {
  const Document document = read("```claim a\nshow (1\n```\n```claim b\n" + show + "```\n```claim c\nshwo 1\n```\n");
  REQUIRE(document.claims.size() == 1);
  CHECK(document.claims[0].id == "b");
  REQUIRE(document.errors.size() == 2);
  CHECK(document.errors[0].place() == Place{2, 8});
  CHECK(document.errors[1].place() == Place{8, 1});
}

TEST_CASE("a mistake is shown with the line of the document") {
  const Document document = read("prose\n```claim a\ngiven x in R\nshow grad(x^2, x == 2 * x\n```\n");
  REQUIRE(document.errors.size() == 1);
  CHECK(document.errors[0].render() ==
        "notes.md:4:26: error: `(` of line 4, column 10 is not closed\n"
        "  show grad(x^2, x == 2 * x\n"
        "                           ^\n"
        "expected `,`, `)` or an operator\n");
}

TEST_CASE("an identifier that is missing is an error") {
  const Document document = read("```claim\n" + show + "```\n");
  CHECK(document.claims.empty());
  REQUIRE(document.errors.size() == 1);
  CHECK(document.errors[0].message() == "this claim has no identifier");
  CHECK(document.errors[0].place() == Place{1, 9});
}

TEST_CASE("an identifier that was used before is an error that names the first") {
  ClaimIds ids;
  const std::string text = "```claim a\n" + show + "```\n";
  CHECK(read_document(Source("one.md", "\n" + text), ids).errors.empty());
  const Document second = read_document(Source("two.md", text), ids);
  CHECK(second.claims.empty());
  REQUIRE(second.errors.size() == 1);
  CHECK(second.errors[0].message() == "the identifier `a` is used twice; first at one.md:2:10");
  CHECK(second.errors[0].place() == Place{1, 10});
}

TEST_CASE("an identifier is printable") {
  CHECK(contains(read("```claim a\x1B[0m\n" + show).errors.at(0).message(), "cannot be printed"));
  CHECK(contains(read("```claim \xFF\n" + show).errors.at(0).message(), "cannot be printed"));
  CHECK(ids_of("```claim S\xC3\xA4tze/1\n" + show) == Strings{"S\xC3\xA4tze/1"});
}

TEST_CASE("an empty text has no claims, no segments and no errors") {
  const Document document = read("");
  CHECK(document.segments.empty());
  CHECK(document.claims.empty());
  CHECK(document.errors.empty());
}

TEST_CASE("prose may hold any bytes") {
  const Document document = read(std::string("\0\xFF\xC0\x1B\n", 5) + "```claim a\n" + show + "```\n\xFE");
  CHECK(document.claims.size() == 1);
  CHECK(document.errors.empty());
}

TEST_CASE("bad bytes in a claim are an error with their place") {
  const Document document =
      read("```claim a\nshow x\xFF == 1\n```\n```claim b\nshow" + std::string(1, '\0') + " 1\n```\n");
  REQUIRE(document.errors.size() == 2);
  CHECK(document.errors[0].place() == Place{2, 7});
  CHECK(contains(document.errors[1].message(), "U+0000"));
}

TEST_CASE("a flood of mistakes is cut") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "```claim\n" + show + "```\n";
  const Document document = read(text);
  CHECK(document.errors.size() == 1001);
  CHECK(contains(document.errors.back().message(), "further ones are not listed"));
}
