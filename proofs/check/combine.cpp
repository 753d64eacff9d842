#include <algorithm>
#include <nabla/proofs/check/combine.hpp>
#include <nabla/proofs/check/decide.hpp>
#include <nabla/proofs/check/index/proof.hpp>
#include <nabla/proofs/check/interpolation/interpolation.hpp>
#include <nabla/proofs/check/matrix/dimensions.hpp>
#include <nabla/proofs/check/one_form.hpp>

namespace nabla {

std::string unforeseen(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return "there is not enough memory for it";
  return std::string("nabla failed, which is a bug of nabla and not of the document: ") + error.what();
}

Everywhere::Everywhere(const Claim& claim, const std::vector<ShowReport>& shows, const Budget& budget) {
  const auto is_range = [](const Claim::Line& line) { return std::holds_alternative<ForLine>(line); };
  if (std::none_of(claim.lines.begin(), claim.lines.end(), is_range)) return;
  EveryDimension every(claim, budget);
  coverage = every.coverage();
  for (std::size_t s = 0; s < shows.size(); ++s)
    for (std::size_t k = 0; k < shows[s].links.size(); ++k) {
      Finding finding;
      try {
        finding = every.prove(s, k);
      } catch (const Cut&) {
        throw;
      } catch (const std::exception& error) {
        finding = undecided(unforeseen(error));
      }
      if (finding.verdict == Verdict::proved) {
        proved[{s, k}] = std::move(finding);
      } else {
        open[{s, k}] = finding.message;
      }
    }
}

void prove_by_indices(const Claim& claim, ClaimReport& report, const Budget& budget) {
  const auto is_range = [](const Claim::Line& line) { return std::holds_alternative<ForLine>(line); };
  if (std::any_of(claim.lines.begin(), claim.lines.end(), is_range)) return;
  std::optional<EveryDimension> every;
  for (std::size_t s = 0; s < report.shows.size(); ++s)
    for (std::size_t k = 0; k < report.shows[s].links.size(); ++k) {
      Finding& open = report.shows[s].links[k].finding;
      if (open.verdict != Verdict::supported && open.verdict != Verdict::undecided) continue;
      if (open.message.starts_with(own_contradiction)) continue;
      try {
        if (!every) every.emplace(claim, budget);
        Finding proof = every->prove(s, k);
        if (proof.verdict == Verdict::proved) open = std::move(proof);
      } catch (const Cut&) {
        throw;
      } catch (const std::exception&) {  // it stays as it is
      }
    }
}

void note(LinkReport& link, Finding finding, const std::string& coverage) {
  const bool first = link.finding.method.empty() && link.finding.message.empty();
  if (!first && finding.verdict > link.finding.verdict) return;
  if (!first && finding.verdict == link.finding.verdict) {
    link.finding.uniform = link.finding.uniform && finding.uniform;
    // Of equals the first speaks; certificates of all choices are kept, since each is a proof of its own.
    for (Certificate& c : finding.certificates) link.finding.certificates.push_back(std::move(c));
    return;
  }
  std::vector<Certificate> kept;
  if (finding.verdict == Verdict::proved || finding.verdict == Verdict::supported)
    kept = std::move(link.finding.certificates);
  link.finding = std::move(finding);
  link.finding.certificates.insert(link.finding.certificates.begin(), std::make_move_iterator(kept.begin()),
                                   std::make_move_iterator(kept.end()));
  link.coverage = coverage;
}

void note_all(ClaimReport& report, const Finding& finding, const std::string& coverage) {
  for (ShowReport& show : report.shows)
    for (LinkReport& link : show.links) note(link, finding, coverage);
}

void note_open(ClaimReport& report, const Everywhere& everywhere, const std::string& reason,
               const std::string& coverage) {
  for (std::size_t s = 0; s < report.shows.size(); ++s)
    for (std::size_t k = 0; k < report.shows[s].links.size(); ++k)
      if (!everywhere.proved.contains({s, k})) note(report.shows[s].links[k], undecided(reason), coverage);
}

void say_uninhabited(ClaimReport& report) {
  const auto say = [](Finding& f) {
    if (f.verdict == Verdict::proved) f.message += (f.message.empty() ? "" : "; ") + std::string("inhabited: unknown");
  };
  for (ShowReport& show : report.shows)
    for (LinkReport& link : show.links) say(link.finding);
  say(report.decisive);
}

void combine_links(const Claim* claim, ClaimReport& report, const Choices& choices, const Everywhere& everywhere) {
  const LinkReport* decisive = nullptr;
  for (ShowReport& show : report.shows)
    for (LinkReport& link : show.links) {
      Finding& f = link.finding;
      const std::pair place{static_cast<std::size_t>(&show - report.shows.data()),
                            static_cast<std::size_t>(&link - show.links.data())};
      const auto proof = everywhere.proved.find(place);
      const auto reason = everywhere.open.find(place);
      if (f.verdict == Verdict::proved && proof != everywhere.proved.end()) {
        f = proof->second;
        link.coverage = everywhere.coverage;
      } else if (f.verdict == Verdict::proved || f.verdict == Verdict::supported) {
        link.coverage = choices.coverage;
      }
      const bool open = f.verdict == Verdict::proved && !choices.complete && proof == everywhere.proved.end();
      const bool no_extent = open && claim != nullptr &&
                             ((looked_at_no_extent(f) && has_one_form(*claim, place.first)) ||
                              matrix::holds_in_every_dimension(*claim, place.first, f));
      if (no_extent || (open && f.uniform && claim != nullptr && is_made_of_vectors(*claim))) {
        f.message +=
            (f.message.empty() ? "" : "; ") + std::string("no extent was looked at, so it holds in every dimension");
        link.coverage = "every dimension (the same argument as for " + choices.coverage + ")";
      } else if (open) {
        f.verdict = Verdict::supported;
        f.message = "proved for " + choices.coverage + " by " + f.method + "; the other dimensions were not examined";
      }
      if (f.verdict == Verdict::supported && !choices.complete && reason != everywhere.open.end())
        f.message += (f.message.empty() ? "" : "; ") + ("for every dimension: " + reason->second);
      if (!f.place) f.place = show.place;
      if (decisive == nullptr || f.verdict < decisive->finding.verdict) decisive = &link;
    }
  if (decisive == nullptr) return;
  report.verdict = decisive->finding.verdict;
  report.decisive = decisive->finding;
  report.coverage = decisive->coverage.empty() ? choices.coverage : decisive->coverage;
}

}  // namespace nabla
