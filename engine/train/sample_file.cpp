#include <cmath>
#include <map>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/train/gzip.hpp>
#include <nabla/engine/train/sample_file.hpp>
#include <set>

namespace nabla {

namespace {

std::string unpacked(SampleFile::Content& content) {
  if (is_gzip(content.bytes)) return unpacked_gzip(content.bytes, content.name);
  return std::move(content.bytes);
}

std::string label_text(double label) { return Number<double>::to_text(label, 0); }

}  // namespace

SampleFile::SampleFile(Content data, std::optional<Content> labels, const TableOptions& format) {
  std::string bytes = unpacked(data);
  if (!IdxArray::begins_like_one(bytes)) {
    if (labels) throw DataError(data.name + ": labels in a file of their own belong to an IDX file; this is none");
    table_ = read_table(bytes, data.name, format);
    return;
  }
  data_.emplace(std::move(bytes), data.name);
  if (data_->extents().size() < 2)
    throw DataError(data.name +
                    ": this IDX file has one extent, as labels have; needed are samples of several entries");
  if (!labels) return;
  labels_.emplace(unpacked(*labels), labels->name);
  if (labels_->extents().size() != 1)
    throw DataError(labels->name + ": labels have one extent, this IDX file has " +
                    std::to_string(labels_->extents().size()));
  if (labels_->count() != data_->count())
    throw DataError(labels->name + ": " + std::to_string(labels_->count()) + " labels for " +
                    std::to_string(data_->count()) + " samples of " + data.name);
}

Columns SampleFile::columns(std::string_view target, std::optional<Task> task) const {
  if (table_) return columns_of(*table_, target, task);
  if (!labels_) throw DataError(data_->name() + ": the labels of an IDX file stand in another (--labels)");
  if (!target.empty()) throw std::invalid_argument("the target of an IDX file is its labels");
  Columns made;
  for (std::size_t k = 0; k < data_->each(); ++k) made.features.push_back("entry " + std::to_string(k + 1));
  made.target = "label";
  made.target_at = data_->each();
  std::set<double> found;
  for (std::size_t i = 0; i < labels_->count(); ++i) found.insert(labels_->entry(i));
  const bool looks_continuous = !labels_->is_integer() || found.size() > 100;
  made.task = task.value_or(looks_continuous ? Task::regression : Task::classification);
  if (made.task == Task::regression) return made;
  if (found.size() < 2) throw DataError(labels_->name() + ": all labels are the same; there is nothing to tell apart");
  for (const double label : found) made.classes.push_back(label_text(label));
  return made;
}

Samples SampleFile::samples(const Columns& columns, bool targets) const {
  if (table_) return samples_of(*table_, columns, targets);
  if (columns.features.size() != data_->each())
    throw DataError(data_->name() + ": samples have " + std::to_string(data_->each()) + " entries; needed are " +
                    std::to_string(columns.features.size()));
  Samples made{data_->each(), columns.outputs(), {}, {}, {}};
  const auto number = [](const IdxArray& from, std::size_t k, std::size_t sample) {
    const double x = from.entry(k);
    if (!std::isfinite(x))
      throw DataError(from.name() + ": sample " + std::to_string(sample + 1) +
                      " has an entry that is no finite number");
    return x;
  };
  made.x.reserve(data_->count() * data_->each());
  std::map<std::string, std::size_t, std::less<>> classes;
  for (std::size_t c = 0; c < columns.classes.size(); ++c) classes.emplace(columns.classes[c], c);
  for (std::size_t i = 0; i < data_->count(); ++i) {
    for (std::size_t k = 0; k < data_->each(); ++k) made.x.push_back(number(*data_, i * data_->each() + k, i));
    made.lines.push_back(static_cast<std::uint32_t>(i + 1));
    if (!targets || !labels_) continue;
    const double label = number(*labels_, i, i);
    if (columns.task == Task::regression) {
      made.y.push_back(label);
      continue;
    }
    const auto known = classes.find(label_text(label));
    if (known == classes.end())
      throw DataError(labels_->name() + ": the class '" + label_text(label) + "' is not known");
    for (std::size_t c = 0; c < columns.classes.size(); ++c) made.y.push_back(c == known->second ? 1 : 0);
  }
  return made;
}

}  // namespace nabla
