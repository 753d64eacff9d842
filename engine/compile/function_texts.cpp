#include <nabla/engine/compile/function_texts.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/print/print.hpp>

namespace nabla {

namespace {

/// Calls of the functions that vector_math.hpp has become calls of math's. Whether there are any.
bool with_math(std::string& code) {
  bool found = false;
  for (const std::string_view name : {"exp", "log", "sin", "cos"}) {
    const std::string call = "std::" + std::string(name) + "(";
    for (std::size_t at = code.find(call); at != std::string::npos; at = code.find(call, at)) {
      code.replace(at, 5, "math.");
      found = true;
    }
  }
  return found;
}

}  // namespace

FunctionTexts::Function FunctionTexts::add(std::span<const Expr> outputs, std::span<const Expr> parameters, bool math) {
  std::vector<Ref> refs;
  for (const Expr& e : outputs) refs.push_back(e.ref());
  const std::vector<bool> needed = reachable(Workspace::current()->graph(), refs);
  Function made;
  CppOptions options;
  options.name = "NABLA_NAME";
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const NodeId id = parameters[k].ref().id();
    if (id >= needed.size() || !needed[id]) continue;
    made.used.push_back(k);
    options.parameters.push_back(parameters[k]);
  }
  const std::string text = to_cpp(outputs, options);
  std::string code;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    const std::string line = text.substr(begin, end - begin);
    if (line.starts_with("#include")) {
      includes_.insert(line);
    } else if (!(code.empty() && line.empty())) {
      code += line + "\n";
    }
    begin = end + 1;
  }
  made.takes_math = math && with_math(code);
  takes_math_ = takes_math_ || made.takes_math;
  const auto [at, is_new] = names_.try_emplace(code, "");
  if (is_new) {
    at->second = prefix_ + "_body" + std::to_string(texts_.size() + 1);
    code.replace(code.find("NABLA_NAME"), 10, at->second);
    if (made.takes_math) {
      const std::size_t open = code.find('(') + 1;
      code.insert(open, code[open] == ')' ? "Math& math" : "Math& math, ");
      code = "template <class Math>\n__attribute__((always_inline)) inline " + code;
    } else {
      code = "inline " + code;
    }
    texts_.push_back(code);
  }
  made.name = at->second;
  return made;
}

}  // namespace nabla
