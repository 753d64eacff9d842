#include <algorithm>
#include <nabla/proofs/check/suggest_edits.hpp>

namespace nabla {

namespace {

constexpr std::size_t most_edited_nodes = 400;  // of a statement whose parts are changed

class Edits {
 public:
  Edits(const Claim& claim, const ShowLine& show) : claim_(claim), syntax_(claim.syntax), show_(show) {}

  std::vector<Edit> run() {
    std::vector<SyntaxId> nodes;
    walk(
        syntax_, show_.statement,
        [&](SyntaxId id) {
          nodes.push_back(id);
          return nodes.size() < most_edited_nodes;
        },
        [](SyntaxId) {});
    // The right side is what was derived: changes of it come first.
    std::uint32_t right = 0;
    if (syntax_.kind(show_.statement) == SyntaxKind::relation)
      right = syntax_.begin(syntax_.children(show_.statement).back());
    for (const SyntaxId id : nodes) {
      extra_ = syntax_.begin(id) < right && syntax_.kind(id) != SyntaxKind::relation ? 1 : 0;
      change(id);
    }
    extra_ = 0;
    factors();
    hypotheses();
    sets();
    std::ranges::stable_sort(edits_, {}, &Edit::cost);
    return std::move(edits_);
  }

 private:
  std::string text(SyntaxId id) const { return std::string(syntax_.text(id)); }

  void add(int cost, std::vector<Edit::Replacement> replacements, std::string hypothesis = {}) {
    edits_.push_back({std::move(replacements), std::move(hypothesis), cost + extra_});
  }
  void replace(int cost, SyntaxId id, std::string with) {
    add(cost, {{syntax_.begin(id), syntax_.end(id), std::move(with)}});
  }
  /// Replaces the operator between two neighbours.
  void between(int cost, SyntaxId left, SyntaxId right, std::string_view from, std::string_view to) {
    const std::uint32_t begin = syntax_.end(left);
    const std::string_view gap = syntax_.source().text().substr(begin, syntax_.begin(right) - begin);
    const std::size_t at = gap.find(from);
    if (at == std::string_view::npos) return;
    const auto where = begin + static_cast<std::uint32_t>(at);
    add(cost, {{where, where + static_cast<std::uint32_t>(from.size()), std::string(to)}});
  }
  void swap(int cost, SyntaxId a, SyntaxId b) {
    if (text(a) == text(b)) return;
    add(cost, {{syntax_.begin(a), syntax_.end(a), text(b)}, {syntax_.begin(b), syntax_.end(b), text(a)}});
  }

  void change(SyntaxId id) {
    const auto children = syntax_.children(id);
    switch (syntax_.kind(id)) {
      case SyntaxKind::binary:
        binary(id, children[0], children[1]);
        break;
      case SyntaxKind::negate:
        replace(1, id, text(children[0]));
        break;
      case SyntaxKind::transpose:
        replace(2, id, text(children[0]));
        break;
      case SyntaxKind::index:
        if (children.size() == 3) swap(2, children[1], children[2]);
        if (children.size() == 2 && syntax_.kind(children[1]) == SyntaxKind::name) other_indices(children[1]);
        break;
      case SyntaxKind::call:
        call(id);
        break;
      case SyntaxKind::relation:
        relation(id);
        break;
      case SyntaxKind::number:
        number(id);
        break;
      case SyntaxKind::name:
        if (is_matrix(text(id))) replace(3, id, text(id) + "'");
        break;
      default:
        break;
    }
  }

  void binary(SyntaxId id, SyntaxId a, SyntaxId b) {
    switch (syntax_.binary_operator(id)) {
      case BinaryOperator::add:
        between(1, a, b, "+", "-");
        break;
      case BinaryOperator::subtract:
        between(1, a, b, "-", "+");
        swap(3, a, b);
        break;
      case BinaryOperator::multiply:
        swap(3, a, b);
        if (syntax_.kind(a) == SyntaxKind::number) replace(2, id, text(b));
        between(4, a, b, "*", "/");
        break;
      case BinaryOperator::divide:
        if (syntax_.kind(b) == SyntaxKind::number) replace(2, id, text(a));
        between(4, a, b, "/", "*");
        break;
      default:
        break;
    }
  }

