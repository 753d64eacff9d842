#include <fmt/format.h>

#include <algorithm>
#include <nabla/engine/explain/trace_parts.hpp>
#include <nabla/engine/gradient/rule.hpp>
#include <set>

namespace nabla {

namespace {

/// Inputs beyond so many are shown as one vector.
constexpr std::size_t most_inputs_apart = 40;
constexpr std::size_t most_names_in_formula = 4;

/// The contributions of operators to their operands, over numbers; of equal operators made once.
class PushRules {
 public:
  struct Rule {
    std::vector<std::optional<Function>> by_slot;  // over the adjoint, the value and the operands that are read
    std::vector<std::size_t> reads;                // slots
  };

  explicit PushRules(const Graph& graph) : graph_(graph) {}

  const Rule& rule(NodeId id) {
    const std::span<const Ref> operands = graph_.operands(id);
    const Attributes attributes = graph_.attributes(id);
    std::string key = fmt::format("{} {}", graph_.code(id), fmt::join(attributes, " "));
    for (const Ref r : operands)
      key += r.is_constant() ? fmt::format(" c{}", r.index()) : " " + graph_.shape(r).to_string();
    const auto [it, fresh] = rules_.try_emplace(std::move(key));
    if (fresh) it->second = made(id, {attributes.begin(), attributes.end()});
    return it->second;
  }

 private:
  Rule made(NodeId id, const std::vector<std::int64_t>& attributes) const {
    Rule result;
    const PullbackRule rule = pullback_rule(graph_.code(id));
    if (rule == nullptr) return result;
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Expr adjoint = variable("adjoint", graph_.shape(id)), y = variable("y", graph_.shape(id));
    std::vector<Expr> x, inputs{adjoint, y};
    for (const Ref r : graph_.operands(id)) {
      if (r.is_constant()) {
        x.emplace_back(graph_.constant_at(r.index()));
        continue;
      }
      result.reads.push_back(x.size());
      x.push_back(variable(fmt::format("x{}", x.size()), graph_.shape(r)));
      inputs.push_back(x.back());
    }
    for (const Expr& each : rule(attributes, adjoint, y, x)) {
      if (each.empty())
        result.by_slot.emplace_back();
      else
        result.by_slot.emplace_back(Function(std::span<const Expr>(&each, 1), inputs));
    }
    return result;
  }

  const Graph& graph_;
  std::map<std::string, Rule, std::less<>> rules_;
};

class ScopeExplainer {
 public:
  ScopeExplainer(const Function& f, std::span<const Expr> at, const TraceNodes& read, const TraceLabels& labels,
                 EvaluationTrace& trace)
      : f_(f), at_(at), read_(read), labels_(labels), trace_(trace), rules_(f.plan()->graph()) {}

  std::unordered_map<NodeId, std::size_t> run() {
    owner_.assign(read_.nodes.size(), nowhere);
    entry_.assign(read_.nodes.size(), nowhere);
    trace_.sweeps = 1;
    add_inputs();
    for (const TraceScope& scope : cut_into_scopes(read_, labels_)) add_scope(scope);
    plan();
    with_certain_digits(trace_.digits.back(), [this] { return compute(); });
    return std::move(places_);
  }

 private:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  const TraceNode& node(std::size_t k) const { return read_.nodes[k]; }
  std::size_t entries(std::size_t k) const { return static_cast<std::size_t>(node(k).shape.size()); }

  /// \param members  nodes of the graph whose entries the new node of the trace has
  std::size_t add(TraceNode made, std::vector<std::size_t> members) {
    const std::size_t place = trace_.nodes.size();
    std::size_t size = 0;
    for (const std::size_t k : members) {
      entry_[k] = size;
      size += entries(k);
      made.varies = made.varies || node(k).varies;
    }
    made.shape = members.size() == 1 ? node(members[0]).shape : Shape{static_cast<std::int64_t>(size)};
    trace_.nodes.push_back(std::move(made));
    members_.push_back(std::move(members));
    return place;
  }

  void add_inputs() {
    if (read_.inputs.size() <= most_inputs_apart) {
      for (const std::size_t k : read_.inputs) {
        owner_[k] = add(node(k), {k});
        trace_.nodes.back().uses = 0;
        places_.emplace(read_.refs[k].id(), owner_[k]);
      }
      return;
    }
    TraceNode all{.op = "variable", .in = {}, .name = {}, .formula = {}, .numbers = {}, .latex = {}};
    all.name = node(read_.inputs.front()).name + "..." + node(read_.inputs.back()).name;
    const std::size_t place = add(std::move(all), read_.inputs);
    for (const std::size_t k : read_.inputs) owner_[k] = place;
  }

