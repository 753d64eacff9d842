#include <deque>
#include <mutex>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/record/custom.hpp>
#include <shared_mutex>

namespace nabla {

namespace {

using Condition = Expr (*)(Attributes, std::span<const Expr>);

struct Row {
  PullbackRule pullback = nullptr;
  Condition kink = nullptr;
  Condition domain = nullptr;
  Condition definition = nullptr;
  Condition algebraic = nullptr;
};

template <std::size_t... K, class Use>
Expr unpack(std::span<const Expr> x, std::index_sequence<K...>, Use use) {
  return use(x[K]...);
}

/// The condition that x lies in a set of reals; empty when that says nothing.
Expr inside(const Reals& set, const Expr& x) {
  Expr condition;
  const auto also = [&condition](const Expr& c) { condition = condition.empty() ? c : condition * c; };
  // The ends are small integers, exact in double.
  if (set.lo > -unbounded) {
    const Expr lo(static_cast<std::int64_t>(set.lo));
    also(set.lo_closed ? le(lo, x) : lt(lo, x));
  }
  if (set.hi < unbounded) {
    const Expr hi(static_cast<std::int64_t>(set.hi));
    also(set.hi_closed ? le(x, hi) : lt(x, hi));
  }
  switch (set.hole) {
    case Hole::none:
      break;
    case Hole::zero:
      also(ne(x, 0));
      break;
    case Hole::nonpositive_integers:
      also(max(lt(0, x), ne(x, floor(x))));
      break;
    case Hole::odd_multiples_of_half_pi:
      also(ne(nabla::cos(x), 0));
      break;
  }
  return condition;
}

template <class Op>
Row make_row() {
  Row row;
  if constexpr (Op::family != Family::leaf) {
    row.pullback = &detail::symbolic_pullback<Op>;
    if constexpr (ElementwiseOperator<Op>) {
      using N = std::make_index_sequence<static_cast<std::size_t>(Op::arity)>;
      if constexpr (requires { &Op::template kink<Expr>; })
        row.kink = [](Attributes a, std::span<const Expr> x) {
          return unpack(x, N{}, [&](const auto&... each) {
            if constexpr (Op::indexed)
              return Op::template kink<Expr>(a[0], each...);
            else
              return Op::template kink<Expr>(each...);
          });
        };
      if constexpr (requires { &Op::template defined<Expr>; }) {
        row.domain = [](Attributes a, std::span<const Expr> x) {
          return unpack(x, N{}, [&](const auto&... each) {
            if constexpr (Op::indexed)
              return Op::template defined<Expr>(a[0], each...);
            else
              return Op::template defined<Expr>(each...);
          });
        };
      } else {
        row.domain = [](Attributes, std::span<const Expr> x) {
          Expr first = inside(Op::facts.domain, x[0]);
          if constexpr (Op::arity < 2) return first;
          Expr second = inside(Op::facts.domain2, x[x.size() > 1 ? 1 : 0]);
          return first.empty() ? second : second.empty() ? first : first * second;
        };
      }
      if constexpr (requires { &Op::template algebraic<Expr>; })
        row.algebraic = [](Attributes, std::span<const Expr> x) {
          return unpack(x, N{}, [](const auto&... each) { return Op::template algebraic<Expr>(each...); });
        };
      if constexpr (Op::composite)
        row.definition = [](Attributes a, std::span<const Expr> x) { return detail::definition_of<Op>(a, x, N{}); };
    } else {
      if constexpr (requires { &Op::template kink<Expr>; }) row.kink = &Op::template kink<Expr>;
      if constexpr (requires { &Op::template defined<Expr>; }) row.domain = &Op::template defined<Expr>;
    }
  }
  return row;
}

const Row& builtin_row(Opcode code) {
  static const std::vector<Row> rows = [] {
    std::vector<Row> made;
    for_each_operator([&made]<class Op>() { made.push_back(make_row<Op>()); });
    return made;
  }();
  return rows[code];
}

struct CustomTable {
  std::deque<CustomOperator> rows;
  std::shared_mutex mutex;
};
CustomTable& custom_table() {
  static CustomTable table;
  return table;
}

}  // namespace

const CustomOperator& custom_operator(Opcode code) {
  std::shared_lock lock(custom_table().mutex);
  return custom_table().rows[code - builtin_count];
}

Opcode detail::register_custom(OperatorInfo info, CustomOperator rules) {
  std::unique_lock lock(custom_table().mutex);
  const Opcode code = register_operator_info(std::move(info));
  custom_table().rows.push_back(std::move(rules));
  return code;
}

PullbackRule pullback_rule(Opcode code) {
  return code < builtin_count ? builtin_row(code).pullback : custom_operator(code).pullback;
}

Expr kink_condition(Opcode code, Attributes attributes, std::span<const Expr> x) {
  if (code >= builtin_count) {
    const auto& kink = custom_operator(code).kink;
    return kink ? kink(attributes, x) : Expr();
  }
  if (builtin_row(code).kink == nullptr) return {};
  return builtin_row(code).kink(attributes, x);
}

Expr domain_condition(Opcode code, Attributes attributes, std::span<const Expr> x) {
  if (code >= builtin_count || builtin_row(code).domain == nullptr) return {};
  return builtin_row(code).domain(attributes, x);
}

Expr expand_definition(Opcode code, Attributes attributes, std::span<const Expr> x) {
  if (code >= builtin_count) return custom_operator(code).definition(attributes, x);
  if (builtin_row(code).definition == nullptr) return {};
  return builtin_row(code).definition(attributes, x);
}

Expr algebraic_form(Opcode code, Attributes attributes, std::span<const Expr> x) {
  if (code < builtin_count && builtin_row(code).algebraic != nullptr) return builtin_row(code).algebraic(attributes, x);
  return expand_definition(code, attributes, x);
}

namespace {

/// Whether a value can be exactly zero because a branch was not taken: it hangs on a condition. Remembered per node.
bool conditional(const Expr& e) {
  if (!e.ref().is_node()) return false;
  return e.workspace()->hangs_on_condition(e.ref().id());
}

}  // namespace

Expr detail::chain(const Expr& adjoint, const Expr& partial) {
  if (adjoint.is(1) && adjoint.shape() == partial.shape()) return partial;
  if (partial.constant() != nullptr || !conditional(adjoint)) return adjoint * partial;
  return masked(adjoint, partial);
}

}  // namespace nabla
