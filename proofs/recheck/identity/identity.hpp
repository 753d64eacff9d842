#pragma once

#include <nabla/proofs/claim/problem.hpp>
#include <string>
#include <string_view>

namespace nabla {

/// What replaying a certificate gave.
struct Replay {
  enum class Answer : std::uint8_t {
    yes,    ///< what the certificate says was derived again
    no,     ///< it was not: the certificate is worthless, or the re-checker cannot follow it
    budget  ///< the re-checker ran out of steps
  };
  Answer answer = Answer::no;
  std::string message;
};

/// Replays a certificate of kind "identity": derives again, with arithmetic and rules of its own, that left == right
/// wherever both are defined, under the hypotheses that the certificate names and no others.
/// \param problem, left, right  elaborated anew from the text of the claim
/// \param data  the certificate's data: a JSON object with "hypotheses" (indices into Problem::hypotheses) and "sets"
///              (indices into Problem::givens whose equation "the entries sum to 1" may be used); other fields are not
///              believed, so not read
Replay recheck_identity(const Problem& problem, const Expr& left, const Expr& right, std::string_view data);

}  // namespace nabla
