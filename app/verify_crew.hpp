#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <nabla/proofs/check/check.hpp>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

/// Claims checked side by side, within their time.
namespace nabla::app {

/// What became of one claim: a report, or an error of the block (an unknown name), or neither when the run was
/// interrupted before.
struct CheckedClaim {
  std::optional<ClaimReport> report;
  std::optional<SyntaxError> error;
};

/// Threads that check claims which share nothing. Results are the same whatever their number.
///
/// Deciders look at the clock between their steps. A claim whose step is longer than that is given up shortly after its
/// time: its report is what was found until then, and its thread is left behind, with another one in its place. The
/// same happens to all of them shortly after an interruption. Threads that were left behind still read the claims, so
/// that a program with left_behind() > 0 must end with std::_Exit.
class Crew {
 public:
  Crew(std::span<const Claim* const> claims, const CheckOptions& options, unsigned jobs, std::stop_token stop);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Waits for claim number i. Each is taken once.
  CheckedClaim take(std::size_t i);
  std::size_t left_behind();

 private:
  struct State;
  static void work(const std::shared_ptr<State>& state, std::size_t worker);
  void start_worker();
  void give_up_overdue();

  std::shared_ptr<State> state_;
  std::vector<std::thread> threads_;
};

}  // namespace nabla::app
