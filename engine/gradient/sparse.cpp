#include <algorithm>
#include <nabla/engine/gradient/sparse.hpp>
#include <nabla/engine/gradient/sparse_dependence.hpp>
#include <nabla/engine/run/run.hpp>
#include <numeric>

namespace nabla {

namespace {

/// Every entry of every input depends on itself, numbered one input after the other; the pass is made.
Run<Dependence> started(const std::shared_ptr<const Plan>& plan, std::span<const Ref> inputs,
                        std::span<const std::size_t> sizes) {
  Run<Dependence> run(plan);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::vector<Dependence> entries;
    for (std::size_t k = 0; k < sizes[i]; ++k) entries.emplace_back(DependenceSets::active().single(next++), false);
    if (!inputs[i].empty()) run.set(inputs[i].id(), entries);
  }
  run.forward();
  return run;
}

std::size_t total(std::span<const std::size_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
}

}  // namespace

SparsityPattern jacobian_pattern(const std::shared_ptr<const Plan>& plan, std::size_t output_count,
                                 std::span<const Ref> inputs, std::span<const std::size_t> sizes) {
  DependenceSets sets;
  const Run<Dependence> run = started(plan, inputs, sizes);
  SparsityPattern pattern;
  pattern.columns = total(sizes);
  for (std::size_t k = 0; k < output_count; ++k)
    for (const Dependence& entry : run.output(k)) pattern.push_row(sets.elements(entry.set));
  return pattern;
}

SparsityPattern hessian_pattern(const std::shared_ptr<const Plan>& plan, std::span<const Ref> inputs,
                                std::span<const std::size_t> sizes) {
  DependenceSets sets;
  Run<Dependence> run = started(plan, inputs, sizes);
  run.reverse();
  SparsityPattern pattern;
  pattern.columns = total(sizes);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (std::size_t k = 0; k < sizes[i]; ++k) {
      const DependenceSets::Id set = inputs[i].empty() ? DependenceSets::empty : run.adjoint(inputs[i].id())[k].set;
      pattern.push_row(sets.elements(set));
    }
  // Each side of the diagonal bounds the other, which it equals.
  return intersection(pattern, transpose(pattern));
}

JacobianCompression compress_jacobian(SparsityPattern pattern) {
  JacobianCompression made{std::move(pattern), {}, {}};
  made.columns = color_columns(made.pattern);
  made.rows = color_columns(transpose(made.pattern));
  return made;
}

HessianCompression compress_hessian(SparsityPattern pattern) {
  HessianCompression made{std::move(pattern), {}};
  made.colors = star_coloring(made.pattern);
  return made;
}

std::vector<HessianEntry> hessian_entries(const HessianCompression& compression) {
  const SparsityPattern& pattern = compression.pattern;
  const std::vector<std::uint32_t>& color = compression.colors.color;
  std::vector<HessianEntry> entries;
  entries.reserve(pattern.nonzeros());
  std::vector<std::uint32_t> times(compression.colors.count, 0);  // a color occurs in the present row
  for (std::size_t i = 0; i < pattern.rows; ++i) {
    for (const std::uint32_t j : pattern.row(i)) ++times[color[j]];
    for (const std::uint32_t j : pattern.row(i)) {
      // Alone of its color in its row; else, in a star coloring, its mirror image is.
      if (times[color[j]] == 1)
        entries.push_back({i, color[j]});
      else
        entries.push_back({j, color[i]});
    }
    for (const std::uint32_t j : pattern.row(i)) --times[color[j]];
  }
  return entries;
}

}  // namespace nabla
