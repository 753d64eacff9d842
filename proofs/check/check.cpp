#include <algorithm>
#include <map>
#include <nabla/proofs/check/curvature_dimensions.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/index_proof.hpp>
#include <nabla/proofs/check/smooth_form.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nlohmann/json.hpp>

/// The order of work on a claim: well-posed, refute, prove, support; then the combination over links, shows and
/// dimensions.
namespace nabla {

namespace {

Finding undecided(std::string reason) {
  Finding f;
  f.verdict = Verdict::undecided;
  f.message = std::move(reason);
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

/// The problems of one choice of dimensions. Function variables are put in twice: free of each other, for what is to
/// hold of all; and as an instance, for what is to fail for one.
struct Posed {
  Problem general;
  std::optional<Problem> instance;
  /// What was differentiated without its kinks, in either.
  std::map<std::size_t, KinkPattern> smooth_general, smooth_instance;
};

Posed pose(const Claim& claim, const Choice& choice, const Budget& budget) {
  Posed posed;
  const auto elaborated = [&](FunctionTreatment functions, std::map<std::size_t, KinkPattern>& patterns) {
    SmoothForms smooth(budget);
    Problem problem = elaborate(claim, choice, functions, std::ref(smooth));
    patterns = smooth.patterns();
    return problem;
  };
  if (!has_function_variables(claim)) {
    posed.general = elaborated(FunctionTreatment::none, posed.smooth_general);
    return posed;
  }
  posed.general = elaborated(FunctionTreatment::abstract, posed.smooth_general);
  posed.instance = elaborated(FunctionTreatment::instance, posed.smooth_instance);
  return posed;
}

/// Link k of a chain as a statement of its own; anything else as it is.
Statement link_of(const Statement& statement, std::size_t k) {
  if (statement.kind != Statement::Kind::relation || statement.comparisons.size() == 1) return statement;
  Statement link = statement;
  link.sides = {statement.sides[k], statement.sides[k + 1]};
  link.comparisons = {statement.comparisons[k]};
  if (statement.side_places.size() > k + 1) link.side_places = {statement.side_places[k], statement.side_places[k + 1]};
  return link;
}

std::size_t link_count(const Statement& statement) {
  return statement.kind == Statement::Kind::relation ? statement.comparisons.size() : 1;
}

/// What the first decider that decides says; else what they said of how far they got.
std::optional<Finding> prove(const Problem& problem, const Statement& statement, const CheckOptions& options,
                             const Budget& budget) {
  if (problem.functions == FunctionTreatment::instance) return std::nullopt;
  std::optional<Finding> open;
  for (const Decider decider : deciders()) {
    budget.check();
    std::optional<Finding> finding;
    try {
      finding = decider(problem, statement, options, budget);
    } catch (const NotHandled& reason) {
      finding = undecided(reason.what());
    } catch (const std::length_error& reason) {  // a limit of the graph or of the memory
      finding = undecided(reason.what());
    }
    if (!finding) continue;
    if (finding->verdict != Verdict::undecided) return finding;
    if (!open) {
      open = std::move(finding);
    } else if (!finding->message.empty()) {
      open->message += (open->message.empty() ? "" : "; ") + finding->message;
    }
  }
  return open;
}

Finding sampled(const Problem& problem, const Statement& statement, const CheckOptions& options, const Budget& budget) {
  try {
    return support(problem, statement, options, budget);
  } catch (const NotHandled& reason) {
    return undecided(reason.what());
  } catch (const std::invalid_argument& reason) {  // a kind of number cannot compute an operator
    return undecided(reason.what());
  }
}

std::optional<Finding> witness_against(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                       const Budget& budget) {
  try {
    return refute(problem, statement, options, budget);
  } catch (const NotHandled&) {
    return std::nullopt;
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
}

/// What is proved of a claim for all values of its dimensions at once.
struct Everywhere {
  std::string coverage;
  std::map<std::pair<std::size_t, std::size_t>, Finding> proved;  // by show and link
  std::map<std::pair<std::size_t, std::size_t>, std::string> open;

  Everywhere() = default;
  Everywhere(const Claim& claim, const std::vector<ShowReport>& shows, const Budget& budget) {
    const auto is_range = [](const Claim::Line& line) { return std::holds_alternative<ForLine>(line); };
    if (std::none_of(claim.lines.begin(), claim.lines.end(), is_range)) return;
    EveryDimension every(claim, budget);
    coverage = every.coverage();
    for (std::size_t s = 0; s < shows.size(); ++s)
      for (std::size_t k = 0; k < shows[s].links.size(); ++k) {
        Finding finding = every.prove(s, k);
        if (finding.verdict == Verdict::proved) {
          proved[{s, k}] = std::move(finding);
        } else {
          open[{s, k}] = finding.message;
        }
      }
  }
};

/// Looks for a clash with a proof for every dimension: it would be a bug of nabla's own.
Finding doubt(const Posed& posed, const Statement& statement, const Statement* instance_statement, Finding proof,
              const CheckOptions& options, const Budget& budget) {
  const Finding posedness = examine_definedness(posed.general, statement, options, budget);
  if (posedness.verdict == Verdict::ill_posed) return posedness;
  const auto refuted = posed.instance ? witness_against(*posed.instance, *instance_statement, options, budget)
                                      : witness_against(posed.general, statement, options, budget);
  return refuted ? *refuted : std::move(proof);
}

Finding decide(const Posed& posed, const Statement& statement, const Statement* instance_statement,
               const CheckOptions& options, const Budget& budget) {
  const Finding posedness = examine_definedness(posed.general, statement, options, budget);
  if (posedness.verdict == Verdict::ill_posed) return posedness;
  const auto refuted = posed.instance ? witness_against(*posed.instance, *instance_statement, options, budget)
                                      : witness_against(posed.general, statement, options, budget);
  if (refuted) return *refuted;
  const auto proof = prove(posed.general, statement, options, budget);
  if (proof && (proof->verdict == Verdict::refuted || proof->verdict == Verdict::ill_posed)) return *proof;
  if (proof && proof->verdict == Verdict::proved) {
    Finding f = *proof;
    if (posedness.verdict == Verdict::proved) {
      f.certificates.insert(f.certificates.end(), posedness.certificates.begin(), posedness.certificates.end());
      return f;
    }
    // True wherever defined; that it is defined everywhere stays open, so the whole is not proved.
    Finding s = sampled(posed.general, statement, options, budget);
    s.message = "equal wherever both sides are defined (" + proof->method + "); open: " + posedness.message;
    return s;
  }
  Finding s = sampled(posed.general, statement, options, budget);
  if (s.verdict == Verdict::proved && posedness.verdict != Verdict::proved) s.verdict = Verdict::supported;
  if (s.verdict == Verdict::undecided && proof && !proof->message.empty()) s.message += "; " + proof->message;
  if (s.verdict == Verdict::supported && posedness.verdict == Verdict::undecided)
    s.message = "open: " + posedness.message;
  return s;
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

const char* spelling(FunctionTreatment functions) {
  switch (functions) {
    case FunctionTreatment::none:
      return "none";
    case FunctionTreatment::abstract:
      return "abstract";
    case FunctionTreatment::instance:
      return "instance";
  }
  return "none";
}

/// Adds to each certificate what it speaks of, so that it can be replayed from the text of the document alone: the
/// dimensions, the statement and its link (both counted from 0), how function variables were put in, what was
/// differentiated without its kinks.
void locate(Finding& finding, const Choice& choice, std::size_t show, std::size_t link, FunctionTreatment functions,
            const std::map<std::size_t, KinkPattern>& smooth) {
  for (Certificate& c : finding.certificates) {
    nlohmann::ordered_json where;
    where["dimensions"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : choice) where["dimensions"][name] = value;
    where["show"] = show;
    where["link"] = link;
    where["functions"] = spelling(functions);
    for (const auto& [call, pattern] : smooth) where["smooth"][std::to_string(call)] = pattern;
    where["evidence"] = nlohmann::ordered_json::parse(c.data, nullptr, false);
    if (where["evidence"].is_discarded()) where["evidence"] = c.data;
    c.data = where.dump();
  }
}

void note(LinkReport& link, Finding finding, const std::string& coverage) {
  const bool first = link.finding.method.empty() && link.finding.message.empty();
  if (!first && finding.verdict > link.finding.verdict) return;
  if (!first && finding.verdict == link.finding.verdict) {
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

/// On how many choices of dimensions a witness is looked for against a proof for every dimension.
constexpr std::size_t most_doubted = 5;

/// \param doubts  whether to look for a witness against what is proved for every dimension
void work_on(const Claim& claim, const Choice& choice, const Everywhere& everywhere, bool doubts, ClaimReport& report,
             const CheckOptions& options, const Budget& budget) {
  const std::string coverage = text_of(choice);
  try {
    const Posed posed = pose(claim, choice, budget);
    for (std::size_t s = 0; s < posed.general.shows.size(); ++s)
      for (std::size_t k = 0; k < link_count(posed.general.shows[s]); ++k) {
        const Statement link = link_of(posed.general.shows[s], k);
        if (report.shows[s].links[k].finding.verdict == Verdict::refuted) {
          // In other dimensions: one witness is enough, and only what is ill-posed comes before it.
          Finding finding = examine_definedness(posed.general, link, options, budget);
          if (finding.verdict != Verdict::ill_posed) continue;
          locate(finding, choice, s, k, posed.general.functions, posed.smooth_general);
          note(report.shows[s].links[k], std::move(finding), coverage);
          continue;
        }
        std::optional<Statement> instance;
        if (posed.instance) instance = link_of(posed.instance->shows[s], k);
        const auto proof = everywhere.proved.find({s, k});
        if (proof != everywhere.proved.end() && !doubts) continue;
        Finding finding = proof == everywhere.proved.end()
                              ? decide(posed, link, instance ? &*instance : nullptr, options, budget)
                              : doubt(posed, link, instance ? &*instance : nullptr, proof->second, options, budget);
        if (finding.verdict == Verdict::proved && proof != everywhere.proved.end()) continue;
        const bool of_instance = finding.verdict == Verdict::refuted && posed.instance.has_value();
        locate(finding, choice, s, k, of_instance ? FunctionTreatment::instance : posed.general.functions,
               of_instance ? posed.smooth_instance : posed.smooth_general);
        note(report.shows[s].links[k], std::move(finding), coverage);
      }
  } catch (const IllPosed& error) {
    note_all(report, ill_posed(error), coverage);
  } catch (const NotHandled& reason) {
    note_open(report, everywhere, reason.what(), coverage);
  } catch (const std::length_error& reason) {
    note_open(report, everywhere, reason.what(), coverage);
  }
}

/// First of ill-posed, refuted, undecided, supported, proved that occurs.
/// \param everywhere  links that are proved whatever the dimensions
void combine_links(const Claim& claim, ClaimReport& report, const Choices& choices, const Everywhere& everywhere) {
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
      if (open && curvature::looked_at_no_extent(f) && curvature::has_one_form(claim)) {
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

ClaimReport check(const Claim& claim, const CheckOptions& options, std::stop_token stop) {
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
  const Budget budget(options.seconds, std::move(stop));
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
    everywhere.emplace(claim, report.shows, budget);
    for (std::size_t c = 0; c < choices.list.size(); ++c)
      work_on(claim, choices.list[c], *everywhere, c < most_doubted, report, options, budget);
  } catch (const IllPosed& error) {
    note_all(report, ill_posed(error), "");
  } catch (const NotHandled& reason) {
    note_all(report, undecided(reason.what()), "");
  } catch (const Cut&) {
    report.cut = true;
    note_open(report, everywhere ? *everywhere : Everywhere(), "cut by the time limit", "");
  }
  combine_links(claim, report, choices, everywhere ? *everywhere : Everywhere());
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace nabla
