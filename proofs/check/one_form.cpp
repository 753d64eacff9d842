#include <nabla/proofs/check/one_form.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace nabla {

namespace {

class OneForm {
 public:
  OneForm(const Claim& claim, NumbersOfExtents numbers) : syntax_(claim.syntax), numbers_(numbers) {
    for (const Claim::Line& line : claim.lines) {
      const auto* dimensions = std::get_if<ForLine>(&line);
      if (dimensions == nullptr) continue;
      for (const SyntaxId name : dimensions->names)
        (dimensions->values == ForLine::Values::at_least ? extents_ : indices_)
            .insert(std::string(syntax_.spelling(name)));
    }
  }

  /// Numbers of extents are allowed in what is to be shown alone.
  bool allows_shown(SyntaxId root) {
    shown_ = true;
    const bool fine = allows(root);
    shown_ = false;
    return fine;
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
    if (shown_ && extent && (is_affine(id, path) || is_exponent(id, path))) return true;
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

  /// Whether an operator is an affine function of its operand `of`.
  bool keeps_affine(SyntaxId id, SyntaxId of) const {
    if (syntax_.kind(id) == SyntaxKind::negate) return true;
    if (syntax_.kind(id) != SyntaxKind::binary) return false;
    const SyntaxId other = syntax_.child(id, syntax_.child(id, 0) == of ? 1 : 0);
    switch (syntax_.binary_operator(id)) {
      case BinaryOperator::add:
      case BinaryOperator::subtract:
        return true;
      case BinaryOperator::multiply:
        return syntax_.kind(other) == SyntaxKind::number;
      default:
        return false;
    }
  }

  bool is_affine(SyntaxId id, const std::vector<SyntaxId>& path) const {
    if (numbers_ != NumbersOfExtents::affine || syntax_.kind(path[0]) != SyntaxKind::relation) return false;
    for (std::size_t k = 1; k < path.size(); ++k)
      if (!keeps_affine(path[k], k + 1 < path.size() ? path[k + 1] : id)) return false;
    return true;
  }

  bool is_exponent(SyntaxId id, const std::vector<SyntaxId>& path) const {
    if (numbers_ != NumbersOfExtents::powers || syntax_.kind(path[0]) != SyntaxKind::relation) return false;
    const auto below = [&](std::size_t k) { return k + 1 < path.size() ? path[k + 1] : id; };
    const auto is = [&](SyntaxId node, BinaryOperator op) {
      return syntax_.kind(node) == SyntaxKind::binary && syntax_.binary_operator(node) == op;
    };
    std::size_t k = 1;
    while (k < path.size() && (syntax_.kind(path[k]) == SyntaxKind::negate || is(path[k], BinaryOperator::multiply) ||
                               is(path[k], BinaryOperator::divide)))
      ++k;
    if (k == path.size() || !is(path[k], BinaryOperator::power) || syntax_.child(path[k], 1) != below(k)) return false;
    for (++k; k < path.size(); ++k)
      if (!keeps_affine(path[k], below(k))) return false;
    return true;
  }

  const Syntax& syntax_;
  NumbersOfExtents numbers_;
  bool shown_ = false;
  std::set<std::string> extents_, indices_;
};

}  // namespace

bool has_one_form(const Claim& claim, std::size_t show, NumbersOfExtents numbers) {
  std::size_t shows = 0;
  OneForm form(claim, numbers);
  for (const Claim::Line& line : claim.lines) {
    if (const auto* f = std::get_if<ForLine>(&line)) {
      // Ranges that depend on a dimension, and the least value of one, are numbers.
      if (f->values == ForLine::Values::at_least && claim.syntax.kind(f->bounds[0]) != SyntaxKind::number) return false;
    } else if (const auto* g = std::get_if<GivenLine>(&line)) {
      if (!form.allows(g->set)) return false;
    } else if (const auto* let = std::get_if<LetLine>(&line)) {
      if (!form.allows(let->value)) return false;
      for (const LetLine::Parameter& p : let->parameters)
        if (p.set && !form.allows(*p.set)) return false;
    } else if (const auto* a = std::get_if<AssumeLine>(&line)) {
      if (!form.allows(a->condition)) return false;
    } else if (const auto* s = std::get_if<ShowLine>(&line)) {
      if (shows++ == show && !form.allows_shown(s->statement)) return false;
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

}  // namespace nabla
