#pragma once

#include <filesystem>
#include <memory>
#include <nabla/engine/compile/compiled.hpp>

namespace nabla {

struct NativeOptions {
  /// A C++17 compiler; empty: $CXX, or c++.
  std::string compiler{};
  std::vector<std::string> flags{"-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off"};
  /// Where shared objects are kept, by content; empty: $XDG_CACHE_HOME/nabla or ~/.cache/nabla.
  std::filesystem::path cache{};
};

/// A function of scalars as machine code: to_cpp_source(), built by the system's compiler into a shared object that is
/// kept and found again by its content. Without a compiler, or where it fails, the function runs as Compiled. One
/// object serves one thread at a time.
class Native {
 public:
  /// \throws UnsupportedError where the function is not made of scalars and elementwise operators
  explicit Native(const Function& function, const NativeOptions& options = {});

  std::size_t input_count() const { return fallback_.input_count(); }
  /// Whether machine code was made; if not, why not.
  bool is_native() const { return gradient_ != nullptr; }
  const std::string& reason() const { return reason_; }

  /// The first output. \throws std::invalid_argument for a wrong number of inputs; std::runtime_error where a recorded
  /// program would have taken another way
  double value(std::span<const double> inputs);
  /// \pre `gradient` and `inputs` do not overlap
  double gradient(std::span<const double> inputs, std::span<double> gradient);

 private:
  using Value = double (*)(const double*, char*);
  using Gradient = double (*)(const double*, double*, char*);
  double checked(double result, const char* message) const;

  Compiled fallback_;
  std::shared_ptr<void> library_;
  Value value_ = nullptr;
  Gradient gradient_ = nullptr;
  std::string reason_;
};

}  // namespace nabla
