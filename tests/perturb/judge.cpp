#include "judge.hpp"

#include <algorithm>
#include <sstream>

#include "evaluate.hpp"
#include "predicates.hpp"

namespace perturb {

using nabla::SyntaxId;
using nabla::SyntaxKind;

namespace {

constexpr int most_choices = 8;
constexpr int points_per_choice = 20;

std::string show(const Mp& x) {
  std::ostringstream out;
  out.precision(12);
  out << x;
  return out.str();
}
std::string show(const Value& v) {
  if (v.is_scalar()) return show(v.at[0]);
  std::string text = "[";
  for (std::size_t i = 0; i < v.at.size(); ++i) text += (i ? ", " : "") + show(v.at[i]);
  return text + "]";
}

class Judge {
 public:
  Judge(const nabla::Claim& claim, Random& random) : claim_(claim), evaluator_(claim), random_(random) {}

  Judgement run() {
    try {
      for (const auto& choice : choices()) {
        evaluator_.variables.clear();
        for (const auto& [name, value] : choice) evaluator_.variables[name] = scalar(Mp(value));
        for (int k = 0; k < points_per_choice; ++k) {
          const Judgement j = at_point(k);
          if (j.kind != Judgement::Kind::not_known && j.kind != Judgement::Kind::seems_true) return j;
          if (j.kind == Judgement::Kind::seems_true) ++judged_;
        }
      }
    } catch (const IllTyped& error) {
      return {Judgement::Kind::ill_typed, error.what()};
    } catch (const NotKnown& error) {
      return {Judgement::Kind::not_known, error.what()};
    } catch (const Undefined& error) {
      return {Judgement::Kind::not_known, error.what()};
    }
    if (judged_ == 0) return {Judgement::Kind::not_known, "no point could be judged"};
    return {Judgement::Kind::seems_true, std::to_string(judged_) + " points"};
  }

 private:
  using Choice = std::vector<std::pair<std::string, long>>;

  std::vector<Choice> choices() {
    std::vector<Choice> all{{}};
    const nabla::Syntax& syntax = claim_.syntax;
    for (const auto& line : claim_.lines) {
      const auto* f = std::get_if<nabla::ForLine>(&line);
      if (f == nullptr) continue;
      for (const SyntaxId name : f->names) {
        std::vector<Choice> next;
        for (const Choice& choice : all) {
          evaluator_.variables.clear();
          for (const auto& [n, v] : choice) evaluator_.variables[n] = scalar(Mp(v));
          std::vector<long> values;
          for (const SyntaxId bound : f->bounds) values.push_back(evaluator_.integer(bound));
          if (f->values == nabla::ForLine::Values::at_least) values = {values[0], values[0] + 1, values[0] + 2};
          if (f->values == nabla::ForLine::Values::range) {
            std::vector<long> range;
            for (long v = values[0]; v <= values[1]; ++v) range.push_back(v);
            values = range;
          }
          for (const long v : values) {
            next.push_back(choice);
            next.back().emplace_back(syntax.spelling(name), v);
          }
        }
        all = std::move(next);
      }
    }
    std::shuffle(all.begin(), all.end(), random_);
    if (all.size() > most_choices) all.resize(most_choices);
    return all;
  }

  // ---- points ----

  Mp random_ratio(long most) {
    const long q = std::uniform_int_distribution<long>(1, 12)(random_);
    const long p = std::uniform_int_distribution<long>(-most * q, most * q)(random_);
    return Mp(p) / q;
  }

