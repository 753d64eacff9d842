#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <nabla/app/command.hpp>
#include <nabla/app/picture.hpp>
#include <nabla/app/train_report.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/graph/graphviz.hpp>
#include <nabla/graph/json.hpp>
#include <nabla/graph/text.hpp>

/// `nabla inspect`: what a model is, and its network as a graph.
namespace nabla::app {

namespace {

void print_model(const Model& m, const std::string& path) {
  std::cout << path << ": " << describe_network(m) << '\n';
  std::cout << "  features    ";
  for (std::size_t k = 0; k < m.columns.features.size() && k < 8; ++k)
    std::cout << (k ? ", " : "") << m.columns.features[k];
  if (m.columns.features.size() > 8) std::cout << ", ... (" << m.columns.features.size() << ")";
  std::cout << '\n';
  if (m.columns.task == Task::classification) {
    std::cout << "  classes     ";
    for (std::size_t k = 0; k < m.columns.classes.size() && k < 12; ++k)
      std::cout << (k ? ", " : "") << m.columns.classes[k];
    std::cout << " of '" << m.columns.target << "'\n";
  } else {
    std::cout << "  target      the number '" << m.columns.target << "'\n";
  }
  std::cout << "  optimizer   " << describe_optimiser(m.options) << '\n';
  std::cout << "  source      " << source_of(m.options.optimiser) << '\n';
  std::cout << fmt::format("  data        {}, {} samples, ", m.data.file, m.data.samples)
            << (m.data.test_file.empty()
                    ? fmt::format("{} of them to test on (split seed {})\n", m.data.test, m.data.split_seed)
                    : fmt::format("tested on {}\n", m.data.test_file));
  std::cout << fmt::format("  trained     {} steps, {} of {} epochs\n", m.state.step, m.history.size(), m.epochs);
  if (const std::string text = describe_validation(m); !text.empty()) std::cout << "  validation  " << text << '\n';
  const BatchFunction made = prediction_function(m.network.network(), 1, m.columns.features.size());
  std::size_t at = 0;
  for (const Parameter& p : made.layers.parameters()) {
    const auto n = static_cast<std::size_t>(p.variable.shape().size());
    double least = m.parameters()[at], most = least;
    for (std::size_t i = at; i < at + n; ++i) {
      least = std::min(least, m.parameters()[i]);
      most = std::max(most, m.parameters()[i]);
    }
    std::cout << fmt::format("  {:<22} {:<10} from {:.4g} to {:.4g}\n", p.name, p.variable.shape().to_string(), least,
                             most);
    at += n;
  }
  if (m.history.empty()) return;
  std::cout << epoch_heading(m) << '\n' << describe_epoch(m, m.history.size(), m.history.back()) << '\n';
}

int run_inspect(const std::string& path, const std::string& output, bool expression, const std::string& curve) {
  const Model m = read_model(path);
  if (!curve.empty()) write_file(curve, learning_curve(m));
  // Of one sample, a vector: as a person would write the network down.
  Layers layers(Layers::Mode::prediction);
  const bool batch = m.network.normalisation == DenseNetwork::Normalisation::batch;  // needs rows
  const auto n = static_cast<std::int64_t>(m.columns.features.size());
  const Expr x = variable("x", batch ? Shape{1, n} : Shape{n});
  Expr y = m.network.network()(layers, x);
  if (m.columns.task == Task::classification) y = softmax(y);
  if (expression) std::cout << to_string(y) << '\n';
  if (!output.empty()) {
    const NodeId out = y.ref().id();
    const std::string extension = std::filesystem::path(output).extension().string();
    GraphvizOptions options;
    options.outputs = {&out, 1};
    if (extension == ".dot")
      write_file(output, to_graphviz(y.graph(), options));
    else if (extension == ".json")
      write_file(output, to_json(y.graph()));
    else if (extension == ".txt")
      write_file(output, to_text(y.graph()));
    else if (extension == ".svg" || extension == ".png" || extension == ".pdf")
      draw_graphviz(to_graphviz(y.graph(), options), output, extension.substr(1));
    else
      throw UsageError("-o takes a file that ends in .svg, .png, .pdf, .dot, .json or .txt, not '" + output + "'");
  }
  if (output.empty() && !expression && curve.empty()) print_model(m, path);
  return exit_ok;
}

}  // namespace

void add_inspect(CLI::App& program, Action& chosen) {
  struct Options {
    std::string model, output, curve;
    bool expression = false;
  };
  auto o = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("inspect", "What a model is: its network, how it was trained, how well");
  command->add_option("MODEL", o->model, "A file that `nabla train -o` wrote")->required();
  command->add_flag("--expression", o->expression, "The network as an expression");
  command->add_option("-o,--output", o->output, "Its graph: .svg, .png, .pdf (drawn by Graphviz), .dot, .json, .txt");
  command->add_option("--curve", o->curve, "A picture of loss and scores over the epochs, .svg");
  command->footer("Example:\n  nabla inspect model.json -o network.svg");
  command->callback(
      [o, &chosen] { chosen = [o] { return run_inspect(o->model, o->output, o->expression, o->curve); }; });
}

}  // namespace nabla::app
