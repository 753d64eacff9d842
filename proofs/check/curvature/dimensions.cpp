#include <nabla/proofs/check/curvature/dimensions.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace nabla::curvature {

namespace {

class Reader {
 public:
  explicit Reader(const Claim& claim) : syntax_(claim.syntax) {
    for (const Claim::Line& line : claim.lines) {
      const auto* dimensions = std::get_if<ForLine>(&line);
      if (dimensions == nullptr) continue;
      for (const SyntaxId name : dimensions->names)
        (dimensions->values == ForLine::Values::at_least ? extents_ : indices_)
            .insert(std::string(syntax_.spelling(name)));
    }
  }

  bool allows(SyntaxId root) {
    bool fine = true;
    std::vector<SyntaxId> path;
    walk(
        syntax_, root,
        [&](SyntaxId id) {
          // Of what is written out term by term ranges are added up, which an extent decides.
          if (syntax_.kind(id) == SyntaxKind::comprehension) fine = false;
          if (syntax_.kind(id) == SyntaxKind::name) fine = fine && may_stand(id, path);
          path.push_back(id);
          return true;
        },
        [&](SyntaxId) { path.pop_back(); });
    return fine;
  }

 private:
  bool may_stand(SyntaxId id, const std::vector<SyntaxId>& path) const {
    const std::string name(syntax_.spelling(id));
    const bool extent = extents_.contains(name), index = indices_.contains(name);
    if (!extent && !index) return true;
    if (path.empty()) return false;
    const SyntaxId parent = path.back();
    const auto children = syntax_.children(parent);
    switch (syntax_.kind(parent)) {
      case SyntaxKind::index:
        return index && children[0] != id;
      case SyntaxKind::set_shaped:
        return extent && children[0] != id;
      case SyntaxKind::call: {
        if (!extent || syntax_.kind(children[0]) != SyntaxKind::name || children[0] == id) return false;
        const std::string_view callee = syntax_.spelling(children[0]);
        return callee == "ones" || callee == "zeros" || callee == "eye";
      }
      default:
        return false;
    }
  }

  const Syntax& syntax_;
  std::set<std::string> extents_, indices_;
};

}  // namespace

bool has_one_form(const Claim& claim) {
  Reader reader(claim);
  for (const Claim::Line& line : claim.lines) {
    if (const auto* f = std::get_if<ForLine>(&line)) {
      // Ranges that depend on a dimension, and the least value of one, are numbers.
      if (f->values == ForLine::Values::at_least && claim.syntax.kind(f->bounds[0]) != SyntaxKind::number) return false;
    } else if (const auto* g = std::get_if<GivenLine>(&line)) {
      if (!reader.allows(g->set)) return false;
    } else if (const auto* let = std::get_if<LetLine>(&line)) {
      if (!reader.allows(let->value)) return false;
      for (const LetLine::Parameter& p : let->parameters)
        if (p.set && !reader.allows(*p.set)) return false;
    } else if (const auto* a = std::get_if<AssumeLine>(&line)) {
      if (!reader.allows(a->condition)) return false;
    } else if (const auto* s = std::get_if<ShowLine>(&line)) {
      if (!reader.allows(s->statement)) return false;
    } else {
      return false;  // function variables, conventions
    }
  }
  return true;
}

bool looked_at_no_extent(const Finding& finding) {
  bool found = false;
  for (const Certificate& c : finding.certificates) {
    if (c.kind == "definedness") continue;  // what the deciders of curvature read is looked at by themselves
    const auto data = nlohmann::json::parse(c.data, nullptr, false);
    if (!data.is_object() || !data.contains("evidence") || !data["evidence"].value("uniform", false)) return false;
    found = true;
  }
  return found;
}

}  // namespace nabla::curvature
