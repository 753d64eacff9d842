#include <algorithm>
#include <nabla/proofs/check/inequality/prover.hpp>

namespace nabla::inequality {

namespace {

using wellposed::Box;

constexpr std::size_t most_variables = 6;

Bounds closed(const Bounds& b) { return Bounds(Interval(b.box.lo, b.box.hi)); }
Bounds point(double x) { return Bounds(Interval::point(x)); }

/// Branch and bound for one g: what it needs of the region, once.
class Boxes {
 public:
  Boxes(const Problem& region, const Expr& g, bool strict, bool derivatives) : region_(region), g_(g), strict_(strict) {
    for (const NodeId v : variables_of(g)) variables_.push_back(v);
    if (derivatives) {
      std::vector<Expr> inputs;
      for (const NodeId v : variables_) inputs.emplace_back(region.workspace, Ref::node(v));
      slopes_ = gradient(g, inputs);
    }
    std::vector<Expr> targets{g};
    targets.insert(targets.end(), slopes_.begin(), slopes_.end());
    ranges_.emplace(region, targets);
    std::vector<Expr> sides;
    for (const Statement& h : region.hypotheses) sides.insert(sides.end(), h.sides.begin(), h.sides.end());
    if (!sides.empty()) hypotheses_.emplace(region, sides);
  }

  std::size_t size() const { return ranges_->size() + (hypotheses_ ? hypotheses_->size() : 0); }
  std::size_t variable_count() const { return variables_.size(); }

  bool holds(const Box& box) {
    ranges_->run(box);
    if (good(ranges_->of(g_))) return true;
    if (excluded(box)) return true;
    if (slopes_.empty()) return false;
    Box full = box;
    for (const NodeId v : variables_) full[v] = {closed(box.at(v)[0])};
    ranges_->run(full);
    if (!ranges_->complete() || !ranges_->is_regular(g_, wellposed::Want::differentiable)) return false;
    for (const Expr& d : slopes_)
      if (!ranges_->is_defined(d)) return false;
    // On a face towards which g decreases it is smallest; along the other variables the mean value theorem.
    Box face = full, centre = full;
    std::vector<Interval> slopes;
    bool reduced = false, finite = true;
    for (std::size_t k = 0; k < variables_.size(); ++k) {
      const NodeId v = variables_[k];
      const Bounds d = ranges_->of(slopes_[k]);
      slopes.push_back(d.box);
      const Interval x = full.at(v)[0].box;
      if (d.nonnegative() && std::isfinite(x.lo)) {
        face[v] = {point(x.lo)};
        reduced = true;
      } else if (d.nonpositive() && std::isfinite(x.hi)) {
        face[v] = {point(x.hi)};
        reduced = true;
      }
      const Interval kept = face.at(v)[0].box;
      finite = finite && kept.is_finite();
      centre[v] = {point(kept.mid())};
    }
    if (reduced) {
      ranges_->run(face);
      if (good(ranges_->of(g_))) return true;
    }
    if (!finite) return false;
    ranges_->run(centre);
    Interval lowest = ranges_->of(g_).box;
    for (std::size_t k = 0; k < variables_.size(); ++k) {
      const Interval kept = face.at(variables_[k])[0].box;
      lowest += slopes[k] * (kept - Interval::point(kept.mid()));
    }
    return good(Bounds(lowest));
  }

  /// The two halves of a box along the variable that matters most; nothing when it has become too small to be of use.
  std::optional<std::pair<Box, Box>> halves(const Box& box) const {
    std::optional<NodeId> widest;
    double width = 0;
    for (const NodeId v : variables_) {
      const Interval& x = box.at(v)[0].box;
      const double w = x.is_finite() ? x.hi - x.lo : 1e300;
      if (w > width) {
        width = w;
        widest = v;
      }
    }
    if (!widest) return std::nullopt;
    const Bounds whole = box.at(*widest)[0];
    const Interval& x = whole.box;
    constexpr double smallest = 1e-11, far = 1e12;
    double middle = x.mid();
    if (!x.is_finite()) {
      if (x.lo < 0 && x.hi > 0)
        middle = 0;
      else if (x.lo >= 0)
        middle = x.lo < 1 ? 1 : 4 * x.lo;
      else
        middle = x.hi > -1 ? -1 : 4 * x.hi;
      if (std::fabs(middle) > far) return std::nullopt;
    } else if (x.hi - x.lo < smallest * (1 + x.mag())) {
      return std::nullopt;
    }
    if (!(x.lo < middle && middle < x.hi)) return std::nullopt;
    Box below = box, above = box;
    below[*widest] = {Bounds(Interval(x.lo, middle), whole.lo_open, false, whole.nonzero)};
    above[*widest] = {Bounds(Interval(middle, x.hi), false, whole.hi_open, whole.nonzero)};
    return std::pair(below, above);
  }

 private:
  bool good(const Bounds& b) const { return ranges_->complete() && (strict_ ? b.positive() : b.nonnegative()); }

  /// A hypothesis fails at every point of the box.
  bool excluded(const Box& box) {
    if (!hypotheses_) return false;
    hypotheses_->run(box);
    if (!hypotheses_->complete()) return false;
    for (const Statement& h : region_.hypotheses) {
      const Bounds a = hypotheses_->of(h.sides[0]), b = hypotheses_->of(h.sides[1]);
      const bool below = a.box.hi < b.box.lo || (a.box.hi == b.box.lo && (a.hi_open || b.lo_open));
      const bool above = b.box.hi < a.box.lo || (b.box.hi == a.box.lo && (b.hi_open || a.lo_open));
      switch (h.comparisons[0]) {
        case Comparison::equal:
          if (below || above) return true;
          break;
        case Comparison::not_equal:
          break;
        case Comparison::less:
          if (b.box.hi <= a.box.lo) return true;
          break;
        case Comparison::less_equal:
          if (above) return true;
          break;
        case Comparison::greater:
          if (a.box.hi <= b.box.lo) return true;
          break;
        case Comparison::greater_equal:
          if (below) return true;
          break;
      }
    }
    return false;
  }

  const Problem& region_;
  Expr g_;
  bool strict_;
  std::vector<NodeId> variables_;
  std::vector<Expr> slopes_;
  std::optional<Ranges> ranges_, hypotheses_;
};

}  // namespace

Proof Prover::by_boxes(const Problem& region, const Expr& g, bool strict, std::size_t most) {
  try {
    Boxes boxes(region, g, strict, most > 1);
    std::vector<Box> open{wellposed::box_of(region)};
    if (most > 1 && boxes.variable_count() > most_variables) return std::nullopt;
    for (std::size_t count = 0; !open.empty(); ++count) {
      if (count >= most) return std::nullopt;
      const Box box = std::move(open.back());
      open.pop_back();
      spend(1 + boxes.size() / 8);
      if (boxes.holds(box)) continue;
      auto halves = boxes.halves(box);
      if (!halves) return std::nullopt;
      open.push_back(std::move(halves->second));
      open.push_back(std::move(halves->first));
    }
  } catch (const NotHandled&) {
    return std::nullopt;
  }
  return Json{{"rule", "boxes"}};
}

}  // namespace nabla::inequality
