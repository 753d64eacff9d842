#include <algorithm>
#include <cmath>
#include <limits>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/quadrature/quadrature.hpp>
#include <queue>
#include <tuple>

namespace nabla::quadrature {

namespace {

using Series = Taylor<Ball>;

/// Of the value of an integral inside of another: its coefficients are integrals of derivatives, which grow.
std::size_t order_of_inner(const Effort& effort) { return effort.order <= quick.order ? 2 : 4; }
constexpr std::size_t fewest_cells_around = 12, most_cells_around = 40;  // of an integral around others
constexpr int most_depth = 3;
constexpr double enough_of_width = 0.05;   // what is left to gain by cutting, of what the other variables cause
constexpr std::size_t most_vanishing = 6;  // coefficients at an end
constexpr double infinite = std::numeric_limits<double>::infinity();

std::vector<Entries<Interval>> as_intervals(const Quadrature::At& at) {
  std::vector<Entries<Interval>> result;
  for (const Entries<Ball>& x : at) {
    Entries<Interval> entries;
    for (const Ball& b : x) entries.push_back(Interval::of_ball(b));
    result.push_back(std::move(entries));
  }
  return result;
}

std::vector<Entries<Series>> as_constants(const Quadrature::At& at) {
  std::vector<Entries<Series>> result;
  for (const Entries<Ball>& x : at) result.emplace_back(x.begin(), x.end());
  return result;
}

/// Whether a run of intervals met smooth operators inside their domains alone.
bool is_regular(const Run<Interval>& run) {
  for (const NodeId id : run.plan().nodes()) {
    for (const Interval& x : run.value(Ref::node(id)))
      if (!x.total || x.is_empty()) return false;
    if (!takes_one_branch(run, id)) return false;
  }
  return run.kinks().empty();
}

Ball ball_of(const Interval& x) {
  return x.is_empty() || !x.is_finite() ? Ball::indeterminate() : Ball::of_ends(x.lo, x.hi);
}

}  // namespace

bool takes_one_branch(const Run<Interval>& run, NodeId id) {
  const Graph& graph = run.plan().graph();
  return !graph.is(id, opcode<Where>) || std::ranges::all_of(run.value(graph.operands(id)[0]), [](const Interval& c) {
    return !c.contains(0.0) || Number<Interval>::is_zero(c);
  });
}

double radius(const Ball& x) { return x.is_finite() ? mag_get_d(arb_radref(raw(x))) : infinite; }

/// A density with its quotients taken out, so that these can be enclosed otherwise where their sides vanish.
class Density {
 public:
  Density(const Problem& problem, const std::vector<ParametricIntegral>& integrals, std::size_t which) {
    const ParametricIntegral& integral = integrals[which];
    const Expr& e = integral.density;
    for (const Given& g : problem.givens) {
      if (same(g.variable, integral.inside)) inside_ = inputs_.size();
      inputs_.push_back(g.variable);
    }
    for (std::size_t k = 0; k < integrals.size(); ++k) {
      const Expr& value = integrals[k].value;
      if (k == which || !depends_on(e, value)) continue;
      const auto given = std::ranges::find_if(inputs_, [&](const Expr& x) { return same(x, value); });
      reads_.push_back(k);
      places_.push_back(static_cast<std::size_t>(given - inputs_.begin()));
      if (given == inputs_.end()) inputs_.push_back(value);
    }
    function_ = std::make_unique<Function>(std::span(&e, 1), inputs_);
    interval_ = std::make_unique<Rerun<Interval>>(*function_);
    if (e.ref().is_node()) split(e, integral.inside);
  }

  /// The input that it is integrated by.
  std::size_t inside() const { return inside_; }
  /// The integrals whose values it reads.
  const std::vector<std::size_t>& reads() const { return reads_; }
  /// Puts their values into inputs.
  template <class V, class From, class Convert>
  void put(std::vector<Entries<V>>& inputs, const std::vector<From>& values, Convert convert) const {
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (places_[k] >= inputs.size()) inputs.resize(places_[k] + 1);
      inputs[places_[k]] = {convert(values[k])};
    }
  }

