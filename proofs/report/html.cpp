// The page of a report.
#include <fmt/format.h>

#include <array>
#include <nabla/proofs/report/evidence.hpp>
#include <nabla/proofs/report/formula.hpp>
#include <nabla/proofs/report/html_style.hpp>
#include <nabla/proofs/report/html_text.hpp>
#include <nabla/proofs/report/prose.hpp>
#include <nabla/proofs/report/report_index.hpp>

namespace nabla {

namespace {

constexpr std::array verdicts{Verdict::proved, Verdict::supported, Verdict::refuted, Verdict::ill_posed,
                              Verdict::undecided};

std::string html_link_to(std::string_view id) {
  return "<a href=\"#" + claim_anchor(id) + "\"><code>" + html_escaped(id) + "</code></a>";
}

std::string sentence_html(const std::string& sentence) {
  std::string out;
  for (const SentencePart& part : parts_of(sentence))
    out += part.is_code ? "<code>" + html_escaped(part.text) + "</code>" : html_escaped(part.text);
  return out;
}

std::string verdict_html(const ClaimReport& claim) {
  return fmt::format("<span class=\"verdict {0}\"><span class=\"sign\" aria-hidden=\"true\">{1}</span>{0}</span>",
                     word_of(claim), mark_of(claim));
}

std::string expectation_html(const ClaimReport& claim) {
  if (claim.as_expected())
    return claim.expected && is_erratum(claim) ? "<span class=\"soft\">as the file expects</span>" : "";
  return fmt::format("<span class=\"unexpected\">not as expected: the file says {}</span>",
                     claim.expected ? to_string(*claim.expected) : "proved or supported");
}

std::string evidence_html(const ClaimReport& claim, const ReportIndex& index) {
  std::string rows;
  for (const Evidence& e : evidence_of(claim)) {
    rows += "<dt>" + html_escaped(e.label) + "</dt><dd>";
    const auto text = [&](const std::string& line) {
      return e.is_code ? "<code>" + html_escaped(line) + "</code>" : sentence_html(line);
    };
    if (e.lines.size() == 1) {
      rows += text(e.lines[0]);
    } else {
      rows += "<ul>";
      for (const std::string& line : e.lines) rows += "<li>" + text(line) + "</li>";
      rows += "</ul>";
    }
    rows += "</dd>\n";
  }
  if (const ClaimReport* right = index.correction_of(claim.id))
    rows += "<dt>What is right</dt><dd>" + html_link_to(right->id) + " " + verdict_html(*right) + "</dd>\n";
  return rows.empty() ? "" : "<dl class=\"evidence\">\n" + rows + "</dl>\n";
}

std::string source_html(const Document& document, const Segment& block) {
  const BlockText inside = inside_of(document, block);
  return fmt::format(
      "<details><summary>Source, lines {} to {}</summary><pre tabindex=\"0\"><code>{}</code></pre></details>\n",
      inside.first_line, inside.last_line, html_escaped(inside.text));
}

class Page {
 public:
  Page(const Report& report, std::span<const Document> documents)
      : report_(report), documents_(documents), index_(report, documents) {}

  std::string write() {
    const std::string title = documents_.size() == 1 ? title_of(documents_[0]) : "Checked documents";
    out_ =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
        html_escaped("Claims checked: " + title) + "</title>\n<style>" + std::string(html_style()) +
        "</style>\n</head>\n<body>\n<main>\n";
    front(title);
    for (const Document& document : documents_) write_document(document);
    out_ += "</main>\n";
    foot();
    out_ += "</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void front(const std::string& title) {
    out_ += "<section class=\"front\">\n<h1>Claims checked: " + inline_html(title) + "</h1>\n<p class=\"lead\">" +
            html_escaped(to_line(summarise(report_.claims))) + ".</p>\n";
    if (report_.interrupted)
      out_ += "<p><strong>The run was interrupted;</strong> this is what was found so far.</p>\n";
    counts();
    if (documents_.size() > 1) {
      out_ += "<ul>\n";
      for (std::size_t i = 0; i < documents_.size(); ++i)
        out_ +=
            fmt::format("<li><a href=\"#document-{}\">{}</a>: {}</li>\n", i + 1, inline_text(title_of(documents_[i])),
                        html_escaped(to_line(summarise(claims_of(documents_[i], index_)))));
      out_ += "</ul>\n";
    }
    unexpected();
    mistakes();
    errata();
    others();
    out_ += "</section>\n";
  }

  /// A heading inside of a link: its links become text.
  static std::string inline_text(const std::string& markdown) { return html_escaped(markdown); }

  void counts() {
    const Summary s = summarise(report_.claims);
    out_ +=
        "<h2>Verdicts</h2>\n<div class=\"wide\" tabindex=\"0\"><table class=\"counts\">\n<thead><tr><th "
        "scope=\"col\">Verdict</th><th scope=\"col\">Claims</th><th scope=\"col\">Meaning</th></tr></thead>\n"
        "<tbody>\n";
    for (const Verdict v : verdicts) {
      const auto it = s.by_verdict.find(v);
      out_ += fmt::format(
          "<tr><th scope=\"row\"><span class=\"verdict {0}\"><span class=\"sign\" aria-hidden=\"true\">{1}</span>{0}"
          "</span></th><td class=\"count\">{2}</td><td>{3}</td></tr>\n",
          to_string(v), mark_of(v), it == s.by_verdict.end() ? 0 : it->second, html_escaped(meaning_of(v)));
    }
    if (s.outside > 0)
      out_ += fmt::format(
          "<tr><th scope=\"row\"><span class=\"verdict outside\"><span class=\"sign\" aria-hidden=\"true\">–</span>"
          "outside</span></th><td class=\"count\">{}</td><td>what the language of claims cannot state</td></tr>\n",
          s.outside);
    out_ += "</tbody>\n</table></div>\n";
  }

