#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>

// Steps that replace a function by a bound of it: log by its tangent, erf by bounds of its tails.

namespace nabla::inequality {

using normal_form::Atom;
using normal_form::Fraction;
using normal_form::Normaliser;
using normal_form::Signs;
using normal_form::within;

/// log(a) >= 1 - 1/a, times coefficients that are not negative (Gibbs' inequality and its like). Each logarithm with
/// such a coefficient is paired with one of the opposite coefficient, or scaled by what the logarithms of numbers say.
Proof Prover::by_tangents(const Problem& region, const Expr& g, const Normaliser& normal, const Fraction& f,
                          bool strict, int depth) {
  if (depth > 4) return std::nullopt;
  const normal_form::Ring& ring = f.ring();
  const normal_form::Polynomial num(ring, f.num()), den(ring, f.den());
  const std::vector<std::int64_t> up = degrees(ring, f.num()), down = degrees(ring, f.den());
  struct Log {
    std::size_t atom;
    Fraction c;
    Expr of;
    bool constant;
  };
  std::vector<Log> logs;
  for (std::size_t k = 0; k < normal.atoms().size(); ++k) {
    if (normal.atoms()[k].kind != Atom::Kind::logarithm || (up[k] == 0 && down[k] == 0)) continue;
    if (up[k] != 1 || down[k] != 0) return std::nullopt;
    for (const auto& [e, part] : powers_of(num, static_cast<std::int64_t>(k)))
      if (e == 1)
        logs.push_back({k, Fraction::of(part) / Fraction::of(den), inside_of(normal, k, region.workspace),
                        normal.atoms()[k].operand->is_constant()});
  }
  const WorkspaceScope scope(region.workspace);
  Expr scale(1);
  std::size_t variable_logs = 0;
  for (const Log& log : logs) {
    if (!log.constant) {
      ++variable_logs;
      continue;
    }
    if (!log.c.is_constant()) continue;
    const auto n = log.c.small_ratio();
    if (!n || n->second != 1 || std::abs(n->first) > 8) return std::nullopt;
    scale = scale * powi(log.of, n->first);
  }
  if (variable_logs < 2) return std::nullopt;
  Expr h = g;
  Json terms = Json::array();
  for (const Log& log : logs) {
    if (log.constant || !within(normal.signs(log.c), Signs::nonnegative)) continue;
    Expr ratio = log.of * scale;
    for (const Log& other : logs)
      if (!other.constant && (log.c + other.c).is_zero()) ratio = log.of / other.of;
    const Expr c = expression_of(normal, log.c, region.workspace);
    if (!positive(region, ratio)) return std::nullopt;
    h = h - c * (nabla::log(ratio) - 1 + Expr(1) / ratio);
    terms.push_back(Json{{"coefficient", encoded(region, c)}, {"ratio", encoded(region, ratio)}});
  }
  if (terms.empty()) return std::nullopt;
  auto p = prove(region, h, strict, depth + 2);
  if (!p) return std::nullopt;
  return Json{{"rule", "tangents"}, {"terms", terms}, {"proof", *p}};
}

/// g = q erf(y) + r with y of one sign and q of one sign, erf replaced by 1 (or -1), or by the bound of its tail
/// erfc(y) <= exp(-y^2) / (y sqrt(pi)) for y > 0 (DLMF 7.8.2).
Proof Prover::by_error_function(const Problem& region, const Expr& g, bool strict, int depth) {
  if (depth > 8) return std::nullopt;
  struct Parts {
    Expr q, y, r;
    bool up;
  };
  std::optional<Parts> parts;
  try {
    use_normal_form(region, g, [&](ScalarForm&, Normaliser& normal, const Fraction& f) {
      const normal_form::Ring& ring = f.ring();
      const normal_form::Polynomial num(ring, f.num()), den(ring, f.den());
      const std::vector<std::int64_t> above = degrees(ring, f.num()), below = degrees(ring, f.den());
      for (std::size_t k = 0; k < normal.atoms().size(); ++k) {
        const Atom& a = normal.atoms()[k];
        if (a.kind != Atom::Kind::opaque || a.code != opcode<Erf> || above[k] != 1 || below[k] != 0) continue;
        Fraction q(ring), r(ring);
        for (const auto& [e, part] : powers_of(num, static_cast<std::int64_t>(k)))
          (e == 1 ? q : r) = Fraction::of(part) / Fraction::of(den);
        const Signs s = normal.signs(q);
        if (!within(s, Signs::nonnegative) && !within(s, Signs::nonpositive)) continue;
        parts =
            Parts{expression_of(normal, q, region.workspace), expression_of(normal, a.operands[0], region.workspace),
                  expression_of(normal, r, region.workspace), within(s, Signs::nonpositive)};
        return;
      }
    });
  } catch (const normal_form::Split&) {
  } catch (const normal_form::Contradiction&) {
  } catch (const normal_form::BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  if (!parts) return std::nullopt;
  const WorkspaceScope scope(region.workspace);
  const bool right = by_boxes(region, parts->y, true, 1).has_value();
  if (!right && !by_boxes(region, -parts->y, true, 1)) return std::nullopt;
  for (const bool sharp : {false, true}) {
    // The bound of 1 from above, or of -1 from below, needs no tail; the other two do.
    const bool plain = right == parts->up;
    if (plain == sharp) continue;
    const Expr side(right ? 1 : -1);
    const Expr size = right ? parts->y : -parts->y;
    const Expr bound = plain ? side : side - side * exp(-powi(size, 2)) / (size * sqrt(Expr(Constant::pi())));
    auto p = prove(region, parts->q * bound + parts->r, strict, depth + 1);
    if (!p) continue;
    return Json{{"rule", "error_function"},
                {"of", encoded(region, parts->y)},
                {"coefficient", encoded(region, parts->q)},
                {"rest", encoded(region, parts->r)},
                {"right", right},
                {"up", parts->up},
                {"proof", *p}};
  }
  return std::nullopt;
}

}  // namespace nabla::inequality
