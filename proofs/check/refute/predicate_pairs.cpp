#include <algorithm>
#include <nabla/proofs/check/refute/predicate_pairs.hpp>

namespace nabla {

namespace {

constexpr std::string_view names[] = {"convex",     "concave",    "strongly_convex", "smooth", "lipschitz",
                                      "cocoercive", "increasing", "decreasing",      "linear"};

Statement mapped(Statement s, const Replacements& replacements) {
  s.sides = substitute(s.sides, replacements);
  s.parameters = substitute(s.parameters, replacements);
  if (!s.subject.empty()) s.subject = substitute(s.subject, replacements);
  for (Statement& child : s.children) child = mapped(std::move(child), replacements);
  return s;
}

bool mentions(const Statement& s, std::span<const Expr> variables) {
  const auto in = [&](const Expr& e) {
    return !e.empty() && std::ranges::any_of(variables, [&](const Expr& x) { return depends_on(e, x); });
  };
  return in(s.subject) || std::ranges::any_of(s.sides, in) || std::ranges::any_of(s.parameters, in) ||
         std::ranges::any_of(s.children, [&](const Statement& child) { return mentions(child, variables); });
}

Expr total(const Expr& tensor) { return tensor.shape().is_scalar() ? tensor : sum(tensor); }

/// <a, b>, over all parts.
Expr inner(std::span<const Expr> a, std::span<const Expr> b) {
  Expr result;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const Expr part = total(a[k] * b[k]);
    result = result.empty() ? part : result + part;
  }
  return result;
}
Expr squared(std::span<const Expr> a) { return inner(a, a); }

std::vector<Expr> differences(std::span<const Expr> a, std::span<const Expr> b) {
  std::vector<Expr> result;
  for (std::size_t k = 0; k < a.size(); ++k) result.push_back(a[k] - b[k]);
  return result;
}

Statement relation(const Statement& of, Expr left, Comparison comparison, Expr right) {
  Statement s;
  s.kind = Statement::Kind::relation;
  s.place = of.place;
  s.text = of.text;
  s.sides = {std::move(left), std::move(right)};
  s.comparisons = {comparison};
  s.side_places = {of.place, of.place};
  return s;
}

class Writer {
 public:
  explicit Writer(const Problem& problem) : given_(problem), scope_(problem.workspace) { out_.problem = problem; }

  std::optional<WrittenOut> run(const Statement& statement) {
    const Statement* inside = &statement;
    std::vector<const Statement*> premises;
    while (inside->kind == Statement::Kind::implication && inside->children.size() == 2) {
      premises.push_back(&inside->children[0]);
      inside = &inside->children[1];
    }
    if (!is_about_pairs(*inside)) return std::nullopt;
    if (mentions_pairs(statement, *inside)) return std::nullopt;
    predicate_ = inside;
    free_ = std::ranges::any_of(premises, [&](const Statement* p) { return mentions(*p, predicate_->over); });
    if (!make_points()) return std::nullopt;
    out_.statement = write();
    for (std::size_t k = premises.size(); k-- > 0;) {
      Statement implication = statement;
      implication.kind = Statement::Kind::implication;
      implication.children = {*premises[k], std::move(out_.statement)};
      out_.statement = std::move(implication);
    }
    out_.problem.shows = {out_.statement};
    return std::move(out_);
  }

 private:
  /// Another such predicate, which stands where it cannot be written out.
  static bool mentions_pairs(const Statement& s, const Statement& but) {
    if (&s == &but) return false;
    return is_about_pairs(s) ||
           std::ranges::any_of(s.children, [&](const Statement& child) { return mentions_pairs(child, but); });
  }

  bool is(std::string_view name) const { return predicate_->predicate == name; }
  bool has_middle() const { return is("convex") || is("concave") || is("strongly_convex"); }
  bool has_gradients() const { return is("smooth") || is("cocoercive"); }
  bool is_ordered() const { return is("increasing") || is("decreasing"); }

  std::string unused(std::string name) const {
    const auto taken = [&](const std::string& n) {
      return std::ranges::any_of(out_.problem.givens, [&](const Given& g) { return g.name == n; }) ||
             std::ranges::any_of(out_.problem.dimensions, [&](const auto& d) { return d.first == n; });
    };
    while (taken(name)) name += "'";
    return name;
  }

  std::size_t give(std::string name, Set set) {
    const Shape shape = set.shape;
    name = unused(std::move(name));
    const Expr made = variable(name, shape);
    out_.problem.givens.push_back({name, made, std::move(set), predicate_->place});
    return out_.problem.givens.size() - 1;
  }

