#include <algorithm>
#include <map>
#include <nabla/proofs/check/curvature_dimensions.hpp>
#include <nabla/proofs/check/decide.hpp>
#include <nabla/proofs/check/index_proof.hpp>
#include <nabla/proofs/check/interpolation.hpp>
#include <nabla/proofs/check/suggest.hpp>
#include <nabla/proofs/claim/constant_premise.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nlohmann/json.hpp>

/// The order of work on a claim: well-posed, refute, prove, support; then the combination over links, shows and
/// dimensions.
namespace nabla {

namespace {

/// Of a `for all`, looked at whatever they cost.
constexpr std::size_t fewest_choices = 3;

/// A premise about the indices that does not hold for them.
Finding nothing_to_show() {
  Finding f;
  f.verdict = Verdict::proved;
  f.method = "the premise is false for these indices";
  return f;
}

/// What nobody foresaw: the statement stays undecided, and the rest of the run goes on.
std::string unforeseen(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return "there is not enough memory for it";
  return std::string("nabla failed, which is a bug of nabla and not of the document: ") + error.what();
}

Finding ill_posed(const IllPosed& error) {
  Finding f;
  f.verdict = Verdict::ill_posed;
  f.method = "shapes and sets";
  f.message = error.what();
  f.place = error.place;
  for (const Shape& s : error.shapes) f.shapes.push_back(s.to_string());
  return f;
}

/// What is proved of a claim for all values of its dimensions at once.
struct Everywhere {
  std::string coverage;
  std::map<std::pair<std::size_t, std::size_t>, Finding> proved;  // by show and link
  std::map<std::pair<std::size_t, std::size_t>, std::string> open;

  /// Whether nothing is left to be shown for single choices.
  bool is_complete() const { return open.empty() && !proved.empty(); }

