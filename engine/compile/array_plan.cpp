#include <algorithm>
#include <map>
#include <nabla/engine/compile/array_plan.hpp>
#include <nabla/engine/kernels/kernel.hpp>
#include <numeric>
#include <unordered_map>

namespace nabla {

namespace {

constexpr std::size_t line = 8;  // entries that blocks begin at a multiple of

template <class... Ops>
bool is_one_of(Opcode code, Operators<Ops...>) {
  return ((code == opcode<Ops>) || ...);
}
/// Operators whose result's entries are entries of the operand.
bool only_moves(Opcode code) {
  return code < builtin_count && (is_one_of(code, MovementOperators{}) || code == opcode<BroadcastTo>);
}

std::size_t entries(const Shape& shape) { return static_cast<std::size_t>(shape.size()); }

}  // namespace

ArrayPlan::ArrayPlan(const Computation& computation) : graph_(computation.graph) {
  std::vector<Ref> wanted = computation.outputs;
  for (const Guard& g : computation.guards) wanted.insert(wanted.end(), {g.left, g.right});
  const std::vector<bool> visited = reachable(*graph_, wanted);
  is_transposed_ = transposed_products(visited, wanted);
  views_.resize(visited.size());
  constant_views_.resize(graph_->constant_count());
  for (std::size_t i = 0; i < computation.inputs.size(); ++i) {
    const Ref r = computation.inputs[i];
    if (r.empty() || r.id() >= visited.size() || !graph_->is(r.id(), opcode<Variable>)) continue;
    views_[r.id()].block = blocks_.size();
    blocks_.push_back({Block::Where::input, i, entries(graph_->shape(r))});
    made_by_.push_back(none);
  }
  for (NodeId id = 0; id < visited.size(); ++id)
    if (visited[id]) visit(id);
  for (const Guard& g : computation.guards)
    for (const Ref side : {g.left, g.right}) guard_sides_.push_back(whole(side));
  name_outputs(computation);
  lay_out();
}

std::vector<bool> ArrayPlan::transposed_products(const std::vector<bool>& visited, std::span<const Ref> wanted) const {
  const Graph& graph = *graph_;
  std::vector<bool> found(visited.size(), false);
  for (NodeId id = 0; id < visited.size(); ++id) {
    if (!visited[id]) continue;
    const std::span<const Ref> operands = graph.operands(id);
    if (!graph.is(id, opcode<Transpose>) || graph.shape(operands[0]).rank() != 2)
      for (const Ref r : operands)
        if (r.is_node()) found[r.id()] = false;
    found[id] =
        graph.is(id, opcode<MatMul>) && graph.shape(operands[0]).rank() == 2 && graph.shape(operands[1]).rank() == 2;
  }
  for (const Ref r : wanted)
    if (r.is_node()) found[r.id()] = false;
  return found;
}

void ArrayPlan::visit(NodeId id) {
  const Graph& graph = *graph_;
  if (graph.is(id, opcode<Variable>)) return;
  if (const Constant* c = graph.as_constant(Ref::node(id))) {
    views_[id].block = constant(*c, entries(graph.shape(id)));
    return;
  }
  if (graph.code(id) >= builtin_count)
    throw UnsupportedError(graph.info(id).name + ": an operator of one's own is run by its plan, it is not compiled");
  if (only_moves(graph.code(id))) {
    move(id);
  } else if (graph.info(id).family == Family::structured) {
    structured(id);
  } else {
    Instruction made{
        .copies = false, .code = graph.code(id), .attributes = graph.attributes(id), .operands = {}, .result = 0};
    for (const Ref r : graph.operands(id)) made.operands.push_back(operand(r, graph.shape(id)));
    if (made.code == opcode<Mul> && made.operands[0].block == made.operands[1].block &&
        made.operands[0].access == made.operands[1].access) {
      static constexpr std::int64_t square[] = {2};
      made.code = opcode<PowI>;
      made.attributes = square;
      made.operands.pop_back();
    }
    views_[id].block = elementwise(std::move(made), entries(graph.shape(id)));
  }
}

std::size_t ArrayPlan::constant(const Constant& value, std::size_t size) {
  blocks_.push_back({Block::Where::constant, 0, size});
  made_by_.push_back(none);
  constants_.push_back({blocks_.size() - 1, value});
  return blocks_.size() - 1;
}

ArrayPlan::Picked& ArrayPlan::view(Ref ref) {
  if (ref.is_node()) return views_[ref.id()];
  Picked& v = constant_views_[ref.index()];
  if (v.block == none) v.block = constant(graph_->constant_at(ref.index()), 1);
  return v;
}

void ArrayPlan::move(NodeId id) {
  const Graph& graph = *graph_;
  const Ref from = graph.operands(id)[0];
  const Shape& own = graph.shape(from);
  const Picked& source = view(from);
  Picked& made = views_[id];
  made.block = source.block;
  if (graph.is(id, opcode<Reshape>)) {
    made.entries = source.entries;
    return;
  }
  // The rule itself, on the numbers of the entries.
  std::vector<double> numbers(entries(own)), moved(entries(graph.shape(id)));
  std::iota(numbers.begin(), numbers.end(), 0.0);
  const View<const double> in{numbers.data(), &own};
  nabla::kernel<double>(graph.code(id))
      .value({.attributes = graph.attributes(id),
              .operands = {&in, 1},
              .result = {moved.data(), &graph.shape(id)},
              .operand_adjoints = {}});
  made.entries.reserve(moved.size());
  for (const double at : moved) {
    const auto k = static_cast<std::size_t>(at);
    made.entries.push_back(source.entries.empty() ? static_cast<std::uint32_t>(k) : source.entries[k]);
  }
  made.is_transposed = graph.is(id, opcode<Transpose>) && own.rank() == 2 && source.entries.empty();
  // Moved back to where they stand, as by two transpositions.
  if (!source.entries.empty() && made.entries.size() == blocks_[made.block].size) {
    std::uint32_t next = 0;
    if (std::ranges::all_of(made.entries, [&](std::uint32_t at) { return at == next++; })) made.entries.clear();
  }
}

ArrayPlan::Operand ArrayPlan::operand(Ref ref, const Shape& to) {
  const Picked& v = view(ref);
  Operand made{.block = v.block, .access = {}};
  const Block& block = blocks_[v.block];
  const Shape& own = graph_->shape(ref);
  const std::size_t count = entries(to);
  if (count == 1 && block.size == 1) {
    made.access.kind = Access::Kind::contiguous;
  } else if (block.size == 1 || block.where == Block::Where::constant) {
    made.access.kind = Access::Kind::broadcast;
  } else if (entries(own) == count) {
    if (v.entries.empty()) {
      made.access.kind = Access::Kind::contiguous;
    } else {
      made.access = Access::of(v.entries, false);
    }
  } else if (count > 0) {
    std::vector<std::uint32_t> places(count);
    detail::for_each_index(to, broadcast_strides(own, to), [&](std::int64_t i, std::int64_t at) {
      const auto k = static_cast<std::size_t>(at);
      places[static_cast<std::size_t>(i)] = v.entries.empty() ? static_cast<std::uint32_t>(k) : v.entries[k];
    });
    made.access = Access::of(std::move(places), false);
  }
  made.access.is_constant = block.where == Block::Where::constant;
  return made;
}

std::size_t ArrayPlan::elementwise(Instruction instruction, std::size_t count) {
  std::size_t earliest = 0;
  for (const Operand& o : instruction.operands) {
    const std::size_t from = made_by_[o.block];
    if (from == none) continue;
    const bool in_step = !steps_[from].loop.empty() && steps_[from].count == count && blocks_[o.block].size == count &&
                         (count == 1 || (o.access.kind == Access::Kind::contiguous && o.access.base == 0));
    earliest = std::max(earliest, in_step ? from : from + 1);
  }
  std::size_t chosen = earliest;
  while (chosen < steps_.size() && (steps_[chosen].loop.empty() || steps_[chosen].count != count)) ++chosen;
  if (chosen == steps_.size()) steps_.emplace_back().count = count;
  blocks_.push_back({Block::Where::own, none, count});
  made_by_.push_back(chosen);
  instruction.result = blocks_.size() - 1;
  steps_[chosen].loop.push_back(std::move(instruction));
  return blocks_.size() - 1;
}

std::size_t ArrayPlan::whole(Ref ref) {
  const std::size_t count = entries(graph_->shape(ref));
  Picked& v = view(ref);
  if (v.entries.empty() && blocks_[v.block].size == count) return v.block;
  Instruction copy;
  copy.copies = true;
  copy.operands.push_back(operand(ref, graph_->shape(ref)));
  Picked made;
  made.block = elementwise(std::move(copy), count);
  v = made;
  return v.block;
}

void ArrayPlan::structured(NodeId id) {
  Step step;
  step.node = id;
  for (const Ref r : graph_->operands(id)) {
    const Picked& v = view(r);
    const bool transposed = v.is_transposed && graph_->is(id, opcode<MatMul>);
    step.transposed.push_back(transposed);
    step.operands.push_back(transposed ? v.block : whole(r));
  }
  for (const Ref r : graph_->operands(id)) step.shapes.push_back(graph_->shape(r));
  step.shape = graph_->shape(id);
  blocks_.push_back({Block::Where::own, none, entries(step.shape)});
  made_by_.push_back(steps_.size());
  Picked& made = views_[id];
  step.result = made.block = blocks_.size() - 1;
  if (is_transposed_[id]) {
    const auto turned = [](const Shape& s) { return Shape{s[1], s[0]}; };
    step.shapes = {turned(step.shapes[1]), turned(step.shapes[0])};
    step.transposed = {!step.transposed[1], !step.transposed[0]};
    std::swap(step.operands[0], step.operands[1]);
    step.shape = turned(step.shape);
    const std::int64_t rows = step.shape[0], columns = step.shape[1];
    for (std::int64_t j = 0; j < columns; ++j)
      for (std::int64_t i = 0; i < rows; ++i) made.entries.push_back(static_cast<std::uint32_t>(i * columns + j));
    made.is_transposed = true;
  }
  steps_.push_back(std::move(step));
}

void ArrayPlan::name_outputs(const Computation& computation) {
  for (std::size_t k = 0; k < computation.outputs.size(); ++k) {
    const Ref r = computation.outputs[k];
    const Shape& shape = graph_->shape(r);
    const Picked& v = view(r);
    if (v.entries.empty() && blocks_[v.block].where == Block::Where::own && blocks_[v.block].size == entries(shape)) {
      blocks_[v.block].where = Block::Where::output;
      blocks_[v.block].at = k;
      continue;
    }
    Instruction copy;
    copy.copies = true;
    copy.operands.push_back(operand(r, shape));
    Block& made = blocks_[elementwise(std::move(copy), entries(shape))];
    made.where = Block::Where::output;
    made.at = k;
  }
}

void ArrayPlan::lay_out() {
  // The last step that reads a block, and whether all who read it read entry i for entry i, in its own loop.
  std::vector<std::size_t> last(blocks_.size(), 0);
  std::vector<bool> in_step(blocks_.size(), true);
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    for (const Instruction& i : steps_[s].loop)
      for (const Operand& o : i.operands) {
        last[o.block] = s;
        if (made_by_[o.block] != s) in_step[o.block] = false;
      }
    for (const std::size_t b : steps_[s].operands) {
      last[b] = s;
      in_step[b] = false;
    }
  }
  for (const std::size_t b : guard_sides_) {
    last[b] = steps_.size();
    in_step[b] = false;
  }
  std::vector<std::vector<std::size_t>> done(steps_.size() + 1);
  std::map<std::size_t, std::vector<std::size_t>> free;
  const auto place = [&](std::size_t size) {
    const std::size_t room = (size + line - 1) / line * line;
    std::vector<std::size_t>& places = free[room];
    std::size_t at = size_;
    if (places.empty()) {
      size_ += room;
    } else {
      at = places.back();
      places.pop_back();
    }
    return at;
  };
  for (const ConstantBlock& c : constants_) {
    Block& b = blocks_[c.block];
    b.at = size_;
    size_ += (b.size + line - 1) / line * line;
  }
  for (std::size_t s = 0; s < steps_.size(); ++s) {
    Step& step = steps_[s];
    const auto give = [&](std::size_t b) {
      if (blocks_[b].where != Block::Where::own) return;
      blocks_[b].at = place(blocks_[b].size);
      done[std::max(last[b], s)].push_back(b);
    };
    order_for_reuse(s);
    lay_out_strips(step, in_step);
    for (const Instruction& i : step.loop) give(i.result);
    if (step.loop.empty()) give(step.result);
    for (const std::size_t b : done[s]) free[(blocks_[b].size + line - 1) / line * line].push_back(blocks_[b].at);
  }
}

