#include <algorithm>
#include <nabla/proofs/check/interpolation/pool.hpp>
#include <nabla/proofs/check/nearest_double.hpp>

namespace nabla::interpolation {

namespace {

constexpr std::size_t most_multipliers = 160;
constexpr std::size_t most_parts = 60;

std::vector<const Polynomial*> homogeneous(const Form& form, std::vector<const Polynomial*> all,
                                           const std::vector<Inequality>& inequalities,
                                           const std::vector<Polynomial>& roots) {
  for (const Inequality& i : inequalities) all.push_back(&i.p);
  for (const Polynomial& r : roots) all.push_back(&r);
  for (const Fact& f : form.facts()) all.push_back(&f.p);
  return all;
}

}  // namespace

Pool::Pool(const Form& form, const std::vector<const Polynomial*>& targets, const std::vector<Inequality>& inequalities,
           const std::vector<Polynomial>& roots)
    : form_(form),
      inequalities_(inequalities),
      grading_(form.symbols().size(), homogeneous(form, targets, inequalities, roots)) {
  for (const Inequality& i : inequalities) inequality_weights_.push_back(grading_.weight(i.p));
  for (const Polynomial& r : roots)
    if (const auto w = grading_.weight(r)) add_part(r, *w);
  const std::size_t plain = parts_.size();
  for (const Fact& f : form.facts()) {
    if (f.p.terms().size() != 1 || f.p.as_constant()) continue;
    const auto w = grading_.weight(f.p);
    for (std::size_t k = 0; k < plain; ++k)
      if (w && parts_.size() < most_parts) add_part(f.p * parts_[k], part_weights_[k] + *w);
  }
}

void Pool::add_part(const Polynomial& p, const Grading::Weight& weight) {
  if (std::ranges::find(parts_, p) != parts_.end()) return;
  parts_.push_back(p);
  part_weights_.push_back(weight);
}

std::vector<Pool::Multiplier> Pool::multipliers(int degree, bool strict) const {
  const Polynomial one(Rational(1));
  std::vector<Multiplier> all{{{}, one, *grading_.weight(one)}};
  std::size_t begin = 0;
  for (int d = 0; d < degree; ++d) {
    const std::size_t end = all.size();
    for (std::size_t k = begin; k < end; ++k)
      for (std::size_t f = all[k].facts.empty() ? 0 : all[k].facts.back(); f < form_.facts().size(); ++f) {
        const Fact& fact = form_.facts()[f];
        if ((strict && !fact.strict) || all.size() >= most_multipliers) continue;
        if (fact.p.as_constant()) continue;
        const auto w = grading_.weight(fact.p);
        if (!w) continue;
        Multiplier m = all[k];
        m.facts.push_back(f);
        try {
          m.p = form_.times(Fraction(m.p), Fraction(fact.p)).num;
        } catch (const NotHandled&) {
          continue;
        }
        m.weight = m.weight + *w;
        all.push_back(std::move(m));
      }
    begin = end;
  }
  return all;
}

std::size_t Pool::number(const Grading::Weight& w) { return weights_.try_emplace(w, weights_.size()).first->second; }

std::optional<std::size_t> Pool::weight(const Polynomial& p, const Grading::Weight& more) {
  const auto w = grading_.weight(p);
  return w ? std::optional(number(*w + more)) : std::nullopt;
}

void Pool::use(std::vector<Multiplier> multipliers) {
  multipliers_ = std::move(multipliers);
  with_inequality_.clear();
  with_square_.clear();
  for (std::size_t m = 0; m < multipliers_.size(); ++m) {
    const Grading::Weight& own = multipliers_[m].weight;
    for (std::size_t k = 0; k < inequalities_.size(); ++k)
      if (inequality_weights_[k]) with_inequality_[number(*inequality_weights_[k] + own)].emplace_back(m, k);
    if (!multipliers_[m].facts.empty()) with_inequality_[number(own)].emplace_back(m, inequalities_.size());
    for (std::size_t a = 0; a < parts_.size(); ++a)
      with_square_[number(part_weights_[a] + part_weights_[a] + own)].emplace_back(m, a);
  }
}

const std::vector<Pool::Pair>& Pool::with_inequality(std::size_t weight) const {
  static const std::vector<Pair> none;
  const auto it = with_inequality_.find(weight);
  return it == with_inequality_.end() ? none : it->second;
}

const std::vector<Pool::Pair>& Pool::with_square(std::size_t weight) const {
  static const std::vector<Pair> none;
  const auto it = with_square_.find(weight);
  return it == with_square_.end() ? none : it->second;
}

LeastSquares::Sparse Pool::numbers(const Polynomial& p) {
  LeastSquares::Sparse result;
  for (const auto& [m, c] : p.terms())
    result.emplace_back(rows_.try_emplace(m, static_cast<std::uint32_t>(rows_.size())).first->second,
                        nearest_double(c));
  return result;
}

const Product* Pool::made(Made& in, Pair key, const Polynomial& a, const Polynomial& b) {
  const auto [it, fresh] = in.try_emplace(key);
  if (fresh) {
    try {
      Polynomial p = form_.times(Fraction(a), Fraction(b)).num;
      LeastSquares::Sparse list = numbers(p);
      it->second = Product{std::move(p), std::move(list)};
    } catch (const NotHandled&) {  // vectors of different spaces, too many of them
    }
  }
  return it->second ? &*it->second : nullptr;
}

const Product* Pool::of_inequality(std::size_t m, std::size_t k) {
  return made(inequality_products_, {m, k}, multipliers_[m].p, inequalities_[k].p);
}

const Product* Pool::of_fact(std::size_t m) {
  return made(fact_products_, {m, 0}, multipliers_[m].p, Polynomial(Rational(1)));
}

const Product* Pool::of_pair(std::size_t m, std::size_t a, std::size_t b) {
  if (a < b) std::swap(a, b);
  const Product* inner = made(inner_products_, {a, b}, parts_[a], parts_[b]);
  if (inner == nullptr) return nullptr;
  return made(pair_products_, {m, a * parts_.size() + b}, multipliers_[m].p, inner->p);
}

}  // namespace nabla::interpolation
