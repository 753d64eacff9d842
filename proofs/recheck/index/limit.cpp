// Limits of quotients of what is smooth; linear and monotone functions.
#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

namespace {

bool hangs_on(const Demand& d, int array) {
  const auto does = [&](const Tree& t) { return depends(t, array); };
  return std::any_of(d.args.begin(), d.args.end(), does) || std::any_of(d.guards.begin(), d.guards.end(), does);
}

bool is_zero_tree(World& world, const Tree& t) { return Polynomials(world).vanishes(t); }

}  // namespace

/// Whether a tree has a value around the place of a scalar array, and a derivative by it there.
bool Reader::has_tangent(const Tree& t, int array, const Tree& place) {
  const Level deeper;
  world_.step();
  if (!depends(t, array)) return true;
  switch (t->kind) {
    case Kind::entry:
    case Kind::add:
    case Kind::mul:
    case Kind::sum:
      break;
    case Kind::power:
      if (t->exponent < 0 && (sign_of(world_, with_array(t->args[0], array, {}, place)) & 2U) != 0) return false;
      break;
    case Kind::apply:
      if (!world_.functions[static_cast<std::size_t>(t->code)].is_differentiable) return false;
      break;
    case Kind::call: {
      const auto code = static_cast<Opcode>(t->code);
      const Facts& facts = operator_info(code).facts;
      if (facts.regularity != Regularity::smooth || !facts.kinks.empty()) return false;
      const std::span<const Expr> names = world_.names(t->args.size());
      const WorkspaceScope scope(world_.workspace);
      if (!domain_condition(code, {}, names).empty()) return false;
      break;
    }
    default:
      return false;
  }
  return std::all_of(t->args.begin(), t->args.end(), [&](const Tree& a) { return has_tangent(a, array, place); });
}

Tensor Reader::limit(SyntaxId id) {
  const auto where = rational(syntax_.child(id, 1));
  if (!where) throw NotHandled("a limit at what is no number");
  const Tree place = make_number(*where);
  const int array = static_cast<int>(world_.arrays.size());
  Array fresh;
  fresh.name = std::string(syntax_.spelling(syntax_.child(id, 0)));
  world_.arrays.push_back(fresh);
  SyntaxId above = syntax_.child(id, 2), below = above;
  const bool divides =
      syntax_.kind(above) == SyntaxKind::binary && syntax_.binary_operator(above) == BinaryOperator::divide;
  if (divides) {
    below = syntax_.child(above, 1);
    above = syntax_.child(above, 0);
  }
  struct Inside {
    Reader& r;
    std::vector<Demand> demands;
    std::vector<Tree> guards;
    ~Inside() {
      r.locals_.pop_back();
      r.world_.demands = std::move(demands);
      r.world_.guards = std::move(guards);
    }
  };
  Meaning moving;
  moving.kind = Meaning::Kind::array;
  moving.array = array;
  Tensor p, q{{}, {}, make_number(1)};
  std::vector<Demand> asked;
  {
    locals_.emplace_back(fresh.name, std::move(moving));
    const Inside inside{*this, std::exchange(world_.demands, {}), std::exchange(world_.guards, {})};
    p = number(above);
    if (divides) q = number(below);
    asked = std::move(world_.demands);
  }
  if (!q.axes.empty()) unfit();
  for (Demand& d : asked) {
    if (hangs_on(d, array)) {
      world_.facts.push_back({{}, minus(make_entry(array, {}), place), 5});
      const bool met = is_met(world_, d);
      world_.facts.pop_back();
      if (!met) throw NotHandled("a limit of what is not known to have values around");
      continue;
    }
    d.guards.insert(d.guards.end(), world_.guards.begin(), world_.guards.end());
    world_.demands.push_back(std::move(d));
  }
  if (!has_tangent(p.body, array, place) || !has_tangent(q.body, array, place))
    throw NotHandled("a limit of what is not known to be smooth");
  const bool has_largest = std::ranges::any_of(world_.ranges.rows, [](const auto& r) { return r.name == " largest"; });
  if (has_largest) throw NotHandled("the largest of a vector that varies");
  const auto there = [&](const Tree& t) { return with_array(t, array, {}, place); };
  Tree value = there(p.body), divisor = there(q.body);
  if (is_zero_tree(world_, divisor)) {
    if (!is_zero_tree(world_, value)) throw NotHandled("a limit of a quotient whose denominator vanishes");
    value = there(world_.derivative(p.body, array, {}));
    divisor = there(world_.derivative(q.body, array, {}));
  }
  world_.demands.push_back({{divisor}, 5, {}, true, world_.guards});
  p.body = make_mul({value, make_power(divisor, -1)});
  return p;
}

/// Whether nothing but a box is said of the array.
bool Reader::is_free(int array) const {
  const Array& a = world_.arrays[static_cast<std::size_t>(array)];
  return !a.is_binary && !a.is_symmetric &&
         std::none_of(world_.row_sums.begin(), world_.row_sums.end(),
                      [&](const RowSum& s) { return s.array == array; }) &&
         std::none_of(world_.facts.begin(), world_.facts.end(), [&](const Fact& f) { return depends(f.value, array); });
}

bool Reader::is_linear(const Tensor& t, int array) {
  const Array a = world_.arrays[static_cast<std::size_t>(array)];
  if (!is_free(array) || a.lo || a.hi) throw NotHandled("linear on a part of the space");
  std::vector<Lin> at;
  std::vector<Bound> over;
  for (const Lin& n : a.extents) {
    over.push_back({world_.ranges.make("k", Lin::number(1), n), Lin::number(1), n});
    at.push_back(Lin::name(over.back().symbol));
  }
  const Tree slope = world_.derivative(t.body, array, at);
  if (depends(slope, array)) return false;
  Tree image = make_mul({slope, make_entry(array, at)});
  for (std::size_t k = over.size(); k-- > 0;) image = make_sum(over[k], image);
  return is_zero_tree(world_, minus(t.body, image));
}

bool Reader::is_monotone(const Tensor& t, int array, bool up) {
  if (!is_free(array)) throw NotHandled("monotone on a set that is no box");
  std::vector<Lin> at;
  for (const Lin& n : world_.arrays[static_cast<std::size_t>(array)].extents)
    at.push_back(Lin::name(world_.ranges.make("j", Lin::number(1), n)));
  const Tree slope = world_.derivative(t.body, array, at);
  const Signs wrong = up ? 1U : 4U;
  if ((sign_of(world_, slope) & wrong) == 0) return true;
  Polynomials p(world_);
  return (p.sign(slope) & wrong) == 0;
}

}  // namespace nabla::reindex
