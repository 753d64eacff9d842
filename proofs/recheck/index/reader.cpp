// Expressions as trees.
#include <algorithm>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

namespace {

Meaning as_value(Tensor t) {
  Meaning m;
  m.tensor = std::move(t);
  return m;
}
Tensor as_value(Tree t) { return {{}, {}, std::move(t)}; }

}  // namespace

Tensor Reader::make(std::vector<Lin> extents, const std::function<Tree(const std::vector<Lin>&)>& entry) {
  Tensor t;
  std::vector<Lin> here;
  for (const Lin& n : extents) {
    t.axes.push_back(world_.ranges.make("i", Lin::number(1), n));
    here.push_back(Lin::name(t.axes.back()));
  }
  t.extents = std::move(extents);
  t.body = entry(here);
  return t;
}

Tree Reader::at(const Tensor& t, const std::vector<Lin>& where) const {
  Renaming by;
  for (std::size_t k = 0; k < t.axes.size(); ++k) by[t.axes[k]] = where[k];
  return renamed(t.body, by);
}

std::pair<Tensor, Tensor> Reader::together(const Tensor& a, const Tensor& b, bool stretch) {
  if (stretch && a.axes.empty()) return {Tensor{b.extents, b.axes, a.body}, b};
  if (stretch && b.axes.empty()) return {a, Tensor{a.extents, a.axes, b.body}};
  if (a.extents != b.extents) unfit();
  std::vector<Lin> axes;
  for (const int s : a.axes) axes.push_back(Lin::name(s));
  return {a, Tensor{a.extents, a.axes, at(b, axes)}};
}

const Meaning* Reader::find(std::string_view name) const {
  for (std::size_t k = locals_.size(); k > floor_; --k)
    if (locals_[k - 1].first == name) return &locals_[k - 1].second;
  for (std::size_t k = 0; k < names_.size() && k < visible_; ++k)
    if (names_[k].first == name) return &names_[k].second;
  return nullptr;
}

Tensor Reader::number(SyntaxId id) {
  Meaning m = value(id);
  if (m.kind == Meaning::Kind::array)
    return make(world_.arrays[static_cast<std::size_t>(m.array)].extents,
                [&](const std::vector<Lin>& i) { return make_entry(m.array, i); });
  if (m.kind != Meaning::Kind::number) throw NotHandled("a number is needed");
  return std::move(m.tensor);
}

int Reader::array(SyntaxId id) {
  if (syntax_.kind(id) == SyntaxKind::name)
    if (const Meaning* m = find(syntax_.spelling(id)); m != nullptr && m->kind == Meaning::Kind::array) return m->array;
  throw NotHandled("a given variable is needed");
}

Tree Reader::scalar(SyntaxId id) {
  Tensor t = number(id);
  if (!t.axes.empty()) unfit();
  return std::move(t.body);
}

