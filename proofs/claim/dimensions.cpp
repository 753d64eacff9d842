#include <algorithm>
#include <iterator>
#include <limits>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <numeric>

namespace nabla {

namespace {

/// How many choices are made where a claim speaks of every m, at most, and how many of indices in them.
constexpr std::size_t most_tuples = 12;
constexpr std::size_t most_with_indices = 60;
constexpr std::int64_t most_of_one = 5;
/// How far above their least values dimensions are tried where assumptions exclude smaller ones.
constexpr std::int64_t most_above = 64;
constexpr std::int64_t larger_offsets[] = {9, 99, 999};

/// A name of a `for` line.
struct Axis {
  std::string name;
  const ForLine* line;
  bool bound_varies = false;  ///< its range depends on other names
};

bool mentions(const Syntax& syntax, SyntaxId root, const std::vector<Axis>& axes) {
  bool found = false;
  walk(
      syntax, root,
      [&](SyntaxId id) {
        if (syntax.kind(id) == SyntaxKind::name)
          for (const Axis& axis : axes) found = found || syntax.spelling(id) == axis.name;
        return true;
      },
      [](SyntaxId) {});
  return found;
}

/// By how much each of `count` symbolic dimensions is above its least value, what matters most first: all at it, all
/// different, each one raised alone, all equal, ...
std::vector<std::vector<std::int64_t>> offsets_of(std::size_t count) {
  std::vector<std::vector<std::int64_t>> result;
  const auto add = [&](std::vector<std::int64_t> offsets) {
    if (result.size() < most_tuples && std::find(result.begin(), result.end(), offsets) == result.end())
      result.push_back(std::move(offsets));
  };
  if (count == 0) return {{}};
  if (count == 1) {
    for (std::int64_t n = 0; n < most_of_one; ++n) add({n});
    return result;
  }
  // Three and more stay small: the work grows with their product.
  std::vector<std::int64_t> up(count), down(count);
  for (std::size_t k = 0; k < count; ++k) {
    up[k] = 1 + static_cast<std::int64_t>(k % 3);
    if (count > 2) up[k] %= 3;
    down[count - 1 - k] = up[k];
  }
  add(std::vector<std::int64_t>(count, 0));
  add(up);
  for (std::size_t k = 0; k < std::min<std::size_t>(count, 4); ++k) {
    std::vector<std::int64_t> one(count, 0);
    one[k] = 1;
    add(one);
  }
  add(down);
  add(std::vector<std::int64_t>(count, 1));
  if (count == 2) {
    add({2, 0});
    add({0, 2});
    add({2, 2});
  }
  return result;
}

class Enumeration {
 public:
  explicit Enumeration(const Claim& claim) : claim_(claim) {
    for (const Claim::Line& line : claim.lines) {
      const auto* dimensions = std::get_if<ForLine>(&line);
      if (dimensions == nullptr) continue;
      const bool varies = std::any_of(dimensions->bounds.begin(), dimensions->bounds.end(),
                                      [&](SyntaxId bound) { return mentions(claim.syntax, bound, axes_); });
      for (const SyntaxId name : dimensions->names)
        axes_.push_back({std::string(claim.syntax.spelling(name)), dimensions, varies});
    }
  }

  Choices run() {
    const auto symbolic = static_cast<std::size_t>(std::count_if(
        axes_.begin(), axes_.end(), [](const Axis& axis) { return axis.line->values == ForLine::Values::at_least; }));
    Choices result;
    result.complete = symbolic == 0;
    struct Group {
      std::int64_t above = 0;  // how far its dimensions are above the least ones, in all
      std::vector<Choice> list;
    };
    std::vector<Group> groups;
    std::size_t count = 0;
    const std::vector<std::vector<std::int64_t>> tuples = offsets_of(symbolic);
    const std::int64_t step = symbolic == 1 ? most_of_one : 1;
    for (std::int64_t above = 0; above <= (symbolic > 0 ? most_above : 0); above += step) {
      if (above > 0 && (count > 0 || made_ > choice_limit)) break;  // assumptions exclude all that is smaller
      for (std::vector<std::int64_t> offsets : tuples) {
        for (std::int64_t& offset : offsets) offset += above;
        std::vector<Choice> partial{{}};
        std::size_t next = 0;
        for (const Axis& axis : axes_) {
          const bool at_least = axis.line->values == ForLine::Values::at_least;
          partial = extended(partial, axis, at_least ? offsets[next] : 0);
          next += at_least ? 1 : 0;
        }
        made_ += partial.size();
        std::erase_if(partial, [&](const Choice& choice) { return is_excluded(choice); });
        if (partial.empty()) continue;
        const bool too_many = count + partial.size() > most_with_indices;
        if (symbolic > 0 && groups.size() >= 2 && too_many) continue;
        count += partial.size();
        groups.push_back({std::accumulate(offsets.begin(), offsets.end(), std::int64_t{0}), std::move(partial)});
      }
    }
    // Small ones first: they are cheap, and a witness among them is easy to read.
    std::ranges::stable_sort(groups, {}, &Group::above);
    for (Group& group : groups)
      result.list.insert(result.list.end(), std::make_move_iterator(group.list.begin()),
                         std::make_move_iterator(group.list.end()));
    for (const Axis& axis : axes_)
      result.axes.push_back({axis.name, axis.bound_varies && axis.line->values != ForLine::Values::at_least});
    result.coverage = coverage_of(result);
    result.excluded_at = excluded_at_;
    return result;
  }