void ArrayPlan::order_for_reuse(std::size_t s) {
  Step& step = steps_[s];
  const std::size_t n = step.loop.size();
  std::unordered_map<std::size_t, std::size_t> maker;  // of a block: the instruction
  for (std::size_t k = 0; k < n; ++k) maker.emplace(step.loop[k].result, k);
  std::vector<std::vector<std::size_t>> readers(n);
  std::vector<std::size_t> missing(n, 0);
  for (std::size_t k = 0; k < n; ++k)
    for (const Operand& o : step.loop[k].operands)
      if (const auto at = maker.find(o.block); at != maker.end()) {
        readers[at->second].push_back(k);
        ++missing[k];
      }
  std::vector<Instruction> ordered;
  ordered.reserve(n);
  std::vector<bool> is_done(n, false);
  std::vector<std::size_t> ready;
  for (std::size_t first = 0; first < n; ++first) {
    if (is_done[first]) continue;
    ready.push_back(first);  // its operands stand before it, and are done
    while (!ready.empty()) {
      const std::size_t k = ready.back();
      ready.pop_back();
      is_done[k] = true;
      for (std::size_t r = readers[k].size(); r-- > 0;)
        if (--missing[readers[k][r]] == 0) ready.push_back(readers[k][r]);
      ordered.push_back(std::move(step.loop[k]));
    }
  }
  step.loop = std::move(ordered);
}