std::optional<Lin> Reader::lin(const Tree& t) const {
  const Level deeper;
  switch (t->kind) {
    case Kind::number:
      if (denominator(t->number) != 1 || abs(t->number) > 1'000'000'000) return std::nullopt;
      return Lin::number(static_cast<std::int64_t>(numerator(t->number)));
    case Kind::symbol:
      return t->at[0];
    case Kind::add: {
      Lin r;
      for (const Tree& a : t->args) {
        const auto part = lin(a);
        if (!part) return std::nullopt;
        r = plus(r, *part);
      }
      return r;
    }
    case Kind::mul: {
      Lin r = Lin::number(1);
      for (const Tree& a : t->args) {
        const auto part = lin(a);
        if (!part || (!part->is_number() && !r.is_number())) return std::nullopt;
        r = part->is_number() ? plus({}, r, part->c) : plus({}, *part, r.c);
      }
      return r;
    }
    default:
      return std::nullopt;
  }
}

Lin Reader::subscript(SyntaxId id) {
  const auto a = lin(scalar(id));
  if (!a) throw NotHandled("a subscript that is not a sum of dimensions and indices");
  return *a;
}

Meaning Reader::value(SyntaxId id) {
  const Level deeper;
  if (syntax_.kind(id) != SyntaxKind::binary) return leaf(id);
  std::vector<SyntaxId> chain;
  for (; syntax_.kind(id) == SyntaxKind::binary; id = syntax_.child(id, 0)) chain.push_back(id);
  Tensor t = number(id);
  for (std::size_t k = chain.size(); k-- > 0;) t = binary(chain[k], t, number(syntax_.child(chain[k], 1)));
  return as_value(std::move(t));
}

Meaning Reader::leaf(SyntaxId id) {
  switch (syntax_.kind(id)) {
    case SyntaxKind::number: {
      const auto c = literal_constant(syntax_.spelling(id));
      if (!c) throw NotHandled("a number with so many digits");
      return as_value(as_value(make_number(Number<Rational>::of(*c))));
    }
    case SyntaxKind::name: {
      const std::string_view name = syntax_.spelling(id);
      if (const Meaning* m = find(name)) {
        for (Demand d : m->demands) {
          d.guards.insert(d.guards.end(), world_.guards.begin(), world_.guards.end());
          world_.demands.push_back(std::move(d));
        }
        return *m;
      }
      if (name == "pi") throw NotHandled("pi");
      auto f = std::make_shared<Callable>();
      f->name = std::string(name);
      Meaning m;
      m.kind = Meaning::Kind::function;
      m.function = f;
      return m;
    }
    case SyntaxKind::negate: {
      Tensor t = number(syntax_.child(id, 0));
      t.body = negated(t.body);
      return as_value(std::move(t));
    }
    case SyntaxKind::transpose: {
      const Tensor t = number(syntax_.child(id, 0));
      if (t.axes.size() != 2) unfit();
      return as_value(make({t.extents[1], t.extents[0]}, [&](const auto& i) { return at(t, {i[1], i[0]}); }));
    }
    case SyntaxKind::vector:
    case SyntaxKind::matrix: {
      std::vector<std::vector<Tree>> rows;
      const bool flat = syntax_.kind(id) == SyntaxKind::vector;
      if (flat) rows.emplace_back();
      for (const SyntaxId child : syntax_.children(id)) {
        if (!flat) rows.emplace_back();
        if (flat) rows[0].push_back(scalar(child));
        if (!flat)
          for (const SyntaxId e : syntax_.children(child)) rows.back().push_back(scalar(e));
        if (rows.back().size() != rows[0].size() && !flat) unfit();
      }
      std::vector<Lin> extents;
      if (!flat) extents.push_back(Lin::number(static_cast<std::int64_t>(rows.size())));
      extents.push_back(Lin::number(static_cast<std::int64_t>(rows[0].size())));
      return as_value(make(extents, [&](const std::vector<Lin>& i) {
        std::vector<Tree> parts;
        for (std::size_t r = 0; r < rows.size(); ++r)
          for (std::size_t c = 0; c < rows[r].size(); ++c) {
            const auto is = [&](const Lin& axis, std::size_t k) {
              Node n;
              n.kind = Kind::equal;
              n.at = {plus(axis, Lin::number(static_cast<std::int64_t>(k) + 1), -1)};
              return make_node(std::move(n));
            };
            parts.push_back(make_mul({flat ? make_number(1) : is(i[0], r), is(i.back(), c), rows[r][c]}));
          }
        return make_add(std::move(parts));
      }));
    }
    case SyntaxKind::index: {
      const Tensor t = number(syntax_.child(id, 0));
      std::size_t kept = 0;
      if (syntax_.children(id).size() - 1 != t.axes.size()) unfit();
      return as_value(index(t, 0, id, kept));
    }
    case SyntaxKind::call:
      return call(id);
    case SyntaxKind::comprehension:
      return as_value(comprehension(id));
    case SyntaxKind::limit:
      return as_value(limit(id));
    case SyntaxKind::relation: {
      std::vector<Tree> all;
      Tree left = scalar(syntax_.child(id, 0));
      for (std::size_t k = 0; k < syntax_.links(id).size(); ++k) {
        const Tree right = scalar(syntax_.child(id, k + 1));
        all.push_back(relate(syntax_.links(id)[k].relation, left, right));
        left = right;
      }
      Meaning m = as_value(as_value(make_mul(std::move(all))));
      m.kind = Meaning::Kind::condition;
      return m;
    }
    case SyntaxKind::negation: {
      Meaning m = value(syntax_.child(id, 0));
      if (m.kind != Meaning::Kind::condition) throw NotHandled("a condition is needed");
      m.tensor.body = minus(make_number(1), m.tensor.body);
      return m;
    }
    default:
      throw NotHandled("an expression of this kind");
  }
}

Tensor Reader::index(const Tensor& t, std::size_t first, SyntaxId id, std::size_t& kept) {
  std::vector<std::optional<Lin>> fixed(t.axes.size());
  const auto given = syntax_.children(id).subspan(1);
  if (first + given.size() > t.axes.size()) unfit();
  kept = given.size();
  for (std::size_t k = 0; k < given.size(); ++k) {
    if (syntax_.kind(given[k]) == SyntaxKind::all) continue;
    const Lin i = subscript(given[k]);
    if (!world_.ranges.at_least_zero(plus(i, Lin::number(1), -1)) ||
        !world_.ranges.at_least_zero(plus(t.extents[first + k], i, -1)))
      throw NotHandled("an index that may be out of range");
    fixed[first + k] = i;
    --kept;
  }
  std::vector<Lin> extents;
  for (std::size_t k = 0; k < fixed.size(); ++k)
    if (!fixed[k]) extents.push_back(t.extents[k]);
  return make(extents, [&](const std::vector<Lin>& i) {
    std::vector<Lin> all;
    std::size_t next = 0;
    for (const auto& f : fixed) all.push_back(f ? *f : i[next++]);
    return at(t, all);
  });
}

Tree Reader::relate(Relation r, const Tree& a, const Tree& b) {
  const auto x = lin(a), y = lin(b);
  const auto node = [](Kind kind, const Lin& at) {
    Node n;
    n.kind = kind;
    n.at = {at};
    return make_node(std::move(n));
  };
  const auto more = [](const Tree& u) {
    Node n;
    n.kind = Kind::positive;
    n.args = {u};
    return make_node(std::move(n));
  };
  const bool whole = x && y;
  // a > b, b > a, a = b
  const auto above = [&] {
    return whole ? node(Kind::at_least, plus(plus(*x, *y, -1), Lin::number(1), -1)) : more(minus(a, b));
  };
  const auto below = [&] {
    return whole ? node(Kind::at_least, plus(plus(*y, *x, -1), Lin::number(1), -1)) : more(minus(b, a));
  };
  const Tree one = make_number(1);
  const auto same = [&] {
    return whole ? node(Kind::equal, plus(*x, *y, -1)) : minus(one, make_add({more(minus(a, b)), more(minus(b, a))}));
  };
  switch (r) {
    case Relation::equal:
      return same();
    case Relation::not_equal:
      return minus(one, same());
    case Relation::less:
      return below();
    case Relation::less_equal:
      return minus(one, above());
    case Relation::greater:
      return above();
    case Relation::greater_equal:
      return minus(one, below());
  }
  return one;
}

Tensor Reader::each(Opcode code, const std::vector<Tensor>& x) {
  Tensor like = x[0];
  for (const Tensor& t : x)
    if (like.axes.empty()) like = t;
  std::vector<Tree> bodies;
  for (const Tensor& t : x) bodies.push_back(together(like, t).second.body);
  world_.demand_domain(code, {}, bodies);
  like.body = code == opcode<Log> ? log_of(bodies[0]) : make_call(code, bodies);
  return like;
}

Tensor Reader::product(const Tensor& a, const Tensor& b) {
  if (a.axes.size() > 2 || b.axes.size() > 2 || a.axes.size() + b.axes.size() < 3) unfit();
  if (a.extents.back() != b.extents.front()) unfit();
  std::vector<Lin> extents;
  if (a.axes.size() == 2) extents.push_back(a.extents[0]);
  if (b.axes.size() == 2) extents.push_back(b.extents[1]);
  return make(extents, [&](const std::vector<Lin>& i) {
    const Lin n = a.extents.back();
    const int k = world_.ranges.make("k", Lin::number(1), n);
    std::vector<Lin> left, right{Lin::name(k)};
    if (a.axes.size() == 2) left.push_back(i[0]);
    left.push_back(Lin::name(k));
    if (b.axes.size() == 2) right.push_back(i.back());
    return make_sum({k, Lin::number(1), n}, make_mul({at(a, left), at(b, right)}));
  });
}

Tensor Reader::power(const Tensor& a, const Tensor& b) {
  if (!b.axes.empty()) throw NotHandled("a power with this exponent");
  const auto exponent = Polynomials(world_).constant(b.body);
  if (!exponent) {  // of a positive base
    world_.demand_domain(opcode<Log>, {}, {a.body});
    Tensor r = a;
    r.body = make_call(opcode<Exp>, {make_mul({b.body, log_of(a.body)})});
    return r;
  }
  const Rational& n = *exponent;
  if (n == Rational(1) / 2) return each(opcode<Sqrt>, {a});
  if (denominator(n) != 1 || abs(n) > 64) throw NotHandled("a power with this exponent");
  const auto whole = static_cast<std::int64_t>(numerator(n));
  world_.demand_domain(opcode<PowI>, {whole}, {a.body});
  return {a.extents, a.axes, make_power(a.body, whole)};
}

Tensor Reader::binary(SyntaxId id, const Tensor& a, const Tensor& b) {
  const BinaryOperator op = syntax_.binary_operator(id);
  const bool is_matrix_product = op == BinaryOperator::multiply && !a.axes.empty() && !b.axes.empty();
  if (is_matrix_product) return product(a, b);
  if (op == BinaryOperator::power || op == BinaryOperator::elementwise_power) {
    if (op == BinaryOperator::elementwise_power || a.axes.empty()) return power(a, b);
    if (a.axes.size() != 2 || a.extents[0] != a.extents[1] || !is_number(b.body, 2)) throw NotHandled("a matrix power");
    return product(a, a);
  }
  if (op == BinaryOperator::divide && !b.axes.empty()) unfit();
  auto [x, y] = together(a, b);
  switch (op) {
    case BinaryOperator::add:
      x.body = make_add({x.body, y.body});
      break;
    case BinaryOperator::subtract:
      x.body = minus(x.body, y.body);
      break;
    case BinaryOperator::divide:
    case BinaryOperator::elementwise_divide:
      world_.demand_domain(opcode<Div>, {}, {x.body, y.body});
      x.body = make_mul({x.body, make_power(y.body, -1)});
      break;
    default:
      x.body = make_mul({x.body, y.body});
  }
  return std::move(x);
}

Tensor Reader::comprehension(SyntaxId id) {
  const Lin from = subscript(syntax_.child(id, 1)), to = subscript(syntax_.child(id, 2));
  const auto term = [&](const Lin& i) {
    locals_.emplace_back(std::string(syntax_.spelling(syntax_.child(id, 0))), as_value(as_value(make_lin(i))));
    struct Pop {
      std::vector<Row>& rows;
      ~Pop() { rows.pop_back(); }
    } pop{locals_};
    return number(syntax_.child(id, 3));
  };
  const Lin count = plus(plus(to, from, -1), Lin::number(1));
  if (syntax_.comprehension_operator(id) != Comprehension::sum) throw NotHandled("prod and max over indices");
  if (!world_.ranges.at_least_zero(count)) throw NotHandled("a sum whose range may run backwards");
  const int i = world_.ranges.make("k", from, to);
  Tensor t = term(Lin::name(i));
  for (const Lin& n : t.extents)
    if (n.has(i)) unfit();
  t.body = make_sum({i, from, to}, t.body);
  return t;
}

Tensor Reader::where(SyntaxId id) {
  if (syntax_.children(id).size() != 4) throw NotHandled("where takes three arguments");
  const Meaning m = value(syntax_.child(id, 1));
  if (m.kind != Meaning::Kind::condition) throw NotHandled("a condition is needed");
  const Tree c = m.tensor.body, otherwise = minus(make_number(1), c);
  const auto branch = [&](SyntaxId child, const Tree& guard) {
    world_.guards.push_back(guard);
    struct Pop {
      std::vector<Tree>& guards;
      ~Pop() { guards.pop_back(); }
    } pop{world_.guards};
    return number(child);
  };
  const Tensor a = branch(syntax_.child(id, 2), c), b = branch(syntax_.child(id, 3), otherwise);
  auto [x, y] = together(a, b, false);
  x.body = make_add({make_mul({c, x.body}), make_mul({otherwise, y.body})});
  return std::move(x);
}

}  // namespace nabla::reindex
