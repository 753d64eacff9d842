#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/interpolation/form.hpp>
#include <nabla/proofs/check/point.hpp>

// What is known of the symbols: sets, hypotheses, classes; equations are solved, equal points identified.
namespace nabla::interpolation {

Form::Form(const Problem& problem, const Budget& budget) : problem_(problem), budget_(budget) {
  for (std::size_t k = 0; k < problem.applications.size(); ++k) {
    const FunctionApplication& a = problem.applications[k];
    applications_[a.value.ref().id()] = {k, false};
    if (!a.derivative.empty()) applications_[a.derivative.ref().id()] = {k, true};
  }
  find_split();
  read_givens();
  read_equations();
  identify_points();
  facts_.clear();  // in the symbols that are left
  done_.clear();
  read_givens();
  read_inequalities();
  read_functions();
}

void Form::read_givens() {
  for (const Given& given : problem_.givens) {
    const Set& set = given.set;
    if (set.kind == Set::Kind::simplex && given.variable.ref().is_node() &&
        split_.contains(given.variable.ref().id())) {
      const auto parts = entries(given.variable.ref());
      for (std::size_t i = 0; parts && i < parts->size(); ++i)
        if (const auto p = cleared((*parts)[i]); p && is_parameter(*p) && !p->as_constant())
          facts_.push_back({*p, "entry " + std::to_string(i) + " of " + given.name, true});
    }
    if (!set.shape.is_scalar() || set.kind != Set::Kind::entries || set.entries.is_finite()) continue;
    const auto add = [&](const Expr& end, bool closed, bool below) {
      if (end.empty()) return;
      const Fraction gap = below ? value(given.variable) - value(end) : value(end) - value(given.variable);
      const auto p = cleared(gap);
      if (!p || !is_parameter(*p) || p->is_zero()) return;
      facts_.push_back({*p, "given " + given.name + (below ? " lo" : " hi"), !closed});
    };
    add(set.entries.lo, set.entries.lo_closed, true);
    add(set.entries.hi, set.entries.hi_closed, false);
  }
}

bool Form::solve(const Fraction& gap, const std::string& from) {
  // A symbol that occurs linearly, with a constant factor: a vector first (what comes last was made last), then a
  // parameter, then a value of a function.
  for (const auto kind : {SymbolInfo::Kind::vector, SymbolInfo::Kind::parameter, SymbolInfo::Kind::value}) {
    for (Symbol s = static_cast<Symbol>(symbols_.size()); s-- > 0;) {
      if (symbols_[s].kind != kind || gap.num.degree_in(s) != 1) continue;
      const Polynomial factor = gap.num.coefficient(s, 1);
      if (!factor.as_constant()) continue;
      const bool in_denominator = std::ranges::any_of(gap.den, [&](const Polynomial& d) { return d.degree_in(s) > 0; });
      const bool of_norm = std::ranges::any_of(
          symbols_, [&](const SymbolInfo& info) { return info.square && info.square->degree_in(s) > 0; });
      if (in_denominator || of_norm) continue;
      const Fraction solution(gap.num.coefficient(s, 0).scaled(-1 / *factor.as_constant()));
      if (kind != SymbolInfo::Kind::vector) {
        // No vector may be solved away by a scalar equation, and inner products are not parameters.
        bool fits = true;
        for (const auto& [m, c] : solution.num.terms())
          for (const auto& [t, e] : m)
            fits = fits && (symbols_[t].kind != SymbolInfo::Kind::vector || kind == SymbolInfo::Kind::value) &&
                   (symbols_[t].kind != SymbolInfo::Kind::value || kind == SymbolInfo::Kind::value);
        if (!fits) continue;
      }
      for (auto& [known, old] : replaced_) {
        const int degree = old.num.degree_in(s);
        if (degree == 0 && std::ranges::none_of(old.den, [&](const Polynomial& d) { return d.degree_in(s) > 0; }))
          continue;
        if (degree > 1 || std::ranges::any_of(old.den, [&](const Polynomial& d) { return d.degree_in(s) > 0; }))
          throw NotHandled("equations that are not linear");
        Fraction moved(old.num.coefficient(s, 0) + old.num.coefficient(s, 1) * solution.num);
        moved.den = old.den;
        moved.reduce();
        old = std::move(moved);
      }
      replaced_[s] = solution;
      equations_.emplace_back(symbols_[s].name, from);
      done_.clear();
      return true;
    }
  }
  return false;
}

void Form::read_equations() {
  for (const Given& given : problem_.givens) {
    if (given.set.kind != Set::Kind::simplex || !given.variable.ref().is_node()) continue;
    const auto parts = split_.contains(given.variable.ref().id()) ? entries(given.variable.ref()) : std::nullopt;
    if (!parts) continue;
    Fraction gap(Rational(-1));
    for (const Fraction& part : *parts) gap = gap + part;
    solve(gap, "simplex " + given.name);
  }
  for (std::size_t h = 0; h < problem_.hypotheses.size(); ++h) {
    const Statement& s = problem_.hypotheses[h];
    if (s.kind != Statement::Kind::relation) continue;
    bool all = true, any = false;
    for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
      if (s.comparisons[k] != Comparison::equal) {
        all = false;
        continue;
      }
      const Fraction gap = value(s.sides[k]) - value(s.sides[k + 1]);
      if (gap.is_zero()) continue;
      if (solve(gap, "hypothesis " + std::to_string(h) + " " + std::to_string(k))) {
        any = true;
      } else {
        all = false;
      }
    }
    if (any && all) solved_.insert(h);
  }
}