  bool make_points() {
    for (const Expr& x : predicate_->over) {
      const auto it = std::ranges::find_if(given_.givens, [&](const Given& g) { return same(g.variable, x); });
      if (it == given_.givens.end()) return false;
      const bool symmetric = it->set.kind == Set::Kind::sym || it->set.kind == Set::Kind::spd;
      if (is_ordered() && symmetric) return false;  // in which order?
      out_.variables.push_back(static_cast<std::size_t>(it - given_.givens.begin()));
      out_.first.push_back(free_ ? give(it->name, it->set) : out_.variables.back());
      out_.second.push_back(give(it->name, it->set));
    }
    for (const std::size_t g : out_.first) x_.push_back(out_.problem.givens[g].variable);
    for (const std::size_t g : out_.second) y_.push_back(out_.problem.givens[g].variable);
    if (has_middle()) {
      RealSet unit{.lo = Expr(0), .hi = Expr(1), .lo_closed = true, .hi_closed = true, .elements = {}};
      out_.weight = give("t", Set{.kind = Set::Kind::entries, .entries = std::move(unit), .shape = {}});
      const Expr t = out_.problem.givens[*out_.weight].variable;
      for (std::size_t k = 0; k < x_.size(); ++k) m_.push_back(t * x_[k] + (Expr(1) - t) * y_[k]);
    } else if (is("linear")) {
      out_.weight = give("c", Set{.kind = Set::Kind::entries, .entries = {}, .shape = {}});
      const Expr c = out_.problem.givens[*out_.weight].variable;
      for (std::size_t k = 0; k < x_.size(); ++k) {
        m_.push_back(x_[k] + c * y_[k]);
        const Set& set = out_.problem.givens[out_.first[k]].set;
        if (set.kind == Set::Kind::entries && set.entries.is_all()) continue;
        Statement inside;
        inside.kind = Statement::Kind::predicate;
        inside.predicate = "in";
        inside.place = predicate_->place;
        inside.text = predicate_->text;
        inside.subject = m_.back();
        inside.set = set;
        out_.problem.hypotheses.push_back(std::move(inside));
      }
    }
    if (free_) instantiate(x_);
    instantiate(y_);
    if (has_middle()) out_.between = out_.problem.hypotheses.size();
    if (!m_.empty()) instantiate(m_);
    return true;
  }

  Replacements moved_to(std::span<const Expr> values) const {
    Replacements r;
    for (std::size_t k = 0; k < values.size(); ++k) r.emplace_back(predicate_->over[k], values[k]);
    return r;
  }

  /// Everything that the problem says of the variables of the predicate, said of another point.
  void instantiate(std::span<const Expr> values) {
    const Replacements to = moved_to(values);
    for (const Statement& h : given_.hypotheses)
      if (mentions(h, predicate_->over)) out_.problem.hypotheses.push_back(mapped(h, to));
    for (const Derivative& d : given_.derivatives) add_moved(d, to);
    for (const Expr& e : given_.must_be_defined) {
      const Expr there = substitute(e, to);
      if (!same(there, e)) out_.problem.must_be_defined.push_back(there);
    }
  }
  void add_moved(Derivative d, const Replacements& to) {
    // What a derivative already replaces is replaced by an expression in which the variables are moved afterwards.
    d.at.insert(d.at.end(), to.begin(), to.end());
    d.guards = substitute(d.guards, to);
    out_.problem.derivatives.push_back(std::move(d));
  }

  Expr at(const Expr& e, std::span<const Expr> values) const { return substitute(e, moved_to(values)); }

  std::vector<Expr> at(std::span<const Expr> e, std::span<const Expr> values) const {
    return substitute(e, moved_to(values));
  }

  Statement write() {
    Statement written = written_relation();
    // Along directions of any length alike: a search would else make them short.
    if (!out_.rate.empty()) out_.rate = out_.rate / squared(out_.directions);
    return written;
  }

