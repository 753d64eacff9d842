// Whether a form vanishes, with what sets and hypotheses say; and forms as text.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/algebra.hpp>

namespace nabla::index_form {

namespace {

constexpr int most_rounds = 12;

}  // namespace

/// What the rules say the atom equals; nothing before the end.
std::optional<Poly> Algebra::by_rule(AtomId id) {
  if (!final_ || in_rules_ || rules.empty()) return std::nullopt;
  struct Scope {
    bool& flag;
    ~Scope() { flag = false; }
  } scope{in_rules_};
  in_rules_ = true;
  std::vector<Affine> values;
  for (const Rule& rule : rules) {
    const Atom& pattern = atom(rule.atom);
    if (pattern.kind != atom(id).kind || pattern.code != atom(id).code) continue;
    if (rule.pattern.empty()) {
      if (rule.atom == id) return rule.value;
      continue;
    }
    if (rule.pattern.size() > 2) continue;
    if (values.empty()) values = candidates(of_monomial({{id, 1}}));
    if (values.empty()) continue;
    std::vector<std::size_t> choice(rule.pattern.size(), 0);
    for (;;) {
      Substitution at;
      bool in_range = true;
      for (std::size_t k = 0; k < choice.size(); ++k) {
        const Symbol x = rule.pattern[k];
        const Affine& value = values[choice[k]];
        in_range =
            in_range && symbols.is_nonnegative(value - symbols.lo(x)) && symbols.is_nonnegative(*symbols.hi(x) - value);
        at.symbols.emplace_back(x, value);
      }
      if (in_range && single_atom(substitute(of_monomial({{rule.atom, 1}}), at)) == id)
        return substitute(rule.value, at);
      std::size_t k = 0;
      while (k < choice.size() && ++choice[k] == values.size()) choice[k++] = 0;
      if (k == choice.size()) break;
    }
  }
  return std::nullopt;
}

Poly Algebra::reduced(const Poly& p) {
  struct Scope {
    bool& flag;
    bool before;
    ~Scope() { flag = before; }
  } scope{final_, final_};
  final_ = true;
  Substitution all;
  all.everything = true;
  Poly q = p;
  for (int round = 0; round < 3; ++round) {  // a rule may make room for another
    Poly next = substitute(q, all);
    if (next == q) break;
    q = std::move(next);
  }
  return q;
}

/// Sums of one term over ranges that differ by few terms become one sum and these terms.
Poly Algebra::with_one_range(const Poly& p) {
  constexpr std::int64_t most_terms = 4;
  std::set<AtomId> sums;
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m)
      if (atom(id).kind == AtomKind::sum && atom(id).binders.size() == 1 && e > 0) sums.insert(id);
  for (const AtomId first : sums)
    for (const AtomId second : sums) {
      if (second <= first || atom(first).height != atom(second).height) continue;
      const Binder a = atom(first).binders[0], b = atom(second).binders[0];
      for (std::int64_t shift = -most_terms; shift <= most_terms; ++shift) {
        // The second is the sum of the first's terms over its own range, moved.
        const Poly moved =
            substitute(Poly(atom(first).operands[0]), a.symbol, Affine::symbol(b.symbol) + Affine::of(shift));
        if (moved != atom(second).operands[0]) continue;
        const Affine below = b.lo + Affine::of(shift) - a.lo, above = b.hi + Affine::of(shift) - a.hi;
        if (!below.is_constant() || !above.is_constant() || std::abs(below.constant) > most_terms ||
            std::abs(above.constant) > most_terms)
          continue;
        Poly value = of_monomial({{first, 1}});
        const auto add_terms = [&](const Affine& from, std::int64_t count, int sign) {
          for (std::int64_t k = 0; k < count; ++k)
            value = add(value, scaled(substitute(Poly(atom(first).operands[0]), a.symbol, from + Affine::of(k)), sign));
        };
        add_terms(a.lo + below, -below.constant, 1);
        add_terms(a.lo, below.constant, -1);
        add_terms(a.hi + Affine::of(1), above.constant, 1);
        add_terms(a.hi + above + Affine::of(1), -above.constant, -1);
        Poly r;
        for (const auto& [m, c] : p.terms) {
          Monomial rest;
          std::int64_t exponent = 0;
          for (const auto& factor : m) {
            if (factor.first == second && factor.second > 0) {
              exponent = factor.second;
            } else {
              rest.push_back(factor);
            }
          }
          r = add(r, scaled(mul(of_monomial(rest), power(value, exponent)), c));
        }
        return with_one_range(r);
      }
    }
  return p;
}

