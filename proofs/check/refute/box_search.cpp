#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/refute/box_search.hpp>
#include <queue>

namespace nabla {

namespace {

constexpr double far = 1e15;  // how far an unbounded entry is followed
constexpr int most_found = 60;
constexpr std::size_t most_suspects = 24;

/// Where to cut: in the middle, of wide ranges in the middle of the exponents.
double cut(const Interval& x) {
  if (x.lo < 0 && x.hi > 0 && x.hi - x.lo > 2) return 0;
  const double small = std::fmin(std::fabs(x.lo), std::fabs(x.hi));
  const double large = x.mag();
  const double sign = x.hi > 0 ? 1 : -1;
  if (large > 16 * (small + 1)) return sign * std::sqrt(small + 1) * std::sqrt(large);
  if (large < 1 && small < large / 1024) return sign * (small > 0 ? std::sqrt(small) * std::sqrt(large) : large / 16);
  return x.lo + (x.hi - x.lo) / 2;
}

double size_of(const Interval& x) { return (x.hi - x.lo) / (1 + x.mig()); }

}  // namespace

BoxSearch::BoxSearch(const SearchSpace& space, const Failure& failure)
    : space_(space),
      excess_count_(failure.excess.size()),
      nonnegative_count_(failure.nonnegative.size()),
      strict_(failure.strict) {
  std::vector<Expr> outputs = failure.excess;
  outputs.insert(outputs.end(), failure.nonnegative.begin(), failure.nonnegative.end());
  outputs.insert(outputs.end(), failure.zero.begin(), failure.zero.end());
  std::vector<Expr> inputs;
  for (const Given& g : space.problem().givens) inputs.push_back(g.variable);
  all_ = std::make_unique<Function>(outputs, inputs);
}

BoxSearch::Bound BoxSearch::bound(const Box& box) const {
  Bound result;
  std::vector<Entries<Interval>> at(space_.problem().givens.size());
  for (std::size_t k = 0; k < box.size(); ++k) at[space_.axes()[k].given].push_back(box[k]);
  Run<Interval> run = all_->run<Interval>(at);
  for (std::size_t k = 0; k < all_->output_count(); ++k) {
    for (const Interval& x : run.output(k)) {
      if (k < excess_count_) continue;
      if (x.is_empty() || x.hi < 0) result.possible = false;
      if (k >= excess_count_ + nonnegative_count_ && x.lo > 0) result.possible = false;
    }
  }
  if (!result.possible) return result;
  result.upper = excess_count_ == 0 ? 0 : -unbounded;
  const Interval* single = nullptr;
  for (std::size_t k = 0; k < excess_count_; ++k)
    for (const Interval& x : run.output(k)) {
      single = &x;
      if (x.is_empty()) continue;
      result.upper = std::fmax(result.upper, x.hi);
    }
  result.steepest = box.size();
  const bool scalar = excess_count_ == 1 && all_->output_shape(0).size() == 1;
  if (scalar && single->total && result.upper > 0) {
    // The mean value form, centred in the box; and which entry matters most.
    run.reverse(0);
    const auto slopes = [&](std::size_t k) {
      const Given& g = space_.problem().givens[space_.axes()[k].given];
      const Ref where = run.plan().find(g.variable.ref().id());
      if (where.empty()) return Interval(0);
      return run.adjoint(where.id())[space_.axes()[k].entry];
    };
    std::vector<Entries<Interval>> middle(at.size());
    for (std::size_t k = 0; k < box.size(); ++k)
      middle[space_.axes()[k].given].push_back(Interval::point(box[k].mid()));
    double best = -1;
    bool usable = true;
    Interval spread(0);
    for (std::size_t k = 0; k < box.size(); ++k) {
      if (box[k].is_point()) continue;
      const Interval slope = slopes(k);
      if (slope.is_empty() || !slope.is_finite()) {
        usable = false;
        continue;
      }
      const Interval part = slope * (box[k] - Interval::point(box[k].mid()));
      spread = spread + part;
      if (part.width() > best) best = part.width(), result.steepest = k;
    }
    if (usable) {
      const Run<Interval> centre = all_->run<Interval>(middle);
      const Interval mean = centre.output(0)[0] + spread;
      if (mean.total && !mean.is_empty()) result.upper = std::fmin(result.upper, mean.hi);
    }
  }
  if (strict_ ? result.upper <= 0 : result.upper < 0) result.possible = excess_count_ == 0;
  return result;
}

BoxSearch::Outcome BoxSearch::run(std::span<const double> fixed, int boxes, const Budget& budget,
                                  const std::function<bool(const SearchSpace::Vector&)>& found) const {
  struct Entry {
    Box box;
    Bound bound;
    int order;
    bool operator<(const Entry& other) const {
      if (bound.upper != other.bound.upper) return bound.upper < other.bound.upper;
      return order > other.order;
    }
  };
  Outcome outcome;
  std::priority_queue<Entry> open;
  int made = 0, reported = 0;
  const auto push = [&](Box box) {
    ++made;
    Bound b = bound(box);
    if (!b.possible) return;
    if (std::isnan(b.upper)) b.upper = unbounded;
    open.push({std::move(box), b, made});
  };
  std::vector<Box> first{{}};
  for (std::size_t k = 0; k < space_.size(); ++k) {
    const SearchSpace::Axis& axis = space_.axes()[k];
    std::vector<Interval> parts;
    if (k < fixed.size() && !std::isnan(fixed[k])) {
      parts.push_back(Interval::point(fixed[k]));
    } else if (!axis.values.empty()) {
      for (const double v : axis.values) parts.push_back(Interval::point(v));
    } else {
      parts.push_back(Interval(std::fmax(axis.lo, -far), std::fmin(axis.hi, far)));
    }
    std::vector<Box> next;
    for (const Box& b : first)
      for (const Interval& part : parts) {
        if (next.size() >= 64) break;
        next.push_back(b);
        next.back().push_back(part);
      }
    first = std::move(next);
  }
  for (Box& b : first) push(std::move(b));
  const auto middle_of = [](const Box& box) {
    SearchSpace::Vector z;
    for (const Interval& x : box) z.push_back(x.is_point() ? x.lo : cut(x));
    return z;
  };
  while (!open.empty() && made < boxes) {
    budget.check();
    const Entry top = open.top();
    open.pop();
    const SearchSpace::Vector z = middle_of(top.box);
    const auto at = space_.entries_of(z);
    if (excess_count_ > 0 && reported < most_found) {
      const Run<double> run = all_->run<double>(at);
      bool fails = false, inside = true;
      for (std::size_t k = 0; k < all_->output_count(); ++k)
        for (const double x : run.output(k)) {
          if (k < excess_count_)
            fails = fails || x > 0;
          else if (k < excess_count_ + nonnegative_count_)
            inside = inside && x >= 0;
        }
      if (fails && inside) {
        ++reported;
        if (found(z)) return outcome;
      }
    }
    std::size_t axis = top.bound.steepest;
    if (axis >= top.box.size() || made % 3 == 0) {
      axis = 0;
      for (std::size_t k = 1; k < top.box.size(); ++k)
        if (size_of(top.box[k]) > size_of(top.box[axis])) axis = k;
    }
    const Interval x = top.box[axis];
    const double at_cut = cut(x);
    if (!(x.lo < at_cut && at_cut < x.hi)) {
      if (outcome.suspects.size() < most_suspects) outcome.suspects.push_back(z);
      continue;  // a box that doubles cannot split
    }
    for (const Interval& half : {Interval(x.lo, at_cut), Interval(at_cut, x.hi)}) {
      Box part = top.box;
      part[axis] = half;
      push(std::move(part));
    }
  }
  outcome.exhausted = open.empty() && outcome.suspects.empty();
  while (!open.empty() && outcome.suspects.size() < most_suspects) {
    outcome.suspects.push_back(middle_of(open.top().box));
    open.pop();
  }
  return outcome;
}

}  // namespace nabla
