#pragma once

#include <map>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/claim/dimensions.hpp>

/// How the findings about links, for each choice of dimensions, become the verdict on a claim.
namespace nabla {

/// What nobody foresaw: the statement stays undecided, and the rest of the run goes on.
std::string unforeseen(const std::exception& error);

/// What is proved of a claim for all values of its dimensions at once.
struct Everywhere {
  std::string coverage;
  std::map<std::pair<std::size_t, std::size_t>, Finding> proved;  ///< by show and link
  std::map<std::pair<std::size_t, std::size_t>, std::string> open;

  Everywhere() = default;
  /// \throws Cut
  Everywhere(const Claim& claim, const std::vector<ShowReport>& shows, const Budget& budget);
  /// Whether nothing is left to be shown for single choices.
  bool is_complete() const { return open.empty() && !proved.empty(); }
};

/// Of a claim whose extents are all numbers: what index notation proves of the links that are not proved otherwise.
void prove_by_indices(const Claim& claim, ClaimReport& report, const Budget& budget);

/// Adds what was found for one choice of dimensions: the first of ill-posed, refuted, undecided, supported, proved
/// stays.
void note(LinkReport& link, Finding finding, const std::string& coverage);
void note_all(ClaimReport& report, const Finding& finding, const std::string& coverage);
/// For the links without a proof for every dimension.
void note_open(ClaimReport& report, const Everywhere& everywhere, const std::string& reason,
               const std::string& coverage);
/// A proof stands, and no point was found that its hypotheses are about.
void say_uninhabited(ClaimReport& report);

/// The verdict on the claim: the first of ill-posed, refuted, undecided, supported, proved that occurs.
/// \param claim       null where its check was cut short
/// \param everywhere  links that are proved whatever the dimensions
void combine_links(const Claim* claim, ClaimReport& report, const Choices& choices, const Everywhere& everywhere);

}  // namespace nabla
