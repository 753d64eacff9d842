#include <nabla/engine/parse/syntax.hpp>

namespace nabla {

std::string_view spelling(BinaryOperator op) {
  constexpr std::string_view texts[] = {"+", "-", "*", "/", "^", ".*", "./", ".^"};
  return texts[static_cast<std::size_t>(op)];
}

std::string_view spelling(Comprehension op) {
  constexpr std::string_view texts[] = {"sum", "prod", "max"};
  return texts[static_cast<std::size_t>(op)];
}

std::string_view spelling(Relation op) {
  constexpr std::string_view texts[] = {"==", "!=", "<", "<=", ">", ">="};
  return texts[static_cast<std::size_t>(op)];
}

bool Syntax::is_leaf(SyntaxKind kind) {
  switch (kind) {
    case SyntaxKind::number:
    case SyntaxKind::name:
    case SyntaxKind::infinity:
    case SyntaxKind::all:
    case SyntaxKind::set_reals:
    case SyntaxKind::set_simplex:
    case SyntaxKind::set_onehot:
    case SyntaxKind::set_symmetric:
    case SyntaxKind::set_spd:
      return true;
    default:
      return false;
  }
}

std::span<const SyntaxId> Syntax::children(SyntaxId id) const {
  const Node& node = nodes_[id];
  if (is_leaf(node.kind)) return {};
  return std::span(children_).subspan(node.first, node.count);
}

std::string_view Syntax::text(SyntaxId id) const {
  return source_.text().substr(nodes_[id].begin, nodes_[id].end - nodes_[id].begin);
}

std::string_view Syntax::spelling(SyntaxId id) const {
  return source_.text().substr(nodes_[id].first, nodes_[id].count);
}

std::span<const RelationLink> Syntax::links(SyntaxId id) const {
  return std::span(links_).subspan(nodes_[id].link, nodes_[id].count - 1);
}

SyntaxId Syntax::add(SyntaxKind kind, Extent extent, Place anchor, std::span<const SyntaxId> children,
                     std::uint8_t detail) {
  const auto first = static_cast<std::uint32_t>(children_.size());
  children_.insert(children_.end(), children.begin(), children.end());
  nodes_.push_back({kind, detail, extent.begin, extent.end, extent.place, anchor, first,
                    static_cast<std::uint32_t>(children.size()), 0});
  return static_cast<SyntaxId>(nodes_.size() - 1);
}

SyntaxId Syntax::add_leaf(SyntaxKind kind, Extent extent) {
  nodes_.push_back(
      {kind, 0, extent.begin, extent.end, extent.place, extent.place, extent.begin, extent.end - extent.begin, 0});
  return static_cast<SyntaxId>(nodes_.size() - 1);
}

SyntaxId Syntax::add_relation(Extent extent, std::span<const SyntaxId> operands, std::span<const RelationLink> links) {
  const SyntaxId id = add(SyntaxKind::relation, extent, links.front().place, operands);
  nodes_[id].link = static_cast<std::uint32_t>(links_.size());
  links_.insert(links_.end(), links.begin(), links.end());
  return id;
}

void Syntax::widen(SyntaxId id, Extent extent) {
  nodes_[id].begin = extent.begin;
  nodes_[id].end = extent.end;
  nodes_[id].place = extent.place;
}

namespace {

// The first word of a node with children, and what stands for a node without.
std::string head(const Syntax& syntax, SyntaxId id) {
  switch (syntax.kind(id)) {
    case SyntaxKind::number:
    case SyntaxKind::name:
    case SyntaxKind::infinity:
    case SyntaxKind::all:
    case SyntaxKind::set_reals:
    case SyntaxKind::set_simplex:
    case SyntaxKind::set_onehot:
    case SyntaxKind::set_symmetric:
    case SyntaxKind::set_spd:
      return std::string(syntax.spelling(id));
    case SyntaxKind::vector:
      return "vector";
    case SyntaxKind::matrix:
      return "matrix";
    case SyntaxKind::row:
      return "row";
    case SyntaxKind::call:
      return "call";
    case SyntaxKind::tuple:
      return "tuple";
    case SyntaxKind::index:
      return "index";
    case SyntaxKind::transpose:
      return "'";
    case SyntaxKind::negate:
      return "neg";
    case SyntaxKind::binary:
      return std::string(spelling(syntax.binary_operator(id)));
    case SyntaxKind::comprehension:
      return std::string(spelling(syntax.comprehension_operator(id)));
    case SyntaxKind::integral:
      return "integral";
    case SyntaxKind::limit:
      return "limit";
    case SyntaxKind::at:
      return "at";
    case SyntaxKind::relation: {
      const auto links = syntax.links(id);
      return links.size() == 1 ? std::string(spelling(links[0].relation)) : "chain";
    }
    case SyntaxKind::negation:
      return "not";
    case SyntaxKind::implication:
      return "implies";
    case SyntaxKind::membership:
      return "in";
    case SyntaxKind::set_interval:
      return syntax.closed_below(id) ? "interval [" : "interval (";
    case SyntaxKind::set_finite:
      return "finite";
    case SyntaxKind::set_shaped:
      return "shaped";
  }
  return {};
}

}  // namespace

std::string to_sexpr(const Syntax& syntax, SyntaxId root) {
  std::string out;
  struct Parent {
    SyntaxId id;
    std::size_t seen;
  };
  std::vector<Parent> parents;
  const auto is_open = [&](SyntaxId id) {  // written with parentheses of its own
    return !syntax.children(id).empty() || syntax.kind(id) == SyntaxKind::vector;
  };
  walk(
      syntax, root,
      [&](SyntaxId id) {
        if (!parents.empty()) {
          Parent& parent = parents.back();
          out += ' ';
          if (parent.seen > 0 && syntax.kind(parent.id) == SyntaxKind::relation) {
            const auto links = syntax.links(parent.id);
            if (links.size() > 1) out += std::string(spelling(links[parent.seen - 1].relation)) + ' ';
          }
          ++parent.seen;
        }
        if (is_open(id)) out += '(';
        out += head(syntax, id);
        parents.push_back({id, 0});
        return true;
      },
      [&](SyntaxId id) {
        parents.pop_back();
        if (syntax.kind(id) == SyntaxKind::set_interval) out += syntax.closed_above(id) ? " ]" : " )";
        if (is_open(id)) out += ')';
      });
  return out;
}

}  // namespace nabla
