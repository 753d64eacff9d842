#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>

namespace nabla::wellposed {

namespace {

constexpr std::size_t most_directions = 24;

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

/// The arguments of "name(a, b, c)".
std::vector<std::string_view> arguments(std::string_view text) {
  std::vector<std::string_view> found;
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return found;
  int depth = 0;
  std::size_t begin = open + 1;
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ',' && depth == 0) || (c == ')' && depth == 0)) {
      found.push_back(trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
      if (c == ')') break;
    }
    if (c == ')' || c == ']' || c == '}') --depth;
  }
  return found;
}

std::vector<OneSided::Step> backwards(std::span<const OneSided::Step> line) {
  std::vector<OneSided::Step> result(line.begin(), line.end());
  for (OneSided::Step& step : result) step.by = -step.by;
  return result;
}

bool differ(const PointValue& a, const PointValue& b) { return Number<PointValue>::equal(a, b) == Truth::no; }

}  // namespace

Along asked_along(std::string_view text) {
  text = trimmed(text);
  const auto x = arguments(text);
  if (text.starts_with("diff")) {
    const auto step = x.size() == 3 ? parse_rational(x[2]) : std::nullopt;
    const bool whole = x.size() == 3 && x[1].find('[') == std::string_view::npos;
    return step && !step->is_zero() && whole ? Along::nonzero_direction : Along::direction;
  }
  return x.size() >= 2 && x[1].find('[') != std::string_view::npos ? Along::some_entries : Along::all_entries;
}

std::vector<std::pair<NodeId, Expr>> replaced_variables(const Derivative& derivative) {
  std::vector<std::pair<NodeId, Expr>> replaced;
  const auto& at = derivative.at;
  for (std::size_t k = 0; k < at.size(); ++k) {
    if (!at[k].first.ref().is_node()) continue;
    const NodeId variable = at[k].first.ref().id();
    // The first replacement of a variable is the one that finds it.
    if (std::ranges::any_of(replaced, [&](const auto& r) { return r.first == variable; })) continue;
    Expr value = at[k].second;
    for (std::size_t later = k + 1; later < at.size(); ++later) value = substitute(value, Replacements{at[later]});
    replaced.emplace_back(variable, value);
  }
  return replaced;
}

std::vector<Ref> moving(const Problem& problem, const Derivative& derivative) {
  // The value of a function variable is a variable of its own, which does not show what it depends on.
  if (problem.functions == FunctionTreatment::abstract) return {};
  return {derivative.by.ref()};
}

void OneSided::look_at(const Assignment& at, const Meeting* met) {
  at_ = &at;
  met_ = met;
  moved_.reset();
  seen_.clear();
}

const std::vector<bool>& OneSided::moved_by(NodeId variable) {
  std::vector<bool>& moves = dependents_[variable];
  if (!moves.empty()) return moves;
  const Graph& graph = values_.graph();
  moves.resize(std::max<std::size_t>(graph.size(), 1), false);
  for (const NodeId id : values_.nodes())
    moves[id] =
        id == variable || std::ranges::any_of(graph.operands(id), [&](Ref r) { return r.is_node() && moves[r.id()]; });
  return moves;
}

const std::vector<Germ>& OneSided::along(NodeId variable, std::span<const Step> steps) {
  std::vector<std::pair<std::size_t, int>> key;
  for (const Step& step : steps) key.emplace_back(step.entry, step.by);
  const auto name = std::pair{variable, std::move(key)};
  const auto seen = seen_.find(name);
  return seen != seen_.end() ? seen->second : seen_.emplace(name, expand(variable, steps)).first->second;
}

std::vector<Germ> OneSided::expand(NodeId variable, std::span<const Step> steps) {
  const Graph& graph = values_.graph();
  const std::vector<bool>& moves = moved_by(variable);
  const std::vector<bool>* moved_before = moved_ ? &moved_by(*moved_) : nullptr;
  moved_.reset();  // until all is done
  for (const NodeId id : values_.nodes()) {
    if (moved_before != nullptr && !moves[id] && !(*moved_before)[id]) continue;  // as it was
    if (!graph.is(id, opcode<Variable>)) {
      values_.compute(id);
      Germ& value = values_.entries(id)[0];
      const bool meets = met_ != nullptr && (met_->a == Ref::node(id)) && value.is_defined() && !value.is_unbounded();
      if (meets) value = value.with_limit(std::as_const(values_).entries(met_->b)[0].coefficient(0));
      continue;
    }
    const std::span<Germ> entries = values_.entries(id);
    const auto found = at_->find(id);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (found == at_->end() || found->second.size() != entries.size()) {
        entries[i] = Germ::of_status(Germ::Status::unknown);
      } else {
        const auto step = id == variable ? std::ranges::find(steps, i, &Step::entry) : steps.end();
        entries[i] = step == steps.end() ? Germ(found->second[i]) : Germ::line(found->second[i], PointValue(step->by));
      }
    }
  }
  moved_ = variable;
  const auto result = values_.entries(of_);
  return {result.begin(), result.end()};
}

