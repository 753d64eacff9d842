#pragma once

#include <array>
#include <nabla/engine/simplify/rule.hpp>
#include <optional>

namespace nabla {

/// What the letters of a rule stand for: references into the graph that is rewritten. A letter is known by the variable
/// it is in the graph of the rules.
class Bindings {
 public:
  Ref find(NodeId letter) const;
  /// False when the letter stands for something else already.
  bool bind(NodeId letter, Ref to);
  void clear() { count_ = 0; }

 private:
  static constexpr std::size_t most = 8;
  struct Entry {
    NodeId letter;
    Ref to;
  };
  std::array<Entry, most> entries_{};
  std::size_t count_ = 0;
};

/// Whether the subject is an instance of the pattern, whose letters are then bound. Recursion is as deep as the
/// pattern.
bool match(const Expr& pattern, const std::shared_ptr<Workspace>& subject, Ref root, Bindings& bindings);

/// The instance of a result or condition; nothing when an exponent is no integer that fits.
std::optional<Expr> instantiate(const Expr& pattern, const std::shared_ptr<Workspace>& subject,
                                const Bindings& bindings);

/// The value of a letter, or a constant, of a condition; empty for anything else.
Ref resolve(const Expr& pattern, Ref part, const std::shared_ptr<Workspace>& subject, const Bindings& bindings);

/// The letters that occur.
std::vector<NodeId> letters_of(const Expr& pattern);

}  // namespace nabla
