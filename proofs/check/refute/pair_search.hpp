#pragma once

#include <nabla/proofs/check/refute/predicate_pairs.hpp>
#include <nabla/proofs/check/refute/witness_search.hpp>

namespace nabla {

/// Looks for a pair of points against a predicate that was written out: near together along a direction in which the
/// predicate fails infinitesimally, found by sampling, climbing and boxes; and on both sides of kinks.
/// \param original    the problem that the predicate was stated in
/// \param search      judges the pairs, and keeps the witness
/// \param special     points of the original problem where something may have a kink
/// \return whether there is a witness
bool search_pairs(const Problem& original, const WrittenOut& written, WitnessSearch& search,
                  std::span<const Point> special, const CheckOptions& options, const Budget& budget);

}  // namespace nabla
