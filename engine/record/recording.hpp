#pragma once

#include <nabla/graph/arena.hpp>
#include <source_location>
#include <stdexcept>

namespace nabla {

/// A comparison that steered the recorded program: its outcome must be the same when the recording is replayed.
struct Guard {
  enum class Relation : std::uint8_t { less, less_equal, equal };
  Ref left, right;
  Relation relation;
  bool outcome;
  Origin origin;
};

/// A replay took another way than the recording, or could not tell.
class GuardError : public std::runtime_error {
 public:
  GuardError(const Guard& guard, Truth now);
};

/// An ordinary program, recorded: its operations on Recorded numbers, as a graph, with the comparisons that steered it.
/// Each node's origin is the line of the program that made it.
class Recording {
 public:
  const Graph& graph() const { return *graph_; }
  std::shared_ptr<const Graph> shared_graph() const { return graph_; }
  std::span<const NodeId> inputs() const { return graph_->variables(); }
  std::span<const Ref> outputs() const { return outputs_; }
  std::span<const Guard> guards() const { return guards_; }
  /// The inputs that it was recorded at.
  std::span<const double> inputs_at() const { return at_; }

  /// Double literals that stand in the recording as the dyadic numbers they are although their shortest decimal text is
  /// another number (0.1 is not one tenth). Write nabla::lit<T>("0.1") where the decimal is meant.
  std::vector<double> inexact_constants() const;

  /// The name that nabla::named gave to a node; empty without.
  std::string_view name(NodeId id) const;
  /// The function that the node's line belongs to, as its author calls it; empty for a lambda, and where it is unknown.
  std::string_view function(NodeId id) const;

 private:
  friend class RecordingScope;
  std::unordered_map<NodeId, std::string> names_;
  std::vector<std::string> functions_;  // by the graph's number of an origin
  std::shared_ptr<Graph> graph_ = std::make_shared<Graph>();
  std::vector<Ref> outputs_;
  std::vector<Guard> guards_;
  std::vector<double> at_;
};

/// Records on this thread until it ends.
class RecordingScope {
 public:
  RecordingScope();
  ~RecordingScope();
  RecordingScope(const RecordingScope&) = delete;
  RecordingScope& operator=(const RecordingScope&) = delete;

  /// The recording of this thread. \throws std::logic_error when there is none.
  static RecordingScope& active();
  static bool is_active();

  Graph& graph() { return *graph_; }
  Ref input(double value);
  /// The line that operations come from, from now on; while a SourceLine lives, that one.
  void at(const std::source_location& where) {
    if (where.line() == last_.line && where.column() == last_.column && where.file_name() == last_.file) return;
    if (pinned_ == 0) move_to(where);
  }
  void name(NodeId id, std::string name) { recording_.names_[id] = std::move(name); }
  void guard(const Guard& guard) { recording_.guards_.push_back(guard); }
  void output(Ref ref) { recording_.outputs_.push_back(ref); }
  /// What was recorded.
  Recording finish();

 private:
  friend class SourceLine;
  struct Place {
    const char* file = nullptr;
    std::uint32_t line = 0, column = 0;
    std::uint32_t origin = 0;
  };
  void move_to(const std::source_location& where);

  Recording recording_;
  Graph* graph_;
  RecordingScope* before_;
  Place last_;                      // what the graph's present origin is
  std::array<Place, 64> places_{};  // met before: a loop does not look its lines up again
  int pinned_ = 0;
};

/// While it lives, what this thread records comes from the line where it was made, and not from inside of a library
/// that the line calls (a matrix product of Eigen, say). Nothing without a recording.
class SourceLine {
 public:
  explicit SourceLine(std::source_location where = std::source_location::current());
  ~SourceLine();
  SourceLine(const SourceLine&) = delete;
  SourceLine& operator=(const SourceLine&) = delete;

 private:
  RecordingScope* scope_ = nullptr;
};

}  // namespace nabla
