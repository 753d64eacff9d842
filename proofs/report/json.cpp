#include <nabla/proofs/report/report.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using Json = nlohmann::ordered_json;

void add(Json& to, const char* name, const std::string& text) {
  if (!text.empty()) to[name] = text;
}

Json certificate_json(const Certificate& c) {
  Json data = Json::parse(c.data, nullptr, false);
  if (data.is_discarded()) data = c.data;
  return {{"kind", c.kind}, {"data", std::move(data)}};
}

/// The evidence of a finding, in the fields that a claim has.
void add_finding(Json& to, const Finding& f) {
  add(to, "method", f.method);
  if (!f.witness.empty()) to["witness"] = f.witness;
  if (!f.left.empty()) to["left"] = f.left;
  if (!f.right.empty()) to["right"] = f.right;
  add(to, "violation", f.violation);
  add(to, "suggestion", f.suggestion);
  add(to, "message", f.message);
  if (!f.hypotheses.empty()) to["hypotheses"] = f.hypotheses;
  if (f.verdict == Verdict::ill_posed && f.place) {
    to["place"] = {{"line", f.place->line}, {"column", f.place->column}};
    if (!f.shapes.empty()) to["place"]["shapes"] = f.shapes;
  }
  if (f.points > 0) to["points"] = f.points;
  if (!f.residuals.empty()) {
    Json residuals = Json::object();
    for (const auto& [digits, worst] : f.residuals) residuals[std::to_string(digits)] = worst;
    to["residuals"] = std::move(residuals);
  }
}

Json claim_json(const ClaimReport& claim, bool timing) {
  Json j;
  j["id"] = claim.id;
  j["file"] = claim.file;
  j["line"] = claim.place.line;
  j["verdict"] = to_string(claim.verdict);
  if (claim.expected) j["expected"] = to_string(*claim.expected);
  if (claim.outside) j["outside"] = *claim.outside;
  if (claim.cut) j["cut"] = true;
  add(j, "coverage", claim.coverage);
  add_finding(j, claim.decisive);
  Json shows = Json::array();
  std::vector<Certificate> certificates;
  for (const ShowReport& show : claim.shows) {
    Json links = Json::array();
    for (const LinkReport& link : show.links) {
      Json l;
      l["left"] = link.left;
      add(l, "right", link.right);
      l["verdict"] = to_string(link.finding.verdict);
      add(l, "method", link.finding.method);
      add(l, "coverage", link.coverage);
      add(l, "message", link.finding.message);
      if (!link.finding.certificates.empty()) {
        l["certificates"] = Json::array();
        for (const Certificate& c : link.finding.certificates) l["certificates"].push_back(certificate_json(c));
      }
      links.push_back(std::move(l));
    }
    shows.push_back({{"line", show.place.line}, {"text", show.text}, {"links", std::move(links)}});
  }
  if (!shows.empty()) j["shows"] = std::move(shows);
  if (!claim.decisive.certificates.empty()) j["certificate"] = certificate_json(claim.decisive.certificates.front());
  if (timing) j["seconds"] = claim.seconds;
  return j;
}

}  // namespace

Summary summarise(std::span<const ClaimReport> claims) {
  Summary s;
  for (const ClaimReport& claim : claims) {
    if (claim.outside) {
      ++s.outside;
      continue;
    }
    ++s.by_verdict[claim.verdict];
    if (!claim.as_expected()) ++s.unexpected;
  }
  return s;
}

std::string to_json(const Report& report) {
  Json j;
  j["schema"] = "nabla.verify/1";
  j["digits"] = report.options.digits;
  j["seed"] = report.options.seed;
  j["claims"] = Json::array();
  for (const ClaimReport& claim : report.claims) j["claims"].push_back(claim_json(claim, report.timing));
  if (report.interrupted) j["interrupted"] = true;
  if (!report.errors.empty()) {
    j["errors"] = Json::array();
    for (const SyntaxError& e : report.errors)
      j["errors"].push_back({{"file", e.source().name()},
                             {"line", e.place().line},
                             {"column", e.place().column},
                             {"message", e.message()},
                             {"expected", e.expected()}});
  }
  const Summary s = summarise(report.claims);
  Json summary;
  for (const Verdict v :
       {Verdict::proved, Verdict::supported, Verdict::refuted, Verdict::ill_posed, Verdict::undecided}) {
    const auto it = s.by_verdict.find(v);
    summary[std::string(to_string(v))] = it == s.by_verdict.end() ? 0 : it->second;
  }
  summary["outside"] = s.outside;
  summary["unexpected"] = s.unexpected;
  j["summary"] = std::move(summary);
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nabla
