#include <nabla/proofs/check/inequality/prover.hpp>

// Products that are seen as long as functions are taken for variables: (x - y)^2 - (tanh(x) - tanh(y))^2 is the product
// of (x - y) - (tanh(x) - tanh(y)) and (x - y) + (tanh(x) - tanh(y)), of which nothing is left once tanh is written
// out.

namespace nabla::inequality {

namespace {

constexpr int deepest_product = 6;
constexpr std::size_t most_functions = 8;
constexpr std::size_t most_moving = 4;

struct WrittenFactor {
  Expr value;
  std::int64_t power = 1;
};

struct WrittenProduct {
  std::string constant;
  int sign = 0;
  std::vector<WrittenFactor> factors;
};

bool is_arithmetic(Opcode code) {
  return code == opcode<Add> || code == opcode<Sub> || code == opcode<Neg> || code == opcode<Mul> ||
         code == opcode<Div> || code == opcode<PowI>;
}

/// The outermost functions of g, those that stand in no other.
std::vector<NodeId> outermost_functions(const Expr& g) {
  const Graph& graph = g.graph();
  std::vector<bool> reached(g.ref().id() + 1, false);
  reached[g.ref().id()] = true;
  std::vector<NodeId> found;
  for (NodeId id = g.ref().id() + 1; id-- > 0;) {
    if (!reached[id] || graph.info(id).family == Family::leaf) continue;
    if (!is_arithmetic(graph.code(id))) {
      found.push_back(id);
      continue;
    }
    for (const Ref r : graph.operands(id))
      if (r.is_node()) reached[r.id()] = true;
  }
  return found;
}

/// Nothing where g has no functions, or is no product but of itself.
std::optional<WrittenProduct> product_as_written(const Problem& region, const Expr& g) {
  if (!g.ref().is_node()) return std::nullopt;
  const std::vector<NodeId> functions = outermost_functions(g);
  if (functions.empty() || functions.size() > most_functions) return std::nullopt;
  const WorkspaceScope scope(region.workspace);
  Problem plain = region;
  plain.hypotheses.clear();
  std::map<NodeId, Expr> names, meanings;
  for (const NodeId id : functions) {
    Given name;
    // No claim has such a name, and neither has another variable of the workspace.
    name.name = " function" + std::to_string(region.workspace->graph().size());
    name.variable = variable(name.name);
    names.emplace(id, name.variable);
    meanings.emplace(name.variable.ref().id(), Expr(region.workspace, Ref::node(id)));
    plain.givens.push_back(std::move(name));
  }
  std::optional<WrittenProduct> product;
  try {
    use_normal_form(plain, substituted(g, names),
                    [&](ScalarForm&, normal_form::Normaliser& normal, const normal_form::Fraction& f) {
                      if (!f.is_polynomial() || f.is_zero()) return;
                      const auto factors = factor(f);
                      WrittenProduct made{factors.constant.constant_text(), factors.constant.constant_sign(), {}};
                      for (const auto& [p, e] : factors.powers)
                        made.factors.push_back({transplant(normal.expression(p), region.workspace), e});
                      product = std::move(made);
                    });
  } catch (const normal_form::Split&) {
  } catch (const normal_form::Contradiction&) {
  } catch (const normal_form::BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  if (!product || product->sign == 0) return std::nullopt;
  if (product->factors.empty() || (product->factors.size() == 1 && product->factors[0].power == 1)) return std::nullopt;
  for (WrittenFactor& f : product->factors) f.value = substituted(f.value, meanings);
  return product;
}

}  // namespace

/// A product whose factors have one sign each, everywhere or on either side of the equality of two variables.
Proof Prover::by_written_product(const Problem& region, const Expr& g, bool strict, int depth) {
  const std::set<NodeId> among = variables_of(g);
  if (depth > deepest_product || among.size() > most_moving) return std::nullopt;
  const auto product = product_as_written(region, g);
  if (!product) return std::nullopt;
  spend(500);
  const WorkspaceScope scope(region.workspace);
  // The sign of each factor over a part of the region, as samples have it; nothing where g is seen to be negative.
  const auto signs_over = [&](const Problem& part) -> std::optional<std::vector<int>> {
    int sign = product->sign;
    std::vector<int> signs;
    for (const WrittenFactor& f : product->factors) {
      if (f.power % 2 == 0) {
        if (strict || f.power < 0) return std::nullopt;
        signs.push_back(0);
        continue;
      }
      signs.push_back(!seen_to_fail(part, f.value) ? 1 : !seen_to_fail(part, -f.value) ? -1 : 0);
      if (signs.back() == 0 || f.power < 0) return std::nullopt;
      sign *= signs.back();
    }
    return sign > 0 ? std::optional(signs) : std::nullopt;
  };
  const auto shown_over = [&](const Problem& part, const std::vector<int>& signs) -> Proof {
    Json list = Json::array();
    for (std::size_t k = 0; k < signs.size(); ++k) {
      const WrittenFactor& f = product->factors[k];
      Json made{{"value", encoded(region, f.value)}, {"power", f.power}};
      if (signs[k] != 0) {
        auto p = prove(part, signs[k] > 0 ? f.value : -f.value, strict, depth + 1);
        if (!p) return std::nullopt;
        made["sign"] = signs[k] > 0 ? "up" : "down";
        made["proof"] = std::move(*p);
      }
      list.push_back(std::move(made));
    }
    return Json{{"rule", "sum"}, {"terms", Json::array({Json{{"constant", product->constant}, {"factors", list}}})}};
  };
  if (const auto signs = signs_over(region)) return shown_over(region, *signs);
  std::vector<Expr> x;
  for (const NodeId v : among) x.emplace_back(region.workspace, Ref::node(v));
  std::vector<Expr> borders;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = i + 1; j < x.size(); ++j) borders.push_back(x[i] - x[j]);
  borders.insert(borders.end(), x.begin(), x.end());
  for (const Expr& e : borders) {
    std::vector<std::pair<Problem, std::vector<int>>> parts;
    for (const bool up : {true, false}) {
      Problem part = region;
      Statement h;
      h.sides = {e, Expr(0)};
      h.comparisons = {up ? Comparison::greater_equal : Comparison::less_equal};
      part.hypotheses.push_back(std::move(h));
      if (auto signs = signs_over(part)) parts.emplace_back(std::move(part), std::move(*signs));
    }
    if (parts.size() != 2) continue;
    Json list = Json::array();
    for (const auto& [part, signs] : parts) {
      auto p = shown_over(part, signs);
      if (!p) break;
      list.push_back(Json{{"sign", list.empty() ? "nonnegative" : "nonpositive"}, {"proof", std::move(*p)}});
    }
    if (list.size() == 2) return Json{{"rule", "cases"}, {"of", encoded(region, e)}, {"parts", list}};
  }
  return std::nullopt;
}

}  // namespace nabla::inequality
