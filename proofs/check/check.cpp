#include <algorithm>
#include <nabla/proofs/check/combine.hpp>
#include <nabla/proofs/check/decide.hpp>
#include <nabla/proofs/check/evidence.hpp>
#include <nabla/proofs/check/interpolation/interpolation.hpp>
#include <nabla/proofs/check/settled.hpp>
#include <nabla/proofs/check/suggest.hpp>
#include <nabla/proofs/check/wellposed/vacuity.hpp>
#include <nabla/proofs/claim/constant_premise.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nlohmann/json.hpp>

/// The order of work on a claim: well-posed, refute, prove, support.
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

Finding ill_posed(const IllPosed& error) {
  Finding f;
  f.verdict = Verdict::ill_posed;
  f.method = "shapes and sets";
  f.message = error.what();
  f.place = error.place;
  for (const Shape& s : error.shapes) f.shapes.push_back(s.to_string());
  return f;
}

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
/// differentiated without its kinks, which hypotheses were taken out and why.
void locate(Finding& finding, const Choice& choice, std::size_t show, std::size_t link, const Posed::Form& about) {
  for (Certificate& c : finding.certificates) {
    nlohmann::ordered_json where;
    where["dimensions"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : choice) where["dimensions"][name] = value;
    where["show"] = show;
    where["link"] = link;
    where["functions"] = spelling(about.problem.functions, about.problem.instance_shape);
    for (const auto& [call, pattern] : about.smooth) where["smooth"][std::to_string(call)] = pattern;
    for (const Posed::Form::Settled& s : about.settled) {
      nlohmann::ordered_json held{{"hypothesis", s.hypothesis}, {"certificates", nlohmann::ordered_json::array()}};
      for (const Certificate& of : s.certificates)
        held["certificates"].push_back({{"kind", of.kind}, {"evidence", evidence_of(of)}});
      where["settled"].push_back(std::move(held));
    }
    where["evidence"] = evidence_of(c);
    c.data = where.dump();
  }
}

/// On how many choices of dimensions a witness is looked for against a proof for every dimension, and from how many
/// points at the least.
constexpr std::size_t most_doubted = 5;
constexpr int points_of_a_doubt = 16;

/// How many choices of dimensions are looked at for shapes that do not conform before any other work is done.
constexpr std::size_t most_fitted = 24;

/// How much is looked at in larger dimensions.
constexpr std::size_t most_larger_entries = 20;
constexpr std::size_t most_larger_nodes = 400;
constexpr std::size_t most_larger_constants = 20'000;  // nodes of a claim without variables
constexpr std::uint64_t steps_of_a_larger_dimension = 2'000;

/// Shapes that do not conform in some dimensions decide, whatever holds in others. Whether anything is left to be
/// looked at.
bool fits(const Claim& claim, const Choices& choices, ClaimReport& report, const Budget& budget) {
  for (std::size_t k = 0; k < std::min(choices.list.size(), most_fitted); ++k) {
    const MisfitsFound found = misfits_of(claim, choices.list[k], budget);
    if (found.of_claim) {
      note_all(report, ill_posed(*found.of_claim), text_of(choices.list[k]));
      return false;
    }
    for (const MisfitsFound::OfLink& of : found.of_links)
      note(report.shows[of.show].links[of.link], ill_posed(of.error), text_of(choices.list[k]));
  }
  return std::ranges::any_of(report.shows, [](const ShowReport& show) {
    return std::ranges::any_of(show.links, [](const LinkReport& l) { return l.finding.verdict != Verdict::ill_posed; });
  });
}

/// A link that there is no way to work on, unless an instance of its function variables refutes it.
void note_unhandled(const Misfit& misfit, const Posed& posed, std::size_t s, std::size_t k,
                    const Everywhere& everywhere, const std::string& coverage, ClaimReport& report,
                    const CheckOptions& options, const Budget& budget) {
  auto against = against_instances(posed, s, k, options, budget);
  if (!against && everywhere.proved.contains({s, k})) return;
  Finding finding = against ? std::move(against->first) : undecided(misfit.reason);
  if (against) locate(finding, posed.instances.front().problem.dimensions, s, k, *against->second);
  note(report.shows[s].links[k], std::move(finding), coverage);
}

/// Nothing is left of the dimensions of a claim.
void no_dimensions(const Choices& choices, ClaimReport& report) {
  if (!choices.complete) {
    note_all(report, undecided("no dimensions were found that satisfy the assumptions about them"), "");
    return;
  }
  Finding vacuous;
  vacuous.verdict = Verdict::ill_posed;
  vacuous.method = "dimensions";
  vacuous.message = choices.excluded_at ? "vacuous: no dimensions satisfy the assumptions"
                                        : "vacuous: a range of dimensions is empty, so there is nothing to show";
  vacuous.place = choices.excluded_at;
  note_all(report, vacuous, "");
}

bool has_witness(const ClaimReport& report) {
  return std::ranges::any_of(report.shows, [](const ShowReport& show) {
    return std::ranges::any_of(show.links, [](const LinkReport& l) { return l.finding.verdict == Verdict::refuted; });
  });
}

