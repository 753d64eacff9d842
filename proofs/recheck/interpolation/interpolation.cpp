#include <algorithm>
#include <nabla/proofs/recheck/interpolation/form.hpp>
#include <nabla/proofs/recheck/interpolation/interpolation.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

namespace nabla {

namespace {

using namespace rederive;

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> result;
  for (std::string w; in >> w;) result.push_back(w);
  return result;
}
std::size_t number(const std::string& text) {
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos)
    throw NotFollowed("a number was expected: " + text);
  return std::stoul(text);
}
Ratio constant(const Rational& c) { return {Polynomial(c), Polynomial(Rational(1))}; }

class InterpolationReplay {
 public:
  InterpolationReplay(const Problem& problem, const nlohmann::json& data)
      : problem_(problem), data_(data), forms_(problem) {}

  void run(const Statement& s) {
    if (problem_.functions == FunctionTreatment::instance) throw NotFollowed("a function variable is one function");
    if (s.kind != Statement::Kind::relation || s.comparisons.size() != 1) throw NotFollowed("not one relation");
    for (const auto& [name, by] : data_.at("solved").get<std::vector<std::pair<std::string, std::string>>>())
      forms_.solve(name, equation(words(by)));
    for (const nlohmann::json& fact : data_.at("facts")) learn(fact);
    for (const nlohmann::json& norm : data_.at("norms")) forms_.declare_norm(norm.get<std::string>());
    for (const nlohmann::json& root : data_.at("roots")) forms_.declare_root(root.get<std::string>());
    for (const nlohmann::json& fact : data_.at("later")) learn(fact);
    find_points();
    Expr low = s.sides.at(0), high = s.sides.at(1);
    const Comparison c = s.comparisons[0];
    if (c == Comparison::greater_equal) std::swap(low, high);
    const bool inequality = c == Comparison::less_equal || c == Comparison::greater_equal;
    if (!inequality && c != Comparison::equal) throw NotFollowed("neither == nor <=");
    const Ratio l = forms_.value(low), r = forms_.value(high);
    const Ratio gap = forms_.plus(r, l, -1);
    const std::string goal = data_.at("goal");
    const nlohmann::json& combinations = data_.at("combinations");
    if (goal == "equal") {
      if (!forms_.is_zero(gap)) throw NotFollowed("the sides differ");
      return;
    }
    if (!low.shape().is_scalar() || !high.shape().is_scalar()) throw NotFollowed("not scalars");
    if (goal == "difference" && inequality) {
      add_up(combinations.at(0), gap);
    } else if (goal.starts_with("density ") && inequality) {
      add_up(combinations.at(0), density(gap, words(goal)));
    } else if (goal == "both" && c == Comparison::equal) {
      add_up(combinations.at(0), gap);
      add_up(combinations.at(1), forms_.plus({}, gap, -1));
    } else if (goal == "squares" && inequality) {
      for (const Ratio& q : {l, r})
        if (forms_.sign(q.num) * forms_.sign(q.den) != 1) throw NotFollowed("a side may be negative");
      add_up(combinations.at(0), forms_.plus(forms_.times(r, r), forms_.times(l, l), -1));
    } else {
      throw NotFollowed("the goal does not fit the statement");
    }
  }

 private:
  const Expr& side(std::size_t h, std::size_t k) const { return problem_.hypotheses.at(h).sides.at(k); }

  Ratio equation(const std::vector<std::string>& by) {
    if (by.size() == 3 && by[0] == "hypothesis") {
      const std::size_t h = number(by[1]), k = number(by[2]);
      const Statement& s = problem_.hypotheses.at(h);
      if (s.kind != Statement::Kind::relation || s.comparisons.at(k) != Comparison::equal)
        throw NotFollowed("a hypothesis that is no equation");
      return forms_.plus(forms_.value(side(h, k)), forms_.value(side(h, k + 1)), -1);
    }
    if (by.size() == 4 && by[0] == "same") {  // one function at one point
      const FunctionApplication& a = problem_.applications.at(number(by[2]));
      const FunctionApplication& b = problem_.applications.at(number(by[3]));
      if (a.function != b.function ||
          !forms_.is_zero(forms_.plus(forms_.value(a.argument), forms_.value(b.argument), -1)))
        throw NotFollowed("different points");
      const bool slope = by[1] == "slope";
      return forms_.plus(slope ? gradient(a) : value(a), slope ? gradient(b) : value(b), -1);
    }
    if (by.size() == 2 && by[0] == "simplex") return forms_.simplex(by[1]);
    throw NotFollowed("an equation from nowhere");
  }

