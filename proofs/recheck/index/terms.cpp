#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/cases.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/numbers.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>
#include <nabla/proofs/recheck/index/terms.hpp>
#include <nlohmann/json.hpp>

namespace nabla::reindex {

namespace {

using TermData = nlohmann::ordered_json;

class Following {
 public:
  Following(World& world, const std::vector<int>& axes) : world_(world) {
    for (std::size_t k = 0; k < axes.size(); ++k) names_["@" + std::to_string(k)] = axes[k];
    for (std::size_t s = 0; s < world.ranges.rows.size(); ++s)
      if (world.declared.contains(static_cast<int>(s))) names_[world.ranges.rows[s].name] = static_cast<int>(s);
  }

  /// Of the inequality as it is stated.
  bool run(const Tree& t, bool is_strict, const TermData& data) {
    if (!has_condition(t)) know_roots(t);
    return follow(t, is_strict, data);
  }

 private:
  bool follow(const Tree& t, bool is_strict, const TermData& data) {
    if (data.contains("largest"))
      for (const TermData& one : data.at("largest")) name_largest(one);
    if (data.at("goal") == "cases") {
      const Tree a = form(data.at("a"));
      const Tree then = form(data.at("cases").at(0).at("of")), other = form(data.at("cases").at(1).at("of"));
      Node n;
      n.kind = Kind::positive;
      n.args = {a};
      const Tree holds = make_node(std::move(n));
      const Tree both = make_add({make_mul({holds, then}), make_mul({minus(make_number(1), holds), other})});
      return is_defined(a) && vanishes(minus(t, both)) && follow(then, is_strict, data.at("cases").at(0)) &&
             follow(other, is_strict, data.at("cases").at(1));
    }
    if (data.at("goal") == "entries") return follow_entries(t, is_strict, data);
    Tree goal = t;
    const std::string kind = data.at("goal");
    if (kind == "exponential") {
      const Rational scale(data.at("scale").get<std::string>());
      if (scale.is_zero()) return false;
      goal = minus(make_call(opcode<Exp>, {make_mul({make_number(scale), t})}), make_number(1));
      if (scale < 0) goal = negated(goal);
    } else if (kind == "squares") {
      const Tree a = form(data.at("a")), b = data.contains("b") ? form(data.at("b")) : make_number(0);
      if (!is_defined(a) || !is_nonnegative_together(world_, a) || !vanishes(minus(t, minus(a, b)))) return false;
      goal = minus(make_power(a, 2), make_power(b, 2));
    } else if (kind == "logarithm") {
      const Tree a = form(data.at("a")), b = form(data.at("b"));
      if (!is_defined(a) || !is_defined(b) || !is_positive(a) || !is_positive(b) || !vanishes(minus(t, minus(a, b))))
        return false;
      goal = minus(logarithm(a), logarithm(b));
    } else if (kind == "multiplied") {
      const Tree a = form(data.at("a"));
      if (!is_defined(a) || !is_positive(a)) return false;
      goal = make_mul({a, t});
    } else if (kind != "difference") {
      return false;
    }
    if (data.contains("inner")) return follow(goal, is_strict, data.at("inner"));
    std::vector<Tree> all;
    bool strict = false;
    for (const TermData& one : data.at("terms")) {
      const Rational times(one.at("times").get<std::string>());
      if (times <= 0) return false;
      const auto shown = term(one);
      if (!shown) return false;
      all.push_back(make_mul({make_number(times), shown->first}));
      strict = strict || shown->second;
    }
    if (is_strict && !strict) return false;
    return vanishes(minus(goal, make_add(std::move(all))));
  }

  /// t is a function of entries, or the sum of one over an index, that has the sign for all numbers in their place.
  bool follow_entries(const Tree& t, bool is_strict, const TermData& data) {
    const auto scope = names_;
    const std::vector<Bound> over = bounds(data.at("over"));
    const Tree body = form(data.at("of"));
    Tree whole = body;
    for (std::size_t k = over.size(); k-- > 0;) {
      const Lin count = plus(over[k].hi, over[k].lo, -1);
      if (!world_.ranges.at_least_zero(is_strict ? count : plus(count, Lin::number(1)))) return false;
      whole = make_sum(over[k], whole);
    }
    std::vector<Tree> numbers;
    for (const TermData& n : data.at("numbers")) numbers.push_back(form(n));
    names_ = scope;
    return is_defined(body) && vanishes(minus(t, whole)) &&
           replay_of_numbers(world_, body, numbers, is_strict, data.at("proof"));
  }

