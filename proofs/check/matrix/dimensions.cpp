#include <algorithm>
#include <map>
#include <nabla/proofs/check/matrix/dimensions.hpp>
#include <nabla/proofs/check/one_form.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace nabla::matrix {

namespace {

/// Whether a node is a set with a shape, or something filled whose shape its arguments say.
bool states_extents(const Syntax& syntax, SyntaxId id) {
  if (syntax.kind(id) == SyntaxKind::set_shaped) return true;
  if (syntax.kind(id) != SyntaxKind::call || syntax.kind(syntax.child(id, 0)) != SyntaxKind::name) return false;
  const std::string_view callee = syntax.spelling(syntax.child(id, 0));
  return callee == "ones" || callee == "zeros" || callee == "eye" || callee == "onehot" || callee == "reshape";
}

/// Numbers that are written as extents. Nothing where entries are listed, which are as many as there are.
std::optional<std::set<std::string>> stated_extents(const Claim& claim) {
  std::set<std::string> numbers;
  const Syntax& syntax = claim.syntax;
  bool has_lists = false;
  const auto look = [&](SyntaxId root) {
    int inside = 0;
    walk(
        syntax, root,
        [&](SyntaxId id) {
          const SyntaxKind kind = syntax.kind(id);
          has_lists = has_lists || kind == SyntaxKind::vector || kind == SyntaxKind::matrix;
          if (states_extents(syntax, id)) ++inside;
          if (kind == SyntaxKind::number && inside > 0) numbers.insert(std::string(syntax.text(id)));
          return true;
        },
        [&](SyntaxId id) {
          if (states_extents(syntax, id)) --inside;
        });
  };
  for (const Claim::Line& line : claim.lines) {
    if (const auto* g = std::get_if<GivenLine>(&line)) look(g->set);
    if (const auto* a = std::get_if<AssumeLine>(&line)) look(a->condition);
    if (const auto* s = std::get_if<ShowLine>(&line)) look(s->statement);
    if (const auto* let = std::get_if<LetLine>(&line)) {
      look(let->value);
      for (const LetLine::Parameter& p : let->parameters)
        if (p.set) look(*p.set);
    }
  }
  return has_lists ? std::nullopt : std::optional(numbers);
}

/// Whether the values of all names differ, and none is a number that is written as an extent.
bool has_no_coincidence(const nlohmann::json& dimensions, std::set<std::string> taken) {
  for (const auto& [name, value] : dimensions.items())
    if (!taken.insert(std::to_string(value.get<std::int64_t>())).second) return false;
  return true;
}

/// Whether some choice is there together with all those in which one value is larger by 1.
bool spans(const std::set<std::map<std::string, std::int64_t>>& choices) {
  return std::ranges::any_of(choices, [&](std::map<std::string, std::int64_t> choice) {
    for (auto& [name, value] : choice) {
      ++value;
      const bool is_there = choices.contains(choice);
      --value;
      if (!is_there) return false;
    }
    return true;
  });
}

}  // namespace

bool holds_in_every_dimension(const Claim& claim, std::size_t show, const Finding& finding) {
  const auto numbers = stated_extents(claim);
  if (!numbers) return false;
  bool is_general = false;
  std::set<std::string> ways;
  std::set<std::map<std::string, std::int64_t>> choices;
  for (const Certificate& c : finding.certificates) {
    if (c.kind == "definedness") continue;  // of what is defined in every dimension, the decider makes sure
    const auto data = nlohmann::json::parse(c.data, nullptr, false);
    if (c.kind != "words" || !data.is_object() || !data.contains("evidence")) return false;
    const auto& evidence = data["evidence"];
    if (!evidence.value("uniform", false)) ways.insert(evidence.value("numbers", "unknown"));
    const auto& dimensions = data.at("dimensions");
    choices.insert(dimensions.get<std::map<std::string, std::int64_t>>());
    is_general = is_general || has_no_coincidence(dimensions, *numbers);
  }
  if (!is_general || ways.size() > 1) return false;
  if (ways.empty()) return has_one_form(claim, show);
  const std::string& way = *ways.begin();
  if (way == "unknown") return false;
  return spans(choices) &&
         has_one_form(claim, show, way == "affine" ? NumbersOfExtents::affine : NumbersOfExtents::powers);
}

}  // namespace nabla::matrix
