#pragma once

#include <nabla/proofs/recheck/identity/walk.hpp>
#include <nabla/proofs/recheck/inequality/expression.hpp>

/// Signs that a certificate of definedness shows by inequalities.
namespace nabla::rederive {

class ProvenSigns {
 public:
  /// \param data  of the certificate: "signs" in it, or in each of its "goals", are lists of {"of": rows, "sign",
  ///              "premises": n, "proof": PROOF}, see inequality.hpp; the first n premises of what is shown are used
  explicit ProvenSigns(std::string_view data);

  /// Whether there are any.
  bool empty() const { return list_.empty(); }
  std::size_t size() const { return list_.size(); }

  /// The sign that proof k shows of its expression at every point of the problem's set at which the hypotheses and the
  /// premises hold and it is defined; the expression in terms of `entries`. Nothing when it is not confirmed.
  std::optional<Fact> confirmed(std::size_t k, const Problem& problem, const std::vector<const Statement*>& premises,
                                Entries& entries) const;

 private:
  std::vector<Json> list_;
};

}  // namespace nabla::rederive