  void add_scope(const TraceScope& scope) {
    const std::size_t place = trace_.nodes.size();
    for (const std::size_t k : scope) {
      owner_[k] = place;
      places_.emplace(read_.refs[k].id(), place);
    }
    std::set<std::size_t> in;
    for (const std::size_t k : scope)
      for (const std::size_t j : node(k).in)
        if (owner_[j] != place && owner_[j] != nowhere) in.insert(owner_[j]);
    TraceNode made{.op = "scope", .in = {in.begin(), in.end()}, .name = {}, .formula = {}, .numbers = {}, .latex = {}};
    made.operations = scope.size();
    made.origin = node(scope.back()).origin;
    made.lines = lines(scope);
    const std::vector<std::size_t> results = results_of(scope);
    const std::string number = std::to_string(++trace_.scopes);
    made.name = results.size() == 1 && read_.is_named[results[0]] ? node(results[0]).name : letter() + number;
    std::string names;
    std::size_t count = 0;
    for (const std::size_t j : in)
      if (count++ < most_names_in_formula) names += (names.empty() ? "" : ", ") + trace_.nodes[j].name;
    if (count > most_names_in_formula) names += ", ...";
    const std::string function = function_of(scope);
    made.formula = (function.empty() ? "f" + number : function) + "(" + names + ")";
    made.numbers = fmt::format("{} operation{}", scope.size(), scope.size() == 1 ? "" : "s");
    if (!made.lines.empty()) made.numbers += ", " + made.lines;
    made.latex = "\\text{" + made.numbers + "}";
    add(std::move(made), results);
  }

  /// What others read, or the output.
  std::vector<std::size_t> results_of(const TraceScope& scope) {
    if (read_by_others_.empty()) {
      read_by_others_.assign(read_.nodes.size(), nowhere);
      for (std::size_t k = 0; k < read_.nodes.size(); ++k)
        for (const std::size_t j : node(k).in) read_by_others_[j] = k;
      read_by_others_.back() = read_.nodes.size();
    }
    std::vector<std::size_t> results;
    for (const std::size_t k : scope)
      if (read_by_others_[k] != nowhere && read_by_others_[k] > scope.back()) results.push_back(k);
    return results;
  }

  /// For the names of scopes: one that no name begins with.
  std::string letter() const {
    for (const char* candidate : {"s", "part", "scope"}) {
      const auto clashes = [&](const TraceNode& n) { return n.name.starts_with(candidate); };
      if (std::ranges::none_of(read_.nodes, clashes)) return candidate;
    }
    return "scope_";
  }

  std::string function_of(const TraceScope& scope) const {
    std::string name;
    for (const std::size_t k : scope) {
      const auto it = labels_.functions.find(read_.refs[k].id());
      if (it == labels_.functions.end() || (!name.empty() && name != it->second)) return {};
      name = it->second;
    }
    return name;
  }

  std::string lines(const TraceScope& scope) const {
    const Origin& some = node(scope[0]).origin;
    Origin first = some, last = some;
    for (const std::size_t k : scope) {
      const Origin& o = node(k).origin;
      if (o.line == 0 || o.file != some.file) return {};
      if (std::pair(o.line, o.column) < std::pair(first.line, first.column)) first = o;
      if (std::pair(o.line, o.column) > std::pair(last.line, last.column)) last = o;
    }
    const bool has_file = !some.file.empty() && some.file.find('/') != std::string::npos;
    const std::string file = has_file ? some.file.substr(some.file.find_last_of('/') + 1) + ":" : "";
    if (first.line != last.line) return fmt::format("{}{}-{}", has_file ? file : "lines ", first.line, last.line);
    if (has_file) return fmt::format("{}{}", file, first.line);
    return fmt::format("columns {}-{}", first.column, last.column);
  }

  struct Push {
    std::size_t reader;  // a node of the graph
    std::size_t slot;
    std::size_t step;  // of the trace, that it is a part of
  };

  void plan() {
    using Direction = TraceStep::Direction;
    std::map<std::pair<std::size_t, std::size_t>, std::vector<Push>> pushes;  // by sender and receiver
    for (std::size_t k = 0; k < read_.nodes.size(); ++k) {
      if (!is_operation(node(k)) || !node(k).varies) continue;
      for (std::size_t s = 0; s < node(k).in.size(); ++s) {
        const std::size_t j = node(k).in[s], from = owner_[k], to = owner_[j];
        if (to != nowhere && to != from && node(j).varies) pushes[{from, to}].push_back({k, s, 0});
      }
    }
    for (std::size_t k = 0; k < trace_.nodes.size(); ++k) {
      for (const std::size_t j : trace_.nodes[k].in) ++trace_.nodes[j].uses;
      if (trace_.nodes[k].op == "scope")
        trace_.steps.push_back({.direction = Direction::forward, .node = k, .to = k, .rule = {}, .latex = {}});
    }
    const std::size_t out = trace_.nodes.size() - 1;
    trace_.steps.push_back({.direction = Direction::seed, .node = out, .to = out, .rule = {}, .latex = {}});
    std::map<std::size_t, int> parts, sent;
    for (const auto& [key, all] : pushes) ++parts[key.second];
    for (std::size_t k = trace_.nodes.size(); k-- > 0;)
      for (std::size_t s = 0; s < trace_.nodes[k].in.size(); ++s) {
        const std::size_t to = trace_.nodes[k].in[s];
        const auto it = pushes.find({k, to});
        if (it == pushes.end()) continue;
        TraceStep step{.direction = Direction::backward,
                       .node = k,
                       .slot = static_cast<int>(s),
                       .to = to,
                       .rule = "sum over the paths in " + trace_.nodes[k].name,
                       .latex = {}};
        step.latex = "\\text{" + step.rule + "}";
        step.part = ++sent[to];
        step.parts = parts[to];
        for (Push push : it->second) {
          push.step = trace_.steps.size();
          pushes_.push_back(push);
        }
        trace_.steps.push_back(std::move(step));
      }
  }