  const Run<Interval>& over(std::span<const Entries<Interval>> at) { return interval_->at(at); }
  const Series& expansion(std::span<const Entries<Series>> at, long bits) {
    return series_.of(*function_, bits).at(at).output(0)[0];
  }
  bool has_quotients() const { return outside_ != nullptr; }
  /// Above and below of each quotient.
  std::vector<Series> sides(std::span<const Entries<Series>> at, long bits) {
    const Run<Series>& run = parts_series_.of(*parts_, bits).at(at);
    std::vector<Series> result;
    for (std::size_t k = 0; k < parts_->output_count(); ++k) result.push_back(run.output(k)[0]);
    return result;
  }
  /// Whether every operator above and below is smooth over a box.
  bool parts_are_regular(std::span<const Entries<Interval>> at) { return is_regular(parts_run_->at(at)); }
  /// The density where its quotients have these values.
  Interval around(std::vector<Entries<Interval>> at, const std::vector<Interval>& quotients) {
    for (const Interval& q : quotients) at.push_back({q});
    return outside_run_->at(at).output(0)[0];
  }

 private:
  /// A run that is made anew where the precision is another.
  struct KeptSeries {
    std::unique_ptr<Rerun<Series>> run;
    long bits = 0;
    Rerun<Series>& of(const Function& f, long wanted) {
      if (!run || bits != wanted) run = std::make_unique<Rerun<Series>>(f);
      bits = wanted;
      return *run;
    }
  };

  void split(const Expr& e, const Expr& inside) {
    const Graph& graph = e.graph();
    const WorkspaceScope scope(e.workspace());
    Replacements out;
    std::vector<Expr> parts;
    const Ref target = e.ref();
    const std::vector<bool> needed = reachable(graph, {&target, 1});
    for (NodeId id = static_cast<NodeId>(needed.size()); id-- > 0;) {
      if (!needed[id] || !graph.is(id, opcode<Div>) || !graph.shape(id).is_scalar()) continue;
      const Expr quotient(e.workspace(), Ref::node(id));
      const auto x = graph.operands(id);
      const Expr above(e.workspace(), x[0]), below(e.workspace(), x[1]);
      if (!depends_on(below, inside) || !above.shape().is_scalar() || !below.shape().is_scalar()) continue;
      const bool within = std::ranges::any_of(out, [&](const auto& o) { return depends_on(o.first, quotient); });
      if (within) continue;
      out.emplace_back(quotient, variable("quotient#" + std::to_string(id)));
      parts.push_back(above);
      parts.push_back(below);
    }
    if (out.empty()) return;
    const Expr rest = substitute(e, out);
    std::vector<Expr> all = inputs_;
    for (const auto& [quotient, by] : out) all.push_back(by);
    outside_ = std::make_unique<Function>(std::span(&rest, 1), all);
    outside_run_ = std::make_unique<Rerun<Interval>>(*outside_);
    parts_ = std::make_unique<Function>(parts, inputs_);
    parts_run_ = std::make_unique<Rerun<Interval>>(*parts_);
  }

  std::vector<Expr> inputs_;
  std::size_t inside_ = 0;
  std::vector<std::size_t> reads_, places_;
  std::unique_ptr<Function> function_, outside_, parts_;
  std::unique_ptr<Rerun<Interval>> interval_, outside_run_, parts_run_;
  KeptSeries series_, parts_series_;
};

struct Quadrature::Cell {
  double lo = 0, hi = 1;
  Ball value;
  double excess = infinite;  ///< of the radius: what cutting the cell would take away
  bool smooth = false;
  friend bool operator<(const Cell& a, const Cell& b) { return a.excess < b.excess; }
};

Quadrature::Quadrature(const Problem& problem, std::vector<ParametricIntegral> integrals, const Budget& budget)
    : problem_(problem), integrals_(std::move(integrals)), budget_(budget) {}
Quadrature::~Quadrature() = default;

std::size_t Quadrature::add(const ParametricIntegral& integral) {
  for (std::size_t k = 0; k < integrals_.size(); ++k)
    if (same(integrals_[k].value, integral.value)) return k;
  integrals_.push_back(integral);
  return integrals_.size() - 1;
}

/// Inputs of a density: the givens, and the values of integrals that it reads.
Density& Quadrature::density(std::size_t integral) {
  if (densities_.size() < integrals_.size()) densities_.resize(integrals_.size());
  if (!densities_[integral]) densities_[integral] = std::make_unique<Density>(problem_, integrals_, integral);
  return *densities_[integral];
}

std::size_t Quadrature::derivative(std::size_t integral, const Expr& by, std::size_t order) {
  const auto [it, is_new] = derivatives_.try_emplace({integral, by.ref().bits(), order}, 0);
  if (!is_new) return it->second;
  const WorkspaceScope scope(problem_.workspace);
  ParametricIntegral of = integrals_[integral];
  for (std::size_t k = 0; k < order; ++k) of.density = gradient(of.density, by);
  of.value = variable("integral#" + std::to_string(integral) + "#" + std::to_string(order));
  return it->second = add(of);
}

