#include <unistd.h>

#include <chrono>
#include <nabla/app/command.hpp>
#include <nabla/app/interrupt.hpp>

namespace nabla::app {
namespace {

/// timeout(1) and the like send a signal to the program and then to its group: one wish, seen twice.
constexpr std::chrono::milliseconds echo{500};

}  // namespace

InterruptWatch::InterruptWatch() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, &before_);
  thread_ = std::jthread([this, set](std::stop_token done) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point first;
    while (!done.stop_requested()) {
      const timespec wait{0, 100'000'000};
      if (sigtimedwait(&set, nullptr, &wait) != SIGINT) continue;
      if (!stop_.stop_requested()) {
        first = Clock::now();
        stop_.request_stop();
      } else if (Clock::now() - first > echo) {
        _exit(exit_interrupted);
      }
    }
  });
}

InterruptWatch::~InterruptWatch() {
  thread_.request_stop();
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace nabla::app
