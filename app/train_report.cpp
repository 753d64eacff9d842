#include <fmt/format.h>

#include <algorithm>
#include <nabla/app/command.hpp>
#include <nabla/app/train_report.hpp>

namespace nabla::app {

namespace {

/// Code points of UTF-8, which is what a terminal gives a column to.
std::size_t columns_of_text(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & '\xc0') != '\x80'; }));
}
std::string right_aligned(const std::string& text, std::size_t width) {
  const std::size_t n = columns_of_text(text);
  return std::string(width > n ? width - n : 0, ' ') + text;
}

}  // namespace

std::string describe_network(const Model& model) {
  const DenseNetwork& n = model.network;
  std::string text = "network " + std::to_string(model.columns.features.size());
  for (const std::int64_t width : n.hidden) text += "-" + std::to_string(width);
  text += "-" + std::to_string(n.outputs);
  if (!n.hidden.empty()) text += ", " + n.activation;
  if (n.normalisation != DenseNetwork::Normalisation::none) text += fmt::format(", {} norm", name_of(n.normalisation));
  if (n.dropout != 0) text += fmt::format(", dropout {}", n.dropout);
  if (n.residual) text += ", residual";
  const BatchFunction made = prediction_function(n.network(), 1, model.columns.features.size());
  return text + fmt::format(", {} parameters", made.layers.parameter_count());
}

std::string describe_optimiser(const TrainingOptions& options) {
  Optimiser copy = options.optimiser;
  std::string values;
  for_each_hyperparameter(copy, [&](std::string_view name, double value) {
    values += fmt::format("{}{} {}", values.empty() ? "" : ", ", name, value);
  });
  std::string text = std::string(name_of(copy)) + (values.empty() ? "" : " (" + values + ")");
  const Schedule& s = options.schedule;
  text += fmt::format(", rate {}", s.rate);
  if (s.kind != Schedule::Kind::constant) text += fmt::format(", schedule {}", name_of(s.kind));
  if (s.decay != 0) text += fmt::format(" (decay {})", s.decay);
  if (s.kind == Schedule::Kind::step || s.kind == Schedule::Kind::cosine)
    text += fmt::format(" over {} steps", s.every);
  text += takes_all_samples(copy) || options.batch == 0 ? ", all samples at once"
                                                        : fmt::format(", batches of {}", options.batch);
  text += fmt::format(", {} of {}", name_of(options.reduction), name_of(options.loss));
  if (options.l2 != 0) text += fmt::format(", l2 {}", options.l2);
  if (options.clip != 0) text += fmt::format(", clip {}", options.clip);
  return text + fmt::format(", seed {}", options.seed);
}

std::string describe_validation(const Model& model) {
  const Model::Validation& v = model.validation;
  if (v.best_epoch == 0) return "";
  std::string text;
  if (model.is_stopped())
    text = fmt::format("stopped after epoch {}: no smaller validation loss in {} epochs; ", model.history.size(),
                       v.patience);
  return text + fmt::format("the model is that of epoch {}, validation loss {:.4g}", v.best_epoch, v.best_loss);
}

std::string epoch_heading(const Model& model) {
  const bool classes = model.columns.task == Task::classification;
  std::string text = fmt::format("{:>6} {:>12} {:>11}", "epoch", "loss", classes ? "train" : "train rmse");
  if (model.has_test()) text += fmt::format(" {:>11}", classes ? "test" : "test rmse");
  return model.validation.share > 0 ? text + fmt::format(" {:>15}", "validation loss") : text;
}

std::string describe_epoch(const Model& model, std::size_t epoch, const EpochRecord& record) {
  const bool classes = model.columns.task == Task::classification;
  const auto number = [&](double x) { return classes ? fmt::format("{:>11.3f}", x) : fmt::format("{:>11.4g}", x); };
  std::string text = fmt::format("{:>6} {:>12.4g} {}", epoch, record.loss, number(record.training_score));
  if (model.has_test()) text += " " + number(record.test_score);
  return model.validation.share > 0 ? text + fmt::format(" {:>15.4g}", record.validation_loss) : text;
}

std::size_t predicted_class(std::span<const double> outputs, std::size_t n, std::size_t i) {
  const std::span<const double> own = outputs.subspan(i * n, n);
  return static_cast<std::size_t>(std::ranges::max_element(own) - own.begin());
}

