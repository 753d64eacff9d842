#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/proofs/recheck/inequality/boxes.hpp>

namespace nabla::rederive {

namespace {

Enclosure end_of(const Expr& e, bool infinite_up) {
  if (e.empty()) {
    const End far = End::infinity(infinite_up ? 1 : -1);
    return Enclosure::between(far, far);
  }
  return constant_value(e);
}

}  // namespace

End midpoint(const Enclosure& x) {
  End m;
  mpfr_add(m.get(), x.lo.get(), x.hi.get(), MPFR_RNDN);
  mpfr_div_2ui(m.get(), m.get(), 1, MPFR_RNDN);
  return m;
}

Enclosure constant_value(const Expr& e) {
  if (!variables_in(e).empty()) return Enclosure::whole(false);
  Problem nothing;
  nothing.workspace = e.workspace();
  Evaluation evaluation(nothing, {&e, 1});
  evaluation.run({});
  return evaluation.output(0);
}

Part part_of(const Problem& region) {
  Part part;
  for (const Given& g : region.givens) {
    const RealSet& set = g.set.entries;
    if (set.is_finite()) {
      Enclosure all = constant_value(set.elements[0]);
      for (const Expr& e : set.elements) all = Number<Enclosure>::hull(all, constant_value(e));
      part.push_back(all);
      continue;
    }
    const Enclosure lo = end_of(set.lo, false), hi = end_of(set.hi, true);
    part.push_back(
        Enclosure::between(lo.lo, hi.hi, !set.lo_closed && !set.lo.empty(), !set.hi_closed && !set.hi.empty()));
  }
  return part;
}

Evaluation::Evaluation(const Problem& region, std::span<const Expr> outputs) : region_(region) {
  std::vector<Ref> refs;
  for (const Expr& e : outputs)
    refs.push_back(e.ref().is_node() ? e.ref() : region.workspace->graph().constant(*e.constant()));
  plan_ = std::make_shared<Plan>(std::shared_ptr<const Graph>(region.workspace, &region.workspace->graph()), refs);
  run_ = std::make_unique<Run<Enclosure>>(plan_);
}

void Evaluation::run(const Part& part) {
  for (std::size_t k = 0; k < part.size(); ++k) {
    const Ref where = plan_->find(region_.givens[k].variable.ref().id());
    if (!where.empty()) run_->set(where.id(), {&part[k], 1});
  }
  run_->forward();
}

bool Evaluation::regular(bool smooth) const {
  const Graph& graph = plan_->graph();
  for (const NodeId id : plan_->nodes()) {
    if (!run_->value(Ref::node(id))[0].total) return false;
    // A choice jumps where its condition is not the same throughout.
    if (graph.is(id, opcode<Where>)) {
      const Enclosure& condition = run_->value(graph.operands(id)[0])[0];
      if (!condition.nonzero() && !Number<Enclosure>::is_zero(condition)) return false;
    }
  }
  for (const Kink& kink : run_->kinks())
    if (smooth || graph.info(kink.node).facts.regularity == Regularity::discontinuous) return false;
  return true;
}

bool Evaluation::continuous() const { return regular(false); }
bool Evaluation::differentiable() const { return regular(true); }

namespace {

class Bisection {
 public:
  Bisection(const Problem& region, const Expr& given_g, bool strict)
      : region_(region), strict_(strict), variables_(variables_in(given_g)) {
    const Expr g = replaced(given_g, {});
    std::vector<Expr> inputs;
    for (const NodeId v : variables_) {
      inputs.emplace_back(region.workspace, Ref::node(v));
      for (std::size_t k = 0; k < region.givens.size(); ++k)
        if (region.givens[k].variable.ref() == Ref::node(v)) index_.push_back(k);
    }
    if (index_.size() != variables_.size()) throw Unfounded("an expression has a variable that is not given");
    std::vector<Expr> all{g};
    if (!inputs.empty())
      for (const Expr& d : gradient(g, inputs)) all.push_back(replaced(d, {}));
    std::vector<Expr> sides;
    for (const Statement& h : region.hypotheses) {
      for (const Expr& side : h.sides) sides.push_back(replaced(side, {}));
      same_.push_back(same(sides[sides.size() - 2], sides.back()));
    }
    value_ = std::make_unique<Evaluation>(region, std::span<const Expr>(all.data(), 1));
    both_ = std::make_unique<Evaluation>(region, all);
    if (!sides.empty()) hypotheses_ = std::make_unique<Evaluation>(region, sides);
  }

