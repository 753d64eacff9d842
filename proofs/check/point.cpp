#include <algorithm>
#include <array>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla {

namespace {

constexpr std::uint64_t most_enumerated = 4096;

template <class V>
std::optional<V> constant_value(const Expr& e) {
  if (const Constant* c = e.constant()) {
    // Ends of sets, asked for again and again.
    const bool is_pi_or_infinite = c->kind() == Constant::Kind::pi || c->kind() == Constant::Kind::infinity;
    if (Number<V>::exact && is_pi_or_infinite) return std::nullopt;
    try {
      return Number<V>::of(*c);
    } catch (const UndefinedError&) {
      return std::nullopt;
    }
  }
  const auto plan =
      std::make_shared<Plan>(std::shared_ptr<const Graph>(e.workspace(), &e.graph()), std::array{e.ref()}, true);
  for (const NodeId id : plan->nodes())
    if (plan->graph().is(id, opcode<Variable>)) return std::nullopt;
  try {
    Run<V> run(plan);
    run.forward();
    return run.output(0)[0];
  } catch (const UnsupportedError&) {
    return std::nullopt;
  } catch (const UndefinedError&) {
    return std::nullopt;
  }
}

/// Compares x with an end; irrational ends never equal a rational, so precision alone decides.
Truth less_than_end(const Rational& x, const Expr& end) {
  if (const auto exact = constant_rational(end)) return truth(x < *exact);
  for (const int digits : {30, 100, 400}) {
    const Precision scope(digits);
    const auto ball = constant_ball(end);
    if (!ball) return Truth::unknown;
    const Truth t = Number<Ball>::less(Number<Ball>::of(to_constant(x)), *ball);
    if (t != Truth::unknown) return t;
  }
  return Truth::unknown;
}

Truth equals_end(const Rational& x, const Expr& end) {
  if (const auto exact = constant_rational(end)) return truth(x == *exact);
  const Truth less = less_than_end(x, end);
  return less == Truth::unknown ? Truth::unknown : Truth::no;
}

/// Whether x is on that side of an end of a set: +1 above, -1 below, where closed at it too.
Truth beyond_end(const Rational& x, const Expr& end, int side, bool closed) {
  if (const auto exact = constant_rational(end)) {
    const int order = side * x.compare(*exact);
    return truth(order > 0 || (closed && order == 0));
  }
  const Truth below = less_than_end(x, end);
  return side > 0 ? !below : below;
}

Rational of_double(double x) { return Number<Rational>::of(Constant::dyadic(x)); }

}  // namespace

std::optional<Ball> constant_ball(const Expr& e) { return constant_value<Ball>(e); }
std::optional<Rational> constant_rational(const Expr& e) { return constant_value<Rational>(e); }

Witness to_witness(const Problem& problem, const Point& point) {
  Witness witness;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    auto& texts = witness[problem.givens[g].name];
    for (const Rational& x : point.entries[g]) texts.push_back(x.str());
  }
  return witness;
}

Truth contains(const RealSet& set, const Rational& x) {
  if (set.is_finite()) {
    Truth any = Truth::no;
    for (const Expr& e : set.elements) any = any || equals_end(x, e);
    return any;
  }
  Truth inside = Truth::yes;
  if (!set.lo.empty()) inside = inside && beyond_end(x, set.lo, 1, set.lo_closed);
  if (!set.hi.empty()) inside = inside && beyond_end(x, set.hi, -1, set.hi_closed);
  return inside;
}

namespace {

Truth positive_definite(std::size_t n, std::vector<Rational> a) {
  // Exact elimination: positive definite exactly when every pivot is positive (Sylvester).
  for (std::size_t k = 0; k < n; ++k) {
    if (a[k * n + k].sign() <= 0) return Truth::no;
    for (std::size_t i = k + 1; i < n; ++i) {
      const Rational f = a[i * n + k] / a[k * n + k];
      for (std::size_t j = k; j < n; ++j) a[i * n + j] -= f * a[k * n + j];
    }
  }
  return Truth::yes;
}

}  // namespace

