#pragma once

#include <doctest/doctest.h>

#include <nabla/proofs/claim/document.hpp>
#include <string>

namespace nabla {

/// The claim of these lines, each with its line end; throws the first mistake in them.
inline Claim claim_of(const std::string& lines) {
  ClaimIds ids;
  const Document document = read_document(Source("t", "```claim t\n" + lines + "```\n"), ids);
  if (!document.errors.empty()) throw document.errors[0];
  REQUIRE(document.claims.size() == 1);
  return document.claims[0];
}

}  // namespace nabla
