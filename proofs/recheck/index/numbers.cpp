#include <algorithm>
#include <nabla/engine/record/build.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/numbers.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>
#include <nlohmann/json.hpp>

namespace nabla::reindex {

namespace {

class InPlace {
 public:
  InPlace(const World& world, const std::vector<Tree>& numbers) : numbers_(numbers) {
    problem.workspace = std::make_shared<Workspace>();
    const WorkspaceScope scope(problem.workspace);
    for (const Tree& t : numbers) {
      Given g;
      g.name = "v" + std::to_string(problem.givens.size() + 1);
      g.variable = variable(g.name);
      RealSet& set = g.set.entries;
      if (t->kind == Kind::entry) {
        const Array& a = world.arrays[static_cast<std::size_t>(t->code)];
        if (a.lo) set.lo = Expr(to_constant(*a.lo));
        if (a.hi) set.hi = Expr(to_constant(*a.hi));
        set.lo_closed = a.lo && !a.lo_strict;
        set.hi_closed = a.hi && !a.hi_strict;
      } else if (t->kind == Kind::symbol) {
        if (const auto least = world.ranges.least(t->at[0])) {
          set.lo = Expr(*least);
          set.lo_closed = true;
        }
      } else {
        throw NotHandled("a number for what is no entry");
      }
      problem.givens.push_back(std::move(g));
    }
  }

  Problem problem;

  Expr of(const Tree& t) {
    const Level deeper;
    const WorkspaceScope scope(problem.workspace);
    switch (t->kind) {
      case Kind::number:
        return Expr(to_constant(t->number));
      case Kind::entry:
      case Kind::symbol:
        for (std::size_t k = 0; k < numbers_.size(); ++k)
          if (numbers_[k]->kind == t->kind && numbers_[k]->code == t->code && numbers_[k]->at == t->at)
            return problem.givens[k].variable;
        break;
      case Kind::add: {
        Expr sum(0);
        for (const Tree& a : t->args) sum = sum + of(a);
        return sum;
      }
      case Kind::mul: {
        Expr product(1);
        for (const Tree& a : t->args) product = product * of(a);
        return product;
      }
      case Kind::power:
        return powi(of(t->args[0]), t->exponent);
      case Kind::positive:
        return where(lt(Expr(0), of(t->args[0])), Expr(1), Expr(0));
      case Kind::call: {
        const auto code = static_cast<Opcode>(t->code);
        if (t->args.size() != 1 || operator_info(code).family != Family::elementwise) break;
        const Expr x = of(t->args[0]);
        const Ref operand[] = {x.constant() != nullptr ? problem.workspace->graph().constant(*x.constant()) : x.ref()};
        return {problem.workspace, build(*problem.workspace, code, operand, {})};
      }
      default:
        break;
    }
    throw NotHandled("what is no function of entries");
  }

 private:
  const std::vector<Tree>& numbers_;
};

}  // namespace

bool replay_of_numbers(const World& world, const Tree& t, const std::vector<Tree>& numbers, bool is_strict,
                       const nlohmann::ordered_json& proof) {
  InPlace place(world, numbers);
  const Expr g = place.of(t);
  return recheck_sign(place.problem, g, is_strict ? "positive" : "nonnegative", proof.dump()).answer ==
         nabla::Replay::Answer::yes;
}

}  // namespace nabla::reindex
