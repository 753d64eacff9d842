#pragma once

#include <map>
#include <nabla/engine/record/expr.hpp>
#include <set>
#include <string>
#include <vector>

namespace nabla {

/// C++ functions written from expressions; equal ones are written once, whatever they are asked for.
class FunctionTexts {
 public:
  explicit FunctionTexts(std::string prefix) : prefix_(std::move(prefix)) {}

  struct Function {
    std::string name;
    std::vector<std::size_t> used;  ///< the parameters that it takes: those that an output depends on
  };
  /// `double NAME(...)`, or std::array with several outputs. \pre parameters are variables of the current workspace
  Function add(std::span<const Expr> outputs, std::span<const Expr> parameters);

  const std::vector<std::string>& texts() const { return texts_; }
  const std::set<std::string>& includes() const { return includes_; }

 private:
  std::string prefix_;
  std::vector<std::string> texts_;
  std::map<std::string, std::string> names_;  // by code
  std::set<std::string> includes_;
};

}  // namespace nabla
