#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nabla/app/code.hpp>
#include <nabla/app/command.hpp>
#include <nabla/app/question.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/engine/run/function.hpp>
#include <nlohmann/json.hpp>

/// `nabla eval|grad|jacobian|hessian`: an expression, its derivatives as symbols and their values in any kind of
/// number.
namespace nabla::app {

namespace {

enum class Wanted { value, gradient, jacobian, hessian };

struct Options {
  std::string expression;
  std::string at;
  std::string number = "real";
  int digits = 17;
  bool latex = false;
  bool json = false;
  bool code = false;
};

/// One result: a name ("d/dx"), its symbols, and its entries as text once there are values.
struct Answer {
  std::string name;
  Expr symbolic;
  std::vector<std::string> entries;
};

std::vector<Answer> answers_to(Wanted wanted, const Question& q) {
  std::vector<Answer> answers;
  if (wanted == Wanted::value) {
    answers.push_back({"value", q.expression, {}});
    return answers;
  }
  for (const Asked& x : q.variables) {
    if (wanted == Wanted::gradient && !q.expression.shape().is_scalar())
      throw InputError("nabla: the expression has shape " + q.expression.shape().to_string() +
                       "; a gradient needs a scalar, `nabla jacobian` takes tensors");
    if (wanted == Wanted::hessian && !q.expression.shape().is_scalar())
      throw InputError("nabla: the expression has shape " + q.expression.shape().to_string() +
                       "; a Hessian needs a scalar");
    if (wanted == Wanted::hessian) {
      const Expr slope = gradient(q.expression, x.variable);
      for (const Asked& y : q.variables)
        answers.push_back({"d2/d" + x.name + " d" + y.name, jacobian(slope, y.variable), {}});
    } else {
      answers.push_back({"d/d" + x.name, jacobian(q.expression, x.variable), {}});
    }
  }
  return answers;
}

template <class V>
std::vector<Entries<V>> inputs_in(const Question& q) {
  std::vector<Entries<V>> inputs;
  for (const Asked& x : q.variables) {
    const Function value(std::span<const Expr>(&*x.value, 1), {});
    inputs.push_back(value(std::span<const Entries<V>>{})[0]);
  }
  return inputs;
}

Function function_of(const Question& q, std::span<const Answer> answers) {
  std::vector<Expr> outputs;
  std::vector<Expr> inputs;
  for (const Answer& a : answers) outputs.push_back(a.symbolic);
  for (const Asked& x : q.variables) inputs.push_back(x.variable);
  return {outputs, inputs};
}

template <class V>
void fill(const Question& q, std::vector<Answer>& answers, int digits) {
  const Function f = function_of(q, answers);
  const auto inputs = inputs_in<V>(q);
  const auto outputs = f(std::span<const Entries<V>>(inputs));
  for (std::size_t k = 0; k < answers.size(); ++k)
    for (const V& v : outputs[k]) answers[k].entries.push_back(to_text(v, digits));
}

/// Every digit right: balls of rising precision until each entry rounds one way only.
void fill_certain(const Question& q, std::vector<Answer>& answers, int digits) {
  const Function f = function_of(q, answers);
  for (int working = digits + 10;; working *= 2) {
    const Precision scope(working);
    const auto inputs = inputs_in<Ball>(q);
    const auto outputs = f(std::span<const Entries<Ball>>(inputs));
    const bool last = working > 16 * (digits + 10);
    bool certain = true;
    for (std::size_t k = 0; k < answers.size(); ++k) {
      answers[k].entries.clear();
      for (const Ball& b : outputs[k]) {
        const auto text = b.decimal(digits);
        if (!text) certain = false;
        answers[k].entries.push_back(text ? *text : b.is_finite() ? b.to_string(digits) : "nan");
        if (!b.is_finite() && !last) certain = false;
      }
    }
    if (certain || last) return;
  }
}

/// With the radius of the enclosure.
void fill_enclosed(const Question& q, std::vector<Answer>& answers, int digits) {
  const Precision scope(digits);
  const Function f = function_of(q, answers);
  const auto inputs = inputs_in<Ball>(q);
  const auto outputs = f(std::span<const Entries<Ball>>(inputs));
  for (std::size_t k = 0; k < answers.size(); ++k)
    for (const Ball& b : outputs[k]) answers[k].entries.push_back(b.to_string(digits + 10));
}

/// \param column  where it begins, for the rows after the first
std::string laid_out(const std::vector<std::string>& entries, const Shape& shape, std::size_t column) {
  if (shape.is_scalar()) return entries[0];
  std::string text = "[";
  const std::int64_t columns = shape.rank() >= 2 ? shape[shape.rank() - 1] : shape.size();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const bool row = columns > 0 && static_cast<std::int64_t>(i) % columns == 0;
    if (i > 0) text += row ? ";\n" + std::string(column + 1, ' ') : ", ";
    text += entries[i];
  }
  return text + "]";
}

int evaluate(Wanted wanted, const Options& options) {
  Question q = ask(read_argument(options.expression), options.at);
  std::vector<Answer> answers = answers_to(wanted, q);
  if (options.code) {
    std::vector<Expr> outputs;
    for (const Answer& a : answers) outputs.push_back(a.symbolic);
    std::cout << code_of(outputs, q);
    return exit_ok;
  }
  if (options.latex) {
    for (const Answer& a : answers) std::cout << to_latex(a.symbolic) << '\n';
    return exit_ok;
  }
  const bool valued = q.has_values();
  if (wanted == Wanted::value && !valued)
    throw UsageError("the expression has variables without a value: " + q.missing() + "; give them with --at x=1/3");
  if (valued) {
    if (options.number == "double")
      fill<double>(q, answers, 0);
    else if (options.number == "rational")
      fill<Rational>(q, answers, 0);
    else if (options.number == "ball")
      fill_enclosed(q, answers, options.digits);
    else
      fill_certain(q, answers, options.digits);
  }
  if (options.json) {
    nlohmann::ordered_json j;
    j["schema"] = "nabla.evaluate/1";
    j["number"] = options.number;
    j["digits"] = options.digits;
    j["results"] = nlohmann::ordered_json::array();
    for (const Answer& a : answers) {
      nlohmann::ordered_json row;
      row["name"] = a.name;
      row["shape"] =
          std::vector<std::int64_t>(a.symbolic.shape().extents().begin(), a.symbolic.shape().extents().end());
      row["symbolic"] = to_string(a.symbolic);
      if (valued) row["value"] = a.entries;
      j["results"].push_back(std::move(row));
    }
    std::cout << j.dump(2) << '\n';
    return exit_ok;
  }
  for (const Answer& a : answers) {
    if (wanted == Wanted::value) {
      std::cout << laid_out(a.entries, a.symbolic.shape(), 0) << '\n';
      continue;
    }
    std::cout << a.name << " = " << to_string(a.symbolic) << '\n';
    if (valued)
      std::cout << std::string(a.name.size(), ' ') << " = "
                << laid_out(a.entries, a.symbolic.shape(), a.name.size() + 3) << '\n';
  }
  if (!valued && !options.at.empty())
    std::cerr << "note: no numbers, since some variables have no value: " << q.missing() << '\n';
  if (valued && wanted != Wanted::value) report_kinks(q, std::cerr);
  const auto is_nan = [](const std::string& entry) { return entry == "nan"; };
  if (std::ranges::any_of(answers, [&](const Answer& a) { return std::ranges::any_of(a.entries, is_nan); }))
    std::cerr << "note: nan stands where no real number of a size that can be written is the value\n";
  return exit_ok;
}

void add_one(CLI::App& program, Action& chosen, const char* name, const char* description, Wanted wanted) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(name, description);
  command
      ->add_option("EXPR", options->expression,
                   "An expression of the claim language; @FILE reads it from a file, - from standard input")
      ->required();
  command->add_option("--at", options->at, "Values of the variables: x=1/3,y=pi,v=[1,2,3]");
  command
      ->add_option("--number", options->number,
                   "real: every printed digit right; double; ball: with a rigorous radius; rational: exact")
      ->check(CLI::IsMember({"double", "real", "ball", "rational"}))
      ->capture_default_str();
  command->add_option("--digits", options->digits, "Significant decimal digits (real, ball)")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_flag("--latex", options->latex, "The symbols as LaTeX");
  command->add_flag("--json", options->json, "As JSON (schema nabla.evaluate/1)");
  command->add_flag("--code", options->code, "A C++ function that computes it");
  command->footer(std::string("Examples:\n  nabla ") + name + " 'log(1+exp(x*y))' --at x=1,y=2 --digits 50\n  nabla " +
                  name + " 'sum(v .* v)' --at 'v=[1,2,3]' --number rational");
  command->callback([options, &chosen, wanted] { chosen = [options, wanted] { return evaluate(wanted, *options); }; });
}

}  // namespace

void add_evaluate(CLI::App& program, Action& chosen) {
  add_one(program, chosen, "eval", "The value of an expression", Wanted::value);
  add_one(program, chosen, "grad", "The gradient of a scalar expression, as symbols and numbers", Wanted::gradient);
  add_one(program, chosen, "jacobian", "The Jacobian of an expression; rows are outputs", Wanted::jacobian);
  add_one(program, chosen, "hessian", "The second derivatives of a scalar expression", Wanted::hessian);
}

}  // namespace nabla::app
