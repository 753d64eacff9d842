#include <algorithm>
#include <iterator>
#include <nabla/proofs/recheck/witness/witness.hpp>

/// Predicates about existence at a witness: the value there, and what the expression does on both sides of it.
namespace nabla::replay {

namespace {

constexpr mpfr_prec_t side_bits = 256;
constexpr std::size_t most_diagonal_entries = 5;
constexpr int reaches[] = {-16, -40, -100};

bool differ(const Side& a, const Side& b) {
  return Number<Algebraic>::equal(a.exact(), b.exact()) == Truth::no ||
         Number<Enclosure>::equal(a.limit(), b.limit()) == Truth::no;
}

/// What the coefficient may tend to: an end that it never attains, too.
Enclosure limit_of_coefficient(const Side& side) {
  Enclosure c = side.coefficient();
  c.lo_open = c.hi_open = false;
  return c;
}

/// The limit of (value - limit) / s; nothing where it is not enclosed. \pre defined
std::optional<Enclosure> one_sided_derivative(const Side& side) {
  if (side.is_constant() || side.order() > Side::whole) return Enclosure(0);
  return side.order() == Side::whole ? std::optional(limit_of_coefficient(side)) : std::nullopt;
}

bool is_steep(const Side& side) { return side.order() < Side::whole && limit_of_coefficient(side).nonzero(); }

/// Whether there is no derivative at a point with this value and these sides.
bool has_corner(const Side& left, const Side& right) {
  for (const Side* side : {&left, &right})
    if (side->is_defined() && is_steep(*side)) return true;
  if (!left.is_defined() || !right.is_defined()) return false;  // one-sided where the natural domain ends
  const auto rising = one_sided_derivative(right), falling = one_sided_derivative(left);
  return rising && falling && Number<Enclosure>::equal(*rising, -*falling) == Truth::no;
}

/// The direction of diff(e, x, [1, 0]), whose variable is a name; empty for others.
std::vector<int> written_direction(const std::string& text) {
  const std::size_t close = text.rfind(']'), open = text.rfind('[');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  if (text.find_first_not_of(" )", close + 1) != std::string::npos) return {};
  // Before the list stands ", name ,".
  const std::size_t comma = text.find_last_not_of(' ', open - 1);
  const std::size_t before = comma == std::string::npos || comma == 0 ? comma : text.find_last_of(",()[]", comma - 1);
  if (comma == std::string::npos || before == std::string::npos || text[comma] != ',' || text[before] != ',') return {};
  std::vector<int> line;
  bool moves = false;
  for (std::size_t i = open + 1; i <= close;) {
    const std::size_t end = text.find_first_of(",]", i);
    const std::size_t first = text.find_first_not_of(' ', i), last = text.find_last_not_of(' ', end - 1);
    if (first >= end) return {};
    const auto n = parse_rational(text.substr(first, last - first + 1));
    if (!n || denominator(*n) != 1 || abs(*n) > 1000) return {};
    line.push_back(static_cast<int>(numerator(*n)));
    moves = moves || line.back() != 0;
    i = end + 1;
  }
  return moves ? line : std::vector<int>{};
}

}  // namespace

bool Replay::has_corner_along(const Expr& of, const Expr& by, const std::vector<int>& line) const {
  if (line.size() != static_cast<std::size_t>(by.shape().size())) return false;
  const rederive::EnclosureBits precision(side_bits);
  const auto enclosed = all_values<Enclosure>(at_);
  const auto exact = all_values<Algebraic>(at_);
  if (!enclosed) return false;
  for (std::size_t g = 0; g < enclosed->size(); ++g) {
    if (!same(problem_.givens[g].variable, by)) continue;
    for (const int reach : reaches) {
      const SideReach scope(reach);
      const auto moved = [&](int direction) {
        Numbers<Side> at;
        for (std::size_t k = 0; k < enclosed->size(); ++k) {
          auto& entries = at.emplace_back();
          for (std::size_t i = 0; i < (*enclosed)[k].size(); ++i) {
            const Algebraic x = exact ? (*exact)[k][i] : Algebraic::unknown();
            const int step = k == g ? direction * line[i] : 0;
            entries.push_back(step == 0 ? Side(x, (*enclosed)[k][i])
                                        : Side(x, (*enclosed)[k][i], Side::whole, Enclosure(step)));
          }
        }
        return outputs<Side>({&of, 1}, at);
      };
      const auto right = moved(1), left = moved(-1);
      if (!right || !left) continue;
      for (std::size_t k = 0; k < (*right)[0].size(); ++k)
        if (has_corner((*left)[0][k], (*right)[0][k])) return true;
    }
  }
  return false;
}

bool is_about_existence(const Statement& s) {
  return s.kind == Statement::Kind::predicate &&
         (s.predicate == "defined" || s.predicate == "continuous" || s.predicate == "differentiable");
}

/// Whether a derivative by all of a variable, which is read wherever the statement is, does not exist. The variable is
/// given, or one of its own that is moved to a constant, as in a limit.
bool Replay::lacks_derivative(const Statement& defined) const {
  return std::ranges::any_of(problem_.derivatives, [&](const Derivative& d) {
    if (d.text.starts_with("diff") && d.at.empty() && d.guards.empty() && d.place.line == defined.place.line)
      if (const std::vector<int> line = written_direction(d.text); !line.empty())
        return has_corner_along(d.of, d.by, line);
    const bool along_all = !d.text.starts_with("diff") && d.text.find('[') == std::string::npos;
    if (d.place.line != defined.place.line || !d.guards.empty() || !along_all) return false;
    Statement s;
    s.kind = Statement::Kind::predicate;
    s.predicate = "differentiable";
    s.subject = d.of;
    s.over = {d.by};
    if (d.at.empty()) return breaks(s);
    const bool own = d.at.size() == 1 && same(d.at[0].first, d.by) && d.by.shape().is_scalar() &&
                     d.at[0].second.constant() != nullptr;
    if (!own) return false;
    Problem wider = problem_;
    wider.givens.push_back({"", d.by, Set(), d.place});
    Replay there(wider, texts_, pairs_);
    there.at_ = at_;
    there.at_.push_back({d.at[0].second});
    return there.breaks(s);
  });
}

bool Replay::breaks(const Statement& predicate) const {
  const rederive::EnclosureBits precision(side_bits);
  const auto enclosed = all_values<Enclosure>(at_);
  const auto exact = all_values<Algebraic>(at_);
  if (!enclosed) return false;
  Numbers<Side> at;
  for (std::size_t g = 0; g < enclosed->size(); ++g) {
    auto& entries = at.emplace_back();
    for (std::size_t i = 0; i < (*enclosed)[g].size(); ++i)
      entries.emplace_back(exact ? (*exact)[g][i] : Algebraic::unknown(), (*enclosed)[g][i]);
  }
  const auto here = outputs<Side>({&predicate.subject, 1}, at);
  if (!here) return false;
  for (const Side& value : (*here)[0])
    if (value.status() == Side::Status::undefined) return true;
  if (predicate.predicate == "defined") return lacks_derivative(predicate);
  using Step = std::pair<std::size_t, int>;  // an entry, and which way it moves
  const auto beside = [&](std::size_t g, std::initializer_list<Step> steps) {
    Numbers<Side> moved = at;
    for (const auto& [i, direction] : steps)
      moved[g][i] = Side(at[g][i].exact(), at[g][i].limit(), Side::whole, Enclosure(direction));
    return outputs<Side>({&predicate.subject, 1}, moved);
  };
  const bool wants_slope = predicate.predicate == "differentiable";
  const auto breaks_between = [&](const std::optional<Numbers<Side>>& right, const std::optional<Numbers<Side>>& left) {
    if (!right || !left) return false;
    for (std::size_t k = 0; k < (*here)[0].size(); ++k) {
      const Side &value = (*here)[0][k], &r = (*right)[0][k], &l = (*left)[0][k];
      for (const Side* side : {&r, &l})
        if (value.is_defined() && side->is_defined() && differ(*side, value)) return true;
      if (wants_slope && value.is_defined() && has_corner(l, r)) return true;
    }
    return false;
  };
  // Along two entries at once a differential does what it does along each, added up.
  const auto adds_up = [&](std::size_t g, Step one, Step other) {
    const auto both = beside(g, {one, other}), first = beside(g, {one}), second = beside(g, {other});
    if (!both || !first || !second) return true;
    for (std::size_t k = 0; k < (*both)[0].size(); ++k) {
      const Side &b = (*both)[0][k], &f = (*first)[0][k], &s = (*second)[0][k];
      if (!b.is_defined() || !f.is_defined() || !s.is_defined()) continue;
      const auto along_both = one_sided_derivative(b), along_first = one_sided_derivative(f),
                 along_second = one_sided_derivative(s);
      if (along_both && along_first && along_second &&
          Number<Enclosure>::equal(*along_both, *along_first + *along_second) == Truth::no)
        return false;
    }
    return true;
  };
  for (const Expr& x : predicate.over)
    for (std::size_t g = 0; g < at.size(); ++g) {
      if (!same(problem_.givens[g].variable, x)) continue;
      for (std::size_t i = 0; i < at[g].size(); ++i)
        for (const int reach : reaches) {
          const SideReach scope(reach);
          if (breaks_between(beside(g, {{i, 1}}), beside(g, {{i, -1}}))) return true;
        }
      for (std::size_t i = 0; i < std::min(most_diagonal_entries, at[g].size()); ++i)
        for (std::size_t j = 0; j < i; ++j)
          for (const int sign : {1, -1})
            for (const int reach : reaches) {
              const SideReach scope(reach);
              if (breaks_between(beside(g, {{j, 1}, {i, sign}}), beside(g, {{j, -1}, {i, -sign}}))) return true;
              if (wants_slope && !adds_up(g, {j, 1}, {i, sign})) return true;
            }
    }
  return false;
}

bool Replay::breaks_between(const Statement& predicate, const Numbers<Enclosure>& at, const Expr& follows,
                            const Algebraic& exact, std::size_t given, std::size_t entry) const {
  const rederive::EnclosureBits precision(side_bits);
  Numbers<Side> centre;
  for (const auto& values : at) {
    auto& entries = centre.emplace_back();
    for (const Enclosure& x : values)
      entries.emplace_back(x.is_point() && x.is_finite() ? Algebraic(x.lo.exact()) : Algebraic::unknown(), x);
  }
  centre.back() = {Side(exact, at.back()[0])};
  const auto here = outputs<Side>({&predicate.subject, 1}, centre);
  if (!here) return false;
  for (const Side& value : (*here)[0])
    if (value.status() == Side::Status::undefined) return true;
  if (predicate.predicate == "defined") return false;
  const bool moves =
      std::ranges::any_of(predicate.over, [&](const Expr& x) { return same(problem_.givens[given].variable, x); });
  if (!moves) return false;
  const auto beside = [&](int direction) -> std::optional<Numbers<Side>> {
    Numbers<Side> moved = centre;
    Side& x = moved[given][entry];
    x = Side(x.exact(), x.limit(), Side::whole, Enclosure(direction));
    const auto followed = outputs<Side>({&follows, 1}, moved);
    if (!followed || !(*followed)[0][0].is_defined()) return std::nullopt;
    const Side& f = (*followed)[0][0];
    moved.back()[0] = Side(exact, at.back()[0], f.order(), f.coefficient());
    return outputs<Side>({&predicate.subject, 1}, moved);
  };
  for (const int reach : reaches) {
    const SideReach scope(reach);
    const auto right = beside(1), left = beside(-1);
    for (std::size_t k = 0; k < (*here)[0].size(); ++k) {
      const Side& value = (*here)[0][k];
      if (!value.is_defined()) continue;
      for (const auto* side : {&right, &left})
        if (*side && (**side)[0][k].is_defined() && differ((**side)[0][k], value)) return true;
      if (predicate.predicate == "differentiable" && right && left && has_corner((*left)[0][k], (*right)[0][k]))
        return true;
    }
  }
  return false;
}

std::optional<Numbers<Enclosure>> Replay::one_sided_gradient(const Expr& e, const Numbers<Enclosure>& at) const {
  const SideReach scope(reaches[std::size(reaches) - 1]);
  Numbers<Side> centre;
  for (const auto& values : at) {
    auto& entries = centre.emplace_back();
    for (const Enclosure& x : values)
      entries.emplace_back(x.is_point() && x.is_finite() ? Algebraic(x.lo.exact()) : Algebraic::unknown(), x);
  }
  Numbers<Enclosure> gradient;
  for (const Expr& x : over_)
    for (std::size_t g = 0; g < centre.size(); ++g) {
      if (!same(problem_.givens[g].variable, x)) continue;
      auto& partials = gradient.emplace_back();
      for (std::size_t i = 0; i < centre[g].size(); ++i) {
        std::optional<Enclosure> partial;
        for (const int direction : {1, -1}) {
          Numbers<Side> moved = centre;
          moved[g][i] = Side(centre[g][i].exact(), centre[g][i].limit(), Side::whole, Enclosure(direction));
          const auto side = outputs<Side>({&e, 1}, moved);
          if (!side || !(*side)[0][0].is_defined()) continue;
          const auto derivative = one_sided_derivative((*side)[0][0]);
          if (derivative) partial = Enclosure(direction) * *derivative;
          if (partial) break;
        }
        if (!partial) return std::nullopt;
        partials.push_back(*partial);
      }
    }
  return gradient;
}

}  // namespace nabla::replay
