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

/// A line of a terminal is no place for a formula of a hundred thousand characters; the other reports have it.
std::string clipped(const std::string& text) {
  constexpr std::size_t most = 600;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // whole characters
  return text.substr(0, end) + "...";
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
  if (!how.empty()) line += "  (" + clipped(how) + ")";
  if (!claim.as_expected())
    line += fmt::format("  UNEXPECTED: the file says {}",
                        claim.expected ? to_string(*claim.expected) : "proved or supported");
  return line;
}

std::string details(const ClaimReport& claim) {
  std::string text;
  const auto row = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("           {:10} {}\n", name, clipped(value));
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
  std::string line = fmt::format("{} {}{}{}", total, total == 1 ? "claim" : "claims", parts.empty() ? "" : ": ", parts);
  const bool whole = summary.errors == 0 && summary.not_reached == 0;
  if (summary.unexpected > 0)
    line += fmt::format("; {} not as expected", summary.unexpected);
  else if (total > 0)
    line += whole ? "; all as expected" : "; these as expected";
  if (summary.errors > 0) line += fmt::format("; {} {}", summary.errors, summary.errors == 1 ? "error" : "errors");
  if (summary.not_reached > 0) line += fmt::format("; interrupted, {} not reached", summary.not_reached);
  return line;
}

}  // namespace nabla
