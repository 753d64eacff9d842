// Calls: special forms, functions of the block, operators of the registry by their definitions.
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/check/index/elaborate.hpp>

namespace nabla::index_form {

namespace {

/// Of an index that no claim can name.
constexpr std::string_view attained_name = " largest";

}  // namespace

/// The largest (least) of a vector is one of its entries: t[k] with t[k] >= t[i] for all i. Of one vector the same k.
/// It hangs on the vector, so that nothing is differentiated that it stands in, and nothing put in (sum.cpp).
Tensor Reader::extreme(const Tensor& t, bool is_largest) {
  if (t.rank() != 1 || !algebra_.symbols.is_positive(t.extents[0]))
    throw NotHandled("the largest of what is no vector of at least one entry, for every dimension");
  const Affine& n = t.extents[0];
  for (const Symbol s : algebra_.free_symbols(t.body))
    if (s != t.axes[0] && !algebra_.declared.contains(s))
      throw NotHandled("the largest of entries that hang on an index");
  const Symbol i = algebra_.symbols.make("i", Affine::of(1), n);
  const Poly other = at(t, {Affine::symbol(i)});
  const auto gap = [&](Symbol k) {
    const Poly d = Algebra::sub(at(t, {Affine::symbol(k)}), other);
    return is_largest ? d : Algebra::scaled(d, -1);
  };
  for (const Fact& f : algebra_.facts) {
    if (f.pattern.size() != 1 || f.signs != nonnegative_sign) continue;
    for (const Symbol k : algebra_.free_symbols(f.value))
      if (algebra_.symbols.name(k) == attained_name &&
          algebra_.substitute(gap(k), i, Affine::symbol(f.pattern[0])) == f.value)
        return scalar(at(t, {Affine::symbol(k)}));
  }
  const Symbol k = algebra_.symbols.make(std::string(attained_name), Affine::of(1), n);
  algebra_.facts.push_back({{i}, gap(k), nonnegative_sign});
  return scalar(at(t, {Affine::symbol(k)}));
}

Value Reader::call(SyntaxId id) {
  const SyntaxId callee = syntax_.child(id, 0);
  const auto arguments = syntax_.children(id).subspan(1);
  const auto of = [](Tensor t) { return Value{.tensor = std::move(t), .function = {}}; };
  if (syntax_.kind(callee) == SyntaxKind::name && find(syntax_.spelling(callee)) == nullptr) {
    const std::string_view name = syntax_.spelling(callee);
    if (name == "grad") return derivative_call(Function::Transform::grad, id);
    if (name == "jacobian") return derivative_call(Function::Transform::jacobian, id);
    if (name == "hessian") return derivative_call(Function::Transform::hessian, id);
    if (name == "diff") return of(directional(id));
    if (name == "where") return of(where(id));
    if (name == "indicator" && arguments.size() == 1) {
      Value v = value(arguments[0]);
      if (v.kind != Value::Kind::condition) throw NotHandled("a condition is needed");
      return of(v.tensor);
    }
    if (name == "delta" && arguments.size() == 2)
      return of(scalar(related(Relation::equal, scalar_of(arguments[0]), scalar_of(arguments[1]))));
    if (name == "shape" && arguments.size() == 1) {
      Tensor t;
      asked_by([&] { t = number(arguments[0]); });  // a shape needs no value
      return of(made({Affine::of(static_cast<std::int64_t>(t.rank()))}, [&](const std::vector<Affine>& i) {
        Poly r;
        for (std::size_t k = 0; k < t.rank(); ++k)
          r = Algebra::add(r, algebra_.mul(algebra_.equal(i[0] - Affine::of(static_cast<std::int64_t>(k) + 1)),
                                           algebra_.affine(t.extents[k])));
        return r;
      }));
    }
  }
  const Value f = value(callee);
  if (f.kind != Value::Kind::function) throw NotHandled("a function is needed");
  std::vector<Value> x;
  for (const SyntaxId argument : arguments) x.push_back(value(argument));
  return apply(f.function, x, id);
}

Value Reader::apply(const std::shared_ptr<const Function>& f, const std::vector<Value>& x, SyntaxId id) {
  const Depth level(depth_);
  std::vector<Tensor> numbers;
  for (const Value& v : x)
    if (v.kind == Value::Kind::number) numbers.push_back(v.tensor);
  if (f->kind != Function::Kind::closure && numbers.size() != x.size()) throw NotHandled("a number is needed");
  switch (f->kind) {
    case Function::Kind::registered:
      return {.tensor = registered(f->name, numbers), .function = {}};
    case Function::Kind::derivative:
      if (x.size() != 1) throw NotHandled("a derivative is applied to one argument");
      return {.tensor = applied(f, numbers[0], id), .function = {}};
    case Function::Kind::variable: {
      const FunctionVariable& g = algebra_.functions[static_cast<std::size_t>(f->variable)];
      if (x.size() != 1 || numbers[0].extents != g.domain) shapes_open();
      return {.tensor = made(g.codomain,
                             [&](const std::vector<Affine>& i) {
                               return algebra_.application(AtomKind::application, f->variable, numbers[0], i);
                             }),
              .function = {}};
    }
    case Function::Kind::closure:
      break;
  }
  if (x.size() != f->parameters.size()) throw NotHandled("a call with another number of arguments");
  struct Frame {
    Reader& reader;
    std::size_t size, barrier, visible;
    explicit Frame(Reader& r) : reader(r), size(r.locals_.size()), barrier(r.barrier_), visible(r.visible_) {}
    ~Frame() {
      reader.locals_.resize(size);
      reader.barrier_ = barrier;
      reader.visible_ = visible;
    }
  } frame(*this);
  barrier_ = locals_.size();  // sets and body see what the function saw
  visible_ = f->visible;
  std::vector<Name> bound;
  for (std::size_t k = 0; k < x.size(); ++k) {
    Binding binding;
    binding.value = x[k];
    bound.push_back({f->parameters[k], std::move(binding)});
    if (!f->sets[k]) continue;
    const SetForm s = set(*f->sets[k]);
    if (!s.is_exact || s.kind != SetForm::Kind::entries || !s.elements.empty() || x[k].tensor.extents != s.extents)
      throw NotHandled("an argument whose set is not known to contain it for every dimension");
    const std::string what = "that the argument of " + f->name + " is in its set";
    if (s.bounds.lo)
      algebra_.require_sign(Algebra::sub(x[k].tensor.body, Algebra::number(*s.bounds.lo)),
                            s.bounds.lo_strict ? positive_sign : nonnegative_sign, what);
    if (s.bounds.hi)
      algebra_.require_sign(Algebra::sub(Algebra::number(*s.bounds.hi), x[k].tensor.body),
                            s.bounds.hi_strict ? positive_sign : nonnegative_sign, what);
  }
  for (Name& name : bound) locals_.push_back(std::move(name));
  return value(f->body);
}

Poly Reader::sum_of(const Tensor& t) {
  std::vector<Affine> at_all;
  std::vector<Binder> binders;
  for (const Affine& extent : t.extents) {
    const Symbol k = algebra_.symbols.make("k", Affine::of(1), extent);
    binders.push_back({k, Affine::of(1), extent});
    at_all.push_back(Affine::symbol(k));
  }
  Poly p = at(t, at_all);
  for (std::size_t k = binders.size(); k-- > 0;) p = algebra_.sum(binders[k], p);
  if ((algebra_.signs(t.body) & negative) == 0) algebra_.remember(p, nonnegative_sign);
  return p;
}

Poly Reader::entry_count(const Tensor& t) {
  Poly n = Algebra::number(1);
  for (const Affine& extent : t.extents) n = algebra_.mul(n, algebra_.affine(extent));
  return n;
}

Tensor Reader::transposed(const Tensor& t) {
  if (t.rank() != 2) shapes_open();
  return made({t.extents[1], t.extents[0]}, [&](const std::vector<Affine>& i) { return at(t, {i[1], i[0]}); });
}

Tensor Reader::dense(const Tensor& y, const Tensor& w, const Tensor& b) {
  if (w.rank() != 2 || b.rank() != 1 || b.extents[0] != w.extents[0]) shapes_open();
  const Tensor linear = product(y, transposed(w));
  return made(linear.extents,
              [&](const std::vector<Affine>& i) { return Algebra::add(at(linear, i), at(b, {i.back()})); });
}

/// softmax and log_softmax of a vector or of each row; logsumexp of everything.
Tensor Reader::rows(const std::string& name, const Tensor& t) {
  if (t.rank() == 0) shapes_open();
  return made(t.extents, [&](const std::vector<Affine>& i) {
    const Symbol k = algebra_.symbols.make("k", Affine::of(1), t.extents.back());
    std::vector<Affine> other = i;
    other.back() = Affine::symbol(k);
    const Poly total = algebra_.sum({k, Affine::of(1), t.extents.back()}, algebra_.exp(at(t, other)));
    if (name == "softmax") return algebra_.mul(algebra_.exp(at(t, i)), algebra_.inverse(total));
    return Algebra::sub(at(t, i), algebra_.log(total));
  });
}

/// Operators on whole tensors, by their definitions; nothing for others.
std::optional<Tensor> Reader::structured(const std::string& name, const std::vector<Tensor>& x) {
  const auto is = [&](std::string_view wanted, std::size_t arity) { return name == wanted && x.size() == arity; };
  const auto each = [&](Tensor t, const auto& f) {
    t.body = f(t.body);
    return t;
  };
  const auto cross_entropy = [&](const Tensor& y, const Tensor& t) {
    auto [a, b] = aligned(y, t, false);
    algebra_.require_domain(opcode<Log>, {}, {a.body});
    a.body = algebra_.mul(b.body, algebra_.log(a.body));
    return Algebra::scaled(sum_of(a), -1);
  };
  if (is("sum", 1)) return scalar(sum_of(x[0]));
  if (is("max", 1) || is("min", 1)) return extreme(x[0], name == "max");
  if (is("mean", 1)) {
    const Poly n = entry_count(x[0]);
    algebra_.require_sign(n, nonzero_sign, "that there is something to average");
    const Poly total = sum_of(x[0]), average = algebra_.mul(total, algebra_.inverse(n));
    if ((algebra_.signs(total) & negative) == 0) algebra_.remember(average, nonnegative_sign);
    return scalar(average);
  }
  if (is("norm", 1)) return scalar(algebra_.sqrt(sum_of(raised(x[0], scalar(Algebra::number(2))))));
  if (is("softmax", 1) || is("log_softmax", 1)) return rows(name, x[0]);
  if (is("logsumexp", 1)) {
    const Poly total = sum_of(each(x[0], [&](const Poly& p) { return algebra_.exp(p); }));
    algebra_.require_domain(opcode<Log>, {}, {total});
    return scalar(algebra_.log(total));
  }
  if (is("dot", 2) && x[0].rank() == 1) {
    auto [a, b] = aligned(x[0], x[1], false);
    a.body = algebra_.mul(a.body, b.body);
    return scalar(sum_of(a));
  }
  if (is("outer", 2) && x[0].rank() == 1 && x[1].rank() == 1)
    return made({x[0].extents[0], x[1].extents[0]},
                [&](const std::vector<Affine>& i) { return algebra_.mul(at(x[0], {i[0]}), at(x[1], {i[1]})); });
  if (is("diag", 1) && x[0].rank() == 1)
    return made({x[0].extents[0], x[0].extents[0]}, [&](const std::vector<Affine>& i) {
      return algebra_.mul(algebra_.equal(i[0] - i[1]), at(x[0], {i[0]}));
    });
  const bool is_square = x.size() == 1 && x[0].rank() == 2 && x[0].extents[0] == x[0].extents[1];
  if (is("trace", 1) && is_square) {
    const Symbol k = algebra_.symbols.make("k", Affine::of(1), x[0].extents[0]);
    return scalar(algebra_.sum({k, Affine::of(1), x[0].extents[0]}, at(x[0], {Affine::symbol(k), Affine::symbol(k)})));
  }
  if (is("diagonal", 1) && is_square)
    return made({x[0].extents[0]}, [&](const std::vector<Affine>& i) { return at(x[0], {i[0], i[0]}); });
  if (is("cross_entropy", 2)) return scalar(cross_entropy(x[0], x[1]));
  if (is("cross_entropy", 3)) {
    const Poly total = cross_entropy(x[0], x[1]);
    algebra_.require_domain(opcode<Log>, {}, {x[2].body});
    if (x[2].rank() != 0) shapes_open();
    const Poly unit = algebra_.log(x[2].body);
    algebra_.require_domain(opcode<Div>, {}, {total, unit});
    return scalar(algebra_.mul(total, algebra_.inverse(unit)));
  }
  if (is("squared_error", 2)) {
    auto [a, b] = aligned(x[0], x[1], false);
    a.body = Algebra::sub(a.body, b.body);
    return scalar(Algebra::scaled(sum_of(raised(a, scalar(Algebra::number(2)))), Rational(1) / 2));
  }
  if (is("softmax_cross_entropy", 2)) {
    auto [a, b] = aligned(rows("log_softmax", x[0]), x[1], false);
    a.body = algebra_.mul(a.body, b.body);
    return scalar(Algebra::scaled(sum_of(a), -1));
  }
  if (is("dense", 3)) return dense(x[0], x[1], x[2]);
  if (is("matmul", 2) && x[0].rank() != 0 && x[1].rank() != 0) return product(x[0], x[1]);
  if (is("transpose", 1)) return transposed(x[0]);
  return std::nullopt;
}

Tensor Reader::filled(const std::string& name, const std::vector<Tensor>& x) {
  std::vector<Affine> extents;
  for (std::size_t k = name == "onehot" ? 1 : 0; k < x.size(); ++k) {
    extents.push_back(affine_of(x[k]));
    if (!algebra_.symbols.is_nonnegative(extents.back())) throw NotHandled("an extent that may be negative");
  }
  if (name == "onehot") {
    if (x.size() != 2) throw NotHandled("onehot takes a place and an extent");
    const Affine place = affine_of(x[0]);
    if (!algebra_.symbols.is_positive(place) || !algebra_.symbols.is_nonnegative(extents[0] - place))
      throw NotHandled("the place of onehot is not known to be in range for every dimension");
    return made(extents, [&](const std::vector<Affine>& i) { return algebra_.equal(i[0] - place); });
  }
  if (name == "eye") {
    if (x.size() != 1) throw NotHandled("eye takes one extent");
    return made({extents[0], extents[0]}, [&](const std::vector<Affine>& i) { return algebra_.equal(i[0] - i[1]); });
  }
  return made(extents, [&](const std::vector<Affine>&) { return Algebra::number(name == "ones" ? 1 : 0); });
}

/// Where only axes of extent 1 come or go; other reshapes need products of extents.
Tensor Reader::reshaped(const std::vector<Tensor>& x) {
  const Affine one = Affine::of(1);
  std::vector<Affine> extents, before, after;
  for (std::size_t k = 1; k < x.size(); ++k) extents.push_back(affine_of(x[k]));
  for (const Affine& n : x[0].extents)
    if (n != one) before.push_back(n);
  for (const Affine& n : extents)
    if (n != one) after.push_back(n);
  if (before != after) throw NotHandled("this reshape, for every dimension");
  return made(extents, [&](const std::vector<Affine>& i) {
    std::vector<Affine> all;
    std::size_t next = 0;
    for (const Affine& n : x[0].extents) {
      if (n == one) {
        all.push_back(one);
        continue;
      }
      while (extents[next] == one) ++next;
      all.push_back(i[next++]);
    }
    return at(x[0], all);
  });
}

Tensor Reader::registered(const std::string& name, const std::vector<Tensor>& x) {
  if (name == "reshape" && x.size() > 1) return reshaped(x);
  if (name == "eye" || name == "ones" || name == "zeros" || name == "onehot") return filled(name, x);
  if (auto t = structured(name, x)) return *std::move(t);
  const int found = find_operator(name);
  if (found < 0) throw NotHandled(name + ", for every dimension");
  const auto code = static_cast<Opcode>(found);
  const OperatorInfo& info = operator_info(code);
  const bool fits = info.family == Family::elementwise && static_cast<std::size_t>(info.arity) == x.size();
  if (name == "pow" && x.size() == 2) return raised(x[0], x[1]);
  if (!fits || info.indexed || code == opcode<Where> || code == opcode<Masked>)
    throw NotHandled(name + ", for every dimension");
  // All on the axes of the first operand that has any.
  Tensor like = x[0];
  for (const Tensor& t : x)
    if (like.rank() == 0) like = t;
  std::vector<Poly> bodies;
  for (const Tensor& t : x) bodies.push_back(aligned(like, t).second.body);
  algebra_.require_domain(code, {}, bodies);
  return {like.extents, like.axes, algebra_.apply(code, {}, bodies)};
}

}  // namespace nabla::index_form
