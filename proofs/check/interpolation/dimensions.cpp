#include <algorithm>
#include <nabla/proofs/check/interpolation/interpolation.hpp>

namespace nabla {

namespace {

/// Whether none of the names is read but as an extent of a shape.
bool only_extents(const Syntax& syntax, SyntaxId root, const std::vector<std::string_view>& names) {
  bool fine = true;
  std::vector<SyntaxId> path;
  walk(
      syntax, root,
      [&](SyntaxId id) {
        if (syntax.kind(id) == SyntaxKind::name &&
            std::find(names.begin(), names.end(), syntax.spelling(id)) != names.end()) {
          bool extent = false;
          if (!path.empty()) {
            const SyntaxId parent = path.back();
            const SyntaxId first = syntax.child(parent, 0);
            if (syntax.kind(parent) == SyntaxKind::set_shaped) extent = first != id;
            if (syntax.kind(parent) == SyntaxKind::call && first != id && syntax.kind(first) == SyntaxKind::name)
              extent = syntax.spelling(first) == "zeros" || syntax.spelling(first) == "ones";
          }
          fine = fine && extent;
        }
        path.push_back(id);
        return true;
      },
      [&](SyntaxId) { path.pop_back(); });
  return fine;
}

}  // namespace

bool is_made_of_vectors(const Claim& claim) {
  std::vector<std::string_view> names;
  for (const Claim::Line& line : claim.lines)
    if (const auto* dimensions = std::get_if<ForLine>(&line)) {
      for (const SyntaxId name : dimensions->names) names.push_back(claim.syntax.spelling(name));
      if (dimensions->values == ForLine::Values::at_least &&
          claim.syntax.kind(dimensions->bounds[0]) != SyntaxKind::number)
        return false;
    }
  const auto fine = [&](SyntaxId id) { return only_extents(claim.syntax, id, names); };
  for (const Claim::Line& line : claim.lines) {
    if (const auto* g = std::get_if<GivenLine>(&line)) {
      if (!fine(g->set)) return false;
    } else if (const auto* f = std::get_if<GivenFunctionLine>(&line)) {
      if (!fine(f->domain) || !fine(f->codomain)) return false;
      for (const GivenFunctionLine::Membership& m : f->classes)
        if (m.constant && !fine(*m.constant)) return false;
    } else if (const auto* let = std::get_if<LetLine>(&line)) {
      if (!fine(let->value)) return false;
      for (const LetLine::Parameter& p : let->parameters)
        if (p.set && !fine(*p.set)) return false;
    } else if (const auto* a = std::get_if<AssumeLine>(&line)) {
      if (!fine(a->condition)) return false;
    } else if (const auto* s = std::get_if<ShowLine>(&line)) {
      if (!fine(s->statement)) return false;
    } else if (std::holds_alternative<ConventionLine>(line)) {
      return false;
    }
  }
  return true;
}

}  // namespace nabla
