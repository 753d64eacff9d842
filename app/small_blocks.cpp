#include <gmp.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nabla/app/small_blocks.hpp>
#include <new>
#include <utility>

// Under a sanitizer each block is to be seen as it is.
#if defined(__SANITIZE_ADDRESS__)
#define NABLA_EACH_BLOCK_IS_WATCHED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define NABLA_EACH_BLOCK_IS_WATCHED
#endif
#endif

namespace nabla::app {

#ifdef NABLA_EACH_BLOCK_IS_WATCHED

void keep_small_blocks() {}

#else

namespace {

constexpr std::size_t limb = sizeof(mp_limb_t);
constexpr std::size_t most_limbs = 16;  // of a block that is kept
constexpr unsigned most_kept = 2048;    // blocks of one size, per thread

struct Block {
  Block* next;
};
static_assert(sizeof(Block) <= limb);

/// Without constructor and destructor: numbers are freed while a thread ends, too.
struct Kept {
  std::array<Block*, most_limbs + 1> first;
  std::array<unsigned, most_limbs + 1>
      room;  // for so many more; none before the end of the thread is watched, and after
  bool is_watched;
};
thread_local constinit Kept kept{};

/// Frees what a thread has kept at its end.
struct Closing {
  ~Closing() {
    kept.room.fill(0);
    for (Block*& list : kept.first)
      while (list != nullptr) std::free(std::exchange(list, list->next));
  }
};

/// Whether there is room from now on.
bool open_lists() {
  if (kept.is_watched) return false;
  kept.is_watched = true;
  thread_local const Closing closing;
  (void)closing;
  for (std::size_t k = 1; k <= most_limbs; ++k) kept.room[k] = most_kept;
  return true;
}

/// The number of limbs of a block; large where it is no whole number of them.
constexpr std::size_t limbs(std::size_t size) { return std::rotr(size, std::countr_zero(limb)); }

[[noreturn]] void out_of_memory() {
  std::fputs("nabla: out of memory\n", stderr);  // GMP does not take exceptions
  std::abort();
}

void* allocate(std::size_t size) {
  if (const std::size_t k = limbs(size); k <= most_limbs && kept.first[k] != nullptr) {
    ++kept.room[k];
    return std::exchange(kept.first[k], kept.first[k]->next);
  }
  void* const block = std::malloc(size);
  if (block == nullptr) out_of_memory();
  return block;
}

void release(void* block, std::size_t size) {
  const std::size_t k = limbs(size);
  if (k == 0 || k > most_limbs || (kept.room[k] == 0 && !open_lists())) {
    std::free(block);
    return;
  }
  --kept.room[k];
  kept.first[k] = new (block) Block{kept.first[k]};
}

void* reallocate(void* block, std::size_t old_size, std::size_t size) {
  if (limbs(old_size) > most_limbs && limbs(size) > most_limbs) {
    void* const moved = std::realloc(block, size);
    if (moved == nullptr) out_of_memory();
    return moved;
  }
  void* const moved = allocate(size);
  std::memcpy(moved, block, old_size < size ? old_size : size);
  release(block, old_size);
  return moved;
}

}  // namespace

void keep_small_blocks() { mp_set_memory_functions(allocate, reallocate, release); }

#endif

}  // namespace nabla::app
