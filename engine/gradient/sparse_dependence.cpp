#include <algorithm>
#include <nabla/engine/gradient/sparse_dependence.hpp>
#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <span>

namespace nabla {

namespace {

thread_local DependenceSets* active_sets = nullptr;

}  // namespace

DependenceSets::DependenceSets() : sets_(1), before_(active_sets) { active_sets = this; }
DependenceSets::~DependenceSets() { active_sets = before_; }

DependenceSets& DependenceSets::active() { return *active_sets; }

DependenceSets::Id DependenceSets::add(const Set& set) {
  if (sets_.size() >= UINT32_MAX) throw std::length_error("too many sets of inputs for a sparsity pattern");
  sets_.push_back(set);
  return static_cast<Id>(sets_.size() - 1);
}

DependenceSets::Id DependenceSets::list(std::size_t first) {
  const std::size_t count = listed_.size() - first;
  if (count == inputs_ && all_ != empty) {
    listed_.resize(first);
    return all_;
  }
  const Id made = add({empty, empty, first, count, count});
  if (count == inputs_) all_ = made;
  return made;
}

DependenceSets::Id DependenceSets::single(std::uint32_t input) {
  if (input >= inputs_) {
    inputs_ = input + std::size_t{1};
    all_ = empty;
  }
  listed_.push_back(input);
  return list(listed_.size() - 1);
}

DependenceSets::Id DependenceSets::unite(Id a, Id b) {
  if (a == b || b == empty) return a;
  if (a == empty) return b;
  if (all_ != empty && (a == all_ || b == all_)) return all_;
  const Set x = sets_[a];
  const Set y = sets_[b];
  if (x.count > 0 && y.count > 0) {
    if (std::ranges::includes(listed(x), listed(y))) return a;
    if (std::ranges::includes(listed(y), listed(x))) return b;
    if (x.count + y.count <= most_merged) {
      std::array<std::uint32_t, most_merged> both;
      const auto end = std::ranges::set_union(listed(x), listed(y), both.begin()).out;
      const std::size_t first = listed_.size();
      listed_.insert(listed_.end(), both.begin(), end);
      return list(first);
    }
  }
  const Id made = add({a, b, 0, 0, x.weight + y.weight});
  if (sets_[made].weight <= 4 * (inputs_ + most_merged)) return made;
  const std::vector<std::uint32_t> all_elements = elements(made);
  const std::size_t first = listed_.size();
  listed_.insert(listed_.end(), all_elements.begin(), all_elements.end());
  sets_.pop_back();
  return list(first);
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
    const std::span<const std::uint32_t> own = listed(s);
    result.insert(result.end(), own.begin(), own.end());
    if (s.count == 0) open.insert(open.end(), {s.left, s.right});
  }
  std::ranges::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

template const Kernel<Dependence>& kernel<Dependence>(Opcode);
template class Run<Dependence>;

}  // namespace nabla
