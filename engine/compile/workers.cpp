#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <nabla/engine/compile/workers.hpp>

namespace nabla {

namespace tbb = oneapi::tbb;

struct Workers::Arena {
  explicit Arena(std::size_t threads)
      : limit(tbb::global_control::max_allowed_parallelism, std::max(threads, machine())),
        arena(static_cast<int>(threads)) {}
  static std::size_t machine() { return static_cast<std::size_t>(tbb::info::default_concurrency()); }
  tbb::global_control limit;  // as many as were asked for, though the machine has fewer
  tbb::task_arena arena;
};

Workers::Workers(std::size_t threads) : threads_(threads == 0 ? Arena::machine() : threads) {
  if (threads_ > 1) arena_ = std::make_unique<Arena>(threads_);
}
Workers::~Workers() = default;
Workers::Workers(Workers&&) noexcept = default;
Workers& Workers::operator=(Workers&&) noexcept = default;

void Workers::share(std::size_t pieces, void (*work)(void*, std::size_t, std::size_t), void* context) {
  arena_->arena.execute([&] {
    tbb::parallel_for(std::size_t{0}, pieces, [&](std::size_t piece) {
      work(context, piece, static_cast<std::size_t>(tbb::this_task_arena::current_thread_index()));
    });
  });
}

}  // namespace nabla
