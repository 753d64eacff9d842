#include <doctest/doctest.h>

#include <algorithm>
#include <engine/rule_check.hpp>

// A wrong derivative rule is found and named. Every rule of the registry is made wrong while the program runs, by a
// wrapper around it, in every operand; the check that the right rules pass then has to fail with the operator's name.

namespace {

using namespace nabla;
using namespace nabla::examples;
using namespace nabla::rule_check;

using MakeRule = Rule (*)(const Example&);
using Mutate = Rule (*)(Rule, std::size_t);

/// Whether the mutant of some example is found, and by the name of its operator.
bool found(Opcode code, MakeRule make, Mutate mutate, std::size_t operand) {
  for (const Example& example : of_operator(code)) {
    if (operand >= example.operands.size() || !example.operands[operand].moves) continue;
    for (const std::string& line : disagreements(mutate(make(example), operand), example))
      if (line.starts_with(operator_info(code).name + ":")) return true;
  }
  return false;
}

/// Whether the right rule contributes exactly nothing to the operand, in all examples.
bool always_zero(Opcode code, MakeRule make, std::size_t operand) {
  const Precision precision(digits);
  return std::ranges::all_of(of_operator(code), [&](const Example& example) {
    if (operand >= example.operands.size()) return true;
    const Rule rule = make(example);
    const Rule::At at = entries<Real>(example);
    const Rule::At contributions = rule.pullback(at, weights<Real>(static_cast<std::int64_t>(rule.value(at).size())));
    return std::ranges::all_of(contributions[operand], [](const Real& c) { return Number<Real>::is_zero(c); });
  });
}

void every_mutant_is_found(MakeRule make) {
  for (Opcode code = 0; code < builtin_count; ++code) {
    const OperatorInfo& info = operator_info(code);
    if (info.family == Family::leaf) continue;
    CAPTURE(info.name);
    std::size_t operands = 0;
    for (const Example& example : of_operator(code)) operands = std::max(operands, example.operands.size());
    for (std::size_t operand = 0; operand < operands; ++operand) {
      CAPTURE(operand);
      CHECK(found(code, make, &displaced, operand));
      if (always_zero(code, make, operand)) {
        // The negative of nothing is nothing. Only a step is flat everywhere.
        CHECK((info.facts.regularity == Regularity::discontinuous || (info.indexed && operand == 0)));
      } else {
        CHECK(found(code, make, &negated, operand));
      }
    }
  }
}

}  // namespace

TEST_CASE("a wrong sign in any numeric rule is found, and the operator named") { every_mutant_is_found(&numeric_rule); }

TEST_CASE("a wrong sign in any symbolic rule is found, and the operator named") {
  every_mutant_is_found(&symbolic_rule);
}
