// Sums of nonnegative terms as certificates hold them.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/terms.hpp>
#include <nlohmann/json.hpp>

namespace nabla::index_form {

namespace {

using TermJson = nlohmann::ordered_json;

struct Names {
  const Algebra& algebra;
  const std::vector<Symbol>& axes;
};

TermJson form_json(const Names& names, const Poly& p, int depth);

/// [constant, [name, factor], ...]; an index without a name of its own is "#" and a number.
TermJson affine_json(const Names& names, const Affine& a) {
  TermJson r = TermJson::array({a.constant});
  for (const auto& [s, c] : a.terms) {
    const auto axis = std::find(names.axes.begin(), names.axes.end(), s);
    std::string name = "#" + std::to_string(s);
    if (axis != names.axes.end()) name = "@" + std::to_string(axis - names.axes.begin());
    if (names.algebra.declared.contains(s)) name = names.algebra.symbols.name(s);
    r.push_back({name, c});
  }
  return r;
}

TermJson binders_json(const Names& names, const std::vector<Binder>& binders) {
  TermJson r = TermJson::array();
  for (const Binder& b : binders)
    r.push_back({"#" + std::to_string(b.symbol), affine_json(names, b.lo), affine_json(names, b.hi)});
  return r;
}

TermJson atom_json(const Names& names, AtomId id, int depth) {
  const Atom& a = names.algebra.atom(id);
  const auto operand = [&](std::size_t k) { return form_json(names, a.operands[k], depth + 1); };
  switch (a.kind) {
    case AtomKind::entry: {
      TermJson at = TermJson::array();
      for (const Affine& s : a.subscripts) at.push_back(affine_json(names, s));
      return {{"entry", names.algebra.arrays[static_cast<std::size_t>(a.code)].name}, {"at", at}};
    }
    case AtomKind::symbol:
      return {{"index", affine_json(names, a.subscripts[0])}};
    case AtomKind::positive:
      return {{"positive", operand(0)}};
    case AtomKind::exponential:
      return {{"exp", operand(0)}};
    case AtomKind::inverse:
      return {{"inverse", operand(0)}};
    case AtomKind::function:
      if (!a.attributes.empty() || a.operands.size() != 1) break;
      return {{"call", operator_info(static_cast<Opcode>(a.code)).name}, {"of", operand(0)}};
    case AtomKind::sum:
      return {{"sum", binders_json(names, a.binders)}, {"of", operand(0)}};
    default:
      break;
  }
  throw NotHandled("a certificate with this in it");
}

/// Half a logarithm in an exponent is a root.
TermJson exponential_json(const Names& names, const Poly& exponent, std::int64_t power, int depth) {
  TermJson factors = TermJson::array();
  Poly rest, roots = Algebra::number(1);
  for (const auto& [m, c] : exponent.terms) {
    const bool is_log = m.size() == 1 && m[0].second == 1 &&
                        names.algebra.atom(m[0].first).kind == AtomKind::function &&
                        names.algebra.atom(m[0].first).code == opcode<Log>;
    if (is_log && denominator(c) == 2) {
      const Poly& base = names.algebra.atom(m[0].first).operands[0];
      factors.push_back({{{"call", "sqrt"}, {"of", form_json(names, base, depth + 1)}},
                         power * static_cast<std::int64_t>(numerator(c))});
    } else {
      rest.terms.emplace(m, c);
    }
  }
  if (!rest.is_zero()) factors.push_back({{{"exp", form_json(names, rest, depth + 1)}}, power});
  return factors;
}

/// [[coefficient, [factor, exponent], ...], ...]
TermJson form_json(const Names& names, const Poly& p, int depth) {
  if (depth > 40) throw NotHandled("a certificate as deep as this");
  TermJson r = TermJson::array();
  for (const auto& [m, c] : p.terms) {
    TermJson term = TermJson::array({c.str()});
    for (const auto& [id, e] : m) {
      if (names.algebra.atom(id).kind == AtomKind::exponential) {
        for (TermJson& factor : exponential_json(names, names.algebra.atom(id).operands[0], e, depth))
          term.push_back(std::move(factor));
      } else {
        term.push_back({atom_json(names, id, depth), e});
      }
    }
    r.push_back(std::move(term));
  }
  return r;
}

/// What the largest entries of vectors are called, by what is known of them.
TermJson largest_json(const Names& names) {
  TermJson r = TermJson::array();
  for (const Fact& f : names.algebra.facts) {
    if (f.pattern.size() != 1) continue;
    for (const Symbol s : names.algebra.free_symbols(f.value))
      if (names.algebra.symbols.name(s) == " largest")
        r.push_back({{"name", "#" + std::to_string(s)},
                     {"other", "#" + std::to_string(f.pattern[0])},
                     {"gap", form_json(names, f.value, 0)}});
  }
  return r;
}

}  // namespace

nlohmann::ordered_json to_json(const Algebra& algebra, const SumOfTerms& sum, const std::vector<Symbol>& axes) {
  const Names names{algebra, axes};
  if (sum.cases.size() == 2) {
    TermJson r{{"goal", sum.goal}, {"a", form_json(names, sum.a, 0)}};
    if (auto largest = largest_json(names); !largest.empty()) r["largest"] = std::move(largest);
    for (const SumOfTerms& part : sum.cases) {
      TermJson one = to_json(algebra, part, axes);
      one["of"] = form_json(names, part.of, 0);
      r["cases"].push_back(std::move(one));
    }
    return r;
  }
  const auto form = [&](const Poly& p) { return form_json(names, p, 0); };
  TermJson r{{"goal", sum.goal}};
  if (sum.goal == "entries") {
    r["over"] = binders_json(names, sum.over);
    r["of"] = form(sum.of);
    r["numbers"] = TermJson::array();
    for (const Poly& p : sum.numbers) r["numbers"].push_back(form(p));
    r["proof"] = TermJson::parse(sum.proof);
    return r;
  }
  if (sum.goal == "exponential") r["scale"] = sum.scale.str();
  if (!sum.a.is_zero()) r["a"] = form(sum.a);
  if (!sum.b.is_zero()) r["b"] = form(sum.b);
  if (auto largest = largest_json(names); !largest.empty()) r["largest"] = std::move(largest);
  if (sum.cases.size() == 1) r["inner"] = to_json(algebra, sum.cases[0], axes);
  r["terms"] = TermJson::array();
  for (const NonnegativeTerm& t : sum.terms) {
    TermJson one{{"lemma", t.lemma}, {"times", t.times.str()}, {"factor", form(t.factor)}};
    if (!t.over.empty()) one["over"] = binders_json(names, t.over);
    if (!t.inside.empty()) one["inside"] = binders_json(names, t.inside);
    if (!t.powers.empty()) one["powers"] = t.powers;
    if (t.lemma == "rest") one["at"] = affine_json(names, t.at);
    if (!t.of.empty()) one["of"] = TermJson::array();
    for (const Poly& p : t.of) one["of"].push_back(form(p));
    r["terms"].push_back(std::move(one));
  }
  return r;
}

}  // namespace nabla::index_form