  std::vector<Choice> larger() {
    std::vector<Choice> result;
    const auto is_symbolic = [](const Axis& axis) { return axis.line->values == ForLine::Values::at_least; };
    if (std::ranges::none_of(axes_, is_symbolic)) return result;
    for (const std::int64_t offset : larger_offsets) {
      std::vector<Choice> partial{{}};
      for (const Axis& axis : axes_) {
        partial = extended(partial, axis, is_symbolic(axis) ? offset : 0);
        if (partial.size() > 2) partial.erase(partial.begin() + 1, partial.end() - 1);
      }
      std::erase_if(partial, [&](const Choice& choice) { return is_excluded(choice); });
      result.insert(result.end(), partial.begin(), partial.end());
    }
    return result;
  }

 private:
  /// Whether an assumption about dimensions and indices alone does not hold for these.
  bool is_excluded(const Choice& choice) {
    for (const Claim::Line& line : claim_.lines) {
      const auto* assume = std::get_if<AssumeLine>(&line);
      if (assume == nullptr || choice.empty() || speaks_of_more(assume->condition, choice)) continue;
      if (!mentions(claim_.syntax, assume->condition, axes_)) continue;
      Environment environment;
      Elaborator elaborator(claim_.syntax, environment, std::make_shared<Workspace>());
      declare_dimensions(choice, environment);
      try {
        if (!elaborator.condition(assume->condition).is(0)) continue;
      } catch (const TypeError&) {  // no condition; said where the claim is elaborated
        continue;
      } catch (const Unsupported&) {
        continue;
      }
      if (!excluded_at_) excluded_at_ = assume->place;
      return true;
    }
    return false;
  }

  void declare_dimensions(const Choice& choice, Environment& environment) const {
    for (const auto& [name, value] : choice) {
      Binding binding;
      binding.kind = Binding::Kind::dimension;
      binding.value.expr = Expr(value);
      environment.declare(claim_.syntax.source(), name, std::move(binding));
    }
  }

  std::vector<Choice> extended(const std::vector<Choice>& partial, const Axis& axis, std::int64_t offset) const {
    std::vector<Choice> result;
    for (const Choice& choice : partial) {
      for (const std::int64_t value : values(axis, choice, offset)) {
        result.push_back(choice);
        result.back().emplace_back(axis.name, value);
        if (result.size() > choice_limit)
          throw NotHandled("more than " + std::to_string(choice_limit) + " choices of dimensions and indices");
      }
    }
    return result;
  }

  std::vector<std::int64_t> values(const Axis& axis, const Choice& choice, std::int64_t offset) const {
    Environment environment;
    Elaborator elaborator(claim_.syntax, environment, std::make_shared<Workspace>());
    declare_dimensions(choice, environment);
    if (std::any_of(axis.line->bounds.begin(), axis.line->bounds.end(),
                    [&](SyntaxId bound) { return speaks_of_more(bound, choice); })) {
      declare_abbreviations(axis, environment, elaborator);
    }
    std::vector<std::int64_t> bounds;
    for (const SyntaxId bound : axis.line->bounds)
      bounds.push_back(elaborator.integer(bound, "a bound of a dimension"));
    switch (axis.line->values) {
      case ForLine::Values::list:
        return without_repetitions(bounds);
      case ForLine::Values::range: {
        if (bounds[1] < bounds[0]) return {};
        const auto count = static_cast<std::uint64_t>(bounds[1]) - static_cast<std::uint64_t>(bounds[0]);
        if (count >= choice_limit)
          throw NotHandled("more than " + std::to_string(choice_limit) + " choices of dimensions and indices");
        std::vector<std::int64_t> range;
        for (std::uint64_t k = 0; k <= count; ++k) range.push_back(bounds[0] + static_cast<std::int64_t>(k));
        return range;
      }
      case ForLine::Values::at_least:
        if (bounds[0] > std::numeric_limits<std::int64_t>::max() - offset) return {};
        return {bounds[0] + offset};
    }
    return {};
  }

