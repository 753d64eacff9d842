// The lines of a claim: what names range over, and what is assumed.
#include <algorithm>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/check/index/elaborate.hpp>

namespace nabla::index_form {

Reader::Reader(const Claim& claim, Algebra& algebra) : syntax_(claim.syntax), algebra_(algebra) {
  for (const Claim::Line& line : claim.lines)
    if (const auto* convention = std::get_if<ConventionLine>(&line)) read(*convention);
  for (const Claim::Line& line : claim.lines)
    if (!std::holds_alternative<ConventionLine>(line)) std::visit([&](const auto& l) { read(l); }, line);
}

std::optional<Rational> Reader::rational(SyntaxId id) {
  try {
    const Tensor t = number(id);
    if (t.rank() == 0 && t.body.is_constant()) return t.body.constant();
  } catch (const NotHandled&) {
  }
  return std::nullopt;
}

void Reader::read(const ForLine& line) {
  for (const SyntaxId id : line.names) {
    std::vector<Affine> bounds;
    for (const SyntaxId bound : line.bounds) bounds.push_back(subscript(bound));
    Affine lo = bounds[0];
    std::optional<Affine> hi;
    switch (line.values) {
      case ForLine::Values::at_least:
        break;
      case ForLine::Values::range:
        hi = bounds[1];
        break;
      case ForLine::Values::list:  // the whole range between them: more than is asked for
        for (const Affine& b : bounds) {
          if (!b.is_constant()) throw NotHandled("a list of dimensions that depend on others");
          if (b.constant < lo.constant) lo = b;
          if (!hi || hi->constant < b.constant) hi = b;
        }
        break;
    }
    const std::string name(syntax_.spelling(id));
    Binding binding;
    const Symbol symbol = algebra_.symbols.make(name, lo, hi);
    algebra_.declared.insert(symbol);
    binding.value.tensor = scalar(algebra_.affine(Affine::symbol(symbol)));
    names_.push_back({name, std::move(binding)});
  }
}

std::vector<Affine> Reader::extents(std::span<const SyntaxId> ids) {
  std::vector<Affine> r;
  for (const SyntaxId id : ids) {
    r.push_back(subscript(id));
    if (!algebra_.symbols.is_nonnegative(r.back())) throw NotHandled("an extent that may be negative");
  }
  return r;
}

SetForm Reader::set(SyntaxId id) {
  SetForm s;
  SyntaxId base = id;
  if (syntax_.kind(id) == SyntaxKind::set_shaped) {
    base = syntax_.child(id, 0);
    s.extents = extents(syntax_.children(id).subspan(1));
  }
  const auto of_one_size = [&] {
    if (s.extents.size() != 1 || !algebra_.symbols.is_positive(s.extents[0]))
      throw NotHandled("a set that may be empty");
  };
  switch (syntax_.kind(base)) {
    case SyntaxKind::set_reals:
      break;
    case SyntaxKind::set_interval: {
      const auto is_infinite = [&](SyntaxId end) {
        if (syntax_.kind(end) == SyntaxKind::negate) end = syntax_.child(end, 0);
        return syntax_.kind(end) == SyntaxKind::infinity;
      };
      const SyntaxId lower = syntax_.child(base, 0), upper = syntax_.child(base, 1);
      if (!is_infinite(lower)) {
        s.bounds.lo = rational(lower);
        s.bounds.lo_strict = !syntax_.closed_below(base);
        s.is_exact = s.bounds.lo.has_value();
      }
      if (!is_infinite(upper)) {
        s.bounds.hi = rational(upper);
        s.bounds.hi_strict = !syntax_.closed_above(base);
        s.is_exact = s.is_exact && s.bounds.hi.has_value();
      }
      break;
    }
    case SyntaxKind::set_finite:
      for (const SyntaxId element : syntax_.children(base)) {
        const auto value = rational(element);
        if (!value) {
          s.is_exact = false;
          s.elements.clear();
          return s;
        }
        s.elements.push_back(*value);
      }
      s.bounds.lo = *std::min_element(s.elements.begin(), s.elements.end());
      s.bounds.hi = *std::max_element(s.elements.begin(), s.elements.end());
      break;
    case SyntaxKind::set_simplex:
      of_one_size();
      s.kind = SetForm::Kind::simplex;
      s.bounds = {Rational(0), Rational(1), true, false};
      break;
    case SyntaxKind::set_onehot:
      of_one_size();
      s.kind = SetForm::Kind::onehot;
      s.bounds = {Rational(0), Rational(1), false, false};
      break;
    case SyntaxKind::set_symmetric:
    case SyntaxKind::set_spd:
      if (s.extents.size() == 1) s.extents.push_back(s.extents[0]);
      if (s.extents.size() != 2 || s.extents[0] != s.extents[1]) throw NotHandled("this set, for every dimension");
      s.kind = syntax_.kind(base) == SyntaxKind::set_spd ? SetForm::Kind::definite : SetForm::Kind::symmetric;
      break;
    default:
      throw NotHandled("this set, for every dimension");
  }
  return s;
}

void Reader::read(const GivenLine& line) {
  for (const SyntaxId id : line.names) {
    const SetForm s = set(line.set);
    Array array;
    array.name = std::string(syntax_.spelling(id));
    array.extents = s.extents;
    array.bounds = s.bounds;
    array.is_onehot = s.kind == SetForm::Kind::onehot;
    array.is_binary =
        array.is_onehot || (!s.elements.empty() && std::all_of(s.elements.begin(), s.elements.end(),
                                                               [](const Rational& e) { return e == 0 || e == 1; }));
    array.is_symmetric = s.kind == SetForm::Kind::symmetric || s.kind == SetForm::Kind::definite;
    const auto number = static_cast<int>(algebra_.arrays.size());
    algebra_.arrays.push_back(std::move(array));
    Binding binding;
    binding.kind = Binding::Kind::variable;
    binding.array = number;
    names_.push_back({std::string(syntax_.spelling(id)), std::move(binding)});
    if (s.kind == SetForm::Kind::simplex || s.kind == SetForm::Kind::onehot)
      add_rule({}, Algebra::sub(sum_of(entry_tensor(number)), Algebra::number(1)));
  }
}

void Reader::read(const GivenFunctionLine& line) {
  const SetForm domain = set(line.domain), codomain = set(line.codomain);
  const auto is_everything = [](const SetForm& s) {
    return s.kind == SetForm::Kind::entries && s.is_exact && !s.bounds.lo && !s.bounds.hi && s.elements.empty();
  };
  if (!is_everything(domain) || !is_everything(codomain))
    throw NotHandled("a function variable between sets other than R with a shape");
  for (const SyntaxId id : line.names) {
    FunctionVariable f;
    f.name = std::string(syntax_.spelling(id));
    f.domain = domain.extents;
    f.codomain = codomain.extents;
    for (const auto& membership : line.classes)
      f.is_differentiable = f.is_differentiable || membership.function_class == FunctionClass::differentiable ||
                            membership.function_class == FunctionClass::linear ||
                            membership.function_class == FunctionClass::smooth;
    Binding binding;
    auto function = std::make_shared<Function>();
    function->kind = Function::Kind::variable;
    function->name = f.name;
    function->variable = static_cast<int>(algebra_.functions.size());
    algebra_.functions.push_back(std::move(f));
    binding.value = {.kind = Value::Kind::function, .tensor = {}, .function = function};
    names_.push_back({function->name, std::move(binding)});
  }
}

void Reader::read(const LetLine& line) {
  Binding binding;
  const std::string name(syntax_.spelling(line.name));
  if (line.parameters.empty()) {
    binding.requirements = asked_by([&] { binding.value = value(line.value); });
  } else {
    auto function = std::make_shared<Function>();
    function->kind = Function::Kind::closure;
    function->name = name;
    for (const LetLine::Parameter& p : line.parameters) {
      function->parameters.emplace_back(syntax_.spelling(p.name));
      function->sets.push_back(p.set);
    }
    function->body = line.value;
    function->visible = names_.size();
    binding.value = {.kind = Value::Kind::function, .tensor = {}, .function = function};
  }
  names_.push_back({name, std::move(binding)});
}

void Reader::read(const ConventionLine& line) {
  const auto value = rational(line.value);
  if (!value) throw NotHandled("a convention whose value is not a number");
  algebra_.conventions.push_back({std::string(syntax_.spelling(line.name)), to_constant(*value)});
}

void Reader::read(const AssumeLine& line) {
  if (syntax_.kind(line.condition) != SyntaxKind::relation)
    throw NotHandled("an assumption that is not a relation, for every dimension");
  const auto links = syntax_.links(line.condition);
  const auto children = syntax_.children(line.condition);
  for (std::size_t k = 0; k < links.size(); ++k)
    assume(links[k].relation, number(children[k]), number(children[k + 1]));
}

void Reader::assume(Relation relation, const Tensor& a, const Tensor& b) {
  const bool is_equation = relation == Relation::equal || relation == Relation::not_equal;
  const auto [x, y] = aligned(a, b, !is_equation);
  const Poly difference = Algebra::sub(x.body, y.body);
  if (relation == Relation::equal) {
    add_rule(x.axes, difference);
    algebra_.facts.push_back({x.axes, difference, zero});
    return;
  }
  if (relation == Relation::not_equal) {
    if (x.rank() == 0) algebra_.facts.push_back({{}, difference, nonzero_sign});
    return;
  }
  const bool is_less = relation == Relation::less || relation == Relation::less_equal;
  const bool is_strict = relation == Relation::less || relation == Relation::greater;
  const Poly above = is_less ? Algebra::scaled(difference, -1) : difference;
  algebra_.facts.push_back({x.axes, above, is_strict ? positive_sign : nonnegative_sign});
  // |u| > 0 says that u is not 0, and sqrt(u) > 0 that u is positive.
  if (!is_strict || above.terms.size() != 1 || above.terms.begin()->first.size() != 1) return;
  const Atom& atom = algebra_.atom(above.terms.begin()->first[0].first);
  if (atom.kind == AtomKind::function && atom.code == opcode<Abs>)
    algebra_.facts.push_back({x.axes, atom.operands[0], nonzero_sign});
  if (atom.kind == AtomKind::function && atom.code == opcode<Sqrt> && above.terms.begin()->second > 0)
    algebra_.facts.push_back({x.axes, atom.operands[0], positive_sign});
}

/// An equation that holds for all values of the pattern, solved for an atom that it contains once.
void Reader::add_rule(const std::vector<Symbol>& pattern, Poly zero_here) {
  zero_here = algebra_.reduced(zero_here);
  // The square root of u is c >= 0: u is c^2.
  if (zero_here.terms.size() == 2 && zero_here.terms.begin()->first.empty()) {
    const auto& [m, c] = *zero_here.terms.rbegin();
    const Rational root = -zero_here.terms.begin()->second / c;
    if (m.size() == 1 && m[0].second == 1 && root >= 0) {
      const Atom& atom = algebra_.atom(m[0].first);
      if (atom.kind == AtomKind::function && atom.code == opcode<Sqrt>)
        zero_here = Algebra::sub(atom.operands[0], Algebra::number(root * root));
    }
  }
  std::optional<AtomId> chosen;
  const auto rank = [&](AtomId id) {
    const AtomKind kind = algebra_.atom(id).kind;
    return kind == AtomKind::sum ? 2 : kind == AtomKind::entry ? 1 : 0;
  };
  for (const auto& [m, c] : zero_here.terms) {
    if (m.size() != 1 || m[0].second != 1 || rank(m[0].first) == 0) continue;
    const AtomId id = m[0].first;
    // It stands nowhere else, not even inside of another atom.
    int times = 0;
    const auto visit = [&](const auto& self, const Poly& p, int depth) -> void {
      if (depth > 20) times = 2;
      if (times > 1) return;
      for (const auto& [n, d] : p.terms)
        for (const auto& [other, e] : n) {
          if (other == id) ++times;
          for (const Poly& q : algebra_.atom(other).operands) self(self, q, depth + 1);
        }
    };
    visit(visit, zero_here, 0);
    const auto& free = algebra_.atom(id).free;
    const bool names_pattern = std::all_of(pattern.begin(), pattern.end(),
                                           [&](Symbol s) { return std::binary_search(free.begin(), free.end(), s); });
    if (times == 1 && names_pattern && (!chosen || rank(id) > rank(*chosen))) chosen = id;
  }
  if (!chosen) return;
  const Monomial m{{*chosen, 1}};
  const Rational c = zero_here.terms.at(m);
  Poly value = zero_here;
  value.terms.erase(m);
  algebra_.rules.push_back({pattern, *chosen, Algebra::scaled(value, -1 / c)});
}

}  // namespace nabla::index_form
