// Conditions and choices, comprehensions, derivatives, substitution.
#include <algorithm>
#include <nabla/proofs/check/index/elaborate.hpp>

namespace nabla::index_form {

namespace {

constexpr std::int64_t most_terms_written = 16;

}  // namespace

// ---- conditions ----

Poly Reader::related(Relation relation, const Poly& a, const Poly& b) {
  const Poly one = Algebra::number(1);
  const auto x = algebra_.as_affine(a), y = algebra_.as_affine(b);
  if (x && y) {
    const auto less = [&](const Affine& p, const Affine& q) { return algebra_.at_least(q - p - Affine::of(1)); };
    switch (relation) {
      case Relation::equal:
        return algebra_.equal(*x - *y);
      case Relation::not_equal:
        return Algebra::sub(one, algebra_.equal(*x - *y));
      case Relation::less:
        return less(*x, *y);
      case Relation::less_equal:
        return algebra_.at_least(*y - *x);
      case Relation::greater:
        return less(*y, *x);
      case Relation::greater_equal:
        return algebra_.at_least(*x - *y);
    }
  }
  const Poly more = algebra_.positive(Algebra::sub(a, b)), less = algebra_.positive(Algebra::sub(b, a));
  switch (relation) {
    case Relation::equal:
      return Algebra::sub(one, Algebra::add(more, less));
    case Relation::not_equal:
      return Algebra::add(more, less);
    case Relation::less:
      return less;
    case Relation::less_equal:
      return Algebra::sub(one, more);
    case Relation::greater:
      return more;
    case Relation::greater_equal:
      return Algebra::sub(one, less);
  }
  return one;
}

Value Reader::relation(SyntaxId id) {
  const auto links = syntax_.links(id);
  Poly all = Algebra::number(1);
  Poly left = scalar_of(syntax_.child(id, 0));
  for (std::size_t k = 0; k < links.size(); ++k) {
    const Poly right = scalar_of(syntax_.child(id, k + 1));
    all = algebra_.mul(all, related(links[k].relation, left, right));
    left = right;
  }
  return {.kind = Value::Kind::condition, .tensor = scalar(all), .function = {}};
}

Tensor Reader::where(SyntaxId id) {
  if (syntax_.children(id).size() != 4) throw NotHandled("where takes three arguments");
  const Value condition = value(syntax_.child(id, 1));
  if (condition.kind != Value::Kind::condition) throw NotHandled("a condition is needed");
  const Poly c = condition.tensor.body;
  const Poly otherwise = Algebra::sub(Algebra::number(1), c);
  const auto branch = [&](SyntaxId child, const Poly& guard) {
    // What the guard says of indices makes subscripts fit.
    int pushed = 0;
    const bool complement = guard.terms.size() == 2 && guard.terms.begin()->first.empty() &&
                            guard.terms.begin()->second == 1 && guard.terms.rbegin()->second == -1;
    if (guard.terms.size() == 1 || complement) {
      const Monomial& m = guard.terms.rbegin()->first;
      for (const auto& [a, e] : m) {
        const Atom& atom = algebra_.atom(a);
        const auto push = [&](const Affine& g) {
          algebra_.symbols.push_guard(g);
          ++pushed;
        };
        if (complement && m.size() != 1) break;
        if (atom.kind == AtomKind::at_least)
          push(complement ? times(atom.subscripts[0], -1) - Affine::of(1) : atom.subscripts[0]);
        if (atom.kind == AtomKind::equal && !complement) {
          push(atom.subscripts[0]);
          push(times(atom.subscripts[0], -1));
        }
      }
    }
    struct Scope {
      Algebra& algebra;
      int pushed;
      ~Scope() {
        algebra.guards.pop_back();
        for (; pushed > 0; --pushed) algebra.symbols.pop_guard();
      }
    };
    algebra_.guards.push_back(guard);
    const Scope scope{algebra_, pushed};
    return number(child);
  };
  const Tensor a = branch(syntax_.child(id, 2), c);
  const Tensor b = branch(syntax_.child(id, 3), otherwise);
  auto [x, y] = aligned(a, b, false);
  x.body = Algebra::add(algebra_.mul(c, x.body), algebra_.mul(otherwise, y.body));
  return std::move(x);
}

// ---- comprehensions ----

Tensor Reader::comprehension(SyntaxId id) {
  const Affine from = subscript(syntax_.child(id, 1)), to = subscript(syntax_.child(id, 2));
  const Comprehension op = syntax_.comprehension_operator(id);
  const auto term = [&](const Affine& i) {
    Binding binding;
    binding.value.tensor = scalar(algebra_.affine(i));
    locals_.push_back({std::string(syntax_.spelling(syntax_.child(id, 0))), std::move(binding)});
    struct Pop {
      std::vector<Name>& locals;
      ~Pop() { locals.pop_back(); }
    } pop{locals_};
    return number(syntax_.child(id, 3));
  };
  const Affine count = to - from + Affine::of(1);
  if (count.is_constant() && count.constant >= 1 && count.constant <= most_terms_written) {
    if (op == Comprehension::max && count.constant > 1) throw NotHandled("max over indices, for every dimension");
    Tensor r = term(from);
    for (std::int64_t k = 1; k < count.constant; ++k) {
      const Tensor next = term(from + Affine::of(k));
      if (op == Comprehension::prod) {
        r = product(r, next);
      } else {
        auto [x, y] = aligned(r, next, false);
        x.body = Algebra::add(x.body, y.body);
        r = std::move(x);
      }
    }
    return r;
  }
  if (op != Comprehension::sum) throw NotHandled("prod and max over indices, for every dimension");
  if (!algebra_.symbols.is_nonnegative(count)) throw NotHandled("a sum whose range may run backwards");
  const Symbol i = algebra_.symbols.make(std::string(syntax_.spelling(syntax_.child(id, 0))), from, to);
  Tensor t = term(Affine::symbol(i));
  for (const Affine& extent : t.extents)
    if (extent.coefficient(i) != 0) shapes_open();
  const Signs sign = algebra_.signs(t.body);
  t.body = algebra_.sum({i, from, to}, t.body);
  if ((sign & negative) == 0) algebra_.remember(t.body, nonnegative_sign);
  return t;
}

// ---- derivatives ----

Tensor Reader::derivative(Function::Transform transform, const Tensor& of, int array) {
  if (transform != Function::Transform::jacobian && of.rank() != 0) shapes_open();
  const std::vector<Affine> by = algebra_.arrays[static_cast<std::size_t>(array)].extents;
  std::vector<Affine> extents = of.extents;
  extents.insert(extents.end(), by.begin(), by.end());
  Tensor result = made(extents, [&](const std::vector<Affine>& i) {
    const auto split = i.begin() + static_cast<std::ptrdiff_t>(of.rank());
    return algebra_.derivative(at(of, {i.begin(), split}), array, {split, i.end()});
  });
  if (transform == Function::Transform::hessian) return derivative(Function::Transform::jacobian, result, array);
  return result;
}

Value Reader::derivative_call(Function::Transform transform, SyntaxId id) {
  const auto arguments = syntax_.children(id).subspan(1);
  if (arguments.size() == 1) {
    const Value inside = value(arguments[0]);
    if (inside.kind != Value::Kind::function) throw NotHandled("a derivative without its variable");
    auto made = std::make_shared<Function>();
    made->kind = Function::Kind::derivative;
    made->transform = transform;
    made->inside = inside.function;
    return {.kind = Value::Kind::function, .tensor = {}, .function = made};
  }
  if (arguments.size() != 2) throw NotHandled("a derivative takes one or two arguments");
  std::vector<SyntaxId> indices;  // innermost first
  SyntaxId by = arguments[1];
  for (; syntax_.kind(by) == SyntaxKind::index; by = syntax_.child(by, 0)) indices.insert(indices.begin(), by);
  const int array = variable(by);
  const Tensor of = number(arguments[0]);
  Tensor result = derivative(transform, of, array);
  const std::size_t rank = algebra_.arrays[static_cast<std::size_t>(array)].extents.size();
  const std::size_t sides = transform == Function::Transform::hessian ? 2 : 1;
  std::size_t axis = of.rank();
  for (std::size_t side = 0; side < sides && !indices.empty(); ++side) {
    std::size_t kept = rank;
    for (const SyntaxId index : indices) {
      if (syntax_.children(index).size() - 1 != kept) shapes_open();
      result = sliced(result, axis, index, kept);
    }
    axis += kept;
  }
  return {.tensor = result, .function = {}};
}

Tensor Reader::directional(SyntaxId id) {
  if (syntax_.children(id).size() != 4) throw NotHandled("diff takes three arguments");
  const int array = variable(syntax_.child(id, 2));
  const Tensor of = number(syntax_.child(id, 1));
  const Tensor along = number(syntax_.child(id, 3));
  if (along.extents != algebra_.arrays[static_cast<std::size_t>(array)].extents) shapes_open();
  const Tensor slope = derivative(Function::Transform::jacobian, of, array);
  return made(of.extents, [&](const std::vector<Affine>& i) {
    std::vector<Binder> binders;
    std::vector<Affine> all = i, inner;
    for (const Affine& extent : along.extents) {
      const Symbol k = algebra_.symbols.make("k", Affine::of(1), extent);
      binders.push_back({k, Affine::of(1), extent});
      inner.push_back(Affine::symbol(k));
      all.push_back(inner.back());
    }
    Poly p = algebra_.mul(at(slope, all), at(along, inner));
    for (std::size_t k = binders.size(); k-- > 0;) p = algebra_.sum(binders[k], p);
    return p;
  });
}

/// What was asked for at a variable of its own, at the value that it takes.
void Reader::move_requirements(std::vector<Requirement> asked, int array, const Tensor& to) {
  Substitution s;
  s.arrays.emplace_back(array, &to);
  for (Requirement& r : asked) {
    for (Poly& p : r.operands) p = algebra_.substitute(p, s);
    for (Poly& g : r.guards) g = algebra_.substitute(g, s);
    r.guards.insert(r.guards.end(), algebra_.guards.begin(), algebra_.guards.end());
    algebra_.requirements.push_back(std::move(r));
  }
}

/// A derivative of a function at x.
Tensor Reader::applied(const std::shared_ptr<const Function>& f, const Tensor& x, SyntaxId id) {
  const int array = static_cast<int>(algebra_.arrays.size());
  algebra_.arrays.push_back({.name = "x", .extents = x.extents, .bounds = {}});
  Tensor result;
  std::vector<Requirement> asked = asked_by([&] {
    const Value inside = apply(f->inside, {Value{.tensor = entry_tensor(array), .function = {}}}, id);
    if (inside.kind != Value::Kind::number) throw NotHandled("a derivative of this");
    result = derivative(f->transform, inside.tensor, array);
  });
  move_requirements(std::move(asked), array, x);
  Substitution s;
  s.arrays.emplace_back(array, &x);
  return algebra_.substitute(result, s);
}

Tensor Reader::substituted(SyntaxId id) {
  const int array = variable(syntax_.child(id, 1));
  // Forms of the expression may rest on what is known of the variable, and not of its new value.
  const auto mentions = [&](const Fact& f) { return algebra_.depends_on(f.value, array); };
  const Bounds& known = algebra_.arrays[static_cast<std::size_t>(array)].bounds;
  if (known.lo || known.hi || std::any_of(algebra_.facts.begin(), algebra_.facts.end(), mentions))
    throw NotHandled("`at` for a variable of which something is known, for every dimension");
  const Tensor by = number(syntax_.child(id, 2));
  if (by.extents != algebra_.arrays[static_cast<std::size_t>(array)].extents) shapes_open();
  Tensor result;
  std::vector<Requirement> asked = asked_by([&] { result = number(syntax_.child(id, 0)); });
  move_requirements(std::move(asked), array, by);
  Substitution s;
  s.arrays.emplace_back(array, &by);
  return algebra_.substitute(result, s);
}

}  // namespace nabla::index_form
