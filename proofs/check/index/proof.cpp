#include <algorithm>
#include <nabla/proofs/check/index/elaborate.hpp>
#include <nabla/proofs/check/index/proof.hpp>
#include <nabla/proofs/check/index/terms.hpp>
#include <nlohmann/json.hpp>

namespace nabla::index_form {

namespace {

constexpr std::int64_t most_enumerated = 8;
constexpr std::int64_t steps_of_a_sum = 400'000;

Finding open(std::string reason) {
  Finding f;
  f.verdict = Verdict::undecided;
  f.message = std::move(reason);
  return f;
}

std::string coverage_of(const Claim& claim) {
  std::string text;
  for (const Claim::Line& line : claim.lines) {
    const auto* names = std::get_if<ForLine>(&line);
    if (names == nullptr) continue;
    for (const SyntaxId name : names->names) {
      text += (text.empty() ? "every " : ", every ") + std::string(claim.syntax.spelling(name));
      const auto bound = [&](std::size_t k) { return std::string(claim.syntax.text(names->bounds[k])); };
      if (names->values == ForLine::Values::at_least) text += " >= " + bound(0);
      if (names->values == ForLine::Values::range) text += " in " + bound(0) + ".." + bound(1);
    }
  }
  return text;
}

}  // namespace

/// A claim read once, and its links one after the other.
struct Links {
  const Claim& claim;
  const Syntax& syntax;
  std::string coverage;
  Algebra algebra;
  std::optional<Reader> reader;
  std::string failure;  // why the claim could not be read
  std::vector<SyntaxId> shows;
  std::vector<std::string> assumptions;
  std::vector<Requirement> of_assumptions;
  std::string left_over;         // the difference of two sides that was not found to be 0
  std::size_t inequalities = 0;  // looked at for the link
  nlohmann::ordered_json sums = nlohmann::ordered_json::object();  // of terms that show some of them, by number
  const Budget& budget;

  /// \param writes_out  operators by their definitions
  Links(const Claim& c, const Budget& b, bool writes_out = true)
      : claim(c), syntax(c.syntax), coverage(coverage_of(c)), algebra(b), budget(b) {
    algebra.writes_out = writes_out;
    for (const Claim::Line& line : claim.lines) {
      if (const auto* show = std::get_if<ShowLine>(&line)) shows.push_back(show->statement);
      if (const auto* assume = std::get_if<AssumeLine>(&line)) assumptions.emplace_back(syntax.text(assume->condition));
    }
    try {
      reader.emplace(claim, algebra);
      of_assumptions = std::exchange(algebra.requirements, {});
    } catch (const Cut&) {
      throw;
    } catch (const std::exception& reason) {  // not handled; a division by 0 of constants; no memory
      failure = reason.what();
      reader.reset();
    }
  }

  /// For each value of the axes whose extent is a small number.
  bool holds_at_entries(const Tensor& t, std::size_t axis, const std::function<bool(const Poly&)>& holds) {
    if (axis == t.rank()) return holds(t.body);
    const Affine& extent = t.extents[axis];
    if (!extent.is_constant() || extent.constant > most_enumerated) return holds_at_entries(t, axis + 1, holds);
    for (std::int64_t k = 1; k <= extent.constant; ++k) {
      Tensor one = t;
      one.body = algebra.substitute(t.body, t.axes[axis], Affine::of(k));
      if (!holds_at_entries(one, axis + 1, holds)) return false;
    }
    return true;
  }

  Signs signs(const Poly& p) {
    Signs s = algebra.signs(p);
    if (s == positive_sign || s == negative || s == zero) return s;
    if (algebra.is_zero(p)) return zero;
    return s & algebra.signs(algebra.reduced(p));
  }

  /// p > 0 or p >= 0.
  bool is_above(const Poly& p, bool is_strict, const std::vector<Symbol>& axes) {
    const std::size_t number = inequalities++;
    if ((signs(p) & (is_strict ? nonpositive_sign : negative)) == 0) return true;
    try {
      return algebra.within_steps(steps_of_a_sum, [&] {
        const auto sum = nonnegative_by_terms(algebra, p, is_strict, budget);
        if (sum) sums[std::to_string(number)] = to_json(algebra, *sum, axes);
        return sum.has_value();
      });
    } catch (const NotHandled&) {
      return false;
    }
  }

