#pragma once

#include <nabla/proofs/check/curvature/smooth_form.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/claim/dimensions.hpp>

/// The work on one link of a claim for one choice of its dimensions: well-posed, refute, prove, doubt, support.
namespace nabla {

/// The problems of one choice of dimensions. Function variables are put in several times: free of each other, for what
/// is to hold of all; and as instances, for what is to fail for one.
struct Posed {
  struct Form {
    Problem problem;
    std::map<std::size_t, KinkPattern> smooth;  ///< what was differentiated without its kinks
    /// A hypothesis that is no longer in the problem, since it holds throughout: its number among those of the claim.
    struct Settled {
      std::size_t hypothesis;
      std::vector<Certificate> certificates;
    };
    std::vector<Settled> settled;
  };
  std::optional<Form> general;
  std::string reason;  ///< why there is no general problem
  std::vector<Form> instances;
};

/// A claim with its dimensions filled in. \throws IllPosed, NotHandled, SyntaxError
Posed pose(const Claim& claim, const Choice& choice, const Budget& budget);

/// What does not conform in the claim with its dimensions filled in; found at a small part of the cost of posing it.
struct MisfitsFound {
  std::optional<IllPosed> of_claim;
  struct OfLink {
    std::size_t show, link;
    IllPosed error;
  };
  std::vector<OfLink> of_links;
};
MisfitsFound misfits_of(const Claim& claim, const Choice& choice, const Budget& budget);

/// Link k of a chain as a statement of its own; anything else as it is.
Statement link_of(const Statement& statement, std::size_t k);
std::size_t link_count(const Statement& statement);

/// A witness against one of the instances: predicates by the deciders, which can refute them, everything else by
/// points. With the instance it is about.
std::optional<std::pair<Finding, const Posed::Form*>> against_instances(const Posed& posed, std::size_t show,
                                                                        std::size_t link, const CheckOptions& options,
                                                                        const Budget& budget);

/// How the message begins where a proof and a witness clash: the link stays undecided.
inline constexpr std::string_view own_contradiction = "nabla contradicts itself";

/// Looks for a clash with a proof for every dimension.
Finding doubt(const Problem& general, const Statement& statement, const std::optional<Finding>& of_instance,
              Finding proof, const CheckOptions& options, const Budget& budget);

/// The verdict on a statement. \param of_instance  what is known against it from the instances of function variables
Finding decide(const Problem& general, const Statement& statement, const std::optional<Finding>& of_instance,
               const CheckOptions& options, const Budget& budget);

}  // namespace nabla
