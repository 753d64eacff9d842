#include <doctest/doctest.h>

#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/wellposed/definedness_point.hpp>
#include <nabla/proofs/check/wellposed/definedness_rows.hpp>
#include <nabla/proofs/check/wellposed/sign.hpp>
#include <random>

using namespace nabla;
using wellposed::row;
using wellposed::Survey;

namespace {

Bounds between(double lo, double hi, bool lo_open, bool hi_open) { return Bounds(Interval(lo, hi), lo_open, hi_open); }
const double infinity = std::numeric_limits<double>::infinity();

/// The exact value of a double.
Rational exact(double x) { return Number<Rational>::of(Constant::dyadic(x)); }

/// A range and a point of it.
struct Sample {
  Bounds range;
  PointValue point;
};

Sample sample(std::mt19937_64& random) {
  static const double ends[] = {-infinity, -8, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 8, infinity};
  for (;;) {
    double lo = ends[random() % 13], hi = ends[random() % 13];
    if (lo > hi) std::swap(lo, hi);
    if (lo == infinity || hi == -infinity) continue;
    const bool lo_open = random() % 2 == 0, hi_open = random() % 2 == 0, nonzero = random() % 4 == 0;
    Bounds range(Interval(lo, hi), lo_open, hi_open, nonzero);
    if (range.is_empty()) continue;
    const double from = std::isfinite(lo) ? lo : std::min(hi, 10.0) - 20,
                 to = std::isfinite(hi) ? hi : std::max(lo, -10.0) + 20;
    double x = from;
    switch (random() % 4) {
      case 0:
        break;
      case 1:
        x = to;
        break;
      case 2:
        x = from + (to - from) * static_cast<double>(random() % 17) / 16;
        break;
      default:
        x = static_cast<double>(static_cast<int>(random() % 17) - 8) / 2;
    }
    if (!range.box.contains(x) || (x == lo && lo_open) || (x == hi && hi_open) || (x == 0 && range.nonzero)) continue;
    return {range, PointValue(exact(x))};
  }
}

/// What the bounds say is false at a value.
std::string contradiction(const Bounds& b, const PointValue& v) {
  if (v.status() == PointValue::Status::undefined) return b.box.total ? "called total" : "";
  if (!v.is_defined()) return "";
  if (b.box.is_empty()) return "called empty";
  const auto certainly = [&](Truth t) { return t == Truth::yes; };
  using N = Number<PointValue>;
  if (std::isfinite(b.box.lo)) {
    const PointValue lo(exact(b.box.lo));
    if (certainly(N::less(v, lo))) return "below the lower end";
    if (b.lo_open && certainly(N::equal(v, lo))) return "at the open lower end";
  }
  if (std::isfinite(b.box.hi)) {
    const PointValue hi(exact(b.box.hi));
    if (certainly(N::less(hi, v))) return "above the upper end";
    if (b.hi_open && certainly(N::equal(v, hi))) return "at the open upper end";
  }
  return b.nonzero && certainly(v.zero()) ? "called nonzero" : "";
}

struct Trial {
  std::vector<Shape> shapes;
  std::vector<std::int64_t> attributes;
};

/// Runs an operator on ranges and on points of them, and says where they do not fit.
std::string compare(Opcode code, const Trial& trial, const Shape& result, std::mt19937_64& random) {
  std::vector<std::vector<Bounds>> ranges;
  std::vector<std::vector<PointValue>> points;
  for (const Shape& s : trial.shapes) {
    auto& r = ranges.emplace_back();
    auto& p = points.emplace_back();
    for (std::int64_t i = 0; i < s.size(); ++i) {
      Sample one = sample(random);
      r.push_back(one.range);
      p.push_back(one.point);
    }
  }
  std::vector<View<const Bounds>> range_views;
  std::vector<View<const PointValue>> point_views;
  for (std::size_t k = 0; k < trial.shapes.size(); ++k) {
    range_views.push_back({ranges[k].data(), &trial.shapes[k]});
    point_views.push_back({points[k].data(), &trial.shapes[k]});
  }
  std::vector<Bounds> b(static_cast<std::size_t>(result.size()));
  std::vector<PointValue> v(b.size());
  row<Bounds>(code).value(trial.attributes, range_views, {b.data(), &result});
  row<PointValue>(code).value(trial.attributes, point_views, {v.data(), &result});
  for (std::size_t i = 0; i < b.size(); ++i) {
    const std::string why = contradiction(b[i], v[i]);
    if (why.empty()) continue;
    std::string text = operator_info(code).name + " of";
    for (const auto& r : ranges)
      for (const Bounds& x : r) text += " " + x.to_string();
    text += " at";
    for (const auto& p : points)
      for (const PointValue& x : p) text += " " + x.exact()->str();
    return text + " is " + b[i].to_string() + ", and a value there " + v[i].ball().to_string(20) + ": " + why;
  }
  return "";
}

std::vector<Trial> trials(const OperatorInfo& info) {
  std::vector<Trial> found;
  const auto n = static_cast<std::size_t>(info.arity == variadic ? 2 : info.arity);
  if (info.family == Family::elementwise) {
    if (!info.indexed) return {{std::vector<Shape>(n), {}}};
    for (const std::int64_t power : {-3, -2, -1, 0, 1, 2, 3, 4, 5}) found.push_back({std::vector<Shape>(n), {power}});
    return found;
  }
  for (const Shape& s : {Shape{3}, Shape{2, 2}, Shape{}}) found.push_back({std::vector<Shape>(n, s), {}});
  return found;
}

}  // namespace

