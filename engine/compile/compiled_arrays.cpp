#include <algorithm>
#include <nabla/engine/compile/compiled_arrays.hpp>
#include <nabla/engine/numbers/hardware.hpp>

namespace nabla {

namespace {

std::string counted(std::size_t n, const char* what) { return std::to_string(n) + " " + what; }

}  // namespace

template <class V>
CompiledArrays<V>::CompiledArrays(Computation computation, std::size_t threads)
    : computation_(std::move(computation)), plan_(computation_), workers_(threads) {
  using Where = ArrayPlan::Block::Where;
  const Graph& graph = plan_.graph();
  values_.resize(plan_.size());
  blocks_.resize(plan_.blocks().size(), nullptr);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const ArrayPlan::Block& block = plan_.blocks()[b];
    if (block.where == Where::own || block.where == Where::constant) blocks_[b] = values_.data() + block.at;
  }
  for (const ArrayPlan::ConstantBlock& c : plan_.constants())
    std::fill_n(blocks_[c.block], plan_.blocks()[c.block].size, Number<V>::of(c.value));

  std::size_t buffers = 0, most = 0;
  for (const ArrayPlan::Step& planned : plan_.steps()) {
    Step& step = steps_.emplace_back();
    step.stride = std::min(strip, (planned.count + 7) / 8 * 8);
    most = std::max(most, planned.strips * step.stride);
    for (const ArrayPlan::Instruction& i : planned.loop) {
      Instruction& made = step.loop.emplace_back();
      if (!i.copies) made.value = vector_kernel<V>(i.code).value;
      made.attributes = i.attributes;
      made.result = i.result;
      if (plan_.blocks()[i.result].where == Where::strip) made.strip = plan_.blocks()[i.result].at * step.stride;
      for (const ArrayPlan::Operand& o : i.operands) {
        Source& source = made.sources.emplace_back();
        source.operand = &o;
        if (plan_.blocks()[o.block].where == Where::strip) {
          source.strip = plan_.blocks()[o.block].at * step.stride;
        } else if (o.access.kind == Access::Kind::broadcast) {
          source.buffer = buffers;
          buffers += strip;
        }
      }
    }
    if (!planned.loop.empty()) continue;
    PreparedShapes shapes{.attributes = graph.attributes(planned.node),
                          .operands = {},
                          .transposed = planned.transposed,
                          .result = &planned.shape};
    for (const Shape& shape : planned.shapes) shapes.operands.push_back(&shape);
    step.operands.resize(planned.operands.size());
    step.structured = prepare<V>(graph.code(planned.node), std::move(shapes));
  }
  buffers_.resize(buffers);
  memory_each_ = most + VectorInstruction::most_operands * strip;
  memory_.resize(memory_each_ * workers_.threads());
  for (Step& step : steps_)
    for (Instruction& i : step.loop)
      for (const Source& source : i.sources)
        if (source.buffer != none && source.operand->access.is_constant)
          std::fill_n(buffers_.begin() + static_cast<std::ptrdiff_t>(source.buffer), strip,
                      blocks_[source.operand->block][0]);
}

template <class V>
void CompiledArrays<V>::check(std::span<const std::span<const V>> inputs, std::span<const std::span<V>> outputs) const {
  if (inputs.size() != input_count() || outputs.size() != output_count())
    throw std::invalid_argument("this computation has " + counted(input_count(), "inputs and ") +
                                counted(output_count(), "outputs, not ") + counted(inputs.size(), "and ") +
                                std::to_string(outputs.size()));
  const auto check_one = [](const char* what, std::size_t k, const Shape& shape, std::size_t given) {
    if (given != static_cast<std::size_t>(shape.size()))
      throw std::invalid_argument(what + counted(k + 1, "has ") +
                                  counted(static_cast<std::size_t>(shape.size()), "entries, not ") +
                                  std::to_string(given));
  };
  for (std::size_t i = 0; i < inputs.size(); ++i) check_one("input ", i, input_shape(i), inputs[i].size());
  for (std::size_t k = 0; k < outputs.size(); ++k) check_one("output ", k, output_shape(k), outputs[k].size());
}

template <class V>
const V* CompiledArrays<V>::read(const Source& source, std::size_t k, std::size_t at, std::size_t n, V* memory) {
  if (source.strip != none) return memory + source.strip;
  if (source.buffer != none) return buffers_.data() + source.buffer;
  const Access& a = source.operand->access;
  const V* const from = blocks_[source.operand->block];
  if (a.kind == Access::Kind::contiguous) return from + a.base + at;
  V* const to = memory + memory_each_ - (k + 1) * strip;
  V* next = to;
  a.stretches(at, at + n,
              [&](std::size_t place, std::size_t length) { next = std::copy_n(from + place, length, next); });
  return to;
}

template <class V>
void CompiledArrays<V>::run_strips(Step& step, std::size_t begin, std::size_t end, std::size_t slot) {
  V* const memory = memory_.data() + slot * memory_each_;
  for (std::size_t at = begin; at < end; at += strip) {
    const std::size_t n = std::min(strip, end - at);
    for (const Instruction& i : step.loop) {
      const V* x[VectorInstruction::most_operands] = {};
      for (std::size_t k = 0; k < i.sources.size(); ++k) x[k] = read(i.sources[k], k, at, n, memory);
      V* const y = i.strip != none ? memory + i.strip : blocks_[i.result] + at;
      if (i.value == nullptr) {
        std::copy_n(x[0], n, y);
      } else {
        i.value(y, x, i.attributes, n);
      }
    }
  }
}

template <class V>
void CompiledArrays<V>::run_loop(const ArrayPlan::Step& planned, Step& step) {
  for (const Instruction& i : step.loop)
    for (const Source& source : i.sources)
      if (source.buffer != none && !source.operand->access.is_constant)
        std::fill_n(buffers_.begin() + static_cast<std::ptrdiff_t>(source.buffer), std::min(strip, planned.count),
                    blocks_[source.operand->block][source.operand->access.base]);
  constexpr std::size_t each = strip * strips_each;
  workers_.for_each((planned.count + each - 1) / each, [&](std::size_t piece, std::size_t slot) {
    run_strips(step, piece * each, std::min(planned.count, (piece + 1) * each), slot);
  });
}

template <class V>
void CompiledArrays<V>::operator()(std::span<const std::span<const V>> inputs, std::span<const std::span<V>> outputs) {
  using Where = ArrayPlan::Block::Where;
  check(inputs, outputs);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const ArrayPlan::Block& block = plan_.blocks()[b];
    if (block.where == Where::input) blocks_[b] = const_cast<V*>(inputs[block.at].data());
    if (block.where == Where::output) blocks_[b] = outputs[block.at].data();
  }
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    Step& step = steps_[s];
    const ArrayPlan::Step& planned = plan_.steps()[s];
    if (step.structured == nullptr) {
      run_loop(planned, step);
      continue;
    }
    for (std::size_t k = 0; k < step.operands.size(); ++k) step.operands[k] = blocks_[planned.operands[k]];
    step.structured->run(blocks_[planned.result], step.operands.data(), workers_);
  }
  const std::span<const std::size_t> sides = plan_.guard_sides();
  for (std::size_t k = 0; k < computation_.guards.size(); ++k) {
    const Guard& g = computation_.guards[k];
    const Truth now = outcome<V>(g.relation, blocks_[sides[2 * k]][0], blocks_[sides[2 * k + 1]][0]);
    if (now != truth(g.outcome)) throw GuardError(g, now);
  }
}

template class CompiledArrays<double>;
template class CompiledArrays<float>;

}  // namespace nabla
