#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/train/segment_audit.hpp>
#include <set>

namespace nabla {

namespace {

std::vector<std::span<const double>> views_of(const std::vector<std::vector<double>>& inputs) {
  return {inputs.begin(), inputs.end()};
}

/// Enclosures of a step's entries in V.
template <class V, class Point>
std::vector<V> moves_of(const Segment& segment, Point point) {
  std::vector<V> moves;
  for (std::size_t k = 0; k < segment.parameters; ++k)
    for (const double x : segment.inputs[k]) moves.push_back(point(segment.end[moves.size()]) - point(x));
  return moves;
}

template <class V>
V norm_of(std::span<const V> x) {
  V squares(0);
  for (const V& each : x) squares += Number<V>::powi(each, 2);
  return Number<V>::sqrt(squares);
}

/// Bounds of the gradient's Lipschitz constant by runs over boxes around pieces of the segment.
class UpperBound {
 public:
  UpperBound(const Segment& segment, std::size_t runs)
      : segment_(segment),
        runs_(runs),
        along_(segment.batch.jvp_function()),
        moves_(moves_of<Interval>(segment, [](double x) { return Interval::point(x); })),
        length_(norm_of<Interval>(moves_)) {}

  /// Pieces are halved where the bound is worst until it is within a tenth of `least`, or runs are used up.
  double search(double least, std::string& why) {
    std::vector<Piece> pieces{bounded(0, 1)};
    constexpr double narrowest = 0x1p-12;
    for (;;) {
      const auto worst = std::ranges::max_element(pieces, {}, &Piece::bound);
      if (worst->bound <= 1.1 * least || runs_ < 2 || worst->hi - worst->lo <= narrowest) {
        why = worst->why;
        return worst->bound;
      }
      const Piece whole = *worst;
      const double middle = (whole.lo + whole.hi) / 2;
      *worst = bounded(whole.lo, middle);
      pieces.push_back(bounded(middle, whole.hi));
    }
  }

 private:
  struct Piece {
    double lo = 0, hi = 1, bound = 0;
    std::string why{};
  };

  Piece bounded(double lo, double hi) {
    --runs_;
    Piece made{lo, hi, std::numeric_limits<double>::infinity(), {}};
    std::vector<Entries<Interval>> at;
    std::size_t next = 0;
    for (std::size_t k = 0; k < segment_.inputs.size(); ++k) {
      at.emplace_back();
      for (const double x : segment_.inputs[k])
        at.back().push_back(k < segment_.parameters ? Interval::point(x) + Interval(lo, hi) * moves_[next++]
                                                    : Interval::point(x));
    }
    const std::vector<Kink> kinks = segment_.batch.run<Interval>(at).kinks();
    if (!kinks.empty()) {
      made.why = "the kink of " + kinks.front().operation + " may be met on the way";
      return made;
    }
    std::size_t entry = 0;
    const std::size_t inputs = at.size();
    for (std::size_t k = 0; k < inputs; ++k) {
      at.emplace_back();
      for (std::size_t i = 0; i < at[k].size(); ++i)
        at.back().push_back(k < segment_.parameters ? moves_[entry++] : Interval(0));
    }
    const Run<Interval> run = along_.run<Interval>(at);
    std::vector<Interval> product;
    for (std::size_t k = 0; k < segment_.parameters; ++k)
      product.insert(product.end(), run.output(1 + k).begin(), run.output(1 + k).end());
    const Interval bound = norm_of<Interval>(product) / length_;
    if (bound.total && bound.hi >= 0) {
      made.bound = bound.hi;
    } else {
      made.why = "intervals leave the domain of an operator";
    }
    return made;
  }

