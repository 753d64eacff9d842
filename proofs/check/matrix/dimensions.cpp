#include <nabla/proofs/check/curvature/dimensions.hpp>
#include <nabla/proofs/check/matrix/dimensions.hpp>
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

}  // namespace

bool holds_in_every_dimension(const Claim& claim, const Finding& finding) {
  if (!curvature::has_one_form(claim)) return false;
  const auto numbers = stated_extents(claim);
  if (!numbers) return false;
  bool is_general = false;
  for (const Certificate& c : finding.certificates) {
    if (c.kind == "definedness") continue;  // of what is defined in every dimension, the decider makes sure
    const auto data = nlohmann::json::parse(c.data, nullptr, false);
    if (c.kind != "words" || !data.is_object() || !data.contains("evidence") ||
        !data["evidence"].value("uniform", false))
      return false;
    is_general = is_general || has_no_coincidence(data.at("dimensions"), *numbers);
  }
  return is_general;
}

}  // namespace nabla::matrix
