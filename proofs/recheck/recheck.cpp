#include <algorithm>
#include <cstdlib>
#include <map>
#include <nabla/proofs/claim/constant_premise.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nabla/proofs/claim/kink_pattern.hpp>
#include <nabla/proofs/claim/verdict.hpp>
#include <nabla/proofs/recheck/evidence.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>
#include <nabla/proofs/recheck/index/replay.hpp>
#include <nabla/proofs/recheck/kinds.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace nabla {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::confirmed:
      return "confirmed";
    case Outcome::failed:
      return "failed";
    case Outcome::open:
      return "open";
    case Outcome::not_replayed:
      return "not replayed";
  }
  return "open";
}

namespace {

/// The documents of a report, each read once.
class Library {
 public:
  explicit Library(const std::function<std::string(const std::string&)>& read_file) : read_file_(read_file) {}
  const Claim* find(const std::string& file, const std::string& id) {
    auto it = documents_.find(file);
    if (it == documents_.end())
      it = documents_.emplace(file, read_document(Source(file, read_file_(file)), ids_)).first;
    for (const Claim& claim : it->second.claims)
      if (claim.id == id) return &claim;
    return nullptr;
  }

 private:
  const std::function<std::string(const std::string&)>& read_file_;
  ClaimIds ids_;
  std::map<std::string, Document> documents_;
};

/// Puts in what the certificate says was differentiated without its kinks, where that is equal by this re-checker's own
/// algebra.
class SmoothReplay {
 public:
  SmoothReplay(const nlohmann::ordered_json& patterns, std::string& unconfirmed)
      : patterns_(patterns), unconfirmed_(unconfirmed) {}

  Expr operator()(const Problem& so_far, const Expr& of, const Expr& by) {
    const std::vector<NodeId> kinks = replaceable_kinks(so_far, of, by);
    if (kinks.empty()) return of;
    const auto found = patterns_.find(std::to_string(calls_++));
    if (found == patterns_.end()) return of;
    const auto pattern = found->get<KinkPattern>();
    bool fits = pattern.size() == kinks.size();
    for (std::size_t k = 0; fits && k < kinks.size(); ++k)
      fits = static_cast<std::size_t>(std::abs(pattern[k])) <= of.graph().operands(kinks[k]).size();
    if (!fits) throw std::out_of_range("what was differentiated has other kinks");
    const Expr smooth = with_pattern(of, kinks, pattern);
    const Problem around = around_the_set(so_far, by);
    nlohmann::ordered_json every_hypothesis{{"hypotheses", nlohmann::ordered_json::array()},
                                            {"sets", nlohmann::ordered_json::array()}};
    for (std::size_t h = 0; h < around.hypotheses.size(); ++h) every_hypothesis["hypotheses"].push_back(h);
    const Replay equal = recheck_identity(around, of, smooth, every_hypothesis.dump());
    if (equal.answer != Replay::Answer::yes || !keeps_domain(of, smooth))
      unconfirmed_ = "that the kinks cancel in what is differentiated was not derived again: " + equal.message;
    return smooth;
  }

 private:
  const nlohmann::ordered_json& patterns_;
  std::string& unconfirmed_;
  std::size_t calls_ = 0;
};

/// The link that a certificate speaks of, elaborated anew.
struct Located {
  Problem problem;
  Statement statement;
  std::string unconfirmed;  ///< what was differentiated without its kinks and not derived again
};

Located locate(const Claim& claim, const nlohmann::ordered_json& data) {
  Located located;
  Choice choice;
  for (const auto& [name, value] : data.at("dimensions").items()) choice.emplace_back(name, value.get<std::int64_t>());
  const nlohmann::ordered_json smooth = data.contains("smooth") ? data.at("smooth") : nlohmann::ordered_json::object();
  const auto [treatment, shape] = parse_treatment(data.at("functions").get<std::string>());
  located.problem =
      elaborate(claim, choice, treatment, SmoothReplay{smooth, located.unconfirmed}, shape, Misfits::kept);
  Statement statement = located.problem.shows.at(data.at("show").get<std::size_t>());
  const auto link = data.at("link").get<std::size_t>();
  if (const Misfit* misfit = misfit_of(statement, link)) {
    if (misfit->error) throw *misfit->error;
    throw NotHandled(misfit->reason);
  }
  if (statement.kind == Statement::Kind::relation) {
    statement.sides = {statement.sides.at(link), statement.sides.at(link + 1)};
    statement.comparisons = {statement.comparisons.at(link)};
  }
  if (auto rest = without_constant_premises(statement)) statement = std::move(*rest);
  located.statement = std::move(statement);
  return located;
}

/// Takes out of the hypotheses those that hold of every member of the stated set, by certificates of their own. Whether
/// all of them were confirmed.
bool take_out_settled(Problem& problem, const nlohmann::ordered_json& settled) {
  Problem bare = problem;
  bare.hypotheses.clear();
  std::set<std::size_t> held;
  for (const nlohmann::ordered_json& each : settled) {
    const auto k = each.at("hypothesis").get<std::size_t>();
    const Statement& hypothesis = problem.hypotheses.at(k);
    std::vector<weighing::Confirmed> confirmed;
    for (const nlohmann::ordered_json& certificate : each.at("certificates")) {
      const std::string kind = certificate.at("kind");
      if (replay_kind(kind, bare, hypothesis, certificate.at("evidence")).outcome != Outcome::confirmed) return false;
      if (const auto said = weighing::said_by(hypothesis, kind, certificate.at("evidence"), FunctionTreatment::none))
        confirmed.push_back(*said);
    }
    if (weighing::concluded(bare, hypothesis, confirmed) != Truth::yes) return false;
    held.insert(k);
  }
  std::vector<Statement> rest;
  for (std::size_t k = 0; k < problem.hypotheses.size(); ++k)
    if (!held.contains(k)) rest.push_back(std::move(problem.hypotheses[k]));
  problem.hypotheses = std::move(rest);
  return true;
}

/// One link of a report: its certificates, and whether they amount to its verdict.
class LinkReplay {
 public:
  LinkReplay(const Claim& claim, std::size_t show, std::size_t link) : claim_(claim), show_(show), link_(link) {}

