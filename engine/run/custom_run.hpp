#pragma once

#include <nabla/engine/plan/custom_plan.hpp>
#include <nabla/engine/run/run.hpp>

/// A user's own operator in one kind of number: its value by its definition, its derivatives by its rule. Included by
/// run_definition.hpp.
namespace nabla {

namespace detail {

/// One part of a CustomPlan, run on scalars.
template <class V>
class CustomPart {
 public:
  explicit CustomPart(const CustomPlan::Part& part) : part_(&part), run_(part.plan) {}
  void set(std::size_t input, const V& entry) {
    if (const Ref at = part_->inputs[input]; !at.empty()) run_.set(at.id(), {&entry, 1});
  }
  void forward() { run_.forward(); }
  const V& output(std::size_t k) const { return run_.output(k)[0]; }

 private:
  const CustomPlan::Part* part_;
  Run<V> run_;
};

/// A part that is made when it is first run. (A vector, because a run holds the custom runs of its plan.)
template <class V>
class LazyPart {
 public:
  CustomPart<V>& of(const CustomPlan::Part& part) {
    if (made_.empty()) made_.emplace_back(part);
    return made_.front();
  }

 private:
  std::vector<CustomPart<V>> made_;
};

/// A kind that is a value with derivatives beside it (Dual, Taylor): it says in which kind its value is computed, and
/// how the derivatives follow from partials.
template <class V>
concept CarriesDerivatives = requires {
  typename Number<V>::Slope;
};

template <class V>
struct ValueKind {
  using value = V;
  using slope = V;
};
template <CarriesDerivatives V>
struct ValueKind<V> {
  using value = typename Number<V>::Value;
  using slope = typename Number<V>::Slope;
};

}  // namespace detail

/// \pre V is a kind that Run is instantiated for; a kind that carries derivatives needs Run of its value and slope.
template <class V>
class CustomRun {
 public:
  /// \throws UnsupportedError when the definition needs what V cannot do
  explicit CustomRun(const CustomPlan& plan) : plan_(&plan) {
    if constexpr (!depends) static_cast<void>(value_.of(plan.definition()));
  }

  /// The operator on tensors, with broadcasting.
  void value(const Operation<V>& op) {
    over_entries(
        op, [&](std::int64_t i, std::span<const V* const> x, std::span<V* const>) { op.result[i] = entry_value(x); });
  }
  /// Adds adjoint * partial to each wanted operand adjoint.
  void adjoint(const Operation<V>& op) {
    detail::CustomPart<V>& rule = rule_.of(plan_->rule());
    over_entries(op, [&](std::int64_t i, std::span<const V* const> x, std::span<V* const> to) {
      if constexpr (requires { Number<V>::is_zero(*op.adjoint); }) {  // of a branch that was not taken
        if (Number<V>::is_zero(op.adjoint[i])) return;
      }
      rule.set(0, op.adjoint[i]);
      rule.set(1, op.result[i]);
      for (std::size_t k = 0; k < x.size(); ++k) rule.set(k + 2, *x[k]);
      rule.forward();
      for (std::size_t k = 0; k < x.size(); ++k)
        if (to[k] != nullptr) *to[k] = *to[k] + rule.output(k);
    });
  }
  /// Whether an entry stands where the record says that no derivative exists.
  bool meets_kink(const Operation<V>& op) {
    bool met = false;
    if constexpr (Ordered<V> && !Lifted<V>) {
      if (plan_->kink().plan == nullptr) return false;
      detail::CustomPart<V>& kink = kink_.of(plan_->kink());
      over_entries(op, [&](std::int64_t, std::span<const V* const> x, std::span<V* const>) {
        for (std::size_t k = 0; k < x.size(); ++k) kink.set(k, *x[k]);
        kink.forward();
        met = met || !Number<V>::is_zero(kink.output(0));
      });
    }
    return met;
  }

 private:
  using Value = typename detail::ValueKind<V>::value;
  using Slope = typename detail::ValueKind<V>::slope;
  static constexpr bool depends = requires(std::span<const V> x) { Number<V>::follows(x); };

  V entry_value(std::span<const V* const> x) {
    if constexpr (depends) {
      const Plan& rule = *plan_->rule().plan;
      std::vector<V> moving;
      for (std::size_t k = 0; k < x.size(); ++k) {
        const Ref product = rule.outputs()[k];
        if (!product.is_constant() || !rule.graph().constant_at(product.index()).is(0)) moving.push_back(*x[k]);
      }
      return Number<V>::follows(moving);
    } else {
      detail::CustomPart<Value>& definition = value_.of(plan_->definition());
      for (std::size_t k = 0; k < x.size(); ++k) {
        if constexpr (detail::CarriesDerivatives<V>) {
          definition.set(k, Number<V>::value_of(*x[k]));
        } else {
          definition.set(k, *x[k]);
        }
      }
      definition.forward();
      if constexpr (!detail::CarriesDerivatives<V>) {
        return definition.output(0);
      } else {
        std::vector<V> operands;
        for (const V* each : x) operands.push_back(*each);
        return Number<V>::carry(definition.output(0), operands,
                                [this](std::size_t k, const Slope& seed, const Slope& y, std::span<const Slope> at) {
                                  detail::CustomPart<Slope>& rule = slope_.of(plan_->rule());
                                  rule.set(0, seed);
                                  rule.set(1, y);
                                  for (std::size_t i = 0; i < at.size(); ++i) rule.set(i + 2, at[i]);
                                  rule.forward();
                                  return rule.output(k);
                                });
      }
    }
  }

  /// use(entry, operands, where their adjoints are added up) for each entry of the result.
  template <class Use>
  void over_entries(const Operation<V>& op, Use use) {
    const std::size_t arity = op.operands.size();
    const Shape& out = *op.result.shape;
    std::vector<std::vector<std::int64_t>> strides;
    for (const View<const V>& x : op.operands) strides.push_back(broadcast_strides(*x.shape, out));
    std::vector<std::int64_t> index(out.rank(), 0), at(arity, 0);
    std::vector<const V*> entry(arity);
    std::vector<V*> to(arity, nullptr);
    for (std::int64_t i = 0; i < op.result.size(); ++i) {
      for (std::size_t k = 0; k < arity; ++k) {
        entry[k] = op.operands[k].data + at[k];
        if (!op.operand_adjoints.empty() && op.operand_adjoints[k] != nullptr) to[k] = op.operand_adjoints[k] + at[k];
      }
      use(i, std::span<const V* const>(entry), std::span<V* const>(to));
      for (std::size_t axis = out.rank(); axis-- > 0;) {
        for (std::size_t k = 0; k < arity; ++k) at[k] += strides[k][axis];
        if (++index[axis] < out[axis]) break;
        for (std::size_t k = 0; k < arity; ++k) at[k] -= strides[k][axis] * out[axis];
        index[axis] = 0;
      }
    }
  }

  const CustomPlan* plan_;
  detail::LazyPart<Value> value_;
  detail::LazyPart<V> rule_;
  detail::LazyPart<V> kink_;
  detail::LazyPart<Slope> slope_;
};

}  // namespace nabla
