#include <fmt/format.h>

#include <algorithm>
#include <nabla/engine/explain/trace.hpp>
#include <nabla/engine/explain/trace_parts.hpp>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/print/print.hpp>

namespace nabla {

namespace {

using Balls = Entries<Ball>;

constexpr std::size_t most_forward_sweeps = 64;

/// What a node sends to one operand, over symbols of its own: the names are those of the trace.
struct Push {
  std::size_t node = 0;
  int slot = 0;
  std::size_t to = 0;
  Function contribution;
  std::optional<Function> local;
  std::vector<std::size_t> reads;  // nodes of the trace whose values are the inputs, after the adjoint
};

/// The numbers of one sweep at one precision, as they came up.
struct Numbers {
  struct Step {
    Balls local, contribution, before, after;
  };
  std::vector<Balls> values, adjoints;
  std::vector<Step> steps;
};

class Explainer {
 public:
  Explainer(const Function& f, std::span<const Expr> at, const ExplainOptions& options, const TraceLabels& labels)
      : f_(f), graph_(f.plan()->graph()), at_(at.begin(), at.end()), options_(options), labels_(labels) {
    trace_.digits = options.digits;
    std::ranges::sort(trace_.digits);
    const auto repeated = std::ranges::unique(trace_.digits);
    trace_.digits.erase(repeated.begin(), repeated.end());
    if (trace_.digits.empty() || trace_.digits[0] < 1)
      throw std::invalid_argument("explain needs digits of at least 1");
    if (f.output_count() == 0) throw std::invalid_argument("there is no output to explain");
    if (!f.output_shape(0).is_scalar()) throw ShapeError("explain", "a scalar is explained", {f.output_shape(0)});
    trace_.source = options.source;
    trace_.is_forward = options.forward;
  }

  EvaluationTrace run() {
    TraceNodes read = read_trace_nodes(f_, labels_);
    trace_.operations = static_cast<std::size_t>(std::ranges::count_if(read.nodes, is_operation));
    if (!options_.forward && read.nodes.size() > options_.most_nodes) {
      places_ = explain_scopes(f_, at_, read, labels_, trace_);
    } else {
      trace_.nodes = std::move(read.nodes);
      refs_ = std::move(read.refs);
      places_ = std::move(read.places);
      inputs_ = std::move(read.inputs);
      if (options_.forward) check_forward();
      make_pushes();
      evaluate();
      write_numbers();
    }
    trace_.differences = central_differences(f_, at_, trace_, places_, options_.most_differences);
    return std::move(trace_);
  }

 private:
  void check_forward() const {
    for (const TraceNode& node : trace_.nodes)
      if (!node.shape.is_scalar())
        throw ShapeError("explain", "forward mode is explained over scalars, and " + node.name + " is none",
                         {node.shape});
    if (inputs_.size() > most_forward_sweeps)
      throw std::invalid_argument(
          fmt::format("forward mode needs {} sweeps, one for each input, more than {} are shown; "
                      "reverse mode needs one",
                      inputs_.size(), most_forward_sweeps));
  }

  bool is_leaf(std::size_t k) const { return !is_operation(trace_.nodes[k]); }

  /// The operands of a node as symbols that are called by `name_of`; constants stay what they are.
  template <class Name>
  std::vector<Expr> operands(std::size_t k, Name name_of) const {
    std::vector<Expr> x;
    for (const std::size_t j : trace_.nodes[k].in) {
      const Constant* c = graph_.as_constant(refs_[j]);
      if (c != nullptr && trace_.nodes[j].shape.is_scalar())
        x.emplace_back(*c);
      else
        x.push_back(variable(name_of(j), trace_.nodes[j].shape));
    }
    return x;
  }

  std::vector<std::int64_t> attributes(std::size_t k) const {
    const Attributes a = graph_.attributes(refs_[k].id());
    return {a.begin(), a.end()};
  }

  /// The node over what its operands are called.
  template <class Name>
  Expr formula(std::size_t k, Name name_of) const {
    return detail::append(graph_.code(refs_[k].id()), std::source_location(), operands(k, name_of), attributes(k));
  }

