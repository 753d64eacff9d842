#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json_fwd.hpp>

/// Whether what was confirmed amounts to the verdict that a report states.
namespace nabla::weighing {

/// What one confirmed certificate says of a part of a link.
struct Confirmed {
  std::vector<std::size_t> path;  ///< from the statement of the link to the part
  bool holds = false;             ///< for all of the stated set; or fails at a point of it
};

/// What a certificate of this kind, once confirmed, says of the statement that it is about; nothing for one that says
/// only that what is read is defined, or one whose treatment of function variables allows no such conclusion.
std::optional<Confirmed> said_by(const Statement& statement, const std::string& kind,
                                 const nlohmann::ordered_json& evidence, FunctionTreatment functions);

/// Whether the statement is shown to hold (Truth::yes) or to fail somewhere (Truth::no) by these.
Truth concluded(const Problem& problem, const Statement& statement, const std::vector<Confirmed>& confirmed);

/// The confirmed certificates of one link of a claim.
class LinkEvidence {
 public:
  void add_every_dimension() { every_dimension_ = true; }
  void add(const nlohmann::ordered_json& dimensions, Truth concluded);
  /// Empty when they amount to the verdict; else what is missing.
  /// \param show  which of the claim's, from 0
  std::string lacks(const Claim& claim, std::size_t show, const std::string& verdict) const;

 private:
  bool every_dimension_ = false;
  bool fails_ = false;
  std::vector<std::string> holds_;  // the choices of dimensions, as text
};

}  // namespace nabla::weighing
