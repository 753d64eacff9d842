#include <nabla/proofs/recheck/constants.hpp>
#include <nabla/proofs/recheck/curvature/cone.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/pieces.hpp>
#include <nabla/proofs/recheck/curvature/regular.hpp>
#include <nabla/proofs/recheck/curvature/squeeze.hpp>
#include <nabla/proofs/recheck/curvature/statement.hpp>

namespace nabla {

ReplayedCertificate replay_apart(const Problem& stated, const Statement& statement,
                                 const nlohmann::ordered_json& evidence) {
  using namespace bending;
  const WorkspaceScope scope(stated.workspace);
  const bool differentiable = statement.predicate == "differentiable";
  if (statement.kind != Statement::Kind::predicate || (!differentiable && statement.predicate != "continuous") ||
      statement.over.size() != 1 || !statement.over[0].shape().is_scalar() || !statement.subject.shape().is_scalar() ||
      !stated.hypotheses.empty() || stated.functions != FunctionTreatment::none)
    return replayed(false, "", "a certificate of another predicate");
  const Expr &e = statement.subject, &t = statement.over[0];
  const auto at = parse_rational(evidence.at("at").get<std::string>());
  const auto problem = widened(stated, e, t);
  for (const auto& [name, entries] : evidence.at("witness").items())
    if (!at || !problem || name != problem->givens[0].name || entries.size() != 1 ||
        parse_rational(entries.at(0).get<std::string>()) != at)
      return replayed(false, "", "a witness that is another point");
  if (!problem || !at) return replayed(false, "", "not a function of one variable in an interval");
  for (const Given& g : stated.givens)
    if (same(g.variable, t) && !rederive::lies_in(g.set.entries, *at))
      return replayed(false, "", "a point outside of the stated set");
  const Expr own = chosen_at(e, t, Expr(to_constant(*at)));
  if (!has_value(own)) return replayed(false, "", "no value at the point");
  struct Beside {
    bool above = false;
    Rational bound;
  };
  const auto beside = [&](bool is_right, bool quotient) -> std::optional<Beside> {
    const Json& side = evidence.at(is_right ? "right" : "left");
    const auto width = parse_rational(side.at("width").get<std::string>());
    const auto bound = parse_rational(side.at("bound").get<std::string>());
    if (!width || *width <= 0 || !bound) return std::nullopt;
    const Rational lo = is_right ? *at : *at - *width, hi = is_right ? *at + *width : *at;
    const auto piece = settled_between(e, t, lo, hi);
    if (!piece) return std::nullopt;
    Problem near = *problem;
    RealSet& set = near.givens[0].set.entries;
    set.lo = Expr(to_constant(lo));
    set.hi = Expr(to_constant(hi));
    set.lo_closed = set.hi_closed = false;
    if (!exists_everywhere(near, *piece) && !is_defined_everywhere(near, *piece)) return std::nullopt;
    const bool above = side.at("above").get<bool>();
    const Expr b(to_constant(*bound)), line = quotient ? b * (t - Expr(to_constant(*at))) : b;
    const Expr gap = *piece - own - line;
    const bool is_positive = above == (is_right || !quotient);
    if (!replay_sign(near, is_positive ? gap : -gap, Wanted::nonnegative, side.at("sign"))) return std::nullopt;
    return Beside{above, *bound};
  };
  if (evidence.contains("left") && evidence.contains("right")) {
    const auto right = differentiable ? beside(true, true) : std::nullopt;
    const auto left = right ? beside(false, true) : std::nullopt;
    const bool apart =
        left && right->above != left->above && (right->above ? right->bound > left->bound : right->bound < left->bound);
    return apart ? replayed(true, "difference quotients that keep apart", "")
                 : replayed(false, "", "that the slopes differ could not be shown again");
  }
  const auto one = beside(evidence.contains("right"), false);
  return one && (one->above ? one->bound > 0 : one->bound < 0)
             ? replayed(true, "values beside a point that keep away from the value there", "")
             : replayed(false, "", "that the function has another value beside the point could not be shown again");
}

}  // namespace nabla
