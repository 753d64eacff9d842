#pragma once

#include <cstddef>

/// How often any operator new was called in this program, which replaces them all.
std::size_t allocations();
