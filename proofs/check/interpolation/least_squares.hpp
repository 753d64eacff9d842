#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <nabla/proofs/check/decider.hpp>
#include <utility>
#include <vector>

namespace nabla::interpolation {

/// Nonnegative least squares: min |b - A x| over x >= 0, in doubles, which guide a search and decide nothing. Active
/// sets (Lawson and Hanson, Solving Least Squares Problems, chapter 23); the orthogonal factorisation of the columns
/// that are in use follows them as they come and go, and stays when further columns are added.
class LeastSquares {
 public:
  using Sparse = std::vector<std::pair<std::uint32_t, double>>;  // row, entry

  explicit LeastSquares(Eigen::VectorXd b);
  /// The column is scaled to length 1. \pre not zero
  void add(const Sparse& column);
  std::size_t size() const { return is_chosen_.size(); }
  /// Goes on until no column helps or the residual is as short as `closed`. Steps of about a microsecond are counted.
  void solve(double closed, const Budget& budget);
  const Eigen::VectorXd& residual() const { return residual_; }
  /// The columns in use: linearly independent.
  const std::vector<std::size_t>& chosen() const { return chosen_; }
  double steps() const { return steps_; }

 private:
  bool enter(std::size_t column);
  void leave(std::size_t place);
  Eigen::VectorXd solution() const;
  void update_residual();

  Eigen::VectorXd b_, residual_;
  /// Calls f(row, entry) for the entries of a column.
  template <class F>
  void for_each_entry(std::size_t column, F f) const {
    for (std::size_t i = begin_[column]; i < begin_[column + 1]; ++i)
      f(static_cast<Eigen::Index>(rows_[i]), entries_[i]);
  }
  // The columns one after the other.
  std::vector<std::size_t> begin_{0};
  std::vector<std::uint32_t> rows_;
  std::vector<double> entries_;
  std::vector<char> is_chosen_;
  std::vector<std::size_t> chosen_;
  Eigen::VectorXd x_;  // of the chosen columns
  Eigen::MatrixXd q_;  // orthonormal; the first chosen_.size() columns are in use
  Eigen::MatrixXd r_;  // upper triangular: chosen columns = q r
  double steps_ = 0;
};

}  // namespace nabla::interpolation
