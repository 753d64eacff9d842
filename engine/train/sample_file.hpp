#pragma once

#include <nabla/engine/train/idx.hpp>
#include <nabla/engine/train/samples.hpp>
#include <optional>

namespace nabla {

/// Samples as they stand in files: a table of comma-separated values, or an IDX array whose first extent counts
/// samples, with the IDX array of their targets or without; each compressed by gzip, or not. Which it is, the content
/// says.
class SampleFile {
 public:
  struct Content {
    std::string name;  ///< of the file, for messages
    std::string bytes;
  };
  /// \param labels  the targets of an IDX array; of a table none \throws DataError
  explicit SampleFile(Content data, std::optional<Content> labels = {}, const TableOptions& format = {});

  std::size_t count() const { return table_ ? table_->rows.size() : data_->count(); }
  /// Of an IDX array the features are "entry 1", ..., and the target is "label"; classes are as of a table.
  /// \throws as columns_of of a table; DataError where an IDX array has no labels
  Columns columns(std::string_view target = {}, std::optional<Task> task = {}) const;
  /// As samples_of of a table; the "lines" of an IDX array are its samples' numbers. \throws DataError
  Samples samples(const Columns& columns, bool targets = true) const;

 private:
  std::optional<Table> table_;
  std::optional<IdxArray> data_, labels_;
};

}  // namespace nabla