Truth contains(const Set& set, std::span<const Rational> x) {
  switch (set.kind) {
    case Set::Kind::entries: {
      Truth all = Truth::yes;
      for (const Rational& e : x) all = all && contains(set.entries, e);
      return all;
    }
    case Set::Kind::simplex: {
      Rational sum = 0;
      for (const Rational& e : x) {
        if (e.sign() <= 0) return Truth::no;
        sum += e;
      }
      return truth(sum == 1);
    }
    case Set::Kind::onehot: {
      std::size_t ones = 0;
      for (const Rational& e : x) {
        if (e == 1)
          ++ones;
        else if (!e.is_zero())
          return Truth::no;
      }
      return truth(ones == 1);
    }
    case Set::Kind::sym:
    case Set::Kind::spd: {
      const auto n = static_cast<std::size_t>(set.shape[0]);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
          if (x[i * n + j] != x[j * n + i]) return Truth::no;
      return set.kind == Set::Kind::sym ? Truth::yes : positive_definite(n, {x.begin(), x.end()});
    }
  }
  return Truth::unknown;
}

Truth contains_enclosed(const Set& set, std::span<const Ball> entries) {
  const auto less = [](const Ball& a, const Ball& b) { return Number<Ball>::less(a, b); };
  Truth all = Truth::yes;
  if (set.kind == Set::Kind::simplex) {
    Ball sum(0);
    for (const Ball& x : entries) {
      all = all && less(Ball(0), x);
      sum += x;
    }
    // A sum of rounded entries is never certainly 1; it can only be certainly another number.
    return all && (sum.contains(1) ? Truth::unknown : Truth::no);
  }
  if (set.kind == Set::Kind::onehot) {
    Ball sum(0);
    for (const Ball& x : entries) {
      all = all && (Number<Ball>::equal(x, Ball(0)) || Number<Ball>::equal(x, Ball(1)));
      sum += x;
    }
    return all && Number<Ball>::equal(sum, Ball(1));
  }
  if (set.kind != Set::Kind::entries) {  // symmetric; definite
    const auto n = static_cast<std::size_t>(set.shape[0]);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) all = all && Number<Ball>::equal(entries[i * n + j], entries[j * n + i]);
    if (set.kind == Set::Kind::sym || all != Truth::yes) return all;
    // Pivots of the elimination: all positive exactly when it is definite.
    std::vector<Ball> a(entries.begin(), entries.end());
    for (std::size_t k = 0; k < n && all == Truth::yes; ++k) {
      all = less(Ball(0), a[k * n + k]);
      for (std::size_t i = k + 1; i < n && all == Truth::yes; ++i)
        for (std::size_t j = k + 1; j < n; ++j)
          a[i * n + j] = a[i * n + j] - a[i * n + k] * a[k * n + j] / a[k * n + k];
    }
    return all;
  }
  for (const Ball& x : entries) {
    if (set.entries.is_finite()) {
      Truth any = Truth::no;
      for (const Expr& e : set.entries.elements) {
        const auto value = constant_ball(e);
        any = any || (value ? Number<Ball>::equal(x, *value) : Truth::unknown);
      }
      all = all && any;
      continue;
    }
    for (const bool lower : {true, false}) {
      const Expr& end = lower ? set.entries.lo : set.entries.hi;
      if (end.empty()) continue;
      const auto value = constant_ball(end);
      if (!value) return Truth::unknown;
      const bool closed = lower ? set.entries.lo_closed : set.entries.hi_closed;
      const Truth strictly = lower ? less(*value, x) : less(x, *value);
      const Truth outside = lower ? less(x, *value) : less(*value, x);
      all = all && (closed ? !outside : strictly);
    }
  }
  return all;
}

