#include <array>
#include <cmath>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/train/optimisers.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace nabla {

namespace {

constexpr std::array<std::pair<std::string_view, Schedule::Kind>, 5> schedules{
    {{"constant", Schedule::Kind::constant},
     {"1/t", Schedule::Kind::inverse},
     {"exponential", Schedule::Kind::exponential},
     {"step", Schedule::Kind::step},
     {"cosine", Schedule::Kind::cosine}}};

/// Calls visit(record) with a new record of each kind.
template <class Visit, std::size_t... K>
void for_each_optimiser(Visit&& visit, std::index_sequence<K...>) {
  (visit(std::variant_alternative_t<K, Optimiser>{}), ...);
}
template <class Visit>
void for_each_optimiser(Visit&& visit) {
  for_each_optimiser(visit, std::make_index_sequence<std::variant_size_v<Optimiser>>{});
}

std::string number_text(double x) { return Number<double>::to_text(x, 0); }

}  // namespace

std::string_view name_of(Schedule::Kind kind) {
  for (const auto& [name, each] : schedules)
    if (each == kind) return name;
  return "?";
}
Schedule::Kind schedule_named(std::string_view name) {
  std::string known;
  for (const auto& [each, kind] : schedules) {
    if (each == name) return kind;
    known += (known.empty() ? "" : ", ") + std::string(each);
  }
  throw std::invalid_argument("there is no schedule '" + std::string(name) + "'; there are " + known);
}

std::string_view name_of(const Optimiser& optimiser) {
  return std::visit([](const auto& record) { return record.name; }, optimiser);
}
std::string_view source_of(const Optimiser& optimiser) {
  return std::visit([](const auto& record) { return record.source; }, optimiser);
}
std::size_t vectors_of(const Optimiser& optimiser) {
  return std::visit([](const auto& record) { return record.vectors; }, optimiser);
}
bool takes_all_samples(const Optimiser& optimiser) {
  return std::visit([](const auto& record) { return record.takes_all_samples; }, optimiser);
}

std::vector<std::string_view> optimiser_names() {
  std::vector<std::string_view> names;
  for_each_optimiser([&](const auto& record) { names.push_back(record.name); });
  return names;
}
Optimiser optimiser_named(std::string_view name) {
  Optimiser found;
  bool is_known = false;
  std::string known;
  for_each_optimiser([&](const auto& record) {
    known += (known.empty() ? "" : ", ") + std::string(record.name);
    if (record.name != name) return;
    found = record;
    is_known = true;
  });
  if (!is_known) throw std::invalid_argument("there is no optimizer '" + std::string(name) + "'; there are " + known);
  return found;
}

void check(const Optimiser& optimiser) {
  Optimiser copy = optimiser;
  for_each_hyperparameter(copy, [&](std::string_view name, double value) {
    const bool is_share = name == "momentum" || name == "beta1" || name == "beta2";
    const bool is_positive = name == "epsilon";
    if (is_share ? value >= 0 && value < 1 : (is_positive ? value > 0 : value >= 0) && std::isfinite(value)) return;
    throw std::invalid_argument(std::string(name_of(copy)) + ": " + std::string(name) +
                                (is_share      ? " is at least 0 and less than 1"
                                 : is_positive ? " is positive"
                                               : " is not negative") +
                                ", not " + number_text(value));
  });
}

void check(const Schedule& schedule) {
  if (!(schedule.rate > 0 && std::isfinite(schedule.rate)))
    throw std::invalid_argument("the learning rate is positive, not " + number_text(schedule.rate));
  const bool is_share = schedule.kind == Schedule::Kind::step;
  if (!(schedule.decay >= 0 && std::isfinite(schedule.decay) && (!is_share || schedule.decay < 1)))
    throw std::invalid_argument(std::string("the decay of this schedule is at least 0") +
                                (is_share ? " and less than 1" : "") + ", not " + number_text(schedule.decay));
  if (schedule.every < 1)
    throw std::invalid_argument("the steps of a schedule are at least 1, not " + std::to_string(schedule.every));
}

}  // namespace nabla
