#include <nabla/proofs/report/prose.hpp>
#include <nabla/proofs/report/report_index.hpp>

namespace nabla {

ReportIndex::ReportIndex(const Report& report, std::span<const Document> documents) : report_(report) {
  for (const ClaimReport& claim : report.claims) claims_.emplace(claim.id, &claim);
  for (const Document& document : documents) {
    std::string heading;
    std::string paragraph;
    for (const Segment& segment : document.segments) {
      if (!segment.is_block) {
        if (std::string found = last_heading(text_of(document, segment)); !found.empty()) heading = std::move(found);
        paragraph = last_paragraph(text_of(document, segment));
        continue;
      }
      if (segment.claim) contexts_.emplace(document.claims[*segment.claim].id, Context{heading, paragraph});
      paragraph.clear();
    }
  }
}

const ClaimReport* ReportIndex::find(const std::string& id) const {
  const auto it = claims_.find(id);
  return it == claims_.end() ? nullptr : it->second;
}

const ClaimReport* ReportIndex::correction_of(const std::string& id) const { return find(id + "/corrected"); }

std::vector<const SyntaxError*> ReportIndex::errors_in(const Document& document, const Segment& block) const {
  const std::uint32_t first = document.source.place(block.begin).line;
  const std::uint32_t last = document.source.place(block.end == block.begin ? block.begin : block.end - 1).line;
  std::vector<const SyntaxError*> found;
  for (const SyntaxError& error : report_.errors)
    if (error.source().name() == document.source.name() && error.place().line >= first && error.place().line <= last)
      found.push_back(&error);
  return found;
}

ReportIndex::Context ReportIndex::context_of(const std::string& id) const {
  const auto it = contexts_.find(id);
  return it == contexts_.end() ? Context{} : it->second;
}

std::string_view text_of(const Document& document, const Segment& segment) {
  return document.source.text().substr(segment.begin, segment.end - segment.begin);
}

std::string claim_anchor(std::string_view id) {
  std::string out = "claim-";
  for (const char c : id) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '/';
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += plain ? std::string(1, c) : std::string("_") + hex[byte >> 4] + hex[byte & 15];
  }
  return out;
}

std::string title_of(const Document& document) {
  for (const Segment& segment : document.segments) {
    if (segment.is_block) continue;
    const std::string_view text = text_of(document, segment);
    if (std::string title = first_heading(text); !title.empty()) return title;
  }
  return document.source.name();
}

BlockText inside_of(const Document& document, const Segment& block) {
  const Source& source = document.source;
  const std::uint32_t open = source.place(block.begin).line;
  std::uint32_t last = source.place(block.end == block.begin ? block.begin : block.end - 1).line;
  // The closing fence may be missing at the end of the text.
  const std::string_view closing = source.line(last);
  const std::size_t begin = closing.find_first_not_of(' ');
  const bool closed = last > open && begin != std::string_view::npos &&
                      (closing.substr(begin).starts_with("```") || closing.substr(begin).starts_with("~~~"));
  if (closed) --last;
  const std::uint32_t from = source.line_begin(open + 1);
  const std::uint32_t to = source.line_begin(last + 1);
  return {open + 1, last, source.text().substr(from, to > from ? to - from : 0)};
}

std::vector<ClaimReport> claims_of(const Document& document, const ReportIndex& index) {
  std::vector<ClaimReport> claims;
  for (const Claim& claim : document.claims)
    if (const ClaimReport* checked = index.find(claim.id)) claims.push_back(*checked);
  return claims;
}

}  // namespace nabla