  void other_indices(SyntaxId subscript) {
    for (const Claim::Line& line : claim_.lines)
      if (const auto* dimensions = std::get_if<ForLine>(&line))
        for (const SyntaxId name : dimensions->names)
          if (text(name) != text(subscript)) replace(3, subscript, text(name));
  }

  void call(SyntaxId id) {
    const auto children = syntax_.children(id);
    if (syntax_.kind(children[0]) != SyntaxKind::name) return;
    const std::string name = text(children[0]);
    static constexpr std::pair<std::string_view, std::string_view> opposites[] = {
        {"convex", "concave"}, {"increasing", "decreasing"}, {"sin", "cos"}, {"sinh", "cosh"}, {"min", "max"}};
    for (const auto& [one, other] : opposites) {
      if (name == one) replace(3, children[0], std::string(other));
      if (name == other) replace(3, children[0], std::string(one));
    }
    const bool has_constant =
        name == "smooth" || name == "lipschitz" || name == "cocoercive" || name == "strongly_convex";
    if (has_constant && children.size() == 4) {
      const std::string c = text(children[3]);
      const bool plain =
          syntax_.kind(children[3]) == SyntaxKind::number || syntax_.kind(children[3]) == SyntaxKind::name;
      const std::string in = plain ? c : "(" + c + ")";
      const bool smaller = name == "strongly_convex";
      int cost = 2;
      for (const char* value : {"1/4", "1/2", "1", "2", "4"})
        if (!smaller) replace(cost++, children[3], value);
      for (const char* with : {"2 * ", "4 * "})
        if (!smaller) replace(cost++, children[3], with + in);
      for (const char* with : {" / 2", " / 4"})
        if (smaller) replace(cost++, children[3], in + with);
      if (smaller) replace(cost, children[3], "0");
    }
    if (children.size() == 3 && syntax_.kind(children[2]) != SyntaxKind::tuple && !takes_variable(name))
      swap(2, children[1], children[2]);
  }

  static bool takes_variable(const std::string& name) {
    for (const char* word : {"grad", "jacobian", "hessian", "diff", "convex", "concave", "increasing", "decreasing",
                             "linear", "continuous", "differentiable"})
      if (name == word) return true;
    return false;
  }

  void relation(SyntaxId id) {
    const auto sides = syntax_.children(id);
    const auto links = syntax_.links(id);
    for (std::size_t k = 0; k < links.size(); ++k) {
      const auto become = [&](int cost, Relation to) {
        between(cost, sides[k], sides[k + 1], spelling(links[k].relation), spelling(to));
      };
      switch (links[k].relation) {
        case Relation::equal:
          become(8, Relation::less_equal);
          become(8, Relation::greater_equal);
          break;
        case Relation::less:
          become(1, Relation::less_equal);
          become(2, Relation::greater);
          break;
        case Relation::greater:
          become(1, Relation::greater_equal);
          become(2, Relation::less);
          break;
        case Relation::less_equal:
          become(2, Relation::greater_equal);
          break;
        case Relation::greater_equal:
          become(2, Relation::less_equal);
          break;
        case Relation::not_equal:
          become(3, Relation::equal);
          break;
      }
    }
  }

  void number(SyntaxId id) {
    const std::string spelt = text(id);
    if (spelt.size() != 1 || spelt[0] < '0' || spelt[0] > '9') return;
    const int value = spelt[0] - '0';
    replace(4, id, std::to_string(value + 1));
    if (value > 0) replace(4, id, std::to_string(value - 1));
    if (value > 2 && value % 2 == 0) replace(4, id, std::to_string(value / 2));
    if (value > 1) replace(5, id, std::to_string(2 * value));
  }