  void make_pushes() {
    for (std::size_t k = 0; k < trace_.nodes.size(); ++k) {
      TraceNode& node = trace_.nodes[k];
      if (is_leaf(k)) continue;
      const WorkspaceScope scope(std::make_shared<Workspace>());
      const auto name = [&](std::size_t j) { return trace_.nodes[j].name; };
      const Expr written = formula(k, name);
      node.formula = to_string(written);
      node.latex = to_latex(written);
      if (!node.varies) continue;
      const std::vector<Expr> x = operands(k, name);
      const Expr y = variable(node.name, node.shape);
      const Expr adjoint = variable("adj(" + node.name + ")", node.shape);
      const Opcode code = graph_.code(refs_[k].id());
      const PullbackRule rule = pullback_rule(code);
      if (rule == nullptr) continue;
      const std::vector<std::int64_t> a = attributes(k);
      const std::vector<Expr> all = rule(a, adjoint, y, x);
      std::vector<Expr> inputs{adjoint, y};
      std::vector<std::size_t> reads{k};
      for (std::size_t s = 0; s < x.size(); ++s)
        if (x[s].constant() == nullptr) {
          inputs.push_back(x[s]);
          reads.push_back(node.in[s]);
        }
      const bool scalar = node.shape.is_scalar();
      const std::vector<Expr> partials = scalar ? rule(a, Expr(1), y, x) : std::vector<Expr>();
      for (std::size_t s = 0; s < all.size() && s < x.size(); ++s) {
        const std::size_t to = node.in[s];
        if (all[s].empty() || !trace_.nodes[to].varies) continue;
        Push push{.node = k,
                  .slot = static_cast<int>(s),
                  .to = to,
                  .contribution = Function(std::span<const Expr>(&all[s], 1), inputs),
                  .local = {},
                  .reads = reads};
        TraceStep step{.direction = TraceStep::Direction::backward,
                       .node = k,
                       .slot = static_cast<int>(s),
                       .to = to,
                       .rule = to_string(all[s]),
                       .latex = to_latex(all[s])};
        if (scalar && x[s].shape().is_scalar()) {
          const std::vector<Expr> of(inputs.begin() + 1, inputs.end());
          push.local = Function(std::span<const Expr>(&partials[s], 1), of);
          step.rule = to_string(partials[s]);
          step.latex = to_latex(partials[s]);
        }
        pushes_.push_back(std::move(push));
        rules_.push_back(std::move(step));
      }
    }
    if (options_.forward) {
      plan_forward();
    } else {
      plan_reverse();
    }
  }

  void plan_values() {
    for (std::size_t k = 0; k < trace_.nodes.size(); ++k)
      if (!is_leaf(k))
        trace_.steps.push_back(
            {.direction = TraceStep::Direction::forward, .node = k, .to = k, .rule = {}, .latex = {}});
  }

  void plan_reverse() {
    plan_values();
    trace_.sweeps = 1;
    const std::size_t out = trace_.nodes.size() - 1;
    trace_.steps.push_back({.direction = TraceStep::Direction::seed, .node = out, .to = out, .rule = {}, .latex = {}});
    std::map<std::size_t, int> parts;
    for (const Push& p : pushes_) ++parts[p.to];
    std::map<std::size_t, int> sent;
    // Nodes from the last to the first, and of each the operands in their order.
    for (std::size_t end = pushes_.size(); end > 0;) {
      std::size_t begin = end;
      while (begin > 0 && pushes_[begin - 1].node == pushes_[end - 1].node) --begin;
      for (std::size_t k = begin; k < end; ++k) {
        TraceStep step = rules_[k];
        step.part = ++sent[step.to];
        step.parts = parts[step.to];
        order_.push_back(k);
        trace_.steps.push_back(std::move(step));
      }
      end = begin;
    }
  }

  void plan_forward() {
    plan_values();
    trace_.sweeps = static_cast<int>(inputs_.size());
    for (const std::size_t input : inputs_) {
      trace_.steps.push_back(
          {.direction = TraceStep::Direction::seed, .node = input, .to = input, .rule = {}, .latex = {}});
      for (std::size_t k = 0; k < pushes_.size(); ++k) {
        TraceStep step = rules_[k];
        step.direction = TraceStep::Direction::forward;
        step.to = step.node;
        int part = 0, parts = 0;
        for (std::size_t j = 0; j < pushes_.size(); ++j)
          if (pushes_[j].node == step.node) {
            ++parts;
            if (j <= k) ++part;
          }
        step.part = part;
        step.parts = parts;
        order_.push_back(k);
        trace_.steps.push_back(std::move(step));
      }
    }
  }

  static Balls added(const Balls& a, const Balls& b) {
    Balls sum = a;
    for (std::size_t i = 0; i < b.size(); ++i) sum[i] += b[i];
    return sum;
  }

