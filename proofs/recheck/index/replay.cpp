#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>
#include <nabla/proofs/recheck/index/replay.hpp>
#include <nabla/proofs/recheck/index/terms.hpp>
#include <nlohmann/json.hpp>

namespace nabla::reindex {

namespace {

constexpr std::int64_t most_entries = 8;

class Derivation {
 public:
  Derivation(const Claim& claim, const nlohmann::ordered_json& sums)
      : claim_(claim), syntax_(claim.syntax), reader_(claim, world_), sums_(sums) {}

  /// Empty when it is derived, else what was not.
  std::string run(std::size_t show, std::size_t link) {
    std::vector<SyntaxId> shows;
    for (const Claim::Line& line : claim_.lines)
      if (const auto* s = std::get_if<ShowLine>(&line)) shows.push_back(s->statement);
    if (show >= shows.size()) return "the claim has no such line";
    if (!holds(shows[show], link)) return "it was not found to hold for every dimension";
    for (const Demand& d : world_.demands)
      if (!is_met(world_, d)) return "that everything is defined was not found";
    return "";
  }

 private:
  template <class F>
  bool at_entries(const reindex::Tensor& t, std::size_t axis, const F& holds) {
    if (axis == t.axes.size()) return holds(t.body);
    const Lin& n = t.extents[axis];
    if (!n.is_number() || n.c > most_entries) return at_entries(t, axis + 1, holds);
    for (std::int64_t k = 1; k <= n.c; ++k) {
      reindex::Tensor one = t;
      one.body = renamed(t.body, {{t.axes[axis], Lin::number(k)}});
      if (!at_entries(one, axis + 1, holds)) return false;
    }
    return true;
  }

  Signs signs(const Tree& t) { return signs_of(world_, t); }
  bool vanishes(const Tree& t) { return reindex::vanishes(world_, t); }

  /// t > 0 or t >= 0, by signs or by what the certificate says of the inequality that was reached now.
  bool is_above(const Tree& t, bool is_strict, const std::vector<int>& axes) {
    const std::string number = std::to_string(inequalities_++);
    if (sums_.contains(number)) return follows_from_terms(world_, t, is_strict, axes, sums_.at(number));
    const Signs s = signs(t);
    return is_strict ? s == 4 : (s & 1U) == 0 || vanishes(t);
  }

  bool related(Relation r, const reindex::Tensor& a, const reindex::Tensor& b) {
    const bool is_equation = r == Relation::equal || r == Relation::not_equal;
    const auto [both, y] = reader_.together(a, b, !is_equation);
    reindex::Tensor x = both;
    if (r == Relation::not_equal && !x.axes.empty()) throw NotHandled("`!=` of tensors");
    x.body = minus(x.body, y.body);
    return at_entries(x, 0, [&](const Tree& t) {
      switch (r) {
        case Relation::equal:
          return vanishes(t) || signs(t) == 2;
        case Relation::not_equal:
          return (signs(t) & 2U) == 0;
        case Relation::less:
        case Relation::less_equal:
          return is_above(negated(t), r == Relation::less, x.axes);
        case Relation::greater:
        case Relation::greater_equal:
          return is_above(t, r == Relation::greater, x.axes);
      }
      return false;
    });
  }

  bool member(const reindex::Tensor& t, const SetMeaning& s) {
    if (t.extents != s.extents) return false;
    if (s.kind == SyntaxKind::set_symmetric)
      return related(Relation::equal, t, reader_.make(t.extents, [&](const std::vector<Lin>& i) {
        return reader_.at(t, {i[1], i[0]});
      }));
    if (s.kind == SyntaxKind::set_spd || s.kind == SyntaxKind::set_onehot || !s.is_exact)
      throw NotHandled("membership in this set");
    if (!s.elements.empty())
      return at_entries(t, 0, [&](const Tree& u) {
        std::vector<Tree> differences;
        for (const Rational& e : s.elements) differences.push_back(minus(u, make_number(e)));
        return vanishes(make_mul(std::move(differences)));
      });
    const bool inside = at_entries(t, 0, [&](const Tree& u) {
      if (s.lo) {
        const Tree above = minus(u, make_number(*s.lo));
        const Signs up = signs(above);
        if (s.lo_strict ? up != 4 : (up & 1U) != 0 && !vanishes(above)) return false;
      }
      if (s.hi && s.kind != SyntaxKind::set_simplex) {
        const Tree below = minus(make_number(*s.hi), u);
        const Signs down = signs(below);
        if (s.hi_strict ? down != 4 : (down & 1U) != 0 && !vanishes(below)) return false;
      }
      return true;
    });
    if (!inside || s.kind != SyntaxKind::set_simplex) return inside;
    const Lin n = t.extents[0];
    const int k = world_.ranges.make("k", Lin::number(1), n);
    return vanishes(minus(make_sum({k, Lin::number(1), n}, reader_.at(t, {Lin::name(k)})), make_number(1)));
  }