  const Segment& segment_;
  std::size_t runs_;
  Function along_;
  std::vector<Interval> moves_;
  Interval length_;
};

bool has_kink_at_zero(const std::string& function) {
  const WorkspaceScope scope(std::make_shared<Workspace>());
  const Expr x = variable("x");
  const Entries<Interval> zero{Interval(0)};
  return !Function(activation(function, x), {x}).run<Interval>({&zero, 1}).kinks().empty();
}

/// Units of activations with a kink at 0 that are on one side of it before and on the other after, for some sample.
std::vector<std::string> switched_units(const Segment& segment, std::size_t rows) {
  const auto features = segment.inputs[segment.parameters].size() / rows;
  const BatchFunction made = activation_function(segment.network, rows, features, Layers::Mode::training);
  std::vector<std::string> switched;
  if (made.layers.activations().empty()) return switched;
  // Inputs there are the parameters, the samples and the masks: without the targets.
  std::vector<Entries<double>> before;
  for (std::size_t k = 0; k < segment.inputs.size(); ++k)
    if (k != segment.parameters + 1) before.push_back(segment.inputs[k]);
  std::vector<Entries<double>> after = before;
  auto next = segment.end.begin();
  for (std::size_t k = 0; k < segment.parameters; ++k) {
    std::copy_n(next, after[k].size(), after[k].begin());
    next += static_cast<std::ptrdiff_t>(after[k].size());
  }
  const Run<double> first = made.function.run<double>(before), last = made.function.run<double>(after);
  for (std::size_t a = 0; a < made.layers.activations().size(); ++a) {
    const Layers::Activation& activation = made.layers.activations()[a];
    if (!has_kink_at_zero(activation.function)) continue;
    const std::span<const double> x = first.output(2 * a), y = last.output(2 * a);
    const std::size_t units = x.size() / rows;
    std::set<std::size_t> found;
    for (std::size_t i = 0; i < x.size(); ++i)
      if ((x[i] > 0) != (y[i] > 0)) found.insert(i % units);
    for (const std::size_t unit : found) switched.push_back(activation.layer + "[" + std::to_string(unit + 1) + "]");
  }
  return switched;
}

}  // namespace

SegmentPoint segment_point(const Function& batch, std::span<const std::span<const double>> inputs,
                           std::size_t parameters, std::span<const Ball> moves, const Ball& t) {
  std::vector<Entries<Ball>> at;
  std::size_t next = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    at.emplace_back();
    for (const double x : inputs[k]) {
      at.back().push_back(Ball::of_double_exact(x));
      if (k < parameters && !moves.empty()) at.back().back() += t * moves[next++];
    }
  }
  const Run<Ball> run = batch.run<Ball>(at);
  SegmentPoint made{run.output(0)[0], {}};
  for (std::size_t k = 0; k < parameters; ++k)
    made.gradient.insert(made.gradient.end(), run.output(1 + k).begin(), run.output(1 + k).end());
  return made;
}

SegmentCurvature::Descent SegmentCurvature::descent() const {
  if (needed_most <= smooth_least) return Descent::obeyed_by_least;
  if (needed_most <= smooth_most && std::isfinite(smooth_most)) return Descent::obeyed_by_most;
  return needed_least > smooth_least ? Descent::not_by_least : Descent::open;
}

SegmentCurvature segment_curvature(const Segment& segment, const SegmentPoint& start, const StepAuditOptions& options,
                                   StepAudit& audit) {
  SegmentCurvature made;
  const std::vector<std::span<const double>> inputs = views_of(segment.inputs);
  const std::vector<Ball> moves = moves_of<Ball>(segment, &Ball::of_double_exact);
  const Ball length = norm_of<Ball>(moves);
  if (length.is_zero()) {
    made.why_no_most = "the step does not move";
    audit.objective_after = audit.objective_before;
    return made;
  }
  const auto point = [&](const Ball& t) { return segment_point(segment.batch, inputs, segment.parameters, moves, t); };
  const Ball half = Ball(1) / Ball(2);
  const SegmentPoint middle = point(half), end = point(Ball(1));

  Ball slope(0);
  for (std::size_t i = 0; i < moves.size(); ++i) slope += start.gradient[i] * moves[i];
  audit.step_norm = length.approximate();
  audit.slope = slope.approximate();
  audit.objective_after = end.objective.approximate();
  const Ball needed = Ball(2) * (end.objective - start.objective - slope) / (length * length);
  made.needed_least = needed.lower_double();
  made.needed_most = needed.upper_double();

  const auto change = [&](const SegmentPoint& a, const SegmentPoint& b, const Ball& share) {
    std::vector<Ball> differences;
    for (std::size_t i = 0; i < moves.size(); ++i) differences.push_back(b.gradient[i] - a.gradient[i]);
    const double least = (norm_of<Ball>(differences) / (share * length)).lower_double();
    if (least > made.smooth_least) made.smooth_least = least;  // not for NaN
  };
  change(start, middle, half);
  change(middle, end, half);
  change(start, end, Ball(1));

  std::vector<Entries<double>> at(segment.inputs.begin(), segment.inputs.end()), direction;
  std::size_t next = 0;
  double squares = 0;
  for (std::size_t k = 0; k < at.size(); ++k) {
    direction.emplace_back(at[k].size(), 0.0);
    if (k >= segment.parameters) continue;
    for (double& d : direction.back()) {
      d = moves[next++].approximate();
      squares += d * d;
    }
  }
  const std::vector<Entries<double>> tangents = segment.batch.jvp<double>(at, direction);
  for (std::size_t k = 0; k < segment.parameters; ++k)
    for (std::size_t i = 0; i < direction[k].size(); ++i)
      made.at_start += direction[k][i] * tangents[1 + k][i] / squares;

  made.switched = switched_units(segment, audit.rows);
  const double run = static_cast<double>(moves.size()) * static_cast<double>(audit.rows);
  if (!made.switched.empty()) {
    made.why_no_most = "the gradient has a jump where a unit switches";
  } else if (run > options.work || options.pieces == 0) {
    made.why_no_most = "the network is too large for intervals here";
  } else {
    try {
      const auto runs =
          static_cast<std::size_t>(std::clamp(options.work / run, 1.0, static_cast<double>(options.pieces)));
      made.smooth_most = UpperBound(segment, runs).search(made.smooth_least, made.why_no_most);
    } catch (const UnsupportedError& error) {
      made.why_no_most = error.what();
    }
  }
  return made;
}

}  // namespace nabla
