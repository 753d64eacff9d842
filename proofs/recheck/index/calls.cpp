// Calls and derivatives as trees.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

namespace {

Meaning of(Tensor t) {
  Meaning m;
  m.tensor = std::move(t);
  return m;
}
Tensor of(Tree t) { return {{}, {}, std::move(t)}; }

Tree equality(const Lin& a) {
  Node n;
  n.kind = Kind::equal;
  n.at = {a};
  return make_node(std::move(n));
}

}  // namespace

Meaning Reader::call(SyntaxId id) {
  const SyntaxId callee = syntax_.child(id, 0);
  const auto given = syntax_.children(id).subspan(1);
  if (syntax_.kind(callee) == SyntaxKind::name && find(syntax_.spelling(callee)) == nullptr) {
    const std::string_view name = syntax_.spelling(callee);
    if (name == "grad" || name == "jacobian" || name == "hessian") return derivative_call(name[0], id);
    if (name == "diff") return of(along(id));
    if (name == "where") return of(where(id));
    if (name == "indicator" && given.size() == 1) {
      const Meaning m = value(given[0]);
      if (m.kind != Meaning::Kind::condition) throw NotHandled("a condition is needed");
      return of(m.tensor);
    }
    if (name == "delta" && given.size() == 2)
      return of(of(relate(Relation::equal, scalar(given[0]), scalar(given[1]))));
    if (name == "shape" && given.size() == 1) {
      const std::vector<Demand> before = world_.demands;
      const Tensor t = number(given[0]);
      world_.demands = before;
      return of(make({Lin::number(static_cast<std::int64_t>(t.extents.size()))}, [&](const std::vector<Lin>& i) {
        std::vector<Tree> parts;
        for (std::size_t k = 0; k < t.extents.size(); ++k)
          parts.push_back(make_mul(
              {equality(plus(i[0], Lin::number(static_cast<std::int64_t>(k) + 1), -1)), make_lin(t.extents[k])}));
        return make_add(std::move(parts));
      }));
    }
  }
  const Meaning f = value(callee);
  if (f.kind != Meaning::Kind::function) throw NotHandled("a function is needed");
  std::vector<Meaning> x;
  for (const SyntaxId g : given) {
    Meaning m = value(g);
    if (m.kind == Meaning::Kind::array) m = of(number(g));
    x.push_back(std::move(m));
  }
  return apply(f.function, x);
}

Meaning Reader::apply(const std::shared_ptr<const Callable>& f, const std::vector<Meaning>& x) {
  const Level deeper;
  if (f->kind == Callable::Kind::written) {
    if (x.size() != f->parameters.size()) throw NotHandled("a call with another number of arguments");
    struct Frame {
      Reader& r;
      std::size_t size, floor, visible;
      ~Frame() {
        r.locals_.resize(size);
        r.floor_ = floor;
        r.visible_ = visible;
      }
    } frame{*this, locals_.size(), floor_, visible_};
    floor_ = locals_.size();
    visible_ = f->names;
    for (std::size_t k = 0; k < x.size(); ++k) {
      locals_.emplace_back(f->parameters[k], x[k]);
      locals_.back().second.demands.clear();
    }
    Meaning m = value(f->body);
    return m.kind == Meaning::Kind::array ? of(number(f->body)) : m;
  }
  std::vector<Tensor> t;
  for (const Meaning& m : x) {
    if (m.kind != Meaning::Kind::number) throw NotHandled("a number is needed");
    t.push_back(m.tensor);
  }
  if (f->kind == Callable::Kind::registered) return of(registered(f->name, t));
  if (t.size() != 1) throw NotHandled("one argument is needed");
  if (f->kind == Callable::Kind::variable) {
    const FunctionVariable& g = world_.functions[static_cast<std::size_t>(f->variable)];
    if (t[0].extents != g.domain) unfit();
    return of(make(g.codomain, [&](const std::vector<Lin>& i) {
      Node n;
      n.kind = Kind::apply;
      n.code = f->variable;
      n.at = i;
      std::vector<Lin> axes;
      for (const Lin& extent : g.domain) {
        const int k = world_.ranges.make("k", Lin::number(1), extent);
        axes.push_back(Lin::name(k));
        n.bounds.push_back({k, Lin::number(1), extent});
      }
      n.args = {at(t[0], axes)};
      return make_node(std::move(n));
    }));
  }
  // A derivative: of the function at a variable of its own, which then gets its value.
  const int variable = static_cast<int>(world_.arrays.size());
  Array fresh;
  fresh.extents = t[0].extents;
  world_.arrays.push_back(std::move(fresh));
  const std::vector<Demand> before = std::exchange(world_.demands, {});
  const std::vector<Tree> guards = std::exchange(world_.guards, {});
  const Tensor point = make(t[0].extents, [&](const std::vector<Lin>& i) { return make_entry(variable, i); });
  const Meaning inside = apply(f->inside, {of(point)});
  if (inside.kind != Meaning::Kind::number) throw NotHandled("a derivative of this");
  Tensor result = derivative(f->transform, inside.tensor, variable);
  std::vector<Demand> asked = std::exchange(world_.demands, before);
  world_.guards = guards;
  const bool has_largest = std::ranges::any_of(world_.ranges.rows, [](const auto& r) { return r.name == " largest"; });
  if (has_largest) throw NotHandled("the largest of a vector that varies");
  const auto moved = [&](const Tree& tree) { return with_array(tree, variable, t[0].axes, t[0].body); };
  for (Demand& d : asked) {
    for (Tree& a : d.args) a = moved(a);
    for (Tree& a : d.guards) a = moved(a);
    d.guards.insert(d.guards.end(), guards.begin(), guards.end());
    world_.demands.push_back(std::move(d));
  }
  result.body = moved(result.body);
  return of(std::move(result));
}

