#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <span>

namespace bench {

using Clock = std::chrono::steady_clock;

/// Seconds of one call, as the least over runs of about a millisecond.
class Stopwatch {
 public:
  explicit Stopwatch(std::function<void()> work) : work_(std::move(work)) {
    work_();
    const double once = time(1);
    calls_ = static_cast<int>(std::min(1e4, 1 + 1e-3 / std::max(once, 1e-9)));
  }
  void run() { best_ = std::min(best_, time(calls_)); }
  double best() const { return best_; }

 private:
  double time(int calls) const {
    const auto begin = Clock::now();
    for (int k = 0; k < calls; ++k) work_();
    return std::chrono::duration<double>(Clock::now() - begin).count() / calls;
  }
  std::function<void()> work_;
  int calls_ = 1;
  double best_ = 1e300;
};

/// One after the other, for so many seconds, and each at least three times.
inline void run_for(int seconds, std::span<Stopwatch* const> watches) {
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  for (int round = 0; round < 3 || Clock::now() < end; ++round)
    for (Stopwatch* each : watches) each->run();
}
inline void run_for(int seconds, std::initializer_list<Stopwatch*> watches) {
  run_for(seconds, std::span(watches.begin(), watches.size()));
}

}  // namespace bench
