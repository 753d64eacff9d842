#include <algorithm>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/claim/elaborate_definition.hpp>
#include <nabla/proofs/claim/elaborate_set.hpp>
#include <nabla/proofs/claim/elaborate_statement.hpp>
#include <nabla/proofs/claim/predicates.hpp>

namespace nabla {

namespace {

Comparison comparison(Relation relation) {
  switch (relation) {
    case Relation::equal:
      return Comparison::equal;
    case Relation::not_equal:
      return Comparison::not_equal;
    case Relation::less:
      return Comparison::less;
    case Relation::less_equal:
      return Comparison::less_equal;
    case Relation::greater:
      return Comparison::greater;
    case Relation::greater_equal:
      return Comparison::greater_equal;
  }
  return Comparison::equal;
}

/// Statements are read by recursion, up to a depth: the frames of nested ones are kept small, and so what has locals of
/// its own stays a function of its own.
class StatementReader {
 public:
  StatementReader(Elaborator& elaborator, const std::vector<Given>& givens,
                  const std::function<bool(const Membership&)>& is_certain, Unfolding* unfolding)
      : elaborator_(elaborator),
        syntax_(elaborator.syntax()),
        givens_(givens),
        is_certain_(is_certain),
        unfolding_(unfolding) {}

  Statement read(SyntaxId id) {
    if (++depth_ > Elaborator::depth_limit)
      throw Unsupported(syntax_.anchor(id), "statements too deep inside each other");
    Statement s;
    s.place = syntax_.place(id);
    s.text = printable(syntax_.text(id));
    if (syntax_.kind(id) == SyntaxKind::relation) {
      relation(s, id);
    } else if (depth_ > 1) {
      other(s, id);
    } else {
      outermost(s, id);
    }
    --depth_;
    return s;
  }

 private:
  [[gnu::noinline]] void outermost(Statement& s, SyntaxId id) {
    keeping(s, 0, 0, [&] { other(s, id); });
    if (!s.misfits.empty()) say_nothing(s);
  }

  /// What is left of a statement that could not be elaborated.
  static void say_nothing(Statement& s) {
    Statement nothing;
    nothing.place = s.place;
    nothing.text = std::move(s.text);
    nothing.sides = {Expr(0), Expr(0)};
    nothing.side_places = {s.place, s.place};
    nothing.comparisons = {Comparison::equal};
    nothing.misfits = std::move(s.misfits);
    s = std::move(nothing);
  }

  void other(Statement& s, SyntaxId id) {
    switch (syntax_.kind(id)) {
      case SyntaxKind::negation:
        s.kind = Statement::Kind::negation;
        s.children.push_back(read(syntax_.child(id, 0)));
        return;
      case SyntaxKind::implication:
        implication(s, id);
        return;
      case SyntaxKind::membership:
        membership(s, id);
        return;
      case SyntaxKind::call:
        if (is_statement_word(syntax_.child(id, 0))) {
          predicate(s, id);
          return;
        }
        [[fallthrough]];
      default:
        throw TypeError(syntax_.place(id),
                        "a statement is needed: a relation such as a == b, or a predicate such as "
                        "convex(a, x)");
    }
  }

  bool is_statement_word(SyntaxId callee) const {
    if (syntax_.kind(callee) != SyntaxKind::name) return false;
    const std::string_view name = syntax_.spelling(callee);
    return elaborator_.environment().find(name) == nullptr && (name == "defined" || find_predicate(name) != nullptr);
  }

  bool is_shape(SyntaxId id) const {
    return syntax_.kind(id) == SyntaxKind::call && syntax_.kind(syntax_.child(id, 0)) == SyntaxKind::name &&
           syntax_.spelling(syntax_.child(id, 0)) == "shape" && elaborator_.environment().find("shape") == nullptr;
  }

  [[gnu::noinline]] void relation(Statement& s, SyntaxId id) {
    const auto links = syntax_.links(id);
    bool of_shapes = false;
    for (const SyntaxId child : syntax_.children(id)) {
      of_shapes = of_shapes || is_shape(child);
      const std::size_t k = s.sides.size();
      keeping(s, k == 0 ? 0 : k - 1, std::min(k, links.size() - 1),
              [&] { s.sides.push_back(elaborator_.number(child)); });
      s.sides.resize(k + 1, Expr(0));
      s.side_places.push_back(syntax_.place(child));
    }
    if (of_shapes && s.misfits.empty()) compare_ranks_first(s);
    for (std::size_t k = 0; k < links.size(); ++k) {
      s.comparisons.push_back(comparison(links[k].relation));
      if (misfit_of(s, k) != nullptr) continue;
      keeping(s, k, k, [&] { elaborator_.check_sides(links[k].relation, s.sides[k], s.sides[k + 1], links[k].place); });
    }
  }