/// Whether the hypotheses of a claim can be met, over the choices of its dimensions that were looked at.
struct Inhabited {
  bool asked = false;
  bool found = false;
};

/// \param doubts  whether to look for a witness against what is proved for every dimension
void work_on(const Claim& claim, const Choice& choice, const Everywhere& everywhere, bool doubts, ClaimReport& report,
             Inhabited& inhabited, const CheckOptions& options, const Budget& budget, const Progress& progress) {
  const std::string coverage = text_of(choice);
  try {
    Posed posed = pose(claim, choice, budget);
    if (!posed.general && posed.instances.empty()) throw NotHandled(posed.reason);
    if (posed.general) settle_hypotheses(*posed.general, options, budget);
    for (Posed::Form& instance : posed.instances) settle_hypotheses(instance, options, budget);
    const Posed::Form& first = posed.general ? *posed.general : posed.instances[0];
    for (std::size_t s = 0; s < first.problem.shows.size(); ++s)
      for (std::size_t k = 0; k < link_count(first.problem.shows[s]); ++k) {
        if (report.shows[s].links[k].finding.verdict == Verdict::ill_posed) continue;  // nothing comes before it
        const Misfit* misfit = misfit_of(first.problem.shows[s], k);
        if (misfit != nullptr && misfit->error) {
          note(report.shows[s].links[k], ill_posed(*misfit->error), coverage);
          continue;
        }
        if (misfit != nullptr) {
          note_unhandled(*misfit, posed, s, k, everywhere, coverage, report, options, budget);
          continue;
        }
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
    if (first.problem.hypotheses.empty() || inhabited.found || has_witness(report)) {
      inhabited.found = true;
    } else {
      Inhabitation seen = look_for_inhabitant(posed, options, budget);
      inhabited.asked = true;
      inhabited.found = seen.found;
      if (seen.vacuous) note_all(report, *seen.vacuous, coverage);
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

/// A claim about every dimension may fail in large ones alone: witnesses are looked for there while it is small.
void look_in_larger_dimensions(const Claim& claim, const Everywhere& everywhere, ClaimReport& report,
                               const CheckOptions& options, const Budget& budget) {
  for (const Choice& choice : larger_choices_of(claim)) {
    if (budget.is_spent() || has_witness(report)) return;
    const Posed posed = pose(claim, choice, budget);
    if (!posed.general || posed.general->problem.functions != FunctionTreatment::none) return;
    const Problem& problem = posed.general->problem;
    std::size_t entries = 0;
    for (const Given& g : problem.givens) entries += static_cast<std::size_t>(g.set.shape.size());
    const std::size_t nodes = problem.workspace->graph().size();
    if (entries > most_larger_entries || nodes > (entries == 0 ? most_larger_constants : most_larger_nodes)) return;
    for (std::size_t s = 0; s < problem.shows.size(); ++s)
      for (std::size_t k = 0; k < link_count(problem.shows[s]); ++k) {
        const Verdict so_far = report.shows[s].links[k].finding.verdict;
        if (so_far == Verdict::ill_posed || everywhere.proved.contains({s, k}) ||
            misfit_of(problem.shows[s], k) != nullptr)
          continue;
        const auto statement = without_constant_premises(link_of(problem.shows[s], k));
        if (!statement) continue;
        CheckOptions effort = options;
        effort.points = points_of_a_doubt;
        const Budget some(budget.seconds_left(), {}, steps_of_a_larger_dimension);
        std::optional<Finding> found;
        try {
          found = refute(problem, *statement, effort, some);
        } catch (const Cut&) {
          budget.check();
        }
        if (!found || found->verdict != Verdict::refuted) continue;
        locate(*found, choice, s, k, *posed.general);
        note(report.shows[s].links[k], std::move(*found), text_of(choice));
      }
  }
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
  Inhabited inhabited;
  try {
    choices = choices_of(claim);
    if (choices.list.empty()) no_dimensions(choices, report);
    if (fits(claim, choices, report, budget)) {
      everywhere.emplace(claim, report.shows, budget);
      std::size_t done = 0;
      for (const Choice& choice : choices.list) {
        if (!choices.complete && done >= fewest_choices && budget.is_spent()) break;
        const bool doubts = done++ < most_doubted;
        if (!doubts && everywhere->is_complete()) continue;
        work_on(claim, choice, *everywhere, doubts, report, inhabited, options, budget, progress);
      }
      if (!choices.complete && !everywhere->is_complete() && !has_witness(report)) {
        try {
          look_in_larger_dimensions(claim, *everywhere, report, options, budget);
        } catch (const NotHandled&) {  // one look less
        } catch (const IllPosed&) {
        } catch (const std::length_error&) {
        }
      }
      prove_by_indices(claim, report, budget);
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
  if (inhabited.asked && !inhabited.found) say_uninhabited(report);
  add_suggestion(claim, report, choices.list.size(), options, stop, budget);
  report.calls = budget.calls();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace nabla