  std::vector<ReplayedCertificate> run(const nlohmann::ordered_json& link) {
    const std::string verdict = link.at("verdict");
    if (link.contains("certificates"))
      for (const nlohmann::ordered_json& certificate : link.at("certificates")) {
        const std::string kind = certificate.at("kind");
        ReplayedCertificate r = guarded([&] { return replay(kind, certificate.at("data")); });
        r.kind = kind;
        if (r.outcome != Outcome::confirmed && r.message.empty()) r.message = "what it says was not derived again";
        replays_.push_back(std::move(r));
      }
    const bool all_confirmed =
        std::ranges::all_of(replays_, [](const ReplayedCertificate& r) { return r.outcome == Outcome::confirmed; });
    if (!all_confirmed) return std::move(replays_);  // said already
    ReplayedCertificate sum = guarded([&] {
      ReplayedCertificate r;
      for (const Part& part : parts_)
        evidence_.add(part.dimensions,
                      weighing::concluded(part.located.problem, part.located.statement, part.confirmed));
      r.message = evidence_.lacks(claim_, show_, verdict);
      if (r.message.empty()) r.outcome = Outcome::confirmed;
      return r;
    });
    sum.kind = "verdict";
    if (sum.outcome != Outcome::confirmed) replays_.push_back(std::move(sum));
    return std::move(replays_);
  }

 private:
  /// What was confirmed for one choice of dimensions and one treatment of function variables.
  struct Part {
    nlohmann::ordered_json dimensions;
    std::string functions;
    Located located;
    std::vector<weighing::Confirmed> confirmed;
  };

  template <class F>
  static ReplayedCertificate guarded(F replay) {
    ReplayedCertificate r;
    try {
      return replay();
    } catch (const NotHandled& error) {
      r.message = error.what();
      return r;
    } catch (const nlohmann::json::exception& error) {
      r.message = std::string("the certificate is damaged: ") + error.what();
    } catch (const std::out_of_range&) {
      r.message = "the certificate does not fit the document";
    } catch (const std::exception& error) {  // ill-posed, unknown names, limits of memory
      r.message = error.what();
    }
    r.outcome = Outcome::failed;
    return r;
  }

  ReplayedCertificate replay(const std::string& kind, const nlohmann::ordered_json& data) {
    ReplayedCertificate r;
    if (data.at("show").get<std::size_t>() != show_ || data.at("link").get<std::size_t>() != link_) {
      r.outcome = Outcome::failed;
      r.message = "the certificate is about another statement";
      return r;
    }
    if (kind == "index-identity") {  // for all dimensions at once
      r = replay_every_dimension(claim_, show_, link_, data.value("sums", nlohmann::ordered_json::object()));
      if (r.outcome == Outcome::confirmed) evidence_.add_every_dimension();
      return r;
    }
    Located located = locate(claim_, data);
    if (!located.unconfirmed.empty()) {
      r.message = std::move(located.unconfirmed);
      return r;
    }
    if (data.contains("settled") && !take_out_settled(located.problem, data.at("settled"))) {
      r.message = "a hypothesis that is said to hold throughout was not shown to do so";
      return r;
    }
    r = replay_kind(kind, located.problem, located.statement, data.at("evidence"));
    if (r.outcome != Outcome::confirmed) return r;
    const std::string functions = data.at("functions");
    const auto said = weighing::said_by(located.statement, kind, data.at("evidence"), located.problem.functions);
    auto part = std::ranges::find_if(
        parts_, [&](const Part& p) { return p.dimensions == data.at("dimensions") && p.functions == functions; });
    if (part == parts_.end())
      part = parts_.insert(parts_.end(), {data.at("dimensions"), functions, std::move(located), {}});
    if (said) part->confirmed.push_back(*said);
    return r;
  }

