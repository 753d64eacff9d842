#include <fmt/format.h>
#include <nabla/engine/explain/trace.hpp>
#include <nabla/nabla.hpp>

#include <fstream>

/// The square root of a by Newton's iteration, as anybody would write it.
template <class T>
T root(const T& a) {
  T x = a;
  for (int k = 0; k < 4; ++k) x = nabla::named((x + a / x) / 2, "x");
  return x;
}

template <class T>
T loss(const T& a, const T& b) {
  const T error = root(a * b) - 1;
  return error * error;
}

int main(int count, char** arguments) {
  const nabla::Recording recording = nabla::record([](auto a, auto b) { return loss(a, b); }, 2.0, 1.5);
  const nabla::EvaluationTrace trace = nabla::explain(recording, {.digits = {7, 16, 34}, .source = "loss(a, b)"});
  fmt::print("{}", to_text(trace));                              // each value below the line that computed it
  if (count > 1) std::ofstream(arguments[1]) << to_json(trace);  // for nabla explain --trace FILE --html page.html
}
