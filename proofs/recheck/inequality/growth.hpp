#pragma once

#include <functional>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/inequality/expression.hpp>

namespace nabla::rederive {

/// Limits of functions of one variable that runs to infinity, by the size of their leading term.
class Growing {
 public:
  static constexpr int unknown = 2;

  /// \param vanishes  whether a constant is certainly 0
  Growing(std::shared_ptr<Workspace> workspace, NodeId variable, std::function<bool(const Expr&)> vanishes)
      : workspace_(std::move(workspace)), variable_(variable), vanishes_(std::move(vanishes)) {}

  /// -1, 0 or 1 where the limit is a real number of that sign; `unknown` otherwise.
  int sign_of_limit(const Expr& e);

 private:
  /// f = lead * x^power * (1 + o(1)); with speed 1 or -1 f is larger or smaller than every power and has the sign of
  /// lead. A mere bound (no lead): f = o(x^power), or smaller than every power.
  struct Size {
    int speed = 0;
    Rational power = 0;
    Expr lead;
    bool is_bound() const { return lead.empty(); }
  };
  using Answer = std::optional<Size>;

  int sign(const Expr& constant) const;
  Answer term(const Expr& lead, const Rational& power) const;
  Answer constant(const Expr& c) const { return term(c, 0); }
  int end_of(const Size& s) const;
  std::optional<Expr> value_of(const Size& s) const;
  Answer plus(const Size& a, const Size& b) const;
  static Answer times(const Size& a, const Size& b);
  static Answer over(const Size& a);
  Answer applied(Opcode code, const std::vector<std::int64_t>& attributes, const std::vector<Size>& x) const;
  Answer settling(Opcode code, const Size& x) const;

  std::shared_ptr<Workspace> workspace_;
  NodeId variable_;
  std::function<bool(const Expr&)> vanishes_;
};

}  // namespace nabla::rederive