  const Claim& claim_;
  std::size_t show_, link_;
  std::vector<ReplayedCertificate> replays_;
  std::vector<Part> parts_;
  weighing::LinkEvidence evidence_;
};

/// What a claim states as a whole has to follow from its links, and its witness has to be a certified one. Empty when
/// it does.
std::string contradiction(const nlohmann::ordered_json& claim) {
  const std::string verdict = claim.at("verdict");
  std::optional<Verdict> combined;
  std::vector<nlohmann::ordered_json> witnesses;
  for (const nlohmann::ordered_json& show : claim.at("shows"))
    for (const nlohmann::ordered_json& link : show.at("links")) {
      const auto v = parse_verdict(link.at("verdict").get<std::string>());
      if (!v) return "a verdict that does not exist";
      combined = combined ? combine(*combined, *v) : *v;
      if (!link.contains("certificates")) continue;
      for (const nlohmann::ordered_json& certificate : link.at("certificates")) {
        nlohmann::ordered_json evidence = certificate.at("data").value("evidence", nlohmann::ordered_json());
        if (certificate.at("kind") == "part" && evidence.is_object())
          evidence = evidence.value("evidence", nlohmann::ordered_json());
        if (evidence.is_object() && evidence.contains("witness")) witnesses.push_back(evidence.at("witness"));
      }
    }
  if (combined && to_string(*combined) != verdict && (verdict == "proved" || verdict == "refuted"))
    return "the claim is " + verdict + ", its links together are " + std::string(to_string(*combined));
  if (!claim.contains("witness") || witnesses.empty()) return "";
  const bool certified = std::ranges::any_of(witnesses, [&](const nlohmann::ordered_json& w) {
    for (const auto& [name, entries] : claim.at("witness").items())
      if (w.contains(name) && w.at(name) != entries) return false;
    return true;
  });
  return certified ? "" : "the witness that is shown is not the one that is certified";
}

/// How deep brackets are nested in a text of JSON.
std::size_t nesting(std::string_view text) {
  std::size_t depth = 0, deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      deepest = std::max(deepest, ++depth);
    } else if (!quoted && (c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

/// Proofs are followed by functions that call themselves.
constexpr std::size_t deepest_report = 1000;

}  // namespace

std::vector<ReplayedCertificate> recheck(std::string_view report,
                                         const std::function<std::string(const std::string&)>& read_file) {
  if (nesting(report) > deepest_report) throw std::invalid_argument("the report is nested too deeply");
  const nlohmann::ordered_json j = nlohmann::ordered_json::parse(report, nullptr, false);
  if (j.is_discarded() || !j.is_object() || !j.contains("schema") || j.at("schema") != "nabla.verify/1")
    throw std::invalid_argument("not a report of `nabla verify --json` (schema nabla.verify/1)");
  Library library(read_file);
  std::vector<ReplayedCertificate> replays;
  try {
    for (const nlohmann::ordered_json& claim : j.at("claims")) {
      const std::string id = claim.at("id");
      const auto add = [&](ReplayedCertificate r) {
        r.id = id;
        replays.push_back(std::move(r));
      };
      if (!claim.contains("shows")) {
        if (claim.at("verdict") == "proved" || claim.at("verdict") == "refuted")
          add({{}, "verdict", Outcome::failed, "a verdict about nothing"});
        continue;
      }
      const Claim* found = library.find(claim.at("file"), id);
      if (found == nullptr) {
        add({{}, "claim", Outcome::failed, "the document has no such claim"});
        continue;
      }
      if (std::string why = contradiction(claim); !why.empty()) add({{}, "verdict", Outcome::failed, std::move(why)});
      std::size_t s = 0;
      for (const nlohmann::ordered_json& show : claim.at("shows")) {
        std::size_t k = 0;
        for (const nlohmann::ordered_json& link : show.at("links"))
          for (ReplayedCertificate& r : LinkReplay(*found, s, k++).run(link)) add(std::move(r));
        ++s;
      }
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(std::string("the report is damaged: ") + error.what());
  } catch (const std::out_of_range& error) {
    throw std::invalid_argument(std::string("the report does not fit its documents: ") + error.what());
  }
  return replays;
}

}  // namespace nabla
