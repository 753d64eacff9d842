#include <bit>
#include <charconv>
#include <cmath>
#include <nabla/engine/record/recording.hpp>

namespace nabla {

namespace {

thread_local RecordingScope* active_scope = nullptr;

std::string describe(const Guard& guard, Truth now) {
  const std::string place = guard.origin.to_string();
  std::string text = place.empty() ? "" : place + ": ";
  const char* relation = guard.relation == Guard::Relation::less         ? "<"
                         : guard.relation == Guard::Relation::less_equal ? "<="
                                                                         : "==";
  text += std::string("the comparison a ") + relation + " b was " + (guard.outcome ? "true" : "false") +
          " when the program was recorded and ";
  text += now == Truth::unknown ? "cannot be decided at this precision" : "is not at these inputs";
  return text + "; record the program again at inputs that take this way";
}

/// The function's own name out of "T ns::loss(const std::vector<T>&) [with T = nabla::Recorded]", as compilers write
/// it; empty for a lambda.
std::string name_of_function(std::string_view pretty) {
  if (pretty.find("lambda") != std::string_view::npos || pretty.find("(anonymous class)") != std::string_view::npos)
    return {};
  pretty = pretty.substr(0, pretty.find(" ["));
  // The parameters begin at the last parenthesis that is opened outside of others and of angle brackets.
  std::size_t open = pretty.size();
  int depth = 0;
  for (std::size_t i = 0; i < pretty.size(); ++i) {
    const char c = pretty[i];
    if (c == '(' && depth == 0) open = i;
    if (c == '(' || c == '<') ++depth;
    if ((c == ')' || c == '>') && depth > 0) --depth;
  }
  pretty = pretty.substr(0, open);
  if (pretty.ends_with('>')) {  // template arguments
    int angles = 0;
    while (!pretty.empty()) {
      angles += pretty.back() == '>' ? 1 : pretty.back() == '<' ? -1 : 0;
      pretty.remove_suffix(1);
      if (angles == 0) break;
    }
  }
  const std::size_t begin = pretty.find_last_of(" :*&");
  if (begin != std::string_view::npos) pretty.remove_prefix(begin + 1);
  return std::string(pretty.starts_with("operator") ? std::string_view() : pretty);
}

}  // namespace

GuardError::GuardError(const Guard& guard, Truth now) : std::runtime_error(describe(guard, now)) {}

std::vector<double> Recording::inexact_constants() const {
  std::vector<double> found;
  for (std::uint32_t i = 0; i < graph_->constant_count(); ++i) {
    const Constant& c = graph_->constant_at(i);
    if (c.kind() != Constant::Kind::dyadic || !std::isfinite(c.as_dyadic())) continue;
    // The shortest decimal that rounds to the double is the double itself exactly when it has few enough digits to be
    // a dyadic: a decimal with k places is exact only if 5^k divides its digits.
    char shortest[64];
    char exact[1600];
    const auto s = std::to_chars(shortest, shortest + sizeof shortest, c.as_dyadic(), std::chars_format::scientific);
    const std::string_view digits(shortest, static_cast<std::size_t>(s.ptr - shortest));
    const auto mantissa = digits.substr(0, digits.find('e'));
    const auto dot = mantissa.find('.');
    const int places = dot == std::string_view::npos ? 0 : static_cast<int>(mantissa.size() - dot - 1);
    const auto padded = std::to_chars(exact, exact + sizeof exact, c.as_dyadic(), std::chars_format::scientific, 1074);
    const std::string_view all(exact, static_cast<std::size_t>(padded.ptr - exact));
    const auto tail = all.substr(all.find('.') + 1 + static_cast<std::size_t>(places));
    if (tail.substr(0, tail.find('e')).find_first_not_of('0') != std::string_view::npos) found.push_back(c.as_dyadic());
  }
  return found;
}

std::string_view Recording::name(NodeId id) const {
  const auto it = names_.find(id);
  return it == names_.end() ? std::string_view() : it->second;
}

std::string_view Recording::function(NodeId id) const {
  const std::uint32_t origin = graph_->origin_id(id);
  return origin < functions_.size() ? functions_[origin] : std::string_view();
}

RecordingScope::RecordingScope() : graph_(recording_.graph_.get()), before_(active_scope) { active_scope = this; }
RecordingScope::~RecordingScope() { active_scope = before_; }

RecordingScope& RecordingScope::active() {
  if (active_scope == nullptr)
    throw std::logic_error("a Recorded number meets an operator outside of nabla::record(...)");
  return *active_scope;
}
bool RecordingScope::is_active() { return active_scope != nullptr; }

void RecordingScope::move_to(const std::source_location& where) {
  Place now{where.file_name(), where.line(), where.column()};
  const auto file = std::bit_cast<std::uintptr_t>(now.file);
  Place& known = places_[(file / 8 + now.line * 5 + now.column) % places_.size()];
  if (known.file != now.file || known.line != now.line || known.column != now.column) {
    now.origin = graph_->intern_origin(where);
    std::vector<std::string>& functions = recording_.functions_;
    if (functions.size() <= now.origin) {
      functions.resize(now.origin + std::size_t{1});
      functions[now.origin] = name_of_function(where.function_name());
    }
    known = now;
  }
  graph_->set_origin(known.origin);
  last_ = known;
}

SourceLine::SourceLine(std::source_location where) {
  if (!RecordingScope::is_active()) return;
  scope_ = &RecordingScope::active();
  if (scope_->pinned_ == 0) scope_->move_to(where);
  ++scope_->pinned_;
}

SourceLine::~SourceLine() {
  if (scope_ != nullptr) --scope_->pinned_;
}

Ref RecordingScope::input(double value) {
  graph_->set_origin(0);
  last_ = {};
  recording_.at_.push_back(value);
  return Ref::node(graph_->add_variable("x" + std::to_string(recording_.at_.size())));
}

Recording RecordingScope::finish() { return std::move(recording_); }

}  // namespace nabla
