#pragma once

#include <map>
#include <nabla/proofs/report/report.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Where things of a report are: claims by identifier, mistakes by block, what stands around a claim in its document.
namespace nabla {

class ReportIndex {
 public:
  ReportIndex(const Report& report, std::span<const Document> documents);

  /// Null when it was not checked.
  const ClaimReport* find(const std::string& id) const;
  /// The claim `<id>/corrected`, if it was checked.
  const ClaimReport* correction_of(const std::string& id) const;
  /// Mistakes in the lines of a block.
  std::vector<const SyntaxError*> errors_in(const Document& document, const Segment& block) const;

  struct Context {
    std::string heading;    ///< the last one before the claim, as Markdown
    std::string paragraph;  ///< the one just before it, as Markdown; empty when something else stands there
  };
  Context context_of(const std::string& id) const;

 private:
  std::map<std::string, const ClaimReport*, std::less<>> claims_;
  std::map<std::string, Context, std::less<>> contexts_;
  const Report& report_;
};

/// An identifier as the id of an element of HTML and as the fragment of an address alike.
std::string claim_anchor(std::string_view id);
/// The first heading of a document, else its file name.
std::string title_of(const Document& document);
/// The text of a segment.
std::string_view text_of(const Document& document, const Segment& segment);
/// The lines of a block without its fences, with the line number of the first.
struct BlockText {
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
  std::string_view text;
};
BlockText inside_of(const Document& document, const Segment& block);
/// The reports of the claims of one document, in order.
std::vector<ClaimReport> claims_of(const Document& document, const ReportIndex& index);

}  // namespace nabla
