#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <map>
#include <nabla/app/command.hpp>
#include <nabla/app/interrupt.hpp>
#include <nabla/app/picture.hpp>
#include <nabla/app/train_data.hpp>

/// `nabla train`: a dense network on a table of numbers.
namespace nabla::app {

namespace {

struct TrainOptions {
  std::string data, labels, test_data, test_labels, resume, output, curve;
  std::string target, task, separator;
  bool header = false, no_header = false;
  std::string layers = "64", activation = "relu", normalise = "none", initialiser = "he";
  double dropout = 0;
  bool residual = false;
  std::string optimiser = "sgd", schedule, loss, reduction = "mean";
  double rate = 0, decay = 0, every = 0, clip = 0, l2 = 0.005;
  std::map<std::string, double> hyperparameters;
  std::int64_t epochs = 100;
  bool has_epochs = false;
  std::size_t batch = 32, threads = 1;
  std::uint64_t seed = 1, split_seed = 0;
  double test = 0.25, checkpoint_every = 30;
  double validation = 0;
  std::int64_t patience = 0;
  bool audits = false;
  std::string audit_steps;
};

std::vector<std::int64_t> widths_of(const std::string& text) {
  std::vector<std::int64_t> widths;
  if (text == "none") return widths;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::optional<double> width = number_in(text.substr(at, comma - at));
    if (!width || *width < 1 || *width > 1e6 || std::floor(*width) != *width)
      throw UsageError("--layers takes widths of hidden layers, as in 16,16, or none; not '" + text + "'");
    widths.push_back(static_cast<std::int64_t>(*width));
    at = comma + 1;
  }
  return widths;
}

TableOptions format_of(const TrainOptions& o) {
  TableOptions format;
  if (!o.separator.empty()) {
    if (o.separator != "tab" && o.separator.size() != 1)
      throw UsageError("--separator takes one character or tab, not '" + o.separator + "'");
    format.separator = o.separator == "tab" ? '\t' : o.separator[0];
  }
  if (o.header || o.no_header) format.has_header = o.header;
  return format;
}

Optimiser optimiser_of(const TrainOptions& o) {
  Optimiser optimiser = optimiser_named(o.optimiser);
  std::map<std::string, double> left = o.hyperparameters;
  for_each_hyperparameter(optimiser, [&](std::string_view name, double& value) {
    const auto given = left.extract(std::string(name));
    if (given) value = given.mapped();
  });
  if (!left.empty()) {
    std::string name = left.begin()->first;
    std::ranges::replace(name, '_', '-');
    throw UsageError("--" + name + " means nothing to the optimizer " + o.optimiser);
  }
  check(optimiser);
  return optimiser;
}

double first_rate(const Optimiser& optimiser) {
  if (std::holds_alternative<Adam>(optimiser) || std::holds_alternative<AdamW>(optimiser)) return 0.005;
  if (std::holds_alternative<Lbfgs>(optimiser)) return 1;
  return std::holds_alternative<GradientDescent>(optimiser) ? 0.5 : 0.05;
}

/// What is to be trained, without the schedule's steps, which the samples decide.
Model new_model(const TrainOptions& o, const TrainData& data, Model::Data files) {
  Model m;
  std::optional<Task> task;
  if (!o.task.empty()) task = o.task == "classes" ? Task::classification : Task::regression;
  m.columns = data.training().columns(o.target, task);
  const bool classes = m.columns.task == Task::classification;
  m.network = {.hidden = widths_of(o.layers),
               .outputs = static_cast<std::int64_t>(m.columns.outputs()),
               .activation = o.activation,
               .weights = initialiser_named(o.initialiser),
               .dropout = o.dropout,
               .normalisation = normalisation_named(o.normalise),
               .residual = o.residual};
  m.options = {.optimiser = optimiser_of(o),
               .batch = o.batch,
               .loss = o.loss.empty() ? (classes ? Loss::softmax_cross_entropy : Loss::squared) : loss_named(o.loss),
               .reduction = reduction_named(o.reduction),
               .clip = o.clip,
               .l2 = o.l2,
               .seed = o.seed};
  if (m.options.loss == Loss::softmax_cross_entropy && !classes)
    throw UsageError(
        "the loss cross-entropy needs classes; this target is a number (--task classes makes it one of several)");
  if (!(o.clip >= 0) || !(o.l2 >= 0)) throw UsageError("--clip and --l2 are not negative");
  m.epochs = o.epochs;
  m.validation.patience = o.patience;
  m.validation.share = o.patience > 0 && o.validation == 0 ? 0.2 : o.validation;
  m.data = std::move(files);
  m.data.fingerprint = data.fingerprint();
  m.data.samples = data.training().count();
  return m;
}

Schedule schedule_of(const TrainOptions& o, const Model& m, std::size_t samples) {
  Schedule s;
  s.rate = o.rate != 0 ? o.rate : first_rate(m.options.optimiser);
  s.decay = o.decay;
  s.kind = schedule_named(o.schedule.empty() ? (o.decay != 0 ? "1/t" : "constant") : o.schedule);
  const bool has_length = s.kind == Schedule::Kind::step || s.kind == Schedule::Kind::cosine;
  if (o.every != 0 && !has_length) throw UsageError("--every belongs to the schedules step and cosine");
  if (o.every == 0 && s.kind == Schedule::Kind::step)
    throw UsageError("the schedule step needs --every EPOCHS, after which the rate is multiplied by 1 - decay");
  if (has_length) {
    const bool all = takes_all_samples(m.options.optimiser) || m.options.batch == 0;
    const std::size_t batch = all ? samples : std::min(m.options.batch, samples);
    const double per_epoch = std::ceil(static_cast<double>(samples) / static_cast<double>(batch));
    s.every =
        std::max<std::int64_t>(1, std::llround((o.every != 0 ? o.every : static_cast<double>(o.epochs)) * per_epoch));
  }
  check(s);
  return s;
}

/// The files of a new training, or those of a model where the command line names no others.
Model::Data files_of(const TrainOptions& o, const Model& model) {
  Model::Data files = model.data;
  for (const auto& [given, file] :
       {std::pair(&o.data, &files.file), std::pair(&o.labels, &files.labels), std::pair(&o.test_data, &files.test_file),
        std::pair(&o.test_labels, &files.test_labels)})
    if (!given->empty()) *file = *given;
  if (!o.resume.empty()) return files;
  files.format = format_of(o);
  files.test = o.test_data.empty() ? o.test : 0;
  files.split_seed = o.split_seed;
  return files;
}

void check_output(const std::string& path) {
  if (path.empty()) return;
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    if (std::filesystem::is_directory(path, error)) throw UsageError("-o " + path + ": it is a folder");
    if (!read_file(path).starts_with("{\"columns\":"))
      throw UsageError("-o " + path + ": this file is there and is no model; it is not overwritten");
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (access(folder.empty() ? "." : folder.c_str(), W_OK) != 0)
    throw InputError("nabla: cannot write " + path + ": " + std::strerror(errno));
}

void describe_data(const Model& m, const TrainSamples& parts) {
  std::cout << m.data.file << ": " << m.data.samples << " samples, " << m.columns.features.size() << " features, ";
  if (m.columns.task == Task::regression) {
    std::cout << "the number '" << m.columns.target << "'";
  } else {
    std::cout << m.columns.classes.size() << " classes of '" << m.columns.target << "'";
  }
  std::cout << "; " << parts.training.count() << " to train on, ";
  if (parts.validation.count() > 0) std::cout << parts.validation.count() << " to validate on, ";
  std::cout << parts.test.count() << " to test on\n";
}

int run_train(const TrainOptions& o) {
  Model model;
  if (!o.resume.empty()) model = read_model(o.resume);
  if (!o.resume.empty() && o.has_epochs) model.epochs = o.epochs;
  const Model::Data files = files_of(o, model);
  const std::string output = o.output.empty() ? o.resume : o.output;
  check_output(output);
  TrainSamples parts;
  try {
    const TrainData data(files);
    if (o.resume.empty()) {
      model = new_model(o, data, files);
    } else if (data.fingerprint() != model.data.fingerprint) {
      throw InputError("nabla: " + files.file + " is not the data that " + o.resume +
                       " was trained on, so that it cannot go on as if it had never stopped");
    }
    parts = data.parts(model);
    if (o.resume.empty()) {
      model.inputs = Standardisation::of(parts.training.x, parts.training.features);
      if (model.columns.task == Task::regression) model.targets = Standardisation::of(parts.training.y, 1);
      model.options.schedule = schedule_of(o, model, parts.training.count());
      check(model.options);
    }
  } catch (const DataError& error) {
    throw InputError("nabla: " + std::string(error.what()));
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
  model.standardise(parts.training);
  model.standardise(parts.validation);
  model.standardise(parts.test);
  describe_data(model, parts);
  try {
    std::cout << describe_network(model) << '\n' << describe_optimiser(model.options) << std::endl;
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
  const InterruptWatch interrupt;
  const bool is_done = train(
      model, parts,
      {output, o.checkpoint_every, o.threads, interrupt.token(), o.audits || !o.audit_steps.empty(), o.audit_steps});
  if (!is_done) {
    std::cerr << "nabla: interrupted at step " << model.state.step;
    if (!output.empty()) std::cerr << "; `nabla train --resume " << output << "` goes on";
    std::cerr << '\n';
    return exit_interrupted;
  }
  if (const std::string text = describe_validation(model); !text.empty()) std::cout << text << '\n';
  ModelPrediction prediction(model, o.threads);
  const std::vector<double> of_training = prediction(parts.training), of_test = prediction(parts.test);
  std::cout << "training  " << describe_score(model, prediction, of_training, parts.training) << '\n';
  if (parts.test.count() > 0)
    std::cout << "test      " << describe_score(model, prediction, of_test, parts.test) << '\n'
              << confusion_matrix(model, of_test, parts.test);
  if (!o.curve.empty()) write_file(o.curve, learning_curve(model));
  return exit_ok;
}

/// What may be said beside --resume: the rest is the model's.
void check_resume(const CLI::App& command, const TrainOptions& o) {
  if (o.resume.empty()) {
    if (o.data.empty()) throw UsageError("train needs --data FILE, or --resume MODEL");
    return;
  }
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    const bool may = name == "--resume" || name == "--epochs" || name == "--data" || name == "--labels" ||
                     name == "--test-data" || name == "--test-labels" || name == "--output" || name == "--threads" ||
                     name == "--checkpoint-every" || name == "--curve" || name == "--audit" || name == "--audit-steps";
    if (option->count() > 0 && !may)
      throw UsageError("--resume goes on as the model began; " + name + " cannot be changed");
  }
}

std::string joined_names(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

}  // namespace

void add_train(CLI::App& program, Action& chosen) {
  auto o = std::make_shared<TrainOptions>();
  CLI::App* command = program.add_subcommand("train", "Train a dense network on a table of numbers");
  command
      ->add_option(
          "--data", o->data,
          "Comma-separated values, whose last column is what is learned; or an IDX file; either packed by gzip")
      ->group("Data");
  command->add_option("--labels", o->labels, "What is learned, where --data is an IDX file")->group("Data");
  command->add_option("--test-data", o->test_data, "A file of samples to test on, as --data")->group("Data");
  command->add_option("--test-labels", o->test_labels, "Their labels, where that is an IDX file")->group("Data");
  command->add_option("--target", o->target, "The column that is learned: its name, or its number from 1")
      ->group("Data");
  command->add_option("--task", o->task, "classes or number; by default what the target looks like")
      ->check(CLI::IsMember({"classes", "number"}))
      ->group("Data");
  command->add_option("--test", o->test, "Share of the samples to test on, where no --test-data is given")
      ->capture_default_str()
      ->excludes("--test-data")
      ->group("Data");
  command->add_option("--split-seed", o->split_seed, "Draws them")->capture_default_str()->group("Data");
  command->add_flag("--header", o->header, "The first row has names")->group("Data");
  command->add_flag("--no-header", o->no_header, "It has none")->group("Data")->excludes("--header");
  command->add_option("--separator", o->separator, "One character, or tab")->group("Data");
  command->add_option("--layers", o->layers, "Widths of the hidden layers; none: a linear model")
      ->capture_default_str()
      ->group("Network");
  command->add_option("--activation", o->activation, "An elementwise operator: relu, tanh, silu, leaky_relu:0.01, ...")
      ->capture_default_str()
      ->group("Network");
  command->add_option("--initializer", o->initialiser, "he or glorot")->capture_default_str()->group("Network");
  command->add_option("--dropout", o->dropout, "Share of the activations that is left out in training")
      ->group("Network");
  command->add_option("--normalize", o->normalise, "none, layer or batch")->capture_default_str()->group("Network");
  command->add_flag("--residual", o->residual, "Add its input to each layer that keeps the width")->group("Network");
  const std::string training = "Training";
  command->add_option("--optimizer", o->optimiser, joined_names(optimiser_names()))
      ->capture_default_str()
      ->group(training);
  for (const char* name : {"momentum", "beta1", "beta2", "epsilon", "weight_decay"}) {
    std::string option = std::string("--") + name;
    std::ranges::replace(option, '_', '-');
    command
        ->add_option_function<double>(
            option, [o, name](const double& value) { o->hyperparameters[name] = value; },
            "Of the optimizers that have it")
        ->group(training);
  }
  command->add_option("--rate", o->rate, "First learning rate; by default the optimizer's: 0.05 for sgd")
      ->group(training);
  command->add_option("--schedule", o->schedule, "constant, 1/t, exponential, step, cosine; with --decay 1/t")
      ->group(training);
  command->add_option("--decay", o->decay, "Of the schedule, per step")->group(training);
  command->add_option("--every", o->every, "Epochs from step to step (step), to rate 0 (cosine)")
      ->check(CLI::PositiveNumber)
      ->group(training);
  command->add_option("--epochs", o->epochs)->capture_default_str()->check(CLI::Range(1, 100'000'000))->group(training);
  command->add_option("--batch", o->batch, "Samples of a step; 0: all")->capture_default_str()->group(training);
  command->add_option("--loss", o->loss, "cross-entropy, squared, huber")->group(training);
  command->add_option("--reduction", o->reduction, "mean or sum over the samples of a step")
      ->capture_default_str()
      ->group(training);
  command->add_option("--l2", o->l2, "Factor of the penalty on squared weights")
      ->capture_default_str()
      ->group(training);
  command->add_option("--clip", o->clip, "The gradient's norm at most")->group(training);
  command
      ->add_option("--patience", o->patience,
                   "End after so many epochs without a smaller loss on the samples to validate on")
      ->check(CLI::PositiveNumber)
      ->group(training);
  command
      ->add_option(
          "--validation", o->validation,
          "Share of the samples to train on that is put aside to choose the best epoch by; with --patience 0.2")
      ->group(training);
  command->add_option("--seed", o->seed, "Draws first parameters, order and dropout")
      ->capture_default_str()
      ->group(training);
  command->add_option("--threads", o->threads, "0: as many as the machine has; the same bits whatever the number")
      ->capture_default_str()
      ->group(training);
  command->add_option("-o,--output", o->output, "The model, written at the end, at Ctrl-C, and meanwhile")
      ->group("Result");
  command->add_option("--checkpoint-every", o->checkpoint_every, "Seconds between writing it meanwhile")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber)
      ->group("Result");
  command->add_option("--resume", o->resume, "Go on with a model that was interrupted, to the same bits")
      ->group("Result");
  command->add_option("--curve", o->curve, "A picture of loss and scores, .svg")->group("Result");
  command
      ->add_flag("--audit", o->audits,
                 "Check the first, the middle and the last step at 50 digits and in enclosures, and look at the units")
      ->group("Result");
  command->add_option("--audit-steps", o->audit_steps, "Audit these steps instead, as in 1,100,800")->group("Result");
  command->footer(
      "Example:\n  nabla train --data iris.csv --layers 16,16 --optimizer sgd --momentum 0.9 --decay 1e-3 --epochs 200 "
      "-o model.json");
  command->callback([o, command, &chosen] {
    chosen = [o, command] {
      check_resume(*command, *o);
      o->has_epochs = command->count("--epochs") > 0;
      return run_train(*o);
    };
  });
}

}  // namespace nabla::app
