#include <algorithm>
#include <map>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/curvature/definite.hpp>
#include <nabla/proofs/recheck/curvature/ranges.hpp>
#include <nabla/proofs/recheck/curvature/signs.hpp>
#include <nabla/proofs/recheck/curvature/statement.hpp>

namespace nabla {

namespace {

using bending::Json;
using bending::RangeTable;

constexpr std::size_t longest_word = 24;

/// A matrix that is not a product, or its transpose.
struct Letter {
  Ref of;
  bool turned = false;
};
/// Matrices multiplied in order, and numbers, each with how often it stands there.
struct Word {
  std::vector<Letter> letters;
  std::map<std::uint32_t, std::pair<Ref, int>> numbers;
};

enum Trait : unsigned { mirrored = 1, no_form_negative = 2, regular = 4 };  // the last: has an inverse

/// The traits of matrices by what they are made of; the leaves first.
class Traits {
 public:
  Traits(const Problem& problem, Ref target)
      : problem_(problem), graph_(problem.workspace->graph()), ranges_(problem, target) {
    const Ref targets[] = {target};
    const std::vector<bool> read = reachable(graph_, targets);
    traits_.assign(read.size(), 0u);
    for (NodeId id = 0; id < read.size(); ++id)
      if (read[id] && graph_.shape(id).rank() == 2) traits_[id] = of_node(id);
  }
  bool has(Ref matrix, unsigned all) const {
    return matrix.is_node() && matrix.id() < traits_.size() && (traits_[matrix.id()] & all) == all;
  }

 private:
  bool is_plane(Ref r) const { return graph_.shape(r).rank() == 2; }

  /// What a node is a product of; false where that is too long.
  bool spell(Ref start, Word& word) const {
    std::vector<Letter> open{{start, false}};
    for (std::size_t steps = 0; !open.empty(); ++steps) {
      if (steps > 64 * longest_word || word.letters.size() > longest_word) return false;
      const Letter next = open.back();
      open.pop_back();
      if (!next.of.is_node()) return false;
      const NodeId id = next.of.id();
      const auto x = graph_.operands(id);
      const std::string_view name = graph_.info(id).name;
      const auto number = [&](Ref r) { ++word.numbers.try_emplace(r.bits(), r, 0).first->second.second; };
      if (name == "transpose" && swaps(id)) {
        open.push_back({x[0], !next.turned});
      } else if (name == "matmul" && is_plane(x[0]) && is_plane(x[1])) {
        open.push_back({x[next.turned ? 0 : 1], next.turned});
        open.push_back({x[next.turned ? 1 : 0], next.turned});
      } else if ((name == "mul" || name == "div") && graph_.shape(x[1]).is_scalar() && is_plane(x[0])) {
        number(x[1]);
        open.push_back({x[0], next.turned});
      } else if (name == "mul" && graph_.shape(x[0]).is_scalar() && is_plane(x[1])) {
        number(x[0]);
        open.push_back({x[1], next.turned});
      } else {
        word.letters.push_back({next.of, next.turned && !has(next.of, mirrored)});
      }
    }
    return !word.letters.empty() && word.letters.size() <= longest_word;
  }

  bool swaps(NodeId id) const {
    const Attributes order = graph_.attributes(id);
    return order.empty() || (order.size() == 2 && order[0] == 1 && order[1] == 0);
  }

  unsigned of_word(const Word& word) const {
    unsigned numbers = mirrored | no_form_negative | regular;
    for (const auto& [bits, times] : word.numbers) {
      const bending::Range r = ranges_.of(times.first);
      if (!r.positive && !r.negative && r.box.lo <= 0 && r.box.hi >= 0 && !is_apart(times.first))
        numbers &= ~unsigned{regular};
      if (times.second % 2 == 1 && !r.nonnegative()) numbers &= ~unsigned{no_form_negative};
    }
    const std::size_t n = word.letters.size();
    const bool all_regular = std::ranges::all_of(word.letters, [&](const Letter& l) { return has(l.of, regular); });
    const unsigned product = all_regular ? numbers & regular : 0u;
    unsigned outer = regular;
    for (std::size_t i = 0; 2 * i + 1 < n; ++i) {
      const Letter &a = word.letters[i], &b = word.letters[n - 1 - i];
      if (a.of != b.of || (a.turned == b.turned && !has(a.of, mirrored))) return product;
      if (!has(a.of, regular)) outer = 0;
    }
    unsigned middle = mirrored | no_form_negative | regular;
    if (n % 2 == 1) middle = traits_[word.letters[n / 2].of.id()];
    return (middle & numbers & (mirrored | no_form_negative)) | (middle & numbers & outer);
  }

