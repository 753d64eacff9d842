#pragma once

#include <algorithm>
#include <nabla/engine/record/active.hpp>
#include <string>

/// Gradients of long chains, state(t + 1) = step(t, state(t)), in little memory: some states are stored, the others are
/// computed again from them, by the binomial schedule, which runs the fewest steps again. Griewank and Walther,
/// Algorithm 799: revolve, ACM TOMS 26 (2000). With s states stored every step of a chain of binomial(s + r, s) is run
/// at most r times more: 10 stored states sweep 8008 steps back at 6 times, 20 sweep 53130 at 5 times.
namespace nabla {

namespace detail {

struct BinomialRange {
  std::uint64_t states = 0;  ///< s: more than there are steps are of no use
  std::uint64_t times = 0;   ///< r, the least for which beta(s, r) >= steps
  std::uint64_t least = 0;   ///< beta(s, r - 1), 0 for r = 0
};
/// beta(s, r) = binomial(s + r, s): the steps that s stored states sweep back when none is run more than r times again.
inline BinomialRange binomial_range(std::uint64_t steps, std::uint64_t stored) {
  constexpr std::uint64_t most = std::uint64_t{1} << 31;  // what the products below have room for
  if (stored == 0) throw std::invalid_argument("a chain is swept back from one stored state at least, its first");
  if (steps > most) throw std::length_error("a chain has at most 2^31 steps");
  BinomialRange found;
  found.states = std::min(stored, most);
  for (std::uint64_t beta = 1; beta < steps;) {
    ++found.times;
    found.least = beta;
    beta = beta * (found.states + found.times) / found.times;
  }
  return found;
}

}  // namespace detail

/// How many steps are run to sweep `steps` of them back when `stored` states fit in memory, the first among them: the
/// least possible. Steps that are recorded, each once, do not count. \throws std::invalid_argument for stored = 0
/// \throws std::length_error past 2^31 steps
inline std::uint64_t fewest_steps_again(std::uint64_t steps, std::uint64_t stored) {
  const auto [s, r, least] = detail::binomial_range(steps, stored);
  // r steps - beta(s + 1, r - 1), and beta(s + 1, r - 1) = beta(s, r - 1) (s + r) / (s + 1).
  return r == 0 ? 0 : r * steps - least * (s + r) / (s + 1);
}

/// How many steps after a stored state the next is stored, of a chain of `steps` > 1 with room for `stored` > 1 states,
/// itself among them.
inline std::uint64_t next_stored_after(std::uint64_t steps, std::uint64_t stored) {
  const auto [s, r, least] = detail::binomial_range(steps, stored);
  // Any k with beta(s, r - 2) <= k <= beta(s, r - 1) and beta(s - 1, r - 1) <= steps - k <= beta(s - 1, r) is best. The
  // largest stores the fewest states.
  const std::uint64_t on_the_right = least * s / (s + r - 1);  // beta(s - 1, r - 1)
  return std::max<std::uint64_t>(1, std::min(least, steps - on_the_right));
}

/// What a gradient of a chain took.
template <class V>
struct ChainReport {
  V value{};
  std::uint64_t steps_again = 0;  ///< run without recording; fewest_steps_again() of them
  std::size_t stored = 0;         ///< states at most at a time
  std::size_t statements = 0;     ///< recorded, over all steps
  std::size_t bytes = 0;          ///< of stored states and of the tape, at most

