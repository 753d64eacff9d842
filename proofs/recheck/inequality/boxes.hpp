#pragma once

#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/recheck/inequality/expression.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>

/// Enclosures of expressions over parts of a region.
namespace nabla::rederive {

/// Ranges of the givens, by their index.
using Part = std::vector<Enclosure>;

/// The region as a part of itself.
Part part_of(const Problem& region);

/// A number near the middle. \pre both ends are finite
End midpoint(const Enclosure& x);

/// The value of a constant expression; the whole line where it is not constant.
Enclosure constant_value(const Expr& e);

/// Some expressions, run over parts. The workspace must not grow while it is used.
class Evaluation {
 public:
  Evaluation(const Problem& region, std::span<const Expr> outputs);
  void run(const Part& part);
  const Enclosure& output(std::size_t k) const { return run_->output(k)[0]; }
  /// Every operation that the outputs need is applied inside its domain, and jumps nowhere.
  bool continuous() const;
  /// And has a derivative.
  bool differentiable() const;

 private:
  bool regular(bool smooth) const;
  const Problem& region_;
  std::shared_ptr<const Plan> plan_;
  std::unique_ptr<Run<Enclosure>> run_;
};

/// Whether g >= 0 (strict: > 0) over the region, by bisection and first derivatives, within so many parts.
bool holds_on_parts(const Problem& region, const Expr& g, bool strict, std::size_t most);

}  // namespace nabla::rederive