  std::string name(const Expr& e) const { return problem_.workspace->graph().variable_name(e.ref().id()); }
  Ratio value(const FunctionApplication& a) { return forms_.atom(name(a.value)); }
  Ratio gradient(const FunctionApplication& a) {
    return forms_.atom(a.derivative.empty() ? "slope of " + name(a.value) : name(a.derivative));
  }

  /// What a named fact says is nonnegative.
  Ratio fact(const std::vector<std::string>& by) {
    if (by.size() >= 3 && by[0] == "given") {
      const std::string& end = by.back();
      for (const Given& g : problem_.givens) {
        std::string given;
        for (std::size_t k = 1; k + 1 < by.size(); ++k) given += (k > 1 ? " " : "") + by[k];
        if (g.name != given || g.set.kind != Set::Kind::entries || !g.set.shape.is_scalar() ||
            g.set.entries.is_finite())
          continue;
        if (end == "lo" && !g.set.entries.lo.empty())
          return forms_.plus(forms_.value(g.variable), forms_.value(g.set.entries.lo), -1);
        if (end == "hi" && !g.set.entries.hi.empty())
          return forms_.plus(forms_.value(g.set.entries.hi), forms_.value(g.variable), -1);
      }
    }
    if (by.size() == 3 && by[0] == "hypothesis") {
      const std::size_t h = number(by[1]), k = number(by[2]);
      const Statement& s = problem_.hypotheses.at(h);
      if (s.kind != Statement::Kind::relation || !side(h, k).shape().is_scalar() || !side(h, k + 1).shape().is_scalar())
        throw NotFollowed("a hypothesis that is no relation of scalars");
      const Ratio l = forms_.value(side(h, k)), r = forms_.value(side(h, k + 1));
      switch (s.comparisons.at(k)) {
        case Comparison::less:
        case Comparison::less_equal:
          return forms_.plus(r, l, -1);
        case Comparison::equal:
        case Comparison::greater:
        case Comparison::greater_equal:
          return forms_.plus(l, r, -1);
        case Comparison::not_equal:
          break;
      }
    }
    if (by.size() == 4 && by[0] == "entry" && by[2] == "of") return forms_.entry(by[3], number(by[1]));
    if (by.size() == 3 && by[0] == "class") {
      const FunctionVariable& f = problem_.function_variables.at(number(by[1]));
      if (f.smooth.empty() || f.domain.shape.size() == 0) throw NotFollowed("the class has no such constant");
      if (by[2] == "smooth") return forms_.value(f.smooth);
      if (by[2] == "between" && !f.strongly_convex.empty())
        return forms_.plus(forms_.value(f.smooth), forms_.value(f.strongly_convex), -1);
    }
    throw NotFollowed("a fact from nowhere");
  }
  bool is_strict(const std::vector<std::string>& by) const {
    if (by.size() == 3 && by[0] == "hypothesis") {
      const Comparison c = problem_.hypotheses.at(number(by[1])).comparisons.at(number(by[2]));
      return c == Comparison::less || c == Comparison::greater;
    }
    if (by.size() >= 3 && by[0] == "given") {
      std::string given;
      for (std::size_t k = 1; k + 1 < by.size(); ++k) given += (k > 1 ? " " : "") + by[k];
      for (const Given& g : problem_.givens)
        if (g.name == given) return by.back() == "lo" ? !g.set.entries.lo_closed : !g.set.entries.hi_closed;
    }
    return by.size() == 2 && by[0] == "constant" && by[1] == "pi";
  }

  /// What cannot be derived is not used.
  void learn(const nlohmann::json& named) {
    try {
      derive(named);
    } catch (const NotFollowed&) {
    }
  }

  void derive(const nlohmann::json& named) {
    const std::string name = named.at("name");
    const Polynomial p = forms_.parse(named.at("p").get<std::string>());
    if (name.starts_with("norm:") || name.starts_with("root of ") || name.starts_with("node ") ||
        name == "constant pi") {
      if (forms_.sign(forms_.atom(name).num) != 1 || !(p == forms_.atom(name).num))
        throw NotFollowed("not known to be nonnegative: " + name);
    } else if (!forms_.is_multiple(p, fact(words(name)), true)) {
      throw NotFollowed("a fact that is none: " + name);
    }
    facts_[name] = p;
    forms_.know(p);
  }