  /// Elaborates a part of a statement to be shown; links first..last are marked where that fails.
  template <class Elaborate>
  void keeping(Statement& s, std::size_t first, std::size_t last, Elaborate elaborate) {
    if (unfolding_ == nullptr || !unfolding_->keeps_misfits || depth_ > 1) {
      elaborate();
      return;
    }
    std::optional<Misfit> misfit;
    try {
      elaborator_.ask(elaborator_.capture(elaborate));
    } catch (const TypeError& error) {
      misfit = Misfit{.error = IllPosed(error.place, error.what(), error.shapes), .reason = {}};
    } catch (const IllPosed& error) {
      misfit = Misfit{.error = error, .reason = {}};
    } catch (const Unsupported& error) {
      misfit = Misfit{.error = {}, .reason = error.what()};
    } catch (const NotHandled& error) {
      misfit = Misfit{.error = {}, .reason = error.what()};
    }
    if (!misfit) return;
    for (std::size_t k = first; k <= last; ++k) {
      misfit->link = k;
      s.misfits.push_back(*misfit);
    }
  }

  /// Shapes of different ranks differ: the relation becomes one of the ranks. So it does where there is no extent to
  /// compare.
  static void compare_ranks_first(Statement& s) {
    bool one_rank = true;
    for (const Expr& side : s.sides) {
      if (side.shape().rank() != 1) return;  // check_sides says what is wrong
      one_rank = one_rank && side.shape() == s.sides[0].shape();
    }
    if (one_rank && s.sides[0].shape()[0] != 0) return;
    for (Expr& side : s.sides) side = Expr(side.shape()[0]);
  }

  [[gnu::noinline]] void implication(Statement& s, SyntaxId id) {
    s.kind = Statement::Kind::implication;
    const SyntaxId premise = syntax_.child(id, 0);
    const SyntaxId conclusion = syntax_.child(id, 1);
    s.children.push_back(read(premise));
    if (!is_condition(premise)) {
      const Records asked = elaborator_.capture([&] { s.children.push_back(read(conclusion)); });
      if (!asked.derivatives().empty() || !asked.requirements().empty() || !asked.memberships().empty())
        throw NotHandled("a derivative is read only where the predicate before `implies` holds");
      return;
    }
    Expr guard;
    elaborator_.capture([&] { guard = elaborator_.condition(premise); });
    if (guard.is(0)) {  // nothing of the conclusion is read; only its shapes are looked at
      elaborator_.probe([&] { read(conclusion); });
      s.children.push_back(s.children[0]);
      return;
    }
    if (guard.is(1)) {
      s.children.push_back(read(conclusion));
      return;
    }
    const Elaborator::Guard scope(elaborator_, guard);
    s.children.push_back(read(conclusion));
  }

  /// Whether the statement is made of relations, so that it can stand as a condition in a graph.
  bool is_condition(SyntaxId id) const {
    bool result = true;
    walk(
        syntax_, id,
        [&](SyntaxId node) {
          switch (syntax_.kind(node)) {
            case SyntaxKind::relation:
              return false;
            case SyntaxKind::negation:
            case SyntaxKind::implication:
              return true;
            default:
              result = false;
              return false;
          }
        },
        [](SyntaxId) {});
    return result;
  }

  [[gnu::noinline]] void membership(Statement& s, SyntaxId id) {
    s.kind = Statement::Kind::predicate;
    s.predicate = "in";
    s.subject = elaborator_.number(syntax_.child(id, 0));
    s.set = elaborate_set(elaborator_, syntax_.child(id, 1));
    if (s.set.shape != s.subject.shape())
      throw IllPosed(s.place, "the expression has not the shape of the members of the set",
                     {s.subject.shape(), s.set.shape});
    if (!has_constant_ends(s.set)) throw NotHandled("a set in `in` whose ends depend on variables");
  }

