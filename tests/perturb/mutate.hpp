#pragma once

#include <string>
#include <vector>

namespace perturb {

/// One change to the text of a claim.
struct Mutant {
  std::string kind;  ///< "sign", "factor", "index", "transpose", "domain end", "hypothesis", "relation"
  std::string text;
};

/// Every change of one place. Many of them leave a claim true: whoever wants a false one has to show that it is.
std::vector<Mutant> mutants_of(const std::string& text);

}  // namespace perturb
