#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/check/interpolation/interpolation.hpp>

namespace nabla {

namespace {

/// Exact values of expressions at a witness; nothing where they have none.
class AtWitness {
 public:
  AtWitness(const Problem& problem, const Witness& witness) {
    for (const Given& g : problem.givens) {
      inputs_.push_back(g.variable);
      auto& values = entries_.emplace_back();
      const auto it = witness.find(g.name);
      if (it == witness.end()) continue;
      for (const std::string& text : it->second)
        if (const auto x = parse_rational(text)) values.push_back(*x);
    }
    for (std::size_t k = 0; k < inputs_.size(); ++k)
      complete_ = complete_ && static_cast<std::int64_t>(entries_[k].size()) == inputs_[k].shape().size();
  }
  std::optional<Rational> operator()(const Expr& e) const {
    if (!complete_ || e.empty()) return std::nullopt;
    try {
      return Function(std::span<const Expr>(&e, 1), inputs_)(std::span<const Entries<Rational>>(entries_))[0][0];
    } catch (const std::exception&) {  // no exact value
      return std::nullopt;
    }
  }

 private:
  std::vector<Expr> inputs_;
  std::vector<Entries<Rational>> entries_;
  bool complete_ = true;
};

std::string entries_text(const Witness& witness, const std::string& name, const Shape& shape) {
  const auto it = witness.find(name);
  if (it == witness.end() || it->second.empty()) return "0";
  if (shape.rank() == 0) return it->second[0];
  const auto rows = shape.rank() == 2 ? static_cast<std::size_t>(shape[0]) : std::size_t{1};
  const std::size_t columns = it->second.size() / std::max<std::size_t>(rows, 1);
  std::string text = "[";
  for (std::size_t k = 0; k < it->second.size(); ++k)
    text += (k == 0 ? "" : k % columns == 0 ? "; " : ", ") + it->second[k];
  return text + "]";
}

/// Of the entries of two values in a witness.
std::vector<std::string> differences(const Witness& witness, const std::string& a, const std::string& b) {
  std::vector<std::string> result;
  const auto x = witness.find(a), y = witness.find(b);
  if (x == witness.end() || y == witness.end()) return result;
  for (std::size_t k = 0; k < std::min(x->second.size(), y->second.size()); ++k) {
    const auto p = parse_rational(x->second[k]), q = parse_rational(y->second[k]);
    result.push_back(p && q ? (*p - *q).str() : x->second[k] + " - " + y->second[k]);
  }
  return result;
}

std::string ones_text(const Shape& shape) {
  std::string text;
  for (const std::int64_t n : shape.extents()) text += (text.empty() ? "" : ", ") + std::to_string(n);
  return "ones(" + text + ")";
}

bool all_zero(const Witness& witness, const std::string& name) {
  const auto it = witness.find(name);
  if (it == witness.end()) return true;
  for (const std::string& e : it->second)
    if (e != "0") return false;
  return true;
}

}  // namespace

void show_functions(const Problem& instance, Finding& finding) {
  const AtWitness at(instance, finding.witness);
  for (const FunctionVariable& f : instance.function_variables) {
    const bool scalars = f.domain.shape.is_scalar(), scalar_valued = f.codomain.shape.is_scalar();
    const std::string square = scalars ? "u^2" : "dot(u, u)", v = scalars ? "u" : "u[1]";
    std::string text;
    const auto add = [&](const std::string& term) { text += (text.empty() ? "" : " + ") + term; };
    const auto add_curved = [&](const std::string& term) {
      add(term + (scalar_valued ? "" : " * " + ones_text(f.codomain.shape)));
    };
    const auto of = [&](const Expr& e) {
      const auto x = at(e);
      return x ? x->str() : std::string("?");
    };
    const auto number = [&](const std::string& name) {
      return parse_rational(entries_text(finding.witness, name, {})).value_or(Rational(0));
    };
    const auto present = [&](const Expr& e) { return !e.empty() && at(e) != Rational(0); };
    if (!f.more.empty()) {
      const InstanceShape shape = instance.instance_shape;
      const bool whole = f.step.empty() && (shape == InstanceShape::quadratic || is_between(shape));
      const WorkspaceScope scope(instance.workspace);
      const Expr curvature = whole ? f.least + f.more : f.least;
      if (present(curvature)) add_curved("(" + of(curvature) + ") / 2 * " + square);
      if (shape == InstanceShape::kink && present(f.more)) add_curved("(" + of(f.more) + ") * abs(" + v + ")");
      if (!f.step.empty() && present(f.more))
        add_curved("(" + of(f.more) + ") * indicator(" + v + " > " + of(f.step) + ")");
      if (shape == InstanceShape::crease && present(f.more))
        add_curved("(" + of(f.more) + ") * where(dot(u, u) > 0, u[1] * u[2] / dot(u, u), 0)");
      if (shape == InstanceShape::huber && present(f.more)) {
        const std::string d = entries_text(finding.witness, f.name + ".width", {});
        add_curved("(" + of(f.more) + ") * where(abs(" + v + ") <= " + d + ", " + v + "^2 / 2, " + d + " * abs(" + v +
                   ") - (" + d + ")^2 / 2)");
      }
    }
    const std::string slope = f.name + ".slope", offset = f.name + ".offset", top = f.name + ".top";
    if (finding.witness.contains(top)) {
      const std::string ends = entries_text(finding.witness, offset, f.codomain.shape);
      const Witness rise{{top, differences(finding.witness, top, offset)}};
      const Rational shift = number(f.name + ".shift");
      if (all_zero(finding.witness, slope) || all_zero(rise, top)) {
        Witness constant{{offset, {}}};
        const Rational share = 1 / (1 + shift * shift);
        for (std::size_t k = 0; k < rise.at(top).size(); ++k) {
          const auto low = parse_rational(finding.witness[offset][k]), up = parse_rational(rise.at(top)[k]);
          constant[offset].push_back(low && up ? (*low + *up * share).str() : "?");
        }
        text = entries_text(constant, offset, f.codomain.shape);
      } else {
        const std::string w = entries_text(finding.witness, slope, scalars ? Shape{} : Shape{f.domain.shape.size()});
        const std::string inner = scalars ? "(" + w + ") * u" : "dot(" + w + ", u)";
        text = all_zero(finding.witness, offset) ? "" : ends;
        add("(" + entries_text(rise, top, f.codomain.shape) + ") / (1 + (" + inner +
            (shift.is_zero() ? "" : " + " + shift.str()) + ")^2)");
      }
      finding.witness[f.name] = {"u -> " + text};
      continue;
    }
    if (!all_zero(finding.witness, slope)) {
      const auto it = finding.witness.find(slope);
      const Shape shape = !scalar_valued && !scalars && f.codomain.shape.rank() == 1 && f.domain.shape.rank() == 1
                              ? Shape{f.codomain.shape[0], f.domain.shape[0]}
                              : Shape{static_cast<std::int64_t>(it->second.size())};
      const std::string w = entries_text(finding.witness, slope, scalars && scalar_valued ? Shape{} : shape);
      add(scalar_valued && !scalars ? "dot(" + w + ", u)" : w + " * u");
    }
    if (!all_zero(finding.witness, offset)) add(entries_text(finding.witness, offset, f.codomain.shape));
    if (text.empty()) text = "0";
    finding.witness[f.name] = {"u -> " + text};
  }
}

}  // namespace nabla