  bool compute() {
    const std::vector<Entries<Ball>> inputs = trace_inputs(at_);
    Run<Ball> run = f_.run<Ball>(std::span<const Entries<Ball>>(inputs));
    const Ball one(1);
    std::vector<std::span<const Ball>> seeds{std::span<const Ball>(&one, 1)};
    run.reverse(seeds);
    bool certain = true;
    const auto write = [&](std::span<const Ball> value, DecimalTexts& texts) {
      certain = write_decimals(value, trace_.digits, texts) && certain;
    };
    std::vector<Entries<Ball>> values, adjoints, sums;
    for (std::size_t k = 0; k < trace_.nodes.size(); ++k) {
      Entries<Ball> value, adjoint;
      for (const std::size_t j : members_[k]) {
        const auto v = run.value(read_.refs[j]);
        value.insert(value.end(), v.begin(), v.end());
        const auto a = run.adjoint(read_.refs[j].id());
        adjoint.insert(adjoint.end(), a.begin(), a.end());
      }
      write(value, trace_.nodes[k].value);
      if (trace_.nodes[k].varies) write(adjoint, trace_.nodes[k].adjoint);
      sums.emplace_back(value.size(), Ball(0));
      values.push_back(std::move(value));
      adjoints.push_back(std::move(adjoint));
    }
    std::size_t next = 0;
    for (std::size_t s = 0; s < trace_.steps.size(); ++s) {
      TraceStep& step = trace_.steps[s];
      if (step.direction == TraceStep::Direction::forward) {
        write(values[step.node], step.after);
        continue;
      }
      Entries<Ball>& sum = sums[step.to];
      write(sum, step.before);
      if (step.direction == TraceStep::Direction::seed) {
        sum[0] = Ball(1);
        write(sum, step.after);
        continue;
      }
      Entries<Ball> contribution(sum.size(), Ball(0));
      for (; next < pushes_.size() && pushes_[next].step == s; ++next) send(run, pushes_[next], contribution);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += contribution[i];
      const Entries<Ball>& adjoint = adjoints[step.node];
      if (sum.size() == 1 && adjoint.size() == 1 && adjoint[0].certainly_nonzero()) {
        // What has one result has one derivative by each number that it reads.
        const Ball local = contribution[0] / adjoint[0];
        write({&local, 1}, step.local);
      }
      write(contribution, step.contribution);
      write(sum, step.after);
    }
    trace_.kinks = trace_kinks(f_, inputs, places_);
    return certain;
  }

  void send(const Run<Ball>& run, const Push& push, Entries<Ball>& to) {
    const Ref reader = read_.refs[push.reader];
    const PushRules::Rule& rule = rules_.rule(reader.id());
    if (push.slot >= rule.by_slot.size() || !rule.by_slot[push.slot]) return;
    std::vector<Entries<Ball>> inputs;
    const auto take = [&](std::span<const Ball> entries) { inputs.emplace_back(entries.begin(), entries.end()); };
    take(run.adjoint(reader.id()));
    take(run.value(reader));
    for (const std::size_t s : rule.reads) take(run.value(f_.plan()->graph().operands(reader.id())[s]));
    const Entries<Ball> sent = (*rule.by_slot[push.slot])(std::span<const Entries<Ball>>(inputs))[0];
    const std::size_t begin = entry_[node(push.reader).in[push.slot]];
    for (std::size_t i = 0; i < sent.size(); ++i) to[begin + i] += sent[i];
  }

  const Function& f_;
  std::span<const Expr> at_;
  const TraceNodes& read_;
  const TraceLabels& labels_;
  EvaluationTrace& trace_;
  PushRules rules_;
  std::unordered_map<NodeId, std::size_t> places_;
  std::vector<std::size_t> owner_;  // of each node of the graph, the node of the trace; constants have none
  std::vector<std::size_t> entry_;  // of each result, its first entry there
  std::vector<std::vector<std::size_t>> members_;
  std::vector<std::size_t> read_by_others_;  // of each node of the graph, its last reader
  std::vector<Push> pushes_;
};

}  // namespace

std::unordered_map<NodeId, std::size_t> explain_scopes(const Function& f, std::span<const Expr> at,
                                                       const TraceNodes& read, const TraceLabels& labels,
                                                       EvaluationTrace& trace) {
  return ScopeExplainer(f, at, read, labels, trace).run();
}

}  // namespace nabla
