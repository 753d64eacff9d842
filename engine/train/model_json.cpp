#include <cmath>
#include <nabla/engine/train/fingerprint.hpp>
#include <nabla/engine/train/model.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using ModelJson = nlohmann::json;

constexpr const char* model_schema = "nabla.model/1";

ModelJson model_json_of(const std::vector<double>& numbers) {
  for (const double x : numbers)
    if (!std::isfinite(x)) throw std::invalid_argument("a model whose numbers are not finite is not written");
  return numbers;
}

ModelJson model_json_of(const DenseNetwork& n) {
  return {{"hidden", n.hidden},         {"outputs", n.outputs},
          {"activation", n.activation}, {"weights", name_of(n.weights)},
          {"dropout", n.dropout},       {"normalisation", name_of(n.normalisation)},
          {"residual", n.residual}};
}
DenseNetwork network_from(const ModelJson& j) {
  DenseNetwork n;
  n.hidden = j.at("hidden").get<std::vector<std::int64_t>>();
  n.outputs = j.at("outputs").get<std::int64_t>();
  n.activation = j.at("activation").get<std::string>();
  n.weights = initialiser_named(j.at("weights").get<std::string>());
  n.dropout = j.at("dropout").get<double>();
  n.normalisation = normalisation_named(j.at("normalisation").get<std::string>());
  n.residual = j.at("residual").get<bool>();
  return n;
}

ModelJson model_json_of(const Columns& c) {
  return {{"task", c.task == Task::classification ? "classification" : "regression"},
          {"features", c.features},
          {"target", c.target},
          {"target_at", c.target_at},
          {"has_names", c.has_names},
          {"classes", c.classes}};
}
Columns columns_from(const ModelJson& j) {
  Columns c;
  c.task = j.at("task").get<std::string>() == "classification" ? Task::classification : Task::regression;
  c.features = j.at("features").get<std::vector<std::string>>();
  c.target = j.at("target").get<std::string>();
  c.target_at = j.at("target_at").get<std::size_t>();
  c.has_names = j.at("has_names").get<bool>();
  c.classes = j.at("classes").get<std::vector<std::string>>();
  return c;
}

ModelJson model_json_of(const Standardisation& s) {
  return {{"mean", model_json_of(s.mean)}, {"scale", model_json_of(s.scale)}};
}
Standardisation standardisation_from(const ModelJson& j) {
  return {j.at("mean").get<std::vector<double>>(), j.at("scale").get<std::vector<double>>()};
}

ModelJson model_json_of(const TrainingOptions& o) {
  ModelJson optimiser{{"name", name_of(o.optimiser)}};
  Optimiser copy = o.optimiser;
  for_each_hyperparameter(copy, [&](std::string_view name, double value) { optimiser[std::string(name)] = value; });
  return {{"optimizer", optimiser},
          {"schedule",
           {{"kind", name_of(o.schedule.kind)},
            {"rate", o.schedule.rate},
            {"decay", o.schedule.decay},
            {"every", o.schedule.every}}},
          {"batch", o.batch},
          {"loss", name_of(o.loss)},
          {"reduction", name_of(o.reduction)},
          {"clip", o.clip},
          {"l2", o.l2},
          {"seed", o.seed}};
}
TrainingOptions options_from(const ModelJson& j) {
  TrainingOptions o;
  o.optimiser = optimiser_named(j.at("optimizer").at("name").get<std::string>());
  for_each_hyperparameter(o.optimiser, [&](std::string_view name, double& value) {
    value = j.at("optimizer").at(std::string(name)).get<double>();
  });
  const ModelJson& s = j.at("schedule");
  o.schedule = {schedule_named(s.at("kind").get<std::string>()), s.at("rate").get<double>(),
                s.at("decay").get<double>(), s.at("every").get<std::int64_t>()};
  o.batch = j.at("batch").get<std::size_t>();
  o.loss = loss_named(j.at("loss").get<std::string>());
  o.reduction = reduction_named(j.at("reduction").get<std::string>());
  o.clip = j.at("clip").get<double>();
  o.l2 = j.at("l2").get<double>();
  o.seed = j.at("seed").get<std::uint64_t>();
  check(o.optimiser);
  check(o.schedule);
  return o;
}

