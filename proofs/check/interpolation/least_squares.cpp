#include <cmath>
#include <nabla/proofs/check/interpolation/least_squares.hpp>

namespace nabla::interpolation {

namespace {

constexpr double entering = 1e-10;   // of a gradient
constexpr double dependent = 1e-11;  // of what a column adds to those in use
constexpr double positive = 1e-13;   // of a coefficient
constexpr double flops_of_a_step = 1000;

Eigen::Index as_index(std::size_t k) { return static_cast<Eigen::Index>(k); }

}  // namespace

LeastSquares::LeastSquares(Eigen::VectorXd b) : b_(std::move(b)), residual_(b_) {}

void LeastSquares::add(const Sparse& column) {
  double norm = 0;
  for (const auto& [row, v] : column) norm += v * v;
  norm = std::sqrt(norm);
  for (const auto& [row, v] : column) {
    rows_.push_back(row);
    entries_.push_back(v / norm);
  }
  begin_.push_back(rows_.size());
  is_chosen_.push_back(0);
}

/// By Gram and Schmidt, twice, which is enough.
bool LeastSquares::enter(std::size_t column) {
  const Eigen::Index k = as_index(chosen_.size());
  if (k == b_.size()) return false;
  if (q_.cols() <= k) {
    const Eigen::Index more = std::min<Eigen::Index>(b_.size(), 2 * k + 16);
    q_.conservativeResize(b_.size(), more);
    Eigen::MatrixXd grown = Eigen::MatrixXd::Zero(more, more);
    grown.topLeftCorner(k, k) = r_.topLeftCorner(k, k);
    r_ = std::move(grown);
  }
  Eigen::VectorXd v = Eigen::VectorXd::Zero(b_.size());
  for_each_entry(column, [&](Eigen::Index row, double value) { v[row] = value; });
  Eigen::VectorXd part = Eigen::VectorXd::Zero(k);
  for (int pass = 0; pass < 2; ++pass) {
    const Eigen::VectorXd more = q_.leftCols(k).transpose() * v;
    v -= q_.leftCols(k) * more;
    part += more;
  }
  steps_ += 8.0 * static_cast<double>(k * b_.size()) / flops_of_a_step;
  const double length = v.norm();
  if (length < dependent) return false;
  q_.col(k) = v / length;
  r_.col(k).head(k) = part;
  r_(k, k) = length;
  chosen_.push_back(column);
  is_chosen_[column] = 1;
  x_.conservativeResize(k + 1);
  x_[k] = 0;
  return true;
}

/// The columns behind it move up, and rotations make r triangular again.
void LeastSquares::leave(std::size_t place) {
  const Eigen::Index n = as_index(chosen_.size()), p = as_index(place);
  is_chosen_[chosen_[place]] = 0;
  chosen_.erase(chosen_.begin() + static_cast<std::ptrdiff_t>(place));
  for (Eigen::Index c = p; c + 1 < n; ++c) {
    r_.col(c).head(n) = r_.col(c + 1).head(n);
    x_[c] = x_[c + 1];
  }
  x_.conservativeResize(n - 1);
  for (Eigen::Index c = p; c + 1 < n; ++c) {
    const double a = r_(c, c), b = r_(c + 1, c), length = std::hypot(a, b);
    if (length == 0) continue;
    const double cosine = a / length, sine = b / length;
    for (Eigen::Index k = c; k + 1 < n; ++k) {
      const double up = r_(c, k), down = r_(c + 1, k);
      r_(c, k) = cosine * up + sine * down;
      r_(c + 1, k) = cosine * down - sine * up;
    }
    const Eigen::VectorXd left = q_.col(c);
    q_.col(c) = cosine * left + sine * q_.col(c + 1);
    q_.col(c + 1) = cosine * q_.col(c + 1) - sine * left;
  }
  r_.col(n - 1).setZero();
  r_.row(n - 1).setZero();
  steps_ += 6.0 * static_cast<double>((n - p) * (n + b_.size())) / flops_of_a_step;
}

Eigen::VectorXd LeastSquares::solution() const {
  const Eigen::Index n = as_index(chosen_.size());
  const Eigen::VectorXd image = q_.leftCols(n).transpose() * b_;
  return r_.topLeftCorner(n, n).triangularView<Eigen::Upper>().solve(image);
}

void LeastSquares::update_residual() {
  residual_ = b_;
  for (std::size_t k = 0; k < chosen_.size(); ++k)
    for_each_entry(chosen_[k], [&](Eigen::Index row, double v) { residual_[row] -= v * x_[as_index(k)]; });
}

void LeastSquares::solve(double closed, const Budget& budget) {
  const std::size_t most_rounds = 3 * static_cast<std::size_t>(b_.size()) + 50;
  std::vector<char> refused(size(), 0);
  const double before = steps_;
  std::vector<double> slopes(size(), 0);  // along which the residual decreases
  bool is_known = false;                  // the slopes are those of this residual
  for (std::size_t round = 0; round < most_rounds && residual_.norm() >= closed; ++round) {
    budget.check();
    std::size_t best = size();
    double steepest = entering;
    for (std::size_t k = 0; k < size(); ++k) {
      if (is_chosen_[k] != 0 || refused[k] != 0) continue;
      double& g = slopes[k];
      if (!is_known) {
        double sum = 0;
        for_each_entry(k, [&](Eigen::Index row, double v) { sum += v * residual_[row]; });
        g = sum;
      }
      steps_ += static_cast<double>(begin_[k + 1] - begin_[k]) / flops_of_a_step;
      if (g > steepest) steepest = g, best = k;
    }
    is_known = true;
    if (best == size()) break;
    if (!enter(best)) {
      refused[best] = 1;
      continue;
    }
    while (!chosen_.empty()) {
      const Eigen::VectorXd z = solution();
      steps_ += 2.0 * static_cast<double>(z.size() * (b_.size() + z.size())) / flops_of_a_step;
      if (z.minCoeff() > positive) {
        x_ = z;
        break;
      }
      // As far as the first coefficient that becomes 0; that column leaves.
      double t = 1;
      Eigen::Index first = -1;
      for (Eigen::Index k = 0; k < z.size(); ++k) {
        if (z[k] > positive) continue;
        const double until = x_[k] / (x_[k] - z[k] + 1e-300);
        if (until <= t) t = until, first = k;
      }
      x_ += t * (z - x_);
      if (first >= 0) x_[first] = 0;
      for (std::size_t k = chosen_.size(); k-- > 0;)
        if (x_[as_index(k)] <= positive) {
          if (chosen_[k] == best) refused[best] = 1;  // it came only to go again
          leave(k);
        }
    }
    update_residual();
    is_known = false;
  }
  budget.spend(steps_ - before);
}

}  // namespace nabla::interpolation
