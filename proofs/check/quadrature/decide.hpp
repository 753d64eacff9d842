#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Whether a statement reads an integral without a primitive function, of which deciders of free variables must not be
/// asked. (Where there are function variables, proofs/check/interpolation knows what they are.)
bool reads_open_integrals(const Problem& problem, const Statement& statement);

/// The variables that stand for integrals.
std::vector<Expr> values_of_integrals(const Problem& problem);

/// Whether each side has a value whatever numbers the integrals are.
bool is_total_in_integrals(const Problem& problem, const Statement& statement);

/// Scalar relations, their negations, and implications with them as conclusion, that read integrals without a primitive
/// function, by rigorous quadrature (quadrature.hpp).
///
/// - refuted: a point of the stated set at which enclosures of both sides show that the relation fails; one certificate
///   of kind "quadrature" with the data {"witness": {...}}.
/// - proved: inequalities and `!=`, by the densities under one integral sign, by enclosures on boxes of the other
///   variables, by monotonicity from an end with Leibniz' rule, each of which may rest on an inequality without
///   integrals; the data are {"side", "proof": TREE} in the language of proofs/recheck/quadrature/quadrature.hpp.
/// - supported: equations, by agreement at points at growing precision.
/// - undecided: anything else, with the reason.
/// That the integrands have values between the ends of their ranges is not said.
Finding decide_integrals(const Problem& problem, const Statement& statement, const CheckOptions& options,
                         const Budget& budget);

}  // namespace nabla