PointSource::PointSource(const Problem& problem, std::uint64_t seed) : problem_(problem), random_(seed) {
  std::uint64_t count = 1;
  bool finite = true;
  for (const Given& given : problem_.givens) {
    pools_.push_back(given.set.kind == Set::Kind::entries ? make_pool(given.set.entries) : Pool{});
    const auto n = given.set.shape.size();
    if (given.set.kind == Set::Kind::onehot) {  // as many values as entries
      count *= static_cast<std::uint64_t>(n);
      if (n == 0 || count > most_enumerated) finite = false;
      continue;
    }
    std::uint64_t per_entry = 0;
    if (given.set.kind == Set::Kind::entries && pools_.back().complete) per_entry = pools_.back().special.size();
    if (n > 0 && per_entry == 0) finite = false;
    for (std::int64_t i = 0; finite && i < n; ++i) {
      count *= per_entry;
      if (count > most_enumerated) finite = false;
    }
  }
  finite_count_ = finite ? count : 0;
}

PointSource::Pool PointSource::make_pool(const RealSet& set) const {
  Pool pool;
  if (set.is_finite()) {
    pool.finite = true;
    for (const Expr& e : set.elements)
      if (auto x = constant_rational(e)) pool.special.push_back(*x);
    pool.complete = pool.special.size() == set.elements.size();
    return pool;
  }
  const Precision scope(30);
  double lo = -1e30;
  double hi = 1e30;
  if (!set.lo.empty())
    if (const auto b = constant_ball(set.lo)) lo = b->upper_double();
  if (!set.hi.empty())
    if (const auto b = constant_ball(set.hi)) hi = b->lower_double();
  if (!(lo <= hi)) return pool;
  const bool bounded_lo = !set.lo.empty();
  const bool bounded_hi = !set.hi.empty();
  std::vector<Rational> candidates;
  for (const char* text :
       {"0",  "1",   "-1",     "1/2",     "-1/2", "2",    "-2",        "3",          "-3",      "1/10",    "-1/10",
        "10", "-10", "1/1000", "-1/1000", "100",  "-100", "1/1000000", "-1/1000000", "1000000", "-1000000"})
    candidates.push_back(*parse_rational(text));
  const Rational lo_r = of_double(lo);
  const Rational hi_r = of_double(hi);
  for (const Expr& end : {set.lo, set.hi})
    if (!end.empty())
      if (const auto exact = constant_rational(end)) candidates.push_back(*exact);
  if (bounded_lo && bounded_hi) {
    const Rational width = hi_r - lo_r;
    for (const char* part : {"1/2", "1/4", "3/4", "1/1000", "999/1000", "1/1000000", "999999/1000000"})
      candidates.push_back(lo_r + width * *parse_rational(part));
  } else {
    for (const char* away : {"1/1000", "1/4", "1/2", "1", "2", "10", "100"}) {
      if (bounded_lo) candidates.push_back(lo_r + *parse_rational(away));
      if (bounded_hi) candidates.push_back(hi_r - *parse_rational(away));
    }
  }
  for (const Rational& x : candidates)
    if (contains(set, x) == Truth::yes && std::ranges::find(pool.special, x) == pool.special.end())
      pool.special.push_back(x);
  pool.lo = bounded_lo ? lo_r : bounded_hi ? Rational(hi_r - 8) : Rational(-4);
  pool.hi = bounded_hi ? hi_r : Rational(*pool.lo + 8);
  return pool;
}

std::uint64_t PointSource::below(std::uint64_t n) { return n == 0 ? 0 : random_() % n; }

Rational PointSource::random_entry(const Pool& pool) {
  if (pool.finite || !pool.lo || below(8) == 0) {
    return pool.special.empty() ? Rational(0) : pool.special[below(pool.special.size())];
  }
  // A point inside the open interval with a short denominator.
  const Rational t(1 + below(998), 999);
  const Rational x = *pool.lo + (*pool.hi - *pool.lo) * t;
  // Round to thousandths when that keeps it inside.
  const Rational short_x = Number<Rational>::floor(x * 1000 + Rational(1, 2)) / 1000;
  return short_x > *pool.lo && short_x < *pool.hi ? short_x : x;
}

