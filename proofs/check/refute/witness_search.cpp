#include <cmath>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/nearest_double.hpp>
#include <nabla/proofs/check/refute/witness_search.hpp>

namespace nabla {

namespace {

constexpr long existence_bits = 192;
constexpr int most_shortenings = 400;  // judgements spent on a shorter witness
constexpr double tolerances[] = {0.5, 0.25, 0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-6, 1e-9, 1e-12, 0};

std::string key_of(const Point& point) {
  std::string key;
  for (const auto& entries : point.entries) {
    for (const Rational& x : entries) key += x.str() + ",";
    key += ";";
  }
  return key;
}

std::size_t length_of(const Rational& x) {
  const std::string text = x.str();
  // Signs and fraction bars read as a digit each; noughts are easier to read than other digits.
  std::size_t length = 2 * text.size();
  for (const char c : text) length += c == '0' ? 0 : 1;
  return length - (x.is_zero() || x == 1 ? 1 : 0);
}

/// Decimals of one or two digits near x, and fractions 1/n with such an n.
void add_round_numbers(const Rational& x, std::vector<Rational>& candidates) {
  if (x.is_zero()) return;
  const double size = std::fabs(nearest_double(x));
  if (!(size > 1e-290 && size < 1e290)) return;
  for (const bool inverse : {false, true}) {
    const Rational y = inverse ? Rational(1) / x : x;
    for (const int digits : {1, 2}) {
      const int exponent = static_cast<int>(std::floor(std::log10(std::fabs(nearest_double(y))))) + 1 - digits;
      const Rational unit = Number<Rational>::powi(Rational(10), exponent);
      const Rational below = Number<Rational>::floor(y / unit) * unit;
      for (const Rational& r : {below, Rational(below + unit)})
        if (!r.is_zero()) candidates.push_back(inverse ? Rational(1) / r : r);
    }
  }
}

const std::vector<Rational>& short_values() {
  static const std::vector<Rational> values = [] {
    std::vector<Rational> v;
    for (const char* text :
         {"0",    "1",   "-1",   "2",  "-2",  "1/2",  "-1/2",  "3",   "-3",   "4",     "-4",    "1/3",
          "-1/3", "1/4", "-1/4", "10", "-10", "1/10", "-1/10", "100", "-100", "1/100", "-1/100"})
      v.push_back(*parse_rational(text));
    return v;
  }();
  return values;
}

}  // namespace

std::size_t printed_length(const Point& point) {
  std::size_t length = 0;
  for (const auto& entries : point.entries)
    for (const Rational& x : entries) length += length_of(x);
  return length;
}

WitnessSearch::WitnessSearch(const Problem& problem, const Statement& statement, std::uint64_t seed,
                             const Budget& budget)
    : problem_(problem),
      budget_(budget),
      judge_(problem, statement),
      unlike_sizes_(problem, statement),
      stated_(problem, seed),
      space_(problem) {}

bool WitnessSearch::derivatives_exist(const Point& point) const {
  if (problem_.derivatives.empty()) return true;
  if (!asked_) {
    asked_ = true;
    for (const Derivative& d : problem_.derivatives)
      derivatives_.push_back(std::make_unique<wellposed::DerivativeAt>(problem_, d));
  }
  const Precision scope = Precision::of_bits(existence_bits);
  const auto at = wellposed::assignment_of(problem_, point);
  for (const auto& d : derivatives_) {
    const wellposed::Existence e = d->at(at);
    if (e != wellposed::Existence::exists && e != wellposed::Existence::unread) return false;
  }
  return true;
}

bool WitnessSearch::refutes(const Point& point) const {
  budget_.check();
  Judgement seen = judge_.at(point, screening_bits);
  if (seen.holds == Truth::unknown && seen.contact && looked_closely_ < most_looked_closely) {
    ++looked_closely_;  // sides that differ after many digits only
    seen = judge_.at(point, confirming_bits);
    if (seen.holds == Truth::unknown && seen.contact && looked_far_ < most_looked_far && unlike_sizes_.at(point)) {
      ++looked_far_;
      seen = judge_.at(point, far_bits);
    }
  }
  return seen.holds == Truth::no && stated_.satisfies(point) && derivatives_exist(point);
}

bool WitnessSearch::consider(const Point& point) {
  if (witness_) return true;
  if (!seen_.insert(key_of(point)).second) return false;
  if (!refutes(point)) return false;
  witness_ = point;
  return true;
}

bool WitnessSearch::consider(const SearchSpace::Vector& z) {
  for (const double tolerance : tolerances) {
    std::optional<Point> point = space_.rounded(z, tolerance);
    if (!point) continue;
    if (stated_.has_equations()) point = stated_.carried(*point);
    if (!point) continue;
    if (consider(*point)) return true;
  }
  return false;
}

bool WitnessSearch::draw(int count) {
  for (int i = 0; i < count; ++i) {
    budget_.check();
    const std::optional<Point> point = stated_.next();
    if (!point) return false;
    drawn_.push_back(*point);
    if (consider(*point)) return true;
  }
  return false;
}

bool WitnessSearch::accept(Point shorter) {
  if (++shortenings_ > most_shortenings) return false;
  if (stated_.has_equations() && !stated_.satisfies(shorter) && !stated_.repair(shorter)) return false;
  if (printed_length(shorter) >= printed_length(*witness_)) return false;
  if (!refutes(shorter)) return false;
  witness_ = std::move(shorter);
  return true;
}

/// All entries at once.
bool WitnessSearch::simplify_whole() {
  bool any = false;
  for (std::size_t g = 0; g < problem_.givens.size(); ++g) {
    if (problem_.givens[g].set.kind != Set::Kind::entries || witness_->entries[g].size() < 2) continue;
    for (const int value : {0, 1}) {
      Point candidate = *witness_;
      for (Rational& x : candidate.entries[g]) x = value;
      if (accept(std::move(candidate))) {
        any = true;
        break;
      }
    }
  }
  const SearchSpace::Vector z = space_.of(*witness_);
  for (const double tolerance : tolerances) {
    auto candidate = space_.rounded(z, tolerance);
    if (candidate && printed_length(*candidate) < printed_length(*witness_) && accept(std::move(*candidate))) {
      any = true;
      break;
    }
  }
  return any;
}

bool WitnessSearch::simplify_entries() {
  bool any = false;
  for (std::size_t g = 0; g < problem_.givens.size(); ++g) {
    const Set& set = problem_.givens[g].set;
    const bool symmetric = set.kind == Set::Kind::sym || set.kind == Set::Kind::spd;
    if (set.kind == Set::Kind::simplex || set.kind == Set::Kind::onehot) continue;
    const std::size_t n = set.shape.rank() == 0 ? 1 : static_cast<std::size_t>(set.shape[0]);
    for (std::size_t i = 0; i < witness_->entries[g].size(); ++i) {
      if (symmetric && i / n < i % n) continue;
      const Rational before = witness_->entries[g][i];
      if (before.is_zero()) continue;
      std::vector<Rational> candidates = short_values();
      const double x = nearest_double(before);
      for (const double tolerance : tolerances) {
        if (tolerance == 0 || !(std::fabs(x) < 1e300)) continue;
        const Rational reach = exactly(tolerance) * (x == 0 ? Rational(1) : Rational(abs(before)));
        candidates.push_back(simplest_between(before - reach, before + reach));
      }
      add_round_numbers(before, candidates);
      std::ranges::stable_sort(candidates, {}, length_of);
      std::string last;
      for (const Rational& candidate : candidates) {
        if (length_of(candidate) >= length_of(before)) break;
        if (candidate.str() == last) continue;
        last = candidate.str();
        Point point = *witness_;
        point.entries[g][i] = candidate;
        if (symmetric) point.entries[g][(i % n) * n + i / n] = candidate;
        if (contains(set, point.entries[g]) != Truth::yes) continue;
        if (accept(std::move(point))) {
          any = true;
          break;
        }
      }
    }
  }
  return any;
}

void WitnessSearch::shorten() {
  shortenings_ = 0;
  for (int round = 0; round < 4 && shortenings_ < most_shortenings; ++round) {
    const bool whole = simplify_whole();
    const bool entries = simplify_entries();
    if (!whole && !entries) return;
  }
}

std::optional<Judgement> WitnessSearch::confirm() const {
  Judgement seen = judge_.shown_at(*witness_, confirming_bits);
  if (seen.holds == Truth::unknown && looked_far_ > 0) seen = judge_.shown_at(*witness_, far_bits);
  if (seen.holds != Truth::no || !stated_.satisfies(*witness_)) return std::nullopt;
  return seen;
}

}  // namespace nabla