  void find_points() {
    points_.resize(problem_.function_variables.size());
    for (std::size_t k = 0; k < problem_.applications.size(); ++k) {
      const FunctionApplication& a = problem_.applications[k];
      const FunctionVariable& f = problem_.function_variables[a.function];
      if (!a.stated || f.linear || !f.codomain.shape.is_scalar()) continue;
      const Ratio at = forms_.value(a.argument);
      bool known = false;
      for (const std::size_t other : points_[a.function])
        known = known || forms_.is_zero(forms_.plus(forms_.value(problem_.applications[other].argument), at, -1));
      if (!known) points_[a.function].push_back(k);
    }
  }

  /// The inequality of a name: q >= 0, or == 0.
  std::pair<Ratio, bool> inequality(const std::vector<std::string>& by) {
    if (by.at(0) == "hypothesis")
      return {fact(by), problem_.hypotheses.at(number(by.at(1))).comparisons.at(number(by.at(2))) == Comparison::equal};
    if (by.at(0) == "cauchy" && by.size() == 4) {
      const auto of = [&](const std::string& norm) {
        if (!norm.starts_with("norm:")) throw NotFollowed("not a norm: " + norm);
        return Ratio{forms_.norms().at(number(norm.substr(5))), Polynomial(Rational(1))};
      };
      const Rational s = by[3] == "1" ? 1 : by[3] == "-1" ? -1 : throw NotFollowed("a sign was expected");
      return {forms_.plus(forms_.times(forms_.atom(by[1]), forms_.atom(by[2])), forms_.times(of(by[1]), of(by[2])), -s),
              false};
    }
    const std::size_t k = number(by.at(1));
    const FunctionVariable& f = problem_.function_variables.at(k);
    const FunctionApplication& a = problem_.applications.at(points_.at(k).at(number(by.at(2))));
    const FunctionApplication& b = problem_.applications.at(points_.at(k).at(number(by.at(3))));
    const bool smooth = !f.smooth.empty(), bounded_below = f.convex || !f.strongly_convex.empty() || smooth;
    Ratio least, most;
    if (smooth) most = forms_.value(f.smooth);
    if (smooth) least = forms_.times(constant(-1), most);
    if (f.convex) least = constant(0);
    if (!f.strongly_convex.empty()) least = forms_.value(f.strongly_convex);
    const Ratio step = forms_.plus(forms_.value(a.argument), forms_.value(b.argument), -1);
    const Ratio turn = forms_.plus(gradient(a), gradient(b), -1);
    const Ratio apart = forms_.times(step, step), turned = forms_.times(turn, turn);
    const Ratio bregman = forms_.plus(forms_.plus(value(a), value(b), -1), forms_.times(gradient(b), step), -1);
    const auto half = [&](const Ratio& q) { return forms_.times(constant(Rational(1) / 2), q); };
    if (by[0] == "lower" && bounded_below) return {forms_.plus(bregman, half(forms_.times(least, apart)), -1), false};
    if (!smooth) throw NotFollowed("the class has no such inequality");
    if (by[0] == "upper") return {forms_.plus(half(forms_.times(most, apart)), bregman, -1), false};
    if (by[0] == "lipschitz") return {forms_.plus(forms_.times(forms_.times(most, most), apart), turned, -1), false};
    if (by[0] == "steep") return {forms_.plus(forms_.times(most, forms_.norm(step)), forms_.norm(turn), -1), false};
    if (by[0] == "between") {
      Ratio q = forms_.times(constant(2), forms_.times(forms_.plus(most, least, -1), bregman));
      q = forms_.plus(q, turned, -1);
      q = forms_.plus(q, forms_.times(forms_.times(least, most), apart), -1);
      return {forms_.plus(q, forms_.times(constant(2), forms_.times(least, forms_.times(turn, step)))), false};
    }
    throw NotFollowed("an inequality from nowhere");
  }

  Ratio density(const Ratio& gap, const std::vector<std::string>& goal) {
    const int weight = static_cast<int>(number(goal.at(1)));
    if (goal.size() == 2) return density(gap, weight);
    if (goal.size() != 4 || (goal[2] != "plus" && goal[2] != "minus")) throw NotFollowed("an unknown goal");
    // A computed integral is the integral of its density.
    const ParametricIntegral& i = problem_.computed_integrals.at(number(goal[3]));
    const int sign = goal[2] == "plus" ? 1 : -1;
    return forms_.plus(density(forms_.plus(gap, forms_.value(i.value), -sign), weight), forms_.value(i.density), sign);
  }