  bool holds(const Part& part) {
    value_->run(part);
    if (good(value_->output(0)) || excluded(part)) return true;
    if (variables_.empty()) return false;
    Part closed = part;
    for (Enclosure& x : closed) x.lo_open = x.hi_open = false;
    both_->run(closed);
    if (!both_->differentiable()) return false;
    Part face = closed, middle = closed;
    bool finite = true, moved = false;
    for (std::size_t k = 0; k < index_.size(); ++k) {
      const Enclosure& slope = both_->output(k + 1);
      Enclosure& x = face[index_[k]];
      if (slope.nonnegative() && !x.lo.is_infinite()) {
        x = Enclosure::between(x.lo, x.lo);
        moved = true;
      } else if (slope.nonpositive() && !x.hi.is_infinite()) {
        x = Enclosure::between(x.hi, x.hi);
        moved = true;
      }
      finite = finite && x.is_finite();
      const End m = midpoint(x);
      middle[index_[k]] = Enclosure::between(m, m);
    }
    if (moved) {
      value_->run(face);
      if (good(value_->output(0))) return true;
    }
    if (!finite) return false;
    value_->run(middle);
    Enclosure lowest = value_->output(0);
    for (std::size_t k = 0; k < index_.size(); ++k)
      lowest = lowest + both_->output(k + 1) * (face[index_[k]] - middle[index_[k]]);
    return good(lowest);
  }

  /// Halves along the widest entry; false when there is none left to halve.
  bool halve(const Part& part, Part& below, Part& above) const {
    std::size_t widest = part.size();
    End width;
    for (const std::size_t k : index_) {
      End w;
      mpfr_sub(w.get(), part[k].hi.get(), part[k].lo.get(), MPFR_RNDU);
      if (width < w) {
        width = w;
        widest = k;
      }
    }
    if (widest == part.size() || width.sign() == 0) return false;
    const Enclosure& x = part[widest];
    End cut = midpoint(x);
    if (!x.is_finite()) {
      const bool from_below = !x.lo.is_infinite(), from_above = !x.hi.is_infinite();
      if (!from_below && !from_above) {
        cut = End();
      } else {
        const End& end = from_below ? x.lo : x.hi;
        const bool beyond = from_below ? mpfr_cmp_si(end.get(), 1) >= 0 : mpfr_cmp_si(end.get(), -1) <= 0;
        if (beyond) {
          mpfr_mul_ui(cut.get(), end.get(), 4, MPFR_RNDN);
        } else if ((from_below && end.sign() < 0) || (from_above && end.sign() > 0)) {
          cut = End();
        } else {
          mpfr_set_si(cut.get(), from_below ? 1 : -1, MPFR_RNDN);
        }
      }
    }
    if (!(x.lo < cut && cut < x.hi)) return false;
    below = above = part;
    below[widest] = Enclosure::between(x.lo, cut, x.lo_open, false);
    above[widest] = Enclosure::between(cut, x.hi, false, x.hi_open);
    return true;
  }

 private:
  bool good(const Enclosure& x) const { return strict_ ? x.positive() : x.nonnegative(); }

  bool excluded(const Part& part) {
    if (!hypotheses_) return false;
    hypotheses_->run(part);
    for (std::size_t i = 0; i < region_.hypotheses.size(); ++i) {
      const Enclosure gap = hypotheses_->output(2 * i) - hypotheses_->output(2 * i + 1);
      switch (region_.hypotheses[i].comparisons[0]) {
        case Comparison::equal:
          if (gap.nonzero()) return true;
          break;
        case Comparison::not_equal:
          if (same_[i] || Number<Enclosure>::is_zero(gap)) return true;
          break;
        case Comparison::less:
          if (gap.nonnegative()) return true;
          break;
        case Comparison::less_equal:
          if (gap.positive()) return true;
          break;
        case Comparison::greater:
          if (gap.nonpositive()) return true;
          break;
        case Comparison::greater_equal:
          if (gap.negative()) return true;
          break;
      }
    }
    return false;
  }

  const Problem& region_;
  bool strict_;
  std::vector<NodeId> variables_;
  std::vector<std::size_t> index_;
  std::vector<bool> same_;  // of each hypothesis: its sides are one expression
  std::unique_ptr<Evaluation> value_, both_, hypotheses_;
};

}  // namespace

bool holds_on_parts(const Problem& region, const Expr& g, bool strict, std::size_t most) {
  Bisection bisection(region, g, strict);
  std::vector<Part> open{part_of(region)};
  for (std::size_t count = 0; !open.empty(); ++count) {
    if (count >= most) return false;
    const Part part = std::move(open.back());
    open.pop_back();
    if (bisection.holds(part)) continue;
    Part below, above;
    if (!bisection.halve(part, below, above)) return false;
    open.push_back(std::move(above));
    open.push_back(std::move(below));
  }
  return true;
}

}  // namespace nabla::rederive