  bool is_given(Ref r, Set::Kind kind) const {
    const auto says = [&](const Statement& h) {
      return h.kind == Statement::Kind::predicate && h.predicate == "in" && h.set.kind == kind && h.subject.ref() == r;
    };
    return std::ranges::any_of(problem_.givens,
                               [&](const Given& g) { return g.set.kind == kind && g.variable.ref() == r; }) ||
           std::ranges::any_of(problem_.hypotheses, says);
  }

  /// A number is compared with 0 so that it is not 0.
  bool is_apart(Ref number) const {
    return compared_apart([&](Ref value) { return value == number; });
  }

  /// det(matrix) is.
  bool has_determinant(Ref matrix) const {
    return compared_apart(
        [&](Ref value) { return graph_.info(value.id()).name == "det" && graph_.operands(value.id())[0] == matrix; });
  }

  template <class Is>
  bool compared_apart(Is is) const {
    for (const Statement& h : problem_.hypotheses) {
      if (h.kind != Statement::Kind::relation || h.sides.size() != 2) continue;
      const Comparison how = h.comparisons[0];
      if (how == Comparison::equal || how == Comparison::less_equal || how == Comparison::greater_equal) continue;
      const bool first = h.sides[0].constant() != nullptr;
      const Expr &value = h.sides[first ? 1 : 0], &bound = h.sides[first ? 0 : 1];
      if (bound.constant() == nullptr || !bound.is(0) || !value.ref().is_node()) continue;
      if (is(value.ref())) return true;
    }
    return false;
  }

  /// A product of it and another square matrix is a multiple of the identity.
  bool divides_identity(Ref matrix) const {
    const Shape& shape = graph_.shape(matrix);
    if (shape[0] != shape[1]) return false;
    for (const Statement& h : problem_.hypotheses) {
      if (h.kind != Statement::Kind::relation || h.sides.size() != 2 || h.comparisons[0] != Comparison::equal) continue;
      for (std::size_t k = 0; k < 2; ++k) {
        const Ref product = h.sides[k].ref(), one = h.sides[1 - k].ref();
        if (!product.is_node() || !one.is_node() || graph_.info(product.id()).name != "matmul" ||
            graph_.info(one.id()).name != "diag")
          continue;
        const Constant* c = graph_.as_constant(graph_.operands(one.id())[0]);
        if (c == nullptr || c->kind() != Constant::Kind::ratio || c->num() == 0) continue;
        const auto x = graph_.operands(product.id());
        if (graph_.shape(x[0]) != shape || graph_.shape(x[1]) != shape) continue;
        for (Ref factor : {x[0], x[1]}) {
          while (factor.is_node() && graph_.info(factor.id()).name == "transpose" && swaps(factor.id()))
            factor = graph_.operands(factor.id())[0];
          if (factor == matrix) return true;
        }
      }
    }
    return false;
  }

  unsigned of_node(NodeId id) const {
    const Ref self = Ref::node(id);
    Word word;
    const unsigned assumed = has_determinant(self) || divides_identity(self) ? unsigned{regular} : 0u;
    if (spell(self, word) && (word.letters.size() > 1 || word.letters[0].of != self))
      return completed(of_word(word) | assumed);
    if (is_given(self, Set::Kind::spd)) return mirrored | no_form_negative | regular;
    const auto x = graph_.operands(id);
    const std::string_view name = graph_.info(id).name;
    unsigned t = assumed;
    if (is_given(self, Set::Kind::sym)) t |= mirrored;
    const auto traits = [&](Ref r) { return r.is_node() && is_plane(r) ? traits_[r.id()] : 0u; };
    if (name == "diag") {
      const bending::Range r = ranges_.of(x[0]);
      t |= mirrored;
      if (r.nonnegative()) t |= no_form_negative;
      if (r.positive || r.negative || r.box.lo > 0 || r.box.hi < 0) t |= regular;
    } else if (name == "outer" && x[0] == x[1]) {
      t |= mirrored | no_form_negative;
    } else if (name == "neg") {
      t |= traits(x[0]) & (mirrored | regular);
    } else if (name == "inv") {
      t |= traits(x[0]) | regular;
    } else if (name == "add" && is_plane(x[0]) && is_plane(x[1])) {
      const unsigned a = traits(x[0]), b = traits(x[1]);
      t |= a & b & (mirrored | no_form_negative);
      if ((a & b & no_form_negative) != 0 && ((is_definite(a)) || is_definite(b))) t |= regular;
    } else if (name == "sub" && is_plane(x[0]) && is_plane(x[1])) {
      t |= traits(x[0]) & traits(x[1]) & mirrored;
      if (is_covariance(x[0], x[1])) t |= mirrored | no_form_negative;
    } else if (name == "mul" && is_plane(x[0]) && is_plane(x[1]) && graph_.shape(x[0]) == graph_.shape(x[1])) {
      const unsigned a = traits(x[0]), b = traits(x[1]);
      t |= a & b & (mirrored | no_form_negative);
      if (is_definite(a) && is_definite(b)) t |= regular;
    }
    return completed(t);
  }

