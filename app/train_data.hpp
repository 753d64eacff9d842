#pragma once

#include <nabla/app/train_loop.hpp>
#include <nabla/engine/train/sample_file.hpp>
#include <optional>
#include <string>

/// The files that a model is trained on.
namespace nabla::app {

/// \throws InputError, DataError \param labels  empty: none \param fingerprint  of what was read, where it is wanted
SampleFile read_samples(const std::string& data, const std::string& labels, const TableOptions& format,
                        std::string* fingerprint = nullptr);

/// What the files that a model's `data` names hold.
class TrainData {
 public:
  /// \throws InputError, DataError
  explicit TrainData(const Model::Data& files);
  const SampleFile& training() const { return training_; }
  const std::string& fingerprint() const { return fingerprint_; }

  /// The samples in their parts, drawn as the model says; not standardised. \throws DataError, std::invalid_argument
  TrainSamples parts(const Model& model) const;

 private:
  std::string fingerprint_;
  SampleFile training_;
  std::optional<SampleFile> test_;
};

}  // namespace nabla::app