std::vector<Rational> PointSource::structured_value(const Set& set) {
  const auto n = static_cast<std::size_t>(set.shape[0]);
  std::vector<Rational> x;
  switch (set.kind) {
    case Set::Kind::onehot: {
      const std::uint64_t hot = below(n);
      for (std::size_t i = 0; i < n; ++i) x.push_back(i == hot ? 1 : 0);
      break;
    }
    case Set::Kind::simplex: {
      std::vector<Rational> weight;
      Rational sum = 0;
      for (std::size_t i = 0; i < n; ++i) {
        weight.push_back(Rational(1 + below(below(4) == 0 ? 1000 : 9)));
        sum += weight.back();
      }
      for (const Rational& w : weight) x.push_back(w / sum);
      break;
    }
    default: {
      std::vector<Rational> b(n * n);
      for (Rational& e : b) e = Rational(static_cast<int>(below(9)) - 4, 2);
      x.resize(n * n);
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
          if (set.kind == Set::Kind::sym) {
            x[i * n + j] = b[i * n + j] + b[j * n + i];
          } else {
            Rational s = i == j ? Rational(1, 2) : Rational(0);
            for (std::size_t k = 0; k < n; ++k) s += b[k * n + i] * b[k * n + j];
            x[i * n + j] = s;
          }
        }
    }
  }
  return x;
}

std::vector<Rational> PointSource::random_value(std::size_t given) {
  const Set& set = problem_.givens[given].set;
  if (set.kind != Set::Kind::entries) return structured_value(set);
  std::vector<Rational> x;
  for (std::int64_t i = 0; i < set.shape.size(); ++i) x.push_back(random_entry(pools_[given]));
  return x;
}

std::optional<Point> PointSource::enumerate() {
  if (made_ >= finite_count_) return std::nullopt;
  std::uint64_t code = made_++;
  Point point;
  for (std::size_t g = 0; g < pools_.size(); ++g) {
    auto& x = point.entries.emplace_back();
    const auto& values = pools_[g].special;
    if (problem_.givens[g].set.kind == Set::Kind::onehot) {
      const auto n = static_cast<std::uint64_t>(problem_.givens[g].set.shape.size());
      x.assign(n, Rational(0));
      x[code % n] = 1;
      code /= n;
      continue;
    }
    for (std::int64_t i = 0; i < problem_.givens[g].set.shape.size(); ++i) {
      x.push_back(values[code % values.size()]);
      code /= values.size();
    }
  }
  return point;
}

std::optional<Point> PointSource::next() {
  if (finite_count_ > 0) return enumerate();
  std::size_t specials = 0;
  for (const Pool& pool : pools_) {
    if (pool.special.empty() && pool.finite) return std::nullopt;  // irrational elements only: nothing exact to say
    specials = std::max(specials, pool.special.size());
  }
  const std::uint64_t k = made_++;
  // After the special values multiples of unit vectors, where the sets have 0.
  const std::uint64_t unit = k - specials;
  Point point;
  for (std::size_t g = 0; g < pools_.size(); ++g) {
    const Pool& pool = pools_[g];
    const Set& set = problem_.givens[g].set;
    const auto size = static_cast<std::size_t>(set.shape.size());
    const bool has_zero = std::ranges::find(pool.special, Rational(0)) != pool.special.end();
    if (set.kind == Set::Kind::entries && k >= specials && unit < 3 * std::min<std::size_t>(size, 4) && size > 1 &&
        has_zero) {
      auto& x = point.entries.emplace_back(size, Rational(0));
      x[unit / 3 % size] = pool.special[(unit % 3 + 1) % pool.special.size()];
    } else if (set.kind == Set::Kind::entries && k < specials && !pool.special.empty()) {
      // Every entry the same special value, so that equal coordinates are met.
      point.entries.emplace_back(static_cast<std::size_t>(set.shape.size()), pool.special[k % pool.special.size()]);
    } else {
      point.entries.push_back(random_value(g));
    }
  }
  return point;
}

}  // namespace nabla