Tensor Reader::derivative(char transform, const Tensor& t, int variable) {
  if (transform != 'j' && !t.axes.empty()) unfit();
  const std::vector<Lin> by = world_.arrays[static_cast<std::size_t>(variable)].extents;
  std::vector<Lin> extents = t.extents;
  extents.insert(extents.end(), by.begin(), by.end());
  Tensor r = make(extents, [&](const std::vector<Lin>& i) {
    const auto split = i.begin() + static_cast<std::ptrdiff_t>(t.axes.size());
    return world_.derivative(at(t, {i.begin(), split}), variable, {split, i.end()});
  });
  return transform == 'h' ? derivative('j', r, variable) : r;
}

Meaning Reader::derivative_call(char transform, SyntaxId id) {
  const auto given = syntax_.children(id).subspan(1);
  if (given.size() == 1) {
    const Meaning f = value(given[0]);
    if (f.kind != Meaning::Kind::function) throw NotHandled("a derivative without its variable");
    auto made = std::make_shared<Callable>();
    made->kind = Callable::Kind::derivative;
    made->transform = transform;
    made->inside = f.function;
    Meaning m;
    m.kind = Meaning::Kind::function;
    m.function = made;
    return m;
  }
  if (given.size() != 2) throw NotHandled("a derivative takes one or two arguments");
  SyntaxId by = given[1];
  std::optional<SyntaxId> index_of;
  if (syntax_.kind(by) == SyntaxKind::index) {
    index_of = by;
    by = syntax_.child(by, 0);
  }
  const int variable = array(by);
  const Tensor t = number(given[0]);
  Tensor r = derivative(transform, t, variable);
  if (!index_of) return of(std::move(r));
  if (transform == 'h') throw NotHandled("a Hessian by a slice");
  std::size_t kept = 0;
  if (t.axes.size() + syntax_.children(*index_of).size() - 1 != r.axes.size()) unfit();
  return of(index(r, t.axes.size(), *index_of, kept));
}

Tensor Reader::along(SyntaxId id) {
  if (syntax_.children(id).size() != 4) throw NotHandled("diff takes three arguments");
  const int variable = array(syntax_.child(id, 2));
  const Tensor t = number(syntax_.child(id, 1)), h = number(syntax_.child(id, 3));
  if (h.extents != world_.arrays[static_cast<std::size_t>(variable)].extents) unfit();
  const Tensor slope = derivative('j', t, variable);
  return make(t.extents, [&](const std::vector<Lin>& i) {
    std::vector<Lin> all = i, inner;
    std::vector<Bound> over;
    for (const Lin& n : h.extents) {
      const int k = world_.ranges.make("k", Lin::number(1), n);
      over.push_back({k, Lin::number(1), n});
      inner.push_back(Lin::name(k));
      all.push_back(Lin::name(k));
    }
    Tree r = make_mul({at(slope, all), at(h, inner)});
    for (std::size_t k = over.size(); k-- > 0;) r = make_sum(over[k], r);
    return r;
  });
}

Tensor Reader::sum_of(const Tensor& t) {
  std::vector<Lin> where;
  std::vector<Bound> over;
  for (const Lin& n : t.extents) {
    const int k = world_.ranges.make("k", Lin::number(1), n);
    over.push_back({k, Lin::number(1), n});
    where.push_back(Lin::name(k));
  }
  Tree r = at(t, where);
  for (std::size_t k = over.size(); k-- > 0;) r = make_sum(over[k], r);
  return of(r);
}

