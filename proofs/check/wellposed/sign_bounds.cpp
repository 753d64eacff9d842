#include <algorithm>
#include <nabla/proofs/check/wellposed/sign_bounds.hpp>

// Arithmetic and order. An end of a result is strict when it cannot be attained: where it came from an end that is not
// attained, through an operation that is strictly monotone there, or where rounding moved a nonzero number to 0.

namespace nabla {

namespace {

/// x >= 0 and y >= 0 throughout.
Bounds product_of_nonnegative(const Bounds& x, const Bounds& y) {
  Bounds r(x.box * y.box, (x.lo_open && y.positive()) || (y.lo_open && x.positive()),
           (x.hi_open && y.box.hi > 0) || (y.hi_open && x.box.hi > 0), x.nonzero && y.nonzero);
  return r;
}

/// 1 / x for x > 0.
Bounds reciprocal_of_positive(const Bounds& x) {
  Bounds r(Interval(1) / Interval(x.box.lo, x.box.hi), x.hi_open || !std::isfinite(x.box.hi), x.lo_open, true);
  return with_total(r, x.box.total);
}

}  // namespace

Bounds::Bounds(const Interval& enclosure, bool below_open, bool above_open, bool never_zero)
    : box(enclosure), lo_open(below_open), hi_open(above_open), nonzero(never_zero) {
  if (box.is_empty()) {
    lo_open = hi_open = nonzero = false;
    return;
  }
  nonzero = nonzero || above(0) || below(0);
  if (nonzero && box.lo == 0) lo_open = true;
  if (nonzero && box.hi == 0) hi_open = true;
}

std::string Bounds::to_string() const {
  if (box.is_empty()) return "empty";
  const auto end = [](double x) { return Interval::point(x).to_string(); };
  const auto text = [&](double x) {
    if (!std::isfinite(x)) return std::string(x < 0 ? "-oo" : "oo");
    const std::string both = end(x);  // "[x, x]"
    return both.substr(1, both.find(',') - 1);
  };
  std::string s = lo_open || !std::isfinite(box.lo) ? "(" : "[";
  s += text(box.lo) + ", " + text(box.hi);
  s += hi_open || !std::isfinite(box.hi) ? ")" : "]";
  if (nonzero && box.lo < 0 && box.hi > 0) s += " not 0";
  if (!box.total) s += " not total";
  return s;
}

Bounds intersection(const Bounds& a, const Bounds& b) {
  if (a.box.is_empty()) return a;
  if (b.box.is_empty()) return b;
  const double lo = std::max(a.box.lo, b.box.lo);
  const double hi = std::min(a.box.hi, b.box.hi);
  const bool total = a.box.total || b.box.total;
  const bool lo_open = (a.box.lo == lo && a.lo_open) || (b.box.lo == lo && b.lo_open);
  const bool hi_open = (a.box.hi == hi && a.hi_open) || (b.box.hi == hi && b.hi_open);
  Bounds r(Interval(lo, hi, total), lo_open, hi_open, a.nonzero || b.nonzero);
  r.tag = a.tag != 0 ? a.tag : b.tag;
  return r;
}

Bounds operator+(const Bounds& a, const Bounds& b) {
  if (Number<Bounds>::is_zero(a)) return b;
  if (Number<Bounds>::is_zero(b)) return a;
  if (a.box.is_empty() || b.box.is_empty()) return nothing_known();
  return Bounds(a.box + b.box, a.lo_open || b.lo_open, a.hi_open || b.hi_open);
}

Bounds operator-(const Bounds& a) { return Bounds(-a.box, a.hi_open, a.lo_open, a.nonzero); }

Bounds operator-(const Bounds& a, const Bounds& b) {
  if (a.tag != 0 && a.tag == b.tag && !a.box.is_empty()) return with_total(Bounds(0), a.box.total && b.box.total);
  if (Number<Bounds>::is_zero(b)) return a;
  const Bounds difference = a + -b;
  const bool total = difference.box.total;
  const double infinity = std::numeric_limits<double>::infinity();
  Bounds known = Bounds::whole();
  switch (KnownOrder::between(a, b)) {
    case KnownOrder::Relation::unknown:
      return difference;
    case KnownOrder::Relation::less:
      known = Bounds(Interval(-infinity, 0.0), false, true);
      break;
    case KnownOrder::Relation::less_equal:
      known = Bounds(Interval(-infinity, 0.0));
      break;
    case KnownOrder::Relation::equal:
      known = Bounds(0);
      break;
    case KnownOrder::Relation::not_equal:
      known.nonzero = true;
      break;
    case KnownOrder::Relation::greater_equal:
      known = Bounds(Interval(0.0, infinity));
      break;
    case KnownOrder::Relation::greater:
      known = Bounds(Interval(0.0, infinity), true);
      break;
  }
  // A contradiction is for the survey to find, which knows that the two are compared.
  const Bounds narrowed = intersection(difference, known);
  return narrowed.is_empty() ? difference : with_total(narrowed, total);
}

Bounds operator*(const Bounds& a, const Bounds& b) {
  if (a.box.is_empty() || b.box.is_empty()) return nothing_known();
  if (a.tag != 0 && a.tag == b.tag) return with_total(Number<Bounds>::powi(a, 2), a.box.total && b.box.total);
  if (a.is_point() && a.box.lo == 1 && a.box.total) return b;
  if (b.is_point() && b.box.lo == 1 && b.box.total) return a;
  if (a.nonpositive() && a.box.lo < 0) return -(-a * b);
  if (b.nonpositive() && b.box.lo < 0) return -(a * -b);
  if (a.nonnegative() && b.nonnegative()) return product_of_nonnegative(a, b);
  return Bounds(a.box * b.box, false, false, a.nonzero && b.nonzero);
}

Bounds operator/(const Bounds& a, const Bounds& b) {
  if (a.box.is_empty() || b.box.is_empty()) return nothing_known();
  const bool total = a.box.total && b.box.total && b.nonzero;
  if (a.tag != 0 && a.tag == b.tag && b.nonzero) return with_total(Bounds(1), total);
  const Interval quotient = a.box / b.box;
  if (quotient.is_empty()) return nothing_known();
  const Bounds plain(quotient, false, false, a.nonzero);
  if (b.positive()) return with_total(intersection(plain, a * reciprocal_of_positive(b)), total);
  if (b.negative()) return with_total(intersection(plain, -a * reciprocal_of_positive(-b)), total);
  return with_total(plain, total);
}

namespace {

thread_local const KnownOrder* current_order = nullptr;

using Order = KnownOrder::Relation;

Order mirrored(Order r) {
  switch (r) {
    case Order::less:
      return Order::greater;
    case Order::less_equal:
      return Order::greater_equal;
    case Order::greater_equal:
      return Order::less_equal;
    case Order::greater:
      return Order::less;
    default:
      return r;
  }
}

/// What holds when both do.
Order both(Order a, Order b) {
  if (a == b || b == Order::unknown) return a;
  if (a == Order::unknown) return b;
  const auto one_of = [&](Order r, Order s) { return (a == r && b == s) || (a == s && b == r); };
  if (one_of(Order::less_equal, Order::not_equal)) return Order::less;
  if (one_of(Order::greater_equal, Order::not_equal)) return Order::greater;
  if (one_of(Order::less_equal, Order::greater_equal)) return Order::equal;
  for (const Order strong : {Order::less, Order::greater, Order::equal})
    if (a == strong || b == strong) return strong;
  return a;
}

}  // namespace

void KnownOrder::add(std::uint64_t a, Order relation, std::uint64_t b) {
  if (a == 0 || b == 0 || a == b) return;
  Order& forward = relations_[{a, b}];
  forward = both(relation, forward);
  relations_[{b, a}] = mirrored(forward);
}

KnownOrder::Use::Use(const KnownOrder& order) : before_(current_order) { current_order = &order; }
KnownOrder::Use::~Use() { current_order = before_; }

KnownOrder::Relation KnownOrder::between(const Bounds& a, const Bounds& b) {
  if (current_order == nullptr || a.tag == 0 || b.tag == 0) return Order::unknown;
  const auto found = current_order->relations_.find({a.tag, b.tag});
  return found == current_order->relations_.end() ? Order::unknown : found->second;
}

using BoundsNumber = Number<Bounds>;

Bounds BoundsNumber::of(const Constant& c) {
  const Interval x = Number<Interval>::of(c);
  switch (c.kind()) {
    case Constant::Kind::ratio:
      return Bounds(x, false, false, c.num() != 0);
    case Constant::Kind::dyadic:
      return x.is_empty() ? nothing_known() : Bounds(x);
    case Constant::Kind::text:
      return Bounds(x, false, false, true);  // 0 fits an int64
    case Constant::Kind::pi:
      return Bounds(x);
    case Constant::Kind::infinity:
      return nothing_known();
  }
  return nothing_known();
}

Bounds BoundsNumber::powi(const Bounds& x, std::int64_t n) {
  if (n == 0) return with_total(Bounds(1), x.box.total);
  if (n == 1) return x;
  if (x.box.is_empty()) return nothing_known();
  if (n < 0) {
    const Interval box = Number<Interval>::powi(x.box, n);
    if (box.is_empty()) return nothing_known();
    // Strict ends follow from those of the positive power; n + 1 keeps the smallest exponent in range.
    const Bounds power = n == INT64_MIN ? powi(x, -(n + 1)) * x : powi(x, -n);
    const bool total = x.box.total && x.nonzero;
    if (!x.nonzero) return with_total(Bounds(box, false, false, true), total);
    return with_total(intersection(Bounds(box, false, false, true), Bounds(1) / power), total);
  }
  const Interval box = Number<Interval>::powi(x.box, n);
  if (x.nonnegative()) return Bounds(box, x.lo_open, x.hi_open, x.nonzero);
  if (n % 2 != 0) return Bounds(box, x.lo_open, x.hi_open, x.nonzero);
  if (x.nonpositive()) return Bounds(box, x.hi_open, x.lo_open, x.nonzero);
  const bool low = -x.box.lo > x.box.hi ? x.lo_open : (-x.box.lo < x.box.hi ? x.hi_open : x.lo_open && x.hi_open);
  return Bounds(box, false, low, x.nonzero);
}

Truth BoundsNumber::less(const Bounds& a, const Bounds& b) {
  if (!a.box.total || !b.box.total || a.box.is_empty() || b.box.is_empty()) return Truth::unknown;
  if (a.tag != 0 && a.tag == b.tag) return Truth::no;
  const Order known = KnownOrder::between(a, b);
  if (known == Order::less) return Truth::yes;
  if (known == Order::greater || known == Order::greater_equal || known == Order::equal) return Truth::no;
  if (a.box.hi < b.box.lo) return Truth::yes;
  if (a.box.hi == b.box.lo && (a.hi_open || b.lo_open)) return Truth::yes;
  return a.box.lo >= b.box.hi ? Truth::no : Truth::unknown;
}

Truth BoundsNumber::equal(const Bounds& a, const Bounds& b) {
  if (!a.box.total || !b.box.total || a.box.is_empty() || b.box.is_empty()) return Truth::unknown;
  if (a.tag != 0 && a.tag == b.tag) return Truth::yes;
  const Order known = KnownOrder::between(a, b);
  if (known == Order::equal) return Truth::yes;
  if (known == Order::not_equal) return Truth::no;
  if (less(a, b) == Truth::yes || less(b, a) == Truth::yes) return Truth::no;
  if ((is_zero(a) && b.nonzero) || (is_zero(b) && a.nonzero)) return Truth::no;
  return a.is_point() && b.is_point() ? Truth::yes : Truth::unknown;
}

Bounds BoundsNumber::abs(const Bounds& x) {
  if (x.box.is_empty()) return nothing_known();
  if (x.nonnegative()) return x;
  if (x.nonpositive()) return -x;
  const bool open = -x.box.lo > x.box.hi ? x.lo_open : (-x.box.lo < x.box.hi ? x.hi_open : x.lo_open && x.hi_open);
  return Bounds(Number<Interval>::abs(x.box), false, open, x.nonzero);
}

Bounds BoundsNumber::sign(const Bounds& x) {
  if (x.box.is_empty()) return nothing_known();
  if (x.positive()) return with_total(Bounds(1), x.box.total);
  if (x.negative()) return with_total(Bounds(-1), x.box.total);
  return Bounds(Number<Interval>::sign(x.box), false, false, x.nonzero);
}

Bounds BoundsNumber::max(const Bounds& a, const Bounds& b) {
  if (a.box.is_empty() || b.box.is_empty()) return nothing_known();
  if (a.tag != 0 && a.tag == b.tag) return a;
  const double lo = std::max(a.box.lo, b.box.lo);
  const double hi = std::max(a.box.hi, b.box.hi);
  const bool lo_open = (a.box.lo == lo && a.lo_open) || (b.box.lo == lo && b.lo_open);
  const bool hi_open = (a.box.hi < hi || a.hi_open) && (b.box.hi < hi || b.hi_open);
  return Bounds(Interval(lo, hi, a.box.total && b.box.total), lo_open, hi_open, a.nonzero && b.nonzero);
}

Bounds BoundsNumber::min(const Bounds& a, const Bounds& b) {
  if (a.tag != 0 && a.tag == b.tag) return a;
  return -max(-a, -b);
}

Bounds BoundsNumber::floor(const Bounds& x) {
  if (x.box.is_empty()) return nothing_known();
  // Values below an integer end have the floor of what lies below it.
  Interval box = Number<Interval>::floor(x.box);
  if (x.hi_open && std::isfinite(x.box.hi) && box.hi == x.box.hi && std::fabs(box.hi) < 0x1p52)
    box = Interval(box.lo, box.hi - 1, box.total);
  return Bounds(box);
}

Bounds BoundsNumber::hull(const Bounds& a, const Bounds& b) {
  if (a.box.is_empty()) return with_total(b, false);
  if (b.box.is_empty()) return with_total(a, false);
  const double lo = std::min(a.box.lo, b.box.lo);
  const double hi = std::max(a.box.hi, b.box.hi);
  return Bounds(Interval(lo, hi, a.box.total && b.box.total),
                (a.box.lo > lo || a.lo_open) && (b.box.lo > lo || b.lo_open),
                (a.box.hi < hi || a.hi_open) && (b.box.hi < hi || b.hi_open), a.nonzero && b.nonzero);
}

Bounds BoundsNumber::where_defined(const Bounds& value, const Bounds& a, const Bounds& b) {
  return with_total(value, value.box.total && a.box.total && b.box.total);
}

}  // namespace nabla