std::string describe_score(const Model& model, const ModelPrediction& prediction, std::span<const double> outputs,
                           const Samples& samples) {
  const double score = prediction.score(outputs, samples);
  if (model.columns.task == Task::regression) return fmt::format("root mean square error {:.4g}", score);
  std::size_t right = 0;
  for (std::size_t i = 0; i < samples.count(); ++i)
    right += predicted_class(outputs, samples.outputs, i) == samples.class_of(i) ? 1 : 0;
  return fmt::format("{} of {} right ({:.3f})", right, samples.count(), score);
}

std::string confusion_matrix(const Model& model, std::span<const double> outputs, const Samples& samples) {
  if (model.columns.task == Task::regression) return "";
  const std::vector<std::string>& classes = model.columns.classes;
  const std::size_t n = classes.size();
  if (n > 40) return "";
  std::vector<std::size_t> counts(n * n);
  for (std::size_t i = 0; i < samples.count(); ++i) ++counts[samples.class_of(i) * n + predicted_class(outputs, n, i)];
  std::size_t width = 4, names = 5;
  for (const std::string& name : classes) {
    width = std::max(width, columns_of_text(name));
    names = std::max(names, columns_of_text(name));
  }
  std::string text = right_aligned("truth", names) + "  predicted\n" + std::string(names, ' ');
  for (const std::string& name : classes) text += "  " + right_aligned(name, width);
  for (std::size_t row = 0; row < n; ++row) {
    text += "\n" + right_aligned(classes[row], names);
    for (std::size_t c = 0; c < n; ++c) text += "  " + right_aligned(std::to_string(counts[row * n + c]), width);
  }
  return text + "\n";
}

std::string learning_curve(const Model& model) {
  constexpr double width = 640, height = 360, left = 60, right = 60, top = 30, bottom = 40;
  const std::vector<EpochRecord>& history = model.history;
  double most_loss = 0, most_score = model.columns.task == Task::classification ? 1 : 0;
  for (const EpochRecord& e : history) {
    most_loss = std::max({most_loss, e.loss, e.validation_loss});
    most_score = std::max({most_score, e.training_score, e.test_score});
  }
  const auto curve = [&](const char* colour, double most, double EpochRecord::*what) {
    std::string points;
    for (std::size_t k = 0; k < history.size(); ++k) {
      const double share = history.size() < 2 ? 0 : static_cast<double>(k) / static_cast<double>(history.size() - 1);
      const double up = most > 0 ? history[k].*what / most : 0;
      points += fmt::format("{:.1f},{:.1f} ", left + share * (width - left - right),
                            height - bottom - up * (height - top - bottom));
    }
    return fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" points=\"{}\"/>\n", colour, points);
  };
  const auto label = [](double x, double y, const char* anchor, const char* colour, const std::string& text) {
    return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" fill=\"{}\">{}</text>\n", x, y, anchor, colour,
                       text);
  };
  constexpr const char *black = "#333", *blue = "#1f5fa8", *green = "#2a7d3f", *orange = "#c05a00", *purple = "#7a3fa0";
  const bool classes = model.columns.task == Task::classification;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      "<path d=\"M{2} {3}V{4}H{5}V{3}\" fill=\"none\" stroke=\"#999\"/>\n",
      width, height, left, top, height - bottom, width - right);
  svg += curve(blue, most_loss, &EpochRecord::loss) + curve(green, most_score, &EpochRecord::training_score);
  const bool validates = model.validation.share > 0;
  if (validates) svg += curve(purple, most_loss, &EpochRecord::validation_loss);
  if (model.has_test()) svg += curve(orange, most_score, &EpochRecord::test_score);
  svg += label(left - 6, top + 4, "end", blue, fmt::format("{:.3g}", most_loss));
  svg += label(left - 6, height - bottom, "end", blue, "0");
  svg += label(width - right + 6, top + 4, "start", black, fmt::format("{:.3g}", most_score));
  svg += label(width - right + 6, height - bottom, "start", black, "0");
  svg += label(left, height - 12, "middle", black, "1");
  svg += label(width - right, height - 12, "middle", black, std::to_string(history.size()));
  svg += label(width / 2, height - 12, "middle", black, "epoch");
  svg += label(left, 18, "start", blue, "loss (left)");
  if (validates) svg += label(left + 380, 18, "start", purple, "validation loss (left)");
  svg += label(left + 120, 18, "start", green, classes ? "training accuracy" : "training rmse");
  if (model.has_test()) svg += label(left + 260, 18, "start", orange, classes ? "test accuracy" : "test rmse");
  return svg + "</svg>\n";
}

Model read_model(const std::string& path) {
  const std::string text = read_file(path);
  try {
    return model_from_json(text, path);
  } catch (const ModelError& error) {
    throw InputError("nabla: " + std::string(error.what()));
  }
}

}  // namespace nabla::app
