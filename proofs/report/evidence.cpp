#include <fmt/format.h>

#include <nabla/proofs/report/evidence.hpp>
#include <nabla/proofs/report/markdown_text.hpp>

namespace nabla {

namespace {

/// "[0.25, 0.26]" is an enclosure, anything else a value. Ends that print alike are the digits known for certain.
std::string violation_text(const std::string& violation) {
  const std::size_t comma = violation.find(", ");
  if (violation.starts_with('[') && violation.ends_with(']') && comma != std::string::npos &&
      violation.substr(1, comma - 1) == violation.substr(comma + 2, violation.size() - comma - 3))
    return violation.substr(1, comma - 1) + ", to the digits shown";
  return violation.starts_with('[') ? "a number in " + violation : violation;
}

class Collector {
 public:
  explicit Collector(const ClaimReport& claim) : claim_(claim), f_(claim.decisive) {}

  std::vector<Evidence> collect() {
    if (claim_.outside) {
      sentence("Not stated because", *claim_.outside);
      return std::move(rows_);
    }
    switch (claim_.verdict) {
      case Verdict::proved:
        sentence("Proof", f_.method);
        sentence("Covers", claim_.coverage);
        sentence("Note", f_.message);
        break;
      case Verdict::supported:
        sentence("Evidence",
                 f_.points > 0 ? fmt::format("{} sampled points agree; not a proof", f_.points) : "not a proof");
        residuals();
        sentence("Covers", claim_.coverage);
        sentence("Note", f_.message);
        sentence("Method", f_.method);
        break;
      case Verdict::refuted:
        code("Fails at", witness_text(f_, claim_.coverage));
        sides();
        sentence("Because", f_.message);
        sentence("Method", f_.method);
        break;
      case Verdict::ill_posed:
        sentence("Because", f_.message);
        if (f_.place) sentence("Place", fmt::format("line {}, column {}", f_.place->line, f_.place->column));
        code("Shapes", shapes_text(f_));
        code(f_.witness.empty() ? "Dimensions" : "At", witness_text(f_, claim_.coverage));
        sentence("Method", f_.method);
        break;
      case Verdict::undecided:
        sentence("Why", f_.message);
        if (f_.points > 0) sentence("Evidence so far", fmt::format("{} sampled points; not a proof", f_.points));
        residuals();
        sentence("Covers", claim_.coverage);
        break;
    }
    if (!f_.hypotheses.empty()) rows_.push_back({"Hypotheses used", f_.hypotheses, true});
    code("Nearest true formula", f_.suggestion);
    if (claim_.cut) sentence("Cut", "by the time limit; this is what was found until then");
    return std::move(rows_);
  }

 private:
  void sentence(const std::string& label, const std::string& text) {
    if (!text.empty()) rows_.push_back({label, {text}, false});
  }
  void code(const std::string& label, const std::string& text) {
    if (!text.empty()) rows_.push_back({label, {text}, true});
  }
  void sides() {
    if (!f_.left.empty()) code(f_.right.empty() ? "Value" : "Left side", entries_text(f_.left));
    if (!f_.right.empty()) code("Right side", entries_text(f_.right));
    if (!f_.violation.empty()) sentence("Differ by", violation_text(f_.violation));
  }
  void residuals() {
    if (f_.residuals.empty()) return;
    Evidence row{"Largest residual", {}, false};
    for (const auto& [digits, worst] : f_.residuals) row.lines.push_back(fmt::format("{} at {} digits", worst, digits));
    rows_.push_back(std::move(row));
  }

  const ClaimReport& claim_;
  const Finding& f_;
  std::vector<Evidence> rows_;
};

}  // namespace

std::string entries_text(const std::vector<std::string>& parts) {
  if (parts.size() == 1) return parts[0];
  std::string text = "[";
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i ? ", " : "") + parts[i];
  return text + "]";
}

std::string shapes_text(const Finding& finding) {
  std::string text;
  for (const std::string& s : finding.shapes) text += (text.empty() ? "" : " against ") + (s == "[]" ? "a scalar" : s);
  return text;
}

std::string witness_text(const Finding& finding, const std::string& coverage) {
  std::string text = coverage;
  for (const auto& [name, entries] : finding.witness)
    text += (text.empty() ? "" : ", ") + name + " = " + entries_text(entries);
  return text;
}

std::vector<Evidence> evidence_of(const ClaimReport& claim) { return Collector(claim).collect(); }

std::string reason_of(const ClaimReport& claim) {
  if (claim.outside) return *claim.outside;
  const Finding& f = claim.decisive;
  std::string text;
  if (claim.verdict == Verdict::refuted) {
    const std::string where = witness_text(f, claim.coverage);
    // Some messages name the point themselves.
    const std::string point = witness_text(f, "");
    const bool named = !point.empty() && f.message.find(point) != std::string::npos;
    if (!where.empty() && !named) text = "at " + where;
    std::string sides;
    if (!f.left.empty() && !f.right.empty())
      sides = "left " + entries_text(f.left) + ", right " + entries_text(f.right);
    else if (!f.left.empty())
      sides = "value " + entries_text(f.left);
    if (!sides.empty()) text += (text.empty() ? "" : ": ") + sides;
    if (!f.message.empty()) text += (text.empty() ? "" : ": ") + f.message;
    return text;
  }
  text = f.message;
  if (const std::string shapes = shapes_text(f); !shapes.empty()) text += (text.empty() ? "" : ": ") + shapes;
  if (!f.witness.empty()) text += (text.empty() ? "at " : ", at ") + witness_text(f, claim.coverage);
  return text;
}

std::vector<SentencePart> parts_of(std::string_view sentence) {
  std::vector<SentencePart> parts;
  while (!sentence.empty()) {
    const std::size_t open = sentence.find('`');
    const std::size_t close = open == std::string_view::npos ? open : sentence.find('`', open + 1);
    if (close == std::string_view::npos) {
      parts.push_back({std::string(sentence), false});
      break;
    }
    if (open > 0) parts.push_back({std::string(sentence.substr(0, open)), false});
    parts.push_back({std::string(sentence.substr(open + 1, close - open - 1)), true});
    sentence.remove_prefix(close + 1);
  }
  return parts;
}

std::string markdown_sentence(std::string_view sentence) {
  std::string out;
  for (const SentencePart& part : parts_of(sentence))
    out += part.is_code ? markdown_code(part.text) : markdown_escaped(part.text);
  return out;
}

bool is_erratum(const ClaimReport& claim) {
  return !claim.outside && (claim.verdict == Verdict::refuted || claim.verdict == Verdict::ill_posed);
}

std::string_view mark_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return "✓";
    case Verdict::supported:
      return "≈";
    case Verdict::refuted:
      return "✗";
    case Verdict::ill_posed:
      return "!";
    case Verdict::undecided:
      return "?";
  }
  return "?";
}
std::string_view mark_of(const ClaimReport& claim) { return claim.outside ? "–" : mark_of(claim.verdict); }
std::string_view word_of(const ClaimReport& claim) { return claim.outside ? "outside" : to_string(claim.verdict); }

std::string_view meaning_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return "an exact or rigorous argument covers the whole stated set, and its certificate can be replayed";
    case Verdict::supported:
      return "agreement at sampled points at growing precision, or a proof of a part; not a proof of the whole";
    case Verdict::refuted:
      return "a witness: exact values at which the hypotheses hold and the statement certainly fails";
    case Verdict::ill_posed:
      return "neither true nor false: shapes or sets do not conform, or something is not defined on the stated set";
    case Verdict::undecided:
      return "none of these could be shown";
  }
  return "";
}

}  // namespace nabla
