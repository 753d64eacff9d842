// Feeds arbitrary bytes to every reader of text: an expression, a statement, a set, a document of claims. Whatever
// they are, the result is a tree that keeps the promises of its header, or a SyntaxError that can be rendered.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include <nabla/engine/parse/parse.hpp>
#include <nabla/engine/parse/source.hpp>
#include <nabla/engine/parse/syntax.hpp>
#include <nabla/proofs/claim/document.hpp>

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken promise: " << what << '\n';
  std::abort();
}

void check_tree(const nabla::Syntax& syntax, nabla::SyntaxId root) {
  const std::size_t size = syntax.source().text().size();
  require(root < syntax.size(), "the root is a node");
  for (nabla::SyntaxId id = 0; id < syntax.size(); ++id) {
    require(syntax.begin(id) < syntax.end(id) && syntax.end(id) <= size, "an extent lies in the source");
    require(syntax.place(id) == syntax.source().place(syntax.begin(id)), "a place is where the extent begins");
    for (const nabla::SyntaxId child : syntax.children(id)) {
      require(child < id, "children come before their parents");
      require(syntax.begin(id) <= syntax.begin(child) && syntax.end(child) <= syntax.end(id), "extents are nested");
    }
    if (syntax.kind(id) == nabla::SyntaxKind::relation) {
      require(syntax.links(id).size() + 1 == syntax.children(id).size(), "links stand between operands");
    }
  }
  require(!nabla::to_sexpr(syntax, root).empty(), "a tree prints");
}

void check_error(const nabla::SyntaxError& error) {
  const std::string text = error.render();
  for (std::size_t i = 0; i < text.size();) {
    const nabla::CodePoint c = nabla::code_point_at(text, i);
    require(c.valid && (c.value >= 0x20 || c.value == '\n'), "an error renders as clean UTF-8");
    i += c.length;
  }
  require(error.place().line <= error.source().line_count(), "an error is in the text");
}

template <typename Parse>
void read(const nabla::Source& source, Parse parse) {
  try {
    const nabla::Syntax syntax = parse(source);
    check_tree(syntax, syntax.root());
  } catch (const nabla::SyntaxError& error) {
    check_error(error);
  }
}

void read_claims(const nabla::Source& source) {
  nabla::ClaimIds ids;
  const nabla::Document document = nabla::read_document(source, ids);
  std::uint32_t done = 0;
  for (const nabla::Segment& segment : document.segments) {
    require(segment.begin == done && segment.end > done, "segments follow each other");
    done = segment.end;
  }
  require(done == source.text().size(), "segments cover the text");
  for (const nabla::Claim& claim : document.claims) {
    if (claim.syntax.size() > 0) check_tree(claim.syntax, 0);
    require(!claim.lines.empty() || claim.outside.has_value(), "a claim says something");
  }
  for (const nabla::SyntaxError& error : document.errors) check_error(error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const nabla::Source source("input", text);
  read(source, [](const nabla::Source& s) { return nabla::parse_expression(s); });
  read(source, [](const nabla::Source& s) { return nabla::parse_statement(s); });
  read(source, [](const nabla::Source& s) { return nabla::parse_set(s); });
  read_claims(source);
  read_claims(nabla::Source("wrapped", "```claim id\n" + text));
  return 0;
}
