#pragma once

#include <nabla/engine/train/random_stream.hpp>
#include <nabla/engine/train/table.hpp>
#include <span>

namespace nabla {

enum class Task : std::uint8_t { classification, regression };

/// What the columns of a table mean.
struct Columns {
  Task task = Task::classification;
  std::vector<std::string> features;  ///< names, in the order of the inputs
  std::string target;
  std::size_t target_at = 0;         ///< its column
  bool has_names = false;            ///< they come from a header
  std::vector<std::string> classes;  ///< numbers in their order, else texts in theirs; empty for regression

  /// Entries of a target: one for each class, of which one is 1, or the number itself.
  std::size_t outputs() const { return task == Task::classification ? classes.size() : 1; }
};

/// \param target  the name of a column, or its number from 1; empty: the last
/// \param task    nothing: regression where every target is a number and not all are integers, or more than 100
/// different \throws DataError where a target is missing or of one class alone; std::invalid_argument for a column that
/// is not there
Columns columns_of(const Table& table, std::string_view target = {}, std::optional<Task> task = {});

/// Samples as numbers, row by row.
struct Samples {
  std::size_t features = 0, outputs = 0;
  std::vector<double> x;             ///< `features` entries each
  std::vector<double> y;             ///< `outputs` entries each; empty where targets are not known
  std::vector<std::uint32_t> lines;  ///< of the file

  std::size_t count() const { return lines.size(); }
  std::span<const double> input(std::size_t i) const { return {x.data() + i * features, features}; }
  std::span<const double> target(std::size_t i) const { return {y.data() + i * outputs, outputs}; }
  /// The place of the largest target. \pre classification
  std::size_t class_of(std::size_t i) const;
  /// These, in this order.
  Samples of(std::span<const std::size_t> chosen) const;
};

/// The samples of a table whose columns are known, by name where both have names. Where `targets` is false, or the
/// table does not have the target, y is empty. \throws DataError with file, line and column for what is no finite
/// number, a class that is not known, a column that is missing
Samples samples_of(const Table& table, const Columns& columns, bool targets = true);

struct Split {
  Samples training, test;
};
/// A part of the samples to test on, drawn from the seed: of each class its share, rounded, so that one stays to train
/// on. Both keep the order of the file. \throws std::invalid_argument unless 0 <= test < 1
Split split(const Samples& samples, Task task, double test, std::uint64_t seed,
            RandomStream::Purpose purpose = RandomStream::Purpose::split);

/// x <- (x - mean) / scale for each feature, by the mean and the standard deviation (biased) of samples; a feature that
/// is constant there is divided by 1.
struct Standardisation {
  std::vector<double> mean, scale;

  static Standardisation of(std::span<const double> entries, std::size_t columns);
  void apply(std::span<double> entries) const;
  void undo(std::span<double> entries) const;
};

}  // namespace nabla
