#include <algorithm>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/constants.hpp>
#include <nabla/proofs/recheck/curvature/signs.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>

namespace nabla::bending {

using rederive::constant_value;

namespace {

Square rows_of(const Square& h, const std::vector<std::size_t>& rows) {
  Square b;
  b.n = rows.size();
  for (const std::size_t i : rows)
    for (const std::size_t j : rows) b.entries.push_back(h.at(i, j));
  return b;
}

/// The determinant of chosen rows and columns, up to three.
Expr minor_of(const Square& h, const std::vector<std::size_t>& r) {
  if (r.size() == 1) return h.at(r[0], r[0]);
  const Expr a = h.at(r[0], r[0]), b = h.at(r[0], r[1]), d = h.at(r[1], r[1]);
  if (r.size() == 2) return a * d - b * b;
  const Expr c = h.at(r[0], r[2]), e = h.at(r[1], r[2]), f = h.at(r[2], r[2]);
  return a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d);
}

/// Gauss's algorithm in exact numbers: all pivots nonnegative, a zero pivot with a row of zeros.
bool exactly_semidefinite(const Square& h) {
  std::vector<Rational> a;
  for (const Expr& e : h.entries) {
    const auto x = constant_value<Rational>(e);
    if (!x) return false;
    a.push_back(*x);
  }
  for (std::size_t i = 0; i < h.n; ++i)
    for (std::size_t j = 0; j < h.n; ++j)
      if (a[i * h.n + j] != a[j * h.n + i]) return false;
  for (std::size_t k = 0; k < h.n; ++k) {
    const Rational pivot = a[k * h.n + k];
    if (pivot < 0) return false;
    for (std::size_t i = k + 1; i < h.n; ++i) {
      if (pivot == 0 && a[i * h.n + k] != 0) return false;
      if (pivot == 0) continue;
      for (std::size_t j = k + 1; j < h.n; ++j) a[i * h.n + j] -= a[i * h.n + k] * a[k * h.n + j] / pivot;
      a[i * h.n + k] = 0;
    }
  }
  return true;
}

bool replay_block(const Problem& problem, Square h, const Json& block) {
  const std::string by = block.at("by");
  if (by == "constant") return exactly_semidefinite(h);
  const Json& signs = block.at("signs");
  std::size_t next = 0;
  const auto evidence = [&]() -> const Json& { return signs.at(next++); };
  if (by == "entry" || by == "minors") {
    if (h.n > 3) return false;
    for (std::size_t mask = 1; mask < (std::size_t{1} << h.n); ++mask) {
      std::vector<std::size_t> rows;
      for (std::size_t i = 0; i < h.n; ++i)
        if ((mask >> i & 1) != 0) rows.push_back(i);
      if (!replay_sign(problem, minor_of(h, rows), Wanted::nonnegative, evidence())) return false;
    }
    return true;
  }
  if (by == "dominance") {
    for (std::size_t i = 0; i < h.n; ++i) {
      Expr rest = h.at(i, i);
      for (std::size_t j = 0; j < h.n; ++j)
        if (j != i) rest = rest - abs(h.at(i, j));
      if (!replay_sign(problem, rest, Wanted::nonnegative, evidence())) return false;
    }
    return true;
  }
  if (by != "elimination") return false;
  for (; h.n > 1;) {
    Square rest;
    rest.n = h.n - 1;
    const Expr pivot = h.at(0, 0);
    const Json& about = evidence();
    const bool vanishes = about.at("kind") == "identity";
    if (vanishes ? !replay_zero(problem, pivot, about) : !replay_sign(problem, pivot, Wanted::positive, about))
      return false;
    for (std::size_t j = 1; vanishes && j < h.n; ++j)
      if (!replay_zero(problem, h.at(0, j), evidence())) return false;
    for (std::size_t i = 1; i < h.n; ++i)
      for (std::size_t j = 1; j < h.n; ++j)
        rest.entries.push_back(vanishes ? h.at(i, j) : h.at(i, j) - h.at(0, i) * h.at(0, j) / pivot);
    h = std::move(rest);
  }
  return replay_sign(problem, h.at(0, 0), Wanted::nonnegative, evidence());
}

}  // namespace

bool replay_zero(const Problem& problem, const Expr& g, const Json& evidence) {
  const WorkspaceScope scope(problem.workspace);
  if (evidence.at("kind") != "identity") return false;
  if (const auto x = constant_value<Rational>(g); x && *x == 0) return true;
  return recheck_identity(problem, g, Expr(0), evidence.at("data").dump()).answer == Replay::Answer::yes;
}

bool replay_sign(const Problem& problem, const Expr& g, Wanted wanted, const Json& evidence) {
  const WorkspaceScope scope(problem.workspace);
  if (const auto x = constant_value<Rational>(g))
    return wanted == Wanted::positive ? *x > 0 : wanted == Wanted::nonnegative ? *x >= 0 : *x <= 0;
  if (evidence.at("kind") == "identity") return wanted != Wanted::positive && replay_zero(problem, g, evidence);
  if (evidence.at("kind") != "inequality") return false;
  const std::string_view goal = wanted == Wanted::positive      ? "positive"
                                : wanted == Wanted::nonnegative ? "nonnegative"
                                                                : "nonpositive";
  return recheck_sign(problem, g, goal, evidence.at("data").dump()).answer == Replay::Answer::yes;
}

Square bends(const Expr& h, const std::vector<Expr>& t) {
  Square s;
  s.n = t.size();
  const std::vector<Expr> slopes = gradient(h, t);
  std::vector<std::vector<Expr>> rows;
  for (const Expr& slope : slopes) rows.push_back(gradient(slope, t));
  // Mixed derivatives are equal; the one that was taken last by the earlier variable stands for both.
  for (std::size_t i = 0; i < s.n; ++i)
    for (std::size_t j = 0; j < s.n; ++j) s.entries.push_back(rows[std::max(i, j)][std::min(i, j)]);
  return s;
}

bool replay_semidefinite(const Problem& problem, const Square& h, const Json& blocks, std::string& why) {
  const WorkspaceScope scope(problem.workspace);
  std::vector<std::size_t> block_of(h.n, h.n);
  for (std::size_t k = 0; k < blocks.size(); ++k)
    for (const Json& row : blocks[k].at("rows")) {
      const auto i = row.get<std::size_t>();
      if (i >= h.n || block_of[i] != h.n) return false;
      block_of[i] = k;
    }
  Json zero;
  zero["kind"] = "identity";
  zero["data"] = {{"hypotheses", Json::array()}, {"sets", Json::array()}};
  for (std::size_t i = 0; i < h.n; ++i) {
    if (block_of[i] == h.n) {
      why = "a row of the matrix is in no block";
      return false;
    }
    for (std::size_t j = i + 1; j < h.n; ++j)
      if (block_of[i] != block_of[j] && !replay_zero(problem, h.at(i, j), zero)) {
        why = "two blocks of the matrix could not be shown to be apart";
        return false;
      }
  }
  for (const Json& block : blocks)
    if (!replay_block(problem, rows_of(h, block.at("rows").get<std::vector<std::size_t>>()), block)) {
      why = "a block of the matrix of second derivatives (" + block.at("by").get<std::string>() +
            ") could not be shown again to be positive semidefinite";
      return false;
    }
  return true;
}

}  // namespace nabla::bending