  Everywhere() = default;
  Everywhere(const Claim& claim, const std::vector<ShowReport>& shows, const Budget& budget) {
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
};

std::string text_of(const Choice& choice) {
  std::string text;
  for (const auto& [name, value] : choice) text += (text.empty() ? "" : ", ") + name + " = " + std::to_string(value);
  return text;
}

/// The reports of the shows with their links as written, still undecided.
std::vector<ShowReport> blank_shows(const Claim& claim) {
  std::vector<ShowReport> shows;
  for (const Claim::Line& line : claim.lines) {
    const auto* show = std::get_if<ShowLine>(&line);
    if (show == nullptr) continue;
    const Syntax& syntax = claim.syntax;
    ShowReport report{.place = show->place, .text = std::string(syntax.text(show->statement)), .links = {}};
    if (syntax.kind(show->statement) == SyntaxKind::relation) {
      const auto sides = syntax.children(show->statement);
      for (std::size_t k = 0; k + 1 < sides.size(); ++k)
        report.links.push_back({.left = std::string(syntax.text(sides[k])),
                                .right = std::string(syntax.text(sides[k + 1])),
                                .finding = {},
                                .coverage = {}});
    } else {
      report.links.push_back({.left = report.text, .right = {}, .finding = {}, .coverage = {}});
    }
    for (LinkReport& link : report.links) link.finding.verdict = Verdict::proved;  // nothing has spoken against it yet
    shows.push_back(std::move(report));
  }
  return shows;
}

/// Adds to each certificate what it speaks of, so that it can be replayed from the text of the document alone: the
/// dimensions, the statement and its link (both counted from 0), how function variables were put in, what was
/// differentiated without its kinks.
void locate(Finding& finding, const Choice& choice, std::size_t show, std::size_t link, const Posed::Form& about) {
  for (Certificate& c : finding.certificates) {
    nlohmann::ordered_json where;
    where["dimensions"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : choice) where["dimensions"][name] = value;
    where["show"] = show;
    where["link"] = link;
    where["functions"] = spelling(about.problem.functions, about.problem.instance_shape);
    for (const auto& [call, pattern] : about.smooth) where["smooth"][std::to_string(call)] = pattern;
    where["evidence"] = nlohmann::ordered_json::parse(c.data, nullptr, false);
    if (where["evidence"].is_discarded()) where["evidence"] = c.data;
    c.data = where.dump();
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

/// For the links without a proof for every dimension.
void note_open(ClaimReport& report, const Everywhere& everywhere, const std::string& reason,
               const std::string& coverage) {
  for (std::size_t s = 0; s < report.shows.size(); ++s)
    for (std::size_t k = 0; k < report.shows[s].links.size(); ++k)
      if (!everywhere.proved.contains({s, k})) note(report.shows[s].links[k], undecided(reason), coverage);
}

/// On how many choices of dimensions a witness is looked for against a proof for every dimension, and from how many
/// points at the least.
constexpr std::size_t most_doubted = 5;
constexpr int points_of_a_doubt = 16;

/// How many choices of dimensions are looked at for shapes that do not conform before any other work is done.
constexpr std::size_t most_fitted = 24;

/// Shapes that do not conform in some dimensions decide, whatever holds in others.
bool fits(const Claim& claim, const Choices& choices, ClaimReport& report, const Budget& budget) {
  for (std::size_t k = 0; k < std::min(choices.list.size(), most_fitted); ++k)
    if (const auto error = misfit(claim, choices.list[k], budget)) {
      note_all(report, ill_posed(*error), text_of(choices.list[k]));
      return false;
    }
  return true;
}

/// \param doubts  whether to look for a witness against what is proved for every dimension
void work_on(const Claim& claim, const Choice& choice, const Everywhere& everywhere, bool doubts, ClaimReport& report,
             const CheckOptions& options, const Budget& budget, const Progress& progress) {
  const std::string coverage = text_of(choice);
  try {
    const Posed posed = pose(claim, choice, budget);
    if (!posed.general && posed.instances.empty()) throw NotHandled(posed.reason);
    const Posed::Form& first = posed.general ? *posed.general : posed.instances[0];
    for (std::size_t s = 0; s < first.problem.shows.size(); ++s)
      for (std::size_t k = 0; k < link_count(first.problem.shows[s]); ++k) {
        const auto statement = without_constant_premises(link_of(first.problem.shows[s], k));
        if (!statement) {
          note(report.shows[s].links[k], nothing_to_show(), coverage);
          continue;
        }
        if (report.shows[s].links[k].finding.verdict == Verdict::refuted) {
          // In other dimensions: one witness is enough, and only what is ill-posed comes before it.
          Finding finding = examine_definedness(first.problem, *statement, options, budget);
          if (finding.verdict != Verdict::ill_posed) continue;
          locate(finding, choice, s, k, first);
          note(report.shows[s].links[k], std::move(finding), coverage);
          continue;
        }
        const auto proof = everywhere.proved.find({s, k});
        const bool is_proved = proof != everywhere.proved.end();
        if (is_proved && !doubts) continue;
        CheckOptions effort = options;
        if (is_proved) effort.points = std::max(points_of_a_doubt, options.points / 4);
        const auto against = against_instances(posed, s, k, effort, budget);
        std::optional<Finding> of_instance;
        if (against) of_instance = against->first;
        Finding finding = undecided(posed.reason);
        if (is_proved && !posed.general && !against) continue;
        if (posed.general || is_proved) {
          finding = is_proved ? doubt(first.problem, *statement, of_instance, proof->second, effort, budget)
                              : decide(first.problem, *statement, of_instance, options, budget);
        } else if (against) {
          finding = against->first;
        }
        if (finding.verdict == Verdict::proved && is_proved) continue;
        const bool is_instance = against && finding.verdict == Verdict::refuted;
        locate(finding, choice, s, k, is_instance ? *against->second : first);
        note(report.shows[s].links[k], std::move(finding), coverage);
        if (progress) progress(report);
      }
  } catch (const IllPosed& error) {
    note_all(report, ill_posed(error), coverage);
  } catch (const NotHandled& reason) {
    note_open(report, everywhere, reason.what(), coverage);
  } catch (const std::length_error& reason) {
    note_open(report, everywhere, reason.what(), coverage);
  } catch (const Cut&) {
    throw;
  } catch (const SyntaxError&) {
    throw;
  } catch (const std::exception& error) {
    note_open(report, everywhere, unforeseen(error), coverage);
  }
}

/// First of ill-posed, refuted, undecided, supported, proved that occurs.
/// \param everywhere  links that are proved whatever the dimensions
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
      const bool no_extent =
          open && curvature::looked_at_no_extent(f) && claim != nullptr && curvature::has_one_form(*claim);
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

}  // namespace

bool ClaimReport::as_expected() const {
  if (outside) return true;
  if (!expected) return verdict == Verdict::proved || verdict == Verdict::supported;
  return verdict == *expected || (*expected == Verdict::supported && verdict == Verdict::proved);
}

ClaimReport cut_short(ClaimReport so_far, const std::string& reason) {
  so_far.cut = true;
  note_all(so_far, undecided(reason), "");
  combine_links(nullptr, so_far, Choices(), Everywhere());
  return so_far;
}

ClaimReport check(const Claim& claim, const CheckOptions& options, std::stop_token stop, const Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  ClaimReport report;
  report.id = claim.id;
  report.file = claim.syntax.source().name();
  report.place = claim.place;
  if (claim.expects) report.expected = parse_verdict(claim.expects->verdict);
  if (claim.outside) {
    report.outside = claim.outside->reason;
    report.decisive.message = claim.outside->reason;
    return report;
  }
  check_names(claim);
  report.shows = blank_shows(claim);
  if (progress) progress(report);
  const Budget budget(options.seconds, stop, options.calls);
  Choices choices;
  std::optional<Everywhere> everywhere;
  try {
    choices = choices_of(claim);
    if (choices.list.empty()) {
      Finding vacuous;
      vacuous.verdict = Verdict::ill_posed;
      vacuous.method = "dimensions";
      vacuous.message = "vacuous: a range of dimensions is empty, so there is nothing to show";
      note_all(report, vacuous, "");
    }
    if (fits(claim, choices, report, budget)) {
      everywhere.emplace(claim, report.shows, budget);
      std::size_t done = 0;
      for (const Choice& choice : choices.list) {
        if (!choices.complete && done >= fewest_choices && budget.is_spent()) break;
        const bool doubts = done++ < most_doubted;
        if (!doubts && everywhere->is_complete()) continue;
        work_on(claim, choice, *everywhere, doubts, report, options, budget, progress);
      }
      if (done < choices.list.size()) {
        choices.list.resize(done);
        choices.coverage = coverage_of(choices);
      }
    }
  } catch (const IllPosed& error) {
    note_all(report, ill_posed(error), "");
  } catch (const NotHandled& reason) {
    note_all(report, undecided(reason.what()), "");
  } catch (const Cut&) {
    report.cut = true;
    note_open(report, everywhere ? *everywhere : Everywhere(),
              stop.stop_requested() ? "interrupted" : "cut by the time limit", "");
  } catch (const SyntaxError&) {
    throw;
  } catch (const std::exception& error) {
    note_open(report, everywhere ? *everywhere : Everywhere(), unforeseen(error), "");
  }
  combine_links(&claim, report, choices, everywhere ? *everywhere : Everywhere());
  add_suggestion(claim, report, choices.list.size(), options, stop, budget);
  report.calls = budget.calls();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace nabla
