#include <algorithm>
#include <nabla/proofs/claim/class_assumption.hpp>

namespace nabla {

namespace {

bool reads_name(const Syntax& syntax, SyntaxId in, std::string_view name) {
  std::vector<SyntaxId> open{in};
  while (!open.empty()) {
    const SyntaxId id = open.back();
    open.pop_back();
    if (syntax.kind(id) == SyntaxKind::name && syntax.spelling(id) == name) return true;
    const auto children = syntax.children(id);
    open.insert(open.end(), children.begin(), children.end());
  }
  return false;
}

bool declares_name(const Syntax& syntax, const std::vector<SyntaxId>& declared, std::string_view name) {
  return std::ranges::any_of(declared, [&](SyntaxId id) { return syntax.spelling(id) == name; });
}

/// `predicate(f(x), x)` or `predicate(f(x), x, constant)`: the class.
std::optional<FunctionClass> class_named(std::string_view predicate, std::size_t arguments) {
  for (const FunctionClass c : {FunctionClass::continuous, FunctionClass::differentiable, FunctionClass::convex,
                                FunctionClass::smooth, FunctionClass::strongly_convex, FunctionClass::linear}) {
    const bool has_constant = c == FunctionClass::smooth || c == FunctionClass::strongly_convex;
    if (spelling(c) == predicate && arguments == (has_constant ? 3U : 2U)) return c;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ClassAssumption> class_assumption(const Claim& claim, const AssumeLine& line) {
  const Syntax& syntax = claim.syntax;
  const auto is_call = [&](SyntaxId id) {
    return syntax.kind(id) == SyntaxKind::call && syntax.kind(syntax.child(id, 0)) == SyntaxKind::name;
  };
  if (!is_call(line.condition)) return std::nullopt;
  const auto parts = syntax.children(line.condition);
  const auto named = class_named(syntax.spelling(parts[0]), parts.size() - 1);
  if (!named || !is_call(parts[1]) || syntax.children(parts[1]).size() != 2 ||
      syntax.kind(parts[2]) != SyntaxKind::name || syntax.kind(syntax.child(parts[1], 1)) != SyntaxKind::name)
    return std::nullopt;
  const std::string_view x = syntax.spelling(parts[2]), f = syntax.spelling(syntax.child(parts[1], 0));
  if (syntax.spelling(syntax.child(parts[1], 1)) != x) return std::nullopt;
  std::optional<std::string_view> set, domain;
  const auto in_constant = [&](SyntaxId name) {
    return parts.size() == 4 && reads_name(syntax, parts[3], syntax.spelling(name));
  };
  if (in_constant(parts[2])) return std::nullopt;
  for (const Claim::Line& other : claim.lines) {
    if (const auto* given = std::get_if<GivenLine>(&other); given && declares_name(syntax, given->names, x))
      set = syntax.text(given->set);
    if (const auto* given = std::get_if<GivenFunctionLine>(&other); given && declares_name(syntax, given->names, f))
      domain = syntax.text(given->domain);
    // The constant is read with the function, when what comes later has no meaning yet.
    std::vector<SyntaxId> declared;
    if (const auto* given = std::get_if<GivenLine>(&other)) declared = given->names;
    if (const auto* given = std::get_if<GivenFunctionLine>(&other)) declared = given->names;
    if (const auto* let = std::get_if<LetLine>(&other)) declared = {let->name};
    if (domain && std::ranges::any_of(declared, in_constant)) return std::nullopt;
    const auto* assumed = std::get_if<AssumeLine>(&other);
    if (assumed != nullptr && assumed->condition != line.condition && reads_name(syntax, assumed->condition, x))
      return std::nullopt;
  }
  if (!set || !domain || *set != *domain) return std::nullopt;
  ClassAssumption found{f, {syntax.place(line.condition), *named, std::nullopt}};
  if (parts.size() == 4) found.membership.constant = parts[3];
  return found;
}

}  // namespace nabla
