#include <algorithm>
#include <deque>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/curvature/definite_matrices.hpp>
#include <nabla/proofs/check/matrix/matrix_identity.hpp>
#include <nabla/proofs/check/matrix/rewriting.hpp>
#include <nlohmann/json.hpp>
#include <set>

namespace nabla {

namespace {

using namespace matrix;
using Json = nlohmann::ordered_json;

constexpr std::size_t most_factors_of_a_difference = 4;
constexpr std::size_t most_differences = 400;
constexpr std::size_t most_terms_of_a_difference = 80;

/// By what a difference is multiplied.
struct Factor {
  std::size_t inverse = 0;  ///< which
  bool left = true, turned = false;
};

/// Looks for factors after which nothing is left.
class Search {
 public:
  Search(Reading& reading, std::int64_t rows, std::int64_t columns, const Budget& budget)
      : reading_(reading), rows_(rows), columns_(columns), budget_(budget) {}

  /// What was left before the extents in it were given their values.
  const Words& left() const { return left_; }

  std::optional<std::vector<Factor>> run(const Words& difference, Order order) {
    Rewriting rewriting(reading_, order, budget_);
    std::deque<State> open{{rewriting.reduced(difference), {}}};
    std::set<Words> seen{open[0].sum};
    if (vanishes(open[0].sum)) return std::vector<Factor>{};
    while (!open.empty()) {
      const State now = std::move(open.front());
      open.pop_front();
      if (now.factors.size() >= most_factors_of_a_difference) continue;
      for (const Factor& f : factors_for(now.sum)) {
        budget_.check();
        State next;
        try {
          next = {rewriting.reduced(multiplied(now.sum, f)), now.factors};
        } catch (const NotHandled&) {  // it grows
          continue;
        }
        next.factors.push_back(f);
        if (vanishes(next.sum)) return next.factors;
        if (next.sum.terms().size() > most_terms_of_a_difference || !seen.insert(next.sum).second) continue;
        if (seen.size() > most_differences) return std::nullopt;
        open.push_back(std::move(next));
      }
    }
    return std::nullopt;
  }

 private:
  struct State {
    Words sum;
    std::vector<Factor> factors;
  };

  bool vanishes(const Words& sum) {
    Words with_values;
    for (const auto& [w, s] : sum.terms())
      for (const auto& [m, c] : s.terms()) {
        Rational value = c;
        Monomial rest;
        for (const auto& [id, e] : m) {
          const Atom& atom = reading_.atoms()[id];
          if (atom.kind != Atom::Kind::extent)
            rest.emplace_back(id, e);
          else
            value *= Number<Rational>::powi(Rational(atom.extent), e);
        }
        with_values.add(w, Scalar::of(std::move(rest), value));
      }
    if (!with_values.is_zero()) return false;
    left_ = sum;
    return true;
  }

  std::vector<Factor> factors_for(const Words&) const {
    std::vector<Factor> factors;
    for (std::size_t k = 0; k < reading_.inverses().size(); ++k) {
      const Inverse& i = reading_.inverses()[k];
      if (!i.exists) continue;
      const std::int64_t n = reading_.atoms().extents(i.letter).first;
      const bool is_symmetric = reading_.atoms().turned(i.of) == i.of;
      for (const bool turned : {false, true}) {
        if (turned && is_symmetric) continue;
        if (n == rows_) factors.push_back({k, true, turned});
        if (n == columns_) factors.push_back({k, false, turned});
      }
    }
    return factors;
  }

  Words multiplied(const Words& sum, const Factor& f) const {
    const Words& of = reading_.inverses()[f.inverse].of;
    const Words by = f.turned ? reading_.atoms().turned(of) : of;
    return f.left ? reading_.atoms().product(by, sum) : reading_.atoms().product(sum, by);
  }