/// Of products of positive factors: a sum of logarithms.
Tree Reader::log_of(const Tree& t) {
  const Level deeper;
  if (t->kind == Kind::call && t->code == opcode<Exp>) return t->args[0];
  const auto is_positive = [&](const Tree& a) { return sign_of(world_, a) == 4; };
  if (t->kind == Kind::power && is_positive(t->args[0]))
    return make_mul({make_number(t->exponent), log_of(t->args[0])});
  if (t->kind == Kind::mul && std::all_of(t->args.begin(), t->args.end(), is_positive)) {
    std::vector<Tree> parts;
    for (const Tree& a : t->args) parts.push_back(log_of(a));
    return make_add(std::move(parts));
  }
  return is_number(t, 1) ? make_number(0) : make_call(opcode<Log>, {t});
}

Tensor Reader::registered(const std::string& name, const std::vector<Tensor>& x) {
  const auto is = [&](std::string_view wanted, std::size_t arity) { return name == wanted && x.size() == arity; };
  const auto call = [](Opcode code, const Tensor& t) { return Tensor{t.extents, t.axes, make_call(code, {t.body})}; };
  const auto square = [](const Tensor& t) { return Tensor{t.extents, t.axes, make_power(t.body, 2)}; };
  const auto times = [&](const Tensor& a, const Tensor& b) {
    auto [u, v] = together(a, b, false);
    u.body = make_mul({u.body, v.body});
    return u;
  };
  const auto rows = [&](const Tensor& t, bool logarithm) {
    if (t.axes.empty()) unfit();
    return make(t.extents, [&](const std::vector<Lin>& i) {
      std::vector<Lin> other = i;
      const int k = world_.ranges.make("k", Lin::number(1), t.extents.back());
      other.back() = Lin::name(k);
      const Tree total = make_sum({k, Lin::number(1), t.extents.back()}, make_call(opcode<Exp>, {at(t, other)}));
      if (logarithm) return minus(at(t, i), make_call(opcode<Log>, {total}));
      return make_mul({make_call(opcode<Exp>, {at(t, i)}), make_power(total, -1)});
    });
  };
  const auto cross_entropy = [&](const Tensor& y, const Tensor& t) {
    Tensor r = sum_of(times(t, each(opcode<Log>, {y})));
    r.body = negated(r.body);
    return r;
  };
  const auto subscript_of = [&](const Tensor& t) {
    const auto a = lin(t.body);
    if (!t.axes.empty() || !a) throw NotHandled("an extent that is not a sum of dimensions");
    return *a;
  };
  if (name == "eye" || name == "ones" || name == "zeros") {
    std::vector<Lin> extents;
    for (const Tensor& t : x) extents.push_back(subscript_of(t));
    if (name == "eye" && extents.size() == 1) extents.push_back(extents[0]);
    for (const Lin& n : extents)
      if (!world_.ranges.at_least_zero(n)) throw NotHandled("an extent that may be negative");
    return make(extents, [&](const std::vector<Lin>& i) {
      return name == "eye" ? equality(plus(i[0], i[1], -1)) : make_number(name == "ones" ? 1 : 0);
    });
  }
  if (is("onehot", 2)) {
    const Lin place = subscript_of(x[0]), n = subscript_of(x[1]);
    if (!world_.ranges.at_least_zero(plus(place, Lin::number(1), -1)) ||
        !world_.ranges.at_least_zero(plus(n, place, -1)))
      throw NotHandled("onehot with a place that may be out of range");
    return make({n}, [&](const std::vector<Lin>& i) { return equality(plus(i[0], place, -1)); });
  }
  if (name == "reshape" && x.size() > 1) {  // axes of extent 1 come and go
    std::vector<Lin> extents;
    for (std::size_t k = 1; k < x.size(); ++k) extents.push_back(subscript_of(x[k]));
    const auto long_axes = [](const std::vector<Lin>& all) {
      std::vector<Lin> r;
      for (const Lin& n : all)
        if (n != Lin::number(1)) r.push_back(n);
      return r;
    };
    if (long_axes(extents) != long_axes(x[0].extents)) throw NotHandled("this reshape");
    return make(extents, [&](const std::vector<Lin>& i) {
      std::vector<Lin> all;
      std::size_t next = 0;
      for (const Lin& n : x[0].extents) {
        if (n == Lin::number(1)) {
          all.push_back(n);
          continue;
        }
        while (extents[next] == Lin::number(1)) ++next;
        all.push_back(i[next++]);
      }
      return at(x[0], all);
    });
  }
  if (is("sum", 1)) return sum_of(x[0]);
  if (is("max", 1) || is("min", 1)) {  // an entry that no other exceeds
    const bool is_free_of_indices = x[0].axes.size() == 1 && [&] {
      for (std::size_t s = 0; s < world_.ranges.rows.size(); ++s)
        if (static_cast<int>(s) != x[0].axes[0] && !world_.declared.contains(static_cast<int>(s)) &&
            mentions(x[0].body, static_cast<int>(s)))
          return false;
      return true;
    }();
    if (!is_free_of_indices || !world_.ranges.at_least_zero(plus(x[0].extents[0], Lin::number(1), -1)))
      throw NotHandled("the largest of this");
    const int k = world_.ranges.make(" largest", Lin::number(1), x[0].extents[0]);
    const int i = world_.ranges.make("i", Lin::number(1), x[0].extents[0]);
    const Tree best = at(x[0], {Lin::name(k)}), other = at(x[0], {Lin::name(i)});
    world_.facts.push_back({{i}, name == "max" ? minus(best, other) : minus(other, best), 6});
    return of(best);
  }
  if (is("mean", 1)) {
    std::vector<Tree> count;
    for (const Lin& n : x[0].extents) count.push_back(make_lin(n));
    const Tree size = make_mul(count);
    world_.demand_domain(opcode<Div>, {}, {make_number(1), size});
    return of(make_mul({sum_of(x[0]).body, make_power(size, -1)}));
  }
  if (is("norm", 1)) return of(make_call(opcode<Sqrt>, {sum_of(square(x[0])).body}));
  if (is("softmax", 1)) return rows(x[0], false);
  if (is("log_softmax", 1)) return rows(x[0], true);
  if (is("logsumexp", 1)) return each(opcode<Log>, {sum_of(call(opcode<Exp>, x[0]))});
  if (is("dot", 2) && x[0].axes.size() == 1) return sum_of(times(x[0], x[1]));
  if (is("outer", 2) && x[0].axes.size() == 1 && x[1].axes.size() == 1)
    return make({x[0].extents[0], x[1].extents[0]}, [&](const std::vector<Lin>& i) {
      return make_mul({at(x[0], {i[0]}), at(x[1], {i[1]})});
    });
  if (is("diag", 1) && x[0].axes.size() == 1)
    return make({x[0].extents[0], x[0].extents[0]}, [&](const std::vector<Lin>& i) {
      return make_mul({equality(plus(i[0], i[1], -1)), at(x[0], {i[0]})});
    });
  const bool is_square = x.size() == 1 && x[0].axes.size() == 2 && x[0].extents[0] == x[0].extents[1];
  if ((is("trace", 1) || is("diagonal", 1)) && is_square) {
    const Tensor d = make({x[0].extents[0]}, [&](const std::vector<Lin>& i) { return at(x[0], {i[0], i[0]}); });
    return name == "trace" ? sum_of(d) : d;
  }
  if (is("cross_entropy", 2)) return cross_entropy(x[0], x[1]);
  if (is("cross_entropy", 3)) {
    if (!x[2].axes.empty()) unfit();
    const Tree unit = each(opcode<Log>, {x[2]}).body, total = cross_entropy(x[0], x[1]).body;
    world_.demand_domain(opcode<Div>, {}, {total, unit});
    return of(make_mul({total, make_power(unit, -1)}));
  }
  if (is("squared_error", 2)) {
    auto [a, b] = together(x[0], x[1], false);
    a.body = make_power(minus(a.body, b.body), 2);
    return of(make_mul({make_number(Rational(1) / 2), sum_of(a).body}));
  }
  if (is("softmax_cross_entropy", 2)) return of(negated(sum_of(times(x[1], rows(x[0], true))).body));
  if (is("dense", 3)) {
    if (x[1].axes.size() != 2 || x[2].axes.size() != 1 || x[2].extents[0] != x[1].extents[0]) unfit();
    const Tensor turned = make({x[1].extents[1], x[1].extents[0]}, [&](const std::vector<Lin>& i) {
      return at(x[1], {i[1], i[0]});
    });
    const Tensor linear = product(x[0], turned);
    return make(linear.extents, [&](const std::vector<Lin>& i) {
      return make_add({at(linear, i), at(x[2], {i.back()})});
    });
  }
  if (is("matmul", 2)) return product(x[0], x[1]);
  if (is("pow", 2)) return power(x[0], x[1]);
  const int code = find_operator(name);
  if (code < 0 || operator_info(static_cast<Opcode>(code)).family != Family::elementwise ||
      operator_info(static_cast<Opcode>(code)).indexed ||
      static_cast<std::size_t>(operator_info(static_cast<Opcode>(code)).arity) != x.size())
    throw NotHandled(name);
  return each(static_cast<Opcode>(code), x);
}

}  // namespace nabla::reindex
