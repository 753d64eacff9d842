#pragma once

#include <pthread.h>

#include <cstddef>
#include <functional>
#include <stdexcept>

/// Runs something where a recursion as deep as a large graph would not fit.
namespace nabla {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool has_large_frames = true;
#elif defined(__has_feature)
inline constexpr bool has_large_frames = __has_feature(address_sanitizer);
#else
inline constexpr bool has_large_frames = false;
#endif

/// Calls f on a thread with a stack of 256 KiB (1 MiB where sanitizers make frames large).
inline void on_a_small_stack(const std::function<void()>& f) {
  constexpr std::size_t stack = std::size_t{1} << (has_large_frames ? 20 : 18);
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack);
  const auto call = [](void* argument) -> void* {
    (*static_cast<const std::function<void()>*>(argument))();
    return nullptr;
  };
  const int failed = pthread_create(&thread, &attributes, call, const_cast<void*>(static_cast<const void*>(&f)));
  pthread_attr_destroy(&attributes);
  if (failed != 0) throw std::runtime_error("no thread with a small stack");
  pthread_join(thread, nullptr);
}

}  // namespace nabla
