#pragma once

#include <nabla/proofs/recheck/index/tree.hpp>

namespace nabla::reindex {

/// Whether t >= 0 wherever it is defined: by signs, as a square, or where up to `most` quantities that conditions of t
/// speak of are positive and where they are not.
bool is_nonnegative_by_cases(World& world, const Tree& t, int most = 3);

/// The same of what is summed over one range, taken together, and of what stands outside of sums.
bool is_nonnegative_together(World& world, const Tree& t);

/// A max or min in t that hangs on none of the indices `bound`, nor on those that t binds; null where there is none.
Tree choice_in(const Tree& t, std::vector<int> bound = {});

}  // namespace nabla::reindex