void Form::identify_points() {
  points_.resize(problem_.function_variables.size());
  for (bool again = true; again;) {
    again = false;
    done_.clear();
    for (auto& list : points_) list.clear();
    std::map<std::pair<std::size_t, Symbol>, std::size_t> first;  // application of a point, by the symbol of its value
    for (std::size_t k = 0; k < problem_.applications.size(); ++k) {
      const FunctionApplication& a = problem_.applications[k];
      budget_.check();
      const FunctionVariable& f = problem_.function_variables[a.function];
      if (!a.stated || f.linear || !f.codomain.shape.is_scalar()) continue;
      FunctionPoint point;
      point.argument = value(a.argument);
      const auto name = [](const Expr& e) { return e.graph().variable_name(e.ref().id()); };
      const bool scalar = f.domain.shape.is_scalar();
      SymbolInfo vector{.kind = scalar ? SymbolInfo::Kind::parameter : SymbolInfo::Kind::vector,
                        .name = {},
                        .size = f.domain.shape.size()};
      point.value = named(name(a.value), {.kind = SymbolInfo::Kind::value});
      point.gradient = named(a.derivative.empty() ? "slope of " + name(a.value) : name(a.derivative), vector);
      const auto known = std::ranges::find_if(
          points_[a.function], [&](const FunctionPoint& p) { return equal(p.argument, point.argument); });
      if (known == points_[a.function].end()) {
        first[{a.function, point.value}] = k;
        points_[a.function].push_back(std::move(point));
        continue;
      }
      const std::string pair = std::to_string(k) + " " + std::to_string(first.at({a.function, known->value}));
      const auto merge = [&](Symbol from, Symbol to, const char* what) {
        if (equal(symbol(from), symbol(to))) return;
        if (solve(symbol(from) - symbol(to), std::string("same ") + what + " " + pair)) {
          again = true;
        } else {
          throw NotHandled("two values of one function at one point");
        }
      };
      merge(point.value, known->value, "value");
      merge(point.gradient, known->gradient, "slope");
      if (again) break;
    }
  }
}

void Form::read_inequalities() {
  for (std::size_t h = 0; h < problem_.hypotheses.size(); ++h) {
    const Statement& s = problem_.hypotheses[h];
    if (s.kind != Statement::Kind::relation) continue;
    for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
      const Comparison c = s.comparisons[k];
      if (c == Comparison::not_equal) continue;
      if (!s.sides[k].shape().is_scalar() || !s.sides[k + 1].shape().is_scalar()) continue;
      const bool less = c == Comparison::less || c == Comparison::less_equal;
      const Fraction l = value(s.sides[k]), r = value(s.sides[k + 1]);
      const auto p = cleared(less ? r - l : l - r);
      if (!p || p->is_zero()) continue;
      const bool both = c == Comparison::equal;
      Fact fact{*p, "hypothesis " + std::to_string(h) + " " + std::to_string(k),
                c == Comparison::less || c == Comparison::greater};
      if (is_parameter(*p) && !both) {
        facts_.push_back(std::move(fact));
      } else {
        hypotheses_.push_back({std::move(fact), both, h});
      }
    }
  }
}

bool Form::has_integrals(const Fraction& f) const {
  return std::ranges::any_of(problem_.integrals, [&](const ParametricIntegral& i) {
    const auto it = by_name_.find(i.value.graph().variable_name(i.value.ref().id()));
    return it != by_name_.end() && f.num.degree_in(it->second) > 0;
  });
}

Fraction Form::density(const Fraction& f, int weight) {
  const auto name = [](const Expr& e) { return e.graph().variable_name(e.ref().id()); };
  // One variable for all of them: they range over the same interval.
  const Symbol s = named(name(problem_.integrals[0].inside), {.kind = SymbolInfo::Kind::parameter});
  Polynomial rest = f.num;
  Fraction result;
  for (const ParametricIntegral& i : problem_.integrals) {
    const Symbol whole = named(name(i.value), {.kind = SymbolInfo::Kind::parameter});
    if (replaced_.contains(whole) || rest.degree_in(whole) > 1 ||
        std::ranges::any_of(f.den, [&](const Polynomial& d) { return d.degree_in(whole) > 0; }))
      throw NotHandled("an integral that does not occur linearly");
    const Polynomial factor = rest.coefficient(whole, 1);
    if (factor.is_zero()) continue;
    rest = rest.coefficient(whole, 0);
    result = result + times(Fraction(factor), value(i.density));
  }
  const Polynomial t = Polynomial::symbol(s), one(Rational(1));
  const Polynomial weights[] = {one, t.scaled(2), (one - t).scaled(2), (t * t).scaled(3)};
  result = result + times(Fraction(rest), Fraction(weights[weight]));
  Fraction below;
  below.num = one;
  below.den = f.den;
  return result * below;
}

void Form::know_norms() {
  for (Symbol s = 0; s < symbols_.size(); ++s)
    if (symbols_[s].kind == SymbolInfo::Kind::norm) facts_.push_back({Polynomial::symbol(s), symbols_[s].name, false});
}

void Form::read_functions() {
  for (std::size_t k = 0; k < problem_.function_variables.size(); ++k) {
    const FunctionVariable& f = problem_.function_variables[k];
    if (f.smooth.empty() || f.domain.shape.size() == 0) continue;
    // The class has a member, and its domain more than one point.
    const auto nonempty = [&](const Fraction& gap, const char* what) {
      const auto p = cleared(gap);
      if (p && is_parameter(*p) && !p->as_constant())
        facts_.push_back({*p, "class " + std::to_string(k) + " " + what, false});
    };
    nonempty(value(f.smooth), "smooth");
    if (!f.strongly_convex.empty()) nonempty(value(f.smooth) - value(f.strongly_convex), "between");
  }
}

}  // namespace nabla::interpolation