  template <class Choose, class Write>
  void listing(std::string_view heading, Choose choose, Write write) {
    std::string items;
    std::size_t n = 0;
    for (const ClaimReport& claim : report_.claims)
      if (choose(claim)) {
        items += "<li>" + write(claim) + "</li>\n";
        ++n;
      }
    if (n > 0) out_ += fmt::format("<h2>{} ({})</h2>\n<ol class=\"errata\">\n{}</ol>\n", heading, n, items);
  }

  static std::string reason_html(const ClaimReport& claim) {
    const std::string reason = reason_of(claim);
    return reason.empty() ? "" : "<span class=\"reason\">" + sentence_html(reason) + "</span>";
  }

  void unexpected() {
    listing(
        "Not as expected", [](const ClaimReport& c) { return !c.as_expected(); },
        [](const ClaimReport& c) {
          return html_link_to(c.id) + " " + verdict_html(c) + " " + expectation_html(c) + reason_html(c);
        });
  }

  void errata() {
    listing("Errata", is_erratum, [this](const ClaimReport& c) {
      std::string text = html_link_to(c.id) + " " + verdict_html(c) + reason_html(c);
      if (const ClaimReport* right = index_.correction_of(c.id))
        text +=
            "<span class=\"reason\">What is right: " + html_link_to(right->id) + " " + verdict_html(*right) + "</span>";
      return text;
    });
  }

  void others() {
    std::string items;
    std::size_t n = 0;
    for (const ClaimReport& c : report_.claims) {
      if (!c.outside && c.verdict != Verdict::undecided) continue;
      items += "<li>" + html_link_to(c.id) + " " + verdict_html(c) + reason_html(c) + "</li>\n";
      ++n;
    }
    if (n > 0)
      out_ += fmt::format(
          "<details><summary>Undecided or outside of the language ({})</summary>\n<ol "
          "class=\"errata\">\n{}</ol></details>\n",
          n, items);
  }

  void mistakes() {
    if (report_.errors.empty()) return;
    out_ += fmt::format("<h2>Blocks that could not be read ({})</h2>\n<ol class=\"errata\">\n", report_.errors.size());
    for (const SyntaxError& e : report_.errors) out_ += "<li>" + mistake_html(e) + "</li>\n";
    out_ += "</ol>\n";
  }
  static std::string mistake_html(const SyntaxError& e) {
    return "<pre tabindex=\"0\"><code>" + html_escaped(e.render()) + "</code></pre>";
  }

  void write_document(const Document& document) {
    out_ += fmt::format("<article class=\"document\" id=\"document-{}\">\n", ++number_);
    if (documents_.size() > 1) out_ += "<p class=\"soft ui\">" + html_escaped(document.source.name()) + "</p>\n";
    for (const Segment& segment : document.segments) {
      if (segment.is_block)
        write_block(document, segment);
      else
        out_ += "<div class=\"prose\">\n" + prose_html(text_of(document, segment), 1) + "</div>\n";
    }
    out_ += "</article>\n";
  }

  void write_block(const Document& document, const Segment& block) {
    const auto errors = index_.errors_in(document, block);
    if (!errors.empty() || !block.claim) {
      out_ +=
          "<section class=\"claim unchecked\"><header><span class=\"verdict outside\"><span class=\"sign\" "
          "aria-hidden=\"true\">×</span>not read</span></header>\n<div class=\"only\">";
      for (const SyntaxError* e : errors) out_ += mistake_html(*e);
      out_ += "</div>\n" + source_html(document, block) + "</section>\n";
      return;
    }
    const Claim& claim = document.claims[*block.claim];
    const ClaimReport* checked = index_.find(claim.id);
    out_ += fmt::format("<section class=\"claim {}\" id=\"{}\" aria-label=\"{}\">\n<header>",
                        checked != nullptr ? word_of(*checked) : "unchecked", claim_anchor(claim.id),
                        html_escaped("claim " + claim.id));
    out_ += checked != nullptr ? verdict_html(*checked) : "<span class=\"verdict outside\">not checked</span>";
    out_ +=
        " <a class=\"id\" href=\"#" + claim_anchor(claim.id) + "\"><code>" + html_escaped(claim.id) + "</code></a> ";
    if (checked != nullptr) out_ += expectation_html(*checked);
    out_ += "</header>\n";
    const std::string evidence = checked != nullptr ? evidence_html(*checked, index_) : "";
    if (claim.outside)
      out_ += "<div class=\"only\"><p>" + html_escaped("Outside of the language: " + claim.outside->reason) +
              "</p></div>\n";
    else
      out_ += std::string(evidence.empty() ? "<div class=\"only\">\n" : "<div>\n") + formula_html(claim, checked) +
              "</div>\n" + evidence;
    out_ += source_html(document, block) + "</section>\n";
  }

  void foot() {
    const CheckOptions& o = report_.options;
    out_ += fmt::format(
        "<footer>\n<p>Written by nabla {} (<code>nabla verify --report</code>) with --digits {} --seed {} --points {}. "
        "A claim is proved, refuted or ill-posed by exact arithmetic or rigorous enclosures only; no tolerance takes "
        "part. Certificates and witnesses can be replayed with <code>nabla recheck</code>.</p>\n</footer>\n",
        html_escaped(report_.version), o.digits, o.seed, o.points);
  }

  const Report& report_;
  std::span<const Document> documents_;
  ReportIndex index_;
  std::string out_;
  int number_ = 0;
};

}  // namespace

std::string to_html(const Report& report, std::span<const Document> documents) {
  return Page(report, documents).write();
}

}  // namespace nabla
