#pragma once

#include <algorithm>
#include <chrono>
#include <nabla/proofs/check/check.hpp>
#include <optional>
#include <span>

/// What the deciders share: the statement under test (a relation of two sides, or a predicate, negation or
/// implication), the budget, and nothing else.
namespace nabla {

/// Thrown between steps when the time of a claim is up or the run was interrupted.
class Cut : public std::runtime_error {
 public:
  Cut() : std::runtime_error("cut") {}
};

/// Says when to stop. Deciders call check() between steps that take milliseconds.
class Budget {
 public:
  Budget() = default;
  /// \param most_calls  of check(), after which it is up: a bound that does not depend on the clock; 0: none
  Budget(double seconds, std::stop_token stop, std::uint64_t most_calls = 0)
      : most_calls_(most_calls), stop_(std::move(stop)) {
    if (seconds > 0)
      end_ = std::chrono::steady_clock::now() +
             std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
  }
  void check() const {
    if (++calls_ > most_calls_ && most_calls_ != 0) throw Cut();
    if (stop_.stop_requested() || (end_ && std::chrono::steady_clock::now() > *end_)) throw Cut();
  }

  /// Until the time is up, more than 0; 0 without a limit.
  double seconds_left() const {
    if (!end_) return 0;
    return std::max(1e-3, std::chrono::duration<double>(*end_ - std::chrono::steady_clock::now()).count());
  }

  /// Counts deterministic steps of about a microsecond. Once those of a claim are spent, what need not be looked at
  /// (further dimensions of a `for all`) is left out, and the coverage says so.
  void spend(double steps) const { spent_ += steps; }
  bool is_spent() const { return spent_ > steps_of_a_claim; }
  std::uint64_t calls() const { return calls_; }

 private:
  static constexpr double steps_of_a_claim = 8e6;
  mutable double spent_ = 0;
  mutable std::uint64_t calls_ = 0;
  std::uint64_t most_calls_ = 0;
  std::optional<std::chrono::steady_clock::time_point> end_;
  std::stop_token stop_;
};

/// Not known, with the reason.
inline Finding undecided(std::string reason) {
  Finding f;
  f.message = std::move(reason);
  return f;
}

/// A decider looks at one statement of a problem whose dimensions are filled in. It answers
/// - nothing: the statement is not of its kind;
/// - proved, refuted or ill_posed, with evidence that proofs/recheck replays;
/// - undecided: it looked, and says how far it got. The next decider is asked.
/// Its contract stands on top of its header. It throws Cut, and NotHandled with a reason; nothing else.
using Decider = std::optional<Finding> (*)(const Problem& problem, const Statement& statement,
                                           const CheckOptions& options, const Budget& budget);

/// The deciders that can prove, in the order in which they are asked (deciders.cpp).
std::span<const Decider> deciders();

/// Whether every subexpression of the statement is defined, and every derivative it asks for exists, on the stated set.
/// proved: everywhere. ill_posed: with the point where not. undecided: with the reason.
Finding examine_definedness(const Problem& problem, const Statement& statement, const CheckOptions& options,
                            const Budget& budget);

/// A witness against the statement, confirmed exactly or by balls strictly on the wrong side; ill_posed where convexity
/// is asked for on a set that two points show not to be convex; nothing when nothing was found within the budget.
std::optional<Finding> refute(const Problem& problem, const Statement& statement, const CheckOptions& options,
                              const Budget& budget);

/// Agreement at sampled points at growing precision, derivatives against high-precision differences, which use none of
/// the rules under test. supported, or undecided with the reason; proved when the set is finite and every point of it
/// was decided exactly.
Finding support(const Problem& problem, const Statement& statement, const CheckOptions& options, const Budget& budget);

}  // namespace nabla