ModelJson model_json_of(const Model::Data& d) {
  ModelJson j{{"file", d.file},
              {"fingerprint", d.fingerprint},
              {"test", d.test},
              {"split_seed", d.split_seed},
              {"samples", d.samples}};
  for (const auto& [name, file] :
       {std::pair("labels", &d.labels), std::pair("test_file", &d.test_file), std::pair("test_labels", &d.test_labels)})
    if (!file->empty()) j[name] = *file;
  if (d.format.separator) j["separator"] = std::string(1, *d.format.separator);
  if (d.format.has_header) j["has_header"] = *d.format.has_header;
  return j;
}
Model::Data data_from(const ModelJson& j) {
  Model::Data d;
  d.file = j.at("file").get<std::string>();
  d.labels = j.value("labels", "");
  d.test_file = j.value("test_file", "");
  d.test_labels = j.value("test_labels", "");
  d.fingerprint = j.at("fingerprint").get<std::string>();
  d.test = j.at("test").get<double>();
  d.split_seed = j.at("split_seed").get<std::uint64_t>();
  d.samples = j.at("samples").get<std::uint64_t>();
  if (j.contains("separator")) d.format.separator = j.at("separator").get<std::string>().at(0);
  if (j.contains("has_header")) d.format.has_header = j.at("has_header").get<bool>();
  return d;
}

ModelJson model_json_of(const TrainingState& s) {
  ModelJson memory = ModelJson::array();
  for (const std::vector<double>& each : s.memory) memory.push_back(model_json_of(each));
  return {{"step", s.step},
          {"parameters", model_json_of(s.parameters)},
          {"statistics", model_json_of(s.statistics)},
          {"memory", memory},
          {"epoch_total", model_json_of(std::vector<double>{s.epoch_total}).at(0)}};
}
TrainingState state_from(const ModelJson& j) {
  return {j.at("step").get<std::int64_t>(), j.at("parameters").get<std::vector<double>>(),
          j.at("statistics").get<std::vector<double>>(), j.at("memory").get<std::vector<std::vector<double>>>(),
          j.at("epoch_total").get<double>()};
}

ModelJson model_json_of(const Model::Validation& v) {
  return {{"share", v.share},
          {"patience", v.patience},
          {"best_epoch", v.best_epoch},
          {"best_loss", model_json_of(std::vector<double>{v.best_loss}).at(0)},
          {"parameters", model_json_of(v.parameters)},
          {"statistics", model_json_of(v.statistics)}};
}
Model::Validation validation_from(const ModelJson& j) {
  return {j.at("share").get<double>(),
          j.at("patience").get<std::int64_t>(),
          j.at("best_epoch").get<std::int64_t>(),
          j.at("best_loss").get<double>(),
          j.at("parameters").get<std::vector<double>>(),
          j.at("statistics").get<std::vector<double>>()};
}