  /// A number of an interval or of a finite set; \param style  0, 1, 2: an end or special point, else inside
  Mp member(SyntaxId set, int style) {
    const nabla::Syntax& s = claim_.syntax;
    if (s.kind(set) == SyntaxKind::set_finite) {
      const auto elements = s.children(set);
      const auto k = std::uniform_int_distribution<std::size_t>(0, elements.size() - 1)(random_);
      return evaluator_.value(elements[k]).at[0];
    }
    std::optional<Mp> lower;
    std::optional<Mp> upper;
    bool below = false;
    bool above = false;
    if (s.kind(set) == SyntaxKind::set_interval) {
      lower = end_of(s.child(set, 0));
      upper = end_of(s.child(set, 1));
      below = s.closed_below(set) && lower;
      above = s.closed_above(set) && upper;
    } else if (s.kind(set) != SyntaxKind::set_reals) {
      throw NotKnown("the set " + std::string(s.text(set)));
    }
    if (style == 0 && below) return *lower;
    if (style == 1 && above) return *upper;
    Mp x;
    for (int attempt = 0; attempt < 100; ++attempt) {
      if (lower && upper)
        x = *lower + (*upper - *lower) * std::uniform_int_distribution<long>(1, 996)(random_) / 997;
      else if (lower)
        x = *lower + abs(random_ratio(4)) + Mp(1) / 97;
      else if (upper)
        x = *upper - abs(random_ratio(4)) - Mp(1) / 97;
      else
        x = random_ratio(style % 3 == 0 ? 9 : 3) + Mp(1) / 89;
      if (style == 2) x = floor(x);
      const bool in =
          (!lower || x > *lower || (below && x == *lower)) && (!upper || x < *upper || (above && x == *upper));
      if (in) return x;
      style = 3;
    }
    return x;
  }
  std::optional<Mp> end_of(SyntaxId id) {
    const nabla::Syntax& s = claim_.syntax;
    if (s.kind(id) == SyntaxKind::infinity) return std::nullopt;
    if (s.kind(id) == SyntaxKind::negate && s.kind(s.child(id, 0)) == SyntaxKind::infinity) return std::nullopt;
    return evaluator_.value(id).at[0];
  }

  Value sample(SyntaxId set, int style) {
    const nabla::Syntax& s = claim_.syntax;
    if (s.kind(set) != SyntaxKind::set_shaped) return scalar(member(set, style));
    const auto children = s.children(set);
    Shape shape;
    for (std::size_t k = 1; k < children.size(); ++k) shape.push_back(evaluator_.integer(children[k]));
    const SyntaxKind kind = s.kind(children[0]);
    Value v{shape, {}};
    switch (kind) {
      case SyntaxKind::set_simplex: {
        Mp total = 0;
        for (long i = 0; i < shape[0]; ++i) {
          v.at.push_back(Mp(std::uniform_int_distribution<long>(1, 30)(random_)));
          total += v.at.back();
        }
        for (Mp& x : v.at) x /= total;
        return v;
      }
      case SyntaxKind::set_onehot:
        v.at.assign(static_cast<std::size_t>(shape[0]), Mp(0));
        v.at[std::uniform_int_distribution<std::size_t>(0, v.at.size() - 1)(random_)] = 1;
        return v;
      case SyntaxKind::set_symmetric:
      case SyntaxKind::set_spd: {
        const long n = shape[0];
        v.shape = {n, n};
        v.at.assign(static_cast<std::size_t>(n * n), Mp(0));
        for (long i = 0; i < n; ++i)
          for (long j = 0; j <= i; ++j) {
            const Mp x = kind == SyntaxKind::set_spd ? (i == j ? Mp(5 * n) + random_ratio(2) : random_ratio(2))
                                                     : random_ratio(3);
            v.at[static_cast<std::size_t>(i * n + j)] = x;
            v.at[static_cast<std::size_t>(j * n + i)] = x;
          }
        return v;
      }
      default:
        for (std::size_t e = 0; e < size_of(shape); ++e) v.at.push_back(member(children[0], style));
        return v;
    }
  }

  void choose(int style) {
    for (const auto& line : claim_.lines)
      if (const auto* given = std::get_if<nabla::GivenLine>(&line))
        for (const SyntaxId name : given->names) {
          const std::string spelt(claim_.syntax.spelling(name));
          evaluator_.variables[spelt] = sample(given->set, style);
          sets_[spelt] = given->set;
        }
  }

  // ---- statements ----

  bool hypotheses_hold() {
    try {
      for (const auto& line : claim_.lines)
        if (const auto* assumed = std::get_if<nabla::AssumeLine>(&line))
          if (evaluator_.truth(assumed->condition) != Truth::holds) return false;
    } catch (const Undefined&) {
      return false;
    } catch (const Unclear&) {
      return false;
    }
    return true;
  }

  Judgement at_point(int style) {
    bool stated = false;
    for (int attempt = 0; attempt < 30 && !stated; ++attempt) {
      choose(attempt == 0 ? style : style + 3);
      stated = hypotheses_hold();
    }
    if (!stated) return {};
    Judgement seen{Judgement::Kind::not_known, {}};
    for (const auto& line : claim_.lines) {
      const auto* shown = std::get_if<nabla::ShowLine>(&line);
      if (shown == nullptr) continue;
      try {
        const Truth t = truth(shown->statement);
        if (t == Truth::fails) return {Judgement::Kind::is_false, point()};
        if (t == Truth::holds) seen.kind = Judgement::Kind::seems_true;
      } catch (const Unclear&) {
      } catch (const Undefined& error) {
        return {Judgement::Kind::undefined, std::string(error.what()) + " at " + point()};
      }
    }
    return seen;
  }

