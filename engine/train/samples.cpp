#include <algorithm>
#include <cmath>
#include <map>
#include <nabla/engine/train/samples.hpp>

namespace nabla {

namespace {

std::size_t target_column(const Table& table, std::string_view target) {
  if (target.empty()) return table.width() - 1;
  for (std::size_t k = 0; k < table.header.size(); ++k)
    if (table.header[k].text == target) return k;
  const std::optional<double> number = number_in(target);
  if (number && *number >= 1 && *number <= static_cast<double>(table.width()) && std::floor(*number) == *number)
    return static_cast<std::size_t>(*number) - 1;
  throw std::invalid_argument(table.name + " has no column '" + std::string(target) + "'" +
                              (table.header.empty() ? "; it has no header, so that columns are numbers from 1 to " +
                                                          std::to_string(table.width())
                                                    : ""));
}

[[noreturn]] void not_a_number(const Table& table, const Table::Cell& cell, const std::string& column) {
  throw DataError(table.place(cell) + ": '" + column + "' " +
                  (cell.text.empty() ? "is missing here" : "is no finite number here: '" + cell.text + "'"));
}

/// For each feature the column that it stands in.
std::vector<std::size_t> feature_places(const Table& table, const Columns& columns, std::optional<std::size_t> target) {
  std::vector<std::size_t> places;
  if (columns.has_names && !table.header.empty()) {
    for (const std::string& name : columns.features) {
      const auto found = std::ranges::find(table.header, name, &Table::Cell::text);
      if (found == table.header.end()) throw DataError(table.name + ": there is no column '" + name + "'");
      places.push_back(static_cast<std::size_t>(found - table.header.begin()));
    }
    return places;
  }
  for (std::size_t k = 0; k < table.width(); ++k)
    if (k != target) places.push_back(k);
  if (places.size() != columns.features.size())
    throw DataError(table.name + ": rows have " + std::to_string(table.width()) + " cells; needed are " +
                    std::to_string(columns.features.size()) + " features, with or without the target");
  return places;
}

}  // namespace

Columns columns_of(const Table& table, std::string_view target, std::optional<Task> task) {
  Columns columns;
  columns.target_at = target_column(table, target);
  columns.target = table.column_name(columns.target_at);
  columns.has_names = !table.header.empty();
  if (table.width() < 2) throw DataError(table.name + ": one column; needed are features and a target");
  for (std::size_t k = 0; k < table.width(); ++k)
    if (k != columns.target_at) columns.features.push_back(table.column_name(k));
  bool all_numbers = true, all_integers = true;
  std::map<std::string, double> found;
  for (const std::vector<Table::Cell>& row : table.rows) {
    const Table::Cell& cell = row[columns.target_at];
    if (cell.text.empty()) throw DataError(table.place(cell) + ": the target '" + columns.target + "' is missing here");
    const std::optional<double> number = number_in(cell.text);
    all_numbers = all_numbers && number;
    all_integers = all_integers && number && std::floor(*number) == *number;
    found.emplace(cell.text, number.value_or(0));
  }
  const bool looks_continuous = all_numbers && (!all_integers || found.size() > 100);
  columns.task = task.value_or(looks_continuous ? Task::regression : Task::classification);
  if (columns.task == Task::regression) return columns;
  if (found.size() < 2)
    throw DataError(table.name + ": all rows have the class '" + found.begin()->first +
                    "'; there is nothing to tell apart");
  if (found.size() > 10'000)
    throw DataError(table.name + ": '" + columns.target + "' has " + std::to_string(found.size()) +
                    " different values; classes are few");
  for (const auto& [text, number] : found) columns.classes.push_back(text);
  if (all_numbers)
    std::ranges::stable_sort(columns.classes, {}, [&](const std::string& text) { return found.at(text); });
  return columns;
}

std::size_t Samples::class_of(std::size_t i) const {
  const std::span<const double> t = target(i);
  return static_cast<std::size_t>(std::ranges::max_element(t) - t.begin());
}

Samples Samples::of(std::span<const std::size_t> chosen) const {
  Samples some{features, outputs, {}, {}, {}};
  for (const std::size_t i : chosen) {
    some.x.insert(some.x.end(), input(i).begin(), input(i).end());
    if (!y.empty()) some.y.insert(some.y.end(), target(i).begin(), target(i).end());
    some.lines.push_back(lines[i]);
  }
  return some;
}

Samples samples_of(const Table& table, const Columns& columns, bool targets) {
  std::optional<std::size_t> target;
  if (columns.has_names && !table.header.empty()) {
    const auto found = std::ranges::find(table.header, columns.target, &Table::Cell::text);
    if (found != table.header.end()) target = static_cast<std::size_t>(found - table.header.begin());
  } else if (table.width() == columns.features.size() + 1) {
    target = columns.target_at;
  }
  const std::vector<std::size_t> places = feature_places(table, columns, target);
  targets = targets && target;
  Samples samples{places.size(), columns.outputs(), {}, {}, {}};
  std::map<std::string_view, std::size_t> classes;
  for (std::size_t c = 0; c < columns.classes.size(); ++c) classes.emplace(columns.classes[c], c);
  for (const std::vector<Table::Cell>& row : table.rows) {
    for (const std::size_t k : places) {
      const std::optional<double> number = number_in(row[k].text);
      if (!number) not_a_number(table, row[k], table.column_name(k));
      samples.x.push_back(*number);
    }
    samples.lines.push_back(row.front().line);
    if (!targets) continue;
    const Table::Cell& cell = row[*target];
    if (columns.task == Task::regression) {
      const std::optional<double> number = number_in(cell.text);
      if (!number) not_a_number(table, cell, columns.target);
      samples.y.push_back(*number);
      continue;
    }
    const auto known = classes.find(cell.text);
    if (known == classes.end()) throw DataError(table.place(cell) + ": the class '" + cell.text + "' is not known");
    for (std::size_t c = 0; c < columns.classes.size(); ++c) samples.y.push_back(c == known->second ? 1 : 0);
  }
  return samples;
}

Split split(const Samples& samples, Task task, double test, std::uint64_t seed, RandomStream::Purpose purpose) {
  if (!(test >= 0 && test < 1))
    throw std::invalid_argument("the share to put aside is at least 0 and less than 1, not " + std::to_string(test));
  std::map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < samples.count(); ++i)
    groups[task == Task::classification ? samples.class_of(i) : 0].push_back(i);
  std::vector<bool> is_test(samples.count(), false);
  for (auto& [group, members] : groups) {
    RandomStream random(seed, purpose, group);
    random.shuffle(std::span<std::size_t>(members));
    const auto share = static_cast<std::size_t>(std::llround(test * static_cast<double>(members.size())));
    for (std::size_t k = 0; k < std::min(share, members.size() - 1); ++k) is_test[members[k]] = true;
  }
  std::vector<std::size_t> chosen[2];
  for (std::size_t i = 0; i < samples.count(); ++i) chosen[is_test[i] ? 1 : 0].push_back(i);
  return {samples.of(chosen[0]), samples.of(chosen[1])};
}

Standardisation Standardisation::of(std::span<const double> entries, std::size_t columns) {
  Standardisation made{std::vector<double>(columns, 0), std::vector<double>(columns, 0)};
  const double n = static_cast<double>(entries.size()) / static_cast<double>(columns);
  for (std::size_t i = 0; i < entries.size(); ++i) made.mean[i % columns] += entries[i];
  for (double& m : made.mean) m /= n;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const double off = entries[i] - made.mean[i % columns];
    made.scale[i % columns] += off * off;
  }
  for (std::size_t k = 0; k < columns; ++k) {
    bool is_constant = true;  // by its entries: rounding of the mean must not be taken for a deviation
    for (std::size_t i = k; i < entries.size(); i += columns) is_constant = is_constant && entries[i] == entries[k];
    made.scale[k] = is_constant ? 1 : std::sqrt(made.scale[k] / n);
  }
  return made;
}

void Standardisation::apply(std::span<double> entries) const {
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries[i] = (entries[i] - mean[i % mean.size()]) / scale[i % mean.size()];
}

void Standardisation::undo(std::span<double> entries) const {
  for (std::size_t i = 0; i < entries.size(); ++i)
    entries[i] = entries[i] * scale[i % mean.size()] + mean[i % mean.size()];
}

}  // namespace nabla
