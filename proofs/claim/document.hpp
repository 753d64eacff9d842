#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nabla/engine/parse/source.hpp>
#include <nabla/proofs/claim/block.hpp>

namespace nabla {

/// Which identifiers a run has met, and where each was first used. One object for all the documents of a run.
class ClaimIds {
 public:
  struct First {
    std::string file;
    Place place;
  };
  /// Nothing when the identifier is new (it is then remembered), else where it was met first.
  std::optional<First> meet(const std::string& id, const Source& source, Place place);

 private:
  std::map<std::string, First, std::less<>> first_;
};

/// A stretch of a document: whole lines, as byte offsets [begin, end).
struct Segment {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool is_block = false;             // a claim block with its fences; otherwise everything between two of them
  std::optional<std::size_t> claim;  // of a block that could be read: its index in Document::claims
};

/// A Markdown text with its claims.
struct Document {
  Source source;
  std::vector<Segment> segments;    // in order; together they are the whole text
  std::vector<Claim> claims;        // in order; those that could be read
  std::vector<SyntaxError> errors;  // in order; of the other blocks
};

/// Finds and reads the claims of a Markdown text. A claim is a fenced code block in the sense of CommonMark (three or
/// more backquotes or tildes, indented by at most three blanks, closed by a fence at least as long of the same
/// character, or by the end of the text) whose info string has the first word `claim`; the second word is the
/// identifier. Other fenced blocks are prose, whatever they contain. Prose may hold any bytes.
/// A mistake in one block leaves the others readable: nothing is thrown for it, see Document::errors. An identifier
/// that is missing or used before in the run is such a mistake. At most a thousand are listed.
Document read_document(const Source& source, ClaimIds& ids);

}  // namespace nabla
