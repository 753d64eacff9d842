#pragma once

#include <cstdint>
#include <nabla/proofs/claim/block.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Which dimensions a claim is worked on with.
namespace nabla {

/// A value for each dimension and index name, in the order of their declaration.
using Choice = std::vector<std::pair<std::string, std::int64_t>>;

struct Choices {
  /// In a fixed order; empty when a range of the claim is empty, or assumptions exclude all of them.
  std::vector<Choice> list;
  /// Whether these are all the claim speaks of; false where it says `for all m >= 1`.
  bool complete = true;
  /// The names, in the order of their declaration. An index runs to a dimension.
  struct Axis {
    std::string name;
    bool is_index = false;
  };
  std::vector<Axis> axes;
  /// For the report: "m = 1, 2, 5"; "m, n = (1, 1), (2, 3)"; "m = 1, 2, 3, every i, j". Empty without dimensions.
  std::string coverage;
  /// An assumption about dimensions and indices alone that some do not satisfy.
  std::optional<Place> excluded_at;
};

/// How many choices a claim may have before it is not handled.
inline constexpr std::size_t choice_limit = 10'000;

/// The choices of dimensions of a claim: every combination of finite lists and ranges. Where it says `for all m >= a`,
/// a, a + 1, ..., a few small ones; with several such names at most 12 combinations, among them all at their least,
/// all different (so that a transposition shows), and each one raised alone. An index that runs to a dimension takes
/// all its values. Those that an assumption about dimensions and indices alone excludes (`assume i != j`) are left out.
/// \throws SyntaxError (UnknownName) for names; IllPosed for a bound that is no integer; NotHandled for more choices
/// than choice_limit
Choices choices_of(const Claim& claim);

/// Of a claim that says `for all m >= a`: all such dimensions far above their least, at three sizes, the smallest
/// first. Of indices the first and the last.
/// \throws as choices_of
std::vector<Choice> larger_choices_of(const Claim& claim);

/// The coverage of the choices in the list, for one that was shortened.
std::string coverage_of(const Choices& choices);

}  // namespace nabla