std::string OneSided::no_derivative(NodeId variable, std::span<const Step> line) {
  const std::vector<Germ>& right = along(variable, line);
  const std::vector<Germ>& left = along(variable, backwards(line));
  for (std::size_t k = 0; k < right.size(); ++k) {
    const Germ& r = right[k];
    const Germ& l = left[k];
    for (const Germ* side : {&r, &l}) {
      if (!side->is_defined()) continue;
      if (side->is_unbounded()) return "it grows beyond all bounds nearby";
      if (side->has_term_between(0, Germ::unit)) return "its difference quotients grow beyond all bounds";
    }
    if (!r.is_defined() || !l.is_defined()) continue;  // one-sided where the natural domain ends
    if (differ(r.coefficient(0), l.coefficient(0))) return "its limits from the two sides differ";
    const PointValue rising = r.coefficient(Germ::unit);
    const PointValue falling = -l.coefficient(Germ::unit);
    if (differ(rising, falling)) {
      std::string text = "its one-sided derivatives differ";
      if (rising.exact() && falling.exact())
        text += ": " + falling.exact()->str() + " from the left, " + rising.exact()->str() + " from the right";
      return text;
    }
  }
  return "";
}

std::string OneSided::no_continuity(NodeId variable, std::span<const Step> line, std::span<const PointValue> values) {
  for (const int direction : {1, -1}) {
    const std::vector<Germ>& side = direction > 0 ? along(variable, line) : along(variable, backwards(line));
    for (std::size_t k = 0; k < side.size(); ++k) {
      if (!side[k].is_defined()) continue;
      if (side[k].is_unbounded()) return "it grows beyond all bounds nearby";
      if (differ(side[k].coefficient(0), values[k]))
        return std::string("its limit from the ") + (direction > 0 ? "right" : "left") + " is not its value";
    }
  }
  return "";
}

std::string OneSided::no_differential(NodeId variable, const Step& one, const Step& other) {
  const Step both[] = {one, other};
  const std::vector<Germ>& sum = along(variable, both);
  const std::vector<Germ>&first = along(variable, {&one, 1}), &second = along(variable, {&other, 1});
  for (std::size_t k = 0; k < sum.size(); ++k) {
    if (!sum[k].is_defined() || !first[k].is_defined() || !second[k].is_defined()) continue;
    const PointValue parts = first[k].coefficient(Germ::unit) + second[k].coefficient(Germ::unit);
    if (differ(sum[k].coefficient(Germ::unit), parts)) return "its derivatives along lines do not add up";
  }
  return "";
}

DerivativeAt::DerivativeAt(const Problem& problem, const Derivative& derivative)
    : problem_(problem), derivative_(derivative) {
  std::vector<Ref> outer;
  for (const auto& [variable, value] : replaced_variables(derivative)) {
    replaced_.emplace_back(variable, value.ref());
    outer.push_back(value.ref());
  }
  for (const Expr& guard : derivative.guards) {
    guards_.push_back(guard.ref());
    outer.push_back(guard.ref());
  }
  const Graph& graph = problem.workspace->graph();
  const Ref of = derivative.of.ref();
  if (of.is_node() && derivative.by.ref().is_node() && derivative.of.shape().is_scalar() &&
      derivative.by.shape().is_scalar() && problem.conventions.empty()) {
    const WorkspaceScope scope(problem.workspace);
    slope_ = gradient(derivative.of, derivative.by).ref();
    slope_run_.emplace(graph, std::span<const Ref>(&*slope_, 1));
  }
  const std::vector<Ref> by = moving(problem, derivative);
  dependence_.emplace(graph, std::span<const Ref>(&of, 1), by);
  outer_.emplace(graph, outer);
  inner_.emplace(graph, std::span<const Ref>(&of, 1));
  sides_.emplace(graph, of);
}

bool DerivativeAt::is_smooth() const {
  const Graph& graph = problem_.workspace->graph();
  const Ref of = derivative_.of.ref();
  const std::vector<bool> read = inner_->read(std::span<const Ref>(&of, 1));
  for (NodeId id = 0; id < read.size(); ++id) {
    if (!read[id]) continue;
    if (inner_->status(Ref::node(id)) != PointValue::Status::defined) return false;
    if (!is_regular(graph, id, Want::differentiable, *dependence_, *inner_, problem_.conventions)) return false;
  }
  return true;
}

