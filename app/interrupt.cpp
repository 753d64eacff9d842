#include <unistd.h>

#include <nabla/app/command.hpp>
#include <nabla/app/interrupt.hpp>

namespace nabla::app {

InterruptWatch::InterruptWatch() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, &before_);
  thread_ = std::jthread([this, set](std::stop_token done) {
    while (!done.stop_requested()) {
      const timespec wait{0, 100'000'000};
      if (sigtimedwait(&set, nullptr, &wait) != SIGINT) continue;
      if (stop_.stop_requested()) _exit(exit_interrupted);
      stop_.request_stop();
    }
  });
}

InterruptWatch::~InterruptWatch() {
  thread_.request_stop();
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace nabla::app
