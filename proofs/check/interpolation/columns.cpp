#include <algorithm>
#include <nabla/proofs/check/interpolation/columns.hpp>

namespace nabla::interpolation {

namespace {

Fraction of(const Rational& c) { return Fraction(Polynomial(c)); }

class Pairs {
 public:
  Pairs(const Problem& problem, Form& form, std::vector<Inequality>& to) : problem_(problem), form_(form), to_(to) {}

  void add(std::size_t function) {
    const FunctionVariable& f = problem_.function_variables[function];
    if (f.smooth.empty() && f.strongly_convex.empty() && !f.convex) return;
    const std::vector<FunctionPoint>& points = form_.points()[function];
    std::optional<Fraction> least, most;
    if (!f.smooth.empty()) {
      most = form_.value(f.smooth);
      least = *most * of(-1);
    }
    if (f.convex) least = of(0);
    if (!f.strongly_convex.empty()) least = form_.value(f.strongly_convex);
    for (std::size_t i = 0; i < points.size(); ++i)
      for (std::size_t j = 0; j < points.size(); ++j) {
        if (i == j) continue;
        const std::string where = std::to_string(function) + " " + std::to_string(i) + " " + std::to_string(j);
        const auto at = [&](Symbol s) { return form_.value_of(s); };
        const Fraction step = points[i].argument - points[j].argument;
        const Fraction turn = at(points[i].gradient) - at(points[j].gradient);
        const Fraction square = form_.times(step, step);
        const Fraction rise = at(points[i].value) - at(points[j].value) - form_.times(at(points[j].gradient), step);
        if (least) put("lower " + where, rise - *least * of(Rational(1) / 2) * square);
        if (!most) continue;
        const Fraction turned = form_.times(turn, turn);
        put("upper " + where, *most * of(Rational(1) / 2) * square - rise);
        put("between " + where, of(2) * (*most - *least) * rise - turned - *least * *most * square +
                                    of(2) * *least * form_.times(turn, step));
        if (i > j) continue;
        put("lipschitz " + where, *most * *most * square - turned);
        if (norms_) put("steep " + where, form_.times(*most, form_.norm(step)) - form_.norm(turn));
      }
  }
  void with_norms() { norms_ = true; }

 private:
  void put(std::string name, const Fraction& f) {
    const auto p = form_.cleared(f);
    if (p && !p->is_zero()) to_.push_back({*p, std::move(name), false, std::nullopt});
  }

  const Problem& problem_;
  Form& form_;
  std::vector<Inequality>& to_;
  bool norms_ = false;
};

bool has_norms(const Form& form) {
  return std::ranges::any_of(form.symbols(), [](const SymbolInfo& s) { return s.of.has_value(); });
}

}  // namespace

std::vector<Inequality> inequalities(const Problem& problem, Form& form, const Budget& budget) {
  std::vector<Inequality> result;
  for (const Form::Hypothesis& h : form.hypotheses()) result.push_back({h.fact.p, h.fact.name, h.both, h.statement});
  Pairs pairs(problem, form, result);
  if (has_norms(form)) pairs.with_norms();
  for (std::size_t k = 0; k < problem.function_variables.size(); ++k) {
    budget.check();
    try {
      pairs.add(k);
    } catch (const NotHandled&) {  // points that are not linear in the vectors: fewer inequalities
    }
  }
  // The symbols may have grown by norms of differences.
  const std::size_t count = form.symbols().size();
  for (Symbol a = 0; a < count; ++a)
    for (Symbol b = 0; b < a; ++b) {
      const SymbolInfo &s = form.symbols()[a], &t = form.symbols()[b];
      if (!s.of || !t.of) continue;
      try {
        const Fraction both = form.times(Fraction(Polynomial::symbol(a)), Fraction(Polynomial::symbol(b)));
        const Fraction inner = form.times(Fraction(*s.of), Fraction(*t.of));
        for (const int sign : {1, -1})
          result.push_back({(both - inner * of(sign)).num,
                            "cauchy " + s.name + " " + t.name + " " + std::to_string(sign), false, std::nullopt});
      } catch (const NotHandled&) {  // norms of different spaces
      }
    }
  return result;
}

std::vector<Polynomial> square_roots(const Problem& problem, Form& form) {
  std::vector<Polynomial> result;
  const auto put = [&](const Fraction& f) {
    const auto p = form.cleared(f);
    if (!p || p->is_zero()) return;
    const Rational lead = p->terms().rbegin()->second;
    Polynomial scaled = p->scaled(1 / lead);
    if (std::ranges::find(result, scaled) == result.end()) result.push_back(std::move(scaled));
  };
  std::vector<Fraction> vectors;
  for (Symbol s = 0; s < form.symbols().size(); ++s) {
    if (form.symbols()[s].kind == SymbolInfo::Kind::vector) put(form.value_of(s));
    if (form.symbols()[s].of) put(Fraction(Polynomial::symbol(s)));
  }
  for (std::size_t k = 0; k < problem.function_variables.size(); ++k) {
    const auto& points = form.points()[k];
    for (std::size_t i = 0; i < points.size(); ++i) {
      put(form.value_of(points[i].gradient));
      for (std::size_t j = 0; j < i; ++j) put(points[i].argument - points[j].argument);
    }
  }
  return result;
}

}  // namespace nabla::interpolation