  Signs signs(const Tree& t) { return signs_of(world_, t); }
  bool vanishes(const Tree& t) { return reindex::vanishes(world_, t); }
  /// The logarithm of what is positive, of factors that are positive one by one.
  Tree logarithm(const Tree& t) {
    const Level deeper;
    if (t->kind == Kind::call && t->code == opcode<Exp>) return t->args[0];
    if (t->kind == Kind::power && is_positive(t->args[0]))
      return make_mul({make_number(t->exponent), logarithm(t->args[0])});
    if (t->kind == Kind::mul && std::ranges::all_of(t->args, [&](const Tree& a) { return is_positive(a); })) {
      std::vector<Tree> parts;
      for (const Tree& a : t->args) parts.push_back(logarithm(a));
      return make_add(std::move(parts));
    }
    return is_number(t, 1) ? make_number(0) : make_call(opcode<Log>, {t});
  }
  /// Of the entries that are known to be largest the one that the certificate speaks of.
  void name_largest(const TermData& data) {
    for (const Fact& f : world_.facts) {
      if (f.pattern.size() != 1) continue;
      for (std::size_t s = 0; s < world_.ranges.rows.size(); ++s) {
        if (world_.ranges.rows[s].name != " largest" || !mentions(f.value, static_cast<int>(s))) continue;
        auto names = names_;
        names_[data.at("name")] = static_cast<int>(s);
        names_[data.at("other")] = f.pattern[0];
        if (vanishes(minus(f.value, form(data.at("gap"))))) return;
        names_ = std::move(names);
      }
    }
  }
  bool is_positive(const Tree& t) { return signs(t) == 4; }
  bool is_nonnegative(const Tree& t) { return is_nonnegative_by_cases(world_, t); }

