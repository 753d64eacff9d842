#pragma once

#include <cstddef>

/// Every how many rows of a long table of claims are looked at: each one, but under sanitizers, where a claim takes ten
/// times as long.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t row_stride = 12;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::size_t row_stride = 12;
#else
constexpr std::size_t row_stride = 1;
#endif
#else
constexpr std::size_t row_stride = 1;
#endif