  bool speaks_of_more(SyntaxId root, const Choice& choice) const {
    bool found = false;
    walk(
        claim_.syntax, root,
        [&](SyntaxId id) {
          if (claim_.syntax.kind(id) == SyntaxKind::name)
            found = found || std::none_of(choice.begin(), choice.end(),
                                          [&](const auto& known) { return known.first == claim_.syntax.spelling(id); });
          return true;
        },
        [](SyntaxId) {});
    return found;
  }

  /// A bound may be an abbreviation of an exact number; what else is declared before the line is no integer.
  void declare_abbreviations(const Axis& axis, Environment& environment, Elaborator& elaborator) const {
    for (const Claim::Line& line : claim_.lines) {
      if (std::get_if<ForLine>(&line) == axis.line) return;
      const auto declare = [&](SyntaxId name, Binding binding) {
        binding.place = claim_.syntax.place(name);
        environment.declare(claim_.syntax.source(), std::string(claim_.syntax.spelling(name)), std::move(binding));
      };
      if (const auto* given = std::get_if<GivenLine>(&line)) {
        for (const SyntaxId name : given->names)
          declare(name, Binding{.value = {.expr = variable(std::string(claim_.syntax.spelling(name)))}, .place = {}});
      } else if (const auto* let = std::get_if<LetLine>(&line); let != nullptr && let->parameters.empty()) {
        Binding binding{.kind = Binding::Kind::abbreviation, .place = {}};
        try {
          binding.value = elaborator.value(let->value);
        } catch (const std::runtime_error&) {  // it speaks of something else; then it is no bound either
          binding.value.expr = variable(std::string(claim_.syntax.spelling(let->name)));
        }
        declare(let->name, std::move(binding));
      }
    }
  }

  static std::vector<std::int64_t> without_repetitions(const std::vector<std::int64_t>& values) {
    std::vector<std::int64_t> result;
    for (const std::int64_t v : values)
      if (std::find(result.begin(), result.end(), v) == result.end()) result.push_back(v);
    return result;
  }

  const Claim& claim_;
  std::vector<Axis> axes_;
  std::size_t made_ = 0;
  std::optional<Place> excluded_at_;
};

}  // namespace

std::string coverage_of(const Choices& choices) {
  if (choices.list.empty()) return {};
  std::vector<std::size_t> leading;
  std::string names, indices;
  for (std::size_t k = 0; k < choices.axes.size(); ++k) {
    std::string& into = choices.axes[k].is_index ? indices : names;
    into += (into.empty() ? "" : ", ") + choices.axes[k].name;
    if (!choices.axes[k].is_index) leading.push_back(k);
  }
  std::vector<std::string> shown;
  for (const Choice& choice : choices.list) {
    std::string text;
    for (const std::size_t k : leading) text += (text.empty() ? "" : ", ") + std::to_string(choice[k].second);
    if (leading.size() > 1) text = "(" + text + ")";
    if (std::find(shown.begin(), shown.end(), text) == shown.end()) shown.push_back(text);
  }
  constexpr std::size_t most_shown = 12;
  std::string result = leading.empty() ? "" : names + " = ";
  for (std::size_t k = 0; k < std::min(shown.size(), most_shown) && !leading.empty(); ++k)
    result += (k == 0 ? "" : ", ") + shown[k];
  if (!leading.empty() && shown.size() > most_shown) result += ", ... (" + std::to_string(shown.size()) + " in all)";
  if (!indices.empty()) result += (result.empty() ? "every " : ", every ") + indices;
  return result;
}

namespace {

template <class F>
auto enumerated(F f) {
  try {
    return f();
  } catch (const TypeError& error) {
    throw IllPosed(error.place, error.what(), error.shapes);
  } catch (const Unsupported& error) {
    throw NotHandled(error.what());
  }
}

}  // namespace

Choices choices_of(const Claim& claim) {
  check_names(claim);
  return enumerated([&] { return Enumeration(claim).run(); });
}

std::vector<Choice> larger_choices_of(const Claim& claim) {
  return enumerated([&] { return Enumeration(claim).larger(); });
}

}  // namespace nabla
