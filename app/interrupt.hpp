#pragma once

#include <signal.h>

#include <stop_token>
#include <thread>

namespace nabla::app {

/// Turns Ctrl-C into a request to stop, for as long as it lives. A second one, half a second
/// later or more, ends the program at once. Made before other threads are started, which inherit that they do not see
/// the signal.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  std::stop_token token() const { return stop_.get_token(); }

 private:
  sigset_t before_{};
  std::stop_source stop_;
  std::jthread thread_;
};

}  // namespace nabla::app