bool Algebra::is_zero(const Poly& p) {
  if (p.is_zero()) return true;
  struct Scope {
    bool& flag;
    bool before;
    ~Scope() { flag = before; }
  } scope{final_, final_};
  Poly q = reduced(p);
  final_ = true;
  for (int round = 0; round < most_rounds && !q.is_zero(); ++round) {
    // Denominators are not 0 where p is defined.
    std::optional<std::pair<AtomId, std::int64_t>> quotient;
    for (const auto& [m, c] : q.terms)
      for (const auto& [id, e] : m)
        if (atom(id).kind == AtomKind::inverse &&
            (!quotient || id > quotient->first || (id == quotient->first && e > quotient->second)))
          quotient = {id, e};
    if (!quotient) break;
    const Poly denominator = atom(quotient->first).operands[0];
    Poly next;
    for (const auto& [m, c] : q.terms) {
      Monomial rest;
      std::int64_t exponent = 0;
      for (const auto& factor : m) {
        if (factor.first == quotient->first) {
          exponent = factor.second;
        } else {
          rest.push_back(factor);
        }
      }
      next = add(next, scaled(mul(of_monomial(rest), power(denominator, quotient->second - exponent)), c));
    }
    q = std::move(next);
  }
  return q.is_zero() || with_one_range(q).is_zero();
}

std::string Algebra::text(const Poly& p) const {
  constexpr std::size_t longest = 160;
  std::string r;
  for (const auto& [m, c] : p.terms) {
    std::string term = m.empty() || abs(c) != 1 ? abs(c).str() : "";
    for (const auto& [id, e] : m) {
      const Atom& a = atom(id);
      std::string factor;
      const auto subscripts = [&] {
        std::string s;
        for (const Affine& k : a.subscripts) s += (s.empty() ? "" : ", ") + symbols.text(k);
        return s;
      };
      switch (a.kind) {
        case AtomKind::entry:
          factor =
              arrays[static_cast<std::size_t>(a.code)].name + (a.subscripts.empty() ? "" : "[" + subscripts() + "]");
          break;
        case AtomKind::symbol:
          factor = subscripts();
          break;
        case AtomKind::equal:
          factor = "[" + subscripts() + " = 0]";
          break;
        case AtomKind::at_least:
          factor = "[" + subscripts() + " >= 0]";
          break;
        case AtomKind::exponential:
          factor = "exp(" + text(a.operands[0]) + ")";
          break;
        case AtomKind::inverse:
          factor = "1/(" + text(a.operands[0]) + ")";
          break;
        case AtomKind::function:
          factor = operator_info(static_cast<Opcode>(a.code)).name + "(";
          for (std::size_t k = 0; k < a.operands.size(); ++k) factor += (k == 0 ? "" : ", ") + text(a.operands[k]);
          factor += ")";
          break;
        case AtomKind::positive:
          factor = "[" + text(a.operands[0]) + " > 0]";
          break;
        case AtomKind::sum:
          factor = "sum(";
          for (const Binder& b : a.binders)
            factor +=
                symbols.text(Affine::symbol(b.symbol)) + " in " + symbols.text(b.lo) + ".." + symbols.text(b.hi) + ": ";
          factor += text(a.operands[0]) + ")";
          break;
        case AtomKind::application:
        case AtomKind::jacobian:
          factor = (a.kind == AtomKind::jacobian ? "D " : "") + functions[static_cast<std::size_t>(a.code)].name + "(" +
                   text(a.operands[0]) + ")" + (a.subscripts.empty() ? "" : "[" + subscripts() + "]");
          break;
      }
      term += (term.empty() ? "" : " * ") + factor + (e == 1 ? "" : "^" + std::to_string(e));
    }
    r += r.empty() ? (c < 0 ? "-" : "") + term : (c < 0 ? " - " : " + ") + term;
    if (r.size() > longest) return r.substr(0, longest) + " ...";
  }
  return r.empty() ? "0" : r;
}

}  // namespace nabla::index_form