  static void equal(Statement& s, Expr left, Expr right) {
    s.kind = Statement::Kind::relation;
    s.sides = {std::move(left), std::move(right)};
    s.side_places = {s.place, s.place};
    s.comparisons = {Comparison::equal};
  }

  [[gnu::noinline]] void predicate(Statement& s, SyntaxId id) {
    s.kind = Statement::Kind::predicate;
    s.predicate = std::string(syntax_.spelling(syntax_.child(id, 0)));
    const Predicate* info = find_predicate(s.predicate);
    const auto arguments = syntax_.children(id).subspan(1);
    const std::size_t arity = info == nullptr ? 1 : info->has_constant ? 3 : 2;
    if (arguments.size() != arity)
      throw TypeError(syntax_.anchor(id), in_backquotes(s.predicate) + " is written " + form(s.predicate, arity) +
                                              ", and here it has " + std::to_string(arguments.size()) + " arguments");
    const bool is_total = info == nullptr || info->is_total;
    Records asked;
    try {
      if (is_total) {
        asked = elaborator_.capture([&] { s.subject = elaborator_.number(arguments[0]); });
      } else {
        s.subject = elaborator_.number(arguments[0]);
      }
    } catch (const NoLimit&) {
      if (s.predicate != "defined" || syntax_.kind(arguments[0]) != SyntaxKind::limit) throw;
      return equal(s, Expr(0), Expr(1));  // `defined` is true or false, and never ill-posed: here it is false
    } catch (const SidesMayDiffer& limits) {
      if (s.predicate != "defined" || syntax_.kind(arguments[0]) != SyntaxKind::limit || depth_ > 1) throw;
      return equal(s, limits.left, limits.right);
    }
    if (info != nullptr) {
      if (info->of_scalar && !s.subject.shape().is_scalar())
        throw TypeError(syntax_.place(arguments[0]), in_backquotes(s.predicate) + " is of a scalar",
                        {s.subject.shape()});
      s.over = variables(arguments[1], s.predicate);
      if (info->needs_convex_set)
        for (const Expr& x : s.over) check_convex(x, s.predicate, syntax_.place(arguments[1]));
      if (info->has_constant) s.parameters.push_back(elaborator_.scalar(arguments[2], "the constant of a predicate"));
      function_variables(s, id);
      if (s.kind == Statement::Kind::relation) return;
    }
    asked = without_certain(asked, s.over);
    if (s.predicate == "defined" && depth_ == 1 && asks_for_derivatives_alone(asked)) return elaborator_.ask(asked);
    if (!asked.derivatives().empty())
      throw NotHandled("`" + s.predicate + "` of an expression with a derivative in it");
    const bool only_arguments = std::ranges::all_of(asked.requirements(), [&](const Requirement& r) {
      return std::ranges::any_of(read_arguments_, [&](const Expr& argument) { return same(argument, r.of); });
    });
    read_arguments_.clear();
    if (!only_arguments || !asked.memberships().empty())
      throw NotHandled("`" + s.predicate + "` of an expression that calls a function with a condition on its argument");
  }

  /// What was asked for and need not hold by itself: derivatives of polynomials at points that stay where they are, and
  /// values of polynomials, are there in any case; arguments that lie in the set of their parameter.
  Records without_certain(const Records& asked, const std::vector<Expr>& over) const {
    const auto& applications = elaborator_.applications();
    const auto moves = [&](const Expr& e) {
      return std::ranges::any_of(over, [&](const Expr& x) { return depends_on(e, x); });
    };
    const auto reads_derivative = [&](const Expr& e) {
      return std::ranges::any_of(
          applications, [&](const Application& a) { return !a.jacobian.empty() && depends_on(e, a.jacobian); });
    };
    const bool nested =
        std::ranges::any_of(applications, [&](const Application& a) { return reads_derivative(a.argument); });
    Records rest;
    for (const Derivative& d : asked.derivatives()) {
      const bool stays = std::ranges::none_of(d.at, [&](const auto& moved) { return moves(moved.second); });
      if (nested || !stays || !is_polynomial(d.of, false)) rest.add(d);
    }
    for (const Requirement& r : asked.requirements())
      if (nested || !is_polynomial(r.of, false)) rest.add(r);
    for (const Membership& m : asked.memberships())
      if (!is_certain_(m)) rest.add(m);
    return rest;
  }