Ball Quadrature::enclose(std::size_t integral, const At& at, const Effort& effort) {
  const Precision precision = Precision::of_bits(effort.bits);
  return work(integral, at, effort, 0).value;
}

bool Quadrature::is_smooth(std::size_t integral, const At& at) {
  const Precision precision = Precision::of_bits(plain.bits);
  Effort effort = quick;
  effort.error = infinite;
  effort.most_cells = 1;
  return work(integral, at, effort, 0).smooth;
}

Quadrature::Answer Quadrature::work(std::size_t integral, const At& at, const Effort& wanted, int depth) {
  Density& of = density(integral);
  Effort effort = wanted;
  if (!of.reads().empty()) {  // each cell is several integrals
    effort.most_cells =
        std::min(effort.most_cells, effort.order <= quick.order ? fewest_cells_around : most_cells_around);
    effort.order = std::min(effort.order, plain.order);
  }
  std::priority_queue<Cell> cells;
  // Two to begin with: a symmetric density is known on both sides of its middle.
  const auto add_cell = [&](double lo, double hi) {
    budget_.check();
    Cell cell;
    cell.lo = lo;
    cell.hi = hi;
    measure(cell, of, at, effort, depth);
    cells.push(cell);
  };
  add_cell(0, 0.5);
  add_cell(0.5, 1);
  const auto total = [&](std::priority_queue<Cell> copy) {
    Answer answer{Ball(0), true};
    while (!copy.empty()) {
      answer.value += copy.top().value;
      answer.smooth = answer.smooth && copy.top().smooth;
      copy.pop();
    }
    return answer;
  };
  double excess = cells.top().excess * 2;
  for (std::size_t made = 2; made < effort.most_cells; ++made) {
    if (made % 4 == 2) {  // sums are of few terms, so that adding up anew costs little
      std::priority_queue<Cell> copy = cells;
      double all = 0;
      excess = 0;
      for (; !copy.empty(); copy.pop()) {
        excess += copy.top().excess;
        all += radius(copy.top().value);
      }
      if (excess <= std::max(effort.error, enough_of_width * all)) break;
    }
    const Cell worst = cells.top();
    const double middle = worst.lo + (worst.hi - worst.lo) / 2;
    if (!(worst.lo < middle && middle < worst.hi)) break;
    cells.pop();
    add_cell(worst.lo, middle);
    add_cell(middle, worst.hi);
  }
  return total(std::move(cells));
}

void Quadrature::measure(Cell& cell, Density& of, const At& outer, const Effort& effort, int depth) {
  const std::size_t n = of.reads().empty() ? effort.order : order_of_inner(effort);
  const Ball width = Ball::of_double_exact(cell.hi) - Ball::of_double_exact(cell.lo);
  const Ball over = Ball::of_ends(cell.lo, cell.hi);
  const Ball middle = Ball::of_double_exact(cell.lo + (cell.hi - cell.lo) / 2);
  At at = outer;
  at[of.inside()] = {over};
  // What is inside, over the cell.
  bool inner_smooth = true;
  std::vector<Ball> inner;
  for (const std::size_t k : of.reads()) {
    if (depth >= most_depth) return;
    Effort less = effort;
    less.most_cells = std::max<std::size_t>(6, effort.most_cells / 8);
    const Answer a = work(k, at, less, depth + 1);
    inner.push_back(a.value);
    inner_smooth = inner_smooth && a.smooth && density(k).reads().empty();  // derivatives see one level through
  }
  std::vector<Entries<Interval>> box = as_intervals(at);
  box[of.inside()] = {Interval(cell.lo, cell.hi)};
  of.put(box, inner, [](const Ball& b) { return Interval::of_ball(b); });
  const Run<Interval>& run = of.over(box);
  Interval range = run.output(0)[0];
  const bool regular = inner_smooth && is_regular(run);
  if (!range.is_finite() && of.has_quotients() && (cell.lo == 0 || cell.hi == 1)) {
    const auto quotients =
        of.parts_are_regular(box) ? quotients_at_end(of, outer, inner, cell, effort) : std::vector<Interval>();
    if (!quotients.empty()) range = of.around(box, quotients);
  }
  cell.value = ball_of(range) * width;
  cell.excess = radius(cell.value);
  cell.smooth = regular;
  if (!regular) return;
  // The expansion at the middle: c_k t^k, and the last coefficient over the cell.
  const auto expand = [&](const Ball& where) -> std::optional<Series> {
    At here = outer;
    here[of.inside()] = {where};
    std::vector<Entries<Series>> x = as_constants(here);
    x[of.inside()] = {Series::variable(where, n)};
    std::vector<Series> moving;
    for (const std::size_t k : of.reads()) {
      std::vector<Ball> c;
      Effort less = effort;
      less.most_cells = std::max<std::size_t>(6, effort.most_cells / 8);
      less.error /= 4;
      for (std::size_t m = 0; m <= n; ++m) {
        const std::size_t d = m == 0 ? k : derivative(k, problem_.givens[of.inside()].variable, m);
        Ball factorial(1);
        for (std::size_t j = 2; j <= m; ++j) factorial *= Ball(j);
        c.push_back(work(d, here, less, depth + 1).value / factorial);
      }
      moving.emplace_back(std::move(c));
    }
    of.put(x, moving, [](const Series& s) { return s; });
    try {
      return of.expansion(x, effort.bits);
    } catch (const UnsupportedError&) {
      return std::nullopt;
    }
  };
  const auto whole = expand(over);
  if (!whole || !(*whole)[n].is_finite()) return;
  const auto local = expand(middle);
  if (!local) return;
  const Ball half = width / Ball(2);
  Ball sum(0), power = half;
  for (std::size_t k = 0; k < n; k += 2) {
    sum += (*local)[k] * Ball(2) * power / Ball(k + 1);
    power *= half * half;
  }
  const Ball rest = (*whole)[n] * Ball(2) * power / Ball(n + 1);
  const Ball value = sum + rest;
  if (!(radius(value) < cell.excess)) return;
  cell.value = value;
  cell.excess = radius(rest);
}