  /// What gives the gap when it is integrated over the variable of the open integrals from 0 to 1.
  Ratio density(const Ratio& gap, int weight) {
    if (problem_.integrals.empty() || weight < 0 || weight > 3) throw NotFollowed("no open integral");
    Ratio rest{gap.num, Polynomial(Rational(1))}, result;
    for (const ParametricIntegral& i : problem_.integrals) {
      const auto [factor, left] = forms_.split(rest.num, name(i.value));
      if (!forms_.split(gap.den, name(i.value)).first.is_zero()) throw NotFollowed("an integral in a denominator");
      rest.num = left;
      result = forms_.plus(result, forms_.times({factor, Polynomial(Rational(1))}, forms_.value(i.density)));
    }
    const Ratio s = forms_.atom(name(problem_.integrals[0].inside));
    for (const Ratio& q : {rest, Ratio{gap.den, Polynomial(Rational(1))}})
      if (!forms_.split(q.num, name(problem_.integrals[0].inside)).first.is_zero())
        throw NotFollowed("the variable of an integral outside of it");
    const Ratio one = constant(1);
    const Ratio w = weight == 0   ? one
                    : weight == 1 ? forms_.times(constant(2), s)
                    : weight == 2 ? forms_.times(constant(2), forms_.plus(one, s, -1))
                                  : forms_.times(constant(3), forms_.times(s, s));
    return forms_.over(forms_.plus(result, forms_.times(rest, w)), {gap.den, Polynomial(Rational(1))});
  }

  Polynomial product_of(const nlohmann::json& names, bool strict) {
    Polynomial p(Rational(1));
    for (const nlohmann::json& n : names) {
      const std::string name = n.get<std::string>();
      const auto it = facts_.find(name);
      if (it == facts_.end()) throw NotFollowed("a fact that was not derived: " + name);
      if (strict && !is_strict(words(name))) throw NotFollowed("a scale that may be 0");
      p = forms_.times({p, Polynomial(Rational(1))}, {it->second, Polynomial(Rational(1))}).num;
    }
    return p;
  }

  /// gap >= 0, from the combination.
  void add_up(const nlohmann::json& combination, const Ratio& gap) {
    const Polynomial target = forms_.parse(combination.at("target").get<std::string>());
    if (!forms_.is_multiple(target, gap, true)) throw NotFollowed("the target is not the claim");
    const Ratio unity = constant(1);
    Polynomial rest = forms_.reduced(product(product_of(combination.at("scale"), true), target, forms_.meter()));
    for (const nlohmann::json& term : combination.at("terms")) {
      const auto c = parse_rational(term.at("c").get<std::string>());
      if (!c) throw NotFollowed("a coefficient that cannot be read");
      Polynomial p(Rational(1));
      bool both = false;
      if (term.contains("use")) {
        p = forms_.parse(term.at("p").get<std::string>());
        const auto [q, equation] = inequality(words(term.at("use").get<std::string>()));
        if (!forms_.is_multiple(p, q, false)) throw NotFollowed("an inequality that does not follow");
        both = equation;
      }
      if (term.contains("square")) {
        const Polynomial root = forms_.parse(term.at("square").get<std::string>());
        p = forms_.times({root, unity.den}, {root, unity.den}).num;
      }
      if (c->sign() < 0 && !both) throw NotFollowed("a negative coefficient");
      const Ratio all = forms_.times({product_of(term.at("by"), false), unity.den}, {p, unity.den});
      rest = sum(rest, all.num, -*c, forms_.meter());
    }
    if (!forms_.reduced(rest).is_zero()) throw NotFollowed("the terms do not add up to the claim");
  }

  const Problem& problem_;
  const nlohmann::json& data_;
  InnerProducts forms_;
  std::map<std::string, Polynomial> facts_;
  std::vector<std::vector<std::size_t>> points_;  // of each function: applications
};

}  // namespace

Replay recheck_interpolation(const Problem& problem, const Statement& statement, std::string_view data) {
  const WorkspaceScope scope(problem.workspace);
  try {
    const nlohmann::json evidence = nlohmann::json::parse(data);
    InterpolationReplay(problem, evidence).run(statement);
    return {Replay::Answer::yes, "the combination adds up"};
  } catch (const NotFollowed& reason) {
    return {Replay::Answer::no, reason.what()};
  } catch (const Exhausted& reason) {
    return {Replay::Answer::budget, reason.what()};
  } catch (const std::out_of_range&) {
    return {Replay::Answer::no, "an index of the certificate is out of range"};
  } catch (const nlohmann::json::exception& reason) {
    return {Replay::Answer::no, reason.what()};
  }
}

}  // namespace nabla