void ArrayPlan::lay_out_strips(Step& step, const std::vector<bool>& in_step) {
  std::unordered_map<std::size_t, std::size_t> last;  // by block: the last instruction that reads it
  for (std::size_t k = 0; k < step.loop.size(); ++k)
    for (const Operand& o : step.loop[k].operands) last[o.block] = k;
  std::vector<std::size_t> free;
  for (std::size_t k = 0; k < step.loop.size(); ++k) {
    const std::size_t result = step.loop[k].result;
    Block& b = blocks_[result];
    if (b.where == Block::Where::own && in_step[result]) {
      b.where = Block::Where::strip;
      b.at = free.empty() ? step.strips++ : free.back();
      if (!free.empty()) free.pop_back();
      last.try_emplace(result, k);
    }
    // A strip serves again when its last reader is done, but not as what that reader writes.
    for (const Operand& o : step.loop[k].operands)
      if (const auto at = last.find(o.block); at != last.end() && at->second == k) {
        if (blocks_[o.block].where == Block::Where::strip) free.push_back(blocks_[o.block].at);
        last.erase(at);
      }
    if (b.where == Block::Where::strip)
      if (const auto at = last.find(result); at != last.end() && at->second == k) {
        free.push_back(b.at);
        last.erase(at);
      }
  }
}

}  // namespace nabla
