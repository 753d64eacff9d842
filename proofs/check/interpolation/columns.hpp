#pragma once

#include <nabla/proofs/check/interpolation/form.hpp>

namespace nabla::interpolation {

/// An inequality p >= 0 that holds for all functions of the classes.
struct Inequality {
  Polynomial p;
  std::string name;   ///< "convex 0 1 2": function, points; "hypothesis 0 1"; "cauchy 0 1"
  bool both = false;  ///< p == 0
  std::optional<std::size_t> hypothesis;
};

/// The interpolation inequalities of every pair of points of every function variable (Taylor, Hendrickx, Glineur 2017,
/// Theorem 4, and its weaker neighbours, which need fewer gradients), the hypotheses, and what the Cauchy-Schwarz
/// inequality says of the norms. f is a function variable, i and j are points of it, F values, g gradients (or
/// subgradients), m the constant of strong convexity (0 for convex, -L for smooth alone), L that of smoothness:
///   "lower f i j"      F_i - F_j - <g_j, x_i - x_j> - m/2 |x_i - x_j|^2
///   "upper f i j"      F_j + <g_j, x_i - x_j> + L/2 |x_i - x_j|^2 - F_i
///   "between f i j"    2 (L - m) (F_i - F_j - <g_j, x_i - x_j>) - |g_i - g_j|^2 - m L |x_i - x_j|^2
///                        + 2 m <g_j - g_i, x_j - x_i>
///   "lipschitz f i j"  L^2 |x_i - x_j|^2 - |g_i - g_j|^2
///   "steep f i j"      L |x_i - x_j| - |g_i - g_j|, in the norms
///   "cauchy a b s"     |a| |b| - s <a, b>, s = 1 or -1, for two norms
/// each times the factors of its denominator.
std::vector<Inequality> inequalities(const Problem& problem, Form& form, const Budget& budget);

/// The vectors that squares are made of: differences of points, gradients and differences of them, norms.
std::vector<Polynomial> square_roots(const Problem& problem, Form& form);

}  // namespace nabla::interpolation
