#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Looks for numbers between which the least constant lies with which smooth(E, x, L) or lipschitz(F, x, L) holds, and
/// adds them to a finding about such a predicate: to the message, and to the data of its first certificate as
///   "bracket": {"least": "p/q", "pair": {name: entries}, "most": "c", "proof": {"kind", "data"}}
/// least: a pair of points, confirmed as any witness is, needs more than that. most: the predicate is proved with this
/// constant by decide_lipschitz. Either may be absent; nothing is added when both are. The search is guided by doubles.
void add_bracket(Finding& finding, const Problem& problem, const Statement& statement, const CheckOptions& options,
                 const Budget& budget);

}  // namespace nabla
