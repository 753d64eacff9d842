#pragma once

#include <nabla/graph/arena.hpp>
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

 private:
  friend class RecordingScope;
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
  void guard(const Guard& guard) { recording_.guards_.push_back(guard); }
  void output(Ref ref) { recording_.outputs_.push_back(ref); }
  /// What was recorded.
  Recording finish();

 private:
  Recording recording_;
  Graph* graph_;
  RecordingScope* before_;
};

}  // namespace nabla
