#include <algorithm>
#include <nabla/engine/compile/vector_plan.hpp>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace nabla {

namespace {

constexpr std::uint32_t no_class = 0xFFFFFFFF, constant_class = 0xFFFFFFFE;
constexpr std::size_t shortest_sum = 4;  // terms
constexpr std::size_t shortest_run = 8;  // on average

/// A chain of additions, each read only by the next: its terms, in the order in which they are added.
struct Chain {
  std::vector<Ref> terms;
};

struct Key {
  std::vector<std::uint32_t> words;
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const {
    std::size_t h = 1469598103934665603ULL;
    for (const std::uint32_t w : key.words) h = (h ^ w) * 1099511628211ULL;
    return h;
  }
};

bool is_leaf(const Graph& graph, NodeId id) { return graph.info(id).family == Family::leaf; }

}  // namespace

Access Access::of(std::vector<std::uint32_t> places, bool is_constant) {
  Access a;
  a.is_constant = is_constant;
  a.base = places.front();
  const auto is_step = [&](std::size_t i) { return places[i] == places[i - 1] + 1; };
  const std::size_t n = places.size();
  std::size_t first_break = 1;
  while (first_break < n && is_step(first_break)) ++first_break;
  if (first_break == n) {
    a.kind = Access::Kind::contiguous;
    return a;
  }
  if (std::ranges::all_of(places, [&](std::uint32_t p) { return p == places.front(); })) {
    a.kind = Access::Kind::broadcast;
    return a;
  }
  std::size_t breaks = 1;
  for (std::size_t i = 1; i < n; ++i) breaks += is_step(i) ? 0 : 1;
  if (breaks * shortest_run <= n) {
    a.kind = Access::Kind::runs;
    a.index.push_back(places[0]);
    for (std::size_t i = 1; i < n; ++i)
      if (!is_step(i)) {
        a.ends.push_back(static_cast<std::uint32_t>(i));
        a.index.push_back(places[i]);
      }
    a.ends.push_back(static_cast<std::uint32_t>(n));
    return a;
  }
  a.index = std::move(places);
  return a;
}

bool VectorPlan::accepts(const Plan& plan) {
  const Graph& graph = plan.graph();
  if (graph.size() > 0x7FFFFFFF) return false;
  return std::ranges::all_of(plan.nodes(), [&](NodeId id) {
    return graph.code(id) < builtin_count && graph.shape_id(id) == 0 &&
           (is_leaf(graph, id) || graph.info(id).family == Family::elementwise);
  });
}

VectorPlan::VectorPlan(const Plan& plan) {
  if (!accepts(plan)) throw std::invalid_argument("a vector plan is made of scalar nodes and elementwise operators");
  group(plan);
}

