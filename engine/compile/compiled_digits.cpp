#include <algorithm>
#include <deque>
#include <nabla/engine/compile/array_plan.hpp>
#include <nabla/engine/compile/compiled_digits.hpp>
#include <nabla/engine/compile/digit_loop.hpp>
#include <nabla/engine/compile/digit_product.hpp>
#include <nabla/engine/kernels/arena_real.hpp>
#include <nabla/engine/kernels/kernel.hpp>
#include <nabla/engine/numbers/literal.hpp>
#include <nabla/engine/run/run.hpp>

namespace nabla {

namespace {

std::optional<long> small_integer(const Constant& c) {
  constexpr std::int64_t most = std::int64_t{1} << 30;
  if (c.kind() != Constant::Kind::ratio || c.den() != 1 || c.num() < -most || c.num() > most) return {};
  return static_cast<long>(c.num());
}

}  // namespace

struct CompiledDigits::State {
  struct Step {
    std::optional<DigitLoop> loop;
    const Kernel<ArenaReal>* kernel = nullptr;  ///< of a structured operator
    std::unique_ptr<DigitProduct> product;
    Attributes attributes;
    std::vector<const __mpfr_struct*> operands;
    std::vector<std::vector<ArenaReal>> handles;
    std::vector<View<const ArenaReal>> views;
    std::vector<ArenaReal> made;
    const Shape* shape = nullptr;
    mpfr_ptr result = nullptr;
  };

  State(const Computation& from, int asked, std::size_t threads)
      : computation(from),
        digits(asked),
        plan(computation),
        bits(bits_of(asked)),
        workers(threads),
        arena(bits),
        values(plan.size(), bits) {
    const ArenaScope scope(arena);
    for (std::size_t i = 0; i < computation.inputs.size(); ++i)
      inputs.emplace_back(static_cast<std::size_t>(computation.input_shapes[i].size()), bits);
    for (std::size_t k = 0; k < computation.outputs.size(); ++k)
      outputs.emplace_back(static_cast<std::size_t>(computation.output_shape(k).size()), bits);
    DigitLoop::Integers integers(plan.blocks().size());
    for (const ArrayPlan::ConstantBlock& c : plan.constants()) {
      const ArrayPlan::Block& block = plan.blocks()[c.block];
      for (std::size_t e = 0; e < block.size; ++e) round_constant(values.data() + block.at + e, c.value, MPFR_RNDN);
      integers[c.block] = small_integer(c.value);
    }
    std::size_t most = 0;
    for (const ArrayPlan::Step& planned : plan.steps()) {
      Step& step = steps.emplace_back();
      if (planned.loop.empty()) {
        set_up(step, planned);
      } else {
        step.loop.emplace(
            plan, planned, [this](std::size_t b) { return place(b); }, integers, bits, workers.threads());
        most = std::max(most, step.loop->strip_numbers());
      }
    }
    for (std::size_t t = 0; t < workers.threads(); ++t) slots.emplace_back(most, bits);
    for (const std::size_t b : plan.guard_sides()) guards.push_back(place(b));
    arena.release_all();
  }

  static mpfr_prec_t bits_of(int digits) {
    const Precision scope(digits);
    return mpfr_get_prec(Real(0).backend().data());
  }

  /// Where the entries of a block stand. \pre it is no strip
  mpfr_ptr place(std::size_t b) {
    using Where = ArrayPlan::Block::Where;
    const ArrayPlan::Block& block = plan.blocks()[b];
    if (block.where == Where::input) return inputs[block.at].data();
    if (block.where == Where::output) return outputs[block.at].data();
    return values.data() + block.at;
  }