/// Quotients whose sides vanish together at the end of the range that the cell has: by Cauchy's mean value theorem they
/// lie in the quotient of the first coefficients that do not both vanish there, taken over the cell. Nothing where some
/// quotient is not enclosed.
std::vector<Interval> Quadrature::quotients_at_end(Density& of, const At& outer, const std::vector<Ball>& inner,
                                                   const Cell& cell, const Effort& effort) {
  if (!inner.empty()) return {};
  const auto sides = [&](const Ball& where) {
    At here = outer;
    here[of.inside()] = {where};
    std::vector<Entries<Series>> x = as_constants(here);
    x[of.inside()] = {Series::variable(where, most_vanishing)};
    return of.sides(x, effort.bits);
  };
  const std::vector<Series> over = sides(Ball::of_ends(cell.lo, cell.hi));
  const std::vector<Series> end = sides(Ball(cell.lo == 0 ? 0 : 1));
  std::vector<Interval> quotients;
  for (std::size_t k = 0; k + 1 < over.size(); k += 2) {
    std::size_t vanishing = 0;
    while (vanishing < most_vanishing && end[k][vanishing].is_zero() && end[k + 1][vanishing].is_zero()) ++vanishing;
    const Ball q = over[k][vanishing] / over[k + 1][vanishing];
    if (!q.is_finite()) return {};
    quotients.push_back(Interval::of_ball(q));
  }
  return quotients;
}

std::vector<Ball> Quadrature::values(std::span<const Expr> expressions, const At& at, const Effort& effort) {
  const Precision precision = Precision::of_bits(effort.bits);
  At here = at;
  std::vector<Expr> inputs;
  for (const Given& g : problem_.givens) inputs.push_back(g.variable);
  for (std::size_t k = 0; k < integrals_.size(); ++k) {
    const Expr value = integrals_[k].value;
    if (std::ranges::none_of(expressions, [&](const Expr& e) { return depends_on(e, value); })) continue;
    const Ball enclosed = work(k, at, effort, 0).value;
    const auto given = std::ranges::find_if(problem_.givens, [&](const Given& g) { return same(g.variable, value); });
    if (given != problem_.givens.end()) {
      here[static_cast<std::size_t>(given - problem_.givens.begin())] = {enclosed};
    } else {
      inputs.push_back(value);
      here.push_back({enclosed});
    }
  }
  std::vector<Ball> result;
  for (const Expr& e : expressions) {
    if (!e.ref().is_node()) {
      result.push_back(Number<Ball>::of(*e.constant()));
      continue;
    }
    Rerun<Ball> run(Function(std::span(&e, 1), inputs));
    result.push_back(run.at(here).output(0)[0]);
  }
  return result;
}

}  // namespace nabla::quadrature
