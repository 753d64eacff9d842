#include <algorithm>
#include <cmath>
#include <nabla/engine/calculus/dependence.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/inequality/boxes.hpp>
#include <nabla/proofs/recheck/quadrature/cells.hpp>

namespace nabla::rederive {

namespace {

using Row = Taylor<Enclosure>;

/// Of the expansion of an integral inside of another.
std::size_t terms_of_inner(const Fineness& fineness) { return fineness.terms <= 8 ? 2 : 4; }
constexpr int most_nested = 3;
constexpr std::size_t most_common_zeros = 6;

double width_of(const Enclosure& x) {
  if (!x.is_finite()) return HUGE_VAL;
  const Enclosure d = x - x;  // from -(width) to the width
  return mpfr_get_d(d.hi.get(), MPFR_RNDU);
}

Enclosure scaled(const Enclosure& x, long numerator, long denominator) {
  return x * Enclosure(numerator) / Enclosure(denominator);
}

/// A choice that takes one branch throughout, operators without a kink, everything in its domain.
template <class Asks>
bool smooth_nodes(const Run<Enclosure>& run, Asks asks) {
  const Graph& graph = run.plan().graph();
  for (const NodeId id : run.plan().nodes()) {
    if (!asks(id)) continue;
    for (const Enclosure& x : run.value(Ref::node(id)))
      if (!x.total) return false;
    if (!graph.is(id, opcode<Where>)) continue;
    for (const Enclosure& c : run.value(graph.operands(id)[0]))
      if (!c.nonzero() && !Number<Enclosure>::is_zero(c)) return false;
  }
  for (const Kink& kink : run.kinks())
    if (asks(kink.node)) return false;
  return true;
}

template <class V>
Run<V> run_of(std::span<const Expr> outputs, std::span<const Expr> inputs, const std::vector<std::vector<V>>& at) {
  return Function(outputs, inputs).run<V>(at);
}

/// The range of a density next to an end of its variable, where quotients whose sides vanish there lie in that of their
/// first coefficients that do not (Cauchy's mean value theorem): the whole line where that is not seen.
Enclosure at_vanishing_quotients(const Expr& density, const std::vector<Expr>& variables, std::size_t inside,
                                 const Values& box, const End& end) {
  const Graph& graph = density.graph();
  const WorkspaceScope scope(density.workspace());
  const Ref target = density.ref();
  const std::vector<bool> needed = reachable(graph, {&target, 1});
  Replacements out;
  std::vector<Expr> all = variables;
  Values at = box;
  std::vector<std::vector<Row>> over, there;
  for (const auto& entries : box) over.emplace_back(entries.begin(), entries.end());
  there = over;
  over[inside] = {Row::variable(box[inside][0], most_common_zeros)};
  there[inside] = {Row::variable(Enclosure::between(end, end), most_common_zeros)};
  for (NodeId id = static_cast<NodeId>(needed.size()); id-- > 0;) {
    if (!needed[id] || !graph.is(id, opcode<Div>) || !graph.shape(id).is_scalar()) continue;
    const Expr quotient(density.workspace(), Ref::node(id));
    const Expr sides[] = {Expr(density.workspace(), graph.operands(id)[0]),
                          Expr(density.workspace(), graph.operands(id)[1])};
    if (!depends_on(sides[1], variables[inside]) ||
        std::ranges::any_of(out, [&](const auto& o) { return depends_on(o.first, quotient); }))
      continue;
    if (!smooth_nodes(run_of<Enclosure>(sides, variables, box), [](NodeId) { return true; }))
      return Enclosure::whole(true);
    const Run<Row> near = run_of<Row>(sides, variables, over), exactly = run_of<Row>(sides, variables, there);
    std::size_t k = 0;
    const auto vanishes = [&](std::size_t side) { return Number<Enclosure>::is_zero(exactly.output(side)[0][k]); };
    while (k < most_common_zeros && vanishes(0) && vanishes(1)) ++k;
    const Enclosure below = near.output(1)[0][k];
    if (!below.nonzero()) return Enclosure::whole(true);
    Enclosure q = near.output(0)[0][k] / below;
    q.lo_open = q.hi_open = false;
    const Expr stands = variable("quotient##" + std::to_string(id));
    out.emplace_back(quotient, stands);
    all.push_back(stands);
    at.push_back({q});
  }
  if (out.empty()) return Enclosure::whole(true);
  const Expr rest = substitute(density, out);
  if (!rest.ref().is_node()) return Number<Enclosure>::of(*rest.constant());
  return run_of<Enclosure>({&rest, 1}, all, at).output(0)[0];
}

}  // namespace

struct Cells::Part {
  Enclosure where, value;
  double gain = HUGE_VAL;  ///< what halving it may take off the width
  bool smooth = false;
};

std::vector<std::size_t> Cells::reads(const Expr& e) const {
  std::vector<std::size_t> list;
  for (std::size_t k = 0; k < calculus_.integrals().size(); ++k)
    if (depends_on(e, calculus_.integrals()[k].value)) list.push_back(k);
  return list;
}

std::vector<Expr> Cells::inputs(const Expr& e) const {
  std::vector<Expr> list;
  for (const Given& g : problem_.givens) list.push_back(g.variable);
  for (const std::size_t k : reads(e)) {
    const Expr& value = calculus_.integrals()[k].value;
    if (std::ranges::none_of(list, [&](const Expr& x) { return same(x, value); })) list.push_back(value);
  }
  return list;
}

Enclosure Cells::value(const Expr& e, const Values& at, const Fineness& fineness) {
  const EnclosureBits bits(fineness.bits);
  const std::vector<Expr> variables = inputs(e);
  Values here = at;
  here.resize(variables.size(), {Enclosure::whole(true)});
  for (const std::size_t k : reads(e)) {
    const auto& [value, density, inside] = calculus_.integrals()[k];
    for (std::size_t v = 0; v < variables.size(); ++v)
      if (same(variables[v], value)) here[v] = {integral({value, density, inside}, at, fineness, 0).value};
  }
  if (!e.ref().is_node()) return Number<Enclosure>::of(*e.constant());
  return run_of<Enclosure>({&e, 1}, variables, here).output(0)[0];
}

bool Cells::differentiable(const Expr& e, std::size_t given, const Values& at) const {
  const Expr& x = problem_.givens[given].variable;
  std::vector<Expr> open{e};
  for (const std::size_t k : calculus_.read_by(e)) open.push_back(calculus_.integrals()[k].density);
  for (std::size_t n = 0; n < open.size(); ++n) {
    const Expr& part = open[n];
    if (!part.ref().is_node()) continue;
    const std::vector<Expr> variables = inputs(part);
    Values here = at;
    here.resize(variables.size(), {Enclosure::whole(true)});
    std::vector<Dependents> moving{Dependents(part, x)};
    for (const std::size_t k : reads(part)) {
      moving.emplace_back(part, calculus_.integrals()[k].value);
      for (std::size_t v = 0; v < variables.size(); ++v)
        if (same(variables[v], calculus_.integrals()[k].value)) here[v] = {Enclosure::whole(true)};
    }
    for (auto& entries : here)  // ends that are not in the set are looked at as well
      for (Enclosure& y : entries) y.lo_open = y.hi_open = false;
    const auto moves = [&](NodeId id) {
      return std::ranges::any_of(moving, [&](const Dependents& d) { return d(Ref::node(id)); });
    };
    const Run<Enclosure> run = run_of<Enclosure>({&part, 1}, variables, here);
    if (!smooth_nodes(run, moves)) return false;
    if (n == 0) continue;
    for (const NodeId id : run.plan().nodes())  // of a density: bounded
      if (!moves(id))
        for (const Enclosure& y : run.value(Ref::node(id)))
          if (!y.is_finite()) return false;
  }
  return true;
}

bool Cells::total(std::size_t integral, const Values& at) const {
  const auto& [value, density, inside] = calculus_.integrals()[integral];
  if (!density.ref().is_node()) return true;
  const std::vector<Expr> variables = inputs(density);
  Values here = at;
  here.resize(variables.size(), {Enclosure::whole(true)});
  for (std::size_t v = 0; v < variables.size(); ++v)
    if (same(variables[v], inside)) here[v] = {Number<Enclosure>::hull(Enclosure(0), Enclosure(1))};
  const Run<Enclosure> run = run_of<Enclosure>({&density, 1}, variables, here);
  return std::ranges::all_of(run.plan().nodes(), [&](NodeId id) {
    return std::ranges::all_of(run.value(Ref::node(id)), [](const Enclosure& x) { return x.total; });
  });
}

Cells::Found Cells::integral(const ParametricIntegral& of, const Values& at, const Fineness& fineness, int depth) {
  End zero, half, one;
  mpfr_set_ui_2exp(half.get(), 1, -1, MPFR_RNDN);
  mpfr_set_ui(one.get(), 1, MPFR_RNDN);
  std::vector<Part> parts{part(of, at, Enclosure::between(zero, half), fineness, depth),
                          part(of, at, Enclosure::between(half, one), fineness, depth)};
  while (parts.size() < fineness.most) {
    double gain = 0, width = 0;
    for (const Part& p : parts) {
      gain += p.gain;
      width += width_of(p.value);
    }
    if (gain <= std::max(fineness.error, width / 20)) break;
    const auto worst = std::ranges::max_element(parts, {}, &Part::gain);
    const Enclosure where = worst->where;
    const End cut = midpoint(where);
    if (!(where.lo < cut) || !(cut < where.hi)) break;
    *worst = part(of, at, Enclosure::between(where.lo, cut), fineness, depth);
    parts.push_back(part(of, at, Enclosure::between(cut, where.hi), fineness, depth));
  }
  Found found{0, true};
  for (const Part& p : parts) {
    found.value = found.value + p.value;
    found.smooth = found.smooth && p.smooth;
  }
  return found;
}

Cells::Part Cells::part(const ParametricIntegral& of, const Values& outer, const Enclosure& where,
                        const Fineness& fineness, int depth) {
  Part result;
  result.where = where;
  result.value = Enclosure::whole(true);
  const std::vector<Expr> variables = inputs(of.density);
  std::size_t inside = 0;
  for (std::size_t v = 0; v < variables.size(); ++v)
    if (same(variables[v], of.inside)) inside = v;
  const std::vector<std::size_t> inner = reads(of.density);
  if (!inner.empty() && depth >= most_nested) return result;
  Fineness less = fineness;
  less.most = std::max<std::size_t>(6, fineness.most / 8);
  const auto inner_value = [&](const ParametricIntegral& i, const Enclosure& here) {
    Values place = outer;
    place[inside] = {here};
    return integral(i, place, less, depth + 1);
  };
  bool inner_smooth = true;
  Values box = outer;
  box.resize(variables.size(), {Enclosure::whole(true)});
  box[inside] = {where};
  for (const std::size_t k : inner) {
    const auto& [value, density, variable] = calculus_.integrals()[k];
    const Found f = inner_value({value, density, variable}, where);
    inner_smooth = inner_smooth && f.smooth && reads(density).empty();
    for (std::size_t v = 0; v < variables.size(); ++v)
      if (same(variables[v], value)) box[v] = {f.value};
  }
  End length;
  mpfr_sub(length.get(), where.hi.get(), where.lo.get(), MPFR_RNDN);  // exact: ends are short dyadics
  const Enclosure over = Enclosure::between(length, length);
  if (!of.density.ref().is_node()) {
    result.value = Number<Enclosure>::of(*of.density.constant()) * over;
    result.gain = 0;
    result.smooth = true;
    return result;
  }
  const Run<Enclosure> run = run_of<Enclosure>({&of.density, 1}, variables, box);
  Enclosure range = run.output(0)[0];
  result.smooth = inner_smooth && smooth_nodes(run, [](NodeId) { return true; });
  End nought, full;
  mpfr_set_ui(full.get(), 1, MPFR_RNDN);
  const bool at_begin = where.lo == nought, at_end = where.hi == full;
  if (!range.is_finite() && inner.empty() && (at_begin || at_end))
    range = at_vanishing_quotients(of.density, variables, inside, box, at_begin ? nought : full);
  range.total = true;  // that it has values is certified otherwise
  if (range.is_finite()) result.value = range * over;
  result.value.lo_open = result.value.hi_open = false;
  result.gain = width_of(result.value);
  if (!result.smooth) return result;
  const std::size_t n = inner.empty() ? fineness.terms : terms_of_inner(fineness);
  const auto expansion = [&](const Enclosure& here) {
    std::vector<std::vector<Row>> at;
    for (const auto& entries : box) at.emplace_back(entries.begin(), entries.end());
    at[inside] = {Row::variable(here, n)};
    for (const std::size_t k : inner) {
      const auto& [value, density, variable] = calculus_.integrals()[k];
      std::vector<Enclosure> c;
      Expr d = density;
      long factorial = 1;
      for (std::size_t m = 0; m <= n; ++m) {
        if (m > 0) {
          d = depends_on(d, of.inside) ? gradient(d, of.inside) : Expr(0);
          factorial *= static_cast<long>(m);
        }
        c.push_back(scaled(inner_value({value, d, variable}, here).value, 1, factorial));
      }
      for (std::size_t v = 0; v < variables.size(); ++v)
        if (same(variables[v], value)) at[v] = {Row(c)};
    }
    const Run<Row> rows = run_of<Row>({&of.density, 1}, variables, at);
    return Row(rows.output(0)[0]);
  };
  try {
    const Row whole = expansion(where);
    // The last coefficient that is bounded over the part: an even one, or the first.
    const auto bounded = [&](std::size_t k) { return whole[k].is_finite() && whole[k].total; };
    std::size_t last = n;
    while (last > 2 && !bounded(last)) last -= 2;
    if (!bounded(last)) last = 1;
    if (!bounded(last)) return result;
    const End m = midpoint(where);
    const Row local = expansion(Enclosure::between(m, m));
    const Enclosure half = scaled(over, 1, 2);
    Enclosure sum = 0, power = half;  // half^(k + 1)
    for (std::size_t k = 0; k < last; k += 2) {
      if (!local[k].total) return result;
      sum = sum + scaled(local[k] * power, 2, static_cast<long>(k) + 1);
      power = power * half * half;
    }
    // Of an odd power both halves count, with a coefficient of its own each, one of them negatively.
    const Enclosure rest = last == 1 ? scaled((whole[1] - whole[1]) * half * half, 1, 2)
                                     : scaled(whole[last] * power, 2, static_cast<long>(last) + 1);
    const Enclosure value = sum + rest;
    if (width_of(value) < result.gain) {
      result.value = value;
      result.gain = width_of(rest);
    }
  } catch (const UnsupportedError&) {  // intervals alone
  }
  return result;
}

}  // namespace nabla::rederive