TEST_CASE("bounds of every operator contain its values, with open ends and signs") {
  const Precision scope(40);
  std::mt19937_64 random(7);
  for (Opcode code = 0; code < builtin_count; ++code) {
    const OperatorInfo& info = operator_info(code);
    if (info.family == Family::leaf || row<Bounds>(code).value == nullptr) continue;
    for (const Trial& trial : trials(info)) {
      Shape result;
      try {
        result = result_shape(code, trial.attributes, trial.shapes);
      } catch (const ShapeError&) {
        continue;
      }
      const int most = info.family == Family::elementwise ? 400 : 60;
      for (int k = 0; k < most; ++k) {
        try {
          const std::string why = compare(code, trial, result, random);
          CHECK_MESSAGE(why.empty(), why);
          if (!why.empty()) break;
        } catch (const std::invalid_argument&) {
          break;  // an order that polygamma does not have
        }
      }
    }
  }
}

TEST_CASE("signs that closed intervals cannot express are kept") {
  using N = Number<Bounds>;
  const Bounds unit = between(0, 1, true, true);
  const Bounds any = Bounds::whole();
  CHECK(N::exp(any).positive());
  CHECK((Bounds(1) + N::exp(any)).above(1));
  CHECK((Bounds(1) / (Bounds(1) + N::exp(-any))).below(1));
  CHECK((Bounds(1) - unit).positive());
  CHECK((unit * unit).positive());
  CHECK((unit / unit).positive());
  CHECK(N::sqrt(unit).positive());
  CHECK((N::powi(any, 2) + Bounds(1)).positive());
  CHECK(N::log(between(0, 1, true, false)).box.total);
  CHECK_FALSE(N::log(between(0, 1, false, false)).box.total);
  CHECK(N::pow(unit, any).positive());
  CHECK_FALSE(N::powi(any, 2).positive());
  CHECK(N::abs(Bounds(Interval::whole(), false, false, true)).positive());
}

TEST_CASE("one number read twice is known to be one number") {
  Bounds x = Bounds::whole();
  x.tag = 1;
  Bounds y = Bounds::whole();
  y.tag = 2;
  CHECK((x * x).nonnegative());
  CHECK_FALSE((x * y).nonnegative());
  CHECK((x - x).is_point());
  CHECK_FALSE((x - y).is_point());
  CHECK(Number<Bounds>::equal(x, x) == Truth::yes);
  CHECK(Number<Bounds>::equal(x, y) == Truth::unknown);
}

TEST_CASE("a known order decides comparisons and the sign of a difference while it is in force") {
  Bounds x = Bounds::whole();
  x.tag = 1;
  Bounds y = Bounds::whole();
  y.tag = 2;
  KnownOrder order;
  order.add(1, KnownOrder::Relation::greater_equal, 2);
  order.add(1, KnownOrder::Relation::not_equal, 2);
  {
    const KnownOrder::Use use(order);
    CHECK((x - y).positive());
    CHECK((y - x).negative());
    CHECK(Number<Bounds>::less(y, x) == Truth::yes);
    CHECK(Number<Bounds>::equal(x, y) == Truth::no);
  }
  CHECK_FALSE((x - y).positive());
}

TEST_CASE("a survey applies assumptions and sees that they contradict each other") {
  auto workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(workspace);
  const Expr x = variable("x"), y = variable("y");
  const Expr e = log(x - y);
  const Ref targets[] = {e.ref()};
  const wellposed::Box box;
  std::vector<wellposed::Assumption> assumed;
  Survey without(workspace->graph(), targets, assumed);
  without.run(box);
  CHECK_FALSE(without.defined(e.ref().id()));
  assumed.push_back({x.ref(), Comparison::greater, y.ref()});
  Survey with(workspace->graph(), targets, assumed);
  with.run(box);
  CHECK(with.defined(e.ref().id()));
  CHECK_FALSE(with.impossible());
  assumed.push_back({x.ref(), Comparison::less, Expr(0).ref()});
  assumed.push_back({y.ref(), Comparison::greater, Expr(1).ref()});
  Survey contradictory(workspace->graph(), targets, assumed);
  contradictory.run(box);
  CHECK(contradictory.impossible());
}
