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
    bool takes_math = false;        ///< as the first parameter
  };
  /// `double NAME(...)`, or std::array with several outputs. With `math` its exp, log, sin and cos, where it has some,
  /// are functions of a parameter of that name. \pre parameters are variables of the current workspace
  Function add(std::span<const Expr> outputs, std::span<const Expr> parameters, bool math);

  const std::vector<std::string>& texts() const { return texts_; }
  const std::set<std::string>& includes() const { return includes_; }
  /// Whether some function takes `math`.
  bool take_math() const { return takes_math_; }

 private:
  std::string prefix_;
  std::vector<std::string> texts_;
  std::map<std::string, std::string> names_;  // by code
  std::set<std::string> includes_;
  bool takes_math_ = false;
};

}  // namespace nabla
