#include <array>
#include <nabla/proofs/claim/predicates.hpp>

namespace nabla {

namespace {

constexpr std::array predicates = {
    Predicate{.name = "convex", .of_scalar = true, .needs_convex_set = true},
    Predicate{.name = "concave", .of_scalar = true, .needs_convex_set = true},
    Predicate{.name = "strongly_convex", .has_constant = true, .of_scalar = true, .needs_convex_set = true},
    Predicate{.name = "smooth", .has_constant = true, .of_scalar = true},
    Predicate{.name = "lipschitz", .has_constant = true},
    Predicate{.name = "cocoercive", .has_constant = true, .of_scalar = true},
    Predicate{.name = "increasing"},
    Predicate{.name = "decreasing"},
    Predicate{.name = "continuous", .is_total = true},
    Predicate{.name = "differentiable", .is_total = true},
    Predicate{.name = "linear"},
};

}  // namespace

const Predicate* find_predicate(std::string_view name) {
  for (const Predicate& p : predicates)
    if (p.name == name) return &p;
  return nullptr;
}

std::vector<std::string_view> predicate_names() {
  std::vector<std::string_view> names{"defined"};
  for (const Predicate& p : predicates) names.push_back(p.name);
  return names;
}

}  // namespace nabla