  double bytes_per_statement() const { return static_cast<double>(bytes) / static_cast<double>(statements); }
};

/// objective(state(N), parameters) where state(0) = `state` and step makes state(t + 1) of state(t) in place, and its
/// derivatives by state(0) and by the parameters. At most `stored` states are kept, and the tape of one step.
///
///   step(std::size_t t, std::vector<T>& state, const std::vector<T>& parameters)        // T = V and Active<V>
///   objective(const std::vector<T>& state, const std::vector<T>& parameters) -> T       // T = Active<V>
///
/// The bits are those of one tape over the whole chain, unless a step makes one variable two entries of a state. A step
/// must do the same each time it is run from the same state. \pre by_state and by_parameters are as long as what they
/// are derivatives by \throws std::invalid_argument otherwise, for stored = 0, or where a step changes the number of
/// entries; std::length_error past 2^31 steps
template <class V, class Step, class Objective>
ChainReport<V> value_and_gradient_of_chain(const Step& step, const Objective& objective, std::size_t steps,
                                           std::size_t stored, std::span<const V> state, std::span<V> by_state,
                                           std::span<const V> parameters = {}, std::span<V> by_parameters = {}) {
  if (state.size() != by_state.size() || parameters.size() != by_parameters.size())
    throw std::invalid_argument("value_and_gradient_of_chain: " + std::to_string(state.size()) + " + " +
                                std::to_string(parameters.size()) + " numbers, but room for " +
                                std::to_string(by_state.size()) + " + " + std::to_string(by_parameters.size()) +
                                " derivatives");
  static_cast<void>(detail::binomial_range(steps, stored));
  ChainReport<V> report;
  detail::KeptTape<V> kept;
  Tape<V>& tape = kept.tape();
  const std::vector<V> constants(parameters.begin(), parameters.end());
  std::vector<Active<V>> before, after, active_parameters, outputs;
  std::vector<V> adjoint(state.size()), seeds;
  std::fill(by_parameters.begin(), by_parameters.end(), V(0));

  // States that are kept, by their step; what later ones were in serves again.
  struct Stored {
    std::size_t at;
    std::vector<V> state;
  };
  std::vector<Stored> kept_states;
  std::size_t in_use = 0;
  const auto store = [&](std::size_t at, const std::vector<V>& entries) {
    if (in_use == kept_states.size()) kept_states.emplace_back();
    kept_states[in_use].at = at;
    kept_states[in_use++].state = entries;
    report.stored = std::max(report.stored, in_use);
  };
  const auto check = [&](std::size_t entries) {
    if (entries != state.size())
      throw std::invalid_argument("value_and_gradient_of_chain: a step made " + std::to_string(entries) +
                                  " entries of a state of " + std::to_string(state.size()));
  };

  /// Records what is after a state up to the next, or up to the value, and sweeps it back.
  const auto sweep = [&](const std::vector<V>& from, std::size_t at) {
    tape.clear();
    tape.inputs(from, before);
    tape.inputs(constants, active_parameters);
    after = before;
    if (at < steps) step(at, after, static_cast<const std::vector<Active<V>>&>(active_parameters));
    check(after.size());
    // What later steps found for the parameters is where their adjoints start, as in one sweep over all.
    outputs = active_parameters;
    seeds.assign(by_parameters.begin(), by_parameters.end());
    if (at + 1 >= steps) {
      outputs.push_back(objective(static_cast<const std::vector<Active<V>>&>(after),
                                  static_cast<const std::vector<Active<V>>&>(active_parameters)));
      seeds.push_back(V(1));
      report.value = outputs.back().value();
    } else {
      outputs.insert(outputs.end(), after.begin(), after.end());
      seeds.insert(seeds.end(), adjoint.begin(), adjoint.end());
    }
    tape.reverse(outputs, seeds);
    for (std::size_t i = 0; i < adjoint.size(); ++i) adjoint[i] = tape.adjoint(before[i]);
    for (std::size_t j = 0; j < constants.size(); ++j) by_parameters[j] = tape.adjoint(active_parameters[j]);
    report.statements += tape.statements();
  };

  std::vector<V> now(state.begin(), state.end());
  store(0, now);
  if (steps == 0) sweep(now, 0);
  for (std::size_t end = steps; end > 0;) {
    const std::size_t at = kept_states[in_use - 1].at;
    if (at + 1 == end) {
      sweep(kept_states[in_use - 1].state, at);
      --end;
      if (at > 0) --in_use;
      continue;
    }
    const std::size_t room = stored - in_use + 1;
    const std::size_t until = room == 1 ? end - 1 : at + static_cast<std::size_t>(next_stored_after(end - at, room));
    now = kept_states[in_use - 1].state;
    for (std::size_t t = at; t < until; ++t) step(t, now, constants);
    check(now.size());
    report.steps_again += until - at;
    if (room > 1) {
      store(until, now);
    } else {
      sweep(now, until);
      --end;
    }
  }
  std::copy(adjoint.begin(), adjoint.end(), by_state.begin());
  report.bytes = report.stored * state.size() * sizeof(V) + tape.bytes();
  return report;
}

}  // namespace nabla