  /// The term, and whether it is positive. Nothing where the lemma does not give it.
  std::optional<std::pair<Tree, bool>> term(const TermData& data) {
    const auto scope = names_;
    std::vector<Bound> over = data.contains("over") ? bounds(data.at("over")) : std::vector<Bound>();
    bool has_terms = true;
    for (const Bound& b : over) {
      const Lin count = plus(b.hi, b.lo, -1);
      if (!world_.ranges.at_least_zero(plus(count, Lin::number(1)))) return std::nullopt;
      has_terms = has_terms && world_.ranges.at_least_zero(count);
    }
    const Tree factor = form(data.at("factor"));
    if (!is_defined(factor) || !is_nonnegative(factor)) return std::nullopt;
    std::vector<Bound> inside = data.contains("inside") ? bounds(data.at("inside")) : std::vector<Bound>();
    std::vector<Tree> of;
    if (data.contains("of"))
      for (const TermData& p : data.at("of")) {
        of.push_back(form(p));
        if (!is_defined(of.back())) return std::nullopt;
      }
    const std::string lemma = data.at("lemma");
    Tree body;
    bool strict = false;
    const auto exp = [](const Tree& x) { return make_call(opcode<Exp>, {x}); };
    if (lemma == "sign" && of.empty()) {
      body = make_number(1);
      strict = is_positive(factor) && has_terms;
    } else if (lemma == "product" && of.size() == 1) {
      if (!is_nonnegative(of[0])) return std::nullopt;
      body = of[0];
      strict = is_positive(factor) && is_positive(of[0]) && has_terms;
    } else if ((lemma == "up" || lemma == "down") && of.size() == 1) {
      body = make_call(opcode<Relu>, {of[0]});
      if (lemma == "down") body = minus(body, of[0]);
    } else if (lemma == "square" && of.size() == 2) {
      body = make_power(minus(of[0], of[1]), 2);
    } else if (lemma == "exp" && of.size() == 1) {
      body = make_add({exp(of[0]), make_number(-1), negated(of[0])});
    } else if (lemma == "fall" && of.size() == 1) {
      if (!is_nonnegative(of[0])) return std::nullopt;
      body = minus(make_number(1), exp(negated(of[0])));
    } else if (lemma == "log") {
      std::vector<Tree> ratio, logs;
      const auto powers = data.at("powers").get<std::vector<std::int64_t>>();
      if (powers.size() != of.size() || powers.empty()) return std::nullopt;
      for (std::size_t k = 0; k < of.size(); ++k) {
        if (!is_positive(of[k])) return std::nullopt;
        ratio.push_back(make_power(of[k], powers[k]));
        logs.push_back(make_mul({make_number(-powers[k]), logarithm(of[k])}));
      }
      logs.push_back(make_mul(std::move(ratio)));
      logs.push_back(make_number(-1));
      body = make_add(std::move(logs));
    } else if (lemma == "power" && of.size() == 2) {
      const auto powers = data.at("powers").get<std::vector<std::int64_t>>();
      if (powers.size() != 1 || powers[0] < 2 || powers[0] > 64) return std::nullopt;
      const std::int64_t m = powers[0];
      if (!is_nonnegative(of[0]) || !is_nonnegative(of[1])) return std::nullopt;
      body = make_add({make_power(of[0], m), make_mul({make_number(-m), make_power(of[1], m - 1), of[0]}),
                       make_mul({make_number(m - 1), make_power(of[1], m)})});
    } else if (lemma == "mean" && of.size() == 2) {
      if (!is_nonnegative(of[0]) || !is_nonnegative(of[1])) return std::nullopt;
      body = minus(make_mul({make_number(Rational(1) / 2), make_add({of[0], of[1]})}),
                   make_call(opcode<Sqrt>, {make_mul({of[0], of[1]})}));
    } else if (lemma == "rest" && of.size() == 1 && inside.size() == 1) {
      const Bound& k = inside[0];
      const Lin at = affine(data.at("at"));
      if (!is_nonnegative(of[0]) || !world_.ranges.at_least_zero(plus(at, k.lo, -1)) ||
          !world_.ranges.at_least_zero(plus(k.hi, at, -1)))
        return std::nullopt;
      body = minus(make_sum(k, of[0]), renamed(of[0], {{k.symbol, at}}));
    } else if (lemma == "logsumexp" && of.size() == 2 && inside.size() == 1) {
      const Bound& k = inside[0];
      if (!world_.ranges.at_least_zero(plus(k.hi, k.lo, -1))) return std::nullopt;
      const Tree count = make_lin(plus(plus(k.hi, k.lo, -1), Lin::number(1)));
      const auto log_sum = [&](const Tree& x) {
        const Tree total = make_sum(k, exp(x));
        if (mentions(x, k.symbol))
          return vanishes(minus(total, make_number(1))) ? make_number(0) : make_call(opcode<Log>, {total});
        return make_add({x, make_call(opcode<Log>, {count})});
      };
      const Tree slope =
          make_mul({make_sum(k, make_mul({exp(of[1]), minus(of[0], of[1])})), make_power(make_sum(k, exp(of[1])), -1)});
      body = make_add({log_sum(of[0]), negated(log_sum(of[1])), negated(slope)});
    } else {
      return std::nullopt;
    }
    Tree whole = make_mul({factor, body});
    for (std::size_t k = over.size(); k-- > 0;) whole = make_sum(over[k], whole);
    names_ = scope;
    return std::pair{whole, strict};
  }

  static bool has_condition(const Tree& t) {
    const Level deeper;
    return t->kind == Kind::positive || t->kind == Kind::equal || t->kind == Kind::at_least ||
           std::ranges::any_of(t->args, [](const Tree& a) { return has_condition(a); });
  }
  /// Roots of the inequality itself are defined wherever its sides are, which is shown apart.
  void know_roots(const Tree& t) {
    const Level deeper;
    if (t->kind == Kind::call && t->code == opcode<Sqrt>) {
      bool is_opposite = false;
      const std::string name = Polynomials(world_).name_of(t->args[0], is_opposite);
      roots_.emplace(name, is_opposite);
    }
    for (const Tree& a : t->args) know_roots(a);
  }
  bool is_own_root(const Tree& operand) {
    bool is_opposite = false;
    const std::string name = Polynomials(world_).name_of(operand, is_opposite);
    return roots_.contains({name, is_opposite});
  }

  /// Of an operator of one number that is defined everywhere.
  bool is_total(const Tree& call) {
    if (call->args.size() != 1) return false;
    const std::span<const Expr> names = world_.names(1);
    const WorkspaceScope scope(world_.workspace);
    return domain_condition(static_cast<Opcode>(call->code), {}, names).empty();
  }

