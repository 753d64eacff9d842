// The smallest program that needs headers and the compiled library. tests/install builds it in three ways.
#include <iostream>
#include <nabla/ops/registry.hpp>

int main() {
  const int code = nabla::find_operator("exp");
  if (code < 0) return 1;
  std::cout << nabla::operator_count() << " operators, exp is number " << code << '\n';
  return nabla::operator_info(static_cast<nabla::Opcode>(code)).name == "exp" ? 0 : 1;
}
