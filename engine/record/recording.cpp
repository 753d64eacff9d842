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

RecordingScope::RecordingScope() : graph_(recording_.graph_.get()), before_(active_scope) { active_scope = this; }
RecordingScope::~RecordingScope() { active_scope = before_; }

RecordingScope& RecordingScope::active() {
  if (active_scope == nullptr)
    throw std::logic_error("a Recorded number meets an operator outside of nabla::record(...)");
  return *active_scope;
}
bool RecordingScope::is_active() { return active_scope != nullptr; }

Ref RecordingScope::input(double value) {
  recording_.at_.push_back(value);
  return Ref::node(graph_->add_variable("x" + std::to_string(recording_.at_.size())));
}

Recording RecordingScope::finish() { return std::move(recording_); }

}  // namespace nabla
