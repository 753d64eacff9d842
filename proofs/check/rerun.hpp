#pragma once

#include <nabla/engine/run/function.hpp>

namespace nabla {

/// A Function of expressions run at one point after the other in one kind of number: values keep their places, and
/// constants are rounded once, to the precision at which this was made.
template <class V>
class Rerun {
 public:
  /// \throws UnsupportedError
  explicit Rerun(const Function& function)
      : inputs_(function.inputs().begin(), function.inputs().end()), run_(function.plan()) {}

  /// The run at a point, valid until the next call. \throws UndefinedError, ShapeError
  Run<V>& at(std::span<const Entries<V>> point) {
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (!inputs_[i].empty()) run_.set(inputs_[i].id(), point[i]);
    run_.forward();
    return run_;
  }

 private:
  std::vector<Ref> inputs_;
  Run<V> run_;
};

}  // namespace nabla