  Reading& reading_;
  std::int64_t rows_, columns_;  // of the difference; 0: no factor has as many
  const Budget& budget_;
  Words left_;
};

bool reads_matrices(const Problem& problem, const Statement& s) {
  const Graph& graph = problem.workspace->graph();
  std::vector<Ref> read;
  for (const Expr& e : s.sides) read.push_back(e.ref());
  const std::vector<bool> needed = reachable(graph, read);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && graph.shape(id).rank() == 2) return true;
  return false;
}

Json json_of(const std::vector<Factor>& factors, const Reading& reading) {
  // By their nodes, whatever the order in which they were read.
  std::vector<NodeId> nodes;
  for (const Inverse& i : reading.inverses())
    if (i.exists) nodes.push_back(i.letter.of);
  std::ranges::sort(nodes);
  Json list = Json::array();
  for (const Factor& f : factors) {
    const auto at = std::ranges::find(nodes, reading.inverses()[f.inverse].letter.of) - nodes.begin();
    list.push_back({{"side", f.left ? "left" : "right"}, {"inverted", at}, {"turned", f.turned}});
  }
  return list;
}

/// Whether everything that is read is defined, and what is differentiated smooth, by an argument for every dimension.
bool is_defined_in_every_dimension(const Problem& problem, const Statement& s) {
  const Graph& graph = problem.workspace->graph();
  std::vector<Ref> read, differentiated;
  for (const Derivative& d : problem.derivatives) differentiated.push_back(d.of.ref());
  const std::vector<bool> smooth = reachable(graph, differentiated);
  for (NodeId id = 0; id < smooth.size(); ++id)
    if (smooth[id] && (!graph.info(id).facts.kinks.empty() || graph.info(id).facts.regularity != Regularity::smooth))
      return false;
  for (const Expr& e : s.sides) read.push_back(e.ref());
  for (const Expr& e : problem.must_be_defined) read.push_back(e.ref());
  read.insert(read.end(), differentiated.begin(), differentiated.end());
  for (const Statement& h : problem.hypotheses)  // what ranges look at, too
    for (const Expr& e : h.sides) read.push_back(e.ref());
  using curvature::Ranges;
  const std::vector<bool> all = reachable(graph, read);
  for (NodeId id = 0; id < all.size(); ++id)
    if (all[id] && graph.is(id, opcode<Cholesky>)) return false;  // an inverse is not enough
  std::vector<NodeId> invertible, forms;
  {
    const Ranges ranges(problem, read, Ranges::Mode::all_dimensions);
    const curvature::DefiniteMatrices matrices(problem, read, ranges);
    invertible = matrices.invertible();
    forms = matrices.nonnegative_forms();
  }
  Problem more = problem;
  for (const NodeId form : forms) {
    Statement at_least_zero;
    at_least_zero.sides = {Expr(problem.workspace, Ref::node(form)), Expr(0)};
    at_least_zero.comparisons = {Comparison::greater_equal};
    more.hypotheses.push_back(std::move(at_least_zero));
  }
  return Ranges(more, read, Ranges::Mode::all_dimensions, invertible).all_defined();
}

/// Whether no determinant is taken of what depends on another one.
bool nests_determinants(const Problem& problem, const Statement& s) {
  const Graph& graph = problem.workspace->graph();
  std::vector<Ref> read;
  for (const Expr& e : s.sides) read.push_back(e.ref());
  const std::vector<bool> needed = reachable(graph, read);
  std::vector<bool> depends(needed.size(), false);
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    bool inside = false;
    for (const Ref r : graph.operands(id)) inside = inside || (r.is_node() && depends[r.id()]);
    const bool is_determinant = graph.is(id, opcode<Det>) || graph.is(id, opcode<Cofactor>);
    if (is_determinant && inside) return true;
    depends[id] = inside || is_determinant;
  }
  return false;
}

/// c + c_1 e_1 + ... in extents.
bool is_affine_in_extents(const Reading& reading, const Words& sum) {
  return std::ranges::all_of(sum.terms(), [&](const auto& term) {
    return term.first.empty() && std::ranges::all_of(term.second.terms(), [&](const auto& part) {
             const Monomial& m = part.first;
             return m.empty() ||
                    (m.size() == 1 && m[0].second == 1 && reading.atoms()[m[0].first].kind == Atom::Kind::extent);
           });
  });
}

bool is_single_term(const Fraction& f) {
  return f.den.is_one() && f.num.terms().size() == 1 && f.num.terms().begin()->first.empty() &&
         f.num.terms().begin()->second.is_monomial();
}

bool has_extents(const Reading& reading, const Fraction& f) {
  return std::ranges::any_of(f.num.terms().begin()->second.terms().begin()->first, [&](const auto& factor) {
    return reading.atoms()[factor.first].kind == Atom::Kind::extent;
  });
}

}  // namespace

std::optional<Finding> decide_matrix_identity(const Problem& problem, const Statement& statement, const CheckOptions&,
                                              const Budget& budget) {
  if (statement.kind != Statement::Kind::relation || statement.comparisons.size() != 1 ||
      statement.comparisons[0] != Comparison::equal || problem.functions != FunctionTreatment::none)
    return std::nullopt;
  const Shape& shape = statement.sides[0].shape();
  if (shape.rank() > 2 || shape != statement.sides[1].shape() || !reads_matrices(problem, statement))
    return std::nullopt;
  const WorkspaceScope scope(problem.workspace);
  Reading reading(problem, statement.sides);
  const Fraction left = reading.of(statement.sides[0]), right = reading.of(statement.sides[1]);
  Words difference;
  difference.add(left.num, right.den);
  difference.add(right.num, left.den * Scalar(-1));
  const std::int64_t rows = shape.rank() == 0 ? 0 : shape[0];
  Search search(reading, rows, shape.rank() == 2 ? shape[1] : 0, budget);
  for (const Order order : {Order::later_first, Order::earlier_first}) {
    const auto factors = search.run(difference, order);
    if (!factors) continue;
    Finding f;
    f.verdict = Verdict::proved;
    f.method = "products of matrices";
    f.message = factors->empty() ? "both sides are the same sum of products"
                                 : "both sides are the same sum of products, multiplied by what is inverted";
    for (const Statement& h : problem.hypotheses) f.hypotheses.push_back(h.text);
    Json data{{"times", json_of(*factors, reading)}, {"order", order == Order::later_first ? "later" : "earlier"}};
    const bool raised = reading.raised_to_extent();
    data["uniform"] = false;
    if (is_defined_in_every_dimension(problem, statement)) {
      if (!raised && search.left().is_zero())
        data["uniform"] = true;
      else if (!raised && is_affine_in_extents(reading, search.left()))
        data["numbers"] = "affine";
      else if (raised && is_single_term(left) && is_single_term(right) && !has_extents(reading, left) &&
               !has_extents(reading, right) && !nests_determinants(problem, statement))
        data["numbers"] = "powers";
    }
    f.certificates.push_back({"words", data.dump()});
    return f;
  }
  return undecided("the rules for products of matrices leave a difference");
}

}  // namespace nabla
