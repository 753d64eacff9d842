#include <algorithm>
#include <cmath>
#include <limits>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/check/curvature/semidefinite.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/identity/identity.hpp>
#include <numeric>

namespace nabla::curvature {

namespace {

thread_local SignSteps* innermost_steps = nullptr;

constexpr int screening_points = 96;
constexpr std::size_t most_minors = 3, most_eliminated = 6;
constexpr double clearly = 1e-7, farthest = 64;

Json as_json(const Certificate& c) {
  Json j;
  j["kind"] = c.kind;
  j["data"] = Json::parse(c.data, nullptr, false);
  return j;
}

Matrix block_of(const Matrix& h, const std::vector<std::size_t>& rows) {
  Matrix b;
  b.n = rows.size();
  for (const std::size_t i : rows)
    for (const std::size_t j : rows) b.entries.push_back(h(i, j));
  return b;
}

Expr determinant(const Matrix& h, const std::vector<std::size_t>& r) {
  if (r.size() == 1) return h(r[0], r[0]);
  if (r.size() == 2) return h(r[0], r[0]) * h(r[1], r[1]) - h(r[0], r[1]) * h(r[0], r[1]);
  const Expr a = h(r[0], r[0]), b = h(r[0], r[1]), c = h(r[0], r[2]), d = h(r[1], r[1]), e = h(r[1], r[2]),
             f = h(r[2], r[2]);
  return a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
}

/// Nonnegative, or 0 throughout.
bool show_nonnegative(const Problem& problem, const Expr& g, const Budget& budget, Json& signs) {
  Json proof;
  if (!show_zero(problem, g, budget, proof) && !show_sign(problem, g, SignGoal::nonnegative, budget, proof))
    return false;
  signs.push_back(std::move(proof));
  return true;
}

bool by_minors(const Problem& problem, const Matrix& h, const Budget& budget, Json& block) {
  if (h.n > most_minors) return false;
  Json signs = Json::array();
  for (std::size_t mask = 1; mask < (std::size_t{1} << h.n); ++mask) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < h.n; ++i)
      if ((mask >> i & 1) != 0) rows.push_back(i);
    if (!show_nonnegative(problem, determinant(h, rows), budget, signs)) return false;
  }
  block["by"] = h.n == 1 ? "entry" : "minors";
  block["signs"] = std::move(signs);
  return true;
}

bool by_elimination(const Problem& problem, Matrix h, const Budget& budget, Json& block) {
  if (h.n > most_eliminated) return false;
  Json signs = Json::array();
  while (h.n > 1) {
    budget.check();
    Json proof;
    const Expr pivot = h(0, 0);
    Matrix rest;
    rest.n = h.n - 1;
    if (show_zero(problem, pivot, budget, proof)) {  // then its row must vanish
      signs.push_back(proof);
      for (std::size_t j = 1; j < h.n; ++j) {
        if (!show_zero(problem, h(0, j), budget, proof)) return false;
        signs.push_back(proof);
      }
      for (std::size_t i = 1; i < h.n; ++i)
        for (std::size_t j = 1; j < h.n; ++j) rest.entries.push_back(h(i, j));
    } else if (show_sign(problem, pivot, SignGoal::positive, budget, proof)) {
      signs.push_back(proof);
      for (std::size_t i = 1; i < h.n; ++i)
        for (std::size_t j = 1; j < h.n; ++j) rest.entries.push_back(h(i, j) - h(0, i) * h(0, j) / pivot);
    } else {
      return false;
    }
    h = std::move(rest);
  }
  if (!show_nonnegative(problem, h(0, 0), budget, signs)) return false;
  block["by"] = "elimination";
  block["signs"] = std::move(signs);
  return true;
}

bool by_dominance(const Problem& problem, const Matrix& h, const Budget& budget, Json& block) {
  Json signs = Json::array();
  for (std::size_t i = 0; i < h.n; ++i) {
    Expr slack = h(i, i);
    for (std::size_t j = 0; j < h.n; ++j)
      if (j != i) slack = slack - abs(h(i, j));
    if (!show_nonnegative(problem, slack, budget, signs)) return false;
  }
  block["by"] = "dominance";
  block["signs"] = std::move(signs);
  return true;
}

/// All entries as rational numbers.
std::optional<std::vector<Rational>> rational_entries(const Matrix& h) {
  std::vector<Rational> values;
  for (const Expr& e : h.entries) {
    const auto x = constant_rational(e);
    if (!x) return std::nullopt;
    values.push_back(*x);
  }
  return values;
}

