#include <flint/flint.h>
#include <mpfr.h>

#include <nabla/app/verify_crew.hpp>

namespace nabla::app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds grace{500};  // between the end of the time and giving up
constexpr std::chrono::milliseconds look{50};    // how often the clock is read while waiting

}  // namespace

struct Crew::State {
  struct Slot {
    CheckedClaim result;
    bool done = false;
  };
  /// A worker and the claim that it is at.
  struct Worker {
    std::optional<std::size_t> claim;
    Clock::time_point begin;
    std::optional<ClaimReport> so_far;
    bool left_behind = false;
    bool ended = false;
  };

  std::vector<const Claim*> claims;
  CheckOptions options;
  std::stop_token stop;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Slot> slots;
  std::vector<Worker> workers;
  std::size_t next = 0;
  std::optional<Clock::time_point> stopped_at;
};

Crew::Crew(std::span<const Claim* const> claims, const CheckOptions& options, unsigned jobs, std::stop_token stop)
    : state_(std::make_shared<State>()) {
  state_->claims.assign(claims.begin(), claims.end());
  state_->options = options;
  state_->stop = std::move(stop);
  state_->slots.resize(claims.size());
  for (unsigned k = 0; k < std::max(1u, jobs); ++k) start_worker();
}

Crew::~Crew() {
  for (std::size_t k = 0; k < threads_.size(); ++k) {
    bool left = false;
    {
      const std::lock_guard lock(state_->mutex);
      left = state_->workers[k].left_behind && !state_->workers[k].ended;
    }
    if (left)
      threads_[k].detach();
    else
      threads_[k].join();
  }
}

std::size_t Crew::left_behind() {
  const std::lock_guard lock(state_->mutex);
  std::size_t n = 0;
  for (const State::Worker& w : state_->workers) n += w.left_behind && !w.ended ? 1 : 0;
  return n;
}

void Crew::start_worker() {
  std::size_t worker = 0;
  {
    const std::lock_guard lock(state_->mutex);
    worker = state_->workers.size();
    state_->workers.emplace_back();
  }
  threads_.emplace_back([state = state_, worker] {
    work(state, worker);
    // What the libraries keep for a thread would be lost with it.
    flint_cleanup();
    mpfr_free_cache();
  });
}

void Crew::work(const std::shared_ptr<State>& state, std::size_t worker) {
  for (;;) {
    std::size_t i = 0;
    {
      const std::lock_guard lock(state->mutex);
      State::Worker& self = state->workers[worker];
      if (self.left_behind || state->next >= state->claims.size()) {
        self.ended = true;
        return;
      }
      i = state->next++;
      self.claim = i;
      self.begin = Clock::now();
      self.so_far.reset();
    }
    CheckedClaim result;
    if (!state->stop.stop_requested()) {
      try {
        result.report = check(*state->claims[i], state->options, state->stop, [&](const ClaimReport& so_far) {
          const std::lock_guard lock(state->mutex);
          state->workers[worker].so_far = so_far;
        });
      } catch (const SyntaxError& error) {
        result.error = error;
      }
    }
    const std::lock_guard lock(state->mutex);
    State::Worker& self = state->workers[worker];
    self.claim.reset();
    if (self.left_behind) continue;
    state->slots[i].result = std::move(result);
    state->slots[i].done = true;
    state->changed.notify_all();
  }
}

void Crew::give_up_overdue() {
  std::size_t replaced = 0;
  {
    const std::lock_guard lock(state_->mutex);
    const auto now = Clock::now();
    if (state_->stop.stop_requested() && !state_->stopped_at) state_->stopped_at = now;
    const auto limit =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(state_->options.seconds));
    for (State::Worker& w : state_->workers) {
      if (!w.claim || w.left_behind) continue;
      const bool late = state_->options.seconds > 0 && now > w.begin + limit + grace;
      const bool stopped = state_->stopped_at && now > *state_->stopped_at + grace;
      if (!late && !stopped) continue;
      w.left_behind = true;
      ++replaced;
      State::Slot& slot = state_->slots[*w.claim];
      slot.done = true;
      if (!w.so_far) continue;
      slot.result.report = cut_short(std::move(*w.so_far), late ? "cut by the time limit" : "interrupted");
      slot.result.report->seconds = std::chrono::duration<double>(now - w.begin).count();
    }
  }
  for (; replaced > 0; --replaced) start_worker();
}

CheckedClaim Crew::take(std::size_t i) {
  for (;;) {
    {
      std::unique_lock lock(state_->mutex);
      state_->changed.wait_for(lock, look, [&] { return state_->slots[i].done; });
      if (state_->slots[i].done) return std::move(state_->slots[i].result);
    }
    give_up_overdue();
  }
}

}  // namespace nabla::app