  bool related(Relation relation, const Tensor& a, const Tensor& b) {
    const bool is_equation = relation == Relation::equal || relation == Relation::not_equal;
    const auto [x, y] = reader->aligned(a, b, !is_equation);
    if (relation == Relation::not_equal && x.rank() != 0) throw NotHandled("`!=` of tensors, for every dimension");
    const Tensor difference{x.extents, x.axes, Algebra::sub(x.body, y.body)};
    return holds_at_entries(difference, 0, [&](const Poly& p) {
      switch (relation) {
        case Relation::equal:
          if (algebra.is_zero(p)) return true;
          left_over = algebra.text(algebra.reduced(p));
          return false;
        case Relation::not_equal:
          return (signs(p) & zero) == 0;
        case Relation::less:
        case Relation::less_equal:
          return is_above(Algebra::scaled(p, -1), relation == Relation::less, x.axes);
        case Relation::greater:
        case Relation::greater_equal:
          return is_above(p, relation == Relation::greater, x.axes);
      }
      return false;
    });
  }

  bool is_in(const Tensor& t, const SetForm& s) {
    if (t.extents != s.extents) throw NotHandled("shapes are not known to conform for every dimension");
    if (!s.is_exact) throw NotHandled("a set whose ends are not rational numbers, for every dimension");
    const auto every = [&](const std::function<bool(const Poly&)>& holds) { return holds_at_entries(t, 0, holds); };
    if (s.kind == SetForm::Kind::symmetric)
      return related(Relation::equal, t, reader->made(t.extents, [&](const std::vector<Affine>& i) {
        return reader->at(t, {i[1], i[0]});
      }));
    if (s.kind == SetForm::Kind::definite || s.kind == SetForm::Kind::onehot)
      throw NotHandled("membership in this set, for every dimension");
    if (!s.elements.empty())
      return every([&](const Poly& p) {
        Poly product = Algebra::number(1);
        for (const Rational& e : s.elements) product = algebra.mul(product, Algebra::sub(p, Algebra::number(e)));
        return algebra.is_zero(product);
      });
    const bool in_box = every([&](const Poly& p) {
      if (s.bounds.lo) {
        const Signs up = signs(Algebra::sub(p, Algebra::number(*s.bounds.lo)));
        if ((up & ~(s.bounds.lo_strict ? positive_sign : nonnegative_sign)) != 0) return false;
      }
      if (s.bounds.hi && s.kind != SetForm::Kind::simplex) {
        const Signs down = signs(Algebra::sub(Algebra::number(*s.bounds.hi), p));
        if ((down & ~(s.bounds.hi_strict ? positive_sign : nonnegative_sign)) != 0) return false;
      }
      return true;
    });
    if (!in_box || s.kind != SetForm::Kind::simplex) return in_box;
    const Affine& n = t.extents[0];
    const Symbol k = algebra.symbols.make("k", Affine::of(1), n);
    const Poly total = algebra.sum({k, Affine::of(1), n}, reader->at(t, {Affine::symbol(k)}));
    return algebra.is_zero(Algebra::sub(total, Algebra::number(1)));
  }

  std::vector<int> variables(SyntaxId id) {
    std::vector<int> result;
    if (syntax.kind(id) != SyntaxKind::tuple) return {reader->variable(id)};
    for (const SyntaxId child : syntax.children(id)) result.push_back(reader->variable(child));
    return result;
  }

  /// `differentiable`: every entry has a derivative by every variable, made of continuous parts.
  bool has_derivative(const Tensor& t, const std::vector<int>& by) {
    struct Scope {
      bool& flag;
      ~Scope() { flag = true; }
    } scope{algebra.obey_conventions};
    algebra.obey_conventions = false;
    for (const int array : by) {
      std::vector<Affine> at;
      for (const Affine& extent : algebra.arrays[static_cast<std::size_t>(array)].extents)
        at.push_back(Affine::symbol(algebra.symbols.make("j", Affine::of(1), extent)));
      algebra.derivative(t.body, array, at);
    }
    return true;
  }