  /// A matrix without symmetry is said to have no trait of forms.
  static unsigned completed(unsigned t) { return (t & mirrored) != 0 ? t : t & ~unsigned{no_form_negative}; }
  static bool is_definite(unsigned t) { return (t & (no_form_negative | regular)) == (no_form_negative | regular); }

  /// diag(p) - outer(p, p) with p >= 0 of sum at most 1.
  bool is_covariance(Ref first, Ref second) const {
    if (!first.is_node() || !second.is_node() || graph_.info(first.id()).name != "diag" ||
        graph_.info(second.id()).name != "outer")
      return false;
    const Ref p = graph_.operands(first.id())[0];
    const auto with = graph_.operands(second.id());
    if (with[0] != p || with[1] != p || !p.is_node() || graph_.shape(p).rank() != 1) return false;
    return graph_.info(p.id()).name == "softmax" || is_given(p, Set::Kind::simplex) || is_given(p, Set::Kind::onehot);
  }

  const Problem& problem_;
  const Graph& graph_;
  RangeTable ranges_;
  std::vector<unsigned> traits_;
};

/// Whether it is said of the length of v that it is not 0.
bool is_nonzero(const Problem& problem, Ref v) {
  const Graph& graph = problem.workspace->graph();
  for (const Statement& h : problem.hypotheses) {
    if (h.kind != Statement::Kind::relation || h.sides.size() != 2) continue;
    const bool first = h.sides[0].constant() != nullptr;
    const Expr &value = h.sides[first ? 1 : 0], &bound = h.sides[first ? 0 : 1];
    const Constant* c = bound.constant();
    if (c == nullptr || c->kind() != Constant::Kind::ratio) continue;
    const auto sign = c->num();
    Comparison how = h.comparisons[0];
    if (first && how == Comparison::less)
      how = Comparison::greater;
    else if (first && how == Comparison::greater)
      how = Comparison::less;
    else if (first && how == Comparison::less_equal)
      how = Comparison::greater_equal;
    else if (first && how == Comparison::greater_equal)
      how = Comparison::less_equal;
    if (value.ref() == v && how == Comparison::not_equal && sign == 0) return true;
    if (!value.ref().is_node()) continue;
    const auto x = graph.operands(value.ref().id());
    const std::string_view name = graph.info(value.ref().id()).name;
    const bool length = (name == "norm" && x[0] == v) || (name == "dot" && x[0] == v && x[1] == v);
    if (!length) continue;
    if (how == Comparison::not_equal && sign == 0) return true;
    if (how == Comparison::greater && sign >= 0) return true;
    if ((how == Comparison::greater_equal || how == Comparison::equal) && sign > 0) return true;
  }
  return false;
}

bool composed(const Problem& problem, const Statement& s, std::string& why) {
  why = "the rules did not give again that a matrix is positive definite";
  if (s.kind == Statement::Kind::predicate)
    return s.predicate == "in" && s.set.kind == Set::Kind::spd && s.subject.ref().is_node() &&
           Traits(problem, s.subject.ref()).has(s.subject.ref(), mirrored | no_form_negative | regular);
  if (s.kind != Statement::Kind::relation || s.sides.size() != 2) return false;
  // 0 is on one side; what is said of the other is said as if it stood on the left.
  const bool first = s.sides[0].constant() != nullptr && s.sides[0].is(0);
  const Expr &e = s.sides[first ? 1 : 0], &zero = s.sides[first ? 0 : 1];
  if (zero.constant() == nullptr || !zero.is(0) || !e.ref().is_node()) return false;
  const Comparison how = s.comparisons[0];
  const bool weak = how == (first ? Comparison::less_equal : Comparison::greater_equal);
  if (!weak && how != Comparison::not_equal && how != (first ? Comparison::less : Comparison::greater)) return false;
  const unsigned needed = mirrored | no_form_negative | (weak ? 0u : regular);
  const Graph& graph = problem.workspace->graph();
  const auto x = graph.operands(e.ref().id());
  const std::string_view name = graph.info(e.ref().id()).name;
  if (name == "det") return Traits(problem, x[0]).has(x[0], needed);
  if (name == "trace") return Traits(problem, x[0]).has(x[0], needed) && (weak || graph.shape(x[0])[0] > 0);
  if (name != "dot") return false;
  for (int k = 0; k < 2; ++k) {
    const Ref v = x[static_cast<std::size_t>(k)], image = x[static_cast<std::size_t>(1 - k)];
    if (!image.is_node() || graph.info(image.id()).name != "matmul") continue;
    const auto f = graph.operands(image.id());
    for (int m = 0; m < 2; ++m) {
      const Ref matrix = f[static_cast<std::size_t>(m)];
      if (f[static_cast<std::size_t>(1 - m)] != v || graph.shape(matrix).rank() != 2) continue;
      if (Traits(problem, matrix).has(matrix, needed) && (weak || is_nonzero(problem, v))) return true;
    }
  }
  return false;
}

bool by_minors(const Problem& problem, const Statement& s, const Json& evidence, std::string& why) {
  why = "symmetry or a minor was not shown again";
  if (s.kind != Statement::Kind::predicate || s.predicate != "in" || s.set.kind != Set::Kind::spd) return false;
  const std::int64_t n = s.subject.shape()[0];
  if (n < 1 || n > 3 || s.subject.shape().rank() != 2 || s.subject.shape()[1] != n) return false;
  const WorkspaceScope scope(problem.workspace);
  std::vector<Expr> m;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      const std::vector<Range> cut{{i, i + 1}, {j, j + 1}};
      m.push_back(reshape(slice(s.subject, cut), Shape{}));
    }
  const auto at = [&](std::int64_t i, std::int64_t j) { return m[static_cast<std::size_t>(i * n + j)]; };
  std::size_t next = 0;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < i; ++j)
      if (!bending::replay_zero(problem, at(i, j) - at(j, i), evidence.at("symmetric").at(next++))) return false;
  const auto two = [&](std::int64_t r, std::int64_t i, std::int64_t j) {
    return at(r, i) * at(r + 1, j) - at(r, j) * at(r + 1, i);
  };
  for (std::int64_t k = 1; k <= n; ++k) {
    Expr minor = at(0, 0);
    if (k == 2) minor = two(0, 0, 1);
    if (k == 3) minor = at(0, 0) * two(1, 1, 2) - at(0, 1) * two(1, 0, 2) + at(0, 2) * two(1, 0, 1);
    if (!bending::replay_sign(problem, minor, bending::Wanted::positive,
                              evidence.at("minors").at(static_cast<std::size_t>(k - 1))))
      return false;
  }
  return true;
}

}  // namespace

