#include <nabla/ops/exponential.hpp>
#include <nabla/ops/norm.hpp>
#include <nabla/proofs/check/identity/identity.hpp>
#include <nabla/proofs/check/identity/normal_form.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using namespace normal_form;

constexpr std::size_t most_cases = 600;
constexpr std::size_t deepest_case = 16;
constexpr std::size_t most_hypotheses_to_drop = 8;

constexpr int highest_image_power = 5;
constexpr std::int64_t longest_image = 24;  // terms

/// Something that holds on the stated set, as signs of scalar expressions.
struct Hypothesis {
  std::string text;
  std::optional<std::size_t> statement;  ///< index into Problem::hypotheses
  std::optional<std::size_t> set;        ///< index into Problem::givens
  std::vector<Assumption> assumptions;
};

Signs signs_of(Comparison c) {  // of right - left
  switch (c) {
    case Comparison::equal:
      return Signs::zero;
    case Comparison::not_equal:
      return Signs::nonzero;
    case Comparison::less:
      return Signs::positive;
    case Comparison::less_equal:
      return Signs::nonnegative;
    case Comparison::greater:
      return Signs::negative;
    case Comparison::greater_equal:
      return Signs::nonpositive;
  }
  return Signs::any;
}

/// norm(v) <= 0: every entry of v is 0.
void add_vanishing(ScalarForm& scalars, const Expr& norm, const Expr& bound, std::vector<Assumption>& to) {
  if (!norm.ref().is_node() || !norm.graph().is(norm.ref().id(), opcode<Norm>) || !bound.is(0)) return;
  const Expr v(norm.workspace(), norm.graph().operands(norm.ref().id())[0]);
  for (const Expr& e : scalars.entries(v)) to.push_back({e, Signs::zero});
}

void add_link(ScalarForm& scalars, const Expr& left, const Expr& right, Comparison c, std::vector<Assumption>& to) {
  const std::vector<Expr> l = scalars.entries(left), r = scalars.entries(right);
  const std::size_t n = std::max(l.size(), r.size());
  if (c == Comparison::not_equal && n != 1) return;  // one entry differs, nobody knows which
  if ((l.size() != n && l.size() != 1) || (r.size() != n && r.size() != 1)) return;
  const WorkspaceScope scope(scalars.workspace());
  for (std::size_t i = 0; i < n; ++i) to.push_back({r[r.size() == 1 ? 0 : i] - l[l.size() == 1 ? 0 : i], signs_of(c)});
  if (c == Comparison::less_equal || c == Comparison::equal) add_vanishing(scalars, left, right, to);
  if (c == Comparison::greater_equal || c == Comparison::equal) add_vanishing(scalars, right, left, to);
}

std::vector<Hypothesis> hypotheses_of(const Problem& problem, ScalarForm& scalars) {
  std::vector<Hypothesis> list;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    const Given& given = problem.givens[g];
    const bool sums_to_one = given.set.kind == Set::Kind::simplex || given.set.kind == Set::Kind::onehot;
    if (!sums_to_one || given.variable.shape().size() == 0) continue;
    const std::vector<Expr> entries = scalars.entries(given.variable);
    const WorkspaceScope scope(scalars.workspace());
    Expr sum(-1);
    for (const Expr& e : entries) sum = sum + e;
    list.push_back({"sum(" + given.name + ") == 1", std::nullopt, g, {{sum, Signs::zero}}});
  }
  for (std::size_t h = 0; h < problem.hypotheses.size(); ++h) {
    const Statement& s = problem.hypotheses[h];
    if (s.kind != Statement::Kind::relation) continue;
    Hypothesis made{s.text, h, std::nullopt, {}};
    for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
      try {
        add_link(scalars, s.sides[k], s.sides[k + 1], s.comparisons[k], made.assumptions);
      } catch (const NotHandled&) {  // not understood: not used
      }
    }
    if (!made.assumptions.empty()) list.push_back(std::move(made));
  }
  return list;
}

struct Outcome {
  bool equal = false;
  std::string reason;
  std::size_t cases = 0;
  std::set<std::string> conditions;
};

/// Steps of polynomial arithmetic.
constexpr double steps_per_microsecond = 5;

class Comparer {
 public:
  Comparer(const Problem& problem, const Budget& budget) : problem_(problem), budget_(budget), scalars_(problem) {}