  /// No denominator is 0 and no logarithm or root outside of its domain, anywhere.
  bool is_defined(const Tree& t) {
    const Level deeper;
    if (t->kind == Kind::power && t->exponent < 0 && (signs(t->args[0]) & 2U) != 0) return false;
    if (t->kind == Kind::call) {
      const Signs s = signs(t->args[0]);
      if (t->code == opcode<Log> && s != 4) return false;
      if (t->code == opcode<Sqrt> && (s & 1U) != 0 && !is_own_root(t->args[0])) return false;
      if (t->code != opcode<Log> && t->code != opcode<Sqrt> && t->code != opcode<Exp> && !is_total(t)) return false;
    }
    return std::ranges::all_of(t->args, [&](const Tree& a) { return is_defined(a); });
  }

  // ---- forms ----

  Lin affine(const TermData& data) {
    Lin r = Lin::number(data.at(0).get<std::int64_t>());
    for (std::size_t k = 1; k < data.size(); ++k)
      r = plus(r, Lin::name(names_.at(data[k].at(0).get<std::string>())), data[k].at(1).get<std::int64_t>());
    return r;
  }

  std::vector<Bound> bounds(const TermData& data) {
    std::vector<Bound> r;
    for (const TermData& b : data) {
      const Lin lo = affine(b.at(1)), hi = affine(b.at(2));
      const int k = world_.ranges.make("k", lo, hi);
      names_[b.at(0).get<std::string>()] = k;
      r.push_back({k, lo, hi});
    }
    return r;
  }

  Tree factor_of(const TermData& data) {
    if (data.contains("entry")) {
      const std::string name = data.at("entry");
      std::vector<Lin> at;
      for (const TermData& a : data.at("at")) at.push_back(affine(a));
      const auto array = std::ranges::find_if(world_.arrays, [&](const Array& a) { return a.name == name; });
      if (name.empty() || array == world_.arrays.end() || array->extents.size() != at.size())
        throw NotHandled("an array that the claim does not have");
      for (std::size_t k = 0; k < at.size(); ++k)
        if (!world_.ranges.at_least_zero(plus(at[k], Lin::number(1), -1)) ||
            !world_.ranges.at_least_zero(plus(array->extents[k], at[k], -1)))
          throw NotHandled("a subscript that may be out of range");
      return make_entry(static_cast<int>(array - world_.arrays.begin()), std::move(at));
    }
    if (data.contains("index")) return make_lin(affine(data.at("index")));
    if (data.contains("positive")) {
      Node n;
      n.kind = Kind::positive;
      n.args = {form(data.at("positive"))};
      return make_node(std::move(n));
    }
    if (data.contains("exp")) return make_call(opcode<Exp>, {form(data.at("exp"))});
    if (data.contains("inverse")) return make_power(form(data.at("inverse")), -1);
    if (data.contains("call")) {
      const int code = find_operator(data.at("call").get<std::string>());
      if (code < 0 || operator_info(static_cast<Opcode>(code)).family != Family::elementwise ||
          operator_info(static_cast<Opcode>(code)).arity != 1)
        throw NotHandled("an operator that terms do not have");
      return make_call(static_cast<Opcode>(code), {form(data.at("of"))});
    }
    const auto scope = names_;
    std::vector<Bound> over = bounds(data.at("sum"));
    for (const Bound& b : over)
      if (!world_.ranges.at_least_zero(plus(plus(b.hi, b.lo, -1), Lin::number(1))))
        throw NotHandled("a range that may run backwards");
    Tree body = form(data.at("of"));
    for (std::size_t k = over.size(); k-- > 0;) body = make_sum(over[k], body);
    names_ = scope;
    return body;
  }

  Tree form(const TermData& data) {
    const Level deeper;
    std::vector<Tree> sum;
    for (const TermData& term : data) {
      std::vector<Tree> product{make_number(Rational(term.at(0).get<std::string>()))};
      for (std::size_t k = 1; k < term.size(); ++k)
        product.push_back(make_power(factor_of(term[k].at(0)), term[k].at(1).get<std::int64_t>()));
      sum.push_back(make_mul(std::move(product)));
    }
    return make_add(std::move(sum));
  }

  World& world_;
  std::map<std::string, int> names_;
  std::set<std::pair<std::string, bool>> roots_;
};

}  // namespace

bool follows_from_terms(World& world, const Tree& t, bool is_strict, const std::vector<int>& axes,
                        const nlohmann::ordered_json& certificate) {
  return Following(world, axes).run(t, is_strict, certificate);
}

}  // namespace nabla::reindex
