#pragma once

#include <nabla/proofs/recheck/recheck.hpp>

namespace nabla::bending {

/// A predicate without the premises before it, which have become hypotheses unless they speak of its variables.
struct Bare {
  Problem problem;
  Statement predicate;
};
Bare bare(const Problem& problem, const Statement& statement);

ReplayedCertificate replayed(bool shown, std::string how, std::string why);

}  // namespace nabla::bending