  ScalarForm& scalars() { return scalars_; }

  Outcome compare(const std::vector<Expr>& left, const std::vector<Expr>& right, const std::vector<Hypothesis>& given) {
    Outcome all;
    all.equal = true;
    session_ = Session();
    std::vector<Assumption> assumptions;
    for (const Hypothesis& h : given) assumptions.insert(assumptions.end(), h.assumptions.begin(), h.assumptions.end());
    for (std::size_t i = 0; i < left.size() && all.equal; ++i) {
      if (same(left[i], right[i])) continue;
      try {
        compare_entry(left[i], right[i], assumptions, all);
      } catch (const BudgetExceeded& e) {
        all.equal = false;
        all.reason = e.what();
      }
      if (!all.equal && left.size() > 1) all.reason = "entry " + std::to_string(i + 1) + ": " + all.reason;
    }
    budget_.spend(static_cast<double>(Session().steps - session_.steps) / steps_per_microsecond);
    return all;
  }

 private:
  void compare_entry(const Expr& left, const Expr& right, const std::vector<Assumption>& given, Outcome& all) {
    given_count_ = given.size();
    std::vector<std::vector<Assumption>> cases{given};
    while (!cases.empty() && all.equal) {
      const std::vector<Assumption> assumptions = std::move(cases.back());
      cases.pop_back();
      if (++all.cases > most_cases || assumptions.size() > given.size() + deepest_case)
        throw BudgetExceeded("too many cases of signs have to be told apart");
      try {
        compare_case(left, right, assumptions, all);
      } catch (const Split& split) {
        for (const Signs part : split.parts) {
          cases.push_back(assumptions);
          cases.back().push_back({split.expression, part});
        }
      } catch (const Contradiction&) {
        // No point satisfies a case that cannot be; the hypotheses by themselves are somebody else's concern.
        if (assumptions.size() > given.size()) continue;
        all.equal = false;
        all.reason = "the hypotheses contradict each other";
      }
    }
  }

  void compare_case(const Expr& left, const Expr& right, const std::vector<Assumption>& assumptions, Outcome& all) {
    constexpr int most_attempts = 64;
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
      budget_.check();
      try {
        Normaliser normal(scalars_, problem_, session_, assumptions);
        const Form l = normal.value(left), r = normal.value(right);
        if (!l.fraction || !r.fraction) {
          // A case without values is outside of where both sides have one. That there are no other cases is not ours
          // to say, so without a distinction of cases nothing is claimed.
          if (assumptions.size() > given_count_) return;
          all.equal = false;
          all.reason = std::string("the ") + (l.fraction ? "right" : "left") + " side has no value anywhere";
          return;
        }
        const auto difference = normal.reduce(*l.fraction - *r.fraction);
        // A hypothesis may say what cannot be solved for an entry: A h - J h == 0.
        all.equal = difference && (difference->is_zero() || normal.signs(*difference) == Signs::zero);
        all.equal = all.equal || (given_count_ > 0 && have_equal_images(normal, left, right, *l.fraction, *r.fraction));
        if (!all.equal)
          all.reason =
              "left - right has the normal form " + (difference ? normal.describe(*difference) : "of a quotient by 0");
        all.conditions.insert(normal.conditions().begin(), normal.conditions().end());
        return;
      } catch (const Restart&) {
      } catch (const RingTooSmall&) {
        session_.capacity *= 2;
      }
    }
    throw BudgetExceeded("the normal form does not settle");
  }

  /// Whether left^n and right^n, or the exponentials, or the logarithms of the two are equal, and that says that the
  /// two are: numbers with equal even powers are where neither is negative, neither is positive, or their sum is not 0.
  bool have_equal_images(Normaliser& normal, const Expr& left, const Expr& right, const Fraction& l,
                         const Fraction& r) {
    const auto is_long = [&](const Fraction& f) {
      return fmpz_mpoly_length(f.num(), f.ring().context()) + fmpz_mpoly_length(f.den(), f.ring().context()) >
             longest_image;
    };
    if (is_long(l) || is_long(r)) return false;
    const auto vanishes = [&](const Fraction& f) {
      const auto reduced = normal.reduce(f);
      return reduced && (reduced->is_zero() || normal.signs(*reduced) == Signs::zero);
    };
    const Signs x = normal.signs(l), y = normal.signs(r);
    const auto both = [&](Signs s) { return within(x, s) && within(y, s); };
    const auto sum = normal.reduce(l + r);
    const bool of_one_sign =
        both(Signs::nonnegative) || both(Signs::nonpositive) || (sum && within(normal.signs(*sum), Signs::nonzero));
    Fraction left_power = l, right_power = r;
    for (int n = 2; n <= highest_image_power; ++n) {
      left_power = left_power * l;
      right_power = right_power * r;
      if ((n % 2 == 1 || of_one_sign) && vanishes(left_power - right_power)) return true;
    }
    const WorkspaceScope scope(scalars_.workspace());
    const auto image_vanishes = [&](const Expr& a, const Expr& b) {
      const Form u = normal.value(a), v = normal.value(b);
      return u.fraction && v.fraction && vanishes(*u.fraction - *v.fraction);
    };
    if (image_vanishes(nabla::exp(left), nabla::exp(right))) return true;
    return both(Signs::positive) && image_vanishes(nabla::log(left), nabla::log(right));
  }

  const Problem& problem_;
  const Budget& budget_;
  ScalarForm scalars_;
  Session session_;
  std::size_t given_count_ = 0;
};