void VectorPlan::group(const Plan& plan) {
  const Graph& graph = plan.graph();
  const std::span<const NodeId> nodes = plan.nodes();
  const std::size_t ids = nodes.empty() ? 0 : nodes.back() + std::size_t{1};

  std::vector<std::uint32_t> readers(ids, 0);
  for (const NodeId id : nodes)
    for (const Ref r : graph.operands(id))
      if (r.is_node()) ++readers[r.id()];
  for (const Ref r : plan.outputs())
    if (r.is_node()) readers[r.id()] += 2;  // an output is never a link of a chain

  // Chains: an addition whose left operand is an addition that nobody else reads.
  const auto links_to = [&](NodeId id) -> Ref {
    if (!graph.is(id, opcode<Add>)) return {};
    const Ref left = graph.operands(id)[0];
    return left.is_node() && graph.is(left.id(), opcode<Add>) && readers[left.id()] == 1 ? left : Ref();
  };
  std::vector<bool> absorbed(ids, false);
  std::vector<std::uint32_t> chain_of(ids, no_class);
  std::vector<Chain> chains;
  for (std::size_t k = nodes.size(); k-- > 0;) {
    const NodeId head = nodes[k];
    if (absorbed[head] || links_to(head).empty()) continue;
    std::vector<NodeId> links{head};
    for (Ref next = links_to(head); !next.empty(); next = links_to(next.id())) links.push_back(next.id());
    if (links.size() + 1 < shortest_sum) continue;
    Chain chain;
    chain.terms.push_back(graph.operands(links.back())[0]);
    for (std::size_t i = links.size(); i-- > 0;) chain.terms.push_back(graph.operands(links[i])[1]);
    for (std::size_t i = 1; i < links.size(); ++i) absorbed[links[i]] = true;
    chain_of[head] = static_cast<std::uint32_t>(chains.size());
    chains.push_back(std::move(chain));
  }

  // Classes: alike, recursively. Constants are alike whatever their values, and so are variables.
  std::vector<std::uint32_t> class_of(ids, no_class);
  std::unordered_map<Key, std::uint32_t, KeyHash> classes;
  std::vector<std::vector<NodeId>> members;
  const auto class_of_ref = [&](Ref r) {
    return r.is_constant() || graph.is(r.id(), opcode<Literal>) ? constant_class : class_of[r.id()];
  };
  Key key;
  for (const NodeId id : nodes) {
    if (absorbed[id] || graph.is(id, opcode<Literal>)) continue;
    key.words.clear();
    if (graph.is(id, opcode<Variable>)) {
      key.words = {0};
    } else if (chain_of[id] != no_class) {
      const Chain& chain = chains[chain_of[id]];
      key.words = {1, static_cast<std::uint32_t>(chain.terms.size())};
      for (std::size_t i = 0, run = 0; i < chain.terms.size(); i += run) {
        const std::uint32_t c = class_of_ref(chain.terms[i]);
        for (run = 1; i + run < chain.terms.size() && class_of_ref(chain.terms[i + run]) == c;) ++run;
        key.words.push_back(c);
        key.words.push_back(static_cast<std::uint32_t>(run));
      }
    } else {
      key.words = {2, graph.code(id)};
      for (const std::int64_t a : graph.attributes(id)) {
        key.words.push_back(static_cast<std::uint32_t>(a));
        key.words.push_back(static_cast<std::uint32_t>(static_cast<std::uint64_t>(a) >> 32));
      }
      for (const Ref r : graph.operands(id)) key.words.push_back(class_of_ref(r));
    }
    const auto [at, is_new] = classes.try_emplace(key, static_cast<std::uint32_t>(members.size()));
    if (is_new) members.emplace_back();
    class_of[id] = at->second;
    members[at->second].push_back(id);
  }

  // Rows of sums whose terms are products that nothing else reads: the products are made where they are added.
  std::vector<bool> adds_products(members.size(), false);
  for (std::size_t c = 0; c < members.size(); ++c) {
    if (members[c].size() < 2 || chain_of[members[c][0]] == no_class) continue;
    const auto is_product = [&](Ref r) { return r.is_node() && graph.is(r.id(), opcode<Mul>) && readers[r.id()] == 1; };
    adds_products[c] = std::ranges::all_of(members[c], [&](NodeId id) {
      return std::ranges::all_of(std::span(chains[chain_of[id]].terms).subspan(1), is_product);
    });
    if (!adds_products[c]) continue;
    for (const NodeId id : members[c])
      for (const Ref r : std::span(chains[chain_of[id]].terms).subspan(1)) absorbed[r.id()] = true;
  }
  for (std::vector<NodeId>& group : members) std::erase_if(group, [&](NodeId id) { return absorbed[id]; });

  // Places. A class appears after the classes of its operands, because its first member does.
  places_.assign(ids, SIZE_MAX);
  for (const NodeId id : graph.variables())
    if (id < ids && graph.shape_id(id) == 0) places_[id] = size_++;
  constants_ = size_;
  size_ += graph.constant_count();
  for (const NodeId id : nodes)
    if (graph.is(id, opcode<Literal>)) places_[id] = size_++;
  for (const std::vector<NodeId>& group : members) {
    if (group.empty() || graph.is(group[0], opcode<Variable>)) continue;
    for (const NodeId id : group) places_[id] = size_++;
  }
  if (size_ > 0xFFFFFFFF) throw std::invalid_argument("a vector plan holds at most 2^32 values");

  const auto access = [&](const std::vector<NodeId>& group, std::size_t per_member, const auto& operand) {
    std::vector<std::uint32_t> at;
    at.reserve(group.size() * per_member);
    bool constant = true;
    for (const NodeId id : group)
      for (std::size_t j = 0; j < per_member; ++j) {
        const Ref r = operand(id, j);
        constant = constant && class_of_ref(r) == constant_class;
        at.push_back(static_cast<std::uint32_t>(place(r)));
      }
    return Access::of(std::move(at), constant);
  };
  for (std::size_t c = 0; c < members.size(); ++c) {
    const std::vector<NodeId>& group = members[c];
    if (group.empty() || graph.is(group[0], opcode<Variable>)) continue;
    const NodeId first = group[0];
    VectorInstruction& made = instructions_.emplace_back();
    made.code = graph.code(first);
    made.attributes = graph.attributes(first);
    made.count = group.size();
    made.result = places_[first];
    if (chain_of[first] != no_class) {
      made.terms = chains[chain_of[first]].terms.size() - 1;
      made.operands.push_back(access(group, 1, [&](NodeId id, std::size_t) { return chains[chain_of[id]].terms[0]; }));
      const auto term = [&](NodeId id, std::size_t j) { return chains[chain_of[id]].terms[j + 1]; };
      if (adds_products[c]) {
        for (std::size_t k = 0; k < 2; ++k)
          made.operands.push_back(
              access(group, made.terms, [&](NodeId id, std::size_t j) { return graph.operands(term(id, j).id())[k]; }));
      } else {
        made.operands.push_back(access(group, made.terms, term));
      }
    } else {
      for (std::size_t k = 0; k < graph.operands(first).size(); ++k)
        made.operands.push_back(access(group, 1, [&](NodeId id, std::size_t) { return graph.operands(id)[k]; }));
      if (made.code == opcode<Mul> && made.operands[0] == made.operands[1]) {  // one derivative instead of two
        static constexpr std::int64_t square[] = {2};
        made.code = opcode<PowI>;
        made.attributes = square;
        made.operands.pop_back();
      }
    }
  }
  std::vector<std::size_t> read_outside;
  for (const Ref r : plan.outputs()) read_outside.push_back(place(r));
  choose_loops(read_outside);
}

