#include <algorithm>
#include <nabla/engine/gradient/sparse_dependence.hpp>
#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

namespace {

thread_local DependenceSets* active_sets = nullptr;

}  // namespace

DependenceSets::DependenceSets() : sets_(1), before_(active_sets) { active_sets = this; }
DependenceSets::~DependenceSets() { active_sets = before_; }

DependenceSets& DependenceSets::active() { return *active_sets; }

DependenceSets::Id DependenceSets::list(std::size_t first) {
  if (sets_.size() >= UINT32_MAX || listed_.size() >= UINT32_MAX)
    throw std::length_error("too many sets of inputs for a sparsity pattern");
  sets_.push_back(
      {empty, empty, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(listed_.size() - first)});
  return static_cast<Id>(sets_.size() - 1);
}

DependenceSets::Id DependenceSets::single(std::uint32_t input) {
  listed_.push_back(input);
  return list(listed_.size() - 1);
}

DependenceSets::Id DependenceSets::unite(Id a, Id b) {
  if (a == b || b == empty) return a;
  if (a == empty) return b;
  const Set x = sets_[a];
  const Set y = sets_[b];
  if (x.count > 0 && y.count > 0) {
    const std::size_t first = listed_.size();
    std::array<std::uint32_t, 2 * most_listed> both;
    const auto end = std::set_union(listed_.begin() + x.first, listed_.begin() + x.first + x.count,
                                    listed_.begin() + y.first, listed_.begin() + y.first + y.count, both.begin());
    const auto count = static_cast<std::size_t>(end - both.begin());
    if (count == x.count) return a;
    if (count == y.count) return b;
    if (count <= most_listed) {
      listed_.insert(listed_.end(), both.begin(), end);
      return list(first);
    }
  }
  sets_.push_back({a, b, 0, 0});
  return static_cast<Id>(sets_.size() - 1);
}

std::vector<std::uint32_t> DependenceSets::elements(Id set) {
  std::vector<std::uint32_t> result;
  visited_.resize(sets_.size(), 0);
  ++visit_;
  std::vector<Id> open{set};
  while (!open.empty()) {
    const Id id = open.back();
    open.pop_back();
    if (id == empty || visited_[id] == visit_) continue;
    visited_[id] = visit_;
    const Set& s = sets_[id];
    result.insert(result.end(), listed_.begin() + s.first, listed_.begin() + s.first + s.count);
    if (s.count == 0) open.insert(open.end(), {s.left, s.right});
  }
  std::ranges::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

template const Kernel<Dependence>& kernel<Dependence>(Opcode);
template class Run<Dependence>;

}  // namespace nabla