bool is_semidefinite(std::vector<Rational> a, std::size_t n) {
  for (std::size_t k = 0; k < n; ++k) {
    const Rational pivot = a[k * n + k];
    if (pivot < 0) return false;
    for (std::size_t i = k + 1; i < n; ++i) {
      if (pivot == 0) {
        if (a[k * n + i] != 0) return false;
        continue;
      }
      const Rational factor = a[i * n + k] / pivot;
      for (std::size_t j = k + 1; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return true;
}

std::vector<std::vector<std::size_t>> connected_rows(const Problem& problem, const Matrix& h, const Budget& budget) {
  std::vector<std::size_t> root(h.n);
  std::iota(root.begin(), root.end(), std::size_t{0});
  const auto find = [&](std::size_t i) {
    while (root[i] != i) i = root[i];
    return i;
  };
  for (std::size_t i = 0; i < h.n; ++i)
    for (std::size_t j = i + 1; j < h.n; ++j) {
      const std::size_t a = find(i), b = find(j);
      if (a == b) continue;
      Json ignored;
      if (!show_zero(problem, h(i, j), budget, ignored)) root[std::max(a, b)] = std::min(a, b);
    }
  std::vector<std::vector<std::size_t>> blocks;
  for (std::size_t i = 0; i < h.n; ++i) {
    if (find(i) != i) continue;
    blocks.emplace_back();
    for (std::size_t j = i; j < h.n; ++j)
      if (find(j) == i) blocks.back().push_back(j);
  }
  return blocks;
}

bool clearly_indefinite(std::vector<double> a, std::size_t n) {
  double size = 0;
  for (const double x : a) {
    if (!std::isfinite(x)) return false;
    size = std::max(size, std::fabs(x));
  }
  const double tolerance = clearly * std::fmax(1.0, size);  // of a size that rounding does not explain
  for (std::size_t k = 0; k < n; ++k) {
    const double pivot = a[k * n + k];
    if (pivot < -tolerance) return true;
    if (pivot < tolerance) continue;
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i * n + k] / pivot;
      for (std::size_t j = k + 1; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return false;
}

}  // namespace

SignSteps::SignSteps(std::int64_t most) : outer_(innermost_steps), left_(std::min(most, available())) {
  innermost_steps = this;
}
SignSteps::~SignSteps() { innermost_steps = outer_; }

std::int64_t SignSteps::available() {
  return innermost_steps == nullptr ? std::numeric_limits<std::int64_t>::max() : innermost_steps->left_;
}

void SignSteps::spend(std::int64_t steps) {
  for (SignSteps* s = innermost_steps; s != nullptr; s = s->outer_) s->left_ -= steps;
}

bool show_sign(const Problem& problem, const Expr& g, SignGoal goal, const Budget& budget, Json& proof) {
  const std::int64_t most = std::min(steps_of_an_inequality, SignSteps::available());
  if (most <= 0) return false;
  std::int64_t left = most;
  const Finding f = prove_sign(problem, g, goal, budget, left);
  SignSteps::spend(most - left);
  if (f.verdict != Verdict::proved || f.certificates.empty()) return false;
  proof = as_json(f.certificates[0]);
  return true;
}

bool show_zero(const Problem& problem, const Expr& g, const Budget& budget, Json& proof) {
  if (const Constant* c = g.constant(); c != nullptr && !c->is(0)) return false;
  try {
    const Finding f = prove_identity(problem, g, Expr(0), budget);
    if (f.verdict != Verdict::proved || f.certificates.empty()) return false;
    proof = as_json(f.certificates[0]);
    return true;
  } catch (const NotHandled&) {
    return false;
  }
}

std::optional<std::string> seems_indefinite(const Problem& problem, const Matrix& h, const Budget& budget) {
  try {
    std::vector<Expr> inputs;
    for (const Given& g : problem.givens) inputs.push_back(g.variable);
    const WorkspaceScope scope(problem.workspace);
    const Function f(h.entries, inputs);
    StatedPoints stated(problem, 1);
    int looked_at = 0, with_value = 0;
    for (int i = 0; i < screening_points; ++i) {
      budget.check();
      const auto point = stated.next();
      if (!point) break;
      std::vector<Entries<double>> at;
      bool moderate = true;  // far away doubles see their own rounding
      for (const auto& entries : point->entries) {
        at.emplace_back();
        for (const Rational& x : entries) {
          at.back().push_back(static_cast<double>(x));
          moderate = moderate && std::fabs(at.back().back()) <= farthest;
        }
      }
      if (!moderate) continue;
      const auto values = f(std::span<const Entries<double>>(at));
      std::vector<double> a;
      for (const auto& v : values) a.push_back(v[0]);
      ++looked_at;
      with_value += std::ranges::all_of(a, [](double x) { return std::isfinite(x); }) ? 1 : 0;
      if (!clearly_indefinite(std::move(a), h.n)) continue;
      std::string text;
      for (const auto& [name, entries] : to_witness(problem, *point)) {
        text += (text.empty() ? "" : ", ") + name + " = ";
        for (std::size_t k = 0; k < entries.size(); ++k) text += (k == 0 ? "" : " ") + entries[k];
      }
      return text;
    }
    // What is shown of a matrix that has no values would be empty talk.
    if (looked_at > 3 && with_value == 0) return "any point: the second derivatives seem to have no value";
  } catch (const NotHandled&) {
  } catch (const std::invalid_argument&) {  // an operator that doubles cannot compute
  }
  return std::nullopt;
}

Definiteness show_semidefinite(const Problem& problem, const Matrix& h, const Budget& budget) {
  Definiteness d;
  const WorkspaceScope scope(problem.workspace);
  if (const auto where = seems_indefinite(problem, h, budget)) {
    d.reason = "not positive semidefinite near " + *where;
    return d;
  }
  d.proof = Json::array();
  for (const auto& rows : connected_rows(problem, h, budget)) {
    budget.check();
    Json block;
    block["rows"] = rows;
    const Matrix b = block_of(h, rows);
    const auto constant = rational_entries(b);
    if (constant) {
      if (!is_semidefinite(*constant, b.n)) {
        d.reason = "a block of constant entries is not positive semidefinite";
        return d;
      }
      block["by"] = "constant";
    } else if (!by_minors(problem, b, budget, block) &&
               (b.n == 1 || (!by_elimination(problem, b, budget, block) && !by_dominance(problem, b, budget, block)))) {
      d.reason = b.n == 1 ? "could not show that it is nonnegative"
                          : "could not show that a block of " + std::to_string(b.n) + " rows is positive semidefinite";
      return d;
    }
    d.proof.push_back(std::move(block));
  }
  d.proved = true;
  return d;
}

}  // namespace nabla::curvature
