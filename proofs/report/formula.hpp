#pragma once

#include <nabla/proofs/report/report.hpp>
#include <string>

namespace nabla {

/// A claim in mathematical notation: a list of its lines as HTML with MathML, in the order in which they were written,
/// each with what kind of line it is. Where a claim shows several things, each has its verdict beside it.
/// \param checked  may be null: not checked
std::string formula_html(const Claim& claim, const ClaimReport* checked);

}  // namespace nabla
