#include <algorithm>
#include <nabla/proofs/check/suggest.hpp>
#include <nabla/proofs/check/suggest_edits.hpp>

namespace nabla {

namespace {

// In checks of whole claims.
constexpr std::size_t most_candidates = 40;
constexpr std::size_t least_candidates = 4;
constexpr std::size_t usual_length = 150;  // of a statement, in characters
constexpr int screening_points = 12;
constexpr int most_undecided = 4;             // candidates that nothing is found out about are the ones that take long
constexpr std::uint64_t most_calls = 10'000;  // steps of the deciders, for one candidate
constexpr std::uint64_t most_calls_of_all = 30'000;
constexpr std::size_t most_text = 2000;

std::string edited(std::string_view source, std::uint32_t begin, std::uint32_t end,
                   std::vector<Edit::Replacement> replacements) {
  std::ranges::sort(replacements, {}, &Edit::Replacement::begin);
  std::string text;
  std::uint32_t at = begin;
  for (const Edit::Replacement& r : replacements) {
    if (r.begin < at || r.end > end) continue;
    text += source.substr(at, r.begin - at);
    text += r.text;
    at = r.end;
  }
  text += source.substr(at, end - at);
  return text;
}

struct Candidate {
  std::string block;  // its lines
  std::string shown;  // what is offered
};

/// The claim with only that statement, changed.
Candidate candidate_of(const Claim& claim, const ShowLine& show, const Edit& edit) {
  const std::string_view source = claim.syntax.source().text();
  Candidate c;
  std::string changed_lines;
  const auto line_of = [&](const auto& line) { return edited(source, line.begin, line.end, edit.replacements); };
  std::string statement;
  for (const Claim::Line& line : claim.lines) {
    const bool is_show = std::holds_alternative<ShowLine>(line);
    if (is_show && &std::get<ShowLine>(line) != &show) continue;
    const std::string text = std::visit(line_of, line);
    const std::string before =
        std::visit([&](const auto& l) { return std::string(source.substr(l.begin, l.end - l.begin)); }, line);
    if (is_show) {
      if (!edit.hypothesis.empty()) c.block += "assume " + edit.hypothesis + "\n";
      statement = text;
    } else if (text != before) {
      changed_lines += text + "; ";
    }
    c.block += text + "\n";
  }
  c.shown = changed_lines;
  if (!edit.hypothesis.empty()) c.shown += "assume " + edit.hypothesis + "; ";
  // "show STATEMENT" where something stands before it, else the statement alone.
  const std::string word = "show";
  const std::size_t after = statement.find_first_not_of(' ', word.size());
  c.shown += c.shown.empty() && after != std::string::npos ? statement.substr(after) : statement;
  return c;
}

std::optional<Claim> parsed(const std::string& block) {
  std::vector<SyntaxError> errors;
  try {
    const Source source("suggestion", block);
    return parse_block(source, {"suggestion", {}}, 1, source.line_count(), errors);
  } catch (const SyntaxError&) {
    return std::nullopt;
  }
}

/// \param left  the steps that may still be taken; those of this check are taken away
std::optional<Verdict> verdict_of(const std::string& block, CheckOptions options, std::stop_token stop,
                                  std::uint64_t& left, bool& cut) {
  const auto claim = parsed(block);
  if (!claim) return std::nullopt;
  try {
    options.calls = std::min(left, most_calls);
    const ClaimReport report = check(*claim, options, std::move(stop));
    left -= std::min(left, report.calls);
    cut = report.cut || left == 0;
    if (report.cut) return std::nullopt;
    return report.verdict;
  } catch (const SyntaxError&) {
    return std::nullopt;
  }
}

bool is_true(std::optional<Verdict> v) { return v == Verdict::proved || v == Verdict::supported; }

}  // namespace

std::optional<std::string> nearest_true(const Claim& claim, std::size_t show, std::size_t choices,
                                        const CheckOptions& options, std::stop_token stop, const Budget& budget) {
  const ShowLine* line = nullptr;
  std::size_t k = 0;
  for (const Claim::Line& l : claim.lines)
    if (const auto* s = std::get_if<ShowLine>(&l))
      if (k++ == show) line = s;
  if (line == nullptr || line->end - line->begin > most_text) return std::nullopt;
  CheckOptions quick = options;
  quick.suggest = false;
  quick.points = std::min(options.points, screening_points);
  CheckOptions full = options;
  full.suggest = false;
  int undecided = 0;
  // Long claims and many dimensions take longer to check.
  const std::size_t length = line->end - line->begin;
  const std::size_t burden = std::max<std::size_t>(1, choices) * (1 + length / usual_length);
  std::size_t left = std::max(least_candidates, most_candidates / burden);
  std::uint64_t calls = most_calls_of_all;
  for (const Edit& edit : edits_of(claim, *line)) {
    if (left-- == 0) break;
    budget.check();
    const Candidate c = candidate_of(claim, *line, edit);
    bool cut = false;
    quick.seconds = full.seconds = budget.seconds_left();
    const auto screened = verdict_of(c.block, quick, stop, calls, cut);
    if (cut) return std::nullopt;  // such claims take too long
    if (screened == Verdict::undecided && ++undecided >= most_undecided) return std::nullopt;
    if (!is_true(screened)) continue;
    const auto verdict = verdict_of(c.block, full, stop, calls, cut);
    if (!is_true(verdict)) continue;
    return c.shown + (verdict == Verdict::proved ? "  (proved)" : "  (supported)");
  }
  return std::nullopt;
}

void add_suggestion(const Claim& claim, ClaimReport& report, std::size_t choices, const CheckOptions& options,
                    std::stop_token stop, const Budget& budget) {
  if (!options.suggest || report.cut) return;
  if (report.verdict != Verdict::refuted && report.verdict != Verdict::ill_posed) return;
  for (std::size_t k = 0; k < report.shows.size(); ++k)
    for (LinkReport& link : report.shows[k].links) {
      if (link.finding.verdict != report.verdict) continue;
      try {
        if (auto text = nearest_true(claim, k, choices, options, std::move(stop), budget))
          report.decisive.suggestion = link.finding.suggestion = *text;
      } catch (const std::exception&) {  // its time is up, or it failed: the verdict stands without it
      }
      return;
    }
}

}  // namespace nabla
