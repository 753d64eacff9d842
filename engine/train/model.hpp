#pragma once

#include <nabla/engine/train/dense_network.hpp>
#include <nabla/engine/train/training.hpp>

namespace nabla {

/// A file that is no model, or not whole; the message begins with its name.
class ModelError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What is known after an epoch.
struct EpochRecord {
  double loss = 0;             ///< mean objective of its steps
  double training_score = 0;   ///< accuracy; for regression the root of the mean square error, in the target's unit
  double test_score = 0;       ///< likewise; 0 where nothing is tested on
  double validation_loss = 0;  ///< 0 where nothing is validated on
};

/// A trained dense network with all that it takes to apply it, and to go on training.
struct Model {
  DenseNetwork network;
  Columns columns;
  Standardisation inputs;
  Standardisation targets;  ///< of regression; else empty
  TrainingOptions options;
  std::int64_t epochs = 0;  ///< to be trained in all
  struct Data {
    std::string file, labels;            ///< labels: of an IDX file; else empty
    std::string test_file, test_labels;  ///< likewise; empty: a share of the samples is tested on
    std::string fingerprint;             ///< of their contents
    TableOptions format;
    double test = 0;               ///< share to test on
    std::uint64_t split_seed = 0;  ///< of the choice
    std::uint64_t samples = 0;
  } data;
  TrainingState state;  ///< where the training is
  std::vector<EpochRecord> history;

  /// Early stopping by samples that are put aside: the parameters of the epoch with the least loss on them are those
  /// of the model. Prechelt, "Early stopping - but when?", 1998.
  struct Validation {
    double share = 0;             ///< of the samples that are not tested on; 0: none
    std::int64_t patience = 0;    ///< epochs without a smaller loss after which the training ends; 0: it goes on
    std::int64_t best_epoch = 0;  ///< from 1; 0: none yet
    double best_loss = 0;
    std::vector<double> parameters, statistics;  ///< after that epoch
  } validation;

  bool has_test() const { return data.test > 0 || !data.test_file.empty(); }

  /// What the model predicts with.
  std::span<const double> parameters() const;
  std::span<const double> statistics() const;
  /// Whether patience has run out.
  bool is_stopped() const;
  /// Takes note of an epoch after which the training has these parameters and statistics.
  void add_epoch(const EpochRecord& record, std::span<const double> parameters, std::span<const double> statistics);

  /// Samples prepared for the network, standardised.
  void standardise(Samples& samples) const;
};

/// What a model says of samples.
class ModelPrediction {
 public:
  explicit ModelPrediction(const Model& model, std::size_t threads = 1);
  /// For standardised samples, row by row: probabilities of the classes, or numbers in the target's unit.
  std::vector<double> operator()(std::span<const double> parameters, std::span<const double> statistics,
                                 const Samples& samples);
  /// The same by the model's own parameters.
  std::vector<double> operator()(const Samples& samples);
  /// Of such outputs: accuracy, or the root of the mean square error in the target's unit. \pre samples have targets
  double score(std::span<const double> outputs, const Samples& samples) const;
  /// Of such outputs: the mean of -log of the true class's probability, or the score of regression. \pre likewise
  double loss(std::span<const double> outputs, const Samples& samples) const;

 private:
  const Model& model_;
  Prediction<double> prediction_;
};

/// The model as JSON, schema "nabla.model/1". Numbers are read back as they were, bit for bit; a fingerprint over the
/// rest shows damage. \throws std::invalid_argument for parameters that are not finite
std::string to_json(const Model& model);
/// \param name  of the file, for messages \throws ModelError
Model model_from_json(std::string_view text, const std::string& name);

/// Writes a file such that at any moment the name stands for the old content or for all of the new: a temporary file
/// beside it, fsync, rename, fsync of the folder. \throws std::runtime_error
void write_atomically(const std::string& path, std::string_view text);

}  // namespace nabla
