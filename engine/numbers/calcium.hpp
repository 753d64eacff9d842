#pragma once

#include <flint/flint.h>

// The one place that knows how Calcium's headers are included. Those of version 0.4 give the result of flint_malloc to
// pointers of any type, which C allows and C++ does not: here it converts.
namespace nabla::calcium {

struct AnyPointer {
  void* address;
  template <class T>
  operator T*() const {
    return static_cast<T*>(address);
  }
};

}  // namespace nabla::calcium

#define flint_malloc(size) (::nabla::calcium::AnyPointer{(flint_malloc)(size)})
#define flint_realloc(old, size) (::nabla::calcium::AnyPointer{(flint_realloc)(old, size)})
#define flint_calloc(count, size) (::nabla::calcium::AnyPointer{(flint_calloc)(count, size)})
#if __has_include(<calcium/ca.h>)
#include <calcium/ca.h>
#else
#include <flint/ca.h>
#endif
#undef flint_malloc
#undef flint_realloc
#undef flint_calloc
