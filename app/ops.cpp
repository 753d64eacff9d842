#include <fmt/format.h>

#include <iostream>
#include <nabla/app/command.hpp>
#include <nabla/engine/parse/suggest.hpp>
#include <nabla/ops/registry.hpp>
#include <nlohmann/json.hpp>

/// `nabla ops`: the facts of the operators, as their records state them.
namespace nabla::app {

namespace {

std::string end_text(double end) {
  if (end == unbounded) return "oo";
  if (end == -unbounded) return "-oo";
  return fmt::format("{}", end);
}

std::string set_text(const Reals& set) {
  std::string text = set.lo == -unbounded && set.hi == unbounded
                         ? "R"
                         : fmt::format("{}{}, {}{}", set.lo_closed ? '[' : '(', end_text(set.lo), end_text(set.hi),
                                       set.hi_closed ? ']' : ')');
  switch (set.hole) {
    case Hole::none:
      break;
    case Hole::zero:
      text += " without 0";
      break;
    case Hole::nonpositive_integers:
      text += " without 0, -1, -2, ...";
      break;
    case Hole::odd_multiples_of_half_pi:
      text += " without the odd multiples of pi/2";
      break;
  }
  return text;
}

std::string text_of(const Tail& t) {
  switch (t.kind) {
    case Tail::Kind::unstated:
      return "";
    case Tail::Kind::level:
      return (t.of_pi ? (t.num < 0 ? "-pi" : "pi") : std::to_string(t.num)) +
             (t.den == 1 ? "" : "/" + std::to_string(t.den));
    case Tail::Kind::vanishing:
      return "smaller than every power of x";
    case Tail::Kind::operand:
      return "x + o(1)";
  }
  return "";
}
const char* text_of(Parity p) { return p == Parity::even ? "even" : p == Parity::odd ? "odd" : ""; }
const char* text_of(Monotone m) {
  switch (m) {
    case Monotone::increasing:
      return "increasing";
    case Monotone::decreasing:
      return "decreasing";
    case Monotone::constant:
      return "constant";
    case Monotone::none:
      break;
  }
  return "";
}
const char* text_of(Curvature c) {
  switch (c) {
    case Curvature::affine:
      return "affine";
    case Curvature::convex:
      return "convex";
    case Curvature::concave:
      return "concave";
    case Curvature::none:
      break;
  }
  return "";
}
const char* text_of(Regularity r) {
  return r == Regularity::smooth ? "smooth" : r == Regularity::continuous ? "continuous" : "discontinuous";
}
const char* text_of(Family f) {
  return f == Family::leaf ? "leaf" : f == Family::elementwise ? "elementwise" : "structured";
}

/// What is known of an operator, by name; facts that say nothing are left out.
std::vector<std::pair<std::string, std::string>> rows(const OperatorInfo& op) {
  const Facts& f = op.facts;
  std::vector<std::pair<std::string, std::string>> result;
  const auto add = [&result](const char* name, std::string value) {
    if (!value.empty()) result.emplace_back(name, std::move(value));
  };
  add("operator", op.name);
  add("summary", std::string(f.summary));
  add("family", text_of(op.family));
  if (op.family != Family::leaf) add("operands", op.arity == variadic ? "any number" : std::to_string(op.arity));
  if (op.indexed) add("attribute", "an integer");
  if (op.family == Family::elementwise) {
    add("domain", set_text(f.domain));
    if (op.arity > 1 && (f.domain2.lo > -unbounded || f.domain2.hole != Hole::none))
      add("second operand", set_text(f.domain2));
    add("range", set_text(f.range));
    add("at -oo", text_of(f.below));
    add("at oo", text_of(f.above));
    if (f.identity_near_zero) add("near 0", "x (1 + o(1))");
    add("parity", text_of(f.parity));
    add("monotone", text_of(f.monotone));
    add("curvature", text_of(f.curvature));
    add("regularity", text_of(f.regularity));
  }
  add("kinks", std::string(f.kinks));
  add("units", std::string(f.units));
  add("source", std::string(f.source));
  return result;
}

int list(bool json, bool markdown) {
  auto all = nlohmann::ordered_json::array();
  if (markdown) fmt::print("# Operators\n\nMade from the operators' own records by `./dev docs`.\n");
  for (std::size_t code = 0; code < operator_count(); ++code) {
    const OperatorInfo& op = operator_info(static_cast<Opcode>(code));
    const auto facts = rows(op);
    if (json) {
      nlohmann::ordered_json row;
      for (const auto& [name, value] : facts) row[name] = value;
      all.push_back(std::move(row));
    } else if (markdown) {
      fmt::print("\n## {}\n\n", op.name);
      for (const auto& [name, value] : facts)
        if (name != "operator") fmt::print("- {}: {}\n", name, value);
    } else {
      fmt::print("{:22} {}\n", op.name, op.facts.summary);
    }
  }
  if (json) fmt::print("{}\n", all.dump(2));
  return exit_ok;
}

int show(const std::string& name, bool json) {
  const int code = find_operator(name);
  if (code < 0) {
    std::vector<std::string_view> names;
    for (std::size_t c = 0; c < operator_count(); ++c) names.push_back(operator_info(static_cast<Opcode>(c)).name);
    const auto meant = did_you_mean(name, names);
    throw UsageError("there is no operator '" + name + "'" +
                     (meant ? "; did you mean '" + std::string(*meant) + "'?" : "; `nabla ops` lists them"));
  }
  const auto facts = rows(operator_info(static_cast<Opcode>(code)));
  if (json) {
    nlohmann::ordered_json row;
    for (const auto& [key, value] : facts) row[key] = value;
    fmt::print("{}\n", row.dump(2));
    return exit_ok;
  }
  for (const auto& [key, value] : facts) fmt::print("{:15} {}\n", key, value);
  return exit_ok;
}

}  // namespace

void add_ops(CLI::App& program, Action& chosen) {
  struct Options {
    std::string name;
    bool json = false;
    bool markdown = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("ops", "The operators and what is known of them");
  command->add_option("NAME", options->name, "One operator; without it, all");
  command->add_flag("--json", options->json, "As JSON");
  command->add_flag("--markdown", options->markdown, "As Markdown: the reference page");
  command->callback([options, &chosen] {
    chosen = [options] {
      return options->name.empty() ? list(options->json, options->markdown) : show(options->name, options->json);
    };
  });
}

}  // namespace nabla::app
