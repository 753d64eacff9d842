#pragma once

#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/check/point.hpp>

/// The truth of a statement at one exact point: exactly in rationals where the operators allow it, else in balls of
/// rising precision. No tolerance takes part.
namespace nabla {

/// What was seen of a statement at a point.
struct Judgement {
  Truth holds = Truth::unknown;
  /// The two sides could not be told apart at the highest precision (a contact of an inequality, or an equality).
  bool contact = false;
  /// A side has no value there, certainly or as far as could be seen.
  bool undefined = false;
  /// Decided in rationals.
  bool exact = false;
  /// Both sides were 0 (or an empty tensor): agreement there says nothing.
  bool trivial = true;
  /// The decisive entry of the sides (relation): text, and by how much it fails; of Judge::shown_at alone.
  std::string left, right, violation;
  std::size_t entry = 0;
  /// Largest |left - right| that the enclosures leave open, at the highest precision tried.
  double residual = 0;
};

/// Evaluates a statement of a problem at points. Builds its plans once, and keeps runs for the next point: copies share
/// them, so that only one thread at a time may ask.
class Judge {
 public:
  /// \throws NotHandled when the statement contains a predicate that has no meaning at a point (convex, ...)
  Judge(const Problem& problem, const Statement& statement);

  /// \param most_bits  precision at which to give up telling the sides apart
  Judgement at(const Point& point, long most_bits = 1024) const;
  /// The same with the texts.
  Judgement shown_at(const Point& point, long most_bits) const;

 private:
  struct Form;
  Judgement judge(const Form& form, const Point& point, long most_bits, bool shown) const;
  Judgement judge_relation(const Form& form, const Point& point, long most_bits, bool shown) const;
  void decide_exactly(const Form& form, const Point& point, Judgement& seen) const;
  void decide_existence(const Form& form, const Point& point, Judgement& seen) const;

  std::shared_ptr<const Form> form_;
};

}  // namespace nabla