  /// Made of continuous operators, as far as it depends on the arrays.
  bool is_continuous(const Tree& t, const std::vector<int>& in) const {
    const reindex::Level deeper;
    if (std::none_of(in.begin(), in.end(), [&](int a) { return depends(t, a); })) return true;
    if (t->kind == Kind::positive || t->kind == Kind::slope) return false;
    if (t->kind == Kind::call &&
        operator_info(static_cast<Opcode>(t->code)).facts.regularity == Regularity::discontinuous)
      return false;
    if (t->kind == Kind::apply && !world_.functions[static_cast<std::size_t>(t->code)].is_differentiable) return false;
    return std::all_of(t->args.begin(), t->args.end(), [&](const Tree& a) { return is_continuous(a, in); });
  }

  bool predicate(SyntaxId id) {
    const SyntaxId callee = syntax_.child(id, 0);
    if (syntax_.kind(callee) != SyntaxKind::name || reader_.is_name(syntax_.spelling(callee)))
      throw NotHandled("a statement of this kind");
    const std::string_view name = syntax_.spelling(callee);
    const auto given = syntax_.children(id).subspan(1);
    if (name == "defined" && given.size() == 1) {
      reader_.number(given[0]);
      return true;
    }
    const bool is_linear = name == "linear", up = name == "increasing", down = name == "decreasing";
    if ((name != "continuous" && name != "differentiable" && !is_linear && !up && !down) || given.size() != 2)
      throw NotHandled("the predicate " + std::string(name));
    if (is_linear || up || down) world_.obeys_conventions = false;
    const reindex::Tensor t = reader_.number(given[0]);
    std::vector<int> by;
    if (syntax_.kind(given[1]) == SyntaxKind::tuple) {
      for (const SyntaxId x : syntax_.children(given[1])) by.push_back(reader_.array(x));
    } else {
      by.push_back(reader_.array(given[1]));
    }
    if (is_linear) return by.size() == 1 && reader_.is_linear(t, by[0]);
    if (up || down)
      return std::all_of(by.begin(), by.end(), [&](int array) { return reader_.is_monotone(t, array, up); });
    if (name == "continuous") return is_continuous(t.body, by);
    world_.obeys_conventions = false;
    for (const int array : by) {
      std::vector<Lin> at;
      for (const Lin& n : world_.arrays[static_cast<std::size_t>(array)].extents)
        at.push_back(Lin::name(world_.ranges.make("j", Lin::number(1), n)));
      world_.derivative(t.body, array, at);
    }
    return true;
  }

  bool holds(SyntaxId statement, std::size_t link) {
    switch (syntax_.kind(statement)) {
      case SyntaxKind::relation: {
        if (link >= syntax_.links(statement).size()) return false;
        const reindex::Tensor a = reader_.number(syntax_.child(statement, link));
        const reindex::Tensor b = reader_.number(syntax_.child(statement, link + 1));
        return related(syntax_.links(statement)[link].relation, a, b);
      }
      case SyntaxKind::membership:
        return member(reader_.number(syntax_.child(statement, 0)), reader_.set(syntax_.child(statement, 1)));
      case SyntaxKind::call:
        return predicate(statement);
      default:
        throw NotHandled("a statement of this kind");
    }
  }

  const Claim& claim_;
  const Syntax& syntax_;
  World world_;
  Reader reader_;
  const nlohmann::ordered_json& sums_;
  std::size_t inequalities_ = 0;
};

}  // namespace

}  // namespace nabla::reindex

namespace nabla {

ReplayedCertificate replay_every_dimension(const Claim& claim, std::size_t show, std::size_t link,
                                           const nlohmann::ordered_json& sums) {
  ReplayedCertificate r;
  try {
    reindex::Derivation derivation(claim, sums);
    r.message = derivation.run(show, link);
    r.outcome = r.message.empty() ? Outcome::confirmed : Outcome::open;
  } catch (const std::exception& reason) {  // not handled; a division by 0 of constants; no memory
    r.message = reason.what();
  }
  return r;
}

}  // namespace nabla
