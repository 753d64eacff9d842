#pragma once

#include <map>
#include <nabla/engine/record/expr.hpp>
#include <optional>

namespace nabla {

/// An expression as a combination, with integer ratios, of nodes of its shape that are not sums, differences or
/// multiples: x + 1 * (y - x) is y. Equal forms are equal expressions; different ones may be equal all the same.
class LinearForm {
 public:
  explicit LinearForm(const Expr& e);
  friend bool operator==(const LinearForm&, const LinearForm&) = default;
  const std::map<std::uint64_t, std::pair<std::int64_t, std::int64_t>>& terms() const { return terms_; }
  /// Whether it is faithful: no factor grew too large.
  bool valid() const { return valid_; }

 private:
  void add(std::uint64_t leaf, std::int64_t num, std::int64_t den);
  std::map<std::uint64_t, std::pair<std::int64_t, std::int64_t>> terms_;  // by Ref::bits; lowest terms
  bool valid_ = true;
};

/// k with a == k b, where the linear forms show it; also for a scalar b that is constant.
std::optional<Constant> proportion(const Expr& a, const Expr& b);

}  // namespace nabla
