#pragma once

#include <stdexcept>
#include <string>

#include <nabla/engine/parse/parse.hpp>
#include <nabla/engine/parse/source.hpp>
#include <nabla/engine/parse/syntax.hpp>

// Texts to trees in prefix form, and texts to the mistake that is found in them.
namespace reading {

inline std::string expression(const std::string& text) {
  const nabla::Syntax syntax = nabla::parse_expression(nabla::Source("t", text));
  return to_sexpr(syntax, syntax.root());
}

inline std::string statement(const std::string& text) {
  const nabla::Syntax syntax = nabla::parse_statement(nabla::Source("t", text));
  return to_sexpr(syntax, syntax.root());
}

inline std::string set(const std::string& text) {
  const nabla::Syntax syntax = nabla::parse_set(nabla::Source("t", text));
  return to_sexpr(syntax, syntax.root());
}

template <typename Read>
nabla::SyntaxError mistake(Read read, const std::string& text) {
  try {
    read(text);
  } catch (const nabla::SyntaxError& error) {
    return error;
  }
  throw std::logic_error("no mistake was found in: " + text.substr(0, 80));
}

inline std::string repeated(const std::string& part, std::size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace reading
