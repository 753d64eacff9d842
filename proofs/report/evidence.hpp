#pragma once

#include <nabla/proofs/report/report.hpp>
#include <string>
#include <vector>

/// The evidence of a verdict in words, for every form of a report that people read.
namespace nabla {

/// One thing that is known of a claim: "Fails at", "m = 1, z = [0]". Of several lines where each is one of a kind.
struct Evidence {
  std::string label;
  std::vector<std::string> lines;
  bool is_code = false;  ///< mathematics in the claim language, not a sentence
};

std::vector<Evidence> evidence_of(const ClaimReport& claim);

/// Why a claim is refuted, ill-posed or undecided, as one line: "at z = [0]: left 1, right 2".
std::string reason_of(const ClaimReport& claim);

/// "z = [0, 1/2], c = 3"; preceded by the dimensions, if any.
std::string witness_text(const Finding& finding, const std::string& coverage);

std::string entries_text(const std::vector<std::string>& entries);  ///< "1" of one entry, else "[1, 2]"
std::string shapes_text(const Finding& finding);                    ///< "[2] against [3]"; empty when there are none

/// Whether it is to be listed among the errata: refuted or ill-posed, whatever its author expected.
bool is_erratum(const ClaimReport& claim);

/// The parts of a sentence: those in `backquotes` are code. A quote that is not closed is text.
struct SentencePart {
  std::string text;
  bool is_code = false;
};
std::vector<SentencePart> parts_of(std::string_view sentence);
std::string markdown_sentence(std::string_view sentence);

/// A mark that tells verdicts apart without colour, and the word.
std::string_view mark_of(Verdict verdict);
std::string_view mark_of(const ClaimReport& claim);
std::string_view word_of(const ClaimReport& claim);  ///< "outside" for a block that the language cannot state

/// What a verdict means, in a few words.
std::string_view meaning_of(Verdict verdict);

}  // namespace nabla
