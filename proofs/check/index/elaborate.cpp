// The walk over an expression: names, literals, arithmetic, entries.
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/proofs/check/index/elaborate.hpp>

namespace nabla::index_form {

Tensor Reader::made(std::vector<Affine> extents, const std::function<Poly(const std::vector<Affine>&)>& entry) {
  Tensor t;
  t.extents = std::move(extents);
  std::vector<Affine> at;
  for (const Affine& extent : t.extents) {
    t.axes.push_back(algebra_.symbols.make("i", Affine::of(1), extent));
    at.push_back(Affine::symbol(t.axes.back()));
  }
  t.body = entry(at);
  return t;
}

Poly Reader::at(const Tensor& t, const std::vector<Affine>& subscripts) {
  Substitution s;
  for (std::size_t k = 0; k < t.rank(); ++k) s.symbols.emplace_back(t.axes[k], subscripts[k]);
  return algebra_.substitute(t.body, s);
}

std::pair<Tensor, Tensor> Reader::aligned(Tensor a, Tensor b, bool stretches) {
  if (stretches && a.rank() == 0 && b.rank() != 0) return {Tensor{b.extents, b.axes, a.body}, b};
  if (stretches && b.rank() == 0) return {a, Tensor{a.extents, a.axes, b.body}};
  if (a.extents != b.extents) shapes_open();
  std::vector<Affine> axes;
  for (const Symbol s : a.axes) axes.push_back(Affine::symbol(s));
  Tensor moved{a.extents, a.axes, at(b, axes)};
  return {std::move(a), std::move(moved)};
}

Tensor Reader::entry_tensor(int array) {
  return made(algebra_.arrays[static_cast<std::size_t>(array)].extents,
              [&](const std::vector<Affine>& i) { return algebra_.entry(array, i); });
}

const Reader::Binding* Reader::find(std::string_view name) const {
  for (std::size_t k = locals_.size(); k-- > barrier_;)
    if (locals_[k].name == name) return &locals_[k].binding;
  for (std::size_t k = 0; k < std::min(visible_, names_.size()); ++k)
    if (names_[k].name == name) return &names_[k].binding;
  return nullptr;
}

bool Reader::is_declared(std::string_view name) const { return find(name) != nullptr; }

Value Reader::name(SyntaxId id) {
  const std::string_view spelled = syntax_.spelling(id);
  if (const Binding* binding = find(spelled)) {
    if (binding->kind == Binding::Kind::variable) return {.tensor = entry_tensor(binding->array), .function = {}};
    for (Requirement r : binding->requirements) {
      r.guards.insert(r.guards.end(), algebra_.guards.begin(), algebra_.guards.end());
      algebra_.requirements.push_back(std::move(r));
    }
    return binding->value;
  }
  if (spelled == "pi") throw NotHandled("pi, for every dimension");
  auto function = std::make_shared<Function>();
  function->name = std::string(spelled);
  return {.kind = Value::Kind::function, .tensor = {}, .function = function};
}

int Reader::variable(SyntaxId id) {
  if (syntax_.kind(id) != SyntaxKind::name) throw NotHandled("a derivative by something else than a variable");
  const Binding* binding = find(syntax_.spelling(id));
  if (binding == nullptr || binding->kind != Binding::Kind::variable)
    throw NotHandled("a derivative by a parameter, for every dimension");
  return binding->array;
}

Tensor Reader::number(SyntaxId id) {
  Value v = value(id);
  if (v.kind != Value::Kind::number) throw NotHandled("a number is needed");
  return std::move(v.tensor);
}

Poly Reader::scalar_of(SyntaxId id) {
  const Tensor t = number(id);
  if (t.rank() != 0) shapes_open();
  return t.body;
}

Affine Reader::affine_of(const Tensor& t) {
  if (t.rank() != 0) shapes_open();
  const auto a = algebra_.as_affine(t.body);
  if (!a) throw NotHandled("a subscript or extent that is not a sum of dimensions and indices");
  return *a;
}

Affine Reader::subscript(SyntaxId id) { return affine_of(number(id)); }

Value Reader::value(SyntaxId id) {
  const Depth level(depth_);
  std::vector<SyntaxId> spine;
  while (syntax_.kind(id) == SyntaxKind::binary) {
    spine.push_back(id);
    id = syntax_.child(id, 0);
  }
  Value result = leaf(id);
  for (; !spine.empty(); spine.pop_back()) {
    if (result.kind != Value::Kind::number) throw NotHandled("a number is needed");
    result = {.tensor = binary(spine.back(), result.tensor, number(syntax_.child(spine.back(), 1))), .function = {}};
  }
  return result;
}

Value Reader::leaf(SyntaxId id) {
  const auto of = [](Tensor t) { return Value{.tensor = std::move(t), .function = {}}; };
  switch (syntax_.kind(id)) {
    case SyntaxKind::number: {
      const auto c = literal_constant(syntax_.spelling(id));
      if (!c) throw NotHandled("a number with so many digits");
      return of(scalar(Algebra::number(Number<Rational>::of(*c))));
    }
    case SyntaxKind::name:
      return name(id);
    case SyntaxKind::vector:
    case SyntaxKind::matrix:
      return of(list(id));
    case SyntaxKind::call:
      return call(id);
    case SyntaxKind::index:
      return of(indexed(id));
    case SyntaxKind::transpose:
      return of(transposed(number(syntax_.child(id, 0))));
    case SyntaxKind::negate: {
      Tensor t = number(syntax_.child(id, 0));
      t.body = Algebra::scaled(t.body, -1);
      return of(std::move(t));
    }
    case SyntaxKind::comprehension:
      return of(comprehension(id));
    case SyntaxKind::limit:
      return of(limit(id));
    case SyntaxKind::at:
      return of(substituted(id));
    case SyntaxKind::relation:
      return relation(id);
    case SyntaxKind::negation: {
      Value v = value(syntax_.child(id, 0));
      if (v.kind != Value::Kind::condition) throw NotHandled("a condition is needed");
      v.tensor.body = Algebra::sub(Algebra::number(1), v.tensor.body);
      return v;
    }
    default:
      throw NotHandled("`" + text(id) + "`, for every dimension");
  }
}

// ---- arithmetic ----

Tensor Reader::elementwise(const Tensor& a, const Tensor& b, Opcode code) {
  auto [x, y] = aligned(a, b);
  algebra_.require_domain(code, {}, {x.body, y.body});
  Poly body = algebra_.apply(code, {}, {x.body, y.body});
  // Squares, their sums and multiples.
  if (code == opcode<Mul> && x.body == y.body) {
    algebra_.remember(body, nonnegative_sign);
  } else if ((code == opcode<Add> || code == opcode<Mul> || code == opcode<Div>)&&body.terms.size() > 1) {
    const Signs a_sign = algebra_.signs(x.body), b_sign = algebra_.signs(y.body);
    const bool is_positive =
        code == opcode<Add> ? (a_sign & zero) == 0 || (b_sign & zero) == 0 : ((a_sign | b_sign) & zero) == 0;
    if (((a_sign | b_sign) & negative) == 0) algebra_.remember(body, is_positive ? positive_sign : nonnegative_sign);
  }
  x.body = std::move(body);
  return std::move(x);
}

Tensor Reader::quotient(const Tensor& a, const Tensor& b) { return elementwise(a, b, opcode<Div>); }

Tensor Reader::product(const Tensor& a, const Tensor& b) {
  if (a.rank() == 0 || b.rank() == 0) return elementwise(a, b, opcode<Mul>);
  if (a.rank() > 2 || b.rank() > 2 || (a.rank() == 1 && b.rank() == 1)) shapes_open();
  if (a.extents.back() != b.extents.front()) shapes_open();
  std::vector<Affine> extents(a.extents.begin(), a.extents.end() - 1);
  extents.insert(extents.end(), b.extents.begin() + 1, b.extents.end());
  return made(extents, [&](const std::vector<Affine>& i) {
    const Affine& length = a.extents.back();
    const Symbol k = algebra_.symbols.make("k", Affine::of(1), length);
    std::vector<Affine> left(i.begin(), i.begin() + static_cast<std::ptrdiff_t>(a.rank()) - 1);
    left.push_back(Affine::symbol(k));
    std::vector<Affine> right{Affine::symbol(k)};
    right.insert(right.end(), i.begin() + static_cast<std::ptrdiff_t>(a.rank()) - 1, i.end());
    return algebra_.sum({k, Affine::of(1), length}, algebra_.mul(at(a, left), at(b, right)));
  });
}

Tensor Reader::raised(const Tensor& a, const Tensor& b) {
  if (b.rank() == 0 && b.body.is_constant() && denominator(b.body.constant()) == 1) {
    const Rational n = b.body.constant();
    if (abs(n) > 1000) throw NotHandled("a power as high as this");
    const auto exponent = static_cast<std::int64_t>(numerator(n));
    algebra_.require_domain(opcode<PowI>, {exponent}, {a.body});
    Tensor r{a.extents, a.axes, algebra_.power(a.body, exponent)};
    if (exponent > 0 && exponent % 2 == 0)
      algebra_.remember(r.body, (algebra_.signs(a.body) & zero) == 0 ? positive_sign : nonnegative_sign);
    return r;
  }
  return elementwise(a, b, opcode<Pow>);
}

Tensor Reader::binary(SyntaxId id, const Tensor& a, const Tensor& b) {
  switch (syntax_.binary_operator(id)) {
    case BinaryOperator::add:
      return elementwise(a, b, opcode<Add>);
    case BinaryOperator::subtract:
      return elementwise(a, b, opcode<Sub>);
    case BinaryOperator::multiply:
      return product(a, b);
    case BinaryOperator::divide:
      if (b.rank() != 0) shapes_open();
      return quotient(a, b);
    case BinaryOperator::power: {
      if (b.rank() != 0) shapes_open();
      if (a.rank() == 0) return raised(a, b);
      const Affine n = affine_of(b);
      if (a.rank() != 2 || a.extents[0] != a.extents[1] || !n.is_constant() || n.constant < 1 || n.constant > 6)
        throw NotHandled("this power of a matrix, for every dimension");
      Tensor r = a;
      for (std::int64_t k = 1; k < n.constant; ++k) r = product(r, a);
      return r;
    }
    case BinaryOperator::elementwise_multiply:
      return elementwise(a, b, opcode<Mul>);
    case BinaryOperator::elementwise_divide:
      return quotient(a, b);
    case BinaryOperator::elementwise_power:
      return raised(a, b);
  }
  return {};
}

// ---- vectors and matrices written out, entries ----

Tensor Reader::list(SyntaxId id) {
  const bool is_matrix = syntax_.kind(id) == SyntaxKind::matrix;
  std::vector<std::vector<Poly>> rows(1);
  if (is_matrix) rows.clear();
  for (const SyntaxId child : syntax_.children(id)) {
    if (!is_matrix) {
      rows[0].push_back(scalar_of(child));
      continue;
    }
    rows.emplace_back();
    for (const SyntaxId e : syntax_.children(child)) rows.back().push_back(scalar_of(e));
    if (rows.back().size() != rows.front().size()) shapes_open();
  }
  std::vector<Affine> extents;
  if (is_matrix) extents.push_back(Affine::of(static_cast<std::int64_t>(rows.size())));
  extents.push_back(Affine::of(static_cast<std::int64_t>(rows.front().size())));
  return made(extents, [&](const std::vector<Affine>& i) {
    Poly r;
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (std::size_t column = 0; column < rows[row].size(); ++column) {
        const auto here = [](const Affine& axis, std::size_t k) {
          return axis - Affine::of(static_cast<std::int64_t>(k) + 1);
        };
        Poly entry = algebra_.mul(algebra_.equal(here(i.back(), column)), rows[row][column]);
        if (is_matrix) entry = algebra_.mul(algebra_.equal(here(i.front(), row)), entry);
        r = Algebra::add(r, entry);
      }
    return r;
  });
}

/// The axes from `first_axis` on, as the subscripts of an index say. \param kept how many of them remain
Tensor Reader::sliced(const Tensor& t, std::size_t first_axis, SyntaxId index, std::size_t& kept) {
  const auto subscripts = syntax_.children(index).subspan(1);
  if (first_axis + subscripts.size() > t.rank()) shapes_open();
  std::vector<std::optional<Affine>> wanted(first_axis);
  kept = 0;
  for (const SyntaxId child : subscripts) {
    const std::size_t axis = wanted.size();
    if (syntax_.kind(child) == SyntaxKind::all) {
      wanted.emplace_back();
      ++kept;
      continue;
    }
    const Affine i = subscript(child);
    if (!algebra_.symbols.is_nonnegative(i - Affine::of(1)) || !algebra_.symbols.is_nonnegative(t.extents[axis] - i))
      throw NotHandled("the index " + text(child) + " is not known to be in range for every dimension");
    wanted.emplace_back(i);
  }
  wanted.resize(t.rank());
  std::vector<Affine> extents;
  for (std::size_t k = 0; k < t.rank(); ++k)
    if (!wanted[k]) extents.push_back(t.extents[k]);
  return made(extents, [&](const std::vector<Affine>& i) {
    std::vector<Affine> all;
    std::size_t next = 0;
    for (std::size_t k = 0; k < t.rank(); ++k) all.push_back(wanted[k] ? *wanted[k] : i[next++]);
    return at(t, all);
  });
}

Tensor Reader::indexed(SyntaxId id) {
  const Tensor base = number(syntax_.child(id, 0));
  if (syntax_.children(id).size() - 1 != base.rank()) shapes_open();
  std::size_t kept = 0;
  return sliced(base, 0, id, kept);
}

}  // namespace nabla::index_form