  void set_up(Step& step, const ArrayPlan::Step& planned) {
    const Graph& graph = plan.graph();
    step.attributes = graph.attributes(planned.node);
    step.shape = &planned.shape;
    step.result = place(planned.result);
    const std::span<const Ref> operands = graph.operands(planned.node);
    for (std::size_t k = 0; k < operands.size(); ++k) step.operands.push_back(place(planned.operands[k]));
    if (graph.is(planned.node, opcode<MatMul>)) {
      step.product = std::make_unique<DigitProduct>(planned.shapes[0], planned.shapes[1], planned.transposed[0],
                                                    planned.transposed[1], bits);
      return;
    }
    step.kernel = &kernel<ArenaReal>(graph.code(planned.node));
    if (step.kernel->value == nullptr)
      throw UnsupportedError(graph.info(planned.node).name + " has no value in real numbers");
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const Shape& shape = graph.shape(operands[k]);
      std::vector<ArenaReal>& handles = step.handles.emplace_back();
      for (std::size_t e = 0; e < static_cast<std::size_t>(shape.size()); ++e)
        handles.emplace_back(ArenaReal(mpfr_srcptr(step.operands[k] + e)));
    }
    for (std::size_t k = 0; k < operands.size(); ++k)
      step.views.push_back({step.handles[k].data(), &graph.shape(operands[k])});
    for (std::size_t e = 0; e < static_cast<std::size_t>(step.shape->size()); ++e)
      step.made.emplace_back(ArenaReal(mpfr_srcptr(step.result + e)));
  }

  void run_structured(Step& step) {
    if (step.product != nullptr) {
      step.product->run(step.result, step.operands[0], step.operands[1]);
      return;
    }
    std::vector<ArenaReal>& made = step.made;
    step.kernel->value({.attributes = step.attributes,
                        .operands = step.views,
                        .result = {made.data(), step.shape},
                        .operand_adjoints = {}});
    for (std::size_t e = 0; e < made.size(); ++e) {
      mpfr_set(step.result + e, made[e].number, MPFR_RNDN);
      made[e] = ArenaReal(mpfr_srcptr(step.result + e));
    }
    arena.release_all();
  }

  void run() {
    const ArenaScope scope(arena);
    for (Step& step : steps) {
      if (step.loop) {
        step.loop->run(workers, slots);
      } else {
        run_structured(step);
      }
    }
    for (std::size_t g = 0; g < computation.guards.size(); ++g) {
      const Guard& guard = computation.guards[g];
      const Truth now = outcome<ArenaReal>(guard.relation, ArenaReal(guards[2 * g]), ArenaReal(guards[2 * g + 1]));
      if (now != truth(guard.outcome)) throw GuardError(guard, now);
    }
  }

  Computation computation;
  int digits;
  ArrayPlan plan;
  mpfr_prec_t bits;
  Workers workers;
  DigitArena arena;
  DigitBlock values;
  std::vector<DigitBlock> inputs, outputs;
  std::deque<DigitSlot> slots;  // by thread
  std::vector<Step> steps;
  std::vector<mpfr_srcptr> guards;
};

CompiledDigits::CompiledDigits(const Computation& computation, int digits, std::size_t threads)
    : state_(std::make_unique<State>(computation, digits, threads)) {}
CompiledDigits::~CompiledDigits() = default;
CompiledDigits::CompiledDigits(CompiledDigits&&) noexcept = default;
CompiledDigits& CompiledDigits::operator=(CompiledDigits&&) noexcept = default;

std::size_t CompiledDigits::input_count() const { return state_->inputs.size(); }
std::size_t CompiledDigits::output_count() const { return state_->outputs.size(); }
mpfr_prec_t CompiledDigits::bits() const { return state_->bits; }
mpfr_ptr CompiledDigits::input(std::size_t i, std::size_t entry) { return state_->inputs.at(i).data() + entry; }
mpfr_srcptr CompiledDigits::output(std::size_t k, std::size_t entry) const {
  return state_->outputs.at(k).data() + entry;
}
void CompiledDigits::set(std::size_t i, std::size_t entry, std::string_view text) {
  round_constant(input(i, entry), exact_constant(text), MPFR_RNDN);
}
std::string CompiledDigits::text(std::size_t k, std::size_t entry) const {
  return mpfr_text(output(k, entry), state_->digits, MPFR_RNDN);
}
void CompiledDigits::run() { state_->run(); }

}  // namespace nabla
