#include <algorithm>
#include <nabla/engine/parse/elaborate_error.hpp>
#include <nabla/engine/parse/environment.hpp>

namespace nabla {

namespace {

std::uint32_t key_of(const Expr& e) { return e.empty() ? 0 : e.ref().bits(); }

void substitute_all(std::vector<Expr>& expressions, const Replacements& replacements) {
  expressions = substitute(std::span<const Expr>(expressions), replacements);
}

}  // namespace

void Records::add(Derivative derivative) {
  std::vector<std::uint32_t> key{0, key_of(derivative.of), key_of(derivative.by)};
  for (const auto& [from, to] : derivative.at) {
    key.push_back(key_of(from));
    key.push_back(key_of(to));
  }
  key.push_back(Ref().bits());
  for (const Expr& guard : derivative.guards) key.push_back(key_of(guard));
  if (seen_.insert(std::move(key)).second) derivatives_.push_back(std::move(derivative));
}

void Records::add(Requirement requirement) {
  std::vector<std::uint32_t> key{1, key_of(requirement.of)};
  for (const Expr& guard : requirement.guards) key.push_back(key_of(guard));
  if (seen_.insert(std::move(key)).second) requirements_.push_back(std::move(requirement));
}

void Records::add(Membership membership) {
  std::vector<std::uint32_t> key{2, key_of(membership.element), static_cast<std::uint32_t>(membership.set)};
  for (const Expr& guard : membership.guards) key.push_back(key_of(guard));
  if (seen_.insert(std::move(key)).second) memberships_.push_back(std::move(membership));
}

void Records::add(const Records& other, std::span<const Expr> guards) {
  for (Derivative derivative : other.derivatives_) {
    derivative.guards.insert(derivative.guards.end(), guards.begin(), guards.end());
    add(std::move(derivative));
  }
  for (Requirement requirement : other.requirements_) {
    requirement.guards.insert(requirement.guards.end(), guards.begin(), guards.end());
    add(std::move(requirement));
  }
  for (Membership membership : other.memberships_) {
    membership.guards.insert(membership.guards.end(), guards.begin(), guards.end());
    add(std::move(membership));
  }
}

void Records::substitute(const Replacements& replacements) {
  Records moved;
  for (Derivative& derivative : derivatives_) {
    const auto has_value = [&](const Expr& variable) {
      return std::ranges::any_of(derivative.at, [&](const auto& known) { return same(known.first, variable); });
    };
    for (auto& [variable, value] : derivative.at) value = nabla::substitute(value, replacements);
    for (const auto& replacement : replacements)
      if (!has_value(replacement.first) && depends_on(derivative.of, replacement.first))
        derivative.at.push_back(replacement);
    substitute_all(derivative.guards, replacements);
    moved.add(std::move(derivative));
  }
  for (Requirement& requirement : requirements_) {
    requirement.of = nabla::substitute(requirement.of, replacements);
    substitute_all(requirement.guards, replacements);
    moved.add(std::move(requirement));
  }
  for (Membership& membership : memberships_) {
    membership.element = nabla::substitute(membership.element, replacements);
    substitute_all(membership.guards, replacements);
    moved.add(std::move(membership));
  }
  *this = std::move(moved);
}

std::string_view spelling(Transform transform) {
  switch (transform) {
    case Transform::grad:
      return "grad";
    case Transform::jacobian:
      return "jacobian";
    case Transform::hessian:
      return "hessian";
  }
  return "";
}

void Environment::declare(const Source& source, const std::string& name, Binding binding) {
  const Place place = binding.place;
  const auto [it, is_new] = entries_.try_emplace(name, Entry{order_.size(), std::move(binding)});
  if (!is_new) {
    const Place first = it->second.binding.place;
    throw SyntaxError(source, place,
                      in_backquotes(name) + " is declared twice; first in line " + std::to_string(first.line) +
                          ", column " + std::to_string(first.column));
  }
  order_.push_back(name);
}

const Binding* Environment::find(std::string_view name, std::size_t visible) const {
  const auto it = entries_.find(name);
  return it == entries_.end() || it->second.position >= visible ? nullptr : &it->second.binding;
}

}  // namespace nabla
