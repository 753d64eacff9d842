#pragma once

#include <functional>
#include <map>
#include <nabla/proofs/claim/block.hpp>
#include <set>

#include "number.hpp"

namespace perturb {

enum class Truth { fails, unclear, holds };

/// Evaluates the expressions and relations of one claim by the text of the language, at one choice of dimensions and
/// one point. Derivatives are central differences with h = 1e-30, good to about 1e-50 for the functions used here.
class Evaluator {
 public:
  explicit Evaluator(const nabla::Claim& claim);

  /// Dimensions, indices, given variables and bound ones.
  std::map<std::string, Value, std::less<>> variables;

  Value value(nabla::SyntaxId id);
  /// A relation, negation or implication. Sides closer than 1e-20 (relatively) but not within 1e-45 are unclear.
  Truth truth(nabla::SyntaxId id);
  /// A number that must be an integer (a dimension, an index).
  long integer(nabla::SyntaxId id);
  const nabla::Syntax& syntax() const { return syntax_; }

 private:
  struct Function {
    std::vector<std::string> parameters;
    nabla::SyntaxId body = 0;
  };

  Value binary(nabla::SyntaxId id);
  Value product(const Value& a, const Value& b);
  Value index(nabla::SyntaxId id);
  Value entries_of(nabla::SyntaxId id);
  Value bound(nabla::SyntaxId id);
  Value call(nabla::SyntaxId id);
  Value apply(const Function& function, const std::vector<Value>& arguments);
  Value derivative_call(std::string_view name, nabla::SyntaxId id);
  Value derivative_of_function(std::string_view name, const std::string& function, int order, const Value& at);
  /// d f / d (entries of x): shape(f) then shape(x).
  Value differences(const std::function<Value(const Value&)>& f, const Value& x);
  Truth relation(nabla::SyntaxId id);
  bool decided(nabla::SyntaxId id);

  // calls.cpp
  Value elementwise(const Value& a, const Value& b, const std::function<Mp(const Mp&, const Mp&)>& f,
                    std::string_view what);
  Value of_registered(std::string_view name, const std::vector<Value>& arguments);
  Mp kinked(const Mp& x) const;

  const nabla::Claim& claim_;
  const nabla::Syntax& syntax_;
  std::map<std::string, Function, std::less<>> functions_;
  std::map<std::string, nabla::SyntaxId, std::less<>> abbreviations_;
  int differentiating_ = 0;
};

Value map_entries(const Value& x, const std::function<Mp(const Mp&)>& f);
Mp power(const Mp& base, const Mp& exponent);
Value transposed(const Value& x);
std::string to_text(const Shape& shape);
/// How two sides compare, entry by entry.
Truth compare(nabla::Relation relation, const Value& a, const Value& b);

}  // namespace perturb
