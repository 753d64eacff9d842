#include <nabla/proofs/recheck/inequality/replay.hpp>
#include <nabla/proofs/recheck/wellposed/definedness_signs.hpp>

namespace nabla::rederive {

namespace {

constexpr std::size_t most_proven_signs = 200;

/// The scalars that rows speak of, as givens, in the order that a ScalarProblem has them in.
Problem scalars_of(const Problem& problem, Entries& entries) {
  Problem region;
  region.workspace = entries.workspace();
  for (const Given& g : problem.givens) {
    const std::vector<Expr> x = entries.of(g.variable);
    for (std::size_t k = 0; k < x.size(); ++k)
      if (entries.entry(x[k].ref().id()).index == static_cast<std::int64_t>(k))
        region.givens.push_back({"", x[k], {}, {}});
  }
  return region;
}

}  // namespace

ProvenSigns::ProvenSigns(std::string_view data) {
  const Json all = data.empty() ? Json() : Json::parse(data, nullptr, false);
  const auto take = [this](const Json& from) {
    if (!from.is_object() || !from.contains("signs") || !from["signs"].is_array()) return;
    for (const Json& proof : from["signs"])
      if (list_.size() < most_proven_signs) list_.push_back(proof);
  };
  take(all);
  if (all.is_object() && all.contains("goals") && all["goals"].is_array())
    for (const Json& goal : all["goals"]) take(goal);
}

std::optional<Fact> ProvenSigns::confirmed(std::size_t k, const Problem& problem,
                                           const std::vector<const Statement*>& premises, Entries& entries) const {
  try {
    const Json& proven = list_.at(k);
    const auto count = proven.at("premises").get<std::size_t>();
    if (count > premises.size()) return std::nullopt;
    ScalarProblem scalars(problem);
    for (std::size_t i = 0; i < count; ++i) scalars.suppose(*premises[i]);
    const Problem& region = scalars.region();
    const Expr g = decoded(region, proven.at("of"));
    const auto sign = proven.at("sign").get<std::string>();
    const Json& proof = proven.at("proof");
    InequalityReplay replay;
    const WorkspaceScope scope(region.workspace);
    Signs shown = any;
    if (sign == "positive" && replay.holds(region, g, true, proof)) shown = positive;
    if (sign == "nonnegative" && replay.holds(region, g, false, proof)) shown = nonnegative;
    if (sign == "negative" && replay.holds(region, -g, true, proof)) shown = negative;
    if (sign == "nonpositive" && replay.holds(region, -g, false, proof)) shown = nonpositive;
    if (sign == "nonzero" && proof.at("rule") == "nonzero") {
      const auto which = proof.at("sign").get<std::string>();
      const Expr h = which == "up" ? g : which == "down" ? -g : powi(g, 2);
      if (replay.holds(region, h, true, proof.at("proof")))
        shown = which == "up" ? positive : which == "down" ? negative : nonzero;
    }
    if (shown == any) return std::nullopt;
    return Fact{decoded(scalars_of(problem, entries), proven.at("of")), shown};
  } catch (const Unfounded&) {
  } catch (const nlohmann::json::exception&) {
  } catch (const std::out_of_range&) {
  } catch (const std::invalid_argument&) {
  } catch (const NotHandled&) {
  }
  return std::nullopt;
}

}  // namespace nabla::rederive
