#include <nabla/engine/compile/function_texts.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/print/print.hpp>

namespace nabla {

FunctionTexts::Function FunctionTexts::add(std::span<const Expr> outputs, std::span<const Expr> parameters) {
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
  const auto [at, is_new] = names_.try_emplace(code, "");
  if (is_new) {
    at->second = prefix_ + "_body" + std::to_string(texts_.size() + 1);
    code.replace(code.find("NABLA_NAME"), 10, at->second);
    texts_.push_back("inline " + code);
  }
  made.name = at->second;
  return made;
}

}  // namespace nabla