  Numbers compute() const {
    const std::size_t n = trace_.nodes.size();
    Numbers numbers;
    const std::vector<Balls> inputs = trace_inputs(at_);
    const Run<Ball> run = f_.run<Ball>(std::span<const Balls>(inputs));
    for (std::size_t k = 0; k < n; ++k) {
      const auto value = run.value(refs_[k]);
      numbers.values.emplace_back(value.begin(), value.end());
      numbers.adjoints.emplace_back(value.size(), Ball(0));
    }
    std::size_t next = 0;
    for (const TraceStep& step : trace_.steps) {
      auto& made = numbers.steps.emplace_back();
      if (step.direction == TraceStep::Direction::seed) {
        if (options_.forward)
          for (Balls& t : numbers.adjoints) std::ranges::fill(t, Ball(0));
        made.before = numbers.adjoints[step.node];
        numbers.adjoints[step.node] = {Ball(1)};
        made.after = numbers.adjoints[step.node];
        continue;
      }
      if (step.slot < 0) {
        made.after = numbers.values[step.node];
        continue;
      }
      const Push& push = pushes_[order_[next++]];
      std::vector<Balls> entries;
      for (const std::size_t k : push.reads) entries.push_back(numbers.values[k]);
      if (push.local) made.local = (*push.local)(std::span<const Balls>(entries))[0];
      Balls& target = numbers.adjoints[step.to];
      if (options_.forward) {
        made.contribution = {made.local[0] * numbers.adjoints[push.to][0]};
      } else {
        entries.insert(entries.begin(), numbers.adjoints[push.node]);
        made.contribution = push.contribution(std::span<const Balls>(entries))[0];
      }
      made.before = target;
      target = added(target, made.contribution);
      made.after = target;
    }
    return numbers;
  }

  void evaluate() {
    with_certain_digits(trace_.digits.back(), [this] {
      const Numbers numbers = compute();
      bool certain = true;
      const auto write = [&](const Balls& value, DecimalTexts& texts) {
        certain = write_decimals(value, trace_.digits, texts) && certain;
      };
      for (std::size_t k = 0; k < trace_.nodes.size(); ++k) {
        write(numbers.values[k], trace_.nodes[k].value);
        if (trace_.nodes[k].varies) write(numbers.adjoints[k], trace_.nodes[k].adjoint);
      }
      for (std::size_t k = 0; k < trace_.steps.size(); ++k) {
        TraceStep& step = trace_.steps[k];
        const Numbers::Step& made = numbers.steps[k];
        write(made.after, step.after);
        if (step.slot < 0) continue;
        if (!made.local.empty()) write(made.local, step.local);
        write(made.contribution, step.contribution);
        write(made.before, step.before);
      }
      trace_.kinks = trace_kinks(f_, trace_inputs(at_), places_);
      return certain;
    });
  }

  void write_numbers() {
    const int fewest = trace_.digits.front();
    const auto name = [&](std::size_t j) {
      const std::vector<std::string>& entries = trace_.nodes[j].value.at(fewest);
      if (trace_.nodes[j].shape.is_scalar()) return entries[0].starts_with('-') ? "(" + entries[0] + ")" : entries[0];
      std::string text = "[";
      for (std::size_t i = 0; i < entries.size(); ++i) text += (i == 0 ? "" : ", ") + entries[i];
      return text + "]";
    };
    for (std::size_t k = 0; k < trace_.nodes.size(); ++k) {
      if (is_leaf(k)) continue;
      const WorkspaceScope scope(std::make_shared<Workspace>());
      std::string& text = trace_.nodes[k].numbers = to_string(formula(k, name));
      // A call has its own parentheses: exp(-3).
      for (const std::size_t j : trace_.nodes[k].in)
        if (const std::string twice = "(" + name(j) + ")"; twice.starts_with("(("))
          if (const std::size_t found = text.find(twice); found != std::string::npos)
            text.replace(found, twice.size(), name(j));
    }
  }

  const Function& f_;
  const Graph& graph_;
  std::vector<Expr> at_;
  const ExplainOptions& options_;
  const TraceLabels& labels_;
  EvaluationTrace trace_;
  std::vector<Ref> refs_;  // of the trace's nodes
  std::unordered_map<NodeId, std::size_t> places_;
  std::vector<std::size_t> inputs_;
  std::vector<Push> pushes_;  // by node, then by slot
  std::vector<TraceStep> rules_;
  std::vector<std::size_t> order_;  // of the steps with a slot: which push each is
};

EvaluationTrace explained(const Function& f, std::span<const Expr> at, const ExplainOptions& options,
                          const TraceLabels& labels) {
  if (at.size() != f.input_count())
    throw std::invalid_argument(
        fmt::format("explain takes one value per input: {} inputs, {} values", f.input_count(), at.size()));
  return Explainer(f, at, options, labels).run();
}

}  // namespace

EvaluationTrace explain(const Function& f, std::span<const Expr> at, const ExplainOptions& options) {
  return explained(f, at, options, {});
}

EvaluationTrace explain(const Recording& recording, const ExplainOptions& options) {
  const WorkspaceScope scope(std::make_shared<Workspace>());
  std::vector<Expr> at;
  for (const double x : recording.inputs_at()) at.emplace_back(x);
  const Function f(recording);
  TraceLabels labels;
  for (const NodeId id : f.plan()->nodes()) {
    if (const std::string_view name = recording.name(id); !name.empty()) labels.names.emplace(id, name);
    if (const std::string_view function = recording.function(id); !function.empty())
      labels.functions.emplace(id, function);
  }
  EvaluationTrace trace = explained(f, at, options, labels);
  trace.sources = trace_sources(trace.nodes);
  return trace;
}

}  // namespace nabla