  Statement written_relation() {
    const std::vector<Expr>& over = predicate_->over;
    const Expr constant = predicate_->parameters.empty() ? Expr() : predicate_->parameters[0];
    Expr e = predicate_->subject;
    for (const Expr& x : over)
      out_.directions.push_back(variable(x.graph().variable_name(x.ref().id()) + "'direction", x.shape()));
    const std::vector<Expr>& v = out_.directions;
    const auto [x, x2, m] = readable();

    if (has_middle()) {
      if (is("strongly_convex")) e = e - constant * squared(over) / 2;
      const Expr t = out_.problem.givens[*out_.weight].variable;
      const Expr bend = jvp(jvp(e, over, v), over, v);
      out_.rate = is("concave") ? bend : -bend;
      const std::string of = is("strongly_convex") ? "E - mu/2 |" + x + "|^2 =: F, " : "";
      const std::string f = of.empty() ? "E" : "F";
      const std::string& w = out_.problem.givens[*out_.weight].name;
      out_.text = of + f + "(" + m + ") " + (is("concave") ? ">= " : "<= ") + w + " " + f + "(" + x + ") + (1 - " + w +
                  ") " + f + "(" + x2 + ")";
      return relation(*predicate_, at(e, m_), is("concave") ? Comparison::greater_equal : Comparison::less_equal,
                      t * at(e, x_) + (Expr(1) - t) * at(e, y_));
    }
    if (is_ordered()) {
      for (std::size_t k = 0; k < over.size(); ++k)
        out_.problem.hypotheses.push_back(relation(*predicate_, x_[k], Comparison::less_equal, y_[k]));
      const Expr slope = jvp(e, over, v);
      out_.rate = is("increasing") ? -slope : slope;
      out_.nonnegative_directions = true;
      out_.text = "E(" + x + ") " + (is("increasing") ? "<=" : ">=") + " E(" + x2 + ") for " + x + " <= " + x2;
      return relation(*predicate_, at(e, x_), is("increasing") ? Comparison::less_equal : Comparison::greater_equal,
                      at(e, y_));
    }
    if (is("linear")) {
      const Expr c = out_.problem.givens[*out_.weight].variable;
      const std::string& w = out_.problem.givens[*out_.weight].name;
      out_.text = "E(" + m + ") == E(" + x + ") + " + w + " E(" + x2 + ")";
      return relation(*predicate_, at(e, m_), Comparison::equal, at(e, x_) + c * at(e, y_));
    }
    // Lipschitz continuity, of the expression or of its gradient.
    std::vector<Expr> map{e};
    std::vector<Expr> along;
    if (has_gradients()) {
      if (!out_.problem.conventions.empty()) {
        if (!given_.derivatives.empty())
          throw NotHandled("`" + predicate_->predicate + "` of an expression whose derivatives follow a convention");
        out_.problem.conventions.clear();  // predicates ignore them
      }
      map = gradient(e, over);
      for (const auto* point : {&x_, &y_}) ask_for_gradient(e, *point);
      for (std::size_t k = 0; k < over.size(); ++k) along.push_back(jvp(map[k], over, v));
    } else {
      along.push_back(jvp(e, over, v));
    }
    const std::vector<Expr> gap = differences(at(map, x_), at(map, y_));
    const std::vector<Expr> step = differences(x_, y_);
    const std::string g = has_gradients() ? "grad E" : "E";
    const std::string change = g + "(" + x + ") - " + g + "(" + x2 + ")";
    if (is("cocoercive")) {
      out_.rate = squared(along) / constant - inner(along, v);
      out_.text = "|" + change + "|^2 / L <= <" + change + ", " + x + " - " + x2 + ">";
      return relation(*predicate_, squared(gap) / constant, Comparison::less_equal, inner(gap, step));
    }
    out_.rate = squared(along) - constant * abs(constant) * squared(v);
    out_.text = "|" + change + "|^2 <= L^2 |" + x + " - " + x2 + "|^2";
    return relation(*predicate_, squared(gap), Comparison::less_equal, constant * abs(constant) * squared(step));
  }

  void ask_for_gradient(const Expr& e, std::span<const Expr> point) {
    for (const Expr& x : predicate_->over) {
      Derivative d;
      d.of = e;
      d.by = x;
      d.place = predicate_->place;
      d.text = "grad(E, " + x.graph().variable_name(x.ref().id()) + ")";
      add_moved(std::move(d), moved_to(point));
    }
  }

  /// How the two points and what lies between them are written.
  std::array<std::string, 3> readable() const {
    const auto names_of = [&](const std::vector<std::size_t>& points) {
      std::string text;
      for (const std::size_t g : points) text += (text.empty() ? "" : ", ") + out_.problem.givens[g].name;
      return points.size() > 1 ? "(" + text + ")" : text;
    };
    const std::string x = names_of(out_.first);
    const std::string y = names_of(out_.second);
    if (!out_.weight) return {x, y, ""};
    const std::string& w = out_.problem.givens[*out_.weight].name;
    return {x, y, is("linear") ? x + " + " + w + " " + y : w + " " + x + " + (1 - " + w + ") " + y};
  }

  const Problem& given_;
  WorkspaceScope scope_;
  WrittenOut out_;
  const Statement* predicate_ = nullptr;
  bool free_ = false;  // a premise speaks of the variables outside of the predicate
  std::vector<Expr> x_, y_, m_;
};

}  // namespace

bool is_about_pairs(const Statement& statement) {
  return statement.kind == Statement::Kind::predicate &&
         std::ranges::find(names, statement.predicate) != std::end(names);
}

std::optional<WrittenOut> write_out_pairs(const Problem& problem, const Statement& statement) {
  return Writer(problem).run(statement);
}

}  // namespace nabla