  std::string point() const {
    std::string text;
    for (const auto& [name, value] : evaluator_.variables)
      text += (text.empty() ? "" : ", ") + name + " = " + show(value);
    return text + extra_;
  }

  Truth truth(SyntaxId id) {
    const nabla::Syntax& s = claim_.syntax;
    if (s.kind(id) != SyntaxKind::call) return evaluator_.truth(id);
    const PredicateCall call(s, id);
    if (call.variable.empty()) return is_defined(evaluator_, call.subject) ? Truth::holds : Truth::fails;
    const Value kept = evaluator_.variables.at(call.variable);
    Truth all = Truth::holds;
    if (call.name == "differentiable") {
      for (int k = 0; k < 3 && all == Truth::holds; ++k) {
        Value x = sample(sets_.at(call.variable), k);
        if (x.is_scalar() && k == 2) x = special(sets_.at(call.variable), x);
        evaluator_.variables[call.variable] = x;
        if (!hypotheses_hold()) continue;
        all = std::min(all, differentiable_at(evaluator_, call, x));
        if (all == Truth::fails) extra_ = "; there " + show(x);
      }
      evaluator_.variables[call.variable] = kept;
      return all;
    }
    for (int k = 0; k < 6 && all == Truth::holds; ++k) {
      Value x = sample(sets_.at(call.variable), k);
      Value y = sample(sets_.at(call.variable), k == 0 ? 1 : 3);
      if (k >= 3) y = mixed(x, y, Mp(1) / 100);
      bool stated = true;
      for (const Value* v : {&x, &y}) {
        evaluator_.variables[call.variable] = *v;
        stated = stated && hypotheses_hold();
      }
      if (stated) all = std::min(all, at_pair(evaluator_, call, x, y));
      if (all == Truth::fails) extra_ = "; the pair " + show(x) + ", " + show(y);
      evaluator_.variables[call.variable] = kept;
    }
    return all;
  }

  /// A number of the set that stands in the claim, or half of one: where kinks are.
  Value special(SyntaxId set, const Value& other) {
    std::vector<Mp> found;
    for (const auto& line : claim_.lines)
      if (const auto* shown = std::get_if<nabla::ShowLine>(&line)) literals(shown->statement, found);
    const Value x =
        scalar(found.empty() ? Mp(0) : found[std::uniform_int_distribution<std::size_t>(0, found.size() - 1)(random_)]);
    return contains(set, x.at[0]) ? x : other;
  }
  void literals(SyntaxId id, std::vector<Mp>& found) {
    const nabla::Syntax& s = claim_.syntax;
    const bool quotient = s.kind(id) == SyntaxKind::binary && s.kind(s.child(id, 0)) == SyntaxKind::number &&
                          s.kind(s.child(id, 1)) == SyntaxKind::number;
    if (s.kind(id) == SyntaxKind::number || quotient) {
      const Mp x = evaluator_.value(id).at[0];
      found.insert(found.end(), {x, Mp(-x), Mp(0)});
    }
    if (!quotient)
      for (const SyntaxId child : s.children(id)) literals(child, found);
  }
  bool contains(SyntaxId set, const Mp& x) {
    const nabla::Syntax& s = claim_.syntax;
    if (s.kind(set) == SyntaxKind::set_reals) return true;
    if (s.kind(set) != SyntaxKind::set_interval) return false;
    const auto lower = end_of(s.child(set, 0)), upper = end_of(s.child(set, 1));
    return (!lower || x > *lower || (s.closed_below(set) && x == *lower)) &&
           (!upper || x < *upper || (s.closed_above(set) && x == *upper));
  }

  const nabla::Claim& claim_;
  Evaluator evaluator_;
  Random& random_;
  std::map<std::string, SyntaxId, std::less<>> sets_;
  std::string extra_;
  int judged_ = 0;
};

}  // namespace

Judgement judge(const nabla::Claim& claim, Random& random) { return Judge(claim, random).run(); }

}  // namespace perturb