/// \throws std::invalid_argument where the parts of a model do not fit each other
void check_parts(const Model& m) {
  const auto need = [](bool fits, const char* what) {
    if (!fits) throw std::invalid_argument(what);
  };
  const std::size_t features = m.columns.features.size(), outputs = m.columns.outputs();
  need(features > 0 && outputs > 0, "it has no inputs or no outputs");
  need(m.network.outputs == static_cast<std::int64_t>(outputs), "the network's outputs are not the target's");
  need(m.inputs.mean.size() == features && m.inputs.scale.size() == features, "the standardisation has another width");
  for (const double s : m.inputs.scale) need(s > 0, "a scale is not positive");
  if (m.columns.task == Task::regression)
    need(m.targets.mean.size() == 1 && m.targets.scale.size() == 1, "the target's standardisation is missing");
  const BatchFunction made = prediction_function(m.network.network(), 1, features);
  std::size_t statistics = 0;
  for (const Statistic& s : made.layers.statistics()) statistics += static_cast<std::size_t>(s.shape.size());
  need(m.state.parameters.size() == made.layers.parameter_count(), "the network has another number of parameters");
  need(m.state.statistics.size() == statistics, "the network has another number of statistics");
  need(m.state.step >= 0 && m.state.memory.size() == vectors_of(m.options.optimiser),
       "its optimizer has other vectors");
  for (const std::vector<double>& each : m.state.memory)
    need(each.size() == m.state.parameters.size(), "its optimizer has other vectors");
  need(m.parameters().size() == m.state.parameters.size() && m.statistics().size() == m.state.statistics.size(),
       "the best epoch has another number of parameters");
}

}  // namespace

std::string to_json(const Model& m) {
  ModelJson history = ModelJson::array();
  for (const EpochRecord& e : m.history)
    history.push_back(model_json_of(std::vector<double>{e.loss, e.training_score, e.test_score, e.validation_loss}));
  ModelJson j{{"schema", model_schema},
              {"network", model_json_of(m.network)},
              {"columns", model_json_of(m.columns)},
              {"inputs", model_json_of(m.inputs)},
              {"targets", model_json_of(m.targets)},
              {"options", model_json_of(m.options)},
              {"epochs", m.epochs},
              {"data", model_json_of(m.data)},
              {"state", model_json_of(m.state)},
              {"history", history},
              {"validation", model_json_of(m.validation)}};
  j["fingerprint"] = fingerprint_text(j.dump());
  return j.dump() + '\n';
}

Model model_from_json(std::string_view text, const std::string& name) {
  ModelJson j;
  try {
    j = ModelJson::parse(text);
  } catch (const ModelJson::exception&) {
    // A model cut off still begins like one.
    const bool begins_like_one = text.starts_with("{\"columns\":{\"classes\":");
    throw ModelError(name + (text.empty()      ? ": the file is empty, no model"
                             : begins_like_one ? ": this model is truncated or damaged; its end is missing"
                                               : ": this is no model of nabla (no JSON)"));
  }
  const ModelJson* const schema = j.is_object() && j.contains("schema") ? &j.at("schema") : nullptr;
  if (schema == nullptr || !schema->is_string() || !schema->get<std::string>().starts_with("nabla.model/"))
    throw ModelError(name + ": this is no model of nabla (JSON without \"schema\": \"" + model_schema + "\")");
  if (*schema != model_schema)
    throw ModelError(name + ": this model has the schema " + schema->get<std::string>() + "; this version reads " +
                     model_schema);
  const ModelJson given = j.contains("fingerprint") ? j.at("fingerprint") : ModelJson();
  j.erase("fingerprint");
  if (given != fingerprint_text(j.dump()))
    throw ModelError(name + ": this model is damaged: its content does not have the fingerprint that it states");
  try {
    Model m;
    m.network = network_from(j.at("network"));
    m.columns = columns_from(j.at("columns"));
    m.inputs = standardisation_from(j.at("inputs"));
    m.targets = standardisation_from(j.at("targets"));
    m.options = options_from(j.at("options"));
    m.epochs = j.at("epochs").get<std::int64_t>();
    m.data = data_from(j.at("data"));
    m.state = state_from(j.at("state"));
    for (const ModelJson& e : j.at("history"))
      m.history.push_back({e.at(0).get<double>(), e.at(1).get<double>(), e.at(2).get<double>(), e.at(3).get<double>()});
    m.validation = validation_from(j.at("validation"));
    check_parts(m);
    return m;
  } catch (const std::exception& error) {
    throw ModelError(name + ": this model cannot be used: " + error.what());
  }
}

}  // namespace nabla
