#include <nabla/app/command.hpp>
#include <nabla/app/train_data.hpp>
#include <nabla/engine/train/fingerprint.hpp>

namespace nabla::app {

SampleFile read_samples(const std::string& data, const std::string& labels, const TableOptions& format,
                        std::string* fingerprint) {
  const auto read = [&](const std::string& path) {
    SampleFile::Content content{path, read_file(path)};
    if (fingerprint != nullptr) *fingerprint += (fingerprint->empty() ? "" : "-") + fingerprint_text(content.bytes);
    return content;
  };
  SampleFile::Content samples = read(data);
  std::optional<SampleFile::Content> targets;
  if (!labels.empty()) targets = read(labels);
  return SampleFile(std::move(samples), std::move(targets), format);
}

TrainData::TrainData(const Model::Data& files)
    : training_(read_samples(files.file, files.labels, files.format, &fingerprint_)) {
  if (!files.test_file.empty()) test_ = read_samples(files.test_file, files.test_labels, files.format, &fingerprint_);
}

TrainSamples TrainData::parts(const Model& model) const {
  const Task task = model.columns.task;
  Split whole = split(training_.samples(model.columns), task, model.data.test, model.data.split_seed);
  if (test_) whole.test = test_->samples(model.columns);
  if (whole.test.y.size() != whole.test.count() * whole.test.outputs)
    throw DataError(model.data.test_file + ": samples to test on need their targets");
  if (model.validation.share == 0) return {std::move(whole.training), {}, std::move(whole.test)};
  Split aside =
      split(whole.training, task, model.validation.share, model.data.split_seed, RandomStream::Purpose::validation);
  return {std::move(aside.training), std::move(aside.test), std::move(whole.test)};
}

}  // namespace nabla::app