struct Proof {
  Outcome outcome;
  std::vector<Hypothesis> used;
  std::size_t entries = 0;
};

Proof prove(const Problem& problem, const Expr& left, const Expr& right, const Budget& budget) {
  Proof proof;
  if (left.shape() != right.shape()) {
    proof.outcome.reason =
        "the sides have the shapes " + left.shape().to_string() + " and " + right.shape().to_string();
    return proof;
  }
  try {
    Comparer comparer(problem, budget);
    const std::vector<Expr> l = comparer.scalars().entries(left), r = comparer.scalars().entries(right);
    proof.entries = l.size();
    proof.outcome = comparer.compare(l, r, {});
    if (proof.outcome.equal) return proof;
    std::vector<Hypothesis> given = hypotheses_of(problem, comparer.scalars());
    if (given.empty()) return proof;
    proof.outcome = comparer.compare(l, r, given);
    if (!proof.outcome.equal) return proof;
    for (std::size_t k = given.size(); k-- > 0 && given.size() <= most_hypotheses_to_drop;) {
      std::vector<Hypothesis> fewer = given;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(k));
      if (Outcome o = comparer.compare(l, r, fewer); o.equal) {
        given = std::move(fewer);
        proof.outcome = std::move(o);
      }
    }
    proof.used = std::move(given);
  } catch (const NotHandled& e) {
    proof.outcome = Outcome();
    proof.outcome.reason = e.what();
  } catch (const std::length_error& e) {
    proof.outcome = Outcome();
    proof.outcome.reason = e.what();
  }
  return proof;
}

}  // namespace

Finding prove_identity(const Problem& problem, const Expr& left, const Expr& right, const Budget& budget) {
  const Proof proof = prove(problem, left, right, budget);
  Finding finding;
  finding.method = "exact normal form";
  if (!proof.outcome.equal) {
    finding.message = "no proof by normal form: " + proof.outcome.reason;
    return finding;
  }
  finding.verdict = Verdict::proved;
  nlohmann::json data{{"entries", proof.entries},
                      {"cases", proof.outcome.cases},
                      {"hypotheses", nlohmann::json::array()},
                      {"sets", nlohmann::json::array()},
                      {"conditions", proof.outcome.conditions}};
  for (const Hypothesis& h : proof.used) {
    finding.hypotheses.push_back(h.text);
    if (h.statement) data["hypotheses"].push_back(*h.statement);
    if (h.set) data["sets"].push_back(*h.set);
  }
  finding.certificates.push_back({"identity", data.dump()});
  return finding;
}

std::optional<Finding> decide_identity(const Problem& problem, const Statement& statement, const CheckOptions&,
                                       const Budget& budget) {
  if (statement.kind != Statement::Kind::relation || statement.comparisons[0] != Comparison::equal) return std::nullopt;
  return prove_identity(problem, statement.sides[0], statement.sides[1], budget);
}

bool certainly_equal(const Problem& problem, const Expr& a, const Expr& b, const Budget& budget) {
  return prove(problem, a, b, budget).outcome.equal;
}

}  // namespace nabla