  /// A sign or a factor before the right side or one of its terms.
  void factors() {
    if (syntax_.kind(show_.statement) != SyntaxKind::relation) return;
    const auto sides = syntax_.children(show_.statement);
    // Of an inequality another sign seldom is what was meant.
    const bool is_equation = syntax_.links(show_.statement).back().relation == Relation::equal;
    std::vector<SyntaxId> parts{sides.back()};
    for (std::size_t k = 0; k < parts.size() && parts.size() < 12; ++k) {
      const SyntaxId id = parts[k];
      if (syntax_.kind(id) != SyntaxKind::binary) continue;
      const BinaryOperator op = syntax_.binary_operator(id);
      if (op != BinaryOperator::add && op != BinaryOperator::subtract) continue;
      for (const SyntaxId child : syntax_.children(id)) parts.push_back(child);
    }
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const int extra = k == 0 ? 0 : 1;
      const std::string t = text(parts[k]);
      const SyntaxKind kind = syntax_.kind(parts[k]);
      const bool plain = kind == SyntaxKind::name || kind == SyntaxKind::number || kind == SyntaxKind::call;
      const std::string in = plain || t.starts_with('(') ? t : "(" + t + ")";
      replace((is_equation ? 2 : 5) + extra, parts[k], "-" + in);
      replace(2 + extra, parts[k], "2 * " + in);
      replace(2 + extra, parts[k], in + " / 2");
      for (const std::string& n : numbers()) {
        replace(3 + extra, parts[k], in + " / " + n);
        replace(3 + extra, parts[k], n + " * " + in);
      }
      replace(5 + extra, parts[k], in + "'");
    }
  }

  /// Names of numbers that a factor may be: dimensions, and givens without a shape.
  std::vector<std::string> numbers() const {
    std::vector<std::string> names;
    for (const Claim::Line& line : claim_.lines)
      if (const auto* dimensions = std::get_if<ForLine>(&line))
        for (const SyntaxId name : dimensions->names)
          if (names.size() < 3) names.push_back(text(name));
    for (const Claim::Line& line : claim_.lines)
      if (const auto* given = std::get_if<GivenLine>(&line))
        if (syntax_.kind(given->set) == SyntaxKind::set_interval || syntax_.kind(given->set) == SyntaxKind::set_reals)
          for (const SyntaxId name : given->names)
            if (names.size() < 5) names.push_back(text(name));
    return names;
  }

  const GivenLine* given_of(const std::string& name) const {
    for (const Claim::Line& line : claim_.lines)
      if (const auto* given = std::get_if<GivenLine>(&line))
        for (const SyntaxId id : given->names)
          if (text(id) == name) return given;
    return nullptr;
  }
  bool is_matrix(const std::string& name) const {
    const GivenLine* given = given_of(name);
    return given != nullptr && syntax_.kind(given->set) == SyntaxKind::set_shaped &&
           syntax_.children(given->set).size() == 3;
  }

  void hypotheses() {
    for (const Claim::Line& line : claim_.lines) {
      if (const auto* given = std::get_if<GivenLine>(&line)) {
        for (const SyntaxId name : given->names)
          for (const auto& [cost, relation] : {std::pair{4, " > 0"}, {5, " >= 0"}, {6, " < 0"}, {6, " <= 0"}})
            add(cost, {}, text(name) + relation);
      } else if (const auto* dimension = std::get_if<ForLine>(&line);
                 dimension != nullptr && dimension->values == ForLine::Values::at_least) {
        if (const std::string least = text(dimension->bounds[0]); least == "0" || least == "1")
          replace(4, dimension->bounds[0], least == "0" ? "1" : "2");
      }
    }
  }

  /// Ends of intervals opened.
  void sets() {
    for (const Claim::Line& line : claim_.lines) {
      const auto* given = std::get_if<GivenLine>(&line);
      if (given == nullptr) continue;
      SyntaxId set = given->set;
      if (syntax_.kind(set) == SyntaxKind::set_shaped) set = syntax_.child(set, 0);
      if (syntax_.kind(set) != SyntaxKind::set_interval) continue;
      const Edit::Replacement lower{syntax_.begin(set), syntax_.begin(set) + 1, "("};
      const Edit::Replacement upper{syntax_.end(set) - 1, syntax_.end(set), ")"};
      if (syntax_.closed_below(set)) add(4, {lower});
      if (syntax_.closed_above(set)) add(4, {upper});
      if (syntax_.closed_below(set) && syntax_.closed_above(set)) add(5, {lower, upper});
    }
  }

  const Claim& claim_;
  const Syntax& syntax_;
  const ShowLine& show_;
  std::vector<Edit> edits_;
  int extra_ = 0;  // added to the cost of every change made now
};

}  // namespace

std::vector<Edit> edits_of(const Claim& claim, const ShowLine& show) { return Edits(claim, show).run(); }

}  // namespace nabla
