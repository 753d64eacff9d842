#include <fmt/format.h>

#include <nabla/app/code.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/engine/record/entries.hpp>

namespace nabla::app {

namespace {

constexpr std::int64_t most_entries_of_code = 10'000;

std::string array_of(std::int64_t size) { return fmt::format("std::array<double, {}>", size); }

/// f over arrays, which calls f_entries.
std::string over_arrays(const Question& question, std::int64_t results) {
  std::string parameters, arguments;
  for (std::size_t k = 0; k < question.variables.size(); ++k) {
    const Shape& shape = question.variables[k].variable.shape();
    const std::string name = fmt::format("x{}", k + 1);
    parameters +=
        fmt::format("{}{} {}", k == 0 ? "" : ", ",
                    shape.is_scalar() ? std::string("double") : "const " + array_of(shape.size()) + "&", name);
    for (std::int64_t i = 0; i < shape.size(); ++i)
      arguments +=
          fmt::format("{}{}", arguments.empty() ? "" : ", ", shape.is_scalar() ? name : fmt::format("{}[{}]", name, i));
  }
  std::string text = "\n// The same over arrays, row-major:";
  for (std::size_t k = 0; k < question.variables.size(); ++k)
    text += fmt::format("{} x{} is {}", k == 0 ? "" : ",", k + 1, question.variables[k].name);
  return text + fmt::format("\n{} f({}) {{\n  return f_entries({});\n}}\n",
                            results == 1 ? std::string("double") : array_of(results), parameters, arguments);
}

}  // namespace

std::string code_of(std::span<const Expr> outputs, const Question& question) {
  CppOptions options;
  for (const Asked& x : question.variables) options.parameters.push_back(x.variable);
  try {
    return to_cpp(outputs, options);
  } catch (const std::invalid_argument&) {  // tensors: entry by entry
  }
  std::int64_t size = 0;
  for (const Expr& e : outputs) size += e.shape().size();
  for (const Asked& x : question.variables) size += x.variable.shape().size();
  if (size > most_entries_of_code)
    throw InputError(fmt::format("nabla: C++ is written entry by entry, for at most {} entries; here are {}",
                                 most_entries_of_code, size));
  std::vector<Expr> entries;
  CppOptions entry_options{.name = "f_entries"};
  try {
    const EntryByEntry made = entry_by_entry(outputs, options.parameters);
    for (const std::vector<Expr>& x : made.inputs)
      entry_options.parameters.insert(entry_options.parameters.end(), x.begin(), x.end());
    for (const std::vector<Expr>& y : made.outputs) entries.insert(entries.end(), y.begin(), y.end());
    const std::string text =
        to_cpp(entries, entry_options) + over_arrays(question, static_cast<std::int64_t>(entries.size()));
    return (text.find("#include <array>") == std::string::npos ? "#include <array>\n" : "") + text;
  } catch (const std::exception& error) {
    throw InputError(std::string("nabla: no C++ for this: ") + error.what());
  }
}

}  // namespace nabla::app
