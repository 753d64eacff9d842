// Terms by the lemmas of logarithms: ratios, and tangents of log-sum-exp.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/term_maker.hpp>

namespace nabla::index_form {

/// -w log(r) >= w (1 - r), where log(r) gathers all logarithms that stand beside one factor.
void TermMaker::logarithms(const std::vector<Part>& parts) {
  std::vector<Group> groups;
  std::vector<std::pair<Poly, Poly>> outside;  // operands, and all that stands before their logarithms
  for (const Part& part : parts) {
    const Monomial& m = part.body.terms.begin()->first;
    const auto log = std::ranges::find_if(m, [&](const auto& f) { return is_logarithm(f.first) && f.second == 1; });
    if (log == m.end()) continue;
    const Poly operand = algebra_.atom(log->first).operands[0];
    Monomial rest = m;
    std::erase_if(rest, [&](const auto& f) { return f.first == log->first; });
    const Rational c = part.body.terms.begin()->second;
    const Poly w = algebra_.of_monomial(rest);
    if (part.over.empty()) {
      const auto known = std::ranges::find_if(outside, [&](const auto& o) { return o.first == operand; });
      const Poly own = Algebra::scaled(w, c);
      if (known == outside.end()) {
        outside.emplace_back(operand, own);
      } else {
        known->second = Algebra::add(known->second, own);
      }
    }
    const auto free = algebra_.free_symbols(operand);
    const bool hangs = std::ranges::any_of(
        part.over, [&](const Binder& b) { return std::ranges::find(free, b.symbol) != free.end(); });
    if (!part.over.empty() && !hangs) continue;
    const auto same = [](const std::vector<Binder>& a, const std::vector<Binder>& b) {
      return std::ranges::equal(a, b, {}, &Binder::symbol, &Binder::symbol);
    };
    const auto group =
        std::ranges::find_if(groups, [&](const Group& g) { return same(g.over, part.over) && g.w == w; });
    if (group == groups.end()) {
      groups.push_back({part.over, w, {{operand, c}}});
    } else {
      group->logs.emplace_back(operand, c);
    }
  }
  for (const Group& g : groups) {
    std::vector<std::pair<Poly, Rational>> all = g.logs;
    const Poly total = algebra_.reduced(closed(g.over, g.w));
    if (!g.over.empty())
      for (const auto& [operand, before] : outside)
        if (const auto ratio = ratio_of(algebra_.reduced(before), total)) all.emplace_back(operand, *ratio);
    gather(g, all);
    Rational unit = 1;
    for (const auto& [operand, c] : all) unit = std::min<Rational>(unit, abs(c));
    for (const Poly& v : exponents_)  // v = log(e^v)
      for (const int side : {1, -1}) {
        auto more = all;
        attempt([&] {
          more.emplace_back(algebra_.exp(v), side * unit);
          gather(g, more);
        });
      }
    for (const auto& log : g.logs) gather(g, {log});
    if (g.over.empty() || is_positive(total)) {
      // Against the mean, and against how many there are.
      for (const auto& log : g.logs)
        for (const Binder& b : g.over)
          attempt([&] {
            const Poly count = algebra_.affine(b.hi - b.lo + Affine::of(1));
            gather(g, {log, {count, log.second}});
            gather(g, {log, {count, -log.second}});
          });
    }
  }
}

std::optional<Rational> TermMaker::ratio_of(const Poly& a, const Poly& b) {
  if (a.terms.size() != b.terms.size() || b.is_zero()) return std::nullopt;
  const Rational ratio = a.terms.begin()->second / b.terms.begin()->second;
  if (Algebra::scaled(b, ratio) != a) return std::nullopt;
  return ratio;
}

void TermMaker::gather(const Group& g, const std::vector<std::pair<Poly, Rational>>& logs) {
  Rational unit = 0;
  for (const auto& [operand, c] : logs) unit = unit.is_zero() || abs(c) < unit ? abs(c) : unit;
  NonnegativeTerm t{.lemma = "log", .over = g.over, .factor = g.w};
  Poly r = Algebra::number(1), sum;
  attempt([&] {
    for (const auto& [operand, c] : logs) {
      const Rational power = -c / unit;
      if (denominator(power) != 1 || abs(numerator(power)) > 8 || !is_positive(operand)) return;
      t.of.push_back(operand);
      t.powers.push_back(static_cast<std::int64_t>(numerator(power)));
      r = algebra_.mul(r, algebra_.power(operand, t.powers.back()));
      sum = Algebra::add(sum, Algebra::scaled(algebra_.log(operand), power));
    }
    add(std::move(t), Algebra::sub(Algebra::sub(r, Algebra::number(1)), sum));
  });
}

/// Tangents of log-sum-exp, at other exponents that are met and at 0.
void TermMaker::log_sum_exps() {
  struct Sum {
    Binder over;
    Poly exponent;
  };
  std::vector<Sum> sums;
  for (const Poly& operand : sums_) {
    if (operand.terms.size() != 1 || operand.terms.begin()->second != 1) continue;
    const Monomial& m = operand.terms.begin()->first;
    if (m.size() != 1 || m[0].second != 1) continue;
    const Atom& a = algebra_.atom(m[0].first);
    if (a.kind != AtomKind::sum || a.binders.size() != 1) continue;
    attempt([&] {
      const std::vector<Binder> names = shared(a.binders);
      const Poly body = opened(a, names);
      if (body.terms.size() != 1 || body.terms.begin()->second != 1) return;
      const auto [rest, exponent] = algebra_.without_exponential(body.terms.begin()->first);
      if (rest.empty() && !exponent.is_zero()) sums.push_back({names[0], exponent});
    });
  }
  for (const Sum& s : sums) {
    std::vector<Poly> places{Poly{}};
    places.insert(places.end(), exponents_.begin(), exponents_.end());
    for (const Sum& other : sums) places.push_back(other.exponent);
    places.insert(places.end(), values_.begin(), values_.end());
    // exp(log(v)) = v: where the v are a distribution, what is over is its entropy.
    const std::vector<Poly> values = values_;
    for (const Poly& v : values)
      attempt([&] {
        if (!is_positive(v)) return;
        const Poly log = algebra_.log(v);
        places.push_back(log);
        add({.over = {s.over}, .factor = Algebra::scaled(algebra_.mul(v, log), -1)}, Algebra::number(1));
      });
    for (const Poly& y : places)
      for (const bool forth : {true, false})
        if (y != s.exponent) attempt([&] { tangent(s.over, forth ? s.exponent : y, forth ? y : s.exponent); });
  }
}

void TermMaker::tangent(const Binder& k, const Poly& x, const Poly& y) {
  const Poly total = algebra_.sum(k, algebra_.exp(x)), at = algebra_.sum(k, algebra_.exp(y));
  const Poly slope =
      algebra_.mul(algebra_.sum(k, algebra_.mul(algebra_.exp(y), Algebra::sub(x, y))), algebra_.inverse(at));
  if (!is_positive(total) || !is_positive(at)) return;
  add({.lemma = "logsumexp", .factor = Algebra::number(1), .of = {x, y}, .inside = {k}},
      Algebra::sub(Algebra::sub(algebra_.log(total), algebra_.log(at)), slope));
}

}  // namespace nabla::index_form
