#pragma once

#include "evaluate.hpp"

/// What the predicates of the language mean, written down once more: at a point or a pair of points of their set.
namespace perturb {

struct PredicateCall {
  PredicateCall(const nabla::Syntax& syntax, nabla::SyntaxId id);
  std::string name;
  nabla::SyntaxId id;
  nabla::SyntaxId subject;
  std::string variable;  ///< empty: `defined`
};

bool is_defined(Evaluator& evaluator, nabla::SyntaxId subject);

/// Whether one-sided difference quotients agree in every direction of an axis. Where the expression ends on one side,
/// that of the other has to settle down.
Truth differentiable_at(Evaluator& evaluator, const PredicateCall& call, const Value& x);

/// The definition of a predicate at a pair of points.
Truth at_pair(Evaluator& evaluator, const PredicateCall& call, const Value& x, const Value& y);

/// x + t (y - x)
Value mixed(const Value& x, const Value& y, const Mp& t);

}  // namespace perturb