  /// Whether nothing but its box is said of the variable, so that it moves in every direction.
  bool is_free(int variable) const {
    const Array& a = algebra.arrays[static_cast<std::size_t>(variable)];
    if (a.is_binary || a.is_symmetric) return false;
    const auto speaks = [&](const Poly& p) { return algebra.depends_on(p, variable); };
    for (const Fact& f : algebra.facts)
      if (speaks(f.value)) return false;
    for (const Rule& r : algebra.rules) {
      const std::vector<int>& of = algebra.atom(r.atom).arrays;
      if (speaks(r.value) || std::binary_search(of.begin(), of.end(), variable)) return false;
    }
    return true;
  }

  /// The derivative of an entry by an entry of its own axes.
  Poly slope(const Poly& p, int variable, std::vector<Affine>& at) {
    at.clear();
    for (const Affine& extent : algebra.arrays[static_cast<std::size_t>(variable)].extents)
      at.push_back(Affine::symbol(algebra.symbols.make("j", Affine::of(1), extent)));
    return algebra.derivative(p, variable, at);
  }

  /// `linear`: the slope does not hang on the variable, and slope times variable is all there is.
  bool is_linear(const Tensor& t, int variable) {
    const Array a = algebra.arrays[static_cast<std::size_t>(variable)];
    if (!is_free(variable) || a.bounds.lo || a.bounds.hi) throw NotHandled("linear on a part of the space");
    std::vector<Affine> at;
    const Poly constant = slope(t.body, variable, at);
    if (algebra.depends_on(constant, variable)) return false;
    Poly product = algebra.mul(constant, algebra.entry(variable, at));
    for (std::size_t k = at.size(); k-- > 0;)
      product = algebra.sum({at[k].terms.front().first, Affine::of(1), a.extents[k]}, product);
    return algebra.is_zero(Algebra::sub(t.body, product));
  }

  /// `increasing`, `decreasing`: by every entry of every variable.
  bool is_monotone(const Tensor& t, const std::vector<int>& by, bool up) {
    for (const int variable : by) {
      if (!is_free(variable)) throw NotHandled("monotone on a set that is no box");
      std::vector<Affine> at;
      const Signs s = signs(slope(t.body, variable, at));
      if ((s & (up ? negative : positive_sign)) != 0) return false;
    }
    return true;
  }

  bool is_continuous(const Poly& p, const std::vector<int>& in, int depth = 0) {
    if (depth > 40) throw NotHandled("an expression as deep as this");
    for (const auto& [m, c] : p.terms)
      for (const auto& [id, e] : m) {
        const Atom& a = algebra.atom(id);
        const bool depends = std::any_of(in.begin(), in.end(), [&](int array) {
          return std::binary_search(a.arrays.begin(), a.arrays.end(), array);
        });
        if (!depends) continue;
        if (a.kind == AtomKind::positive) return false;
        if (a.kind == AtomKind::function &&
            operator_info(static_cast<Opcode>(a.code)).facts.regularity == Regularity::discontinuous)
          return false;
        if (a.kind == AtomKind::jacobian) return false;
        if (a.kind == AtomKind::application && !algebra.functions[static_cast<std::size_t>(a.code)].is_differentiable)
          return false;
        for (const Poly& q : a.operands)
          if (!is_continuous(q, in, depth + 1)) return false;
      }
    return true;
  }