void VectorPlan::choose_loops(std::span<const std::size_t> read_outside) {
  const std::size_t n = instructions_.size();
  // Which instruction a place belongs to: blocks are in the order of the instructions.
  std::vector<std::size_t> begins;
  begins.reserve(n);
  for (const VectorInstruction& i : instructions_) begins.push_back(i.result);
  const auto owner = [&](std::size_t place) -> std::size_t {
    const auto after = std::ranges::upper_bound(begins, place);
    return after == begins.begin() ? SIZE_MAX : static_cast<std::size_t>(after - begins.begin()) - 1;
  };
  std::vector<std::size_t> loop_of(n, 0);
  std::vector<bool> aligned(n, true);  // every reader so far reads the same position, in its loop
  std::vector<std::vector<std::size_t>> readers(n);
  for (std::size_t k = 0; k < n; ++k) {
    const VectorInstruction& me = instructions_[k];
    // The earliest loop that may hold it: after all whose values it reads out of step, within those it reads in step.
    std::size_t earliest = 0;
    std::vector<std::pair<std::size_t, bool>> reads;  // instruction, in step
    for (const Access& a : me.operands) {
      const auto read = [&](std::size_t place, bool in_step) {
        const std::size_t from = owner(place);
        if (from == SIZE_MAX) return;
        if (!reads.empty() && reads.back() == std::pair(from, in_step)) return;
        reads.emplace_back(from, in_step);
        earliest = std::max(earliest, in_step ? loop_of[from] : loop_of[from] + 1);
      };
      const bool is_whole = a.kind == Access::Kind::contiguous && me.terms == 0;
      if (is_whole) {
        const std::size_t from = owner(a.base);
        read(a.base, from != SIZE_MAX && a.base == instructions_[from].result && instructions_[from].count == me.count);
        if (me.count > 1) read(a.base + me.count - 1, reads.empty() ? false : reads.back().second);
        // A contiguous operand may span several blocks; all of them must be done.
        for (std::size_t at = from == SIZE_MAX ? n : from + 1; at < n && begins[at] < a.base + me.count; ++at)
          read(begins[at], false);
      } else if (a.kind == Access::Kind::contiguous) {
        const std::size_t length = &a == &me.operands[0] ? me.count : me.count * me.terms;
        read(a.base, false);
        const std::size_t from = owner(a.base);
        for (std::size_t at = from == SIZE_MAX ? 0 : from + 1; at < n && begins[at] < a.base + length; ++at)
          if (begins[at] >= a.base) read(begins[at], false);
      } else if (a.kind == Access::Kind::broadcast) {
        read(a.base, false);
      } else {
        a.stretches(0, &a == &me.operands[0] || me.terms == 0 ? me.count : me.count * me.terms,
                    [&](std::size_t place, std::size_t length) {
                      for (std::size_t p = place; p < place + length; ++p) read(p, false);
                    });
      }
    }
    std::size_t chosen = loops_.size();
    for (std::size_t l = earliest; me.terms == 0 && l < loops_.size(); ++l)
      if (loops_[l].count == me.count && instructions_[loops_[l].instructions[0]].terms == 0) {
        chosen = l;
        break;
      }
    if (chosen == loops_.size()) loops_.push_back({me.count, {}});
    loops_[chosen].instructions.push_back(k);
    loop_of[k] = chosen;
    for (const auto& [from, in_step] : reads) {
      if (!in_step || loop_of[from] != chosen) aligned[from] = false;
      if (readers[from].empty() || readers[from].back() != k) readers[from].push_back(k);
    }
  }
  for (const std::size_t place : read_outside)
    if (const std::size_t from = owner(place); from != SIZE_MAX) aligned[from] = false;
  for (std::size_t k = 0; k < n; ++k) instructions_[k].is_local = aligned[k];

  for (VectorLoop& loop : loops_) {
    std::vector<std::size_t> leaving;
    for (const std::size_t k : loop.instructions)
      if (!instructions_[k].is_local) leaving.push_back(k);
    if (leaving.size() != 1 || readers[leaving[0]].size() != 1) continue;
    if (std::ranges::any_of(read_outside, [&](std::size_t place) { return owner(place) == leaving[0]; })) continue;
    const std::size_t sum = readers[leaving[0]][0];
    const VectorInstruction& s = instructions_[sum];
    const bool adds_all = s.terms == loop.count && s.count == 1 && s.operands[1].kind == Access::Kind::contiguous &&
                          s.operands[1].base == instructions_[leaving[0]].result;
    if (!adds_all || !readers[sum].empty()) continue;
    const Access& first = s.operands[0];
    const std::size_t start = owner(first.base);
    if (start != SIZE_MAX && loop_of[start] == static_cast<std::size_t>(&loop - loops_.data())) continue;
    loop.summed_by = sum;
    loop.terms_of = leaving[0];
  }
}

}  // namespace nabla
