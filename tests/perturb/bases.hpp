#pragma once

#include <span>
#include <string_view>

namespace perturb {

/// A true claim with parameters: {a}, {b}, {c} stand for positive rationals, {p} and {q} for integers from 2 to 5. It
/// holds for all of them.
struct Base {
  std::string_view family;
  std::string_view text;
};

std::span<const Base> bases();

}  // namespace perturb
