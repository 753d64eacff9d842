// A report as Markdown.
#include <fmt/format.h>

#include <array>
#include <nabla/proofs/report/evidence.hpp>
#include <nabla/proofs/report/markdown_text.hpp>
#include <nabla/proofs/report/prose.hpp>
#include <nabla/proofs/report/report_index.hpp>

namespace nabla {

namespace {

std::string markdown_link_to(std::string_view id) {
  return fmt::format("[{}](#{})", markdown_code(id), claim_anchor(id));
}

std::string verdict_text(const ClaimReport& claim) { return fmt::format("**{} {}**", mark_of(claim), word_of(claim)); }

std::string expectation(const ClaimReport& claim) {
  if (claim.as_expected()) return claim.expected && is_erratum(claim) ? ", as the file expects" : "";
  return fmt::format(", **not as expected** (the file says {})",
                     claim.expected ? to_string(*claim.expected) : "proved or supported");
}

class MarkdownReport {
 public:
  MarkdownReport(const Report& report, std::span<const Document> documents)
      : report_(report), documents_(documents), index_(report, documents) {}

  std::string write() {
    const std::string title = documents_.size() == 1 ? title_of(documents_[0]) : "checked documents";
    out_ = "# Claims checked: " + markdown_prose(title) + "\n" + to_line(summarise(report_.claims)) + ".\n\n";
    if (report_.interrupted) out_ += "**The run was interrupted;** this is what was found so far.\n\n";
    counts();
    list("Not as expected", [](const ClaimReport& c) { return !c.as_expected(); });
    mistakes();
    list("Errata", is_erratum);
    list("Undecided or outside of the language",
         [](const ClaimReport& c) { return c.outside || c.verdict == Verdict::undecided; });
    for (const Document& document : documents_) write_document(document);
    out_ += fmt::format(
        "\n---\n\nWritten by nabla {} (`nabla verify --report`) with `--digits {} --seed {} --points {}`. A claim is "
        "proved, "
        "refuted or ill-posed by exact arithmetic or rigorous enclosures only; no tolerance takes part.\n",
        report_.version, report_.options.digits, report_.options.seed, report_.options.points);
    return std::move(out_);
  }

 private:
  void counts() {
    const Summary s = summarise(report_.claims);
    out_ += "| verdict | claims | means |\n|---|--:|---|\n";
    for (const Verdict v :
         {Verdict::proved, Verdict::supported, Verdict::refuted, Verdict::ill_posed, Verdict::undecided}) {
      const auto it = s.by_verdict.find(v);
      out_ += fmt::format("| {} {} | {} | {} |\n", mark_of(v), to_string(v), it == s.by_verdict.end() ? 0 : it->second,
                          meaning_of(v));
    }
    if (s.outside > 0)
      out_ += fmt::format("| – outside | {} | what the language of claims cannot state |\n", s.outside);
    out_ += "\n";
  }

  template <class Choose>
  void list(std::string_view heading, Choose choose) {
    std::string items;
    int n = 0;
    for (const ClaimReport& c : report_.claims) {
      if (!choose(c)) continue;
      items += fmt::format("{}. {} {}{}", ++n, markdown_link_to(c.id), verdict_text(c), expectation(c));
      if (const std::string reason = reason_of(c); !reason.empty()) items += ": " + markdown_sentence(reason);
      if (const ClaimReport* right = index_.correction_of(c.id))
        items += fmt::format("; right is {} {}", markdown_link_to(right->id), verdict_text(*right));
      items += "\n";
    }
    if (n > 0) out_ += fmt::format("## {} ({})\n\n{}\n", heading, n, items);
  }

  void mistakes() {
    if (report_.errors.empty()) return;
    out_ += fmt::format("## Blocks that could not be read ({})\n\n", report_.errors.size());
    for (const SyntaxError& e : report_.errors) out_ += markdown_block(e.render(), "text") + "\n";
  }

  void write_document(const Document& document) {
    out_ += "---\n\n";
    if (documents_.size() > 1) out_ += "From " + markdown_code(document.source.name()) + ":\n\n";
    for (const Segment& segment : document.segments) {
      if (segment.is_block)
        write_block(document, segment);
      else
        out_ += markdown_prose(text_of(document, segment));
      if (!out_.ends_with("\n\n")) out_ += '\n';
    }
  }

  void write_block(const Document& document, const Segment& block) {
    const auto errors = index_.errors_in(document, block);
    const ClaimReport* checked = block.claim ? index_.find(document.claims[*block.claim].id) : nullptr;
    if (block.claim) {
      const std::string& id = document.claims[*block.claim].id;
      out_ += fmt::format("<a id=\"{}\"></a>", claim_anchor(id));
      out_ += checked != nullptr ? verdict_text(*checked) : std::string("**not checked**");
      out_ += " " + markdown_code(id) + (checked != nullptr ? expectation(*checked) : "") + "\n\n";
    } else {
      out_ += "**× not read**\n\n";
    }
    out_ += markdown_block(inside_of(document, block).text, "text") + "\n";
    for (const SyntaxError* e : errors) out_ += markdown_block(e->render(), "text") + "\n";
    if (checked == nullptr || checked->outside) return;
    for (const Evidence& e : evidence_of(*checked)) {
      const auto text = [&](const std::string& line) {
        return e.is_code ? markdown_code(line) : markdown_sentence(line);
      };
      out_ += "- " + e.label + ": ";
      for (std::size_t i = 0; i < e.lines.size(); ++i) out_ += (i > 0 ? "; " : "") + text(e.lines[i]);
      out_ += "\n";
    }
    parts(*checked);
    if (const ClaimReport* right = index_.correction_of(checked->id))
      out_ += "- What is right: " + markdown_link_to(right->id) + " " + verdict_text(*right) + "\n";
    out_ += "\n";
  }

  /// Where a claim shows several things, the verdict of each.
  void parts(const ClaimReport& claim) {
    std::size_t n = 0;
    for (const ShowReport& show : claim.shows) n += show.links.size();
    if (n < 2) return;
    for (const ShowReport& show : claim.shows)
      for (std::size_t k = 0; k < show.links.size(); ++k)
        out_ += fmt::format("- Line {}{}: {} {}\n", show.place.line,
                            show.links.size() > 1 ? fmt::format(", link {}", k + 1) : "",
                            mark_of(show.links[k].finding.verdict), to_string(show.links[k].finding.verdict));
  }

  const Report& report_;
  std::span<const Document> documents_;
  ReportIndex index_;
  std::string out_;
};

}  // namespace

std::string to_markdown(const Report& report, std::span<const Document> documents) {
  return MarkdownReport(report, documents).write();
}

}  // namespace nabla
