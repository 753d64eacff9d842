#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace nabla {

/// Threads that work on one thing at a time. Work is cut into the same pieces whatever the number of threads, so that
/// results have the same bits; which thread does a piece is left open.
class Workers {
 public:
  /// \param threads  1: the caller's own and no other; 0: as many as the machine has
  explicit Workers(std::size_t threads = 1);
  ~Workers();
  Workers(Workers&&) noexcept;
  Workers& operator=(Workers&&) noexcept;

  std::size_t threads() const { return threads_; }

  /// Calls work(piece, slot) for every piece < pieces and returns when all are done. Calls that run at one time have
  /// different slots < threads(). \pre work throws nothing
  template <class Work>
  void for_each(std::size_t pieces, Work&& work) {
    if (threads_ == 1 || pieces <= 1) {
      for (std::size_t p = 0; p < pieces; ++p) work(p, std::size_t{0});
      return;
    }
    share(
        pieces,
        [](void* context, std::size_t piece, std::size_t slot) {
          (*static_cast<std::remove_reference_t<Work>*>(context))(piece, slot);
        },
        &work);
  }

 private:
  struct Arena;
  void share(std::size_t pieces, void (*work)(void* context, std::size_t piece, std::size_t slot), void* context);
  std::size_t threads_;
  std::unique_ptr<Arena> arena_;  // null for one thread
};

}  // namespace nabla