  static std::string form(const std::string& name, std::size_t arity) {
    return "`" + name + (arity == 1 ? "(EXPR)`" : arity == 2 ? "(EXPR, x)`" : "(EXPR, x, constant)`");
  }

  std::vector<Expr> variables(SyntaxId id, const std::string& asker) {
    std::vector<SyntaxId> names{id};
    if (syntax_.kind(id) == SyntaxKind::tuple) {
      const auto children = syntax_.children(id);
      names.assign(children.begin(), children.end());
    }
    std::vector<Expr> result;
    for (const SyntaxId name : names) {
      if (syntax_.kind(name) == SyntaxKind::index)
        throw NotHandled("`" + asker + "` as a function of some entries of a variable");
      const Expr x = elaborator_.variable_named(name, in_backquotes(asker));
      for (const Expr& other : result)
        if (same(other, x)) throw TypeError(syntax_.place(name), "this variable is named twice");
      result.push_back(x);
    }
    return result;
  }

  void check_convex(const Expr& x, const std::string& predicate, Place where) const {
    for (const Given& given : givens_) {
      if (!same(given.variable, x)) continue;
      const bool discrete = given.set.kind == Set::Kind::onehot ? given.set.shape[0] > 1 : has_two_elements(given.set);
      if (discrete)
        throw IllPosed(where, in_backquotes(predicate) + " needs a convex set, and " + in_backquotes(given.name) +
                                  " takes separate values");
    }
  }

  static bool has_two_elements(const Set& set) {
    if (!set.entries.is_finite() || set.shape.size() == 0) return false;
    for (const Expr& e : set.entries.elements)
      if (!same(e, set.entries.elements[0])) return true;
    return false;
  }

  /// f(u) is not constant in what u depends on, although its value is a variable of its own.
  void function_variables(Statement& s, SyntaxId id) {
    if (!reads_function(elaborator_, s.subject, s.over)) return;
    const bool regularity = s.predicate == "differentiable" || s.predicate == "continuous";
    const bool written_out = !regularity && s.predicate != "increasing" && s.predicate != "decreasing";
    if (!written_out && elaborator_.applications().empty()) return;  // an explicit function
    if (unfolding_ == nullptr)
      throw NotHandled("`" + s.predicate + "` of an expression with a function variable in it as a hypothesis");
    if (regularity) {
      const Expr before = s.subject;
      s.subject = regular_form(elaborator_, s.subject, s.over, s.predicate == "differentiable", unfolding_->functions,
                               unfolding_->second);
      read_arguments(before, s.over);
      return;
    }
    if (depth_ > 1)
      throw NotHandled("`" + s.predicate + "` of an expression with a function variable, inside another statement");
    s = unfolded(elaborator_, s, givens_, unfolding_->hypotheses, unfolding_->second, id);
  }

  /// What functions that move with the variables are applied to: the form of a subject shows it.
  void read_arguments(const Expr& subject, const std::vector<Expr>& over) {
    const auto& applications = elaborator_.applications();
    const std::vector<bool> moves = moving_applications(elaborator_, over);
    std::vector<bool> read(applications.size(), false);  // arguments read only applications that were made before
    for (std::size_t k = applications.size(); k-- > 0;) {
      const Application& a = applications[k];
      read[k] = depends_on(subject, a.value);
      for (std::size_t j = k + 1; j < applications.size() && !read[k]; ++j)
        read[k] = read[j] && depends_on(applications[j].argument, a.value);
      if (read[k] && moves[k]) read_arguments_.push_back(a.argument);
    }
  }

  Elaborator& elaborator_;
  const Syntax& syntax_;
  const std::vector<Given>& givens_;
  const std::function<bool(const Membership&)>& is_certain_;
  Unfolding* unfolding_;
  int depth_ = 0;
  std::vector<Expr> read_arguments_;  // what function variables are applied to in a subject that shows it
};

}  // namespace

Statement elaborate_statement(Elaborator& elaborator, SyntaxId id, const std::vector<Given>& givens,
                              const std::function<bool(const Membership&)>& is_certain, Unfolding* unfolding) {
  return StatementReader(elaborator, givens, is_certain, unfolding).read(id);
}

}  // namespace nabla