ReplayedCertificate replay_definite(const Problem& problem, const Statement& statement, const Json& evidence) {
  const bending::Bare b = bending::bare(problem, statement);
  const WorkspaceScope scope(problem.workspace);
  std::string why;
  const std::string by = evidence.at("by");
  const bool shown =
      by == "rules" ? composed(b.problem, b.predicate, why) : by_minors(b.problem, b.predicate, evidence, why);
  return bending::replayed(shown, "derived again by " + by, why);
}

bool inverses_exist(const Problem& problem, const Expr& e) {
  if (!e.ref().is_node()) return true;
  const WorkspaceScope scope(problem.workspace);
  const std::vector<Ref> of{e.ref()};
  const std::vector<bool> read = reachable(problem.workspace->graph(), of);
  const Traits traits(problem, e.ref());
  const auto is_whole = [](const Reals& set) {
    return set.lo == -unbounded && set.hi == unbounded && set.hole == Hole::none;
  };
  for (NodeId id = 0; id < read.size(); ++id) {
    if (!read[id]) continue;
    // Conditions append nodes, so nothing of the graph is held over a round.
    const Graph& graph = problem.workspace->graph();
    if (graph.code(id) >= builtin_count || graph.shape(id).size() == 0) return false;
    const OperatorInfo& info = graph.info(id);
    if (info.family == Family::leaf) continue;
    if (info.name == "inv" || info.name == "solve") {
      if (!traits.has(graph.operands(id)[0], regular)) return false;
      continue;
    }
    // Determinants under a logarithm, or divided by.
    const auto is_det = [&](Ref r, unsigned all) {
      return r.is_node() && graph.info(r.id()).name == "det" && traits.has(graph.operands(r.id())[0], all);
    };
    const auto operands = graph.operands(id);
    if (info.name == "log" && is_det(operands[0], regular | no_form_negative)) continue;
    if (info.name == "reciprocal" && is_det(operands[0], regular)) continue;
    if (info.name == "div" && is_det(operands[1], regular)) continue;
    if (!is_whole(info.facts.domain) || !is_whole(info.facts.domain2)) return false;
    if (info.name == "powi" && graph.attributes(id)[0] >= 0) continue;
    std::vector<Expr> x;
    for (const Ref r : graph.operands(id)) x.emplace_back(problem.workspace, r);
    const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
    if (!domain_condition(graph.code(id), attributes, x).empty()) return false;
  }
  return true;
}

}  // namespace nabla
