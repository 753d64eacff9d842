#pragma once

#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <span>
#include <string>
#include <vector>

/// What a run of `nabla verify` tells: a line a claim and a summary, one JSON object (schema nabla.verify/1), the
/// documents written back with their verdicts as HTML or Markdown, or the list of errata.
namespace nabla {

struct Report {
  CheckOptions options;
  std::vector<ClaimReport> claims;
  std::vector<SyntaxError> errors{};  ///< of blocks that could not be read or name what does not exist
  bool timing = false;                ///< adds `seconds` to the JSON, the one thing that differs between equal runs
  bool interrupted = false;           ///< not every claim was looked at
  std::string version{};              ///< of the program, for documents
};

/// Claims by verdict, blocks outside of the language, and how many verdicts were not expected.
struct Summary {
  std::map<Verdict, int> by_verdict;
  int outside = 0;
  int unexpected = 0;
  int errors = 0;       ///< of files and blocks that could therefore not be checked
  int not_reached = 0;  ///< claims, before an interruption
};
Summary summarise(std::span<const ClaimReport> claims);

/// The JSON of claims.md, pretty-printed, with a line end. Numbers are strings, absent fields are absent.
std::string to_json(const Report& report);

/// One line of text: verdict, id, how, and what was not expected.
/// \param colour  with ANSI colours, for a terminal
std::string to_line(const ClaimReport& claim, bool colour);
/// What a reader wants to know of a claim that is not as expected, or that was refuted: indented lines.
std::string details(const ClaimReport& claim);
/// "53 claims: 40 proved, ...; all as expected", and what keeps that from being said of the whole: errors, claims that
/// were not reached.
std::string to_line(const Summary& summary);

/// One HTML page: counts, errata, and each document with its prose, its claims in mathematical notation and beside each
/// its verdict with the evidence. Loads nothing and runs nothing; whatever the documents hold is text in it.
/// \param documents  those whose claims were checked; a claim without a report is shown as not checked
std::string to_html(const Report& report, std::span<const Document> documents);
/// The same as one Markdown text, for a code host. Claims become plain code blocks, so that the text is not a document
/// of claims itself.
std::string to_markdown(const Report& report, std::span<const Document> documents);
/// Every claim that was refuted or cannot be posed, with its witness or place, what is wrong in the words of its
/// document, and the claim `<identifier>/corrected` if there is one; then what the language cannot state. Markdown.
std::string to_errata(const Report& report, std::span<const Document> documents);

}  // namespace nabla
