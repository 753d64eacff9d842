#include <fmt/format.h>

#include <nabla/proofs/report/evidence.hpp>

namespace nabla {

namespace {

const char* colour_of(Verdict v) {
  switch (v) {
    case Verdict::proved:
      return "\x1b[32m";
    case Verdict::supported:
      return "\x1b[36m";
    case Verdict::refuted:
      return "\x1b[31m";
    case Verdict::ill_posed:
      return "\x1b[35m";
    case Verdict::undecided:
      return "\x1b[33m";
  }
  return "";
}

}  // namespace

std::string to_line(const ClaimReport& claim, bool colour) {
  const std::string verdict = claim.outside ? "outside" : std::string(to_string(claim.verdict));
  std::string line = colour ? fmt::format("{}{:10}\x1b[0m", claim.outside ? "" : colour_of(claim.verdict), verdict)
                            : fmt::format("{:10}", verdict);
  line += " " + claim.id;
  if (claim.outside) return line + "  (" + *claim.outside + ")";
  const Finding& f = claim.decisive;
  std::string how;
  const auto also = [&how](const std::string& part) {
    if (!part.empty()) how += (how.empty() ? "" : "; ") + part;
  };
  if (!f.witness.empty())
    also("at " + (claim.coverage.empty() ? "" : claim.coverage + ", ") + witness_text(f, ""));
  else
    also(claim.coverage);
  if (claim.verdict == Verdict::ill_posed || claim.verdict == Verdict::undecided)
    also(f.message);
  else if (claim.verdict == Verdict::proved)
    also(f.method);
  else if (claim.verdict == Verdict::supported)
    also(f.points > 0 ? fmt::format("{} points; not a proof", f.points) : f.message);
  if (claim.cut) also("cut");
  if (!how.empty()) line += "  (" + how + ")";
  if (!claim.as_expected())
    line += fmt::format("  UNEXPECTED: the file says {}",
                        claim.expected ? to_string(*claim.expected) : "proved or supported");
  return line;
}

std::string details(const ClaimReport& claim) {
  std::string text;
  const auto row = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("           {:10} {}\n", name, value);
  };
  for (const ShowReport& show : claim.shows)
    for (const LinkReport& link : show.links) {
      if (link.finding.verdict != claim.verdict) continue;
      const Finding& f = link.finding;
      const std::optional<Place> place = f.place ? f.place : std::optional(show.place);
      row("at", fmt::format("{}:{}:{}", claim.file, place->line, place->column));
      row("show", show.text);
      row("shapes", shapes_text(f));
      if (!f.left.empty()) row("left", entries_text(f.left));
      if (!f.right.empty()) row("right", entries_text(f.right));
      row("violation", f.violation);
      row("because", f.message);
      row("method", f.method);
      row("suggestion", f.suggestion);
      return text;
    }
  return text;
}

std::string to_line(const Summary& summary) {
  int total = summary.outside;
  std::string parts;
  for (const Verdict v :
       {Verdict::proved, Verdict::supported, Verdict::refuted, Verdict::ill_posed, Verdict::undecided}) {
    const auto it = summary.by_verdict.find(v);
    if (it == summary.by_verdict.end()) continue;
    total += it->second;
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", it->second, to_string(v));
  }
  if (summary.outside > 0) parts += fmt::format("{}{} outside", parts.empty() ? "" : ", ", summary.outside);
  return fmt::format(
      "{} {}{}{}; {}", total, total == 1 ? "claim" : "claims", parts.empty() ? "" : ": ", parts,
      summary.unexpected == 0 ? "all as expected" : fmt::format("{} not as expected", summary.unexpected));
}

}  // namespace nabla