  bool predicate(SyntaxId id) {
    const SyntaxId callee = syntax.child(id, 0);
    const std::string_view name =
        syntax.kind(callee) == SyntaxKind::name ? syntax.spelling(callee) : std::string_view();
    const auto arguments = syntax.children(id).subspan(1);
    if (reader->is_declared(name)) throw NotHandled("a statement is needed");
    if (name == "defined" && arguments.size() == 1) {
      reader->number(arguments[0]);
      return true;
    }
    if ((name == "differentiable" || name == "continuous") && arguments.size() == 2) {
      const Tensor t = reader->number(arguments[0]);
      const std::vector<int> by = variables(arguments[1]);
      return name == "differentiable" ? has_derivative(t, by) : is_continuous(t.body, by);
    }
    const bool up = name == "increasing";
    if ((name == "linear" || up || name == "decreasing") && arguments.size() == 2) {
      struct Scope {
        bool& flag;
        ~Scope() { flag = true; }
      } scope{algebra.obey_conventions};
      algebra.obey_conventions = false;
      const std::vector<int> by = variables(arguments[1]);
      const Tensor t = reader->number(arguments[0]);
      if (name != "linear") return is_monotone(t, by, up);
      return by.size() == 1 && is_linear(t, by[0]);
    }
    throw NotHandled(std::string(name) + ", for every dimension");
  }

  bool link_holds(SyntaxId statement, std::size_t link) {
    switch (syntax.kind(statement)) {
      case SyntaxKind::relation: {
        const Tensor a = reader->number(syntax.child(statement, link));
        const Tensor b = reader->number(syntax.child(statement, link + 1));
        return related(syntax.links(statement)[link].relation, a, b);
      }
      case SyntaxKind::membership: {
        const Tensor t = reader->number(syntax.child(statement, 0));
        return is_in(t, reader->set(syntax.child(statement, 1)));
      }
      case SyntaxKind::call:
        return predicate(statement);
      default:
        throw NotHandled("a statement of this kind, for every dimension");
    }
  }
};

}  // namespace nabla::index_form

namespace nabla {

struct EveryDimension::State : index_form::Links {
  using Links::Links;

  bool is_inequality(std::size_t show, std::size_t link) const {
    if (syntax.kind(shows.at(show)) != SyntaxKind::relation) return false;
    const Relation r = syntax.links(shows[show])[link].relation;
    return r != Relation::equal && r != Relation::not_equal;
  }
  Finding prove(std::size_t show, std::size_t link);
};

EveryDimension::EveryDimension(const Claim& claim, const Budget& budget)
    : claim_(claim), budget_(budget), state_(std::make_unique<State>(claim, budget)) {}
EveryDimension::~EveryDimension() = default;

const std::string& EveryDimension::coverage() const { return state_->coverage; }

Finding EveryDimension::prove(std::size_t show, std::size_t link) {
  if (!state_->reader || !state_->is_inequality(show, link)) return state_->prove(show, link);
  if (!as_written_) as_written_ = std::make_unique<State>(claim_, budget_, false);
  const Finding f = as_written_->prove(show, link);
  return f.verdict == Verdict::proved || !as_written_->algebra.left_as_written ? f : state_->prove(show, link);
}

Finding EveryDimension::State::prove(std::size_t show, std::size_t link) {
  if (!reader) return index_form::open(failure);
  try {
    bool holds = false;
    left_over.clear();
    inequalities = 0;
    sums.clear();
    const std::vector<index_form::Requirement> asked =
        reader->asked_by([&] { holds = link_holds(shows.at(show), link); });
    if (!holds)
      return index_form::open("index notation does not show it for every dimension" +
                              (left_over.empty() ? "" : ": what is left of the difference is " + left_over));
    for (const auto* list : {&std::as_const(of_assumptions), &asked})
      for (const index_form::Requirement& r : *list)
        if (const auto reason = algebra.open_requirement(r)) return index_form::open("open: " + *reason);
  } catch (const Cut&) {
    throw;
  } catch (const std::exception& reason) {
    return index_form::open(reason.what());
  }
  Finding f;
  f.verdict = Verdict::proved;
  f.method = "index notation, for every dimension";
  f.hypotheses = assumptions;
  nlohmann::ordered_json data{{"show", show}, {"link", link}};
  if (!sums.empty()) data["sums"] = sums;
  f.certificates.push_back({"index-identity", data.dump()});
  return f;
}

}  // namespace nabla
