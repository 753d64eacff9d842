#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/matrix/reading.hpp>

namespace nabla::matrix {

/// Replaces words by smaller sums, by the relations of a reading: in each the largest word whose coefficient is not 0
/// is the one that is replaced. What is left depends on the order of letters; only that it is 0 means something.
class Rewriting {
 public:
  Rewriting(Reading& reading, Order order, const Budget& budget);
  /// \throws NotHandled past a bound of steps
  Words reduced(const Words& sum);

 private:
  struct Rule {
    Word from;
    Words to;
  };
  void add(const Words& zero);
  const Rule* rule_for(const Word& word, std::size_t& at) const;
  Scalar reduced(const Scalar& scalar);
  std::optional<Scalar> reduced(const Word& of_trace);

  Reading& reading_;
  Order order_;
  const Budget& budget_;
  std::vector<Rule> rules_;
  std::size_t steps_ = 0;
};

}  // namespace nabla::matrix
