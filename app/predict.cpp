#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <nabla/app/command.hpp>
#include <nabla/app/train_data.hpp>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/real.hpp>

/// `nabla predict`: what a model says of samples.
namespace nabla::app {

namespace {

struct PredictOptions {
  std::string model, data, labels;
  bool probabilities = false;
  int digits = 0;
};

/// A cell of comma-separated values, in quotes where it must be.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

/// The outputs as text: shortest decimals, or the network run again at so many digits.
std::vector<std::string> output_texts(const Model& model, const Samples& samples, std::span<const double> outputs,
                                      int digits) {
  std::vector<std::string> texts;
  if (digits == 0) {
    for (const double y : outputs) texts.push_back(fmt::format("{:.6g}", y));
    return texts;
  }
  const Precision precision(digits);
  const bool classes = model.columns.task == Task::classification;
  const Network network = [classes, whole = model.network.network()](Layers& make, const Expr& x) {
    const Expr z = whole(make, x);
    return classes ? softmax(z) : z;
  };
  const std::vector<Real> parameters(model.parameters().begin(), model.parameters().end());
  const std::vector<Real> statistics(model.statistics().begin(), model.statistics().end());
  for (Real y : Prediction<Real>(network, samples.features)(parameters, statistics, samples.x)) {
    if (!classes) y = y * Real(model.targets.scale[0]) + Real(model.targets.mean[0]);
    texts.push_back(to_text(y, digits));
  }
  return texts;
}

int run_predict(const PredictOptions& o) {
  const Model model = read_model(o.model);
  const std::string name = o.data == "-" ? "standard input" : o.data;
  Samples samples;
  try {
    TableOptions format;
    format.separator = model.data.format.separator;
    samples = (o.data == "-" ? SampleFile({name, read_argument("-").text}, {}, format)
                             : read_samples(o.data, o.labels, format))
                  .samples(model.columns);
  } catch (const DataError& error) {
    throw InputError("nabla: " + std::string(error.what()));
  }
  model.standardise(samples);
  ModelPrediction prediction(model);
  const std::vector<double> outputs = prediction(samples);
  for (const double y : outputs)
    if (!std::isfinite(y)) throw InputError("nabla: " + name + ": a prediction is no finite number");
  const std::vector<std::string> texts = output_texts(model, samples, outputs, o.digits);
  const std::vector<std::string>& classes = model.columns.classes;
  const std::size_t n = samples.outputs;
  std::cout << csv_cell(model.columns.target);
  if (!classes.empty()) {
    if (o.probabilities)
      for (const std::string& c : classes) std::cout << ',' << csv_cell(c);
    else
      std::cout << ",probability";
  }
  std::cout << '\n';
  for (std::size_t i = 0; i < samples.count(); ++i) {
    if (classes.empty()) {
      std::cout << texts[i] << '\n';
      continue;
    }
    const std::size_t best = predicted_class(outputs, n, i);
    std::cout << csv_cell(classes[best]);
    for (std::size_t c = 0; c < n; ++c)
      if (o.probabilities || c == best) std::cout << ',' << texts[i * n + c];
    std::cout << '\n';
  }
  std::cout.flush();
  if (!samples.y.empty())
    std::cerr << describe_score(model, prediction, outputs, samples) << '\n'
              << confusion_matrix(model, outputs, samples);
  return exit_ok;
}

}  // namespace

void add_predict(CLI::App& program, Action& chosen) {
  auto o = std::make_shared<PredictOptions>();
  CLI::App* command = program.add_subcommand("predict", "What a model says of samples");
  command->add_option("MODEL", o->model, "A file that `nabla train -o` wrote")->required();
  command
      ->add_option("--data", o->data,
                   "Comma-separated values, with or without the target, or an IDX file; - for standard input")
      ->required();
  command->add_option("--labels", o->labels, "The labels of an IDX file, to score the predictions by");
  command->add_flag("--probabilities", o->probabilities, "Of every class");
  command->add_option("--digits", o->digits, "Run the network again at so many digits")->check(CLI::Range(1, 100'000));
  command->footer("Example:\n  nabla predict model.json --data iris.csv");
  command->callback([o, &chosen] { chosen = [o] { return run_predict(*o); }; });
}

}  // namespace nabla::app