/// Whether the one-sided expansions show a derivative by a number, and it is what the chain rule gives at the kinks
/// that are met: x abs(x) has one at 0.
bool DerivativeAt::is_seen_from_both_sides(const Assignment& variables) {
  if (!slope_) return false;
  const OneSided::Step up{0, 1}, down{0, -1};
  const NodeId by = derivative_.by.ref().id();
  const std::vector<Germ>&right = sides_->along(by, {&up, 1}), &left = sides_->along(by, {&down, 1});
  const auto value = inner_->entries(derivative_.of.ref());
  const auto equal = [](const PointValue& a, const PointValue& b) {
    return Number<PointValue>::equal(a, b) == Truth::yes;
  };
  for (const Germ* side : {&right[0], &left[0]}) {
    if (!side->is_defined() || !equal(side->coefficient(0), value[0])) return false;
    for (int e = -Germ::unit; e < Germ::unit; ++e)
      if (e != 0 && side->coefficient(e).zero() != Truth::yes) return false;
  }
  const PointValue rising = right[0].coefficient(Germ::unit), falling = -left[0].coefficient(Germ::unit);
  if (!equal(rising, falling)) return false;
  slope_run_->run(variables);
  return equal(rising, slope_run_->entries(*slope_)[0]);
}

std::vector<OneSided::Step> DerivativeAt::direction() const {
  const auto x = arguments(trimmed(derivative_.text));
  if (x.size() != 3 || x[1].find('[') != std::string_view::npos) return {};
  std::string_view list = trimmed(x[2]);
  if (!list.starts_with("[") || !list.ends_with("]") || list.find(';') != std::string_view::npos) return {};
  list = list.substr(1, list.size() - 2);
  std::vector<OneSided::Step> line;
  std::size_t count = 0;
  for (; !list.empty(); ++count) {
    const std::size_t end = std::min(list.find(','), list.size());
    const auto entry = parse_rational(trimmed(list.substr(0, end)));
    if (!entry || denominator(*entry) != 1 || abs(*entry) > 1000) return {};
    if (!entry->is_zero()) line.push_back({count, static_cast<int>(numerator(*entry))});
    list = end < list.size() ? list.substr(end + 1) : std::string_view();
  }
  if (count != static_cast<std::size_t>(derivative_.by.shape().size())) return {};
  return line;
}

Existence DerivativeAt::at(const Assignment& givens) {
  using Status = PointValue::Status;
  outer_->run(givens);
  bool certainly_read = true;
  for (const Ref guard : guards_)
    for (const PointValue& g : outer_->entries(guard)) {
      if (g.zero() == Truth::yes) return Existence::unread;
      certainly_read = certainly_read && g.zero() == Truth::no;
    }
  Assignment variables = givens;
  for (const auto& [variable, value] : replaced_) {
    const auto entries = outer_->entries(value);
    if (outer_->status(value) != Status::defined) return Existence::unclear;
    variables[variable].assign(entries.begin(), entries.end());
  }
  const Ref of = derivative_.of.ref();
  if (!of.is_node() || !derivative_.by.ref().is_node()) return Existence::exists;
  inner_->run(variables);
  if (is_smooth()) return Existence::exists;
  if (!certainly_read || problem_.functions == FunctionTreatment::abstract) return Existence::unclear;
  const Status status = inner_->status(of);
  if (status == Status::undefined) {
    const auto culprit = inner_->culprit(of);
    const Graph& graph = problem_.workspace->graph();
    reason_ = culprit ? graph.info(*culprit).name + " is applied outside its domain" : "it is undefined";
    return Existence::undefined;
  }
  if (status != Status::defined) return Existence::unclear;
  // With a convention what is asked for is what the chain rule computes with it, where it is met.
  const Graph& graph = problem_.workspace->graph();
  const std::vector<bool> read = inner_->read(std::span<const Ref>(&of, 1));
  for (NodeId id = 0; id < read.size(); ++id)
    if (read[id] && std::ranges::any_of(problem_.conventions, [&](const KinkConvention& c) {
          return c.operation == graph.info(id).name && !inner_->kink_free(id);
        }))
      return Existence::unclear;
  sides_->look_at(variables);
  if (is_seen_from_both_sides(variables)) return Existence::exists;
  const Along along = asked_along(derivative_.text);
  const NodeId by = derivative_.by.ref().id();
  const auto n = static_cast<std::size_t>(derivative_.by.shape().size());
  if (n == 0 || n > most_directions) return Existence::unclear;
  if (along == Along::direction || (along == Along::nonzero_direction && n != 1)) {
    const std::vector<OneSided::Step> line = direction();
    std::string why = line.empty() ? "" : sides_->no_derivative(by, line);
    if (why.empty()) return Existence::unclear;
    reason_ = std::move(why);
    return Existence::fails;
  }
  std::size_t failing = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const OneSided::Step along_entry{i, 1};
    std::string why = sides_->no_derivative(by, {&along_entry, 1});
    if (why.empty()) continue;
    ++failing;
    reason_ = std::move(why);
    if (along != Along::some_entries) return Existence::fails;
  }
  return failing == n ? Existence::fails : Existence::unclear;
}

}  // namespace nabla::wellposed
